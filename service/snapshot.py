"""The publications in force, ready to answer: one immutable value, swapped whole."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from zoneinfo import ZoneInfo

from geodata.index import ZoneIndex
from geodata.zones import Zone
from rules.calendar import Calendar
from rules.model import Notice
from service.publication import FileFault, Publication, Unpublishable


@dataclass(frozen=True, slots=True)
class Snapshot:
    """What answers: a publication for each city, one index over all their zones, and the calendar."""

    publications: Mapping[str, Publication]
    index: ZoneIndex
    calendar: Calendar

    def zone(self, key: str) -> Zone:
        """The zone of that id; geodata's UnknownZone, with the nearest ids, if there is none."""
        return self.index.zone(key)

    def timezone(self, city: str) -> ZoneInfo:
        return ZoneInfo(self.publications[city].city.timezone)

    def notices(self) -> Iterable[tuple[str, Notice]]:
        """(city, notice), in order of their ids."""
        for city, publication in self.publications.items():
            for notice in sorted(publication.rulebook.notices, key=lambda each: each.id):
                yield city, notice


def make_snapshot(publications: Iterable[Publication], calendar: Calendar, illustrative: bool) -> Snapshot:
    """Make publications ready to answer; without `illustrative`, the illustrative notices are left out of them.

    Unpublishable if two cities share an id or a zone's id, or cover the same ground.
    """
    chosen = [each if illustrative else each.without_illustrative() for each in publications]
    by_city: dict[str, Publication] = {}
    zones: dict[str, str] = {}
    faults = []
    for publication in chosen:
        city = publication.city.id
        if city in by_city:
            faults.append(FileFault(city, "id", "duplicate-city", "every city once", city))
        by_city[city] = publication
        for zone in publication.zones:
            if zones.setdefault(zone.key, city) != city:
                faults.append(FileFault(city, zone.key, "duplicate-zone", "zone ids of one city only", zones[zone.key]))
    if faults:
        raise Unpublishable(tuple(faults))
    index = ZoneIndex(
        [zone for each in chosen for zone in each.zones], [outline for each in chosen for outline in each.coverage]
    )
    return Snapshot(MappingProxyType(dict(sorted(by_city.items()))), index, calendar)
