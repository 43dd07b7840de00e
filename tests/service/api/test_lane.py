"""Long work takes turns, its queue is bounded, and what was worked out once is not worked out again."""

import asyncio
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import date
from typing import Any

import pytest
from starlette.testclient import TestClient

from rules.vehicle_classes import VEHICLE_CLASSES
from service.api import timetable
from service.api.lane import Lane
from service.api.problems import Refused
from service.api.recent import Recent
from service.api.tagged import tagged
from service.api.wiring import Services
from service.timetable import Subject, Timetable, with_week
from tests.support.problems import refusal

HERE = "/v1/zones/sy-second-ring/timetable?from=2026-11-23"
VAN = "vehicle_type=轻型厢式货车&energy=柴油&emission_stage=国五"


def services(client: TestClient) -> Services:
    found: Any = client.app
    assert isinstance(found.state.services, Services)
    return found.state.services


class Watched:
    """`with_week`, with how many run at once and of whom."""

    def __init__(self) -> None:
        self.running = 0
        self.most = 0
        self.told: list[tuple[str, str | None, date]] = []

    def __call__(self, found: Timetable, subject: Subject, snapshot: Any) -> Timetable:
        self.running += 1
        self.most = max(self.most, self.running)
        code = None if subject.vehicle_class is None else subject.vehicle_class.code
        self.told.append((found.zone.key, code, found.days[0].day))
        try:
            return with_week(found, subject, snapshot)
        finally:
            self.running -= 1


@pytest.fixture
def watched(monkeypatch: pytest.MonkeyPatch) -> Watched:
    found = Watched()
    monkeypatch.setattr(timetable, "with_week", found)
    return found


def test_one_timetable_is_worked_out_at_a_time(client: TestClient, watched: Watched) -> None:
    addresses = [f"/v1/zones/{zone}/timetable?{VAN}" for zone in ("sy-second-ring", "dl-main") for _ in range(4)]
    with ThreadPoolExecutor(len(addresses)) as callers:
        replies = list(callers.map(client.get, addresses))
    assert {reply.status_code for reply in replies} == {200}
    assert len(watched.told) == len(addresses)
    assert watched.most == 1


def test_what_several_ask_at_once_is_worked_out_once(client: TestClient, watched: Watched) -> None:
    with ThreadPoolExecutor(4) as callers:
        replies = list(callers.map(client.get, [f"{HERE}&class=light_box_diesel_6"] * 4))
    assert len({reply.content for reply in replies}) == 1
    assert len(watched.told) == 1


def test_a_timetable_by_class_is_worked_out_once(client: TestClient, watched: Watched) -> None:
    first = client.get(HERE)
    assert len(watched.told) == len(VEHICLE_CLASSES)
    assert client.get(HERE, headers={"If-None-Match": first.headers["etag"]}).status_code == 304
    assert client.get(HERE).content == first.content
    # Without a date it is this week's, and that is the same.
    assert client.get("/v1/zones/sy-second-ring/timetable").content == first.content
    assert len(watched.told) == len(VEHICLE_CLASSES)


@pytest.mark.parametrize(
    "other",
    [
        HERE.replace("11-23", "11-30"),
        HERE.replace("sy-second-ring", "dl-main"),
        f"{HERE}&format=csv",
        f"{HERE}&class=light_box_electric",
        f"{HERE}&class=light_box_diesel_6,light_box_electric",
        f"{HERE}&class=light_box_electric,light_box_diesel_6",
    ],
)
def test_another_question_gets_another_answer(client: TestClient, other: str) -> None:
    told = {client.get(address).headers["etag"] for address in (HERE, f"{HERE}&class=light_box_diesel_6", other)}
    assert len(told) == 3


def test_of_a_vehicle_nothing_is_kept(client: TestClient, watched: Watched) -> None:
    for _ in range(2):
        assert client.get(f"{HERE}&{VAN}").status_code == 200
    assert len(watched.told) == 2
    assert services(client).timetables.bytes == 0


@contextmanager
def full_lane(client: TestClient) -> Iterator[None]:
    lane = services(client).lane
    usual, lane.most_waiting = lane.most_waiting, 0
    yield
    lane.most_waiting = usual


def test_beyond_the_queue_callers_are_told_to_come_again(client: TestClient) -> None:
    kept = client.get(HERE)
    with full_lane(client):
        for asked in (f"{HERE}&class=light_box_electric", f"{HERE}&{VAN}"):
            reply = client.get(asked)
            problem = refusal(reply, 503, "busy")
            assert problem["type"] == "/problems/busy"
            assert int(reply.headers["retry-after"]) > 0
        # What is kept, and all that is short, is answered.
        assert client.get(HERE).content == kept.content
        assert client.get("/readyz").status_code == 200
    assert client.get(f"{HERE}&{VAN}").status_code == 200


def test_turns_come_in_order_and_the_queue_is_bounded() -> None:
    async def work() -> list[int]:
        lane, order, go_on = Lane(most_waiting=2), list[int](), asyncio.Event()

        async def piece(number: int) -> None:
            async with lane.turn():
                await go_on.wait()
                order.append(number)

        pieces = []
        for number in range(3):
            pieces.append(asyncio.create_task(piece(number)))
            await asyncio.sleep(0)
        with pytest.raises(Refused) as refused:
            await piece(3)
        assert refused.value.kind.slug == "busy"
        # Who leaves the queue makes room, and who fails hands the turn on.
        pieces[1].cancel()
        await asyncio.sleep(0)
        pieces.append(asyncio.create_task(piece(4)))
        await asyncio.sleep(0)
        pieces[0].cancel()
        go_on.set()
        await asyncio.gather(*pieces, return_exceptions=True)
        async with lane.turn():
            return order

    assert asyncio.run(work()) == [2, 4]


def test_what_is_kept_is_bounded_and_the_oldest_goes_first() -> None:
    recent = Recent(most_bytes=10)
    a, b, c, large = (tagged(body, "text/plain") for body in (b"aaaa", b"bbbb", b"cccc", b"x" * 11))
    recent.keep("a", a)
    recent.keep("a", a)
    recent.keep("b", b)
    assert recent.bytes == 8
    assert recent.find("a") is a
    recent.keep("c", c)
    assert [recent.find(key) for key in "abc"] == [a, None, c]
    recent.keep("large", large)
    assert [recent.find(key) for key in ("large", "a", "c")] == [None, a, c]
