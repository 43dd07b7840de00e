"""One connection seen from within: how many requests are read ahead, and what a fault of ours becomes."""

import asyncio
import json
from collections.abc import Awaitable, Callable

import pytest
from uvicorn.config import Config
from uvicorn.server import ServerState

from service.api.guard import Guard
from service.limits import DEFAULT_LIMITS
from service.logs import write_logs
from service.metrics import Metrics
from service.protocol import BoundedProtocol, bounded_protocol
from tests.support.asking import built_in_snapshot

GET = b"GET / HTTP/1.1\r\nHost: a\r\n\r\n"
COUNT = 12_000
"""Of `GET`: more than one read takes."""
Talk = Callable[[asyncio.StreamReader, asyncio.StreamWriter, BoundedProtocol], Awaitable[None]]


def connected(app: Callable[..., Awaitable[None]], talk: Talk) -> None:
    """One connection to an application behind `Guard`."""

    async def run() -> None:
        made: list[BoundedProtocol] = []
        config = Config(Guard(app, Metrics(built_in_snapshot())), log_config=None, lifespan="off", ws="none")
        config.load()
        state, protocol = ServerState(), bounded_protocol(DEFAULT_LIMITS)

        def make() -> BoundedProtocol:
            made.append(protocol(config=config, server_state=state, app_state={}))
            return made[-1]

        server = await asyncio.get_running_loop().create_server(make, "127.0.0.1", 0)
        reader, writer = await asyncio.open_connection(*server.sockets[0].getsockname())
        while not made:
            await asyncio.sleep(0)
        await talk(reader, writer, made[0])
        writer.close()
        server.close()

    asyncio.run(run())


async def answer(send: Callable[..., Awaitable[None]], body: bytes) -> None:
    length = (b"content-length", str(len(body)).encode())
    await send({"type": "http.response.start", "status": 200, "headers": [length]})
    await send({"type": "http.response.body", "body": body})


def test_few_requests_are_read_ahead_of_a_slow_one() -> None:
    gate = asyncio.Event()
    answered = 0
    most = 0

    async def app(scope: object, receive: object, send: Callable[..., Awaitable[None]]) -> None:
        nonlocal answered
        await gate.wait()
        answered += 1
        await answer(send, b"done")

    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, protocol: BoundedProtocol) -> None:
        nonlocal most
        count = COUNT
        writer.write(GET * count)
        while not protocol.flow.read_paused:
            await asyncio.sleep(0.01)
        gate.set()
        for _ in range(count):
            head = await reader.readuntil(b"\r\n\r\n")
            assert head.startswith(b"HTTP/1.1 200")
            assert await reader.readexactly(4) == b"done"
            most = max(most, len(protocol.pipeline))
        assert not protocol.flow.read_paused

    connected(app, talk)
    assert answered == COUNT
    assert 16 <= most < 64


@pytest.mark.parametrize("callback", ["on_header", "on_headers_complete", "on_message_complete"])
def test_a_fault_of_ours_while_reading_is_ours(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], callback: str
) -> None:
    inner = getattr(BoundedProtocol, callback)
    times = 0

    def fail(*given: object) -> None:
        nonlocal times
        times += 1
        if times == 1:
            raise ValueError("辽A5K268")
        inner(*given)

    async def app(scope: object, receive: Callable[..., Awaitable[None]], send: Callable[..., Awaitable[None]]) -> None:
        await receive()
        await answer(send, b"done")

    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, protocol: BoundedProtocol) -> None:
        writer.write(GET)
        reply = await reader.read()
        assert reply.startswith(b"HTTP/1.1 500")
        assert json.loads(reply.partition(b"\r\n\r\n")[2])["type"] == "/problems/internal-error"

    monkeypatch.setattr(BoundedProtocol, callback, fail)
    write_logs("json")
    connected(app, talk)
    lines = capsys.readouterr().err
    logged = [json.loads(line) for line in lines.splitlines()]
    assert [(each["event"], each.get("error")) for each in logged] == [("failure", "ValueError"), ("request", None)]
    assert "5K268" not in lines
