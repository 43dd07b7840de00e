"""From what is said of a vehicle to the vehicle that one city's rules are asked about."""

import difflib
import json
from collections.abc import Callable, Mapping
from dataclasses import replace

from rules.errors import FactFault, InvalidVehicle
from rules.model import City
from rules.reading import read_vehicle
from rules.vehicles import Vehicle
from service.snapshot import Snapshot

_MOST_LISTED = 12

Reader = Callable[[Mapping[str, object]], Vehicle]


def shared_reader() -> Reader:
    """A `read_vehicle` that reads what is said alike only once, and gives the same Vehicle again.

    A vehicle remembers what was worked out of it, so questions about one vehicle share that work. For what came as
    JSON only: texts, numbers, lists and objects.
    """
    known: dict[str, Vehicle] = {}

    def read(said: Mapping[str, object]) -> Vehicle:
        key = json.dumps(said, sort_keys=True)
        if key not in known:
            known[key] = read_vehicle(said)
        return known[key]

    return read


def checked_claims(vehicle: Vehicle, city: City, snapshot: Snapshot) -> Vehicle:
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
    # The very vehicle where nothing changes: it remembers what was worked out of it.
    return vehicle if passes == vehicle.passes else replace(vehicle, passes=passes)


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
