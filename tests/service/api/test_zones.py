"""/v1/zones: pages that cover all once, filters, shapes in any of the four systems, refusals that name the place."""

import json

import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from starlette.testclient import TestClient

from geodata import converted
from geodata.converted import Shapes, meets, shape_in
from geodata.crs import Crs, from_wgs84, to_wgs84
from geodata.zones import Kind
from service.api.zones import ZoneFeatureOut, ZoneShapeOut, ZonesOut
from service.finding import Wanted, find_zones
from tests.support.asking import built_in_snapshot
from tests.support.problems import refusal

ZONES = built_in_snapshot().index.zones()
SHAPES = Shapes(ZONES)
KEYS = [zone.key for zone in ZONES]


def pages(client: TestClient, address: str) -> list[list[str]]:
    """The ids of each page, as `next` leads from one to the other."""
    found = []
    following: str | None = address
    while following is not None:
        reply = client.get(following)
        assert reply.status_code == 200, reply.text
        page = reply.json()
        ZonesOut.model_validate_json(reply.content)
        found.append([zone["id"] for zone in page["zones"]])
        following = page["next"]
    return found


def test_the_first_page_has_fifty_and_says_how_many_there_are(client: TestClient) -> None:
    page = client.get("/v1/zones").json()
    assert [zone["id"] for zone in page["zones"]] == KEYS[:50]
    assert page["total"] == len(KEYS) > 50
    assert page["next"] == f"/v1/zones?after={KEYS[49]}"
    assert page["crs"] == "wgs84"
    assert "geometry" not in page["zones"][0]


@pytest.mark.parametrize("limit", [1, 7, 34, 68, 500])
def test_pages_cover_everything_once(client: TestClient, limit: int) -> None:
    found = pages(client, f"/v1/zones?limit={limit}")
    assert [key for page in found for key in page] == KEYS
    assert all(len(page) == limit for page in found[:-1])


@given(
    limit=st.integers(1, 80), city=st.sampled_from([None, "shenyang", "dalian"]), kind=st.sampled_from([None, *Kind])
)
def test_pages_of_any_length_cover_what_matches_once(limit: int, city: str | None, kind: Kind | None) -> None:
    wanted, after, found = Wanted(city=city, kind=kind), "", []
    while True:
        page = find_zones(built_in_snapshot(), SHAPES, wanted, limit, after)
        found += page.zones
        if page.last is None:
            break
        assert len(page.zones) == limit
        after = page.last
    assert found == [zone for zone in ZONES if city in (None, zone.city) and kind in (None, zone.kind)]
    assert page.total == len(found)


def test_one_may_go_on_after_a_zone_that_is_gone(client: TestClient) -> None:
    page = client.get("/v1/zones?after=dl-zzz").json()
    assert page["zones"][0]["id"] == next(key for key in KEYS if key > "dl-zzz")


def test_filters_stay_in_the_address_of_the_next_page(client: TestClient) -> None:
    asked = "city=shenyang&kind=road&bbox=123.3,41.6,123.6,42&crs=gcj02&geometry=true&limit=2"
    page = client.get(f"/v1/zones?{asked}").json()
    assert page["next"] == f"/v1/zones?{asked}&after={page['zones'][-1]['id']}"
    found = [key for each in pages(client, f"/v1/zones?{asked}") for key in each]
    assert len(found) == page["total"] > 2
    assert all(zone.city == "shenyang" and zone.kind is Kind.ROAD for zone in ZONES if zone.key in found)


@pytest.mark.parametrize("crs", list(Crs))
def test_a_box_finds_the_zones_whose_shapes_it_meets(client: TestClient, crs: Crs) -> None:
    west, south = from_wgs84(123.41, 41.78, crs)
    east, north = from_wgs84(123.46, 41.81, crs)
    box = (west, south, east, north)
    page = client.get(f"/v1/zones?crs={crs}&limit=500&bbox={','.join(map(str, box))}").json()
    expected = [zone.key for zone in ZONES if shapely.intersects(shape_in(zone.shape, crs), shapely.box(*box))]
    assert [zone["id"] for zone in page["zones"]] == expected
    assert 2 < len(expected) < len(KEYS)
    # Some have only a corner of their own box in it: the shape itself decides.
    by_box = [
        zone.key for zone in ZONES if shapely.box(*shape_in(zone.shape, crs).bounds).intersects(shapely.box(*box))
    ]
    assert len(by_box) > len(expected)


@given(west=st.floats(121.0, 124.0), south=st.floats(38.5, 43.0), width=st.floats(0.0, 1.0), height=st.floats(0.0, 1.0))
@settings(max_examples=30)
def test_any_box_agrees_with_the_shapes(west: float, south: float, width: float, height: float) -> None:
    box = (west, south, west + width, south + height)
    found = find_zones(built_in_snapshot(), SHAPES, Wanted(boxes=(box,)), 500).zones
    assert found == tuple(zone for zone in ZONES if meets(zone.shape, box))
    for zone in found:
        assert zone.shape.bounds[0] <= box[2] and zone.shape.bounds[2] >= box[0]


@pytest.mark.parametrize("crs", list(Crs))
def test_shapes_come_in_the_system_asked_for_and_say_so(client: TestClient, crs: Crs) -> None:
    page = client.get(f"/v1/zones?geometry=true&limit=500&crs={crs}").json()
    assert page["crs"] == crs
    for listed, zone in zip(page["zones"], ZONES, strict=True):
        ZoneShapeOut.model_validate_json(json.dumps(listed))
        assert listed["crs"] == crs
        shape = shapely.geometry.shape(listed["geometry"])
        x, y = shape.exterior.coords[0] if shape.geom_type == "Polygon" else shape.geoms[0].exterior.coords[0]
        lon, lat = to_wgs84(x, y, crs)
        assert shapely.distance(shapely.Point(lon, lat), zone.shape.boundary) < 1e-6
        assert abs(shape.area / zone.shape.area - 1) < 0.01


def test_a_shape_is_converted_once(client: TestClient, monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[Crs] = []

    def counted(shape: shapely.Geometry, crs: Crs) -> shapely.Geometry:
        seen.append(crs)
        return shape_in(shape, crs)

    monkeypatch.setattr(converted, "shape_in", counted)
    for crs in (Crs.GCJ02, Crs.BD09LL):
        for more in ("limit=500", "limit=500&geometry=true", "limit=3&geometry=true"):
            found = client.get(f"/v1/zones?bbox=70,10,140,55&crs={crs}&{more}").json()
            assert found["total"] == len(KEYS)
    assert [seen.count(crs) for crs in (Crs.GCJ02, Crs.BD09LL)] == [len(KEYS), len(KEYS)]


def test_shapes_that_are_kept_are_bounded() -> None:
    few = Shapes(ZONES, most=2)
    first = few.of(ZONES[0], Crs.GCJ02)
    assert few.of(ZONES[0], Crs.GCJ02) is first
    assert few.of(ZONES[1], Crs.GCJ02) != few.of(ZONES[2], Crs.GCJ02)
    again = few.of(ZONES[0], Crs.GCJ02)
    assert again is not first and again == first


@pytest.mark.parametrize("crs", list(Crs))
def test_one_zone_in_another_system_is_not_called_geojson(client: TestClient, crs: Crs) -> None:
    reply = client.get(f"/v1/zones/sy-second-ring?crs={crs}")
    feature = reply.json()
    ZoneFeatureOut.model_validate_json(reply.content)
    assert feature["properties"]["crs"] == crs
    geojson = reply.headers["content-type"] == "application/geo+json"
    assert geojson is (crs is Crs.WGS84)
    assert geojson or reply.headers["content-type"] == "application/json"
    other = client.get("/v1/zones/sy-second-ring").json()
    assert (feature["geometry"] == other["geometry"]) is (crs in (Crs.WGS84, Crs.CGCS2000))


@pytest.mark.parametrize(
    ("query", "code", "field"),
    [
        ("city=atlantis", "unknown-city", "city"),
        ("kind=lake", "unknown-code", "kind"),
        ("crs=epsg4326", "unknown-code", "crs"),
        ("crs=gcj02,bd09ll", "too-many", "crs"),
        ("crs=gcj02,、wgs84", "too-many", "crs"),
        ("kind=area,road", "too-many", "kind"),
        ("kind=area、area", "too-many", "kind"),
        ("city=shenyang,dalian", "too-many", "city"),
        ("geometry=true,false", "wrong-type", "geometry"),
        ("limit=1,2", "wrong-type", "limit"),
        ("after=sy-a,sy-b", "invalid-cursor", "after"),
        ("geometry=yes", "wrong-type", "geometry"),
        ("limit=0", "number-out-of-range", "limit"),
        ("limit=501", "number-out-of-range", "limit"),
        ("limit=ten", "wrong-type", "limit"),
        ("limit=-1", "wrong-type", "limit"),
        ("limit=" + "9" * 3000, "number-out-of-range", "limit"),
        ("after=SY", "invalid-cursor", "after"),
        ("after=", "invalid-cursor", "after"),
        ("bbox=1,2,3", "invalid-bbox", "bbox"),
        ("bbox=1,2,3,4,5,6", "invalid-bbox", "bbox"),
        ("bbox=a,b,c,d", "invalid-bbox", "bbox"),
        ("bbox=nan,0,1,1", "invalid-bbox", "bbox"),
        ("bbox=124,41,123,42", "invalid-bbox", "bbox"),
        ("bbox=123,42,124,41", "invalid-bbox", "bbox"),
        ("bbox=41,123,42,124", "coordinates-swapped", "bbox"),
        ("bbox=-181,0,0,1", "coordinates-out-of-range", "bbox"),
        ("bbox=1e99,0,2e99,1", "coordinates-out-of-range", "bbox"),
        ("bbox=170,91,175,95", "coordinates-out-of-range", "bbox"),
        ("offset=2", "unknown-field", "offset"),
        ("limit=1&limit=2", "duplicate-key", "limit"),
    ],
)
def test_what_cannot_be_read_is_refused_by_its_place(client: TestClient, query: str, code: str, field: str) -> None:
    problem = refusal(client.get(f"/v1/zones?{query}"), 422, code, f"/query/{field}")
    assert "atlantis" not in json.dumps(problem)


def test_a_system_is_never_guessed(client: TestClient) -> None:
    problem = refusal(client.get("/v1/zones/sy-second-ring?crs=gcj02,bd09ll"), 422, "too-many", "/query/crs")
    assert "expected one coordinate system" in problem["errors"][0]["en"]


def test_a_city_of_two_is_never_chosen(client: TestClient) -> None:
    refusal(client.get("/v1/notices?city=shenyang,dalian"), 422, "too-many", "/query/city")


def test_every_fault_is_named_at_once(client: TestClient) -> None:
    problem = refusal(client.get("/v1/zones?city=x&limit=0&bbox=1"), 422)
    assert {error["pointer"] for error in problem["errors"]} == {"/query/city", "/query/limit", "/query/bbox"}


def test_the_known_cities_are_named(client: TestClient) -> None:
    for address in ("/v1/zones", "/v1/notices"):
        problem = refusal(client.get(f"{address}?city=dalien"), 422, "unknown-city", "/query/city")
        assert problem["errors"][0]["known"] == list(built_in_snapshot().publications)
        assert problem["errors"][0]["nearest"] == "dalian"


@pytest.mark.parametrize("query", ["", "?limit=3", "?crs=gcj02&geometry=true&limit=3", "?city=dalian"])
def test_every_page_has_a_tag_of_its_own(client: TestClient, query: str) -> None:
    first = client.get(f"/v1/zones{query}")
    again = client.get(f"/v1/zones{query}", headers={"If-None-Match": first.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")
