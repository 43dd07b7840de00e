"""Zones by city, kind and box, page by page: what both lists of zones share."""

from dataclasses import dataclass

from geodata.converted import Shapes, meets
from geodata.crs import Crs
from geodata.drawing import Box
from geodata.zones import Kind, Zone
from service.snapshot import Snapshot


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which zones: of one city, of one kind, meeting one of the boxes (degrees of `crs`); None is every one."""

    city: str | None = None
    kind: Kind | None = None
    boxes: tuple[Box, ...] | None = None
    crs: Crs = Crs.WGS84

    def takes(self, zone: Zone, shapes: Shapes) -> bool:
        if self.city not in (None, zone.city) or self.kind not in (None, zone.kind):
            return False
        if self.boxes is None:
            return True
        # In the system of the box, so that a zone is found by the very shape that is given in it.
        shape = shapes.of(zone, self.crs)
        return any(meets(shape, box) for box in self.boxes)


@dataclass(frozen=True, slots=True)
class Page:
    """Some of the zones found, sorted by id; `last` is the id to go on after, None on the last page."""

    zones: tuple[Zone, ...]
    total: int
    last: str | None


def find_zones(snapshot: Snapshot, shapes: Shapes, wanted: Wanted, limit: int, after: str = "") -> Page:
    """The first `limit` zones wanted whose id sorts after `after`, which need not be one."""
    found = [zone for zone in snapshot.index.zones(wanted.city) if wanted.takes(zone, shapes)]
    rest = [zone for zone in found if zone.key > after]
    page = tuple(rest[:limit])
    return Page(page, len(found), page[-1].key if len(rest) > limit else None)
