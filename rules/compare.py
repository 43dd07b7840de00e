"""What changes between two versions of a city, exactly: places x times x vehicles whose verdict flips, in groups.

Nothing is sampled. Places on which the same articles bear are one; days and minutes between which no article begins or
ends to hold are one (`rules.days`); vehicles are followed through every trait that still matters (`rules.flips`).
Times are those of the wall clock, up to the last date that a question may name; vehicles are those of which every fact
is known, at one instant. Each group has a witness, a question that the definition (`rules.decide`) was asked.
"""

from collections.abc import Iterable, Iterator, Mapping
from datetime import date, timedelta
from itertools import groupby, pairwise

from rules.calendar import Calendar
from rules.changes import changes_between
from rules.codec import canonical_bytes
from rules.days import LAST_DAY, UNPUBLISHED, DayClasses, edges_in_a_day
from rules.decide import verdict_at
from rules.difference import (
    CalendarChange,
    DayOfAnotherKind,
    Difference,
    FlipGroup,
    When,
    Where,
    Witness,
    WitnessQuestion,
    Zones,
    group_document,
    who_of,
)
from rules.errors import Incomparable
from rules.facts import Value
from rules.flips import MOST_STEPS, Flip, Flips, Member, Moment, Version
from rules.model import Place, Question, Rulebook, Verdict
from rules.reading import read_vehicle
from rules.traits import Box, Traits, claims_said, said_of
from rules.windows import DAY, EPOCH, LocalClock

_Time = tuple[int, int, int]
"""A class of days, and `[from, until)` in seconds of the day."""

_Found = dict[tuple["_Same", tuple[Box, ...]], tuple[dict[Where, set[_Time]], set[str]]]

_Same = tuple[Verdict, Verdict, tuple[str, ...], tuple[str, ...]]
"""From which verdict to which, and what decided each."""


def compare(
    before: Rulebook,
    after: Rulebook,
    zones_before: Zones,
    zones_after: Zones,
    crossings: Iterable[frozenset[str]] = (),
    until: date = LAST_DAY,
    most_steps: int = MOST_STEPS,
) -> Difference:
    """The difference between two versions of one city; `rules` knows no maps, so the zones come as `Zones`.

    `crossings` are sets of zones, none of which holds another, that may hold one place together.
    No date after `until` is looked at, and no more traits of vehicles than `most_steps` are asked.

    Raises Incomparable for two cities or two time zones, and where it would take too much work to be exact.
    """
    _refuse_others(before, after)
    places = tuple(_places(zones_before, zones_after, crossings))
    traits = Traits.of((before, after))
    flips = Flips(Version(before, traits), Version(after, traits), most_steps)
    classes = DayClasses.of(before, after, all(each.before == each.after for each in places), until)
    groups = _grouped(flips, classes, _flips_by_place(flips, _times(flips, classes), places))
    return Difference(
        groups=groups,
        changes=changes_between(before, after),
        calendar=_calendar_change(before.calendar, after.calendar),
        zones_added=tuple(sorted(zones_after.keys() - zones_before.keys())),
        zones_removed=tuple(sorted(zones_before.keys() - zones_after.keys())),
        zones_moved=tuple(
            sorted(each for each in zones_before.keys() & zones_after if zones_before[each] != zones_after[each])
        ),
        steps=flips.steps,
    )


def _refuse_others(before: Rulebook, after: Rulebook) -> None:
    if before.city.id != after.city.id:
        raise Incomparable(
            "two-cities",
            f"两个版本不是同一城市:{before.city.id} 与 {after.city.id}",
            f"these are two cities, {before.city.id} and {after.city.id}",
        )
    if before.city.timezone != after.city.timezone:
        raise Incomparable(
            "two-clocks",
            f"两个版本的时区不同:{before.city.timezone} 与 {after.city.timezone}",
            f"the two versions keep different clocks, {before.city.timezone} and {after.city.timezone}",
        )


def _places(before: Zones, after: Zones, crossings: Iterable[frozenset[str]]) -> Iterator[Where]:
    """Every zone of either version, where they cross, and the place outside all of them.

    Where a zone is new or gone, the other version is asked for those of its containing zones that it knows.
    """
    yield Where((), frozenset(), frozenset(), None, None)
    single = [frozenset({zone}) for zone in before.keys() | after.keys()]
    for zones in sorted(sorted(each) for each in {*single, *crossings}):
        held_before, ask_before = _standing_for(zones, before, after)
        held_after, ask_after = _standing_for(zones, after, before)
        yield Where(tuple(zones), held_before, held_after, ask_before, ask_after)


def _standing_for(zones: Iterable[str], own: Zones, other: Zones) -> tuple[frozenset[str], str | None]:
    """The zones that a version holds to apply where some zones are, and the one by whose id that is asked."""
    known = [each for zone in zones for each in ([zone] if zone in own else sorted(other[zone])) if each in own]
    held = frozenset[str]().union(*(own[each] | {each} for each in known))
    return held, next((each for each in known if own[each] | {each} == held), None)


def _times(flips: Flips, classes: DayClasses) -> dict[tuple[Moment, Moment], list[_Time]]:
    """All times, by what the two versions read of them."""
    products = [product for version in (flips.before, flips.after) for _, product in version.rulebook.products()]
    found: dict[tuple[Moment, Moment], list[_Time]] = {}
    for number, days in enumerate(classes.days):
        day = days[0]
        edges = edges_in_a_day(products, day)
        for start, end in pairwise(edges):
            wall = day * DAY + start
            moments = (flips.before.moment(wall), flips.after.moment(wall))
            found.setdefault(moments, []).append((number, start, end))
    return found


def _flips_by_place(
    flips: Flips, times: Mapping[tuple[Moment, Moment], list[_Time]], places: Iterable[Where]
) -> _Found:
    """Where and when each set of boxes flips alike, and what may stand against its vehicles in both versions."""
    alike: dict[tuple[frozenset[int], frozenset[int]], list[Where]] = {}
    for place in places:
        alike.setdefault((flips.before.bearing(place.before), flips.after.bearing(place.after)), []).append(place)
    found: _Found = {}
    for bearing, together in alike.items():
        for moments, when in times.items():
            by_same: dict[_Same, list[Flip]] = {}
            for flip in flips.at(moments, bearing):
                by_same.setdefault(_same(flip), []).append(flip)
            for same, alike_flips in by_same.items():
                by_place, unless = found.setdefault((same, tuple(flip.box for flip in alike_flips)), ({}, set()))
                unless.update(each for flip in alike_flips for each in flip.unless)
                for place in together:
                    by_place.setdefault(place, set()).update(when)
    return found


def _same(flip: Flip) -> _Same:
    return flip.before, flip.after, flip.decided_before, flip.decided_after


def _grouped(
    flips: Flips,
    classes: DayClasses,
    found: _Found,
) -> tuple[FlipGroup, ...]:
    groups = []
    for (same, boxes), (by_place, unless) in found.items():
        together: dict[frozenset[_Time], list[Where]] = {}
        for place, times in by_place.items():
            together.setdefault(frozenset(times), []).append(place)
        for alike, places in together.items():
            where = tuple(sorted(places, key=lambda place: (len(place.zones), place.zones)))
            groups.append(_group(flips, classes, same, boxes, where, alike, unless))
    return tuple(sorted(groups, key=_by_date))


def _by_date(group: FlipGroup) -> tuple[object, ...]:
    """What goes on first, then by its beginning, the latest first."""
    runs = [run for when in group.when for run in when.days]
    latest = max(run.first for run in runs)
    return (
        all(run.last is not None for run in runs),
        -latest.toordinal(),
        [each.zones for each in group.places],
        group.when[0].hours,
        group.before,
        group.after,
        group.decided_before,
        group.decided_after,
        canonical_bytes(group_document(group)),
    )


def _group(
    flips: Flips,
    classes: DayClasses,
    same: _Same,
    boxes: tuple[Box, ...],
    places: tuple[Where, ...],
    times: frozenset[_Time],
    unless: Iterable[str],
) -> FlipGroup:
    before, after, decided_before, decided_after = same
    cells = flips.before.traits.cells
    simple = tuple(sorted(boxes, key=lambda box: _simplicity(box, flips)))
    place, wall = _shown(flips, classes, places, times)
    here = [flip for flip in flips.at(*_read(flips, place, wall)) if _same(flip) == same and flip.box == simple[0]]
    by_hours: dict[tuple[tuple[int, int], ...], list[int]] = {}
    for number, within in groupby(sorted(times), key=lambda time: time[0]):
        by_hours.setdefault(tuple(_joined((start, end) for _, start, end in within)), []).append(number)
    when = tuple(When(classes.told(numbers), hours) for hours, numbers in sorted(by_hours.items()))
    return FlipGroup(
        before=before,
        after=after,
        decided_before=decided_before,
        decided_after=decided_after,
        places=places,
        when=when,
        who=tuple(
            who_of((trait, (cells[trait][n] for n in sorted(inside))) for trait, inside in box) for box in simple
        ),
        unless=tuple(sorted(unless)),
        witness=_witness(flips, here[0], place, wall),
    )


def _shown(flips: Flips, classes: DayClasses, places: Iterable[Where], times: Iterable[_Time]) -> tuple[Where, int]:
    """Where and when (wall second) the witness is: the widest zone that both versions know, of late, on a known day."""
    calendars = [version.rulebook.calendar for version in (flips.before, flips.after)]

    def recent(time: _Time) -> tuple[bool, int, int, int]:
        number, start, _ = time
        day = classes.days[number][0]
        known = all(calendar.covers(date.fromordinal(day)) for calendar in calendars)
        return known, classes.segment_of[number], -day, -start

    number, start, _ = max(times, key=recent)
    place = min(places, key=lambda each: (each.ask_before is None, each.ask_after is None, len(each.after), each.zones))
    return place, classes.days[number][0] * DAY + start


def _read(flips: Flips, place: Where, wall: int) -> tuple[tuple[Moment, Moment], tuple[frozenset[int], frozenset[int]]]:
    return (
        (flips.before.moment(wall), flips.after.moment(wall)),
        (flips.before.bearing(place.before), flips.after.bearing(place.after)),
    )


def _joined(hours: Iterable[tuple[int, int]]) -> list[tuple[int, int]]:
    joined: list[tuple[int, int]] = []
    for start, end in hours:
        if joined and joined[-1][1] == start:
            joined[-1] = (joined[-1][0], end)
        else:
            joined.append((start, end))
    return joined


def _simplicity(box: Box, flips: Flips) -> tuple[object, ...]:
    """Vehicles that claim least first, and what is said in fewest words."""
    atoms = flips.before.traits.atoms
    claimed = sum(1 for trait, cells in box if trait not in atoms and 0 not in cells)
    unlikely = sum(min(cells) for trait, cells in box if trait in atoms)
    return claimed, unlikely, len(box), [(trait, sorted(cells)) for trait, cells in box]


def _witness(flips: Flips, flip: Flip, place: Where, wall: int) -> Witness:
    """A question of which the definition gives the verdicts of the group, of each version."""
    member = flip.member
    asked = frozenset(trait for trait, _ in member.cells)
    short = {fact: known for fact, known in member.facts.items() if fact in asked}
    # What the box names is mostly enough; where the definition, which answers before all is known, wants more, every
    # fact that a rule reads is said.
    atoms = flips.before.traits.atoms
    whole = {fact: known for fact, known in member.facts.items() if fact in atoms}
    prefixes = frozenset[Value]().union(
        *(each for each in atoms.get("plate_prefix", ()) if isinstance(each, frozenset))
    )
    for facts in (short, whole):
        said = {**said_of(facts, prefixes), **_claims(flips, member)}
        heading = facts.get("heading_deg")
        degrees = float(next(iter(heading))) if isinstance(heading, frozenset) else None
        sides = [
            _question(version, said, zone, zones, degrees, wall)
            for version, zone, zones in (
                (flips.before, place.ask_before, place.before),
                (flips.after, place.ask_after, place.after),
            )
        ]
        found = tuple(
            _asked(version, question) for version, question in zip((flips.before, flips.after), sides, strict=True)
        )
        if found == (flip.before, flip.after):
            return Witness(*sides)
    raise AssertionError(f"the definition gives {found} for {said} at {place.zones}, {wall}, not {flip}")


def _claims(flips: Flips, member: Member) -> dict[str, object]:
    cells, atoms = flips.before.traits.cells, flips.before.traits.atoms
    return claims_said({trait: cells[trait][cell] for trait, cell in member.cells if trait not in atoms})


def _question(
    version: Version,
    said: Mapping[str, object],
    zone: str | None,
    held: frozenset[str],
    heading: float | None,
    wall: int,
) -> WitnessQuestion:
    """The question without passes and filings of kinds that the version does not know."""
    city = version.rulebook.city
    kinds, filings = {each.id for each in city.pass_kinds}, {each.id for each in city.filings}
    vehicle = dict(said)
    for field, known in (("passes", kinds), ("filings", filings)):
        named = vehicle.pop(field, None)
        if isinstance(named, list):
            kept = [each for each in named if (each["kind"] if isinstance(each, dict) else each) in known]
            vehicle |= {field: kept} if kept else {}
    return WitnessQuestion(vehicle, zone, held, heading, wall)


def _asked(version: Version, question: WitnessQuestion) -> Verdict:
    vehicle = read_vehicle(question.vehicle).with_heading(question.heading_deg)
    asked = Question(vehicle, Place.in_zones(question.held), question.wall - EPOCH, LocalClock(((0, 0),)))
    return verdict_at(version.rulebook, asked, asked.at)


def _calendar_change(before: Calendar, after: Calendar) -> CalendarChange | None:
    """The days of which both calendars are asked: all that either covers or lists."""
    if before == after:
        return None
    days: set[date] = set()
    for calendar in (before, after):
        days.update(calendar.exceptions)
        if calendar.covered_from <= calendar.covered_until:
            span = range(calendar.covered_from.toordinal(), calendar.covered_until.toordinal() + 1)
            days.update(date.fromordinal(day) for day in span)
    differing = [
        (day, _kind(before, day), _kind(after, day)) for day in sorted(days) if before.kinds(day) != after.kinds(day)
    ]
    runs: list[DayOfAnotherKind] = []
    for day, old, new in differing:
        follows = runs and runs[-1].last + timedelta(days=1) == day and (runs[-1].before, runs[-1].after) == (old, new)
        if follows:
            runs[-1] = DayOfAnotherKind(runs[-1].first, day, old, new)
        else:
            runs.append(DayOfAnotherKind(day, day, old, new))
    return CalendarChange(before, after, tuple(runs))


def _kind(calendar: Calendar, day: date) -> str:
    kinds = calendar.kinds(day)
    return next(iter(kinds)).value if len(kinds) == 1 else UNPUBLISHED
