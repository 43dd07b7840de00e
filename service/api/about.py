"""GET /v1/about, /healthz and /readyz: what answers here, and whether it can."""

import asyncio
from functools import cache
from importlib.metadata import version
from math import ceil
from pathlib import Path
from typing import Annotated, Literal
from zoneinfo import TZPATH, ZoneInfo

from fastapi import APIRouter
from pydantic import Field
from starlette.requests import Request
from starlette.responses import Response

from rules.model import HORIZON
from rules.windows import DAY
from service.api.body import DEEPEST, LARGEST_BODY
from service.api.operations import problems
from service.api.problems import Refused
from service.api.query import read_query
from service.api.replying import json_response
from service.api.wire_ask import LARGEST_ACCURACY_M
from service.api.wire_decision import CalendarRefOut, Instant, Out, TextOut
from service.api.wiring import Given
from service.asks import LONGEST_REF, LONGEST_STAY_MINUTES
from service.instants import FIRST_YEAR, LAST_YEAR, written
from service.limits import LARGEST_HEADERS, LONGEST_URL, MOST_HEADERS, Limits
from service.publication import Publication
from service.version import VERSION

router = APIRouter(tags=["service"])

_LIMITS = {
    "body_bytes": LARGEST_BODY,
    "body_depth": DEEPEST,
    "url_bytes": LONGEST_URL,
    "headers": MOST_HEADERS,
    "header_bytes": LARGEST_HEADERS,
    "stay_minutes": LONGEST_STAY_MINUTES,
    "ref_characters": LONGEST_REF,
    "accuracy_m": LARGEST_ACCURACY_M,
    "first_year": FIRST_YEAR,
    "last_year": LAST_YEAR,
    "horizon_days": HORIZON // DAY,
}


class PublicationOut(Out):
    """What is published of a city. `illustrative` are the notices among these that are no law."""

    id: str
    digest: str
    city: str
    name: TextOut
    timezone: str
    record_from: str
    complete_from: str | None
    record_until: str | None
    notices: list[str]
    illustrative: list[str]
    zones: int


class TimezonesOut(Out):
    source: Literal["system", "package"]
    version: str | None


class AboutOut(Out):
    name: Literal["tongxing"]
    version: str
    server_time: Annotated[Instant, Field(description="the service's clock, UTC")]
    publications: list[PublicationOut]
    calendar: CalendarRefOut
    timezones: TimezonesOut
    limits: dict[str, int]


class AliveOut(Out):
    alive: Literal[True]


class ReadyOut(Out):
    ready: Literal[True]


@router.get(
    "/v1/about",
    summary="关于本服务 / About this service",
    description=(
        "版本、所载通告及其摘要值、日历覆盖范围、服务器时间、限额。报告问题时请附上。\n\n"
        "Version, publications with their digests, the calendar's coverage, the clock and the limits: put it into "
        "every bug report."
    ),
    operation_id="about",
    response_model=AboutOut,
    response_description="What answers here",
    responses=problems(422),
)
async def about(request: Request, services: Given) -> Response:
    read_query(request)
    calendar = services.snapshot.calendar
    return json_response(
        {
            "name": "tongxing",
            "version": VERSION,
            "server_time": written(services.now(), ZoneInfo("UTC")),
            "publications": [_publication(each) for each in services.snapshot.publications.values()],
            "calendar": {
                "version": calendar.version,
                "covered_from": calendar.covered_from,
                "covered_until": calendar.covered_until,
            },
            "timezones": _timezones(),
            "limits": _LIMITS | _of_the_server(services.limits),
        }
    )


def _of_the_server(limits: Limits) -> dict[str, int]:
    """In whole seconds, rounded up."""
    return {
        "receive_seconds": ceil(limits.receive),
        "idle_seconds": ceil(limits.idle),
        "send_seconds": ceil(limits.send),
        "connections": limits.connections,
    }


def _publication(publication: Publication) -> dict[str, object]:
    city, notices = publication.city, sorted(publication.rulebook.notices, key=lambda each: each.id)
    return {
        "id": publication.id,
        "digest": publication.digest,
        "city": city.id,
        "name": {"zh": city.name.zh, "en": city.name.en},
        "timezone": city.timezone,
        "record_from": city.record_from,
        "complete_from": city.complete_from,
        "record_until": city.record_until,
        "notices": [each.id for each in notices],
        "illustrative": [each.id for each in notices if each.illustrative],
        "zones": len(publication.zones),
    }


@cache
def _timezones() -> dict[str, str | None]:
    """Which time zone data answers: the system's where it has any, else the package's."""
    for folder in map(Path, TZPATH):
        if (folder / "Asia" / "Shanghai").is_file():
            listing = folder / "tzdata.zi"
            first = listing.read_text(encoding="utf-8").partition("\n")[0] if listing.is_file() else ""
            return {"source": "system", "version": first.removeprefix("# version ").strip() or None}
    return {"source": "package", "version": version("tzdata")}


@router.get(
    "/healthz",
    summary="进程存活 / The process is alive",
    description="进程能应答 / It answers, and says nothing of whether it can decide.",
    operation_id="healthz",
    response_model=AliveOut,
    response_description="It is alive",
    responses=problems(),
)
async def healthz() -> Response:
    return json_response({"alive": True})


@router.get(
    "/readyz",
    summary="可以答复 / It can decide",
    description=(
        "通告已载入、决定可以存档,且服务未在停止 / The publications are loaded, decisions can be kept, and the service "
        "is not being stopped."
    ),
    operation_id="readyz",
    response_model=ReadyOut,
    response_description="It is ready",
    responses=problems(503),
)
async def readyz(services: Given) -> Response:
    if services.stopping():
        raise Refused("stopping", headers={"Retry-After": "5"})
    # The log tries its disk in earnest, which may take a while; other questions are answered meanwhile.
    if not await asyncio.to_thread(services.log.writable):
        raise Refused("unavailable")
    return json_response({"ready": True})
