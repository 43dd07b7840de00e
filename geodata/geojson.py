"""Zone documents: strict RFC 7946 bytes to zones and coverage outlines, and back.

A document is one FeatureCollection. Its features are areas (Polygon or MultiPolygon), roads (LineString or
MultiLineString, with a width) and coverage outlines; members and properties that are not listed here are refused,
because a misspelt property is a lost one. Coordinates are WGS-84; convert before with `geodata.crs`. Writing is
canonical: the same zones give the same bytes, one feature a line, and reading them again gives the same zones.
"""

import json
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, TypeVar

import numpy as np
import shapely

from geodata.converted import shape_in
from geodata.crs import Crs
from geodata.drawing import AREA_TYPES, DECIMALS, ROAD_TYPES, Box, described, draw, member
from geodata.errors import Fault, MalformedGeometry
from geodata.strict_json import read_json
from geodata.zones import KEY, Coverage, Kind, Level, Quality, Zone, ZoneDrawing, assemble

MAX_FEATURES = 2_000
MIN_WIDTH_M = 1.0
MAX_WIDTH_M = 500.0
MAX_ERROR_M = 100_000.0
_MAX_NAME = 200
_MAX_BASIS = 2_000
_COVERAGE = "coverage"

# How far, in degrees, a zone may reach beyond the box of its city's coverage outline: outlines are coarse.
_AROUND_COVERAGE = 0.1

_COMMON = ("id", "city", "name_zh", "name_en", "kind", "quality", "error_m", "basis")
_PROPERTIES: Mapping[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    Kind.AREA.value: (_COMMON, ("plus_roads", "minus_roads", "within", "level")),
    Kind.ROAD.value: ((*_COMMON, "width_m"), ("within", "level")),
    _COVERAGE: (_COMMON, ()),
}

_Word = TypeVar("_Word", bound=StrEnum)


def zones_from_geojson(
    data: bytes, *, service_area: Box | None = None
) -> tuple[tuple[Zone, ...], tuple[Coverage, ...]]:
    """Zones and coverage outlines of a document, in its order.

    Every position must lie in `service_area` (west, south, east, north in degrees), or, when none is given, in or
    within 0.1 degrees of the box round the coverage outline of its city, if the document has one. Raises
    `MalformedGeometry` with every fault that can be told apart.
    """
    features = _features(read_json(data))
    reading = _Reading([])
    coverage = [
        reading.coverage(path, feature, service_area)
        for path, feature in features
        if _property(feature, "kind") == _COVERAGE
    ]
    outlines = tuple(outline for outline in coverage if outline is not None)
    boxes = {outline.city: _grown(outline.shape.bounds) for outline in outlines}
    drawings = [
        (path, reading.zone(path, feature, service_area or boxes.get(str(_property(feature, "city")))))
        for path, feature in features
        if _property(feature, "kind") != _COVERAGE
    ]
    if reading.faults:
        raise MalformedGeometry(sorted(reading.faults, key=lambda fault: _feature_number(fault.path)))
    return assemble([(path, drawing) for path, drawing in drawings if drawing is not None]), outlines


def zones_to_geojson(zones: Iterable[Zone], coverage: Iterable[Coverage]) -> bytes:
    """The canonical document: coverage first, then zones by id, as they were drawn; UTF-8, one feature a line."""
    features = [_coverage_feature(outline) for outline in sorted(coverage, key=lambda outline: outline.key)]
    features += [
        _feature(_properties(zone), geometry_document(zone.drawn)) for zone in sorted(zones, key=lambda zone: zone.key)
    ]
    lines = ",\n".join(json.dumps(feature, ensure_ascii=False, separators=(", ", ": ")) for feature in features)
    return ('{"type": "FeatureCollection", "features": [\n' + lines + "\n]}\n").encode()


def feature_of(zone: Zone, crs: Crs = Crs.WGS84) -> dict[str, Any]:
    """The zone as a GeoJSON Feature with its final shape (a road is its strip, not its line).

    In another system than WGS-84 it has the form of a Feature, but is none as RFC 7946 has it: whoever passes it on
    must say so.
    """
    return _feature(_properties(zone), geometry_of(zone, crs))


def geometry_of(zone: Zone, crs: Crs = Crs.WGS84) -> dict[str, Any]:
    """The final shape as a GeoJSON geometry, degrees of `crs` at 7 decimals (about 1 cm)."""
    return geometry_document(shape_in(zone.shape, crs))


def geometry_document(shape: shapely.Geometry) -> dict[str, Any]:
    """A shape as a GeoJSON geometry, its degrees at 7 decimals (about 1 cm)."""
    kind: str = shape.geom_type
    parts = [
        [_line(ring) for ring in shapely.get_rings(part)] if kind.endswith("Polygon") else _line(part)
        for part in shapely.get_parts(shape)
    ]
    return {"type": kind, "coordinates": parts if kind.startswith("Multi") else parts[0]}


def _feature(properties: dict[str, Any], geometry: dict[str, Any]) -> dict[str, Any]:
    return {"type": "Feature", "properties": properties, "geometry": geometry}


def _properties(zone: Zone) -> dict[str, Any]:
    properties: dict[str, Any] = {
        "id": zone.key,
        "city": zone.city,
        "name_zh": zone.name_zh,
        "name_en": zone.name_en,
        "kind": zone.kind.value,
    }
    if zone.kind is Kind.ROAD:
        properties["width_m"] = _number(zone.width_m)
    else:
        properties |= {"plus_roads": list(zone.plus_roads), "minus_roads": list(zone.minus_roads)}
    properties["within"] = list(zone.within)
    if zone.level is not None:
        properties["level"] = zone.level.value
    return properties | {"quality": zone.quality.value, "error_m": _number(zone.error_m), "basis": zone.basis}


def _coverage_feature(outline: Coverage) -> dict[str, Any]:
    properties = {
        "id": outline.key,
        "city": outline.city,
        "name_zh": outline.name_zh,
        "name_en": outline.name_en,
        "kind": _COVERAGE,
        "quality": outline.quality.value,
        "error_m": _number(outline.error_m),
        "basis": outline.basis,
    }
    return _feature(properties, geometry_document(outline.shape))


def _number(value: float | None) -> float | int | None:
    return int(value) if value is not None and value == int(value) else value


def _line(line: shapely.Geometry) -> list[list[float]]:
    # Two corners of a grown road may round to one position, which would be an edge of no length.
    rounded = (np.round(shapely.get_coordinates(line), DECIMALS) + 0.0).tolist()
    return [position for i, position in enumerate(rounded) if i == 0 or position != rounded[i - 1]]


def _features(document: object) -> list[tuple[str, dict[str, Any]]]:
    """The features of a document with their paths; faults in the frame end the reading."""
    if not isinstance(document, dict):
        raise MalformedGeometry([Fault("", "wrong-type", "a FeatureCollection object", described(document))])
    faults = []
    if document.get("type") != "FeatureCollection":
        faults.append(Fault("type", "wrong-type", "FeatureCollection", described(document.get("type"))))
    faults += _unknown_members(document, ("type", "features"), "")
    features = document.get("features")
    if not isinstance(features, list):
        faults.append(Fault("features", "wrong-type", "an array of features", described(features)))
    elif len(features) > MAX_FEATURES:
        faults.append(Fault("features", "too-many-features", f"at most {MAX_FEATURES}", str(len(features))))
    else:
        for i, feature in enumerate(features):
            faults += _frame_faults(feature, f"features[{i}]")
    if faults or not isinstance(features, list):
        raise MalformedGeometry(faults)
    return [(f"features[{i}]", feature) for i, feature in enumerate(features)]


def _frame_faults(feature: object, path: str) -> list[Fault]:
    if not isinstance(feature, dict):
        return [Fault(path, "wrong-type", "a Feature object", described(feature))]
    faults = _unknown_members(feature, ("type", "properties", "geometry"), path)
    if feature.get("type") != "Feature":
        faults.append(Fault(f"{path}.type", "wrong-type", "Feature", described(feature.get("type"))))
    if not isinstance(feature.get("properties"), dict):
        found = described(feature.get("properties"))
        faults.append(Fault(f"{path}.properties", "wrong-type", "an object", found))
    return faults


def _unknown_members(members: Mapping[str, Any], known: tuple[str, ...], path: str) -> list[Fault]:
    faults = []
    for name in members:
        place = member(path, name)
        if name == "crs":
            faults.append(Fault(place, "foreign-crs", "no crs member: RFC 7946 coordinates are WGS-84", "a crs member"))
        elif name not in known:
            faults.append(Fault(place, "unknown-member", f"only {', '.join(known)}", described(name)))
    return faults


def _property(feature: Mapping[str, Any], name: str) -> object:
    return feature["properties"].get(name)


def _grown(box: Box) -> Box:
    west, south, east, north = box
    return west - _AROUND_COVERAGE, south - _AROUND_COVERAGE, east + _AROUND_COVERAGE, north + _AROUND_COVERAGE


def _feature_number(path: str) -> int:
    return int(path[len("features[") : path.index("]")])


@dataclass(slots=True)
class _Reading:
    """One reading of the features of one document, collecting faults."""

    faults: list[Fault] = field(default_factory=list)

    def fault(self, path: str, code: str, expected: str, found: str) -> None:
        self.faults.append(Fault(path, code, expected, found))

    def coverage(self, path: str, feature: Mapping[str, Any], service_area: Box | None) -> Coverage | None:
        before = len(self.faults)
        common = self._common(path, feature["properties"], _COVERAGE)
        shape = self._drawn(path, feature, AREA_TYPES, service_area)
        return Coverage(**common, shape=shape) if len(self.faults) == before else None

    def zone(self, path: str, feature: Mapping[str, Any], service_area: Box | None) -> ZoneDrawing | None:
        before = len(self.faults)
        place, properties = f"{path}.properties", feature["properties"]
        kind = self._word(f"{place}.kind", properties.get("kind"), Kind, extra=(_COVERAGE,))
        if kind is None:
            return None
        common = self._common(path, properties, kind.value)
        road = kind is Kind.ROAD
        width_m = None
        if road:
            width_m = self._metres(f"{place}.width_m", properties.get("width_m"), MIN_WIDTH_M, MAX_WIDTH_M)
        level = self._word(f"{place}.level", properties["level"], Level) if "level" in properties else None
        plus, minus, within = (
            self._keys(f"{place}.{name}", properties.get(name, [])) for name in ("plus_roads", "minus_roads", "within")
        )
        drawn = self._drawn(path, feature, ROAD_TYPES if road else AREA_TYPES, service_area)
        if len(self.faults) > before:
            return None
        return ZoneDrawing(
            **common,
            kind=kind,
            drawn=drawn,
            width_m=width_m,
            plus_roads=plus,
            minus_roads=minus,
            within=within,
            level=level,
        )

    def _common(self, path: str, properties: Mapping[str, Any], kind: str) -> dict[str, Any]:
        place = f"{path}.properties"
        required, optional = _PROPERTIES[kind]
        for name in properties:
            if name not in required and name not in optional:
                expected = f"only {', '.join(required + optional)} for kind {kind}"
                self.fault(member(place, name), "unknown-property", expected, described(name))
        return {
            "key": self._key(f"{place}.id", properties.get("id")),
            "city": self._key(f"{place}.city", properties.get("city")),
            "name_zh": self._text(f"{place}.name_zh", properties.get("name_zh"), _MAX_NAME),
            "name_en": self._text(f"{place}.name_en", properties.get("name_en"), _MAX_NAME),
            "quality": self._word(f"{place}.quality", properties.get("quality"), Quality),
            "error_m": self._metres(f"{place}.error_m", properties.get("error_m"), 0.0, MAX_ERROR_M),
            "basis": self._text(f"{place}.basis", properties.get("basis"), _MAX_BASIS),
        }

    def _drawn(
        self, path: str, feature: Mapping[str, Any], types: tuple[str, ...], service_area: Box | None
    ) -> shapely.Geometry | None:
        try:
            return draw(feature.get("geometry"), f"{path}.geometry", types, service_area)
        except MalformedGeometry as error:
            self.faults += error.faults
            return None

    def _key(self, place: str, value: object) -> str:
        if isinstance(value, str) and KEY.fullmatch(value):
            return value
        self.fault(place, "bad-key", "1 to 64 of a-z, 0-9 and -, not beginning with -", described(value))
        return ""

    def _keys(self, place: str, value: object) -> tuple[str, ...]:
        if not isinstance(value, list):
            self.fault(place, "wrong-type", "an array of ids", described(value))
            return ()
        keys = tuple(self._key(f"{place}[{i}]", item) for i, item in enumerate(value))
        seen: set[str] = set()
        for i, key in enumerate(keys):
            if key and key in seen:
                self.fault(f"{place}[{i}]", "repeated", "every id once", key)
            seen.add(key)
        return keys

    def _text(self, place: str, value: object, longest: int) -> str:
        if not isinstance(value, str) or not value.strip() or len(value) > longest:
            self.fault(place, "bad-text", f"a text of 1 to {longest} characters", described(value))
            return ""
        if any(unicodedata.category(character) in ("Cc", "Cf", "Zl", "Zp") for character in value):
            self.fault(place, "bad-text", "a text without control characters", "one of them")
        return value

    def _word(self, place: str, value: object, words: type[_Word], extra: tuple[str, ...] = ()) -> _Word | None:
        if isinstance(value, str) and value in list(words):
            return words(value)
        self.fault(place, "unknown-word", f"one of {', '.join([*words, *extra])}", described(value))
        return None

    def _metres(self, place: str, value: object, least: float, most: float) -> float:
        if isinstance(value, int | float) and not isinstance(value, bool) and least <= value <= most:
            return float(value)
        self.fault(place, "out-of-range", f"a number of metres from {least:g} to {most:g}", described(value))
        return least
