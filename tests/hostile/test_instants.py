"""One instant however it is written, and the edges of windows to the last digit, over HTTP and in the log."""

import json
import sqlite3
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.instants import parse_instant
from tests.hostile.oracle import send
from tests.hostile.request_cases import question
from tests.support.running import Server

# Seven in the morning in China, by clocks from one end of the Earth to the other.
WRITTEN = (
    "2026-12-01T07:00:00+08:00",
    "2026-11-30T23:00:00Z",
    "2026-12-01T13:00:00+14:00",
    "2026-11-30T23:00:00-00:00",
    "2026-11-30t23:00:00z",
    "2026-11-30T23:00:00.000+00:00",
    "2026-11-30T11:00:00-12:00",
)
# A truck that the peaks of the second ring close to, and that nothing else says anything of at these hours.
VAN = {"vehicle_type": "H32", "energy": "diesel", "emission_stage": 5, "total_mass_kg": 4310}
RING = {"zone": "sy-second-ring"}


def at_the_ring(at: str) -> dict[str, object]:
    return question(vehicle=VAN, place=RING, at=at)


def kept(server: Server, decision: str) -> tuple[str, dict[str, object]]:
    """What the log holds of a decision: the question as text, and the answer."""
    (store,) = server.output.parent.glob("data/*.sqlite3")
    connection = sqlite3.connect(f"file:{store}?mode=ro", uri=True)
    try:
        found = connection.execute("SELECT asked, answered FROM decisions WHERE id = ?", (decision,)).fetchone()
    finally:
        connection.close()
    answered: dict[str, object] = json.loads(found[1])
    return found[0], answered


def test_one_instant_has_one_answer_and_one_entry_however_it_is_written(server):
    """T04."""
    answers, entries = [], []
    for text in WRITTEN:
        answer = send(server, json.dumps(at_the_ring(text)).encode()).document
        asked, answered = kept(server, answer["id"])
        assert answered == answer
        answers.append({name: value for name, value in answer.items() if name not in ("id", "decided_at")})
        entries.append(asked)
    assert all(answer == answers[0] for answer in answers)
    assert set(entries) == {entries[0]} and "2026-12-01T07:00:00+08:00" in entries[0]


@given(
    st.integers(parse_instant("1900-01-02T00:00:00Z"), parse_instant("2200-12-30T00:00:00Z")),
    st.integers(-23 * 60 - 59, 23 * 60 + 59),
    st.sampled_from(["", ".0", ".999999999"]),
    st.booleans(),
)
def test_any_offset_and_any_fraction_name_the_same_second(instant, offset, fraction, small):
    """T04 at large: the second is that of the offset's clock, and a fraction never carries it over."""
    text = _by_clock(instant, offset, fraction)
    assert parse_instant(text.lower() if small else text) == instant


def _by_clock(instant: int, offset_minutes: int, fraction: str) -> str:
    local = datetime(1970, 1, 1, tzinfo=UTC) + timedelta(seconds=instant, minutes=offset_minutes)
    sign, size = ("-" if offset_minutes < 0 else "+"), abs(offset_minutes)
    return f"{local:%Y-%m-%dT%H:%M:%S}{fraction}{sign}{size // 60:02}:{size % 60:02}"


@pytest.mark.parametrize(
    ("at", "verdict"),
    [
        ("2026-12-01T06:59:59+08:00", "allowed"),
        ("2026-12-01T06:59:59.999999999+08:00", "allowed"),
        ("2026-12-01T07:00:00+08:00", "prohibited"),
        ("2026-12-01T07:00:00.000000001+08:00", "prohibited"),
        ("2026-12-01T08:59:59.999999+08:00", "prohibited"),
        ("2026-12-01T09:00:00+08:00", "allowed"),
    ],
)
def test_windows_are_closed_at_their_beginning_and_open_at_their_end(server, at, verdict):
    """T05 and T06: cut off, never rounded; [07:00, 09:00)."""
    answer = send(server, json.dumps(at_the_ring(at)).encode()).document
    assert answer["verdict"] == verdict
    if verdict == "prohibited":
        assert answer["holds_from"] == "2026-12-01T07:00:00+08:00"
        assert answer["holds_until"] == "2026-12-01T09:00:00+08:00"


def test_long_after_the_last_calendar_an_answer_names_what_it_rests_on(server):
    """T22: whoever asks of 2199 is told which publication answered, and how far its calendar reaches."""
    answer = send(server, json.dumps(at_the_ring("2199-06-03T08:00:00+08:00")).encode()).document
    assert answer["publication"]["digest"].startswith("sha256:")
    assert answer["calendar"]["covered_until"] < "2199"
    assert answer["verdict"] in ("prohibited", "undetermined")
    assert answer["horizon"] == "2199-06-17T08:00:00+08:00"
