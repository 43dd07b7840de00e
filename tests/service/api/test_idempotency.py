"""Idempotency-Key: a request sent again gets its answer again, kept together with its decisions or not at all."""

import asyncio
import json
import logging
import signal
import sqlite3
import subprocess
import sys
import threading
from pathlib import Path
from typing import Any

import httpx
import pytest
from starlette.testclient import TestClient

from service.app import create_app
from service.decision_log import DecisionLog, LogUnavailable
from service.examples import BATCH_EXAMPLES, EXAMPLES, PLAN_EXAMPLES
from service.storage.decision_log import open_decision_log
from service.storage.engine import STORE_FILE
from tests.service.api.conftest import NOW
from tests.service.api.test_decisions import ASK, ask
from tests.support.asking import built_in_snapshot
from tests.support.command import ROOT, environment
from tests.support.problems import refusal

KEY = "8e03978e-40d5-43dd-bc93-6894a57f9324"
TWO_DAYS = 48 * 3600
ROUTES: list[tuple[str, dict[str, Any]]] = [
    ("/v1/decisions", dict(EXAMPLES[0].body)),
    ("/v1/decisions/batch", dict(BATCH_EXAMPLES[0].body)),
    ("/v1/windows", dict(PLAN_EXAMPLES[0].body)),
    ("/v1/windows?format=vroom", dict(PLAN_EXAMPLES[0].body)),
]


class Clock:
    def __init__(self) -> None:
        self.now = NOW

    def __call__(self) -> int:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def client(log: DecisionLog, clock: Clock):
    with TestClient(create_app(built_in_snapshot(), log, now=clock)) as opened:
        yield opened


def send(client: TestClient, body: object, key: str = KEY, address: str = "/v1/decisions") -> Any:
    return client.post(address, json=body, headers={"Idempotency-Key": key})


def count(tmp_path: Path, table: str) -> int:
    with sqlite3.connect(tmp_path / STORE_FILE) as connection:
        (number,) = connection.execute(f"SELECT count(*) FROM {table}").fetchone()
    connection.close()
    return int(number)


@pytest.mark.parametrize(("address", "body"), ROUTES, ids=[address for address, _ in ROUTES])
def test_the_same_request_gets_the_same_answer_byte_for_byte(client, clock, tmp_path, address, body):
    first = send(client, body, address=address)
    kept = count(tmp_path, "decisions")
    clock.now += TWO_DAYS - 1
    again = send(client, body, address=address)
    assert first.status_code == again.status_code == 200
    assert again.content == first.content
    assert again.headers["idempotent-replayed"] == "true"
    assert "idempotent-replayed" not in first.headers
    assert again.headers["cache-control"] == "private, no-store"
    assert again.headers["content-type"] == first.headers["content-type"]
    assert count(tmp_path, "decisions") == kept


@pytest.mark.parametrize(("address", "body"), ROUTES, ids=[address for address, _ in ROUTES])
def test_without_a_key_each_request_is_answered_anew(client, tmp_path, address, body):
    for _ in range(2):
        assert "idempotent-replayed" not in client.post(address, json=body).headers
    assert count(tmp_path, "replies") == 0


def test_after_48_hours_the_key_is_free_and_the_old_answer_gone(client, clock, tmp_path):
    first = send(client, ASK).json()
    send(client, ASK, "another")
    clock.now += TWO_DAYS
    second = send(client, ask(ref="later")).json()
    assert second["id"] != first["id"]
    assert count(tmp_path, "replies") == 1
    assert client.get(f"/v1/decisions/{first['id']}").json() == first


@pytest.mark.parametrize(
    ("address", "raw"),
    [
        ("/v1/decisions", json.dumps(ask(ref="other"))),
        ("/v1/decisions", json.dumps(ASK, indent=1)),
        ("/v1/decisions/batch", json.dumps({"questions": [ASK]})),
        ("/v1/windows", json.dumps(PLAN_EXAMPLES[0].body)),
    ],
    ids=["another question", "other whitespace", "another route", "another route still"],
)
def test_the_key_of_another_request_is_refused(client, tmp_path, address, raw):
    headers = {"Idempotency-Key": KEY, "content-type": "application/json"}
    assert client.post("/v1/decisions", content=json.dumps(ASK), headers=headers).status_code == 200
    problem = refusal(client.post(address, content=raw, headers=headers), 422, "idempotency-key-reused")
    assert problem["type"] == "/problems/idempotency-key-reused"
    assert count(tmp_path, "decisions") == 1


def test_another_form_of_a_plan_is_another_request(client):
    assert send(client, PLAN_EXAMPLES[0].body, address="/v1/windows").status_code == 200
    again = send(client, PLAN_EXAMPLES[0].body, address="/v1/windows?format=vroom")
    refusal(again, 422, "idempotency-key-reused")


@pytest.mark.parametrize("key", ["", "a b", "钥匙".encode(), "x" * 256, "a\tb", "a\x7fb"])
def test_a_key_is_visible_ascii(client, key):
    response = client.post("/v1/decisions", json=ASK, headers={"Idempotency-Key": key})
    problem = refusal(response, 422, "invalid-idempotency-key", "/header/Idempotency-Key")
    assert not key or str(key) not in json.dumps(problem["errors"])


def test_a_key_stands_once(client):
    headers = [("Idempotency-Key", "a"), ("Idempotency-Key", "b")]
    refusal(client.post("/v1/decisions", json=ASK, headers=headers), 422, "invalid-idempotency-key")


@pytest.mark.parametrize("key", ["a", "x" * 255, '"8e03978e"', "!~"])
def test_short_long_and_quoted_keys_are_taken(client, key):
    assert send(client, ASK, key).content == send(client, ASK, key).content


def test_a_refusal_is_not_kept(client, tmp_path):
    for body in (ask(at="2026-11-24T08:00:00"), {}):
        refusal(send(client, body), 422)
    assert count(tmp_path, "replies") == 0
    assert send(client, ASK).status_code == 200


def test_an_unavailable_log_keeps_nothing_and_the_key_stays_free(client, log, monkeypatch, tmp_path):
    def fail(self, decisions, reply=None):
        raise LogUnavailable("full")

    with monkeypatch.context() as patched:
        patched.setattr(type(log), "keep_all", fail)
        for address, body in ROUTES:
            refusal(send(client, body, address=address), 503, "unavailable")
    assert count(tmp_path, "replies") == 0
    assert send(client, ASK).status_code == 200


def test_the_key_stays_free_after_a_failure_of_ours(client, log, monkeypatch):
    def fail(self, decisions, reply=None):
        raise RuntimeError("broken")

    with monkeypatch.context() as patched:
        patched.setattr(type(log), "keep_all", fail)
        refusal(send(client, ASK), 500, "internal-error")
    assert send(client, ASK).status_code == 200


def test_while_the_first_is_under_way_others_wait(log: DecisionLog, tmp_path: Path) -> None:
    """Fifty at once: one is answered, the others are told to come back, and then get its answer."""
    app = create_app(built_in_snapshot(), log, now=lambda: NOW)

    async def storm() -> tuple[list[httpx.Response], list[httpx.Response]]:
        async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://test") as client:

            async def one() -> httpx.Response:
                return await client.post("/v1/decisions/batch", json={"questions": [ASK, ASK]}, headers=headers)

            headers = {"Idempotency-Key": KEY}
            first = await asyncio.gather(*(one() for _ in range(50)))
            return first, [await one() for _ in range(2)]

    first, again = asyncio.run(storm())
    (answered,) = {each.content for each in [*first, *again] if each.status_code == 200}
    assert json.loads(answered)["answers"]
    waiting = [each for each in first if each.status_code != 200]
    assert waiting
    for each in waiting:
        refusal(each, 409, "idempotency-key-in-use")
        assert int(each.headers["retry-after"]) >= 1
    assert count(tmp_path, "decisions") == 2


def test_another_key_does_not_wait(log: DecisionLog) -> None:
    app = create_app(built_in_snapshot(), log, now=lambda: NOW)

    async def both() -> list[int]:
        async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://test") as client:
            replies = await asyncio.gather(
                *(client.post("/v1/decisions", json=ASK, headers={"Idempotency-Key": f"k{n}"}) for n in range(5))
            )
            return [each.status_code for each in replies]

    assert asyncio.run(both()) == [200] * 5


def test_neither_key_nor_body_is_logged_or_stored_as_it_came(client, caplog, tmp_path):
    caplog.set_level(logging.DEBUG)
    send(client, ASK, "secret-key-of-mine")
    refusal(send(client, ask(ref="x"), "secret-key-of-mine"), 422)
    assert "secret-key-of-mine" not in "\n".join(
        record.getMessage() for record in caplog.records if record.name.startswith("tongxing")
    )
    for file in tmp_path.iterdir():
        assert b"secret-key-of-mine" not in file.read_bytes()


def test_decisions_are_still_made_on_the_event_loop(client, monkeypatch):
    threads = []
    find = type(built_in_snapshot().index).at
    monkeypatch.setattr(
        type(built_in_snapshot().index),
        "at",
        lambda self, *given, **named: (threads.append(threading.get_ident()), find(self, *given, **named))[1],
    )
    here = client.portal.call(threading.get_ident)
    point = {"lon": 123.4387, "lat": 41.7908, "crs": "gcj02"}
    assert send(client, ask(place=point), "1").status_code == 200
    assert send(client, {"questions": [ask(place=point)] * 2}, "2", "/v1/decisions/batch").status_code == 200
    body = {**PLAN_EXAMPLES[0].body, "places": [{"ref": "a", **point}]}
    assert send(client, body, "3", "/v1/windows").status_code == 200
    assert threads == [here] * 4


@pytest.mark.parametrize("address", ["/v1/decisions", "/v1/decisions/batch", "/v1/windows"])
def test_the_header_is_documented_and_has_no_example(client, address):
    operation = client.get("/openapi.json").json()["paths"][address]["post"]
    (header,) = [each for each in operation["parameters"] if each["in"] == "header"]
    assert header["name"] == "Idempotency-Key"
    assert not header["required"]
    assert not {"example", "examples"} & set(header)
    assert "409" in operation["responses"]


KEEPING = """
import sys
from pathlib import Path
from service.decision_log import KeptDecision, KeptReply
from service.storage import open_decision_log
log = open_decision_log(Path(sys.argv[1]))
for number in range(1_000_000):
    ids = [f"d{number}-{part}" for part in range(3)]
    log.keep_all(
        [KeptDecision(each, {"number": number}, {"text": "x" * 2_000}, None, number) for each in ids],
        KeptReply(f"k{number}", "request", "\\n".join(ids).encode(), 0),
    )
    print(f"k{number}", flush=True)
"""


def test_kill_9_leaves_no_answer_without_its_decisions_and_none_without_its_answer(tmp_path):
    command = [sys.executable, "-c", KEEPING, str(tmp_path)]
    with subprocess.Popen(command, cwd=ROOT, env=environment(), stdout=subprocess.PIPE, text=True) as process:
        told = [process.stdout.readline().strip() for _ in range(30)]
        process.send_signal(signal.SIGKILL)
        told += [line.strip() for line in process.stdout if line.endswith("\n")]
    log = open_decision_log(tmp_path)
    replies = [log.find_reply(key, 0) for key in [*told, f"k{len(told)}"]]
    assert None not in replies[: len(told)]
    found = [reply for reply in replies if reply is not None]
    for reply in found:
        assert all(log.find(each) is not None for each in reply.content.decode().splitlines())
    log.close()
    assert count(tmp_path, "decisions") == 3 * count(tmp_path, "replies") == 3 * len(found)
