"""When a verdict begins and ends: exact interval arithmetic over the instants at which anything may change.

Between two neighbouring breakpoints nothing that a verdict reads can change (windows, dates of notices, passes and
credentials, clock shifts, midnights), so the verdict at a breakpoint is the verdict up to the next: nothing is sampled.
"""

from bisect import bisect_right
from collections.abc import Hashable, Iterator
from dataclasses import dataclass, field, replace
from datetime import date
from itertools import islice, pairwise

from rules.bearing import bearing_on
from rules.decide import days_open_at, in_windows, verdict_at
from rules.decision import Interval, Outcome, Stretch
from rules.errors import InvalidQuestion
from rules.model import HORIZON, Question, Rulebook, Verdict
from rules.windows import DAY, Period, Window

MOST_INTERVALS = 3
MOST_WORK = 12_000
"""More than this is no vehicle's case, and would hold up every other question (`Timeline.work`)."""


@dataclass(frozen=True, slots=True)
class Timeline:
    """The verdicts of one question under one rulebook, from a horizon before it to a horizon after its stay."""

    rulebook: Rulebook
    question: Question
    breakpoints: tuple[int, ...] = field(init=False)
    _sliced: Rulebook = field(init=False, repr=False, compare=False)
    _found: dict[Hashable, Verdict] = field(init=False, repr=False, compare=False, default_factory=dict)

    def __post_init__(self) -> None:
        sliced = _slice(self.rulebook, self.question)
        edges = {each for each in _edges(sliced, self.question, self.first, self.last) if self.first < each < self.last}
        object.__setattr__(self, "_sliced", sliced)
        object.__setattr__(self, "breakpoints", tuple(sorted({self.first, *edges, self.last})))
        if self.work > MOST_WORK:
            raise InvalidQuestion(
                "vehicle/passes",
                "too-much-work",
                "通行证、时段或停留过多,一次问答无法算完;请减少通行证或缩短停留",
                "too many passes and hours for one question; name fewer passes or a shorter stay",
            )

    @property
    def work(self) -> int:
        """How many looks at the passes and credentials of the vehicle the whole timeline may take.

        Where days are unpublished, each of their kinds is looked at.
        """
        looked_at = len(self.question.vehicle.passes) + len(self.question.vehicle.credentials)
        wall = self.question.clock.wall(self.last)
        published = self._sliced.calendar.covers(date.fromordinal(wall // DAY))
        return len(self.breakpoints) * looked_at * (1 if published else 3)

    @property
    def rulebook_here(self) -> Rulebook:
        """The rulebook with nothing in it but these articles."""
        return self._sliced

    @property
    def articles(self) -> tuple[str, ...]:
        """The articles that can bear on the question: where they and the zones of passes are equal, so are verdicts."""
        return tuple(article for article, _ in self._sliced.products())

    @property
    def first(self) -> int:
        return self.question.at - HORIZON

    @property
    def last(self) -> int:
        """The horizon of the question; a stay that begins before it is looked at to its end."""
        return self.question.at + HORIZON + self.question.stay

    @property
    def horizon(self) -> int:
        return self.question.at + HORIZON

    def verdict(self, instant: int, only_presence: bool = False) -> Verdict:
        start = self.breakpoints[bisect_right(self.breakpoints, instant) - 1]
        found = self._found.get((start, only_presence))
        if found is None:
            alike = (*self._times(start), only_presence)
            found = self._found.get(alike) or verdict_at(self._sliced, self.question, start, only_presence)
            self._found[alike] = self._found[start, only_presence] = found
        return found

    def _times(self, instant: int) -> Iterator[Hashable]:
        """All of an instant that a verdict reads: two instants of which it is equal share their verdict."""
        wall = self.question.clock.wall(instant)
        calendar = self._sliced.calendar
        yield self._sliced.city.record.holds(wall)
        windows: list[Window] = []
        for _, product in self._sliced.products():
            yield product.period.holds(wall) and in_windows(product.windows, calendar, wall)
            windows.extend(product.windows or ())
        for held in self.question.vehicle.passes:
            yield held.period.holds(wall) and in_windows(held.hours or None, calendar, wall)
            windows.extend(held.hours)
        for credential in self.question.vehicle.credentials:
            yield credential.period.holds(wall)
        open_days = days_open_at(calendar, wall)
        if open_days:
            # The kinds of unpublished days are tried out one by one: all that is read then is which of today and
            # yesterday are open, and what each window that may have opened on them makes of their kinds.
            today = wall // DAY
            yield tuple(today - day.toordinal() for day in open_days)
            for window in windows:
                for ordinal, sure in window.openings(wall):
                    yield today - ordinal, sure, window.days.by_kind(date.fromordinal(ordinal), calendar)
                yield None

    def stretches(self, start: int, end: int) -> Iterator[Stretch]:
        """The verdicts of `[start, end)` in order, equal neighbours joined, found as they are asked for."""
        since, current = start, self.verdict(start)
        for point in self.breakpoints[bisect_right(self.breakpoints, start) :]:
            if point >= end:
                break
            verdict = self.verdict(point)
            if verdict is not current:
                yield Stretch(since, point, current)
                since, current = point, verdict
        yield Stretch(since, end, current)

    def worst(self, start: int, end: int) -> Verdict:
        """The worst verdict of `[start, end)`: prohibited before undetermined before allowed."""
        return max((each.verdict for each in self.stretches(start, end)), key=_SEVERITY.__getitem__)

    def first_instant_of(self, verdict: Verdict, start: int, end: int) -> int:
        return next(each.start for each in self.stretches(start, end) if each.verdict is verdict)

    def bounds(self) -> tuple[int | None, int | None]:
        """From when and until when the verdict of the question holds, itself included; None: beyond the horizon.

        For a stay, these are the bounds of the instant at which it may begin for the verdict to be the same. An instant
        is a whole second: a stay that just fits may begin at `until` minus one second and no later.
        """
        if self.question.stay == 0:
            return self._since(), self._until()
        entries = self._verdicts_of_entries()
        asked = next(each for each in entries if each.start <= self.question.at < each.end)
        return (
            None if asked.start <= self.first else asked.start,
            None if asked.end >= self.horizon else asked.end,
        )

    def until(self) -> int | None:
        """The second of the bounds alone."""
        return self._until() if self.question.stay == 0 else self.bounds()[1]

    def _until(self) -> int | None:
        at = self.question.at
        verdict = self.verdict(at)
        return next((point for point in self._after(at) if self.verdict(point) is not verdict), None)

    def _since(self) -> int | None:
        at = self.question.at
        verdict = self.verdict(at)
        position = bisect_right(self.breakpoints, at) - 1
        while position > 0 and self.verdict(self.breakpoints[position - 1]) is verdict:
            position -= 1
        return self.breakpoints[position] if position > 0 else None

    def _after(self, instant: int) -> Iterator[int]:
        for point in self.breakpoints[bisect_right(self.breakpoints, instant) :]:
            if point >= self.horizon:
                return
            yield point

    def _verdicts_of_entries(self) -> list[Stretch]:
        """For every entry instant of the horizon, the verdict of the whole stay, as joined stretches."""
        stretches = list(self.stretches(self.first, self.last))
        # A stretch that begins at p is met by stays that begin from p - stay + 1 on, one that ends at p by none that
        # begin at p or later.
        edges = {
            each
            for stretch in stretches
            for each in (stretch.start, stretch.start - self.question.stay + 1)
            if self.first < each < self.horizon
        }
        points = [self.first, *sorted(edges), self.horizon]
        joined: list[Stretch] = []
        for start, end in pairwise(points):
            first = bisect_right(stretches, start, key=lambda each: each.start) - 1
            last = bisect_right(stretches, start + self.question.stay - 1, key=lambda each: each.start)
            verdict = max((each.verdict for each in stretches[first:last]), key=_SEVERITY.__getitem__)
            if joined and joined[-1].verdict is verdict:
                joined[-1] = Stretch(joined[-1].start, end, verdict)
            else:
                joined.append(Stretch(start, end, verdict))
        return joined

    def next_allowed(self) -> tuple[Interval, ...]:
        """The first three intervals from the instant asked on in which the vehicle may enter, the current included.

        For a stay these are the instants of entry from which the whole of it is allowed.
        """
        if self.question.stay:
            stretches: Iterator[Stretch] = iter(self._verdicts_of_entries())
        else:
            stretches = self.stretches(self.question.at, self.horizon)
        allowed = (each for each in stretches if each.verdict is Verdict.ALLOWED and each.end > self.question.at)
        return tuple(
            Interval(max(each.start, self.question.at), None if each.end >= self.horizon else each.end)
            for each in islice(allowed, MOST_INTERVALS)
        )

    def moments(self, start: int, end: int) -> Iterator[tuple[int, Hashable]]:
        """`start` and every breakpoint of `[start, end)`, each with all that a verdict reads of that instant.

        Up to the next nothing changes; two that are equal in it are answered alike, grounds and missing facts included.
        """
        points = self.breakpoints[bisect_right(self.breakpoints, start) :]
        for point in (start, *(each for each in points if each < end)):
            yield point, tuple(self._times(point))

    def different(self, start: int, end: int) -> Iterator[int]:
        """Instants of `[start, end)` in order: the first of each that are equal in all that a verdict reads."""
        seen: set[Hashable] = set()
        for point, times in self.moments(start, end):
            if times not in seen:
                seen.add(times)
                yield point

    def asked(self) -> Verdict:
        """The verdict of the question: at its instant, or the worst of its stay."""
        at, stay = self.question.at, self.question.stay
        return self.verdict(at) if stay == 0 else self.worst(at, at + stay)

    def outcome(self) -> Outcome:
        """The verdict asked for, its bounds, and when the vehicle may enter next."""
        since, until = self.bounds()
        return Outcome(self.asked(), since, until, self.next_allowed())

    def enter_and_leave(self) -> Verdict:
        """The verdict of a stay that is parked in between: driving counts at its first and last instant only."""
        start, end = self.question.at, self.question.at + self.question.stay
        verdicts = [self.verdict(start), self.verdict(end - 1)]
        verdicts += [self.verdict(point, only_presence=True) for point in self.breakpoints if start < point < end - 1]
        verdicts.append(self.verdict(start, only_presence=True))
        return max(verdicts, key=_SEVERITY.__getitem__)

    def may_not_move(self) -> tuple[Stretch, ...]:
        """The parts of the stay in which the vehicle may not drive, or may not for all that is known."""
        start, end = self.question.at, self.question.at + self.question.stay
        return tuple(each for each in self.stretches(start, end) if each.verdict is not Verdict.ALLOWED)


_SEVERITY = {Verdict.ALLOWED: 0, Verdict.UNDETERMINED: 1, Verdict.PROHIBITED: 2}


def _slice(rulebook: Rulebook, question: Question) -> Rulebook:
    """The rulebook with nothing in it but the articles that can bear on the question."""
    articles = bearing_on(rulebook, question)
    return replace(
        rulebook,
        notices=tuple(
            replace(
                notice,
                restrictions=tuple(each for each in notice.restrictions if each.id in articles),
                exemptions=tuple(each for each in notice.exemptions if each.id in articles),
            )
            for notice in rulebook.notices
        ),
    )


def _edges(rulebook: Rulebook, question: Question, first: int, last: int) -> Iterator[int]:
    """Every instant in reach at which something that a verdict reads may change."""
    clock = question.clock
    days = range(clock.wall(first) // DAY - 1, clock.wall(last) // DAY + 2)
    yield from clock.shifts()
    walls = set(rulebook.city.record.edges())
    periods: list[Period] = [each.period for each in question.vehicle.credentials]
    windows: list[Window] = []
    for held in question.vehicle.passes:
        periods.append(held.period)
        windows.extend(held.hours)
    for _, product in rulebook.products():
        periods.append(product.period)
        windows.extend(product.windows or ())
    for period in set(periods):
        walls.update(period.edges())
    for window in set(windows):
        walls.update(window.edges(days[0], days[-1]))
    if any(not rulebook.calendar.covers(date.fromordinal(day)) for day in days):
        # On an uncovered day the kinds of two days are tried out, today's and yesterday's: they change at midnight.
        walls.update(day * DAY for day in days)
    for wall in walls:
        yield from clock.instants(wall)
