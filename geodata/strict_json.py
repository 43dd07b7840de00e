"""JSON as RFC 8259 and RFC 7493 (I-JSON) have it, and nothing that Python's reader takes besides.

Refused: a byte order mark, bytes that are not UTF-8, NaN and Infinity, numbers that do not fit into a double or are
longer than 40 characters, one key twice in an object, lone surrogates, and nesting so deep that readers differ.
"""

import json
import math
import re
from collections import Counter
from collections.abc import Iterator

from geodata.errors import Fault, MalformedGeometry

MAX_BYTES = 32 * 1024 * 1024
MAX_DEPTH = 32
_MAX_NUMBER = 40

# A string (closed or not, so that the scan stays linear) or a bracket.
_TOKEN = re.compile(rb'"[^"\\]*(?:\\.[^"\\]*)*"?|[\[\]{}]', re.DOTALL)


class _Repeating(dict[str, object]):
    """An object in which keys were written twice; the walk afterwards knows its place, the reader does not."""

    repeated: tuple[str, ...] = ()


def read_json(data: bytes) -> object:
    """The value of a JSON document in bytes. Raises `MalformedGeometry` with the faults and their places."""
    if len(data) > MAX_BYTES:
        raise _one("too-large", f"at most {MAX_BYTES} bytes", str(len(data)))
    if data.startswith((b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff")):
        raise _one("malformed-json", "UTF-8 without a byte order mark", "a byte order mark")
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as error:
        raise _one("malformed-json", "UTF-8", f"other bytes at byte {error.start}") from None
    _check_depth(data)
    try:
        value: object = json.loads(
            text, object_pairs_hook=_object, parse_constant=_constant, parse_float=_float, parse_int=_int
        )
    except json.JSONDecodeError as error:
        raise _one("malformed-json", "JSON", f"{error.msg} at line {error.lineno} column {error.colno}") from None
    faults = list(_faults(value, ""))
    if faults:
        raise MalformedGeometry(faults)
    return value


def _one(code: str, expected: str, found: str) -> MalformedGeometry:
    return MalformedGeometry([Fault("", code, expected, found)])


def _check_depth(data: bytes) -> None:
    depth = 0
    for token in _TOKEN.finditer(data):
        mark = data[token.start()]
        if mark in b"[{":
            depth += 1
            if depth > MAX_DEPTH:
                raise _one("too-deep", f"at most {MAX_DEPTH} levels", f"more at byte {token.start()}")
        elif mark in b"]}":
            depth -= 1


def _object(pairs: list[tuple[str, object]]) -> dict[str, object]:
    value = dict(pairs)
    if len(value) == len(pairs):
        return value
    repeating = _Repeating(value)
    counts = Counter(name for name, _ in pairs)
    repeating.repeated = tuple(name for name, count in counts.items() if count > 1)
    return repeating


def _constant(name: str) -> object:
    raise _one("malformed-json", "numbers as JSON has them", name)


def _float(text: str) -> float:
    # A number too long is made infinite, so that the walk reports it at its place.
    return float(text) if len(text) <= _MAX_NUMBER else math.inf


def _int(text: str) -> int | float:
    return int(text) if len(text) <= _MAX_NUMBER else math.inf


def _faults(value: object, path: str) -> Iterator[Fault]:
    if isinstance(value, dict):
        if isinstance(value, _Repeating):
            for name in value.repeated:
                yield Fault(path, "duplicate-key", "every key once", f"{name[:40]!a} more than once")
        for name, item in value.items():
            yield from _string_faults(name, path)
            place = name if name.isascii() and name.isidentifier() else ascii(name)
            yield from _faults(item, f"{path}.{place[:64]}" if path else place[:64])
    elif isinstance(value, list):
        for i, item in enumerate(value):
            if isinstance(item, float):
                if math.isinf(item):
                    yield _too_big(f"{path}[{i}]")
            else:
                yield from _faults(item, f"{path}[{i}]")
    elif isinstance(value, str):
        yield from _string_faults(value, path)
    elif isinstance(value, float) and math.isinf(value):
        yield _too_big(path)


def _too_big(path: str) -> Fault:
    expected = f"a number of at most {_MAX_NUMBER} characters that fits into a double"
    return Fault(path, "number-out-of-range", expected, "a number beyond that")


def _string_faults(text: str, path: str) -> Iterator[Fault]:
    if any("\ud800" <= character <= "\udfff" for character in text):
        yield Fault(path, "malformed-json", "Unicode text", "half of a surrogate pair")
