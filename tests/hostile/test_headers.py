"""Hostile headers and methods against the real server: what a caller would accept, has, wants a part of, pretends."""

import pytest

from tests.hostile.body_cases import JSON, SOUND
from tests.hostile.oracle import refused, send

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
