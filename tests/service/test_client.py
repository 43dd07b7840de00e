"""The client that callers copy: its examples against a real server, and its patience against one that is scripted."""

import ast
import doctest
import json
import threading
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import ClassVar

import pytest

from service import client as client_module
from service.client import Answer, Client, NotInPlan, Point, Question, Refusal, Refused, Unreachable, Verdict, Zone
from tests.support.running import running_server

SOURCE = Path(client_module.__file__)
VAN = {"vehicle_type": "H32", "energy": "diesel", "emission_stage": 5}
ASKED = Question(VAN, Zone("sy-second-ring"), at="2026-11-24T08:12:00+08:00", ref="stop-881")


@pytest.fixture(scope="module")
def base(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with running_server(tmp_path_factory.mktemp("client")) as server:
        yield server.base


@pytest.fixture
def tongxing(base: str) -> Iterator[Client]:
    with Client(base) as opened:
        yield opened


def test_its_examples_are_true(base: str) -> None:
    tests = doctest.DocTestParser().get_doctest(
        str(client_module.__doc__).replace("http://127.0.0.1:8000", base),
        dict(vars(client_module)),
        "service.client",
        str(SOURCE),
        0,
    )
    assert len(tests.examples) >= 9
    result = doctest.DocTestRunner(optionflags=doctest.NORMALIZE_WHITESPACE).run(tests)
    assert result.failed == 0


def test_an_answer_can_be_called_up_again(tongxing: Client) -> None:
    given = tongxing.decide(ASKED)
    shown = tongxing.decision(given.id)
    assert shown == given
    assert shown.document == given.document
    assert given.ref == "stop-881"


def test_one_key_one_decision(tongxing: Client) -> None:
    first, second, other = (tongxing.decide(ASKED, key) for key in ("van-7", "van-7", None))
    assert first.id == second.id
    assert other.id != first.id


def test_more_questions_than_one_batch_takes(tongxing: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(client_module, "MOST_AT_ONCE", 3)
    hours = [
        Question(VAN, Zone("sy-second-ring"), f"2026-11-24T{hour:02}:30:00+08:00", ref=str(hour)) for hour in range(7)
    ]
    answers = tongxing.decide_many([*hours, Question({"size": "huge"}, Zone("sy-second-ring"))])
    assert [each.ref for each in answers] == ["0", "1", "2", "3", "4", "5", "6", None]
    verdicts = [each.verdict for each in answers if isinstance(each, Answer)]
    assert verdicts == [*[Verdict.ALLOWED] * 7]
    assert isinstance(answers[-1], Refusal)
    assert (answers[-1].status, answers[-1].codes) == (422, ("unknown-code",))


def test_a_plan_for_vroom(tongxing: Client) -> None:
    start, end = datetime(2026, 11, 23, 21, tzinfo=UTC), datetime(2026, 11, 24, 4, tzinfo=UTC)
    plan = tongxing.plan(
        {"D5": VAN, "same": VAN},
        {"centre": Zone("sy-second-ring"), "dot": Point(123.43, 41.8, "wgs84")},
        start,
        end,
        vroom=True,
    )
    windows = plan.time_windows("D5", "centre")
    # 05:00-07:00 and 09:00-12:00 in Shenyang; VROOM counts the last second in.
    began = int(start.timestamp())
    assert windows == [[began, began + 2 * 3600 - 1], [began + 4 * 3600, began + 7 * 3600 - 1]]
    assert plan.time_windows("same", "centre") == windows
    for profile, place in (("D5", "elsewhere"), ("D6", "centre")):
        with pytest.raises(NotInPlan, match="none of the p"):
            plan.time_windows(profile, place)
    with pytest.raises(NotInPlan, match=r"made with vroom=True; ask time_windows\(\)"):
        plan.intervals("D5", "centre")
    plain = tongxing.plan({"D5": VAN}, {"centre": Zone("sy-second-ring")}, start, end)
    with pytest.raises(NotInPlan, match=r"made without vroom=True; ask intervals\(\)"):
        plain.time_windows("D5", "centre")


def test_all_zones_page_after_page(tongxing: Client) -> None:
    zones = list(tongxing.zones(city="shenyang", limit="10"))
    assert len(zones) > 20
    assert len({zone["id"] for zone in zones}) == len(zones)
    assert {zone["city"] for zone in zones} == {"shenyang"}
    assert {zone["id"] for zone in tongxing.zones(city="shenyang", geometry=True)} == {zone["id"] for zone in zones}


def test_threads_have_connections_of_their_own(tongxing: Client) -> None:
    with ThreadPoolExecutor(4) as pool:
        answers = list(pool.map(tongxing.decide, [ASKED] * 12))
    assert len({answer.id for answer in answers}) == 12


@dataclass
class Script:
    """What a scripted server says, reply by reply, and what it was asked. A reply of None is a connection cut."""

    replies: list[tuple[int, dict[str, str], object] | None]
    asked: list[tuple[str, str, dict[str, str], bytes]] = field(default_factory=list)


@contextmanager
def scripted(
    replies: Sequence[tuple[int, dict[str, str], object] | None], attempts: int = 5, **patience: float
) -> Iterator[tuple[Client, Script]]:
    """A client of a server that says these things."""
    script = Script(list(replies))

    class Handler(BaseHTTPRequestHandler):
        protocol_version: ClassVar[str] = "HTTP/1.1"

        def do_GET(self) -> None:
            body = self.rfile.read(int(self.headers.get("content-length", 0)))
            script.asked.append((self.command, self.path, {k.lower(): v for k, v in self.headers.items()}, body))
            reply = script.replies.pop(0)
            if reply is None:
                self.close_connection = True
                return
            status, headers, document = reply
            content = document if isinstance(document, bytes) else json.dumps(document).encode()
            self.send_response_only(status)
            for name, value in {"Content-Length": str(len(content)), **headers}.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(content)

        do_POST = do_GET

        def log_message(self, format: str, *args: object) -> None:
            """Nobody reads it."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, args=(0.01,))
    thread.start()
    try:
        with Client(f"http://127.0.0.1:{server.server_address[1]}", attempts=attempts, **patience) as tongxing:
            yield tongxing, script
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


PROBLEM = {"title": "Unavailable", "status": 503, "request_id": "r", "errors": [{"code": "unavailable", "en": "later"}]}
HELLO: tuple[int, dict[str, str], object] = (200, {}, {"hello": 1})
DATE = {"Date": "Tue, 24 Nov 2026 00:00:00 GMT"}


@pytest.mark.parametrize(
    "first",
    [
        (503, {"Retry-After": "0"}, PROBLEM),
        (429, {"Retry-After": "0"}, PROBLEM),
        (409, {"Retry-After": "0"}, PROBLEM),
        (503, {"Retry-After": "Tue, 24 Nov 2026 00:00:00 GMT", **DATE}, PROBLEM),
        (503, {"Retry-After": "soon"}, PROBLEM),
        (503, {}, b"<html>a proxy's own words</html>"),
        None,
    ],
)
def test_what_may_help_is_tried_again(first: tuple[int, dict[str, str], object] | None) -> None:
    with scripted([first, HELLO]) as (tongxing, script):
        assert tongxing.get("/x") == {"hello": 1}
    assert len(script.asked) == 2


def test_a_question_sent_again_is_the_same_question(tongxing: Client) -> None:
    answer = tongxing.decide(ASKED)
    with scripted([None, (503, {"Retry-After": "0"}, PROBLEM), (200, {}, answer.document)]) as (again, script):
        assert again.decide(ASKED) == answer
    keys = {headers["idempotency-key"] for _, _, headers, _ in script.asked}
    assert len(script.asked) == 3
    assert len(keys) == 1
    assert len({body for _, _, _, body in script.asked}) == 1


IN_USE: tuple[int, dict[str, str], object] = (
    409,
    {"Retry-After": "0"},
    {**PROBLEM, "status": 409, "errors": [{"pointer": "", "code": "idempotency-key-in-use", "en": "under way"}]},
)


def test_an_answer_under_way_is_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    slept: list[float] = []
    monkeypatch.setattr(client_module.time, "sleep", slept.append)
    with scripted([*[IN_USE] * 9, (200, {}, {"answers": []})], attempts=1) as (tongxing, script):
        assert tongxing.decide_many([ASKED], key="morning") == []
    assert len(script.asked) == 10
    assert {headers["idempotency-key"] for _, _, headers, _ in script.asked} == {"morning-1"}
    assert len(slept) == 9
    assert slept[0] < slept[2] < slept[4] < slept[6]


def test_but_not_for_ever() -> None:
    with scripted([IN_USE] * 9, attempts=1, longest_wait=0.3) as (tongxing, script):
        with pytest.raises(Refused, match="409 Unavailable: under way"):
            tongxing.decide(ASKED)
        assert 2 <= len(script.asked) <= 5
    in_five_seconds = (409, {"Retry-After": "5"}, IN_USE[2])
    with scripted([in_five_seconds] * 2, longest_wait=4.0) as (tongxing, script):
        with pytest.raises(Refused):
            tongxing.decide(ASKED)
        assert len(script.asked) == 1
    with scripted([in_five_seconds] * 2, long_timeout=4.0) as (tongxing, script):
        with pytest.raises(Refused):
            tongxing.decide_many([ASKED])
        assert len(script.asked) == 1


def test_batches_have_a_key_each_and_plans_have_one(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(client_module, "MOST_AT_ONCE", 2)
    none: tuple[int, dict[str, str], object] = (200, {}, {"answers": []})
    with scripted([none, none, none]) as (tongxing, script):
        tongxing.decide_many([ASKED] * 3, key="k")
        tongxing.plan({}, {}, "a", "b", key="p")
        with pytest.raises(ValueError, match="255 visible ASCII"):
            tongxing.decide_many([ASKED], key="k" * 254)
    assert [headers["idempotency-key"] for _, _, headers, _ in script.asked] == ["k-1", "k-2", "p"]


@pytest.mark.parametrize("key", ["中", "", "a b", "a\n", "k" * 256])
def test_a_key_that_no_header_takes_is_refused_before_it_is_sent(tongxing: Client, key: str) -> None:
    with pytest.raises(ValueError, match="1 to 255 visible ASCII characters"):
        tongxing.decide(ASKED, key)
    assert tongxing.decide(ASKED).ref == ASKED.ref


def test_half_a_request_is_not_left_for_the_next_one() -> None:
    with scripted([HELLO, HELLO]) as (tongxing, script):
        assert tongxing.get("/x") == {"hello": 1}
        tongxing._headers["X-Depot"] = "沈阳"
        with pytest.raises(UnicodeEncodeError):
            tongxing.get("/x")
        del tongxing._headers["X-Depot"]
        assert tongxing.get("/y") == {"hello": 1}
    assert [path for _, path, _, _ in script.asked] == ["/x", "/y"]


def test_a_refusal_says_its_places() -> None:
    errors = [
        {"pointer": "", "code": "a", "en": "no place"},
        {"pointer": "/at", "code": "b", "en": "one"},
        {"pointer": "/at", "pointers": ["/at", "/place"], "code": "c", "en": "two"},
        "a proxy's own",
    ]
    refused = Refused(422, {"title": "Invalid", "request_id": "r", "errors": errors})
    assert str(refused) == "422 Invalid: no place; /at: one; /at, /place: two (request r)"
    assert refused.codes == ("a", "b", "c")


def test_it_gives_up_in_the_end() -> None:
    with scripted([(503, {"Retry-After": "0"}, PROBLEM)] * 3, attempts=3) as (tongxing, script):
        with pytest.raises(Refused) as refused:
            tongxing.get("/x")
        assert (refused.value.status, refused.value.codes, refused.value.request_id) == (503, ("unavailable",), "r")
    assert len(script.asked) == 3
    with scripted([None, None], attempts=2) as (tongxing, script), pytest.raises(Unreachable):
        tongxing.get("/x")


@pytest.mark.parametrize("later", ["3600", "Tue, 24 Nov 2026 01:00:00 GMT"])
def test_it_does_not_sleep_for_an_hour(later: str) -> None:
    with scripted([(429, {"Retry-After": later, **DATE}, PROBLEM)]) as (tongxing, script), pytest.raises(Refused):
        tongxing.get("/x")
    assert len(script.asked) == 1


@pytest.mark.parametrize("status", [400, 404, 413, 422, 500])
def test_what_would_not_help_is_not_tried_again(status: int) -> None:
    problem = (status, {}, {**PROBLEM, "status": status})
    with scripted([problem]) as (tongxing, script), pytest.raises(Refused) as refused:
        tongxing.get("/x")
    assert refused.value.status == status
    assert len(script.asked) == 1


def test_what_has_not_changed_is_not_sent_again() -> None:
    replies = [(200, {"ETag": '"a"'}, {"n": 1}), (304, {"ETag": '"a"'}, b""), (200, {"ETag": '"b"'}, {"n": 2})]
    with scripted(replies) as (tongxing, script):
        assert [tongxing.get("/x") for _ in range(3)] == [{"n": 1}, {"n": 1}, {"n": 2}]
    assert [headers.get("if-none-match") for _, _, headers, _ in script.asked] == [None, '"a"', '"a"']


def test_not_everything_is_kept_for_ever(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(client_module, "_KEPT_ANSWERS", 1)
    replies = [(200, {"ETag": f'"{number}"'}, {}) for number in range(3)]
    with scripted(replies) as (tongxing, script):
        for path in ("/a", "/b", "/a"):
            tongxing.get(path)
    assert [headers.get("if-none-match") for _, _, headers, _ in script.asked] == [None, None, None]


def test_mistakes_that_need_no_server() -> None:
    with pytest.raises(ValueError, match="offset"):
        Question(VAN, Zone("z"), at=datetime(2026, 11, 24)).document()
    for base in ("127.0.0.1:8000", "ftp://somewhere", "http://"):
        with pytest.raises(ValueError, match="expected an address"):
            Client(base)


def test_undetermined_and_illustrative_are_no_permission(tongxing: Client) -> None:
    open_stage = {name: value for name, value in VAN.items() if name != "emission_stage"}
    noon = "2026-11-24T12:30:00+08:00"
    undetermined = tongxing.decide(Question(open_stage, Zone("sy-second-ring"), noon))
    assert (undetermined.verdict, undetermined.may_enter) == (Verdict.UNDETERMINED, False)
    assert undetermined.missing == ("emission_stage",)
    fresh = tongxing.decide(Question({**VAN, "cargo": ["fresh_produce"]}, Zone("sy-second-ring"), ASKED.at))
    assert (fresh.verdict, fresh.verdict_by_law, fresh.may_enter) == (Verdict.ALLOWED, Verdict.PROHIBITED, False)
    assert fresh.illustrative


def test_it_is_one_file_for_python_3_9() -> None:
    tree = ast.parse(SOURCE.read_text(encoding="utf-8"), feature_version=(3, 9))
    imported = {
        name.partition(".")[0]
        for node in ast.walk(tree)
        for name in (
            [alias.name for alias in node.names]
            if isinstance(node, ast.Import)
            else [str(node.module)]
            if isinstance(node, ast.ImportFrom)
            else []
        )
    }
    assert not imported & {"rules", "geodata", "service", "pydantic", "httpx"}
