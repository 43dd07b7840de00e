"""Open hours of vehicles by area and kind of day, worked out exactly for one week: what the guidance is judged by.

A day is looked at for each day of the week, once as each kind that it can be, after a day before of each kind that
that can be: a night that begins on the day before binds by its kind.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from itertools import pairwise
from itertools import product as pairs_of
from types import MappingProxyType

from rules.calendar import Calendar, DayKind
from rules.codes import Text
from rules.decide import Case, stands
from rules.model import Place, Question, Rulebook, Verdict
from rules.reading import read_vehicle
from rules.timeline import Timeline
from rules.truth import Truth
from rules.vehicles import Vehicle
from rules.windows import DAY, MINUTES_A_DAY, WEEKDAYS, LocalClock

DAYS: Mapping[DayKind, tuple[Text, tuple[int, ...]]] = MappingProxyType(
    {
        DayKind.ORDINARY_WORKDAY: (Text("工作日", "ordinary workdays"), (0, 1, 2, 3, 4)),
        DayKind.REST_DAY: (Text("休息日", "rest days"), (5, 6)),
        DayKind.STATUTORY_HOLIDAY: (Text("法定节假日", "statutory holidays"), (0, 1, 2, 3, 4, 5, 6)),
        DayKind.DAY_OFF_IN_LIEU: (Text("调休放假日", "days off in lieu"), (0, 1, 2, 3, 4)),
        DayKind.MAKEUP_WORKDAY: (Text("调休上班日", "make-up workdays"), (5, 6)),
    }
)
"""The name of each kind of day, and the days of the week on which it can fall."""

Day = tuple[int, DayKind, DayKind]
"""A day: its day of the week (Monday is 0), its kind, and the kind of the day before it."""


@dataclass(frozen=True, slots=True)
class JudgedZone:
    """An area in which hours are judged: the zones that apply in it, and whether it is all of the city.

    Special core roads are left out by whoever makes the list: a zone that is drawn as a road is one.
    """

    key: str
    applying: frozenset[str]
    whole_city: bool = False


@dataclass(frozen=True, slots=True)
class OpenHours:
    """The hours of some days on which a vehicle is certainly allowed (or barred): seconds from midnight, half-open."""

    days: Text
    spans: tuple[tuple[int, int], ...]
    seconds: int

    @property
    def text(self) -> Text:
        """`open 5 h 30 min: 09:00-12:00, 14:00-16:30 on ordinary workdays`, in both languages."""
        hours, minutes = divmod(self.seconds // 60, 60)
        en = f"{hours} h {minutes} min" if minutes else f"{hours} h"
        zh = f"{hours}小时{minutes}分" if minutes else f"{hours}小时"
        colon = ":" if self.spans else ""
        return Text(
            f"{self.days.zh}开放{zh}{':' if self.spans else ''}{self._listed}",
            f"open {en}{colon}{' ' if colon else ''}{self._listed} on {self.days.en}",
        )

    @property
    def times(self) -> Text:
        """`07:00-09:00 on ordinary workdays`, in both languages."""
        return Text(f"{self.days.zh}{self._listed}", f"{self._listed} on {self.days.en}")

    @property
    def _listed(self) -> str:
        return ", ".join(f"{_clock(start)}-{_clock(end)}" for start, end in self.spans)


@dataclass(frozen=True, slots=True)
class Hours:
    """When a vehicle is certainly allowed (or barred) on one day: by the wall clock, and how long in real seconds.

    `all_day`: at every instant; `never`: it is certainly prohibited at every instant.
    """

    spans: tuple[tuple[int, int], ...]
    seconds: int
    all_day: bool
    never: bool


@dataclass(frozen=True, slots=True)
class Week:
    """The hours of the days of one week that have one verdict under one rulebook, each vehicle and area asked once."""

    rulebook: Rulebook
    today: date
    clock: LocalClock
    verdict: Verdict = Verdict.ALLOWED
    _found: dict[tuple[frozenset[str], str], dict[Day, Hours]] = field(default_factory=dict)

    def hours(self, zone: JudgedZone, code: str, facts: Mapping[str, object]) -> dict[Day, Hours]:
        """The hours of every day of the week; `code` stands for the vehicle of these facts (`read_vehicle`)."""
        key = (self._bearing(zone), code)
        if key not in self._found:
            self._found[key] = dict(self._asked(zone, read_vehicle(facts)))
        return self._found[key]

    def closed_by(self, zone: JudgedZone, facts: Mapping[str, object], days: Iterable[Day]) -> tuple[str, ...]:
        """The restrictions that may close some hour of these days to the vehicle."""
        wanted = frozenset(days)
        vehicle = read_vehicle(facts)
        closing: set[str] = set()
        for kinds in self._choices(zone):
            timeline = self._timeline(zone, vehicle, kinds)
            (zones,) = timeline.question.place.alternatives
            case = Case(timeline.rulebook_here, vehicle, zones)
            for alike, begin, end, _ in self._days(kinds, self._choices(zone)):
                if wanted.isdisjoint(alike):
                    continue
                for instant in (begin, *(each for each in timeline.breakpoints if begin < each < end)):
                    wall = self.clock.wall(instant)
                    if timeline.verdict(instant) is not Verdict.ALLOWED:
                        restrictions = timeline.rulebook_here.restrictions()
                        closing.update(each.id for each in restrictions if stands(each, case, wall) is not Truth.NO)
        return tuple(sorted(closing))

    def _bearing(self, zone: JudgedZone) -> frozenset[str]:
        return frozenset(
            article
            for article, product in self.rulebook.products()
            if product.zones is None or product.zones & zone.applying
        )

    def _asked(self, zone: JudgedZone, vehicle: Vehicle) -> Iterator[tuple[Day, Hours]]:
        choices = self._choices(zone)
        for kinds in choices:
            timeline = self._timeline(zone, vehicle, kinds)
            for alike, begin, end, day in self._days(kinds, choices):
                stretches = list(timeline.stretches(begin, end))
                wanted = [each for each in stretches if each.verdict is self.verdict]
                spans = tuple((self.clock.wall(each.start) % DAY, self._end(each.end, day)) for each in wanted)
                seconds = sum(each.end - each.start for each in wanted)
                never = all(each.verdict is Verdict.PROHIBITED for each in stretches)
                for each in alike:
                    yield each, Hours(spans, seconds, seconds == end - begin, never)

    def _choices(self, zone: JudgedZone) -> tuple["_Kinds", ...]:
        """The weeks to be looked at: every kind of day after every other one where some window passes midnight."""
        bearing = self._bearing(zone)
        nights = any(
            window.end > MINUTES_A_DAY
            for article, product in self.rulebook.products()
            if article in bearing
            for window in product.windows or ()
        )
        return tuple(pairs_of(_WEEKS, _WEEKS)) if nights else tuple((each, each) for each in _WEEKS)

    def _days(self, kinds: "_Kinds", choices: tuple["_Kinds", ...]) -> Iterator[tuple[tuple[Day, ...], int, int, date]]:
        """The days of such a week: what each stands for, its first instant, that of the next day, its date."""
        midnights = [self._midnight(self.today + timedelta(days=number)) for number in range(8)]
        for number, (begin, end) in enumerate(pairwise(midnights)):
            day = self.today + timedelta(days=number)
            kind, before = _kind(day, kinds), _kind(day - timedelta(days=1), kinds)
            befores = (before,) if len(choices) > len(_WEEKS) else kinds_before(day.weekday())
            yield tuple((day.weekday(), kind, each) for each in befores), begin, end, day

    def _timeline(self, zone: JudgedZone, vehicle: Vehicle, kinds: "_Kinds") -> Timeline:
        rulebook = replace(self.rulebook, calendar=_calendar(self.today, kinds))
        return Timeline(
            rulebook, Question(vehicle, Place.in_zones(zone.applying), self._midnight(self.today), self.clock)
        )

    def _end(self, instant: int, day: date) -> int:
        return min(self.clock.wall(instant) - day.toordinal() * DAY, DAY)

    def _midnight(self, day: date) -> int:
        """The first instant of a day; where the clock skips midnight, the first that it shows."""
        wall = day.toordinal() * DAY
        return next(instant for later in range(0, DAY, 60) for instant in self.clock.instants(wall + later))


_SATURDAY = 5
_Week = tuple[DayKind, DayKind]
_Kinds = tuple[_Week, _Week]
_WEEKS: tuple[_Week, ...] = (
    (DayKind.ORDINARY_WORKDAY, DayKind.REST_DAY),
    (DayKind.STATUTORY_HOLIDAY, DayKind.STATUTORY_HOLIDAY),
    (DayKind.DAY_OFF_IN_LIEU, DayKind.MAKEUP_WORKDAY),
)
"""Kinds of the five weekdays and of the weekend: three weeks that hold every kind of every day of the week. Days of
even and of odd number take theirs from one of them each, so that each kind follows each."""


def _kind(day: date, kinds: _Kinds) -> DayKind:
    return kinds[day.toordinal() % 2][day.weekday() >= _SATURDAY]


def kinds_before(weekday: int) -> tuple[DayKind, ...]:
    """The kinds that the day before such a day of the week can be of."""
    before = (weekday - 1) % 7
    return tuple(week[before >= _SATURDAY] for week in _WEEKS)


def _calendar(today: date, kinds: _Kinds) -> Calendar:
    """A calendar of days of these kinds, as far as a week looks."""
    days = [today + timedelta(days=number) for number in range(-20, 30)]
    usual = {DayKind.ORDINARY_WORKDAY, DayKind.REST_DAY}
    exceptions = {day: _kind(day, kinds) for day in days if _kind(day, kinds) not in usual}
    return Calendar("guidance", days[0], days[-1], exceptions, {})


def grouped(hours: Mapping[Day, Hours]) -> tuple[OpenHours, ...]:
    """The hours of days, days of the same hours taken together."""
    days: dict[Hours, list[Day]] = {}
    order = list(DAYS)
    for day, found in sorted(hours.items(), key=lambda each: (order.index(each[0][1]), each[0][0])):
        days.setdefault(found, []).append(day)
    return tuple(OpenHours(_named(alike), each.spans, each.seconds) for each, alike in days.items())


def joined(texts: Sequence[Text]) -> Text:
    return Text(";".join(each.zh for each in texts), "; ".join(each.en for each in texts))


_WEEKDAYS_ZH = "一二三四五六日"


def _named(days: Sequence[Day]) -> Text:
    """`ordinary workdays, rest days`; with the days of the week, or the kind of the day before, where not all of them
    are alike."""
    if len(days) == sum(len(weekdays) * len(_WEEKS) for _, weekdays in DAYS.values()):
        return Text("每天", "every day")
    named = [text for kind in DAYS for text in _of_kind(kind, days)]
    return Text("、".join(each.zh for each in named), ", ".join(each.en for each in named))


def _of_kind(kind: DayKind, days: Sequence[Day]) -> Iterator[Text]:
    befores: dict[int, frozenset[DayKind]] = {}
    for weekday, other, before in days:
        if other is kind:
            befores[weekday] = befores.get(weekday, frozenset()) | {before}
    whole = [weekday for weekday, some in befores.items() if some == frozenset(kinds_before(weekday))]
    if whole:
        yield _on_weekdays(kind, whole, DAYS[kind][1])
    # Weekdays that are alike after the same kinds of day, as far as these can come before them.
    parts = {weekday: some for weekday, some in befores.items() if weekday not in whole}
    after = frozenset[DayKind]().union(*parts.values())
    alike = all(some == after & frozenset(kinds_before(weekday)) for weekday, some in parts.items())
    groups = [(list(parts), after)] if alike else [([weekday], some) for weekday, some in parts.items()]
    for weekdays, kinds in groups:
        if weekdays:
            every = [each for each in DAYS[kind][1] if kinds & frozenset(kinds_before(each))]
            name = _on_weekdays(kind, weekdays, every)
            names = [text for before, (text, _) in DAYS.items() if before in kinds]
            yield Text(
                f"{'、'.join(each.zh for each in names)}次日的{name.zh}",
                f"{name.en} after {' or '.join(each.en for each in names)}",
            )


def _on_weekdays(kind: DayKind, weekdays: Sequence[int], every: Sequence[int]) -> Text:
    name = DAYS[kind][0]
    if len(weekdays) == len(every):
        return name
    return Text(
        f"{name.zh}(周{'、'.join(_WEEKDAYS_ZH[each] for each in weekdays)})",
        f"{name.en} ({', '.join(WEEKDAYS[each].capitalize() for each in weekdays)})",
    )


def _clock(seconds: int) -> str:
    return f"{seconds // 3600:02}:{seconds % 3600 // 60:02}"
