"""Callers that keep the server waiting: each is told so or cut, and nobody else notices."""

import re
import socket
import time
import urllib.request
from collections.abc import Iterator
from contextlib import ExitStack

import pytest

from service.limits import LARGEST_HEADERS
from tests.support.running import Server, running_server
from tests.support.wire import PATIENCE_SECONDS, QUESTION, Wire, address, get, post, problem, wire

HALF_A_HEAD = b"GET /healthz HTTP/1.1\r\nHost: a\r\nX-Half: "
HALF_A_BODY = post(QUESTION)[:-50]
MOST_OPEN = 50


def drip(connection: Wire, first: bytes) -> None:
    """Byte by byte, each in time and all of them too late."""
    connection.send(first)
    for _ in range(20):
        time.sleep(0.04)
        connection.send(b" ")


@pytest.mark.parametrize("half", [HALF_A_HEAD, HALF_A_BODY, b"G", post()[:-1]], ids=["head", "body", "letter", "last"])
def test_a_request_half_sent_is_given_up(server: Server, half: bytes) -> None:
    with wire(server) as connection:
        connection.send(half)
        reply = connection.reply()
        problem(reply, 408, "too-slow")
        assert reply.headers["connection"] == "close"
        assert connection.closed()


@pytest.mark.parametrize("half", [HALF_A_HEAD, HALF_A_BODY], ids=["head", "body"])
def test_a_drip_gains_no_time(server: Server, half: bytes) -> None:
    with wire(server) as connection:
        drip(connection, half)
        problem(connection.reply(), 408, "too-slow")
        assert connection.closed()


@pytest.mark.parametrize("first", [b"", b"\r\n\r\n"], ids=["silence", "empty lines"])
def test_who_asks_nothing_is_told_nothing(server: Server, first: bytes) -> None:
    with wire(server) as connection:
        connection.send(first)
        assert connection.closed()


def test_a_connection_kept_for_no_further_request_is_closed(server: Server) -> None:
    with wire(server) as connection:
        connection.send(get("/healthz"))
        assert connection.reply().status == 200
        assert connection.closed()


def test_half_a_request_after_a_whole_one(server: Server) -> None:
    with wire(server) as connection:
        connection.send(post() + HALF_A_HEAD)
        assert connection.reply().status == 200
        problem(connection.reply(), 408, "too-slow")
        assert connection.closed()


def test_a_body_that_follows_its_refusal_slowly(server: Server) -> None:
    """Answered before the body came, the connection is still not held for longer than a request may take."""
    with wire(server) as connection:
        connection.send(post(QUESTION, length=True).replace(b"application/json", b"text/plain")[:-50])
        assert connection.reply().status == 415
        assert connection.closed()


def resident_bytes(server: Server) -> float:
    return metric(server, "process_resident_memory_bytes")


def test_the_lag_of_the_loop_is_measured(server: Server) -> None:
    name = "tongxing_event_loop_lag_seconds_count"
    before = metric(server, name)
    while metric(server, name) <= before:
        time.sleep(0.02)
    assert metric(server, "tongxing_event_loop_lag_seconds_sum") > 0


def metric(server: Server, name: str) -> float:
    """The sum of a metric over its labels."""
    return sum(float(each) for each in re.findall(rf"^{name}(?:{{.*}})? (\S+)$", metrics(server), re.MULTILINE))


def metrics(server: Server) -> str:
    with urllib.request.urlopen(f"{server.base}/metrics") as reply:
        text: str = reply.read().decode()
    return text


@pytest.mark.parametrize(
    ("first", "status", "slug"),
    [
        (HALF_A_HEAD, 431, "headers-too-large"),
        (b"GET /", 414, "uri-too-long"),
        (b"GET /healthz HTTP/1.1\r\nHost: a\r\n", 431, "headers-too-large"),
    ],
    ids=["value", "address", "name"],
)
def test_fifty_megabytes_are_refused_by_the_first_kilobytes(
    server: Server, first: bytes, status: int, slug: str
) -> None:
    before = resident_bytes(server)
    with wire(server) as connection:
        connection.send(first, *[b"y" * 50_000] * 1000)
        problem(connection.reply(), status, slug)
        assert connection.closed()
    assert resident_bytes(server) - before < 50e6


def test_the_refusal_comes_while_the_header_still_arrives(server: Server) -> None:
    with wire(server) as connection:
        connection.send(HALF_A_HEAD, b"y" * (2 * LARGEST_HEADERS))
        problem(connection.reply(), 431, "headers-too-large")


def test_who_leaves_without_the_answer_has_asked_all_the_same(server: Server) -> None:
    """Each decision is kept once, and nothing goes wrong (the fixture reads the log at the end)."""
    rounds = 50
    before = metric(server, "tongxing_decisions_total")
    for _ in range(rounds):
        with wire(server) as connection:
            connection.send(post())
    deadline = time.monotonic() + PATIENCE_SECONDS
    while metric(server, "tongxing_decisions_total") < before + rounds and time.monotonic() < deadline:
        time.sleep(0.02)
    assert metric(server, "tongxing_decisions_total") == before + rounds
    assert metric(server, "tongxing_log_keep_duration_seconds_count") >= before + rounds


def test_who_leaves_in_the_midst_of_a_request_is_no_failure(server: Server) -> None:
    for half in (HALF_A_HEAD, HALF_A_BODY):
        with wire(server) as connection:
            connection.send(half)
    with wire(server) as connection:
        connection.send(get("/healthz"))
        assert connection.reply().status == 200


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server for few callers, patient with those who ask and not with those who do not listen."""
    told = {"TONGXING_CONNECTIONS": str(MOST_OPEN), "TONGXING_SEND_SECONDS": "0.5"}
    with running_server(tmp_path_factory.mktemp("small"), **told) as running:
        yield running


def test_two_hundred_half_open_connections_keep_nobody_out(small: Server) -> None:
    with ExitStack() as opened:
        half_open = [opened.enter_context(wire(small)) for _ in range(200)]
        for number, connection in enumerate(half_open):
            connection.send(HALF_A_HEAD if number % 2 else HALF_A_BODY)
        for _ in range(20):
            with wire(small) as connection:
                connection.send(post())
                assert connection.reply().status == 200
        assert metric(small, "process_open_fds") < MOST_OPEN + 40
        # Those that had waited longest made room; the last ones are still waited for.
        assert half_open[0].closed()
        half_open[-1].send(b"y\r\n\r\n")
        assert half_open[-1].reply().json() == {"alive": True}


def test_who_never_reads_is_cut(small: Server) -> None:
    """More than any buffer between the two takes, and nobody takes it."""
    with socket.socket() as deaf:
        deaf.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        deaf.settimeout(PATIENCE_SECONDS)
        deaf.connect(address(small))
        deaf.sendall(get("/assets/swagger-ui/swagger-ui-bundle.js") * 20)
        while 'route="/assets/' not in metrics(small):
            time.sleep(0.02)
        # From the first answer on the server waits, for half as long as this.
        time.sleep(1.0)
        received = 0
        try:
            while chunk := deaf.recv(1 << 20):
                received += len(chunk)
        except ConnectionResetError:
            pass
    assert received < 20 * 1_000_000
