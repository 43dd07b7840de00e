"""Vehicles as rules see them: traits, each in one of a few cells that the conditions of some rulebooks tell apart.

A vehicle atom is one cell of every trait: all vehicles of an atom are treated alike by every article. Traits are the
open facts, what is claimed (`use`, `trip`, and one yes-or-no trait for each value of the others, such as
`cargo:dangerous_goods`) and the passes that count at the instant asked about (`pass:electronic-pass`). Facts of a real
vehicle agree with each other (`rules.facts.narrow`, `rules.reading`); claims and passes are free.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from types import MappingProxyType

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
    holds,
)
from rules.errors import InvalidVehicle
from rules.facts import (
    ANY_OTHER,
    DOMAINS,
    NO_STAGE,
    NUMBERS,
    OPEN_FACTS,
    Facts,
    Known,
    Span,
    Value,
    span,
    told_apart,
    with_fact,
)
from rules.formula import NO, YES, Formulas
from rules.model import Exemption, Rulebook
from rules.plates import PROVINCES
from rules.reading import read_vehicle
from rules.truth import Truth
from rules.vehicles import Vehicle

Cell = Known | None | bool
"""Values of a fact or of `use` and `trip` (None: none of those that rules name); for other claims, yes or no."""

Box = tuple[tuple[str, frozenset[int]], ...]
"""Some traits, each with the cells that it may be in; any cell for the traits that are not named."""

_SINGLE_CLAIMS = ("use", "trip")
_LIKELY: Mapping[str, tuple[Value, ...]] = MappingProxyType(
    {
        "kind": ("truck",),
        "size": ("light", "medium", "heavy"),
        "body": ("box",),
        "energy": ("diesel", "battery_electric"),
        "emission_stage": (5, 6, 4),
        "new_energy_plate": (False,),
        "plate_kind": ("02", "01", "52", "51"),
    }
)
"""Which values an example of a vehicle has rather than others."""

_ORDINARY: Mapping[str, tuple[int, ...]] = MappingProxyType(
    {
        "length_mm": (5_995,),
        "width_mm": (2_000,),
        "height_mm": (2_500,),
        "total_mass_kg": (4_495, 12_000),
        "rated_load_kg": (1_500,),
    }
)
"""Numbers of an ordinary box truck, a light one first; an example has one of them, or else a number near the first."""

_AGREEING = (
    *("kind", "size", "emission_stage", "energy", "new_energy_plate", "plate_kind"),
    *("length_mm", "total_mass_kg", "rated_load_kg"),
)
"""The facts that say something of each other."""


@dataclass(frozen=True, slots=True)
class Traits:
    """The traits that some rulebooks read, in the order in which they are best asked for, and the cells of each."""

    cells: Mapping[str, tuple[Cell, ...]]
    atoms: Mapping[str, Sequence[Known]]
    formulas: Formulas

    @staticmethod
    def of(rulebooks: Iterable[Rulebook]) -> "Traits":
        leaves: dict[str, set[Condition]] = {}
        cut_at: dict[str, set[Value]] = {}
        passes: set[str] = set()
        for rulebook in rulebooks:
            for _, product in rulebook.products():
                for leaf in _leaves(product.condition):
                    for fact, value in cuts(leaf):
                        cut_at.setdefault(fact, set()).add(value)
                    for trait in _traits_of(leaf):
                        leaves.setdefault(trait, set()).add(leaf)
            passes.update(*(exemption.passes for exemption in rulebook.exemptions()))
        cells: dict[str, tuple[Cell, ...]] = {}
        atoms: dict[str, Sequence[Known]] = {}
        for trait in sorted(leaves, key=_order):
            if trait in OPEN_FACTS:
                atoms[trait] = told_apart({}, trait, cut_at.get(trait, ()))
                cells[trait] = _cells_of_fact(trait, atoms[trait], leaves[trait])
            elif trait in _SINGLE_CLAIMS:
                cells[trait] = _cells_of_claim(trait, leaves[trait])
            else:
                cells[trait] = (False, True)
        cells |= {f"pass:{kind}": (False, True) for kind in sorted(passes)}
        sizes = {trait: len(each) for trait, each in cells.items()}
        return Traits(MappingProxyType(cells), MappingProxyType(atoms), Formulas(sizes))

    def meets(self, condition: Condition, filings: frozenset[str]) -> int:
        """The function (`rules.formula`) that says whether a vehicle meets a condition.

        `filings` are those that the city knows: no vehicle can have another.
        """
        match condition:
            case Everyone():
                return YES
            case Not(inner):
                return self.formulas.negate(self.meets(inner, filings))
            case AllOf(conditions):
                return self.formulas.every([self.meets(each, filings) for each in conditions])
            case AnyOf(conditions):
                return self.formulas.some([self.meets(each, filings) for each in conditions])
            case OneOf("priority_class", values):
                return self.formulas.some([self._of_class(str(value)) for value in values])
            case OneOf(fact, values) if fact in _SINGLE_CLAIMS:
                named = frozenset(values)
                inside = [n for n, cell in enumerate(self.cells[fact]) if isinstance(cell, frozenset) and cell <= named]
                return self.formulas.literal(fact, inside)
            case OneOf(fact, values) if fact in CLAIMS:
                values = values & filings if fact == "filing" else values
                return self.formulas.some([self.formulas.literal(f"{fact}:{value}", {1}) for value in values])
            case OneOf(fact, _) | Bounds(fact, _):
                return self._of_fact(fact, condition)
            case Toward(_):
                return self._of_fact("heading_deg", condition)

    def holds_pass(self, exemption: Exemption) -> int:
        """The function that says whether a pass counts, of the kinds that an exemption asks for."""
        if not exemption.passes:
            return YES
        return self.formulas.some([self.formulas.literal(f"pass:{kind}", {1}) for kind in exemption.passes])

    def _of_class(self, value: str) -> int:
        follows = CLASS_FOLLOWS_FROM.get(value)
        by_itself = NO if follows is None else self.meets(follows, frozenset())
        # A class of energy cannot be claimed against what it follows from, so a claim of it says nothing new.
        claimed = NO if value in CLASSES_OF_ENERGY else self.formulas.literal(f"priority_class:{value}", {1})
        return self.formulas.some([by_itself, claimed])

    def _of_fact(self, fact: str, leaf: Condition) -> int:
        answers = [_answer(leaf, fact, cell) for cell in self.cells[fact] if not isinstance(cell, bool | None)]
        yes = [number for number, answer in enumerate(answers) if answer is Truth.YES]
        across = [number for number, answer in enumerate(answers) if answer is Truth.UNKNOWN]
        return self.formulas.literal(fact, yes, across)

    def narrowed(self, facts: Facts, trait: str, cell: int) -> Facts | None:
        """What is known of a vehicle once a trait is in a cell; None if that contradicts the other facts."""
        value = self.cells[trait][cell]
        if trait not in OPEN_FACTS or isinstance(value, bool | None):
            return facts
        return with_fact(facts, trait, value)

    def example(self, facts: Facts) -> Facts | None:
        """A real vehicle of which `facts` hold, every trait that is a fact known; None if there is none."""
        wanted = [fact for fact in (*_AGREEING, *self.atoms) if fact in _AGREEING or fact not in facts]
        wanted += [fact for fact in facts if fact not in wanted]
        return self._completed(facts, tuple(dict.fromkeys(wanted)))

    def _completed(self, facts: Facts, open_facts: tuple[str, ...]) -> Facts | None:
        if not open_facts:
            return facts if _is_read(said_of(facts)) else None
        fact, *others = open_facts
        for value in _single_values(facts, fact, self.atoms.get(fact, ())):
            known = with_fact(facts, fact, value)
            # Only reading knows which plates go with which sizes; to ask it late would mean to try all that follows.
            if known is None or (fact == "plate_kind" and not _is_read(said_of(known))):
                continue
            found = self._completed(known, tuple(others))
            if found is not None:
                return found
        return None


def _order(trait: str) -> tuple[int, str]:
    facts = (*_AGREEING[:4], "body", *_AGREEING[4:], *sorted(OPEN_FACTS - set(_AGREEING) - {"body"}))
    return (facts.index(trait) if trait in facts else len(facts), trait)


def _leaves(condition: Condition) -> Iterator[Condition]:
    match condition:
        case Not(inner):
            yield from _leaves(inner)
        case AllOf(conditions) | AnyOf(conditions):
            for each in conditions:
                yield from _leaves(each)
        case OneOf("priority_class", values):
            yield condition
            for value in values:
                if str(value) in CLASS_FOLLOWS_FROM:
                    yield from _leaves(CLASS_FOLLOWS_FROM[str(value)])
        case OneOf() | Bounds() | Toward():
            yield condition


def _traits_of(leaf: Condition) -> Iterator[str]:
    match leaf:
        case OneOf(fact, _) if fact in _SINGLE_CLAIMS:
            yield fact
        case OneOf(fact, values) if fact in CLAIMS:
            yield from (f"{fact}:{value}" for value in values if value not in CLASSES_OF_ENERGY)
        case OneOf(fact, _) | Bounds(fact, _):
            yield fact
        case Toward():
            yield "heading_deg"


def _answer(leaf: Condition, fact: str, value: Known) -> Truth:
    return holds(leaf, Vehicle(facts={fact: value}), 0)


def _cells_of_fact(fact: str, atoms: Sequence[Known], leaves: Iterable[Condition]) -> tuple[Cell, ...]:
    """The atoms of a fact, put together where every condition answers alike; of numbers, neighbours only."""
    asked = sorted(leaves, key=repr)
    answers = [tuple(_answer(leaf, fact, atom).value for leaf in asked) for atom in atoms]
    numbers = range(len(atoms))
    order = numbers if fact in NUMBERS else sorted(numbers, key=lambda number: answers[number])
    cells: list[Cell] = []
    for _, alike in groupby(order, key=lambda number: answers[number]):
        first, *others = (atoms[number] for number in alike)
        whole = first
        for other in others:
            if isinstance(whole, Span) and isinstance(other, Span):
                whole = Span(whole.low, other.high)
            elif isinstance(whole, frozenset) and isinstance(other, frozenset):
                whole |= other
        cells.append(whole)
    # Likely values first, so that examples are of ordinary vehicles.
    return tuple(cells) if fact in NUMBERS else tuple(sorted(cells, key=lambda cell: _likelihood(fact, cell)))


def _likelihood(fact: str, cell: Cell) -> tuple[int, list[str]]:
    values = cell if isinstance(cell, frozenset) else frozenset()
    likely = _LIKELY.get(fact, ())
    return min((likely.index(each) for each in values if each in likely), default=len(likely)), sorted(map(str, values))


def _cells_of_claim(claim: str, leaves: Iterable[Condition]) -> tuple[Cell, ...]:
    """The values of a claim of one value, put together where every condition answers alike, and None for all others."""
    named: dict[tuple[bool, ...], set[Value]] = {}
    asked = [leaf for leaf in sorted(leaves, key=repr) if isinstance(leaf, OneOf)]
    for value in sorted({value for leaf in asked for value in leaf.values}, key=str):
        named.setdefault(tuple(value in leaf.values for leaf in asked), set()).add(value)
    return (None, *(frozenset(values) for values in named.values()))


def _single_values(facts: Facts, fact: str, atoms: Sequence[Known]) -> Iterator[Known]:
    """Single values of a fact to try, one or more of each part that the rules tell apart, likely ones first."""
    if fact in NUMBERS:
        starts = [each.low for each in atoms if isinstance(each, Span) and each.low is not None]
        ordinary = _ORDINARY[fact]
        ends = []
        for part in told_apart(facts, fact, starts):
            if isinstance(part, Span):
                low = part.low or 1
                ends += [low, part.high or low]
        ends.sort(key=lambda end: abs(end - ordinary[0]))
        inside = [each for each in ordinary if span(facts, fact).covers(Span(each, each))]
        yield from (Span(each, each) for each in dict.fromkeys((*inside, *ends)))
        return
    parts = told_apart(facts, fact, ()) if fact in facts or fact in DOMAINS else atoms
    values = [value for part in parts if isinstance(part, frozenset) for value in part]
    likely = _LIKELY.get(fact, ())
    for value in sorted(values, key=lambda each: (likely.index(each) if each in likely else len(likely), str(each))):
        yield frozenset({value})


def said_of(facts: Facts, named_prefixes: frozenset[Value] = frozenset()) -> dict[str, object]:
    """The facts of which one value is known, as a question says them; without the heading, which the place says.

    A plate with none of the prefixes that rules name, `named_prefixes`, is said to have the first real one that is not
    among them.
    """
    said: dict[str, object] = {}
    for fact, known in facts.items():
        if fact == "heading_deg":
            continue
        if isinstance(known, Span):
            if known.low is not None and known.low == known.high:
                said[fact] = known.low
        elif len(known) == 1:
            (value,) = known
            if value == ANY_OTHER:
                value = next(each for each in _PREFIXES if each not in named_prefixes)
            said[fact] = "none" if value == NO_STAGE else value
    return said


_PREFIXES = tuple(province + office for office in "ABCDEFGHJKLMNPQRSTUVWXYZ" for province in PROVINCES)


def _is_read(said: Mapping[str, object]) -> bool:
    try:
        read_vehicle(said)
    except InvalidVehicle:
        return False
    return True


def claims_said(claims: Mapping[str, Cell]) -> dict[str, object]:
    """Claims and passes by trait, as a question says them."""
    said: dict[str, object] = {}
    lists: dict[str, list[str]] = {}
    for trait, cell in claims.items():
        subject, _, value = trait.partition(":")
        if subject in _SINGLE_CLAIMS:
            if isinstance(cell, frozenset):
                said[subject] = min(map(str, cell))
        elif cell is True:
            if subject in ("on_duty", "full_load"):
                said[subject] = True
            else:
                lists.setdefault(_LISTS[subject], []).append(value)
    for field, values in lists.items():
        said[field] = [{"kind": value} for value in values] if field == "passes" else values
    return said


_LISTS = {"cargo": "cargo", "filing": "filings", "priority_class": "priority_classes", "pass": "passes"}
