"""Generated time: clocks with and without shifts, calendars, day rules, windows and periods, all about one week."""

from collections.abc import Hashable
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from typing import TypeVar

from hypothesis import strategies as st

from rules.calendar import Calendar, DayKind
from rules.windows import (
    ALWAYS,
    DAY,
    DAY_WORDS,
    EPOCH,
    MINUTES_A_DAY,
    WEEKDAYS,
    Days,
    LocalClock,
    Period,
    Season,
    Window,
)

T = TypeVar("T", bound=Hashable)


@dataclass(frozen=True, slots=True)
class Around:
    """A city's clock and the date that questions are asked around: a shift of the clock where it has any."""

    clock: LocalClock
    day: date


def utc(day: date, seconds: int) -> int:
    return day.toordinal() * DAY - EPOCH + seconds


SHANGHAI = Around(LocalClock(((0, 8 * 3600),)), date(2026, 2, 12))
BERLIN_GAP = Around(LocalClock(((0, 3600), (utc(date(2026, 3, 29), 3600), 7200))), date(2026, 3, 29))
BERLIN_FOLD = Around(LocalClock(((0, 7200), (utc(date(2026, 10, 25), 3600), 3600))), date(2026, 10, 25))
# Half an hour only: 2026-04-05 02:00 becomes 01:30, 2026-10-04 02:00 becomes 02:30.
LORD_HOWE_FOLD = Around(LocalClock(((0, 39600), (utc(date(2026, 4, 4), 15 * 3600), 37800))), date(2026, 4, 5))
LORD_HOWE_GAP = Around(LocalClock(((0, 37800), (utc(date(2026, 10, 3), 15 * 3600 + 1800), 39600))), date(2026, 10, 4))
# At midnight: the 24th begins at 01:00, and the 29th ends twice.
CAIRO_GAP = Around(LocalClock(((0, 7200), (utc(date(2026, 4, 23), 22 * 3600), 10800))), date(2026, 4, 24))
CAIRO_FOLD = Around(LocalClock(((0, 10800), (utc(date(2026, 10, 29), 21 * 3600), 7200))), date(2026, 10, 30))
SHIFTED = (BERLIN_GAP, BERLIN_FOLD, LORD_HOWE_FOLD, LORD_HOWE_GAP, CAIRO_GAP, CAIRO_FOLD)

# Strategies are made once and kept: making them takes Hypothesis longer than drawing from them.


@cache
def number(low: int, high: int) -> st.SearchStrategy[int]:
    return st.integers(low, high)


@cache
def among(*values: T) -> st.SearchStrategy[T]:
    return st.sampled_from(values)


@cache
def some_of(values: tuple[T, ...], least: int = 0, most: int = 3) -> st.SearchStrategy[frozenset[T]]:
    return st.frozensets(st.sampled_from(values), min_size=least, max_size=most)


@cache
def listed(items: st.SearchStrategy[T], least: int = 0, most: int = 2) -> st.SearchStrategy[list[T]]:
    return st.lists(items, min_size=least, max_size=most)


def rarely(draw: st.DrawFn, one_in: int = 5) -> bool:
    """True once in about `one_in`; shrinks to False."""
    return draw(number(0, one_in - 1)) == one_in - 1


@cache
def near(day: date, before: int = 4, after: int = 5) -> st.SearchStrategy[date]:
    return st.integers(-before, after).map(lambda offset: day + timedelta(days=offset))


def kinds_of_day(day: date) -> list[DayKind]:
    return sorted(Calendar.unknown().kinds(day))


def usual_kind(day: date) -> DayKind:
    return DayKind.REST_DAY if day.weekday() >= 5 else DayKind.ORDINARY_WORKDAY


@cache
@st.composite
def calendars(draw: st.DrawFn, around: date) -> Calendar:
    """Covers the days before `around` and, mostly, those after it, with a few days of another kind than usual."""
    until = around + timedelta(days=draw(among(60, 60, 60, 5, 0, -1, -3)))
    exceptions: dict[date, DayKind] = {}
    for day in draw(listed(near(around), 0, 4)):
        if day <= until:
            exceptions[day] = draw(among(*(kind for kind in kinds_of_day(day) if kind is not usual_kind(day))))
    return Calendar("generated", around - timedelta(days=400), until, exceptions, {})


@cache
@st.composite
def seasons(draw: st.DrawFn) -> Season:
    first, last = (date(2024, 1, 1) + timedelta(days=draw(number(0, 365))) for _ in range(2))
    return Season((first.month, first.day), (last.month, last.day))


_WORDS = st.one_of(
    st.just(frozenset({"every_day"})),
    among("workday", "day_off", *(kind.value for kind in DayKind)).map(lambda word: frozenset({word})),
    some_of(WEEKDAYS, 1, 5),
    some_of(tuple(sorted(DAY_WORDS)), 1, 3),
)


@cache
@st.composite
def day_rules(draw: st.DrawFn, around: date) -> Days:
    first = draw(near(around)) if rarely(draw, 8) else None
    return Days(
        words=draw(_WORDS),
        except_words=draw(some_of(tuple(sorted(DAY_WORDS - {"every_day"})), 1, 2)) if rarely(draw) else frozenset(),
        season=draw(seasons()) if rarely(draw, 8) else None,
        parity=draw(among("odd", "even")) if rarely(draw, 8) else None,
        dates=frozenset(draw(listed(near(around), 1, 5))) if rarely(draw, 8) else frozenset(),
        first=first,
        last=None if first is None else first + timedelta(days=draw(number(0, 6))),
    )


@cache
@st.composite
def windows(draw: st.DrawFn, around: date, step: int = 1) -> Window:
    """Any window that a document can say, its edges on multiples of `step` minutes."""
    start = draw(number(0, MINUTES_A_DAY // step - 1)) * step
    length = draw(number(1, MINUTES_A_DAY // step - 1)) * step
    certain = None
    if length > step and rarely(draw, 8):
        certain = start + draw(number(0, length // step - 1)) * step
    return Window(draw(day_rules(around)), start, start + length, certain)


@cache
@st.composite
def periods(draw: st.DrawFn, around: date, step: int = 1) -> Period:
    if not rarely(draw, 4):
        return ALWAYS
    first = draw(near(around)).toordinal() * DAY
    if rarely(draw, 3):
        first += draw(number(0, MINUTES_A_DAY // step - 1)) * step * 60
    length = draw(number(1, 5)) * DAY
    return draw(among(Period(first, None), Period(None, first), Period(first, first + length)))
