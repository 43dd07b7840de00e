"""Conditions over a vehicle: what an article says of whom it binds, and whether it holds.

    Everyone                      every vehicle
    OneOf(fact, values)           the fact is one of the values (for claims: any claimed value is)
    Bounds(fact, ...)             bounds that say whether equality is in: 不超过 at_most, 含 at_least, 不含 above, below
    Toward(degrees)               the vehicle heads within 90 degrees of a forbidden direction
    Not, AllOf, AnyOf             of other conditions

A condition over a fact that is known in part is YES if it holds for all values left, NO if for none.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from rules import codes
from rules.facts import NO_STAGE, Known, Span, Value
from rules.truth import Truth, agreed, every, negate, some
from rules.vehicles import Vehicle

CLAIMS = frozenset({"use", "cargo", "trip", "filing", "priority_class", "on_duty", "full_load"})
"""Circumstances that must be claimed: absent means not so."""


@dataclass(frozen=True, slots=True)
class Everyone:
    """Every vehicle. It must be said, so that a forgotten line never binds all."""


@dataclass(frozen=True, slots=True)
class OneOf:
    fact: str
    values: frozenset[Value]


@dataclass(frozen=True, slots=True)
class Bounds:
    fact: str
    at_least: int | None = None
    above: int | None = None
    at_most: int | None = None
    below: int | None = None

    @property
    def span(self) -> Span:
        """The same bounds over whole numbers, both ends included."""
        low = self.at_least if self.above is None else self.above + 1
        high = self.at_most if self.below is None else self.below - 1
        return Span(low, high)


@dataclass(frozen=True, slots=True)
class Toward:
    """A one-way rule: it binds headings within 90 degrees of `degrees` (clockwise from true north)."""

    degrees: int


@dataclass(frozen=True, slots=True)
class Not:
    condition: "Condition"


@dataclass(frozen=True, slots=True)
class AllOf:
    conditions: tuple["Condition", ...]


@dataclass(frozen=True, slots=True)
class AnyOf:
    conditions: tuple["Condition", ...]


Condition = Everyone | OneOf | Bounds | Toward | Not | AllOf | AnyOf


def holds(condition: Condition, vehicle: Vehicle, wall: int) -> Truth:
    """Whether `condition` holds of `vehicle` at a wall second (credentials have dates)."""
    valid = tuple(credential.period.holds(wall) for credential in vehicle.credentials)
    # The condition is kept beside its truth, so that its identity is not given to another while it is remembered.
    found: tuple[Condition, Truth] = vehicle.remembered(
        (id(condition), valid), lambda: (condition, _evaluate(condition, vehicle, wall))
    )
    return found[1]


def _evaluate(condition: Condition, vehicle: Vehicle, wall: int) -> Truth:
    match condition:
        case Everyone():
            return Truth.YES
        case OneOf(fact, values):
            if fact in CLAIMS:
                return some(_claimed(fact, str(value), vehicle, wall) for value in sorted(values, key=str))
            return _one_of(fact, values, vehicle.known(fact))
        case Bounds(fact, _):
            return _within(condition.span, vehicle.known(fact))
        case Toward(degrees):
            return _toward(degrees, vehicle.known("heading_deg"))
        case Not(inner):
            return negate(_evaluate(inner, vehicle, wall))
        case AllOf(conditions):
            return every(_evaluate(each, vehicle, wall) for each in conditions)
        case AnyOf(conditions):
            return some(_evaluate(each, vehicle, wall) for each in conditions)


def unknown_facts(condition: Condition, vehicle: Vehicle, wall: int) -> frozenset[str]:
    """The open facts, and the circumstances left open (`cargo:dangerous_goods`), for want of which it is UNKNOWN."""
    if holds(condition, vehicle, wall) is not Truth.UNKNOWN:
        return frozenset()
    match condition:
        case OneOf(fact, values) if fact in CLAIMS:
            found: set[str] = set()
            for value in values:
                if _claimed(fact, str(value), vehicle, wall) is Truth.UNKNOWN:
                    found |= _unknown_of_claim(fact, str(value), vehicle)
            return frozenset(found)
        case OneOf(fact, _) | Bounds(fact, _):
            return frozenset({fact})
        case Toward(_):
            return frozenset({"heading_deg"})
        case Not(inner):
            return unknown_facts(inner, vehicle, wall)
        case AllOf(conditions) | AnyOf(conditions):
            return frozenset().union(*(unknown_facts(each, vehicle, wall) for each in conditions))
        case Everyone():
            return frozenset()


def cuts(condition: Condition) -> Iterator[tuple[str, Value]]:
    """Every (fact, value) at which the condition tells values of a fact apart; for numbers, first values of ranges."""
    match condition:
        case OneOf(fact, values) if fact not in CLAIMS:
            for value in values:
                yield fact, value
        case OneOf("priority_class", values):
            if values & {"new_energy", "clean_energy"}:
                for energy in codes.ENERGY.codes:
                    yield "energy", energy
        case Bounds(fact, _):
            bounds = condition.span
            if bounds.low is not None:
                yield fact, bounds.low
            if bounds.high is not None:
                yield fact, bounds.high + 1
        case Toward(degrees):
            for turn in (90, 270):
                yield "heading_deg", (degrees + turn) % 360
        case Not(inner):
            yield from cuts(inner)
        case AllOf(conditions) | AnyOf(conditions):
            for each in conditions:
                yield from cuts(each)
        case _:
            return


def without_exceptions(condition: Condition) -> Condition:
    """The condition without what it leaves out (its Not parts): whom an article would bind but for its exceptions."""
    match condition:
        case Not(_):
            return Everyone()
        case AllOf(conditions):
            return AllOf(tuple(without_exceptions(each) for each in conditions))
        case AnyOf(conditions):
            return AnyOf(tuple(without_exceptions(each) for each in conditions))
        case _:
            return condition


def _one_of(fact: str, values: frozenset[Value], known: Known | None) -> Truth:
    if not isinstance(known, frozenset):
        return Truth.UNKNOWN
    code_list = codes.CODE_LISTS.get(fact)
    if code_list is None or not code_list.within:
        return agreed(Truth.of(value in values) for value in known)
    return agreed(Truth.of(any(wider in values for wider in code_list.family(str(value)))) for value in known)


def _within(bounds: Span, known: Known | None) -> Truth:
    if known is None:
        return Truth.UNKNOWN
    if isinstance(known, Span):
        if bounds.covers(known):
            return Truth.YES
        return Truth.NO if bounds.meet(known).empty else Truth.UNKNOWN
    return agreed(
        Truth.of(value != NO_STAGE and not bounds.meet(Span(int(value), int(value))).empty) for value in known
    )


def _toward(degrees: int, known: Known | None) -> Truth:
    if not isinstance(known, frozenset):
        return Truth.UNKNOWN
    return agreed(_turned(heading, degrees) for heading in known)


def _turned(heading: Value, degrees: int) -> Truth:
    if isinstance(heading, str):
        return Truth.UNKNOWN
    turn = abs((heading - degrees + 180) % 360 - 180)
    # Exactly across the forbidden direction is neither along it nor against it.
    return Truth.UNKNOWN if turn == 90 else Truth.of(turn < 90)


def _claimed(fact: str, value: str, vehicle: Vehicle, wall: int) -> Truth:
    """Whether a circumstance is so: claimed, or (a priority class) following from what is known."""
    if fact == "priority_class":
        follows = _class_follows(value, vehicle, wall)
        if follows is Truth.YES or vehicle.claims_class(value, wall):
            return Truth.YES
        # A class of the vehicle is as open as the facts that it follows from; nobody need claim it.
        return follows if value in CLASSES_OF_ENERGY else some((follows, _unclaimed(fact, vehicle)))
    if fact in vehicle.claims:
        return Truth.of(value in vehicle.claims[fact])
    return _unclaimed(fact, vehicle)


def _unclaimed(fact: str, vehicle: Vehicle) -> Truth:
    if vehicle.unclaimed_open and fact not in vehicle.claims:
        return Truth.UNKNOWN
    return Truth.NO


CLASSES_OF_ENERGY = frozenset({"new_energy", "clean_energy"})
"""The classes that cannot be claimed against the energy: each is so exactly where what it follows from is so."""

CLASS_FOLLOWS_FROM: Mapping[str, Condition] = MappingProxyType(
    {
        "new_energy": AnyOf(
            (OneOf("new_energy_plate", frozenset({True})), OneOf("energy", frozenset(codes.NEW_ENERGY)))
        ),
        "clean_energy": OneOf("energy", frozenset(codes.CLEAN_ENERGY)),
        "fresh_food": OneOf("cargo", frozenset({"fresh_produce", "chilled"})),
        "daily_and_medical_necessities": OneOf("cargo", frozenset({"medicine", "daily_necessities"})),
    }
)
"""The priority classes that need not be claimed, and what each follows from; the others are claimed or not so."""


def _class_follows(value: str, vehicle: Vehicle, wall: int) -> Truth:
    follows = CLASS_FOLLOWS_FROM.get(value)
    return Truth.NO if follows is None else _evaluate(follows, vehicle, wall)


def _unknown_of_claim(fact: str, value: str, vehicle: Vehicle) -> frozenset[str]:
    if fact == "priority_class" and value in CLASSES_OF_ENERGY:
        return frozenset({"energy"})
    if fact in ("on_duty", "full_load"):
        return frozenset({fact})
    return frozenset({f"{fact}:{value}"})


def describe(condition: Condition) -> str:
    """A condition as a short stable text of codes: `size:light|micro`, `length_mm:at_most:6000`, `not(body:pickup)`.

    >>> describe(AllOf((OneOf("kind", frozenset({"truck"})), Bounds("length_mm", at_most=6000))))
    'all(kind:truck, length_mm:at_most:6000)'
    """
    match condition:
        case Everyone():
            return "everyone"
        case OneOf(fact, values):
            return f"{fact}:{'|'.join(sorted(str(value) for value in values))}"
        case Bounds():
            words = ("at_least", "above", "at_most", "below")
            said = [f"{word}:{getattr(condition, word)}" for word in words if getattr(condition, word) is not None]
            return f"{condition.fact}:{','.join(said)}"
        case Toward(degrees):
            return f"heading_deg:toward:{degrees}"
        case Not(inner):
            return f"not({describe(inner)})"
        case AllOf(conditions):
            return f"all({', '.join(describe(each) for each in conditions)})"
        case AnyOf(conditions):
            return f"any({', '.join(describe(each) for each in conditions)})"
