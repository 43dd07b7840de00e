"""The definition once more, without a third value: one world, wholly known, answered by yes or no.

Written to be slow and obvious, with dates and times of the standard library instead of wall seconds, so that it shares
no shortcut with the code under test. What is open is answered by trying every completion of it.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from itertools import product
from math import prod

from rules.calendar import DayKind
from rules.conditions import AllOf, AnyOf, Bounds, Condition, Everyone, Not, OneOf, Toward
from rules.facts import DOMAINS, NO_STAGE, Contradiction, Span, Value, narrow
from rules.model import Exemption, Product, Restriction, Rulebook
from rules.vehicles import Pass, Vehicle
from rules.windows import DAY, Days, Period, Window
from tests.support.strategies import World, exactly

WEEKDAYS = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"]
NEW_ENERGY = {"battery_electric", "plug_in_hybrid", "fuel_cell"}
CLEAN = {"natural_gas", "lpg", "methanol", "ethanol", "hydrogen", "hybrid"}


@dataclass(frozen=True)
class Known:
    """One completion: all facts, the zones of the place, the kinds of today and yesterday, and whether each window
    whose end was not published still holds."""

    facts: dict[str, Value]
    zones: frozenset[str]
    kinds: dict[date, DayKind]
    ends_held: dict[Window, bool]
    local: datetime
    vehicle: Vehicle


def local_time(world: World, instant: int | None = None) -> datetime:
    at = world.question.at if instant is None else instant
    offset = [value for start, value in world.question.clock.offsets if start <= at][-1]
    return datetime(1970, 1, 1) + timedelta(seconds=at + offset)


def prohibited(rulebook: Rulebook, known: Known) -> bool:
    """Some restriction that applies is lifted by no exemption that applies."""
    return any(
        _meets(restriction.product, known)
        and not any(
            _lifts(exemption, restriction) and _meets(exemption.product, known) and _holds_pass(exemption, known)
            for notice in rulebook.notices
            for exemption in notice.exemptions
        )
        for notice in rulebook.notices
        for restriction in notice.restrictions
    )


def _lifts(exemption: Exemption, restriction: Restriction) -> bool:
    for lift in exemption.lifts:
        if lift.restriction == restriction.id or lift.notice == restriction.notice:
            return True
        if lift.tag is not None and lift.tag in restriction.tags and restriction.notice in lift.notices:
            return True
    return False


def _meets(article: Product, known: Known) -> bool:
    return (
        (article.zones is None or bool(article.zones & known.zones))
        and _within_period(article.period, known.local)
        and (article.windows is None or any(_in_window(window, known) for window in article.windows))
        and _holds(article.condition, known)
    )


def _holds_pass(exemption: Exemption, known: Known) -> bool:
    def counts(held: Pass) -> bool:
        return (
            held.kind in exemption.passes
            and _within_period(held.period, known.local)
            and (not held.zones or bool(held.zones & known.zones))
            and (not held.hours or any(_in_window(window, known) for window in held.hours))
        )

    return not exemption.passes or any(counts(held) for held in known.vehicle.passes)


def _moment(wall: int) -> datetime:
    return datetime.fromordinal(wall // DAY) + timedelta(seconds=wall % DAY)


def _within_period(period: Period, local: datetime) -> bool:
    if period.start is not None and local < _moment(period.start):
        return False
    return period.end is None or local < _moment(period.end)


def _in_window(window: Window, known: Known) -> bool:
    for opening in (known.local.date(), known.local.date() - timedelta(days=1)):
        midnight = datetime.combine(opening, datetime.min.time())
        end = window.end
        if window.certain_until is not None and not known.ends_held[window]:
            end = window.certain_until
        inside = midnight + timedelta(minutes=window.start) <= known.local < midnight + timedelta(minutes=end)
        if inside and _is_day(window.days, opening, known.kinds[opening]):
            return True
    return False


def _is_day(days: Days, day: date, kind: DayKind) -> bool:
    names = {"every_day", WEEKDAYS[day.weekday()], kind.value}
    names.add("workday" if kind in (DayKind.ORDINARY_WORKDAY, DayKind.MAKEUP_WORKDAY) else "day_off")
    if not days.words & names or days.except_words & names:
        return False
    if days.season is not None:
        today, first, last = (day.month, day.day), days.season.first, days.season.last
        if not (first <= today <= last if first <= last else today >= first or today <= last):
            return False
    if days.parity is not None and day.day % 2 != {"odd": 1, "even": 0}[days.parity]:
        return False
    if days.dates and day not in days.dates:
        return False
    return (days.first is None or day >= days.first) and (days.last is None or day <= days.last)


def _holds(condition: Condition, known: Known) -> bool:
    match condition:
        case Everyone():
            return True
        case Not(inner):
            return not _holds(inner, known)
        case AllOf(several):
            return all(_holds(each, known) for each in several)
        case AnyOf(several):
            return any(_holds(each, known) for each in several)
        case Toward(degrees):
            heading = known.facts["heading_deg"]
            turn = abs(float(heading) - degrees)
            return min(turn, 360 - turn) < 90
        case Bounds(fact, at_least, above, at_most, below):
            value = known.facts[fact]
            return (
                not (fact == "emission_stage" and value == NO_STAGE)
                and (at_least is None or int(value) >= at_least)
                and (above is None or int(value) > above)
                and (at_most is None or int(value) <= at_most)
                and (below is None or int(value) < below)
            )
        case OneOf("priority_class", values):
            return any(_of_class(str(each), known) for each in values)
        case OneOf(fact, values) if fact not in known.facts:
            return bool(values & known.vehicle.claims.get(fact, frozenset()))
        case OneOf(fact, values):
            own = known.facts[fact]
            wider = (
                {"low_speed_truck": "truck", "refrigerated": "box"}.get(str(own)) if fact in ("kind", "body") else None
            )
            return own in values or wider in values


def _of_class(name: str, known: Known) -> bool:
    if any(
        each.priority_class == name and _within_period(each.period, known.local) for each in known.vehicle.credentials
    ):
        return True
    cargo = known.vehicle.claims.get("cargo", frozenset())
    return {
        "new_energy": known.facts["new_energy_plate"] is True or known.facts["energy"] in NEW_ENERGY,
        "clean_energy": known.facts["energy"] in CLEAN,
        "fresh_food": bool(cargo & {"fresh_produce", "chilled"}),
        "daily_and_medical_necessities": bool(cargo & {"medicine", "daily_necessities"}),
    }.get(name, False)


# Completions

_REPRESENTATIVES: dict[str, tuple[Value, ...]] = {
    "kind": ("truck", "low_speed_truck", "tricycle_truck", "passenger", "trailer"),
    "size": ("heavy", "medium", "light", "micro", "unclassed"),
    "body": ("box", "enclosed", "refrigerated", "open"),
    "energy": ("diesel", "battery_electric", "plug_in_hybrid", "natural_gas"),
    "emission_stage": (NO_STAGE, 0, 1, 2, 3, 4, 5, 6),
    "new_energy_plate": (False, True),
    "plate_kind": ("02", "01", "52", "51"),
    "tail_digit": (4, 5),
    "plate_prefix": ("辽A", "沪A"),
    "length_mm": (3500, 3501, 5999, 6000, 6001),
    "total_mass_kg": (1800, 1801, 2500, 2501, 4499, 4500, 11999, 12000),
    "rated_load_kg": (1500, 1501, 4600),
    "width_mm": (2200,),
    "height_mm": (2800,),
    "heading_deg": (10.0, 180.0),
}


def _facts(world: World) -> Iterator[dict[str, Value]]:
    known = world.question.vehicle.facts
    choices: list[list[Value]] = []
    alone = sum(_left_open(world, fact) for fact in _REPRESENTATIVES) == 1
    for fact, usual in _REPRESENTATIVES.items():
        own = known.get(fact)
        values = sorted(DOMAINS[fact], key=str) if alone and fact in DOMAINS else usual
        true = world.truth[fact]
        whole = [true.low or 1] if isinstance(true, Span) else list(true)
        if isinstance(own, Span):
            inside = [each for each in values if Span(int(each), int(each)).meet(own) == Span(int(each), int(each))]
            choices.append(sorted({*inside, *whole}, key=str) if own.low != own.high else list(whole))
        elif isinstance(own, frozenset):
            choices.append(sorted(own, key=str))
        else:
            choices.append(list(dict.fromkeys([*values, *whole])))
    for combination in product(*choices):
        facts = dict(zip(_REPRESENTATIVES, combination, strict=True))
        try:
            narrow({fact: exactly(fact, value) for fact, value in facts.items()})
        except Contradiction:
            continue
        yield facts


def _left_open(world: World, fact: str) -> bool:
    own = world.question.vehicle.facts.get(fact)
    return own is None or (len(own) > 1 if isinstance(own, frozenset) else own.low != own.high)


def combinations(world: World) -> int:
    """How many combinations the representative values of the open facts have, contradictory ones included."""
    open_facts = [fact for fact in _REPRESENTATIVES if _left_open(world, fact)]
    return prod(len(_REPRESENTATIVES[fact]) + 1 for fact in open_facts)


def completions(world: World) -> Iterator[Known]:
    """Every way in which what is open may turn out (for facts of many values, with one value of each range)."""
    local = local_time(world)
    rulebook, vehicle = world.rulebook, world.question.vehicle
    days = [local.date(), local.date() - timedelta(days=1)]
    kinds = [
        dict(zip(days, combination, strict=True))
        for combination in product(*(sorted(rulebook.calendar.kinds(day)) for day in days))
    ]
    places = []
    for zones in world.question.place.alternatives:
        doubtful = sorted(zones.possible - zones.certain)
        for chosen in product([False, True], repeat=len(doubtful)):
            places.append(zones.certain | {zone for zone, inside in zip(doubtful, chosen, strict=True) if inside})
    windows = {
        window
        for _, article in rulebook.products()
        for window in article.windows or ()
        if window.certain_until is not None
    } | {window for held in vehicle.passes for window in held.hours if window.certain_until is not None}
    ends = (
        [dict(zip(windows, chosen, strict=True)) for chosen in product([False, True], repeat=min(len(windows), 4))]
        if len(windows) <= 4
        else [dict.fromkeys(windows, held) for held in (False, True)]
    )
    for facts in _facts(world):
        for inside, of_days, held in product(places, kinds, ends):
            yield Known(facts, inside, of_days, held, local, replace(vehicle, unclaimed_open=False))
