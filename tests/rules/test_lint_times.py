"""When windows hold together, against looking at every half hour of two weeks."""

from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rules.calendar import Calendar, DayKind
from rules.decide import in_windows
from rules.lint.times import MOST_LOOKS, Time, covers, ever, reads_kinds, together
from rules.truth import Truth
from rules.windows import ALWAYS, DAY, EVERY_DAY, Days, LocalClock, Period, Season, Window
from tests.support.timing import (
    BERLIN_GAP,
    SHANGHAI,
    SHIFTED,
    among,
    calendars,
    listed,
    periods,
    utc,
    windows,
)

SUMMER, WINTER = Season((5, 1), (9, 30)), Season((10, 1), (4, 30))
LAST = Days(words=frozenset({"every_day"}), season=Season((2, 28), (2, 28)))
MORNING, NIGHT = (7 * 60, 9 * 60), (22 * 60, 30 * 60)
YEARS = Calendar("test", date(2020, 1, 1), date(2026, 12, 31), {}, {})


def days(*words: str, **more: object) -> Days:
    return Days(words=frozenset(words), **more)  # type: ignore[arg-type]


def window(of: Days, hours: tuple[int, int] = MORNING) -> Window:
    return Window(of, *hours)


def year(number: int) -> Period:
    return Period.of_dates(date(number, 1, 1), date(number, 12, 31))


@pytest.mark.parametrize(
    ("of", "period", "holds"),
    [
        (days("every_day"), ALWAYS, True),
        (days("workday", except_words=frozenset({"workday"})), ALWAYS, False),
        (days("saturday", except_words=frozenset({"rest_day"})), ALWAYS, True),
        # On a calendar without make-up workdays every Saturday is a rest day.
        (days("saturday", except_words=frozenset({"rest_day"})), year(2026), False),
        (days("saturday", except_words=frozenset({"rest_day"})), year(2027), True),
        (days("monday", dates=frozenset({date(2026, 11, 24)})), ALWAYS, False),
        (days("tuesday", dates=frozenset({date(2026, 11, 24)})), ALWAYS, True),
        (days("every_day", dates=frozenset({date(2026, 11, 24)})), year(2025), False),
        (days("every_day", first=date(2026, 6, 1), last=date(2026, 6, 5)), year(2026), True),
        (
            days("every_day", first=date(2026, 6, 1), last=date(2026, 6, 5), season=Season((7, 1), (8, 31))),
            ALWAYS,
            False,
        ),
        (days("every_day", season=Season((2, 29), (2, 29))), year(2026), False),
        (days("every_day", season=Season((2, 29), (2, 29))), Period(year(2026).start, None), True),
        (days("monday", season=Season((2, 29), (2, 29)), parity="odd"), Period(year(2090).start, None), True),
        (days("monday", season=Season((2, 28), (2, 28)), parity="odd"), ALWAYS, False),
    ],
)
def test_whether_a_window_ever_holds(of: Days, period: Period, holds: bool) -> None:
    assert ever(window(of), period, Time(YEARS)) is holds


def test_the_last_hours_of_a_night_before_belong_to_the_period() -> None:
    friday = Days(words=frozenset({"friday"}))
    saturday = date(2026, 11, 28)
    for hour, holds in ((5, True), (6, False)):
        period = Period(saturday.toordinal() * DAY + hour * 3600, (saturday.toordinal() + 2) * DAY)
        assert ever(Window(friday, *NIGHT), period, Time(YEARS)) is holds


def test_a_window_that_the_clock_skips() -> None:
    time = Time.of(YEARS, BERLIN_GAP.clock)
    day = days("every_day", dates=frozenset({BERLIN_GAP.day}))
    assert not ever(Window(day, 2 * 60 + 15, 2 * 60 + 45), ALWAYS, time)
    assert not ever(Window(day, 2 * 60, 3 * 60), ALWAYS, time)
    assert ever(Window(day, 2 * 60, 3 * 60 + 1), ALWAYS, time)
    assert ever(Window(day, 2 * 60 + 15, 2 * 60 + 45), ALWAYS, Time(YEARS))
    assert ever(Window(EVERY_DAY, 2 * 60 + 15, 2 * 60 + 45), ALWAYS, time)


def test_the_gaps_of_a_clock() -> None:
    clock = LocalClock(((0, 3600), (utc(date(2026, 3, 29), 3600), 7200), (utc(date(2026, 10, 25), 3600), 3600)))
    midnight = date(2026, 3, 29).toordinal() * DAY
    assert Time.of(YEARS, clock).gaps == ((midnight + 2 * 3600, midnight + 3 * 3600),)


@pytest.mark.parametrize(
    ("first", "second", "meet"),
    [
        (window(days("workday")), window(days("day_off")), False),
        (window(days("workday")), window(days("tuesday")), True),
        (window(days("workday"), NIGHT), window(days("day_off"), (0, 60)), True),
        (window(days("monday"), NIGHT), window(days("wednesday"), (0, 60)), False),
        (window(days("monday"), NIGHT), window(days("tuesday"), (360, 420)), False),
        (
            window(days("every_day", season=SUMMER)),
            window(days("every_day", season=WINTER)),
            False,
        ),
        (
            window(days("every_day", season=SUMMER), NIGHT),
            window(days("every_day", season=WINTER), (0, 60)),
            True,
        ),
        (window(days("every_day", parity="odd")), window(days("every_day", parity="even")), False),
        (window(EVERY_DAY, (420, 540)), window(EVERY_DAY, (540, 600)), False),
        # In a common year 1 March follows 28 February.
        (window(LAST, NIGHT), window(days("every_day", season=Season((3, 1), (3, 1))), (0, 60)), True),
        (window(LAST, NIGHT), window(days("every_day", season=Season((3, 2), (3, 2))), (0, 60)), False),
    ],
)
def test_whether_two_windows_meet(first: Window, second: Window, meet: bool) -> None:
    for one, other in ((first, second), (second, first)):
        assert together(one, other, ALWAYS, Time(Calendar.unknown())) is meet


@pytest.mark.parametrize(
    ("words", "reads"),
    [(("every_day",), False), (("monday", "sunday"), False), (("workday",), True), (("workday", "day_off"), False)],
)
def test_whether_days_hang_on_the_calendar(words: tuple[str, ...], reads: bool) -> None:
    assert reads_kinds(days(*words)) is reads


STEP = 30
HALF_HOURS = [SHANGHAI.day.toordinal() * DAY + number * STEP * 60 for number in range(-10 * 48, 10 * 48)]


@settings(max_examples=60)
@given(windows(SHANGHAI.day, STEP), windows(SHANGHAI.day, STEP), periods(SHANGHAI.day, STEP), st.data())
def test_what_is_seen_together_meets(first: Window, second: Window, period: Period, data: st.DataObject) -> None:
    calendar = data.draw(calendars(SHANGHAI.day))
    time = Time(calendar)
    seen = [
        wall
        for wall in HALF_HOURS
        if period.holds(wall)
        and calendar.covers(date.fromordinal(wall // DAY))
        and calendar.covers(date.fromordinal(wall // DAY - 1))
        and Truth.NO not in (first.holds(wall, calendar), second.holds(wall, calendar))
    ]
    if seen:
        assert together(first, second, period, time)
        assert together(second, first, period, time)
        assert ever(first, period, time) and ever(second, period, time)


@settings(max_examples=60)
@given(listed(windows(SHANGHAI.day, STEP), 1, 3), listed(windows(SHANGHAI.day, STEP), 1, 2), st.data())
def test_what_covers_holds_wherever_the_other_may(
    outer: list[Window], inner: list[Window], data: st.DataObject
) -> None:
    """Half of the inner windows are parts of outer ones, so that covering happens."""
    calendar = data.draw(calendars(SHANGHAI.day))
    period = data.draw(periods(SHANGHAI.day, STEP))
    first = outer[0]
    part = Window(first.days, first.start, min(first.start + STEP, first.end))
    chosen = [part if data.draw(among(True, False)) else each for each in inner]
    if covers(tuple(outer), tuple(chosen), period, Time(calendar)):
        for wall in HALF_HOURS:
            if period.holds(wall) and in_windows(chosen, calendar, wall) is not Truth.NO:
                for supposed in _every_kind(calendar, wall):
                    if in_windows(chosen, supposed, wall) is not Truth.NO:
                        assert in_windows(outer, supposed, wall) is Truth.YES


def _every_kind(calendar: Calendar, wall: int) -> list[Calendar]:
    """The calendar with the kinds of today and yesterday settled in every way that is possible."""
    found = [calendar]
    for ordinal in (wall // DAY, wall // DAY - 1):
        day = date.fromordinal(ordinal)
        found = [each.with_kind(day, kind) for each in found for kind in sorted(each.kinds(day))]
    return found


def test_two_halves_cover_a_whole() -> None:
    time = Time(YEARS)
    both = (window(days("workday")), window(days("day_off")))
    assert covers(both, (window(EVERY_DAY),), ALWAYS, time)
    assert covers((window(EVERY_DAY, (0, 480)), window(EVERY_DAY, (480, 1440))), None, ALWAYS, time)
    assert not covers((window(days("workday")),), (window(EVERY_DAY),), ALWAYS, time)
    weekdays = days("monday", "tuesday", "wednesday", "thursday", "friday")
    assert covers((window(days("workday")),), (window(weekdays),), year(2026), time)
    assert not covers((window(days("workday")),), (window(weekdays),), year(2027), time)
    assert covers(None, None, ALWAYS, time)


@pytest.mark.parametrize("around", SHIFTED)
def test_clocks_with_shifts_skip_what_they_skip(around) -> None:
    """A wall second lies in a gap exactly if the clock never shows it."""
    gaps = Time.of(YEARS, around.clock).gaps
    first = (around.day - timedelta(days=2)).toordinal() * DAY
    for wall in range(first, first + 4 * DAY, 15 * 60):
        assert any(start <= wall < end for start, end in gaps) is (not list(around.clock.instants(wall)))


def test_kinds_of_a_day_are_one_for_both_windows() -> None:
    """A day beyond the calendar may be a workday or a holiday, and is not both."""
    assert not together(window(days("ordinary_workday")), window(days("statutory_holiday")), year(2030), Time(YEARS))
    assert {kind for kind in YEARS.kinds(date(2030, 1, 1))} > {DayKind.ORDINARY_WORKDAY, DayKind.STATUTORY_HOLIDAY}


def test_the_search_is_bounded_and_then_finds_nothing() -> None:
    """Each day that is looked at is counted; when no look is left, windows are taken to meet and to cover nothing."""
    never = window(days("makeup_workday", season=SUMMER))
    time = Time(YEARS)
    assert not ever(never, year(2026), time)
    assert 0 < MOST_LOOKS - time.left <= 3 * 366
    assert ever(never, year(2026), Time(YEARS, left=100))
    halves = (window(EVERY_DAY, (0, 480)), window(EVERY_DAY, (480, 1440)))
    assert covers(halves, None, ALWAYS, Time(YEARS))
    assert not covers(halves, None, ALWAYS, Time(YEARS, left=100))
