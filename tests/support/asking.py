"""Questions from plain tables, asked of the cities that ship with Tongxing."""

from collections.abc import Mapping
from functools import cache
from typing import Any

from geodata.crs import Crs
from geodata.zones import Level
from service.asks import Ask, PointAsk, ZoneAsk
from service.instants import parse_instant
from service.publication import built_in_cities, load_calendar, load_publication
from service.snapshot import Snapshot, make_snapshot


@cache
def built_in_snapshot(illustrative: bool = True) -> Snapshot:
    """Both cities as shipped; made once, since it is immutable."""
    calendar = load_calendar()
    publications = [load_publication(law, shapes, calendar) for law, shapes in built_in_cities()]
    return make_snapshot(publications, calendar, illustrative)


def ask_of(body: Mapping[str, Any]) -> Ask:
    """The question of a body like that of `POST /v1/decisions`."""
    place = body["place"]
    heading = place.get("heading_deg")
    if "zone" in place:
        where: ZoneAsk | PointAsk = ZoneAsk(place["zone"], heading)
    else:
        level = place.get("level")
        where = PointAsk(
            place["lon"],
            place["lat"],
            Crs(place["crs"]),
            place.get("accuracy_m", 0.0),
            heading,
            None if level is None else Level(level),
        )
    return Ask(
        vehicle=body["vehicle"],
        place=where,
        at=parse_instant(body["at"]),
        stay_minutes=body.get("stay_minutes", 0),
        ref=body.get("ref"),
    )
