"""The one connection to the SQLite file, and its migrations.

There is exactly one connection, for writing, reading and checkpoints alike. Several writers starve all but one; and
SQLite 3.7.0 to 3.51.2 can lose a commit when one connection commits while another resets the write-ahead log. With a
single connection neither can happen, whatever version the system brings.
"""

import sqlite3
from pathlib import Path
from typing import Any

import alembic.command
import alembic.util
import sqlalchemy as sa
from alembic.config import Config

from service.decision_log import LogRefused

STORE_FILE = "tongxing.sqlite3"
BUSY_MS = 2_000
"""How long a write waits for somebody else's lock (a backup, a curious shell) before it gives up."""

_OLDEST_SQLITE = (3, 37, 0)  # STRICT tables
_PRAGMAS = (
    f"PRAGMA busy_timeout = {BUSY_MS}",
    "PRAGMA journal_mode = WAL",
    # NORMAL loses acknowledged commits at a power cut.
    "PRAGMA synchronous = FULL",
    "PRAGMA foreign_keys = ON",
)


def open_engine(folder: Path) -> sa.Engine:
    """The store of a data folder, made or brought up to date; LogRefused if that cannot be done."""
    if sqlite3.sqlite_version_info < _OLDEST_SQLITE:
        wanted = ".".join(map(str, _OLDEST_SQLITE))
        raise LogRefused(f"Tongxing needs SQLite {wanted} or newer, this Python has {sqlite3.sqlite_version}")
    file = folder / STORE_FILE
    engine = sa.create_engine(
        sa.URL.create("sqlite", database=str(file)),
        # Without this the driver would begin transactions of its own accord, and never immediate ones.
        connect_args={"isolation_level": None, "check_same_thread": False},
        poolclass=sa.QueuePool,
        pool_size=1,
        max_overflow=0,
        pool_timeout=2 * BUSY_MS / 1000,
    )
    sa.event.listen(engine, "connect", _prepare)
    sa.event.listen(engine, "begin", _begin)
    try:
        _migrate(engine)
    except alembic.util.CommandError as error:
        engine.dispose()
        raise LogRefused(f"{file} was made by a newer version of Tongxing: {error}") from error
    except sa.exc.DBAPIError as error:
        engine.dispose()
        raise LogRefused(f"{file} cannot be used: {error.orig}") from error
    return engine


def writing(engine: sa.Engine) -> sa.Engine:
    """The same store for transactions that write: these take the lock at once and wait for it, instead of failing."""
    return engine.execution_options(writes=True)


def _prepare(connection: sqlite3.Connection, _record: Any) -> None:
    for pragma in _PRAGMAS:
        connection.execute(pragma).close()


def _begin(connection: sa.Connection) -> None:
    writes = connection.get_execution_options().get("writes", False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


def _migrate(engine: sa.Engine) -> None:
    """All migrations that the file still wants, in one transaction: a file is upgraded whole or not at all."""
    config = Config()
    config.set_main_option("script_location", "service.storage:migrations")
    with writing(engine).begin() as connection:
        config.attributes["connection"] = connection
        alembic.command.upgrade(config, "head")
