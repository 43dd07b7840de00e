"""Zones: the values, and how an area gets its final shape from what was drawn.

The law counts roads in (含) or out (不含) one by one, so an area is its drawn polygon, plus named roads, minus named
roads; a road is a line with a width. Shapes are put together once, here, while a document is read. Nothing else in the
service may cut or grow a shape: overlays of hostile shapes take minutes and gigabytes, so what goes into one is
validated, capped and counted before.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, fields
from enum import StrEnum
from graphlib import CycleError, TopologicalSorter

import numpy as np
import shapely

from geodata.errors import Fault, MalformedGeometry
from geodata.projection import Floats, edges_of, metres_per_degree, middle_scale

KEY = re.compile(r"[a-z0-9][a-z0-9-]{0,63}")
"""What an id of a zone, a road or a city looks like (the whole text must match)."""

# Pairs of edges near each other that an overlay or a buffer may have to sort out. Measured: 0.02 to 0.07 ms a pair, so
# at most a few seconds; the largest real zone here has a few thousand, two combs of 1,600 vertices have 640,000.
_MAX_NEAR_PAIRS = 40_000

# GEOS drops, before it buffers a line, what turns by less than a hundredth of the distance; counting does the same.
_BUFFER_TOLERANCE = 0.01


class Kind(StrEnum):
    """An area is a polygon with roads counted in or out; a road is a line with a width."""

    AREA = "area"
    ROAD = "road"


class Level(StrEnum):
    """What a zone or a vehicle is on, where street, viaduct and tunnel share longitude and latitude."""

    GROUND = "ground"
    ELEVATED = "elevated"
    TUNNEL = "tunnel"


class Quality(StrEnum):
    """Where a shape comes from: a survey, a map and some anchors, or memory and the wish to have an example."""

    SURVEYED = "surveyed"
    APPROXIMATE = "approximate"
    SYNTHETIC = "synthetic"


@dataclass(frozen=True, slots=True, kw_only=True)
class ZoneDrawing:
    """A zone as its author stated it.

    `drawn` is the geometry of the document in normal form, longitude and latitude in degrees of WGS-84: a polygon for
    an area, a line for a road, in the order in which it was drawn. `width_m` is the whole width of a road in metres.
    `plus_roads` and `minus_roads` are the roads an area counts in and leaves out. `within` are the zones that hold
    this one by declaration (parents; their parents follow). A zone with a `level` holds only what is on that level, one
    without holds every level. `error_m` says how far the drawn edges may lie from the real ones, in metres. `basis` is
    where the shape comes from, in words.
    """

    key: str
    city: str
    name_zh: str
    name_en: str
    kind: Kind
    drawn: shapely.Geometry
    width_m: float | None
    plus_roads: tuple[str, ...]
    minus_roads: tuple[str, ...]
    within: tuple[str, ...]
    level: Level | None
    quality: Quality
    error_m: float
    basis: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Zone(ZoneDrawing):
    """A zone with its final shape, a valid Polygon or MultiPolygon in degrees of WGS-84; its boundary belongs to it."""

    shape: shapely.Geometry


@dataclass(frozen=True, slots=True, kw_only=True)
class Coverage:
    """The outline within which a city's zones are complete; data of its own, not a zone."""

    key: str
    city: str
    name_zh: str
    name_en: str
    shape: shapely.Geometry
    quality: Quality
    error_m: float
    basis: str


def assemble(drawings: Sequence[tuple[str, ZoneDrawing]]) -> tuple[Zone, ...]:
    """Zones with their final shapes, in the order given.

    Each drawing comes with the path of its feature, which faults begin with. All zones that a drawing names must be
    among them. Raises `MalformedGeometry` with every fault.
    """
    faults = list(_reference_faults(drawings))
    if faults:
        raise MalformedGeometry(faults)
    roads: dict[str, shapely.Geometry] = {}
    for path, drawing in drawings:
        if drawing.kind is Kind.ROAD:
            corridor = _corridor(drawing, path, faults)
            if corridor is not None:
                roads[drawing.key] = corridor
    if faults:
        raise MalformedGeometry(faults)
    zones = []
    for path, drawing in drawings:
        shape = roads[drawing.key] if drawing.kind is Kind.ROAD else _area(drawing, roads, path, faults)
        if shape is not None:
            zones.append(Zone(**{part.name: getattr(drawing, part.name) for part in fields(drawing)}, shape=shape))
    if faults:
        raise MalformedGeometry(faults)
    return tuple(zones)


def ancestry(within: Mapping[str, Iterable[str]]) -> dict[str, frozenset[str]]:
    """All ancestors of every key, parents before their children. Raises `graphlib.CycleError` when there is a circle.

    >>> {key: sorted(held_by) for key, held_by in ancestry({"street": ["ring"], "ring": ["city"], "city": []}).items()}
    {'city': [], 'ring': ['city'], 'street': ['city', 'ring']}
    """
    result: dict[str, frozenset[str]] = {}
    for key in TopologicalSorter(within).static_order():
        parents = frozenset(within[key])
        result[key] = parents.union(*(result[parent] for parent in parents))
    return result


def overlap_m2(one: shapely.Geometry, other: shapely.Geometry) -> float:
    """The area in square metres that two valid shapes share.

    Infinite when their edges cross too often for the overlay to be tried: such shapes overlap, how much is not known.
    """
    return overlap(one, other)[0]


def overlap(one: shapely.Geometry, other: shapely.Geometry) -> tuple[float, float]:
    """The area in square metres that two valid shapes share, and the mean width in metres of its widest part.

    Both are infinite when their edges cross too often for the overlay to be tried.
    """
    if tangled(edges_of(one), edges_of(other), 0.0):
        return float("inf"), float("inf")
    shared = shapely.intersection(one, other)
    if shared.is_empty:
        return 0.0, 0.0
    scale = np.array(middle_scale(shared))
    parts = shapely.get_parts(shapely.transform(shared, lambda degrees: degrees * scale))
    areas, lengths = shapely.area(parts), shapely.length(parts)
    # A strip is about as long as half its outline; what is no strip is wider than this says.
    widths = 2.0 * areas / np.where(lengths > 0.0, lengths, 1.0)
    return float(areas.sum()), float(widths.max())


def points_inside_all(shapes: Sequence[shapely.Geometry], most: int = 16) -> tuple[tuple[float, float], ...]:
    """Points (degrees) that lie in all of some valid shapes, far from their edges, the largest common part first.

    None if they share no area, or their edges cross too often for the overlay to be tried.
    """
    shared, *others = shapes
    for other in others:
        if shared.is_empty or tangled(edges_of(shared), edges_of(other), 0.0):
            return ()
        shared = _areal(shapely.intersection(shared, other))
    parts = sorted(shapely.get_parts(shared), key=shapely.area, reverse=True)[:most]
    # From the middle of the largest circle inside to where it touches the edge.
    radii = [shapely.maximum_inscribed_circle(part) for part in parts if part.area > 0.0]
    return tuple((float(x), float(y)) for x, y in (radius.coords[0] for radius in radii))


def tangled(some: Floats, others: Floats, distance: float) -> bool:
    """Whether too many pairs of edges come within `distance` of each other for their shapes to be laid together."""
    return _near_pairs(some, others, distance) > _MAX_NEAR_PAIRS


def _corridor(drawing: ZoneDrawing, path: str, faults: list[Fault]) -> shapely.Geometry | None:
    """The strip of a road: all within half its width of its line, ends rounded.

    Grown on a plane at the road's middle latitude; a road that reaches 50 km north and south of it is 0.7 % too wide
    or too narrow there, 20 cm on a width of 60 m.
    """
    west, south, east, north = drawing.drawn.bounds
    middle = np.array([(west + east) / 2.0, (south + north) / 2.0])
    scale = np.array(metres_per_degree(float(middle[1])))
    half = (drawing.width_m or 0.0) / 2.0
    line = shapely.transform(drawing.drawn, lambda degrees: (degrees - middle) * scale)
    edges = edges_of(shapely.simplify(line, half * _BUFFER_TOLERANCE, preserve_topology=False))
    if tangled(edges, edges, half):
        expected = f"a line of which at most {_MAX_NEAR_PAIRS} pairs of edges come closer than the road is wide"
        faults.append(Fault(f"{path}.geometry", "too-tangled", expected, "more"))
        return None
    strip = shapely.buffer(line, half)
    return _usable(shapely.transform(strip, lambda metres: metres / scale + middle), path, faults)


def _area(
    drawing: ZoneDrawing, roads: Mapping[str, shapely.Geometry], path: str, faults: list[Fault]
) -> shapely.Geometry | None:
    shape = drawing.drawn
    for name, keys, overlay in (
        ("plus_roads", drawing.plus_roads, shapely.union),
        ("minus_roads", drawing.minus_roads, shapely.difference),
    ):
        for i, key in enumerate(keys):
            if tangled(edges_of(shape), edges_of(roads[key]), 0.0):
                expected = f"a road with at most {_MAX_NEAR_PAIRS} pairs of edges near those of the area"
                faults.append(Fault(f"{path}.properties.{name}[{i}]", "too-tangled", expected, key))
                return None
            shape = _areal(overlay(shape, roads[key]))
    # What was drawn is valid already; only what was put together needs to be looked at again.
    return _usable(shape, path, faults) if drawing.plus_roads or drawing.minus_roads else shape


def _areal(shape: shapely.Geometry) -> shapely.Geometry:
    """The polygons of an overlay's result.

    Where an edge of the road runs along an edge of the area up to rounding, GEOS may leave the piece of line between
    them beside the polygons; it has no area and is nobody's law.
    """
    if shape.geom_type in ("Polygon", "MultiPolygon"):
        return shape
    polygons = [part for part in shapely.get_parts(shape) if shapely.get_dimensions(part) == 2]
    return polygons[0] if len(polygons) == 1 else shapely.MultiPolygon(polygons)


def _usable(shape: shapely.Geometry, path: str, faults: list[Fault]) -> shapely.Geometry | None:
    """The shape, unless putting it together left nothing or something that is not valid."""
    if shape.is_empty:
        faults.append(Fault(f"{path}.properties", "empty", "an area left after its minus_roads", "none"))
    elif not shapely.is_valid(shape):
        expected = "a valid shape once roads are counted in and out"
        faults.append(Fault(f"{path}.geometry", "invalid-geometry", expected, shapely.is_valid_reason(shape).lower()))
    else:
        return shape
    return None


def _near_pairs(some: Floats, others: Floats, distance: float) -> int:
    """How many pairs of edges have boxes that meet once each box is grown by `distance`; stops when it is too many."""
    low = np.minimum(others[:, :2], others[:, 2:]) - distance
    high = np.maximum(others[:, :2], others[:, 2:]) + distance
    count = 0
    for start in range(0, len(some), 256):
        block = some[start : start + 256, np.newaxis]
        bottom = np.minimum(block[..., :2], block[..., 2:]) - distance
        top = np.maximum(block[..., :2], block[..., 2:]) + distance
        count += int(((bottom <= high) & (top >= low)).all(axis=-1).sum())
        if count > _MAX_NEAR_PAIRS:
            break
    return count


def _reference_faults(drawings: Sequence[tuple[str, ZoneDrawing]]) -> Iterable[Fault]:
    """What is wrong with the names by which zones refer to one another."""
    first: dict[str, tuple[str, ZoneDrawing]] = {}
    for path, drawing in drawings:
        if drawing.key in first:
            expected = f"an id of its own, {first[drawing.key][0]} has the same"
            yield Fault(f"{path}.properties.id", "duplicate-id", expected, drawing.key)
        first.setdefault(drawing.key, (path, drawing))
    known = {key: drawing for key, (_, drawing) in first.items()}
    sound = True
    for path, drawing in drawings:
        for name in ("plus_roads", "minus_roads", "within"):
            for i, key in enumerate(getattr(drawing, name)):
                fault = _reference_fault(drawing, name, key, known)
                if fault is not None:
                    sound = False
                    yield Fault(f"{path}.properties.{name}[{i}]", *fault)
    if sound:
        yield from _circle_faults({key: drawing.within for key, drawing in known.items()}, first)


def _reference_fault(
    drawing: ZoneDrawing, name: str, key: str, known: Mapping[str, ZoneDrawing]
) -> tuple[str, str, str] | None:
    other = known.get(key)
    if other is None:
        return "unknown-zone", "the id of a zone of this document", key
    if other.city != drawing.city:
        return "other-city", f"a zone of {drawing.city}", f"{key} of {other.city}"
    if name == "within":
        if key == drawing.key:
            return "circular-within", "another zone", key
        if other.level is not None and other.level is not drawing.level:
            return "level-conflict", f"a zone that holds {drawing.level or 'every level'}", f"{key}, {other.level} only"
    elif other.kind is not Kind.ROAD:
        return "not-a-road", "the id of a road", f"{key}, an area"
    elif name == "minus_roads" and key in drawing.plus_roads:
        return "plus-and-minus", "a road that is not among plus_roads too", key
    return None


def _circle_faults(
    within: Mapping[str, Iterable[str]], first: Mapping[str, tuple[str, ZoneDrawing]]
) -> Iterable[Fault]:
    try:
        ancestry(within)
    except CycleError as error:
        circle: list[str] = error.args[1]
        place = f"{first[circle[0]][0]}.properties.within"
        yield Fault(place, "circular-within", "zones that do not hold themselves", " in ".join(circle))
