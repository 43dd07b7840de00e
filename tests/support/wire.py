"""HTTP as bytes on a socket: what no client library would send, and the replies as they come."""

import json
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from tests.support.running import Server

PATIENCE_SECONDS = 20.0
QUESTION = json.dumps(
    {
        "vehicle": {"plate": "辽A12345", "size": "light", "energy": "diesel", "total_mass_kg": 4495},
        "place": {"lon": 123.4328, "lat": 41.8045, "crs": "wgs84"},
        "at": "2026-11-23T07:00:00+08:00",
    },
    ensure_ascii=False,
).encode()


@dataclass(frozen=True, slots=True)
class Reply:
    """One reply. Names of headers are in lower case."""

    status: int
    headers: dict[str, str]
    body: bytes

    def json(self) -> Any:
        return json.loads(self.body)


class Wire:
    """One connection to a server."""

    def __init__(self, connection: socket.socket) -> None:
        self._connection = connection
        self._received = bytearray()

    def send(self, *parts: bytes) -> None:
        """Send all parts, as far as the other side takes them: it may have closed in the midst of it."""
        try:
            for part in parts:
                self._connection.sendall(part)
        except (BrokenPipeError, ConnectionResetError):
            return

    def reply(self, head_only: bool = False) -> Reply:
        """The next reply; AssertionError if the connection ends before it is whole."""
        head = self._until(b"\r\n\r\n").decode("latin-1").split("\r\n")
        headers = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in head[1:] if line)}
        status = int(head[0].split()[1])
        without_body = head_only or status in (204, 304) or status < 200
        body = b"" if without_body else self._exactly(int(headers["content-length"]))
        return Reply(status, headers, body)

    def closed(self) -> bool:
        """Wait until the server closes; whether it sent nothing more before."""
        try:
            return not self._received and self._connection.recv(65536) == b""
        except ConnectionResetError:
            return not self._received

    def end(self) -> None:
        """Say that nothing more will be sent, and go on listening."""
        self._connection.shutdown(socket.SHUT_WR)

    def _until(self, end: bytes) -> bytes:
        while (found := self._received.find(end)) < 0:
            self._more()
        return self._exactly(found + len(end))

    def _exactly(self, count: int) -> bytes:
        while len(self._received) < count:
            self._more()
        taken = bytes(self._received[:count])
        del self._received[:count]
        return taken

    def _more(self) -> None:
        chunk = self._connection.recv(65536)
        assert chunk, f"the connection ended after {bytes(self._received)[:200]!r}"
        self._received += chunk


def address(server: Server) -> tuple[str, int]:
    host, _, port = server.base.removeprefix("http://").partition(":")
    return host, int(port)


@contextmanager
def wire(server: Server) -> Iterator[Wire]:
    with socket.create_connection(address(server), timeout=PATIENCE_SECONDS) as connection:
        yield Wire(connection)


def get(path: str, *headers: str, method: str = "GET") -> bytes:
    return "\r\n".join([f"{method} {path} HTTP/1.1", "Host: a", *headers, "", ""]).encode()


def post(body: bytes = QUESTION, *headers: str, length: bool = True) -> bytes:
    """POST /v1/decisions with a body, its length announced unless `length` is false."""
    said = [*headers, f"Content-Length: {len(body)}"] if length else headers
    head = "\r\n".join(["POST /v1/decisions HTTP/1.1", "Host: a", "Content-Type: application/json", *said, "", ""])
    return head.encode() + body


def problem(reply: Reply, status: int, slug: str) -> dict[str, Any]:
    """The problem in a reply, checked by the oracle of every refusal."""
    assert reply.status == status, (reply.status, reply.body)
    assert reply.headers["content-type"] == "application/problem+json"
    assert len(reply.body) < 4096
    said: dict[str, Any] = reply.json()
    assert (said["status"], said["type"]) == (status, f"/problems/{slug}")
    assert said["request_id"] == reply.headers["x-request-id"]
    assert said["errors"]
    return said
