"""Machines whose clock, time zone or zone files are wrong: what was asked for a given time is answered the same."""

import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from datetime import datetime, timedelta
from importlib import resources
from pathlib import Path

import pytest

from tests.hostile.oracle import Reply, entries, send
from tests.hostile.request_cases import question
from tests.support.command import ROOT, environment
from tests.support.faketime import shown_another_clock
from tests.support.running import Server, running_server

GIVEN = json.dumps(question(place={"zone": "sy-second-ring"})).encode()
NOW = json.dumps({**question(place={"zone": "sy-second-ring"}), "at": None}).replace(', "at": null', "").encode()

# Asks a city about times as people write them, and says what two zones make of one instant.
PROGRAM = """
import json
from datetime import UTC, datetime
from zoneinfo import ZoneInfo
from tests.support.asking import ask_of, built_in_snapshot
from service.answers import answer_document
from service.deciding import decide_one
from service.instants import parse_local, written

zone, now = ZoneInfo("Asia/Shanghai"), 1_796_079_600
van = {"vehicle_type": "H32", "energy": "diesel", "emission_stage": 5}
body = {"vehicle": van, "place": {"zone": "sy-second-ring"}}
names = ("at", "verdict", "holds_from", "holds_until", "decided_at", "publication")
answers = []
for clock in ("00:00", "06:59", "07:00", "09:00", "2026-12-05 12:30"):
    ask = ask_of({**body, "at": written(parse_local(clock, zone, now), zone)})
    document = answer_document(decide_one(ask, built_in_snapshot(), now, "id"), built_in_snapshot())
    answers.append([document[name] for name in names])
print(json.dumps([answers, str(datetime.fromtimestamp(now, ZoneInfo("UTC"))), str(datetime.fromtimestamp(now, zone))]))
"""


@pytest.fixture(scope="module")
def wrong_zone_files(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Zone files as a common line of Dockerfiles leaves them (cpython issue 116676): UTC is Shanghai's, and worse."""
    folder = tmp_path_factory.mktemp("zoneinfo")
    (folder / "Asia").mkdir()
    shipped = resources.files("tzdata") / "zoneinfo"
    (folder / "UTC").write_bytes((shipped / "Asia" / "Shanghai").read_bytes())
    (folder / "Asia" / "Shanghai").write_bytes((shipped / "Asia" / "Tokyo").read_bytes())
    return folder


def test_no_time_zone_of_a_machine_and_no_zone_file_of_it_changes_an_answer(wrong_zone_files):
    """T17 and T18: zones come from the pinned package alone, and TZ says nothing here."""
    surroundings = [
        {"TZ": "Asia/Shanghai"},
        {"TZ": "Asia/Tokyo"},
        {"TZ": "America/New_York", "PYTHONTZPATH": str(wrong_zone_files)},
        {"TZ": ""},
        {"TZ": ":/nowhere/at/all"},
        {"TZ": "XYZ-23:59:59", "PYTHONTZPATH": ""},
    ]
    running = [_started(PROGRAM, each) for each in surroundings]
    told = [process.communicate() for process in running]
    assert [process.returncode for process in running] == [0] * len(running), told
    assert {errors for _, errors in told} == {""}
    assert len({output for output, _ in told}) == 1
    answers, utc, local = json.loads(told[0][0])
    assert (utc, local) == ("2026-11-30 23:00:00+00:00", "2026-12-01 07:00:00+08:00")
    assert [answer[1] for answer in answers] == ["allowed", "allowed", "prohibited", "allowed", "allowed"]


def _started(program: str, more: Mapping[str, str]) -> "subprocess.Popen[str]":
    return subprocess.Popen(
        [sys.executable, "-c", program],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        cwd=ROOT,
        env=environment(PYTHONPATH=str(ROOT), **more),
    )


def test_about_names_the_zone_data(server):
    """T17: two services with other zone data can be told apart."""
    zones = send(server, None, {}, "GET", "/v1/about").document["timezones"]
    assert zones["source"] == "package" and zones["version"]


@contextmanager
def _clock_off(folder: Path, shift: str) -> Iterator[Server]:
    """A server whose clock is off by `shift`; this process keeps its own."""
    with ExitStack() as stack:
        with pytest.MonkeyPatch.context() as patched:
            for name, value in shown_another_clock(shift).items():
                patched.setenv(name, value)
            server = stack.enter_context(running_server(folder))
        yield server


def _told(reply: Reply) -> dict[str, object]:
    assert reply.status == 200, reply.body[:600]
    return {name: value for name, value in reply.document.items() if name not in ("id", "decided_at")}


@pytest.mark.parametrize(("shift", "seconds"), [("-3600s", -3600), ("+10m", 600)])
def test_a_clock_that_is_wrong_changes_nothing_that_was_asked_for_a_given_time(server, tmp_path, shift, seconds):
    """T19: the answer says when it was decided by the clock that decided it, so that the error can be seen."""
    right = _told(send(server, GIVEN))
    with _clock_off(tmp_path, shift) as wrong:
        before = time.time()
        reply = send(wrong, GIVEN)
        assert _told(reply) == right
        decided = datetime.fromisoformat(reply.document["decided_at"]).timestamp()
        assert before + seconds - 1 <= decided <= time.time() + seconds + 1
        present = send(wrong, NOW).document
        assert present["at"] == present["decided_at"]


def test_a_clock_that_steps_back_and_forth_loses_and_doubles_nothing(tmp_path):
    """T20: an hour back and a suspend of an hour; ids stay apart, every answer is kept, and it goes on answering."""
    told = tmp_path / "clock"
    told.write_text("+0", encoding="utf-8")
    ids, decided = [], []
    with _clock_off(tmp_path / "server", f"@{told}") as server:
        before = entries(server)
        for shift in ("+0", "-3600", "+3600", "+0"):
            _replaced(told, shift)
            for _ in range(3):
                answer = send(server, NOW).document
                ids.append(answer["id"])
                decided.append(datetime.fromisoformat(answer["decided_at"]))
        assert send(server, None, {}, "GET", "/readyz").status == 200
        assert len(set(ids)) == len(ids) == entries(server) - before == 12
    assert decided[3] < decided[0] - timedelta(minutes=55)
    assert decided[6] > decided[0] + timedelta(minutes=55)
    assert "Traceback" not in server.output.read_text(encoding="utf-8")


def _replaced(file: Path, text: str) -> None:
    """Written beside and moved, so that nobody reads half of it."""
    beside = file.with_suffix(".new")
    beside.write_text(text, encoding="utf-8")
    os.replace(beside, file)
