"""Whether some vehicle meets conditions and others not: exact, with that vehicle as the witness.

Conditions are taken apart into what they ask of single facts and claims; `rules.facts` says which facts go together
(GA 802, plates, energies). What is left over is filled in until every fact is known, so a witness is a vehicle that can
exist and that `rules.reading` does not refuse, and none is found only where none can. Where conditions offer too many
choices to be tried, the answer is UNKNOWN: nothing is guessed.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from rules import codes
from rules.conditions import (
    CLAIMS,
    CLASS_FOLLOWS_FROM,
    CLASSES_OF_ENERGY,
    AllOf,
    AnyOf,
    Bounds,
    Condition,
    Everyone,
    Not,
    OneOf,
    Toward,
    cuts,
)
from rules.facts import (
    ANY_OTHER,
    DOMAINS,
    NO_STAGE,
    NUMBERS,
    SIZES_OF_PLATE,
    Facts,
    Known,
    Span,
    Value,
    narrow,
    possible,
    span,
    told_apart,
    with_fact,
)
from rules.truth import Truth
from rules.vehicles import Credential, Vehicle

MOST_STEPS = 2_000
"""Choices tried before the search gives up; the articles of real notices need a few dozen."""

_ONE_AT_A_TIME = frozenset({"use", "trip"})
_DECLARED = "priority_class declared"
# Loads before masses: the least load leaves every mass open that the others leave.
_FILLED_IN = ("kind", "size", "energy", "new_energy_plate", "rated_load_kg", "total_mass_kg", "length_mm")


class Undecided(Exception):
    """More choices than are tried."""


@dataclass(frozen=True, slots=True)
class Keep:
    """A fact is one of these values."""

    fact: str
    values: Known


@dataclass(frozen=True, slots=True)
class Claim:
    """A circumstance is claimed, or is not."""

    fact: str
    value: str
    so: bool


Goal = tuple[Condition, bool]
Demand = Goal | Keep | Claim


@dataclass(frozen=True, slots=True)
class _State:
    facts: Facts = field(default_factory=lambda: narrow({}))
    claimed: frozenset[tuple[str, str]] = frozenset()
    denied: frozenset[tuple[str, str]] = frozenset()

    def after(self, demand: Keep | Claim) -> "_State | None":
        """The state in which the demand is met, too; None if it cannot be."""
        if isinstance(demand, Keep):
            facts = _known_too(self.facts, demand.fact, demand.values)
            return None if facts is None else _State(facts, self.claimed, self.denied)
        claim = (demand.fact, demand.value)
        if not demand.so:
            return None if claim in self.claimed else _State(self.facts, self.claimed, self.denied | {claim})
        alone = demand.fact in _ONE_AT_A_TIME
        if claim in self.denied or (
            alone and any(fact == demand.fact and claim != (fact, value) for fact, value in self.claimed)
        ):
            return None
        return _State(self.facts, self.claimed | {claim}, self.denied)


@dataclass(slots=True)
class _Search:
    named: Mapping[str, frozenset[Value]]
    steps: int = 0

    def states(self, goals: list[Goal], state: _State) -> Iterator[_State]:
        """Every way to meet the goals; those that leave the fewest choices first."""
        self.steps += 1
        if self.steps > MOST_STEPS:
            raise Undecided
        if not goals:
            yield state
            return
        choices = [(self._ways(*goal), number) for number, goal in enumerate(goals)]
        ways, chosen = min(choices, key=lambda each: len(each[0]))
        rest = goals[:chosen] + goals[chosen + 1 :]
        for way in ways:
            after: _State | None = state
            more: list[Goal] = []
            for demand in way:
                if isinstance(demand, tuple):
                    more.append(demand)
                elif after is not None:
                    after = after.after(demand)
            if after is not None:
                yield from self.states([*more, *rest], after)

    def _ways(self, condition: Condition, so: bool) -> list[list[Demand]]:
        """The ways in which a condition is (or is not) met, each a list of demands."""
        match condition:
            case Everyone():
                return [[]] if so else []
            case Not(inner):
                return [[(inner, not so)]]
            case AllOf(several) | AnyOf(several):
                if so is isinstance(condition, AllOf):
                    return [[(each, so) for each in several]]
                return [[(each, so)] for each in several]
            case OneOf("priority_class", values):
                return self._ways(AnyOf(tuple(_of_class(str(value)) for value in sorted(values, key=str))), so)
            case OneOf(fact, values) if fact in CLAIMS or fact == _DECLARED:
                claims = [Claim(fact, str(value), so) for value in sorted(values, key=str)]
                return [[each] for each in claims] if so else [list(claims)]
            case OneOf(fact, values):
                return _one_way(
                    fact, frozenset(each for each in self._domain(fact) if _among(fact, each, values) is so)
                )
            case Bounds(fact, _):
                return _ways_of_bounds(condition, so)
            case Toward(degrees):
                # Exactly across is neither along nor against: it can be taken either way.
                turns = {each: abs((float(each) - degrees + 180) % 360 - 180) for each in self._domain("heading_deg")}
                headings = (each for each, turn in turns.items() if turn == 90 or (turn < 90) is so)
                return _one_way("heading_deg", frozenset(headings))

    def _domain(self, fact: str) -> frozenset[Value]:
        if fact in DOMAINS:
            return DOMAINS[fact]
        cells = told_apart({}, fact, self.named.get(fact, frozenset()))
        return frozenset[Value]().union(*(cell for cell in cells if isinstance(cell, frozenset)))


def _of_class(value: str) -> Condition:
    ways: list[Condition] = [CLASS_FOLLOWS_FROM[value]] if value in CLASS_FOLLOWS_FROM else []
    # A class of energy that is claimed follows from the energy all the same, or is refused.
    if value not in CLASSES_OF_ENERGY:
        ways.append(OneOf(_DECLARED, frozenset({value})))
    return AnyOf(tuple(ways))


def _among(fact: str, value: Value, values: frozenset[Value]) -> bool:
    code_list = codes.CODE_LISTS.get(fact)
    if code_list is None or not code_list.within:
        return value in values
    return any(wider in values for wider in code_list.family(str(value)))


def _one_way(fact: str, values: frozenset[Value]) -> list[list[Demand]]:
    return [[Keep(fact, values)]] if values else []


def _ways_of_bounds(bounds: Bounds, so: bool) -> list[list[Demand]]:
    fact, within = bounds.fact, bounds.span
    if fact not in NUMBERS:
        stages = frozenset(
            stage
            for stage in DOMAINS[fact]
            if (stage != NO_STAGE and not within.meet(Span(int(stage), int(stage))).empty) is so
        )
        return _one_way(fact, stages)
    whole = Span(1, NUMBERS[fact])
    parts = [within] if so else []
    if not so and within.low is not None:
        parts.append(Span(None, within.low - 1))
    if not so and within.high is not None:
        parts.append(Span(within.high + 1, None))
    return [[Keep(fact, part.meet(whole))] for part in parts if not part.meet(whole).empty]


def witness(goals: Iterable[Goal], facts: Facts | None = None) -> Vehicle | None:
    """A vehicle, wholly known, that meets each condition whose flag is true and none whose flag is false.

    `facts` are known beforehand (narrowed). A heading that only lies across a direction may stand for either side.
    Raises Undecided when there are too many choices to try.
    """
    wanted = list(goals)
    named: dict[str, frozenset[Value]] = {}
    for condition, _ in wanted:
        for fact, value in cuts(condition):
            named[fact] = named.get(fact, frozenset()) | {value}
    start = _State() if facts is None else _State(facts)
    for state in _Search(named).states(wanted, start):
        whole = _filled_in(state.facts)
        if whole is not None:
            return _vehicle(whole, state, frozenset({ANY_OTHER, *named.get("heading_deg", ())}))
    return None


def can_be(*goals: Goal) -> Truth:
    """Whether some vehicle meets the goals; UNKNOWN when there are too many choices to try.

    >>> small, large = OneOf("size", frozenset({"light"})), Bounds("total_mass_kg", at_least=4500)
    >>> can_be((small, True), (large, False)), can_be((small, True), (large, True))
    (<Truth.YES: 'yes'>, <Truth.NO: 'no'>)
    """
    try:
        return Truth.of(witness(goals) is not None)
    except Undecided:
        return Truth.UNKNOWN


def _known_too(facts: Facts, fact: str, value: Known) -> Facts | None:
    """The facts with one of them narrowed, and what the plate of a truck says of its size (as `rules.reading` has it);
    None if that contradicts the others."""
    known = with_fact(facts, fact, value)
    if known is None or possible(known, "kind") != frozenset({"truck"}):
        return known
    plates, sizes = possible(known, "plate_kind"), possible(known, "size")
    fitting = frozenset(plate for plate in plates if SIZES_OF_PLATE.get(plate, sizes) & sizes)
    fitting_sizes = frozenset[Value]().union(*(SIZES_OF_PLATE.get(plate, sizes) for plate in fitting))
    plated = with_fact(known, "plate_kind", fitting) if fitting else None
    return None if plated is None else with_fact(plated, "size", fitting_sizes)


def _filled_in(facts: Facts) -> Facts | None:
    """The facts with every one of them known, or None: what goes together in pairs may not go together as a whole."""
    open_facts = [fact for fact in (*_FILLED_IN, *DOMAINS, *NUMBERS) if not _single(facts, fact)]
    if not open_facts:
        return facts
    fact = open_facts[0]
    for value in _values(facts, fact):
        known = _known_too(facts, fact, value)
        whole = None if known is None else _filled_in(known)
        if whole is not None:
            return whole
    return None


def _values(facts: Facts, fact: str) -> Iterator[Known]:
    if fact in DOMAINS:
        yield from (frozenset({value}) for value in sorted(possible(facts, fact), key=str))
        return
    for cell in told_apart(facts, fact, ()):
        if isinstance(cell, Span):
            yield Span(cell.low, cell.low)


def _single(facts: Facts, fact: str) -> bool:
    if fact in DOMAINS:
        return len(possible(facts, fact)) == 1
    known = span(facts, fact)
    return known.low == known.high


def _vehicle(facts: Facts, state: _State, last: frozenset[Value]) -> Vehicle:
    """The vehicle of a state; of values that are all as good, those in `last` are taken last."""
    known = dict(facts)
    for fact in ("plate_prefix", "heading_deg"):
        values = known.get(fact)
        if isinstance(values, frozenset):
            known[fact] = frozenset({min(values, key=lambda value: (value in last, str(value)))})
    claims: dict[str, frozenset[str]] = {}
    for fact, value in state.claimed:
        name = "priority_class" if fact == _DECLARED else fact
        claims[name] = claims.get(name, frozenset()) | {value}
    declared = sorted(value for fact, value in state.claimed if fact == _DECLARED)
    return Vehicle(
        facts=MappingProxyType(known),
        claims=MappingProxyType(claims),
        credentials=tuple(Credential(value) for value in declared),
    )
