"""The server: uvicorn with connections that are bounded (`service.protocol`), and an end that is bounded too.

Told to stop by SIGTERM or SIGINT, /readyz says so at once. After `drain` seconds nobody is let in any more, what is
half-sent is cut and what is whole is answered; after `stop` seconds more, what is still under way is told that the
service stops, and threads that compute for it are left behind. Whatever happens, the process is gone `_MARGIN_S` later:
decisions are durable before they are told, so no end loses one. All times count from the signal, since a busy loop
may take a while to notice it.
"""

import asyncio
import logging
import math
import os
import signal
import socket
import sys
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from time import monotonic
from types import FrameType
from typing import Any, cast

import uvicorn

from service.limits import Limits
from service.logs import LIFE
from service.protocol import bounded_protocol

_MARGIN_S = 3
_TICK_S = 0.1
_LAST_WORDS_S = 1.5
_THREADS_S = 2.0
"""How long after `stop` callers may still be told, and threads be waited for."""
_TURN_S = 0.0005
"""How long a thread may keep the interpreter from the others while the service stops; Python's own is ten times that,
and the loop has a turn to wait for at every call of the system."""
_BACKLOG = 256
"""Connections that wait to be taken; as many may be taken at once, above the limit on those that are open."""


class StopSignal:
    """Whether the process was told to stop."""

    given = False

    def __call__(self) -> bool:
        return self.given


class _Threads(ThreadPoolExecutor):
    """The threads of the loop. Shutting down drops what has not begun and waits for nothing, as asyncio would."""

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:
        super().shutdown(wait=False, cancel_futures=True)


class BoundedServer(uvicorn.Server):
    """A server for one application; `stopping` becomes true when a signal comes.

    `lagged` is told ten times a second, as long as requests are taken, how many seconds late the loop was.
    """

    def __init__(
        self,
        app: Callable[..., Any],
        limits: Limits,
        stopping: StopSignal,
        lagged: Callable[[float], None] = lambda _: None,
    ) -> None:
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
            )
        )
        self._limits = limits
        self._stopping = stopping
        self._lagged = lagged
        self._end = math.inf
        self._ticked: float | None = None

    def serve_on(self, listening: socket.socket) -> None:
        """Answer until a signal says to stop. The signal is then handed to whoever handled it before.

        If that raises, and a thread still computes, the process ends here, with 0: no thread can be stopped.
        """
        LIFE.info("started", extra={"told": {"event": "started"}})
        try:
            self.run(sockets=[listening])
        finally:
            if self._stopping.given and not _threads_ended(self._end + _THREADS_S):
                logging.shutdown()
                sys.stdout.flush()
                os._exit(0)

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        asyncio.get_running_loop().set_default_executor(_Threads())
        await super().startup(sockets)

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        if not self._stopping.given:
            self._stopping.given = True
            self._end = monotonic() + self._limits.drain + self._limits.stop
            sys.setswitchinterval(_TURN_S)
            # From the kernel, which asks nobody: not a thread that never ends, nor code that never returns.
            signal.signal(signal.SIGALRM, signal.SIG_DFL)
            signal.alarm(math.ceil(self._limits.drain) + math.ceil(self._limits.stop) + _MARGIN_S)
        super().handle_exit(sig, frame)

    async def on_tick(self, counter: int) -> bool:
        # uvicorn, too, sleeps `_TICK_S` between two of them.
        now = monotonic()
        if self._ticked is not None:
            self._lagged(max(0.0, now - self._ticked - _TICK_S))
        self._ticked = now
        return await super().on_tick(counter)

    async def main_loop(self) -> None:
        await super().main_loop()
        LIFE.info("stopping", extra={"told": {"event": "stopping"}})
        for tick in range(math.ceil(self._limits.drain / _TICK_S)):
            if self.force_exit:
                break
            await self.on_tick(tick)
            await asyncio.sleep(_TICK_S)

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        self.config.timeout_graceful_shutdown = cast(int, max(0.0, self._end - monotonic()))
        await super().shutdown(sockets)
        if self.server_state.tasks:
            # Cancelled just now, but not yet run: their callers are still to be told.
            await asyncio.wait(self.server_state.tasks, timeout=max(0.1, self._end + _LAST_WORDS_S - monotonic()))
        LIFE.info("stopped", extra={"told": {"event": "stopped"}})


def _threads_ended(deadline: float) -> bool:
    """Whether all threads that would hold up the end of the process have ended, by a moment of `monotonic`."""
    others = [each for each in threading.enumerate() if each is not threading.current_thread() and not each.daemon]
    for each in others:
        each.join(max(0.0, deadline - monotonic()))
    return not any(each.is_alive() for each in others)
