"""A pytest plugin of `make mutants`: a test that a mutant keeps busy for ever ends the mutant, and soon.

mutmut measures all tests of a mutant together, which takes minutes where many tests reach it. The limit is in seconds
of the processor, so that a machine busy with other work changes no result.
"""

import os
import signal
from collections.abc import Iterator
from types import FrameType

import pytest

SECONDS = 30
TIMEOUT = 36
"""The exit status that mutmut reads as "timeout"."""


@pytest.hookimpl(wrapper=True)
def pytest_runtest_call(item: pytest.Item) -> Iterator[None]:
    signal.signal(signal.SIGPROF, _end)
    signal.setitimer(signal.ITIMER_PROF, SECONDS)
    try:
        return (yield)
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)


def _end(number: int, frame: FrameType | None) -> None:
    os._exit(TIMEOUT)
