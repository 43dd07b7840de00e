"""Shapes in another coordinate system: how far edges bend, and which shapes a box meets."""

import numpy as np
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from geodata.converted import LONGEST_EDGE, meets, shape_in
from geodata.crs import Crs, from_wgs84, to_wgs84
from geodata.projection import Floats, distances, edges_of, metres_per_degree
from tests.support.asking import built_in_snapshot

BENT = {Crs.GCJ02: 0.02, Crs.BD09LL: 0.3}
"""Metres by which an edge of the answer may run beside the true curve; the module's docstring has 0.01 and 0.26."""

SQUARE = shapely.box(123.0, 41.0, 124.0, 42.0)


def off_the_curve_m(shape: shapely.Geometry, crs: Crs) -> float:
    """How far the edges of a shape, converted by their ends alone, run beside where they belong; in metres."""
    edges = edges_of(shape)
    scale = np.array(metres_per_degree(float(edges[:, 1].mean())))
    start, end = (_converted(ends, crs) * scale for ends in (edges[:, :2], edges[:, 2:]))
    along = end - start
    length = np.maximum(np.hypot(along[:, 0], along[:, 1]), 1e-9)
    worst = 0.0
    for share in (0.25, 0.5, 0.75):
        belongs = _converted(edges[:, :2] + share * (edges[:, 2:] - edges[:, :2]), crs) * scale - start
        beside = np.abs(along[:, 0] * belongs[:, 1] - along[:, 1] * belongs[:, 0]) / length
        worst = max(worst, float(beside.max()))
    return worst


def _converted(positions: Floats, crs: Crs) -> Floats:
    return np.column_stack(from_wgs84(positions[:, 0], positions[:, 1], crs))


@pytest.mark.parametrize("crs", BENT)
def test_edges_of_the_built_in_zones_stay_where_they_belong(crs: Crs) -> None:
    zones = built_in_snapshot().index.zones()
    finer = [shapely.segmentize(zone.shape, LONGEST_EDGE) for zone in zones]
    assert max(off_the_curve_m(shape, crs) for shape in finer) < BENT[crs]
    # By their corners alone they would not: this is what the added corners are for.
    assert max(off_the_curve_m(zone.shape, crs) for zone in zones) > 20.0


@pytest.mark.parametrize("crs", BENT)
def test_there_and_back(crs: Crs) -> None:
    for zone in built_in_snapshot().index.zones():
        there = shape_in(zone.shape, crs)
        assert shapely.is_valid(there)
        positions = shapely.get_coordinates(there)
        back = np.column_stack(to_wgs84(positions[:, 0], positions[:, 1], crs))
        expected = shapely.get_coordinates(shapely.segmentize(zone.shape, LONGEST_EDGE))
        assert np.abs(back - expected).max() < 1e-8


@pytest.mark.parametrize("crs", [Crs.WGS84, Crs.CGCS2000])
def test_where_nothing_bends_nothing_changes(crs: Crs) -> None:
    assert shape_in(SQUARE, crs) is SQUARE


@pytest.mark.parametrize(
    ("box", "met"),
    [
        ((123.2, 41.2, 123.3, 41.3), True),
        ((122.0, 40.0, 125.0, 43.0), True),
        ((124.0, 42.0, 125.0, 43.0), True),
        ((124.0001, 41.0, 125.0, 42.0), False),
        ((124.0, 41.5, 124.0, 41.5), True),
        ((124.1, 41.5, 124.1, 41.5), False),
        ((122.0, 41.5, 125.0, 41.5), True),
        ((123.5, 42.0, 123.5, 43.0), True),
        ((123.5, 42.1, 123.5, 43.0), False),
    ],
)
def test_a_box_meets_with_its_edges(box: tuple[float, float, float, float], met: bool) -> None:
    assert meets(SQUARE, box) is met


def test_a_box_in_a_hole_or_beside_a_corner_meets_nothing() -> None:
    ring = shapely.Polygon(SQUARE.exterior, [shapely.box(123.2, 41.2, 123.8, 41.8).exterior])
    triangle = shapely.Polygon([(0, 0), (1, 0), (0, 1)])
    assert not meets(ring, (123.4, 41.4, 123.5, 41.5))
    assert not meets(triangle, (0.9, 0.9, 1.0, 1.0))


@given(lon=st.floats(123.0, 124.0), lat=st.floats(41.0, 42.0), crs=st.sampled_from(sorted(BENT)))
def test_what_lies_within_lies_within_there_too(lon: float, lat: float, crs: Crs) -> None:
    there = shape_in(SQUARE, crs)
    edge_m = float(distances(edges_of(SQUARE), lon, lat, metres_per_degree(lat)).min())
    if edge_m > BENT[crs]:
        assert shapely.intersects_xy(there, *from_wgs84(lon, lat, crs))
