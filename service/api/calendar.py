"""GET /v1/calendar: of what kind each day is, as far as that is published."""

from datetime import date, timedelta
from typing import Annotated
from zoneinfo import ZoneInfo

from fastapi import APIRouter
from pydantic import Field
from starlette.requests import Request
from starlette.responses import Response

from rules.calendar import Calendar
from rules.windows import WEEKDAYS
from service.answers import calendar_reference
from service.api.caching import published_json
from service.api.operations import parameters, published_or, query_parameter
from service.api.parameters import Parameters
from service.api.query import read_query
from service.api.replying import json_response
from service.api.wire_decision import CalendarRefOut, DayKind, DayOfYear, Out, Weekday
from service.api.wiring import Given
from service.instants import written

router = APIRouter(prefix="/v1", tags=["law"])

MOST_DAYS = 400
_HOME = ZoneInfo("Asia/Shanghai")
"""Where the calendar is that of: the year that is left out is the one there."""


class DayOut(Out):
    date: DayOfYear
    weekday: Weekday
    kind: Annotated[DayKind | None, Field(description="null: not published yet")]
    possible_kinds: list[DayKind]


class CalendarNoticeOut(Out):
    """A notice of the State Council's General Office that days of a year rest on."""

    year: int
    number: str
    title: str
    url: str | None


class CalendarOut(Out):
    from_: Annotated[DayOfYear, Field(alias="from")]
    to: Annotated[DayOfYear, Field(description="the last day, included")]
    calendar: CalendarRefOut
    days: list[DayOut]
    notices: Annotated[list[CalendarNoticeOut], Field(description="of the years asked for")]


@router.get(
    "/calendar",
    summary="日历:各日性质 / The calendar: kinds of days",
    description=(
        f"每天是普通工作日、休息日、法定节假日、调休放假日还是调休上班日;尚未公布的列出可能的性质。至多{MOST_DAYS}天,首末日均含。"
        "所载数据只有各日性质,没有节日名称。\n\n"
        f"Of what kind each day is, or may be where that is not published yet; at most {MOST_DAYS} days, both ends "
        "included. The data has the kinds of days and no names of holidays."
    ),
    operation_id="calendar",
    response_model=CalendarOut,
    response_description="The days",
    responses=published_or(422),
    openapi_extra=parameters(
        query_parameter("from", "首日;省略为当年元旦 / first day; left out: 1 January", "2026-01-01", format="date"),
        query_parameter(
            "to", "末日;省略为首日当年年末 / last day; left out: the end of that year", "2026-12-31", format="date"
        ),
    ),
)
async def get_calendar(request: Request, services: Given) -> Response:
    said = Parameters(read_query(request, once=("from", "to")))
    first, last = said.day("from"), said.day("to")
    said.refuse_faults()
    dated = first is not None or last is not None
    year = (first or last or date.fromisoformat(written(services.now(), _HOME)[:10])).year
    first, last = first or date(year, 1, 1), last or date(year, 12, 31)
    if last < first:
        said.fault("to", "invalid-date", "末日早于首日", "the last day is before the first")
    elif (last - first).days >= MOST_DAYS:
        said.fault("to", "too-many", f"至多{MOST_DAYS}天", f"at most {MOST_DAYS} days")
    said.refuse_faults()
    document = _document(services.snapshot.calendar, first, last)
    return published_json(request, document) if dated else json_response(document)


def _document(calendar: Calendar, first: date, last: date) -> dict[str, object]:
    days = [first + timedelta(days=number) for number in range((last - first).days + 1)]
    return {
        "from": first.isoformat(),
        "to": last.isoformat(),
        "calendar": calendar_reference(calendar),
        "days": [_day(calendar, day) for day in days],
        "notices": [
            {"year": year, "number": source.number, "title": source.title, "url": source.url}
            for year in range(first.year, last.year + 1)
            for source in calendar.sources.get(year, ())
        ],
    }


def _day(calendar: Calendar, day: date) -> dict[str, object]:
    kinds = [kind.value for kind in sorted(calendar.kinds(day))]
    return {
        "date": day.isoformat(),
        "weekday": WEEKDAYS[day.weekday()],
        "kind": kinds[0] if len(kinds) == 1 else None,
        "possible_kinds": kinds,
    }
