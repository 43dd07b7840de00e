"""Lint of shapes: what a document may say and its author hardly means.

Nothing is cut, grown or mended here, and every comparison is counted before it is made: shapes that would take too long
to compare are named and left alone.
"""

import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
import shapely

from geodata.projection import Floats, distances, edges_of, metres_per_degree, middle_scale
from geodata.zones import Coverage, Kind, Zone, ancestry, overlap, tangled

SLIVER_M = 10.0
"""A gap or an overlap between two areas that is thinner than this, in metres, is hardly meant."""

ROUNDING_M = 0.02
"""What rounding to 1 cm may move a shape and the one that holds it apart, in metres, where both have no error."""

MISMATCH_M = 0.5
"""Edges of two areas that lie nearer than this, in metres, are meant to be one edge."""

LONG_EDGE_M = 10_000.0
"""An edge longer than this is looked at: it is straight in longitude and latitude, and not on the ground."""

TINY_M2 = 100.0

MOST_WORK = 200_000_000
"""Pairs of an edge and another edge or point that are looked at in one document: some seconds."""

# What comparing two small shapes costs, in the same unit.
_PAIR = 40_000

_SPACING_M = 50.0
_MOST_POINTS = 5_000
_LEAST_OVERLAP_M2 = 1.0
_EARTH_M = 6_371_009.0


@dataclass(frozen=True, slots=True)
class ZoneFinding:
    """One finding about shapes: a stable code, the zone or outline, and the property of it that is at fault."""

    code: str
    key: str
    part: str
    zh: str
    en: str


@dataclass(slots=True)
class _Budget:
    left: int = MOST_WORK
    refused: set[str] = field(default_factory=set)

    def take(self, work: int, *keys: str) -> bool:
        """Whether that much work may still be done; the zones that it was for are remembered if not."""
        if work > self.left:
            self.refused.update(keys)
            return False
        self.left -= work
        return True


def findings_of_zones(zones: Iterable[Zone], coverage: Iterable[Coverage]) -> tuple[ZoneFinding, ...]:
    """All findings about the shapes of a document, in order of their zones."""
    drawn = sorted(zones, key=lambda zone: zone.key)
    outlines = sorted(coverage, key=lambda outline: outline.key)
    budget = _Budget()
    everything: list[Zone | Coverage] = [*outlines, *drawn]
    found = [finding for each in everything for finding in _long_edges(each)]
    found += [finding for zone in drawn for finding in _tiny(zone)]
    found += _outside_coverage(drawn, {outline.city: outline for outline in outlines}, budget)
    found += _within(drawn, budget)
    found += _slivers(drawn, budget)
    for key in sorted(budget.refused):
        en = "its shape is too large to be compared with others in reasonable time"
        found.append(ZoneFinding("not-compared", key, "geometry", "图形过大,未与其他图形比较", en))
    return tuple(sorted(found, key=lambda each: (each.key, each.code, each.en)))


def may_share_a_place(zones: Iterable[Zone]) -> dict[str, frozenset[str]]:
    """For each zone, those that may hold one place together with it: nearer than both errors, or held by such a zone.

    Pairs whose distance would take too long to work out are taken to be near.
    """
    drawn = sorted(zones, key=lambda zone: zone.key)
    held_by = ancestry({zone.key: zone.within for zone in drawn})
    beside: dict[str, set[str]] = {zone.key: {zone.key, *held_by[zone.key]} for zone in drawn}
    budget = _Budget()
    edges = [len(edges_of(zone.shape)) for zone in drawn]
    for one, other in _near(drawn, [zone.error_m for zone in drawn]):
        first, second = drawn[one], drawn[other]
        if not budget.take(_PAIR + edges[one] * edges[other]) or _nearer(first, second):
            beside[first.key] |= {second.key, *held_by[second.key]}
            beside[second.key] |= {first.key, *held_by[first.key]}
    for key, together in tuple(beside.items()):
        for each in together:
            beside[each].add(key)
    return {key: frozenset(together) for key, together in beside.items()}


def _nearer(first: Zone, second: Zone) -> bool:
    near, far = _on_a_plane(first.shape, second.shape)
    return bool(shapely.dwithin(near, far, first.error_m + second.error_m))


def share_covered(zone: Zone, outline: Coverage) -> float:
    """The part of a coverage outline that a zone covers, from 0 to 1; 0 where that would take too long to work out."""
    area, _ = overlap(zone.shape, outline.shape)
    east, north = middle_scale(outline.shape)
    return 0.0 if math.isinf(area) else min(1.0, area / (float(outline.shape.area) * east * north))


def _long_edges(zone: Zone | Coverage) -> Iterator[ZoneFinding]:
    edges = edges_of(zone.drawn if isinstance(zone, Zone) else zone.shape)
    scale = np.array(middle_scale(zone.shape))
    along = np.hypot(*((edges[:, 2:] - edges[:, :2]) * scale).T)
    if not along.size or along.max() <= LONG_EDGE_M:
        return
    longest = edges[int(along.argmax())]
    bow = _bow_m(longest)
    code = "long-edge" if bow > zone.error_m else "long-edge-within-error"
    place = f"({longest[0]:g}, {longest[1]:g}) to ({longest[2]:g}, {longest[3]:g})"
    kilometres = along.max() / 1000.0
    yield ZoneFinding(
        code,
        zone.key,
        "geometry",
        f"最长的边{kilometres:.1f}千米,与地面直线最多相距{bow:.0f}米",
        f"an edge of {kilometres:.1f} km, from {place}, lies up to {bow:.0f} m from the straight line on the ground",
    )


def _bow_m(edge: Floats) -> float:
    """How far in metres the middle of an edge, straight in degrees, lies from the great circle between its ends."""
    ends = np.radians(edge.reshape(2, 2))
    on_sphere = np.stack(
        [np.cos(ends[:, 1]) * np.cos(ends[:, 0]), np.cos(ends[:, 1]) * np.sin(ends[:, 0]), np.sin(ends[:, 1])], axis=1
    )
    lon, lat = ends.mean(axis=0)
    middle = np.array([np.cos(lat) * np.cos(lon), np.cos(lat) * np.sin(lon), np.sin(lat)])
    normal = np.cross(on_sphere[0], on_sphere[1])
    return float(abs(np.arcsin(np.clip(middle @ normal / np.linalg.norm(normal), -1.0, 1.0))) * _EARTH_M)


def _tiny(zone: Zone) -> Iterator[ZoneFinding]:
    east, north = middle_scale(zone.shape)
    area = float(zone.shape.area) * east * north
    if area < TINY_M2:
        en = f"it has {area:.0f} square metres"
        yield ZoneFinding("tiny-zone", zone.key, "geometry", f"面积只有{area:.0f}平方米", en)


def _outside_coverage(
    zones: Sequence[Zone], outlines: Mapping[str, Coverage], budget: _Budget
) -> Iterator[ZoneFinding]:
    for zone in zones:
        outline = outlines.get(zone.city)
        if outline is None or not budget.take(len(edges_of(zone.shape)) * len(edges_of(outline.shape)), zone.key):
            continue
        if not shapely.covers(outline.shape, zone.shape):
            out_m = _sticks_out_m(zone.shape, outline.shape, zone.key, budget)
            far = "" if out_m is None else f", by up to {out_m:.0f} m"
            zh = "" if out_m is None else f",最远{out_m:.0f}米"
            en = f"it reaches out of {outline.key}{far}; a point there is in no city"
            yield ZoneFinding("outside-coverage", zone.key, "geometry", f"超出覆盖范围{zh},该处的点不属于任何城市", en)


def _within(zones: Sequence[Zone], budget: _Budget) -> Iterator[ZoneFinding]:
    by_key = {zone.key: zone for zone in zones}
    for zone in zones:
        for number, key in enumerate(zone.within):
            parent = by_key[key]
            allowed = zone.error_m + parent.error_m
            out_m = _sticks_out_m(zone.shape, parent.shape, zone.key, budget)
            if out_m is not None and out_m > allowed + ROUNDING_M:
                yield ZoneFinding(
                    "within-disagrees",
                    zone.key,
                    f"within[{number}]",
                    f"声明在 {key} 内,图形却超出{out_m:.0f}米,大于两者误差之和{allowed:.0f}米",
                    f"declared within {key}, its shape reaches out by {out_m:.0f} m; both errors make {allowed:.0f} m",
                )


def _sticks_out_m(shape: shapely.Geometry, outer: shapely.Geometry, key: str, budget: _Budget) -> float | None:
    """How far a shape reaches out of another in metres, its edges looked at every 50 m or, if long, less often."""
    scale = middle_scale(shape)
    step = max(_SPACING_M, float(shape.length) * max(scale) / _MOST_POINTS) / max(scale)
    edges = edges_of(outer)
    if not budget.take((len(edges_of(shape)) + _MOST_POINTS) * len(edges), key):
        return None
    points = shapely.get_coordinates(shapely.segmentize(shape, step))
    outside = points[~shapely.intersects_xy(outer, points[:, 0], points[:, 1])]
    return max((float(distances(edges, x, y, metres_per_degree(y)).min()) for x, y in outside.tolist()), default=0.0)


def _slivers(zones: Sequence[Zone], budget: _Budget) -> Iterator[ZoneFinding]:
    areas = [zone for zone in zones if zone.kind is Kind.AREA]
    held_by = ancestry({zone.key: zone.within for zone in zones})
    edges = [len(edges_of(zone.shape)) for zone in areas]
    for one, other in _near(areas, [SLIVER_M] * len(areas)):
        first, second = areas[one], areas[other]
        if first.city != second.city or first.key in held_by[second.key] or second.key in held_by[first.key]:
            continue
        if not budget.take(_PAIR + edges[one] * edges[other], first.key, second.key):
            continue
        near, far = _on_a_plane(first.shape, second.shape)
        if tangled(edges_of(near), edges_of(far), SLIVER_M):
            budget.refused.update((first.key, second.key))
            continue
        finding = _sliver(first, second, near, far)
        if finding is not None:
            yield finding


def _sliver(first: Zone, second: Zone, near: shapely.Geometry, far: shapely.Geometry) -> ZoneFinding | None:
    """What is wrong along the edge between two areas that do not hold each other; `near` and `far` are in metres."""
    shared_m2, width_m = overlap(first.shape, second.shape)
    if shared_m2 > _LEAST_OVERLAP_M2:
        if width_m >= SLIVER_M:
            return None
        return ZoneFinding(
            "sliver-overlap",
            second.key,
            "geometry",
            f"与 {first.key} 只重叠一条宽约{width_m:.1f}米的窄带",
            f"it overlaps {first.key} by a strip about {width_m:.1f} m wide",
        )
    # The edges of each that the other does not follow corner by corner, though it comes that near.
    loose = shapely.coverage_invalid_edges([near, far], gap_width=SLIVER_M)
    ends = shapely.points(np.concatenate([shapely.get_coordinates(each) for each in loose]))
    if not ends.size:
        return None
    width_m = float(np.maximum(shapely.distance(ends, near), shapely.distance(ends, far)).max())
    if width_m < MISMATCH_M:
        return ZoneFinding(
            "edge-mismatch",
            second.key,
            "geometry",
            f"与 {first.key} 的公共边顶点不一致,其间有缝隙或重叠",
            f"its edge along {first.key} has other corners: points between the two edges lie in both zones or in none",
        )
    return ZoneFinding(
        "sliver-gap",
        second.key,
        "geometry",
        f"与 {first.key} 之间有一条宽约{width_m:.1f}米的缝隙",
        f"between it and {first.key} is a gap about {width_m:.1f} m wide",
    )


def _near(zones: Sequence[Zone], grown_m: Sequence[float]) -> Iterator[tuple[int, int]]:
    """Pairs of zones (positions) whose boxes meet once each is grown by its own number of metres."""
    if not zones:
        return
    boxes = np.array([zone.shape.bounds for zone in zones], dtype=np.float64)
    scale = np.array([middle_scale(zone.shape) for zone in zones])
    reach = np.array(grown_m)[:, np.newaxis] / np.maximum(scale, 1e-9)
    grown = shapely.box(*(boxes[:, :2] - reach).T, *(boxes[:, 2:] + reach).T)
    for one, other in shapely.STRtree(grown).query(grown, predicate="intersects").T.tolist():
        if one < other:
            yield one, other


def _on_a_plane(first: shapely.Geometry, second: shapely.Geometry) -> tuple[shapely.Geometry, shapely.Geometry]:
    """Both shapes in metres on one plane: what was equal in degrees is equal there."""
    west, south, east, north = shapely.total_bounds([first, second]).tolist()
    middle = np.array([(west + east) / 2.0, (south + north) / 2.0])
    scale = np.array(metres_per_degree(float(middle[1])))
    near, far = (shapely.transform(shape, lambda degrees: (degrees - middle) * scale) for shape in (first, second))
    return near, far
