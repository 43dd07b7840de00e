"""When windows hold together, and whether some cover others: exact, day by day, nothing sampled.

A day is of every kind that its calendar leaves possible. Days beyond the calendar are all alike but for their dates,
and forty years of them hold every day of the year on every day of the week (also about 2100, which is no leap year),
so a search without an end stops after these.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from rules.calendar import Calendar, DayKind
from rules.windows import DAY, EVERY_DAY, MINUTES_A_DAY, WEEKDAYS, Days, LocalClock, Period, Window

FORTY_YEARS = 40 * 366
ALL_DAY = Window(EVERY_DAY, 0, MINUTES_A_DAY)
MOST_COMPARED = 400
"""Pairs of windows up to which one article's are compared with another's for cover."""

_TWO_YEARS = tuple(date.fromordinal(date(2024, 1, 1).toordinal() + number) for number in range(366 + 365))
"""A leap year and a common one: every day of the year with the day that follows it."""


MOST_LOOKS = 2_000_000
"""Days looked at in one lint, about ten seconds; the windows of real cities need some thousand."""


@dataclass(slots=True)
class Time:
    """What windows are read against: the calendar, and the wall seconds `[from, until)` that the clock skips.

    `left` is how many days may still be looked at. When none is left, windows are taken to meet and not to cover each
    other, so that nothing more is found.
    """

    calendar: Calendar
    gaps: tuple[tuple[int, int], ...] = ()
    left: int = MOST_LOOKS

    @staticmethod
    def of(calendar: Calendar, clock: LocalClock | None) -> "Time":
        if clock is None:
            return Time(calendar)
        gaps = []
        for (_, before), (instant, after) in zip(clock.offsets, clock.offsets[1:], strict=False):
            if after > before:
                end = clock.wall(instant)
                gaps.append((end - (after - before), end))
        return Time(calendar, tuple(gaps))

    def real(self, start: int, end: int) -> bool:
        """Whether the clock shows some wall second of `[start, end)`."""
        return start < end and not any(first <= start and end <= last for first, last in self.gaps)


def together(first: Window, second: Window, period: Period, time: Time) -> bool:
    """Whether both windows may hold at one wall second of the period."""
    for shift in (0, -1, 1):
        start = max(first.start, second.start + shift * MINUTES_A_DAY)
        end = min(first.end, second.end + shift * MINUTES_A_DAY)
        if (
            start < end
            and _words_meet(first.days, second.days, shift)
            and _seasons_meet(first.days, second.days, shift)
        ):
            dated = _dated(first.days) or _dated(second.days)
            for ordinal in _days(first.days, second.days, shift, period, time.calendar, dated):
                time.left -= 1
                if time.left < 0:
                    return True
                if _possible_on(first.days, second.days, ordinal, shift, time.calendar):
                    begin, finish = ordinal * DAY + start * 60, ordinal * DAY + end * 60
                    if time.real(*_within(period, begin, finish)):
                        return True
    return False


def ever(window: Window, period: Period, time: Time) -> bool:
    """Whether the window may hold at some wall second of the period."""
    return together(window, window, period, time)


def some_together(first: Iterable[Window] | None, second: Iterable[Window] | None, period: Period, time: Time) -> bool:
    """Whether some window of each may hold at one wall second of the period; None is always."""
    others = (ALL_DAY,) if second is None else tuple(second)
    return any(
        together(one, other, period, time) for one in ((ALL_DAY,) if first is None else first) for other in others
    )


def both(first: Period, second: Period) -> Period:
    """What two periods share; it may be empty (an end that is not after the start)."""
    starts = [each for each in (first.start, second.start) if each is not None]
    ends = [each for each in (first.end, second.end) if each is not None]
    return Period(max(starts) if starts else None, min(ends) if ends else None)


def empty(period: Period) -> bool:
    return period.start is not None and period.end is not None and period.end <= period.start


def covers(outer: tuple[Window, ...] | None, inner: tuple[Window, ...] | None, period: Period, time: Time) -> bool:
    """Whether `outer` certainly hold wherever in the period `inner` may; False also where there are too many to try."""
    if outer is None:
        return True
    inside = (ALL_DAY,) if inner is None else inner
    loose = [each for each in inside if not any(_plainly_covers(other, each) for other in outer)]
    if not loose:
        return True
    if len(loose) * len(outer) > MOST_COMPARED:
        return False
    dated = any(_dated(each.days) for each in (*outer, *loose))
    return all(
        _covered(window, outer, ordinal, period, time)
        for window in loose
        for ordinal in _days(window.days, window.days, 0, period, time.calendar, dated)
    )


def reads_kinds(days: Days) -> bool:
    """Whether the days hang on the calendar at all: some day of the week is among them or not by its kind."""
    return any(
        len({_by_word(days, weekday, kind) for kind in _kinds_of(weekday)}) > 1 for weekday in range(len(WEEKDAYS))
    )


def _plainly_covers(outer: Window, inner: Window) -> bool:
    same_days = outer.days in (inner.days, EVERY_DAY)
    return same_days and outer.start <= inner.start and inner.end <= _certain_end(outer)


def _certain_end(window: Window) -> int:
    return window.end if window.certain_until is None else window.certain_until


def _covered(window: Window, outer: tuple[Window, ...], ordinal: int, period: Period, time: Time) -> bool:
    """Whether the window, as it opens on one day, is covered whatever kind that day is of."""
    calendar = time.calendar
    time.left -= len(outer)
    if time.left < 0:
        return False
    begin, finish = _within(period, ordinal * DAY + window.start * 60, ordinal * DAY + window.end * 60)
    if begin >= finish:
        return True
    for kind, opens in window.days.by_kind(_date(ordinal), calendar):
        if not opens:
            continue
        spans = []
        for other in outer:
            for opening in (ordinal - 1, ordinal, ordinal + 1):
                held = other.days.by_kind(_date(opening), calendar)
                sure = (kind, True) in held if opening == ordinal else all(opened for _, opened in held)
                if sure:
                    spans.append((opening * DAY + other.start * 60, opening * DAY + _certain_end(other) * 60))
        reached = begin
        for start, end in sorted(spans):
            if start <= reached:
                reached = max(reached, end)
        if reached < finish:
            return False
    return True


def _within(period: Period, start: int, end: int) -> tuple[int, int]:
    return (
        start if period.start is None else max(start, period.start),
        end if period.end is None else min(end, period.end),
    )


def _dated(days: Days) -> bool:
    """Whether the days hang on the date, and not only on the day of the week and the kind of day."""
    return days.season is not None or days.parity is not None or bool(days.dates) or days.first is not None


def _days(first: Days, second: Days, shift: int, period: Period, calendar: Calendar, dated: bool) -> Iterator[int]:
    """The days (ordinals) on which the first may open that are worth a look.

    Where nothing is `dated`, two weeks beyond the calendar are like all others.
    """
    low, high = _reach(period, calendar, FORTY_YEARS if dated else 14)
    for days, by in ((first, 0), (second, shift)):
        if days.first is not None:
            low = max(low, days.first.toordinal() - by)
        if days.last is not None:
            high = min(high, days.last.toordinal() - by)
    named = [frozenset(each.toordinal() - by for each in days.dates) for days, by in ((first, 0), (second, shift))]
    listed = [each for each in named if each]
    if listed:
        # Dates reach wherever they reach: the search is over when they are.
        begin, finish = _ends(period)
        yield from sorted(day for day in frozenset.intersection(*listed) if begin <= day <= finish)
        return
    yield from range(low, high + 1)


def _ends(period: Period) -> tuple[int, int]:
    """The first and the last day on which a window may open that meets the period."""
    first = 2 if period.start is None else period.start // DAY - 1
    last = date.max.toordinal() - 1 if period.end is None else (period.end - 1) // DAY
    return max(first, 2), min(last, date.max.toordinal() - 1)


def _reach(period: Period, calendar: Calendar, beyond: int) -> tuple[int, int]:
    first, last = _ends(period)
    covered = calendar.covered_from <= calendar.covered_until
    if period.start is None:
        known = calendar.covered_from.toordinal() if covered else date(2000, 1, 1).toordinal()
        first = max(first, min(known, last) - beyond)
    after = max(first, calendar.covered_until.toordinal()) if covered else first
    return first, min(last, after + beyond)


def _possible_on(first: Days, second: Days, ordinal: int, shift: int, calendar: Calendar) -> bool:
    one = first.by_kind(_date(ordinal), calendar)
    other = second.by_kind(_date(ordinal + shift), calendar)
    if shift:
        return any(opens for _, opens in one) and any(opens for _, opens in other)
    return any(opens and also for (_, opens), (_, also) in zip(one, other, strict=True))


@lru_cache(maxsize=4096)
def _words_meet(first: Days, second: Days, shift: int) -> bool:
    """Whether the words of both let some day of the week and kind of day through, the second `shift` days later."""
    for weekday in range(len(WEEKDAYS)):
        later = (weekday + shift) % len(WEEKDAYS)
        for kind in _kinds_of(weekday):
            kinds = _kinds_of(later) if shift else (kind,)
            if _by_word(first, weekday, kind) and any(_by_word(second, later, each) for each in kinds):
                return True
    return False


@lru_cache(maxsize=4096)
def _seasons_meet(first: Days, second: Days, shift: int) -> bool:
    """Whether season and parity of both let some day of the year through, the second `shift` days later."""
    if not any((first.season, first.parity, second.season, second.parity)):
        return True
    return any(_in_season(first, day) and _in_season(second, _date(day.toordinal() + shift)) for day in _TWO_YEARS)


def _in_season(days: Days, day: date) -> bool:
    of_the_year = Days(frozenset({"every_day"}), season=days.season, parity=days.parity)
    return any(opens for _, opens in of_the_year.by_kind(day, Calendar.unknown()))


def _kinds_of(weekday: int) -> tuple[DayKind, ...]:
    return tuple(sorted(Calendar.unknown().kinds(date.fromordinal(weekday + 1))))


def _by_word(days: Days, weekday: int, kind: DayKind) -> bool:
    # The first week of all begins on a Monday.
    words = Days(days.words, days.except_words)
    return (kind, True) in words.by_kind(_date(weekday + 1), Calendar.unknown())


@lru_cache(maxsize=65_536)
def _date(ordinal: int) -> date:
    return date.fromordinal(ordinal)
