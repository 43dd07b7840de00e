"""The server: uvicorn with connections that are bounded (`service.protocol`), and an end that is bounded too.

Told to stop by SIGTERM or SIGINT, /readyz says so at once. After `drain` seconds nobody is let in any more, what is
half-sent is cut and what is whole is answered; after `stop` seconds more, what is still under way is told that the
service stops. Whatever happens, the process is gone `_MARGIN_S` later: decisions are durable before they are told, so
no end loses one.
"""

import asyncio
import math
import signal
import socket
from collections.abc import Callable
from types import FrameType
from typing import Any

import uvicorn

from service.limits import Limits
from service.logs import LIFE
from service.protocol import bounded_protocol

_MARGIN_S = 3
_TICK_S = 0.1
_LAST_WORDS_S = 1
_BACKLOG = 256
"""Connections that wait to be taken; as many may be taken at once, above the limit on those that are open."""


class StopSignal:
    """Whether the process was told to stop."""

    given = False

    def __call__(self) -> bool:
        return self.given


class BoundedServer(uvicorn.Server):
    """A server for one application; `stopping` becomes true when a signal comes."""

    def __init__(self, app: Callable[..., Any], limits: Limits, stopping: StopSignal) -> None:
        super().__init__(
            uvicorn.Config(
                app,
                http=bounded_protocol(limits),
                ws="none",
                loop="asyncio",
                lifespan="off",
                backlog=_BACKLOG,
                # The application writes its own lines, without query strings.
                access_log=False,
                log_config=None,
                log_level="warning",
                server_header=False,
                proxy_headers=False,
                timeout_graceful_shutdown=math.ceil(limits.stop),
            )
        )
        self._limits = limits
        self._stopping = stopping

    def serve_on(self, listening: socket.socket) -> None:
        """Answer until a signal says to stop. The signal is then handed to whoever handled it before."""
        LIFE.info("started", extra={"told": {"event": "started"}})
        self.run(sockets=[listening])

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        if not self._stopping.given:
            self._stopping.given = True
            # From the kernel, which asks nobody: not a thread that never ends, nor code that never returns.
            signal.signal(signal.SIGALRM, signal.SIG_DFL)
            signal.alarm(math.ceil(self._limits.drain) + math.ceil(self._limits.stop) + _MARGIN_S)
        super().handle_exit(sig, frame)

    async def main_loop(self) -> None:
        await super().main_loop()
        LIFE.info("stopping", extra={"told": {"event": "stopping"}})
        for tick in range(math.ceil(self._limits.drain / _TICK_S)):
            if self.force_exit:
                break
            await self.on_tick(tick)
            await asyncio.sleep(_TICK_S)

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        await super().shutdown(sockets)
        if self.server_state.tasks:
            # Cancelled just now, but not yet run: their callers are still to be told.
            await asyncio.wait(self.server_state.tasks, timeout=_LAST_WORDS_S)
        LIFE.info("stopped", extra={"told": {"event": "stopped"}})
