"""Whether a flip lies in a group of a difference, read from what the group says of itself and nothing else."""

from datetime import date, timedelta

from rules.calendar import Calendar
from rules.days import DayRun
from rules.difference import Difference, FlipGroup, Who
from rules.facts import Span
from rules.vehicles import Vehicle
from rules.windows import DAY

WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")


def groups_of(
    difference: Difference,
    zone: str | tuple[str, ...] | None,
    vehicle: Vehicle,
    wall: int,
    calendars: tuple[Calendar, Calendar],
) -> list[FlipGroup]:
    """The groups that name the place, the time and the vehicle; what is prohibited in both anyway is still in."""
    zones = (() if zone is None else (zone,)) if not isinstance(zone, tuple) else zone
    return [
        group
        for group in difference.groups
        if any(place.zones == zones for place in group.places)
        and any(
            any(start <= wall % DAY < end for start, end in when.hours)
            and any(in_run(run, date.fromordinal(wall // DAY), calendars) for run in when.days)
            for when in group.when
        )
        and any(is_one(vehicle, who) for who in group.who)
    ]


def minutes_of(group: FlipGroup, monday: date, calendars: tuple[Calendar, Calendar]) -> set[int]:
    """The minutes of the week from `monday` on that a group names."""
    return {
        number * 1440 + minute
        for number in range(7)
        for when in group.when
        if any(in_run(run, monday + timedelta(days=number), calendars) for run in when.days)
        for start, end in when.hours
        for minute in range(start // 60, end // 60)
    }


def in_run(run: DayRun, day: date, calendars: tuple[Calendar, Calendar]) -> bool:
    if day < run.first or (run.last is not None and day > run.last):
        return False
    return all(_feature(feature, day, calendars, values) for feature, values in run.told_by)


def _feature(feature: str, day: date, calendars: tuple[Calendar, Calendar], values: tuple[str, ...]) -> bool:
    if feature.startswith("eve_"):
        return _feature(feature.removeprefix("eve_"), day - timedelta(days=1), calendars, values)
    if feature == "season":
        return any(_in_season(value, day) for value in values)
    if feature == "weekday":
        word = WEEKDAYS[day.weekday()]
    elif feature == "parity":
        word = ("even", "odd")[day.day % 2]
    else:
        kinds = calendars[feature == "kind"].kinds(day)
        word = next(iter(kinds)).value if len(kinds) == 1 else "unpublished"
    return word in values


def _in_season(season: str, day: date) -> bool:
    first, _, last = season.partition("..")
    today = f"{day.month:02}-{day.day:02}"
    return first <= today <= last if first <= last else today >= first or today <= last


def is_one(vehicle: Vehicle, who: Who) -> bool:
    return all(any(_fits(vehicle, trait, cell) for cell in cells) for trait, cells in who)


def _fits(vehicle: Vehicle, trait: str, cell: object) -> bool:
    subject, _, value = trait.partition(":")
    if subject == "pass":
        return (value in {held.kind for held in vehicle.passes}) is cell
    if value:
        return (value in vehicle.claims.get(subject, frozenset())) is cell
    if trait in ("use", "trip"):
        claimed = vehicle.claims.get(trait, frozenset())
        return bool(claimed & cell) if isinstance(cell, frozenset) else not claimed & NAMED[trait]
    known = vehicle.facts[trait]
    if isinstance(known, Span):
        assert isinstance(cell, Span)
        return cell.covers(known)
    (only,) = known
    if trait == "heading_deg":
        return _alike(float(only), cell)
    if trait == "plate_prefix" and isinstance(cell, frozenset) and "any other" in cell and only not in {"辽A"}:
        return True
    return isinstance(cell, frozenset) and only in cell


NAMED = {"use": {"post", "express"}, "trip": {"transit"}}
"""The values that the generated conditions name."""

_TURNS = (0.0, 180.0)
"""The headings across the generated one-way rules, which run east and west."""


def _alike(heading: float, cell: object) -> bool:
    """Whether one of the headings of a cell lies on the same side of every turn."""
    assert isinstance(cell, frozenset)
    return any(_side(heading) == _side(float(each)) for each in cell)


def _side(heading: float) -> str:
    return "across" if heading in _TURNS else "east" if heading < 180 else "west"
