"""Articles in documents: restrictions, exemptions, their windows and conditions, read and written.

`docs/writing-a-city.md` shows every key with an example. A selector that is missing or empty is a fault: "every
vehicle", "everywhere" and "always" must be said, since a forgotten line must never bind all.
"""

import re
from collections.abc import Mapping
from datetime import date

from rules import codes
from rules.conditions import CLAIMS, AllOf, AnyOf, Bounds, Condition, Everyone, Not, OneOf, Toward, describe
from rules.errors import Fault
from rules.facts import DOMAINS, NUMBERS, STAGES, Span, Value
from rules.fields import ID, Table, period_document, read_period, shown, text_document, without_nulls
from rules.model import Exemption, Forbids, Lift, Product, Restriction, Wording
from rules.windows import DAY_WORDS, MINUTES_A_DAY, Days, Period, Season, Window

MOST_WINDOWS = 200
MOST_NESTED = 16
TEXT_KINDS = ("verbatim", "paraphrase")
PARITIES = ("odd", "even")
YES_OR_NO = ("new_energy_plate", "on_duty", "full_load")
DIGITS = {"tail_digit": 9, "emission_stage": max(STAGES)}
"""Facts that are written as a digit or a list of digits, and the greatest."""
PLATE_PREFIX = re.compile("[\u4e00-\u9fff][A-HJ-Z]")

BOUND_WORDS = ("at_least", "above", "at_most", "below")
BOUNDED = {**NUMBERS, "emission_stage": max(STAGES)}
LISTED_CLAIMS = {"use": codes.USE, "cargo": codes.CARGO, "trip": codes.TRIP, "priority_class": codes.PRIORITY_CLASS}
LISTED_FACTS = {
    "kind": codes.KIND,
    "size": codes.SIZE,
    "body": codes.BODY,
    "energy": codes.ENERGY,
    "plate_kind": codes.PLATE_KIND,
}
CONDITION_KEYS = frozenset(
    {*BOUNDED, *DOMAINS, *CLAIMS, "plate_prefix", "heading_deg", "any_of", "all_of", "not", "everyone"}
)


def read_restriction(table: Table, notice: str, in_force: Period) -> Restriction | None:
    own_id = table.identifier("id")
    product = _read_product(table, in_force)
    wording = _read_wording(table)
    forbids = table.choice("forbids", [each.value for each in Forbids], default=Forbids.DRIVING.value)
    tags = _read_ids(table, "tags")
    penalised_from = table.moment("penalised_from")
    assumptions = table.texts("assumptions")
    table.close()
    if own_id is None or product is None or wording is None or forbids is None:
        return None
    return Restriction(
        id=f"{notice}/{own_id}",
        notice=notice,
        product=product,
        wording=wording,
        forbids=Forbids(forbids),
        tags=frozenset(tags),
        penalised_from=penalised_from,
        assumptions=assumptions,
    )


def read_exemption(table: Table, notice: str, in_force: Period) -> Exemption | None:
    own_id = table.identifier("id")
    product = _read_product(table, in_force)
    wording = _read_wording(table)
    faults = table.faults
    lifts = table.list_of("lifts", lambda value, path: _read_lift(Table(value, path, faults), notice), required=True)
    passes = _read_ids(table, "passes")
    conditions = table.list_of("conditions", lambda value, path: _read_condition_text(value, path, faults))
    assumptions = table.texts("assumptions")
    table.close()
    if own_id is None or product is None or wording is None or not lifts:
        return None
    return Exemption(
        id=f"{notice}/{own_id}",
        notice=notice,
        product=product,
        wording=wording,
        lifts=lifts,
        passes=frozenset(passes),
        conditions=conditions,
        assumptions=assumptions,
    )


def _read_condition_text(value: object, path: str, faults: list[Fault]) -> codes.Text | None:
    table = Table(value, path, faults)
    zh, en = table.text("zh", required=True), table.text("en", required=True)
    table.close()
    return codes.Text(zh, en) if zh and en else None


def _read_ids(table: Table, key: str) -> tuple[str, ...]:
    items = table.texts(key)
    for item in items:
        if not ID.fullmatch(item):
            table.fault(key, "invalid-id", "ids of small letters, digits and hyphens", item)
    return items


def _read_wording(table: Table) -> Wording | None:
    text = table.both_languages("text")
    kind = table.choice("text_kind", TEXT_KINDS)
    article = table.text("article")
    return None if text is None or kind is None else Wording(text, kind, article)


def _read_product(table: Table, in_force: Period) -> Product | None:
    zones = _said_or(table, "zones", "everywhere")
    windows: tuple[Window, ...] | None = None
    if _said_or(table, "windows", "always"):
        faults = table.faults
        windows = table.list_of("windows", lambda value, path: _read_window(Table(value, path, faults)))
        if len(windows) > MOST_WINDOWS:
            table.fault("windows", "too-many", f"at most {MOST_WINDOWS} windows", len(windows))
    zone_ids = _read_ids(table, "zones") if zones else ()
    vehicles = table.take("vehicles", required=True)
    condition = (
        None if vehicles is ... else _read_condition(Table(vehicles, table.place("vehicles"), table.faults), depth=0)
    )
    period = _both(read_period(table, "in_force") or Period(), in_force)
    if period.start is not None and period.end is not None and period.end <= period.start:
        # A mistyped year must not make an article vanish.
        table.fault("in_force", "wrong-order", "a phase that meets the dates of the notice", "one outside them")
    if condition is None:
        return None
    return Product(frozenset(zone_ids) if zones else None, windows, condition, period)


def _said_or(table: Table, key: str, instead: str) -> bool:
    """Whether `key` is given; the other way, `instead = true`, must be said, and never both."""
    everything = table.flag(instead)
    if table.has(key) == everything:
        table.fault(key, "unsaid-selector", f"either {key} or {instead} = true", "both" if everything else "neither")
    table.known.add(key)
    return table.has(key)


def _both(first: Period, second: Period) -> Period:
    starts = [each for each in (first.start, second.start) if each is not None]
    ends = [each for each in (first.end, second.end) if each is not None]
    return Period(max(starts) if starts else None, min(ends) if ends else None)


def _read_lift(table: Table, notice: str) -> Lift | None:
    restriction, lifted, tag = (
        table.text("restriction"),
        table.identifier("notice", required=False),
        table.identifier("tag", required=False),
    )
    notices = _read_ids(table, "notices")
    table.close()
    if sum(each is not None for each in (restriction, lifted, tag)) != 1:
        table.fault("", "unclear-lift", "one of restriction, notice, tag", "none or several")
        return None
    if notices and tag is None:
        table.fault("notices", "unclear-lift", "notices only beside a tag", list(notices))
        return None
    if restriction is not None:
        return Lift(restriction=restriction if "/" in restriction else f"{notice}/{restriction}")
    if lifted is not None:
        return Lift(notice=lifted)
    # A tag reaches only the notices named, or its own: no standing exemption lifts an emergency order by accident.
    return Lift(tag=tag, notices=frozenset(notices or (notice,)))


def _read_window(table: Table) -> Window | None:
    words = table.texts("days", one_is_enough=True)
    except_words = table.texts("except_days", one_is_enough=True)
    for key, given in (("days", words), ("except_days", except_words)):
        for word in given:
            if word not in DAY_WORDS:
                hint = codes.nearest_hint(word, DAY_WORDS)
                table.fault(key, "unknown-code", f"any of {', '.join(sorted(DAY_WORDS))}{hint}", word)
                return None
    season = _read_season(table)
    parity = table.choice("parity", PARITIES, default="") or None
    faults = table.faults
    dates = table.list_of("dates", lambda value, path: _read_date(value, path, faults))
    first = last = None
    if table.has("range"):
        inner = Table(table.take("range"), table.place("range"), faults)
        first, last = inner.day("first", required=True), inner.day("last", required=True)
        inner.close()
        if first and last and last < first:
            inner.fault("last", "wrong-order", "a date not before first", last)
    if not words and not dates and first is None and not table.has("days"):
        table.fault("days", "missing-key", "days, dates or range", "nothing")
    start, end = table.minute("from"), table.minute("until", end=True)
    certain_until = table.minute("certain_until", required=False)
    table.close()
    if start is None or end is None:
        return None
    if end == start or (start == 0 and end == 0):
        table.fault(
            "until", "empty-window", 'another time than from ("24:00" for midnight at the end)', table.content["until"]
        )
        return None
    end = end if end > start else end + MINUTES_A_DAY
    if certain_until is not None and certain_until < start:
        certain_until += MINUTES_A_DAY
    if certain_until is not None and certain_until >= end:
        table.fault("certain_until", "wrong-order", "a time within the window", table.content["certain_until"])
        return None
    days = Days(
        words=frozenset(words or ("every_day",)),
        except_words=frozenset(except_words),
        season=season,
        parity=parity,
        dates=frozenset(dates),
        first=first,
        last=last,
    )
    return Window(days, start, end, certain_until)


def _read_date(value: object, path: str, faults: list[Fault]) -> date | None:
    if type(value) is not date or not 1900 <= value.year <= 2200:
        faults.append(Fault(path, "wrong-date", "a date such as 2026-11-24", shown(value)))
        return None
    return value


def _read_season(table: Table) -> Season | None:
    value = table.take("season")
    if value is ...:
        return None
    inner = Table(value, table.place("season"), table.faults)
    ends: list[tuple[int, int]] = []
    for key in ("first", "last"):
        text = inner.text(key, required=True)
        try:
            # 2024 is a leap year, so that 02-29 is a day of the year like the others.
            day = date.fromisoformat(f"2024-{text}") if text and re.fullmatch("[0-9]{2}-[0-9]{2}", text) else None
        except ValueError:
            day = None
        if day is None:
            if text is not None:
                inner.fault(key, "wrong-date", 'a day of the year "MM-DD"', text)
            continue
        ends.append((day.month, day.day))
    inner.close()
    return Season(ends[0], ends[1]) if len(ends) == 2 else None


def _read_condition(table: Table, depth: int) -> Condition | None:
    # Several keys count like the `all_of` that they are written as, so that what can be read can be read again.
    depth += len(table.content) > 1
    if depth > MOST_NESTED:
        table.fault("", "too-deep", f"at most {MOST_NESTED} tables within each other", "more")
        return None
    if not table.content:
        table.fault("", "unsaid-selector", "a condition, or everyone = true", "nothing")
        return None
    parts: list[Condition] = []
    for key in table.content:
        if key in CONDITION_KEYS:
            part = _read_part(table, key, depth)
            if part is not None:
                parts.append(part)
    table.known |= CONDITION_KEYS
    table.close()
    if any(isinstance(part, Everyone) for part in parts) and len(parts) > 1:
        table.fault("everyone", "unclear-condition", "everyone = true alone", "other keys beside it")
    if not parts:
        return None
    return parts[0] if len(parts) == 1 else AllOf(tuple(sorted(parts, key=describe)))


def _read_part(table: Table, key: str, depth: int) -> Condition | None:
    value = table.take(key)
    place = table.place(key)
    if key == "everyone":
        if value is not True:
            table.fault(key, "wrong-type", "true", value)
        return Everyone()
    if key == "not":
        inner = _read_condition(Table(value, place, table.faults), depth + 1)
        return None if inner is None else Not(inner)
    if key in ("any_of", "all_of"):
        faults = table.faults
        members: tuple[Condition, ...] = table.list_of(
            key, lambda each, path: _read_condition(Table(each, path, faults), depth + 1)
        )
        if not members:
            return None
        ordered = tuple(sorted(members, key=describe))
        return AnyOf(ordered) if key == "any_of" else AllOf(ordered)
    if key == "heading_deg":
        inner_table = Table(value, place, table.faults)
        degrees = inner_table.number("toward", 0, 359)
        inner_table.close()
        if degrees is None and not inner_table.has("toward"):
            inner_table.fault("toward", "missing-key", "degrees from north of the forbidden direction", "nothing")
        return None if degrees is None else Toward(degrees)
    if key in BOUNDED and isinstance(value, Mapping):
        return _read_bounds(Table(value, place, table.faults), key)
    if key in NUMBERS:
        table.fault(key, "wrong-type", "a table of bounds such as { at_most = 6000 }", value)
        return None
    return _read_one_of(table, key)


def _read_bounds(table: Table, fact: str) -> Condition | None:
    low = 0 if fact == "emission_stage" else 1
    bounds = {word: table.number(word, low, BOUNDED[fact]) for word in BOUND_WORDS}
    table.close()
    if not any(table.has(word) for word in BOUND_WORDS):
        table.fault("", "missing-key", f"one of {', '.join(BOUND_WORDS)}", "none")
        return None
    condition = Bounds(fact, **bounds)
    if (table.has("at_least") and table.has("above")) or (table.has("at_most") and table.has("below")):
        table.fault("", "two-bounds", "one lower and one upper bound", "two of a kind")
    elif condition.span.meet(Span(low, BOUNDED[fact])).empty:
        table.fault("", "empty-range", "a range that holds a number", dict(table.content))
    return condition


def _read_one_of(table: Table, key: str) -> Condition | None:
    value = table.take(key)
    if key in YES_OR_NO:
        if not isinstance(value, bool):
            table.fault(key, "wrong-type", "true or false", value)
            return None
        if key == "new_energy_plate":
            return OneOf(key, frozenset({value}))
        # A claim that must not be so is said as a Not, so that claims are only ever asked for.
        claimed = OneOf(key, frozenset({str(True)}))
        return claimed if value else Not(claimed)
    if key in DIGITS:
        return _read_digits(table, key, value)
    words = table.texts(key, one_is_enough=True)
    if not words:
        return None
    code_list = LISTED_FACTS.get(key) or LISTED_CLAIMS.get(key)
    read: list[Value] = []
    for word in words:
        if code_list is not None:
            try:
                read.append(code_list.read(word))
            except codes.UnknownWord as unknown:
                hint = f"; the nearest is {unknown.nearest}" if unknown.nearest else ""
                table.fault(key, "unknown-code", f"one of {', '.join(unknown.known)}{hint}", word)
        elif key == "plate_prefix" and not PLATE_PREFIX.fullmatch(word):
            table.fault(key, "invalid-prefix", "province and letter such as 辽A", word)
        elif key == "filing" and not ID.fullmatch(word):
            table.fault(key, "invalid-id", "an id of small letters, digits and hyphens", word)
        else:
            read.append(word)
    return OneOf(key, frozenset(read)) if read else None


def _read_digits(table: Table, key: str, value: object) -> Condition | None:
    items: list[object] = list(value) if isinstance(value, list | tuple) else [value]
    most = DIGITS[key]
    digits = [each for each in items if isinstance(each, int) and not isinstance(each, bool) and 0 <= each <= most]
    if not digits or len(digits) != len(items):
        table.fault(key, "wrong-type", f"whole numbers from 0 to {most}", value)
        return None
    return OneOf(key, frozenset(digits))


def restriction_document(restriction: Restriction) -> dict[str, object]:
    return without_nulls(
        {
            "id": restriction.id.split("/", 1)[1],
            **_wording_document(restriction.wording),
            **_product_document(restriction.product),
            "forbids": restriction.forbids.value,
            "tags": sorted(restriction.tags) or None,
            "penalised_from": period_document(Period(restriction.penalised_from)).get("from"),
            "assumptions": list(restriction.assumptions) or None,
        }
    )


def exemption_document(exemption: Exemption) -> dict[str, object]:
    return without_nulls(
        {
            "id": exemption.id.split("/", 1)[1],
            **_wording_document(exemption.wording),
            **_product_document(exemption.product),
            "lifts": [_lift_document(lift) for lift in exemption.lifts],
            "passes": sorted(exemption.passes) or None,
            "conditions": [text_document(text) for text in exemption.conditions] or None,
            "assumptions": list(exemption.assumptions) or None,
        }
    )


def _lift_document(lift: Lift) -> dict[str, object]:
    return without_nulls(
        {
            "restriction": lift.restriction,
            "notice": lift.notice,
            "tag": lift.tag,
            "notices": sorted(lift.notices) or None,
        }
    )


def _wording_document(wording: Wording) -> dict[str, object]:
    return {"text": text_document(wording.text), "text_kind": wording.kind, "article": wording.article}


def _product_document(product: Product) -> dict[str, object]:
    where: dict[str, object] = {"everywhere": True} if product.zones is None else {"zones": sorted(product.zones)}
    when: dict[str, object] = (
        {"always": True}
        if product.windows is None
        else {"windows": [window_document(window) for window in product.windows]}
    )
    return {
        **where,
        **when,
        "vehicles": condition_document(product.condition),
        "in_force": period_document(product.period),
    }


def clock_text(minute: int) -> str:
    """Minutes after midnight as HH:MM; 1440 is 24:00, what lies beyond is the time of the next day."""
    shown_minute = minute if minute <= MINUTES_A_DAY else minute - MINUTES_A_DAY
    return f"{shown_minute // 60:02}:{shown_minute % 60:02}"


def window_document(window: Window) -> dict[str, object]:
    days = window.days
    return without_nulls(
        {
            "days": sorted(days.words),
            "except_days": sorted(days.except_words) or None,
            "season": None
            if days.season is None
            else {
                "first": f"{days.season.first[0]:02}-{days.season.first[1]:02}",
                "last": f"{days.season.last[0]:02}-{days.season.last[1]:02}",
            },
            "parity": days.parity,
            "dates": sorted(days.dates) or None,
            "range": None if days.first is None else {"first": days.first, "last": days.last},
            "from": clock_text(window.start),
            "until": clock_text(window.end),
            # Midnight inside a window is written as the beginning of a day, 24:00 being an end only.
            "certain_until": None if window.certain_until is None else clock_text(window.certain_until % MINUTES_A_DAY),
        }
    )


def condition_document(condition: Condition) -> dict[str, object]:
    match condition:
        case Everyone():
            return {"everyone": True}
        case OneOf("on_duty" | "full_load" | "new_energy_plate", values):
            return {condition.fact: next(iter(values)) not in (False, str(False))}
        case OneOf(fact, values):
            return {fact: sorted(values, key=str)}
        case Bounds():
            bounds = {word: getattr(condition, word) for word in BOUND_WORDS}
            return {condition.fact: {word: bound for word, bound in bounds.items() if bound is not None}}
        case Toward(degrees):
            return {"heading_deg": {"toward": degrees}}
        case Not(OneOf("on_duty" | "full_load" as claim, _)):
            return {claim: False}
        case Not(inner):
            return {"not": condition_document(inner)}
        case AllOf(conditions):
            return {"all_of": [condition_document(each) for each in conditions]}
        case AnyOf(conditions):
            return {"any_of": [condition_document(each) for each in conditions]}
