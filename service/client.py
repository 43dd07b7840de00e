"""A client for Tongxing in one file. Copy it into your own code: it needs Python 3.9 or newer and nothing else.

>>> tongxing = Client("http://127.0.0.1:8000")
>>> van = {"vehicle_type": "H32", "energy": "diesel", "emission_stage": 5}
>>> answer = tongxing.decide(Question(van, Zone("sy-second-ring"), at="2026-11-24T08:12:00+08:00", ref="stop-881"))
>>> answer.verdict, answer.holds_until, answer.grounds
(<Verdict.PROHIBITED: 'prohibited'>, '2026-11-24T09:00:00+08:00', ('sy-2021/second-ring-peaks',))
>>> answer.may_enter
False

Many questions at once; one that cannot be answered is a `Refusal` in its place, and fails no other:

>>> many = tongxing.decide_many([
...     Question(van, Point(123.421149, 41.804443, "gcj02", accuracy_m=30), at="2026-11-24T12:00:00+08:00"),
...     Question({"vehicle_type": "nonsense"}, Zone("sy-second-ring"), ref="stop-882"),
... ])
>>> [each.verdict if isinstance(each, Answer) else each.codes for each in many]
[<Verdict.ALLOWED: 'allowed'>, ('unknown-code',)]

A day planned ahead, for each kind of van and each place:

>>> plan = tongxing.plan({"D5": van}, {"centre": Zone("sy-second-ring")},
...                      "2026-11-24T05:00:00+08:00", "2026-11-24T12:00:00+08:00")
>>> [(each.start[11:16], each.end[11:16], each.verdict.value) for each in plan.intervals("D5", "centre")]
[('05:00', '07:00', 'allowed'), ('07:00', '09:00', 'prohibited'), ('09:00', '12:00', 'allowed')]

What cannot be asked at all raises `Refused`, what could not be reached `Unreachable`:

>>> try:
...     tongxing.decide(Question(van, Zone("sy-secnd-ring")))
... except Refused as refused:
...     print(refused.status, refused.codes, refused.errors[0]["nearest"])
422 ('unknown-zone',) sy-second-ring

Every POST carries an Idempotency-Key, so a request that is sent again after a lost reply is answered by the decision
that was kept the first time. Requests are sent again after a broken connection and after 409, 429 and 503, when
Retry-After says so; while the first of them is under way (409 `idempotency-key-in-use`), its answer is waited for
without counting attempts. Answers that the service marks with an ETag are kept and asked for again with If-None-Match.

A client may be used by several threads; each has a connection of its own. `close` closes them all, and so does the end
of a `with` block.

>>> tongxing.close()
"""

from __future__ import annotations

import email.utils
import http.client
import json
import random
import re
import threading
import time
import uuid
from collections import OrderedDict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import Enum
from functools import cached_property
from typing import Any
from urllib.parse import quote, urlencode, urlsplit

MOST_AT_ONCE = 1_000
"""Questions in one batch."""

_AGAIN = (409, 429, 503)
_KEPT_ANSWERS = 256
_LONGEST_PAUSE = 10.0
_KEY = re.compile("[!-~]{1,255}")


class Verdict(str, Enum):  # noqa: UP042 (StrEnum is younger than Python 3.9)
    """What the notices on record say. There will be no fourth."""

    ALLOWED = "allowed"
    UNDETERMINED = "undetermined"
    PROHIBITED = "prohibited"


class TongxingError(Exception):
    """Anything that this client raises."""


class Unreachable(TongxingError):
    """No reply, after every attempt."""


class NotInPlan(TongxingError):
    """A plan was asked for what it does not hold: a ref that it was not made for, or the other format."""


class Refused(TongxingError):
    """A reply that is a problem (RFC 9457): `errors` name the places in the request, `codes` what is wrong there."""

    def __init__(self, status: int, problem: Mapping[str, Any]) -> None:
        self.status = status
        self.problem = problem
        self.request_id: str | None = problem.get("request_id")
        # A proxy in between may have its own kind of errors.
        said = [each for each in problem.get("errors") or () if isinstance(each, dict)]
        self.errors: Sequence[Mapping[str, Any]] = [each for each in said if "code" in each and "en" in each]
        self.codes = tuple(str(error["code"]) for error in self.errors)
        told = "; ".join(_told(error) for error in self.errors)
        super().__init__(f"{status} {problem.get('title', '')}: {told} (request {self.request_id})")


@dataclass(frozen=True)
class Zone:
    """A place by the id of a zone: that zone and those that contain it apply."""

    id: str
    heading_deg: float | None = None

    def document(self) -> dict[str, Any]:
        return _without_none({"zone": self.id, "heading_deg": self.heading_deg})


@dataclass(frozen=True)
class Point:
    """A place by longitude and latitude in degrees. `crs` is wgs84, cgcs2000, gcj02 or bd09ll, and never guessed."""

    lon: float
    lat: float
    crs: str
    accuracy_m: float | None = None
    heading_deg: float | None = None
    level: str | None = None

    def document(self) -> dict[str, Any]:
        return _without_none(vars(self))


@dataclass(frozen=True)
class Question:
    """May this vehicle be here at this time? `vehicle` as in the API. `at`: RFC 3339 or aware datetime; None: now."""

    vehicle: Mapping[str, Any]
    place: Zone | Point
    at: str | datetime | None = None
    stay_minutes: int | None = None
    ref: str | None = None

    def document(self) -> dict[str, Any]:
        return _without_none(
            {
                "vehicle": dict(self.vehicle),
                "place": self.place.document(),
                "at": None if self.at is None else _instant(self.at),
                "stay_minutes": self.stay_minutes,
                "ref": self.ref,
            }
        )


@dataclass(frozen=True)
class Interval:
    """`[start, end)`, RFC 3339; no end: none before the horizon."""

    start: str
    end: str | None


@dataclass(frozen=True)
class Answer:
    """One decision. `document` is all of it; what is typed here is what programs act on."""

    document: Mapping[str, Any] = field(repr=False)
    id: str
    ref: str | None
    verdict: Verdict
    verdict_by_law: Verdict
    illustrative: bool
    reason: str
    summary_zh: str
    summary_en: str
    holds_from: str | None
    holds_until: str | None
    next_allowed: tuple[Interval, ...]
    grounds: tuple[str, ...]
    missing: tuple[str, ...]
    assumed: tuple[str, ...]

    @property
    def may_enter(self) -> bool:
        """Whether the notices that are law allow it. Undetermined is no permission, and nor is an illustrative one."""
        return self.verdict is Verdict.ALLOWED and self.verdict_by_law is Verdict.ALLOWED

    @staticmethod
    def of(document: Mapping[str, Any]) -> Answer:
        return Answer(
            document=document,
            id=document["id"],
            ref=document["ref"],
            verdict=Verdict(document["verdict"]),
            verdict_by_law=Verdict(document["verdict_by_law"]),
            illustrative=document["illustrative"],
            reason=document["reason"],
            summary_zh=document["summary"]["zh"],
            summary_en=document["summary"]["en"],
            holds_from=document["holds_from"],
            holds_until=document["holds_until"],
            next_allowed=tuple(Interval(each["from"], each["until"]) for each in document["next_allowed"]),
            grounds=tuple(each["restriction"] for each in document["grounds"]),
            missing=tuple(document["missing"]),
            assumed=tuple(document["assumed"]),
        )


@dataclass(frozen=True)
class Refusal:
    """A question of a batch that could not be answered, as it would have been refused alone."""

    ref: str | None
    status: int
    errors: Sequence[Mapping[str, Any]]

    @property
    def codes(self) -> tuple[str, ...]:
        return tuple(str(error["code"]) for error in self.errors)


@dataclass(frozen=True)
class Planned:
    """`[start, end)` of a plan, with what decides it where it is not allowed, and what is missing where it is open."""

    start: str
    end: str
    verdict: Verdict
    verdict_by_law: Verdict
    restriction: str | None
    missing: tuple[str, ...]


@dataclass(frozen=True)
class Plan:
    """When in a period each profile may be at each place. Equal ones are answered once, and found here by ref."""

    document: Mapping[str, Any] = field(repr=False)

    def intervals(self, profile: str, place: str) -> tuple[Planned, ...]:
        """The whole period in order, for a profile and a place by their refs; NotInPlan for others."""
        return tuple(
            Planned(
                each["from"],
                each["until"],
                Verdict(each["verdict"]),
                Verdict(each["verdict_by_law"]),
                each["restriction"],
                tuple(each["missing"]),
            )
            for each in self._schedule(profile, place, "intervals")
        )

    def time_windows(self, profile: str, place: str) -> list[list[int]]:
        """For a plan made with `vroom=True`: `time_windows` of a VROOM job. Empty: leave the job out."""
        found: list[list[int]] = self._schedule(profile, place, "time_windows")
        return found

    def _schedule(self, profile: str, place: str, form: str) -> Any:
        for name, ref in (("profiles", profile), ("places", place)):
            if ref not in self._groups[name]:
                raise NotInPlan(f"{ref!r} is none of the {name} of this plan")
        groups = (self._groups["profiles"][profile], self._groups["places"][place])
        schedule: Mapping[str, Any] = self.document["schedules"][self._schedules[groups]]
        if form not in schedule:
            made, ask = ("with", "time_windows()") if form == "intervals" else ("without", "intervals()")
            raise NotInPlan(f"this plan was made {made} vroom=True; ask {ask}")
        return schedule[form]

    @cached_property
    def _groups(self) -> Mapping[str, Mapping[str, int]]:
        return {name: {each["ref"]: each["group"] for each in self.document[name]} for name in ("profiles", "places")}

    @cached_property
    def _schedules(self) -> Mapping[tuple[int, int], int]:
        return {(each["profile_group"], each["place_group"]): each["schedule"] for each in self.document["windows"]}


class Client:
    """Asks one Tongxing.

    `timeout` is in seconds for each attempt, `long_timeout` the same for batches and plans; `attempts` the most times a
    request is sent. Told to come back later than in `longest_wait` seconds, it raises Refused instead of waiting. An
    answer that is under way is waited for as long in total, that of a batch or a plan for `long_timeout`. `headers` go
    with every request. `key` of any call: your own Idempotency-Key, if the request may outlive this process; 1 to 255
    visible ASCII characters, else ValueError.
    """

    def __init__(
        self,
        base: str,
        timeout: float = 10.0,
        attempts: int = 5,
        longest_wait: float = 30.0,
        headers: Mapping[str, str] | None = None,
        long_timeout: float = 120.0,
    ) -> None:
        address = urlsplit(base)
        if address.scheme not in ("http", "https") or not address.hostname:
            raise ValueError(f"expected an address such as http://127.0.0.1:8000, found {base!r}")
        self._address = address
        self._timeout = timeout
        self._long_timeout = long_timeout
        self._attempts = attempts
        self._longest_wait = longest_wait
        self._headers = dict(headers or {})
        self._of_thread = threading.local()
        self._connections: list[http.client.HTTPConnection] = []
        self._kept: OrderedDict[str, tuple[str, Any]] = OrderedDict()
        self._lock = threading.Lock()

    def __enter__(self) -> Client:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Close the connections of all threads. The client may be used again afterwards."""
        with self._lock:
            for connection in self._connections:
                connection.close()

    def decide(self, question: Question, key: str | None = None) -> Answer:
        """The answer to one question."""
        return Answer.of(self._post("/v1/decisions", question.document(), key))

    def decide_many(self, questions: Iterable[Question], key: str | None = None) -> list[Answer | Refusal]:
        """An answer or a refusal for each question, in order. Batches of 1,000 go under keys `key-1`, `key-2`, ..."""
        asked = [each.document() for each in questions]
        found: list[Answer | Refusal] = []
        batches = [asked[first : first + MOST_AT_ONCE] for first in range(0, len(asked), MOST_AT_ONCE)]
        # All before anything is sent: the last key may be too long.
        keys = [_key(None if key is None else f"{key}-{number}") for number, _ in enumerate(batches, 1)]
        for number, batch in enumerate(batches):
            reply = self._post("/v1/decisions/batch", {"questions": batch}, keys[number], long=True)
            for each in reply["answers"]:
                if "decision" in each:
                    found.append(Answer.of(each["decision"]))
                else:
                    found.append(Refusal(each["ref"], each["problem"]["status"], each["problem"]["errors"]))
        return found

    def plan(
        self,
        profiles: Mapping[str, Mapping[str, Any]],
        places: Mapping[str, Zone | Point],
        start: str | datetime,
        end: str | datetime,
        vroom: bool = False,
        key: str | None = None,
    ) -> Plan:
        """A plan for every profile (vehicles by ref) at every place (by ref) in `[start, end)`, at most 7 days."""
        asked = {
            "from": _instant(start),
            "until": _instant(end),
            "profiles": [{"ref": ref, "vehicle": dict(vehicle)} for ref, vehicle in profiles.items()],
            "places": [{"ref": ref, **place.document()} for ref, place in places.items()],
        }
        return Plan(self._post("/v1/windows?format=vroom" if vroom else "/v1/windows", asked, key, long=True))

    def decision(self, decision_id: str) -> Answer:
        """A decision as it was given."""
        return Answer.of(self.get(f"/v1/decisions/{quote(decision_id, safe='')}"))

    def zones(self, **filters: str | int) -> Iterator[Mapping[str, Any]]:
        """The zones, page after page; filters such as `city` and `geometry` as in the API."""
        said = {name: str(value).lower() if isinstance(value, bool) else value for name, value in filters.items()}
        path: str | None = "/v1/zones" + (f"?{urlencode(said)}" if said else "")
        while path is not None:
            page = self.get(path)
            yield from page["zones"]
            path = page["next"]

    def get(self, path: str) -> Any:
        """What a GET gives; if it has an ETag it is kept, and asked for again only in case it changed."""
        with self._lock:
            kept = self._kept.get(path)
        status, headers, content = self._exchange("GET", path, None, {"If-None-Match": kept[0]} if kept else {})
        if status == 304 and kept is not None:
            return kept[1]
        document = json.loads(content)
        if "etag" in headers:
            with self._lock:
                self._kept[path] = (headers["etag"], document)
                self._kept.move_to_end(path)
                while len(self._kept) > _KEPT_ANSWERS:
                    self._kept.popitem(last=False)
        return document

    def _post(self, path: str, document: Any, key: str | None, long: bool = False) -> Any:
        body = json.dumps(document, ensure_ascii=False).encode()
        headers = {"Content-Type": "application/json", "Idempotency-Key": _key(key)}
        return json.loads(self._exchange("POST", path, body, headers, long)[2])

    def _exchange(
        self, method: str, path: str, body: bytes | None, headers: Mapping[str, str], long: bool = False
    ) -> tuple[int, Mapping[str, str], bytes]:
        """One request, sent again where that may help; Refused for a problem, Unreachable for no reply."""
        attempt, waits, deadline = 1, 0, None
        while True:
            try:
                status, told, content = self._send(method, path, body, headers, long)
            except (OSError, http.client.HTTPException) as error:
                if attempt >= self._attempts:
                    raise Unreachable(f"{method} {path.partition('?')[0]}: {type(error).__name__}: {error}") from error
                time.sleep(_wait(attempt, {}))
                attempt += 1
                continue
            if status < 400:
                return status, told, content
            refused = Refused(status, _problem(content))
            if "idempotency-key-in-use" in refused.codes:
                waits += 1
                deadline = deadline or time.monotonic() + (self._long_timeout if long else self._longest_wait)
                most = deadline - time.monotonic()
                wait = max(_wait(waits, told), min(_wait(waits, {}), most))
            else:
                most, wait = self._longest_wait, _wait(attempt, told)
                if status not in _AGAIN or attempt >= self._attempts:
                    raise refused
                attempt += 1
            if wait > most:
                raise refused
            time.sleep(wait)

    def _send(
        self, method: str, path: str, body: bytes | None, headers: Mapping[str, str], long: bool
    ) -> tuple[int, Mapping[str, str], bytes]:
        connection: http.client.HTTPConnection | None = getattr(self._of_thread, "connection", None)
        if connection is None:
            kind = http.client.HTTPSConnection if self._address.scheme == "https" else http.client.HTTPConnection
            connection = kind(str(self._address.hostname), self._address.port)
            self._of_thread.connection = connection
            with self._lock:
                self._connections.append(connection)
        connection.timeout = self._long_timeout if long else self._timeout
        try:
            if connection.sock is not None:
                connection.sock.settimeout(connection.timeout)
            connection.request(method, self._address.path.rstrip("/") + path, body, {**self._headers, **headers})
            reply = connection.getresponse()
            content = reply.read()
        except BaseException:
            # Half a request may be left in its buffer, and would go before the next one.
            connection.close()
            del self._of_thread.connection
            with self._lock:
                self._connections.remove(connection)
            raise
        return reply.status, {name.lower(): value for name, value in reply.getheaders()}, content


def _key(key: str | None) -> str:
    if key is not None and not _KEY.fullmatch(key):
        raise ValueError("an Idempotency-Key is 1 to 255 visible ASCII characters, without spaces")
    return key or str(uuid.uuid4())


def _told(error: Mapping[str, Any]) -> str:
    places = ", ".join(error.get("pointers") or [error.get("pointer", "")])
    return f"{places}: {error['en']}" if places else str(error["en"])


def _problem(content: bytes) -> Mapping[str, Any]:
    try:
        problem = json.loads(content)
    except ValueError:
        # A proxy in between may answer in its own words.
        return {}
    return problem if isinstance(problem, dict) else {}


def _wait(attempt: int, headers: Mapping[str, str]) -> float:
    """Seconds before the next attempt: what Retry-After says, else twice as long each time, spread by chance."""
    said = headers.get("retry-after", "")
    if said.isdigit():
        return float(said)
    try:
        # The service's own clock is asked, so that it does not matter how wrong ours is.
        until, now = (email.utils.parsedate_to_datetime(text) for text in (said, headers.get("date", "")))
        return max(float((until - now).total_seconds()), 0.0)
    except (TypeError, ValueError):
        return float(min(0.1 * 2**attempt, _LONGEST_PAUSE)) * random.uniform(0.5, 1.0)


def _instant(at: str | datetime) -> str:
    if isinstance(at, str):
        return at
    if at.tzinfo is None:
        raise ValueError("a time needs an offset: which city's clock is it?")
    return at.isoformat()


def _without_none(document: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in document.items() if value is not None}
