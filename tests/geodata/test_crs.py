"""The door for coordinates: published golden values, inverses below a millimetre, arrays like numbers."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from geodata.crs import Crs, from_wgs84, to_wgs84
from geodata.errors import BadCoordinate, UnknownCrs
from geodata.projection import metres_per_degree

# Longitude, latitude in WGS-84 and GCJ-02 at six decimals; two independent libraries agree with them.
GOLDEN = {
    "Shenyang": ((123.4328, 41.8045), (123.438934, 41.806926)),
    "Dalian": ((121.6440, 38.9219), (121.648982, 38.922717)),
    "Beijing": ((116.3975, 39.9087), (116.403744, 39.910103)),
    "Shenzhen": ((114.0579, 22.5431), (114.063014, 22.540383)),
    "Chengdu": ((104.0648, 30.6586), (104.067306, 30.656177)),
}

# Metres from WGS-84 to GCJ-02, from WGS-84 to BD-09 and from GCJ-02 to BD-09.
OFFSETS = {
    "Shenyang": ((123.4328, 41.8045), 576.6, 1396.9, 845.1),
    "Dalian": ((121.6440, 38.9219), 441.4, 1251.1, 872.5),
}

LON = st.floats(min_value=74.0, max_value=135.0)
LAT = st.floats(min_value=3.0, max_value=53.5)
MOVED = [Crs.GCJ02, Crs.BD09LL]


def apart_m(one: tuple[float, float], other: tuple[float, float]) -> float:
    """Great-circle distance by haversine on a mean sphere, written apart from the package's own projection."""
    (lon1, lat1), (lon2, lat2) = (tuple(map(math.radians, position)) for position in (one, other))
    h = math.sin((lat2 - lat1) / 2) ** 2 + math.cos(lat1) * math.cos(lat2) * math.sin((lon2 - lon1) / 2) ** 2
    return 2 * 6371008.8 * math.asin(math.sqrt(h))


@pytest.mark.parametrize("place", GOLDEN)
def test_golden_values(place: str) -> None:
    wgs, gcj = GOLDEN[place]
    lon, lat = from_wgs84(*wgs, Crs.GCJ02)
    assert (round(lon, 6), round(lat, 6)) == gcj


@pytest.mark.parametrize("place", OFFSETS)
def test_offsets_in_metres(place: str) -> None:
    wgs, to_gcj, to_bd, gcj_to_bd = OFFSETS[place]
    gcj, bd = from_wgs84(*wgs, Crs.GCJ02), from_wgs84(*wgs, Crs.BD09LL)
    # The table was made with another figure of the Earth: a few tenths of a per cent.
    assert apart_m(wgs, gcj) == pytest.approx(to_gcj, rel=4e-3)
    assert apart_m(wgs, bd) == pytest.approx(to_bd, rel=4e-3)
    assert apart_m(gcj, bd) == pytest.approx(gcj_to_bd, rel=4e-3)


@pytest.mark.parametrize("crs", MOVED)
@given(lon=LON, lat=LAT)
def test_round_trip_is_below_a_millimetre(crs: Crs, lon: float, lat: float) -> None:
    back = to_wgs84(*from_wgs84(lon, lat, crs), crs)
    assert apart_m((lon, lat), back) < 1e-3


@pytest.mark.parametrize("crs", MOVED)
@given(lon=LON, lat=LAT)
def test_round_trip_the_other_way_is_below_a_millimetre(crs: Crs, lon: float, lat: float) -> None:
    there = from_wgs84(*to_wgs84(lon, lat, crs), crs)
    assert apart_m((lon, lat), there) < 1e-3


@pytest.mark.parametrize("crs", list(Crs))
def test_arrays_give_what_numbers_give(crs: Crs) -> None:
    random = np.random.default_rng(20_000)
    lon, lat = random.uniform(70.0, 140.0, 20_000), random.uniform(0.0, 57.0, 20_000)
    there = from_wgs84(lon, lat, crs)
    back = to_wgs84(lon, lat, crs)
    for i in range(0, 20_000, 100):
        assert from_wgs84(float(lon[i]), float(lat[i]), crs) == pytest.approx((there[0][i], there[1][i]), abs=1e-12)
        assert to_wgs84(float(lon[i]), float(lat[i]), crs) == pytest.approx((back[0][i], back[1][i]), abs=1e-12)


@pytest.mark.parametrize("crs", MOVED)
def test_round_trip_of_many_points(crs: Crs) -> None:
    random = np.random.default_rng(7)
    lon, lat = random.uniform(74.0, 135.0, 20_000), random.uniform(3.0, 53.5, 20_000)
    back_lon, back_lat = to_wgs84(*from_wgs84(lon, lat, crs), crs)
    east, north = metres_per_degree(0.0)
    assert float(np.hypot((back_lon - lon) * east, (back_lat - lat) * north).max()) < 1e-3


def test_cgcs2000_is_taken_to_be_wgs84() -> None:
    assert to_wgs84(123.4328, 41.8045, Crs.CGCS2000) == (123.4328, 41.8045)
    assert from_wgs84(123.4328, 41.8045, "cgcs2000") == (123.4328, 41.8045)


@pytest.mark.parametrize("crs", MOVED)
@pytest.mark.parametrize("place", [(-0.1276, 51.5072), (180.0, 90.0), (-180.0, -90.0), (139.7, 35.7), (72.0, 20.0)])
def test_outside_the_rectangle_nothing_moves(crs: Crs, place: tuple[float, float]) -> None:
    assert from_wgs84(*place, crs) == place
    assert to_wgs84(*place, crs) == place


def test_the_frames_are_hundreds_of_metres_apart() -> None:
    place = (123.4328, 41.8045)
    read = [to_wgs84(*place, crs) for crs in (Crs.WGS84, Crs.GCJ02, Crs.BD09LL)]
    assert min(apart_m(read[0], read[1]), apart_m(read[0], read[2]), apart_m(read[1], read[2])) > 400.0


@pytest.mark.parametrize("crs", list(Crs))
@pytest.mark.parametrize("bad", [math.nan, math.inf, -math.inf])
def test_numbers_that_are_not_finite_are_refused(crs: Crs, bad: float) -> None:
    for convert in (to_wgs84, from_wgs84):
        with pytest.raises(BadCoordinate) as lon:
            convert(bad, 41.8, crs)
        with pytest.raises(BadCoordinate) as lat:
            convert(123.4, bad, crs)
        with pytest.raises(BadCoordinate) as among:
            convert(np.array([123.4, 123.5]), np.array([41.8, bad]), crs)
        assert (lon.value.field, lat.value.field, among.value.field) == ("lon", "lat", "lat")


def test_out_of_range_is_refused_with_the_hint() -> None:
    with pytest.raises(BadCoordinate, match="swapped"):
        to_wgs84(41.8, 123.4, Crs.WGS84)
    with pytest.raises(BadCoordinate, match=r"lon: expected -180 to 180 degrees, found 180\.5"):
        to_wgs84(180.5, 41.8, Crs.GCJ02)


def test_arrays_of_different_shapes_are_refused() -> None:
    with pytest.raises(BadCoordinate, match="as many values"):
        to_wgs84(np.array([123.4, 123.5]), np.array([41.8]), Crs.GCJ02)


def test_unknown_names_are_refused() -> None:
    with pytest.raises(UnknownCrs, match=r"expected one of wgs84, cgcs2000, gcj02, bd09ll, found 'bd09'"):
        to_wgs84(123.4, 41.8, "bd09")
