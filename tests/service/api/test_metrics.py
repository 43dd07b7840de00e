"""/metrics: what is counted, under names of closed sets, for one application alone."""

import re
from datetime import UTC, datetime

from prometheus_client.parser import text_string_to_metric_families
from starlette.testclient import TestClient

from service.app import create_app
from service.decision_log import DecisionLog, LogUnavailable
from service.examples import EXAMPLES
from service.version import VERSION
from tests.support.asking import built_in_snapshot
from tests.support.problems import post, refusal

Samples = dict[tuple[str, frozenset[tuple[str, str]]], float]


def samples(client: TestClient) -> Samples:
    reply = client.get("/metrics")
    assert reply.headers["content-type"] == "text/plain; version=0.0.4; charset=utf-8"
    assert reply.headers["cache-control"] == "no-store"
    return {
        (sample.name, frozenset(sample.labels.items())): sample.value
        for family in text_string_to_metric_families(reply.text)
        for sample in family.samples
    }


def value(found: Samples, name: str, **labels: str) -> float:
    return found.get((name, frozenset(labels.items())), 0.0)


def test_requests_are_counted_by_route_and_class_of_status(client: TestClient) -> None:
    for path in ("/v1/zones/sy-second-ring", "/v1/zones/sy-third-ring", "/v1/zones/辽A5K268", "/nothing/辽A5K268"):
        client.get(path)
    client.head("/v1/zones/sy-second-ring")
    found = samples(client)
    zone = "/v1/zones/{zone}"
    assert value(found, "tongxing_http_requests_total", method="GET", route=zone, status="2xx") == 2
    assert value(found, "tongxing_http_requests_total", method="GET", route=zone, status="4xx") == 1
    assert value(found, "tongxing_http_requests_total", method="HEAD", route=zone, status="2xx") == 1
    assert value(found, "tongxing_http_requests_total", method="GET", route="(no route)", status="4xx") == 1
    assert value(found, "tongxing_http_request_duration_seconds_count", route=zone) == 4
    assert value(found, "tongxing_http_requests_in_flight") == 1
    assert "5K268" not in str(found)


def labels(city: str, verdict: str, illustrative: str) -> frozenset[tuple[str, str]]:
    return frozenset({("city", city), ("verdict", verdict), ("illustrative", illustrative)})


def test_every_operation_is_counted_under_its_own_name(client: TestClient) -> None:
    paths = {*client.get("/openapi.json").json()["paths"], "/openapi-3.0.json"}
    for path in paths:
        # Whatever comes of it: a refusal is of the route as well.
        client.request("GET", path.replace("{", "").replace("}", ""))
        client.post(path.replace("{", "").replace("}", ""), json={})
    counted = set(re.findall(r'tongxing_http_requests_total\{[^}]*route="(.*?)"', client.get("/metrics").text))
    assert paths | {"/openapi.json"} <= counted
    assert "/batch" not in counted


def test_decisions_are_counted_by_city_and_verdict(client: TestClient) -> None:
    by_law, illustrative = (
        next(dict(each.body) for each in EXAMPLES if ("illustrative" in each.title) is wanted)
        for wanted in (False, True)
    )
    given = [post(client, body).json() for body in (by_law, by_law, illustrative)]
    outside = {"vehicle": {"vehicle_type": "H32"}, "place": {"lon": 10.0, "lat": 10.0, "crs": "wgs84"}}
    assert post(client, outside).json()["reason"] == "outside_coverage"
    found = samples(client)
    counted = {which: count for (name, which), count in found.items() if name == "tongxing_decisions_total"}
    assert [each["illustrative"] for each in given] == [False, False, True]
    assert counted == {
        labels("shenyang", given[0]["verdict"], "false"): 2,
        labels("shenyang", given[2]["verdict"], "true"): 1,
        labels("none", "undetermined", "false"): 1,
    }
    assert value(found, "tongxing_log_keep_duration_seconds_count") == 4


def test_refusals_are_counted_by_code_once_a_request(client: TestClient) -> None:
    refusal(post(client, {"place": {"zone": "nowhere"}, "a": 1, "b": 2}), 422)
    client.get("/nothing")
    client.post("/v1/decisions", content=b"{")
    found = samples(client)
    counted = {code: value(found, "tongxing_refusals_total", code=code) for code in ("unknown-field", "not-found")}
    assert counted == {"unknown-field": 1, "not-found": 1}
    assert value(found, "tongxing_refusals_total", code="unsupported-media-type") == 1


def test_a_log_that_cannot_keep_is_counted(client: TestClient, log: DecisionLog, monkeypatch, caplog) -> None:
    def full(self: object, kept: object) -> None:
        raise LogUnavailable("辽A5K268 did not fit")

    monkeypatch.setattr(type(log), "keep", full)
    problem = refusal(post(client, dict(EXAMPLES[0].body)), 503, "unavailable")
    found = samples(client)
    assert value(found, "tongxing_log_keep_failures_total") == 1
    assert not [name for name, _ in found if name == "tongxing_decisions_total"]
    said = [record.getMessage() for record in caplog.records if record.name == "tongxing.failures"]
    assert len(said) == 1
    assert f"LogUnavailable in request {problem['request_id']}" in said[0]
    assert "5K268" not in said[0]


def test_no_series_says_when_it_began(client: TestClient) -> None:
    client.get("/v1/codes")
    text = client.get("/metrics").text
    assert "tongxing_http_requests_total{" in text and "_created" not in text


def test_what_answers_is_told(client: TestClient) -> None:
    found = samples(client)
    assert value(found, "tongxing_build_info", version=VERSION) == 1
    for city, publication in built_in_snapshot().publications.items():
        assert value(found, "tongxing_publication_info", city=city, digest=publication.digest) == 1
    version = built_in_snapshot().calendar.version
    until = value(found, "tongxing_calendar_covered_until_timestamp_seconds", version=version)
    assert datetime.fromtimestamp(until, UTC) == datetime(2027, 1, 1, tzinfo=UTC)


def test_two_applications_count_for_themselves(client: TestClient, log: DecisionLog) -> None:
    client.get("/v1/codes")
    with TestClient(create_app(built_in_snapshot(), log)) as other:
        assert not any(("route", "/v1/codes") in labels for _, labels in samples(other))


def test_the_documented_example_is_of_the_same_kind(client: TestClient) -> None:
    document = client.get("/openapi.json").json()
    content = document["paths"]["/metrics"]["get"]["responses"]["200"]["content"]
    assert list(content) == ["text/plain"]
    post(client, dict(EXAMPLES[0].body))
    names = {name for name, _ in samples(client)}
    (example,) = text_string_to_metric_families(content["text/plain"]["example"])
    assert {sample.name for sample in example.samples} <= names
