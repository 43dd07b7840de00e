"""The definition: what is allowed, prohibited or undetermined. Short, slow, and reads like the law.

A vehicle is prohibited if and only if some restriction that applies to it is lifted by no exemption that applies to it.
Everything else in this package explains this module's answers or prepares them; nothing else decides.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta

from rules.calendar import Calendar
from rules.conditions import holds, unknown_facts
from rules.facts import Value, told_apart
from rules.model import Exemption, Forbids, Product, Question, Restriction, Rulebook, Verdict, ZoneSet
from rules.truth import Truth, both, every, negate, some
from rules.vehicles import Pass, Vehicle
from rules.windows import DAY, Window

# INVARIANT: everything below is asked at one instant, given by the wall clock (`wall`, wall seconds).


@dataclass(frozen=True, slots=True)
class Case:
    """One vehicle in one set of zones under one rulebook: a question as far as it does not hang on time."""

    rulebook: Rulebook
    vehicle: Vehicle
    zones: ZoneSet
    supposed: Calendar | None = None
    """The calendar with an unpublished day supposed to be of some kind, while the kinds of that day are tried out."""

    @property
    def calendar(self) -> Calendar:
        return self.supposed or self.rulebook.calendar


def in_zones(zones: frozenset[str] | None, case: Case) -> Truth:
    """Whether the place lies in one of the zones; None is everywhere."""
    if zones is None or zones & case.zones.certain:
        return Truth.YES
    return Truth.UNKNOWN if zones & case.zones.possible else Truth.NO


def in_windows(windows: Iterable[Window] | None, calendar: Calendar, wall: int) -> Truth:
    """Whether the wall clock is in one of the windows; None is always."""
    return Truth.YES if windows is None else some(window.holds(wall, calendar) for window in windows)


def meets(product: Product, case: Case, wall: int) -> Truth:
    """Zones, dates, condition and windows of one article, all of them."""
    return every(_parts(product, case, wall))


def _parts(product: Product, case: Case, wall: int) -> Iterator[Truth]:
    # One by one, so that the first NO spares the rest.
    yield in_zones(product.zones, case)
    yield Truth.of(product.period.holds(wall))
    yield holds(product.condition, case.vehicle, wall)
    yield in_windows(product.windows, case.calendar, wall)


def applies(restriction: Restriction, case: Case, wall: int) -> Truth:
    return meets(restriction.product, case, wall)


def pass_counts(held: Pass, case: Case, wall: int) -> Truth:
    """A pass counts only whole: its dates, hours and zones hold of one and the same pass at this instant."""
    return every(
        (
            Truth.of(held.period.holds(wall)),
            in_zones(held.zones or None, case),
            in_windows(held.hours or None, case.calendar, wall),
        )
    )


def exempts(exemption: Exemption, case: Case, wall: int) -> Truth:
    """Whether an exemption applies to the vehicle: its product, and a pass where it asks for one."""
    return both(meets(exemption.product, case, wall), holds_pass(exemption, case, wall))


def holds_pass(exemption: Exemption, case: Case, wall: int) -> Truth:
    if not exemption.passes:
        return Truth.YES
    held = some(pass_counts(each, case, wall) for each in case.vehicle.passes if each.kind in exemption.passes)
    return some((held, Truth.UNKNOWN if case.vehicle.passes_open else Truth.NO))


def stands(restriction: Restriction, case: Case, wall: int) -> Truth:
    """YES: it certainly applies and nothing possibly lifts it. NO: it applies not, or is certainly lifted."""
    applied = applies(restriction, case, wall)
    if applied is Truth.NO:
        return applied
    return both(applied, negate(some(exempts(each, case, wall) for each in case.rulebook.lifting(restriction))))


def verdict_of(restrictions: Iterable[Restriction], case: Case, wall: int) -> Verdict:
    """The verdict from what is known, before one missing fact is tried out."""
    standing = some(stands(restriction, case, wall) for restriction in restrictions)
    if standing is Truth.YES:
        return Verdict.PROHIBITED
    return Verdict.ALLOWED if standing is Truth.NO else Verdict.UNDETERMINED


def verdict_at(rulebook: Rulebook, question: Question, instant: int, only_presence: bool = False) -> Verdict:
    """The verdict at an instant: what all sets of zones that the place may lie in have in common."""
    if question.place.outside_coverage:
        return Verdict.UNDETERMINED
    wall = question.clock.wall(instant)
    if not rulebook.city.record.holds(wall):
        return Verdict.UNDETERMINED
    return _common(
        _settled(restrictions_asked(rulebook, only_presence), Case(rulebook, question.vehicle, zones), wall)
        for zones in question.place.alternatives
    )


def _common(verdicts: Iterable[Verdict]) -> Verdict:
    """The verdict of all; UNDETERMINED as soon as two differ or one is, the others then being spared."""
    common: Verdict | None = None
    for verdict in verdicts:
        if verdict is Verdict.UNDETERMINED or common not in (None, verdict):
            return Verdict.UNDETERMINED
        common = verdict
    return Verdict.UNDETERMINED if common is None else common


def restrictions_asked(rulebook: Rulebook, only_presence: bool) -> Iterable[Restriction]:
    """All of them; for a vehicle that stays parked only those that forbid being there."""
    if not only_presence:
        return rulebook.restrictions()
    return (each for each in rulebook.restrictions() if each.forbids is Forbids.PRESENCE)


def _settled(restrictions: Iterable[Restriction], case: Case, wall: int) -> Verdict:
    """If every value of one missing fact that the rules tell apart gives the same settled verdict, it is that one."""
    still_open = []
    for restriction in restrictions:
        standing = stands(restriction, case, wall)
        if standing is Truth.YES:
            return Verdict.PROHIBITED
        if standing is Truth.UNKNOWN:
            still_open.append(restriction)
    if not still_open:
        return Verdict.ALLOWED
    # INVARIANT (learning settles and never unsettles): a restriction that stands not for want of no fact stands not
    # whatever is learnt, so only the open ones are asked again.
    for cases in _one_fact_known(still_open, case, wall):
        verdict = _common(verdict_of(still_open, each, wall) for each in cases)
        if verdict is not Verdict.UNDETERMINED:
            return verdict
    return Verdict.UNDETERMINED


def _one_fact_known(still_open: list[Restriction], case: Case, wall: int) -> Iterator[Iterable[Case]]:
    """For each missing fact, the case once for each value of it; the kind of an unpublished day is such a fact."""
    missing = frozenset().union(*(unknown_of(restriction, case, wall) for restriction in still_open))
    apart = _told_apart(still_open, case, wall)
    for fact in sorted(missing & apart.keys()):
        values = told_apart(case.vehicle.facts, fact, apart[fact])
        # One by one, since the first value that leaves it open spares the rest.
        vehicles = (case.vehicle.with_fact(fact, value) for value in values)
        yield (replace(case, vehicle=vehicle) for vehicle in vehicles if vehicle is not None)
    if "day_kind" in missing:
        for day in days_open_at(case.calendar, wall):
            kinds = sorted(case.calendar.kinds(day))
            yield (replace(case, supposed=case.calendar.with_kind(day, kind)) for kind in kinds)


def _told_apart(still_open: list[Restriction], case: Case, wall: int) -> dict[str, frozenset[Value]]:
    """Where the articles that leave it open tell values of a fact apart; no other article has a say in it."""
    apart: dict[str, frozenset[Value]] = {}
    for restriction in still_open:
        lifting = case.rulebook.lifting(restriction)
        possible = (each.id for each in lifting if exempts(each, case, wall) is Truth.UNKNOWN)
        for article in (restriction.id, *possible):
            for fact, values in case.rulebook.cuts(article).items():
                apart[fact] = apart.get(fact, frozenset()) | values
    return apart


def unknown_of(restriction: Restriction, case: Case, wall: int) -> frozenset[str]:
    """What is wanting to say whether a restriction stands: facts read by it, and by the exemptions that could lift it.

    Besides facts and circumstances (`cargo:dangerous_goods`, `pass:electronic-pass`): `day_kind` and
    `end_not_published` where the time is open. Doubts of place are not facts and not among them.
    """
    unknown = _unknown_of_product(restriction.product, case, wall)
    for exemption in case.rulebook.lifting(restriction):
        if exempts(exemption, case, wall) is Truth.UNKNOWN:
            unknown |= _unknown_of_product(exemption.product, case, wall) | _unknown_of_pass(exemption, case, wall)
    return unknown


def _unknown_of_product(product: Product, case: Case, wall: int) -> frozenset[str]:
    return unknown_facts(product.condition, case.vehicle, wall).union(
        _unknown_of_windows(product.windows, case.calendar, wall)
    )


def _unknown_of_windows(windows: Iterable[Window] | None, calendar: Calendar, wall: int) -> Iterator[str]:
    if in_windows(windows, calendar, wall) is Truth.UNKNOWN:
        for window in windows or ():
            if window.holds(wall, calendar) is Truth.UNKNOWN:
                whole = replace(window, certain_until=None)
                yield "day_kind" if whole.holds(wall, calendar) is Truth.UNKNOWN else "end_not_published"


def _unknown_of_pass(exemption: Exemption, case: Case, wall: int) -> frozenset[str]:
    if holds_pass(exemption, case, wall) is not Truth.UNKNOWN:
        return frozenset()
    kinds = exemption.passes if case.vehicle.passes_open else frozenset()
    windows = [window for each in case.vehicle.passes if each.kind in exemption.passes for window in each.hours]
    return frozenset({f"pass:{kind}" for kind in kinds}).union(_unknown_of_windows(windows, case.calendar, wall))


def days_open_at(calendar: Calendar, wall: int) -> list[date]:
    """Today and yesterday (whose windows may run past midnight), if the calendar does not say their kind."""
    today = date.fromordinal(wall // DAY)
    return [day for day in (today, today - timedelta(days=1)) if len(calendar.kinds(day)) > 1]
