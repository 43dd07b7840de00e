"""Where a point is: an immutable index over zones, honest about errors of the position and of the shapes.

Boundaries are closed: a point on an edge, a corner or the edge of a hole is inside. Edges are straight in longitude and
latitude, and being inside is decided exactly (GEOS computes the sign of an orientation without rounding). Distances are
taken on a plane round the point, see `geodata.projection`; at the margins asked for here (metres to a few kilometres)
they are right to a thousandth.

Threads. A prepared geometry that is not warm crashes the process when threads share it, and polygon against polygon
does so even when it is warm (GEOS issue 825). So the index works on copies of its own, prepares them and asks each for
a point before anybody sees it, and asks them for nothing but points ever after. The shapes of its zones stay
unprepared, free for any other use.
"""

import difflib
import math
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from graphlib import CycleError

import numpy as np
import shapely

from geodata.crs import checked_position
from geodata.errors import BadCoordinate, Fault, MalformedGeometry, UnknownZone
from geodata.projection import distances, edges_of, metres_per_degree
from geodata.zones import Coverage, Level, Zone, ancestry, overlap_m2

MAX_ALTERNATIVES = 64

# Shapes that share an edge overlap by what arithmetic leaves, square millimetres; a shared strip has more.
_SLIVER_M2 = 1.0


class Certainty(StrEnum):
    CERTAIN = "certain"
    POSSIBLE = "possible"


class Cause(StrEnum):
    """Why a zone is only possible: the position is not exact enough, the shape is not, or the level is not known."""

    POSITION = "position"
    SHAPE = "shape"
    LEVEL = "level"


@dataclass(frozen=True, slots=True)
class Hit:
    """A zone that certainly or possibly holds the point; `distance_m` is to its nearest drawn edge, inside or out."""

    key: str
    certainty: Certainty
    distance_m: float
    causes: frozenset[Cause]


@dataclass(frozen=True, slots=True)
class Position:
    """What an index knows of a point.

    `possible` holds `certain`. `alternatives` are all sets of zones that may be the true one, smallest first, None when
    there are more than 64. `as_drawn` are those that remain if position and shapes were exact: one, unless the level
    is open.
    """

    hits: tuple[Hit, ...]
    certain: frozenset[str]
    possible: frozenset[str]
    alternatives: tuple[frozenset[str], ...] | None
    as_drawn: tuple[frozenset[str], ...] | None


class ZoneIndex:
    """Zones and coverage outlines of any number of cities. Immutable; safe to share between threads once built."""

    def __init__(self, zones: Iterable[Zone], coverage: Iterable[Coverage]) -> None:
        """Raises `MalformedGeometry` when zones contradict each other, or when coverage outlines overlap."""
        everything = sorted(zones, key=lambda zone: zone.key)
        self._zones = {zone.key: zone for zone in everything}
        self._coverage = tuple(sorted(coverage, key=lambda outline: outline.key))
        self._ancestors = _checked_ancestry(everything)
        _check_coverage(self._coverage)
        self._across = _across(self._zones, self._ancestors)
        self._order = {key: number for number, key in enumerate(self._ancestors)}
        self._keys = tuple(self._zones)
        self._edges = {zone.key: edges_of(zone.shape) for zone in everything}
        self._boxes = np.array([zone.shape.bounds for zone in everything], dtype=np.float64).reshape(-1, 4)
        self._errors = np.array([zone.error_m for zone in everything], dtype=np.float64)
        # INVARIANT (prepared and warm before __init__ returns, then asked for points only): see the module's docstring.
        self._prepared = np.array([_prepared(zone.shape) for zone in everything], dtype=object)
        self._outlines = np.array([_prepared(outline.shape) for outline in self._coverage], dtype=object)

    @property
    def keys(self) -> tuple[str, ...]:
        """The ids of all zones, sorted."""
        return self._keys

    @property
    def coverage(self) -> tuple[Coverage, ...]:
        """The coverage outlines, sorted by id."""
        return self._coverage

    def cities(self) -> tuple[str, ...]:
        """All cities that have a zone or a coverage outline, sorted."""
        named = {zone.city for zone in self._zones.values()} | {outline.city for outline in self._coverage}
        return tuple(sorted(named))

    def zones(self, city: str | None = None) -> tuple[Zone, ...]:
        """The zones, of one city or of all, sorted by id."""
        return tuple(zone for zone in self._zones.values() if city is None or zone.city == city)

    def zone(self, key: str) -> Zone:
        """The zone of that id, or `UnknownZone` with the ids that look like it."""
        found = self._zones.get(key)
        if found is None:
            # Comparing texts takes time in proportion to their length, and no id is longer than 64 characters.
            raise UnknownZone(key, difflib.get_close_matches(key[:64], self._keys, n=3))
        return found

    def ancestors(self, key: str) -> frozenset[str]:
        """All zones that hold this one by declaration, directly or through others."""
        return self._ancestors[self.zone(key).key]

    def inside_or_across(self, key: str) -> tuple[str, ...]:
        """The other zones that lie within this one by declaration or share an area with it, ancestors left out; sorted.

        Touching does not count: a boundary road that was left out of an area only touches it.
        """
        return self._across[self.zone(key).key]

    def city_at(self, lon: float, lat: float) -> str | None:
        """The city whose coverage outline holds the point (degrees of WGS-84), edges included, as drawn.

        A point on an edge that two cities share belongs to the one whose outline's id sorts first.
        """
        lon, lat = checked_position(lon, lat)
        held = np.flatnonzero(shapely.intersects_xy(self._outlines, lon, lat))
        return self._coverage[held[0]].city if held.size else None

    def at(self, lon: float, lat: float, *, accuracy_m: float = 0.0, level: Level | None = None) -> Position:
        """The zones that hold the point, certainly or possibly.

        `lon` and `lat` are degrees of WGS-84, `accuracy_m` how far the true place may be from them, in metres. A
        zone is open (possibly held, possibly not) when an edge is nearer than accuracy and the zone's own error
        together, or when it is bound to a level and `level` is None.
        """
        lon, lat = checked_position(lon, lat)
        if not (math.isfinite(accuracy_m) and accuracy_m >= 0.0):
            raise BadCoordinate("accuracy_m", "a finite number of metres, not negative", str(accuracy_m))
        scale = metres_per_degree(lat)
        seen: dict[str, _Seen] = {}
        # Near the poles a degree of longitude has no length, and every longitude is near.
        reach = (accuracy_m + self._errors)[:, np.newaxis] / np.maximum(scale, 1e-9)
        west_south, east_north = self._boxes[:, :2] - reach, self._boxes[:, 2:] + reach
        near = np.flatnonzero(((west_south <= (lon, lat)) & (east_north >= (lon, lat))).all(axis=1))
        # For a point, intersecting a closed area and being covered by it are one thing.
        inside = shapely.intersects_xy(self._prepared[near], lon, lat)
        keys = [self._keys[number] for number in near.tolist()]
        far = self._distances(keys, lon, lat, scale)
        for key, drawn_inside, distance_m in zip(keys, inside.tolist(), far, strict=True):
            found = _seen(self._zones[key], distance_m, drawn_inside, accuracy_m, level)
            if found is not None:
                seen[key] = found
        return self._position(seen, lon, lat, scale)

    def _distances(self, keys: list[str], lon: float, lat: float, scale: tuple[float, float]) -> list[float]:
        """Metres from the point to the nearest drawn edge of each zone; one pass over all edges, whosever they are."""
        if not keys:
            return []
        edges = [self._edges[key] for key in keys]
        starts = np.cumsum([0] + [len(some) for some in edges[:-1]])
        nearest: list[float] = np.minimum.reduceat(distances(np.concatenate(edges), lon, lat, scale), starts).tolist()
        return nearest

    def _position(self, seen: Mapping[str, "_Seen"], lon: float, lat: float, scale: tuple[float, float]) -> Position:
        # `within` is declared truth and drawn shapes are rough. So a zone that certainly holds the point makes its
        # ancestors certain, whatever their edges say, and a zone that possibly holds it makes them possible.
        certain = self._closed(key for key, found in seen.items() if not found.causes)
        possible = self._closed(seen)
        drawn_certain = self._closed(key for key, found in seen.items() if found.drawn_inside and not found.level_open)
        drawn = self._closed(key for key, found in seen.items() if found.drawn_inside)
        return Position(
            hits=tuple(self._hit(key, key in certain, seen, lon, lat, scale) for key in sorted(possible)),
            certain=certain,
            possible=possible,
            alternatives=self._alternatives(certain, possible),
            as_drawn=self._alternatives(drawn_certain, drawn),
        )

    def _closed(self, keys: Iterable[str]) -> frozenset[str]:
        held = frozenset(keys)
        return held.union(*(self._ancestors[key] for key in held))

    def _hit(
        self,
        key: str,
        certain: bool,
        seen: Mapping[str, "_Seen"],
        lon: float,
        lat: float,
        scale: tuple[float, float],
    ) -> Hit:
        found = seen.get(key)
        distance_m = found.distance_m if found else self._distances([key], lon, lat, scale)[0]
        if certain:
            return Hit(key, Certainty.CERTAIN, distance_m, frozenset())
        # A zone that is open only because a zone within it is, is open for the same causes.
        inherited = (other.causes for below, other in seen.items() if key in self._ancestors[below])
        return Hit(key, Certainty.POSSIBLE, distance_m, found.causes if found else frozenset[Cause]().union(*inherited))

    def _alternatives(self, certain: frozenset[str], possible: frozenset[str]) -> tuple[frozenset[str], ...] | None:
        """All sets from `certain` up to `possible` that hold the ancestors of all they hold, and one level at most."""
        found = [certain]
        # Parents come first in the order, so a set that lacks an ancestor now will never get it; and every set of one
        # step is a set of the next, so their number only grows and counting may stop early.
        for key in sorted(possible - certain, key=self._order.__getitem__):
            found += [held | {key} for held in found if self._ancestors[key] <= held and self._one_level(held, key)]
            if len(found) > MAX_ALTERNATIVES:
                return None
        return tuple(sorted(found, key=lambda held: (len(held), sorted(held))))

    def _one_level(self, held: frozenset[str], key: str) -> bool:
        """A vehicle is on one level: no set holds both a tunnel and the viaduct above it."""
        level = self._zones[key].level
        return level is None or all(self._zones[other].level in (None, level) for other in held)


@dataclass(frozen=True, slots=True)
class _Seen:
    """One zone seen from one point; it certainly holds the point when nothing is among the causes."""

    distance_m: float
    drawn_inside: bool
    level_open: bool
    causes: frozenset[Cause]


def _seen(zone: Zone, distance_m: float, inside: bool, accuracy_m: float, level: Level | None) -> _Seen | None:
    """What a zone is to a point, or None when the point is clear of it or on another level."""
    if zone.level is not None and level is not None and zone.level is not level:
        return None
    near = distance_m < accuracy_m + zone.error_m
    if not inside and not near:
        return None
    causes = set()
    if near:
        causes.add(Cause.POSITION if accuracy_m > distance_m else Cause.SHAPE)
    level_open = zone.level is not None and level is None
    if level_open:
        causes.add(Cause.LEVEL)
    return _Seen(distance_m, inside, level_open, frozenset(causes))


def _prepared(shape: shapely.Geometry) -> shapely.Geometry:
    """A copy of the shape, prepared and warm."""
    copy = shapely.from_wkb(shapely.to_wkb(shape))
    shapely.prepare(copy)
    west, south, _, _ = shape.bounds
    shapely.intersects_xy(copy, west, south)
    return copy


def _checked_ancestry(zones: list[Zone]) -> dict[str, frozenset[str]]:
    """The ancestors of every zone, parents first; documents of several cities meet here, so it is checked once more."""
    by_key = {zone.key: zone for zone in zones}
    counts = Counter(zone.key for zone in zones)
    faults = [
        Fault(key, "duplicate-id", "an id of its own for every zone", f"{count} zones of that id")
        for key, count in counts.items()
        if count > 1
    ]
    for key, zone in by_key.items():
        faults += [
            Fault(f"{key}.within", "unknown-zone", "the id of a zone of this index", parent)
            for parent in zone.within
            if parent not in by_key
        ]
    if faults:
        raise MalformedGeometry(faults)
    try:
        return ancestry({key: zone.within for key, zone in by_key.items()})
    except CycleError as error:
        circle = " in ".join(error.args[1])
        raise MalformedGeometry(
            [Fault(f"{error.args[1][0]}.within", "circular-within", "zones that do not hold themselves", circle)]
        ) from None


def _check_coverage(coverage: tuple[Coverage, ...]) -> None:
    faults = []
    for i, one in enumerate(coverage):
        for other in coverage[:i]:
            if one.city == other.city:
                faults.append(Fault(one.key, "second-coverage", f"one coverage outline for {one.city}", other.key))
            elif shapely.intersects(one.shape, other.shape) and overlap_m2(one.shape, other.shape) > _SLIVER_M2:
                expected = "a coverage outline that shares no area with another city's"
                faults.append(Fault(one.key, "coverage-overlap", expected, f"an overlap with {other.key}"))
    if faults:
        raise MalformedGeometry(faults)


def _across(zones: Mapping[str, Zone], ancestors: Mapping[str, frozenset[str]]) -> dict[str, tuple[str, ...]]:
    across: dict[str, set[str]] = {key: set() for key in zones}
    for key, held_by in ancestors.items():
        for ancestor in held_by:
            across[ancestor].add(key)
    keys = tuple(zones)
    shapes = np.array([zone.shape for zone in zones.values()], dtype=object)
    # The tree prepares shapes of its own for this one query; pairs come in both orders.
    for one, other in shapely.STRtree(shapes).query(shapes, predicate="intersects").T.tolist():
        first, second = keys[one], keys[other]
        related = first in ancestors[second] or second in ancestors[first]
        if one < other and not related and overlap_m2(zones[first].shape, zones[second].shape) > _SLIVER_M2:
            across[first].add(second)
            across[second].add(first)
    return {key: tuple(sorted(found)) for key, found in across.items()}
