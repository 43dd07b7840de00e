"""The zones that come with the service: ids, nesting, named places, provenance."""

import re
from pathlib import Path

import numpy as np
import pytest
import shapely

from geodata.geojson import geometry_of, zones_from_geojson, zones_to_geojson
from geodata.index import ZoneIndex
from geodata.projection import distances, edges_of, metres_per_degree
from geodata.zones import Kind, Level, Quality, Zone

CITIES = Path(__file__).parents[2] / "geodata" / "cities"
FILES = {file.stem: file.read_bytes() for file in sorted(CITIES.glob("*.geojson"))}
READ = {name: zones_from_geojson(data) for name, data in FILES.items()}
INDEX = ZoneIndex(
    [zone for zones, _ in READ.values() for zone in zones],
    [outline for _, outlines in READ.values() for outline in outlines],
)

# Each zone that the scenarios name, with the zones that hold it directly.
WITHIN = {
    "sy-second-ring": "sy-third-ring",
    "sy-third-ring": "sy-fourth-ring",
    "sy-fourth-ring": "sy-city",
    "sy-city": "",
    "sy-second-ring-road": "sy-second-ring",
    "sy-third-ring-road": "sy-fourth-ring",
    "sy-fourth-ring-road": "sy-city",
    "sy-expressways": "",
    "sy-qingnian-dajie": "sy-second-ring",
    "sy-qingnian-beidajie": "sy-second-ring",
    "sy-beiling-dajie": "sy-second-ring",
    "sy-zhongshan-guangchang-huanlu": "sy-second-ring",
    "sy-xishuncheng-suidao": "sy-second-ring",
    "sy-fengyutan-suidao": "sy-second-ring",
    "sy-shifu-dalu": "sy-second-ring",
    "sy-taishan-lu": "sy-second-ring",
    "sy-viaducts": "sy-third-ring",
    "sy-qingnian-nandajie": "sy-third-ring",
    "sy-wuai-suidao": "sy-third-ring",
    "sy-aoti-suidao": "sy-third-ring",
    "sy-hunnan-xilu-suidao": "sy-third-ring",
    "sy-donggao-xian": "sy-city",
    "dl-main": "dl-four-districts",
    "dl-shandong-lu": "dl-main",
    "dl-shimenshan-tunnel": "dl-main",
    "dl-zhongshan-lu-east": "dl-main",
    "dl-binhai-beilu": "dl-main",
    "dl-jinpu": "",
    "dl-zhenxing-lu": "dl-jinpu",
    "dl-gangxing-dajie": "",
    "dl-four-districts": "",
    "dl-shenhai-entries": "",
    "sz-peak-area": "",
    "sz-jingtian-area": "sz-peak-area",
    "sz-shennan-dadao": "sz-peak-area",
    "sz-hongli-lu": "sz-peak-area",
    "sz-xinzhou-lu": "sz-peak-area",
    "sz-green-futian": "sz-peak-area",
    "sz-green-luohu": "sz-peak-area",
    "sz-shennan-dadao-nanshan": "sz-green-nanshan",
    "sz-green-baoan": "",
    "sz-lishui-lu": "",
    "sz-qianwan-silu": "",
    "sz-dezheng-lu": "",
    "sz-linghang-gaojiaqiao": "",
}

# What is declared although the drawn shapes agree within their errors only: the zone reaches out by more than the
# half width of a boundary road.
NEEDS_TOLERANCE = {("dl-shandong-lu", "dl-main"), ("sy-qingnian-dajie", "sy-second-ring")}

NANSHAN = ("sz-green-nanshan", "sz-shennan-dadao-nanshan")

PAIRS = [(zone.key, parent) for zone in INDEX.zones() for parent in zone.within]


@pytest.mark.parametrize("key", WITHIN)
def test_every_zone_of_the_scenarios_is_there_and_nested_as_they_say(key: str) -> None:
    declared = set(INDEX.zone(key).within)
    # The north part of the coast road is also part of the whole coast road, which lies in the same area.
    extra = {"dl-binhai-lu"} if key == "dl-binhai-beilu" else set()
    assert declared == set(WITHIN[key].split()) | extra


def test_the_files_are_canonical() -> None:
    for name, data in FILES.items():
        assert zones_to_geojson(*READ[name]) == data


def test_numbers_are_readable() -> None:
    for data in FILES.values():
        assert re.search(rb"\d\.\d{7}", data) is None


def test_counts() -> None:
    counts = {
        "chengdu": 14,
        "dalian": 41,
        "shenyang": 27,
        "shenzhen": 35,
    }
    prefixes = {
        "cd": "chengdu",
        "dl": "dalian",
        "sy": "shenyang",
        "sz": "shenzhen",
    }
    assert {city: len(INDEX.zones(city)) for city in INDEX.cities()} == counts
    assert [outline.key for outline in INDEX.coverage] == [f"{prefix}-coverage" for prefix in sorted(prefixes)]
    assert all(zone.city == prefixes[zone.key[:2]] for zone in INDEX.zones())


def test_none_claims_to_be_surveyed() -> None:
    for zone in INDEX.zones():
        assert zone.quality in (Quality.APPROXIMATE, Quality.SYNTHETIC), zone.key
        assert zone.error_m > 0, zone.key


def test_tunnels_and_viaducts_are_bound_to_their_level() -> None:
    endings = {"隧道": Level.TUNNEL, "高架桥": Level.ELEVATED, "高架": Level.ELEVATED, "立交桥": Level.ELEVATED}
    endings |= {"路桥": Level.ELEVATED}
    for zone in INDEX.zones():
        name, _, _ = zone.name_zh.partition("(")
        levels = {level for ending, level in endings.items() if name.endswith(ending)}
        assert {zone.level} == (levels or {None}), zone.key


def sticks_out_m(zone: Zone, parent: Zone) -> float:
    """How far the zone reaches out of the parent, metres; its edges are looked at every 50 m or so."""
    points = shapely.get_coordinates(shapely.segmentize(zone.shape, 0.0005))
    outside = points[~shapely.intersects_xy(parent.shape, points[:, 0], points[:, 1])]
    edges = edges_of(parent.shape)
    return max((float(distances(edges, x, y, metres_per_degree(y)).min()) for x, y in outside.tolist()), default=0.0)


@pytest.mark.parametrize(("key", "parent"), PAIRS)
def test_declared_nesting_holds_up_to_the_errors(key: str, parent: str) -> None:
    inner, outer = INDEX.zone(key), INDEX.zone(parent)
    out_m = sticks_out_m(inner, outer)
    assert out_m <= inner.error_m + outer.error_m
    assert (out_m > 31.0) is ((key, parent) in NEEDS_TOLERANCE)
    assert shapely.intersects(inner.shape, outer.shape)


def test_what_is_drawn_inside_is_declared_inside() -> None:
    """The other direction: a shape that lies in an area as drawn is declared within it, or on purpose is not."""
    on_purpose = {
        # Bridges drawn from memory: that they stand in the four districts is known, not on which side of an edge.
        ("dl-dongbei-luqiao", "dl-main"),
        ("dl-donglian-lu-viaduct", "dl-main"),
        ("dl-xianglujiao-interchange", "dl-main"),
        # 振兴路 is a road of Jinpu; the coarse outline of the four districts reaches over it.
        ("dl-zhenxing-lu", "dl-four-districts"),
        # 白山路 is the edge of the second ring area, and 元江街 leaves it on a side that is a guess.
        ("sy-yuanjiang-jie", "sy-second-ring"),
    }
    areas = [zone for zone in INDEX.zones() if zone.kind is Kind.AREA]
    undeclared = {
        (zone.key, outer.key)
        for zone in INDEX.zones()
        for outer in areas
        if zone is not outer and outer.key not in INDEX.ancestors(zone.key) and shapely.covers(outer.shape, zone.shape)
    }
    assert undeclared == on_purpose


def test_zones_lie_in_the_coverage_of_their_city() -> None:
    outlines = {outline.city: outline for outline in INDEX.coverage}
    for zone in INDEX.zones():
        assert shapely.covers(outlines[zone.city].shape, zone.shape), zone.key


def test_boundary_roads_are_counted_in_or_out() -> None:
    for area, road in (("sy-second-ring", "sy-second-ring-road"), ("dl-jinpu", "dl-zhenxing-lu"), NANSHAN):
        assert shapely.covers(INDEX.zone(area).shape.buffer(1e-9), INDEX.zone(road).shape), area
    for area, road in (
        ("sy-third-ring", "sy-third-ring-road"),
        ("sy-fourth-ring", "sy-fourth-ring-road"),
        ("sy-fourth-ring", "sy-expressways"),
        ("sy-city", "sy-expressways"),
        ("dl-jinpu", "dl-gangxing-dajie"),
        ("sz-green-futian", "sz-shennan-dadao"),
        ("sz-green-futian", "sz-xinzhou-lu"),
        ("sz-green-luohu", "sz-jianshe-lu"),
        ("sz-green-nanshan", "sz-shahe-xilu"),
        ("sz-green-yantian", "sz-shenyan-lu"),
        ("sz-green-baoan", "sz-baoan-dadao"),
        ("sz-jingtian-area", "sz-beihuan-dadao"),
        ("sz-peak-area", "sz-yanhe-lu"),
    ):
        left_out = shapely.get_coordinates(INDEX.zone(road).drawn)
        assert not shapely.intersects_xy(INDEX.zone(area).shape, left_out[:, 0], left_out[:, 1]).any(), (area, road)
        assert road not in INDEX.inside_or_across(area)


@pytest.mark.parametrize(
    ("place", "lon", "lat", "inside", "outside"),
    [
        ("中山广场", 123.4044, 41.7945, {"sy-second-ring", "sy-third-ring", "sy-city"}, {"sy-expressways"}),
        ("沈阳北站", 123.434, 41.8115, {"sy-second-ring"}, {"sy-second-ring-road"}),
        ("奥体中心", 123.446, 41.742, {"sy-third-ring", "sy-fourth-ring"}, {"sy-second-ring"}),
        ("大连中山广场", 121.6390, 38.9209, {"dl-main", "dl-four-districts"}, {"dl-jinpu"}),
        ("深圳市民中心", 114.0545, 22.5447, {"sz-green-futian", "sz-peak-area"}, {"sz-shennan-dadao", "sz-hongli-lu"}),
        ("深圳北站", 114.0290, 22.6095, set(), {"sz-peak-area", "sz-jingtian-area"}),
    ],
)
def test_named_places(place: str, lon: float, lat: float, inside: set[str], outside: set[str]) -> None:
    found = INDEX.at(lon, lat, accuracy_m=50.0)
    assert inside <= found.certain, place
    assert not outside & found.possible, place


def test_cities_of_places() -> None:
    assert INDEX.city_at(123.4044, 41.7945) == "shenyang"
    assert INDEX.city_at(121.6390, 38.9209) == "dalian"
    assert INDEX.city_at(121.80, 39.04) == "dalian"  # Jinpu
    assert INDEX.city_at(114.0545, 22.5447) == "shenzhen"
    assert INDEX.city_at(113.811, 22.639) == "shenzhen"  # the airport
    for lon, lat in ((114.128, 22.501), (114.034, 22.445), (114.222, 22.543), (114.433, 22.543)):
        assert INDEX.city_at(lon, lat) is None, "Sheung Shui, Yuen Long, Sha Tau Kok and Tung Ping Chau are Hong Kong"
    assert INDEX.city_at(116.3975, 39.9087) is None


def test_published_areas() -> None:
    def square_km(key: str) -> float:
        shape = INDEX.zone(key).drawn
        east, north = metres_per_degree(shape.centroid.y)
        return float(shape.area) * east * north / 1e6

    assert square_km("sy-second-ring") == pytest.approx(162, rel=0.05)
    assert square_km("sy-third-ring") == pytest.approx(455, rel=0.05)


def test_a_ring_road_is_the_outline_of_its_area() -> None:
    for area in ("sy-second-ring", "sy-third-ring", "sy-fourth-ring"):
        outline = shapely.get_exterior_ring(INDEX.zone(area).drawn)
        assert shapely.equals(outline, INDEX.zone(f"{area}-road").drawn), area


def test_the_donggao_line_is_drawn_from_west_to_east() -> None:
    lon = shapely.get_coordinates(INDEX.zone("sy-donggao-xian").drawn)[:, 0]
    assert (np.diff(lon) > 0).all()


def test_dezheng_lu_is_drawn_from_east_to_west() -> None:
    lon = shapely.get_coordinates(INDEX.zone("sz-dezheng-lu").drawn)[:, 0]
    assert (np.diff(lon) < 0).all()


def test_the_futian_zone_lies_on_both_sides_of_the_street_that_is_cut_out() -> None:
    parts = shapely.get_parts(INDEX.zone("sz-green-futian").shape)
    street = shapely.get_coordinates(INDEX.zone("sz-shennan-dadao").drawn)[:, 1]
    assert sorted(part.centroid.y > street.mean() for part in parts) == [False, True]


def test_what_the_service_shows_is_valid() -> None:
    for zone in INDEX.zones():
        shown = shapely.from_geojson(str(geometry_of(zone)).replace("'", '"'))
        assert shapely.is_valid(shown), zone.key
