"""POST /v1/decisions/batch: an answer each, in order, as if each were asked alone; and the rest is not held up."""

import asyncio
import json
from typing import Any

import httpx
import pytest
from starlette.testclient import TestClient

from service.api.batch import LARGEST_BATCH
from service.api.wire_batch import MOST_QUESTIONS, BatchOut
from service.app import create_app
from service.decision_log import DecisionLog
from service.examples import BATCH_EXAMPLES, EXAMPLES
from service.storage.decision_log import open_decision_log
from tests.service.api.conftest import NOW
from tests.service.api.test_decisions import ASK, REFUSED, ask
from tests.support.asking import built_in_snapshot
from tests.support.problems import post, refusal

ADDRESS = "/v1/decisions/batch"
OF_ITS_OWN = {"id", "decided_at"}


def post_batch(client: TestClient, questions: object) -> Any:
    return client.post(ADDRESS, json={"questions": questions})


def apart(document: dict[str, Any], *keys: str) -> dict[str, Any]:
    return {key: value for key, value in document.items() if key not in keys}


@pytest.mark.parametrize("example", BATCH_EXAMPLES, ids=lambda each: each.key)
def test_every_example_gives_what_its_title_says(client, example):
    response = client.post(ADDRESS, json=example.body)
    assert example.title.endswith(example.expect)
    if example.expect.isdigit():
        refusal(response, int(example.expect))
        return
    BatchOut.model_validate_json(response.content)
    told = [
        each["decision"]["verdict"] if "decision" in each else str(each["problem"]["status"])
        for each in response.json()["answers"]
    ]
    assert ", ".join(told) == example.expect


def test_each_is_answered_as_if_it_were_asked_alone(client):
    questions = [*(dict(each.body) for each in EXAMPLES), *(row[1] for row in REFUSED[::7])]
    answers = post_batch(client, questions).json()["answers"]
    assert [each["index"] for each in answers] == list(range(len(questions)))
    for question, answer in zip(questions, answers, strict=True):
        alone = post(client, question)
        if alone.status_code == 200:
            assert answer["ref"] == question.get("ref")
            assert list(answer) == ["index", "ref", "decision"]
            assert apart(answer["decision"], *OF_ITS_OWN) == apart(alone.json(), *OF_ITS_OWN)
        else:
            differing = ("instance", "request_id")
            assert apart(answer["problem"], *differing) == apart(refusal(alone, alone.status_code), *differing)


def test_a_shared_vehicle_does_not_carry_over_what_differs(client):
    """One vehicle at two headings, in two cities, at two times: read once, and never confused."""
    vehicle = {**ASK["vehicle"], "passes": [{"kind": "electronic-pass"}]}
    places = [{"zone": "sy-second-ring"}, {"zone": "dl-main"}, {"zone": "sy-qingnian-dajie", "heading_deg": 10}]
    questions = [
        ask(vehicle=dict(vehicle), place=place, at=f"2026-11-24T{hour}:12:00+08:00")
        for place in places
        for hour in ("08", "12")
    ]
    answers = post_batch(client, questions).json()["answers"]
    for question, answer in zip(questions, answers, strict=True):
        alone = post(client, question)
        if "decision" in answer:
            assert apart(answer["decision"], *OF_ITS_OWN) == apart(alone.json(), *OF_ITS_OWN)
        else:
            assert alone.status_code == 422


def test_all_are_kept_and_each_can_be_called_up(client):
    response = post_batch(client, [ask(ref="a"), ask(ref="b"), {}])
    assert response.headers["cache-control"] == "private, no-store"
    given = [each["decision"] for each in response.json()["answers"] if "decision" in each]
    assert len({each["id"] for each in given}) == 2
    for each in given:
        assert client.get(f"/v1/decisions/{each['id']}").json() == each


def test_none_is_answered_if_they_cannot_be_kept(tmp_path):
    log = open_decision_log(tmp_path)
    with TestClient(create_app(built_in_snapshot(), log)) as client:
        log.close()
        refusal(post_batch(client, [ASK, ASK]), 503, "unavailable")


@pytest.mark.parametrize(
    ("item", "code", "pointer", "ref"),
    [
        (1, "wrong-type", "", None),
        (None, "wrong-type", "", None),
        ([], "wrong-type", "", None),
        ({}, "missing-field", "/vehicle", None),
        (ask(at="2026-11-24T08:00:00"), "time-without-offset", "/at", "stop-881"),
        (ask(ref="x" * 65), "invalid-text", "/ref", None),
        (ask(ref=7), "wrong-type", "/ref", None),
        (ask(place={"zone": "sy-second-rnig"}), "unknown-zone", "/place/zone", "stop-881"),
        (ask(vehicle={"plate": "辽Q9X7"}), "invalid-plate", "/vehicle/plate", "stop-881"),
    ],
)
def test_a_refused_question_says_why_and_fails_no_other(client, item, code, pointer, ref):
    answers = post_batch(client, [ASK, item, ASK]).json()["answers"]
    assert ["decision" in each for each in answers] == [True, False, True]
    assert (answers[1]["index"], answers[1]["ref"]) == (1, ref)
    problem = answers[1]["problem"]
    assert (problem["status"], problem["type"]) == (422, "/problems/invalid-question")
    assert (code, pointer) in [(each["code"], each["pointer"]) for each in problem["errors"]]
    assert "辽Q9X7" not in json.dumps(problem, ensure_ascii=False)


@pytest.mark.parametrize(
    ("body", "code", "pointer"),
    [
        ({}, "missing-field", "/questions"),
        ({"questions": []}, "empty-list", "/questions"),
        ({"questions": [ASK] * (MOST_QUESTIONS + 1)}, "too-many", "/questions"),
        ({"questions": {"0": ASK}}, "wrong-type", "/questions"),
        ({"questions": None}, "wrong-type", "/questions"),
        ({"questions": [ASK], "at": ASK["at"]}, "unknown-field", "/at"),
        ({"question": [ASK]}, "unknown-field", "/question"),
    ],
)
def test_a_faulty_envelope_is_refused_as_a_whole(client, log, body, code, pointer):
    refusal(client.post(ADDRESS, json=body), 422, code, pointer)


def test_a_body_may_have_a_mebibyte_and_the_refusal_names_it(client):
    blanks = b" " * (LARGEST_BATCH - len(json.dumps({"questions": [ASK]})))
    full = json.dumps({"questions": [ASK]}).encode() + blanks
    headers = {"content-type": "application/json"}
    assert len(full) == LARGEST_BATCH
    assert client.post(ADDRESS, content=full, headers=headers).status_code == 200
    errors = refusal(client.post(ADDRESS, content=full + b" ", headers=headers), 413, "too-large")["errors"]
    assert "1 MiB" in errors[0]["en"] and "1 MiB" in errors[0]["zh"]


def test_one_question_still_may_have_64_kib_only(client):
    errors = refusal(
        client.post("/v1/decisions", content=b" " * 70_000, headers={"content-type": "application/json"}), 413
    )
    assert "64 KiB" in errors["errors"][0]["en"]


def test_a_repeated_key_deep_in_a_batch_is_named(client):
    raw = json.dumps({"questions": [ASK, ASK]}).replace('"ref"', '"at": "x", "ref"').encode()
    response = client.post(ADDRESS, content=raw, headers={"content-type": "application/json"})
    refusal(response, 400, "duplicate-key", "/questions/1/at")


def test_a_thousand_unknown_keys_are_not_all_put_into_words(client):
    question = {f"unknown_{number}": 1 for number in range(20_000)}
    answer = post_batch(client, [question]).json()["answers"][0]
    assert len(answer["problem"]["errors"]) <= 20


def test_others_are_answered_while_a_batch_is(log: DecisionLog) -> None:
    app = create_app(built_in_snapshot(), log, now=lambda: NOW)

    async def both() -> tuple[int, int]:
        async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://test") as client:
            batch = asyncio.ensure_future(client.post(ADDRESS, json={"questions": [ASK] * 60}))
            meanwhile = 0
            while not batch.done():
                reply = await client.post("/v1/decisions", json=ASK)
                assert reply.status_code == 200
                meanwhile += not batch.done()
                # Called in this very loop, a question alone never waits for anything.
                await asyncio.sleep(0)
            return (await batch).status_code, meanwhile

    status, meanwhile = asyncio.run(both())
    assert status == 200
    assert meanwhile >= 5
