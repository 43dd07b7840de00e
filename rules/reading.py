"""From what is said of a vehicle to a `Vehicle`: the one door for facts and claims, whoever asks.

What is said is a plain mapping, as JSON or TOML gives it, in codes or in the Chinese words of the vehicle licence
(行驶证). All faults are found at once; a contradiction names every field that takes part in it.

>>> van = read_vehicle({"plate": "辽A5K268", "vehicle_type": "轻型厢式货车", "fuel": "B", "emission_stage": "国五"})
>>> sorted(van.facts["size"]), sorted(van.facts["emission_stage"]), sorted(van.facts["energy"])
(['light'], [5], ['diesel'])
"""

import difflib
import re
from collections.abc import Callable, Mapping
from types import MappingProxyType

from rules import codes
from rules.claims import read_cargo, read_classes, read_filings, read_passes, read_trip, read_use
from rules.codes import CodeList, UnknownWord
from rules.errors import InvalidVehicle
from rules.facts import (
    ANY_OTHER,
    NO_STAGE,
    NUMBERS,
    SIZES_OF_PLATE,
    STAGES,
    Contradiction,
    Facts,
    Source,
    Span,
    Value,
    narrow,
)
from rules.plates import PlateFault, read_plate
from rules.said import Reader
from rules.vehicles import Credential, Pass, Vehicle
from rules.windows import ALWAYS

_MOST_LIKENESSES = 20
_LONGEST_FIELD = 64
_FULL_WIDTH_DIGITS = str.maketrans("０１２３４５６", "0123456")
_STAGE_NUMERALS = {
    **{str(number): number for number in STAGES},
    **dict(zip("一二三四五六", range(1, 7), strict=True)),
    **dict(zip("ⅠⅡⅢⅣⅤⅥ", range(1, 7), strict=True)),
    **dict(zip(("I", "II", "III", "IV", "V", "VI"), range(1, 7), strict=True)),
    "〇": 0,
    "零": 0,
}


def read_vehicle(said: Mapping[str, object]) -> Vehicle:
    """The vehicle that `said` describes; InvalidVehicle with every fault otherwise.

    Keys: `docs/dictionary.md`. A key that is absent is not answered; null is a fault, since unknown is said by leaving
    the key out.
    """
    reader = Reader(said)
    passes: tuple[Pass, ...] = ()
    credentials: tuple[Credential, ...] = ()
    plate: str | None = None
    for field, value in said.items():
        if field not in _FIELDS:
            _unknown_field(reader, field)
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
        passes = read_passes(reader, given["passes"])
    if "priority_classes" in given:
        credentials = read_classes(reader, given["priority_classes"])
    if "plate" in given:
        plate = _read_plate(reader, given["plate"])
    facts = _conclude(reader, credentials)
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


def _unknown_field(reader: Reader, field: str) -> None:
    known = tuple(sorted(_FIELDS))
    # Likeness costs time: it is sought for the first few faults and for words of a field's length only.
    likely = len(reader.faults) < _MOST_LIKENESSES and len(field) <= _LONGEST_FIELD
    close = difflib.get_close_matches(field, known, n=1) if likely else []
    hint_zh, hint_en = (f",最接近的是 {close[0]}", f"; the nearest is {close[0]}") if close else ("", "")
    nearest = close[0] if close else None
    reader.fault(field, "unknown-field", f"未知字段{hint_zh}", f"unknown field{hint_en}", known=known, nearest=nearest)


def _conclude(reader: Reader, credentials: tuple[Credential, ...]) -> Facts:
    if reader.faults:
        return {}
    _fuel_of_a_plug_in(reader)
    _energy_of_a_class(reader, credentials)
    if reader.faults:
        return {}
    try:
        return narrow(reader.facts)
    except Contradiction as contradiction:
        reader.contradiction(*(reader.origin(field) for field in contradiction.fields))
        return {}


def _fuel_of_a_plug_in(reader: Reader) -> None:
    """With a new-energy plate, one fuel on the licence is that of a plug-in hybrid (docs/decisions/0004).

    Only the licence's own fuel field is read so: an energy that was declared as such is taken at its word.
    """
    energy = reader.facts.get("energy")
    if reader.facts.get("new_energy_plate") != frozenset({True}) or reader.origin("energy") != "fuel":
        return
    if isinstance(energy, frozenset) and not energy & codes.NEW_ENERGY and energy != frozenset({"other"}):
        reader.facts["energy"] = frozenset({"plug_in_hybrid"})


def _energy_of_a_class(reader: Reader, credentials: tuple[Credential, ...]) -> None:
    """A class that follows from the energy cannot be claimed against it, and tells it where nothing else does.

    Only a claim without dates tells: one that ends says nothing of what the vehicle runs on.
    """
    energy = reader.facts.get("energy")
    for credential in credentials:
        energies = _ENERGIES_OF_CLASS.get(credential.priority_class)
        if energies is None:
            continue
        if isinstance(energy, frozenset) and not energy & energies:
            reader.contradiction(reader.origin("energy"), "priority_classes")
        elif credential.period == ALWAYS:
            reader.learn("energy", energies, "priority_classes", how="derived")


_ENERGIES_OF_CLASS: Mapping[str, frozenset[Value]] = MappingProxyType(
    {"new_energy": frozenset(codes.NEW_ENERGY), "clean_energy": frozenset(codes.CLEAN_ENERGY)}
)


def _sources(reader: Reader, facts: Facts) -> dict[str, Source]:
    """Sources of all facts known, those that were concluded from others included."""
    sources = dict(reader.sources)
    for fact in facts:
        if fact not in sources:
            origins = [origin for origin in _CONCLUDED_FROM[fact] if origin in reader.sources]
            sources[fact] = Source("derived", ",".join(origins) or _CONCLUDED_FROM[fact][0])
    return sources


_CONCLUDED_FROM: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "size": ("kind", "length_mm", "total_mass_kg"),
        "kind": ("size",),
        "energy": ("new_energy_plate", "emission_stage"),
        "emission_stage": ("energy",),
        "new_energy_plate": ("plate_kind", "energy"),
        "plate_kind": ("new_energy_plate",),
        "length_mm": ("size",),
        "total_mass_kg": ("size", "rated_load_kg"),
        "rated_load_kg": ("total_mass_kg",),
    }
)
"""The facts that each fact may be concluded from (`rules.facts.narrow`)."""


def _listed(code_list: CodeList) -> Callable[[Reader, str, object], None]:
    def read(reader: Reader, field: str, said: object) -> None:
        code = reader.word(field, code_list, said)
        if code is not None:
            reader.learn(field, frozenset({code}), field)

    return read


def _read_body(reader: Reader, field: str, said: object) -> None:
    code = reader.word(field, codes.BODY, said)
    if code is not None:
        reader.learn(field, codes.SPECIAL_STRUCTURE if said == "特殊结构" else frozenset({code}), field)


def _read_plate_kind(reader: Reader, field: str, said: object) -> None:
    code = reader.word(field, codes.PLATE_KIND, said)
    if code is None:
        return
    reader.learn("plate_kind", frozenset({code}), field)
    sizes = SIZES_OF_PLATE.get(code)
    if sizes is not None and reader.facts.get("kind") == frozenset({"truck"}):
        reader.learn("size", sizes, field, how="derived")


def _read_number(reader: Reader, field: str, said: object) -> None:
    most = NUMBERS[field]
    if isinstance(said, bool) or not isinstance(said, int):
        reader.wrong_type(field, "整数", "a whole number", said)
    elif not 1 <= said <= most:
        reader.fault(field, "number-out-of-range", f"应在1到{most}之间", f"expected 1 to {most}", said)
    else:
        reader.learn(field, Span(said, said), field)


def _read_flag(reader: Reader, field: str, said: object) -> None:
    if not isinstance(said, bool):
        reader.wrong_type(field, "true 或 false", "true or false", said)
    elif field in ("on_duty", "full_load"):
        reader.claims[field] = frozenset({str(True)}) if said else frozenset()
    else:
        reader.learn(field, frozenset({said}), field)


def _read_stage(reader: Reader, field: str, said: object) -> None:
    stage: int | None = None
    if isinstance(said, int) and not isinstance(said, bool):
        stage = said if said in STAGES else None
    elif isinstance(said, str):
        if said in ("无", "none"):
            stage = NO_STAGE
        else:
            # 6a and 6b are steps of the same stage; full-width digits are the plain ones.
            numeral = said.removeprefix("国").translate(_FULL_WIDTH_DIGITS).upper()
            stage = _STAGE_NUMERALS.get(numeral.removesuffix("A").removesuffix("B"))
    else:
        reader.wrong_type(field, "数字或文字", "a number or text", said)
        return
    if stage is None:
        reader.fault(field, "unknown-code", "应为0至6,或 国五、国Ⅴ、V", "expected 0 to 6, or 国五, 国Ⅴ, V", said)
    else:
        reader.learn(field, frozenset({stage}), field)


def _read_fuel(reader: Reader, field: str, said: object) -> None:
    """One or two letters of GA/T 16.9, or Chinese words; two fuels are known only as 'either'."""
    if not isinstance(said, str):
        reader.wrong_type(field, "燃料代码或名称", "a fuel letter or name", said)
        return
    if re.fullmatch("[A-Z]{1,2}", said) and all(letter in codes.FUEL for letter in said):
        energies = frozenset[Value]().union(*(codes.FUEL[letter] for letter in said))
        if len(set(said)) == 2 and "C" in said:
            # Electricity beside a fuel: a hybrid, with a plug or without.
            energies = frozenset({"hybrid", "plug_in_hybrid"})
    else:
        code = reader.word(field, codes.ENERGY, said)
        if code is None:
            return
        energies = frozenset({"hybrid", "plug_in_hybrid"}) if said == "混合动力" else frozenset({code})
    reader.learn("energy", energies, field, how="derived")


def _read_vehicle_type(reader: Reader, field: str, said: object) -> None:
    if not isinstance(said, str):
        reader.wrong_type(field, "车辆类型代码或名称", "a vehicle type code or name", said)
        return
    row = codes.VEHICLE_TYPES.get(said)
    if row is not None:
        for fact, value in (("kind", row.kind), ("size", row.size)):
            if value is not None:
                reader.learn(fact, frozenset({value}), field, how="derived")
        if row.bodies:
            reader.learn("body", row.bodies, field, how="derived")
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


def _read_prefix(reader: Reader, field: str, said: object) -> None:
    if not isinstance(said, str) or not re.fullmatch("[\u4e00-\u9fff][A-HJ-Z]", said):
        reader.fault(
            field, "invalid-prefix", "应为省份简称加字母,如 辽A", "expected province and letter, such as 辽A", said
        )
    else:
        reader.learn(field, frozenset({said}), field)


def _read_tail(reader: Reader, field: str, said: object) -> None:
    if isinstance(said, bool) or not isinstance(said, int) or not 0 <= said <= 9:
        reader.fault(field, "number-out-of-range", "应为0到9的整数", "expected a whole number from 0 to 9", said)
    else:
        reader.learn(field, frozenset({said}), field)


def _read_plate(reader: Reader, said: object) -> str | None:
    if not isinstance(said, str):
        reader.wrong_type("plate", "文字", "text", said)
        return None
    try:
        plate = read_plate(said)
    except PlateFault as fault:
        reader.faults.append(fault.fault)
        return None
    reader.learn("new_energy_plate", frozenset({plate.new_energy}), "plate", how="derived")
    # A plate of a form without prefix (army, embassy) has none of those that rules name.
    reader.learn("plate_prefix", frozenset({plate.prefix or ANY_OTHER}), "plate", how="derived")
    if plate.tail_digit is not None:
        reader.learn("tail_digit", frozenset({plate.tail_digit}), "plate", how="derived")
    if plate.kinds:
        reader.learn("plate_kind", plate.kinds, "plate", how="derived")
    return plate.text


_FACT_READERS: Mapping[str, Callable[[Reader, str, object], None]] = MappingProxyType(
    {
        "kind": _listed(codes.KIND),
        "size": _listed(codes.SIZE),
        "body": _read_body,
        "energy": _listed(codes.ENERGY),
        "new_energy_plate": _read_flag,
        "emission_stage": _read_stage,
        **dict.fromkeys(NUMBERS, _read_number),
        "plate_prefix": _read_prefix,
        "tail_digit": _read_tail,
        "vehicle_type": _read_vehicle_type,
        "fuel": _read_fuel,
        "plate_kind": _read_plate_kind,
        "use": read_use,
        "trip": read_trip,
        "cargo": read_cargo,
        "on_duty": _read_flag,
        "full_load": _read_flag,
        "filings": read_filings,
    }
)
_FIELDS = frozenset({*_FACT_READERS, "plate", "passes", "priority_classes"})
