"""What routes are given: the snapshot that answers, the log that keeps, the clock, and the page of the desk."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Annotated, cast

from fastapi import Depends
from starlette.applications import Starlette
from starlette.requests import Request

from geodata.converted import Shapes
from service.api.lane import Lane
from service.api.recent import Recent
from service.decision_log import DecisionLog
from service.limits import Limits
from service.metrics import Metrics
from service.snapshot import Snapshot


@dataclass(frozen=True, slots=True)
class Services:
    """Everything outside of HTTP that a route may use. `access_page` writes an answer's document as HTML.

    `stopping` says whether the process was told to stop. `public_url` begins absolute links; None is: the address that
    the request itself was sent to. `under_way` are digests of the idempotency keys of requests that are being answered
    (`service.api.idempotency`). `lane` is where long work waits for its turn, and `timetables` are answers by standard
    class, which no caller changes.
    """

    snapshot: Snapshot
    log: DecisionLog
    now: Callable[[], int]
    access_page: Callable[[Mapping[str, object]], str]
    metrics: Metrics
    limits: Limits
    stopping: Callable[[], bool]
    public_url: str | None
    shapes: Shapes
    lane: Lane = field(default_factory=Lane)
    timetables: Recent = field(default_factory=Recent)
    under_way: set[str] = field(default_factory=set)


def provide(services: Services, state: object) -> None:
    """Lay the services into an application's state, where `services_of` finds them."""
    state.services = services  # type: ignore[attr-defined]


def provided_to(app: Starlette) -> Services:
    """The services of an application, for whoever runs it."""
    return cast(Services, app.state.services)


def services_in(request: Request) -> Services:
    """The services of the application that a request came to."""
    return provided_to(request.app)


async def services_of(request: Request) -> Services:
    """The same as a dependency; async, since FastAPI runs plain functions in threads."""
    return services_in(request)


Given = Annotated[Services, Depends(services_of)]


def request_id_of(request: Request) -> str:
    """The id that the outermost layer gave the request."""
    return cast(str, request.scope["state"]["request_id"])
