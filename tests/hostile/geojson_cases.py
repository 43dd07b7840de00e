"""All hostile geometries, and what must become of each.

`place` of a row is what follows `features[1].geometry` in the place of the fault.
"""

from tests.hostile.geojson_positions import POSITIONS
from tests.hostile.geojson_rings import RINGS
from tests.hostile.shapes import Shape

ROWS: tuple[Shape, ...] = (*RINGS, *POSITIONS)
