"""Hostile geometries, each as the text that would stand in a zone document, and what must become of it.

`place` is what follows `features[1].geometry` in the place of the first fault.
"""

import json
import math
from dataclasses import dataclass
from typing import Any

from tests.hostile.city_folder import box, feature
from tests.hostile.rows import ACCEPT, NORMALISED, REJECT, Expect, Row

# A square of about a kilometre, and places round it.
W, S, E, N = 123.14, 41.72, 123.152, 41.731
SHELL = box(W, S, E, N)
BESIDE = box(123.17, 41.72, 123.18, 41.73)


@dataclass(frozen=True, slots=True)
class Shape(Row):
    """A geometry in the second feature of a document, or `features` that stand in its place."""

    geometry: str = ""
    features: tuple[str, ...] = ()

    @property
    def all_features(self) -> tuple[str, ...]:
        return self.features or (feature("trap", self.geometry),)


def polygon(*rings: Any) -> dict[str, Any]:
    return {"type": "Polygon", "coordinates": list(rings)}


def multi(*parts: Any) -> dict[str, Any]:
    return {"type": "MultiPolygon", "coordinates": list(parts)}


def _row(
    number: int | None,
    name: str,
    expect: Expect,
    geometry: Any,
    code: str | None,
    place: str,
    why: str,
) -> Shape:
    text = geometry if isinstance(geometry, str) else json.dumps(geometry, ensure_ascii=False)
    return Shape(name, expect, why, number, code, place, text)


def _with_ordinate(text: str) -> str:
    """The square with one longitude written as it is given, which JSON may not have."""
    return json.dumps(polygon(SHELL)).replace(f"[{E}, {S}]", f"[{text}, {S}]")


def _star(vertices: int) -> dict[str, Any]:
    """A valid ring of many vertices: two radii in turn."""
    spokes = [(0.02 if i % 2 else 0.019, math.tau * i / vertices) for i in range(vertices)]
    ring = [[round(123.3 + r * math.cos(a), 7), round(41.9 + r * math.sin(a), 7)] for r, a in spokes]
    return polygon([*ring, ring[0]])


def _zigzag(teeth: int) -> dict[str, Any]:
    """A ring that goes out in teeth and comes back through the middle of them all: a crossing at each side of each."""
    there = [[123.2 + 0.00001 * i, 41.75 if i % 2 else 41.76] for i in range(teeth)]
    back = [[123.2 + 0.00001 * i, 41.755 + 0.001 * (i % 2)] for i in reversed(range(teeth))]
    return polygon([*there, *back, there[0]])


def _comb(teeth: int, upright: bool) -> list[list[float]]:
    ring = [[0.0, 0.0]]
    for i in range(teeth):
        ring += [[2.0 * i + 1, 0.0], [2.0 * i + 1, 200.0], [2.0 * i + 2, 200.0], [2.0 * i + 2, 0.0]]
    ring += [[2.0 * teeth + 1, 0.0], [2.0 * teeth + 1, -1.0], [0.0, -1.0], [0.0, 0.0]]
    turned = ring if upright else [[y, x] for x, y in ring]
    return [[round(123.2 + 0.0004 * x, 7), round(41.8 + 0.0004 * y, 7)] for x, y in turned]


def _small(west: float) -> list[list[float]]:
    return box(round(west, 5), 41.75, round(west + 0.0003, 5), 41.7503)


FAR_DECIMAL = 123.14000000000001
HEIGHT = [[lon, lat, 12.5] for lon, lat in SHELL]

ROWS: tuple[Shape, ...] = (
    # What a zone may be.
    _row(1, "ok_square", ACCEPT, polygon(SHELL), None, "", "counter-clockwise and closed"),
    _row(3, "ok_multipolygon_disjoint", ACCEPT, multi([SHELL], [BESIDE]), None, "", "parts apart"),
    _row(
        4,
        "ok_hole_touches_shell_at_point",
        ACCEPT,
        polygon(SHELL, [[W, S], [123.144, 41.723], [123.143, 41.724], [W, S]]),
        None,
        "",
        "OGC: rings may touch at one point",
    ),
    # Rings that are none.
    _row(
        6,
        "bowtie_asymmetric",
        REJECT,
        polygon([[W, S], [E, N], [E, S], [W, S + 0.0012], [W, S]]),
        "invalid-geometry",
        ".coordinates[0]",
        "crosses itself; a repair would change the area",
    ),
    _row(
        7,
        "self_touch_ring",
        REJECT,
        polygon([[W, S], [E, S], [123.146, 41.7255], [E, N], [W, N], [123.146, 41.7255], [W, S]]),
        "invalid-geometry",
        ".coordinates[0]",
        "touches itself at a vertex",
    ),
    _row(
        9,
        "spike",
        REJECT,
        polygon([[W, S], [E, S], [E, 41.725], [123.17, 41.725], [E, 41.725], [E, N], [W, N], [W, S]]),
        "invalid-geometry",
        ".coordinates[0]",
        "out and back on one line",
    ),
    _row(
        10,
        "zero_area_line",
        REJECT,
        polygon([[W, S], [123.146, S], [E, S], [W, S]]),
        "invalid-geometry",
        ".coordinates[0]",
        "collapsed to a line",
    ),
    _row(
        12,
        "tiny_polygon_1e-9",
        REJECT,
        polygon([[W, S], [W + 2e-9, S], [W + 2e-9, S + 2e-9], [W, S]]),
        "zero-area",
        ".coordinates[0]",
        "nothing is left of it at 1e-7 degrees",
    ),
    _row(
        13,
        "three_points_closed",
        REJECT,
        polygon([[W, S], [E, S], [W, S]]),
        "too-few-positions",
        ".coordinates[0]",
        "a ring needs four positions",
    ),
    _row(
        15,
        "unclosed_ring",
        REJECT,
        polygon(SHELL[:-1]),
        "unclosed-ring",
        ".coordinates[0]",
        "RFC 7946, 3.1.6: the last position is the first; the geometry library closes rings silently",
    ),
    _row(
        16,
        "nearly_closed_ring",
        REJECT,
        polygon([*SHELL[:-1], [W + 1e-12, S]]),
        "unclosed-ring",
        ".coordinates[0]",
        "apart in the twelfth decimal",
    ),
    _row(
        None,
        "double_cover",
        REJECT,
        polygon([*SHELL, *SHELL[1:]]),
        "invalid-geometry",
        ".coordinates[0]",
        "the same ring gone round twice",
    ),
    # What is brought to one form.
    _row(
        18, "clockwise", NORMALISED, polygon(SHELL[::-1]), None, "", "RFC 7946: a wrong winding is no reason to refuse"
    ),
    _row(
        19,
        "hole_same_winding",
        NORMALISED,
        polygon(SHELL, box(123.143, 41.723, 123.146, 41.726)),
        None,
        "",
        "a hole wound like the shell is turned",
    ),
    _row(
        None,
        "duplicate_points",
        NORMALISED,
        polygon([SHELL[0], SHELL[1], SHELL[1], SHELL[1], *SHELL[2:]]),
        None,
        "",
        "repeated positions are dropped",
    ),
    _row(
        None,
        "z_zero",
        NORMALISED,
        polygon([[lon, lat, 0] for lon, lat in SHELL]),
        None,
        "",
        "a height of nothing says nothing",
    ),
    _row(
        60,
        "coord_17_digits",
        NORMALISED,
        polygon([[FAR_DECIMAL, S], SHELL[1], SHELL[2], SHELL[3], [FAR_DECIMAL, S]]),
        None,
        "",
        "rounded to 1e-7 degrees, and judged after it",
    ),
    _row(
        75,
        "very_long_edge",
        NORMALISED,
        polygon([[122.6, 41.4], [123.69, 41.4], [123.69, 41.40001], [122.6, 41.4]]),
        None,
        "",
        "an edge of 91 km is taken as straight on the plane of degrees",
    ),
    Shape(
        "tjunction_neighbour_pair",
        NORMALISED,
        "a neighbour with a rounded vertex more on the common edge: points near it lie in none or in both",
        82,
        features=(
            feature("left", json.dumps(polygon([[W, S], [123.1717, 41.7371], [W, 41.75], [W, S]]))),
            feature(
                "right",
                json.dumps(polygon([[W, S], [123.17, 41.71], [123.1717, 41.7371], [123.15585, 41.72855], [W, S]])),
            ),
        ),
    ),
    # Holes and parts.
    _row(
        21,
        "hole_equals_shell",
        REJECT,
        polygon(SHELL, SHELL[::-1]),
        "invalid-geometry",
        ".coordinates",
        "nothing would be left",
    ),
    _row(
        22,
        "hole_crosses_shell",
        REJECT,
        polygon(SHELL, box(123.146, 41.725, 123.16, 41.728)),
        "invalid-geometry",
        ".coordinates",
        "a hole across the shell",
    ),
    _row(
        None,
        "hole_outside",
        REJECT,
        polygon(SHELL, BESIDE),
        "invalid-geometry",
        ".coordinates",
        "a hole in nothing",
    ),
    _row(
        None,
        "hole_disconnects",
        REJECT,
        polygon(SHELL, [[W, S], [E, N], [123.149, 41.7255], [W, S]]),
        "invalid-geometry",
        ".coordinates",
        "a hole that cuts the inside in two",
    ),
    _row(
        24,
        "nested_holes",
        REJECT,
        polygon(SHELL, box(123.142, 41.722, 123.15, 41.729), box(123.144, 41.724, 123.147, 41.726)),
        "invalid-geometry",
        ".coordinates",
        "a hole in a hole",
    ),
    _row(
        25,
        "overlapping_holes",
        REJECT,
        polygon(SHELL, box(123.142, 41.722, 123.146, 41.726), box(123.145, 41.725, 123.15, 41.729)),
        "invalid-geometry",
        ".coordinates",
        "holes that overlap",
    ),
    _row(
        None,
        "multipolygon_overlap",
        REJECT,
        multi([SHELL], [box(123.147, 41.725, 123.16, 41.74)]),
        "invalid-geometry",
        ".coordinates",
        "one way to repair it makes a hole of the overlap, another covers it",
    ),
    _row(
        27,
        "multipolygon_shared_edge",
        REJECT,
        multi([SHELL], [box(E, S, 123.16, N)]),
        "invalid-geometry",
        ".coordinates",
        "OGC: parts share no edge",
    ),
    _row(
        28,
        "multipolygon_nested",
        REJECT,
        multi([SHELL], [box(123.142, 41.722, 123.146, 41.726)]),
        "invalid-geometry",
        ".coordinates",
        "a part in a part",
    ),
    _row(
        None,
        "multipolygon_repeated",
        REJECT,
        multi([SHELL], [SHELL]),
        "invalid-geometry",
        ".coordinates",
        "a part twice",
    ),
    _row(30, "multipolygon_empty", REJECT, multi(), "empty", ".coordinates", "means nowhere"),
    _row(31, "polygon_empty", REJECT, polygon(), "empty", ".coordinates", "means nowhere"),
    # Other things than the geometry of an area.
    _row(
        33,
        "coordinates_null",
        REJECT,
        {"type": "Polygon", "coordinates": None},
        "wrong-type",
        ".coordinates",
        "the geometry library makes an empty polygon of it",
    ),
    _row(34, "coordinates_missing", REJECT, {"type": "Polygon"}, "wrong-type", ".coordinates", "nothing was drawn"),
    _row(
        36,
        "type_lowercase",
        REJECT,
        {"type": "polygon", "coordinates": [SHELL]},
        "geometry-type",
        ".type",
        "RFC 7946: types are case-sensitive",
    ),
    _row(
        37,
        "type_unknown",
        REJECT,
        {"type": "CircularString", "coordinates": [SHELL]},
        "geometry-type",
        ".type",
        "no type of RFC 7946",
    ),
    _row(
        39,
        "linestring",
        REJECT,
        {"type": "LineString", "coordinates": SHELL[:3]},
        "geometry-type",
        ".type",
        "a line is a road with a width, never an area",
    ),
    _row(
        40,
        "geometrycollection",
        REJECT,
        {"type": "GeometryCollection", "geometries": [polygon(SHELL)]},
        "geometry-type",
        ".type",
        "may mix dimensions",
    ),
    _row(
        42,
        "feature_instead_of_geometry",
        REJECT,
        feature("inner", json.dumps(polygon(SHELL))),
        "geometry-type",
        ".type",
        "the geometry library unwraps it silently",
    ),
    _row(
        43,
        "featurecollection_instead",
        REJECT,
        {"type": "FeatureCollection", "features": []},
        "geometry-type",
        ".type",
        "another kind of object",
    ),
    # Positions that are none.
    _row(45, "z_nonzero", REJECT, polygon(HEIGHT), "height", ".coordinates[0][0]", "the viaduct or the street below?"),
    _row(
        46,
        "mixed_2d_3d",
        REJECT,
        polygon([SHELL[0], [*SHELL[1], 3], *SHELL[2:]]),
        "height",
        ".coordinates[0][1]",
        "a height at one position only",
    ),
    _row(
        48,
        "one_ordinate",
        REJECT,
        polygon([[lon] for lon, _ in SHELL]),
        "position",
        ".coordinates[0][0]",
        "a longitude alone",
    ),
    _row(
        49,
        "coords_as_strings",
        REJECT,
        polygon([[str(lon), str(lat)] for lon, lat in SHELL]),
        "wrong-type",
        ".coordinates[0][0]",
        "the geometry library converts texts silently",
    ),
    _row(
        None,
        "coord_bool",
        REJECT,
        polygon([SHELL[0], [True, S], *SHELL[2:]]),
        "wrong-type",
        ".coordinates[0][1]",
        "true is 1 in Python",
    ),
    _row(
        None,
        "four_ordinates",
        REJECT,
        polygon([[*each, 0, 0] for each in SHELL]),
        "position",
        ".coordinates[0][0]",
        "nobody knows what the fourth would be",
    ),
    _row(51, "coord_null", REJECT, _with_ordinate("null"), "wrong-type", ".coordinates[0][1]", "no number"),
    _row(52, "coord_nan", REJECT, _with_ordinate("NaN"), "malformed-json", "", "JSON has no NaN"),
    _row(None, "coord_inf", REJECT, _with_ordinate("-Infinity"), "malformed-json", "", "JSON has no Infinity"),
    _row(
        54, "coord_1e400", REJECT, _with_ordinate("1e400"), "number-out-of-range", ".coordinates[0][1][0]", "infinite"
    ),
    _row(
        None,
        "coord_400_digits",
        REJECT,
        _with_ordinate("123." + "1" * 400),
        "number-out-of-range",
        ".coordinates[0][1][0]",
        "no instrument measures it",
    ),
    _row(
        None,
        "coord_subnormal",
        REJECT,
        _with_ordinate("5e-324"),
        "outside-service-area",
        ".coordinates[0][1]",
        "the least number above nothing: off Africa",
    ),
    _row(
        55,
        "coord_1e308",
        REJECT,
        polygon([[0, 0], [1e308, 0], [1e308, 1e308], [0, 0]]),
        "coordinates-out-of-range",
        ".coordinates[0][1]",
        "valid to the geometry library, and of infinite area",
    ),
    _row(
        57,
        "coord_5000_digit_int",
        REJECT,
        _with_ordinate("1" * 5000),
        "number-out-of-range",
        ".coordinates[0][1][0]",
        "more digits than Python converts",
    ),
    # Places that are not in this city.
    _row(
        58,
        "coord_negative_zero",
        REJECT,
        polygon([[-0.0, 0.0], [0.002, 0.0], [0.002, 0.002], [-0.0, 0.0]]),
        "outside-service-area",
        ".coordinates[0][0]",
        "null island",
    ),
    _row(
        61,
        "quantise_makes_invalid",
        REJECT,
        polygon([[W, S], [E, S], [E, N], [W + 4e-8, 41.725], [W + 4e-8, 41.7252], [W, N], [W, S]]),
        "invalid-after-rounding",
        ".coordinates[0]",
        "valid as given; at 1e-7 degrees a vertex lands on the edge opposite",
    ),
    _row(
        63,
        "lat_91",
        REJECT,
        polygon([[W, 91], [E, 91], [E, 91.5], [W, 91]]),
        "coordinates-out-of-range",
        ".coordinates[0][0]",
        "beyond the pole",
    ),
    _row(
        64,
        "swapped_lat_lon",
        REJECT,
        polygon([position[::-1] for position in SHELL]),
        "coordinates-out-of-range",
        ".coordinates[0][0]",
        "latitude 123: the message asks whether they are swapped",
    ),
    _row(
        None,
        "swapped_plausible",
        REJECT,
        polygon(box(48.1, 11.5, 48.2, 11.6)),
        "outside-service-area",
        ".coordinates[0][0]",
        "swapped and still on Earth",
    ),
    _row(
        66,
        "projected_metres",
        REJECT,
        polygon(box(41_512_000, 4_620_000, 41_513_000, 4_621_000)),
        "coordinates-out-of-range",
        ".coordinates[0][0]",
        "metres of a Gauss-Krueger zone",
    ),
    _row(
        67,
        "degrees_minutes",
        REJECT,
        polygon([["123°8'", "41°43'"], ["123°9'", "41°43'"], ["123°9'", "41°44'"], ["123°8'", "41°43'"]]),
        "wrong-type",
        ".coordinates[0][0]",
        "texts, and of sixtieths",
    ),
    _row(
        69,
        "gcj02_without_frame",
        REJECT,
        {**polygon(SHELL), "comment": "drawn on a map of GCJ-02"},
        "unknown-member",
        ".comment",
        "half a kilometre off, which no number tells; a word about it in a member of its own is not overlooked",
    ),
    _row(
        70,
        "crs_member_epsg4490",
        REJECT,
        {**polygon(SHELL), "crs": {"type": "name", "properties": {"name": "EPSG:4490"}}},
        "foreign-crs",
        ".crs",
        "zone documents are WGS-84, as RFC 7946 has it",
    ),
    _row(
        72,
        "antimeridian",
        REJECT,
        polygon([[179.8, 41], [-179.8, 41], [-179.8, 41.2], [179.8, 41.2], [179.8, 41]]),
        "edge-too-long",
        ".coordinates[0][1]",
        "a band round the whole Earth to the geometry library",
    ),
    _row(
        73,
        "whole_world",
        REJECT,
        polygon(box(-180, -90, 180, 90)),
        "outside-service-area",
        ".coordinates[0]",
        "a zone as large as the Earth",
    ),
    _row(
        None,
        "the_pole",
        REJECT,
        polygon([[123.1, 89.9], [123.2, 89.9], [123.2, 90], [123.1, 89.9]]),
        "outside-service-area",
        ".coordinates[0][0]",
        "on Earth, and in no city",
    ),
    # Too much of everything.
    _row(76, "vertices_100k_star", REJECT, _star(100_000), "too-many-vertices", ".coordinates", "valid, above the cap"),
    _row(
        None,
        "holes_5000",
        REJECT,
        polygon(SHELL, *[_small(123.1401 + i * 1e-6) for i in range(5000)]),
        "too-many-holes",
        ".coordinates",
        "above the cap of holes",
    ),
    _row(
        78,
        "comb_x_comb_808_vertices",
        REJECT,
        multi([_comb(100, True)], [_comb(100, False)]),
        "invalid-geometry",
        ".coordinates",
        "judged in a millisecond; a repair would take most of a minute, so nothing is repaired",
    ),
    _row(
        79,
        "zigzag_6000_selfcrossing",
        REJECT,
        _zigzag(3000),
        "invalid-geometry",
        ".coordinates[0]",
        "thousands of crossings",
    ),
    _row(
        81,
        "parts_1000",
        REJECT,
        multi(*[[_small(123.14 + i * 5e-4)] for i in range(1000)]),
        "too-many-parts",
        ".coordinates",
        "above the cap of parts",
    ),
    # Texts that are read two ways.
    _row(
        84,
        "duplicate_type_key",
        REJECT,
        '{"type":"Point","coordinates":[123.14,41.72],' + json.dumps(polygon(SHELL))[1:],
        "duplicate-key",
        "",
        "a point to the first reader, an area to the last",
    ),
    _row(
        85,
        "foreign_members",
        REJECT,
        {**polygon(SHELL), "__proto__": {"x": 1}, "constructor": "x"},
        "unknown-member",
        ".__proto__",
        "RFC 7946 would allow them; a misspelt member must not be lost",
    ),
    _row(
        None,
        "terminal_escape_in_a_member",
        REJECT,
        {**polygon(SHELL), "\u001b[2Jlost\u202e" + "x" * 5000: 1},
        "unknown-member",
        ".",
        "what is shown of it must not steer a terminal, nor fill it",
    ),
    _row(
        None,
        "terminal_escape_in_a_type",
        REJECT,
        {"type": "\u001b]0;title\u0007Poly\u202egon", "coordinates": [SHELL]},
        "geometry-type",
        ".type",
        "what is shown of it must not steer a terminal",
    ),
    _row(
        None,
        "deep_coordinates",
        REJECT,
        '{"type":"Polygon","coordinates":' + "[" * 100_000 + "]" * 100_000 + "}",
        "too-deep",
        "",
        "readers differ in how deep they can go",
    ),
)
