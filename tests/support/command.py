"""The command `tongxing` as a process of its own, with nothing of the caller's settings."""

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
COMMAND = (sys.executable, "-m", "service.cli")


def environment(**more: str) -> dict[str, str]:
    clean = {name: value for name, value in os.environ.items() if not name.startswith("TONGXING_")}
    return {**clean, "PYTHONUTF8": "1", **more}


def tongxing(*arguments: object, said: str | bytes = "", **more: str) -> subprocess.CompletedProcess[str]:
    """Run the command to its end; `said` is its standard input, `more` what is added to its environment."""
    done = subprocess.run(
        [*COMMAND, *map(str, arguments)],
        input=said.encode() if isinstance(said, str) else said,
        capture_output=True,
        cwd=ROOT,
        env=environment(**more),
        check=False,
    )
    return subprocess.CompletedProcess(done.args, done.returncode, done.stdout.decode(), done.stderr.decode())
