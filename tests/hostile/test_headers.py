"""Hostile headers and methods against the real server: what a caller would accept, has, wants a part of, pretends."""

import json
import socket
from urllib.parse import urlsplit

import pytest

from tests.hostile.body_cases import JSON, SOUND
from tests.hostile.oracle import HANG_SECONDS, entries, refused, send
from tests.support.running import Server

ZONES = "/v1/zones/sy-second-ring"


@pytest.mark.parametrize(
    "accept",
    [
        "text/html",
        "*/*;q=0",
        "image/png",
        "application/json;q=nonsense",
        "application/problem+json;q=1.0000000000000000000001",
        "," * 2000,
        ";q=;q=;",
        "text/html;level=1;q=0.9, " * 200,
    ],
)
def test_whatever_a_caller_would_accept_it_gets_json(server, accept):
    """H25: a decision is JSON. Nothing is refused for a header that only says what would be liked."""
    reply = send(server, SOUND, {**JSON, "Accept": accept})
    assert reply.status == 200 and reply.headers["content-type"] == "application/json"
    refused(send(server, b"{", {**JSON, "Accept": accept}), 400, "malformed-json")


@pytest.mark.parametrize(
    "ranges",
    [
        "bytes=0-1",
        "bytes=9-1",
        "bytes=-0",
        "bytes=" + ",".join(f"{i}-{i + 1}" for i in range(1000)),
        "rows=1-2",
        "bytes",
    ],
    ids=["first", "backwards", "none", "1,000 of them", "another unit", "broken"],
)
@pytest.mark.parametrize("path", [ZONES, "/assets/tongxing.css", "/docs"])
def test_a_part_of_a_page_is_the_page_or_no_range(server, path, ranges):
    """H26: no address serves parts of itself, so that no list of ranges can multiply the work."""
    whole = send(server, None, {}, "GET", path)
    part = send(server, None, {"Range": ranges}, "GET", path)
    assert (part.status, part.body) == (200, whole.body)


@pytest.mark.parametrize(
    "condition",
    ['"' + "x" * 10_000 + '"', ", ".join(f'"{i}"' for i in range(1000)), 'W/"', "*" * 1000, '"' * 5000, '\\"' * 2000],
    ids=["10 kB", "1,000 of them", "cut off", "stars", "quotes", "escapes"],
)
@pytest.mark.parametrize("path", [ZONES, "/assets/tongxing.css"])
def test_conditions_that_match_nothing_get_the_whole(server, path, condition):
    """H26: read in linear time, and taken for what they are: other tags."""
    reply = send(server, None, {"If-None-Match": condition}, "GET", path)
    assert reply.status == 200 and reply.body


def test_more_conditions_than_headers_may_hold_are_refused(server):
    reply = send(server, None, {"If-None-Match": ", ".join(f'"{i:020}"' for i in range(1000))}, "GET", ZONES)
    refused(reply, 431, "headers-too-large")


@pytest.mark.parametrize("method", ["TRACE", "PUT", "DELETE", "PATCH", "PROPFIND"])
def test_other_methods_are_refused_with_those_that_work(server, method):
    """H22."""
    reply = send(server, None, {}, method)
    refused(reply, 405, "method-not-allowed")
    assert reply.headers["allow"] == "POST"


@pytest.mark.parametrize("name", ["X-HTTP-Method-Override", "X-HTTP-Method", "X-Method-Override"])
def test_a_method_is_what_the_request_line_says(server, name):
    """H22: a POST that says it is a DELETE is a POST."""
    assert send(server, SOUND, {**JSON, name: "DELETE"}).status == 200
    reply = send(server, None, {name: "POST"}, "GET")
    refused(reply, 405, "method-not-allowed")


def test_a_body_of_99_mb_is_not_asked_for(server):
    """H15: refused at its announcement; the interim answer that would call for it never comes."""
    head = (
        b"POST /v1/decisions HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\n"
        b"Content-Length: 99000000\r\nExpect: 100-continue\r\n\r\n"
    )
    answer = _exchange(server, head)
    assert answer.startswith(b"HTTP/1.1 413 ") and b"100 Continue" not in answer
    assert json.loads(answer.partition(b"\r\n\r\n")[2])["errors"][0]["code"] == "too-large"


@pytest.mark.parametrize(
    "framing",
    [
        b"Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
        b"Content-Length: 5\r\nContent-Length: 6\r\n\r\n{}   ",
        b"Content-Length: -1\r\n\r\n",
        b"Transfer-Encoding: chunked\r\n\r\nfffffffffffffffff\r\n",
    ],
    ids=["both", "two lengths", "negative", "chunk beyond 64 bits"],
)
def test_a_request_that_is_framed_two_ways_is_refused(server, framing):
    """H20: whatever two readers would take for two requests is none."""
    before = entries(server)
    answer = _exchange(
        server, b"POST /v1/decisions HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\n" + framing
    )
    assert answer.startswith(b"HTTP/1.1 400 ") and answer.count(b"HTTP/1.1 ") == 1
    assert entries(server) == before


def test_three_requests_at_once_get_three_answers_in_order(server):
    """H23: written into one connection before the first answer; each is kept."""
    before = entries(server)
    requests = b"".join(_request(SOUND.replace(b"canary-7d1f", f"piped-{i}".encode()), last=i == 2) for i in range(3))
    answer = _exchange(server, requests)
    assert answer.count(b"HTTP/1.1 200 ") == 3
    assert [answer.index(f'"piped-{i}"'.encode()) for i in range(3)] == sorted(
        answer.index(f'"piped-{i}"'.encode()) for i in range(3)
    )
    assert entries(server) - before == 3


def test_a_caller_that_leaves_before_the_answer_is_kept_once_or_not_at_all(server):
    """H24: no traceback, no second entry, and the next caller is answered."""
    before = entries(server)
    for _ in range(50):
        with _connected(server) as connection:
            connection.sendall(_request(SOUND, last=True))
    assert send(server, SOUND).status == 200
    assert 1 <= entries(server) - before <= 51
    assert "Traceback" not in server.output.read_text(encoding="utf-8")


def _request(body: bytes, last: bool) -> bytes:
    ends = b"Connection: close\r\n" if last else b""
    head = (
        f"POST /v1/decisions HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nContent-Length: {len(body)}\r\n"
    )
    return head.encode() + ends + b"\r\n" + body


def _connected(server: Server) -> socket.socket:
    where = urlsplit(server.base)
    return socket.create_connection((where.hostname or "", where.port or 0), timeout=HANG_SECONDS)


def _exchange(server: Server, sent: bytes) -> bytes:
    """What comes back until the server closes the connection."""
    received = b""
    with _connected(server) as connection:
        connection.sendall(sent)
        while part := connection.recv(65536):
            received += part
    return received
