"""The outermost layer: an id for every request, caps on what comes in, headers on what goes out, one line in the log.

Plain ASGI, so that it also sees what no route does. Nothing that it logs holds a query string, a body or a value.
"""

import logging
import time
import traceback
import uuid

from starlette.requests import ClientDisconnect
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from service.api.problems import Refused, problem_response
from service.api.security import DEFAULT_HEADERS
from service.api.withdrawals import WITHDRAWN, Withdrawals

LONGEST_URL = 4 * 1024
MOST_HEADERS = 100
LARGEST_HEADERS = 16 * 1024

ACCESS = logging.getLogger("tongxing.access")
FAILURES = logging.getLogger("tongxing.failures")


class Guard:
    """Wraps an application. `ACCESS` gets one line a request: method, route, status, milliseconds, request id."""

    def __init__(self, app: ASGIApp, withdrawals: Withdrawals = WITHDRAWN) -> None:
        self.app = app
        self.withdrawals = withdrawals

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        began = time.perf_counter()
        request_id = str(uuid.uuid4())
        scope.setdefault("state", {})["request_id"] = request_id
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
            await send(message)

        refused = _refusal(scope)
        try:
            if refused is not None:
                await problem_response(refused, request_id)(scope, receive, send_marked)
            else:
                await self.app(scope, receive, send_marked)
        except ClientDisconnect:
            status = 499
        except Exception as error:
            _log_failure(error, request_id)
            if status == 0:
                await problem_response(Refused("internal-error"), request_id)(scope, receive, send_marked)
        finally:
            spent = (time.perf_counter() - began) * 1000
            ACCESS.info("%s %s %d %.1fms %s", scope["method"], _route(scope), status, spent, request_id)


def _refusal(scope: Scope) -> Refused | None:
    raw_path: bytes = scope.get("raw_path") or scope["path"].encode()
    if len(raw_path) + len(scope["query_string"]) + 1 > LONGEST_URL:
        return Refused("uri-too-long")
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


def _route(scope: Scope) -> str:
    """The route's template: an address itself may hold what nobody should read in a log."""
    return str(getattr(scope.get("route"), "path", "(no route)"))


def _log_failure(error: Exception, request_id: str) -> None:
    """Where it happened and what kind it was; its message may hold a value, so it stays out."""
    frames = (f"  {each.filename}:{each.lineno} in {each.name}" for each in traceback.extract_tb(error.__traceback__))
    FAILURES.error("%s in request %s\n%s", type(error).__name__, request_id, "\n".join(frames))
