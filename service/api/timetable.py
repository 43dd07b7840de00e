"""GET /v1/zones/{zone}/timetable: a week of a zone, by standard class or for one vehicle, as JSON or CSV."""

import asyncio
from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Annotated, Literal

from fastapi import APIRouter, Path
from pydantic import Field, ValidationError
from starlette.requests import Request
from starlette.responses import Response

from geodata.zones import Zone
from rules.errors import InvalidQuestion, InvalidVehicle
from rules.vehicle_classes import VEHICLE_CLASSES
from service.api.access import media_quality
from service.api.caching import published_again
from service.api.operations import parameters, problems, published_or, query_parameter
from service.api.parameters import Parameters
from service.api.problems import KINDS, QUERY, Refused, question_flaw, vehicle_flaws
from service.api.query import read_query
from service.api.replying import JSON, PRIVATE, faults_of_vehicle, json_bytes, zone_or_refuse
from service.api.tagged import Tagged, tagged
from service.api.vehicle_query import OF_VEHICLE, SEVERAL, at_parameter, decimal_of, described, vehicle_said
from service.api.wire_ask import AskIn, ask_flaws
from service.api.wire_decision import (
    CalendarRefOut,
    CitationOut,
    DayKind,
    DayOfYear,
    FactAmongOut,
    FactWithinOut,
    Instant,
    KnownFactOut,
    Out,
    PublicationRefOut,
    TextOut,
    Verdict,
    Weekday,
)
from service.api.wiring import Given, Services
from service.snapshot import Snapshot
from service.timetable import Subject, Timetable, empty_timetable, subject_of, subject_said, week_of, with_week
from service.timetable_document import timetable_csv, timetable_document

router = APIRouter(prefix="/v1/zones", tags=["places"])

CSV = "text/csv; charset=utf-8; header=present"
_VEHICLE = (*OF_VEHICLE, *SEVERAL, "heading_deg")
_CLASSES = {each.code: each for each in VEHICLE_CLASSES}
_LISTED = ", ".join(f"{each.code} ({each.name.zh})" for each in VEHICLE_CLASSES)

Clock = Annotated[str, Field(pattern="^[0-2][0-9]:[0-5][0-9](:[0-5][0-9])?$", description="wall clock of the city")]


class Format(StrEnum):
    JSON = "json"
    CSV = "csv"


class TimetableZoneOut(Out):
    id: str
    city: str
    zh: str
    en: str
    quality: Literal["surveyed", "approximate", "synthetic"]
    error_m: float


class TimetableClassOut(Out):
    """Whose rows: a standard class, or (null) the vehicle described, with what is known of it."""

    class_: Annotated[str | None, Field(alias="class")]
    zh: str
    en: str
    vehicle: dict[str, KnownFactOut | FactAmongOut | FactWithinOut]
    exceptions: Annotated[
        list[str], Field(description="zones inside or across this one whose verdict differs at some time of the week")
    ]


class TimetableIntervalOut(Out):
    """Half-open: from the first to just before the second."""

    from_: Annotated[Clock, Field(alias="from")]
    until: Clock
    starts: Instant
    ends: Instant
    verdict: Verdict
    verdict_by_law: Verdict
    illustrative: Annotated[bool, Field(description="whether an illustrative notice moved it")]
    restriction: Annotated[str | None, Field(description="the one that decides; null where it is allowed")]
    reason: Annotated[str | None, Field(description="a code; null where it is allowed")]
    missing: Annotated[list[str], Field(description="what an undetermined verdict wants")]


class TimetableRowOut(Out):
    class_: Annotated[str | None, Field(alias="class")]
    intervals: list[TimetableIntervalOut]


class TimetableDayOut(Out):
    date: DayOfYear
    weekday: Weekday
    kind: Annotated[DayKind | None, Field(description="null: not published yet")]
    possible_kinds: list[DayKind]
    starts: Instant
    ends: Instant
    hours: Annotated[float, Field(description="24, unless the clock changes; 0 where it skips the day")]
    rows: list[TimetableRowOut]


class CitedOut(Out):
    restriction: str
    illustrative: bool
    citation: CitationOut


class TimetableOut(Out):
    """A week of one zone, with those that contain it: every interval, what decides it, and what it rests on."""

    zone: TimetableZoneOut
    timezone: str
    from_: Annotated[DayOfYear, Field(alias="from")]
    to: Annotated[DayOfYear, Field(description="the last day, included")]
    classes: list[TimetableClassOut]
    days: list[TimetableDayOut]
    citations: list[CitedOut]
    zones: Annotated[dict[str, TextOut], Field(description="names of the zones among exceptions")]
    names: Annotated[dict[str, TextOut], Field(description="names of the codes used above")]
    caveats: list[str]
    publication: PublicationRefOut
    calendar: CalendarRefOut


def _documented() -> list[dict[str, object]]:
    words = described()
    return [
        query_parameter(
            "from",
            "首日(当地日期);省略为本周一 / first day, local; left out: this week's Monday",
            "2026-11-23",
            format="date",
        ),
        query_parameter(
            "class",
            "标准车型,逗号分隔或重复;不给车辆也不给车型则为全部 / standard classes, with commas or repeated; with "
            f"neither class nor vehicle all of them: {_LISTED}",
            "light_box_diesel_6,light_box_electric",
        ),
        query_parameter(
            "format",
            "json 或 csv;省略则按 Accept / left out: by the Accept header",
            "json",
            enum=[each.value for each in Format],
        ),
        *(query_parameter(name, words[name]) for name in _VEHICLE),
    ]


@router.get(
    "/{zone}/timetable",
    summary="一周通行时刻表 / A week's timetable",
    description=(
        "自某日起七天,每天每种车型的准确时段:结论、起决定作用的限制、示范规则是否改变了结论;按该周各日的性质计算。"
        "可按标准车型(class),或按 access 所用参数描述的一辆车。CSV 带 BOM,便于中文版 Excel 打开。"
        "标准车型未申报任何通行证、货物或优先类别。\n\n"
        "Seven days of exact intervals by standard class, or for one vehicle described as for access: the verdict, "
        "what decides it, and whether an illustrative notice moved it, by the day kinds of that very week. CSV begins "
        "with a byte order mark, for Excel in Chinese. Classes claim no pass, cargo or priority class."
    ),
    operation_id="timetable",
    response_model=TimetableOut,
    response_description="The timetable",
    responses={
        **published_or(404, 422, 503),
        503: {**problems(503)[503], "description": f"{KINDS['busy'].title}: {KINDS['busy'].en}"},
        200: {"content": {"text/csv": {"schema": {"type": "string"}}}},
    },
    openapi_extra=parameters(*_documented()),
)
async def get_timetable(
    zone: Annotated[
        str,
        Path(
            description="区域编号 / zone id, see /v1/zones",
            openapi_examples={"second-ring": {"value": "sy-second-ring", "summary": "沈阳二环"}},
        ),
    ],
    request: Request,
    services: Given,
) -> Response:
    snapshot = services.snapshot
    found = zone_or_refuse(zone, snapshot)
    given = read_query(request, ("from", "format", *OF_VEHICLE, "heading_deg"), ("class", *SEVERAL))
    said = Parameters(given)
    first = said.day("from")
    as_csv = _wants_csv(said.word("format", Format, "格式", "format"), request.headers.get("accept", ""))
    one_vehicle = any(name in given for name in _VEHICLE)
    subjects = [_described(given, said, found, snapshot)] if one_vehicle else _of_classes(said)
    if one_vehicle and "class" in given:
        zh, en = "车型与车辆参数只能取一", "a class and a vehicle exclude each other"
        said.fault("class", "ambiguous-vehicle", zh, en)
    said.refuse_faults()
    monday = week_of(services.now(), found, snapshot)
    asked = _Asked(found, tuple(each for each in subjects if each), first or monday, as_csv)
    headers = {"Vary": "Accept", "Referrer-Policy": "no-referrer"}
    if as_csv:
        headers["Content-Disposition"] = f'attachment; filename="timetable-{found.key}-{asked.first}.csv"'
    if one_vehicle:
        # The address may hold a plate, and so does the answer: it is for its caller alone.
        async with services.lane.turn():
            written = await _written(asked, snapshot)
        return Response(written.body, headers={**headers, **PRIVATE}, media_type=written.media_type)
    written = await _kept(asked, services)
    if first is None:
        return Response(written.body, headers=headers, media_type=written.media_type)
    return published_again(request, written, headers)


@dataclass(frozen=True, slots=True)
class _Asked:
    zone: Zone
    subjects: tuple[Subject, ...]
    first: date
    as_csv: bool

    @property
    def key(self) -> Hashable:
        classes = tuple(each.vehicle_class.code for each in self.subjects if each.vehicle_class is not None)
        return self.zone.key, classes, self.first, self.as_csv


async def _kept(asked: _Asked, services: Services) -> Tagged:
    """A timetable by standard class, worked out unless it was before: the snapshot that it rests on never changes."""
    kept = services.timetables.find(asked.key)
    if kept is None:
        async with services.lane.turn():
            # Whoever had the turn before may have been asked the same.
            kept = services.timetables.find(asked.key) or await _written(asked, services.snapshot)
            services.timetables.keep(asked.key, kept)
    return kept


async def _written(asked: _Asked, snapshot: Snapshot) -> Tagged:
    """A slice of work for each subject, each in a thread: whatever else there is to do is done meanwhile."""
    try:
        found = await asyncio.to_thread(empty_timetable, asked.zone, asked.first, snapshot)
        for subject in asked.subjects:
            found = await asyncio.to_thread(with_week, found, subject, snapshot)
    except InvalidQuestion as error:
        raise Refused("invalid-question", [question_flaw(error, QUERY)]) from None
    return await asyncio.to_thread(_bytes_of, found, asked.as_csv, snapshot)


def _bytes_of(found: Timetable, as_csv: bool, snapshot: Snapshot) -> Tagged:
    document = timetable_document(found, snapshot)
    return tagged(timetable_csv(document), CSV) if as_csv else tagged(json_bytes(document), JSON)


def _wants_csv(chosen: Format | None, accept: str) -> bool:
    if chosen is not None:
        return chosen is Format.CSV
    return media_quality(accept, "text", "csv") > media_quality(accept, "application", "json")


def _of_classes(said: Parameters) -> list[Subject | None]:
    """The standard classes asked for, or all."""
    chosen = said.words("class", tuple(_CLASSES), "车型", "vehicle class", "unknown-class")
    return [subject_of(_CLASSES[code]) for code in chosen or _CLASSES]


def _described(given: Mapping[str, Sequence[str]], said: Parameters, zone: Zone, snapshot: Snapshot) -> Subject | None:
    """The vehicle in the query string, read as the access page reads it; None, with its faults said, if it has any."""
    vehicle = vehicle_said(given)
    place: dict[str, object] = {"zone": zone.key}
    if "heading_deg" in given:
        place["heading_deg"] = decimal_of(given["heading_deg"][0])
    question = {"vehicle": vehicle, "place": place}
    try:
        ask = AskIn.model_validate(question).to_ask()
    except ValidationError as error:
        said.flaws.extend(at_parameter(flaw) for flaw in ask_flaws(error, question))
        said.flaws.extend(faults_of_vehicle(vehicle, QUERY))
        return None
    try:
        return subject_said(vehicle, ask.place.heading_deg, zone, snapshot)
    except InvalidVehicle as error:
        said.flaws.extend(vehicle_flaws(error, QUERY))
        return None
