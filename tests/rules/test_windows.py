"""Windows: tables by hand, and every boundary against opening-hours, the library for OSM's `opening_hours`."""

from datetime import date, datetime, timedelta

import opening_hours
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules.calendar import Calendar, DayKind
from rules.truth import Truth
from rules.windows import (
    DAY,
    DAY_WORDS,
    EPOCH,
    EVERY_DAY,
    WEEKDAYS,
    Days,
    LocalClock,
    Period,
    Season,
    Window,
)
from tests.support.timing import SHANGHAI, SHIFTED, Around

Y, N, U = Truth.YES, Truth.NO, Truth.UNKNOWN
# The week of Spring Festival 2026: Saturday the 14th is worked, the 16th to 20th are off, the 17th to 19th by statute.
CALENDAR = Calendar(
    "test",
    date(2026, 1, 1),
    date(2026, 12, 31),
    {
        date(2026, 2, 14): DayKind.MAKEUP_WORKDAY,
        date(2026, 2, 16): DayKind.DAY_OFF_IN_LIEU,
        date(2026, 2, 17): DayKind.STATUTORY_HOLIDAY,
        date(2026, 2, 18): DayKind.STATUTORY_HOLIDAY,
        date(2026, 2, 19): DayKind.STATUTORY_HOLIDAY,
        date(2026, 2, 20): DayKind.DAY_OFF_IN_LIEU,
    },
    {},
)


def wall(text: str) -> int:
    at = datetime.fromisoformat(text)
    return at.toordinal() * DAY + at.hour * 3600 + at.minute * 60 + at.second


def minutes(text: str) -> int:
    return int(text[:2]) * 60 + int(text[3:])


def window(hours: str, days: Days = EVERY_DAY, certain_until: str | None = None) -> Window:
    start, end = (minutes(each) for each in hours.split("-"))
    certain = None if certain_until is None else minutes(certain_until)
    if certain is not None and certain < start:
        certain += 1440
    return Window(days, start, end if end > start else end + 1440, certain)


def days(*words: str, but: tuple[str, ...] = ()) -> Days:
    return Days(frozenset(words), frozenset(but))


@pytest.mark.parametrize(
    ("hours", "at", "expected"),
    [
        ("07:00-09:00", "2026-03-03 06:59:59", N),
        ("07:00-09:00", "2026-03-03 07:00:00", Y),
        ("07:00-09:00", "2026-03-03 08:59:59", Y),
        ("07:00-09:00", "2026-03-03 09:00:00", N),
        ("00:00-24:00", "2026-03-03 00:00:00", Y),
        ("00:00-24:00", "2026-03-03 23:59:59", Y),
        ("22:00-24:00", "2026-03-03 23:59:59", Y),
        ("22:00-24:00", "2026-03-04 00:00:00", N),
        ("22:00-06:00", "2026-03-03 21:59:59", N),
        ("22:00-06:00", "2026-03-03 22:00:00", Y),
        ("22:00-06:00", "2026-03-04 00:00:00", Y),
        ("22:00-06:00", "2026-03-04 05:59:59", Y),
        ("22:00-06:00", "2026-03-04 06:00:00", N),
        ("00:00-00:01", "2026-03-03 00:00:59", Y),
        ("00:00-00:01", "2026-03-03 00:01:00", N),
        ("23:59-00:01", "2026-03-03 00:00:30", Y),
    ],
)
def test_hours(hours: str, at: str, expected: Truth) -> None:
    assert window(hours).holds(wall(at), CALENDAR) is expected


SUNDAY_NIGHT = days("sunday")
ODD = Days(frozenset({"every_day"}), parity="odd")
EVEN = Days(frozenset({"every_day"}), parity="even")
WINTER = Days(frozenset({"every_day"}), season=Season((11, 1), (3, 31)))
SUMMER = Days(frozenset({"every_day"}), season=Season((5, 1), (9, 30)))
LEAP_DAY = Days(frozenset({"every_day"}), season=Season((2, 29), (2, 29)))
DATED = Days(frozenset({"every_day"}), dates=frozenset({date(2023, 5, 20)}))
RANGED = Days(frozenset({"every_day"}), first=date(2019, 6, 30), last=date(2019, 7, 4))


@pytest.mark.parametrize(
    ("rule", "at", "expected"),
    [
        # A night belongs to the day on which it opens.
        (SUNDAY_NIGHT, "2026-03-01 23:00:00", Y),  # Sunday
        (SUNDAY_NIGHT, "2026-03-02 05:00:00", Y),  # Monday, still Sunday's night
        (SUNDAY_NIGHT, "2026-03-01 05:00:00", N),  # Sunday, still Saturday's night
        (SUNDAY_NIGHT, "2026-03-02 23:00:00", N),
        # Two odd days follow each other at the end of a long month.
        (ODD, "2026-03-31 23:00:00", Y),
        (ODD, "2026-04-01 05:00:00", Y),  # the night of the 31st
        (ODD, "2026-04-01 23:00:00", Y),
        (ODD, "2026-04-02 05:00:00", Y),
        (ODD, "2026-04-02 23:00:00", N),
        (EVEN, "2026-03-30 23:00:00", Y),
        (EVEN, "2026-03-31 05:00:00", Y),
        (EVEN, "2026-03-31 23:00:00", N),
        (EVEN, "2026-04-01 05:00:00", N),
        # A season over New Year, both ends included; its last night runs out of it.
        (WINTER, "2026-10-31 23:00:00", N),
        (WINTER, "2026-11-01 05:00:00", N),
        (WINTER, "2026-11-01 22:00:00", Y),
        (WINTER, "2026-12-31 23:59:59", Y),
        (WINTER, "2027-01-01 00:00:00", Y),
        (WINTER, "2026-03-31 23:00:00", Y),
        (WINTER, "2026-04-01 05:59:59", Y),
        (WINTER, "2026-04-01 22:00:00", N),
        (SUMMER, "2026-04-30 23:00:00", N),
        (SUMMER, "2026-05-01 23:00:00", Y),
        (SUMMER, "2026-09-30 23:00:00", Y),
        (SUMMER, "2026-10-01 23:00:00", N),
        (LEAP_DAY, "2024-02-29 23:00:00", Y),
        (LEAP_DAY, "2024-03-01 05:00:00", Y),
        (LEAP_DAY, "2023-02-28 23:00:00", N),
        (LEAP_DAY, "2023-03-01 23:00:00", N),
        (DATED, "2023-05-20 22:00:00", Y),
        (DATED, "2023-05-21 05:00:00", Y),
        (DATED, "2023-05-20 05:00:00", N),
        (DATED, "2024-05-20 22:00:00", N),
        (RANGED, "2019-06-29 23:00:00", N),
        (RANGED, "2019-06-30 22:00:00", Y),
        (RANGED, "2019-07-05 05:00:00", Y),
        (RANGED, "2019-07-05 22:00:00", N),
    ],
)
def test_the_night_belongs_to_the_day_on_which_it_opens(rule: Days, at: str, expected: Truth) -> None:
    assert window("22:00-06:00", rule).holds(wall(at), CALENDAR) is expected


ORDINARY, SATURDAY, MAKEUP = date(2026, 2, 12), date(2026, 2, 21), date(2026, 2, 14)
STATUTORY, IN_LIEU = date(2026, 2, 17), date(2026, 2, 16)


@pytest.mark.parametrize(
    ("rule", "expected"),
    [
        # ordinary, Saturday, make-up Saturday, statutory Tuesday, Monday in lieu
        (days("every_day"), "YYYYY"),
        (days("workday"), "YNYNN"),  # make-up workday as a workday
        (days("ordinary_workday"), "YNNNN"),  # make-up workday out
        (days("monday", "tuesday", "wednesday", "thursday", "friday"), "YNNYY"),
        (days("monday", "tuesday", "wednesday", "thursday", "friday", "makeup_workday"), "YNYYY"),  # make-up workday in
        (days("day_off"), "NYNYY"),
        (days("rest_day"), "NYNNN"),
        (days("statutory_holiday"), "NNNYN"),
        (days("day_off_in_lieu"), "NNNNY"),
        (days("makeup_workday"), "NNYNN"),
        (days("workday", "day_off"), "YYYYY"),
        (days("every_day", but=("statutory_holiday",)), "YYYNY"),
        (days("every_day", but=("day_off",)), "YNYNN"),
        (days("workday", but=("makeup_workday",)), "YNNNN"),
        (days("saturday", "sunday"), "NYYNN"),
        (days("saturday", but=("makeup_workday",)), "NYNNN"),
        (days("every_day", but=("monday",)), "YYYYN"),
        (days("monday", but=("every_day",)), "NNNNN"),
    ],
)
def test_day_kinds(rule: Days, expected: str) -> None:
    found = [rule.hold(day, CALENDAR) for day in (ORDINARY, SATURDAY, MAKEUP, STATUTORY, IN_LIEU)]
    assert found == [{"Y": Y, "N": N}[each] for each in expected]


@pytest.mark.parametrize(
    ("rule", "expected"),
    [
        (days("every_day"), Y),
        (days("monday"), Y),
        (days("sunday"), N),
        (days("workday"), U),
        (days("statutory_holiday"), U),
        (days("workday", "day_off"), Y),
        (days("makeup_workday"), N),  # a Monday is never made up
        (days("rest_day"), N),
        (days("every_day", but=("workday",)), U),
        (days("sunday", "day_off"), U),
        (days("sunday", but=("day_off",)), N),
        (Days(frozenset({"workday"}), parity="odd"), N),
        (Days(frozenset({"workday"}), parity="even"), U),
        (Days(frozenset({"workday"}), dates=frozenset({date(2027, 1, 5)})), N),
    ],
)
def test_a_day_that_is_not_published_is_unknown_only_where_it_matters(rule: Days, expected: Truth) -> None:
    assert rule.hold(date(2027, 1, 4), CALENDAR) is expected  # a Monday


def test_a_night_of_an_unpublished_day() -> None:
    """The evening of the last covered day is known past midnight; that of the next is not."""
    night = window("22:00-06:00", days("workday"))
    assert night.holds(wall("2027-01-01 05:00:00"), CALENDAR) is Y  # Thursday 31 December's night
    assert night.holds(wall("2027-01-01 22:00:00"), CALENDAR) is U
    assert night.holds(wall("2027-01-01 12:00:00"), CALENDAR) is N


@pytest.mark.parametrize(
    ("hours", "certain", "at", "expected"),
    [
        ("05:00-09:00", "07:30", "2026-03-03 07:29:59", Y),
        ("05:00-09:00", "07:30", "2026-03-03 07:30:00", U),
        ("05:00-09:00", "07:30", "2026-03-03 08:59:59", U),
        ("05:00-09:00", "07:30", "2026-03-03 09:00:00", N),
        ("22:00-06:00", "00:00", "2026-03-03 23:59:59", Y),
        ("22:00-06:00", "00:00", "2026-03-04 00:00:00", U),
        ("22:00-06:00", "23:00", "2026-03-04 05:00:00", U),
        ("22:00-06:00", "05:00", "2026-03-04 04:59:59", Y),
        ("00:00-24:00", "00:00", "2026-03-03 00:00:00", U),
        ("06:00-22:00", "06:00", "2026-03-03 06:00:00", U),
        ("06:00-22:00", "06:00", "2026-03-03 22:00:00", N),
    ],
)
def test_an_end_that_was_not_published(hours: str, certain: str, at: str, expected: Truth) -> None:
    assert window(hours, certain_until=certain).holds(wall(at), CALENDAR) is expected


def test_an_unknown_end_says_nothing_of_a_day_on_which_it_never_opened() -> None:
    unsure = window("05:00-09:00", days("sunday"), certain_until="07:30")
    assert unsure.holds(wall("2026-03-03 08:00:00"), CALENDAR) is N


@pytest.mark.parametrize(
    ("start", "end", "certain"),
    [(0, 0, None), (60, 60, None), (60, 59, None), (1440, 1500, None), (-1, 5, None), (0, 1441, None), (60, 1501, None),
     (0, 60, -1), (0, 60, 60), (0, 60, 61)],
)  # fmt: skip
def test_windows_that_are_none(start: int, end: int, certain: int | None) -> None:
    with pytest.raises(ValueError):
        Window(EVERY_DAY, start, end, certain)


def test_periods() -> None:
    period = Period.of_dates(date(2026, 1, 1), date(2026, 1, 31))
    assert not period.holds(wall("2025-12-31 23:59:59")) and period.holds(wall("2026-01-01 00:00:00"))
    assert period.holds(wall("2026-01-31 23:59:59")) and not period.holds(wall("2026-02-01 00:00:00"))
    assert list(period.edges()) == [wall("2026-01-01 00:00:00"), wall("2026-02-01 00:00:00")]
    assert Period().holds(0) and list(Period().edges()) == []


def test_edges_are_those_of_the_days_named() -> None:
    night = window("22:00-06:00", certain_until="02:00")
    first = date(2026, 2, 12).toordinal()
    assert list(night.edges(first, first + 1)) == [
        wall(f"2026-02-{day} {clock}")
        for opens, ends in ((12, 13), (13, 14))
        for day, clock in ((opens, "22:00"), (ends, "06:00"), (ends, "02:00"))
    ]


def test_a_clock_of_more_than_one_shift() -> None:
    """A summer in Berlin: each hour once, but none in the gap of March and two in the fold of October."""
    spring, autumn = wall("2026-03-29 01:00") - EPOCH, wall("2026-10-25 01:00") - EPOCH
    clock = LocalClock(((0, 3600), (spring, 7200), (autumn, 3600)))
    counts = {
        "2026-03-29 01:59": 1, "2026-03-29 02:30": 0, "2026-03-29 03:00": 1, "2026-07-01 12:00": 1,
        "2026-10-25 01:59": 1, "2026-10-25 02:30": 2, "2026-10-25 03:00": 1, "2026-12-01 12:00": 1,
    }  # fmt: skip
    for text, count in counts.items():
        instants = list(clock.instants(wall(text)))
        assert len(instants) == count and {clock.wall(each) for each in instants} <= {wall(text)}, text


def test_clocks_are_in_order() -> None:
    for offsets in ((), ((5, 0), (1, 0))):
        with pytest.raises(ValueError, match="order of time"):
            LocalClock(offsets)


@pytest.mark.parametrize("around", [SHANGHAI, *SHIFTED])
def test_every_instant_of_a_wall_time_is_found_once(around: Around) -> None:
    noon = around.day.toordinal() * DAY + DAY // 2
    instants = range(noon - EPOCH - 40 * 3600, noon - EPOCH + 12 * 3600, 900)
    shown: dict[int, list[int]] = {}
    for instant in instants:
        shown.setdefault(around.clock.wall(instant), []).append(instant)
    for wall_seconds in range(noon - DAY, noon, 900):
        assert list(around.clock.instants(wall_seconds)) == shown.get(wall_seconds, [])
    skipped = sum(1 for each in range(noon - DAY, noon, 900) if each not in shown)
    twice = sum(1 for each in range(noon - DAY, noon, 900) if len(shown.get(each, [])) == 2)
    offsets = [offset for _, offset in around.clock.offsets]
    assert twice - skipped == (offsets[0] - offsets[-1]) // 900


# The oracle

SHORT = dict(zip(WEEKDAYS, ("Mo", "Tu", "We", "Th", "Fr", "Sa", "Su"), strict=True))
MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


@st.composite
def rules_of_osm(draw: st.DrawFn) -> tuple[tuple[Window, ...], str]:
    """Windows of one kind of day, and the same in OSM's syntax: season, weekdays (some left out), hours."""
    words = draw(st.sets(st.sampled_from(WEEKDAYS), min_size=1))
    but = draw(st.sets(st.sampled_from(WEEKDAYS), max_size=2)) if draw(st.booleans()) else set()
    season, prefix = None, ""
    if draw(st.booleans()):
        first, last = (
            draw(st.dates(date(2026, 1, 1), date(2026, 12, 31))),
            draw(st.dates(date(2026, 1, 1), date(2026, 12, 31))),
        )
        season = Season((first.month, first.day), (last.month, last.day))
        prefix = f"{MONTHS[first.month - 1]} {first.day:02}-{MONTHS[last.month - 1]} {last.day:02} "
        if first == last:
            prefix = f"{MONTHS[first.month - 1]} {first.day:02} "
    rule = Days(frozenset(words), frozenset(but), season)
    windows = []
    for _ in range(draw(st.integers(1, 3))):
        start = draw(st.integers(0, 1439))
        windows.append(Window(rule, start, start + draw(st.integers(1, 1439))))
    left = [SHORT[word] for word in WEEKDAYS if word in words - but]
    hours = ",".join(f"{_clock(each.start)}-{_clock(each.end)}" for each in windows)
    return tuple(windows), f"{prefix}{','.join(left)} {hours}" if left else "off"


def _clock(minute: int) -> str:
    minute = minute if minute <= 1440 else minute - 1440
    return f"{minute // 60:02}:{minute % 60:02}"


@given(rules_of_osm(), st.dates(date(2025, 12, 1), date(2027, 1, 31)), st.lists(st.integers(0, 5 * DAY), max_size=10))
def test_windows_are_open_when_opening_hours_says_so(
    rule: tuple[tuple[Window, ...], str], first: date, seconds: list[int]
) -> None:
    windows, text = rule
    oracle = opening_hours.OpeningHours(text)
    midnight = datetime.combine(first, datetime.min.time())
    edges = {
        edge - midnight.toordinal() * DAY
        for each in windows
        for edge in each.edges(first.toordinal() - 1, first.toordinal() + 5)
    }
    for second in sorted({*seconds, *edges, *(edge - 60 for edge in edges)}):
        at = midnight + timedelta(seconds=second)
        now = midnight.toordinal() * DAY + second
        held = any(each.holds(now, Calendar.unknown()) is Y for each in windows)
        # The oracle counts in minutes.
        assert held is oracle.is_open(at.replace(second=0)), (text, at)


@pytest.mark.parametrize(
    ("text", "windows"),
    [
        ("Mo-Fr 22:00-06:00", (window("22:00-06:00", days(*WEEKDAYS[:5])),)),
        ("Su 20:00-04:00", (window("20:00-04:00", days("sunday")),)),
        ("07:00-09:00,17:00-19:00", (window("07:00-09:00"), window("17:00-19:00"))),
        ("Nov 01-Mar 31 06:00-22:00", (window("06:00-22:00", WINTER),)),
        ("24/7", (window("00:00-24:00"),)),
    ],
)
def test_changes_are_those_of_opening_hours(text: str, windows: tuple[Window, ...]) -> None:
    """Every change within sixty days; unbounded, the oracle searches to the year 9999 where nothing changes."""
    start, end = datetime(2026, 10, 20), datetime(2026, 12, 19)
    oracle = opening_hours.OpeningHours(text, max_interval_days=366)
    expected = [since for since, *_ in oracle.intervals(start, end) if since > start]
    points = sorted({edge for each in windows for edge in each.edges(start.toordinal() - 1, end.toordinal())})
    found, state = [], _open(windows, start.toordinal() * DAY)
    for point in points:
        if start.toordinal() * DAY < point < end.toordinal() * DAY and _open(windows, point) is not state:
            state = not state
            found.append(datetime.fromordinal(point // DAY) + timedelta(seconds=point % DAY))
    assert found == [each.replace(tzinfo=None) for each in expected]


def _open(windows: tuple[Window, ...], now: int) -> bool:
    return any(each.holds(now, Calendar.unknown()) is Y for each in windows)


def test_every_word_of_a_day_is_known() -> None:
    assert {
        "every_day", *WEEKDAYS, "ordinary_workday", "rest_day", "statutory_holiday", "day_off_in_lieu",
        "makeup_workday", "workday", "day_off",
    } == DAY_WORDS  # fmt: skip
