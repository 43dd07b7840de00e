"""The application: the only place that wires HTTP to what answers and keeps."""

from collections.abc import Callable

from fastapi import FastAPI
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from service import clock
from service.api import about, access, assets, batch, classes, decisions, docs, notices, windows, zones
from service.api.guard import Guard
from service.api.openapi import add_openapi
from service.api.problems import Refused, problem_response
from service.api.wiring import Services, provide, request_id_of
from service.decision_log import DecisionLog, LogUnavailable
from service.desk.access_page import access_page
from service.snapshot import Snapshot
from service.version import VERSION


def create_app(snapshot: Snapshot, log: DecisionLog, now: Callable[[], int] = clock.now) -> FastAPI:
    """An application of its own over a snapshot and a log; it does not close the log.

    Run it with uvicorn's access log off: the application writes its own, without query strings.
    """
    app = FastAPI(
        title="通行 Tongxing",
        version=VERSION,
        openapi_url=None,
        docs_url=None,
        redoc_url=None,
        redirect_slashes=False,
        # Spans and log records of a tracing library would carry addresses and bodies, plates included.
        telemetry={"tracing": False, "metrics": False, "logs": False, "auto_configure": False},
    )
    provide(Services(snapshot, log, now, access_page), app.state)
    for resource in (batch, decisions, windows, access, zones, notices, classes, about, docs, assets):
        app.include_router(resource.router)
    app.add_exception_handler(Refused, _refused)
    app.add_exception_handler(LogUnavailable, _log_unavailable)
    app.add_exception_handler(HTTPException, _by_status)
    app.add_middleware(Guard)
    add_openapi(app)
    return app


async def _refused(request: Request, error: Exception) -> Response:
    assert isinstance(error, Refused)
    return problem_response(error, request_id_of(request))


async def _log_unavailable(request: Request, error: Exception) -> Response:
    return problem_response(Refused("unavailable", headers={"Retry-After": "5"}), request_id_of(request))


async def _by_status(request: Request, error: Exception) -> Response:
    """What the router itself refuses: no such address, or not with this method."""
    assert isinstance(error, HTTPException)
    slug = {404: "not-found", 405: "method-not-allowed"}.get(error.status_code, "internal-error")
    return problem_response(Refused(slug, headers=error.headers), request_id_of(request))
