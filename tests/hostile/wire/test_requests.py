"""Whole requests that are none, or too much: what each is answered, over a socket, by the server itself.

The rows that a server of keys would answer with 401 (a NUL in an address, a key of 10,000 characters) are answered here
as what they are without keys: an address that nobody has, and a request whose key nobody looks at.
"""

import json
from itertools import pairwise

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from service.limits import LARGEST_HEADERS, LONGEST_URL, MOST_HEADERS
from tests.support.running import Server
from tests.support.wire import QUESTION, get, post, problem, wire

CHUNKED = "Transfer-Encoding: chunked"


def chunks(*parts: bytes) -> bytes:
    return b"".join(b"%x\r\n%b\r\n" % (len(part), part) for part in (*parts, b""))


def decisions(*headers: str, body: bytes = b"") -> bytes:
    """POST /v1/decisions, framed by nothing but these headers."""
    return post(body, *headers, length=False)


TAKEN = {
    "a plain question": (post(), 200),
    "a question in chunks": (decisions(CHUNKED, body=chunks(QUESTION)), 200),
    "a question in chunks of one byte": (decisions(CHUNKED, body=chunks(*(bytes([each]) for each in QUESTION))), 200),
    "a key of 10,000 characters": (get("/healthz", "Authorization: Bearer " + "k" * 10_000), 200),
    "an address with its scheme": (get("http://a/healthz"), 200),
    "a wish for HTTP/2": (
        post(QUESTION, "Connection: Upgrade, HTTP2-Settings", "Upgrade: h2c", "HTTP2-Settings: AAEAAEAAAAIAAAAB"),
        200,
    ),
    "a trailer": (decisions(CHUNKED, body=chunks(QUESTION)[:-2] + b"X-Trailer: 1\r\n\r\n"), 200),
    "HTTP/1.0 without Host": (b"GET /healthz HTTP/1.0\r\n\r\n", 200),
}

REFUSED = {
    "no Host": (b"GET /healthz HTTP/1.1\r\n\r\n", 400, "bad-request"),
    "two Hosts": (get("/healthz", "Host: b"), 400, "bad-request"),
    "length and chunks": (decisions("Content-Length: 4", CHUNKED, body=b"0\r\n\r\n"), 400, "malformed-request"),
    "two lengths": (decisions("Content-Length: 4", "Content-Length: 5", body=b"abcde"), 400, "malformed-request"),
    "a negative length": (decisions("Content-Length: -1"), 400, "malformed-request"),
    "a length in words": (decisions("Content-Length: five", body=b"abcde"), 400, "malformed-request"),
    "a length beyond 64 bits": (decisions(f"Content-Length: {2**64}"), 400, "malformed-request"),
    "a terabyte announced": (decisions(f"Content-Length: {2**40}", body=b"x"), 413, "too-large"),
    "line feeds alone": (b"GET /healthz HTTP/1.1\nHost: a\n\n", 400, "malformed-request"),
    "a folded header": (get("/healthz", "X-Folded: a", " b"), 400, "malformed-request"),
    "a blank before the colon": (get("/healthz", "X-Blank : a"), 400, "malformed-request"),
    "10,000 headers": (get("/healthz", *(f"X{each}: y" for each in range(10_000))), 431, "headers-too-large"),
    "one header too many": (get("/healthz", *(f"X{n}: y" for n in range(MOST_HEADERS))), 431, "headers-too-large"),
    "a long header": (get("/healthz", "X-Long: " + "y" * LARGEST_HEADERS), 431, "headers-too-large"),
    "an address of 64 KiB": (get("/" + "y" * 65_000), 414, "uri-too-long"),
    "an address a little too long": (get("/v1/zones?city=" + "y" * LONGEST_URL), 414, "uri-too-long"),
    "an extension of 100,000 bytes": (
        decisions(CHUNKED, body=b"1;" + b"a" * 100_000 + b"\r\nx\r\n0\r\n\r\n"),
        400,
        "malformed-request",
    ),
    "trailers of 100,000 bytes": (
        decisions(CHUNKED, body=b"0\r\n" + b"X: aaaaaaaa\r\n" * 8_000 + b"\r\n"),
        400,
        "malformed-request",
    ),
    "a chunk of 2^64 bytes": (decisions(CHUNKED, body=b"1" + b"0" * 16 + b"\r\n"), 400, "malformed-request"),
    "an unknown coding": (decisions("Transfer-Encoding: xchunked", body=chunks()), 400, "malformed-request"),
    "a coding before chunks": (decisions("Transfer-Encoding: gzip, chunked", body=chunks()), 400, "malformed-request"),
    "TRACE": (get("/", method="TRACE"), 405, "method-not-allowed"),
    "CONNECT": (b"CONNECT evil:443 HTTP/1.1\r\nHost: evil:443\r\n\r\n", 405, "method-not-allowed"),
    "a method that does not exist": (get("/healthz", method="FETCH"), 400, "malformed-request"),
    "a TLS client": (bytes.fromhex("1603010200010001fc0303"), 400, "malformed-request"),
    "HTTP/2 at once": (b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", 400, "malformed-request"),
    "the version that is spoken otherwise": (b"GET /healthz HTTP/2.0\r\nHost: a\r\n\r\n", 400, "malformed-request"),
    "an earlier version": (b"GET /healthz HTTP/0.9\r\nHost: a\r\n\r\n", 400, "malformed-request"),
    "no version": (b"GET /healthz\r\n\r\n", 400, "malformed-request"),
    "a later version": (b"GET /healthz HTTP/3.0\r\nHost: a\r\n\r\n", 400, "malformed-request"),
    "Chinese that is not encoded": (get("/v1/zones?city=沈阳"), 400, "malformed-request"),
    "a NUL in an address": (get("/v1/zones/a%00b", "Authorization: Bearer x"), 404, "not-found"),
    "a NUL in a header": (get("/healthz", "X-Nul: a\0b"), 400, "malformed-request"),
    "an address without a host": (get("http:///healthz"), 400, "malformed-request"),
    "an address with its scheme and no Host": (b"GET http://a/healthz HTTP/1.1\r\n\r\n", 400, "bad-request"),
    "an address with its scheme and two Hosts": (get("http://a/healthz", "Host: b"), 400, "bad-request"),
    "an asterisk": (get("*", method="OPTIONS"), 404, "not-found"),
    "noise": (b"\x00\xff" * 300 + b"\r\n\r\n", 400, "malformed-request"),
}


@pytest.mark.parametrize("name", TAKEN)
def test_a_request_is_answered(server: Server, name: str) -> None:
    raw, status = TAKEN[name]
    with wire(server) as connection:
        connection.send(raw)
        reply = connection.reply()
    assert reply.status == status, reply.body
    assert b"verdict" in reply.body or reply.json() == {"alive": True}


@pytest.mark.parametrize("name", REFUSED)
def test_what_is_no_request_is_a_problem(server: Server, name: str) -> None:
    raw, status, slug = REFUSED[name]
    with wire(server) as connection:
        connection.send(raw)
        reply = connection.reply()
        said = problem(reply, status, slug)
        if status != 404 and "TRACE" not in name:
            assert reply.headers["connection"] == "close"
            assert connection.closed()
    assert "evil" not in json.dumps(said) and "yyyy" not in json.dumps(said)
    if status == 405:
        assert "GET" in reply.headers["allow"]


@pytest.mark.parametrize(
    ("raw", "base"),
    [
        (get("/ogc"), "http://a"),
        (get("http://target.example:9/ogc"), "http://target.example:9"),
        (get("HTTP://target.example:9/ogc"), "http://target.example:9"),
        (b"GET http://target.example/ogc HTTP/1.0\r\n\r\n", "http://target.example"),
        (get("/ogc", "Referer: http://elsewhere.example/"), "http://a"),
    ],
)
def test_links_begin_with_the_host_of_the_target(server: Server, raw: bytes, base: str) -> None:
    with wire(server) as connection:
        connection.send(raw)
        links = connection.reply().json()["links"]
    assert {each["href"].partition("/ogc")[0] for each in links if "/ogc" in each["href"]} == {base}


def test_absolute_links_need_a_host(server: Server) -> None:
    with wire(server) as connection:
        connection.send(b"GET /ogc HTTP/1.0\r\n\r\n")
        (flaw,) = problem(connection.reply(), 400, "bad-request")["errors"]
    assert "absolute links need a Host header" in flaw["en"] and "TONGXING_PUBLIC_URL" in flaw["zh"]


@pytest.mark.parametrize("target", ["http://a", "http://a/"])
def test_an_address_without_a_path_is_the_first_page(server: Server, target: str) -> None:
    with wire(server) as connection:
        connection.send(get("/"), get(target))
        assert connection.reply().body == connection.reply().body


def test_a_refusal_is_in_the_log_under_its_id(server: Server) -> None:
    with wire(server) as connection:
        connection.send(b"noise\r\n\r\n")
        said = problem(connection.reply(), 400, "malformed-request")
    with wire(server) as connection:
        # One request after the other: when this one is answered, the line of the last one is written.
        connection.send(get("/healthz"))
        assert connection.reply().status == 200
    logged = [line for line in server.output.read_text("utf-8").splitlines() if said["request_id"] in line]
    assert [(each["event"], each["status"]) for each in map(json.loads, logged)] == [("request", 400)]


@pytest.mark.parametrize(
    ("raw", "status", "method"),
    [
        (post(QUESTION, "X-Blank : a"), 400, "POST"),
        (get("/healthz", "X-Long: " + "y" * LARGEST_HEADERS, method="DELETE"), 431, "DELETE"),
        (get("/" + "y" * LONGEST_URL, method="HEAD"), 414, "HEAD"),
        (get("/healthz", "X-Blank : a", method="HEAD"), 400, "HEAD"),
        (b"HEAD /healthz HTTP/1.1\r\nHost: a\r\n", 408, "HEAD"),
        (b"PROPFIND / HTTP/1.1\r\nHost : a\r\n\r\n", 400, "other"),
        (b"CONNECT a:1 HTTP/1.1\r\nHost: a:1\r\n\r\n", 405, "other"),
        (b"noise\r\n\r\n", 400, "other"),
        (b"DELE", 408, "other"),
    ],
)
def test_a_refused_head_is_told_with_its_method(server: Server, raw: bytes, status: int, method: str) -> None:
    """And a HEAD that is refused has no body (RFC 9110, 9.3.2)."""
    with wire(server) as connection:
        connection.send(raw)
        reply = connection.reply(head_only=method == "HEAD")
        assert connection.closed()
    assert reply.status == status
    with wire(server) as connection:
        connection.send(get("/healthz"))
        assert connection.reply().status == 200
    (line,) = (each for each in server.output.read_text("utf-8").splitlines() if reply.headers["x-request-id"] in each)
    assert (json.loads(line)["method"], json.loads(line)["status"]) == (method, status)


def test_limits_hold_for_each_request_of_a_connection(server: Server) -> None:
    """Sixty headers each, many times: they are not counted together."""
    many = get("/healthz", *(f"X{each}: y" for each in range(60)))
    with wire(server) as connection:
        for _ in range(5):
            connection.send(many)
            assert connection.reply().status == 200


def test_a_trailer_is_no_header_of_the_next_request(server: Server) -> None:
    """A second Host would be refused, so one that came as a trailer was left where it belongs."""
    with wire(server) as connection:
        first = decisions(CHUNKED, body=chunks(QUESTION)[:-2] + b"Host: b\r\n\r\n")
        connection.send(first + get("/healthz"))
        assert [connection.reply().status, connection.reply().status] == [200, 200]


def test_after_an_upgrade_that_was_ignored_requests_go_on(server: Server) -> None:
    wish = ("Connection: Upgrade", "Upgrade: websocket")
    with wire(server) as connection:
        connection.send(get("/healthz", *wish) + post(QUESTION, *wish) + get("/healthz"))
        assert [connection.reply().status for _ in range(3)] == [200, 200, 200]


def test_many_wishes_for_another_protocol_in_one_breath(server: Server) -> None:
    """Each is read once more without its wish; none within the other."""
    count = 1_500
    with wire(server) as connection:
        connection.send(get("/healthz", "Connection: Upgrade", "Upgrade: h2c") * count)
        assert {connection.reply().status for _ in range(count)} == {200}


def test_three_questions_in_one_breath_are_answered_in_order(server: Server) -> None:
    questions = [{**json.loads(QUESTION), "ref": str(number)} for number in range(3)]
    with wire(server) as connection:
        connection.send(b"".join(post(json.dumps(each).encode()) for each in questions))
        answers = [connection.reply().json() for _ in questions]
    assert [each["ref"] for each in answers] == ["0", "1", "2"]
    with wire(server) as connection:
        for each in answers:
            connection.send(get(f"/v1/decisions/{each['id']}"))
            assert connection.reply().json() == each


def test_who_has_said_all_is_still_answered(server: Server) -> None:
    """/readyz tries the disk in a thread: its answer comes after the caller's end was seen."""
    with wire(server) as connection:
        connection.send(get("/readyz") + get("/healthz") + get("/readyz"))
        connection.end()
        assert [connection.reply().json() for _ in range(3)] == [{"ready": True}, {"alive": True}, {"ready": True}]
        assert connection.closed()


CUTTABLE = [(raw, status) for raw, status, *_ in (*TAKEN.values(), *REFUSED.values()) if len(raw) < 5_000]


@given(case=st.sampled_from(CUTTABLE), cuts=st.lists(st.integers(1, 500), max_size=6), before=st.booleans())
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_where_the_bytes_are_cut_changes_nothing(
    server: Server, case: tuple[bytes, int], cuts: list[int], before: bool
) -> None:
    raw, status = case
    raw = get("/healthz") + raw if before else raw
    places = sorted({0, *(cut for cut in cuts if cut < len(raw)), len(raw)})
    with wire(server) as connection:
        connection.send(*(raw[start:end] for start, end in pairwise(places)))
        assert not before or connection.reply().status == 200
        assert connection.reply().status == status


def test_a_fault_after_good_requests_is_told_last(server: Server) -> None:
    with wire(server) as connection:
        connection.send(post() + get("/healthz") + b"noise\r\n\r\n" + get("/healthz"))
        assert [connection.reply().status for _ in range(2)] == [200, 200]
        problem(connection.reply(), 400, "malformed-request")
        assert connection.closed()


def test_a_large_body_is_refused_before_it_is_asked_for(server: Server) -> None:
    with wire(server) as connection:
        connection.send(decisions("Content-Length: 99000000", "Expect: 100-continue"))
        problem(connection.reply(), 413, "too-large")
        assert connection.closed()
    with wire(server) as connection:
        connection.send(decisions(f"Content-Length: {len(QUESTION)}", "Expect: 100-continue"))
        assert connection.reply().status == 100
        connection.send(QUESTION)
        assert connection.reply().status == 200


def test_a_body_that_nobody_reads_does_not_go_on_for_ever(server: Server) -> None:
    """A body is no use to GET: a small one is thrown away, a large one ends the connection after the answer."""
    with wire(server) as connection:
        connection.send(get("/healthz", "Content-Length: 1000") + b"x" * 1000 + get("/readyz"))
        assert [connection.reply().json(), connection.reply().json()] == [{"alive": True}, {"ready": True}]
    with wire(server) as connection:
        connection.send(get("/healthz", f"Content-Length: {2**40}"), *[b"x" * 65536] * 40)
        assert connection.reply().status == 200
        assert connection.closed()


def test_a_body_of_a_megabyte_in_chunks_is_refused_where_it_passes_the_cap(server: Server) -> None:
    with wire(server) as connection:
        connection.send(decisions(CHUNKED), *[chunks(b" " * 65536)[:-5]] * 16)
        problem(connection.reply(), 413, "too-large")
        assert connection.closed()


GET_ROUTES = (
    *("/", "/docs", "/healthz", "/readyz", "/metrics", "/openapi.json", "/v1/about", "/v1/classes", "/v1/codes"),
    *("/v1/zones", "/v1/zones/sy-second-ring", "/v1/notices", "/v1/notices/sy-2021", "/assets/tongxing.css"),
    *("/problems/not-found", "/v1/zones/sy-second-ring/access?vehicle_type=H32&at=2026-11-24T08:12", "/nothing"),
)
EACH_TIME_ANOTHER = ("/metrics", "/v1/about")


@pytest.mark.parametrize("path", GET_ROUTES)
def test_head_is_get_without_the_body(server: Server, path: str) -> None:
    with wire(server) as connection:
        connection.send(get(path))
        whole = connection.reply()
        connection.send(get(path, method="HEAD") + get("/healthz"))
        head = connection.reply(head_only=True)
        assert connection.reply().json() == {"alive": True}
    assert head.status == whole.status
    own = {"x-request-id", "date", *(["content-length"] if path in EACH_TIME_ANOTHER else [])}
    assert {name: head.headers[name] for name in head.headers if name not in own} == {
        name: whole.headers[name] for name in whole.headers if name not in own
    }
    assert "content-length" in head.headers


def test_head_where_get_is_not(server: Server) -> None:
    with wire(server) as connection:
        connection.send(get("/v1/decisions", method="HEAD"))
        reply = connection.reply(head_only=True)
    assert (reply.status, reply.headers["allow"]) == (405, "POST")


@pytest.mark.parametrize(
    ("header", "status"),
    [
        ("Range: bytes=0-10", 200),
        ("Range: bytes=" + ",".join(f"{n}-{n + 1}" for n in range(1500)), 200),
        ('If-None-Match: "' + "x" * 10_000 + '"', 200),
        ("If-None-Match: " + ", ".join(f'"{n}"' for n in range(1000)), 200),
        ("If-None-Match: " + '"' * 9_999, 200),
        ("If-None-Match: *", 304),
        ("Accept: */*;q=0", 200),
        ("X-HTTP-Method-Override: DELETE", 200),
    ],
)
@pytest.mark.parametrize("path", ["/v1/classes", "/assets/tongxing.css"])
def test_a_strange_condition_changes_nothing(server: Server, path: str, header: str, status: int) -> None:
    with wire(server) as connection:
        connection.send(get(path, header))
        assert connection.reply().status == status
