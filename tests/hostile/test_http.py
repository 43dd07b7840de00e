"""Hostile bodies and hostile questions against the real server: the common oracle, the log, and its memory."""

import json

import pytest
import shapely

from tests.hostile.body_cases import ROWS as BODIES
from tests.hostile.body_cases import SOUND, Body, at
from tests.hostile.oracle import MOST_GROWTH_KIB, Reply, entries, refused, resident_kib, send
from tests.hostile.request_cases import ROWS as QUESTIONS
from tests.hostile.request_cases import Question, vertex_question
from tests.hostile.rows import REJECT
from tests.support.asking import built_in_snapshot
from tests.support.command import ROOT
from tests.support.running import Server

Either = Body | Question
ROWS: tuple[Either, ...] = (*BODIES, *QUESTIONS)


def ask(server: Server, row: Either) -> Reply:
    return send(server, row.raw, row.headers if isinstance(row, Body) else None)


def judged(reply: Reply, row: Either) -> None:
    if row.expect is REJECT:
        refused(reply, row.status if isinstance(row, Body) else 422, row.code, row.place, row.silent_of)
        return
    assert reply.status == 200, reply.body[:600]
    assert reply.headers["content-type"] == "application/json"
    answer = reply.document
    assert answer["verdict"] in ("allowed", "prohibited", "undetermined")
    if isinstance(row, Question):
        assert {place: at(answer, place) for place in row.answer} == dict(row.answer)


@pytest.mark.parametrize("row", ROWS, ids=str)
def test_a_hostile_question_is_answered_as_its_row_says(server, row):
    judged(ask(server, row), row)


def test_the_lot_leaves_an_entry_for_each_answer_and_no_memory(server):
    """All rows twice: the first time fills caches, the second shows whether anything grows."""
    answered = 0
    before, size = entries(server), resident_kib(server)
    for _ in range(2):
        for row in ROWS:
            answered += ask(server, row).status == 200
    assert answered == 2 * sum(row.expect is not REJECT for row in ROWS)
    assert entries(server) - before == answered
    assert resident_kib(server) - size < MOST_GROWTH_KIB
    assert "Traceback" not in server.output.read_text(encoding="utf-8")


def test_a_point_on_a_corner_of_a_zone_is_in_it(server):
    zone = built_in_snapshot().zone("sy-second-ring")
    lon, lat = shapely.get_coordinates(shapely.get_parts(zone.shape)[0].exterior)[0].tolist()
    row = vertex_question(lon, lat)
    reply = ask(server, row)
    judged(reply, row)
    # The shape is an approximate one, so that nothing on its edge is certain; that it counts in is certain.
    named = {each["id"]: each["certainty"] for each in reply.document["place"]["zones"]}
    assert named["sy-second-ring"] == "possible"
    assert reply.document["as_drawn"] is not None


def test_the_same_question_in_any_notation_has_the_same_answer(server):
    """Escapes, white space and the order of keys are notation: answers differ in their id and clock alone."""
    sound = json.loads(SOUND)
    turned = json.dumps({key: sound[key] for key in reversed(sound)}, indent=1).encode()
    answers = [send(server, raw).document for raw in (SOUND, json.dumps(sound).encode(), turned)]
    for answer in answers:
        assert answer.pop("id") and answer.pop("decided_at")
    assert answers[0] == answers[1] == answers[2]


def test_every_row_of_the_corpus_has_its_like():
    numbers = sorted({row.number for row in ROWS if row.number is not None} | {312})
    assert numbers[0] == 200 and numbers[-1] == 357
    assert len(numbers) == 44 + 62
    names = [row.name for row in ROWS]
    assert len(names) == len(set(names))


def test_nothing_that_takes_forms_apart_is_installed():
    """H17: FastAPI parses forms once this package is there; without it no form can reach a parser."""
    locked = (ROOT / "requirements.lock").read_text(encoding="utf-8")
    assert "\nfastapi==" in locked and "multipart" not in locked
