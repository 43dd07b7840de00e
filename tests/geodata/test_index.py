"""What an index says of a point: margins, levels, declared containment, alternatives."""

import itertools
import math
from typing import Any

import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from geodata.errors import BadCoordinate, MalformedGeometry, UnknownZone
from geodata.geojson import zones_from_geojson
from geodata.index import Cause, Certainty, Position, ZoneIndex
from geodata.projection import metres_per_degree
from geodata.zones import Level
from tests.geodata.documents import Feature, area, box, coverage, document, index_of, line, polygon, road

EAST, NORTH = metres_per_degree(41.85)
RING, CITY = box(123.40, 41.80, 123.50, 41.90), box(123.30, 41.70, 123.60, 42.00)


def nested(**ring: Any) -> ZoneIndex:
    return index_of(area("city", polygon(CITY)), area("ring", polygon(RING), within=["city"], **ring))


def east_of_ring(metres: float) -> tuple[float, float]:
    return 123.50 + metres / EAST, 41.85


def names(found: Position) -> list[tuple[str, str, set[str]]]:
    return [(hit.key, hit.certainty.value, {cause.value for cause in hit.causes}) for hit in found.hits]


def test_clear_of_every_edge() -> None:
    found = nested(error_m=100).at(123.45, 41.85, accuracy_m=30.0)
    assert names(found) == [("city", "certain", set()), ("ring", "certain", set())]
    assert found.certain == found.possible == {"city", "ring"}
    assert found.alternatives == found.as_drawn == (frozenset({"city", "ring"}),)
    assert found.hits[1].distance_m == pytest.approx(0.05 * EAST, rel=1e-9)


@pytest.mark.parametrize(
    ("metres", "accuracy_m", "error_m", "expected"),
    [
        (50.0, 0.0, 0.0, None),
        (-50.0, 0.0, 0.0, "certain"),
        (50.0, 49.0, 0.0, None),
        (50.0, 51.0, 0.0, {"position"}),
        (-50.0, 51.0, 0.0, {"position"}),
        (50.0, 0.0, 51.0, {"shape"}),
        (-50.0, 0.0, 51.0, {"shape"}),
        (50.0, 30.0, 15.0, None),
        (50.0, 30.0, 25.0, {"shape"}),
        (50.0, 60.0, 25.0, {"position"}),
    ],
)
def test_margins(metres: float, accuracy_m: float, error_m: float, expected: object) -> None:
    found = nested(error_m=error_m).at(*east_of_ring(metres), accuracy_m=accuracy_m)
    hits = {hit.key: hit for hit in found.hits}
    assert hits["city"].certainty is Certainty.CERTAIN
    if expected is None:
        assert "ring" not in hits
        assert found.possible == {"city"}
    elif expected == "certain":
        assert hits["ring"].certainty is Certainty.CERTAIN
    else:
        assert hits["ring"].certainty is Certainty.POSSIBLE
        assert {cause.value for cause in hits["ring"].causes} == expected
        assert hits["ring"].distance_m == pytest.approx(50.0, abs=1e-3)
        assert found.alternatives == (frozenset({"city"}), frozenset({"city", "ring"}))
        drawn = {"city", "ring"} if metres < 0 else {"city"}
        assert found.as_drawn == (frozenset(drawn),)


def test_the_margin_is_strict() -> None:
    index = nested()
    distance_m = index.at(*east_of_ring(50.0), accuracy_m=60.0).hits[1].distance_m
    assert "ring" not in index.at(*east_of_ring(50.0), accuracy_m=distance_m).possible
    assert "ring" in index.at(*east_of_ring(50.0), accuracy_m=math.nextafter(distance_m, 100.0)).possible


def test_outside_everything() -> None:
    assert nested().at(100.0, 30.0) == Position((), frozenset(), frozenset(), (frozenset(),), (frozenset(),))


@given(lon=st.floats(min_value=123.25, max_value=123.65), lat=st.floats(min_value=41.65, max_value=42.05))
def test_without_margin_it_is_plain_covers(lon: float, lat: float) -> None:
    index = index_of(
        area("city", polygon(CITY)),
        area("ring", polygon(RING)),
        area("triangle", polygon([[123.31, 41.71], [123.59, 41.83], [123.42, 41.99], [123.31, 41.71]])),
        road("street", line([123.35, 41.75], [123.45, 41.85], [123.58, 41.80]), width_m=200),
    )
    point = shapely.Point(lon, lat)
    expected = {zone.key for zone in index.zones() if shapely.covers(zone.shape, point)}
    found = index.at(lon, lat)
    assert found.certain == found.possible == {hit.key for hit in found.hits} == expected
    assert found.alternatives == found.as_drawn == (frozenset(expected),)


@given(
    metres=st.floats(min_value=-3000.0, max_value=3000.0),
    accuracy_m=st.floats(min_value=0.0, max_value=2000.0),
    error_m=st.integers(min_value=0, max_value=2000),
)
def test_more_doubt_never_settles_anything(metres: float, accuracy_m: float, error_m: int) -> None:
    index, place = nested(error_m=error_m), east_of_ring(metres)
    better, worse = index.at(*place, accuracy_m=accuracy_m / 2), index.at(*place, accuracy_m=accuracy_m)
    assert worse.certain <= better.certain
    assert better.possible <= worse.possible
    assert better.alternatives is not None and worse.alternatives is not None
    assert set(better.alternatives) <= set(worse.alternatives)
    assert better.as_drawn == worse.as_drawn


def stacked() -> ZoneIndex:
    """A street, a viaduct over it and a tunnel under it."""
    return index_of(
        area("city", polygon(CITY)),
        area("street", polygon(RING), within=["city"], level="ground"),
        area("viaduct", polygon(RING), within=["city"], level="elevated"),
        area("tunnel", polygon(RING), within=["city"], level="tunnel"),
    )


@pytest.mark.parametrize(
    ("level", "key"), [(Level.GROUND, "street"), (Level.ELEVATED, "viaduct"), (Level.TUNNEL, "tunnel")]
)
def test_a_known_level(level: Level, key: str) -> None:
    found = stacked().at(123.45, 41.85, level=level)
    assert found.certain == found.possible == {"city", key}
    assert found.alternatives == found.as_drawn == (frozenset({"city", key}),)


def test_an_unknown_level() -> None:
    found = stacked().at(123.45, 41.85)
    assert names(found) == [
        ("city", "certain", set()),
        ("street", "possible", {"level"}),
        ("tunnel", "possible", {"level"}),
        ("viaduct", "possible", {"level"}),
    ]
    # Nobody is in a tunnel and on a viaduct at once.
    alone = (frozenset({"city"}), *(frozenset({"city", key}) for key in ("street", "tunnel", "viaduct")))
    assert found.alternatives == found.as_drawn == alone


def test_an_unknown_level_near_an_edge() -> None:
    index = index_of(area("viaduct", polygon(RING), level="elevated", error_m=10))
    outside = index.at(*east_of_ring(5.0), accuracy_m=3.0)
    assert names(outside) == [("viaduct", "possible", {"shape", "level"})]
    assert outside.alternatives == (frozenset(), frozenset({"viaduct"}))
    assert outside.as_drawn == (frozenset(),)
    assert index.at(*east_of_ring(5.0), accuracy_m=3.0, level=Level.GROUND).possible == frozenset()


def rough() -> ZoneIndex:
    """A street declared within a ring whose drawn edge it crosses, in a city."""
    return index_of(
        area("city", polygon(CITY)),
        area("ring", polygon(RING), within=["city"], error_m=10),
        road("street", line([123.49, 41.85], [123.55, 41.85]), width_m=100, within=["ring"], error_m=20),
    )


def test_a_certain_zone_makes_its_ancestors_certain() -> None:
    found = rough().at(123.53, 41.85)
    assert names(found) == [("city", "certain", set()), ("ring", "certain", set()), ("street", "certain", set())]
    assert found.alternatives == found.as_drawn == (frozenset({"city", "ring", "street"}),)
    assert found.hits[1].distance_m == pytest.approx(0.03 * EAST, rel=1e-3)


def test_a_possible_zone_makes_its_ancestors_possible() -> None:
    found = rough().at(123.53, 41.85 + 60.0 / NORTH)
    assert names(found) == [
        ("city", "certain", set()),
        ("ring", "possible", {"shape"}),
        ("street", "possible", {"shape"}),
    ]
    assert found.alternatives == (
        frozenset({"city"}),
        frozenset({"city", "ring"}),
        frozenset({"city", "ring", "street"}),
    )
    assert found.as_drawn == (frozenset({"city"}),)


def beside(count: int, **properties: Any) -> list[Feature]:
    return [area(f"z{i:02}", polygon(RING), error_m=100, **properties) for i in range(count)]


def test_sixty_four_alternatives_and_no_more() -> None:
    place = east_of_ring(50.0)
    six, seven = index_of(*beside(6)).at(*place), index_of(*beside(7)).at(*place)
    assert six.alternatives is not None and len(six.alternatives) == len(set(six.alternatives)) == 64
    assert seven.alternatives is None
    assert seven.possible == {f"z{i:02}" for i in range(7)}
    assert seven.as_drawn == (frozenset(),)


def test_too_many_levels_open_as_drawn() -> None:
    whole = [area(f"z{i:02}", polygon(RING), level="tunnel") for i in range(7)]
    found = index_of(*whole).at(123.45, 41.85)
    assert found.alternatives is None
    assert found.as_drawn is None
    assert index_of(*whole).at(123.45, 41.85, level=Level.TUNNEL).as_drawn == (frozenset(f"z{i:02}" for i in range(7)),)


def test_a_long_chain_has_few_alternatives() -> None:
    chain = beside(40)
    for above, below in itertools.pairwise(chain):
        below["properties"]["within"] = [above["properties"]["id"]]
    found = index_of(*chain).at(*east_of_ring(50.0))
    assert found.alternatives is not None
    assert [len(held) for held in found.alternatives] == list(range(41))


@st.composite
def families(draw: st.DrawFn) -> list[Feature]:
    features: list[Feature] = []
    for i in range(draw(st.integers(min_value=1, max_value=7))):
        west = 123.40 + 0.0002 * draw(st.integers(min_value=0, max_value=5))
        properties: dict[str, Any] = {"error_m": draw(st.sampled_from([0, 10, 40]))}
        if i:
            earlier = [f["properties"]["id"] for f in features if "level" not in f["properties"]]
            properties["within"] = draw(st.lists(st.sampled_from(earlier), unique=True)) if earlier else []
        level = draw(st.sampled_from([None, None, "tunnel", "elevated"]))
        if level:
            properties["level"] = level
        features.append(area(f"z{i}", polygon(box(west, 41.8, west + 0.01, 41.81)), **properties))
    return features


@given(
    features=families(),
    step=st.integers(min_value=-3, max_value=8),
    accuracy_m=st.sampled_from([0.0, 5.0, 30.0]),
    level=st.sampled_from([None, Level.TUNNEL, Level.GROUND]),
)
def test_alternatives_are_all_sets_consistent_with_within(
    features: list[Feature], step: int, accuracy_m: float, level: Level | None
) -> None:
    index = index_of(*features)
    found = index.at(123.40 + 0.0001 * step, 41.805, accuracy_m=accuracy_m, level=level)
    assert found.certain <= found.possible
    assert all(index.ancestors(key) <= found.certain for key in found.certain)
    assert all(index.ancestors(key) <= found.possible for key in found.possible)
    expected = set()
    open_zones = sorted(found.possible - found.certain)
    for count in range(len(open_zones) + 1):
        for chosen in itertools.combinations(open_zones, count):
            held = found.certain | set(chosen)
            levels = {index.zone(key).level for key in held} - {None}
            if len(levels) <= 1 and all(index.ancestors(key) <= held for key in held):
                expected.add(held)
    if len(expected) > 64:
        assert found.alternatives is None
    else:
        assert found.alternatives is not None
        assert set(found.alternatives) == expected
        assert len(found.alternatives) == len(expected)
        assert found.as_drawn is not None
        assert set(found.as_drawn) <= expected
    assert [hit.key for hit in found.hits] == sorted(found.possible)
    assert {hit.key for hit in found.hits if hit.certainty is Certainty.CERTAIN} == found.certain
    assert all(bool(hit.causes) is (hit.certainty is Certainty.POSSIBLE) for hit in found.hits)


def test_roads_counted_in_and_left_out() -> None:
    border = line(*RING)
    index = index_of(
        area("with", polygon(RING), plus_roads=["road"]),
        area("without", polygon(RING), minus_roads=["road"]),
        road("road", border, width_m=40),
    )
    assert index.at(*east_of_ring(10.0)).certain == {"road", "with"}
    assert index.at(*east_of_ring(-10.0)).certain == {"road", "with"}
    assert index.at(*east_of_ring(-30.0)).certain == {"with", "without"}
    assert index.at(*east_of_ring(30.0)).certain == frozenset()
    assert index.zone("with").drawn == index.zone("without").drawn


def test_the_strip_of_a_road_is_as_wide_as_it_says() -> None:
    zone = index_of(road("road", line([123.40, 41.85], [123.45, 41.85]), width_m=50)).zone("road")
    west, south, east, north = zone.shape.bounds
    assert (north - south) * NORTH == pytest.approx(50.0, abs=0.01)
    assert (123.40 - west) * EAST == pytest.approx(25.0, abs=0.01)
    assert (east - 123.45) * EAST == pytest.approx(25.0, abs=0.01)


def test_inside_or_across() -> None:
    index = index_of(
        area("city", polygon(CITY)),
        area("ring", polygon(RING), within=["city"], minus_roads=["border"]),
        road("border", line(*RING), within=["city"]),
        road("across", line([123.45, 41.85], [123.55, 41.85]), within=["city"]),
        road("inside", line([123.44, 41.84], [123.46, 41.86]), within=["ring"]),
        road("declared", line([123.51, 41.95], [123.52, 41.95]), within=["ring"]),
        area("neighbour", polygon(box(123.50, 41.80, 123.55, 41.90)), within=["city"], minus_roads=["border"]),
        area("corner", polygon(box(123.60, 42.00, 123.61, 42.01))),
    )
    # `border` was left out of `ring` and only touches it; `corner` touches the city in one point.
    assert index.inside_or_across("ring") == ("across", "declared", "inside")
    assert index.inside_or_across("city") == ("across", "border", "declared", "inside", "neighbour", "ring")
    assert index.inside_or_across("inside") == ("across",)
    assert index.inside_or_across("border") == ("across",)
    assert index.inside_or_across("corner") == ()
    assert index.inside_or_across("declared") == ()


def test_ancestors_are_transitive() -> None:
    index = rough()
    assert index.ancestors("street") == {"ring", "city"}
    assert index.ancestors("city") == frozenset()


def test_unknown_zones_come_with_suggestions() -> None:
    index = index_of(area("sy-second-ring", polygon(RING)), area("sy-third-ring", polygon(CITY)))
    for ask in (index.zone, index.ancestors, index.inside_or_across):
        with pytest.raises(UnknownZone) as error:
            ask("sy-secnd-ring")
        assert error.value.nearest[0] == "sy-second-ring"
    with pytest.raises(UnknownZone) as far:
        index.zone("x" * 100_000)
    assert far.value.nearest == ()
    assert len(str(far.value)) < 200


def test_cities_and_their_zones() -> None:
    index = index_of(
        area("b", polygon(RING)),
        area("a", polygon(RING)),
        area("c", polygon(RING), city="dalian"),
        coverage("cover", polygon(box(0, 0, 1, 1)), city="tieling"),
    )
    assert index.cities() == ("dalian", "shenyang", "tieling")
    assert index.keys == ("a", "b", "c")
    assert [zone.key for zone in index.zones()] == ["a", "b", "c"]
    assert [zone.key for zone in index.zones("dalian")] == ["c"]
    assert index.zones("tieling") == ()
    assert [outline.key for outline in index.coverage] == ["cover"]


def test_the_city_of_a_point() -> None:
    index = index_of(
        coverage("east", polygon(box(123.5, 41.8, 123.6, 41.9)), city="fushun"),
        coverage("west", polygon(box(123.4, 41.8, 123.5, 41.9), box(123.44, 41.84, 123.46, 41.86))),
    )
    assert index.city_at(123.42, 41.85) == "shenyang"
    assert index.city_at(123.55, 41.85) == "fushun"
    assert index.city_at(123.4, 41.8) == "shenyang"  # a corner
    assert index.city_at(123.44, 41.85) == "shenyang"  # the edge of a hole
    assert index.city_at(123.45, 41.85) is None  # in the hole
    assert index.city_at(123.5, 41.85) == "fushun"  # the shared edge: the outline that sorts first
    assert index.city_at(123.3, 41.85) is None
    assert index_of(area("a", polygon(RING))).city_at(123.45, 41.85) is None


def index_fault(*features: Feature) -> tuple[str, str]:
    zones, outlines = zones_from_geojson(document(*features))
    with pytest.raises(MalformedGeometry) as refusal:
        ZoneIndex(zones, outlines)
    (fault,) = refusal.value.faults
    return fault.path, fault.code


def test_coverage_that_overlaps_is_refused() -> None:
    one, other = coverage("a", polygon(RING)), coverage("b", polygon(CITY), city="dalian")
    assert index_fault(one, other) == ("b", "coverage-overlap")
    assert index_fault(one, coverage("c", polygon(box(0, 0, 1, 1)))) == ("c", "second-coverage")


def test_documents_that_do_not_fit_together_are_refused() -> None:
    one, _ = zones_from_geojson(document(area("a", polygon(RING)), area("b", polygon(RING), within=["a"])))
    with pytest.raises(MalformedGeometry) as twice:
        ZoneIndex([*one, one[0]], [])
    assert [(fault.path, fault.code) for fault in twice.value.faults] == [("a", "duplicate-id")]
    with pytest.raises(MalformedGeometry) as alone:
        ZoneIndex(one[1:], [])
    assert [(fault.path, fault.code) for fault in alone.value.faults] == [("b.within", "unknown-zone")]
    other, _ = zones_from_geojson(document(area("b", polygon(RING)), area("a", polygon(RING), within=["b"])))
    with pytest.raises(MalformedGeometry) as circle:
        ZoneIndex([one[1], other[1]], [])
    assert [fault.code for fault in circle.value.faults] == ["circular-within"]


def test_an_index_of_nothing() -> None:
    index = ZoneIndex([], [])
    assert index.at(123.45, 41.85).alternatives == (frozenset(),)
    assert index.city_at(123.45, 41.85) is None
    assert index.cities() == index.keys == ()


@pytest.mark.parametrize("accuracy_m", [-1.0, math.nan, math.inf])
def test_bad_accuracy(accuracy_m: float) -> None:
    with pytest.raises(BadCoordinate, match="accuracy_m"):
        nested().at(123.45, 41.85, accuracy_m=accuracy_m)


@pytest.mark.parametrize(("lon", "lat"), [(math.nan, 41.85), (123.45, math.inf), (181.0, 41.85), (41.85, 123.45)])
def test_bad_places(lon: float, lat: float) -> None:
    with pytest.raises(BadCoordinate):
        nested().at(lon, lat)
    with pytest.raises(BadCoordinate):
        nested().city_at(lon, lat)


@pytest.mark.parametrize("place", [(0.0, 90.0), (180.0, -90.0), (-180.0, 0.0)])
def test_the_ends_of_the_earth(place: tuple[float, float]) -> None:
    assert nested(error_m=100).at(*place, accuracy_m=1000.0).possible == frozenset()


def test_causes_are_the_three() -> None:
    assert [cause.value for cause in Cause] == ["position", "shape", "level"]
