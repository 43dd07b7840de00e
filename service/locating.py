"""Where something is asked: the city that answers, the place as its rules see it, the zones that people are told."""

from dataclasses import dataclass, replace
from datetime import date
from types import MappingProxyType

from geodata.crs import to_wgs84
from geodata.index import Position
from rules.calendar import Calendar
from rules.codes import Text
from rules.errors import InvalidQuestion
from rules.model import City, Place, Rulebook, ZoneSet
from service.asks import PointAsk, ZoneAsk, ZoneHit
from service.snapshot import Snapshot

NOWHERE = Rulebook(
    City("nowhere", Text("未覆盖地区", "outside coverage"), "UTC", date(1900, 1, 1), date(1900, 1, 1)),
    Calendar.unknown(),
    (),
)
"""The rulebook of places that no city covers: it says nothing, and the place says why."""


@dataclass(frozen=True, slots=True)
class Located:
    """Where a question is asked: its city (None: no city's record), its place for the rules, its zones for people."""

    city: str | None
    place: Place
    hits: tuple[ZoneHit, ...]


def locate(asked: ZoneAsk | PointAsk, snapshot: Snapshot) -> Located:
    """The place asked about. UnknownZone and BadCoordinate (geodata), InvalidQuestion for numbers exchanged."""
    return _by_zone(asked, snapshot) if isinstance(asked, ZoneAsk) else _by_point(asked, snapshot)


def _by_zone(asked: ZoneAsk, snapshot: Snapshot) -> Located:
    """That zone and those that contain it, all certain: the shapes' errors play no part."""
    zone = snapshot.zone(asked.zone)
    zones = sorted(snapshot.index.ancestors(zone.key))
    return Located(
        zone.city,
        Place.in_zones((zone.key, *zones)),
        tuple(ZoneHit(key, True, None) for key in (zone.key, *zones)),
    )


def _by_point(asked: PointAsk, snapshot: Snapshot) -> Located:
    lon, lat = to_wgs84(asked.lon, asked.lat, asked.crs)
    city = snapshot.index.city_at(lon, lat)
    if city is None:
        _refuse_swapped(asked, snapshot)
        return Located(None, replace(Place.in_zones(()), outside_coverage=True), ())
    position = snapshot.index.at(lon, lat, accuracy_m=asked.accuracy_m, level=asked.level)
    return Located(
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
