"""The national guidance as a lint of its own: what a city's rules should leave open to delivery trucks.

Judged are whole vehicles without pass or claim, in a week that begins on a given date, with its days of every kind
that their day of the week can be of: hours come from `rules.timeline`, so nothing is sampled. Delivery trucks are the
standard classes (`rules.vehicle_classes`) of micro, light and medium trucks with a van body or an enclosed one.

The sources were read as reports; the texts themselves were not seen.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from itertools import pairwise
from types import MappingProxyType

from rules.calendar import Calendar, DayKind
from rules.codes import Text
from rules.conditions import AllOf, AnyOf, Bounds, Condition, Everyone, Not, cuts
from rules.facts import Span, narrow
from rules.lint.vehicles import Undecided, witness
from rules.model import Place, Question, Rulebook, Verdict
from rules.reading import read_vehicle
from rules.timeline import Timeline
from rules.vehicle_classes import VEHICLE_CLASSES, VehicleClass
from rules.windows import DAY, WEEKDAYS, LocalClock

LEAST_OPEN_S = 6 * 3600
"""Open hours a day that a delivery truck should have outside special core roads, in seconds."""

_LIGHT_MASS_KG = 4_499
_MICRO_MASS_KG, _MICRO_LENGTH_MM = 1_800, 3_500

NOTICE_2018 = Text(
    "公安部《关于进一步规范和优化城市配送车辆通行管理的通知》(据2018年10月22日报道)",
    "Ministry of Public Security, notice on passage of city delivery vehicles (as reported on 2018-10-22)",
)
MEASURES_2021 = Text(
    "公安部2021年便利货车通行措施(据报道)", "Ministry of Public Security, measures of 2021 for trucks (as reported)"
)


@dataclass(frozen=True, slots=True)
class GuidanceRule:
    """One rule of the guidance, and where it comes from."""

    title: Text
    source: Text


RULES: Mapping[str, GuidanceRule] = MappingProxyType(
    {
        "guidance-six-hours": GuidanceRule(
            Text("配送货车每天开放不足6小时", "delivery trucks have less than 6 open hours a day"), MEASURES_2021
        ),
        "guidance-tonnage": GuidanceRule(
            Text("轻型货车按吨位再作区分", "light trucks are told apart by tonnage"), MEASURES_2021
        ),
        "guidance-new-energy": GuidanceRule(
            Text(
                "新能源配送货车的开放时间不长于柴油车",
                "new-energy delivery trucks have no longer hours than diesel ones",
            ),
            Text(f"{NOTICE_2018.zh};{MEASURES_2021.zh}", f"{NOTICE_2018.en}; {MEASURES_2021.en}"),
        ),
        "guidance-blanket-ban": GuidanceRule(Text("全市全天禁行", "a 24-hour ban over the whole city"), MEASURES_2021),
    }
)
"""The rules that are looked at, by code. A code is stable."""


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
    """The hours of some days on which a vehicle is certainly allowed: seconds from midnight, half-open."""

    days: Text
    spans: tuple[tuple[int, int], ...]
    seconds: int

    @property
    def text(self) -> Text:
        """`open 5 h 30 min: 09:00-12:00, 14:00-16:30 on ordinary workdays`, in both languages."""
        listed = ", ".join(f"{_clock(start)}-{_clock(end)}" for start, end in self.spans)
        hours, minutes = divmod(self.seconds // 60, 60)
        en = f"{hours} h {minutes} min" if minutes else f"{hours} h"
        zh = f"{hours}小时{minutes}分" if minutes else f"{hours}小时"
        return Text(
            f"{self.days.zh}开放{zh}{':' if listed else ''}{listed}",
            f"open {en}{': ' if listed else ''}{listed} on {self.days.en}",
        )


@dataclass(frozen=True, slots=True)
class GuidanceFinding:
    """Where the guidance is not kept: by which zone or article, for which class, and the hours that break it.

    `by_law` is false where only the illustrative notices break it; `mended` is true where they would mend it.
    """

    code: str
    subject: str
    vehicle_class: str | None
    text: Text
    hours: tuple[OpenHours, ...] = ()
    by_law: bool = True
    mended: bool = False


def guidance(
    rulebook: Rulebook, zones: Iterable[JudgedZone], today: date, clock: LocalClock
) -> tuple[GuidanceFinding, ...]:
    """All findings for the seven days from `today`; law decides, illustrative notices are only looked at beside it.

    `clock` must reach a horizon and a week to either side of `today`.
    """
    judged = sorted(zones, key=lambda zone: zone.key)
    by_law = _findings(rulebook.by_law(), judged, today, clock)
    with_all = by_law if rulebook.by_law() == rulebook else _findings(rulebook, judged, today, clock)
    found = [replace(each, mended=key not in with_all) for key, each in by_law.items()]
    found += [replace(each, by_law=False) for key, each in with_all.items() if key not in by_law]
    return tuple(sorted(found, key=lambda each: (not each.by_law, each.code, each.subject, each.vehicle_class or "")))


_Key = tuple[str, str, str | None]
_Day = tuple[int, DayKind]


@dataclass(frozen=True, slots=True)
class _Hours:
    """When a class is certainly allowed on one day: by the wall clock, and how long in real seconds.

    `all_day`: at every instant; `never`: it is certainly prohibited at every instant.
    """

    spans: tuple[tuple[int, int], ...]
    seconds: int
    all_day: bool
    never: bool


def _findings(
    rulebook: Rulebook, zones: Sequence[JudgedZone], today: date, clock: LocalClock
) -> dict[_Key, GuidanceFinding]:
    week = _Week(rulebook, today, clock, {})
    found = [
        *(each for zone in zones for each in _six_hours(zone, week)),
        *(each for zone in zones for each in _new_energy(zone, week)),
        *(each for zone in zones if zone.whole_city for each in _blanket_ban(zone, week)),
        *_tonnage(rulebook, today),
    ]
    return {(each.code, each.subject, each.vehicle_class): each for each in found}


@dataclass(frozen=True, slots=True)
class _Week:
    """The open hours of the days of one week under one rulebook, each asked for once."""

    rulebook: Rulebook
    today: date
    clock: LocalClock
    _found: dict[tuple[frozenset[str], str], dict[_Day, _Hours]]

    def open_hours(self, zone: JudgedZone, vehicle_class: VehicleClass) -> dict[_Day, _Hours]:
        """For every day of the week and every kind that it can be of, when the class is certainly allowed there."""
        bearing = frozenset(
            article
            for article, product in self.rulebook.products()
            if product.zones is None or product.zones & zone.applying
        )
        key = (bearing, vehicle_class.code)
        if key not in self._found:
            self._found[key] = dict(self._asked(zone, vehicle_class))
        return self._found[key]

    def _asked(self, zone: JudgedZone, vehicle_class: VehicleClass) -> Iterator[tuple[_Day, _Hours]]:
        midnights = [self._midnight(self.today + timedelta(days=number)) for number in range(8)]
        vehicle = read_vehicle(vehicle_class.facts)
        for kinds in _WEEKS:
            rulebook = replace(self.rulebook, calendar=_calendar(self.today, *kinds))
            question = Question(vehicle, Place.in_zones(zone.applying), midnights[0], self.clock)
            timeline = Timeline(rulebook, question)
            for number, (begin, end) in enumerate(pairwise(midnights)):
                day = self.today + timedelta(days=number)
                stretches = list(timeline.stretches(begin, end))
                allowed = [each for each in stretches if each.verdict is Verdict.ALLOWED]
                spans = tuple((self.clock.wall(each.start) % DAY, self._end(each.end, day)) for each in allowed)
                seconds = sum(each.end - each.start for each in allowed)
                never = all(each.verdict is Verdict.PROHIBITED for each in stretches)
                hours = _Hours(spans, seconds, seconds == end - begin, never)
                yield (day.weekday(), kinds[day.weekday() >= _SATURDAY]), hours

    def _end(self, instant: int, day: date) -> int:
        return min(self.clock.wall(instant) - day.toordinal() * DAY, DAY)

    def _midnight(self, day: date) -> int:
        """The first instant of a day; where the clock skips midnight, the first that it shows."""
        wall = day.toordinal() * DAY
        return next(instant for later in range(0, DAY, 60) for instant in self.clock.instants(wall + later))


_SATURDAY = 5
_WEEKS = (
    (DayKind.ORDINARY_WORKDAY, DayKind.REST_DAY),
    (DayKind.STATUTORY_HOLIDAY, DayKind.STATUTORY_HOLIDAY),
    (DayKind.DAY_OFF_IN_LIEU, DayKind.MAKEUP_WORKDAY),
)
"""Kinds of the five weekdays and of the weekend: three weeks that hold every kind of every day of the week."""


def _calendar(today: date, weekday: DayKind, weekend: DayKind) -> Calendar:
    """A calendar on which all weekdays are of one kind and all weekend days of another, as far as a week looks."""
    days = [today + timedelta(days=number) for number in range(-20, 30)]
    kinds = {day: weekend if day.weekday() >= _SATURDAY else weekday for day in days}
    usual = {DayKind.ORDINARY_WORKDAY, DayKind.REST_DAY}
    exceptions = {day: kind for day, kind in kinds.items() if kind not in usual}
    return Calendar("guidance", days[0], days[-1], exceptions, {})


def _delivery_classes() -> list[VehicleClass]:
    return [
        each
        for each in VEHICLE_CLASSES
        if each.facts["kind"] == "truck"
        and each.facts["size"] in ("micro", "light", "medium")
        and each.facts.get("body") in ("box", "enclosed", "refrigerated")
    ]


def _six_hours(zone: JudgedZone, week: _Week) -> Iterator[GuidanceFinding]:
    for vehicle_class in _delivery_classes():
        hours_of_days = week.open_hours(zone, vehicle_class)
        short = {day: hours for day, hours in hours_of_days.items() if hours.seconds < LEAST_OPEN_S}
        if short:
            grouped = _grouped(short)
            yield GuidanceFinding("guidance-six-hours", zone.key, vehicle_class.code, _joined(grouped), grouped)


def _pairs() -> Iterator[tuple[VehicleClass, VehicleClass]]:
    """Each electric class with the cleanest diesel class of the same size and body."""
    for electric in _delivery_classes():
        if electric.facts.get("energy") != "battery_electric":
            continue
        diesel = [
            each
            for each in _delivery_classes()
            if each.facts.get("energy") == "diesel"
            and (each.facts["size"], each.facts["body"]) == (electric.facts["size"], electric.facts["body"])
        ]
        if diesel:
            yield electric, max(diesel, key=lambda each: str(each.facts["emission_stage"]))


def _new_energy(zone: JudgedZone, week: _Week) -> Iterator[GuidanceFinding]:
    for electric, diesel in _pairs():
        ours, theirs = week.open_hours(zone, electric), week.open_hours(zone, diesel)
        no_longer = {
            day: hours
            for day, hours in ours.items()
            if not theirs[day].all_day and hours.seconds <= theirs[day].seconds
        }
        if no_longer:
            grouped = _grouped(no_longer)
            said = _joined(grouped)
            text = Text(f"{said.zh},不长于{diesel.name.zh}", f"{said.en}; no longer than {diesel.name.en}")
            yield GuidanceFinding("guidance-new-energy", zone.key, electric.code, text, grouped)


def _blanket_ban(zone: JudgedZone, week: _Week) -> Iterator[GuidanceFinding]:
    for vehicle_class in VEHICLE_CLASSES:
        hours = week.open_hours(zone, vehicle_class)
        if all(each.never for each in hours.values()):
            text = Text("全市任何一天都不开放", "closed at all hours of every day in the whole city")
            yield GuidanceFinding("guidance-blanket-ban", zone.key, vehicle_class.code, text, _grouped(hours))


def _grouped(hours: Mapping[_Day, _Hours]) -> tuple[OpenHours, ...]:
    """The hours of days, days of the same hours taken together."""
    days: dict[_Hours, list[_Day]] = {}
    for day, open_hours in sorted(hours.items(), key=lambda each: (list(_DAYS).index(each[0][1]), each[0][0])):
        days.setdefault(open_hours, []).append(day)
    return tuple(OpenHours(_named(alike), each.spans, each.seconds) for each, alike in days.items())


def _joined(hours: Iterable[OpenHours]) -> Text:
    texts = [each.text for each in hours]
    return Text(";".join(each.zh for each in texts), "; ".join(each.en for each in texts))


_DAYS: Mapping[DayKind, tuple[Text, int]] = MappingProxyType(
    {
        DayKind.ORDINARY_WORKDAY: (Text("工作日", "ordinary workdays"), 5),
        DayKind.REST_DAY: (Text("休息日", "rest days"), 2),
        DayKind.STATUTORY_HOLIDAY: (Text("法定节假日", "statutory holidays"), 7),
        DayKind.DAY_OFF_IN_LIEU: (Text("调休放假日", "days off in lieu"), 5),
        DayKind.MAKEUP_WORKDAY: (Text("调休上班日", "make-up workdays"), 2),
    }
)
"""The name of each kind of day, and on how many days of the week it can fall."""

_WEEKDAYS_ZH = "一二三四五六日"


def _named(days: Sequence[_Day]) -> Text:
    """`ordinary workdays, rest days`; with the days of the week where not all of them are alike."""
    if len(days) == sum(number for _, number in _DAYS.values()):
        return Text("每天", "every day")
    zh, en = [], []
    for kind, (name, number) in _DAYS.items():
        weekdays = [weekday for weekday, other in days if other is kind]
        if len(weekdays) == number:
            zh.append(name.zh)
            en.append(name.en)
        elif weekdays:
            zh.append(f"{name.zh}(周{'、'.join(_WEEKDAYS_ZH[each] for each in weekdays)})")
            en.append(f"{name.en} ({', '.join(WEEKDAYS[each].capitalize() for each in weekdays)})")
    return Text("、".join(zh), ", ".join(en))


def _clock(seconds: int) -> str:
    return f"{seconds // 3600:02}:{seconds % 3600 // 60:02}"


def _tonnage(rulebook: Rulebook, today: date) -> Iterator[GuidanceFinding]:
    first, last = today.toordinal() * DAY, (today.toordinal() + 7) * DAY
    for article, product in rulebook.products():
        begun = product.period.start is None or product.period.start < last
        if begun and (product.period.end is None or first < product.period.end):
            text = _split_by_tonnage(product.condition)
            if text is not None:
                yield GuidanceFinding("guidance-tonnage", article, None, text)


_Cell = tuple[Span, Span]


def _split_by_tonnage(condition: Condition) -> Text | None:
    """Two light trucks, alike but for total mass and rated load, of which one meets the condition and one does not."""
    cells = list(_cells(condition))
    for one in cells:
        for other in cells:
            met, unmet = _at(condition, one), _at(condition, other)
            if met != unmet and _alike_but_for_tonnage(met, unmet, one, other):
                first, second = _tons(one), _tons(other)
                return Text(
                    f"适用于{first.zh}的轻型货车,不适用于其他方面相同、{second.zh}的轻型货车",
                    f"a light truck of {first.en} meets it, and one that is alike but of {second.en} does not",
                )
    return None


def _cells(condition: Condition) -> Iterator[_Cell]:
    """The ranges of mass and load of light trucks that a condition tells apart."""
    apart: dict[str, set[int]] = {"total_mass_kg": {_MICRO_MASS_KG + 1}, "rated_load_kg": set()}
    for fact, value in cuts(condition):
        if fact in apart and 1 < int(value) <= _LIGHT_MASS_KG:
            apart[fact].add(int(value))
    masses, loads = (
        [Span(low, high - 1) for low, high in pairwise([1, *sorted(values), _LIGHT_MASS_KG + 1])]
        for values in apart.values()
    )
    return ((mass, load) for mass in masses for load in loads if (load.low or 0) <= (mass.high or 0))


def _at(condition: Condition, cell: _Cell) -> Condition:
    """The condition of a vehicle of that mass and load, which it no longer asks for."""
    match condition:
        case Bounds("total_mass_kg" | "rated_load_kg", _):
            within = condition.span.covers(cell[condition.fact == "rated_load_kg"])
            return Everyone() if within else Not(Everyone())
        case Not(inner):
            return Not(_at(inner, cell))
        case AllOf(several):
            return AllOf(tuple(_at(each, cell) for each in several))
        case AnyOf(several):
            return AnyOf(tuple(_at(each, cell) for each in several))
        case _:
            return condition


def _alike_but_for_tonnage(met: Condition, unmet: Condition, one: _Cell, other: _Cell) -> bool:
    facts = narrow({"kind": frozenset({"truck"}), "size": frozenset({"light"})})
    goals = [(met, True), (unmet, False)]
    if any((mass.low or 0) <= _MICRO_MASS_KG for mass, _ in (one, other)):
        # So light a truck is a light one only if it is longer than a micro one.
        goals.append((Bounds("length_mm", above=_MICRO_LENGTH_MM), True))
    try:
        return witness(goals, facts) is not None
    except Undecided:
        return False


def _tons(cell: _Cell) -> Text:
    mass, load = cell
    return Text(
        f"总质量{mass.low}至{mass.high}千克、核定载质量{load.low}至{load.high}千克",
        f"{mass.low} to {mass.high} kg total mass and {load.low} to {load.high} kg rated load",
    )
