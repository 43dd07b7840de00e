"""Windows of time: when an article holds, by the wall clock of its city.

A window is half-open, `[from, until)`, and belongs to the day on which it opens, also past midnight. Local time is
counted in whole seconds of the wall clock ("wall seconds", `day * 86400 + second of day`, day = proleptic Gregorian
ordinal), so that everything here is integer arithmetic.

>>> night = Window(Days(words=frozenset({"every_day"})), 22 * 60, 31 * 60)
>>> night.holds(date(2026, 11, 24).toordinal() * 86400 + 6 * 3600, Calendar.unknown())
<Truth.YES: 'yes'>
>>> night.holds(date(2026, 11, 24).toordinal() * 86400 + 7 * 3600, Calendar.unknown())
<Truth.NO: 'no'>
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from rules.calendar import Calendar, DayKind
from rules.truth import Truth, agreed, every, some

DAY = 86_400
MINUTES_A_DAY = 1_440

WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_WORKDAY = frozenset({DayKind.ORDINARY_WORKDAY, DayKind.MAKEUP_WORKDAY})
KINDS_OF_WORD: dict[str, frozenset[DayKind]] = {
    **{kind.value: frozenset({kind}) for kind in DayKind},
    "workday": _WORKDAY,
    "day_off": frozenset(DayKind) - _WORKDAY,
}
DAY_WORDS = frozenset({"every_day", *WEEKDAYS, *KINDS_OF_WORD})


@dataclass(frozen=True, slots=True)
class Season:
    """A part of every year, both ends included, as (month, day); it may run over New Year."""

    first: tuple[int, int]
    last: tuple[int, int]

    def holds(self, day: date) -> bool:
        when = (day.month, day.day)
        if self.first <= self.last:
            return self.first <= when <= self.last
        return when >= self.first or when <= self.last


@dataclass(frozen=True, slots=True)
class Days:
    """Which days: any of `words`, none of `except_words`, and within season, parity, dates and range where given."""

    words: frozenset[str]
    except_words: frozenset[str] = frozenset()
    season: Season | None = None
    parity: str | None = None
    dates: frozenset[date] = frozenset()
    first: date | None = None
    last: date | None = None

    def hold(self, day: date, calendar: Calendar) -> Truth:
        """Whether `day` is one of them; UNKNOWN where the calendar does not say what kind of day it is."""
        # Each kind the day may be of is tried whole, so that 'workday or day_off' is every day, also when unpublished.
        return agreed(Truth.of(answer) for _, answer in self.by_kind(day, calendar))

    def by_kind(self, day: date, calendar: Calendar) -> tuple[tuple[DayKind, bool], ...]:
        """For each kind that `day` may be of, whether it is then one of them."""
        by_date = self._by_date(day)
        return tuple((kind, by_date and self._by_word(day, kind)) for kind in sorted(calendar.kinds(day)))

    def _by_date(self, day: date) -> bool:
        return (
            (self.season is None or self.season.holds(day))
            and (self.parity is None or (day.day % 2 == 1) == (self.parity == "odd"))
            and (not self.dates or day in self.dates)
            and (self.first is None or self.first <= day)
            and (self.last is None or day <= self.last)
        )

    def _by_word(self, day: date, kind: DayKind) -> bool:
        def among(words: frozenset[str]) -> bool:
            return (
                "every_day" in words
                or WEEKDAYS[day.weekday()] in words
                or any(kind in KINDS_OF_WORD.get(word, ()) for word in words)
            )

        return among(self.words) and not among(self.except_words)


EVERY_DAY = Days(words=frozenset({"every_day"}))


@dataclass(frozen=True, slots=True)
class Window:
    """`[start, end)` in minutes after the midnight on which its day begins; `end` past 1440 runs into the next day.

    From `certain_until` on (a minute like the others) it is unknown whether the window still holds: the end was not
    published. Where it is `start`, nothing of the window is certain: a later day of an order of several days.
    """

    days: Days
    start: int
    end: int
    certain_until: int | None = None

    def __post_init__(self) -> None:
        if not (0 <= self.start < MINUTES_A_DAY and self.start < self.end <= self.start + MINUTES_A_DAY):
            raise ValueError(f"not a window: minutes {self.start} to {self.end}")
        if self.certain_until is not None and not self.start <= self.certain_until < self.end:
            raise ValueError("certain_until lies outside its window")

    def holds(self, wall: int, calendar: Calendar) -> Truth:
        """Whether the window holds at `wall` (wall seconds)."""
        return some(
            every((self.days.hold(date.fromordinal(ordinal), calendar), Truth.YES if sure else Truth.UNKNOWN))
            for ordinal, sure in self.openings(wall)
        )

    def openings(self, wall: int) -> Iterator[tuple[int, bool]]:
        """The days (ordinals) on which a window open at `wall` would have opened, and whether it surely still is.

        Besides the kinds of these days, this is all that `holds` reads of `wall`.
        """
        today = wall // DAY
        for ordinal in (today, today - 1):
            opened = ordinal * DAY
            if opened + self.start * 60 <= wall < opened + self.end * 60:
                yield ordinal, self.certain_until is None or wall < opened + self.certain_until * 60

    def edges(self, first_day: int, last_day: int) -> Iterator[int]:
        """Every wall second at which the window may begin or end, opening on the days from first to last (ordinals).

        Days on which it does not hold give edges all the same: an edge where nothing changes costs a look, never an
        answer.
        """
        minutes = [self.start, self.end]
        if self.certain_until is not None:
            minutes.append(self.certain_until)
        for ordinal in range(first_day, last_day + 1):
            for minute in minutes:
                yield ordinal * DAY + minute * 60


@dataclass(frozen=True, slots=True)
class Period:
    """`[start, end)` in wall seconds; None is open at that end. Notices, phases, passes and credentials have one."""

    start: int | None = None
    end: int | None = None

    @staticmethod
    def of_dates(first: date | None, last: date | None) -> "Period":
        """From the first instant of `first` to the last of `last`: an inclusive last date ends at 24:00 of that day."""
        return Period(
            None if first is None else first.toordinal() * DAY,
            None if last is None else (last.toordinal() + 1) * DAY,
        )

    def holds(self, wall: int) -> bool:
        return (self.start is None or self.start <= wall) and (self.end is None or wall < self.end)

    def edges(self) -> Iterator[int]:
        if self.start is not None:
            yield self.start
        if self.end is not None:
            yield self.end


ALWAYS = Period()
"""Without beginning or end."""


@dataclass(frozen=True, slots=True)
class LocalClock:
    """A city's UTC offsets as plain data: `(instant, offset)` pairs, each offset (seconds) valid from its instant on.

    Instants are whole seconds since 1970-01-01T00:00:00Z. The first pair counts for all time before it, too.
    """

    offsets: tuple[tuple[int, int], ...]

    def __post_init__(self) -> None:
        if not self.offsets or list(self.offsets) != sorted(self.offsets):
            raise ValueError("a clock needs its offsets in order of time")

    def wall(self, instant: int) -> int:
        """Wall seconds at an instant."""
        return instant + self.offset(instant) + EPOCH

    def offset(self, instant: int) -> int:
        offset = self.offsets[0][1]
        for start, value in self.offsets[1:]:
            if start > instant:
                break
            offset = value
        return offset

    def instants(self, wall: int) -> Iterator[int]:
        """Every instant at which the wall clock shows `wall`: none in a gap, two in a fold."""
        for number, (start, offset) in enumerate(self.offsets):
            instant = wall - EPOCH - offset
            begins_before = number == 0 or start <= instant
            ends_after = number + 1 == len(self.offsets) or instant < self.offsets[number + 1][0]
            if begins_before and ends_after:
                yield instant

    def shifts(self) -> Iterator[int]:
        """The instants at which the offset changes."""
        for start, _ in self.offsets[1:]:
            yield start


EPOCH = date(1970, 1, 1).toordinal() * DAY
"""Wall seconds of the epoch, so that wall seconds and date ordinals agree."""
