"""Reading a JSON body strictly: what is not I-JSON (RFC 7493) in UTF-8, small and shallow, never reaches a model.

Python's reader takes NaN, Infinity, repeated keys and numbers of any length; each of these is refused here, with its
place where it has one.
"""

import asyncio
import json
import math
import re
from collections import Counter
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass

from starlette.requests import Request

from service.api.problems import Flaw, Refused, pointer

KIB = 1024
LARGEST_BODY = 64 * KIB
"""What one question may take; routes that take many have caps of their own."""
SLOWEST_BODY = 10.0
"""Seconds within which a body must have arrived."""
DEEPEST = 32
_LONGEST_INTEGER = 40

# A string (closed or not, so that the scan stays linear) or a bracket.
_TOKEN = re.compile(rb'"[^"\\]*(?:\\.[^"\\]*)*"?|[\[\]{}]', re.DOTALL)
# In UTF-8 only an escape can bring either: raw ones are refused before.
_UNPAIRED_OR_NUL_ESCAPED = re.compile(r"\\u(?:0000|[dD][89a-fA-F])")
_UNPAIRED_OR_NUL = re.compile("[\ud800-\udfff\0]")


class _Object(dict[str, object]):
    """A JSON object in which keys were written more than once."""

    repeated: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Body:
    """A request's body: its very bytes, and the object that they hold."""

    raw: bytes
    said: dict[str, object]


def body_of(most: int) -> Callable[[Request], Awaitable[Body]]:
    """A dependency of routes: the body of at most so many bytes and the object that it holds; Refused otherwise."""

    async def body(request: Request) -> Body:
        _check_headers(request, most)
        raw = await _read_capped(request, most)
        # A large body takes a while to read; other questions are answered meanwhile.
        said = read_object(raw) if len(raw) <= LARGEST_BODY else await asyncio.to_thread(read_object, raw)
        return Body(raw, said)

    return body


def _too_large(most: int) -> Refused:
    size = f"{most // KIB} KiB" if most < KIB * KIB else f"{most // (KIB * KIB)} MiB"
    flaw = Flaw(("",), "too-large", f"本地址的请求体至多{size}", f"a body may have at most {size} here")
    return Refused("too-large", [flaw], headers={"connection": "close"})


def _check_headers(request: Request, most: int) -> None:
    media_type, _, parameters = request.headers.get("content-type", "").partition(";")
    charset = parameters.strip().lower().replace('"', "")
    if media_type.strip().lower() != "application/json" or charset not in ("", "charset=utf-8"):
        raise Refused("unsupported-media-type")
    if request.headers.get("content-encoding", "identity").strip().lower() != "identity":
        raise Refused("unsupported-media-type")
    length = request.headers.get("content-length", "0")
    if length.isascii() and length.isdigit() and int(length[:20]) > most:
        raise _too_large(most)


async def _read_capped(request: Request, most: int) -> bytes:
    """The body, counted while it arrives: a chunked one is refused as soon as it passes the cap."""
    received = bytearray()
    try:
        # The server has no deadline of its own: a body that never ends would hold its connection for ever.
        async with asyncio.timeout(SLOWEST_BODY):
            async for chunk in request.stream():
                received += chunk
                if len(received) > most:
                    raise _too_large(most)
    except TimeoutError:
        raise Refused("too-slow", headers={"connection": "close"}) from None
    return bytes(received)


def read_object(raw: bytes) -> dict[str, object]:
    """The JSON object in `raw`; Refused (400 for what is not JSON, 422 for what no question may hold) otherwise."""
    if raw.startswith(b"\xef\xbb\xbf"):
        raise _malformed("不得带 BOM", "there must be no byte order mark")
    try:
        text = raw.decode("utf-8")
    except UnicodeDecodeError:
        raise _malformed("须为 UTF-8", "the body must be UTF-8") from None
    _check_depth(raw)
    seen = _Seen()
    try:
        value = json.loads(
            text,
            object_pairs_hook=seen.object,
            parse_int=_integer,
            parse_float=seen.decimal,
            parse_constant=_no_constant,
        )
    except json.JSONDecodeError as error:
        raise _malformed(
            f"第{error.lineno}行第{error.colno}列处不是合格的 JSON",
            f"not JSON at line {error.lineno}, column {error.colno}",
        ) from None
    if seen.repeated:
        _refuse_repeats(value)
    if seen.infinite or _UNPAIRED_OR_NUL_ESCAPED.search(text):
        _refuse_unusable(value)
    if not isinstance(value, dict):
        flaw = Flaw(("",), "wrong-type", "请求体应为一个 JSON 对象", "the body must be one JSON object")
        raise Refused("invalid-question", [flaw])
    return value


def _check_depth(raw: bytes) -> None:
    depth = 0
    for token in _TOKEN.finditer(raw):
        sign = token.group()[:1]
        depth += (sign in b"[{") - (sign in b"]}")
        if depth > DEEPEST:
            flaw = Flaw(("",), "json-too-deep", f"嵌套至多{DEEPEST}层", f"at most {DEEPEST} levels of nesting")
            raise Refused("malformed-json", [flaw])


class _Seen:
    """What a document was seen to hold while it was read: only then are the places at fault looked for."""

    repeated = False
    infinite = False

    def object(self, pairs: list[tuple[str, object]]) -> dict[str, object]:
        found = dict(pairs)
        if len(found) == len(pairs):
            return found
        self.repeated = True
        marked = _Object(found)
        marked.repeated = tuple(key for key, times in Counter(key for key, _ in pairs).items() if times > 1)
        return marked

    def decimal(self, digits: str) -> float:
        number = float(digits)
        self.infinite = self.infinite or math.isinf(number)
        return number


def _integer(digits: str) -> int:
    if len(digits.removeprefix("-")) > _LONGEST_INTEGER:
        raise _malformed(f"整数至多{_LONGEST_INTEGER}位", f"an integer may have at most {_LONGEST_INTEGER} digits")
    return int(digits)


def _no_constant(name: str) -> object:
    raise _malformed("JSON 没有 NaN 和 Infinity", "JSON has no NaN and no Infinity")


def _malformed(zh: str, en: str) -> Refused:
    return Refused("malformed-json", [Flaw(("",), "malformed-json", zh, en)])


def _walk(value: object, place: tuple[str | int, ...] = ()) -> Iterator[tuple[tuple[str | int, ...], object]]:
    """Every value with its place; depth is capped before."""
    yield place, value
    if isinstance(value, dict):
        for key, inner in value.items():
            yield from _walk(inner, (*place, key))
    elif isinstance(value, list):
        for number, inner in enumerate(value):
            yield from _walk(inner, (*place, number))


def _refuse_repeats(value: object) -> None:
    flaws = [
        Flaw((pointer(*place, key),), "duplicate-key", "键重复", "the same key stands twice in an object")
        for place, each in _walk(value)
        if isinstance(each, _Object)
        for key in each.repeated
    ]
    if flaws:
        raise Refused("malformed-json", flaws)


def _refuse_unusable(value: object) -> None:
    """Numbers too large for a double, and text that no database and no log can hold."""
    flaws = []
    for place, each in _walk(value):
        if isinstance(each, float) and not math.isfinite(each):
            flaws.append(Flaw((pointer(*place),), "number-out-of-range", "数值超出范围", "the number is out of range"))
        texts = list(each) if isinstance(each, dict) else [each] if isinstance(each, str) else []
        if any(_UNPAIRED_OR_NUL.search(text) for text in texts):
            zh, en = "文字含有空字符或不成对的代理码", "the text holds NUL or an unpaired surrogate"
            flaws.append(Flaw((pointer(*place),), "invalid-text", zh, en))
    if flaws:
        raise Refused("invalid-question", flaws)
