"""Where a point is, by every way of asking, against exact arithmetic; and callers that know it only roughly."""

import math
from fractions import Fraction
from itertools import pairwise

import numpy as np
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from geodata.index import ZoneIndex
from tests.geodata.documents import Feature, area, index_of, polygon

Position = tuple[float, float]


def _star(number: int, lon: float, lat: float, size: float, points: int) -> Feature:
    """A ring with corners in and out, at coordinates of seven decimals, with a hole in its middle."""

    def ring(reach: float) -> list[list[float]]:
        corners = [
            [
                round(lon + reach * (1.0 if i % 2 else 0.55) * math.cos(math.tau * i / points), 7),
                round(lat + reach * (1.0 if i % 2 else 0.55) * math.sin(math.tau * i / points), 7),
            ]
            for i in range(points)
        ]
        return [*corners, corners[0]]

    return area(f"z-{number:02}", polygon(ring(size), ring(size / 3)))


def _city(seed: int) -> list[Feature]:
    """Forty zones that overlap, nest and touch."""
    drawn = np.random.default_rng(seed)
    return [
        _star(
            i,
            float(drawn.uniform(123.3, 123.5)),
            float(drawn.uniform(41.7, 41.9)),
            float(drawn.uniform(0.01, 0.08)),
            10,
        )
        for i in range(40)
    ]


FEATURES = _city(20_261_124)
INDEX = index_of(*FEATURES)


def holding(lon: float, lat: float) -> frozenset[str]:
    """The zones that hold a point, edges included, by a loop over all of them in rationals."""
    x, y = Fraction(lon), Fraction(lat)
    found = set()
    for feature in FEATURES:
        shell, *holes = feature["geometry"]["coordinates"]
        if _side(shell, x, y) >= 0 and all(_side(hole, x, y) <= 0 for hole in holes):
            found.add(feature["properties"]["id"])
    return frozenset(found)


def _side(ring: list[list[float]], x: Fraction, y: Fraction) -> int:
    """1 inside, 0 on the ring, -1 outside: how often the ring winds round the point."""
    winding = 0
    for (ax, ay), (bx, by) in pairwise(ring):
        x1, y1, x2, y2 = Fraction(ax), Fraction(ay), Fraction(bx), Fraction(by)
        left = (x2 - x1) * (y - y1) - (x - x1) * (y2 - y1)
        if left == 0 and min(x1, x2) <= x <= max(x1, x2) and min(y1, y2) <= y <= max(y1, y2):
            return 0
        if y1 <= y < y2 and left > 0:
            winding += 1
        elif y2 <= y < y1 and left < 0:
            winding -= 1
    return 1 if winding else -1


@st.composite
def places(draw: st.DrawFn) -> Position:
    """Corners, points on edges as well as doubles can say it, points beside edges, and anywhere."""
    if draw(st.booleans()):
        return draw(st.floats(123.2, 123.6)), draw(st.floats(41.6, 42.0))
    ring = draw(st.sampled_from(draw(st.sampled_from(FEATURES))["geometry"]["coordinates"]))
    i = draw(st.integers(0, len(ring) - 2))
    share = draw(st.sampled_from([0.0, 0.5, 1.0]) | st.floats(0.0, 1.0))
    lon, lat = (a + share * (b - a) for a, b in zip(ring[i], ring[i + 1], strict=True))
    off = st.sampled_from([0.0, 5e-15, -5e-15, 1e-9, -1e-9, 1e-6, -1e-6])
    return lon + draw(off), lat + draw(off)


@given(places())
def test_the_index_agrees_with_exact_arithmetic(place):
    """G18: boxes, prepared shapes and all, against a loop that knows none of them. `make soak` asks many more."""
    assert INDEX.at(*place).certain == holding(*place)


@given(places())
def test_shapes_that_were_written_and_read_again_hold_the_same_points(place):
    """G17: plain, prepared, reversed, and through well-known binary; one answer."""
    point = shapely.Point(place)
    for zone in INDEX.zones():
        again = shapely.from_wkb(shapely.to_wkb(zone.shape))
        turned = shapely.reverse(zone.shape)
        prepared = shapely.from_wkb(shapely.to_wkb(zone.shape))
        shapely.prepare(prepared)
        answers = {bool(shapely.covers(shape, point)) for shape in (zone.shape, again, turned, prepared)}
        assert answers == {zone.key in INDEX.at(*place).certain}


def _float32(value: float) -> float:
    return float(np.float32(value))


@pytest.mark.parametrize(
    ("rough", "accuracy_m"), [(_float32, 1.0), (lambda value: round(value, 4), 10.0)], ids=["float32", "four decimals"]
)
@given(place=places())
def test_a_caller_that_knows_its_place_roughly_is_never_told_the_contrary_for_sure(rough, accuracy_m, place):
    """G20: single precision moves a point at this longitude by up to 0.4 m, four decimals by up to 7 m.

    With that accuracy said, what is certain of the rough point is so of the true one, and what holds the true one is
    at least possible of the rough one.
    """
    told = INDEX.at(*(rough(each) for each in place), accuracy_m=accuracy_m)
    true = holding(*place)
    assert told.certain <= true <= told.possible


def test_neighbours_that_do_not_share_a_vertex_leave_points_in_neither_and_points_in_both():
    """G16: an oblique common edge, and on it a vertex of one of them alone, rounded by three hundred-millionths."""
    west, east = [123.14, 41.72], [123.1717, 41.7371]
    middle = [123.1505667, 41.7257]
    split = index_of(
        area("one", polygon([west, east, [123.14, 41.75], west])),
        area("other", polygon([west, [123.17, 41.71], east, middle, west])),
    )
    shared = index_of(
        area("one", polygon([west, middle, east, [123.14, 41.75], west])),
        area("other", polygon([west, [123.17, 41.71], east, middle, west])),
    )
    assert max(_counts(split, west, east)) > 1000
    neither, both = _counts(shared, west, east)
    assert neither == 0 and both <= 2


def _counts(index: ZoneIndex, start: list[float], end: list[float]) -> tuple[int, int]:
    """Of 4,000 points on the edge as drawn by the first zone: how many lie in no zone, and how many in both."""
    held = []
    for share in np.linspace(0.001, 0.999, 4000):
        lon, lat = (a + share * (b - a) for a, b in zip(start, end, strict=True))
        held.append(len(index.at(float(lon), float(lat)).certain))
    return held.count(0), held.count(2)
