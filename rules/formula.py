"""Functions of a vehicle in three values, in a normal form: equal ones are nearly always one and the same number.

A vehicle is seen here as a row of traits, each in one of a few cells (`rules.traits`). A function is a number given out
by `Formulas`; NO, YES and UNKNOWN are the constants. Connectives are those of `rules.truth`, and simplifying never
changes the value for a vehicle of which every trait is known: `x or not x` is YES even though Kleene logic, which has
to answer before x is known, says no more than UNKNOWN.

>>> formulas = Formulas({"kind": 3})
>>> truck, other = formulas.literal("kind", {0}), formulas.literal("kind", {1, 2})
>>> formulas.every([truck, other]) == NO, formulas.some([truck, other]) == YES, formulas.negate(truck) == other
(True, True, True)
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

NO, YES, UNKNOWN = 0, 1, 2
CONSTANTS = frozenset({NO, YES, UNKNOWN})


@dataclass(frozen=True, slots=True)
class _Literal:
    """YES where the trait is in one of the cells `yes`, UNKNOWN in those of `across`, NO in the others."""

    trait: str
    yes: frozenset[int]
    across: frozenset[int]


@dataclass(frozen=True, slots=True)
class _Compound:
    """`every` or, if not `every`, `some` of the parts: UNKNOWN, literals, and compounds of the other kind."""

    every: bool
    parts: frozenset[int]


@dataclass(slots=True)
class Formulas:
    """Gives out functions over traits; `sizes` says how many cells each trait has."""

    sizes: Mapping[str, int]
    _made: list[_Literal | _Compound | None] = field(default_factory=lambda: [None, None, None])
    _numbers: dict[_Literal | _Compound, int] = field(default_factory=dict)
    _negated: dict[int, int] = field(default_factory=lambda: {NO: YES, YES: NO, UNKNOWN: UNKNOWN})
    _given: dict[tuple[int, str, int], int] = field(default_factory=dict)
    _settles: dict[int, bool] = field(default_factory=lambda: {NO: True, YES: True, UNKNOWN: False})
    _traits: dict[int, frozenset[str]] = field(default_factory=lambda: dict.fromkeys(CONSTANTS, frozenset()))

    def literal(self, trait: str, yes: Iterable[int], across: Iterable[int] = ()) -> int:
        """YES in the cells `yes` of a trait, UNKNOWN in those of `across`."""
        sure, unsure = frozenset(yes), frozenset(across)
        if not unsure and len(sure) in (0, self.sizes[trait]):
            return YES if sure else NO
        return self._number(_Literal(trait, sure, unsure))

    def every(self, parts: Iterable[int]) -> int:
        return self._joined(True, parts)

    def some(self, parts: Iterable[int]) -> int:
        return self._joined(False, parts)

    def negate(self, formula: int) -> int:
        if formula not in self._negated:
            made = self._made[formula]
            if isinstance(made, _Literal):
                rest = frozenset(range(self.sizes[made.trait])) - made.yes - made.across
                negated = self.literal(made.trait, rest, made.across)
            else:
                assert made is not None
                negated = self._joined(not made.every, [self.negate(part) for part in made.parts])
            self._negated[formula] = negated
        return self._negated[formula]

    def given(self, formula: int, trait: str, cell: int) -> int:
        """The function once a trait is known to be in a cell."""
        if trait not in self.traits(formula):
            return formula
        key = (formula, trait, cell)
        if key not in self._given:
            made = self._made[formula]
            if isinstance(made, _Literal):
                self._given[key] = YES if cell in made.yes else UNKNOWN if cell in made.across else NO
            else:
                assert made is not None
                self._given[key] = self._joined(made.every, [self.given(part, trait, cell) for part in made.parts])
        return self._given[key]

    def traits(self, formula: int) -> frozenset[str]:
        """The traits that the function reads."""
        if formula not in self._traits:
            made = self._made[formula]
            if isinstance(made, _Literal):
                self._traits[formula] = frozenset({made.trait})
            else:
                self._traits[formula] = frozenset().union(*(self.traits(part) for part in self.alternatives(formula)))
        return self._traits[formula]

    def settles(self, formula: int) -> bool:
        """Whether it is YES or NO for every vehicle, never UNKNOWN."""
        if formula not in self._settles:
            made = self._made[formula]
            if isinstance(made, _Literal):
                self._settles[formula] = not made.across
            else:
                self._settles[formula] = all(self.settles(part) for part in self.alternatives(formula))
        return self._settles[formula]

    def alternatives(self, formula: int) -> frozenset[int]:
        """The parts of a compound, or the function itself."""
        made = self._made[formula]
        return made.parts if isinstance(made, _Compound) else frozenset({formula})

    def _number(self, made: _Literal | _Compound) -> int:
        if made not in self._numbers:
            self._numbers[made] = len(self._made)
            self._made.append(made)
        return self._numbers[made]

    def _joined(self, every: bool, parts: Iterable[int]) -> int:
        """`every` or `some` of the parts: what decides alone is taken, what adds nothing is left out."""
        decides, adds_nothing = (NO, YES) if every else (YES, NO)
        flat: set[int] = set()
        for part in parts:
            made = self._made[part]
            flat |= made.parts if isinstance(made, _Compound) and made.every is every else {part}
        flat.discard(adds_nothing)
        flat = self._with_one_literal_a_trait(every, flat)
        if decides in flat:
            return decides
        if len(flat) < 2:
            return flat.pop() if flat else adds_nothing
        return self._number(_Compound(every, frozenset(flat)))

    def _with_one_literal_a_trait(self, every: bool, parts: set[int]) -> set[int]:
        by_trait: dict[str, frozenset[int]] = {}
        kept: set[int] = set()
        for part in parts:
            made = self._made[part]
            if not isinstance(made, _Literal) or made.across:
                kept.add(part)
            elif made.trait in by_trait:
                before = by_trait[made.trait]
                by_trait[made.trait] = before & made.yes if every else before | made.yes
            else:
                by_trait[made.trait] = made.yes
        kept |= {self.literal(trait, yes) for trait, yes in by_trait.items()}
        # Joined literals may have become what decides alone or what adds nothing.
        return kept - {YES if every else NO}
