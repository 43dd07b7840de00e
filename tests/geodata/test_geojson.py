"""Zone documents there and back."""

import json
from typing import Any

import shapely
from hypothesis import given
from hypothesis import strategies as st

from geodata.geojson import feature_of, geometry_of, zones_from_geojson, zones_to_geojson
from tests.geodata.documents import Feature, area, box, coverage, document, line, polygon, road

TEXT = st.text(st.characters(exclude_categories=["Cc", "Cf", "Cs", "Zl", "Zp"]), min_size=1, max_size=20).filter(
    lambda text: bool(text.strip())
)
DEGREES = st.decimals(min_value=0, max_value="0.2", places=7).map(float)


@st.composite
def properties(draw: st.DrawFn) -> dict[str, Any]:
    level = draw(st.sampled_from([None, "ground", "elevated", "tunnel"]))
    return {
        "name_zh": draw(TEXT),
        "name_en": draw(TEXT),
        "basis": draw(TEXT),
        "quality": draw(st.sampled_from(["surveyed", "approximate", "synthetic"])),
        "error_m": draw(st.one_of(st.integers(min_value=0, max_value=9000), st.floats(min_value=0, max_value=9000))),
    } | ({"level": level} if level else {})


@st.composite
def documents(draw: st.DrawFn) -> bytes:
    """Boxes with holes, several of them at times, and roads counted in and out of them."""
    roads: list[Feature] = []
    for i in range(draw(st.integers(min_value=0, max_value=3))):
        positions = draw(st.lists(st.tuples(DEGREES, DEGREES), min_size=2, max_size=6, unique=True))
        drawn = [[round(123.3 + x, 7), round(41.7 + y, 7)] for x, y in positions]
        several = {"type": "MultiLineString", "coordinates": [drawn, [[123.2, 41.6], [123.21, 41.6]]]}
        width_m = draw(st.sampled_from([1, 12.5, 40, 60]))
        roads.append(road(f"road-{i}", draw(st.sampled_from([line(*drawn), several])), width_m, **draw(properties())))
    areas: list[Feature] = []
    for i in range(draw(st.integers(min_value=0, max_value=3))):
        west, south = 123.3 + draw(DEGREES), 41.7 + draw(DEGREES)
        shell = box(west, south, west + 0.05, south + 0.04)
        hole = box(west + 0.01, south + 0.01, west + 0.02, south + 0.03)
        rings = draw(st.sampled_from([[shell], [shell, hole], [shell[::-1], hole]]))
        several = {"type": "MultiPolygon", "coordinates": [rings, [box(124.0, 42.0, 124.1, 42.1)]]}
        plus, minus = [], []
        for street in roads:
            draw(st.sampled_from([[], plus, minus])).append(street["properties"]["id"])
        areas.append(
            area(
                f"area-{i}",
                draw(st.sampled_from([polygon(*rings), several])),
                plus_roads=plus,
                minus_roads=minus,
                within=[f"area-{j}" for j in range(i)] if draw(st.booleans()) else [],
                **{name: value for name, value in draw(properties()).items() if name != "level"},
            )
        )
    outlines = [coverage("cover", polygon(box(123.0, 41.5, 124.0, 42.0)))] if draw(st.booleans()) else []
    return document(*draw(st.permutations([*roads, *areas, *outlines])))


@given(data=documents())
def test_round_trip(data: bytes) -> None:
    zones, outlines = zones_from_geojson(data)
    written = zones_to_geojson(zones, outlines)
    again, outlines_again = zones_from_geojson(written)
    assert again == tuple(sorted(zones, key=lambda zone: zone.key))
    assert outlines_again == outlines
    assert zones_to_geojson(reversed(again), outlines_again) == written


def test_the_canonical_form() -> None:
    zones, outlines = zones_from_geojson(
        document(
            road("r", line([123.4, 41.8], [123.41, 41.8]), 12.5, error_m=20.0, level="tunnel", within=["a"]),
            area("a", polygon(box(123.4, 41.8, 123.5, 41.9)), name_zh="一区", minus_roads=["r"]),
            coverage("z", polygon(box(123.0, 41.5, 124.0, 42.0))),
        )
    )
    written = zones_to_geojson(zones, outlines).decode()
    assert written.splitlines()[0] == '{"type": "FeatureCollection", "features": ['
    assert written.splitlines()[2] == (
        '{"type": "Feature", "properties": {"id": "a", "city": "shenyang", "name_zh": "一区", "name_en": "zone", '
        '"kind": "area", "plus_roads": [], "minus_roads": ["r"], "within": [], "quality": "synthetic", "error_m": 0, '
        '"basis": "drawn for a test"}, "geometry": {"type": "Polygon", "coordinates": '
        "[[[123.4, 41.8], [123.5, 41.8], [123.5, 41.9], [123.4, 41.9], [123.4, 41.8]]]}},"
    )
    assert [json.loads(text.rstrip(","))["properties"]["id"] for text in written.splitlines()[1:-1]] == ["z", "a", "r"]
    tunnel = json.loads(written)["features"][2]["properties"]
    assert (tunnel["width_m"], tunnel["error_m"], tunnel["level"]) == (12.5, 20, "tunnel")
    assert written.endswith("\n]}\n")


def test_no_zones_at_all() -> None:
    assert zones_from_geojson(zones_to_geojson([], [])) == ((), ())


def test_features_for_others_carry_the_final_shape() -> None:
    zones, _ = zones_from_geojson(document(road("r", line([123.4, 41.8], [123.41, 41.8]), within=[])))
    feature = feature_of(zones[0])
    assert feature["type"] == "Feature"
    assert feature["properties"]["id"] == "r"
    assert feature["properties"]["width_m"] == 40
    assert feature["geometry"] == geometry_of(zones[0])
    assert feature["geometry"]["type"] == "Polygon"
    ring = feature["geometry"]["coordinates"][0]
    assert ring[0] == ring[-1]
    assert all(number == round(number, 7) for position in ring for number in position)
    assert json.loads(json.dumps(feature, allow_nan=False)) == feature


@given(data=documents())
def test_final_shapes_are_valid_and_cover_what_they_should(data: bytes) -> None:
    zones, _ = zones_from_geojson(data)
    by_key = {zone.key: zone for zone in zones}
    for zone in zones:
        assert shapely.is_valid(zone.shape)
        assert zone.shape.geom_type in ("Polygon", "MultiPolygon")
        for key in zone.minus_roads:
            left_out = shapely.point_on_surface(by_key[key].shape)
            assert not shapely.contains_properly(zone.shape, left_out)
        for key in set(zone.plus_roads):
            counted_in = shapely.point_on_surface(by_key[key].shape)
            left_out_again = any(shapely.covers(by_key[other].shape, counted_in) for other in zone.minus_roads)
            assert shapely.covers(zone.shape, counted_in) or left_out_again


def test_a_piece_of_line_left_by_an_overlay_is_no_part_of_a_zone() -> None:
    """One road counted in and left out again, up to rounding: GEOS answers with polygons and a line."""
    course = line([123.3, 41.7000002], [123.3000218, 41.7000001])
    shell = box(123.3, 41.7000035, 123.35, 41.7400035)
    hole = box(123.31, 41.7100035, 123.32, 41.7300035)
    zones, _ = zones_from_geojson(
        document(
            area("a", polygon(shell, hole), plus_roads=["in"], minus_roads=["out", "thin"]),
            road("in", course, 60),
            road("out", course, 60),
            road("thin", line([123.3, 41.7], [123.3, 41.7008284]), 1),
        )
    )
    assert zones[0].shape.geom_type == "Polygon"
