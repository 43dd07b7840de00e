"""A real server: its own process, its own port on loopback, its own data folder."""

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

PATIENCE_SECONDS = 60.0


@dataclass(frozen=True, slots=True)
class Server:
    """Where a running server is, its process and the file that its output goes to."""

    base: str
    process: "subprocess.Popen[bytes]"
    output: Path


def free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        port: int = listener.getsockname()[1]
        return port


@contextmanager
def running_server(folder: Path, *options: str, **settings: str) -> Iterator[Server]:
    """`tongxing serve` with its data under `folder`; stopped by SIGTERM at the end, and killed if it will not go.

    `settings` are added to its environment.
    """
    port = free_port()
    folder.mkdir(parents=True, exist_ok=True)
    output = folder / "output.txt"
    command = [
        sys.executable,
        "-m",
        "service.cli",
        "serve",
        "--port",
        str(port),
        "--data",
        str(folder / "data"),
        *options,
    ]
    with output.open("wb") as stream:
        process = subprocess.Popen(
            command, stdout=stream, stderr=subprocess.STDOUT, env={**os.environ, "NO_COLOR": "1", **settings}
        )
        try:
            server = Server(f"http://127.0.0.1:{port}", process, output)
            _wait_until_it_answers(server)
            yield server
        finally:
            if process.poll() is None:
                process.send_signal(signal.SIGTERM)
                try:
                    process.wait(PATIENCE_SECONDS)
                except subprocess.TimeoutExpired:
                    process.kill()
                    process.wait()


def _wait_until_it_answers(server: Server) -> None:
    deadline = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < deadline:
        if server.process.poll() is not None:
            break
        try:
            with urllib.request.urlopen(f"{server.base}/readyz", timeout=5) as reply:
                if reply.status == 200:
                    return
        except OSError:
            time.sleep(0.1)
    raise AssertionError(f"the server did not start:\n{server.output.read_text(encoding='utf-8', errors='replace')}")
