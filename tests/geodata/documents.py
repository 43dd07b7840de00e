"""Zone documents for the tests of this folder, written by code."""

import json
from typing import Any

from geodata.geojson import zones_from_geojson
from geodata.index import ZoneIndex

Feature = dict[str, Any]


def polygon(*rings: list[list[float]]) -> dict[str, Any]:
    return {"type": "Polygon", "coordinates": list(rings)}


def line(*positions: list[float]) -> dict[str, Any]:
    return {"type": "LineString", "coordinates": list(positions)}


def box(west: float, south: float, east: float, north: float) -> list[list[float]]:
    return [[west, south], [east, south], [east, north], [west, north], [west, south]]


def area(key: str, geometry: Any, **properties: Any) -> Feature:
    return _feature(key, "area", geometry, properties)


def road(key: str, geometry: Any, width_m: float = 40, **properties: Any) -> Feature:
    return _feature(key, "road", geometry, {"width_m": width_m} | properties)


def coverage(key: str, geometry: Any, **properties: Any) -> Feature:
    return _feature(key, "coverage", geometry, properties)


def document(*features: Feature) -> bytes:
    return json.dumps({"type": "FeatureCollection", "features": list(features)}, ensure_ascii=False).encode()


def index_of(*features: Feature) -> ZoneIndex:
    return ZoneIndex(*zones_from_geojson(document(*features)))


def _feature(key: str, kind: str, geometry: Any, properties: dict[str, Any]) -> Feature:
    usual = {
        "id": key,
        "city": "shenyang",
        "name_zh": "区域",
        "name_en": "zone",
        "kind": kind,
        "quality": "synthetic",
        "error_m": 0,
        "basis": "drawn for a test",
    }
    return {"type": "Feature", "properties": usual | properties, "geometry": geometry}
