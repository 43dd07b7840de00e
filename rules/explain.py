"""From a question to a whole answer: the verdict of `rules.decide`, and everything that justifies it.

Nothing here decides. Grounds, options and assumptions are read off the same functions that the definition is made of.
"""

from collections.abc import Iterable, Iterator
from dataclasses import replace

from rules.codes import Text
from rules.conditions import AllOf, Condition, describe, holds
from rules.decide import Case, applies, exempts, holds_pass, in_windows, in_zones, stands, unknown_of, verdict_at
from rules.decision import (
    Considered,
    Decision,
    ExemptionOption,
    Ground,
    Outcome,
    Reason,
    State,
    StayAnswer,
    WaitOption,
    WhyNot,
)
from rules.facts import OPEN_FACTS
from rules.model import Assumption, Exemption, Product, Question, Restriction, Rulebook, Verdict
from rules.timeline import Timeline
from rules.truth import Truth
from rules.windows import DAY, Window

_PLACE_DOUBTS = frozenset({"position", "shape"})
_TIME_DOUBTS = frozenset({"day_kind", "end_not_published"})
_DOUBTS = _PLACE_DOUBTS | _TIME_DOUBTS | {"level"}


def decide(rulebook: Rulebook, question: Question) -> Decision:
    """The answer to `question` under `rulebook`, with its proof."""
    timeline = Timeline(rulebook, question)
    outcome = timeline.outcome()
    decided_for = question.at
    if question.stay:
        decided_for = timeline.first_instant_of(outcome.verdict, question.at, question.at + question.stay)
    view = _View(rulebook, question, decided_for)
    grounds = tuple(view.grounds())
    missing = view.missing() if outcome.verdict is Verdict.UNDETERMINED else frozenset()
    as_drawn = _as_drawn(rulebook, question)
    return Decision(
        outcome=outcome,
        by_law=_by_law(rulebook, question, outcome),
        reason=view.reason(outcome.verdict, grounds, missing, as_drawn),
        decided_for=decided_for,
        horizon=timeline.horizon,
        grounds=grounds,
        considered=tuple(view.considered()),
        options=tuple(view.options(outcome)),
        missing=tuple(sorted(missing - _PLACE_DOUBTS)),
        assumed=view.assumed(),
        conditions=_conditions(rulebook, outcome.verdict, grounds),
        assumptions=tuple(view.assumptions(grounds)),
        as_drawn=as_drawn,
        stay=StayAnswer(timeline.enter_and_leave(), timeline.may_not_move()) if question.stay else None,
    )


def _by_law(rulebook: Rulebook, question: Question, outcome: Outcome) -> Outcome:
    law = rulebook.by_law()
    return outcome if law.notices == rulebook.notices else Timeline(law, question).outcome()


def _as_drawn(rulebook: Rulebook, question: Question) -> Verdict | None:
    """The verdict if fix and shapes were exact; None where they leave no doubt."""
    drawn = question.place.as_drawn
    if drawn is None or not any(causes & _PLACE_DOUBTS for causes in question.place.doubts.values()):
        return None
    exact = replace(question, place=replace(question.place, alternatives=drawn, as_drawn=None))
    return Timeline(rulebook, exact).outcome().verdict


def _conditions(rulebook: Rulebook, verdict: Verdict, grounds: Iterable[Ground]) -> tuple[Text, ...]:
    """What binds a permission: the conditions of the exemption by which each restriction is lifted.

    Where several lift the same restriction one is enough: the first of those that are law, else the first illustrative.
    """
    if verdict is not Verdict.ALLOWED:
        return ()
    relied_on = [lifting_first(rulebook, ground) for ground in grounds if ground.lifted_by]
    return tuple(dict.fromkeys(text for exemption in relied_on for text in exemption.conditions))


def lifting_first(rulebook: Rulebook, ground: Ground) -> Exemption:
    """The exemption that an answer relies on for a lifted restriction: one that is law before an illustrative one."""
    return min(ground.lifted_by, key=lambda each: rulebook.notice(each.notice).illustrative)


class _View:
    """One question at one instant, with all the sets of zones it may lie in laid over each other."""

    def __init__(self, rulebook: Rulebook, question: Question, instant: int) -> None:
        self.rulebook = rulebook
        self.question = question
        self.instant = instant
        self.wall = question.clock.wall(instant)
        self.case = Case(rulebook, question.vehicle, question.place.merged())

    def here(self) -> Iterator[Restriction]:
        """The restrictions whose zones the place lies in, or may lie in."""
        if self.question.place.outside_coverage or self.outside_record:
            return
        for restriction in self.rulebook.restrictions():
            if in_zones(restriction.product.zones, self.case) is not Truth.NO:
                yield restriction

    @property
    def outside_record(self) -> bool:
        return self.wall < self.rulebook.city.record_from.toordinal() * DAY

    def grounds(self) -> Iterator[Ground]:
        for restriction in self.here():
            applied = applies(restriction, self.case, self.wall)
            if applied is Truth.NO:
                continue
            lifting = self.rulebook.lifting(restriction)
            lifted_by = tuple(each for each in lifting if exempts(each, self.case, self.wall) is Truth.YES)
            standing = stands(restriction, self.case, self.wall)
            yield Ground(
                restriction=restriction,
                state=State.LIFTED if lifted_by else State.STANDS if standing is Truth.YES else State.UNKNOWN,
                zones=self.zones_of(restriction.product),
                window=self.window_of(restriction.product),
                educates=restriction.penalised_from is not None and self.wall < restriction.penalised_from,
                lifted_by=lifted_by,
                unknown_for=() if lifted_by else tuple(sorted(self.unknown_of(restriction))),
            )

    def considered(self) -> Iterator[Considered]:
        for restriction in self.here():
            product = restriction.product
            if applies(restriction, self.case, self.wall) is not Truth.NO:
                continue
            if not product.period.holds(self.wall):
                yield Considered(restriction, WhyNot.DATE)
            elif holds(product.condition, self.case.vehicle, self.wall) is Truth.NO:
                yield Considered(restriction, WhyNot.VEHICLE)
            else:
                yield Considered(restriction, WhyNot.TIME)

    def zones_of(self, product: Product) -> tuple[str, ...]:
        """The zones of a product that the place lies in; the possible ones where none is certain."""
        zones = product.zones or frozenset()
        return tuple(sorted(zones & self.case.zones.certain or zones & self.case.zones.possible))

    def window_of(self, product: Product) -> Window | None:
        for wanted in (Truth.YES, Truth.UNKNOWN):
            for window in product.windows or ():
                if window.holds(self.wall, self.case.calendar) is wanted:
                    return window
        return None

    def unknown_of(self, restriction: Restriction) -> frozenset[str]:
        """What is wanting to say whether a restriction stands, the doubts of place included."""
        unknown = unknown_of(restriction, self.case, self.wall) | self.doubts_of(restriction.product.zones)
        for exemption in self.rulebook.lifting(restriction):
            if exempts(exemption, self.case, self.wall) is Truth.UNKNOWN:
                unknown |= self.doubts_of(exemption.product.zones)
                if exemption.passes:
                    held = [each for each in self.case.vehicle.passes if each.kind in exemption.passes]
                    unknown |= frozenset().union(*(self.doubts_of(each.zones) for each in held))
        return unknown

    def doubts_of(self, zones: frozenset[str] | None) -> frozenset[str]:
        """Why it is open whether the place lies in one of the zones; nothing where it is not open."""
        if in_zones(zones, self.case) is not Truth.UNKNOWN:
            return frozenset()
        doubts = self.question.place.doubts
        return frozenset().union(*(doubts.get(zone, frozenset()) for zone in zones or ()))

    def missing(self) -> frozenset[str]:
        """Every unknown fact read by a restriction that possibly stands or by an exemption that could lift it."""
        return frozenset().union(
            *(
                self.unknown_of(restriction)
                for restriction in self.here()
                if stands(restriction, self.case, self.wall) is not Truth.NO
            )
        )

    def reason(
        self, verdict: Verdict, grounds: tuple[Ground, ...], missing: frozenset[str], as_drawn: Verdict | None
    ) -> Reason:
        if verdict is Verdict.PROHIBITED:
            return Reason.RESTRICTION_STANDS
        if verdict is Verdict.ALLOWED:
            lifting = [exemption for ground in grounds for exemption in ground.lifted_by]
            if not lifting:
                return Reason.NO_RESTRICTION_APPLIES
            return Reason.PASS_HELD if any(exemption.passes for exemption in lifting) else Reason.EXEMPTED
        if self.question.place.outside_coverage:
            return Reason.OUTSIDE_COVERAGE
        if self.outside_record:
            return Reason.OUTSIDE_RECORD
        facts = missing - _PLACE_DOUBTS - _TIME_DOUBTS
        # Where exact shapes would settle it, or nothing else is wanting, it is the place that leaves it open.
        if missing & _PLACE_DOUBTS and (as_drawn is not Verdict.UNDETERMINED or not facts | missing & _TIME_DOUBTS):
            return Reason.POSITION_UNCERTAIN if "position" in missing else Reason.SHAPE_UNCERTAIN
        if facts:
            return Reason.FACTS_MISSING
        return Reason.CALENDAR_NOT_PUBLISHED if "day_kind" in missing else Reason.END_NOT_PUBLISHED

    def assumed(self) -> tuple[str, ...]:
        """What stands in `missing` when the same is decided with every unclaimed circumstance unknown."""
        found: set[str] = set()
        opened = replace(self.question, vehicle=self.question.vehicle.with_unclaimed_open())
        if verdict_at(self.rulebook, opened, self.instant) is Verdict.UNDETERMINED:
            circumstances = _View(self.rulebook, opened, self.instant).missing()
            found = {each for each in circumstances if each not in OPEN_FACTS | _DOUBTS}
        codes = {assumed_code(each) for each in found}
        if self.wall < self.rulebook.city.complete_from.toordinal() * DAY and not self.outside_record:
            codes.add("older_notices_may_be_missing")
        return tuple(sorted(codes))

    def assumptions(self, grounds: tuple[Ground, ...]) -> Iterator[Assumption]:
        """What the data takes for granted of the articles that bear on this vehicle here, and of those lifting them."""
        wanted: dict[str, set[str]] = {}
        for restriction in self.here():
            if holds(restriction.product.condition, self.case.vehicle, self.wall) is not Truth.NO:
                of_notice = wanted.setdefault(restriction.notice, set())
                of_notice.update(self.rulebook.notice(restriction.notice).rests_on)
                if restriction.product.period.holds(self.wall):
                    of_notice.update(restriction.assumptions)
        for exemption in (each for ground in grounds for each in ground.lifted_by):
            wanted.setdefault(exemption.notice, set()).update(exemption.assumptions)
        for notice in self.rulebook.notices:
            for assumption in notice.assumptions:
                if assumption.id in wanted.get(notice.id, ()):
                    yield assumption

    def options(self, outcome: Outcome) -> Iterator[WaitOption | ExemptionOption]:
        if outcome.verdict is Verdict.ALLOWED:
            return
        if outcome.next_allowed:
            yield WaitOption(outcome.next_allowed[0].start)
        standing = [each for each in self.here() if stands(each, self.case, self.wall) is not Truth.NO]
        seen = dict.fromkeys(exemption for each in standing for exemption in self.rulebook.lifting(each))
        for exemption in seen:
            unmet = tuple(self.unmet(exemption))
            if not unmet:
                continue
            yield ExemptionOption(
                exemption=exemption,
                unmet=unmet,
                lifts=tuple(each.id for each in standing if exemption.names(each)),
                leaves=tuple(each.id for each in standing if not exemption.names(each)),
                another_vehicle=self.wants_another_vehicle(exemption.product.condition),
            )

    def unmet(self, exemption: Exemption) -> Iterator[str]:
        product = exemption.product
        if in_zones(product.zones, self.case) is not Truth.YES:
            yield "zone"
        if not product.period.holds(self.wall):
            yield "date"
        if in_windows(product.windows, self.case.calendar, self.wall) is not Truth.YES:
            yield "time"
        for part in _parts(product.condition):
            if holds(part, self.case.vehicle, self.wall) is not Truth.YES:
                yield describe(part)
        if holds_pass(exemption, self.case, self.wall) is not Truth.YES:
            yield from (f"pass:{kind}" for kind in sorted(exemption.passes))

    def wants_another_vehicle(self, condition: Condition) -> bool:
        """Whether even with every unclaimed circumstance open the vehicle cannot meet the condition."""
        return holds(condition, self.case.vehicle.with_unclaimed_open(), self.wall) is Truth.NO


def _parts(condition: Condition) -> tuple[Condition, ...]:
    return condition.conditions if isinstance(condition, AllOf) else (condition,)


def assumed_code(circumstance: str) -> str:
    """The stable code of 'this circumstance was not claimed, so it is taken not to be so'.

    >>> assumed_code("cargo:dangerous_goods"), assumed_code("pass:electronic-pass"), assumed_code("on_duty")
    ('no_dangerous_goods', 'no_pass_held', 'not_on_duty')
    """
    kind, _, value = circumstance.partition(":")
    if kind == "pass":
        return "no_pass_held"
    if kind == "cargo":
        return f"no_{value}"
    if kind == "priority_class":
        return f"not_{value}"
    return f"not_{kind}_{value}" if value else f"not_{kind}"
