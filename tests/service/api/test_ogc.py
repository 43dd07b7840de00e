"""/ogc: OGC API - Features, Part 1: Core, by its requirements, and as GDAL's own client reads it from a real server."""

from collections.abc import Iterator
from typing import Any

import numpy as np
import pyogrio
import pytest
import shapely
from starlette.testclient import TestClient

from service.api.ogc import CollectionOut, CollectionsOut, ConformanceOut, ItemOut, ItemsOut, LandingOut
from service.app import create_app
from service.decision_log import DecisionLog
from tests.support.asking import built_in_snapshot
from tests.support.problems import refusal
from tests.support.running import Server, running_server

SNAPSHOT = built_in_snapshot()
ZONES = SNAPSHOT.index.zones()
LAYERS = {"zones": ZONES, **{city: SNAPSHOT.index.zones(city) for city in SNAPSHOT.publications}}
HOST = "http://testserver"
GEOJSON = "application/geo+json"


def links(document: dict[str, Any], rel: str) -> list[str]:
    return [link["href"] for link in document["links"] if link["rel"] == rel]


@pytest.mark.parametrize(
    ("address", "shape", "media_type"),
    [
        ("/ogc", LandingOut, "application/json"),
        ("/ogc/conformance", ConformanceOut, "application/json"),
        ("/ogc/collections", CollectionsOut, "application/json"),
        ("/ogc/collections/dalian", CollectionOut, "application/json"),
        ("/ogc/collections/zones/items", ItemsOut, GEOJSON),
        ("/ogc/collections/zones/items/sy-second-ring", ItemOut, GEOJSON),
    ],
)
def test_each_resource_has_its_form_and_a_tag(client: TestClient, address: str, shape: Any, media_type: str) -> None:
    reply = client.get(address)
    assert reply.status_code == 200
    assert reply.headers["content-type"] == media_type
    shape.model_validate_json(reply.content)
    again = client.get(address, headers={"If-None-Match": reply.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")
    if "links" in reply.json():
        assert links(reply.json(), "self") == [f"{HOST}{address}"]


@pytest.mark.parametrize(
    "address",
    ["/ogc", "/ogc/conformance", "/ogc/collections", "/ogc/collections/dalian", "/ogc/collections/dalian/items"],
)
def test_a_slash_at_the_end_changes_nothing(client: TestClient, address: str) -> None:
    assert client.get(f"{address}/").json() == client.get(address).json()
    refusal(client.get(f"{address}/?f=json"), 400, "unknown-field", "/query/f")


def test_the_landing_page_leads_everywhere(client: TestClient) -> None:
    page = client.get("/ogc").json()
    assert {link["rel"] for link in page["links"]} == {"self", "service-desc", "service-doc", "conformance", "data"}
    for rel in ("self", "service-desc", "service-doc", "conformance", "data"):
        (address,) = links(page, rel)
        assert client.get(address.removeprefix(HOST)).status_code == 200
    (described,) = [link for link in page["links"] if link["rel"] == "service-desc"]
    assert described["type"] == "application/vnd.oai.openapi+json;version=3.0"
    assert client.get(described["href"].removeprefix(HOST)).headers["content-type"] == described["type"]


def test_what_it_conforms_to(client: TestClient) -> None:
    names = [each.rpartition("/")[2] for each in client.get("/ogc/conformance").json()["conformsTo"]]
    assert names == ["core", "geojson", "oas30"]


def test_a_layer_for_all_and_one_for_each_city(client: TestClient) -> None:
    found = client.get("/ogc/collections").json()["collections"]
    assert [each["id"] for each in found] == list(LAYERS)
    for each in found:
        assert client.get(f"/ogc/collections/{each['id']}").json() == each
        (items,) = links(each, "items")
        assert items == f"{HOST}/ogc/collections/{each['id']}/items"
        ((west, south, east, north),) = each["extent"]["spatial"]["bbox"]
        bounds = np.array([zone.shape.bounds for zone in LAYERS[each["id"]]])
        assert [west, south] == list(bounds.min(axis=0)[:2])
        assert [east, north] == list(bounds.max(axis=0)[2:])


@pytest.mark.parametrize("layer", LAYERS)
@pytest.mark.parametrize("limit", [1, 10, 500])
def test_pages_cover_everything_once(client: TestClient, layer: str, limit: int) -> None:
    address, found = f"/ogc/collections/{layer}/items?limit={limit}", []
    while address:
        page = client.get(address).json()
        assert page["numberMatched"] == len(LAYERS[layer])
        assert page["numberReturned"] == len(page["features"]) <= limit
        found += [each["id"] for each in page["features"]]
        address = next((href.removeprefix(HOST) for href in links(page, "next")), "")
    assert found == [zone.key for zone in LAYERS[layer]]


def test_a_feature_is_the_same_alone_and_among_others(client: TestClient) -> None:
    for each in client.get("/ogc/collections/shenyang/items?limit=500").json()["features"][:5]:
        alone = client.get(f"/ogc/collections/shenyang/items/{each['id']}").json()
        assert {key: value for key, value in alone.items() if key != "links"} == each
        shape = shapely.geometry.shape(each["geometry"])
        assert shapely.equals_exact(shape, SNAPSHOT.zone(each["id"]).shape, tolerance=1e-7)
        (elsewhere,) = links(alone, "alternate")
        assert client.get(elsewhere.removeprefix(HOST)).json()["properties"]["id"] == each["id"]
        assert not [value for value in each["properties"].values() if isinstance(value, list | dict)]


def test_a_limit_above_the_largest_is_the_largest(client: TestClient) -> None:
    for limit in ("10000", "9" * 30):
        assert client.get(f"/ogc/collections/zones/items?limit={limit}").json()["numberReturned"] == len(ZONES)


@pytest.mark.parametrize(
    ("box", "expected"),
    [
        ("123.41,41.78,123.46,41.81", shapely.box(123.41, 41.78, 123.46, 41.81)),
        ("123.41,41.78,-100,123.46,41.81,9000", shapely.box(123.41, 41.78, 123.46, 41.81)),
        ("123.41,41.78,123.41,41.78", shapely.Point(123.41, 41.78)),
        ("170,-90,123.41,90", shapely.box(-180, -90, 123.41, 90)),
        ("-180,-90,180,90", shapely.box(-180, -90, 180, 90)),
        ("0,0,1,1", shapely.box(0, 0, 1, 1)),
    ],
)
def test_a_box_takes_what_it_meets(client: TestClient, box: str, expected: shapely.Geometry) -> None:
    page = client.get(f"/ogc/collections/zones/items?limit=500&bbox={box}").json()
    assert [each["id"] for each in page["features"]] == [
        zone.key for zone in ZONES if shapely.intersects(zone.shape, expected)
    ]


@pytest.mark.parametrize(
    "when",
    [
        "2026-11-24T00:00:00Z",
        "2026-11-24",
        "2026-01-01T00:00:00Z/2026-02-01T00:00:00+08:00",
        "../2026-01-01",
        "2026-01-01/",
        "2026-01-01/..",
        "2026-11-24t00:00:00.25z",
        "2026-01-01T00:00:00Z/2026-01-01T08:00:00+08:00",
        "2026-11-24T20:00:00-12:00/2026-11-24",
        "0001-01-01T00:00:00Z/9999-12-31",
    ],
)
def test_zones_have_no_time_so_every_one_matches(client: TestClient, when: str) -> None:
    page = client.get("/ogc/collections/zones/items", params={"datetime": when}).json()
    assert page["numberMatched"] == len(ZONES)


@pytest.mark.parametrize(
    "when", ["2026-11-24T00:00:00+08:00", "2026-11-24T00:00:00+08:00/..", "2026-11-23/2026-11-24T00:00:00+08:00"]
)
def test_a_plus_that_arrives_as_a_space_is_one(client: TestClient, when: str) -> None:
    page = client.get(f"/ogc/collections/zones/items?limit=2&datetime={when}").json()
    assert page["numberMatched"] == len(ZONES)
    (following,) = links(page, "next")
    assert client.get(following.removeprefix(HOST)).status_code == 200


@pytest.mark.parametrize(
    ("address", "code", "field"),
    [
        ("/ogc?f=json", "unknown-field", "f"),
        ("/ogc/conformance?x=1", "unknown-field", "x"),
        ("/ogc/collections?limit=1", "unknown-field", "limit"),
        ("/ogc/collections/zones?limit=1", "unknown-field", "limit"),
        ("/ogc/collections/zones/items?offset=1", "unknown-field", "offset"),
        ("/ogc/collections/zones/items?limit=0", "number-out-of-range", "limit"),
        ("/ogc/collections/zones/items?limit=many", "wrong-type", "limit"),
        ("/ogc/collections/zones/items?bbox=1,2,3", "invalid-bbox", "bbox"),
        ("/ogc/collections/zones/items?bbox=1,2,3,4,5", "invalid-bbox", "bbox"),
        ("/ogc/collections/zones/items?bbox=1,4,3,2", "invalid-bbox", "bbox"),
        ("/ogc/collections/zones/items?bbox=0,0,181,1", "coordinates-out-of-range", "bbox"),
        ("/ogc/collections/zones/items?datetime=now", "invalid-datetime", "datetime"),
        ("/ogc/collections/zones/items?datetime=../..", "invalid-datetime", "datetime"),
        ("/ogc/collections/zones/items?datetime=/", "invalid-datetime", "datetime"),
        ("/ogc/collections/zones/items?datetime=..", "invalid-datetime", "datetime"),
        ("/ogc/collections/zones/items?datetime=2026-01-01/../2026-01-02", "invalid-datetime", "datetime"),
        ("/ogc/collections/zones/items?datetime=2026-99-99T99:99:99Z", "invalid-datetime", "datetime"),
        ("/ogc/collections/zones/items?datetime=2026-02-29", "invalid-datetime", "datetime"),
        ("/ogc/collections/zones/items?datetime=../2026-02-30", "invalid-datetime", "datetime"),
        ("/ogc/collections/zones/items?datetime=2026-01-01T00:00:00%2B99:00", "invalid-datetime", "datetime"),
        ("/ogc/collections/zones/items?datetime=2026-01-01T00:00:00", "invalid-datetime", "datetime"),
        ("/ogc/collections/zones/items?datetime=2026-01-02/2026-01-01", "invalid-datetime", "datetime"),
        (
            "/ogc/collections/zones/items?datetime=2026-01-01T00:00:00Z/2026-01-01T07:59:59%2B08:00",
            "invalid-datetime",
            "datetime",
        ),
        ("/ogc/collections/zones/items?datetime=", "invalid-datetime", "datetime"),
        ("/ogc/collections/zones/items?after=%21", "invalid-cursor", "after"),
        ("/ogc/collections/zones/items/sy-second-ring?crs=x", "unknown-field", "crs"),
    ],
)
def test_what_the_standard_calls_invalid_is_400(client: TestClient, address: str, code: str, field: str) -> None:
    problem = refusal(client.get(address), 400, code, f"/query/{field}")
    assert problem["type"] == "/problems/invalid-parameter"


@pytest.mark.parametrize(
    "address",
    [
        "/ogc/collections/atlantis",
        "/ogc/collections/atlantis/items",
        "/ogc/collections/zones/items/nothing",
        "/ogc/collections/dalian/items/sy-second-ring",
        "/ogc/collections/a%2Fb/items",
    ],
)
def test_what_is_not_there_is_404(client: TestClient, address: str) -> None:
    refusal(client.get(address), 404)


@pytest.mark.parametrize("host", ["map.example:8443", "192.0.2.7", "[2001:db8::1]:80", "localhost", "a.b-c_d.example"])
def test_links_follow_the_address_that_was_asked(client: TestClient, host: str) -> None:
    page = client.get(
        "/ogc", headers={"Host": host, "X-Forwarded-Host": "evil.example", "Forwarded": "host=evil"}
    ).json()
    assert {link["href"].split("/")[2] for link in page["links"]} == {host}


@pytest.mark.parametrize("host", ["a b", "a/b", "user@host", 'a"b', "a:b", "a?b", "é.example", "<b>", ""])
def test_a_host_that_is_none_is_refused(client: TestClient, host: str) -> None:
    reply = client.get("/ogc", headers={"Host": host.encode()})  # type: ignore[dict-item]
    refusal(reply, 400, "bad-request")


def test_links_begin_with_the_address_that_the_operator_gave(log: DecisionLog) -> None:
    app = create_app(SNAPSHOT, log, public_url="https://maps.example/tongxing")
    with TestClient(app) as client:
        page = client.get("/ogc/collections/zones/items?limit=1", headers={"Host": "evil.example"}).json()
    assert all(link["href"].startswith("https://maps.example/tongxing/ogc/") for link in page["links"])


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    with running_server(tmp_path_factory.mktemp("ogc")) as started:
        yield started


@pytest.mark.parametrize("layer", LAYERS)
def test_gdal_reads_every_layer(server: Server, layer: str) -> None:
    source = f"OAPIF:{server.base}/ogc"
    assert {name for name, _ in pyogrio.list_layers(source)} == set(LAYERS)
    meta, _, shapes, columns = pyogrio.raw.read(source, layer=layer)
    table = dict(zip(meta["fields"], columns, strict=True))
    assert list(table) == ["id", "city", "zh", "en", "kind", "quality", "error_m", "level"]
    zones = LAYERS[layer]
    assert list(table["id"]) == [zone.key for zone in zones]
    assert list(table["zh"]) == [zone.name_zh for zone in zones]
    assert list(table["error_m"]) == [zone.error_m for zone in zones]
    for zone, shape in zip(zones, shapely.from_wkb(shapes), strict=True):
        assert shapely.equals_exact(shape, zone.shape, tolerance=1e-7)


@pytest.mark.parametrize("address", ["/ogc", "/ogc/"])
def test_gdal_takes_the_address_as_it_is_pasted(server: Server, address: str) -> None:
    assert {name for name, _ in pyogrio.list_layers(f"OAPIF:{server.base}{address}")} == set(LAYERS)


@pytest.mark.parametrize("address", ["/ogc/collections/dalian", "/ogc/collections/dalian/"])
def test_gdal_takes_the_address_of_a_layer(server: Server, address: str) -> None:
    source = f"OAPIF_COLLECTION:{server.base}{address}"
    meta, _, _, columns = pyogrio.raw.read(source)
    assert list(columns[list(meta["fields"]).index("id")]) == [zone.key for zone in LAYERS["dalian"]]


def test_gdal_filters_by_box(server: Server) -> None:
    box = (123.41, 41.78, 123.46, 41.81)
    assert _ids(server, bbox=box) == [zone.key for zone in ZONES if shapely.intersects(zone.shape, shapely.box(*box))]


def test_gdal_turns_pages_and_finds_nothing_amiss(server: Server, capfd: pytest.CaptureFixture[str]) -> None:
    pyogrio.set_gdal_config_options({"CPL_DEBUG": "ON"})
    try:
        found = _ids(server, PAGE_SIZE=7)
    finally:
        pyogrio.set_gdal_config_options({"CPL_DEBUG": None})
    assert found == [zone.key for zone in ZONES]
    said = capfd.readouterr().err.splitlines()
    # Every page but the first is fetched by the address in the one before.
    assert len([line for line in said if "Fetch(" in line and "&after=" in line]) == (len(ZONES) - 1) // 7
    assert [line for line in said if "ERROR" in line or "Warning" in line] == []


def _ids(server: Server, **options: Any) -> list[str]:
    meta, _, _, columns = pyogrio.raw.read(f"OAPIF:{server.base}/ogc", layer="zones", **options)
    return list(columns[list(meta["fields"]).index("id")])
