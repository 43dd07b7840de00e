"""What may be known of a vehicle: each fact wholly, in part, or not at all, and what facts say of each other.

A known fact is a set of possible values: a `frozenset` of codes, or a `Span` of whole numbers. A fact that is absent
is open: any value is possible. `narrow` draws every conclusion that GA 802 and the plate rules allow and refuses facts
that contradict each other.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from types import MappingProxyType

from rules import codes

NO_STAGE = -1
"""The emission stage of a vehicle without exhaust: no bound and no set of stages ever holds for it."""

STAGES = frozenset(range(7))


@dataclass(frozen=True, slots=True)
class Span:
    """Whole numbers from `low` to `high`, both included; None is open."""

    low: int | None = None
    high: int | None = None

    @property
    def empty(self) -> bool:
        return self.low is not None and self.high is not None and self.low > self.high

    def meet(self, other: "Span") -> "Span":
        lows = [each for each in (self.low, other.low) if each is not None]
        highs = [each for each in (self.high, other.high) if each is not None]
        return Span(max(lows) if lows else None, min(highs) if highs else None)

    def covers(self, other: "Span") -> bool:
        return self.meet(other) == other

    def may_reach(self, number: int) -> bool:
        """Whether some value in the span is at least `number`."""
        return self.high is None or self.high >= number

    def may_stay_under(self, number: int) -> bool:
        """Whether some value in the span is below `number`."""
        return self.low is None or self.low < number


Value = str | int | bool | float
Known = frozenset[Value] | Span

NUMBERS: Mapping[str, int] = MappingProxyType(
    {
        "length_mm": 100_000,
        "width_mm": 100_000,
        "height_mm": 100_000,
        "total_mass_kg": 1_000_000,
        "rated_load_kg": 1_000_000,
    }
)
"""Facts that are whole numbers from 1 to the bound given, in the unit of their name."""

DOMAINS: Mapping[str, frozenset[Value]] = MappingProxyType(
    {
        "kind": frozenset(codes.KIND.codes),
        "size": frozenset(codes.SIZE.codes),
        "body": frozenset(codes.BODY.codes),
        "energy": frozenset(codes.ENERGY.codes),
        "emission_stage": frozenset({*STAGES, NO_STAGE}),
        "plate_kind": frozenset(codes.PLATE_KIND.codes),
        "new_energy_plate": frozenset({True, False}),
        "tail_digit": frozenset(range(10)),
    }
)
"""Facts of few values, and all of them."""

OPEN_FACTS = frozenset({*NUMBERS, *DOMAINS, "plate_prefix", "heading_deg"})
"""The facts of vehicle and place that are unknown when absent (DESIGN: open). `heading_deg` is a fact of the place."""

UNCLASSED_KINDS: frozenset[Value] = frozenset(
    {
        "low_speed_truck",
        "tricycle_truck",
        "wheeled_machinery",
        "farm_tractor",
        "passenger",
        "motorcycle",
        "animal_cart",
        "other",
    }
)
"""Kinds that have none of the sizes that GA 802 gives to trucks and trailers."""

_SIZED_BY_LENGTH_TOO: frozenset[Value] = frozenset({"truck", "special_work", "tractor_unit"})

GA802_THRESHOLDS: Mapping[str, tuple[int, ...]] = MappingProxyType(
    {"length_mm": (3_501, 6_000), "total_mass_kg": (1_801, 4_500, 12_000)}
)
"""First value of each range of length and mass that the sizes of GA 802 tell apart."""


SIZES_OF_PLATE: Mapping[Value, frozenset[Value]] = MappingProxyType(
    {
        **dict.fromkeys(("01", "51"), frozenset[Value]({"heavy", "medium"})),
        **dict.fromkeys(("02", "52"), frozenset[Value]({"light", "micro"})),
    }
)
"""The sizes of trucks that have these kinds of plate: the large ones and the small ones (GA/T 16.7)."""


class Contradiction(ValueError):
    """Facts that cannot hold together; `fields` names them."""

    def __init__(self, *fields: str) -> None:
        self.fields = fields
        super().__init__(" and ".join(fields))


Facts = Mapping[str, Known]


def possible(facts: Facts, fact: str) -> frozenset[Value]:
    """The values of a fact of few values that are still possible."""
    known = facts.get(fact)
    return known if isinstance(known, frozenset) else DOMAINS[fact]


def span(facts: Facts, fact: str) -> Span:
    """The range in which a number may still lie."""
    known = facts.get(fact)
    return known if isinstance(known, Span) else Span(1, None)


def narrow(facts: Facts) -> Facts:
    """All that follows from `facts`, themselves included; Contradiction if they cannot hold together.

    Each conclusion only ever takes values away, so the end does not depend on the order and is reached in few rounds.
    """
    known = dict(facts)
    while True:
        before = dict(known)
        for conclude in _CONCLUSIONS:
            conclude(known)
        if known == before:
            return MappingProxyType(known)


def with_fact(facts: Facts, fact: str, value: Known) -> Facts | None:
    """The facts with one of them narrowed to `value`; None if that contradicts the others."""
    known = dict(facts)
    try:
        _keep(known, fact, value, fact)
        return narrow(known)
    except Contradiction:
        return None


def _keep(known: dict[str, Known], fact: str, value: Known, because: str) -> None:
    """Narrow one fact to `value`, for the reason of the fact `because`."""
    if isinstance(value, Span):
        met: Known = span(known, fact).meet(value)
        if isinstance(met, Span) and met.empty:
            raise Contradiction(because, fact)
        if met != Span(1, None):
            known[fact] = met
        return
    current = known.get(fact, DOMAINS.get(fact))
    met = value if not isinstance(current, frozenset) else current & value
    if not met:
        raise Contradiction(because, fact)
    if met != DOMAINS.get(fact):
        known[fact] = met


def _kind_and_size(known: dict[str, Known]) -> None:
    unclassed: frozenset[Value] = frozenset({"unclassed"})
    kinds, sizes = possible(known, "kind"), possible(known, "size")
    if kinds <= UNCLASSED_KINDS:
        _keep(known, "size", unclassed, "kind")
    elif not kinds & UNCLASSED_KINDS:
        _keep(known, "size", DOMAINS["size"] - unclassed, "kind")
    if "unclassed" not in sizes:
        _keep(known, "kind", DOMAINS["kind"] - UNCLASSED_KINDS, "size")
    elif sizes == unclassed:
        _keep(known, "kind", UNCLASSED_KINDS, "size")
    if sizes == frozenset({"micro"}):
        _keep(known, "kind", _SIZED_BY_LENGTH_TOO, "size")


def _size_by_ga802(known: dict[str, Known]) -> None:
    """Heavy from 12,000 kg; medium from 6,000 mm or 4,500 kg; micro to 3,500 mm and 1,800 kg; light otherwise.

    Trailers are sized by mass alone and are never micro. While the kind is open, a size fits that fits any kind left.
    """
    kinds = possible(known, "kind")
    length, mass = span(known, "length_mm"), span(known, "total_mass_kg")
    heavy, light_mass = mass.may_reach(12_000), mass.may_stay_under(4_500)
    fitting: set[Value] = {"unclassed"} if kinds & UNCLASSED_KINDS else set()
    if kinds & _SIZED_BY_LENGTH_TOO:
        medium = mass.may_stay_under(12_000) and (length.may_reach(6_000) or mass.may_reach(4_500))
        light = length.may_stay_under(6_000) and light_mass and (length.may_reach(3_501) or mass.may_reach(1_801))
        micro = length.may_stay_under(3_501) and mass.may_stay_under(1_801)
        fits = {"heavy": heavy, "medium": medium, "light": light, "micro": micro}
        fitting |= {size for size, fit in fits.items() if fit}
    if "trailer" in kinds:
        fits = {"heavy": heavy, "medium": mass.may_stay_under(12_000) and mass.may_reach(4_500), "light": light_mass}
        fitting |= {size for size, fit in fits.items() if fit}
    if not possible(known, "size") & fitting and "length_mm" in known and "total_mass_kg" in known:
        raise Contradiction("size", "length_mm", "total_mass_kg")
    _keep(known, "size", frozenset(fitting), "total_mass_kg" if "total_mass_kg" in known else "length_mm")
    _bounds_of_size(known, sized_by_length=kinds <= _SIZED_BY_LENGTH_TOO)


def _bounds_of_size(known: dict[str, Known], sized_by_length: bool) -> None:
    """What a size says of mass and length; of the length only where that sizes the vehicle at all."""
    sizes = possible(known, "size")
    length, mass = span(known, "length_mm"), span(known, "total_mass_kg")
    if sizes == frozenset({"heavy"}):
        _keep(known, "total_mass_kg", Span(12_000, None), "size")
    elif sizes == frozenset({"medium"}):
        # A medium truck that is short must be heavy enough, and one that is light must be long enough.
        _keep(known, "total_mass_kg", Span(None if length.may_reach(6_000) else 4_500, 11_999), "size")
        if sized_by_length and not mass.may_reach(4_500):
            _keep(known, "length_mm", Span(6_000, None), "size")
    elif sizes == frozenset({"light"}):
        _keep(known, "total_mass_kg", Span(None, 4_499), "size")
        if sized_by_length:
            _keep(known, "length_mm", Span(None, 5_999), "size")
    elif sizes == frozenset({"micro"}):
        _keep(known, "total_mass_kg", Span(None, 1_800), "size")
        _keep(known, "length_mm", Span(None, 3_500), "size")


def _load_and_mass(known: dict[str, Known]) -> None:
    load, mass = span(known, "rated_load_kg"), span(known, "total_mass_kg")
    if "rated_load_kg" in known:
        _keep(known, "total_mass_kg", Span(load.low, None), "rated_load_kg")
    if mass.high is not None:
        _keep(known, "rated_load_kg", Span(None, mass.high), "total_mass_kg")


def _energy_and_stage(known: dict[str, Known]) -> None:
    """A vehicle without exhaust has no stage; one that burns fuel has one (hydrogen and other: either)."""
    energies, stages = possible(known, "energy"), possible(known, "emission_stage")
    no_stage: frozenset[Value] = frozenset({NO_STAGE})
    if energies <= codes.WITHOUT_EXHAUST:
        _keep(known, "emission_stage", no_stage, "energy")
    elif not energies & (codes.WITHOUT_EXHAUST | {"hydrogen", "other"}):
        _keep(known, "emission_stage", DOMAINS["emission_stage"] - no_stage, "energy")
    if NO_STAGE not in stages:
        _keep(known, "energy", DOMAINS["energy"] - codes.WITHOUT_EXHAUST, "emission_stage")
    elif stages == no_stage:
        _keep(known, "energy", frozenset({*codes.WITHOUT_EXHAUST, "hydrogen", "other"}), "emission_stage")


def _plate_kind_and_new_energy(known: dict[str, Known]) -> None:
    new_energy_kinds: frozenset[Value] = frozenset({"51", "52"})
    kinds, plates = possible(known, "plate_kind"), possible(known, "new_energy_plate")
    if kinds <= new_energy_kinds:
        _keep(known, "new_energy_plate", frozenset({True}), "plate_kind")
    elif not kinds & new_energy_kinds:
        _keep(known, "new_energy_plate", frozenset({False}), "plate_kind")
    if plates == frozenset({True}):
        _keep(known, "plate_kind", new_energy_kinds, "new_energy_plate")
    elif plates == frozenset({False}):
        _keep(known, "plate_kind", DOMAINS["plate_kind"] - new_energy_kinds, "new_energy_plate")


def _new_energy_plate_and_energy(known: dict[str, Known]) -> None:
    # 新能源专用号牌 goes to battery, plug-in and fuel-cell vehicles only (GA 36-2018).
    if possible(known, "new_energy_plate") == frozenset({True}):
        _keep(known, "energy", frozenset(codes.NEW_ENERGY), "new_energy_plate")
    if not possible(known, "energy") & codes.NEW_ENERGY:
        _keep(known, "new_energy_plate", frozenset({False}), "energy")


_CONCLUSIONS: tuple[Callable[[dict[str, Known]], None], ...] = (
    _kind_and_size,
    _size_by_ga802,
    _load_and_mass,
    _energy_and_stage,
    _plate_kind_and_new_energy,
    _new_energy_plate_and_energy,
)


def told_apart(facts: Facts, fact: str, cuts: Iterable[Value]) -> Sequence[Known]:
    """The possible values of one fact, as far as `cuts` tell them apart.

    For a number, `cuts` are the first values of the ranges to be told apart; for a fact without a closed list (the
    plate's prefix), the values that rules name, to which "any other" is added.
    """
    if fact in NUMBERS:
        whole = span(facts, fact)
        first = 1 if whole.low is None else whole.low
        starts = sorted({int(cut) for cut in (*cuts, *GA802_THRESHOLDS.get(fact, ()))})
        lows = [first, *(start for start in starts if start > first and whole.may_reach(start))]
        return [Span(low, following - 1) for low, following in pairwise(lows)] + [Span(lows[-1], whole.high)]
    if fact in DOMAINS:
        return [frozenset({value}) for value in sorted(possible(facts, fact), key=str)]
    known = facts.get(fact)
    if isinstance(known, frozenset):
        return [frozenset({value}) for value in sorted(known, key=str)]
    if fact == "heading_deg":
        # The directions at which a rule turns, and one in each arc between two of them.
        turns = sorted({float(cut) for cut in cuts})
        arcs = [
            (turn + (following - turn) % 360 / 2) % 360
            for turn, following in zip(turns, [*turns[1:], turns[0]], strict=True)
        ]
        return [frozenset({heading}) for heading in (*turns, *arcs)]
    return [frozenset({value}) for value in sorted({*cuts, ANY_OTHER}, key=str)]


ANY_OTHER = "any other"
"""Stands for the values of an unlisted fact that no rule names."""


@dataclass(frozen=True, slots=True)
class Source:
    """Where a fact comes from: `declared` by the caller, or `derived` from the fact named."""

    how: str
    origin: str | None = None
