"""Where zones cross: sets of zones, none of which holds another, that may hold one place together, and points there."""

from collections.abc import Iterable, Iterator, Mapping

from geodata.index import ZoneIndex
from geodata.lint import may_share_a_place
from geodata.zones import Zone, ancestry, points_inside_all
from service.publication import Publication

MOST_CROSSINGS = 2_000
"""Sets of zones that are looked at in one comparison; all pairs are, whatever their number."""

_ROWS = 40
"""A place outside every zone is looked for at so many by so many points of a city's outline."""

Point = tuple[float, float]
Wanted = tuple[frozenset[str] | None, frozenset[str] | None]
"""The zones that a point is to lie in, in each of two versions; None where it is not asked for a point."""


def crossings(before: Publication, after: Publication) -> tuple[frozenset[frozenset[str]], int | None]:
    """The sets of zones that may cross in either version, and how many zones a set has at most (None: any number)."""
    found: set[frozenset[str]] = set()
    most: int | None = None
    # Shapes of both are mostly the same; to look at them takes longer than all else here.
    same = before.zones == after.zones
    for publication in (after,) if same else (before, after):
        sets, limit = _crossing(_across(publication.zones))
        found |= sets
        most = limit if most is None else min(most, limit or most)
    return frozenset(found), most


def _across(zones: tuple[Zone, ...]) -> Mapping[str, frozenset[str]]:
    """For each zone, those that may share a place with it and neither hold it nor lie within it."""
    held_by = ancestry({zone.key: zone.within for zone in zones})
    return {
        key: frozenset(each for each in beside - {key} - held_by[key] if key not in held_by[each])
        for key, beside in may_share_a_place(zones).items()
    }


def _crossing(across: Mapping[str, frozenset[str]]) -> tuple[set[frozenset[str]], int | None]:
    found: set[frozenset[str]] = set()
    layer: list[tuple[str, ...]] = [
        (one, other) for one in sorted(across) for other in sorted(across[one]) if one < other
    ]
    size = 2
    while layer:
        found.update(map(frozenset, layer))
        wider: list[tuple[str, ...]] = []
        for zones in layer:
            together = frozenset.intersection(*(across[each] for each in zones))
            wider += [(*zones, each) for each in sorted(together) if each > zones[-1]]
            if len(found) + len(wider) > MOST_CROSSINGS:
                return found, size
        layer, size = wider, size + 1
    return found, None


def points_for(wanted: Iterable[Wanted], before: Publication, after: Publication) -> dict[Wanted, Point | None]:
    """For each, a point (degrees of WGS-84) of the city that certainly lies in those zones and in no other.

    Certainly: whatever the errors of shapes. None where none was found.
    """
    asked = set(wanted)
    if not asked:
        return {}
    sides = [(each, ZoneIndex(each.zones, each.coverage)) for each in (before, after)]
    return {
        each: next((point for point in _tried(each, before, after) if _lies(point, each, sides)), None)
        for each in asked
    }


def _lies(point: Point, wanted: Wanted, sides: Iterable[tuple[Publication, ZoneIndex]]) -> bool:
    for held, (publication, index) in zip(wanted, sides, strict=True):
        if held is not None:
            position = index.at(*point)
            if index.city_at(*point) != publication.city.id or not position.certain == position.possible == held:
                return False
    return True


def _tried(wanted: Wanted, before: Publication, after: Publication) -> Iterator[Point]:
    for held, publication in zip(wanted, (before, after), strict=True):
        if held:
            shapes = [zone.shape for zone in publication.zones if zone.key in held]
            yield from ((round(x, 6), round(y, 6)) for x, y in points_inside_all(shapes))
        elif held is not None:
            yield from _grid(publication)


def _grid(publication: Publication) -> Iterator[Point]:
    for outline in publication.coverage:
        west, south, east, north = outline.shape.bounds
        for row in range(_ROWS):
            for column in range(_ROWS):
                yield (
                    round(west + (east - west) * column / (_ROWS - 1), 5),
                    round(south + (north - south) * row / (_ROWS - 1), 5),
                )
