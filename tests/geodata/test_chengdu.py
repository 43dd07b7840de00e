"""The zones of Chengdu: which edges are counted in, how the rings fit together, and where known places lie."""

import pytest
import shapely

from geodata.index import ZoneIndex
from geodata.projection import metres_per_degree
from tests.geodata.test_cities import READ, sticks_out_m

INDEX = ZoneIndex(*READ["chengdu"])
EDGES_OF_GAOXIN = frozenset(zone.key for zone in INDEX.zones() if zone.within == ("cd-gaoxin-south",))

IN = [
    ("cd-third-ring-to-g4202", "cd-third-ring-road"),
    *(("cd-gaoxin-south", road) for road in sorted(EDGES_OF_GAOXIN)),
]
OUT = [
    ("cd-inside-third-ring", "cd-third-ring-road"),
    ("cd-inside-g4202", "cd-g4202"),
    ("cd-third-ring-to-g4202", "cd-g4202"),
    ("cd-gaoxin-south", "cd-g4202"),
]


def test_the_eight_roads_of_the_notice_bound_the_south_high_tech_zone() -> None:
    assert len(EDGES_OF_GAOXIN) == 8
    assert set(INDEX.zone("cd-gaoxin-south").plus_roads) == EDGES_OF_GAOXIN


@pytest.mark.parametrize(("area", "road"), IN)
def test_edge_roads_that_are_counted_in(area: str, road: str) -> None:
    assert road in INDEX.zone(area).plus_roads
    assert shapely.covers(INDEX.zone(area).shape.buffer(1e-9), INDEX.zone(road).shape)


@pytest.mark.parametrize(("area", "road"), OUT)
def test_edge_roads_that_are_left_out(area: str, road: str) -> None:
    line = shapely.get_coordinates(INDEX.zone(road).drawn)
    assert not shapely.intersects_xy(INDEX.zone(area).shape, line[:, 0], line[:, 1]).any()
    assert road not in INDEX.inside_or_across(area)


def test_the_rings_make_up_the_area_inside_the_expressway() -> None:
    parts = shapely.union(INDEX.zone("cd-inside-third-ring").shape, INDEX.zone("cd-third-ring-to-g4202").shape)
    whole = INDEX.zone("cd-inside-g4202").shape
    assert shapely.symmetric_difference(parts, whole).area < 1e-9
    overlap = shapely.intersection(INDEX.zone("cd-inside-third-ring").shape, INDEX.zone("cd-third-ring-to-g4202").shape)
    assert overlap.area < 1e-12


def test_nesting() -> None:
    assert INDEX.ancestors("cd-third-ring-road") == {"cd-third-ring-to-g4202", "cd-inside-g4202"}
    assert INDEX.ancestors("cd-inside-third-ring") == {"cd-inside-g4202"}
    assert INDEX.ancestors("cd-g4202") == INDEX.ancestors("cd-gaoxin-south") == frozenset()
    for zone in INDEX.zones():
        for parent in zone.within:
            assert sticks_out_m(zone, INDEX.zone(parent)) <= 31.0, zone.key


def test_the_ring_roads_are_the_outlines_of_their_areas_and_about_as_long_as_they_are_said_to_be() -> None:
    for area, road, kilometres in (
        ("cd-inside-third-ring", "cd-third-ring-road", 51),
        ("cd-inside-g4202", "cd-g4202", 85),
    ):
        line = INDEX.zone(road).drawn
        assert shapely.equals(shapely.get_exterior_ring(INDEX.zone(area).drawn), line)
        east, north = metres_per_degree(line.centroid.y)
        drawn = shapely.transform(line, lambda points, scale=(east, north): points * scale)
        assert shapely.length(drawn) / 1000 == pytest.approx(kilometres, rel=0.06)


@pytest.mark.parametrize(
    ("place", "lon", "lat", "certain", "outside"),
    [
        ("天府广场", 104.063, 30.66, {"cd-inside-third-ring", "cd-inside-g4202"}, {"cd-third-ring-to-g4202"}),
        ("大熊猫繁育研究基地", 104.146, 30.735, {"cd-third-ring-to-g4202"}, {"cd-inside-third-ring", "cd-g4202"}),
        ("双流国际机场", 103.947, 30.578, set(), {"cd-inside-third-ring", "cd-gaoxin-south"}),
    ],
)
def test_known_places(place: str, lon: float, lat: float, certain: set[str], outside: set[str]) -> None:
    found = INDEX.at(lon, lat, accuracy_m=50.0)
    assert certain <= found.certain, place
    assert not outside & found.possible, place
    assert INDEX.city_at(lon, lat) == "chengdu"
