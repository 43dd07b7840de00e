"""Idempotency-Key on POST: a request sent again under its key gets the very answer that was given, for 48 hours.

The key and the whole request (address, query and body, byte for byte) are known by their digests only; neither is
logged. An answer under a key is kept in the transaction that keeps its decisions, so that there is never one without
the other. Refusals are not kept: the key stays free.
"""

import asyncio
import hashlib
import re
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from starlette.requests import Request
from starlette.responses import Response

from service.api.body import Body
from service.api.problems import Flaw, Refused
from service.api.replying import JSON, PRIVATE, count
from service.api.wiring import Services
from service.decision_log import REPLIES_LIVE_SECONDS, KeptDecision, KeptReply

HEADER = "Idempotency-Key"
REPLAYED = "Idempotent-Replayed"
LONGEST_KEY = 255
_KEY = re.compile(f"[!-~]{{1,{LONGEST_KEY}}}")
_WAIT_SECONDS = "1"
_HOURS = REPLIES_LIVE_SECONDS // 3600

DOCUMENTED = {
    "name": HEADER,
    "in": "header",
    "required": False,
    "description": (
        f"重发保护:同一键、同一请求(地址与请求体逐字节相同)在{_HOURS}小时内得到同一答复,决定编号不变;"
        "同一键用于另一请求为 422,首个请求仍在处理时为 409。每个新请求用一个新键(如 UUID),重试时不变。\n\n"
        "Safe retries: the same key with the same request (address and body, byte for byte: other whitespace is "
        f"another request) gets the same answer for {_HOURS} hours, decision ids included, marked `{REPLAYED}: true`. "
        "The same key with another request is 422 `idempotency-key-reused`; while the first is under way it is 409 "
        "with Retry-After. Only answers (200) are kept. Take a new key, such as a UUID, for each new request."
    ),
    "schema": {"type": "string", "minLength": 1, "maxLength": LONGEST_KEY, "pattern": f"^[!-~]{{1,{LONGEST_KEY}}}$"},
}
"""The header as an OpenAPI parameter. It has no example: a docs page that fills one in would reuse it for all."""


@dataclass(frozen=True, slots=True)
class Answered:
    """An answer not yet given: its body, and the decisions in it that must be kept before it leaves."""

    content: bytes
    decisions: tuple[KeptDecision, ...] = ()


async def answered_once(
    request: Request, body: Body, services: Services, work: Callable[[], Awaitable[Answered]]
) -> Response:
    """The answer that `work` gives, kept and then sent; under a key that was answered before, that answer instead."""
    key = _key(request)
    if key is None:
        answered = await work()
        await _keep(answered, None, services)
        return _response(answered.content)
    if key in services.under_way:
        raise Refused("idempotency-key-in-use", headers={"Retry-After": _WAIT_SECONDS})
    services.under_way.add(key)
    try:
        asked = _digest(request.scope["path"].encode(), request.scope["query_string"], body.raw)
        kept = await asyncio.to_thread(services.log.find_reply, key, services.now())
        if kept is None:
            answered = await work()
            reply = KeptReply(key, asked, answered.content, services.now())
            await _keep(answered, reply, services)
            return _response(answered.content)
    finally:
        services.under_way.discard(key)
    if kept.request != asked:
        raise Refused("idempotency-key-reused")
    return _response(kept.content, {REPLAYED: "true"})


async def _keep(answered: Answered, reply: KeptReply | None, services: Services) -> None:
    if not answered.decisions and reply is None:
        return
    with services.metrics.keeping():
        if reply is None and len(answered.decisions) == 1:
            services.log.keep(answered.decisions[0])
        else:
            # Much takes a while to be written; other questions are answered meanwhile.
            await asyncio.to_thread(services.log.keep_all, answered.decisions, reply)
    count(answered.decisions, services)


def _response(content: bytes, more: dict[str, str] | None = None) -> Response:
    return Response(content, headers={**PRIVATE, **(more or {})}, media_type=JSON)


def _key(request: Request) -> str | None:
    """The digest of the key that the request carries, if any."""
    said = request.headers.getlist(HEADER)
    if not said:
        return None
    if len(said) > 1 or not _KEY.fullmatch(said[0]):
        zh, en = f"应为1至{LONGEST_KEY}个可见 ASCII 字符", f"expected 1 to {LONGEST_KEY} visible ASCII characters, once"
        raise Refused("invalid-question", [Flaw((f"/header/{HEADER}",), "invalid-idempotency-key", zh, en)])
    return _digest(said[0].encode())


def _digest(*parts: bytes) -> str:
    digest = hashlib.sha256()
    for part in parts:
        digest.update(len(part).to_bytes(8, "big") + part)
    return digest.hexdigest()
