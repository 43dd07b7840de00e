"""Boundaries are closed, and every way of asking agrees with exact rational arithmetic."""

import math
from fractions import Fraction
from itertools import pairwise

import numpy as np
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from geodata.projection import metres_per_degree
from geodata.zones import Zone
from tests.geodata.documents import area, box, index_of, polygon

Position = tuple[float, float]

# A concave shell with oblique edges and a hole, at coordinates of five decimals, which doubles cannot hold exactly.
SHELL = [
    [123.40001, 41.80003],
    [123.43017, 41.79989],
    [123.42503, 41.81211],
    [123.44009, 41.83007],
    [123.40511, 41.82519],
    [123.41007, 41.81013],
    [123.40001, 41.80003],
]
HOLE = [[123.41503, 41.80507], [123.41507, 41.81511], [123.42011, 41.81003], [123.41503, 41.80507]]
INDEX = index_of(area("a", polygon(SHELL, HOLE)))
ZONE = INDEX.zone("a")


def ring_side(ring: list[Position], x: Fraction, y: Fraction) -> int:
    """1 inside, 0 on the ring, -1 outside: crossings of a ray to the east, in rationals."""
    inside = False
    for (ax, ay), (bx, by) in pairwise(ring):
        x1, y1, x2, y2 = Fraction(ax), Fraction(ay), Fraction(bx), Fraction(by)
        turn = (x2 - x1) * (y - y1) - (y2 - y1) * (x - x1)
        if turn == 0 and min(x1, x2) <= x <= max(x1, x2) and min(y1, y2) <= y <= max(y1, y2):
            return 0
        if (y1 > y) != (y2 > y) and (turn > 0) == (y2 > y1):
            inside = not inside
    return 1 if inside else -1


def holds_exactly(shape: shapely.Geometry, lon: float, lat: float) -> bool:
    """Closed containment by definition: in or on the shell, not strictly in a hole."""
    x, y = Fraction(lon), Fraction(lat)
    for part in shapely.get_parts(shape):
        shell, *holes = ([tuple(p) for p in shapely.get_coordinates(ring)] for ring in shapely.get_rings(part))
        if ring_side(shell, x, y) >= 0 and all(ring_side(hole, x, y) <= 0 for hole in holes):
            return True
    return False


def held(zone: Zone, lon: float, lat: float) -> bool:
    return zone.key in INDEX.at(lon, lat).certain


@st.composite
def near_edges(draw: st.DrawFn) -> Position:
    """Points on edges as well as doubles can say it, a few units in the last place off, and anywhere."""
    ring = draw(st.sampled_from([SHELL, HOLE]))
    i = draw(st.integers(min_value=0, max_value=len(ring) - 2))
    share = draw(st.floats(min_value=0.0, max_value=1.0))
    lon = ring[i][0] + share * (ring[i + 1][0] - ring[i][0])
    lat = ring[i][1] + share * (ring[i + 1][1] - ring[i][1])
    for _ in range(draw(st.integers(min_value=0, max_value=3))):
        lon = math.nextafter(lon, draw(st.sampled_from([0.0, 200.0])))
        lat = math.nextafter(lat, draw(st.sampled_from([0.0, 90.0])))
    off = st.sampled_from([0.0, 1e-9, -1e-9, 1e-7, -1e-7, 1e-3, -1e-3])
    return lon + draw(off), lat + draw(off)


@given(place=near_edges())
def test_prepared_equals_plain_equals_exact(place: Position) -> None:
    exact = holds_exactly(ZONE.shape, *place)
    assert bool(shapely.covers(ZONE.shape, shapely.Point(place))) is exact
    assert held(ZONE, *place) is exact


@given(place=near_edges(), turn=st.integers(min_value=1, max_value=5))
def test_direction_and_start_of_rings_do_not_matter(place: Position, turn: int) -> None:
    backwards = index_of(area("a", polygon(SHELL[::-1], HOLE[::-1])))
    open_ring = SHELL[:-1]
    rotated = index_of(area("a", polygon([*open_ring[turn:], *open_ring[:turn], open_ring[turn]], HOLE)))
    expected = INDEX.at(*place).certain
    assert backwards.at(*place).certain == expected
    assert rotated.at(*place).certain == expected


@pytest.mark.parametrize("corner", [tuple(position) for position in SHELL[:-1] + HOLE[:-1]])
def test_corners_of_shell_and_hole_are_inside(corner: Position) -> None:
    found = INDEX.at(*corner)
    assert found.certain == {"a"}
    assert found.hits[0].distance_m == 0.0


SQUARE = index_of(area("a", polygon(box(123.4, 41.8, 123.5, 41.9), box(123.44, 41.84, 123.46, 41.86))))


@pytest.mark.parametrize(
    ("lon", "lat", "inside"),
    [
        (123.45, 41.8, True),  # on the south edge
        (123.5, 41.85, True),  # on the east edge
        (123.44, 41.85, True),  # on the hole's west edge
        (123.45, 41.86, True),  # on the hole's north edge
        (123.45, 41.85, False),  # in the hole
        (123.45, math.nextafter(41.8, 0.0), False),
        (123.45, math.nextafter(41.8, 90.0), True),
        (math.nextafter(123.5, 200.0), 41.85, False),
        (math.nextafter(123.44, 200.0), 41.85, False),
        (math.nextafter(123.44, 0.0), 41.85, True),
    ],
)
def test_edges_are_inside_to_the_last_digit(lon: float, lat: float, inside: bool) -> None:
    assert ("a" in SQUARE.at(lon, lat).certain) is inside


def test_a_shared_edge_belongs_to_both_neighbours() -> None:
    index = index_of(
        area("west", polygon(box(123.4, 41.8, 123.45, 41.9))), area("east", polygon(box(123.45, 41.8, 123.5, 41.9)))
    )
    assert index.at(123.45, 41.85).certain == {"east", "west"}
    assert index.at(math.nextafter(123.45, 0.0), 41.85).certain == {"west"}
    assert index.at(math.nextafter(123.45, 200.0), 41.85).certain == {"east"}


def test_no_gap_and_no_overlap_along_an_oblique_shared_edge() -> None:
    """Neighbours with the same two corners: every point beside the edge is in exactly one, on any of 20,000 places."""
    cut = [[123.40001, 41.80003], [123.43017, 41.83989]]
    index = index_of(
        area("left", polygon([cut[0], cut[1], [123.40001, 41.83989], cut[0]])),
        area("right", polygon([cut[0], [123.43017, 41.80003], cut[1], cut[0]])),
    )
    left, right = index.zone("left").shape, index.zone("right").shape
    share = np.random.default_rng(3).uniform(0.0, 1.0, 20_000)
    lon, lat = cut[0][0] + share * (cut[1][0] - cut[0][0]), cut[0][1] + share * (cut[1][1] - cut[0][1])
    in_left, in_right = shapely.intersects_xy(left, lon, lat), shapely.intersects_xy(right, lon, lat)
    assert (in_left | in_right).all()
    both = np.flatnonzero(in_left & in_right)
    corner, along = [Fraction(c) for c in cut[0]], [Fraction(b) - Fraction(a) for a, b in zip(*cut, strict=True)]
    for i in both.tolist():
        on_edge = along[0] * (Fraction(lat[i]) - corner[1]) == along[1] * (Fraction(lon[i]) - corner[0])
        assert on_edge, (lon[i], lat[i])


@given(
    lon=st.floats(min_value=123.39, max_value=123.45),
    lat=st.floats(min_value=41.79, max_value=41.84),
)
def test_distance_is_what_shapely_measures_on_the_same_plane(lon: float, lat: float) -> None:
    scale = np.array(metres_per_degree(lat))
    flat = shapely.transform(ZONE.shape, lambda degrees: (degrees - (lon, lat)) * scale)
    expected = float(shapely.distance(flat.boundary, shapely.Point(0.0, 0.0)))
    found = INDEX.at(lon, lat, accuracy_m=50_000.0).hits[0].distance_m
    assert found == pytest.approx(expected, rel=1e-9, abs=1e-6)
