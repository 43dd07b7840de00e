"""What holds for every address: ids, headers, caps, methods, failures, the API page and what it loads."""

import json
import logging
import re
import uuid

import pytest

from rules.errors import InvalidVehicle
from rules.reading import read_vehicle
from service.api.assets import assets
from service.api.problems import KINDS
from service.api.security import NOTHING
from service.api.wire_vehicle import VehicleIn
from service.examples import EXAMPLES
from service.limits import LONGEST_URL
from tests.service.api.test_access import Page
from tests.support.problems import post, refusal

PAGES = ("/", "/docs", "/problems/not-found")
PLAIN = ("/v1/about", "/v1/zones", "/healthz", "/openapi.json", "/nothing")


def test_every_request_has_an_id_of_ours(client):
    first, second = (client.get("/healthz", headers={"x-request-id": "mine"}).headers["x-request-id"] for _ in "12")
    assert first != second
    assert uuid.UUID(first) and uuid.UUID(second)


@pytest.mark.parametrize("address", [*PAGES, *PLAIN, "/assets/tongxing.css"])
def test_every_answer_is_hardened(client, address):
    headers = client.get(address, headers={"origin": "https://elsewhere.example"}).headers
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "no-referrer"
    assert headers["content-security-policy"].startswith("default-src 'none'")
    assert "frame-ancestors 'none'" in headers["content-security-policy"]
    assert not [name for name in headers if name.startswith("access-control-")]
    assert "server" not in headers


def test_what_is_no_page_may_load_nothing(client):
    for address in PLAIN:
        headers = client.get(address).headers
        assert headers["content-security-policy"] == NOTHING
        assert headers["cache-control"] in ("no-store", "no-cache")


@pytest.mark.parametrize(
    ("method", "address", "allowed"),
    [
        ("GET", "/v1/decisions", {"POST"}),
        ("PUT", "/v1/decisions", {"POST"}),
        ("OPTIONS", "/v1/decisions", {"POST"}),
        ("TRACE", "/v1/decisions", {"POST"}),
        ("DELETE", "/v1/decisions/1", {"GET", "HEAD"}),
        ("GET", "/v1/decisions/batch", {"POST"}),
        ("DELETE", "/v1/decisions/batch", {"POST"}),
        ("GET", "/v1/windows", {"POST"}),
        ("POST", "/v1/zones", {"GET", "HEAD"}),
        ("PATCH", "/v1/about", {"GET", "HEAD"}),
        ("POST", "/assets/tongxing.css", {"GET", "HEAD"}),
        ("POST", "/openapi.json", {"GET", "HEAD"}),
    ],
)
def test_another_method_is_refused_with_those_that_work(client, method, address, allowed):
    response = client.request(method, address)
    refusal(response, 405, "method-not-allowed")
    assert set(response.headers["allow"].replace(" ", "").split(",")) == allowed


@pytest.mark.parametrize(
    "address",
    ["/nothing", "/v1", "/v1/zones/", "//v1/zones", "/%00", "/v1/zones%00", "/docs/oauth2-redirect", "/redoc"],
)
def test_an_unknown_address_is_a_problem_too(client, address):
    refusal(client.get(address), 404, "not-found")


@pytest.mark.parametrize("slash", ["%2F", "%2f", "%5C", "%5c"])
def test_a_slash_that_is_encoded_separates_nothing(client, slash):
    assert client.get("/v1/zones/sy-second-ring/access?vehicle_type=H32").status_code == 200
    refusal(client.get(f"/v1/zones/sy-second-ring{slash}access?vehicle_type=H32"), 404, "not-found")
    refusal(client.get(f"/v1{slash}zones"), 404, "not-found")


def test_a_long_address_is_refused(client):
    refusal(client.get("/v1/zones?city=" + "x" * LONGEST_URL), 414, "uri-too-long")
    refusal(client.get("/" + "x" * LONGEST_URL), 414, "uri-too-long")


def test_many_and_long_headers_are_refused(client):
    refusal(client.get("/healthz", headers={f"x-{n}": "1" for n in range(200)}), 431, "headers-too-large")
    refusal(client.get("/healthz", headers={"x-long": "1" * 20_000}), 431, "headers-too-large")


@pytest.mark.parametrize("hosts", [[], [(b"host", b"a"), (b"host", b"b")]])
def test_a_request_names_one_host(client, hosts):
    """The client here always sends one, so the application is called as a server would call it."""
    sent = []

    async def send(message):
        sent.append(message)

    async def receive():
        return {"type": "http.request", "body": b"", "more_body": False}

    scope = {
        "type": "http",
        "http_version": "1.1",
        "method": "GET",
        "path": "/healthz",
        "raw_path": b"/healthz",
        "query_string": b"",
        "headers": hosts,
    }
    client.portal.call(client.app, scope, receive, send)
    assert sent[0]["status"] == 400
    assert json.loads(sent[1]["body"])["type"] == "/problems/bad-request"


def test_a_failure_of_ours_says_nothing_of_itself(client, log, monkeypatch, caplog):
    def fail(self, kept):
        raise RuntimeError("辽A5K268 in /etc/passwd")

    monkeypatch.setattr(type(log), "keep", fail)
    caplog.set_level(logging.DEBUG, logger="tongxing")
    response = post(client, dict(EXAMPLES[0].body))
    problem = refusal(response, 500, "internal-error")
    logged = "\n".join(record.getMessage() for record in caplog.records if record.name.startswith("tongxing"))
    for text in (json.dumps(problem, ensure_ascii=False), logged):
        assert "passwd" not in text and "5K268" not in text
    assert "RuntimeError" in logged and problem["request_id"] in logged


def test_every_type_of_problem_has_a_page(client):
    for slug, kind in KINDS.items():
        page = Page(client.get(f"/problems/{slug}").text)
        assert page.text == [f"{kind.status} {kind.title}", kind.zh, kind.en]


def test_our_pages_load_only_what_the_service_has(client):
    for address in PAGES:
        page = Page(client.get(address).text)
        for loaded in page.loads:
            assert loaded.startswith("/") and not loaded.startswith("//")
            assert client.get(loaded).status_code == 200, loaded


def test_the_api_page_has_no_inline_script(client):
    response = client.get("/docs")
    assert re.findall(r"<script(?![^>]*\bsrc=)", response.text) == []
    policy = dict(part.strip().split(" ", 1) for part in response.headers["content-security-policy"].split(";"))
    assert policy["script-src"] == policy["connect-src"] == "'self'"
    assert "openapi.json" in client.get("/assets/docs.js").text


def test_assets_are_the_files_of_the_folder_and_no_others(client):
    assert {"docs.js", "tongxing.css", "swagger-ui/swagger-ui-bundle.js", "swagger-ui/swagger-ui.css"} <= set(assets())
    for address in ("/assets/", "/assets/swagger-ui", "/assets/..%2fapp.py", "/assets/%2e%2e/app.py", "/assets/%00"):
        refusal(client.get(address), 404)
    first = client.get("/assets/docs.js")
    assert first.headers["content-type"] == "text/javascript; charset=utf-8"
    again = client.get("/assets/docs.js", headers={"if-none-match": first.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")


def test_every_operation_is_documented(client):
    document = client.get("/openapi.json").json()
    assert document["openapi"].startswith("3.1")
    operations = [operation for path in document["paths"].values() for operation in path.values()]
    assert len({each["operationId"] for each in operations}) == len(operations)
    tags = {tag["name"] for tag in document["tags"]}
    for operation in operations:
        assert operation["summary"] and len(operation["description"]) > 10
        assert set(operation["tags"]) <= tags
        for status, response in operation["responses"].items():
            assert response["description"]
            if status >= "400":
                assert list(response["content"]) == ["application/problem+json"], (operation["operationId"], status)


def test_every_reference_of_the_document_leads_somewhere(client):
    text = client.get("/openapi.json").text
    schemas = json.loads(text)["components"]["schemas"]
    referred = set(re.findall(r'"\$ref": "#/components/schemas/([^"]+)"', text))
    assert referred <= set(schemas)
    assert "HTTPValidationError" not in schemas


def test_every_parameter_has_an_example_that_works(client):
    """What the API page fills in: with these, each GET is answered (an id of a decision nobody can know before)."""
    document = client.get("/openapi.json").json()
    for path, item in document["paths"].items():
        if "get" not in item or path == "/v1/decisions/{decision_id}":
            continue
        query = {}
        for parameter in item["get"].get("parameters", []):
            examples = [parameter.get("example"), *(each["value"] for each in parameter.get("examples", {}).values())]
            chosen = next((each for each in examples if each is not None), None)
            if parameter["in"] == "path":
                assert chosen is not None
                path = path.replace(f"{{{parameter['name']}}}", chosen)
            elif chosen is not None:
                # A list stands in a query string as the parameter says: with commas (`explode` false).
                query[parameter["name"]] = ",".join(map(str, chosen)) if isinstance(chosen, list) else chosen
        assert client.get(path, params=query).status_code == 200, path


def test_the_examples_of_the_document_are_the_examples(client):
    document = client.get("/openapi.json").json()
    body = document["paths"]["/v1/decisions"]["post"]["requestBody"]["content"]["application/json"]
    assert {key: each["value"] for key, each in body["examples"].items()} == {e.key: e.body for e in EXAMPLES}
    assert [each["summary"] for each in body["examples"].values()] == [e.title for e in EXAMPLES]


def test_the_documented_vehicle_is_the_one_that_is_read(client):

    documented = client.get("/openapi.json").json()["components"]["schemas"]["AskIn"]["properties"]["vehicle"]
    assert set(documented["properties"]) == set(VehicleIn.model_fields)
    for name in VehicleIn.model_fields:
        with pytest.raises(InvalidVehicle) as refused:
            read_vehicle({name: None})
        assert [fault.code for fault in refused.value.faults] == ["wrong-type"], name
