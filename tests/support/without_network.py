"""Serve from a folder where there is no network but loopback: run this inside a network namespace of its own.

    unshare --net --map-root-user python without_network.py FOLDER PORT

It brings loopback up, runs `make serve` in FOLDER as somebody would who has just unpacked it, asks one question, and
prints as JSON what came of it. Standard library only: nothing of the project is imported.
"""

import errno
import fcntl
import json
import os
import signal
import socket
import struct
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

PATIENCE_SECONDS = 240.0
_SET_FLAGS, _UP_AND_RUNNING = 0x8914, 0x41  # SIOCSIFFLAGS; IFF_UP | IFF_RUNNING (netdevice(7))
_ELSEWHERE = ("192.0.2.1", 443)  # TEST-NET-1 of RFC 5737: nobody's address

QUESTION = {
    "vehicle": {"vehicle_type": "H32", "energy": "diesel", "emission_stage": 5},
    "place": {"zone": "sy-second-ring"},
    "at": "2026-11-24T08:12:00+08:00",
}


def main() -> None:
    folder, port = Path(sys.argv[1]), sys.argv[2]
    _loopback_up()
    began = time.monotonic()
    with (folder / "output.txt").open("wb") as output:
        process = subprocess.Popen(
            ["make", "serve", f"PORT={port}"],
            cwd=folder,
            stdout=output,
            stderr=subprocess.STDOUT,
            env={"PATH": os.environ["PATH"], "HOME": str(folder), "LANG": "C.UTF-8"},
            start_new_session=True,
        )
        try:
            ready = _wait_until_it_answers(f"http://127.0.0.1:{port}/readyz", process, began)
            verdict = _ask(f"http://127.0.0.1:{port}/v1/decisions") if ready else None
        finally:
            os.killpg(process.pid, signal.SIGTERM)
            process.wait(30)
    report = {
        "elsewhere": _reached(),
        "ready_after_s": ready,
        "verdict": verdict,
        "output": (folder / "output.txt").read_text(encoding="utf-8", errors="replace"),
    }
    print(json.dumps(report))


def _loopback_up() -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as any_socket:
        fcntl.ioctl(any_socket, _SET_FLAGS, struct.pack("16sh14x", b"lo", _UP_AND_RUNNING))


def _wait_until_it_answers(address: str, process: "subprocess.Popen[bytes]", began: float) -> float | None:
    while time.monotonic() - began < PATIENCE_SECONDS and process.poll() is None:
        try:
            with urllib.request.urlopen(address, timeout=5):
                return round(time.monotonic() - began, 1)
        except OSError:
            time.sleep(0.1)
    return None


def _ask(address: str) -> str:
    asked = urllib.request.Request(address, json.dumps(QUESTION).encode(), {"Content-Type": "application/json"})
    with urllib.request.urlopen(asked, timeout=30) as reply:
        verdict: str = json.load(reply)["verdict"]
    return verdict


def _reached() -> str:
    """What becomes of a connection to somewhere else: the name of the error, or `connected`."""
    try:
        socket.create_connection(_ELSEWHERE, timeout=5).close()
    except OSError as error:
        return errno.errorcode.get(error.errno or 0, "timeout")
    return "connected"


if __name__ == "__main__":
    main()
