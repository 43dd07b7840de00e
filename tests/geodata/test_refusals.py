"""What must not become a zone, as a table: every fault with its code and its place."""

import json
import math
from collections.abc import Callable
from typing import Any

import pytest
import shapely

from geodata.errors import MalformedGeometry
from geodata.geojson import zones_from_geojson
from tests.geodata.documents import area, box, coverage, document, line, polygon, road

SQUARE = box(123.4, 41.8, 123.41, 41.81)
AT = "features[0].geometry.coordinates"
SHENYANG = (122.4, 41.2, 123.9, 42.6)


def multi(*parts: list[Any]) -> dict[str, Any]:
    return {"type": "MultiPolygon", "coordinates": list(parts)}


def raw(geometry: str) -> bytes:
    """A document with this text for its geometry, for what no writer of JSON would write."""
    return document(area("a", "GEOMETRY")).replace(b'"GEOMETRY"', geometry.encode())


def ring_of(*positions: tuple[float, float]) -> dict[str, Any]:
    return polygon([list(position) for position in positions])


def star(vertices: int) -> dict[str, Any]:
    turns = [2 * math.pi * i / vertices for i in range(vertices)]
    radii = [0.05 if i % 2 else 0.03 for i in range(vertices)]
    ring = [[123.4 + r * math.cos(t), 41.8 + r * math.sin(t)] for r, t in zip(radii, turns, strict=True)]
    return polygon([*ring, ring[0]])


def zigzag(vertices: int) -> dict[str, Any]:
    """A line to and fro, joined to its start across itself."""
    there = [[123.4 + 0.00001 * i, 41.8 + 0.001 * (i % 2)] for i in range(vertices)]
    back = [[position[0] + 0.000005, 41.801 - 0.001 * (i % 2)] for i, position in enumerate(reversed(there))]
    return polygon([*there, *back, there[0]])


def combs() -> dict[str, Any]:
    """Two combs in one ring, the teeth of one across those of the other."""
    teeth: list[list[float]] = []
    for i in range(100):
        x = 123.4 + 0.0001 * i
        teeth += [[x, 41.8], [x, 41.81], [x + 0.00005, 41.81], [x + 0.00005, 41.8]]
    across = [[123.4 + (lat - 41.8), 41.8 + (lon - 123.4) + 0.0000003] for lon, lat in teeth]
    return polygon([*teeth, *across, teeth[0]])


REFUSED: dict[str, tuple[Any, str, str]] = {
    # name: geometry, code, place
    "bow-tie": (
        ring_of((123.4, 41.8), (123.42, 41.82), (123.42, 41.8), (123.4199, 41.8201), (123.4, 41.8)),
        "invalid-geometry",
        f"{AT}[0][0]",
    ),
    "a ring that touches itself": (
        ring_of(
            (123.4, 41.8),
            (123.41, 41.8),
            (123.405, 41.805),
            (123.41, 41.81),
            (123.4, 41.81),
            (123.405, 41.805),
            (123.4, 41.8),
        ),
        "invalid-geometry",
        f"{AT}[0][1]",
    ),
    "a spike": (
        ring_of(
            (123.4, 41.8),
            (123.41, 41.8),
            (123.41, 41.805),
            (123.43, 41.805),
            (123.41, 41.805),
            (123.41, 41.81),
            (123.4, 41.8),
        ),
        "invalid-geometry",
        f"{AT}[0][2]",
    ),
    "no area": (ring_of((123.4, 41.8), (123.41, 41.81), (123.42, 41.82), (123.4, 41.8)), "zero-area", AT),
    "a tenth of a millimetre": (polygon(box(123.4, 41.8, 123.400000001, 41.800000001)), "zero-area", f"{AT}[0]"),
    "half a square metre": (polygon(box(123.4, 41.8, 123.4000085, 41.8000064)), "zero-area", AT),
    "three positions": (ring_of((123.4, 41.8), (123.41, 41.8), (123.4, 41.8)), "too-few-positions", f"{AT}[0]"),
    "not closed": (polygon(SQUARE[:-1]), "unclosed-ring", f"{AT}[0]"),
    "nearly closed": (polygon([*SQUARE[:-1], [123.400000000001, 41.8]]), "unclosed-ring", f"{AT}[0]"),
    "a hole that is the shell": (polygon(SQUARE, SQUARE[::-1]), "invalid-geometry", AT),
    "a hole across the shell": (polygon(SQUARE, box(123.405, 41.805, 123.42, 41.808)), "invalid-geometry", AT),
    "a hole outside": (polygon(SQUARE, box(123.42, 41.82, 123.43, 41.83)), "invalid-geometry", AT),
    "a hole in a hole": (
        polygon(SQUARE, box(123.402, 41.802, 123.408, 41.808), box(123.404, 41.804, 123.406, 41.806)),
        "invalid-geometry",
        AT,
    ),
    "holes that overlap": (
        polygon(SQUARE, box(123.402, 41.802, 123.406, 41.806), box(123.404, 41.804, 123.408, 41.808)),
        "invalid-geometry",
        AT,
    ),
    "holes that cut the inside in two": (
        polygon(SQUARE, [[123.4, 41.8], [123.41, 41.81], [123.406, 41.805], [123.4, 41.8]]),
        "invalid-geometry",
        AT,
    ),
    "parts that overlap": (multi([SQUARE], [box(123.405, 41.805, 123.42, 41.82)]), "invalid-geometry", AT),
    "parts that share an edge": (multi([SQUARE], [box(123.41, 41.8, 123.42, 41.81)]), "invalid-geometry", AT),
    "a part in a part": (multi([SQUARE], [box(123.402, 41.802, 123.408, 41.808)]), "invalid-geometry", AT),
    "a part twice": (multi([SQUARE], [SQUARE]), "invalid-geometry", AT),
    "no parts": (multi(), "empty", AT),
    "no rings": (polygon(), "empty", AT),
    "coordinates null": ({"type": "Polygon", "coordinates": None}, "wrong-type", AT),
    "coordinates missing": ({"type": "Polygon"}, "wrong-type", AT),
    "geometry null": (None, "wrong-type", "features[0].geometry"),
    "type in lower case": ({"type": "polygon", "coordinates": [SQUARE]}, "geometry-type", "features[0].geometry.type"),
    "type unknown": ({"type": "Circle", "coordinates": [SQUARE]}, "geometry-type", "features[0].geometry.type"),
    "a line for an area": (line([123.4, 41.8], [123.41, 41.8]), "geometry-type", "features[0].geometry.type"),
    "a collection": (
        {"type": "GeometryCollection", "geometries": [polygon(SQUARE)]},
        "geometry-type",
        "features[0].geometry.type",
    ),
    "a feature for a geometry": (area("b", polygon(SQUARE)), "geometry-type", "features[0].geometry.type"),
    "a height": (polygon([[*position, 35.5] for position in SQUARE]), "height", f"{AT}[0][0]"),
    "two and three ordinates": (polygon([SQUARE[0], [*SQUARE[1], 0], *SQUARE[2:]]), "mixed-dimensions", AT),
    "one ordinate": (polygon([[123.4], *SQUARE[1:]]), "position", f"{AT}[0][0]"),
    "four ordinates": (polygon([*SQUARE[:2], [123.41, 41.81, 0, 0], *SQUARE[3:]]), "position", f"{AT}[0][2]"),
    "texts": (polygon([[str(lon), str(lat)] for lon, lat in SQUARE]), "wrong-type", f"{AT}[0][0]"),
    "degrees and minutes": (polygon([["123°24'", "41°48'"], *SQUARE[1:]]), "wrong-type", f"{AT}[0][0]"),
    "a truth value": (polygon([*SQUARE[:3], [True, 41.8], SQUARE[4]]), "wrong-type", f"{AT}[0][3]"),
    "null": (polygon([*SQUARE[:3], [None, 41.8], SQUARE[4]]), "wrong-type", f"{AT}[0][3]"),
    "1e308": (polygon([SQUARE[0], [1e308, 41.8], *SQUARE[2:]]), "coordinates-out-of-range", f"{AT}[0][1]"),
    "latitude 91": (polygon([SQUARE[0], [123.4, 91], *SQUARE[2:]]), "coordinates-out-of-range", f"{AT}[0][1]"),
    "swapped": (polygon([position[::-1] for position in SQUARE]), "coordinates-out-of-range", f"{AT}[0][0]"),
    "metres": (polygon(box(41_533_000, 4_630_000, 41_534_000, 4_631_000)), "coordinates-out-of-range", f"{AT}[0][0]"),
    "folded by rounding": (
        ring_of(
            (123.4, 41.8),
            (123.41, 41.8),
            (123.41, 41.81),
            (123.40000004, 41.805),
            (123.40000004, 41.8051),
            (123.4, 41.81),
            (123.4, 41.8),
        ),
        "invalid-after-rounding",
        f"{AT}[0][3]",
    ),
    "across the 180th meridian": (polygon(box(-179.9, 41, 179.9, 41.1)), "edge-too-long", f"{AT}[0][1]"),
    "the whole world": (polygon(box(-180, -90, 180, 90)), "edge-too-long", f"{AT}[0][1]"),
    "another crs": (polygon(SQUARE) | {"crs": {"type": "name"}}, "foreign-crs", "features[0].geometry.crs"),
    "a member of its own": (polygon(SQUARE) | {"__proto__": {}}, "unknown-member", "features[0].geometry.__proto__"),
    "100,000 vertices": (star(100_000), "too-many-vertices", AT),
    "one vertex too many": (star(20_000), "too-many-vertices", AT),
    "1,000 parts": (multi(*[[box(i / 100, 0, i / 100 + 0.005, 0.01)] for i in range(1000)]), "too-many-parts", AT),
    "501 holes": (
        polygon(SQUARE, *[box(123.4 + i / 1e5, 41.801, 123.400005 + i / 1e5, 41.802) for i in range(1, 502)]),
        "too-many-holes",
        AT,
    ),
    "combs across each other": (combs(), "invalid-geometry", AT),
    "3,000 crossings": (zigzag(3_000), "invalid-geometry", AT),
}


@pytest.mark.parametrize("name", REFUSED)
def test_refused(name: str) -> None:
    geometry, code, place = REFUSED[name]
    with pytest.raises(MalformedGeometry) as refusal:
        zones_from_geojson(document(area("a", geometry)))
    first = refusal.value.faults[0]
    assert first.code == code
    assert first.path == place or (place == AT and first.path.startswith(AT))
    assert first.expected and first.found and len(str(first)) < 500


ACCEPTED: dict[str, Any] = {
    "a square": polygon(SQUARE),
    "parts apart": multi([SQUARE], [box(123.42, 41.82, 123.43, 41.83)]),
    "parts that touch at a corner": multi([SQUARE], [box(123.41, 41.81, 123.42, 41.82)]),
    "a hole that touches the shell at one point": polygon(
        SQUARE, [[123.4, 41.8], [123.404, 41.806], [123.406, 41.804], [123.4, 41.8]]
    ),
    "an edge of 108 km": ring_of((122.5, 41.3), (123.8, 41.3), (123.8, 41.30001), (122.5, 41.3)),
    "20,000 positions": star(19_999),
    "500 holes": polygon(SQUARE, *[box(123.4 + i / 1e5, 41.801, 123.400005 + i / 1e5, 41.802) for i in range(1, 501)]),
    "200 parts": multi(*[[box(i / 100, 0, i / 100 + 0.005, 0.01)] for i in range(200)]),
}


@pytest.mark.parametrize("name", ACCEPTED)
def test_accepted(name: str) -> None:
    (zone,), _ = zones_from_geojson(document(area("a", ACCEPTED[name])))
    assert shapely.is_valid(zone.shape)
    assert zone.shape == zone.drawn
    positions = json.dumps(ACCEPTED[name]).count("], [") + 1
    assert shapely.get_num_coordinates(zone.shape) == positions


NORMALISED: dict[str, Any] = {
    "clockwise": polygon(SQUARE[::-1]),
    "a position twice": polygon([SQUARE[0], SQUARE[0], SQUARE[1], SQUARE[1], *SQUARE[2:], SQUARE[-1]]),
    "height zero": polygon([[*position, 0] for position in SQUARE]),
    "height zero as a double": polygon([[*position, 0.0] for position in SQUARE]),
    "17 digits": polygon([[lon + 0.00000000000003, lat + 0.000000001] for lon, lat in SQUARE]),
}


@pytest.mark.parametrize("name", NORMALISED)
def test_brought_to_one_form(name: str) -> None:
    (zone,), _ = zones_from_geojson(document(area("a", NORMALISED[name])))
    assert shapely.equals(zone.shape, shapely.Polygon(SQUARE))
    assert shapely.get_num_coordinates(zone.shape) == 5
    assert not shapely.has_z(zone.shape)
    assert shapely.is_ccw(shapely.get_exterior_ring(zone.shape))


def test_a_hole_wound_like_the_shell_is_turned() -> None:
    hole = box(123.402, 41.802, 123.408, 41.808)
    (zone,), _ = zones_from_geojson(document(area("a", polygon(SQUARE, hole))))
    assert [bool(shapely.is_ccw(ring)) for ring in shapely.get_rings(zone.shape)] == [True, False]
    assert not shapely.intersects_xy(zone.shape, 123.405, 41.805)


def test_minus_zero_becomes_zero() -> None:
    (zone,), _ = zones_from_geojson(document(area("a", polygon(box(-0.0, -0.0, 0.001, 0.001)))))
    assert [math.copysign(1.0, number) for number in shapely.get_coordinates(zone.shape).ravel()] == [1.0] * 10


TEXTS: dict[str, tuple[Callable[[], bytes], str, str]] = {
    "NaN": (lambda: raw('{"type":"Polygon","coordinates":[[[NaN,41.8]]]}'), "malformed-json", ""),
    "Infinity": (lambda: raw('{"type":"Polygon","coordinates":[[[123.4,-Infinity]]]}'), "malformed-json", ""),
    "1e400": (
        lambda: raw('{"type":"Polygon","coordinates":[[[1e400,41.8]]]}'),
        "number-out-of-range",
        f"{AT}[0][0][0]",
    ),
    "5,000 digits": (
        lambda: raw('{"type":"Polygon","coordinates":[[[' + "1" * 5000 + ",41.8]]]}"),
        "number-out-of-range",
        f"{AT}[0][0][0]",
    ),
    "a long fraction": (
        lambda: raw('{"type":"Polygon","coordinates":[[[1.' + "1" * 400 + ",41.8]]]}"),
        "number-out-of-range",
        f"{AT}[0][0][0]",
    ),
    "a key twice": (
        lambda: raw('{"type":"Point","type":"Polygon","coordinates":[]}'),
        "duplicate-key",
        "features[0].geometry",
    ),
    "a key twice, once in escapes": (
        lambda: raw(r'{"type":"Point","\u0074ype":"Polygon","coordinates":[]}'),
        "duplicate-key",
        "features[0].geometry",
    ),
    "half a surrogate pair": (
        lambda: document(area("a", polygon(SQUARE), name_en="X")).replace(b'"X"', rb'"\ud800"'),
        "malformed-json",
        "features[0].properties.name_en",
    ),
    "a byte order mark": (lambda: b"\xef\xbb\xbf" + document(area("a", polygon(SQUARE))), "malformed-json", ""),
    "UTF-16": (lambda: document(area("a", polygon(SQUARE))).decode().encode("utf-16"), "malformed-json", ""),
    "GB18030": (lambda: document(area("a", polygon(SQUARE))).decode().encode("gb18030"), "malformed-json", ""),
    "a surrogate in UTF-8": (lambda: raw("{}").replace(b"{}", b'"\xed\xa0\x80"'), "malformed-json", ""),
    "100,000 deep": (lambda: raw("[" * 100_000 + "]" * 100_000), "too-deep", ""),
    "a quotation mark left open, many escapes": (lambda: b'"' + b'\\"' * 200_000, "malformed-json", ""),
    "cut off": (lambda: document(area("a", polygon(SQUARE)))[:-20], "malformed-json", ""),
    "two documents": (lambda: document() + document(), "malformed-json", ""),
    "empty": (lambda: b"", "malformed-json", ""),
    "more than 32 MiB": (lambda: b" " * (32 * 1024 * 1024 + 1), "too-large", ""),
    "an array": (lambda: b"[]", "wrong-type", ""),
    "null": (lambda: b"null", "wrong-type", ""),
    "a feature alone": (lambda: json.dumps(area("a", polygon(SQUARE))).encode(), "wrong-type", "type"),
    "features missing": (lambda: b'{"type":"FeatureCollection"}', "wrong-type", "features"),
    "a feature that is null": (lambda: b'{"type":"FeatureCollection","features":[null]}', "wrong-type", "features[0]"),
    "another crs": (lambda: b'{"type":"FeatureCollection","features":[],"crs":{}}', "foreign-crs", "crs"),
    "a name": (lambda: b'{"type":"FeatureCollection","features":[],"name":"x"}', "unknown-member", "name"),
    "properties null": (
        lambda: json.dumps(
            {"type": "FeatureCollection", "features": [{"type": "Feature", "properties": None, "geometry": None}]}
        ).encode(),
        "wrong-type",
        "features[0].properties",
    ),
    "2,001 features": (lambda: document(*[area("a", None)] * 2001), "too-many-features", "features"),
}


@pytest.mark.parametrize("name", TEXTS)
def test_texts_refused(name: str) -> None:
    text, code, place = TEXTS[name]
    with pytest.raises(MalformedGeometry) as refusal:
        zones_from_geojson(text())
    assert (refusal.value.faults[0].code, refusal.value.faults[0].path) == (code, place)


PROPERTIES: dict[str, tuple[dict[str, Any], str, str]] = {
    "unknown": ({"colour": "red"}, "unknown-property", "colour"),
    "a width of an area": ({"width_m": 5}, "unknown-property", "width_m"),
    "id in capitals": ({"id": "A"}, "bad-key", "id"),
    "id with a line end": ({"id": "a\n"}, "bad-key", "id"),
    "id of 65": ({"id": "a" * 65}, "bad-key", "id"),
    "id begins with a dash": ({"id": "-a"}, "bad-key", "id"),
    "city a number": ({"city": 1}, "bad-key", "city"),
    "name blank": ({"name_zh": "  "}, "bad-text", "name_zh"),
    "name long": ({"name_en": "x" * 201}, "bad-text", "name_en"),
    "name with NUL": ({"name_en": "a\x00"}, "bad-text", "name_en"),
    "name turned round": ({"name_en": "a\u202eb"}, "bad-text", "name_en"),
    "basis missing": ({"basis": None}, "bad-text", "basis"),
    "kind unknown": ({"kind": "Area"}, "unknown-word", "kind"),
    "kind a list": ({"kind": []}, "unknown-word", "kind"),
    "quality unknown": ({"quality": "good"}, "unknown-word", "quality"),
    "level unknown": ({"level": "bridge"}, "unknown-word", "level"),
    "level null": ({"level": None}, "unknown-word", "level"),
    "error negative": ({"error_m": -1}, "out-of-range", "error_m"),
    "error a text": ({"error_m": "5"}, "out-of-range", "error_m"),
    "error a truth value": ({"error_m": True}, "out-of-range", "error_m"),
    "error too large": ({"error_m": 1e9}, "out-of-range", "error_m"),
    "within a text": ({"within": "b"}, "wrong-type", "within"),
    "within a number": ({"within": [1]}, "bad-key", "within[0]"),
    "within twice": ({"within": ["b", "b"]}, "repeated", "within[1]"),
    "within unknown": ({"within": ["b"]}, "unknown-zone", "within[0]"),
    "within itself": ({"within": ["a"]}, "circular-within", "within[0]"),
    "plus unknown": ({"plus_roads": ["b"]}, "unknown-zone", "plus_roads[0]"),
    "minus an area": ({"minus_roads": ["a"]}, "not-a-road", "minus_roads[0]"),
}


@pytest.mark.parametrize("name", PROPERTIES)
def test_properties_refused(name: str) -> None:
    properties, code, place = PROPERTIES[name]
    with pytest.raises(MalformedGeometry) as refusal:
        zones_from_geojson(document(area("a", polygon(SQUARE), **properties)))
    assert [(fault.code, fault.path) for fault in refusal.value.faults] == [(code, f"features[0].properties.{place}")]


STREET = line([123.39, 41.805], [123.42, 41.805])
ROADS: dict[str, tuple[dict[str, Any], Any, str, str]] = {
    "no width": ({"width_m": None}, STREET, "out-of-range", "properties.width_m"),
    "width zero": ({"width_m": 0}, STREET, "out-of-range", "properties.width_m"),
    "width 501": ({"width_m": 501}, STREET, "out-of-range", "properties.width_m"),
    "roads of a road": ({"plus_roads": []}, STREET, "unknown-property", "properties.plus_roads"),
    "a polygon": ({}, polygon(SQUARE), "geometry-type", "geometry.type"),
    "one position": ({}, line([123.4, 41.8]), "too-few-positions", "geometry.coordinates"),
    "one place twice": ({}, line([123.4, 41.8], [123.4, 41.8]), "too-few-positions", "geometry.coordinates"),
    "no lines": ({}, {"type": "MultiLineString", "coordinates": []}, "empty", "geometry.coordinates"),
    "a line in a line": (
        {},
        {"type": "MultiLineString", "coordinates": [[[123.4, 41.8], [123.5, 41.8]], [[[1, 2]]]]},
        "position",
        "geometry.coordinates[1][0]",
    ),
    "to and fro within its width": (
        {"width_m": 60},
        line(*[[123.4 + 0.00001 * i, 41.8 + 0.001 * (i % 2)] for i in range(2_000)]),
        "too-tangled",
        "geometry",
    ),
}


@pytest.mark.parametrize("name", ROADS)
def test_roads_refused(name: str) -> None:
    properties, geometry, code, place = ROADS[name]
    with pytest.raises(MalformedGeometry) as refusal:
        zones_from_geojson(document(road("a", geometry, **properties)))
    assert [(fault.code, fault.path) for fault in refusal.value.faults] == [(code, f"features[0].{place}")]


def test_zones_that_contradict_each_other() -> None:
    whole = polygon(SQUARE)
    faults = refusal(
        area("a", whole, plus_roads=["r"], minus_roads=["r"]),
        road("r", STREET, within=["b"]),
        area("b", whole, within=["c"]),
        area("c", whole, within=["b"]),
        area("b", whole),
        area("d", whole, city="dalian", within=["a"]),
        road("t", STREET, level="tunnel"),
        area("e", whole, within=["t"]),
    )
    assert faults == [
        ("duplicate-id", "features[4].properties.id"),
        ("plus-and-minus", "features[0].properties.minus_roads[0]"),
        ("other-city", "features[5].properties.within[0]"),
        ("level-conflict", "features[7].properties.within[0]"),
    ]


def test_zones_in_a_circle() -> None:
    whole = polygon(SQUARE)
    found = refusal(area("a", whole, within=["b"]), area("b", whole, within=["c"]), area("c", whole, within=["a"]))
    assert [code for code, _ in found] == ["circular-within"]


def test_an_area_that_its_roads_use_up() -> None:
    small = polygon(box(123.4, 41.80499, 123.4001, 41.80501))
    found = refusal(area("a", small, minus_roads=["r"]), road("r", STREET))
    assert found == [("empty", "features[0].properties")]


def test_combs_across_each_other_are_not_overlaid() -> None:
    """Both are valid; putting them together would take seconds and hundreds of megabytes."""
    teeth: list[list[float]] = [[123.4, 41.79]]
    for i in range(400):
        x = 123.4 + 0.00002 * i
        teeth += [[x, 41.8], [x, 41.81], [x + 0.00001, 41.81], [x + 0.00001, 41.8]]
    comb = polygon([*teeth, [123.41, 41.79], teeth[0]])
    meander = [[123.399 + 0.01 * ((i // 2) % 2), 41.8 + 0.0001 * ((i + 1) // 2)] for i in range(100)]
    found = refusal(area("a", comb, plus_roads=["r"]), road("r", line(*meander), width_m=2))
    assert found == [("too-tangled", "features[0].properties.plus_roads[0]")]


def test_all_faults_are_told_at_once() -> None:
    bad = polygon([[123.4, 95], ["x", 41.8], [123.41, 41.81, 7], [123.4, 41.8]])
    found = refusal(area("a", polygon(SQUARE)), area("B", bad, error_m=-1), area("c", bad, colour="red"))
    assert found == [
        ("bad-key", "features[1].properties.id"),
        ("out-of-range", "features[1].properties.error_m"),
        ("coordinates-out-of-range", "features[1].geometry.coordinates[0][0]"),
        ("wrong-type", "features[1].geometry.coordinates[0][1]"),
        ("height", "features[1].geometry.coordinates[0][2]"),
        ("unknown-property", "features[2].properties.colour"),
        ("coordinates-out-of-range", "features[2].geometry.coordinates[0][0]"),
        ("wrong-type", "features[2].geometry.coordinates[0][1]"),
        ("height", "features[2].geometry.coordinates[0][2]"),
    ]


def test_the_message_names_the_first_faults_and_counts_the_rest() -> None:
    with pytest.raises(MalformedGeometry) as refused:
        zones_from_geojson(document(area("a", polygon([[None, 41.8]] * 100))))
    assert len(refused.value.faults) == 100
    assert str(refused.value).splitlines()[0] == (
        "features[0].geometry.coordinates[0][0]: expected numbers of degrees, found nothing [wrong-type]"
    )
    assert str(refused.value).splitlines()[-1] == "and 80 more"


def test_outside_the_service_area() -> None:
    with pytest.raises(MalformedGeometry) as refused:
        zones_from_geojson(document(area("a", polygon(box(0, 0, 0.001, 0.001)))), service_area=SHENYANG)
    assert {fault.code for fault in refused.value.faults} == {"outside-service-area"}
    assert "swapped" not in str(refused.value)


def test_swapped_and_still_on_earth() -> None:
    """Near longitude 60 both orders are possible; only the service area can tell."""
    swapped = document(area("a", polygon(box(41.5, 60.5, 41.6, 60.6))))
    with pytest.raises(MalformedGeometry) as refused:
        zones_from_geojson(swapped, service_area=(60.0, 41.0, 61.0, 42.0))
    assert "swapped" in refused.value.faults[0].expected


def test_the_coverage_outline_is_a_service_area() -> None:
    outline = coverage("cover", polygon(box(123.0, 41.5, 123.8, 42.0)))
    assert refusal(outline, area("a", polygon(box(122.0, 41.6, 122.1, 41.7))))[0] == (
        "outside-service-area",
        "features[1].geometry.coordinates[0][0]",
    )
    zones, outlines = zones_from_geojson(document(outline, area("a", polygon(box(122.95, 41.6, 123.1, 41.7)))))
    assert [zone.key for zone in zones] == ["a"]
    assert [one.key for one in outlines] == ["cover"]


def refusal(*features: dict[str, Any]) -> list[tuple[str, str]]:
    with pytest.raises(MalformedGeometry) as refused:
        zones_from_geojson(document(*features))
    return [(fault.code, fault.path) for fault in refused.value.faults]
