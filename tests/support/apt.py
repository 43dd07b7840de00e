"""Debian packages that some tests need: installed where that is allowed, else named for a person to install."""

import os
import shutil
import subprocess
import sys


def is_root() -> bool:
    return hasattr(os, "geteuid") and os.geteuid() == 0


def may_apt() -> bool:
    return is_root() and shutil.which("apt-get") is not None


def apt_install(*packages: str) -> None:
    """Try; whether it helped is asked afterwards by looking for what was to be installed."""
    quiet = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    install = ["apt-get", "install", "--yes", "--no-install-recommends", *packages]
    for command in (["apt-get", "update"], install):
        print("+", *command, file=sys.stderr, flush=True)
        subprocess.run(command, check=False, env=quiet, stdin=subprocess.DEVNULL, stdout=sys.stderr)


def apt_command(*packages: str) -> str:
    return f"sudo sh -c 'apt-get update && apt-get install --yes {' '.join(packages)}'"
