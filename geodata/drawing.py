"""From a GeoJSON geometry object to a Shapely geometry, or to every fault in it with its place.

Nothing is repaired. A repaired shape is another law than the one that was drawn: `make_valid` turns the overlap of two
parts into a hole or keeps it, depending on its method, and it can take minutes on a few hundred crossing edges. What
is harmless is brought to one form: rings run counter-clockwise (holes clockwise), repeated positions are dropped, an
ordinate of height that is zero is dropped, and coordinates are rounded to 1e-7 degrees (about 1 cm). Validity is judged
after the rounding, because rounding can fold a thin shape over itself.

Counts are checked before anything else is looked at, so that a hostile shape costs no more than its reading.
"""

import math
import re
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any, TypeAlias

import numpy as np
import shapely

from geodata.errors import Fault, MalformedGeometry
from geodata.projection import distances, edges_of, middle_scale

MAX_VERTICES = 20_000
MAX_HOLES = 500
MAX_PARTS = 200
MAX_EDGE_DEGREES = 5.0
MIN_AREA_M2 = 1.0
DECIMALS = 7
_LONGEST_SHOWN = 40

AREA_TYPES = ("Polygon", "MultiPolygon")
ROAD_TYPES = ("LineString", "MultiLineString")

Box: TypeAlias = tuple[float, float, float, float]
"""West, south, east, north in degrees."""

_Line: TypeAlias = list[tuple[float, float]]


def draw(geometry: object, path: str, types: tuple[str, ...], service_area: Box | None = None) -> shapely.Geometry:
    """The geometry of the GeoJSON object, WGS-84 longitude and latitude, valid and in normal form.

    `path` is the object's place in its document; `types` are the GeoJSON types that will do; `service_area` is where
    the geometry must lie. Raises `MalformedGeometry` with all faults that can be told apart.
    """
    reading = _Reading(service_area)
    lines = reading.lines(geometry, path, types)
    if reading.faults:
        raise MalformedGeometry(reading.faults)
    exact = _assembled(lines, lambda line: line)
    rounded = _assembled(lines, _rounded)
    reading.judge(exact, rounded, f"{path}.coordinates")
    if reading.faults:
        raise MalformedGeometry(reading.faults)
    return rounded


@dataclass(frozen=True, slots=True)
class _Lines:
    """The coordinates of a geometry as parts of lines: a polygon's rings, or the one line of a road's part."""

    kind: str
    parts: tuple[tuple[_Line, ...], ...]


@dataclass(slots=True)
class _Reading:
    """One reading of one geometry, collecting faults."""

    service_area: Box | None
    faults: list[Fault] = field(default_factory=list)

    def fault(self, path: str, code: str, expected: str, found: str) -> None:
        self.faults.append(Fault(path, code, expected, found))

    def lines(self, geometry: object, path: str, types: tuple[str, ...]) -> _Lines:
        kind, coordinates = self._opened(geometry, path, types)
        if self.faults or not self._counted(kind, coordinates, f"{path}.coordinates"):
            return _Lines(kind, ())
        place = f"{path}.coordinates"
        listed = coordinates if kind.startswith("Multi") else [coordinates]
        places = [f"{place}[{i}]" for i in range(len(listed))] if kind.startswith("Multi") else [place]
        dimensions: set[int] = set()
        parts = tuple(self._part(kind, part, at, dimensions) for part, at in zip(listed, places, strict=True))
        if len(dimensions) > 1:
            self.fault(place, "mixed-dimensions", "the same number of ordinates in every position", "two and three")
        self._placed(parts, places, kind)
        return _Lines(kind, parts)

    def _opened(self, geometry: object, path: str, types: tuple[str, ...]) -> tuple[str, Any]:
        wanted = " or ".join(types)
        if not isinstance(geometry, dict):
            self.fault(path, "wrong-type", f"a {wanted} object", described(geometry))
            return "", None
        kind = geometry.get("type")
        if kind not in types:
            self.fault(f"{path}.type", "geometry-type", wanted, described(kind))
            return "", None
        for name in geometry:
            if name == "crs":
                self.fault(f"{path}.crs", "foreign-crs", "no crs member: coordinates are WGS-84", "a crs member")
            elif name not in ("type", "coordinates"):
                self.fault(member(path, name), "unknown-member", "only type and coordinates", described(name))
        if not isinstance(geometry.get("coordinates"), list):
            self.fault(f"{path}.coordinates", "wrong-type", "an array", described(geometry.get("coordinates")))
        return str(kind), geometry.get("coordinates")

    def _counted(self, kind: str, coordinates: Any, path: str) -> bool:
        """Whether the sizes are bearable; looks at lengths only."""
        parts = coordinates if kind.startswith("Multi") else [coordinates]
        if len(parts) > MAX_PARTS:
            self.fault(path, "too-many-parts", f"at most {MAX_PARTS} parts", str(len(parts)))
        parts = [part for part in parts if isinstance(part, list)]
        if kind.endswith("Polygon"):
            holes = sum(max(len(part) - 1, 0) for part in parts)
            if holes > MAX_HOLES:
                self.fault(path, "too-many-holes", f"at most {MAX_HOLES} holes", str(holes))
            parts = [ring for part in parts for ring in part if isinstance(ring, list)]
        vertices = sum(len(line) for line in parts)
        if vertices > MAX_VERTICES:
            self.fault(path, "too-many-vertices", f"at most {MAX_VERTICES} positions", str(vertices))
        return not self.faults

    def _part(self, kind: str, part: Any, path: str, dimensions: set[int]) -> tuple[_Line, ...]:
        if not kind.endswith("Polygon"):
            return (self._line(part, path, dimensions),)
        if not isinstance(part, list) or not part:
            self.fault(path, "empty", "an array of at least one ring", described(part))
            return ()
        return tuple(self._ring(ring, f"{path}[{i}]", dimensions) for i, ring in enumerate(part))

    def _ring(self, ring: Any, path: str, dimensions: set[int]) -> _Line:
        before = len(self.faults)
        line = self._positions(ring, path, dimensions)
        if len(self.faults) > before:
            return line
        if len(line) < 4:
            self.fault(path, "too-few-positions", "a ring of at least 4 positions", str(len(line)))
        elif line[0] != line[-1]:
            self.fault(
                path, "unclosed-ring", f"the last position to equal the first, {_shown(line[0])}", _shown(line[-1])
            )
        elif len(set(_rounded(line))) < 3:
            self.fault(path, "zero-area", "at least 3 different positions after rounding to 1e-7 degrees", "fewer")
        return line

    def _line(self, positions: Any, path: str, dimensions: set[int]) -> _Line:
        before = len(self.faults)
        line = self._positions(positions, path, dimensions)
        if len(self.faults) == before and len(set(_rounded(line))) < 2:
            self.fault(path, "too-few-positions", "a line of at least 2 different positions", str(len(line)))
        return line

    def _positions(self, positions: Any, path: str, dimensions: set[int]) -> _Line:
        if not isinstance(positions, list):
            self.fault(path, "wrong-type", "an array of positions", described(positions))
            return []
        line: _Line = []
        for i, position in enumerate(positions):
            read = self._position(position, f"{path}[{i}]", dimensions)
            if read is not None:
                line.append(read)
        if len(line) < len(positions):
            return []
        self._edges(line, path)
        return line

    def _position(self, position: Any, path: str, dimensions: set[int]) -> tuple[float, float] | None:
        if not isinstance(position, list) or len(position) not in (2, 3):
            found = f"{len(position)} ordinates" if isinstance(position, list) else described(position)
            self.fault(path, "position", "an array of longitude and latitude", found)
            return None
        for ordinate in position:
            if isinstance(ordinate, bool) or not isinstance(ordinate, int | float):
                self.fault(path, "wrong-type", "numbers of degrees", described(ordinate))
                return None
            # Compared, not converted: an integer of 400 digits does not fit into a float.
            if ordinate != ordinate or abs(ordinate) == math.inf:
                self.fault(path, "not-finite", "finite numbers", "a number that is not finite")
                return None
        lon, lat = position[0], position[1]
        if abs(lon) > 180 or abs(lat) > 90:
            hint = " (longitude and latitude swapped?)" if abs(lon) <= 90 and abs(lat) <= 180 else ""
            if abs(lon) > 360 and abs(lat) > 360:
                hint = " (metres of a projected system?)"
            limits = f"longitude -180 to 180, latitude -90 to 90{hint}"
            self.fault(path, "coordinates-out-of-range", limits, f"[{_short(lon)}, {_short(lat)}]")
            return None
        if len(position) == 3 and position[2] != 0:
            self.fault(
                path, "height", "no height: a viaduct says level = elevated, not so many metres", _short(position[2])
            )
            return None
        dimensions.add(len(position))
        return float(lon), float(lat)

    def _edges(self, line: _Line, path: str) -> None:
        for i, (start, end) in enumerate(pairwise(line)):
            span = max(abs(start[0] - end[0]), abs(start[1] - end[1]))
            if span > MAX_EDGE_DEGREES:
                self.fault(
                    f"{path}[{i + 1}]",
                    "edge-too-long",
                    f"edges of at most {MAX_EDGE_DEGREES:g} degrees (none crosses the 180th meridian)",
                    f"an edge of {span:g} degrees",
                )

    def _placed(self, parts: tuple[tuple[_Line, ...], ...], places: list[str], kind: str) -> None:
        """Whether every position lies in the service area; with the hint, when the swapped one would."""
        if self.service_area is None:
            return
        west, south, east, north = self.service_area
        for part, place in zip(parts, places, strict=True):
            for number, line in enumerate(part):
                for i, (lon, lat) in enumerate(line):
                    if west <= lon <= east and south <= lat <= north:
                        continue
                    swapped = west <= lat <= east and south <= lon <= north
                    hint = " (longitude and latitude swapped?)" if swapped else ""
                    self.fault(
                        f"{place}[{number}][{i}]" if kind.endswith("Polygon") else f"{place}[{i}]",
                        "outside-service-area",
                        f"longitude {west:g} to {east:g}, latitude {south:g} to {north:g}{hint}",
                        _shown((lon, lat)),
                    )

    def judge(self, exact: shapely.Geometry, rounded: shapely.Geometry, path: str) -> None:
        """What the geometry library says of the whole shape."""
        if shapely.get_dimensions(rounded) < 2:
            if rounded.is_empty:
                self.fault(path, "empty", "at least one line", "none")
            return
        if rounded.is_empty:
            self.fault(path, "empty", "at least one polygon: an empty zone means nowhere", "none")
            return
        if not shapely.is_valid(rounded):
            reason = shapely.is_valid_reason(rounded)
            folded = shapely.is_valid(exact)
            self.fault(
                _edge_at(rounded, reason, path),
                "invalid-after-rounding" if folded else "invalid-geometry",
                "a valid shape after rounding to 1e-7 degrees" if folded else "a shape that nowhere meets itself",
                _in_words(reason),
            )
            return
        east, north = middle_scale(rounded)
        area = rounded.area * east * north
        if area < MIN_AREA_M2:
            self.fault(path, "zero-area", f"an area of at least {MIN_AREA_M2:g} m2", f"{area:.3g} m2")


def _rounded(line: _Line) -> _Line:
    """The line at 1e-7 degrees without repeated positions (adding 0.0 turns -0.0 into 0.0)."""
    rounded = [(round(lon, DECIMALS) + 0.0, round(lat, DECIMALS) + 0.0) for lon, lat in line]
    return [position for i, position in enumerate(rounded) if i == 0 or position != rounded[i - 1]]


def _assembled(lines: _Lines, change: Any) -> shapely.Geometry:
    if lines.kind.endswith("Polygon"):
        polygons = [
            shapely.Polygon(_wound(change(part[0]), True), [_wound(change(hole), False) for hole in part[1:]])
            for part in lines.parts
        ]
        return polygons[0] if lines.kind == "Polygon" else shapely.MultiPolygon(polygons)
    drawn = [shapely.LineString(change(part[0])) for part in lines.parts]
    return drawn[0] if lines.kind == "LineString" else shapely.MultiLineString(drawn)


def _wound(ring: _Line, counter_clockwise: bool) -> _Line:
    # Coordinates relative to the first position keep the products small and the sign of tiny rings right.
    x, y = np.array(ring).T - np.array(ring[0])[:, np.newaxis]
    turns_left = float(np.dot(x[:-1], y[1:]) - np.dot(x[1:], y[:-1])) > 0.0
    return ring if turns_left is counter_clockwise else ring[::-1]


def _edge_at(shape: shapely.Geometry, reason: str, path: str) -> str:
    """The place of the position at which the edge begins that runs through the point of a validity report."""
    point = re.search(r"\[(\S+) (\S+)\]", reason)
    if point is None:
        return path
    x, y = float(point[1]), float(point[2])
    nearest, best = path, math.inf
    parts = shapely.get_parts(shape)
    for i, part in enumerate(parts):
        for j, ring in enumerate(shapely.get_rings(part)):
            far = distances(edges_of(ring), x, y, (1.0, 1.0))
            k = int(np.argmin(far))
            if far[k] < best:
                inner = f"[{i}]" if shape.geom_type == "MultiPolygon" else ""
                nearest, best = f"{path}{inner}[{j}][{k}]", float(far[k])
    return nearest


def _in_words(reason: str) -> str:
    return re.sub(r"\[(\S+) (\S+)\]", r" at [\1, \2]", reason).lower()


def _shown(position: tuple[float, float]) -> str:
    return f"[{position[0]!r}, {position[1]!r}]"


def _short(number: float) -> str:
    text = str(number)
    return text if len(text) <= 24 else f"{text[:20]}..."


def member(path: str, name: str) -> str:
    """The place of a member that is named in the document, whatever its name is."""
    return f"{path}.{_printable(name)}" if path else _printable(name)


def described(value: object) -> str:
    """What was found, short enough for a message, and without a sign that would steer the terminal it is read in."""
    if value is None:
        return "nothing"
    if isinstance(value, str):
        return f'"{_printable(value)}"'
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | float):
        return _short(value)
    return "an array" if isinstance(value, list) else "an object"


def _printable(text: str) -> str:
    shown = "".join(sign if sign.isprintable() else ascii(sign)[1:-1] for sign in text[:_LONGEST_SHOWN])
    return shown if len(text) <= _LONGEST_SHOWN else f"{shown}..."
