"""The outermost layer: an id for every request, caps on what comes in, headers on what goes out, one line in the log.

Plain ASGI, so that it also sees what no route does. Nothing that it logs holds a query string, a body or a value.
HEAD is answered here for every GET: the same head, no body.
"""

import asyncio
import re
import time
import uuid
from typing import Any

from opentelemetry import trace
from starlette.requests import ClientDisconnect
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from service.api.problems import Refused, problem_response
from service.api.security import DEFAULT_HEADERS
from service.api.withdrawals import WITHDRAWN, Withdrawals
from service.limits import LARGEST_HEADERS, LONGEST_URL, MOST_HEADERS, REFUSED
from service.logs import ACCESS, log_failure
from service.metrics import Metrics

NO_ROUTE = "(no route)"
_SAID_WITH = {
    # A method that no address here takes has no address of its own, either.
    "method-not-allowed": {"Allow": "GET, HEAD, POST"},
    "stopping": {"Retry-After": "5"},
}
_METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE"})
"""All others are told as `other`: a method is a word of the caller's, too."""
_CLIENT_LEFT = 499
"""In logs and metrics only: nobody was there to get an answer."""

_ENCODED_SLASH = re.compile(rb"%(?:2f|5c)", re.IGNORECASE)

# W3C Trace Context, section 3.2: version, trace id, parent id, flags; an id of zeros only is none. Versions after 00,
# which is 55 characters long, may say more.
_TRACEPARENT = re.compile(
    rb"(?!ff|00.{54})[0-9a-f]{2}-(?!0{32})([0-9a-f]{32})-(?!0{16})[0-9a-f]{16}-[0-9a-f]{2}(?:-.*)?"
)


class Guard:
    """Wraps an application. `ACCESS` gets one line a request: method, route, status, milliseconds, request id."""

    def __init__(self, app: ASGIApp, metrics: Metrics, withdrawals: Withdrawals = WITHDRAWN) -> None:
        self.app = app
        self.metrics = metrics
        self.withdrawals = withdrawals

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        with self.metrics.in_flight():
            await self._answer(scope, receive, send)

    async def _answer(self, scope: Scope, receive: Receive, send: Send) -> None:
        began = time.perf_counter()
        method = scope["method"]
        request_id = str(uuid.uuid4())
        scope.setdefault("state", {})["request_id"] = request_id
        if method == "HEAD":
            # The server still sees its own scope, with the method that came.
            scope = {**scope, "method": "GET"}
        trace_id = _traced(scope, request_id)
        status = 0

        async def send_marked(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                announced = _announced(scope, self.withdrawals)
                message = {
                    **message,
                    "headers": [*_with_defaults(message.get("headers", []), request_id), *announced],
                }
            elif method == "HEAD":
                message = {**message, "body": b""}
            await send(message)

        async def refuse(refused: Refused) -> None:
            if status == 0:
                self.metrics.refused(flaw.code for flaw in refused.flaws)
                await problem_response(refused, request_id)(scope, receive, send_marked)

        refused = _refusal(scope)
        try:
            if refused is not None:
                await refuse(refused)
            else:
                await self.app(scope, _watched(scope, receive), send_marked)
        except Refused as error:
            await refuse(error)
        except ClientDisconnect:
            status = status or _CLIENT_LEFT
        except asyncio.CancelledError:
            # The time that the server gives to requests when it is stopped has passed.
            await refuse(_refused_by_server("stopping"))
        except Exception as error:
            log_failure(error, request_id)
            await refuse(Refused("internal-error"))
        finally:
            spent = time.perf_counter() - began
            told = method if method in _METHODS else "other"
            route = str(getattr(scope.get("route"), "path", NO_ROUTE))
            self.metrics.answered(told, route, status, spent)
            _log_access(told, route, status, spent, request_id, trace_id)


def _watched(scope: Scope, receive: Receive) -> Receive:
    """`receive`, until the server refuses the rest of the request: then Refused, in whatever was reading it."""

    async def watched() -> Message:
        message = await receive()
        kind = scope["state"].get(REFUSED)
        if kind is not None:
            raise _refused_by_server(kind)
        return message

    return watched


def _refused_by_server(kind: str) -> Refused:
    return Refused(kind, headers={"connection": "close", **_SAID_WITH.get(kind, {})})


def _refusal(scope: Scope) -> Refused | None:
    if (kind := scope["state"].get(REFUSED)) is not None:
        return _refused_by_server(kind)
    raw_path: bytes = scope.get("raw_path") or scope["path"].encode()
    if len(raw_path) + len(scope["query_string"]) + 1 > LONGEST_URL:
        return Refused("uri-too-long")
    if _ENCODED_SLASH.search(raw_path):
        # No name here has one in it, and once decoded it would lead to another address.
        return Refused("not-found")
    headers = scope["headers"]
    if scope["http_version"] == "1.1" and sum(name == b"host" for name, _ in headers) != 1:
        return Refused("bad-request", headers={"connection": "close"})
    if len(headers) > MOST_HEADERS or sum(len(name) + len(value) for name, value in headers) > LARGEST_HEADERS:
        return Refused("headers-too-large", headers={"connection": "close"})
    return None


def _with_defaults(headers: list[tuple[bytes, bytes]], request_id: str) -> list[tuple[bytes, bytes]]:
    said = {name.lower() for name, _ in headers}
    added = [(name, value) for name, value in DEFAULT_HEADERS if name not in said]
    return [*headers, *added, (b"x-request-id", request_id.encode())]


def _announced(scope: Scope, withdrawals: Withdrawals) -> tuple[tuple[bytes, bytes], ...]:
    """The headers that say that the operation will go, if it will."""
    withdrawal = withdrawals.get(str(getattr(scope.get("route"), "operation_id", "")))
    return () if withdrawal is None else withdrawal.headers()


def _traced(scope: Scope, request_id: str) -> str | None:
    """The id of the trace that a request belongs to, if it has one; its span, if there is one, learns the request's."""
    span = trace.get_current_span()
    span.set_attribute("tongxing.request_id", request_id)
    if span.get_span_context().is_valid:
        return trace.format_trace_id(span.get_span_context().trace_id)
    said = [value for name, value in scope["headers"] if name == b"traceparent"]
    match = _TRACEPARENT.fullmatch(said[0]) if len(said) == 1 else None
    return match[1].decode() if match is not None else None


def _log_access(method: str, route: str, status: int, spent_s: float, request_id: str, trace_id: str | None) -> None:
    """The route's template, and not the address: that may hold what nobody should read in a log."""
    milliseconds = round(spent_s * 1000, 1)
    told: dict[str, Any] = {"event": "request", "method": method, "route": route, "status": status}
    told |= {"duration_ms": milliseconds, "request_id": request_id}
    if trace_id is not None:
        told["trace_id"] = trace_id
    ACCESS.info("%s %s %d %.1fms %s", method, route, status, milliseconds, request_id, extra={"told": told})
