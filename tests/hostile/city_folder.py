"""A small city in a folder, sound until a test puts something hostile in the place of one of its files."""

import json
from pathlib import Path
from typing import Any

from service.publication import FileFault, Publication, Unpublishable, load_calendar, load_city
from tests.support.documents import GOOD

CITY = """\
schema = 1
id = "testburg"
name = { zh = "试城", en = "Testburg" }
timezone = "Asia/Shanghai"
record_from = 2020-01-01
complete_from = 2020-01-01
"""

WEST, SOUTH, EAST, NORTH = 122.6, 41.3, 123.7, 42.4
"""The coverage of the city in degrees."""


def properties(key: str, kind: str = "area") -> dict[str, Any]:
    return {
        "id": key,
        "city": "testburg",
        "name_zh": "区域",
        "name_en": "zone",
        "kind": kind,
        "quality": "synthetic",
        "error_m": 0,
        "basis": "drawn for a test",
    }


def feature(key: str, geometry: str, kind: str = "area") -> str:
    """A feature as text; `geometry` is put in as it stands, JSON or not."""
    said = json.dumps(properties(key, kind), ensure_ascii=False)
    return f'{{"type":"Feature","properties":{said},"geometry":{geometry}}}'


def ring(*positions: tuple[float, float]) -> str:
    return json.dumps([[list(position) for position in positions]])


def box(west: float, south: float, east: float, north: float) -> list[list[float]]:
    return [[west, south], [east, south], [east, north], [west, north], [west, south]]


OUTLINE = feature("cover", json.dumps({"type": "Polygon", "coordinates": [box(WEST, SOUTH, EAST, NORTH)]}), "coverage")


def zones_file(*features: str) -> bytes:
    """A zone document of the city's outline and the features."""
    return f'{{"type":"FeatureCollection","features":[{",".join((OUTLINE, *features))}]}}'.encode()


GOOD_ZONES = zones_file(
    feature("ring", json.dumps({"type": "Polygon", "coordinates": [box(123.1, 41.6, 123.2, 41.7)]}))
)


def write_city(
    folder: Path, *, notice: str | bytes = GOOD, city: str | bytes = CITY, zones: bytes = GOOD_ZONES, **more: str
) -> Path:
    """The folder with its three files; `more` are further notices by name."""
    folder.mkdir(parents=True, exist_ok=True)
    files = {"city.toml": city, "n-1.toml": notice, **{f"{name}.toml": text for name, text in more.items()}}
    for name, text in files.items():
        (folder / name).write_bytes(text.encode() if isinstance(text, str) else text)
    (folder / "zones.geojson").write_bytes(zones)
    return folder


def published(folder: Path) -> Publication | tuple[FileFault, ...]:
    """What `tongxing check` finds in the folder: a publication, or every fault."""
    try:
        return load_city(folder, load_calendar())
    except Unpublishable as unpublishable:
        return unpublishable.faults
