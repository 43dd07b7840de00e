"""Which vehicles get another verdict: one instant and one set of zones of two rulebooks, every vehicle, exactly.

Both verdicts are written as functions of the traits of a vehicle. Where they are one and the same function nothing
flips. Otherwise traits are asked one after the other, those first in which the two differ, until both verdicts are
settled; traits that do not matter are never mentioned in what comes out.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from rules.calendar import Calendar
from rules.decide import days_open_at, in_windows
from rules.errors import Incomparable
from rules.facts import Facts, narrow
from rules.formula import NO, UNKNOWN, YES
from rules.model import Exemption, Product, Restriction, Rulebook, Verdict
from rules.traits import Box, Traits
from rules.truth import Truth
from rules.windows import Window

MOST_STEPS = 100_000
"""Traits asked in one comparison; more than this takes minutes, and no two versions of a city have needed a tenth."""

MOST_BOXES = 5_000
"""Kinds of vehicle that flip at one place and instant; nobody reads more."""

_TOO_MUCH = (
    "too-much-work",
    "两个版本相差过大,无法逐一比较;请分步修改后再比较",
    "the two versions differ in too much to compare every vehicle; compare smaller steps",
)

Truths = tuple[Truth, ...]


@dataclass(frozen=True, slots=True)
class Moment:
    """What a rulebook reads of an instant: for each article whether its dates and windows hold, UNKNOWN where the kind
    of a day or an end was not published; and the same for each kind that an unpublished day may turn out to be of.

    `recorded` is whether the record of the city has begun.
    """

    recorded: bool
    articles: Truths
    supposed: tuple[frozenset[Truths], ...]


@dataclass(frozen=True, slots=True)
class Member:
    """A real vehicle: the cells of the traits that make it what it is, and all its facts."""

    cells: tuple[tuple[str, int], ...]
    facts: Facts


@dataclass(frozen=True, slots=True)
class Flip:
    """The vehicles of a box whose verdict changes: all of them but those against whom a restriction stands in both
    versions. `unless` are the restrictions that may so stand; `decided_...` stand against the `member`, or may."""

    before: Verdict
    after: Verdict
    decided_before: tuple[str, ...]
    decided_after: tuple[str, ...]
    box: Box
    unless: tuple[str, ...]
    member: Member


_Verdict = tuple[int, tuple[frozenset[int], ...]]
"""The function that says whether a restriction stands, and the same for each kind of each unpublished day."""

_NAMED = {NO: Verdict.ALLOWED, YES: Verdict.PROHIBITED, UNKNOWN: Verdict.UNDETERMINED}
_CONSTANT = {Truth.NO: NO, Truth.YES: YES, Truth.UNKNOWN: UNKNOWN}


@dataclass(frozen=True, slots=True)
class Version:
    """One of the two rulebooks, its articles numbered."""

    rulebook: Rulebook
    traits: Traits
    articles: tuple[Restriction | Exemption, ...] = field(init=False)
    _numbers: Mapping[str, int] = field(init=False)
    _meets: tuple[int, ...] = field(init=False)
    _made: dict[object, int] = field(init=False, default_factory=dict)

    def __post_init__(self) -> None:
        articles: tuple[Restriction | Exemption, ...] = (*self.rulebook.restrictions(), *self.rulebook.exemptions())
        filings = frozenset(each.id for each in self.rulebook.city.filings)
        meets = [
            self.traits.formulas.every(
                (
                    self.traits.meets(each.product.condition, filings),
                    self.traits.holds_pass(each) if isinstance(each, Exemption) else YES,
                )
            )
            for each in articles
        ]
        object.__setattr__(self, "articles", articles)
        object.__setattr__(self, "_numbers", MappingProxyType({each.id: n for n, each in enumerate(articles)}))
        object.__setattr__(self, "_meets", tuple(meets))

    def moment(self, wall: int) -> Moment:
        """What it reads of a wall second (`rules.decide` says how unpublished days are tried out)."""
        calendar = self.rulebook.calendar
        supposed = []
        for day in days_open_at(calendar, wall):
            kinds = [calendar.with_kind(day, kind) for kind in sorted(calendar.kinds(day))]
            supposed.append(frozenset(self._truths(wall, each) for each in kinds))
        recorded = self.rulebook.city.record.holds(wall)
        return Moment(recorded, self._truths(wall, calendar), tuple(supposed))

    def _truths(self, wall: int, calendar: Calendar) -> Truths:
        found: dict[tuple[Window, ...] | None, Truth] = {}
        truths = []
        for article in self.articles:
            product: Product = article.product
            if not product.period.holds(wall):
                truths.append(Truth.NO)
                continue
            if product.windows not in found:
                found[product.windows] = in_windows(product.windows, calendar, wall)
            truths.append(found[product.windows])
        return tuple(truths)

    def bearing(self, zones: frozenset[str]) -> frozenset[int]:
        """The numbers of the articles that bear on a set of zones."""
        return frozenset(
            number
            for number, each in enumerate(self.articles)
            if each.product.zones is None or each.product.zones & zones
        )

    def standing(self, truths: Truths, bearing: frozenset[int]) -> dict[str, int]:
        """For each restriction that may apply, the function that says whether it stands."""
        found = {}
        for restriction in self.rulebook.restrictions():
            number = self._numbers[restriction.id]
            if number in bearing and truths[number] is not Truth.NO:
                lifting = (self._numbers[each.id] for each in self.rulebook.lifting(restriction))
                lifted_by = tuple((n, truths[n]) for n in lifting if n in bearing and truths[n] is not Truth.NO)
                found[restriction.id] = self._stands((number, truths[number]), lifted_by)
        return found

    def _stands(self, applies: tuple[int, Truth], lifted_by: tuple[tuple[int, Truth], ...]) -> int:
        key = (applies, lifted_by)
        if key not in self._made:
            formulas = self.traits.formulas
            lifted = formulas.some([formulas.every((_CONSTANT[held], self._meets[n])) for n, held in lifted_by])
            number, held = applies
            self._made[key] = formulas.every((_CONSTANT[held], self._meets[number], formulas.negate(lifted)))
        return self._made[key]


def _settled(verdict: _Verdict) -> Verdict | None:
    """The verdict if no trait is left that could change it; for unpublished days as `rules.decide` settles it."""
    standing, supposed = verdict
    if standing in (YES, NO):
        return _NAMED[standing]
    for day in supposed:
        if day in ({YES}, {NO}):
            return _NAMED[next(iter(day))]
    if standing == UNKNOWN and all(each in (YES, NO, UNKNOWN) for day in supposed for each in day):
        return Verdict.UNDETERMINED
    return None


@dataclass(slots=True)
class Flips:
    """Finds the flips between two versions, and remembers what it has found."""

    before: Version
    after: Version
    most_steps: int = MOST_STEPS
    steps: int = 0
    _traits: Traits = field(init=False)
    _order: Mapping[str, int] = field(init=False)
    _found: dict[object, tuple[tuple[Verdict, Verdict, Box], ...] | None] = field(default_factory=dict)
    _real: dict[object, Facts | None] = field(default_factory=dict)
    _members: dict[object, Member | None] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._traits = self.before.traits
        self._order = {trait: number for number, trait in enumerate(self._traits.cells)}

    def at(self, moments: tuple[Moment, Moment], bearing: tuple[frozenset[int], frozenset[int]]) -> tuple[Flip, ...]:
        """The flips at an instant among the articles that bear on a set of zones.

        What stands alike in both versions is set aside (`masks`): where it stands, both verdicts are prohibited. It
        must be certain, so that wherever it does not stand the verdicts hang on the rest alone.
        """
        standing = tuple(
            version.standing(moment.articles, zones) if moment.recorded else {}
            for version, moment, zones in zip((self.before, self.after), moments, bearing, strict=True)
        )
        formulas = self._traits.formulas
        alike = frozenset(standing[0].values()) & frozenset(standing[1].values())
        masks = frozenset(each for each in alike if formulas.settles(each))
        verdicts = tuple(
            _verdict(version, moment, zones, masks)
            for version, moment, zones in zip((self.before, self.after), moments, bearing, strict=True)
        )
        if verdicts[0] == verdicts[1]:
            return ()
        masked = formulas.some(masks)
        found = []
        for before, after, box in self._search(verdicts[0], verdicts[1], narrow({})) or ():
            member = self.member(box, masked)
            if member is not None:
                unless = tuple(sorted(name for name, each in standing[0].items() if self._may_stand(each, box, masks)))
                found.append(
                    Flip(
                        before,
                        after,
                        self._against(standing[0], member),
                        self._against(standing[1], member),
                        box,
                        unless,
                        member,
                    )
                )
        return tuple(found)

    def _may_stand(self, formula: int, box: Box, masks: frozenset[int]) -> bool:
        """Whether a mask stands against some vehicle of a box, as far as its traits say."""
        if formula not in masks:
            return False
        possible = {formula}
        for trait, cells in box:
            possible = {self._traits.formulas.given(each, trait, cell) for each in possible for cell in cells}
        return possible != {NO}

    def real(self, facts: Facts) -> Facts | None:
        """A real vehicle of which `facts` hold (`Traits.example`)."""
        key = frozenset(facts.items())
        if key not in self._real:
            self._real[key] = self._traits.example(facts)
        return self._real[key]

    def _search(
        self, before: _Verdict, after: _Verdict, facts: Facts
    ) -> tuple[tuple[Verdict, Verdict, Box], ...] | None:
        """What flips among the vehicles of which `facts` hold; None if there is no such vehicle."""
        if before == after:
            return ()
        key = (before, after, frozenset(facts.items()))
        if key not in self._found:
            self._found[key] = self._searched(before, after, facts)
        return self._found[key]

    def _searched(
        self, before: _Verdict, after: _Verdict, facts: Facts
    ) -> tuple[tuple[Verdict, Verdict, Box], ...] | None:
        self.steps += 1
        if self.steps > self.most_steps:
            raise Incomparable(*_TOO_MUCH)
        first, second = _settled(before), _settled(after)
        if first is not None and second is not None:
            if first is second:
                return ()
            return None if self.real(facts) is None else ((first, second, ()),)
        trait = self._next(before, after)
        alike: dict[tuple[tuple[Verdict, Verdict, Box], ...], set[int]] = {}
        for cell in range(len(self._traits.cells[trait])):
            narrowed = self._traits.narrowed(facts, trait, cell)
            if narrowed is None:
                continue
            found = self._search(self._given(before, trait, cell), self._given(after, trait, cell), narrowed)
            if found is not None:
                alike.setdefault(found, set()).add(cell)
        if not alike:
            return None
        if len(alike) == 1:
            return next(iter(alike))
        boxes = tuple(
            (one, other, ((trait, frozenset(cells)), *box))
            for found, cells in alike.items()
            for one, other, box in found
        )
        if len(boxes) > MOST_BOXES:
            raise Incomparable(*_TOO_MUCH)
        return boxes

    def _given(self, verdict: _Verdict, trait: str, cell: int) -> _Verdict:
        given = self._traits.formulas.given
        standing, supposed = verdict
        return (
            given(standing, trait, cell),
            tuple(frozenset(given(each, trait, cell) for each in day) for day in supposed),
        )

    def _next(self, before: _Verdict, after: _Verdict) -> str:
        """The trait to ask next: one in which the verdicts differ, before one that masks the difference."""
        formulas = self._traits.formulas
        one, other = formulas.alternatives(before[0]), formulas.alternatives(after[0])
        differing = frozenset().union(*(formulas.traits(each) for each in one ^ other))
        if not differing:
            everything = (before[0], after[0], *(each for day in (*before[1], *after[1]) for each in day))
            differing = frozenset().union(*(formulas.traits(each) for each in everything))
        return min(differing, key=self._order.__getitem__)

    def member(self, box: Box, masked: int) -> Member | None:
        """A real vehicle of a box against which `masked` does not stand, likely rather than odd; None if none is."""
        key = (box, masked)
        if key not in self._members:
            self._members[key] = self._member(box, masked, (), narrow({}))
        return self._members[key]

    def _member(self, box: Box, masked: int, chosen: tuple[tuple[str, int], ...], facts: Facts) -> Member | None:
        if masked == YES:
            return None
        if len(chosen) < len(box):
            trait, inside = box[len(chosen)]
            cells = sorted(inside)
        elif masked != NO:
            trait = min(self._traits.formulas.traits(masked), key=self._order.__getitem__)
            cells = list(range(len(self._traits.cells[trait])))
        else:
            whole = self.real(facts)
            return None if whole is None else Member(chosen, whole)
        for cell in cells:
            narrowed = self._traits.narrowed(facts, trait, cell)
            if narrowed is not None:
                given = self._traits.formulas.given(masked, trait, cell)
                found = self._member(box, given, (*chosen, (trait, cell)), narrowed)
                if found is not None:
                    return found
        return None

    def _against(self, standing: Mapping[str, int], member: Member) -> tuple[str, ...]:
        """The restrictions that stand against a vehicle, or may where none certainly does."""
        found = {}
        for restriction, formula in standing.items():
            for trait, cell in member.cells:
                formula = self._traits.formulas.given(formula, trait, cell)
            found[restriction] = formula
        sure = sorted(each for each, formula in found.items() if formula == YES)
        return tuple(sure or sorted(each for each, formula in found.items() if formula != NO))


def _verdict(version: Version, moment: Moment, bearing: frozenset[int], masks: frozenset[int]) -> _Verdict:
    """The verdict wherever none of the masks stands."""
    if not moment.recorded:
        return UNKNOWN, ()

    def some(truths: Truths) -> int:
        standing = version.standing(truths, bearing)
        return version.traits.formulas.some([each for each in standing.values() if each not in masks])

    return some(moment.articles), tuple(frozenset(some(truths) for truths in day) for day in moment.supposed)
