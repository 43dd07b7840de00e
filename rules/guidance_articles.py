"""The guidance on single articles: light trucks told apart by tonnage, and bans of a whole city at all hours."""

from collections.abc import Callable, Iterator
from itertools import pairwise
from types import MappingProxyType

from rules.calendar import Calendar
from rules.codes import Text
from rules.conditions import (
    CLAIMS,
    CLASS_FOLLOWS_FROM,
    AllOf,
    AnyOf,
    Bounds,
    Condition,
    Everyone,
    Not,
    OneOf,
    cuts,
)
from rules.facts import NO_STAGE, Span, Value, narrow
from rules.lint.findings import Severity
from rules.lint.times import Time, both, covers, empty, some_together
from rules.lint.vehicles import Goal, Undecided, witness
from rules.model import Product, Restriction, Rulebook
from rules.windows import Period

_LIGHT_MASS_KG = 4_499
_MICRO_MASS_KG, _MICRO_LENGTH_MM = 1_800, 3_500

DELIVERY_SIZES = frozenset[Value]({"micro", "light", "medium"})
DELIVERY_BODIES = frozenset[Value]({"box", "enclosed", "refrigerated"})
"""Delivery trucks are the micro, light and medium trucks with a van body or an enclosed one."""

NEWEST = frozenset[Value]({6, NO_STAGE})
"""The emission stage of new vehicles: what leaves these free binds by age, and not delivery trucks as a class."""

_NEW_DELIVERY = MappingProxyType(
    {
        "kind": frozenset[Value]({"truck"}),
        "size": DELIVERY_SIZES,
        "body": DELIVERY_BODIES,
        "emission_stage": NEWEST,
    }
)
_TRUCKS = MappingProxyType({"kind": frozenset[Value]({"truck", "tractor_unit", "low_speed_truck", "tricycle_truck"})})


def ban_at_all_hours(
    rulebook: Rulebook, restriction: Restriction, whole_city: Callable[[frozenset[str] | None], bool], week: Period
) -> Severity | None:
    """How grave it is that a restriction closes the whole city at every hour of a week; None if it does not.

    A warning where it binds some new delivery truck that claims nothing and holds no pass, a note where only older
    ones or other trucks. `whole_city` says whether zones cover the city. A vehicle that an exemption frees at some hour
    of the week all over the city is not barred at all hours.
    """
    product = restriction.product
    time = Time(Calendar.unknown())
    if not whole_city(product.zones) or both(product.period, week) != week:
        return None
    if not covers(product.windows, None, week, time):
        return None
    goals: list[Goal] = [(_unclaimed(product.condition), True)]
    for exemption in rulebook.lifting(restriction):
        if not exemption.passes and whole_city(exemption.product.zones) and _ever(exemption.product, week, time):
            goals.append((_unclaimed(exemption.product.condition), False))
    try:
        if witness(goals, narrow(_NEW_DELIVERY)) is not None:
            return Severity.WARNING
        return Severity.NOTE if witness(goals, narrow(_TRUCKS)) is not None else None
    except Undecided:
        return None


def _ever(product: Product, week: Period, time: Time) -> bool:
    shared = both(product.period, week)
    return not empty(shared) and some_together(product.windows, None, shared, time)


def _unclaimed(condition: Condition) -> Condition:
    """The condition of a vehicle that claims nothing, which it no longer asks for."""

    def without(leaf: Condition) -> Condition:
        match leaf:
            case OneOf("priority_class", values):
                follows = [CLASS_FOLLOWS_FROM[str(each)] for each in values if str(each) in CLASS_FOLLOWS_FROM]
                return AnyOf(tuple(_unclaimed(each) for each in follows)) if follows else Not(Everyone())
            case OneOf(fact, _) if fact in CLAIMS:
                return Not(Everyone())
            case _:
                return leaf

    return _with_leaves(condition, without)


def _with_leaves(condition: Condition, change: Callable[[Condition], Condition]) -> Condition:
    match condition:
        case Not(inner):
            return Not(_with_leaves(inner, change))
        case AllOf(several):
            return AllOf(tuple(_with_leaves(each, change) for each in several))
        case AnyOf(several):
            return AnyOf(tuple(_with_leaves(each, change) for each in several))
        case _:
            return change(condition)


_Cell = tuple[Span, Span]


def split_by_tonnage(condition: Condition) -> Text | None:
    """Two light trucks, alike but for total mass and rated load, of which one meets the condition and one does not.

    The likeliest pair that there is: of a mass that light trucks have, and apart in one of the two only.
    """
    cells = list(_cells(condition))
    pairs = sorted(((one, other) for one in cells for other in cells), key=_unlikeliness)
    for one, other in pairs:
        met, unmet = _at(condition, one), _at(condition, other)
        if met != unmet and _alike_but_for_tonnage(met, unmet, one, other):
            first, second = _tons(one), _tons(other)
            return Text(
                f"适用于{first.zh}的轻型货车,不适用于其他方面相同、{second.zh}的轻型货车",
                f"a light truck of {first.en} meets it, and one that is alike but of {second.en} does not",
            )
    return None


def _unlikeliness(pair: tuple[_Cell, _Cell]) -> tuple[int, int]:
    (mass, load), (other_mass, other_load) = pair
    small = sum((each.low or 0) <= _MICRO_MASS_KG for each in (mass, other_mass))
    return small, (mass != other_mass) + (load != other_load)


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
    # No load is above its mass.
    return (
        (Span(max(mass.low or 1, load.low or 1), mass.high), Span(load.low, min(load.high or 1, mass.high or 1)))
        for mass in masses
        for load in loads
        if (load.low or 0) <= (mass.high or 0)
    )


def _at(condition: Condition, cell: _Cell) -> Condition:
    """The condition of a vehicle of that mass and load, which it no longer asks for."""

    def settled(leaf: Condition) -> Condition:
        if isinstance(leaf, Bounds) and leaf.fact in ("total_mass_kg", "rated_load_kg"):
            return Everyone() if leaf.span.covers(cell[leaf.fact == "rated_load_kg"]) else Not(Everyone())
        return leaf

    return _with_leaves(condition, settled)


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
