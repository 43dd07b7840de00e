"""Generated cities and questions: small, so that rules meet each other, and about one week, so that hours matter.

A vehicle is generated as a truth, every fact of it known and all in agreement, and then weakened: facts are left out,
or known only as 'one of these'. What is known is therefore never contradictory, and learning is taking truth back.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import cache
from types import MappingProxyType

from hypothesis import strategies as st

from rules.codes import Text
from rules.conditions import AllOf, AnyOf, Bounds, Condition, Everyone, Not, OneOf, Toward
from rules.facts import DOMAINS, NO_STAGE, NUMBERS, Facts, Known, Span, Value, narrow, possible, with_fact
from rules.model import (
    Assumption,
    City,
    Exemption,
    Forbids,
    Lift,
    Notice,
    PassKind,
    Place,
    Product,
    Question,
    Restriction,
    Rulebook,
    Source,
    Wording,
    ZoneSet,
)
from rules.vehicles import Credential, Pass, Vehicle
from rules.windows import ALWAYS, DAY, MINUTES_A_DAY, Period
from tests.support.timing import (
    SHANGHAI,
    SHIFTED,
    Around,
    among,
    calendars,
    listed,
    near,
    number,
    periods,
    rarely,
    some_of,
    utc,
    windows,
)

ZONES = ("ring", "core", "road", "far")
PASS_KINDS = ("pass-a", "pass-b")
TAGS = ("peak", "night")
NOTICES = ("one", "two", "three")


TEXT = Text("文", "text")
SOURCE = Source("A", None, date(2026, 1, 1))
WORDING = Wording(TEXT, "paraphrase")


# Conditions

_LEAVES: dict[str, st.SearchStrategy[Condition]] = {
    "kind": st.sampled_from(
        [["truck"], ["truck"], ["low_speed_truck", "tricycle_truck"], ["passenger", "trailer"]]
    ).map(lambda values: OneOf("kind", frozenset(values))),
    "size": st.frozensets(among("heavy", "medium", "light", "micro"), min_size=1, max_size=3).map(
        lambda values: OneOf("size", frozenset(values))
    ),
    "body": st.frozensets(among("box", "enclosed", "refrigerated"), min_size=1).map(
        lambda values: OneOf("body", frozenset(values))
    ),
    "energy": st.sampled_from([["diesel"], ["battery_electric", "fuel_cell"], ["natural_gas", "diesel"]]).map(
        lambda values: OneOf("energy", frozenset(values))
    ),
    "stage": st.sampled_from(
        [
            Bounds("emission_stage", at_most=3),
            Bounds("emission_stage", at_least=5),
            Bounds("emission_stage", below=4, above=1),
            OneOf("emission_stage", frozenset({3})),
        ]
    ),
    "plate": st.sampled_from(
        [
            OneOf("new_energy_plate", frozenset({True})),
            OneOf("plate_kind", frozenset({"02", "52"})),
            OneOf("plate_prefix", frozenset({"辽A"})),
            OneOf("tail_digit", frozenset({1, 3, 5, 7, 9})),
        ]
    ),
    "length": st.sampled_from(
        [Bounds("length_mm", at_most=6000), Bounds("length_mm", below=6000), Bounds("length_mm", above=3500)]
    ),
    "mass": st.sampled_from(
        [
            Bounds("total_mass_kg", at_least=4500),
            Bounds("total_mass_kg", at_most=2500),
            Bounds("rated_load_kg", above=1500),
        ]
    ),
    "claim": st.sampled_from(
        [
            OneOf("use", frozenset({"post", "express"})),
            OneOf("cargo", frozenset({"dangerous_goods"})),
            OneOf("cargo", frozenset({"fresh_produce", "chilled"})),
            OneOf("trip", frozenset({"transit"})),
            OneOf("filing", frozenset({"depot"})),
            OneOf("on_duty", frozenset({"True"})),
            OneOf("full_load", frozenset({"True"})),
            OneOf("priority_class", frozenset({"aaa_rated"})),
            OneOf("priority_class", frozenset({"new_energy"})),
            OneOf("priority_class", frozenset({"fresh_food", "clean_energy"})),
        ]
    ),
    "heading": among(Toward(90), Toward(270)),
}


@cache
def conditions(depth: int = 2, facts: tuple[str, ...] = tuple(_LEAVES)) -> st.SearchStrategy[Condition]:
    """Conditions over the named groups of facts, nested at most `depth` times."""
    leaf: st.SearchStrategy[Condition] = st.one_of(st.just(Everyone()), *(_LEAVES[fact] for fact in facts))
    if depth == 0:
        return leaf
    inner = conditions(depth - 1, facts)
    several = listed(inner, 2, 3).map(tuple)
    return st.one_of(
        st.just(Everyone()), leaf, leaf, inner.map(Not), several.map(lambda each: AllOf(each)), several.map(AnyOf)
    )


# Vehicles

_USUAL: dict[str, tuple[Value, ...]] = {
    "kind": ("truck", "truck", "truck", "low_speed_truck", "tricycle_truck", "passenger", "trailer", "tractor_unit"),
    "size": ("light", "medium", "heavy", "micro", "unclassed"),
    "body": ("box", "enclosed", "refrigerated", "open", "pickup"),
    "energy": ("diesel", "battery_electric", "plug_in_hybrid", "natural_gas", "hydrogen"),
    "emission_stage": (3, 5, 6, 2, NO_STAGE),
    "new_energy_plate": (False, True),
    "plate_kind": ("02", "01", "52", "51", "13", "15"),
    "tail_digit": (5, 4, 0),
    "plate_prefix": ("辽A", "辽B", "沪A"),
    "length_mm": (5990, 6000, 3500, 3501, 9000, 1),
    "total_mass_kg": (4495, 4500, 1800, 2500, 12000, 1801, 11999),
    "rated_load_kg": (1500, 1501, 500, 8000),
    "width_mm": (2200, 2201),
    "height_mm": (2800, 3200),
    "heading_deg": (10.0, 90.0, 180.0, 271.5),
}


_FACTS = tuple(_USUAL)


def exactly(fact: str, value: Value) -> Known:
    return Span(int(value), int(value)) if fact in NUMBERS else frozenset({value})


@cache
@st.composite
def truths(draw: st.DrawFn) -> Facts:
    """Every fact of one vehicle, in agreement with all the others."""
    facts: Facts = narrow({})
    for fact, usual in _USUAL.items():
        if fact in DOMAINS:
            usual = tuple(value for value in usual if value in possible(facts, fact)) or tuple(
                sorted(possible(facts, fact), key=str)
            )
        wanted = draw(among(*usual))
        known = facts.get(fact)
        # The wanted value, or the nearest to it that the facts before leave possible.
        tried = [wanted, *usual] if fact not in NUMBERS else [wanted]
        if isinstance(known, Span):
            tried += [each for each in (known.low, known.high) if each is not None]
        facts = next(
            narrowed for value in tried if (narrowed := with_fact(facts, fact, exactly(fact, value))) is not None
        )
    return facts


def weaken(draw: st.DrawFn, truth: Facts, open_facts: int) -> Facts:
    """Some of a truth: of about `open_facts` facts, nothing or only that it is one of several values."""
    doubtful = draw(some_of(_FACTS, 0, open_facts))
    known = {fact: value for fact, value in truth.items() if fact not in doubtful}
    for fact in sorted(doubtful):
        true = truth[fact]
        if rarely(draw, 3):
            if isinstance(true, Span):
                low, high = true.low or 1, true.high or 1
                known[fact] = Span(max(1, low - draw(among(0, 1, 900))), high + draw(among(0, 1, 5000)))
            elif fact in DOMAINS:
                others = draw(some_of(tuple(sorted(DOMAINS[fact], key=str)), 1, 3))
                known[fact] = true | others
    # What the facts left over say of those left out is part of what is known.
    return narrow({fact: value for fact, value in known.items() if value != DOMAINS.get(fact)})


@cache
@st.composite
def passes(draw: st.DrawFn, around: date, step: int = 1) -> Pass:
    return Pass(
        kind=draw(among(*PASS_KINDS)),
        period=draw(periods(around, step)),
        hours=tuple(draw(listed(windows(around, step)))) if rarely(draw, 3) else (),
        zones=draw(some_of(ZONES, 1, 2)) if rarely(draw, 3) else frozenset(),
    )


@cache
@st.composite
def claims(draw: st.DrawFn) -> Mapping[str, frozenset[str]]:
    said: dict[str, frozenset[str]] = {}
    if rarely(draw, 3):
        said["use"] = frozenset({draw(among("post", "freight"))})
    if rarely(draw, 3):
        said["cargo"] = draw(some_of(("dangerous_goods", "fresh_produce", "spoil"), 0, 2))
    if rarely(draw, 4):
        said["trip"] = frozenset({draw(among("transit", "local"))})
    if rarely(draw, 4):
        said["filing"] = frozenset({"depot"})
    for flag in ("on_duty", "full_load"):
        if rarely(draw, 4):
            said[flag] = draw(among(frozenset({"True"}), frozenset()))
    return MappingProxyType(said)


@cache
@st.composite
def credentials(draw: st.DrawFn, around: date, step: int = 1) -> Credential:
    return Credential(draw(among("aaa_rated", "fresh_food")), draw(periods(around, step)))


def vehicle_of(draw: st.DrawFn, truth: Facts, around: date, step: int = 1, open_facts: int = 6) -> Vehicle:
    """A vehicle of which the truth is known in part, with claims, credentials and passes."""
    said = dict(draw(claims()))
    held = tuple(draw(listed(passes(around, step)))) if rarely(draw, 2) else ()
    rated = tuple(draw(listed(credentials(around, step)))) if rarely(draw, 2) else ()
    if rated:
        said["priority_class"] = frozenset(each.priority_class for each in rated)
    return Vehicle(
        facts=weaken(draw, truth, open_facts),
        claims=MappingProxyType(said),
        credentials=rated,
        passes=held,
        passes_answered=bool(held) or draw(among(True, False)),
        unclaimed_open=rarely(draw, 12),
    )


# Places


@cache
@st.composite
def zone_sets(draw: st.DrawFn) -> ZoneSet:
    certain = draw(some_of(ZONES[:3])) | {"ring"}
    more = draw(some_of(ZONES, 0, 2)) if rarely(draw, 6) else frozenset()
    return ZoneSet(certain - more if more else certain, certain | more)


@cache
@st.composite
def places(draw: st.DrawFn) -> Place:
    several = draw(listed(zone_sets(), 1, 3 if rarely(draw) else 1))
    possible_zones = frozenset[str]().union(*(each.possible for each in several))
    return Place(
        tuple(several),
        doubts=MappingProxyType({zone: frozenset({"position"}) for zone in possible_zones}),
        outside_coverage=rarely(draw, 40),
    )


# Notices


@cache
@st.composite
def products(draw: st.DrawFn, around: date, step: int, facts: tuple[str, ...]) -> Product:
    zones = frozenset({"ring", *draw(some_of(ZONES, 0, 2))})
    if rarely(draw, 4):
        zones = draw(some_of(ZONES, 1, 2))
    return Product(
        zones=None if rarely(draw, 3) else zones,
        windows=tuple(draw(listed(windows(around, step), 1, 2))) if draw(among(True, False)) else None,
        condition=draw(conditions(2, facts)),
        period=draw(periods(around, step)),
    )


@cache
@st.composite
def restrictions(
    draw: st.DrawFn, around: date, name: str, step: int = 1, facts: tuple[str, ...] = tuple(_LEAVES)
) -> Restriction:
    """A restriction with the id `name`, `<notice>/<article>`."""
    return Restriction(
        id=name,
        notice=name.split("/")[0],
        product=draw(products(around, step, facts)),
        wording=WORDING,
        forbids=Forbids.PRESENCE if rarely(draw, 3) else Forbids.DRIVING,
        tags=draw(some_of(TAGS, 0, 2)),
    )


_LIFTS = st.one_of(
    among(*(f"{notice}/r{place}" for notice in NOTICES for place in range(2))).map(lambda each: Lift(restriction=each)),
    among(*NOTICES).map(lambda notice: Lift(notice=notice)),
    st.builds(lambda tag, notices: Lift(tag=tag, notices=notices), among(*TAGS), some_of(NOTICES, 1, 2)),
)


@cache
@st.composite
def exemptions(
    draw: st.DrawFn, around: date, name: str, step: int = 1, facts: tuple[str, ...] = tuple(_LEAVES)
) -> Exemption:
    return Exemption(
        id=name,
        notice=name.split("/")[0],
        product=draw(products(around, step, facts)),
        wording=WORDING,
        lifts=tuple(draw(listed(_LIFTS, 1, 3))),
        passes=draw(some_of(PASS_KINDS, 1, 2)) if rarely(draw, 3) else frozenset(),
    )


@cache
@st.composite
def notices(draw: st.DrawFn, around: date, name: str, step: int = 1, facts: tuple[str, ...] = tuple(_LEAVES)) -> Notice:
    barred = [draw(restrictions(around, f"{name}/r{number}", step, facts)) for number in range(draw(number(1, 2)))]
    freed = [draw(exemptions(around, f"{name}/e{number}", step, facts)) for number in range(draw(number(0, 2)))]
    return Notice(id=name, name=TEXT, period=ALWAYS, source=SOURCE, restrictions=tuple(barred), exemptions=tuple(freed))


@cache
@st.composite
def rulebooks(
    draw: st.DrawFn, around: date, step: int = 1, facts: tuple[str, ...] = tuple(_LEAVES), many: int = 3
) -> Rulebook:
    count = draw(number(1, many))
    record = around + timedelta(days=draw(number(-3, 1))) if rarely(draw, 15) else date(2020, 1, 1)
    last = max(record, around + timedelta(days=draw(number(-1, 3)))) if rarely(draw, 15) else None
    kinds = tuple(PassKind(each, TEXT) for each in PASS_KINDS)
    city = City("town", TEXT, "Etc/Unknown", record, record, kinds, record_until=last)
    return Rulebook(
        city, draw(calendars(around)), tuple(draw(notices(around, name, step, facts)) for name in NOTICES[:count])
    )


# Questions


@dataclass(frozen=True, slots=True)
class World:
    """A rulebook, a question, and the whole truth about the vehicle asked for."""

    rulebook: Rulebook
    question: Question
    truth: Facts
    around: date

    def asking(self, **parts: object) -> "World":
        return replace(self, question=replace(self.question, **parts))  # type: ignore[arg-type]


@cache
@st.composite
def worlds(
    draw: st.DrawFn,
    arounds: tuple[Around, ...] = (SHANGHAI, SHANGHAI, *SHIFTED),
    step: int = 1,
    facts: tuple[str, ...] = tuple(_LEAVES),
    open_facts: int = 6,
    many: int = 3,
    stays: tuple[int, ...] = (0,),
) -> World:
    """One city and one question; `stays` in minutes."""
    around = draw(among(*arounds))
    truth = draw(truths())
    day = draw(near(around.day, 2, 2))
    second = draw(number(0, MINUTES_A_DAY - 1)) * 60 + (draw(number(0, 59)) if rarely(draw, 3) else 0)
    question = Question(
        vehicle=vehicle_of(draw, truth, around.day, step, open_facts),
        place=draw(places()),
        at=utc(day, second) - around.clock.offsets[0][1],
        clock=around.clock,
        stay=60 * draw(among(*stays)),
    )
    return World(draw(rulebooks(around.day, step, facts, many)), question, truth, around.day)


# What the documents of a notice can say besides


@cache
@st.composite
def documented_notices(draw: st.DrawFn) -> Notice:
    """A notice as a document can say it, with every optional part."""
    around = SHANGHAI.day
    name = draw(among(*NOTICES))
    plain = draw(notices(around, name))
    said = among("市区禁行", "第1条", 'a "quoted" text', "<b>", "=1+1")
    optional = st.one_of(st.none(), said)
    assumptions = tuple(Assumption(each, TEXT) for each in draw(among((), ("a-1",), ("a-1", "a-2"))))
    ids = tuple(each.id for each in assumptions)
    period = draw(among(ALWAYS, Period.of_dates(date(2020, 1, 1), None)))

    def within(product: Product) -> Product:
        # Every phase that is generated lies after the beginning of the notice.
        return replace(product, period=Period(product.period.start or period.start, product.period.end))

    barred = [
        replace(
            each,
            product=within(each.product),
            wording=Wording(Text(draw(said), draw(said)), draw(among("verbatim", "paraphrase")), draw(optional)),
            penalised_from=draw(st.one_of(st.none(), near(around).map(lambda day: day.toordinal() * DAY + 3661))),
            assumptions=ids[:1],
        )
        for each in (*plain.restrictions, draw(restrictions(around, f"{name}/always")))
    ]
    freed = [
        replace(each, product=within(each.product), conditions=(TEXT,), assumptions=ids) for each in plain.exemptions
    ]
    return replace(
        plain,
        title=draw(optional),
        issuer=draw(optional),
        number=draw(optional),
        illustrative=draw(among(True, False)),
        period=period,
        source=Source(draw(among("P", "none")), draw(optional), around),
        restrictions=tuple(barred),
        exemptions=tuple(freed),
        assumptions=assumptions,
        rests_on=ids,
    )
