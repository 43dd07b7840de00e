"""The verb of the whole service: one question, one answer. It knows neither HTTP nor SQL nor the present moment."""

import difflib
import uuid
from dataclasses import dataclass, replace
from datetime import date
from types import MappingProxyType

from geodata.crs import to_wgs84
from geodata.index import Position
from rules.calendar import Calendar
from rules.codes import Text
from rules.errors import FactFault, InvalidQuestion, InvalidVehicle
from rules.explain import decide
from rules.model import City, Place, Question, Rulebook, Verdict, ZoneSet
from rules.reading import read_vehicle
from rules.timeline import Timeline
from rules.vehicles import Vehicle
from rules.windows import LocalClock
from service.asks import LONGEST_STAY_MINUTES, Answer, Ask, PointAsk, ZoneAsk, ZoneException, ZoneHit
from service.instants import local_clock
from service.snapshot import Snapshot

_MOST_LISTED = 12

_NOWHERE = Rulebook(
    City("nowhere", Text("未覆盖地区", "outside coverage"), "UTC", date(1900, 1, 1), date(1900, 1, 1)),
    Calendar.unknown(),
    (),
)
"""The rulebook of places that no city covers: it says nothing, and the place says why."""


@dataclass(frozen=True, slots=True)
class _Located:
    """Where a question is asked: its city (None: no city's record), its place for the rules, its zones for people."""

    city: str | None
    place: Place
    hits: tuple[ZoneHit, ...]


def decide_one(ask: Ask, snapshot: Snapshot, now: int, decision_id: str | None = None) -> Answer:
    """Answer one question under the publications of `snapshot`; `now` is when it is asked.

    Raises InvalidVehicle and InvalidQuestion (rules), UnknownZone and BadCoordinate (geodata). `decision_id` is for an
    answer that is given again; a new one is made otherwise, before anything is kept.
    """
    if not 0 <= ask.stay_minutes <= LONGEST_STAY_MINUTES:
        raise InvalidQuestion(
            "stay_minutes",
            "number-out-of-range",
            f"应在0到{LONGEST_STAY_MINUTES}分钟之间",
            f"expected 0 to {LONGEST_STAY_MINUTES} minutes",
        )
    vehicle = read_vehicle(ask.vehicle).with_heading(ask.place.heading_deg)
    located = _by_zone(ask.place, snapshot) if isinstance(ask.place, ZoneAsk) else _by_point(ask.place, snapshot)
    at = now if ask.at is None else ask.at
    stay = ask.stay_minutes * 60
    rulebook, clock = _NOWHERE, LocalClock(((0, 0),))
    if located.city is not None:
        rulebook = snapshot.publications[located.city].rulebook
        vehicle = _checked_claims(vehicle, rulebook.city, snapshot)
        clock = local_clock(snapshot.timezone(located.city), at, stay)
    question = Question(vehicle, located.place, at, clock, stay)
    decision = decide(rulebook, question)
    exceptions: tuple[ZoneException, ...] = ()
    if isinstance(ask.place, ZoneAsk):
        exceptions = _exceptions(ask.place.zone, rulebook, question, decision.verdict, snapshot)
    return Answer(
        id=decision_id or str(uuid.uuid4()),
        ask=ask,
        at=at,
        decided_at=now,
        vehicle=vehicle,
        place=located.place,
        hits=located.hits,
        exceptions=exceptions,
        decision=decision,
        rulebook=None if located.city is None else rulebook,
    )


def _by_zone(asked: ZoneAsk, snapshot: Snapshot) -> _Located:
    """That zone and those that contain it, all certain: the shapes' errors play no part."""
    zone = snapshot.zone(asked.zone)
    zones = sorted(snapshot.index.ancestors(zone.key))
    return _Located(
        zone.city,
        Place.in_zones((zone.key, *zones)),
        tuple(ZoneHit(key, True, None) for key in (zone.key, *zones)),
    )


def _by_point(asked: PointAsk, snapshot: Snapshot) -> _Located:
    lon, lat = to_wgs84(asked.lon, asked.lat, asked.crs)
    city = snapshot.index.city_at(lon, lat)
    if city is None:
        _refuse_swapped(asked, snapshot)
        return _Located(None, replace(Place.in_zones(()), outside_coverage=True), ())
    position = snapshot.index.at(lon, lat, accuracy_m=asked.accuracy_m, level=asked.level)
    return _Located(
        city,
        _place(position),
        tuple(ZoneHit(hit.key, hit.certainty == "certain", hit.distance_m) for hit in position.hits),
    )


def _refuse_swapped(asked: PointAsk, snapshot: Snapshot) -> None:
    """A point in no city that lies in one with its numbers exchanged was almost surely written the wrong way."""
    if abs(asked.lon) > 90:
        return
    lon, lat = to_wgs84(asked.lat, asked.lon, asked.crs)
    if snapshot.index.city_at(lon, lat) is not None:
        raise InvalidQuestion(
            "place/lat",
            "coordinates-swapped",
            "经度和纬度似乎写反了:lon 为经度,lat 为纬度",
            "longitude and latitude seem swapped: lon is the longitude, lat the latitude",
        )


def _place(position: Position) -> Place:
    """Positions in the words of the rules: every set of zones the point may lie in."""
    if position.alternatives is None:
        alternatives: tuple[ZoneSet, ...] = (ZoneSet(position.certain, position.possible),)
    else:
        alternatives = tuple(ZoneSet.of(zones) for zones in position.alternatives)
    drawn = None if position.as_drawn is None else tuple(ZoneSet.of(zones) for zones in position.as_drawn)
    doubts = {hit.key: frozenset(str(cause) for cause in hit.causes) for hit in position.hits if hit.causes}
    return Place(alternatives, drawn, MappingProxyType(doubts))


def _checked_claims(vehicle: Vehicle, city: City, snapshot: Snapshot) -> Vehicle:
    """The vehicle with its passes under the codes of the city, which also takes their Chinese names.

    Passes and filings must be of kinds that the city knows: a misspelt pass would silently be none.
    """
    faults = []
    kinds = tuple(kind.id for kind in city.pass_kinds)
    by_name = {kind.name.zh: kind.id for kind in city.pass_kinds}
    passes = tuple(replace(held, kind=by_name.get(held.kind, held.kind)) for held in vehicle.passes)
    for number, held in enumerate(passes):
        if held.kind not in kinds:
            faults.append(_unknown(f"passes/{number}/kind", "通行证种类", "kind of pass", kinds, held.kind))
        for zone in sorted(held.zones):
            if zone not in snapshot.index.keys:
                zones = tuple(each.key for each in snapshot.index.zones(city.id))
                faults.append(_unknown(f"passes/{number}/zones", "区域", "zone", zones, zone))
    filings = tuple(filing.id for filing in city.filings)
    for filing in sorted(vehicle.claims.get("filing", frozenset()) - set(filings)):
        faults.append(_unknown("filings", "备案种类", "kind of filing", filings, filing))
    if faults:
        raise InvalidVehicle(faults)
    return replace(vehicle, passes=passes)


def _unknown(field: str, zh: str, en: str, known: tuple[str, ...], found: str) -> FactFault:
    """A code that the city does not know, with the nearest that it does, and a few of the others."""
    close = difflib.get_close_matches(found, known, n=1)
    listed = "、".join(known[:_MOST_LISTED]) + ("等" if len(known) > _MOST_LISTED else "") or "无"
    listed_en = ", ".join(known[:_MOST_LISTED]) + (" and others" if len(known) > _MOST_LISTED else "") or "none"
    hint_zh, hint_en = (f",最接近的是 {close[0]}", f"; the nearest is {close[0]}") if close else ("", "")
    return FactFault(
        (field,),
        "unknown-code",
        f"未知{zh},本市有:{listed}{hint_zh}",
        f"unknown {en}; this city has {listed_en}{hint_en}",
        known,
        close[0] if close else None,
        found,
    )


def _exceptions(
    asked: str, rulebook: Rulebook, question: Question, verdict: Verdict, snapshot: Snapshot
) -> tuple[ZoneException, ...]:
    """The zones inside or across the one asked for whose own differs from `verdict`, with all that apply there.

    They take no part in the verdict: a zone is never emptied by the zones inside it.
    """
    named = frozenset().union(*(product.zones or frozenset() for _, product in rulebook.products()))
    of_passes = frozenset().union(*(held.zones for held in question.vehicle.passes))
    base = question.place.alternatives[0].certain
    # Places on which the same articles bear are answered alike, and most of the zones inside one another are such.
    known: dict[tuple[tuple[str, ...], frozenset[str]], tuple[Verdict, int | None]] = {}
    found = []
    for key in snapshot.index.inside_or_across(asked):
        there = base | {key} | snapshot.index.ancestors(key)
        if not (there - base) & (named | of_passes):
            continue
        timeline = Timeline(rulebook, replace(question, place=Place.in_zones(there)))
        alike = (timeline.articles, there & of_passes)
        if alike not in known:
            here = timeline.asked()
            known[alike] = (here, timeline.until() if here is not verdict else None)
        here, until = known[alike]
        if here is not verdict:
            found.append(ZoneException(key, here, until))
    return tuple(found)
