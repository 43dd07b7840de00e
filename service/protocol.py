"""HTTP/1.1 on one connection, bounded while it arrives: uvicorn's protocol has no deadline and no limit on headers.

What is refused here is refused by the application all the same: the request is handed to it with the kind of problem in
its state (`REFUSED`), so that the reply is the problem of every other refusal, with an id, in its turn, and logged.
RFC 9112 is the law of what is a request; httptools (llhttp, strict) reads it.
"""

import asyncio
import re
from collections.abc import Callable
from typing import Any, Literal, cast

from httptools import HttpParserCallbackError, HttpParserError, HttpParserUpgrade, HttpRequestParser
from uvicorn.protocols.http.flow_control import FlowControl
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol, RequestResponseCycle

from service.limits import LARGEST_HEADERS, LONGEST_URL, MOST_HEADERS, REFUSED, Limits
from service.logs import log_failure

_PIECE = 1024
"""Bytes that are read before the counts are looked at again."""
_MOST_QUEUED = 16
"""Whole requests that wait behind the one that is being answered; a piece may bring some forty more."""
_LARGEST_HEAD = LONGEST_URL + LARGEST_HEADERS + 4 * MOST_HEADERS + _PIECE
"""Bytes of a head whose last header never ends, so that the parser cannot report it."""
_MOST_FRAMING = 16 * 1024
_FRAMING_PER_BYTE = 8
"""What chunk sizes, extensions and trailers may take beside a body: a byte a chunk takes five for each."""
_MOST_UNREAD = 64 * 1024
"""Bytes of a body nobody reads that are thrown away before the connection is given up."""
_STAND_IN = b"GET / HTTP/1.0\r\n\r\n"
"""Takes the place of what is no request: version 1.0, after whose answer the connection is closed."""


_UNREAD_METHOD = "other"
"""The method of a request that is refused before its own was read; no token of HTTP means anything by it."""
_VERSIONS = ("1.0", "1.1")


class _TooMuch(Exception):
    """Ends the parser's work from within one of its calls."""


class Crowd:
    """The connections that wait for their callers, the longest waiting first."""

    def __init__(self) -> None:
        self._waiting: dict[BoundedProtocol, None] = {}

    def enter(self, connection: "BoundedProtocol") -> None:
        self._waiting.pop(connection, None)
        self._waiting[connection] = None

    def leave(self, connection: "BoundedProtocol") -> None:
        self._waiting.pop(connection, None)

    def evict(self) -> None:
        """End the one that has waited longest. The newest always waits, so there is one."""
        oldest = next(iter(self._waiting))
        self.leave(oldest)
        oldest.evict()


def bounded_protocol(limits: Limits) -> type[asyncio.Protocol]:
    """What makes the protocol of each connection of one server, for uvicorn's setting `http`."""
    crowd = Crowd()

    def make(**of_uvicorn: Any) -> BoundedProtocol:
        return BoundedProtocol(limits, crowd, **of_uvicorn)

    # uvicorn calls what it calls a class, and does nothing else with it.
    return cast(type[asyncio.Protocol], make)


class BoundedProtocol(HttpToolsProtocol):
    """One connection. `_part` is what of a request has arrived: nothing yet, some of its head, or its whole head."""

    def __init__(self, limits: Limits, crowd: Crowd, **of_uvicorn: Any) -> None:
        super().__init__(**of_uvicorn)
        self.timeout_keep_alive = cast(int, limits.idle)
        self._limits = limits
        self._crowd = crowd
        self._part: Literal["nothing", "head", "body"] = "nothing"
        self._wire: asyncio.Transport
        self._flow: _Flow
        self._deadline: asyncio.TimerHandle | None = None
        self._sending: asyncio.TimerHandle | None = None
        self._lingering: asyncio.TimerHandle | None = None
        self._leaving = self._stopping = False
        self._refusing: str | None = None
        self._refused_method = _UNREAD_METHOD
        self._fault: str | None = None
        self._pending = bytearray()
        self._head_read = self._header_bytes = self._body_read = self._body_bytes = self._unread = 0

    # The life of the connection

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        self._wire = transport
        self.flow = self._flow = _Flow(transport)
        self.transport = _PoliteTransport(transport, self.leave)
        self._crowd.enter(self)
        self._start_deadline()
        if len(self.connections) > self._limits.connections:
            self._crowd.evict()

    def connection_lost(self, exc: Exception | None) -> None:
        self._crowd.leave(self)
        self._leaving = True
        self._pending.clear()
        for timer in (self._deadline, self._sending, self._lingering):
            if timer is not None:
                timer.cancel()
        super().connection_lost(exc)

    def eof_received(self) -> bool:  # type: ignore[override]
        """Who has asked and closes its side may still listen: it is answered, and then the connection ends."""
        if self._leaving or self._part != "nothing" or not self._answering():
            return False
        self.cycle.keep_alive = False
        return True

    def evict(self) -> None:
        """End the connection at once: another caller needs its place."""
        self._leaving = True
        self._wire.abort()

    def leave(self) -> None:
        """Close, but let a caller that is still sending read the last answer first.

        Closing with bytes unread resets the connection (RFC 9112, 9.6), and the answer is lost on its way.
        """
        if self._leaving:
            return
        self._leaving = True
        self._stop_deadline()
        whole = self._part == "nothing" and self._refusing is None and not self._pending
        self._let_go()
        if whole or self._stopping or self._wire.is_closing() or not self._wire.can_write_eof():
            self._wire.close()
        else:
            self._wire.write_eof()
            self.flow.resume_reading()
            self._lingering = self.loop.call_later(self._limits.linger, self._wire.close)
        self._watch_sending()

    def shutdown(self) -> None:
        """The server stops: what is whole is answered, what is half-sent is cut."""
        self._stopping = True
        self._let_go()
        if self._leaving:
            self._wire.close()
        elif self._part == "body" and self._answering():
            self._refuse("stopping")
        else:
            super().shutdown()

    def _answering(self) -> bool:
        last: RequestResponseCycle | None = self.cycle
        return last is not None and not last.response_complete

    # What arrives

    def data_received(self, data: bytes) -> None:
        if self._leaving or self._stopping or self._refusing is not None:
            return
        self._pending += data
        if not self._flow.held:
            self._read_pending()

    def _read_pending(self) -> None:
        """Read what has come, until enough requests wait. What is left is read when one of them is answered."""
        self._unset_keepalive_if_required()
        self._start_deadline()
        while self._pending and not (self._leaving or self._refusing is not None or self._wire.is_closing()):
            if len(self.pipeline) >= _MOST_QUEUED:
                self._stop_deadline()
                self._flow.hold()
                return
            piece = bytes(self._pending[:_PIECE])
            del self._pending[:_PIECE]
            self._read(piece)

    def _let_go(self) -> None:
        """What is left is not to be read any more."""
        self._pending.clear()
        self._flow.held = False

    def _read(self, piece: bytes) -> None:
        before = self._part
        self._head_read += len(piece)
        try:
            self.parser.feed_data(piece)
        except HttpParserUpgrade as upgrade:
            self._pending[:0] = self._without_upgrade() + piece[upgrade.args[0] :]
        except HttpParserCallbackError as error:
            self._refuse(self._fault_behind(error))
        except HttpParserError:
            self._refuse("malformed-request")
        else:
            self._count(before, len(piece))

    def _count(self, before: str, size: int) -> None:
        if self._part == "head" and self._head_read > _LARGEST_HEAD:
            self._refuse("headers-too-large")
        elif before == self._part == "body":
            self._body_read += size
            framing = self._body_read - self._body_bytes
            if framing > _MOST_FRAMING + _FRAMING_PER_BYTE * self._body_bytes:
                self._refuse("malformed-request")

    def _fault_behind(self, error: HttpParserError) -> str:
        """The kind of problem, where the parser was ended by one of its calls. Only what we raise is the caller's."""
        cause = error.__context__
        if isinstance(cause, _TooMuch) and self._fault is not None:
            return self._fault
        if isinstance(cause, HttpParserError):
            return "malformed-request"
        log_failure(cause or error, None)
        return "internal-error"

    def _without_upgrade(self) -> bytes:
        """The head just read, without its wish for another protocol, for a parser that then takes the body as one.

        A server may ignore Upgrade (RFC 9110, 7.8). The parser would skip the body after it; callers in Java ask for
        HTTP/2 in this way by default. CONNECT has no body and no address here.
        """
        method = self.parser.get_method()
        version = self.parser.get_http_version().encode()
        self._new_parser()
        if method == b"CONNECT":
            self._refuse("method-not-allowed")
            return b""
        lines = [name + b": " + value for name, value in self.headers if name != b"upgrade"]
        return b"\r\n".join([method + b" " + self.url + b" HTTP/" + version, *lines, b"", b""])

    def _new_parser(self) -> None:
        self.parser = HttpRequestParser(self)
        # As uvicorn has it: a request after one that asked to close is read, and not answered.
        self.parser.set_dangerous_leniencies(lenient_data_after_close=True)
        self._part = "nothing"

    # Calls of the parser

    def on_message_begin(self) -> None:
        super().on_message_begin()
        self._part = "head"
        self._head_read = self._header_bytes = self._body_read = self._body_bytes = self._unread = 0
        self._start_deadline()

    def on_url(self, url: bytes) -> None:
        super().on_url(url)
        if len(self.url) > LONGEST_URL:
            self._end_parsing("uri-too-long")

    def on_header(self, name: bytes, value: bytes) -> None:
        if self._part == "body":
            return  # A trailer: uvicorn would add it to headers that were looked at already.
        super().on_header(name, value)
        self._header_bytes += len(name) + len(value)
        if len(self.headers) > MOST_HEADERS or self._header_bytes > LARGEST_HEADERS:
            self._end_parsing("headers-too-large")

    def on_headers_complete(self) -> None:
        if self.parser.get_http_version() not in _VERSIONS:
            self._end_parsing("malformed-request")
        if self.parser.should_upgrade():
            return  # Read once more, see `_without_upgrade`.
        if self._refusing is not None:
            self.scope["state"][REFUSED] = self._refusing
            super().on_headers_complete()
            # It is answered and logged as the request whose place it takes; `HEAD` gets no body.
            self.scope["method"] = self._refused_method
            return
        if any(name == b"transfer-encoding" and value.lower() != b"chunked" for name, value in self.headers):
            self._end_parsing("malformed-request")
        self._take_origin_form()
        super().on_headers_complete()
        self._part = "body"

    def _take_origin_form(self) -> None:
        """`http://authority/path` becomes `/path` and its authority the Host, whatever Host says (RFC 9112, 3.2.2).

        Whether there is one Host, as there must be, is looked at later.
        """
        _, absolute, rest = self.url.partition(b"://")
        if not absolute or self.url.startswith(b"/"):
            return
        authority = re.split(rb"[/?#]", rest, maxsplit=1)[0]
        if not authority:
            self._end_parsing("malformed-request")
        path = rest[len(authority) :]
        self.url = path if path.startswith(b"/") else b"/" + path
        hosts = [place for place, (name, _) in enumerate(self.headers) if name == b"host"]
        for place in hosts:
            self.headers[place] = (b"host", authority)
        if not hosts and self.parser.get_http_version() == "1.0":
            self.headers.append((b"host", authority))

    def on_body(self, body: bytes) -> None:
        if self.parser.should_upgrade():
            return
        self._body_bytes += len(body)
        super().on_body(body)
        if self.cycle.response_complete:
            self._unread += len(body)
            if self._unread > _MOST_UNREAD:
                self.transport.close()

    def on_message_complete(self) -> None:
        if self.parser.should_upgrade():
            return
        super().on_message_complete()
        self._part = "nothing"
        self._stop_deadline()
        if not self.cycle.response_complete:
            self._crowd.leave(self)
        elif not self._leaving:
            # Answered before its body had come, when the time until the next request could not begin yet.
            self.timeout_keep_alive_task = self.loop.call_later(
                self.timeout_keep_alive, self.timeout_keep_alive_handler
            )

    def _end_parsing(self, fault: str) -> None:
        self._fault = fault
        raise _TooMuch

    # Refusing

    def _refuse(self, kind: str) -> None:
        """Answer with a problem when everything before it is answered, then close; what still comes is not read."""
        self._refusing = kind
        self._let_go()
        self._stop_deadline()
        if self._part != "body":
            if self._part == "head" and self.url:
                # What follows a method has come, so the method is read.
                self._refused_method = self.parser.get_method().decode()
            self._new_parser()
            self.parser.feed_data(_STAND_IN)
        elif self.cycle.response_complete:
            self.transport.close()
        else:
            # The application has the request and waits for its body: what it is given now says that none will come.
            self.cycle.scope["state"][REFUSED] = kind
            self.cycle.keep_alive = False
            self.cycle.message_event.set()

    # Deadlines

    def _start_deadline(self) -> None:
        if self._deadline is None and self._refusing is None:
            self._deadline = self.loop.call_later(self._limits.receive, self._too_slow)

    def _stop_deadline(self) -> None:
        if self._deadline is not None:
            self._deadline.cancel()
            self._deadline = None

    def _too_slow(self) -> None:
        self._deadline = None
        if self._leaving:
            return
        if self.flow.read_paused:
            self._start_deadline()  # It is the server that keeps the caller waiting.
        elif self._part != "nothing":
            self._refuse("too-slow")
        elif not self._answering():
            self.transport.close()

    def timeout_keep_alive_handler(self) -> None:
        # Once a request has begun, its own deadline holds.
        if self._part == "nothing":
            super().timeout_keep_alive_handler()

    # What leaves

    def on_response_complete(self) -> None:
        super().on_response_complete()
        if self.cycle.response_complete:
            self._crowd.enter(self)
        if self._flow.held and not self._leaving:
            self._flow.held = False
            self._read_pending()
            self.flow.resume_reading()
        self._watch_sending()

    def pause_writing(self) -> None:
        super().pause_writing()
        self._watch_sending()

    def resume_writing(self) -> None:
        super().resume_writing()
        if self._sending is not None:
            self._sending.cancel()
            self._sending = None
        self._watch_sending()

    def _watch_sending(self) -> None:
        if self._sending is None and self._wire.get_write_buffer_size():
            self._sending = self.loop.call_later(self._limits.send, self._untaken)

    def _untaken(self) -> None:
        self._sending = None
        if self._wire.get_write_buffer_size():
            self._wire.abort()


class _Flow(FlowControl):
    """Whether the connection is read. While `held`, nobody but the connection itself begins to read again."""

    held = False

    def hold(self) -> None:
        self.held = True
        self.pause_reading()

    def resume_reading(self) -> None:
        if not self.held:
            super().resume_reading()


class _PoliteTransport(asyncio.Transport):
    """The transport that uvicorn closes: closing it is up to the connection, which may have to listen a little more."""

    def __init__(self, wire: asyncio.Transport, close: Callable[[], None]) -> None:
        super().__init__()
        self._wire = wire
        self._close = close
        self._closed = False

    def write(self, data: bytes | bytearray | memoryview) -> None:
        if not self._closed:
            self._wire.write(data)

    def is_closing(self) -> bool:
        return self._closed or self._wire.is_closing()

    def close(self) -> None:
        self._closed = True
        self._close()
