"""Hostile bodies of `POST /v1/decisions`, as bytes, with the headers that they come with."""

import gzip
import json
import zlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from service.api.body import LARGEST_BODY
from tests.hostile.oracle import PLATE, REF
from tests.hostile.request_cases import question
from tests.hostile.rows import ACCEPT, REJECT, Row

JSON: Mapping[str, str] = {"Content-Type": "application/json"}
TEXT = json.dumps(question(), ensure_ascii=False)
ASCII = json.dumps(question())
SOUND = TEXT.encode()
MASS = '"total_mass_kg": 4310'
LON = '"lon": 123.4411'


@dataclass(frozen=True, slots=True)
class Body(Row):
    """Bytes and headers; `status` is that of the answer."""

    raw: bytes = b""
    status: int = 0
    headers: Mapping[str, str] = field(default_factory=lambda: JSON)
    silent_of: tuple[str, ...] = ()


def _malformed(
    number: int | None, name: str, raw: bytes, why: str, code: str = "malformed-json", place: str = ""
) -> Body:
    return Body(name, REJECT, why, number, code, place, raw, 400)


def _question(number: int | None, name: str, raw: bytes, code: str, place: str, why: str, *silent_of: str) -> Body:
    return Body(name, REJECT, why, number, code, place, raw, 422, silent_of=silent_of)


def _large(number: int | None, name: str, raw: bytes, why: str) -> Body:
    return Body(name, REJECT, why, number, "too-large", "", raw, 413)


def _other(
    number: int | None, name: str, raw: bytes, why: str, media_type: str | None = None, coding: str = ""
) -> Body:
    headers = {} if media_type is None else {"Content-Type": media_type}
    headers |= {"Content-Encoding": coding} if coding else {}
    return Body(name, REJECT, why, number, "unsupported-media-type", "", raw, 415, headers, ("passwd", "root:"))


def put(old: str, new: str) -> bytes:
    assert TEXT.count(old) == 1, old
    return TEXT.replace(old, new).encode()


def mass(text: str) -> bytes:
    return put(MASS, f'"total_mass_kg": {text}')


def lon(text: str) -> bytes:
    return put(LON, f'"lon": {text}')


def plate(text: str) -> bytes:
    """The plate's text in quotes as it stands, escapes included."""
    return put(f'"{PLATE}"', f'"{text}"')


def more(text: str) -> bytes:
    """The question with one member more at its end."""
    return f"{TEXT[:-1]}, {text}}}".encode()


def _deep(levels: int) -> bytes:
    return b'{"x":' * levels + b"1" + b"}" * levels


def _message_pack() -> bytes:
    """A map of one text: {"ref": "canary-7d1f"}."""
    return b"\x81\xa3ref" + bytes([0xA0 + len(REF)]) + REF.encode()


TAKEN = (
    Body(
        "ok_whitespace",
        ACCEPT,
        "white space is free",
        200,
        raw=b"\r\n\t " + json.dumps(question(), ensure_ascii=False, indent="\t").encode() + b" \n",
        status=200,
    ),
    Body("ok_escaped_unicode", ACCEPT, "an escape means its sign", 201, raw=ASCII.encode(), status=200),
    Body("float_1e-400", ACCEPT, "becomes 0.0: the sea off Africa", 213, raw=lon("1e-400"), status=200),
)

VALUES = (
    Body("empty", REJECT, "nothing", None, "malformed-json", "", b"", 400),
    _question(203, "null", b" null", "wrong-type", "", "no object"),
    _question(204, "true", b"true ", "wrong-type", "", "no object"),
    _question(None, "number", b"42", "wrong-type", "", "no object"),
    _question(206, "string", b'"question"', "wrong-type", "", "no object"),
    _question(207, "array", b"[" + SOUND + b"]", "wrong-type", "", "several questions have an address of their own"),
    _question(None, "empty_array", b"[]", "wrong-type", "", "no object"),
)

NUMBERS = (
    _malformed(209, "nan", lon("NaN"), "no JSON, though Python reads it"),
    _malformed(210, "infinity", lon("Infinity"), "no JSON, though Python reads it"),
    _malformed(None, "minus_infinity", lon("-Infinity"), "no JSON, though Python reads it"),
    _malformed(None, "nan_three_deep", more('"x": [[[NaN]]]'), "no JSON wherever it stands"),
    _question(212, "float_1e400", lon("1e400"), "number-out-of-range", "/place/lon", "infinite"),
    _question(None, "float_minus_1e400", lon("-1e400"), "number-out-of-range", "/place/lon", "infinite"),
    _malformed(215, "int_5000_digits", mass("7" * 5000), "more digits than Python converts", place=""),
    _malformed(None, "int_4301_digits", mass("7" * 4301), "more digits than Python converts"),
    _question(
        216,
        "int_2_64",
        mass(str(2**64)),
        "number-out-of-range",
        "/vehicle/total_mass_kg",
        "no store of 64 bits holds it",
        str(2**64),
    ),
    _question(None, "int_2_63", mass(str(2**63)), "number-out-of-range", "/vehicle/total_mass_kg", "one too many"),
    _question(None, "int_1e30", mass(str(10**30)), "number-out-of-range", "/vehicle/total_mass_kg", "absurd"),
    _question(218, "int_as_string", mass('"4310"'), "wrong-type", "/vehicle/total_mass_kg", "a text"),
    _question(219, "int_as_bool", mass("false"), "wrong-type", "/vehicle/total_mass_kg", "false is 0 in Python"),
    _question(None, "int_as_float", mass("4310.0"), "wrong-type", "/vehicle/total_mass_kg", "kilograms are whole"),
    _malformed(221, "plus_sign", mass("+4310"), "no JSON"),
    _malformed(222, "hex", mass("0x10D6"), "no JSON"),
    _malformed(None, "leading_zero", mass("04310"), "no JSON, and octal to some"),
)

KEYS = (
    _malformed(
        224,
        "duplicate_key_escaped",
        put('"size"', f'"pl\\u0061te": "{PLATE}", "size"'),
        "the same key with an escape",
        "duplicate-key",
        "/vehicle/plate",
    ),
    _malformed(
        225,
        "duplicate_object_vehicle",
        more('"vehicle": {"size": "heavy"}'),
        "two vehicles",
        "duplicate-key",
        "/vehicle",
    ),
    _question(
        227, "unknown_field", more('"verdict": "allowed"'), "unknown-field", "/verdict", "an answer in a question"
    ),
    _question(
        228,
        "unknown_field_tenant",
        more('"city": "dalian", "publication": "1"'),
        "unknown-field",
        "/city",
        "which law answers is not for the caller to say",
        "dalian-",
    ),
    _question(
        None, "case_variant", more('"At": "2026-12-01T07:00:00+08:00"'), "unknown-field", "/At", "keys have one case"
    ),
    _question(None, "proto", more('"__proto__": {"x": 1}'), "unknown-field", "/__proto__", "a trap for JavaScript"),
    _question(
        None,
        "wide_object_5000",
        more(", ".join(f'"k{i}": 0' for i in range(5000))),
        "unknown-field",
        "/k0",
        "at most twenty are told",
    ),
    _question(
        251,
        "hash_flood_ints",
        put('"size"', ", ".join(f'"{i * (2**61 - 1)}": 0' for i in range(1200)) + ', "size"'),
        "unknown-field",
        "/vehicle/0",
        "keys that would collide as numbers",
    ),
)

SYNTAX = (
    _malformed(230, "trailing_comma", f"{TEXT[:-1]},}}".encode(), "no JSON"),
    _malformed(231, "comment", f"{TEXT[:-1]}/* now */}}".encode(), "no JSON"),
    _malformed(None, "single_quotes", TEXT.replace('"', "'").encode(), "no JSON"),
    _malformed(233, "truncated", SOUND[: len(SOUND) // 2], "cut off"),
    _malformed(234, "two_documents", SOUND + SOUND, "which one is the question?"),
    _malformed(None, "json_lines", SOUND + b"\n" + SOUND + b"\n", "which one is the question?"),
    _malformed(236, "xssi_prefix", b")]}',\n" + SOUND, "a prefix for browsers"),
)

ENCODINGS = (
    _malformed(237, "bom", b"\xef\xbb\xbf" + SOUND, "RFC 8259: none is added"),
    _malformed(None, "utf16", TEXT.encode("utf-16"), "not UTF-8, though Python reads it"),
    _malformed(239, "utf32", TEXT.encode("utf-32"), "not UTF-8, though Python reads it"),
    _malformed(240, "gb18030", TEXT.encode("gb18030"), "not UTF-8"),
    _malformed(None, "latin1", plate("辽").replace("辽".encode(), b"\xe9"), "not UTF-8"),
    _malformed(242, "overlong_utf8", SOUND.replace("辽".encode(), b"\xc1\x81"), "a sign written longer than it is"),
    _malformed(243, "cesu_surrogate", SOUND.replace("辽".encode(), b"\xed\xb0\x80"), "half a pair as bytes"),
    _question(
        None, "lone_surrogate_escape", plate("\\udbff7K41M"), "invalid-text", "/vehicle/plate", "half a pair", "7K41M"
    ),
    _question(245, "nul_escape", plate("\\u00007K41M"), "invalid-text", "/vehicle/plate", "no store holds it", "7K41M"),
    _question(None, "nul_in_ref", put(f'"{REF}"', '"a\\u0000b"'), "invalid-text", "/ref", "no store holds it"),
    _malformed(246, "control_char_raw", plate("\x02B7K41M"), "no JSON"),
)

SIZES = (
    _malformed(None, "deep_1000", _deep(1000), "above the cap of levels", "json-too-deep"),
    _malformed(248, "deep_object_5000", _deep(5000), "above the cap of levels", "json-too-deep"),
    _large(249, "deep_unclosed_100000", b"[" * 100_000, "above the cap of bytes, whatever it is"),
    _question(
        252,
        "array_30000_points",
        json.dumps({"place": [7] * 30_000}, separators=(",", ":")).encode(),
        "wrong-type",
        "/place",
        "the refusal is short, however long the list",
        "7,7",
    ),
    _large(254, "string_1mb", plate("Q" * 1_000_000), "above the cap of bytes"),
    _large(None, "one_byte_too_many", SOUND + b" " * (LARGEST_BODY + 1 - len(SOUND)), "a cap is a cap"),
)

TEXTS = (
    _question(255, "regex_bait", plate("B" * 30_000 + "!"), "invalid-plate", "/vehicle/plate", "linear time", "BBB"),
    _question(
        257,
        "log_injection",
        plate("B7\\n2026-12-01 INFO allowed"),
        "invalid-plate",
        "/vehicle/plate",
        "a line of its own in a log",
        "INFO",
    ),
    _question(
        258,
        "template",
        plate("${jndi:dns://x}{{9*9}}"),
        "invalid-plate",
        "/vehicle/plate",
        "a template to some",
        "jndi",
        "9*9",
    ),
)

MEDIA = (
    _other(None, "form", b"ref=canary-7d1f", "a form of a page", "application/x-www-form-urlencoded"),
    _other(
        260,
        "multipart",
        b'--b\r\nContent-Disposition: form-data; name="ref"\r\n\r\ncanary-7d1f\r\n--b--\r\n',
        "never taken apart",
        "multipart/form-data; boundary=b",
    ),
    _other(
        261,
        "xml_xxe",
        b'<?xml version="1.0"?><!DOCTYPE q [<!ENTITY e SYSTEM "file:///etc/passwd">]><q>&e;</q>',
        "an entity that is a file",
        "application/xml",
    ),
    _other(None, "message_pack", _message_pack(), "another notation", "application/msgpack"),
    _other(None, "text_plain", SOUND, "JSON says that it is", "text/plain"),
    _other(None, "no_media_type", SOUND, "JSON says that it is"),
    _other(263, "gzip_body", gzip.compress(SOUND), "compressed bodies are not opened", "application/json", "gzip"),
    _other(264, "gzip_bomb_50mb", gzip.compress(b" " * 50_000_000), "50 kB would be 50 MB", "application/json", "gzip"),
    _other(
        None, "deflate_body", zlib.compress(SOUND), "compressed bodies are not opened", "application/json", "deflate"
    ),
    _other(None, "brotli_body", b"\x0b\x02\x80[]\x03", "compressed bodies are not opened", "application/json", "br"),
)

ROWS: tuple[Body, ...] = (*TAKEN, *VALUES, *NUMBERS, *KEYS, *SYNTAX, *ENCODINGS, *SIZES, *TEXTS, *MEDIA)


def at(document: Mapping[str, Any], place: str) -> Any:
    """What stands at a dotted place of a document.

    >>> at({"a": {"b": 1}}, "a.b")
    1
    """
    found: Any = document
    for key in place.split("."):
        found = found[key]
    return found
