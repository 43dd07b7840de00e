"""The log's lines: one JSON object an event, under the id that the reply has, and without a word of what was asked."""

import asyncio
import gc
import json
import logging
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient

from service.app import create_app
from service.logs import LogFormat, write_logs
from service.storage.decision_log import open_decision_log
from tests.support.asking import built_in_snapshot

TRACE = "4bf92f3577b34da6a3ce929d0e0e4736"
PARENT = f"00-{TRACE}-00f067aa0ba902b7-01"
SECRET = {"plate": "辽A5K268", "vehicle_type": "轻型厢式货车", "ref": "辽A5K268"}


class Written:
    """What went to standard error so far."""

    def __init__(self, captured: pytest.CaptureFixture[str]) -> None:
        self._captured = captured
        self._text = ""

    def text(self) -> str:
        self._text += self._captured.readouterr().err
        return self._text

    def lines(self) -> list[dict[str, Any]]:
        return [json.loads(line) for line in self.text().splitlines()]


@pytest.fixture
def written(capsys: pytest.CaptureFixture[str]) -> Iterator[Written]:
    """The loggers are as they were afterwards."""
    root, ours = logging.getLogger(), logging.getLogger("tongxing")
    before = root.handlers, root.level, ours.level
    yield Written(capsys)
    root.handlers, root.level, ours.level = before


@pytest.fixture
def client(tmp_path: Path) -> Iterator[TestClient]:
    log = open_decision_log(tmp_path)
    with TestClient(create_app(built_in_snapshot(), log), raise_server_exceptions=False) as opened:
        yield opened
    log.close()


def test_a_request_is_one_object_under_the_id_of_its_reply(client: TestClient, written: Written) -> None:
    write_logs("json")
    address = "/v1/zones/sy-second-ring/access"
    replies = [client.get(address, params=SECRET), client.get(address, params={"plate": "辽A5K268", "x": "1"})]
    first, second = written.lines()
    assert set(first) == {
        *("time", "level", "logger", "event", "method", "route", "status", "duration_ms", "request_id"),
    }
    assert (first["event"], first["method"], first["route"]) == ("request", "GET", "/v1/zones/{zone}/access")
    assert [first["status"], second["status"]] == [200, 422]
    assert [first["request_id"], second["request_id"]] == [each.headers["x-request-id"] for each in replies]
    assert second["request_id"] == replies[1].json()["request_id"]
    assert re.fullmatch(r"[0-9-]{10}T[0-9:]{8}\.[0-9]{3}\+00:00", str(first["time"]))
    assert "5K268" not in written.text() and "plate" not in written.text()


@pytest.mark.parametrize(
    ("said", "trace"),
    [
        (PARENT, TRACE),
        (f"01-{TRACE}-00f067aa0ba902b7-01-more", TRACE),
        (PARENT.upper(), None),
        (f"ff-{TRACE}-00f067aa0ba902b7-01", None),
        (f"00-{'0' * 32}-00f067aa0ba902b7-01", None),
        (f"00-{TRACE}-{'0' * 16}-01", None),
        (f"00-{TRACE[1:]}-00f067aa0ba902b7-01", None),
        (f"00-{TRACE}-00f067aa0ba902b7-01-more", None),
        ("辽A5K268".encode(), None),
    ],
)
def test_the_trace_of_the_caller_is_named_if_it_is_one(client, written, said, trace) -> None:
    write_logs("json")
    client.get("/healthz", headers={"traceparent": said})
    (line,) = written.lines()
    assert line.get("trace_id") == trace
    assert "00f067aa0ba902b7" not in written.text()


def test_two_traces_are_none(client: TestClient, written: Written) -> None:
    write_logs("json")
    client.get("/healthz", headers=[("traceparent", PARENT), ("traceparent", PARENT)])
    assert "trace_id" not in written.lines()[0]


def test_a_failure_is_named_with_its_places_and_without_its_words(client, written, monkeypatch) -> None:
    def fail(*_: object) -> None:
        raise RuntimeError("辽A5K268")

    monkeypatch.setattr("service.api.monitoring.read_query", fail)
    write_logs("json")
    reply = client.get("/metrics")
    failure, access = written.lines()
    assert (failure["event"], failure["error"], failure["level"]) == ("failure", "RuntimeError", "error")
    assert failure["request_id"] == access["request_id"] == reply.json()["request_id"]
    assert any("service/api/monitoring.py:" in frame for frame in failure["where"])
    assert "5K268" not in written.text()


@pytest.mark.parametrize("form", ["json", "text"])
def test_what_libraries_say_of_exceptions_has_no_words_of_theirs(written: Written, form: LogFormat) -> None:
    write_logs(form)
    try:
        raise ValueError("辽A5K268")
    except ValueError:
        logging.getLogger("uvicorn.error").exception("Exception in ASGI application")
    assert "Exception in ASGI application" in written.text()
    assert "ValueError" in written.text() and "test_logs.py:" in written.text()
    assert "5K268" not in written.text()


@pytest.mark.parametrize("form", ["json", "text"])
def test_what_asyncio_says_shows_no_value(written: Written, form: LogFormat) -> None:
    """A task that nobody waited for, and a callback that failed with what it was called with."""

    async def fail() -> None:
        raise ValueError("辽A5K268")

    def called(plate: str) -> None:
        raise ValueError(plate)

    async def run() -> None:
        task = asyncio.create_task(fail())
        asyncio.get_running_loop().call_soon(called, "辽A5K268")
        await asyncio.sleep(0)
        await asyncio.sleep(0)
        del task

    write_logs(form)
    asyncio.run(run())
    gc.collect()
    assert "Task exception was never retrieved" in written.text()
    assert "Exception in callback" in written.text()
    assert written.text().count("ValueError") == 2
    assert "5K268" not in written.text()


def test_of_a_library_the_first_line_is_written(written: Written) -> None:
    write_logs("json")
    logging.getLogger("some.library").warning("it failed\nvalue: %s", "辽A5K268")
    logging.getLogger("tongxing.failures").warning("one\ntwo")
    assert [line["message"] for line in written.lines()] == ["it failed", "one\ntwo"]


def test_text_is_for_terminals_and_json_for_everything_else(client, written, monkeypatch) -> None:
    write_logs(None)
    client.get("/healthz")
    assert written.lines()[0]["route"] == "/healthz"
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True)
    write_logs(None)
    client.get("/healthz")
    last = written.text().splitlines()[-1]
    assert re.search(r" INFO tongxing\.access GET /healthz 200 [0-9.]+ms [0-9a-f-]{36}$", last)
