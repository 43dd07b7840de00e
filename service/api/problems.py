"""The one table from error to status: every refusal leaves as RFC 9457 `application/problem+json`, below 4 KiB.

A problem names fields and codes by JSON pointer (RFC 6901), never a value and never a plate: what was found stays with
the caller. An unknown key stands in a pointer only where it is made of letters, digits and underscores.
"""

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from types import MappingProxyType

from starlette.responses import Response

from geodata.errors import BadCoordinate, UnknownZone
from rules.errors import FactFault, InvalidQuestion, InvalidVehicle

MEDIA_TYPE = "application/problem+json"
MOST_ERRORS = 20
MOST_KNOWN = 40
_LARGEST = 4_000
_LONGEST_TEXT = 600
_KEY = re.compile("[A-Za-z0-9_]{1,64}")
_LISTS_OF_OBJECTS = ("passes", "priority_classes")


@dataclass(frozen=True, slots=True)
class Kind:
    """A type of problem: its URI is `/problems/<slug>`."""

    slug: str
    status: int
    title: str
    zh: str
    en: str


KINDS: Mapping[str, Kind] = MappingProxyType(
    {
        kind.slug: kind
        for kind in (
            Kind(
                "bad-request",
                400,
                "Bad request",
                "请求须有且仅有一个 Host 头,其值为主机名或地址;HTTP/1.0 请求仅在答复含绝对链接时需要",
                "A request must carry one Host header, a host name or address (RFC 9112, section 3.2); one of HTTP/1.0 "
                "only where the answer has absolute links",
            ),
            Kind(
                "malformed-request",
                400,
                "Malformed request",
                "请求不是合格的 HTTP/1.1:请检查请求行(汉字须按百分号编码)、头部、Content-Length、Transfer-Encoding",
                "This is no request of HTTP/1.1 as RFC 9112 has it: look at its first line (what is not ASCII in an "
                "address is percent-encoded, as browsers do), its headers, its Content-Length and Transfer-Encoding",
            ),
            Kind(
                "invalid-parameter",
                400,
                "Invalid parameter",
                "参数有误或未知:errors 逐项指出",
                "A parameter is unknown or has no such value: errors names each",
            ),
            Kind(
                "malformed-json",
                400,
                "Malformed JSON",
                "请求体不是合格的 JSON:须为不带 BOM 的 UTF-8,无重复键,嵌套不超过32层,无 NaN 或 Infinity",
                "The body is not JSON as RFC 8259 has it: UTF-8 without a byte order mark, every key once, at most 32 "
                "levels deep, no NaN or Infinity",
            ),
            Kind("not-found", 404, "Not found", "没有这个资源", "There is nothing under this address"),
            Kind(
                "method-not-allowed",
                405,
                "Method not allowed",
                "该地址不支持此方法,可用方法见 Allow 头",
                "This address does not take this method; the Allow header lists those that it takes",
            ),
            Kind(
                "idempotency-key-in-use",
                409,
                "Idempotency-Key in use",
                "同一 Idempotency-Key 的请求正在处理,请稍后重发",
                "A request with this Idempotency-Key is still under way; send it again after Retry-After seconds",
            ),
            Kind("too-slow", 408, "Request too slow", "请求迟迟未到齐", "The request did not arrive in time"),
            Kind(
                "too-large",
                413,
                "Body too large",
                "请求体超过本地址的上限",
                "The body is larger than this address takes",
            ),
            Kind("uri-too-long", 414, "URL too long", "地址至多4 KiB", "A URL may have at most 4 KiB"),
            Kind(
                "unsupported-media-type",
                415,
                "Unsupported media type",
                "请求体须为 application/json(UTF-8),且不压缩",
                "The body must be application/json in UTF-8, without a content encoding",
            ),
            Kind(
                "idempotency-key-reused",
                422,
                "Idempotency-Key reused",
                "此 Idempotency-Key 在48小时内已用于另一请求",
                "This Idempotency-Key was used for another request within 48 hours",
            ),
            Kind(
                "invalid-question",
                422,
                "Invalid question",
                "问题无法回答:errors 逐项指出字段与原因",
                "The question cannot be answered as it stands: errors names each field and what is wrong with it",
            ),
            Kind(
                "headers-too-large",
                431,
                "Request headers too large",
                "请求头过多或过长",
                "There are too many headers, or they are too long",
            ),
            Kind(
                "internal-error",
                500,
                "Internal error",
                "服务内部错误,请凭 request_id 报告",
                "The service failed; please report the request_id",
            ),
            Kind(
                "busy",
                503,
                "Busy",
                "同类耗时请求过多,请按 Retry-After 稍后再发",
                "Too many requests of this kind take their time already; send it again after Retry-After seconds",
            ),
            Kind("stopping", 503, "Stopping", "服务正在停止", "The service is being stopped"),
            Kind(
                "unavailable",
                503,
                "Unavailable",
                "服务暂不可用:决定无法存档,故不予答复",
                "The service cannot keep decisions now, so it gives none",
            ),
        )
    }
)


@dataclass(frozen=True, slots=True)
class Flaw:
    """One entry of `errors`. `pointers` are the places at fault: two or more for a contradiction."""

    pointers: tuple[str, ...]
    code: str
    zh: str
    en: str
    known: tuple[str, ...] = ()
    nearest: str | None = None


class Refused(Exception):
    """A request that is refused, with its kind and every flaw found."""

    def __init__(self, slug: str, flaws: Sequence[Flaw] = (), headers: Mapping[str, str] | None = None) -> None:
        self.kind = KINDS[slug]
        self.flaws = tuple(flaws) or (Flaw(("",), slug, self.kind.zh, self.kind.en),)
        self.headers = dict(headers or {})
        super().__init__(slug)


@dataclass(frozen=True, slots=True)
class Origin:
    """Where the parts of a question stand in the request: the pointers that their faults get.

    `flat`: a query string has no inner places, so whatever lies inside a field points to the field.
    """

    vehicle: str
    question: str
    zone: str
    flat: bool = False


BODY = Origin("/vehicle", "", "/place/zone")
QUERY = Origin("/query", "/query", "/path/zone", flat=True)


def pointer(*segments: str | int) -> str:
    """The JSON pointer of the segments, cut before the first that may not be named.

    >>> pointer("vehicle", "passes", 0, "kind"), pointer("vehicle", "<b>")
    ('/vehicle/passes/0/kind', '/vehicle')
    """
    named = []
    for segment in segments:
        if not _KEY.fullmatch(str(segment)):
            break
        named.append(f"/{segment}")
    return "".join(named)


def vehicle_flaws(error: InvalidVehicle, origin: Origin) -> tuple[Flaw, ...]:
    """The faults that the rules found in what was said of the vehicle."""
    return tuple(
        Flaw(tuple(_pointer_of(name, fault, origin) for name in fault.fields), *_words(fault)) for fault in error.faults
    )


def _words(fault: FactFault) -> tuple[str, str, str, tuple[str, ...], str | None]:
    return fault.code, fault.zh, fault.en, fault.known, fault.nearest


def _pointer_of(name: str, fault: FactFault, origin: Origin) -> str:
    if fault.code == "unknown-field":
        # The last part is a key as the caller wrote it, and may hold slashes of its own.
        first, _, rest = name.partition("/")
        parts = [first, *rest.split("/", 1)] if rest and first in _LISTS_OF_OBJECTS else [name]
    else:
        parts = name.split("/")
    return origin.vehicle + pointer(*(parts[:1] if origin.flat else parts))


def question_flaw(error: InvalidQuestion, origin: Origin) -> Flaw:
    return Flaw((origin.question + pointer(*error.field.split("/")),), error.code, error.zh, error.en)


def zone_flaw(error: UnknownZone, known: Sequence[str], origin: Origin) -> Flaw:
    nearest = error.nearest[0] if error.nearest else None
    return Flaw(
        (origin.zone,),
        "unknown-zone",
        "未知区域" + (f",最接近的是 {nearest}" if nearest else "") + ";全部区域见 /v1/zones",
        "unknown zone" + (f"; the nearest is {nearest}" if nearest else "") + "; /v1/zones lists them all",
        tuple(known),
        nearest,
    )


def coordinate_flaw(error: BadCoordinate, origin: Origin) -> Flaw:
    return Flaw(
        (f"{origin.question}/place/{error.field}",),
        "coordinates-out-of-range",
        f"应为{error.expected}",
        f"expected {error.expected}",
    )


def problem_response(refused: Refused, request_id: str) -> Response:
    """The reply to a refused request; its body is below 4 KiB whatever was wrong."""
    body = problem_body(refused, request_id)
    return Response(body, refused.kind.status, headers=refused.headers, media_type=MEDIA_TYPE)


def problem_body(refused: Refused, request_id: str) -> bytes:
    """The problem document itself, for replies that carry several of them."""
    flaws = [_clipped(flaw) for flaw in refused.flaws[:MOST_ERRORS]]
    body = _body(refused, flaws, request_id)
    while len(body) > _LARGEST:
        longest = max(flaws, key=lambda flaw: len(flaw.known))
        if longest.known:
            at = flaws.index(longest)
            flaws[at] = replace(longest, known=_shortened(longest))
        else:
            flaws.pop()
        body = _body(refused, flaws, request_id)
    return body


def _shortened(flaw: Flaw) -> tuple[str, ...]:
    """Half of the list, the nearest kept."""
    half = flaw.known[: len(flaw.known) // 2]
    return half if not half or flaw.nearest is None or flaw.nearest in half else (flaw.nearest, *half[:-1])


def _clipped(flaw: Flaw) -> Flaw:
    known = flaw.known[:MOST_KNOWN]
    if flaw.nearest is not None and known and flaw.nearest not in known:
        known = (flaw.nearest, *known[:-1])
    return replace(flaw, zh=flaw.zh[:_LONGEST_TEXT], en=flaw.en[:_LONGEST_TEXT], known=known)


def _body(refused: Refused, flaws: Sequence[Flaw], request_id: str) -> bytes:
    kind = refused.kind
    count = len(refused.flaws)
    detail = f"{kind.zh} / {kind.en}" if count == 1 else f"{kind.zh} / {kind.en} ({count})"
    document = {
        "type": f"/problems/{kind.slug}",
        "title": kind.title,
        "status": kind.status,
        "detail": detail,
        "instance": f"urn:uuid:{request_id}",
        "request_id": request_id,
        "errors": [_entry(flaw) for flaw in flaws],
    }
    return json.dumps(document, ensure_ascii=False, allow_nan=False).encode()


def _entry(flaw: Flaw) -> dict[str, object]:
    entry: dict[str, object] = {"pointer": flaw.pointers[0], "code": flaw.code, "zh": flaw.zh, "en": flaw.en}
    if len(flaw.pointers) > 1:
        entry["pointers"] = list(flaw.pointers)
    if flaw.known:
        entry["known"] = list(flaw.known)
    if flaw.nearest is not None:
        entry["nearest"] = flaw.nearest
    return entry
