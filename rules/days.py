"""Days sorted into classes that two rulebooks cannot tell apart, and sets of days told in the words of notices.

All dates that anybody can ask about are looked at one by one (`LAST_DAY` is the last), so that nothing repeats by
assumption. Two days are of one class if they lie between the same dates of notices, and every rule for days of the
notices then in force says the same of them and of the days before them, for every kind that they may be of.
"""

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from itertools import combinations, groupby

from rules.calendar import Calendar, DayKind
from rules.model import Product, Rulebook
from rules.windows import DAY, MINUTES_A_DAY, WEEKDAYS, Days

FIRST_DAY, LAST_DAY = date(1900, 1, 1), date(2200, 12, 31)
"""The dates that documents and questions may name."""

UNPUBLISHED = "unpublished"
_FEW = 7
_LEAP_YEAR = 2024
"""The days of the year are those of a leap year, 29 February among them."""

_FEATURES = ("weekday", "kind", "parity", "season", "kind_before", "eve_kind", "eve_parity", "eve_season")
"""What days are told by, simplest first. `kind` is the day kind in the second rulebook, `kind_before` in the first;
`eve_...` is the same of the day before."""

Features = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class DayRun:
    """Days from `first` to `last` (None: no last) that have one of the values of every feature in `told_by`.

    Features: `weekday`, `kind` (a day kind or `unpublished`), `parity` (odd, even), `season` (in and out of it:
    `04-01..10-31`), `kind_before` (the kind in the first of two rulebooks), and `eve_...` of the day before.
    """

    first: date
    last: date | None
    told_by: tuple[tuple[str, tuple[str, ...]], ...] = ()


@dataclass(frozen=True, slots=True)
class _Segment:
    """Dates from one date that a notice or a calendar names to the next, both included."""

    first: int
    last: int


@dataclass(frozen=True, slots=True)
class DayClasses:
    """The classes of the days that two rulebooks read: `days` has their dates (ordinals, in order) by class number."""

    segments: tuple[_Segment, ...]
    days: tuple[tuple[int, ...], ...]
    segment_of: tuple[int, ...]
    """By class, the number of its segment."""
    _seen: dict[int, frozenset[tuple[int, Features]]] = field(repr=False)
    """By segment, which features days of which class have."""

    @staticmethod
    def of(before: Rulebook, after: Rulebook, alike: bool, until: date = LAST_DAY) -> "DayClasses":
        """The classes of the days to `until`.

        `alike`: the zones are the same, so that dates with equal articles and calendars need not be looked at.
        """
        segments = tuple(_segments(before, after, until))
        # One cut of the year for all segments, so that days of several are told by parts of it that mean the same.
        cuts = _season_edges(_days_of(product for rulebook in (before, after) for _, product in rulebook.products()))
        classes: dict[tuple[int, object], list[int]] = {}
        seen: dict[int, set[tuple[int, Features]]] = {}
        numbers: dict[tuple[int, object], int] = {}
        for number, segment in enumerate(segments):
            laws = [_in_force(rulebook, segment) for rulebook in (before, after)]
            days = range(segment.first, segment.last + 1)
            if (
                alike
                and _same(*laws)
                and before.city.record == after.city.record
                and _filings(before) == _filings(after)
                and all(before.calendar.kinds(each) == after.calendar.kinds(each) for each in _with_eve(days))
            ):
                continue
            sides = [_days_of(product for _, product in law) for law in laws]
            reader = _Reader((before.calendar, after.calendar), sides, cuts)
            for day in days:
                signature, features = reader.read(day)
                key = (number, signature)
                class_number = numbers.setdefault(key, len(numbers))
                classes.setdefault(key, []).append(day)
                seen.setdefault(number, set()).add((class_number, features))
        return DayClasses(
            segments,
            tuple(tuple(days) for days in classes.values()),
            tuple(segment for segment, _ in classes),
            {number: frozenset(each) for number, each in seen.items()},
        )

    def told(self, wanted: Iterable[int]) -> tuple[DayRun, ...]:
        """The days of some classes, in few words; the runs do not overlap."""
        chosen = frozenset(wanted)
        numbers = sorted({self.segment_of[each] for each in chosen})
        runs: list[DayRun] = []
        for _, together in groupby(enumerate(numbers), key=lambda pair: pair[1] - pair[0]):
            run = [number for _, number in together]
            whole = self._told_of(run, chosen)
            if whole is not None and len(whole) == 1:
                runs += whole
                continue
            parts = [self._told_of([number], chosen) or list(self._dates(number, chosen)) for number in run]
            # Features that only happen to tell one segment from another would take more words than its dates do.
            if whole is not None and len(whole) <= max(len(part) for part in parts):
                runs += whole
            else:
                runs += [each for part in parts for each in part]
        return tuple(runs)

    def _told_of(self, run: Sequence[int], chosen: frozenset[int]) -> list[DayRun] | None:
        """The chosen days of some segments that follow each other; None if no features tell them from the others."""
        days = [day for each in chosen if self.segment_of[each] in run for day in self.days[each]]
        if len(days) <= _FEW:
            return list(_as_dates(sorted(days)))
        first, last = self.segments[run[0]].first, self.segments[run[-1]].last
        seen = [(each in chosen, features) for number in run for each, features in self._seen[number]]
        for size in range(4):
            for told_by in combinations(range(len(_FEATURES)), size):
                inside = {tuple(features[n] for n in told_by) for wanted, features in seen if wanted}
                outside = {tuple(features[n] for n in told_by) for wanted, features in seen if not wanted}
                if not inside & outside:
                    return [
                        DayRun(date.fromordinal(first), _last(last), _said(told_by, values))
                        for values in _products(inside)
                    ]
        return None

    def _dates(self, segment: int, chosen: frozenset[int]) -> Iterator[DayRun]:
        yield from _as_dates(
            sorted(day for each in chosen if self.segment_of[each] == segment for day in self.days[each])
        )


def _said(told_by: Iterable[int], values: Iterable[tuple[str, ...]]) -> tuple[tuple[str, tuple[str, ...]], ...]:
    named = zip((_FEATURES[number] for number in told_by), values, strict=True)
    return tuple((name, _joined(each) if name.endswith("season") else each) for name, each in named)


def _joined(seasons: Iterable[str]) -> tuple[str, ...]:
    """Parts of the year, those that follow each other as one."""
    last_of = dict(each.split("..") for each in seasons)
    following = {last: _day_of_year(_following(_month_and_day(last))) for last in last_of.values()}
    starts = sorted(last_of.keys() - set(following.values())) or [min(last_of)]
    joined = []
    for first in starts:
        last = last_of.pop(first)
        while following[last] in last_of:
            last = last_of.pop(following[last])
        joined.append(f"{first}..{last}")
    return tuple(joined)


def _last(day: int) -> date | None:
    return None if day >= LAST_DAY.toordinal() else date.fromordinal(day)


def _as_dates(days: Sequence[int]) -> Iterator[DayRun]:
    for _, together in groupby(enumerate(days), key=lambda pair: pair[1] - pair[0]):
        run = [day for _, day in together]
        yield DayRun(date.fromordinal(run[0]), _last(run[-1]))


def _products(tuples: set[tuple[str, ...]]) -> list[tuple[tuple[str, ...], ...]]:
    """A set of tuples as few products of sets, none of which overlap."""
    if not next(iter(tuples), ()):
        return [()] if tuples else []
    by_rest: dict[tuple[tuple[tuple[str, ...], ...], ...], list[str]] = {}
    for value in sorted({each[0] for each in tuples}, key=_rank):
        rest = tuple(_products({each[1:] for each in tuples if each[0] == value}))
        by_rest.setdefault(rest, []).append(value)
    return [(tuple(values), *product) for rest, values in by_rest.items() for product in rest]


def _rank(value: str) -> tuple[int, str]:
    return (WEEKDAYS.index(value) if value in WEEKDAYS else 0, value)


def _segments(before: Rulebook, after: Rulebook, until: date) -> Iterator[_Segment]:
    first = max(FIRST_DAY, min(before.city.record_from, after.city.record_from)).toordinal()
    edges: set[int] = set()
    for rulebook in (before, after):
        edges |= {wall // DAY for wall in rulebook.city.record.edges()}
        calendar = rulebook.calendar
        if calendar.covered_from <= calendar.covered_until:
            edges |= {calendar.covered_from.toordinal(), calendar.covered_until.toordinal() + 1}
        for _, product in rulebook.products():
            for wall in product.period.edges():
                # A day in which a period begins or ends is a segment of its own, unless it does so at midnight.
                edges |= {wall // DAY, -(-wall // DAY)}
            for window in product.windows or ():
                edges.update(_edges_of(window.days))
    starts = sorted({first, *(edge for edge in edges if first < edge <= until.toordinal())})
    for number, start in enumerate(starts):
        yield _Segment(start, starts[number + 1] - 1 if number + 1 < len(starts) else until.toordinal())


def _edges_of(days: Days) -> Iterator[int]:
    for day in days.dates:
        yield from (day.toordinal(), day.toordinal() + 1, day.toordinal() + 2)
    if days.first is not None:
        yield from (days.first.toordinal(), days.first.toordinal() + 1)
    if days.last is not None:
        yield from (days.last.toordinal() + 1, days.last.toordinal() + 2)


def _with_eve(days: range) -> Iterator[date]:
    return (date.fromordinal(day) for day in range(days.start - 1, days.stop))


def _in_force(rulebook: Rulebook, segment: _Segment) -> list[tuple[object, Product]]:
    """The articles in force at some instant of a segment, with what else of them decides."""
    first, end = segment.first * DAY, (segment.last + 1) * DAY
    restrictions = [((each.id, rulebook.lifting(each)), each.product) for each in rulebook.restrictions()]
    exemptions = [((each.id, each.passes), each.product) for each in rulebook.exemptions()]
    return [
        (what, product)
        for what, product in (*restrictions, *exemptions)
        if (product.period.start is None or product.period.start < end)
        and (product.period.end is None or first < product.period.end)
    ]


def _filings(rulebook: Rulebook) -> frozenset[str]:
    """What vehicles of the city can have filed: conditions that name another filing are never met."""
    return frozenset(each.id for each in rulebook.city.filings)


def _same(before: list[tuple[object, Product]], after: list[tuple[object, Product]]) -> bool:
    return len(before) == len(after) and all(each in after for each in before)


def _days_of(products: Iterable[Product]) -> tuple[Days, ...]:
    return tuple(dict.fromkeys(window.days for product in products for window in product.windows or ()))


class _Reader:
    """Reads what the rules for days say of a day and of the day before, and what people call the day."""

    def __init__(
        self, calendars: Iterable[Calendar], days: Iterable[Sequence[Days]], seasons: Sequence[tuple[int, int]]
    ) -> None:
        """`days` are the rules of each side in force, `seasons` the days on which a part of the year begins."""
        self._sides = tuple(zip(calendars, days, strict=True))
        self._seasons = seasons
        self._memo: dict[object, tuple[object, Features]] = {}

    def _read(self, ordinal: int) -> tuple[object, Features]:
        day = date.fromordinal(ordinal)
        kinds = tuple(calendar.kinds(day) for calendar, _ in self._sides)
        parity, season = "odd" if day.day % 2 else "even", self._season(day)
        # INVARIANT (a reader is for one segment): no listed date and no end of a range lies inside a segment, so that
        # beside kinds, parity and season a rule for days reads the day of the week only.
        alike = (day.weekday(), kinds, parity, season)
        if alike not in self._memo:
            said = tuple(_columns(day, calendar, days) for calendar, days in self._sides)
            words = [_kind(each) for each in kinds]
            self._memo[alike] = said, (WEEKDAYS[day.weekday()], words[1], parity, season, words[0])
        return self._memo[alike]

    def read(self, ordinal: int) -> tuple[object, Features]:
        """What is said of a day and of the day before, and the features of both."""
        before, now = self._read(ordinal - 1), self._read(ordinal)
        _, kind, parity, season, _ = before[1]
        return (now[0], before[0]), (*now[1], kind, parity, season)

    def _season(self, day: date) -> str:
        if not self._seasons:
            return ""
        place = bisect_right(self._seasons, (day.month, day.day))
        first, following = self._seasons[place - 1], self._seasons[place % len(self._seasons)]
        last = date(_LEAP_YEAR, *following) - timedelta(days=1)
        return f"{_day_of_year(first)}..{_day_of_year((last.month, last.day))}"


def _season_edges(days: Iterable[Days]) -> list[tuple[int, int]]:
    """The days of the year on which a season begins or has just ended."""
    edges: set[tuple[int, int]] = set()
    for season in {each.season for each in days if each.season is not None}:
        edges |= {season.first, _following(season.last)}
    return sorted(edges)


def _following(day: tuple[int, int]) -> tuple[int, int]:
    # A season that ends on 28 February does not take in the 29th.
    after = date(_LEAP_YEAR, *day) + timedelta(days=1)
    return after.month, after.day


def _day_of_year(day: tuple[int, int]) -> str:
    return f"{day[0]:02}-{day[1]:02}"


def _month_and_day(written: str) -> tuple[int, int]:
    month, _, day = written.partition("-")
    return int(month), int(day)


def _columns(day: date, calendar: Calendar, days: Sequence[Days]) -> object:
    """What each rule for days says of a day, once for each kind that it may be of and that they tell apart."""
    rows = [tuple(answer for _, answer in each.by_kind(day, calendar)) for each in days]
    return frozenset(zip(*rows, strict=True)) if rows else frozenset()


def _kind(kinds: frozenset[DayKind]) -> str:
    return next(iter(kinds)).value if len(kinds) == 1 else UNPUBLISHED


def edges_in_a_day(products: Iterable[Product], day: int) -> list[int]:
    """The seconds of a day at which a window may begin or end, or a period does; 0 is the first, 86,400 the last."""
    edges = {0, DAY}
    for product in products:
        for wall in product.period.edges():
            if wall // DAY == day:
                edges.add(wall % DAY)
        for window in product.windows or ():
            for minute in (window.start, window.end, window.certain_until):
                if minute is not None:
                    edges.add(minute % MINUTES_A_DAY * 60)
    return sorted(edges)
