"""Told to stop: /readyz says so, what is whole is answered, what is half-sent is cut, and the process is gone."""

import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from tests.support.command import ROOT, environment
from tests.support.running import PATIENCE_SECONDS, Server
from tests.support.wire import QUESTION, get, post, problem, wire

# The service with one more address, whose answer takes as long as it is told: waiting, or so that nothing else runs.
PROGRAM = """
import asyncio, signal, socket, sys, time
from pathlib import Path
from starlette.responses import PlainTextResponse
from service.app import create_app
from service.limits import Limits
from service.logs import write_logs
from service.server import BoundedServer, StopSignal
from service.storage import open_decision_log
from tests.support.asking import built_in_snapshot

async def wait(request):
    await asyncio.sleep(float(request.query_params["s"]))
    return PlainTextResponse("done")

def compute(seconds):
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        sum(range(1000))

async def thread(request):
    await asyncio.to_thread(compute, float(request.query_params["s"]))
    return PlainTextResponse("done")

async def block(request):
    time.sleep(float(request.query_params["s"]))

write_logs("json")
limits, stopping = Limits(drain=float(sys.argv[2]), stop=float(sys.argv[3])), StopSignal()
app = create_app(built_in_snapshot(), open_decision_log(Path(sys.argv[1])), limits=limits, stopping=stopping)
app.add_route("/wait", wait)
app.add_route("/block", block)
app.add_route("/thread", thread)
signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
listening = socket.create_server(("127.0.0.1", 0))
print(listening.getsockname()[1], flush=True)
BoundedServer(app, limits, stopping).serve_on(listening)
"""


@contextmanager
def serving(folder: Path, drain: float = 0.0, stop: float = 10.0) -> Iterator[Server]:
    command = [sys.executable, "-c", PROGRAM, str(folder), str(drain), str(stop)]
    output = folder / "output.txt"
    with output.open("wb") as errors:
        process = subprocess.Popen(
            command, cwd=ROOT, env=environment(PYTHONPATH=str(ROOT)), stdout=subprocess.PIPE, stderr=errors
        )
        try:
            assert process.stdout is not None
            yield Server(f"http://127.0.0.1:{int(process.stdout.readline())}", process, output)
        finally:
            process.kill()
            process.communicate()


def test_whole_requests_are_answered_and_half_sent_ones_are_cut(tmp_path: Path) -> None:
    with serving(tmp_path) as server, ExitStack() as opened:
        under_way, half_a_head, half_a_body, idle, silent = (opened.enter_context(wire(server)) for _ in range(5))
        idle.send(get("/healthz"))
        assert idle.reply().status == 200
        half_a_head.send(b"GET /healthz HTTP/1.1\r\nHost: a\r\n")
        half_a_body.send(post(QUESTION, "Expect: 100-continue")[: -len(QUESTION)])
        assert half_a_body.reply().status == 100
        under_way.send(get("/wait?s=1") + get("/readyz"))
        _wait_until_under_way(server, 2)
        server.process.send_signal(signal.SIGTERM)
        refused = half_a_body.reply()
        problem(refused, 503, "stopping")
        assert refused.headers["retry-after"] == "5"
        assert under_way.reply().body == b"done"
        # What was asked in the same breath is answered too, and says what is going on.
        problem(under_way.reply(), 503, "stopping")
        for connection in (under_way, half_a_head, half_a_body, idle, silent):
            assert connection.closed()
        assert server.process.wait(PATIENCE_SECONDS) == 0
        lines = server.output.read_text(encoding="utf-8")
    assert [event for event in ("started", "stopping", "stopped") if f'"event": "{event}"' in lines] == [
        *("started", "stopping", "stopped"),
    ]
    assert "Traceback" not in lines


def test_what_takes_too_long_is_told_that_the_service_stops(tmp_path: Path) -> None:
    with serving(tmp_path, stop=0.5) as server, wire(server) as under_way:
        under_way.send(get("/wait?s=600"))
        _wait_until_under_way(server, 1)
        server.process.send_signal(signal.SIGTERM)
        problem(under_way.reply(), 503, "stopping")
        assert server.process.wait(PATIENCE_SECONDS) == 0
        assert "Traceback" not in server.output.read_text(encoding="utf-8")


def test_threads_that_compute_keep_nobody_waiting(tmp_path: Path) -> None:
    """More than there are threads; every caller is told, and the process ends by itself before the kernel ends it."""
    with serving(tmp_path, stop=1.0) as server, ExitStack() as opened:
        callers = [opened.enter_context(wire(server)) for _ in range(40)]
        for caller in callers:
            caller.send(get("/thread?s=600"))
        _wait_until_under_way(server, len(callers))
        server.process.send_signal(signal.SIGTERM)
        for caller in callers:
            problem(caller.reply(), 503, "stopping")
        assert server.process.wait(PATIENCE_SECONDS) == 0
        lines = server.output.read_text(encoding="utf-8")
    assert '"event": "stopped"' in lines and "Traceback" not in lines


def test_while_it_drains_it_answers_and_says_that_it_is_not_ready(tmp_path: Path) -> None:
    with serving(tmp_path, drain=60.0) as server:
        with wire(server) as connection:
            connection.send(get("/readyz"))
            assert connection.reply().json() == {"ready": True}
        server.process.send_signal(signal.SIGTERM)
        with wire(server) as connection:
            # The signal may come a moment after the first of these.
            while True:
                connection.send(get("/readyz"))
                reply = connection.reply()
                if reply.status != 200:
                    break
            problem(reply, 503, "stopping")
            connection.send(post())
            assert connection.reply().status == 200
        # A second signal, from the keyboard, waits for nobody.
        server.process.send_signal(signal.SIGINT)
        server.process.wait(PATIENCE_SECONDS)


def test_code_that_never_returns_does_not_keep_the_process(tmp_path: Path) -> None:
    """The kernel ends it, `stop` and three seconds later."""
    with serving(tmp_path, stop=0.1) as server, wire(server) as connection:
        connection.send(get("/healthz"))
        assert connection.reply().status == 200
        connection.send(get("/block?s=600"))
        server.process.send_signal(signal.SIGTERM)
        assert server.process.wait(PATIENCE_SECONDS) == -signal.SIGALRM


def _wait_until_under_way(server: Server, requests: int) -> None:
    """Until so many requests have begun, beside the one that asks."""
    with wire(server) as connection:
        seen = b""
        while b"tongxing_http_requests_in_flight %d.0" % (requests + 1) not in seen:
            connection.send(get("/metrics"))
            seen = connection.reply().body
