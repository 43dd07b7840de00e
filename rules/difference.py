"""What differs between two versions of a city: values only, and their canonical document.

Made by `rules.compare`. Equal differences have equal documents, whatever the order of files and notices.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from rules.calendar import Calendar
from rules.days import DayRun
from rules.facts import NO_STAGE, Span, Value
from rules.fields import without_nulls
from rules.model import Verdict
from rules.traits import Cell

Zones = Mapping[str, frozenset[str]]
"""The zones of a version, each with all zones that contain it."""


@dataclass(frozen=True, slots=True)
class Where:
    """A place to ask about: the ground in all of `zones`, with those that contain them, in each version.

    One zone is the zone, several, none of which holds another, are where they cross, and none is outside every zone.
    `ask_before` and `ask_after` are the zones by whose id it is asked in each version: another one where the zone is
    new or gone (the smallest that held it), None where no one zone stands for the place.
    """

    zones: tuple[str, ...]
    before: frozenset[str]
    after: frozenset[str]
    ask_before: str | None
    ask_after: str | None


@dataclass(frozen=True, slots=True)
class When:
    """`hours` of the days of `days`: pairs of seconds of the day, `[from, until)`."""

    days: tuple[DayRun, ...]
    hours: tuple[tuple[int, int], ...]


Who = tuple[tuple[str, tuple[Cell, ...]], ...]
"""Some traits (`rules.traits`), each with the values that it may have; the others do not matter.

Values of a fact are one set, ranges of a number do not touch; None is none of the values that rules name.
"""


def who_of(traits: Iterable[tuple[str, Iterable[Cell]]]) -> Who:
    """Traits with the cells that each may be in, as `Who`: cells that can be said as one are."""
    return tuple((trait, tuple(_joined(cells))) for trait, cells in traits)


def _joined(cells: Iterable[Cell]) -> Iterator[Cell]:
    values: frozenset[Value] = frozenset()
    spans: list[Span] = []
    for cell in cells:
        if isinstance(cell, frozenset):
            values |= cell
        elif isinstance(cell, Span):
            if spans and spans[-1].high is not None and spans[-1].high + 1 == cell.low:
                cell = Span(spans.pop().low, cell.high)
            spans.append(cell)
        else:
            yield cell
    yield from spans
    if values:
        yield values


@dataclass(frozen=True, slots=True)
class WitnessQuestion:
    """A question whose verdicts are those of its group: the vehicle as a question says it, where and when.

    `zone` None: no single zone stands for the place, which lies in `held` and in no other; none is outside every zone.
    """

    vehicle: Mapping[str, object]
    zone: str | None
    held: frozenset[str]
    heading_deg: float | None
    wall: int


@dataclass(frozen=True, slots=True)
class Witness:
    """The question as asked of each version. It is the same of both but for what one of them does not know: a zone
    that is new or gone, a kind of pass or of filing."""

    before: WitnessQuestion
    after: WitnessQuestion


@dataclass(frozen=True, slots=True)
class FlipGroup:
    """Flips that are told together: every place, at every time, for every kind of vehicle named, from one verdict to
    another, but for vehicles that are prohibited both before and after: `unless` are the restrictions that may do that.

    No flip is in two groups. `decided_...` are the restrictions that stand against the vehicle of the witness, or may.
    """

    before: Verdict
    after: Verdict
    decided_before: tuple[str, ...]
    decided_after: tuple[str, ...]
    places: tuple[Where, ...]
    when: tuple[When, ...]
    who: tuple[Who, ...]
    unless: tuple[str, ...]
    witness: Witness


@dataclass(frozen=True, slots=True)
class Change:
    """One thing that is written otherwise: `what` is a notice, an article (`notice/article`), `city` or `calendar`.

    `how` is added, removed or changed, `parts` the keys that differ, `decides` whether verdicts can hang on them,
    `stays` whether verdicts of vehicles that stay parked can.
    """

    what: str
    how: str
    parts: tuple[str, ...]
    decides: bool
    stays: bool


@dataclass(frozen=True, slots=True)
class DayOfAnotherKind:
    """A run of days that the two calendars hold to be of different kinds; `unpublished` where one does not say."""

    first: date
    last: date
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class CalendarChange:
    """How the calendars differ: versions, coverage, and the days whose kind was known before and is another now."""

    before: Calendar
    after: Calendar
    days: tuple[DayOfAnotherKind, ...]


@dataclass(frozen=True, slots=True)
class Difference:
    """All that differs between two rulebooks of one city. `steps` is how many questions it took to be sure."""

    groups: tuple[FlipGroup, ...]
    changes: tuple[Change, ...]
    calendar: CalendarChange | None
    zones_added: tuple[str, ...]
    zones_removed: tuple[str, ...]
    zones_moved: tuple[str, ...]
    steps: int

    @property
    def nothing(self) -> bool:
        return not (
            self.groups or self.changes or self.calendar or self.zones_added or self.zones_removed or self.zones_moved
        )


def difference_document(difference: Difference) -> dict[str, object]:
    """The difference as plain data, the same for equal differences: what a digest is taken of, and may be signed."""
    calendar = difference.calendar
    return {
        "groups": [group_document(each) for each in difference.groups],
        "changes": [
            {
                "what": each.what,
                "how": each.how,
                "parts": list(each.parts),
                "decides": each.decides,
                "stays": each.stays,
            }
            for each in difference.changes
        ],
        "calendar": None if calendar is None else _calendar_document(calendar),
        "zones": {
            "added": list(difference.zones_added),
            "removed": list(difference.zones_removed),
            "moved": list(difference.zones_moved),
        },
    }


def group_document(group: FlipGroup) -> dict[str, object]:
    return {
        "before": group.before.value,
        "after": group.after.value,
        "decided_before": list(group.decided_before),
        "decided_after": list(group.decided_after),
        "zones": [each.zones[0] for each in group.places if len(each.zones) == 1],
        "crossings": [list(each.zones) for each in group.places if len(each.zones) > 1],
        "outside_zones": any(not each.zones for each in group.places),
        "when": [
            {
                "days": [run_document(run) for run in each.days],
                "hours": [{"from": time_of_day(start), "until": time_of_day(end)} for start, end in each.hours],
            }
            for each in group.when
        ],
        "who": [{trait: list(_values(cells)) for trait, cells in who} for who in group.who],
        "unless": list(group.unless),
    }


def run_document(run: DayRun) -> dict[str, object]:
    return {"first": run.first, "last": run.last, **{feature: list(values) for feature, values in run.told_by}}


def _values(cells: Iterable[Cell]) -> Iterator[object]:
    """Values, ranges of numbers with both ends in, null for none of the values that rules name."""
    for cell in cells:
        if isinstance(cell, Span):
            yield without_nulls({"at_least": cell.low, "at_most": cell.high})
        elif isinstance(cell, frozenset):
            yield from ("none" if value == NO_STAGE else value for value in sorted(cell, key=str))
        else:
            yield cell


def _calendar_document(change: CalendarChange) -> dict[str, object]:
    def of(calendar: Calendar) -> dict[str, object]:
        covered = calendar.covered_from <= calendar.covered_until
        return {
            "version": calendar.version,
            "covered_from": calendar.covered_from if covered else None,
            "covered_until": calendar.covered_until if covered else None,
        }

    return {
        "before": of(change.before),
        "after": of(change.after),
        "days": [
            {"first": each.first, "last": each.last, "before": each.before, "after": each.after} for each in change.days
        ],
    }


def time_of_day(second: int) -> str:
    """HH:MM, with seconds where there are any; the end of the day is 24:00.

    >>> time_of_day(86_400), time_of_day(23_401)
    ('24:00', '06:30:01')
    """
    minutes, seconds = divmod(second, 60)
    clock = f"{minutes // 60:02}:{minutes % 60:02}"
    return f"{clock}:{seconds:02}" if seconds else clock
