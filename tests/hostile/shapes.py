"""A hostile geometry as the text that would stand in a zone document, and how to write one."""

import json
import math
from dataclasses import dataclass
from typing import Any

from tests.hostile.city_folder import box, feature
from tests.hostile.rows import Expect, Row

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


def row(
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


def with_ordinate(text: str) -> str:
    """The square with one longitude written as it is given, which JSON may not have."""
    return json.dumps(polygon(SHELL)).replace(f"[{E}, {S}]", f"[{text}, {S}]")


def star(vertices: int) -> dict[str, Any]:
    """A valid ring of many vertices: two radii in turn."""
    spokes = [(0.02 if i % 2 else 0.019, math.tau * i / vertices) for i in range(vertices)]
    ring = [[round(123.3 + r * math.cos(a), 7), round(41.9 + r * math.sin(a), 7)] for r, a in spokes]
    return polygon([*ring, ring[0]])


def zigzag(teeth: int) -> dict[str, Any]:
    """A ring that goes out in teeth and comes back through the middle of them all: a crossing at each side of each."""
    there = [[123.2 + 0.00001 * i, 41.75 if i % 2 else 41.76] for i in range(teeth)]
    back = [[123.2 + 0.00001 * i, 41.755 + 0.001 * (i % 2)] for i in reversed(range(teeth))]
    return polygon([*there, *back, there[0]])


def comb(teeth: int, upright: bool) -> list[list[float]]:
    ring = [[0.0, 0.0]]
    for i in range(teeth):
        ring += [[2.0 * i + 1, 0.0], [2.0 * i + 1, 200.0], [2.0 * i + 2, 200.0], [2.0 * i + 2, 0.0]]
    ring += [[2.0 * teeth + 1, 0.0], [2.0 * teeth + 1, -1.0], [0.0, -1.0], [0.0, 0.0]]
    turned = ring if upright else [[y, x] for x, y in ring]
    return [[round(123.2 + 0.0004 * x, 7), round(41.8 + 0.0004 * y, 7)] for x, y in turned]


def small(west: float) -> list[list[float]]:
    return box(round(west, 5), 41.75, round(west + 0.0003, 5), 41.7503)
