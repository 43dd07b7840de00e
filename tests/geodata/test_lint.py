"""Lint of shapes: what it finds, how far it says things are, and that hostile shapes cost it nothing much."""

import json

import pytest
import shapely

from geodata.geojson import zones_from_geojson
from geodata.lint import MOST_WORK, ZoneFinding, findings_of_zones, may_share_a_place, share_covered
from geodata.zones import overlap
from tests.geodata.documents import Feature, area, box, coverage, document, line, polygon, road

OUTLINE = coverage("outline", polygon([[123.0, 41.7], [123.1, 41.7], [123.1, 41.78], [123.0, 41.78], [123.0, 41.7]]))


def found(*features: Feature) -> dict[tuple[str, str], ZoneFinding]:
    """The findings about zones in an outline, by code and zone."""
    return {
        (each.code, each.key): each for each in findings_of_zones(*zones_from_geojson(document(OUTLINE, *features)))
    }


def square(key: str, west: float, south: float, east: float, north: float, **more: object) -> Feature:
    return area(key, polygon(box(west, south, east, north)), **more)


def test_neighbours_that_share_an_edge_corner_by_corner() -> None:
    assert found(square("a", 123.01, 41.71, 123.02, 41.72), square("b", 123.02, 41.71, 123.03, 41.72)) == {}


def test_neighbours_that_touch_at_a_corner() -> None:
    assert found(square("a", 123.01, 41.71, 123.02, 41.72), square("b", 123.02, 41.72, 123.03, 41.73)) == {}


# 0.00005 degrees are 4.1 m from east to west at this latitude.
@pytest.mark.parametrize(
    ("shift", "code", "metres"), [(0.00005, "sliver-gap", "4.2"), (-0.00005, "sliver-overlap", "4.1")]
)
def test_strips_between_neighbours(shift: float, code: str, metres: str) -> None:
    first, second = square("a", 123.01, 41.71, 123.02, 41.72), square("b", 123.02 + shift, 41.71, 123.03, 41.72)
    (finding,) = found(first, second).values()
    assert (finding.code, finding.key, finding.part) == (code, "b", "geometry")
    assert f"about {metres} m wide" in finding.en and metres in finding.zh


@pytest.mark.parametrize("shift", [0.001, -0.001])
def test_broad_strips_are_meant(shift: float) -> None:
    first, second = square("a", 123.01, 41.71, 123.02, 41.72), square("b", 123.02 + shift, 41.71, 123.03, 41.72)
    assert found(first, second) == {}


def test_an_area_within_another_may_share_its_edge() -> None:
    inner = square("b", 123.01, 41.71, 123.015, 41.72, within=["a"])
    assert found(square("a", 123.01, 41.71, 123.02, 41.72), inner) == {}


def test_a_corner_that_the_neighbour_has_not() -> None:
    """The corner of a third road, rounded onto an oblique edge: catalogue entry G16."""
    first = area("a", polygon([[123.01, 41.71], [123.0417, 41.7271], [123.01, 41.74], [123.01, 41.71]]))
    corner = [123.02585, 41.71855]
    second = area("b", polygon([[123.01, 41.71], [123.04, 41.7], [123.0417, 41.7271], corner, [123.01, 41.71]]))
    assert set(found(first, second)) == {("edge-mismatch", "b")}


def test_how_far_a_zone_reaches_out_of_the_coverage() -> None:
    (finding,) = found(road("r", line([123.05, 41.75], [123.11, 41.75]), width_m=2)).values()
    # 0.01 degrees of longitude are 831 m here; the strip ends 1 m further.
    assert (finding.code, finding.key) == ("outside-coverage", "r")
    assert "by up to 832 m" in finding.en or "by up to 833 m" in finding.en


def test_a_corner_rounded_onto_an_oblique_edge_is_within() -> None:
    """Surveyed shapes have no error, and the corner lies 8 mm outside of the edge that it was put on."""
    outer = area("a", polygon([[123.01, 41.71], [123.02, 41.71], [123.02, 41.74], [123.01, 41.71]]), error_m=0)
    for out, codes in ((0.0000001, set()), (0.000001, {("within-disagrees", "b")})):
        corner = [123.015 - out, 41.725]
        inner = area("b", polygon([corner, [123.018, 41.72], [123.018, 41.73], corner]), error_m=0, within=["a"])
        assert set(found(outer, inner)) == codes


def test_declared_within_beyond_the_errors() -> None:
    outer = square("a", 123.01, 41.71, 123.02, 41.72, error_m=100)
    for error_m, codes in ((600, {("within-disagrees", "b")}), (800, set())):
        inner = square("b", 123.015, 41.71, 123.03, 41.72, within=["a"], error_m=error_m, quality="approximate")
        assert set(found(outer, inner)) == codes


def test_the_bow_of_a_long_edge() -> None:
    """108 km along a parallel at 41.3 degrees: 1,276 m from the great circle / 8 = about 202 m in the middle."""
    data = document(road("r", line([122.5, 41.3], [123.8, 41.3])))
    (finding,) = findings_of_zones(*zones_from_geojson(data))
    assert finding.code == "long-edge"
    assert "an edge of 108." in finding.en and "up to 20" in finding.en
    meridian = document(road("r", line([123.0, 41.0], [123.0, 42.0]), error_m=1, quality="approximate"))
    assert [each.code for each in findings_of_zones(*zones_from_geojson(meridian))] == ["long-edge-within-error"]


def test_a_tiny_zone() -> None:
    assert set(found(square("a", 123.01, 41.71, 123.0101, 41.7101))) == {("tiny-zone", "a")}


def comb(key: str, teeth: int, vertical: bool) -> Feature:
    """A comb of that many teeth across the same square: two of them cross in teeth x teeth places."""
    step = 0.01 / (2 * teeth)
    points = []
    for tooth in range(teeth):
        start = 2 * tooth * step
        points += [[start, 0.0], [start, 0.0099], [start + step, 0.0099], [start + step, 0.0]]
    ring = [*points, [0.01, -0.0001], [0.0, -0.0001], points[0]]
    turned = [[y, x] if vertical else [x, y] for x, y in ring]
    return area(key, polygon([[round(123.02 + x, 7), round(41.72 + y, 7)] for x, y in turned]))


def test_combs_are_not_compared() -> None:
    """Catalogue entry G14: their overlay would take seconds and a gigabyte, so it is not tried."""
    combs = zones_from_geojson(document(OUTLINE, comb("a", 200, False), comb("b", 200, True)))
    assert overlap(combs[0][0].shape, combs[0][1].shape) == (float("inf"), float("inf"))
    codes = {(each.code, each.key) for each in findings_of_zones(*combs)}
    assert {("not-compared", "a"), ("not-compared", "b")} <= codes
    assert "b" in may_share_a_place(combs[0])["a"]


def test_a_document_of_too_many_pairs_is_compared_as_far_as_it_goes() -> None:
    """Each pair is counted before it is compared; the zones of those left out are named."""
    many = [square(f"z{number}", 123.01, 41.71, 123.02, 41.72 + number / 1e6) for number in range(110)]
    zones, outlines = zones_from_geojson(document(OUTLINE, *many))
    assert MOST_WORK < 300 * 299 / 2 * 5_000
    assert any(each.code == "not-compared" for each in findings_of_zones(zones, outlines))
    assert all(len(beside) == 110 for beside in may_share_a_place(zones).values())


def test_zones_that_may_hold_one_place() -> None:
    zones, _ = zones_from_geojson(
        document(
            square("a", 123.01, 41.71, 123.02, 41.72, error_m=100, quality="approximate"),
            square("b", 123.022, 41.71, 123.03, 41.72, error_m=60, quality="approximate"),
            square("c", 123.05, 41.71, 123.06, 41.72),
            square("d", 123.022, 41.71, 123.07, 41.72, within=["e"], error_m=0),
            square("e", 123.08, 41.71, 123.09, 41.72, error_m=90_000, quality="synthetic"),
        )
    )
    beside = may_share_a_place(zones)
    # 0.002 degrees are 166 m: more than the two errors of 160 m together.
    assert "b" not in beside["a"] and "c" not in beside["a"]
    assert {"b", "d", "e"} <= beside["d"]
    assert all(key in beside[other] for key, others in beside.items() for other in others)


def test_the_share_of_an_outline() -> None:
    zones, (outline,) = zones_from_geojson(document(OUTLINE, square("half", 123.0, 41.7, 123.05, 41.78)))
    assert share_covered(zones[0], outline) == pytest.approx(0.5, abs=1e-6)


def test_findings_do_not_hang_on_the_order_of_zones() -> None:
    features = [
        square("a", 123.01, 41.71, 123.02, 41.72),
        square("b", 123.02005, 41.71, 123.03, 41.72),
        square("c", 123.01, 41.71995, 123.02, 41.73),
    ]
    assert list(found(*features).items()) == list(found(*reversed(features)).items())
    assert {code for code, _ in found(*features)} == {"sliver-gap", "sliver-overlap"}


def test_nothing_is_mended() -> None:
    """What lint looks at is left as it was, to the last bit."""
    zones, outlines = zones_from_geojson(document(OUTLINE, square("a", 123.01, 41.71, 123.02, 41.72)))
    before = [shapely.to_wkb(zone.shape) for zone in zones]
    findings_of_zones(zones, outlines)
    assert [shapely.to_wkb(zone.shape) for zone in zones] == before
    assert json.loads(document(OUTLINE))["features"][0]["properties"]["id"] == "outline"
