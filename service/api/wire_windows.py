"""A plan on the wire: what planners ask of many vehicles and places, and the intervals or time windows they get."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Discriminator, Field, Tag, ValidationError

from service.api.problems import MOST_ERRORS, Flaw, Refused
from service.api.replying import faults_of_vehicle, of_vehicle
from service.api.wire_ask import IsInstant, PointPlaceIn, Ref, Wire, ZonePlaceIn, ask_flaws, form_of, not_null, to_place
from service.api.wire_decision import CalendarRefOut, CitationOut, Instant, Out, TextOut, Verdict
from service.api.wire_schema import DocumentedAs
from service.api.wire_vehicle import VehicleIn
from service.instants import parse_instant
from service.planning import MOST_PAIRS, PlanAsk, Profile, Stop

_REF = "调用方自己的标记,不得重复 / a mark of your own, each once"
_INSTANT = {"format": "date-time"}


class ProfileIn(Wire):
    """一种车辆 / a vehicle to plan for."""

    ref: Annotated[Ref, Field(description=_REF, examples=["EV-light-box"])]
    vehicle: Annotated[dict[str, Any], DocumentedAs(VehicleIn), Field(description="车辆及申报情况 / the vehicle")]


class ZoneStopIn(ZonePlaceIn):
    """按区域编号的地点 / a place by zone id."""

    ref: Annotated[Ref, Field(description=_REF, examples=["depot"])]


class PointStopIn(PointPlaceIn):
    """按坐标的地点 / a place by a point."""

    ref: Annotated[Ref, Field(description=_REF, examples=["stop-881"])]


StopIn = Annotated[Annotated[ZoneStopIn, Tag("zone")] | Annotated[PointStopIn, Tag("point")], Discriminator(form_of)]


class _StopAlone(Wire):
    """A place to be read by itself, where a question has its place."""

    place: StopIn


class WindowsIn(Wire):
    """一个计划 / a plan: every profile at every place, through a period."""

    city: Annotated[
        str | None,
        BeforeValidator(not_null),
        Field(
            description="城市;给出时地点不得在其他城市 / if given, no place may lie in another", examples=["shenyang"]
        ),
    ] = None
    from_: Annotated[
        str,
        IsInstant,
        Field(
            alias="from",
            description="起(含),RFC 3339 / begin, included",
            json_schema_extra=_INSTANT,
            examples=["2026-11-24T05:00:00+08:00"],
        ),
    ]
    until: Annotated[
        str,
        IsInstant,
        Field(
            description="止(不含),至多7天 / end, not included, at most 7 days later",
            json_schema_extra=_INSTANT,
            examples=["2026-11-24T23:00:00+08:00"],
        ),
    ]
    profiles: Annotated[
        list[Any],
        Field(min_length=1, max_length=MOST_PAIRS, description="车辆 / vehicles"),
        DocumentedAs(Annotated[list[ProfileIn], Field(min_length=1, max_length=MOST_PAIRS)]),
    ]
    places: Annotated[
        list[Any],
        Field(min_length=1, max_length=MOST_PAIRS, description="地点 / places"),
        DocumentedAs(Annotated[list[StopIn], Field(min_length=1, max_length=MOST_PAIRS)]),
    ]


def read_plan(said: Mapping[str, object]) -> PlanAsk:
    """The plan in a body, vehicles unread; Refused with the first faults of it."""
    try:
        whole = WindowsIn.model_validate(said)
    except ValidationError as error:
        raise Refused("invalid-question", ask_flaws(error, said, WindowsIn)) from None
    flaws: list[Flaw] = []
    profiles, stops = [], []
    for number, item in enumerate(whole.profiles):
        try:
            profile = ProfileIn.model_validate(item)
            profiles.append(Profile(profile.ref, profile.vehicle))
        except ValidationError as error:
            flaws += _flaws_of_profile(error, item, number)
    for number, item in enumerate(whole.places):
        try:
            stop = _StopAlone.model_validate({"place": item}).place
            stops.append(Stop(stop.ref, to_place(stop)))
        except ValidationError as error:
            found = ask_flaws(error, {"place": item}, _StopAlone, (ZoneStopIn, PointStopIn))
            flaws += [at(flaw, f"/places/{number}", "/place") for flaw in found]
        if len(flaws) >= MOST_ERRORS:
            break
    if flaws:
        raise Refused("invalid-question", flaws[:MOST_ERRORS])
    return PlanAsk(parse_instant(whole.from_), parse_instant(whole.until), tuple(profiles), tuple(stops), whole.city)


def _flaws_of_profile(error: ValidationError, item: object, number: int) -> list[Flaw]:
    said = item if isinstance(item, Mapping) else {}
    vehicle = said.get("vehicle")
    found = [*ask_flaws(error, said, ProfileIn)]
    if isinstance(vehicle, Mapping):
        found += faults_of_vehicle(vehicle, of_vehicle("/vehicle"))
    return [at(flaw, f"/profiles/{number}") for flaw in found]


def at(flaw: Flaw, place: str, instead_of: str = "") -> Flaw:
    """The same flaw inside of `place`, which takes the place of the beginning `instead_of` of its pointers."""
    return replace(flaw, pointers=tuple(place + each.removeprefix(instead_of) for each in flaw.pointers))


class GroupedOut(Out):
    """A profile or a place as it was asked, and the group in which it is answered."""

    ref: str
    group: int


class PlaceGroupOut(Out):
    """Places of the same zones. Its number is its place in the list."""

    city: str | None
    zones: Annotated[list[str], Field(description="zones that certainly apply")]
    possible_zones: Annotated[list[str], Field(description="zones that may apply: position or shape is not exact")]


class PairOut(Out):
    """A pair of groups, and the number of its schedule in the list of schedules."""

    profile_group: int
    place_group: int
    schedule: int


class PlanIntervalOut(Out):
    """`[from, until)`: it ends where the verdict or anything told of it changes."""

    from_: Annotated[Instant, Field(alias="from")]
    until: Instant
    verdict: Verdict
    verdict_by_law: Annotated[Verdict, Field(description="without illustrative notices, which are not law")]
    restriction: Annotated[
        str | None, Field(description="what decides it: an id among `restrictions`; null where allowed")
    ]
    reason: Annotated[str | None, Field(description="null where allowed")]
    missing: Annotated[list[str], Field(description="the facts that would settle it")]


class ScheduleOut(Out):
    """The whole period in order; neighbours differ."""

    city: str | None
    intervals: list[PlanIntervalOut]


class VroomScheduleOut(Out):
    """`time_windows` as VROOM reads them: seconds since the epoch, first and last second in which service may begin."""

    city: str | None
    time_windows: list[list[int]]
    never: Annotated[bool, Field(description="no window at all: leave the job out, VROOM refuses an empty array")]
    undetermined: Annotated[list[list[int]], Field(description="not counted as allowed")]
    illustrative: Annotated[bool, Field(description="whether an illustrative notice moved any of it")]


class DecidingOut(Out):
    """A restriction that decides some interval. `zones` null: everywhere."""

    forbids: Literal["driving", "presence"]
    illustrative: bool
    zones: list[str] | None
    citation: CitationOut


class PublicationOfCityOut(Out):
    city: str
    id: str
    digest: str
    assumed: Annotated[list[str], Field(description="where the city's record is not known to be complete")]


class _PlanOut(Out):
    kept: Annotated[Literal[False], Field(description="a plan is not kept: it cannot be called up again")]
    planned_at: Instant
    from_: Annotated[Instant, Field(alias="from")]
    until: Instant
    horizon: Instant
    profiles: list[GroupedOut]
    places: list[GroupedOut]
    place_groups: list[PlaceGroupOut]
    inside_or_across: Annotated[
        dict[str, list[str]],
        Field(description="for each zone asked, the zones inside or across it, which may differ: ask for them too"),
    ]
    windows: Annotated[list[PairOut], Field(description="each pair of groups once")]
    restrictions: dict[str, DecidingOut]
    names: dict[str, TextOut]
    covers: list[Literal["notices"]]
    caveats: list[str]
    publications: list[PublicationOfCityOut]
    calendar: CalendarRefOut


class PlanOut(_PlanOut):
    """一个计划 / a plan with its intervals and what decides them."""

    schedules: list[ScheduleOut]


class VroomPlanOut(_PlanOut):
    """一个计划,供 VROOM 使用 / a plan with time windows for VROOM."""

    schedules: list[VroomScheduleOut]
