"""Instants, local times, clocks, hours and dates, and the query string they come in. An input is one text."""

import random
import re
from urllib.parse import quote
from zoneinfo import ZoneInfo

from starlette.requests import Request

from rules.articles import clock_text
from rules.errors import Fault, InvalidVehicle
from rules.fields import Table
from rules.reading import read_vehicle
from service.api.problems import Refused
from service.api.query import read_query
from service.instants import FIRST_YEAR, LAST_YEAR, NotAnInstant, parse_instant, parse_local, written
from tests.fuzz.target import MARK, ODD, Pool, Target, tweaked

# Plain, with daylight saving, with half an hour of it, a day that never was, and an offset with seconds until 1972.
_ZONES = tuple(
    map(ZoneInfo, ("Asia/Shanghai", "America/New_York", "Australia/Lord_Howe", "Pacific/Apia", "Africa/Monrovia"))
)
_NOW = 1_795_478_400

_SEEDS = (
    *("2026-11-24T08:12:00+08:00", "2026-11-24t00:12:00.999z", "1900-01-01T00:00:00Z", "2200-12-31T23:59:59-23:59"),
    *("08:00", "2026-11-24 08:00", "2026-11-24 08:00:30", "2026-11-24T08:00:00 08:00", "2011-12-30 12:00"),
    *(
        "2026-03-08 02:30",
        "2026-11-01 01:30",
        "24:00",
        "06:30-08:30",
        "22:00-24:00",
        "2026-02-29",
        "0000-01-01T00:00:00Z",
    ),
    *("at=08%3A00&vehicle=truck", "at=%FF&at=1&&=&x", "2026-11-24T08:00:00", "1900-01-01T00:00:00+08:00"),
)
_WORDS = (
    *("T", "t", " ", "Z", "z", ":", "-", "+", ".", "&", "=", "%00", "%", "+08:00", "-23:59", "+24:00", ".123456789012"),
    *("1900", "1899", "2200", "2201", "-02-29", "-13-", "23:59:60", "24:00", "at=", "１", "٠", "\n", "T:", " :"),
)
_EDGES = (0, 1, 2, 12, 13, 23, 24, 29, 30, 31, 59, 60, 99, 1899, 1900, 2024, 2200, 2201)
_POOL = Pool((), (*_WORDS, *_SEEDS, *(each for each in ODD if isinstance(each, str))), ())


def check(data: bytes) -> bool:
    text = data.decode("utf-8", "replace")
    _check_query(data, text)
    _check_clock(text)
    _check_pass(text)
    return _check_instant(text) | any([_check_local(text, zone) for zone in _ZONES])


def _check_instant(text: str) -> bool:
    try:
        instant = parse_instant(text)
    except NotAnInstant as error:
        _check_words(error)
        return False
    for zone in _ZONES:
        # At the ends of the range a city may write a year that is beyond it.
        if FIRST_YEAR <= int(written(instant, zone)[:4]) <= LAST_YEAR:
            assert parse_instant(written(instant, zone)) == instant
    return True


def _check_local(text: str, zone: ZoneInfo) -> bool:
    try:
        instant = parse_local(text, zone, _NOW)
    except NotAnInstant as error:
        _check_words(error)
        return False
    again = written(instant, zone)
    if FIRST_YEAR <= int(again[:4]) <= LAST_YEAR:
        assert parse_local(again, zone, _NOW) == parse_local(again.replace("+", " "), zone, _NOW) == instant
    return True


def _check_words(error: NotAnInstant) -> None:
    assert error.code and MARK not in f"{error.zh}{error.en}"


def _check_clock(text: str) -> None:
    faults: list[Fault] = []
    table = Table({"time": text, "date": text}, "", faults)
    minute, end = table.minute("time"), table.minute("time", end=True)
    assert (minute is None or minute == end) and len(faults) == (minute is None) + (end is None)
    assert end is None or (0 <= end <= 1_440 and clock_text(end) == text)
    assert table.day("date") is table.moment("date") is None


def _check_pass(text: str) -> None:
    try:
        held = read_vehicle({"passes": [{"kind": "p", "hours": [text]}, {"kind": "p", "valid_from": text}]})
    except InvalidVehicle as error:
        assert all(MARK not in f"{fault.zh}{fault.en}" for fault in error.faults)
    else:
        raise AssertionError(f"hours and a date at once: {held}")


def _check_query(data: bytes, text: str) -> None:
    _query(data)
    found = _query(b"at=" + quote(text, safe="").encode())
    assert found == ({"at": [text]} if "\0" not in text else None)


def _query(raw: bytes) -> dict[str, list[str]] | None:
    scope = {"type": "http", "method": "GET", "path": "/", "headers": [], "query_string": raw}
    try:
        return read_query(Request(scope), once=("at", "vehicle"), several=("passes",))
    except Refused as refused:
        assert refused.flaws and all(MARK not in f"{flaw.zh}{flaw.en}{flaw.pointers}" for flaw in refused.flaws)
        return None


def mutation(data: bytes, rng: random.Random) -> bytes | None:
    text = data.decode("utf-8", "replace") if rng.random() < 0.7 else rng.choice(_SEEDS)
    for _ in range(rng.choice((1, 1, 1, 2, 4))):
        numbers = [*re.finditer("[0-9]+", text)]
        if not numbers or rng.random() < 0.4:
            text = tweaked(text, rng, _POOL)
            continue
        number = rng.choice(numbers)
        other = str(rng.choice((*_EDGES, rng.randrange(10 ** min(len(number[0]), 9))))).zfill(len(number[0]))
        text = text[: number.start()] + other + text[number.end() :]
    return text.encode("utf-8", "replace")


TARGET = Target(check, tuple(each.encode() for each in _SEEDS), mutation, _WORDS, 4_096)
