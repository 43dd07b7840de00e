"""Shapes in another coordinate system than the one they are kept in, and which of them a box meets.

GCJ-02 and BD-09 bend: an edge that is straight in WGS-84 is a curve there, and by its two ends alone it would run up to
26 m (GCJ-02) or 88 m (BD-09) beside where it belongs on the longest edges of the built-in zones (57 km). So long edges
get more corners before they are converted; what is left is 1 cm (GCJ-02) or 26 cm (BD-09) anywhere in China.
"""

from collections.abc import Iterable
from functools import lru_cache

import numpy as np
import shapely

from geodata.crs import Crs, from_wgs84
from geodata.drawing import Box
from geodata.projection import Floats
from geodata.zones import Zone

LONGEST_EDGE = 0.004
"""Degrees (330 to 440 m in China) beyond which an edge gets more corners before it is converted."""

MOST_SHAPES = 4_000
"""Converted shapes that are kept: two systems bend, so that is every zone of 2,000."""


def shape_in(shape: shapely.Geometry, crs: Crs) -> shapely.Geometry:
    """A shape of WGS-84 in `crs`; edges longer than `LONGEST_EDGE` get more corners where the system bends."""
    if crs in (Crs.WGS84, Crs.CGCS2000):
        return shape
    finer = shapely.segmentize(shape, LONGEST_EDGE)

    def convert(positions: Floats) -> Floats:
        return np.column_stack(from_wgs84(positions[:, 0], positions[:, 1], crs))

    return shapely.transform(finer, convert)


def meets(shape: shapely.Geometry, box: Box) -> bool:
    """Whether a shape and a box (west, south, east, north in the shape's own system) share a point, edges included."""
    west, south, east, north = box
    left, bottom, right, top = shape.bounds
    if left > east or right < west or bottom > north or top < south:
        return False
    # A box without width or height is a line or a point; as a polygon it would have no inside to be met.
    if west == east and south == north:
        return bool(shapely.intersects_xy(shape, west, south))
    if west == east or south == north:
        return bool(shapely.intersects(shape, shapely.LineString([(west, south), (east, north)])))
    return bool(shapely.intersects(shape, shapely.box(west, south, east, north)))


class Shapes:
    """The shapes of some zones in each system, converted once: those used last are kept. Threads may share it."""

    def __init__(self, zones: Iterable[Zone], most: int = MOST_SHAPES) -> None:
        shapes = {zone.key: zone.shape for zone in zones}
        self._converted = lru_cache(most)(lambda key, crs: shape_in(shapes[key], crs))

    def of(self, zone: Zone, crs: Crs) -> shapely.Geometry:
        """The shape of one of those zones; KeyError for another."""
        return self._converted(zone.key, crs)
