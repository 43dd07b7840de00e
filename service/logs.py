"""What the service writes of itself to standard error: a line an event, as text for people or as JSON for machines.

A record of ours carries its fields in `told`; of what a library says, the first line is written. No line holds a query
string, a body, a header's value or the message of an exception: each of these may hold a plate.
"""

import json
import logging
import re
import sys
import traceback
from datetime import UTC, datetime
from types import TracebackType
from typing import Literal

ACCESS = logging.getLogger("tongxing.access")
FAILURES = logging.getLogger("tongxing.failures")
LIFE = logging.getLogger("tongxing.life")

LogFormat = Literal["json", "text"]
_TEXT = "%(asctime)s %(levelname)s %(name)s %(message)s"
_Fault = tuple[type[BaseException], BaseException, TracebackType | None] | tuple[None, None, None]


def write_logs(form: LogFormat | None) -> None:
    """Write logs to standard error from now on; None is text for a terminal and JSON for anything else."""
    as_text = sys.stderr.isatty() if form is None else form == "text"
    handler = logging.StreamHandler()
    handler.setFormatter(_Text(_TEXT) if as_text else _Json())
    root = logging.getLogger()
    root.handlers = [handler]
    root.setLevel(logging.WARNING)
    logging.getLogger(_OURS).setLevel(logging.INFO)


_OURS = "tongxing"
_VALUE = re.compile(r"[(<{\[=\"'\n]")


def _words(record: logging.LogRecord) -> str:
    """What a record says, without what may be a value in it.

    Below their first line, libraries show objects. asyncio does so within it, too: what a callback was called with.
    """
    said = record.getMessage()
    if record.name.partition(".")[0] == _OURS:
        return said
    if record.name == "asyncio":
        said = _VALUE.split(said, maxsplit=1)[0].rstrip()
    return said.partition("\n")[0]


class _Text(logging.Formatter):
    def formatMessage(self, record: logging.LogRecord) -> str:
        record.message = _words(record)
        return super().formatMessage(record)

    def formatException(self, ei: _Fault) -> str:
        return _where(ei)


class _Json(logging.Formatter):
    """One object a line: time (RFC 3339, UTC), level, logger, then the fields of the event, or a message."""

    def formatException(self, ei: _Fault) -> str:
        return _where(ei)

    def format(self, record: logging.LogRecord) -> str:
        said: dict[str, object] = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
        }
        told = getattr(record, "told", None)
        said |= {"event": "message", "message": _words(record)} if told is None else told
        if record.exc_info:
            said["failure"] = self.formatException(record.exc_info)
        return json.dumps(said, ensure_ascii=False, default=str)


def _where(fault: _Fault) -> str:
    """The kind of an exception and the places that it came through, without its message."""
    kind, _, trace = fault
    frames = (f"{each.filename}:{each.lineno} in {each.name}" for each in traceback.extract_tb(trace))
    return "\n  ".join([kind.__name__ if kind is not None else "(none)", *frames])


def log_failure(error: BaseException, request_id: str | None) -> None:
    """Where it happened and what kind it was; its message may hold a value, so it stays out.

    None is a request that failed before it had an id: while it was read.
    """
    frames = [f"{each.filename}:{each.lineno} in {each.name}" for each in traceback.extract_tb(error.__traceback__)]
    told = {"event": "failure", "error": type(error).__name__, "request_id": request_id, "where": frames}
    lines = "".join(f"\n  {frame}" for frame in frames)
    FAILURES.error("%s in request %s%s", type(error).__name__, request_id, lines, extra={"told": told})
