"""The log of decisions: durable before it returns, exact when it is read, honest when it cannot keep."""

import math
import signal
import sqlite3
import subprocess
import sys
import uuid
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from hypothesis import given
from hypothesis import strategies as st

from service.decision_log import KeptDecision, LogRefused, LogUnavailable
from service.storage import SqliteDecisionLog, open_decision_log
from service.storage.engine import STORE_FILE
from service.storage.tables import metadata
from tests.support.command import ROOT, environment

ASKED = {"vehicle": {"plate": "辽A5K268"}, "place": {"zone": "sy-second-ring"}}
TEXT = st.text(st.characters(exclude_categories=["Cs"]))
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | TEXT,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(TEXT, inner, max_size=4),
    max_leaves=12,
)
DOCUMENTS = st.dictionaries(TEXT | st.sampled_from(["二环路", "辽A5K268", "a b"]), JSON, max_size=5)


def _decision(number: int = 0) -> KeptDecision:
    return KeptDecision(f"decision-{number}", ASKED, {"verdict": "prohibited"}, "sha256:00", 1_795_479_120)


@pytest.fixture
def log(tmp_path):
    with _closing(open_decision_log(tmp_path / "data")) as opened:
        yield opened


@pytest.fixture(scope="module")
def shared_log(tmp_path_factory):
    with _closing(open_decision_log(tmp_path_factory.mktemp("log") / "data")) as opened:
        yield opened


class _closing:
    def __init__(self, log: SqliteDecisionLog) -> None:
        self.log = log

    def __enter__(self) -> SqliteDecisionLog:
        return self.log

    def __exit__(self, *_: object) -> None:
        self.log.close()


def test_what_is_kept_is_found(log):
    log.keep(_decision())
    assert log.find("decision-0") == _decision()


def test_an_unknown_id_is_none(log):
    assert log.find("decision-0") is None


def test_no_city_no_digest(log):
    log.keep(KeptDecision("nowhere", ASKED, {"verdict": "undetermined"}, None, 0))
    assert log.find("nowhere").digest is None


def test_an_id_is_kept_once(log):
    log.keep(_decision())
    with pytest.raises(ValueError, match="decision-0 is kept already"):
        log.keep(KeptDecision("decision-0", ASKED, {"verdict": "allowed"}, None, 0))
    assert log.find("decision-0") == _decision()


def test_what_is_not_json_is_refused(log):
    with pytest.raises(ValueError, match="JSON"):
        log.keep(KeptDecision("nan", ASKED, {"lon": math.nan}, None, 0))
    assert log.find("nan") is None


@given(asked=DOCUMENTS, answered=DOCUMENTS, digest=st.none() | TEXT, at=st.integers(-(2**40), 2**40))
def test_every_document_comes_back_as_it_was(shared_log, asked, answered, digest, at):
    decision = KeptDecision(str(uuid.uuid4()), asked, answered, digest, at)
    shared_log.keep(decision)
    found = shared_log.find(decision.id)
    assert found == decision
    # Equal dicts may differ in the order of their keys, and an answer's order is fixed.
    assert repr(found) == repr(decision)


def test_the_file_survives_reopening(tmp_path):
    for number in range(3):
        with _closing(open_decision_log(tmp_path)) as log:
            assert log.find(f"decision-{number - 1}") == (None if number == 0 else _decision(number - 1))
            log.keep(_decision(number))


def test_threads_take_turns(log):
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda number: log.keep(_decision(number)), range(200)))
    assert [number for number in range(200) if log.find(f"decision-{number}") != _decision(number)] == []


KEEPING = """
import sys
from pathlib import Path
from service.decision_log import KeptDecision
from service.storage import open_decision_log
log = open_decision_log(Path(sys.argv[1]))
for number in range(1_000_000):
    log.keep(KeptDecision(f"d{number}", {"number": number}, {"城市": "沈阳"}, None, number))
    print(f"d{number}", flush=True)
"""


def test_what_was_answered_survives_kill_9(tmp_path):
    """An id that was printed had been kept before; the lock goes with the process, however it ends."""
    with _python(KEEPING, tmp_path) as process:
        told = [process.stdout.readline().strip() for _ in range(40)]
        process.send_signal(signal.SIGKILL)
        told += [line.strip() for line in process.stdout if line.endswith("\n")]
    assert process.returncode == -signal.SIGKILL
    with _closing(open_decision_log(tmp_path)) as log:
        assert [each for each in told if log.find(each) is None] == []
    assert len(told) >= 40


FILLING = """
import resource, sys
from pathlib import Path
from service.decision_log import KeptDecision, LogUnavailable
from service.storage import open_decision_log
log = open_decision_log(Path(sys.argv[1]))
resource.setrlimit(resource.RLIMIT_FSIZE, (200_000, resource.RLIM_INFINITY))
for number in range(1_000_000):
    try:
        log.keep(KeptDecision(f"d{number}", {"number": number}, {"text": "x" * 2_000}, None, number))
    except LogUnavailable:
        break
    print(f"d{number}", flush=True)
print(log.writable())
resource.setrlimit(resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
print(log.writable())
log.keep(KeptDecision("later", {}, {}, None, 0))
"""


def test_a_full_disk_stops_answers_and_loses_none(tmp_path):
    """A cap on the size of files stands for a disk that is full; when there is room again, keeping goes on."""
    with _python(FILLING, tmp_path) as process:
        *told, full, room = process.stdout.read().split()
    assert process.returncode == 0
    assert told
    assert (full, room) == ("False", "True")
    with _closing(open_decision_log(tmp_path)) as log:
        assert [each for each in [*told, "later"] if log.find(each) is None] == []


def _python(script: str, folder: Path) -> subprocess.Popen[str]:
    command = [sys.executable, "-c", script, str(folder)]
    return subprocess.Popen(command, cwd=ROOT, env=environment(), stdout=subprocess.PIPE, text=True)


def test_a_locked_store_is_unavailable_until_it_is_free(tmp_path):
    with _closing(open_decision_log(tmp_path)) as log:
        log.keep(_decision(1))
        other = sqlite3.connect(tmp_path / STORE_FILE, isolation_level=None)
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(LogUnavailable):
            log.keep(_decision(2))
        assert not log.writable()
        assert log.find("decision-1") == _decision(1)
        other.execute("ROLLBACK")
        other.close()
        assert log.writable()
        log.keep(_decision(2))
        assert log.find("decision-2") == _decision(2)


def test_a_closed_log_keeps_nothing(tmp_path):
    log = open_decision_log(tmp_path)
    log.close()
    log.close()
    with pytest.raises(LogUnavailable):
        log.keep(_decision())
    with pytest.raises(LogUnavailable):
        log.find("decision-0")
    assert not log.writable()


def test_a_commit_is_on_disk(log):
    """WAL with synchronous=FULL (2): NORMAL loses acknowledged commits at a power cut."""
    with log._engine.connect() as connection:
        pragmas = {
            name: connection.exec_driver_sql(f"PRAGMA {name}").scalar()
            for name in ("journal_mode", "synchronous", "foreign_keys", "busy_timeout")
        }
    assert pragmas == {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1, "busy_timeout": 2_000}


@pytest.mark.parametrize("empty_file", [False, True])
def test_an_empty_store_is_brought_up_to_date(tmp_path, empty_file):
    """The migrations make just what the tables say."""
    if empty_file:
        (tmp_path / STORE_FILE).touch()
    open_decision_log(tmp_path).close()
    engine = sa.create_engine(f"sqlite:///{tmp_path / STORE_FILE}")
    with engine.connect() as connection:
        assert compare_metadata(MigrationContext.configure(connection), metadata) == []
        options = sa.inspect(connection).get_table_options("decisions")
    engine.dispose()
    assert options["sqlite_strict"] is True


def test_a_store_of_a_newer_version_is_left_alone(tmp_path):
    open_decision_log(tmp_path).close()
    _execute(tmp_path, "UPDATE alembic_version SET version_num = '9999'")
    with pytest.raises(LogRefused, match="made by a newer version"):
        open_decision_log(tmp_path)


def test_a_file_that_is_no_store_is_refused(tmp_path):
    (tmp_path / STORE_FILE).write_text("这不是数据库" * 100, encoding="utf-8")
    with pytest.raises(LogRefused, match=r"tongxing\.sqlite3 cannot be used: file is not a database"):
        open_decision_log(tmp_path)
    (tmp_path / STORE_FILE).unlink()
    # A refusal lets go of the folder.
    open_decision_log(tmp_path).close()


def _execute(folder: Path, statement: str) -> None:
    connection = sqlite3.connect(folder / STORE_FILE)
    connection.execute(statement)
    connection.commit()
    connection.close()
