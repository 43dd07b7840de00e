"""From what is said to a vehicle: codes and Chinese words, what follows, and what is refused."""

import pytest

from rules.errors import FactFault, InvalidVehicle
from rules.facts import DOMAINS, NO_STAGE, Span
from rules.reading import read_vehicle
from rules.vehicles import Vehicle


def known(fact: str, **said: object) -> object:
    value = read_vehicle(said).known(fact)
    return set(value) if isinstance(value, frozenset) else value


# GA/T 16.4, typed in from the list: code, what the licence says, kind, size, body

TYPES = [
    ("H11", "重型普通货车", "truck", "heavy", "open"),
    ("H12", "重型厢式货车", "truck", "heavy", "box"),
    ("H13", "重型封闭货车", "truck", "heavy", "enclosed"),
    ("H14", "重型罐式货车", "truck", "heavy", "tank"),
    ("H15", "重型平板货车", "truck", "heavy", "flatbed"),
    ("H16", "重型集装箱车", "truck", "heavy", "container"),
    ("H17", "重型自卸货车", "truck", "heavy", "dump"),
    ("H18", "重型特殊结构货车", "truck", "heavy", "other"),
    ("H19", "重型仓栅式货车", "truck", "heavy", "stake"),
    ("H21", "中型普通货车", "truck", "medium", "open"),
    ("H22", "中型厢式货车", "truck", "medium", "box"),
    ("H23", "中型封闭货车", "truck", "medium", "enclosed"),
    ("H24", "中型罐式货车", "truck", "medium", "tank"),
    ("H25", "中型平板货车", "truck", "medium", "flatbed"),
    ("H26", "中型集装箱车", "truck", "medium", "container"),
    ("H27", "中型自卸货车", "truck", "medium", "dump"),
    ("H28", "中型特殊结构货车", "truck", "medium", "other"),
    ("H29", "中型仓栅式货车", "truck", "medium", "stake"),
    ("H31", "轻型普通货车", "truck", "light", "open"),
    ("H32", "轻型厢式货车", "truck", "light", "box"),
    ("H33", "轻型封闭货车", "truck", "light", "enclosed"),
    ("H34", "轻型罐式货车", "truck", "light", "tank"),
    ("H35", "轻型平板货车", "truck", "light", "flatbed"),
    ("H36", "轻型集装箱车", "truck", "light", "container"),
    ("H37", "轻型自卸货车", "truck", "light", "dump"),
    ("H38", "轻型特殊结构货车", "truck", "light", "other"),
    ("H39", "轻型仓栅式货车", "truck", "light", "stake"),
    ("H41", "微型普通货车", "truck", "micro", "open"),
    ("H42", "微型厢式货车", "truck", "micro", "box"),
    ("H43", "微型封闭货车", "truck", "micro", "enclosed"),
    ("H44", "微型罐式货车", "truck", "micro", "tank"),
    ("H45", "微型自卸货车", "truck", "micro", "dump"),
    ("H46", "微型特殊结构货车", "truck", "micro", "other"),
    ("H47", "微型仓栅式货车", "truck", "micro", "stake"),
    ("H51", "低速普通货车", "low_speed_truck", "unclassed", "open"),
    ("H52", "低速厢式货车", "low_speed_truck", "unclassed", "box"),
    ("H53", "低速罐式货车", "low_speed_truck", "unclassed", "tank"),
    ("H54", "低速自卸货车", "low_speed_truck", "unclassed", "dump"),
    ("H55", "低速仓栅式货车", "low_speed_truck", "unclassed", "stake"),
    ("N11", "三轮汽车", "tricycle_truck", "unclassed", None),
    ("Q11", "重型半挂牵引车", "tractor_unit", "heavy", None),
    ("Q12", "重型全挂牵引车", "tractor_unit", "heavy", None),
    ("Q21", "中型半挂牵引车", "tractor_unit", "medium", None),
    ("Q22", "中型全挂牵引车", "tractor_unit", "medium", None),
    ("Q31", "轻型半挂牵引车", "tractor_unit", "light", None),
    ("Q32", "轻型全挂牵引车", "tractor_unit", "light", None),
    ("Z11", "大型专项作业车", "special_work", None, None),
    ("Z21", "中型专项作业车", "special_work", "medium", None),
    ("Z31", "小型专项作业车", "special_work", None, None),
    ("Z41", "微型专项作业车", "special_work", "micro", None),
    ("Z51", "重型专项作业车", "special_work", "heavy", None),
    ("Z71", "轻型专项作业车", "special_work", "light", None),
]


@pytest.mark.parametrize(("code", "zh", "kind", "size", "body"), TYPES)
def test_vehicle_types(code: str, zh: str, kind: str, size: str | None, body: str | None) -> None:
    for said in (code, zh):
        assert known("kind", vehicle_type=said) == {kind}
        # 特殊结构 does not tell a concrete mixer from the others.
        bodies = {"other", "concrete_mixer"} if body == "other" else {body}
        assert known("body", vehicle_type=said) == (bodies if body else DOMAINS["body"])
        expected = {size} if size else DOMAINS["size"] - {"unclassed"}
        assert known("size", vehicle_type=said) == expected


def test_a_special_structure_may_be_a_concrete_mixer() -> None:
    assert known("body", body="特殊结构") == {"other", "concrete_mixer"}
    assert known("body", vehicle_type="H18", body="concrete_mixer") == {"concrete_mixer"}
    assert known("body", vehicle_type="H18", body="其他") == {"other"}
    assert codes_of({"vehicle_type": "H12", "body": "concrete_mixer"}) == {
        ("vehicle_type", "inconsistent-vehicle"),
        ("body", "inconsistent-vehicle"),
    }


@pytest.mark.parametrize(
    ("said", "body"), [("轻型多用途货车", "pickup"), ("轻型冷藏车", "refrigerated"), ("中型冷藏车", "refrigerated")]
)
def test_types_of_the_newer_edition(said: str, body: str) -> None:
    assert (known("kind", vehicle_type=said), known("body", vehicle_type=said)) == ({"truck"}, {body})


@pytest.mark.parametrize(
    ("code", "kind"),
    [
        ("B11", "trailer"), ("G22", "trailer"), ("D11", "other"), ("J11", "wheeled_machinery"), ("K33", "passenger"),
        ("M11", "motorcycle"), ("T11", "farm_tractor"), ("X99", "other"), ("Z99", "special_work"),
    ],
)  # fmt: skip
def test_the_first_letter_of_a_code_says_the_kind(code: str, kind: str) -> None:
    assert known("kind", vehicle_type=code) == {kind}


@pytest.mark.parametrize(
    "said", ["H10", "H56", "H48", "N12", "Q41", "h32", "H3", "H320", "H32\n", "货车", "轻型", "", "A11", "Ｈ32"]
)
def test_types_of_no_list(said: str) -> None:
    assert codes_of({"vehicle_type": said}) == {("vehicle_type", "unknown-code")}


# Words, in code and in Chinese


@pytest.mark.parametrize(
    ("field", "said", "expected"),
    [
        ("kind", "货车", "truck"),
        ("kind", "载货汽车", "truck"),
        ("kind", "低速货车", "low_speed_truck"),
        ("kind", "三轮汽车", "tricycle_truck"),
        ("kind", "专项作业车", "special_work"),
        ("kind", "半挂牵引车", "tractor_unit"),
        ("kind", "拖拉机", "farm_tractor"),
        ("kind", "畜力车", "animal_cart"),
        ("size", "重型", "heavy"),
        ("size", "微型", "micro"),
        ("body", "厢式", "box"),
        ("body", "封闭", "enclosed"),
        ("body", "仓栅式", "stake"),
        ("body", "皮卡", "pickup"),
        ("body", "冷藏", "refrigerated"),
        ("body", "混凝土搅拌运输车", "concrete_mixer"),
        ("body", "其他", "other"),
        ("energy", "柴油", "diesel"),
        ("energy", "纯电动", "battery_electric"),
        ("energy", "燃料电池", "fuel_cell"),
        ("plate_kind", "小型新能源汽车", "52"),
        ("plate_kind", "01", "01"),
    ],
)
def test_chinese_words(field: str, said: str, expected: str) -> None:
    assert known(field, **{field: said}) == {expected}


@pytest.mark.parametrize(
    ("said", "stage"),
    [
        *((number, number) for number in range(7)),
        *((str(number), number) for number in range(7)),
        *((f"国{number}", number) for number in range(7)),
        *((f"国{sign}", number) for number, sign in enumerate("一二三四五六", 1)),
        *((f"国{sign}", number) for number, sign in enumerate("ⅠⅡⅢⅣⅤⅥ", 1)),
        *((f"国{sign}", number) for number, sign in enumerate(("I", "II", "III", "IV", "V", "VI"), 1)),
        *((sign, number) for number, sign in enumerate(("I", "II", "III", "IV", "V", "VI"), 1)),
        ("三", 3), ("Ⅲ", 3), ("iii", 3), ("国6a", 6), ("国6b", 6), ("国六b", 6), ("国Ⅵb", 6), ("国零", 0),
        ("无", NO_STAGE), ("none", NO_STAGE),
    ],
)  # fmt: skip
def test_spellings_of_emission_stages(said: object, stage: int) -> None:
    assert known("emission_stage", emission_stage=said) == {stage}


@pytest.mark.parametrize(
    ("said", "code"),
    [
        (7, "unknown-code"), (-1, "unknown-code"), ("7", "unknown-code"), ("国七", "unknown-code"),
        ("", "unknown-code"), ("国", "unknown-code"), ("euro5", "unknown-code"), ("国五 ", "unknown-code"),
        ("国6ab", "unknown-code"),
        ("國五", "unknown-code"), ("IIII", "unknown-code"), ("5\n", "unknown-code"),
        (5.0, "wrong-type"), (True, "wrong-type"), ([5], "wrong-type"), (None, "wrong-type"),
    ],
)  # fmt: skip
def test_emission_stages_that_are_none(said: object, code: str) -> None:
    assert codes_of({"emission_stage": said}) == {("emission_stage", code)}


@pytest.mark.parametrize(
    ("said", "energies"),
    [
        ("A", {"petrol"}),
        ("B", {"diesel"}),
        ("C", {"battery_electric"}),
        ("D", {"other"}),
        ("E", {"natural_gas"}),
        ("F", {"lpg"}),
        ("L", {"methanol"}),
        ("M", {"ethanol"}),
        ("N", {"other"}),
        ("O", {"hybrid", "plug_in_hybrid"}),
        ("P", {"hydrogen", "fuel_cell"}),
        ("Y", {"other"}),
        ("Z", {"other"}),
        # A vehicle may carry two codes.
        ("AE", {"petrol", "natural_gas"}),
        ("BO", {"diesel", "hybrid", "plug_in_hybrid"}),
        ("AC", {"hybrid", "plug_in_hybrid"}),
        ("CA", {"hybrid", "plug_in_hybrid"}),
        ("CC", {"battery_electric"}),
        ("柴油", {"diesel"}),
        ("电", {"battery_electric"}),
        ("混合动力", {"hybrid", "plug_in_hybrid"}),
        ("插电式混合动力", {"plug_in_hybrid"}),
    ],
)
def test_fuels_of_the_licence(said: str, energies: set[str]) -> None:
    assert known("energy", fuel=said) == energies


@pytest.mark.parametrize("said", ["G", "ABC", "a", "AX", "", "B ", "煤"])
def test_fuels_of_no_list(said: str) -> None:
    assert codes_of({"fuel": said}) == {("fuel", "unknown-code")}


@pytest.mark.parametrize(
    ("said", "energies"),
    [
        # One fuel on the licence of a vehicle with a new-energy plate is that of a plug-in hybrid.
        ({"plate": "辽AF52638", "fuel": "A"}, {"plug_in_hybrid"}),
        ({"plate": "辽AF52638", "fuel": "AC"}, {"plug_in_hybrid"}),
        ({"plate": "辽AD52638", "fuel": "C"}, {"battery_electric"}),
        ({"plate": "辽AF52638", "fuel": "P"}, {"fuel_cell"}),
        ({"plate": "辽A5K268", "fuel": "P"}, {"hydrogen", "fuel_cell"}),
        ({"plate": "辽AD52638"}, {"battery_electric", "plug_in_hybrid", "fuel_cell"}),
        ({"plate": "辽AF52638", "emission_stage": 6}, {"plug_in_hybrid"}),
    ],
)
def test_a_new_energy_plate_and_the_fuel(said: dict[str, object], energies: set[str]) -> None:
    assert known("energy", **said) == energies


def test_what_follows_from_a_plate() -> None:
    vehicle = read_vehicle({"plate": "辽a·D5263A".replace("A", "8")})
    assert vehicle.plate == "辽AD52638"
    facts = {fact: set(value) for fact, value in vehicle.facts.items() if isinstance(value, frozenset)}
    assert facts["plate_prefix"] == {"辽A"} and facts["tail_digit"] == {8} and facts["new_energy_plate"] == {True}
    assert facts["plate_kind"] == {"52"}
    assert known("tail_digit", plate="辽A12345D") == {5}
    assert known("new_energy_plate", plate="辽A5K268") == {False}


@pytest.mark.parametrize(
    ("kind", "sizes"),
    [("01", {"heavy", "medium"}), ("02", {"light", "micro"}), ("51", {"heavy", "medium"}), ("52", {"light", "micro"})],
)
def test_the_plate_kind_of_a_truck_says_its_size(kind: str, sizes: set[str]) -> None:
    assert known("size", kind="truck", plate_kind=kind) == sizes
    assert known("size", vehicle_type="H38", plate_kind="02") == {"light"}
    assert known("size", plate_kind=kind) == DOMAINS["size"]


# Contradictions name every field that takes part

CONTRADICTIONS = [
    ({"energy": "diesel", "fuel": "A"}, {"energy", "fuel"}),
    ({"size": "heavy", "vehicle_type": "H32"}, {"size", "vehicle_type"}),
    ({"kind": "passenger", "vehicle_type": "轻型厢式货车"}, {"kind", "vehicle_type"}),
    ({"body": "open", "vehicle_type": "H32"}, {"body", "vehicle_type"}),
    ({"plate": "辽A5K268", "tail_digit": 7}, {"plate", "tail_digit"}),
    ({"plate": "辽A5K268", "plate_prefix": "辽B"}, {"plate", "plate_prefix"}),
    ({"plate": "辽A5K268", "new_energy_plate": True}, {"plate", "new_energy_plate"}),
    ({"plate": "辽AD52638", "plate_kind": "02"}, {"plate", "plate_kind"}),
    ({"plate": "辽A5K268", "plate_kind": "52"}, {"plate", "plate_kind"}),
    ({"plate_kind": "52", "new_energy_plate": False}, {"plate_kind", "new_energy_plate"}),
    ({"energy": "battery_electric", "emission_stage": 5}, {"energy", "emission_stage"}),
    ({"fuel": "C", "emission_stage": "国五"}, {"fuel", "emission_stage"}),
    ({"fuel": "B", "emission_stage": "无"}, {"fuel", "emission_stage"}),
    ({"vehicle_type": "H32", "length_mm": 6_000}, {"vehicle_type", "length_mm"}),
    ({"vehicle_type": "H32", "total_mass_kg": 4_500}, {"vehicle_type", "total_mass_kg"}),
    ({"kind": "truck", "size": "heavy", "total_mass_kg": 11_999}, {"size", "total_mass_kg"}),
    (
        {"kind": "truck", "size": "medium", "length_mm": 5_999, "total_mass_kg": 4_499},
        {"size", "length_mm", "total_mass_kg"},
    ),
    ({"rated_load_kg": 5_000, "total_mass_kg": 4_495}, {"rated_load_kg", "total_mass_kg"}),
    ({"kind": "truck", "size": "heavy", "plate_kind": "02"}, {"size", "plate_kind"}),
    ({"priority_classes": ["new_energy"], "energy": "diesel"}, {"priority_classes", "energy"}),
    ({"priority_classes": ["new_energy"], "plate": "辽A5K268", "fuel": "B"}, {"priority_classes", "fuel"}),
]


@pytest.mark.parametrize(("said", "named"), CONTRADICTIONS)
def test_a_contradiction_names_its_fields(said: dict[str, object], named: set[str]) -> None:
    faults = faults_of(said)
    assert [each.code for each in faults] == ["inconsistent-vehicle"]
    assert set(faults[0].fields) == named
    assert all(field in faults[0].zh and field in faults[0].en for field in named)


def faults_of(said: dict[str, object]) -> tuple[FactFault, ...]:
    with pytest.raises(InvalidVehicle) as refused:
        read_vehicle(said)
    assert all(each.zh and each.en for each in refused.value.faults)
    return refused.value.faults


def codes_of(said: dict[str, object]) -> set[tuple[str, str]]:
    return {(field, each.code) for each in faults_of(said) for field in each.fields}


# What is refused

FIELDS = [
    "kind", "size", "body", "energy", "new_energy_plate", "emission_stage", "length_mm", "width_mm", "height_mm",
    "total_mass_kg", "rated_load_kg", "plate_prefix", "tail_digit", "vehicle_type", "fuel", "plate_kind", "use", "trip",
    "cargo", "on_duty", "full_load", "filings", "plate", "passes", "priority_classes",
]  # fmt: skip


@pytest.mark.parametrize("field", FIELDS)
def test_null_is_refused_since_unknown_is_left_out(field: str) -> None:
    assert codes_of({field: None}) == {(field, "wrong-type")}


@pytest.mark.parametrize("field", FIELDS)
@pytest.mark.parametrize("value", [{}, {"a": 1}, 1.5, [[]], [None]])
def test_the_wrong_type_is_a_fault_of_its_field_and_never_a_crash(field: str, value: object) -> None:
    if (field, value) != ("passes", []):
        assert all(place.split("/")[0] == field for place, _ in codes_of({field: value}))


@pytest.mark.parametrize("field", ["plates", "Kind", "emission", "heading_deg", "on-duty", "", "length"])
def test_unknown_fields(field: str) -> None:
    assert codes_of({field: 1}) == {(field, "unknown-field")}


@pytest.mark.parametrize("field", ["length_mm", "width_mm", "height_mm", "total_mass_kg", "rated_load_kg"])
@pytest.mark.parametrize(
    ("value", "code"),
    [
        (0, "number-out-of-range"),
        (-1, "number-out-of-range"),
        (1_000_001, "number-out-of-range"),
        (10**5000, "number-out-of-range"),
        (5990.0, "wrong-type"),
        (float("nan"), "wrong-type"),
        (float("inf"), "wrong-type"),
        ("5990", "wrong-type"),
        (True, "wrong-type"),
    ],
    ids=lambda value: str(value)[:20] if not isinstance(value, int) or value < 10**9 else "huge",
)
def test_numbers_that_are_none(field: str, value: object, code: str) -> None:
    assert codes_of({field: value}) == {(field, code)}


@pytest.mark.parametrize(("field", "most"), [("length_mm", 100_000), ("total_mass_kg", 1_000_000)])
def test_numbers_at_their_bounds(field: str, most: int) -> None:
    assert known(field, **{field: 1}) == Span(1, 1) and known(field, **{field: most}) == Span(most, most)


@pytest.mark.parametrize("value", [10, -1, "8", 8.0, True])
def test_tail_digits_that_are_none(value: object) -> None:
    assert codes_of({"tail_digit": value}) == {("tail_digit", "number-out-of-range")}


@pytest.mark.parametrize("value", ["A", "辽", "辽I", "辽a", "辽A5", "辽A\n", 5])
def test_prefixes_that_are_none(value: object) -> None:
    assert codes_of({"plate_prefix": value}) == {("plate_prefix", "invalid-prefix")}


@pytest.mark.parametrize("value", [1, 0, "true", "yes"])
@pytest.mark.parametrize("field", ["on_duty", "full_load", "new_energy_plate"])
def test_flags_are_true_or_false(field: str, value: object) -> None:
    assert codes_of({field: value}) == {(field, "wrong-type")}


def test_an_unknown_code_names_the_known_ones_and_the_nearest() -> None:
    fault = faults_of({"energy": "deisel"})[0]
    assert fault.nearest == "diesel" and "diesel" in fault.known and fault.found == "deisel"
    assert "deisel" not in fault.en + fault.zh


def test_all_faults_are_found_at_once() -> None:
    said = {"kind": "x", "length_mm": 0, "plate": "?", "colour": "red", "passes": [{"kind": 7}], "fuel": None}
    assert {field for field, _ in codes_of(said)} == {"kind", "length_mm", "plate", "colour", "passes/0/kind", "fuel"}


# Where a fact comes from


def test_sources() -> None:
    vehicle = read_vehicle({"vehicle_type": "H32", "energy": "diesel", "plate": "辽A5K268", "total_mass_kg": 4_000})
    how = {fact: (source.how, source.origin) for fact, source in vehicle.sources.items()}
    assert how["energy"] == ("declared", None) and how["total_mass_kg"] == ("declared", None)
    assert how["size"] == how["body"] == how["kind"] == ("derived", "vehicle_type")
    assert how["tail_digit"] == how["plate_prefix"] == ("derived", "plate")
    assert vehicle.facts.keys() <= vehicle.sources.keys()
    assert read_vehicle({"vehicle_type": "H32", "size": "light"}).sources["size"].how == "declared"


def test_nothing_said_is_nothing_known() -> None:
    assert read_vehicle({}) == Vehicle(plate=None)
