"""A lane for long work: one piece at a time, in the order of arrival, so that all else is answered meanwhile.

Work on processors shares one interpreter: the more threads compute, the longer everybody waits for a turn. So one
computes, in slices that each take a thread, and those beyond a bounded queue are told to come again.
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from service.api.problems import Refused

MOST_WAITING = 32
_COME_AGAIN_SECONDS = "5"


class Lane:
    """One application's; at most `most_waiting` wait, and for one more `turn` is Refused as busy."""

    def __init__(self, most_waiting: int = MOST_WAITING) -> None:
        self.most_waiting = most_waiting
        self.waiting = 0
        self._turn = asyncio.Semaphore(1)

    @asynccontextmanager
    async def turn(self) -> AsyncIterator[None]:
        """Nobody else has a turn before this one is over."""
        if self.waiting >= self.most_waiting:
            raise Refused("busy", headers={"Retry-After": _COME_AGAIN_SECONDS})
        self.waiting += 1
        try:
            await self._turn.acquire()
        finally:
            self.waiting -= 1
        try:
            yield
        finally:
            self._turn.release()
