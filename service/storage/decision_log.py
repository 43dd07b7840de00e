"""The log of decisions in SQLite: a decision is on disk when `keep` returns."""

import json
import os
import tempfile
import zlib
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from service.decision_log import REPLIES_LIVE_SECONDS, KeptDecision, KeptReply, LogUnavailable
from service.storage.engine import open_engine, writing
from service.storage.lock import FolderLock
from service.storage.tables import decisions as decisions_table
from service.storage.tables import replies

_ROOM = bytes(256 * 1024)
"""More than any decision takes: if this much can be written, one more decision can be kept."""

_MOST_NAMED = 3
_QUICK = 1
"""Replies are texts that repeat themselves: the quickest compression already leaves a seventh of them."""

# No free connection in time, or whatever the driver reports: locked, disk full, read-only, input/output error.
_FAILURES = (sa.exc.TimeoutError, sa.exc.OperationalError, sa.exc.DatabaseError, sa.exc.InterfaceError)


def open_decision_log(folder: Path) -> "SqliteDecisionLog":
    """The log in a data folder, which is made if need be and owned until `close`; LogRefused if it cannot be."""
    lock = FolderLock(folder)
    try:
        return SqliteDecisionLog(folder, lock, open_engine(folder))
    except BaseException:
        lock.release()
        raise


class SqliteDecisionLog:
    """A `service.decision_log.DecisionLog`. Threads take turns at its one connection."""

    def __init__(self, folder: Path, lock: FolderLock, engine: sa.Engine) -> None:
        self._folder = folder
        self._lock: FolderLock | None = lock
        self._engine = engine
        self._writing = writing(engine)

    def keep(self, decision: KeptDecision) -> None:
        """Keep one decision durably. ValueError for an id that is kept already or for what is not JSON."""
        self.keep_all((decision,))

    def keep_all(self, decisions: Sequence[KeptDecision], reply: KeptReply | None = None) -> None:
        """Keep all and the reply, or nothing. ValueError for an id that is kept already or for what is not JSON."""
        # Texts and compressed bytes are made before the one connection is taken from everybody else.
        rows = [_decision_row(decision) for decision in decisions]
        reply_row = None if reply is None else _reply_row(reply)
        self._refuse_if_closed()
        try:
            with self._writing.begin() as connection:
                if rows:
                    connection.execute(sa.insert(decisions_table), rows)
                if reply_row is not None:
                    connection.execute(sa.delete(replies).where(replies.c.kept_at <= _dead_at(reply_row["kept_at"])))
                    connection.execute(sa.insert(replies).prefix_with("OR REPLACE"), reply_row)
        except sa.exc.IntegrityError as error:
            ids = ", ".join(decision.id for decision in decisions[:_MOST_NAMED])
            raise ValueError(f"a decision {ids} is kept already") from error
        except _FAILURES as error:
            raise LogUnavailable("the decision could not be kept") from error

    def find_reply(self, key: str, now: int) -> KeptReply | None:
        self._refuse_if_closed()
        wanted = sa.select(replies).where(replies.c.key == key, replies.c.kept_at > _dead_at(now))
        try:
            with self._engine.begin() as connection:
                row = connection.execute(wanted).one_or_none()
        except _FAILURES as error:
            raise LogUnavailable("the log cannot be read") from error
        return None if row is None else KeptReply(row.key, row.request, zlib.decompress(row.content), row.kept_at)

    def find(self, decision_id: str) -> KeptDecision | None:
        self._refuse_if_closed()
        try:
            with self._engine.begin() as connection:
                row = connection.execute(
                    sa.select(decisions_table).where(decisions_table.c.id == decision_id)
                ).one_or_none()
        except _FAILURES as error:
            raise LogUnavailable("the log cannot be read") from error
        if row is None:
            return None
        return KeptDecision(row.id, json.loads(row.asked), json.loads(row.answered), row.digest, row.decided_at)

    def writable(self) -> bool:
        """Whether the store can be locked for writing and its disk has room, both tried in earnest."""
        if self._lock is None:
            return False
        try:
            with tempfile.TemporaryFile(dir=self._folder, buffering=0) as probe:
                if probe.write(_ROOM) != len(_ROOM):
                    return False
                os.fsync(probe.fileno())
            with self._writing.begin():
                return True
        except (OSError, *_FAILURES):
            return False

    def close(self) -> None:
        """Write the write-ahead log back into the file and let go of the folder. Closing twice is closing once."""
        if self._lock is not None:
            self._engine.dispose()
            self._lock.release()
            self._lock = None

    def _refuse_if_closed(self) -> None:
        # The folder may be another process's by now.
        if self._lock is None:
            raise LogUnavailable("the log is closed")


def _decision_row(decision: KeptDecision) -> dict[str, Any]:
    return {
        "id": decision.id,
        "asked": _text(decision.asked),
        "answered": _text(decision.answered),
        "digest": decision.digest,
        "decided_at": decision.decided_at,
    }


def _reply_row(reply: KeptReply) -> dict[str, Any]:
    return {
        "key": reply.key,
        "request": reply.request,
        "content": zlib.compress(reply.content, _QUICK),
        "kept_at": reply.kept_at,
    }


def _dead_at(now: int) -> int:
    return now - REPLIES_LIVE_SECONDS


def _text(document: object) -> str:
    """Compact JSON, keys in the order they were told in, so that the document comes back just as it was."""
    return json.dumps(document, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
