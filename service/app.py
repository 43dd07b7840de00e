"""The application: the only place that wires HTTP to what answers and keeps."""

from collections.abc import Callable

from fastapi import FastAPI
from opentelemetry.trace import TracerProvider
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from geodata.converted import Shapes
from service import clock
from service.api import (
    about,
    access,
    assets,
    batch,
    calendar,
    classes,
    decisions,
    docs,
    monitoring,
    notices,
    ogc,
    schemas,
    timetable,
    windows,
    zones,
)
from service.api.guard import Guard
from service.api.openapi import add_openapi
from service.api.problems import Refused, problem_response
from service.api.wiring import Services, provide, request_id_of, services_in
from service.api.withdrawals import WITHDRAWN, Withdrawals
from service.decision_log import DecisionLog, LogUnavailable
from service.desk.access_page import access_page
from service.limits import DEFAULT_LIMITS, Limits
from service.logs import log_failure
from service.metrics import Metrics
from service.snapshot import Snapshot
from service.telemetry import telemetry_of
from service.version import VERSION


def create_app(
    snapshot: Snapshot,
    log: DecisionLog,
    now: Callable[[], int] = clock.now,
    *,
    limits: Limits = DEFAULT_LIMITS,
    stopping: Callable[[], bool] = lambda: False,
    traces: TracerProvider | None = None,
    withdrawals: Withdrawals = WITHDRAWN,
    public_url: str | None = None,
) -> FastAPI:
    """An application of its own over a snapshot and a log; it does not close the log.

    Run it with `service.server`, which holds the `limits` that it tells of, or else with uvicorn's access log off: the
    application writes its own, without query strings. `traces` gets the spans of requests, with no words of theirs.
    """
    app = FastAPI(
        title="通行 Tongxing",
        version=VERSION,
        openapi_url=None,
        docs_url=None,
        redoc_url=None,
        redirect_slashes=False,
        telemetry=telemetry_of(traces),
    )
    metrics = Metrics(snapshot)
    shapes = Shapes(snapshot.index.zones())
    provide(Services(snapshot, log, now, access_page, metrics, limits, stopping, public_url, shapes), app.state)
    of_places, of_law = (access, zones, timetable, ogc), (calendar, notices, classes, schemas)
    for resource in (batch, decisions, windows, *of_places, *of_law, about, monitoring, docs, assets):
        app.include_router(resource.router)
    app.add_exception_handler(Refused, _refused)
    app.add_exception_handler(LogUnavailable, _log_unavailable)
    app.add_exception_handler(HTTPException, _by_status)
    app.add_middleware(Guard, metrics=metrics, withdrawals=withdrawals)
    add_openapi(app, withdrawals)
    return app


async def _refused(request: Request, error: Exception) -> Response:
    assert isinstance(error, Refused)
    services_in(request).metrics.refused(flaw.code for flaw in error.flaws)
    return problem_response(error, request_id_of(request))


async def _log_unavailable(request: Request, error: Exception) -> Response:
    log_failure(error, request_id_of(request))
    return await _refused(request, Refused("unavailable", headers={"Retry-After": "5"}))


async def _by_status(request: Request, error: Exception) -> Response:
    """What the router itself refuses: no such address, or not with this method."""
    assert isinstance(error, HTTPException)
    slug = {404: "not-found", 405: "method-not-allowed"}.get(error.status_code, "internal-error")
    headers = dict(error.headers or {})
    allowed = headers.get("Allow", "").split(", ")
    if "GET" in allowed and "HEAD" not in allowed:
        # `Guard` answers it wherever GET is answered.
        headers["Allow"] = ", ".join([*allowed, "HEAD"])
    return await _refused(request, Refused(slug, headers=headers))
