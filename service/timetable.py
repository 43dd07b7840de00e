"""A week of one zone: for each vehicle and each day, when it may be there, exactly.

The same definition answers as for single questions; nothing is sampled. Days are those of the city's clock: 24 hours
long unless it is put forward or back, and without any hour, or interval, where it skips the whole day.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from geodata.zones import Zone
from rules.bearing import bearing, open_to
from rules.calendar import DayKind
from rules.decision import DecidedStretch
from rules.model import Place, Question, Rulebook
from rules.reading import read_vehicle
from rules.schedule import schedule
from rules.timeline import Timeline
from rules.vehicle_classes import VehicleClass
from rules.vehicles import Vehicle
from rules.windows import DAY, WEEKDAYS, LocalClock
from service.instants import day_start, local_clock
from service.snapshot import Snapshot
from service.vehicles import checked_claims

DAYS = 7


@dataclass(frozen=True, slots=True)
class Subject:
    """Whose week it is: a standard class, or (None) a vehicle that the caller described."""

    vehicle_class: VehicleClass | None
    vehicle: Vehicle


@dataclass(frozen=True, slots=True)
class TimetableDay:
    """One day as instants `[start, end)`, and the kinds it may be of: one where the calendar covers it."""

    day: date
    start: int
    end: int
    kinds: tuple[DayKind, ...]

    @property
    def weekday(self) -> str:
        return WEEKDAYS[self.day.weekday()]


@dataclass(frozen=True, slots=True)
class Week:
    """The week of one subject: the stretches of each day, and the zones inside or across whose verdict differs once."""

    subject: Subject
    days: tuple[tuple[DecidedStretch, ...], ...]
    exceptions: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Timetable:
    """All weeks asked for, of one zone with those that contain it."""

    zone: Zone
    rulebook: Rulebook
    clock: LocalClock
    days: tuple[TimetableDay, ...]
    weeks: tuple[Week, ...]

    def restrictions(self) -> tuple[str, ...]:
        """Every restriction that decides somewhere, sorted."""
        decisive = {each.basis.restriction for week in self.weeks for day in week.days for each in day}
        return tuple(sorted(each for each in decisive if each is not None))


def subject_of(vehicle_class: VehicleClass) -> Subject:
    return Subject(vehicle_class, read_vehicle(vehicle_class.facts))


def subject_said(said: Mapping[str, object], heading_deg: float | None, zone: Zone, snapshot: Snapshot) -> Subject:
    """The vehicle that a caller described; InvalidVehicle with every fault."""
    vehicle = read_vehicle(said).with_heading(heading_deg)
    return Subject(None, checked_claims(vehicle, snapshot.publications[zone.city].city, snapshot))


def week_of(instant: int, zone: Zone, snapshot: Snapshot) -> date:
    """The Monday of the week that an instant lies in, by the city's clock."""
    wall = local_clock(snapshot.timezone(zone.city), instant).wall(instant)
    today = date.fromordinal(wall // DAY)
    return today - timedelta(days=today.weekday())


def timetable(zone: Zone, subjects: Sequence[Subject], first: date, snapshot: Snapshot) -> Timetable:
    """The seven days from `first` on; InvalidQuestion where a vehicle's passes are too many to work out."""
    found = empty_timetable(zone, first, snapshot)
    for subject in subjects:
        found = with_week(found, subject, snapshot)
    return found


def empty_timetable(zone: Zone, first: date, snapshot: Snapshot) -> Timetable:
    """The seven days from `first` on without anybody's week: for those who let others work between two weeks."""
    rulebook = snapshot.publications[zone.city].rulebook
    near = (first - date(1970, 1, 1)).days * DAY
    clock = local_clock(snapshot.timezone(zone.city), near)
    ordinals = range(first.toordinal(), first.toordinal() + DAYS)
    days = tuple(
        TimetableDay(
            date.fromordinal(ordinal),
            day_start(clock, ordinal),
            day_start(clock, ordinal + 1),
            tuple(sorted(rulebook.calendar.kinds(date.fromordinal(ordinal)))),
        )
        for ordinal in ordinals
    )
    return Timetable(zone, rulebook, clock, days, ())


def with_week(found: Timetable, subject: Subject, snapshot: Snapshot) -> Timetable:
    """The same with one more subject's week; InvalidQuestion as for `timetable`."""
    zone, days = found.zone, found.days
    base = frozenset({zone.key}) | snapshot.index.ancestors(zone.key)
    question = Question(subject.vehicle, Place.in_zones(base), days[0].start, found.clock)
    timeline = Timeline(found.rulebook, question)
    whole = schedule(timeline, found.rulebook.by_law(), days[-1].end)
    week = Week(
        subject,
        tuple(tuple(_cut(whole, day)) for day in days),
        tuple(_exceptions(zone, timeline, days[-1].end, snapshot)),
    )
    return replace(found, weeks=(*found.weeks, week))


def _cut(whole: Iterable[DecidedStretch], day: TimetableDay) -> Iterator[DecidedStretch]:
    """The parts that lie in a day; none of a day that the clock skips."""
    for each in whole:
        start, end = max(day.start, each.start), min(day.end, each.end)
        if start < end:
            yield replace(each, start=start, end=end)


def _exceptions(zone: Zone, timeline: Timeline, end: int, snapshot: Snapshot) -> Iterator[str]:
    """The zones inside or across this one whose verdict differs at some time of the week, with all that apply there."""
    rulebook, question = timeline.rulebook, timeline.question
    base = question.place.alternatives[0].certain
    of_passes = frozenset[str]().union(*(held.zones for held in question.vehicle.passes))
    expected = tuple(timeline.stretches(question.at, end))
    able = open_to(rulebook, question.vehicle, question.clock.wall(question.at))
    # Where the same articles bear, and the same zones of passes, the week is the same.
    known = {(bearing(rulebook, able, base), base & of_passes): False}
    for key in snapshot.index.inside_or_across(zone.key):
        there = base | {key} | snapshot.index.ancestors(key)
        alike = (bearing(rulebook, able, there), there & of_passes)
        if alike not in known:
            other = Timeline(rulebook, replace(question, place=Place.in_zones(there)))
            known[alike] = tuple(other.stretches(question.at, end)) != expected
        if known[alike]:
            yield key
