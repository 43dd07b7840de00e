"""Zone documents. An input is the bytes of a GeoJSON file."""

import json
import random
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import geodata
from geodata.errors import MalformedGeometry
from geodata.geojson import zones_from_geojson, zones_to_geojson
from tests.fuzz.target import MARK, ODD, Pool, Target, changed, places

_REFERENCES = ("plus_roads", "minus_roads", "within")


def check(data: bytes) -> bool:
    try:
        zones, coverage = zones_from_geojson(data)
    except MalformedGeometry as error:
        assert error.faults
        return False
    once = zones_to_geojson(zones, coverage)
    again, outlines = zones_from_geojson(once)
    assert again == tuple(sorted(zones, key=lambda zone: zone.key))
    assert outlines == tuple(sorted(coverage, key=lambda outline: outline.key))
    assert zones_to_geojson(again, outlines) == once
    return True


def _seeds() -> Iterator[dict[str, Any]]:
    """The shipped zones: each alone, and the smallest with the zones that they name and their city's outline."""
    for file in sorted((Path(geodata.__path__[0]) / "cities").glob("*.geojson")):
        features = json.loads(file.read_bytes())["features"]
        outlines = [each for each in features if each["properties"]["kind"] == "coverage"]
        known = {each["properties"]["id"]: each for each in features}
        yield from ({"type": "FeatureCollection", "features": [_alone(each)]} for each in features)
        wholes = [
            {
                "type": "FeatureCollection",
                "features": [*outlines, *(known[each] for each in sorted(_named(key, known)))],
            }
            for key, feature in known.items()
            if feature not in outlines and any(feature["properties"].get(name) for name in _REFERENCES)
        ]
        yield from sorted(wholes, key=lambda whole: len(_written(whole)))[:8]


def _alone(feature: dict[str, Any]) -> dict[str, Any]:
    properties = {key: value for key, value in feature["properties"].items() if key not in _REFERENCES}
    return {**feature, "properties": properties}


def _named(key: str, known: dict[str, Any]) -> set[str]:
    """The zone and all that it names, and what these name. An area may name a road that names the area."""
    found, unseen = {key}, [key]
    while unseen:
        properties = known[unseen.pop()]["properties"]
        fresh = {each for name in _REFERENCES for each in properties.get(name, [])} - found
        found |= fresh
        unseen += fresh
    return found


def _folded(tree: Any) -> Any:
    """The tree with its lines as tuples, which are changed only whole: else most changes would be of one number."""
    if isinstance(tree, dict):
        return {key: _folded(value) for key, value in tree.items()}
    if _is_line(tree):
        return tuple(tree)
    return [_folded(value) for value in tree] if isinstance(tree, list) else tree


def _is_line(value: object) -> bool:
    return isinstance(value, list) and len(value) > 2 and all(_is_position(each) for each in value)


def _is_position(value: object) -> bool:
    return isinstance(value, list) and len(value) == 2 and all(type(each) in (int, float) for each in value)


def _written(tree: object) -> bytes:
    return json.dumps(tree, ensure_ascii=False).encode("utf-8", "replace")


_SEEDS = tuple(_seeds())
_KEYS = tuple(dict.fromkeys(key for _, key in places(list(_SEEDS)) if isinstance(key, str)))
_POOL = Pool(
    (*_KEYS, "crs", "bbox", MARK),
    (
        *ODD,
        *("area", "road", "coverage", "ground", "elevated", "tunnel", "surveyed", "approximate", "synthetic"),
        *("Polygon", "MultiPolygon", "LineString", "MultiLineString", "Point", "GeometryCollection", "Feature"),
        *("sy-second-ring", "shenyang", [123.4, 41.8], [123.4, 41.8, 0], [41.8, 123.4], [181, 91], None, 500, 0.1),
    ),
    [_folded(seed) for seed in _SEEDS],
)


def mutation(data: bytes, rng: random.Random) -> bytes | None:
    try:
        tree = json.loads(data)
    except (ValueError, RecursionError):
        return None
    lines = [holder[key] for holder, key in places([tree]) if _is_line(holder[key])]
    if lines and rng.random() < 0.7:
        for _ in range(rng.choice((1, 1, 2, 4))):
            _move(rng.choice(lines), rng)
        return _written(tree)
    return _written(changed(_folded(tree), rng, _POOL))


def _move(line: list[list[float]], rng: random.Random) -> None:
    """Change positions of a line in place; a ring stays closed, most often."""
    closed = line[0] == line[-1]
    at = rng.randrange(len(line))
    lon, lat = line[at]
    other = rng.choice(line)
    step = rng.choice((1e-8, 1e-7, 1e-4, 1e-2, 1.0))
    match rng.randrange(7):
        case 0 | 1:
            line[at] = [lon + rng.uniform(-step, step), lat + rng.uniform(-step, step)]
        case 2:
            line.insert(at, [(lon + other[0]) / 2, (lat + other[1]) / 2])
        case 3:
            line[at] = list(other)
        case 4 if len(line) > 2:
            del line[at]
        case 5:
            line.reverse()
        case _:
            line[:] = [[lon + (x - lon) * step, lat + (y - lat) * step] for x, y in line]
    if closed and rng.random() < 0.95:
        line[-1] = list(line[0])


TARGET = Target(check, tuple(_written(seed) for seed in _SEEDS), mutation, (*_KEYS, "[[", "]]", "1e-8", "NaN"), 32_768)
