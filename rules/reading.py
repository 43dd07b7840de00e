"""From what is said of a vehicle to a `Vehicle`: the one door for facts and claims, whoever asks.

What is said is a plain mapping, as JSON or TOML gives it, in codes or in the Chinese words of the vehicle licence
(行驶证). All faults are found at once; a contradiction names every field that takes part in it.

>>> van = read_vehicle({"plate": "辽A5K268", "vehicle_type": "轻型厢式货车", "fuel": "B", "emission_stage": "国五"})
>>> sorted(van.facts["size"]), sorted(van.facts["emission_stage"]), sorted(van.facts["energy"])
(['light'], [5], ['diesel'])
"""

import re
from collections.abc import Callable, Mapping
from datetime import date
from types import MappingProxyType

from rules import codes
from rules.codes import CodeList, UnknownWord
from rules.errors import FactFault, InvalidVehicle
from rules.facts import NO_STAGE, NUMBERS, STAGES, Contradiction, Facts, Known, Source, Span, Value, narrow
from rules.plates import PlateFault, read_plate
from rules.vehicles import Credential, Pass, Vehicle
from rules.windows import DAY_WORDS, EVERY_DAY, MINUTES_A_DAY, Days, Period, Window

MOST_PASSES = 50
MOST_WORDS = 50

_STAGE_NUMERALS = {
    **{str(number): number for number in STAGES},
    **dict(zip("一二三四五六", range(1, 7), strict=True)),
    **dict(zip("ⅠⅡⅢⅣⅤⅥ", range(1, 7), strict=True)),
    **dict(zip(("I", "II", "III", "IV", "V", "VI"), range(1, 7), strict=True)),
    "〇": 0,
    "零": 0,
}
_LICENCE_USES = {
    "A": "non_commercial",
    "F": "freight",
    "H": "police",
    "I": "fire",
    "J": "ambulance",
    "K": "engineering_rescue",
    "O": "school",
    "P": "school",
    "Q": "school",
    "S": "school",
    "R": "dangerous_goods_transport",
}
_HOURS = re.compile(r"([01][0-9]|2[0-3]):([0-5][0-9])-(?:([01][0-9]|2[0-3]):([0-5][0-9])|(24):(00))")


class _Reader:
    """Collects facts and faults while the fields are read one by one."""

    def __init__(self, said: Mapping[str, object]) -> None:
        self.said = said
        self.faults: list[FactFault] = []
        self.facts: dict[str, Known] = {}
        self.sources: dict[str, Source] = {}
        self.claims: dict[str, frozenset[str]] = {}

    def fault(self, field: str, code: str, zh: str, en: str, found: object = None, **more: object) -> None:
        known = more.get("known", ())
        nearest = more.get("nearest")
        self.faults.append(
            FactFault(
                (field,),
                code,
                zh,
                en,
                known if isinstance(known, tuple) else (),
                nearest if isinstance(nearest, str) else None,
                None if found is None else str(found),
            )
        )

    def wrong_type(self, field: str, zh: str, en: str, found: object) -> None:
        self.fault(field, "wrong-type", f"应为{zh}", f"expected {en}", found)

    def learn(self, fact: str, value: Known, field: str, how: str = "declared") -> None:
        """Take a fact from a field; two fields that say different things of one fact are a contradiction."""
        before = self.facts.get(fact)
        if isinstance(before, frozenset) and isinstance(value, frozenset):
            met = before & value
            if not met:
                self.contradiction(self.origin(fact), field)
                return
            self.facts[fact] = met
            # What was declared outright outranks what the same fact was derived from.
            if how == "declared":
                self.sources[fact] = Source("declared")
            return
        self.facts[fact] = value
        self.sources[fact] = Source("declared") if how == "declared" else Source("derived", field)

    def origin(self, fact: str) -> str:
        """The field that said a fact: itself, or the one that it was derived from."""
        source = self.sources.get(fact)
        return source.origin if source is not None and source.origin is not None else fact

    def contradiction(self, *fields: str) -> None:
        named = tuple(dict.fromkeys(fields))
        self.faults.append(
            FactFault(
                named,
                "inconsistent-vehicle",
                f"以下各项互相矛盾:{'、'.join(named)}",
                f"these contradict each other: {', '.join(named)}",
            )
        )

    def word(self, field: str, code_list: CodeList, said: object) -> str | None:
        if not isinstance(said, str):
            self.wrong_type(field, "文字代码", "a code as text", said)
            return None
        try:
            return code_list.read(said)
        except UnknownWord as unknown:
            hint_zh = f",最接近的是 {unknown.nearest}" if unknown.nearest else ""
            hint_en = f"; the nearest is {unknown.nearest}" if unknown.nearest else ""
            self.fault(
                field,
                "unknown-code",
                f"未知代码,可用:{'、'.join(unknown.known)}{hint_zh}",
                f"unknown code; known are {', '.join(unknown.known)}{hint_en}",
                said,
                known=unknown.known,
                nearest=unknown.nearest,
            )
            return None

    def words(self, field: str, code_list: CodeList, said: object) -> frozenset[str] | None:
        """One code or a list of codes."""
        many = said if isinstance(said, list | tuple) else [said]
        if len(many) > MOST_WORDS:
            self.fault(field, "too-many", f"至多{MOST_WORDS}项", f"at most {MOST_WORDS} items")
            return None
        read = [
            self.word(f"{field}/{number}" if isinstance(said, list | tuple) else field, code_list, each)
            for number, each in enumerate(many)
        ]
        return frozenset(code for code in read if code is not None) if None not in read else None


def read_vehicle(said: Mapping[str, object]) -> Vehicle:
    """The vehicle that `said` describes; InvalidVehicle with every fault otherwise.

    Keys: `docs/dictionary.md`. A key that is absent is not answered; null is a fault, since unknown is said by leaving
    the key out.
    """
    reader = _Reader(said)
    passes: tuple[Pass, ...] = ()
    credentials: tuple[Credential, ...] = ()
    plate: str | None = None
    for field, value in said.items():
        if field not in _FIELDS:
            reader.fault(field, "unknown-field", "未知字段", "unknown field")
        elif value is None:
            reader.wrong_type(
                field, "具体的值,未知时省略该字段", "a value; leave the field out when it is unknown", None
            )
    given = {field: value for field, value in said.items() if field in _FIELDS and value is not None}
    # Declared facts first, so that what the plate and the type code say is checked against them.
    for field, read in _FACT_READERS.items():
        if field in given:
            read(reader, field, given[field])
    if "passes" in given:
        passes = _read_passes(reader, given["passes"])
    if "priority_classes" in given:
        credentials = _read_classes(reader, given["priority_classes"])
    if "plate" in given:
        plate = _read_plate(reader, given["plate"])
    facts = _conclude(reader)
    if reader.faults:
        raise InvalidVehicle(reader.faults)
    return Vehicle(
        facts=facts,
        claims=MappingProxyType(reader.claims),
        credentials=credentials,
        passes=passes,
        passes_answered="passes" in given,
        plate=plate,
        sources=MappingProxyType(_sources(reader, facts)),
    )


def _conclude(reader: _Reader) -> Facts:
    if reader.faults:
        return {}
    _fuel_of_a_plug_in(reader)
    for credential_class, energies in (("new_energy", codes.NEW_ENERGY), ("clean_energy", codes.CLEAN_ENERGY)):
        if credential_class in reader.claims.get("priority_class", ()):
            reader.learn("energy", frozenset(energies), "priority_classes", how="derived")
    if reader.faults:
        return {}
    try:
        return narrow(reader.facts)
    except Contradiction as contradiction:
        reader.contradiction(*(reader.origin(field) for field in contradiction.fields))
        return {}


def _fuel_of_a_plug_in(reader: _Reader) -> None:
    """With a new-energy plate, one fuel on the licence is that of a plug-in hybrid (docs/decisions/0004)."""
    energy = reader.facts.get("energy")
    if reader.facts.get("new_energy_plate") == frozenset({True}) and isinstance(energy, frozenset):
        if energy <= {"petrol", "diesel", "natural_gas", "lpg", "methanol", "ethanol", "hybrid"}:
            reader.facts["energy"] = frozenset({"plug_in_hybrid"})
            reader.sources["energy"] = Source("derived", reader.origin("new_energy_plate"))
        elif energy <= {"hydrogen"}:
            reader.facts["energy"] = frozenset({"fuel_cell"})
            reader.sources["energy"] = Source("derived", reader.origin("new_energy_plate"))


def _sources(reader: _Reader, facts: Facts) -> dict[str, Source]:
    """Sources of all facts known, those that were concluded from others included."""
    sources = dict(reader.sources)
    for fact in facts:
        if fact not in sources:
            sources[fact] = Source("derived", _CONCLUDED_FROM.get(fact))
    return sources


_CONCLUDED_FROM = {
    "size": "total_mass_kg,length_mm",
    "kind": "size",
    "energy": "new_energy_plate",
    "emission_stage": "energy",
    "new_energy_plate": "plate_kind",
    "plate_kind": "plate",
    "length_mm": "size",
    "total_mass_kg": "size",
    "rated_load_kg": "total_mass_kg",
}


def _listed(code_list: CodeList) -> Callable[[_Reader, str, object], None]:
    def read(reader: _Reader, field: str, said: object) -> None:
        code = reader.word(field, code_list, said)
        if code is not None:
            reader.learn(field, frozenset({code}), field)

    return read


def _read_plate_kind(reader: _Reader, field: str, said: object) -> None:
    code = reader.word(field, codes.PLATE_KIND, said)
    if code is None:
        return
    reader.learn("plate_kind", frozenset({code}), field)
    # GA/T 16.7: 01 and 51 are the large plates of medium and heavy trucks, 02 and 52 the small ones of light and micro.
    sizes: frozenset[Value] | None = {
        "01": frozenset({"heavy", "medium"}),
        "51": frozenset({"heavy", "medium"}),
        "02": frozenset({"light", "micro"}),
        "52": frozenset({"light", "micro"}),
    }.get(code)
    if sizes is not None and reader.facts.get("kind") == frozenset({"truck"}):
        reader.learn("size", sizes, field, how="derived")


def _read_number(reader: _Reader, field: str, said: object) -> None:
    most = NUMBERS[field]
    if isinstance(said, bool) or not isinstance(said, int):
        reader.wrong_type(field, "整数", "a whole number", said)
    elif not 1 <= said <= most:
        reader.fault(field, "number-out-of-range", f"应在1到{most}之间", f"expected 1 to {most}", said)
    else:
        reader.learn(field, Span(said, said), field)


def _read_flag(reader: _Reader, field: str, said: object) -> None:
    if not isinstance(said, bool):
        reader.wrong_type(field, "true 或 false", "true or false", said)
    elif field in ("on_duty", "full_load"):
        reader.claims[field] = frozenset({str(True)}) if said else frozenset()
    else:
        reader.learn(field, frozenset({said}), field)


def _read_stage(reader: _Reader, field: str, said: object) -> None:
    stage: int | None = None
    if isinstance(said, int) and not isinstance(said, bool):
        stage = said if said in STAGES else None
    elif isinstance(said, str):
        if said in ("无", "none"):
            stage = NO_STAGE
        else:
            stage = _STAGE_NUMERALS.get(said.removeprefix("国").removesuffix("a").removesuffix("b").upper())
    else:
        reader.wrong_type(field, "数字或文字", "a number or text", said)
        return
    if stage is None:
        reader.fault(field, "unknown-code", "应为0至6,或 国五、国Ⅴ、V", "expected 0 to 6, or 国五, 国Ⅴ, V", said)
    else:
        reader.learn(field, frozenset({stage}), field)


def _read_fuel(reader: _Reader, field: str, said: object) -> None:
    """One or two letters of GA/T 16.9, or Chinese words; two fuels are known only as 'either'."""
    if not isinstance(said, str):
        reader.wrong_type(field, "燃料代码或名称", "a fuel letter or name", said)
        return
    if re.fullmatch("[A-Z]{1,2}", said) and all(letter in codes.FUEL for letter in said):
        energies = frozenset[Value]().union(*(codes.FUEL[letter] for letter in said))
        if len(said) == 2 and "C" in said:
            # Electricity beside a fuel: a hybrid, with a plug or without.
            energies = frozenset({"hybrid", "plug_in_hybrid"})
    else:
        code = reader.word(field, codes.ENERGY, said)
        if code is None:
            return
        energies = frozenset({"hybrid", "plug_in_hybrid"}) if said == "混合动力" else frozenset({code})
    reader.learn("energy", energies, field, how="derived")


def _read_vehicle_type(reader: _Reader, field: str, said: object) -> None:
    if not isinstance(said, str):
        reader.wrong_type(field, "车辆类型代码或名称", "a vehicle type code or name", said)
        return
    row = codes.VEHICLE_TYPES.get(said)
    if row is not None:
        for fact, value in (("kind", row.kind), ("size", row.size), ("body", row.body)):
            if value is not None:
                reader.learn(fact, frozenset({value}), field, how="derived")
    elif re.fullmatch("[B-Z][0-9]{2}", said) and said[0] in codes.FIRST_LETTERS and said[0] not in "HNQ":
        reader.learn("kind", frozenset({codes.FIRST_LETTERS[said[0]]}), field, how="derived")
    else:
        near = UnknownWord(said, (), None)
        close = [name for name in codes.VEHICLE_TYPES if said[:2] and name.startswith(said[:2])][:3]
        hint = f"({'、'.join(close)})" if close else ""
        reader.fault(
            field,
            "unknown-code",
            f"未知车辆类型,应为 GA/T 16.4 代码或名称,如 H32、轻型厢式货车{hint}",
            f"unknown vehicle type; expected a GA/T 16.4 code or name such as H32 or 轻型厢式货车{hint}",
            near.word,
            known=tuple(close),
        )


def _read_prefix(reader: _Reader, field: str, said: object) -> None:
    if not isinstance(said, str) or not re.fullmatch("[\u4e00-\u9fff][A-HJ-Z]", said):
        reader.fault(
            field, "invalid-prefix", "应为省份简称加字母,如 辽A", "expected province and letter, such as 辽A", said
        )
    else:
        reader.learn(field, frozenset({said}), field)


def _read_tail(reader: _Reader, field: str, said: object) -> None:
    if isinstance(said, bool) or not isinstance(said, int) or not 0 <= said <= 9:
        reader.fault(field, "number-out-of-range", "应为0到9的整数", "expected a whole number from 0 to 9", said)
    else:
        reader.learn(field, frozenset({said}), field)


def _read_plate(reader: _Reader, said: object) -> str | None:
    if not isinstance(said, str):
        reader.wrong_type("plate", "文字", "text", said)
        return None
    try:
        plate = read_plate(said)
    except PlateFault as fault:
        reader.faults.append(fault.fault)
        return None
    reader.learn("new_energy_plate", frozenset({plate.new_energy}), "plate", how="derived")
    if plate.prefix is not None:
        reader.learn("plate_prefix", frozenset({plate.prefix}), "plate", how="derived")
    if plate.tail_digit is not None:
        reader.learn("tail_digit", frozenset({plate.tail_digit}), "plate", how="derived")
    if plate.kinds:
        reader.learn("plate_kind", plate.kinds, "plate", how="derived")
    return plate.text


def _read_use(reader: _Reader, field: str, said: object) -> None:
    code = reader.word(field, codes.USE, _LICENCE_USES.get(said, said) if isinstance(said, str) else said)
    if code is not None:
        reader.claims["use"] = frozenset({code})


def _read_trip(reader: _Reader, field: str, said: object) -> None:
    code = reader.word(field, codes.TRIP, said)
    if code is not None:
        reader.claims["trip"] = frozenset({code})


def _read_cargo(reader: _Reader, field: str, said: object) -> None:
    read = reader.words(field, codes.CARGO, said)
    if read is not None:
        reader.claims["cargo"] = read


def _read_filings(reader: _Reader, field: str, said: object) -> None:
    many = said if isinstance(said, list | tuple) else [said]
    if len(many) > MOST_WORDS or not all(
        isinstance(each, str) and re.fullmatch("[a-z0-9-]{1,64}", each) for each in many
    ):
        reader.fault(field, "invalid-code", "应为备案代码列表", "expected a list of filing codes")
    else:
        reader.claims["filing"] = frozenset(str(each) for each in many)


def _read_classes(reader: _Reader, said: object) -> tuple[Credential, ...]:
    many = said if isinstance(said, list | tuple) else [said]
    if len(many) > MOST_WORDS:
        reader.fault("priority_classes", "too-many", f"至多{MOST_WORDS}项", f"at most {MOST_WORDS} items")
        return ()
    credentials = []
    for number, each in enumerate(many):
        place = f"priority_classes/{number}"
        entry = each if isinstance(each, Mapping) else {"class": each}
        _known_keys(reader, place, entry, ("class", "valid_from", "valid_to"))
        code = reader.word(
            f"{place}/class" if isinstance(each, Mapping) else place, codes.PRIORITY_CLASS, entry.get("class")
        )
        if code is not None:
            credentials.append(Credential(code, _read_period(reader, place, entry)))
    reader.claims["priority_class"] = frozenset(each.priority_class for each in credentials)
    return tuple(credentials)


def _read_passes(reader: _Reader, said: object) -> tuple[Pass, ...]:
    if not isinstance(said, list | tuple) or len(said) > MOST_PASSES:
        reader.wrong_type("passes", f"至多{MOST_PASSES}个通行证的列表", f"a list of at most {MOST_PASSES} passes", None)
        return ()
    passes = []
    for number, each in enumerate(said):
        place = f"passes/{number}"
        if not isinstance(each, Mapping):
            reader.wrong_type(place, "通行证", "a pass with its kind", None)
            continue
        _known_keys(reader, place, each, ("kind", "valid_from", "valid_to", "hours", "days", "zones"))
        kind, zones = each.get("kind"), each.get("zones", [])
        if not isinstance(kind, str) or not re.fullmatch("[a-z0-9-]{1,64}", kind):
            reader.fault(
                f"{place}/kind", "unknown-code", "应为通行证种类代码", "expected the code of a kind of pass", kind
            )
            continue
        if not isinstance(zones, list | tuple) or not all(isinstance(zone, str) for zone in zones):
            reader.wrong_type(f"{place}/zones", "区域编号列表", "a list of zone ids", zones)
            continue
        if "zones" in each and not zones:
            reader.fault(
                f"{place}/zones", "empty-list", "列表为空;不限区域时省略", "empty list; leave it out for no limit"
            )
            continue
        hours = _read_hours(reader, place, each)
        passes.append(Pass(kind, _read_period(reader, place, each), hours, frozenset(zones)))
    return tuple(passes)


def _known_keys(reader: _Reader, place: str, entry: Mapping[str, object], keys: tuple[str, ...]) -> None:
    for key in entry:
        if key not in keys:
            reader.fault(
                f"{place}/{key}",
                "unknown-field",
                f"未知字段,可用:{'、'.join(keys)}",
                f"unknown field; known are {', '.join(keys)}",
            )


def _read_period(reader: _Reader, place: str, entry: Mapping[str, object]) -> Period:
    dates: list[date | None] = []
    for key in ("valid_from", "valid_to"):
        said = entry.get(key)
        day: date | None = None
        if isinstance(said, str) and re.fullmatch("[0-9]{4}-[0-9]{2}-[0-9]{2}", said):
            try:
                day = date.fromisoformat(said)
            except ValueError:
                day = None
        elif type(said) is date:
            day = said
        if key in entry and (day is None or not 1900 <= day.year <= 2200):
            reader.fault(
                f"{place}/{key}", "invalid-date", "应为日期,如 2026-11-24", "expected a date such as 2026-11-24", said
            )
            day = None
        dates.append(day)
    if dates[0] is not None and dates[1] is not None and dates[1] < dates[0]:
        reader.fault(f"{place}/valid_to", "invalid-date", "止期早于起期", "it ends before it begins")
        return Period()
    return Period.of_dates(dates[0], dates[1])


def _read_hours(reader: _Reader, place: str, entry: Mapping[str, object]) -> tuple[Window, ...]:
    hours, day_words = entry.get("hours"), entry.get("days")
    days = EVERY_DAY
    if day_words is not None:
        many = day_words if isinstance(day_words, list | tuple) else [day_words]
        if not many or not all(isinstance(word, str) and word in DAY_WORDS for word in many):
            reader.fault(
                f"{place}/days",
                "unknown-code",
                f"应为:{'、'.join(sorted(DAY_WORDS))}",
                f"expected any of {', '.join(sorted(DAY_WORDS))}",
            )
            return ()
        days = Days(frozenset(str(word) for word in many))
    if hours is None:
        return (Window(days, 0, MINUTES_A_DAY),) if day_words is not None else ()
    if not isinstance(hours, list | tuple) or not hours or len(hours) > MOST_WORDS:
        reader.wrong_type(
            f"{place}/hours", '时段列表,如 ["06:30-08:30"]', 'a list of hours such as ["06:30-08:30"]', hours
        )
        return ()
    windows = []
    for number, each in enumerate(hours):
        match = _HOURS.fullmatch(each) if isinstance(each, str) else None
        if match is None:
            reader.fault(f"{place}/hours/{number}", "invalid-time", "应为 HH:MM-HH:MM", "expected HH:MM-HH:MM", each)
            continue
        first, second, third, fourth, *midnight = match.groups()
        start = int(first) * 60 + int(second)
        end = MINUTES_A_DAY if midnight[0] else int(third) * 60 + int(fourth)
        if end == start:
            reader.fault(
                f"{place}/hours/{number}", "empty-window", "起止时刻相同", "it begins and ends at the same time", each
            )
            continue
        windows.append(Window(days, start, end if end > start else end + MINUTES_A_DAY))
    return tuple(windows)


_FACT_READERS: Mapping[str, Callable[[_Reader, str, object], None]] = MappingProxyType(
    {
        "kind": _listed(codes.KIND),
        "size": _listed(codes.SIZE),
        "body": _listed(codes.BODY),
        "energy": _listed(codes.ENERGY),
        "new_energy_plate": _read_flag,
        "emission_stage": _read_stage,
        **dict.fromkeys(NUMBERS, _read_number),
        "plate_prefix": _read_prefix,
        "tail_digit": _read_tail,
        "vehicle_type": _read_vehicle_type,
        "fuel": _read_fuel,
        "plate_kind": _read_plate_kind,
        "use": _read_use,
        "trip": _read_trip,
        "cargo": _read_cargo,
        "on_duty": _read_flag,
        "full_load": _read_flag,
        "filings": _read_filings,
    }
)
_FIELDS = frozenset({*_FACT_READERS, "plate", "passes", "priority_classes"})
