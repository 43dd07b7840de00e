"""The spans of requests: where and how long, and nothing of what was asked."""

import json
import logging
import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import pytest
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter
from starlette.testclient import TestClient

from service.app import create_app
from service.storage.decision_log import open_decision_log
from service.telemetry import NoTelemetry, spans_to_collector
from tests.support.asking import built_in_snapshot
from tests.support.command import tongxing

PLATE = "辽A5K268"
QUESTION = {
    "vehicle": {"plate": PLATE, "vehicle_type": "H32"},
    "place": {"zone": "sy-second-ring"},
    "at": "2026-11-24T08:12:00+08:00",
    "ref": "my-reference",
}
SECRETS = (PLATE, "5K268", "%E8", "H32", "my-reference", "secret-host", "secret-path")
ATTRIBUTES = {
    *("http.request.method", "http.response.status_code", "http.route", "url.scheme", "network.protocol.version"),
    *("error.type", "code.function.name", "tongxing.request_id"),
}


@pytest.fixture
def spans() -> InMemorySpanExporter:
    return InMemorySpanExporter()


@pytest.fixture
def client(tmp_path: Path, spans: InMemorySpanExporter) -> Iterator[TestClient]:
    provider = TracerProvider(shutdown_on_exit=False)
    provider.add_span_processor(SimpleSpanProcessor(spans))
    log = open_decision_log(tmp_path)
    app = create_app(built_in_snapshot(), log, traces=provider)
    with TestClient(app, base_url="http://secret-host", raise_server_exceptions=False) as opened:
        yield opened
    log.close()


def everything(spans: InMemorySpanExporter) -> str:
    """All that an exporter would see; what a resource says is of this machine."""
    found = [json.loads(span.to_json()) for span in spans.get_finished_spans()]
    for each in found:
        assert set(each["attributes"]) <= ATTRIBUTES
        assert each["events"] == []
        del each["resource"]
    return json.dumps(found, ensure_ascii=False)


def test_a_decision_has_spans_without_its_question(client: TestClient, spans: InMemorySpanExporter) -> None:
    reply = client.post("/v1/decisions", json=QUESTION)
    *inner, outer = spans.get_finished_spans()
    assert outer.name == "POST /v1/decisions"
    assert outer.attributes is not None
    assert outer.attributes["tongxing.request_id"] == reply.headers["x-request-id"]
    assert (outer.attributes["http.route"], outer.attributes["http.response.status_code"]) == ("/v1/decisions", 200)
    assert "fastapi.endpoint" in {span.name for span in inner}
    assert not [secret for secret in SECRETS if secret in everything(spans)]


def test_a_question_in_an_address_stays_there(client: TestClient, spans: InMemorySpanExporter) -> None:
    client.get("/v1/zones/sy-second-ring/access", params={"plate": PLATE, "vehicle_type": "H32"})
    assert spans.get_finished_spans()[-1].name == "GET /v1/zones/{zone}/access"
    assert not [secret for secret in SECRETS if secret in everything(spans)]


@pytest.mark.parametrize("path", [f"/secret-path/{PLATE}", f"/v1/zones/{PLATE}?x={PLATE}"])
def test_an_address_of_nothing_is_not_told(client: TestClient, spans: InMemorySpanExporter, path: str) -> None:
    assert client.request("SECRET-PATH", path).status_code in (404, 405)
    assert client.get(path).status_code in (404, 422)
    assert len(spans.get_finished_spans()) >= 2
    assert not [secret for secret in SECRETS if secret in everything(spans)]


def test_a_failure_is_told_without_its_words(client, spans, monkeypatch) -> None:
    def fail(*_: object) -> None:
        raise RuntimeError(PLATE)

    monkeypatch.setattr("service.api.classes.read_query", fail)
    assert client.get("/v1/classes").status_code == 500
    told = everything(spans)
    assert "RuntimeError" in told
    assert not [secret for secret in SECRETS if secret in told]


def test_the_trace_of_the_caller_goes_on_and_is_logged(client, spans, caplog) -> None:
    caplog.set_level(logging.INFO, logger="tongxing.access")
    trace = "4bf92f3577b34da6a3ce929d0e0e4736"
    client.get("/v1/codes", headers={"traceparent": f"00-{trace}-00f067aa0ba902b7-01"})
    client.get("/v1/codes")
    ids = [f"{span.context.trace_id:032x}" for span in spans.get_finished_spans() if span.name == "GET /v1/codes"]
    assert ids[0] == trace != ids[1]
    assert [record.told["trace_id"] for record in caplog.records if record.name == "tongxing.access"] == ids


def test_what_machines_ask_every_second_has_no_spans(client: TestClient, spans: InMemorySpanExporter) -> None:
    for path in ("/healthz", "/readyz", "/metrics"):
        assert client.get(path).status_code == 200
    assert spans.get_finished_spans() == ()


EXPORTER = "opentelemetry.exporter.otlp.proto.http.trace_exporter"


def test_spans_go_to_a_collector_where_the_extra_is_installed(monkeypatch: pytest.MonkeyPatch) -> None:
    module = ModuleType(EXPORTER)
    module.OTLPSpanExporter = InMemorySpanExporter  # type: ignore[attr-defined]
    for name in (EXPORTER.rsplit(".", depth)[0] for depth in range(1, 5)):
        monkeypatch.setitem(sys.modules, name, ModuleType(name))
    monkeypatch.setitem(sys.modules, EXPORTER, module)
    provider = spans_to_collector()
    assert isinstance(provider, TracerProvider)
    assert provider.resource.attributes["service.name"] == "tongxing"
    provider.shutdown()


def test_without_the_extra_it_says_what_is_missing(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setitem(sys.modules, EXPORTER, None)
    with pytest.raises(NoTelemetry, match="is not installed"):
        spans_to_collector()
    # A folder that hides the package from a process, whether it is installed there or not.
    (tmp_path / "sitecustomize.py").write_text(f"import sys\nsys.modules['{EXPORTER}'] = None\n", encoding="utf-8")
    done = tongxing("serve", "--data", tmp_path / "data", TONGXING_TELEMETRY="1", PYTHONPATH=str(tmp_path))
    assert done.returncode == 2
    assert "TONGXING_TELEMETRY is set, but " in done.stderr
    assert "the extra `telemetry` installs what it needs" in done.stderr
