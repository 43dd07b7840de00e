"""From a question to a whole answer: the verdict of `rules.decide`, and everything that justifies it.

Nothing here decides. Grounds, options and assumptions are read off the same functions that the definition is made of.
"""

from collections.abc import Iterable, Iterator
from dataclasses import replace

from rules.codes import Text
from rules.conditions import AllOf, AnyOf, Condition, describe, holds, without_exceptions
from rules.decide import Case, applies, exempts, holds_pass, in_windows, in_zones, stands, unknown_of
from rules.decision import (
    Basis,
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
    proof = _Proof(rulebook, question, _instants_of_proof(timeline, question, outcome.verdict))
    grounds = proof.grounds()
    missing = proof.missing() if outcome.verdict is Verdict.UNDETERMINED else frozenset()
    as_drawn = _as_drawn(rulebook, question)
    return Decision(
        outcome=outcome,
        by_law=_by_law(rulebook, question, outcome),
        reason=proof.first.reason(outcome.verdict, grounds, missing, as_drawn),
        decided_for=proof.first.instant,
        horizon=timeline.horizon,
        grounds=grounds,
        considered=proof.considered(grounds),
        options=tuple(proof.first.options(outcome)),
        missing=tuple(sorted(missing - _PLACE_DOUBTS)),
        assumed=_assumed(rulebook, question),
        conditions=_conditions(rulebook, outcome.verdict, grounds),
        assumptions=proof.assumptions(grounds),
        as_drawn=as_drawn,
        stay=StayAnswer(timeline.enter_and_leave(), timeline.may_not_move()) if question.stay else None,
    )


def _instants_of_proof(timeline: Timeline, question: Question, verdict: Verdict) -> tuple[int, ...]:
    """The instants that an answer must account for: of a stay, all that make its verdict what it is.

    One instant at which it is prohibited proves the prohibition; a permission holds at every instant of the stay, and
    an open verdict hangs on all that is open in it. Instants of which everything read is equal count once.
    """
    if not question.stay:
        return (question.at,)
    end = question.at + question.stay
    if verdict is Verdict.PROHIBITED:
        return (timeline.first_instant_of(verdict, question.at, end),)
    return tuple(each for each in timeline.different(question.at, end) if timeline.verdict(each) is verdict)


def _assumed(rulebook: Rulebook, question: Question) -> tuple[str, ...]:
    """What stands in `missing` when the question is decided once more with every unclaimed circumstance unknown."""
    opened = replace(question, vehicle=question.vehicle.with_unclaimed_open())
    timeline = Timeline(rulebook, opened)
    assumed: set[str] = set()
    if timeline.asked() is Verdict.UNDETERMINED:
        instants = _instants_of_proof(timeline, opened, Verdict.UNDETERMINED)
        missing = _Proof(rulebook, opened, instants).missing()
        assumed = {assumed_code(each) for each in missing - OPEN_FACTS - _DOUBTS}
    wall, city = question.clock.wall(question.at), rulebook.city
    if city.record.holds(wall):
        if city.complete_from is None:
            assumed.add("record_incomplete")
        elif wall < city.complete_from.toordinal() * DAY:
            assumed.add("older_notices_may_be_missing")
    return tuple(sorted(assumed))


def _by_law(rulebook: Rulebook, question: Question, outcome: Outcome) -> Outcome:
    law = rulebook.by_law()
    return outcome if law.notices == rulebook.notices else Timeline(law, question).outcome()


def _as_drawn(rulebook: Rulebook, question: Question) -> Verdict | None:
    """The verdict if fix and shapes were exact; None where they leave no doubt."""
    exact = exactly(question)
    return None if exact is None else Timeline(rulebook, exact).outcome().verdict


def exactly(question: Question) -> Question | None:
    """The question as if fix and shapes were exact; None where they leave no doubt."""
    drawn = question.place.as_drawn
    if drawn is None or not any(causes & _PLACE_DOUBTS for causes in question.place.doubts.values()):
        return None
    return replace(question, place=replace(question.place, alternatives=drawn, as_drawn=None))


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


def basis_at(timeline: Timeline, instant: int, verdict: Verdict, as_drawn: Verdict | None) -> Basis:
    """What a verdict rests on at one instant, in a word (`rules.schedule`); `decide` tells it whole.

    It is decided by the first restriction that certainly stands, else by the first that may; one that is law comes
    before an illustrative one.
    """
    if verdict is Verdict.ALLOWED:
        return Basis(None, None, ())
    view = _View(timeline.rulebook_here, timeline.question, instant)
    grounds = tuple(view.grounds())
    missing = view.missing() if verdict is Verdict.UNDETERMINED else frozenset()
    deciding = min(
        (each for each in grounds if each.state is not State.LIFTED),
        key=lambda each: (each.state is State.UNKNOWN, timeline.rulebook.notice(each.restriction.notice).illustrative),
        default=None,
    )
    return Basis(
        None if deciding is None else deciding.restriction.id,
        view.reason(verdict, grounds, missing, as_drawn),
        tuple(sorted(missing - _PLACE_DOUBTS)),
    )


class _Proof:
    """What justifies an answer at the instants that it rests on; the first is the one that it is told of."""

    def __init__(self, rulebook: Rulebook, question: Question, instants: tuple[int, ...]) -> None:
        self.rulebook = rulebook
        self.views = tuple(_View(rulebook, question, instant) for instant in instants)
        self.first = self.views[0]

    def grounds(self) -> tuple[Ground, ...]:
        """Every restriction that applies at one of the instants, as it stood when it first did."""
        found: dict[str, Ground] = {}
        for view in self.views:
            for ground in view.grounds():
                found.setdefault(ground.restriction.id, ground)
        return tuple(found.values())

    def considered(self, grounds: tuple[Ground, ...]) -> tuple[Considered, ...]:
        applied = {ground.restriction.id for ground in grounds}
        return tuple(each for each in self.first.considered() if each.restriction.id not in applied)

    def missing(self) -> frozenset[str]:
        return frozenset().union(*(view.missing() for view in self.views))

    def assumptions(self, grounds: tuple[Ground, ...]) -> tuple[Assumption, ...]:
        wanted = frozenset().union(*(view.assumptions() for view in self.views))
        for exemption in (each for ground in grounds for each in ground.lifted_by):
            wanted |= {(exemption.notice, assumption) for assumption in exemption.assumptions}
        return tuple(
            assumption
            for notice in self.rulebook.notices
            for assumption in notice.assumptions
            if (notice.id, assumption.id) in wanted
        )


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
        return not self.rulebook.city.record.holds(self.wall)

    def grounds(self) -> Iterator[Ground]:
        for restriction in self.here():
            applied = applies(restriction, self.case, self.wall)
            if applied is Truth.NO:
                continue
            lifted_by = self.lifted_by(restriction)
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

    def lifted_by(self, restriction: Restriction) -> tuple[Exemption, ...]:
        """The exemptions that lift a restriction wherever the place may lie and the restriction applies; else none."""
        lifting = self.rulebook.lifting(restriction)
        found: set[Exemption] = set()
        for zones in self.question.place.alternatives:
            case = Case(self.rulebook, self.question.vehicle, zones)
            if applies(restriction, case, self.wall) is not Truth.NO:
                here = {each for each in lifting if exempts(each, case, self.wall) is Truth.YES}
                if not here:
                    return ()
                found |= here
        return tuple(each for each in lifting if each in found)

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

    def assumptions(self) -> frozenset[tuple[str, str]]:
        """(notice, assumption) of what the data takes for granted of the articles that bear on this vehicle here.

        An article bears also on a vehicle that only its exceptions leave out: that they do may be what is assumed. A
        notice that has ended bears on the question by having ended.
        """
        wanted: set[tuple[str, str]] = set()
        for restriction in self.here():
            product, notice = restriction.product, self.rulebook.notice(restriction.notice)
            if holds(without_exceptions(product.condition), self.case.vehicle, self.wall) is Truth.NO:
                continue
            if notice.period.start is None or notice.period.start <= self.wall:
                wanted |= {(notice.id, assumption) for assumption in notice.rests_on}
            if product.period.holds(self.wall):
                wanted |= {(notice.id, assumption) for assumption in restriction.assumptions}
        return frozenset(wanted)

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
        yield from self.unmet_of(product.condition)
        if holds_pass(exemption, self.case, self.wall) is not Truth.YES:
            yield from (f"pass:{kind}" for kind in sorted(exemption.passes))

    def unmet_of(self, condition: Condition) -> tuple[str, ...]:
        """The parts of a condition that are not met; of alternatives, those of the one that wants least."""
        if holds(condition, self.case.vehicle, self.wall) is Truth.YES:
            return ()
        match condition:
            case AllOf(conditions):
                return tuple(part for each in conditions for part in self.unmet_of(each))
            case AnyOf(conditions):
                within_reach = [each for each in conditions if not self.wants_another_vehicle(each)]
                return min((self.unmet_of(each) for each in within_reach or conditions), key=len)
            case _:
                return (describe(condition),)

    def wants_another_vehicle(self, condition: Condition) -> bool:
        """Whether even with every unclaimed circumstance open the vehicle cannot meet the condition."""
        return holds(condition, self.case.vehicle.with_unclaimed_open(), self.wall) is Truth.NO


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
