"""The one place that knows where libfaketime comes from: a library that shows a process another clock.

Tests of wrong clocks need it. It is found where Debian and others put it, or installed where that is allowed;
``python -m tests.support.faketime`` prints its path.
"""

import sys
from pathlib import Path

from tests.support.apt import apt_command, apt_install, may_apt

PACKAGE = "faketime"
FOLDERS = ("/usr/lib", "/usr/lib64", "/usr/local/lib")
NAME = "libfaketimeMT.so.1"


class NoFaketime(Exception):
    """No libfaketime and no right to install it; the message says what to run."""


def ensure_faketime() -> Path:
    """Path of the library (its build for programs with threads); installs it where that is allowed."""
    found = find_faketime()
    if found is None and may_apt():
        apt_install(PACKAGE)
        found = find_faketime()
    if found is None:
        raise NoFaketime(
            f"the tests of wrong clocks need libfaketime, and it could not be installed. Run:\n  {apt_command(PACKAGE)}"
        )
    return found


def find_faketime() -> Path | None:
    for folder in FOLDERS:
        for place in (f"faketime/{NAME}", f"*/faketime/{NAME}"):
            for path in sorted(Path(folder).glob(place)):
                return path
    return None


def shown_another_clock(shift: str) -> dict[str, str]:
    """Environment of a process whose clock is off by `shift` (`-3600s`, `+10m`), or is told in the file `@path`.

    Its monotonic clock, by which deadlines are kept, stays as it is.
    """
    told = {"FAKETIME_TIMESTAMP_FILE": shift[1:]} if shift.startswith("@") else {"FAKETIME": shift}
    return {
        "LD_PRELOAD": str(ensure_faketime()),
        "FAKETIME_DONT_FAKE_MONOTONIC": "1",
        "FAKETIME_NO_CACHE": "1",
        **told,
    }


if __name__ == "__main__":
    try:
        print(ensure_faketime())
    except NoFaketime as problem:
        sys.exit(f"tests.support.faketime: {problem}")
