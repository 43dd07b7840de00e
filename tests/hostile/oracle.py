"""Requests as bytes to a real server, and what every answer must be whatever was sent."""

import http.client
import json
import re
import sqlite3
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from tests.support.running import Server

HANG_SECONDS = 20.0
LARGEST_PROBLEM = 4096
MOST_GROWTH_KIB = 50 * 1024

# What the questions of the tables say of their sender: it must never come back in a refusal.
PLATE = "辽B7K41M"
REF = "canary-7d1f"
SECRETS = ("B7K41", REF)


@dataclass(frozen=True, slots=True)
class Reply:
    """A whole answer; names of headers in small letters."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    @property
    def document(self) -> dict[str, Any]:
        found: dict[str, Any] = json.loads(self.body)
        return found


def send(
    server: Server,
    body: bytes | None = None,
    headers: Mapping[str, str] | None = None,
    method: str = "POST",
    path: str = "/v1/decisions",
) -> Reply:
    """One request on a connection of its own, its body as it is."""
    where = urlsplit(server.base)
    connection = http.client.HTTPConnection(where.hostname or "", where.port, timeout=HANG_SECONDS)
    try:
        said = {"Content-Type": "application/json"} if headers is None else headers
        connection.request(method, path, body, dict(said))
        answer = connection.getresponse()
        return Reply(answer.status, {name.lower(): value for name, value in answer.getheaders()}, answer.read())
    finally:
        connection.close()


def refused(reply: Reply, status: int, code: str | None, place: str = "", silent_of: tuple[str, ...] = ()) -> None:
    """The common oracle of refusals: RFC 9457, small, and silent about what was sent.

    `code` must be one of its errors, at `place`; nothing of SECRETS and of `silent_of` may stand in it.
    """
    assert reply.status == status, (reply.status, reply.body[:600])
    assert reply.headers["content-type"] == "application/problem+json"
    assert len(reply.body) < LARGEST_PROBLEM
    problem = reply.document
    assert {"type", "title", "status", "detail", "instance", "errors"} <= set(problem)
    assert problem["status"] == status and problem["type"].startswith("/problems/")
    assert problem["title"] and problem["detail"]
    assert problem["instance"] == f"urn:uuid:{reply.headers['x-request-id']}"
    assert 1 <= len(problem["errors"]) <= 20
    for error in problem["errors"]:
        assert (
            re.fullmatch(r"(/[A-Za-z0-9_]{1,64})*", error["pointer"]) and error["code"] and error["zh"] and error["en"]
        )
    if code is not None:
        found = [error["pointer"] for error in problem["errors"] if error["code"] == code]
        assert place in found, problem["errors"]
    text = json.dumps(problem, ensure_ascii=False)
    assert [secret for secret in (*SECRETS, *silent_of) if secret in text] == []


def resident_kib(server: Server) -> int:
    """Memory that the server's process holds, in KiB."""
    found = re.search(r"^VmRSS:\s+([0-9]+) kB$", Path(f"/proc/{server.process.pid}/status").read_text(), re.MULTILINE)
    assert found is not None
    return int(found[1])


def entries(server: Server) -> int:
    """How many decisions the server's log holds, read from its file."""
    (store,) = server.output.parent.glob("data/*.sqlite3")
    connection = sqlite3.connect(f"file:{store}?mode=ro", uri=True)
    try:
        (count,) = connection.execute("SELECT count(*) FROM decisions").fetchone()
        return int(count)
    finally:
        connection.close()
