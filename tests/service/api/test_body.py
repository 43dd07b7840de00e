"""Bodies that are no question: not JSON, too deep, too large, of another type. No model ever sees one."""

import asyncio
import gzip
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.api import body
from service.api.body import LARGEST_BODY, read_object
from service.api.problems import Refused
from tests.service.api.test_decisions import ASK
from tests.support.problems import post_bytes, refusal

GOOD = json.dumps(ASK, ensure_ascii=False)


def changed(old: str, new: str) -> bytes:
    assert old in GOOD
    return GOOD.replace(old, new).encode()


REFUSED: list[tuple[str, bytes, int, str]] = [
    ("nothing", b"", 400, "malformed-json"),
    ("NaN", changed("5}", "NaN}"), 400, "malformed-json"),
    ("Infinity", changed("5}", "Infinity}"), 400, "malformed-json"),
    ("-Infinity", changed("5}", "-Infinity}"), 400, "malformed-json"),
    ("1e400", changed("5}", "1e400}"), 422, "number-out-of-range"),
    ("41 digits", changed("5}", f"{10**40}}}"), 400, "malformed-json"),
    ("5,000 digits", changed("5}", "9" * 5000 + "}"), 400, "malformed-json"),
    ("plus sign", changed("5}", "+5}"), 400, "malformed-json"),
    ("hexadecimal", changed("5}", "0x5}"), 400, "malformed-json"),
    ("trailing comma", changed("5}", "5,}"), 400, "malformed-json"),
    ("comment", GOOD.encode() + b"// no", 400, "malformed-json"),
    ("cut off", GOOD.encode()[:-3], 400, "malformed-json"),
    ("two values", GOOD.encode() * 2, 400, "malformed-json"),
    ("prefix", b")]}',\n" + GOOD.encode(), 400, "malformed-json"),
    ("byte order mark", b"\xef\xbb\xbf" + GOOD.encode(), 400, "malformed-json"),
    ("UTF-16", GOOD.encode("utf-16"), 400, "malformed-json"),
    ("UTF-32", GOOD.encode("utf-32-le"), 400, "malformed-json"),
    ("GB 18030", GOOD.encode("gb18030"), 400, "malformed-json"),
    ("overlong", changed("stop-881", "x").replace(b'"x"', b'"\xc0\xaf"'), 400, "malformed-json"),
    ("surrogate in UTF-8", changed("stop-881", "x").replace(b'"x"', b'"\xed\xa0\x80"'), 400, "malformed-json"),
    ("raw control character", changed("stop-881", "a\x01b"), 400, "malformed-json"),
    ("raw line break", changed("stop-881", "a\nb"), 400, "malformed-json"),
    ("lone surrogate", changed("stop-881", "\\ud800"), 422, "invalid-text"),
    ("NUL", changed("辽A5K268", "辽A5K26\\u0000"), 422, "invalid-text"),
    ("NUL in a key", changed('"ref"', '"re\\u0000f"'), 422, "invalid-text"),
    ("key twice", changed('"ref"', '"at": "2026-11-24T12:00:00+08:00", "ref"'), 400, "duplicate-key"),
    ("key twice, once escaped", changed('"ref"', '"\\u0061t": "x", "ref"'), 400, "duplicate-key"),
    ("vehicle twice", changed('"ref"', '"vehicle": {}, "ref"'), 400, "duplicate-key"),
    ("33 levels", b"[" * 33 + b"]" * 33, 400, "json-too-deep"),
    ("5,000 levels of objects", b'{"a":' * 5000 + b"1" + b"}" * 5000, 400, "json-too-deep"),
    ("50,000 brackets", b"[" * 50_000, 400, "json-too-deep"),
    ("null", b"null", 422, "wrong-type"),
    ("true", b"true", 422, "wrong-type"),
    ("text", b'"x"', 422, "wrong-type"),
    ("a number", b"1", 422, "wrong-type"),
    ("an array", b"[" + GOOD.encode() + b"]", 422, "wrong-type"),
    ("60 kB of points", b"[" + b"[1,1]," * 10_000 + b"1]", 422, "wrong-type"),
    ("integers as keys", json.dumps({str(n * (2**61 - 1)): 0 for n in range(2000)}).encode(), 422, "unknown-field"),
    ("a byte too many", b'"' + b"x" * (LARGEST_BODY - 1) + b'"', 413, "too-large"),
    ("a megabyte", b'"' + b"x" * 1_000_000 + b'"', 413, "too-large"),
]


@pytest.mark.parametrize(("raw", "status", "code"), [row[1:] for row in REFUSED], ids=[row[0] for row in REFUSED])
def test_a_body_that_is_no_question_is_refused(client, raw, status, code):
    problem = refusal(post_bytes(client, raw), status, code)
    assert "辽A5K26" not in json.dumps(problem, ensure_ascii=False)


def test_a_repeated_key_is_named_at_its_place(client):
    raw = changed('"energy"', '"emission_stage": 3, "energy"')
    refusal(post_bytes(client, raw), 400, "duplicate-key", "/vehicle/emission_stage")


def test_32_levels_and_64_kib_are_taken():
    deep = read_object(b'{"a":' * 32 + b"1" + b"}" * 32)
    assert list(deep) == ["a"]
    full = b'{"a":"' + b"x" * (LARGEST_BODY - 8) + b'"}'
    assert len(full) == LARGEST_BODY
    assert len(str(read_object(full)["a"])) == LARGEST_BODY - 8


def test_brackets_in_text_are_no_levels():
    assert read_object(b'{"a":"' + b"[" * 100 + b'\\"' + b"{" * 100 + b'"}')


@pytest.mark.parametrize(
    "content_type",
    [
        "",
        "text/plain",
        "application/x-www-form-urlencoded",
        "multipart/form-data; boundary=x",
        "text/json",
        "application/json; charset=gb18030",
        "application/json; charset=utf-16",
        "application/xml",
        "application/jsonx",
    ],
)
def test_another_content_type_is_refused(client, content_type):
    refusal(post_bytes(client, GOOD.encode(), content_type=content_type), 415, "unsupported-media-type")


def test_a_compressed_body_is_never_opened(client):
    raw = gzip.compress(b" " * 50_000_000)
    refusal(post_bytes(client, raw, content_encoding="gzip"), 415, "unsupported-media-type")


def test_a_chunked_body_is_refused_as_soon_as_it_passes_the_cap(client):
    sent = 0

    def chunks():
        nonlocal sent
        for _ in range(10_000):
            sent += 1
            yield b" " * 1024

    response = client.post("/v1/decisions", content=chunks(), headers={"content-type": "application/json"})
    refusal(response, 413, "too-large")


def test_a_body_announced_too_large_is_refused_unread(client):
    refusal(post_bytes(client, b"{}", content_length="999999999999999999999"), 413, "too-large")


def test_a_body_that_never_ends_is_given_up(client, monkeypatch):
    """Called as a server would call it, since the client here sends bodies whole."""
    monkeypatch.setattr(body, "SLOWEST_BODY", 0.01)
    parts = [{"type": "http.request", "body": b"{", "more_body": True}]
    sent = []

    async def receive():
        if not parts:
            await asyncio.Event().wait()
        return parts.pop()

    async def send(message):
        sent.append(message)

    scope = {
        "type": "http",
        "http_version": "1.1",
        "method": "POST",
        "path": "/v1/decisions",
        "raw_path": b"/v1/decisions",
        "query_string": b"",
        "headers": [(b"host", b"a"), (b"content-type", b"application/json")],
    }
    client.portal.call(client.app, scope, receive, send)
    assert sent[0]["status"] == 408
    assert json.loads(sent[1]["body"])["errors"][0]["code"] == "too-slow"


@given(st.binary(max_size=200) | st.text(alphabet='{}[]",:0123456789eE.+-\\untrfalse ', max_size=200).map(str.encode))
def test_any_bytes_are_read_or_refused(raw):
    try:
        assert isinstance(read_object(raw), dict)
    except Refused as refused:
        assert refused.kind.status in (400, 422)


_JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(10**39), 10**39)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0")),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0")), inner, max_size=4)
    ),
    max_leaves=20,
)


@given(st.dictionaries(st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0")), _JSON, max_size=5))
def test_what_is_plain_json_is_read_as_it_is(document):
    for raw in (json.dumps(document), json.dumps(document, ensure_ascii=False, indent=2)):
        assert read_object(raw.encode()) == document
