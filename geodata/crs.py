"""The one door for coordinates: WGS-84, CGCS2000, GCJ-02 and BD-09, always as longitude, latitude in degrees.

GCJ-02 and BD-09 have no EPSG code and no published standard. The formulas are the ones that every open
implementation shares (a polynomial with sine terms on the Krasovsky ellipsoid; Baidu's polar wobble on top of it). What
map makers really use carries small unpublished noise on top, said to be of the order of metres.

* Forward (WGS-84 to GCJ-02 to BD-09) is exact by definition.
* Backward has no closed form. A fixed point is iterated until it has converged to well below a millimetre; the one-step
  inverse that is usually copied is up to 4.6 m off, the usual BD-09 inverse up to 0.2 m.
* CGCS2000 (EPSG:4490) is taken to be WGS-84: both follow the ITRF to centimetres or decimetres (plate motion since
  epoch 2000 included), the ellipsoids differ by 0.1 mm, and the only transformation that PROJ offers between the two
  returns the same numbers. No zone is known to a decimetre.
* Outside a rectangle round China (72.004 to 137.8347 E, 0.8293 to 55.8271 N) the two Chinese systems are taken to be
  WGS-84, as everywhere. At the rectangle's edge the map jumps; no city of Liaoning lies within 400 km of it.
"""

import math
from enum import StrEnum
from typing import Any, TypeAlias, overload

import numpy as np
import numpy.typing as npt

from geodata.errors import BadCoordinate, UnknownCrs

Degrees: TypeAlias = npt.NDArray[np.float64]


class Crs(StrEnum):
    """Coordinate systems by name; the same numbers mean places 0.4 to 1.4 km apart, so none is ever guessed."""

    WGS84 = "wgs84"
    CGCS2000 = "cgcs2000"
    GCJ02 = "gcj02"
    BD09LL = "bd09ll"


_A = 6378245.0  # Krasovsky 1940, semi-major axis in metres
_E2 = 0.00669342162296594323  # Krasovsky 1940, first eccentricity squared
_CHINA = (72.004, 0.8293, 137.8347, 55.8271)
_WOBBLE = math.pi * 3000.0 / 180.0

# Each step of a fixed point shrinks the error by a factor of about 100 (GCJ-02) or 1000 (BD-09): four steps leave a
# micrometre, six are safe and still cost microseconds.
_STEPS = 6


@overload
def to_wgs84(lon: float, lat: float, crs: Crs | str) -> tuple[float, float]: ...
@overload
def to_wgs84(lon: Degrees, lat: Degrees, crs: Crs | str) -> tuple[Degrees, Degrees]: ...
def to_wgs84(lon: Any, lat: Any, crs: Crs | str) -> tuple[Any, Any]:
    """WGS-84 longitude and latitude of a place given in `crs`; floats or arrays of one shape. Error below 1 mm.

    >>> lon, lat = to_wgs84(123.438934, 41.806926, Crs.GCJ02)
    >>> round(lon, 5), round(lat, 5)
    (123.4328, 41.8045)
    """
    known = _known(crs)
    lon, lat, maths = _checked(lon, lat)
    if known is Crs.WGS84 or known is Crs.CGCS2000:
        return lon, lat
    # The rectangle is decided once, by the point given: inside the iteration it would flip to and fro at its edge.
    inside = _in_china(lon, lat)
    if known is Crs.BD09LL:
        lon, lat = _solved(_gcj_to_bd, lon, lat, inside, maths)
    return _solved(_wgs_to_gcj, lon, lat, inside, maths)


@overload
def from_wgs84(lon: float, lat: float, crs: Crs | str) -> tuple[float, float]: ...
@overload
def from_wgs84(lon: Degrees, lat: Degrees, crs: Crs | str) -> tuple[Degrees, Degrees]: ...
def from_wgs84(lon: Any, lat: Any, crs: Crs | str) -> tuple[Any, Any]:
    """Longitude and latitude in `crs` of a place given in WGS-84; floats or arrays of one shape. Exact by definition.

    >>> lon, lat = from_wgs84(121.6440, 38.9219, Crs.GCJ02)
    >>> round(lon, 6), round(lat, 6)
    (121.648982, 38.922717)
    """
    known = _known(crs)
    lon, lat, maths = _checked(lon, lat)
    if known is Crs.WGS84 or known is Crs.CGCS2000:
        return lon, lat
    inside = _in_china(lon, lat)
    lon, lat = _wgs_to_gcj(lon, lat, inside, maths)
    return _gcj_to_bd(lon, lat, inside, maths) if known is Crs.BD09LL else (lon, lat)


def checked_position(lon: float, lat: float) -> tuple[float, float]:
    """The position as two floats, or `BadCoordinate` when it names no place on Earth."""
    lon, lat = float(lon), float(lat)
    for field, value, limit in (("lon", lon, 180.0), ("lat", lat, 90.0)):
        if not math.isfinite(value):
            raise BadCoordinate(field, "a finite number of degrees", str(value))
        if abs(value) > limit:
            swapped = field == "lat" and abs(lon) <= 90.0 and abs(lat) <= 180.0
            hint = " (longitude and latitude swapped?)" if swapped else ""
            raise BadCoordinate(field, f"-{limit:g} to {limit:g} degrees{hint}", str(value))
    return lon, lat


def _known(crs: Crs | str) -> Crs:
    try:
        return Crs(crs)
    except ValueError:
        raise UnknownCrs(str(crs), [known.value for known in Crs]) from None


def _checked(lon: Any, lat: Any) -> tuple[Any, Any, Any]:
    """The coordinates checked, and the library whose functions take them: `math` for floats, `numpy` for arrays."""
    if not isinstance(lon, np.ndarray) and not isinstance(lat, np.ndarray):
        return *checked_position(lon, lat), math
    lons, lats = np.asarray(lon, dtype=np.float64), np.asarray(lat, dtype=np.float64)
    if lons.shape != lats.shape:
        raise BadCoordinate("lat", f"as many values as there are longitudes {lons.shape}", str(lats.shape))
    bad = ~((np.abs(lons) <= 180.0) & (np.abs(lats) <= 90.0))  # negated, so that NaN counts as bad
    if bad.any():
        at = np.flatnonzero(bad.ravel())[0]
        checked_position(float(lons.ravel()[at]), float(lats.ravel()[at]))
    return lons, lats, np


def _in_china(lon: Any, lat: Any) -> Any:
    west, south, east, north = _CHINA
    return (west <= lon) & (lon <= east) & (south <= lat) & (lat <= north)


def _wgs_to_gcj(lon: Any, lat: Any, inside: Any, maths: Any) -> tuple[Any, Any]:
    x, y = lon - 105.0, lat - 35.0
    pi, sin, root = math.pi, maths.sin, maths.sqrt(abs(x))
    common = (20.0 * sin(6.0 * pi * x) + 20.0 * sin(2.0 * pi * x)) * 2.0 / 3.0
    north_m = -100.0 + 2.0 * x + 3.0 * y + 0.2 * y * y + 0.1 * x * y + 0.2 * root + common
    north_m = north_m + (20.0 * sin(pi * y) + 40.0 * sin(pi * y / 3.0)) * 2.0 / 3.0
    north_m = north_m + (160.0 * sin(pi * y / 12.0) + 320.0 * sin(pi * y / 30.0)) * 2.0 / 3.0
    east_m = 300.0 + x + 2.0 * y + 0.1 * x * x + 0.1 * x * y + 0.1 * root + common
    east_m = east_m + (20.0 * sin(pi * x) + 40.0 * sin(pi * x / 3.0)) * 2.0 / 3.0
    east_m = east_m + (150.0 * sin(pi * x / 12.0) + 300.0 * sin(pi * x / 30.0)) * 2.0 / 3.0
    phi = lat * pi / 180.0
    m = 1.0 - _E2 * sin(phi) ** 2
    metres_north = pi / 180.0 * _A * (1.0 - _E2) / (m * maths.sqrt(m))
    metres_east = pi / 180.0 * _A / maths.sqrt(m) * maths.cos(phi)
    return lon + inside * (east_m / metres_east), lat + inside * (north_m / metres_north)


def _gcj_to_bd(lon: Any, lat: Any, inside: Any, maths: Any) -> tuple[Any, Any]:
    z = maths.hypot(lon, lat) + 0.00002 * maths.sin(lat * _WOBBLE)
    t = maths.atan2(lat, lon) + 0.000003 * maths.cos(lon * _WOBBLE)
    moved_lon, moved_lat = z * maths.cos(t) + 0.0065, z * maths.sin(t) + 0.006
    return lon + inside * (moved_lon - lon), lat + inside * (moved_lat - lat)


def _solved(forward: Any, lon: Any, lat: Any, inside: Any, maths: Any) -> tuple[Any, Any]:
    """The point that `forward` moves to (lon, lat), by the fixed point w <- w - (forward(w) - target)."""
    found_lon, found_lat = lon, lat
    for _ in range(_STEPS):
        moved_lon, moved_lat = forward(found_lon, found_lat, inside, maths)
        found_lon, found_lat = found_lon - (moved_lon - lon), found_lat - (moved_lat - lat)
    return found_lon, found_lat
