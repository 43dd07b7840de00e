"""Instants in and out: RFC 3339 and local times of a city to whole seconds since the epoch, and back.

Fractions of a second are cut off, never rounded up: 06:59:59.999 is before seven o'clock.

>>> parse_instant("2026-11-24T08:12:00+08:00") == parse_instant("2026-11-24t00:12:00.9z")
True
"""

import re
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta, timezone
from zoneinfo import ZoneInfo, reset_tzpath

from rules.model import HORIZON
from rules.windows import DAY, EPOCH, LocalClock

# The pinned tzdata package alone says what a time zone is: zone files of machines differ in age, and a common line of
# Dockerfiles makes them wrong (cpython issue 116676). This module is the first of the service to open one.
reset_tzpath(to=())

FIRST_YEAR, LAST_YEAR = 1900, 2200

_RFC3339 = re.compile(
    r"([0-9]{4}-[0-9]{2}-[0-9]{2})[Tt]([0-9]{2}:[0-9]{2}:[0-9]{2})(?:\.[0-9]{1,12})?"
    r"([Zz]|[+-](?:[01][0-9]|2[0-3]):[0-5][0-9])"
)
_LOCAL = re.compile(r"(?:([0-9]{4}-[0-9]{2}-[0-9]{2})[Tt ])?([0-9]{2}:[0-9]{2})(?::([0-9]{2}))?")
_LONGEST = 64


class NotAnInstant(ValueError):
    """What was written is no instant; `code` is stable, `zh` and `en` say what was expected and never repeat it."""

    def __init__(self, code: str, zh: str, en: str) -> None:
        self.code = code
        self.zh = zh
        self.en = en
        super().__init__(en)


# Words, not exceptions: one that is raised again keeps the frames of every earlier time, and what was written in them.
_WITHOUT_OFFSET = (
    "time-without-offset",
    "时间须带时区,例如 2026-11-24T08:00:00+08:00",
    "time needs an offset, for example 2026-11-24T08:00:00+08:00",
)
_NOT_A_TIME = (
    "invalid-datetime",
    "应为 RFC 3339 时间,例如 2026-11-24T08:00:00+08:00",
    "expected an RFC 3339 time, for example 2026-11-24T08:00:00+08:00",
)
_OUT_OF_RANGE = (
    "datetime-out-of-range",
    f"年份应在{FIRST_YEAR}至{LAST_YEAR}之间",
    f"the year must lie between {FIRST_YEAR} and {LAST_YEAR}",
)


def parse_instant(text: str) -> int:
    """The instant of an RFC 3339 date-time with offset; NotAnInstant for anything else."""
    match = _RFC3339.fullmatch(text) if len(text) <= _LONGEST and text.isascii() else None
    if match is None:
        if re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}[Tt][0-9]{2}:[0-9]{2}(:[0-9]{2}(\.[0-9]+)?)?", text[:_LONGEST]):
            raise NotAnInstant(*_WITHOUT_OFFSET)
        raise NotAnInstant(*_NOT_A_TIME)
    day, clock, offset = match.groups()
    return _instant(day, clock, UTC if offset in "Zz" else _offset(offset))


def with_plus(text: str) -> str:
    """A time whose offset lost its plus: in a query string `+` arrives as a space.

    >>> with_plus("2026-11-24T00:00:00 08:00"), with_plus("2026-11-24 08:00")
    ('2026-11-24T00:00:00+08:00', '2026-11-24 08:00')
    """
    # The length first: what is looked for takes cubic time in a long text of colons and spaces.
    if len(text) <= _LONGEST and re.fullmatch(r".*[Tt ].*:.* [0-9]{2}:[0-9]{2}", text):
        return re.sub(r" (?=[0-9]{2}:[0-9]{2}$)", "+", text)
    return text


def parse_local(text: str, zone: ZoneInfo, now: int) -> int:
    """An instant as people write it: `08:00` (today), `2026-11-24 08:00`, both local; or RFC 3339 with offset.

    A space before an offset is read as `with_plus` has it. A wall time that the clock skips is refused; one that it
    shows twice is the first.
    """
    match = None
    if len(text) <= _LONGEST and text.isascii():
        cleaned = with_plus(text)
        if _RFC3339.fullmatch(cleaned.replace(" ", "T", 1)):
            return parse_instant(cleaned.replace(" ", "T", 1))
        match = _LOCAL.fullmatch(text)
    if match is None:
        raise NotAnInstant(
            "invalid-datetime",
            "应为 08:00、2026-11-24 08:00 或带时区的时间",
            "expected 08:00, 2026-11-24 08:00 or a time with offset",
        )
    day, clock, seconds = match.groups()
    today = datetime.fromtimestamp(now, UTC).astimezone(zone).date().isoformat()
    instant = _instant(day or today, f"{clock}:{seconds or '00'}", zone)
    if datetime.fromtimestamp(instant, UTC).astimezone(zone).strftime("%H:%M") != clock:
        raise NotAnInstant("time-skipped", "该地方时因夏令时调整而不存在", "the clock skips this local time")
    return instant


def _instant(day: str, clock: str, zone: timezone | ZoneInfo) -> int:
    try:
        local = datetime.fromisoformat(f"{day}T{clock}")
    except ValueError as error:
        if day.startswith("0000"):
            raise NotAnInstant(*_OUT_OF_RANGE) from error
        raise NotAnInstant(*_NOT_A_TIME) from error
    if not FIRST_YEAR <= local.year <= LAST_YEAR:
        raise NotAnInstant(*_OUT_OF_RANGE)
    return int(local.replace(tzinfo=zone).timestamp())


def _offset(text: str) -> timezone:
    sign = -1 if text[0] == "-" else 1
    return timezone(sign * timedelta(hours=int(text[1:3]), minutes=int(text[4:6])))


def written(instant: int, zone: ZoneInfo) -> str:
    """An instant as RFC 3339 with the city's offset; in UTC where that offset has seconds, which RFC 3339 cannot say.

    >>> written(-2208988800, ZoneInfo("Asia/Shanghai"))
    '1900-01-01T00:00:00+00:00'
    """
    utc = datetime.fromtimestamp(instant, UTC)
    local = utc.astimezone(zone)
    offset = local.utcoffset()
    return (utc if offset is not None and offset.total_seconds() % 60 else local).isoformat()


def local_date(instant: int, zone: ZoneInfo) -> date:
    """The date that a city has at an instant."""
    return datetime.fromtimestamp(instant, UTC).astimezone(zone).date()


def local_clock(zone: ZoneInfo, at: int, stay: int = 0) -> LocalClock:
    """The offsets of a city from a horizon before `at` to a horizon after the stay, with a day to spare."""
    first, last = at - HORIZON - 2 * DAY, at + stay + HORIZON + 2 * DAY
    return LocalClock(tuple(_changes(zone, first, last)))


def day_start(clock: LocalClock, ordinal: int) -> int:
    """The first instant of a day (proleptic Gregorian ordinal) by the wall clock.

    Where the clock is put forward over midnight that is the instant of the change; where it shows midnight twice, the
    first. A day that it skips whole begins and ends at once.
    """
    midnight = ordinal * DAY
    for instant in clock.instants(midnight):
        return instant
    return next(shift for shift in clock.shifts() if clock.wall(shift - 1) < midnight <= clock.wall(shift))


def clock_of_years(zone: ZoneInfo, first: int, last: int) -> LocalClock:
    """The offsets of a city from the first day of one year to the last of another."""
    begin, end = (datetime(year, 1, 1, tzinfo=UTC) for year in (max(first, FIRST_YEAR), min(last, LAST_YEAR) + 1))
    return LocalClock(tuple(_changes(zone, int(begin.timestamp()), int(end.timestamp()))))


def times_shown(zone: ZoneInfo, wall: int) -> int:
    """How often the clock of the zone shows `wall` (wall seconds): never in a gap, twice in a fold.

    >>> [times_shown(ZoneInfo("Europe/Berlin"), datetime(2026, month, day, 2, 30).toordinal() * DAY + 9000)
    ...  for month, day in ((3, 29), (7, 1), (10, 25))]
    [0, 1, 2]
    """
    return len([*local_clock(zone, wall - EPOCH).instants(wall)])


def _offset_at(zone: ZoneInfo, instant: int) -> int:
    offset = datetime.fromtimestamp(instant, UTC).astimezone(zone).utcoffset()
    return int(offset.total_seconds()) if offset is not None else 0


def _changes(zone: ZoneInfo, first: int, last: int) -> Iterator[tuple[int, int]]:
    """Offset at `first`, then each change: day by day, and a day on which it changes is searched to the second."""
    offset = _offset_at(zone, first)
    yield first, offset
    position = first
    while position < last:
        following = min(position + DAY, last)
        if _offset_at(zone, following) == offset:
            position = following
            continue
        low, high = position, following
        while high - low > 1:
            middle = (low + high) // 2
            low, high = (middle, high) if _offset_at(zone, middle) == offset else (low, middle)
        offset, position = _offset_at(zone, high), high
        yield high, offset
