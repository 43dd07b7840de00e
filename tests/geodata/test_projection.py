"""Lengths on the local plane against lengths on the ellipsoid, computed another way."""

import math

import numpy as np
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from geodata.projection import distances, edges_of, metres_per_degree


def geodesic_m(lon1: float, lat1: float, lon2: float, lat2: float) -> float:
    """Vincenty's inverse formula on the WGS-84 ellipsoid (Survey Review 23, 1975); good to millimetres."""
    a, f = 6378137.0, 1 / 298.257223563
    b = a * (1 - f)
    u1, u2 = (math.atan((1 - f) * math.tan(math.radians(lat))) for lat in (lat1, lat2))
    span = lam = math.radians(lon2 - lon1)
    for _ in range(50):
        x = math.cos(u2) * math.sin(lam)
        y = math.cos(u1) * math.sin(u2) - math.sin(u1) * math.cos(u2) * math.cos(lam)
        sin_s, cos_s = math.hypot(x, y), math.sin(u1) * math.sin(u2) + math.cos(u1) * math.cos(u2) * math.cos(lam)
        if sin_s == 0.0:
            return 0.0
        s = math.atan2(sin_s, cos_s)
        sin_a = math.cos(u1) * math.cos(u2) * math.sin(lam) / sin_s
        cos2_a = 1 - sin_a**2
        cos_2m = cos_s - 2 * math.sin(u1) * math.sin(u2) / cos2_a if cos2_a else 0.0
        c = f / 16 * cos2_a * (4 + f * (4 - 3 * cos2_a))
        lam = span + (1 - c) * f * sin_a * (s + c * sin_s * (cos_2m + c * cos_s * (2 * cos_2m**2 - 1)))
    k = cos2_a * (a * a - b * b) / (b * b)
    big_a = 1 + k / 16384 * (4096 + k * (-768 + k * (320 - 175 * k)))
    big_b = k / 1024 * (256 + k * (-128 + k * (74 - 47 * k)))
    inner = cos_s * (2 * cos_2m**2 - 1) - big_b / 6 * cos_2m * (4 * sin_s**2 - 3) * (4 * cos_2m**2 - 3)
    return b * big_a * (s - big_b * sin_s * (cos_2m + big_b / 4 * inner))


def nearest_m(edge: tuple[float, float, float, float], lon: float, lat: float) -> float:
    """The distance to an edge by golden-section search over geodesics: slow, and nothing in common with the package."""
    x1, y1, x2, y2 = edge

    def at(share: float) -> float:
        return geodesic_m(lon, lat, x1 + share * (x2 - x1), y1 + share * (y2 - y1))

    low, high, golden = 0.0, 1.0, (math.sqrt(5) - 1) / 2
    for _ in range(60):
        one, other = high - golden * (high - low), low + golden * (high - low)
        low, high = (low, other) if at(one) < at(other) else (one, high)
    return min(at((low + high) / 2), at(0.0), at(1.0))


def test_a_degree_on_the_ellipsoid() -> None:
    east, north = metres_per_degree(41.8)
    assert east == pytest.approx(geodesic_m(123.395, 41.8, 123.405, 41.8) * 100, rel=1e-6)
    assert north == pytest.approx(geodesic_m(123.4, 41.795, 123.4, 41.805) * 100, rel=1e-6)


@given(
    corners=st.tuples(*[st.floats(min_value=-0.03, max_value=0.03) for _ in range(4)]),
    lat=st.floats(min_value=38.0, max_value=43.0),
)
def test_distance_to_an_edge(corners: tuple[float, float, float, float], lat: float) -> None:
    edge = (123.4 + corners[0], lat + corners[1], 123.4 + corners[2], lat + corners[3])
    found = float(distances(np.array([edge]), 123.4, lat, metres_per_degree(lat))[0])
    assert found == pytest.approx(nearest_m(edge, 123.4, lat), rel=1e-3, abs=0.01)


def test_an_edge_of_no_length_is_a_point() -> None:
    edge = np.array([[123.4, 41.81, 123.4, 41.81]])
    assert float(distances(edge, 123.4, 41.8, metres_per_degree(41.8))[0]) == pytest.approx(1110.7, abs=0.2)


def test_edges_of_every_ring_and_part() -> None:
    square, hole = [(0, 0), (4, 0), (4, 4), (0, 4)], [(1, 1), (1, 2), (2, 2)]
    assert edges_of(shapely.Polygon(square, [hole])).shape == (7, 4)
    several = shapely.MultiPolygon([shapely.Polygon(square, [hole]), shapely.Polygon([(9, 9), (10, 9), (9, 10)])])
    assert edges_of(several).shape == (10, 4)
    lines = shapely.MultiLineString([[(0, 0), (1, 0), (2, 0)], [(5, 5), (6, 6)]])
    assert edges_of(lines).tolist() == [[0, 0, 1, 0], [1, 0, 2, 0], [5, 5, 6, 6]]
