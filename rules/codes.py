"""The code lists: every word a vehicle, a claim or a rule may use, with its Chinese and English name.

Sources: GA/T 16.4 (vehicle types), GA/T 16.7 (kinds of plate), GA/T 16.9 (fuels) as traffic police systems carry them;
GA 802 (sizes, bodies); 辽政办发〔2018〕15号 item 5 (priority classes).

>>> BODY.read("厢式")
'box'
>>> BODY.read("bxo")
Traceback (most recent call last):
rules.codes.UnknownWord: bxo
>>> PRIORITY_CLASS.name("aaa_rated").zh
'经营信誉考核AAA级企业'
"""

import difflib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType


class UnknownWord(ValueError):
    """A word that is on no code list; `known` are the codes, `nearest` the one probably meant."""

    def __init__(self, word: str, known: tuple[str, ...], nearest: str | None) -> None:
        self.word = word
        self.known = known
        self.nearest = nearest
        super().__init__(word)


def nearest_hint(word: str, known: Iterable[str]) -> str:
    """What to add to the words for what was expected: the known word that was probably meant, or nothing.

    >>> nearest_hint("mondya", ["monday", "sunday"]), nearest_hint("x", ["monday"])
    ('; the nearest is monday', '')
    """
    close = difflib.get_close_matches(word, sorted(known), n=1)
    return f"; the nearest is {close[0]}" if close else ""


@dataclass(frozen=True, slots=True)
class Text:
    """One meaning in both languages of the service."""

    zh: str
    en: str


@dataclass(frozen=True, slots=True)
class CodeList:
    """A closed list of codes. `within` maps a code to the wider one that takes it in (a low-speed truck is a truck)."""

    subject: str
    names: Mapping[str, Text]
    words: Mapping[str, str] = field(default_factory=dict)
    within: Mapping[str, str] = field(default_factory=dict)

    @property
    def codes(self) -> frozenset[str]:
        return frozenset(self.names)

    def name(self, code: str) -> Text:
        return self.names[code]

    def read(self, word: str) -> str:
        """The code that `word` (a code, or a Chinese word for it) stands for; UnknownWord else."""
        if word in self.names:
            return word
        if word in self.words:
            return self.words[word]
        known = tuple(self.names)
        close = difflib.get_close_matches(word, [*known, *self.words], n=1)
        raise UnknownWord(word, known, self.words.get(close[0], close[0]) if close else None)

    def family(self, code: str) -> tuple[str, ...]:
        """The code and every wider one that takes it in."""
        wider = self.within.get(code)
        return (code,) if wider is None else (code, *self.family(wider))


def _code_list(subject: str, rows: Iterable[tuple[str, str, str]], within: Mapping[str, str] | None = None) -> CodeList:
    """`rows` are (code, Chinese words separated by '/', English name); the first Chinese word is the name."""
    names: dict[str, Text] = {}
    words: dict[str, str] = {}
    for code, chinese, english in rows:
        first, *others = chinese.split("/")
        names[code] = Text(first, english)
        for word in (first, *others):
            if words.setdefault(word, code) != code:
                raise ValueError(f"{subject}: {word} stands for two codes")
    return CodeList(subject, MappingProxyType(names), MappingProxyType(words), MappingProxyType(dict(within or {})))


KIND = _code_list(
    "kind",
    [
        ("truck", "载货汽车/货车", "truck"),
        ("low_speed_truck", "低速货车", "low-speed truck"),
        ("tricycle_truck", "三轮汽车", "tricycle truck"),
        ("special_work", "专项作业车", "special-work vehicle"),
        ("wheeled_machinery", "轮式专用机械车/轮式机械车", "wheeled special machinery"),
        ("tractor_unit", "半挂牵引车/牵引车", "tractor unit"),
        ("farm_tractor", "拖拉机", "farm tractor"),
        ("trailer", "挂车", "trailer"),
        ("passenger", "载客汽车/客车", "passenger vehicle"),
        ("motorcycle", "摩托车", "motorcycle"),
        ("animal_cart", "畜力车", "animal-drawn cart"),
        ("other", "其他车辆", "other vehicle"),
    ],
    # GA/T 16.4 files low-speed trucks under letter H with the trucks, tricycle trucks under N apart from them.
    within={"low_speed_truck": "truck"},
)
SIZE = _code_list(
    "size",
    [
        ("heavy", "重型", "heavy"),
        ("medium", "中型", "medium"),
        ("light", "轻型", "light"),
        ("micro", "微型", "micro"),
        ("unclassed", "不分级", "of no size class"),
    ],
)
BODY = _code_list(
    "body",
    [
        ("box", "厢式", "van body"),
        ("enclosed", "封闭/封闭式", "enclosed van"),
        ("open", "普通/栏板/栏板式", "open body"),
        ("stake", "仓栅/仓栅式", "stake body"),
        ("tank", "罐式", "tank"),
        ("flatbed", "平板/平板式", "flatbed"),
        ("container", "集装箱/集装箱式", "container carrier"),
        ("dump", "自卸/自卸式", "dump body"),
        ("refrigerated", "冷藏/冷藏车", "refrigerated body"),
        ("pickup", "多用途/多用途货车/皮卡", "pickup"),
        ("concrete_mixer", "混凝土搅拌/混凝土搅拌车/混凝土搅拌运输车", "concrete mixer"),
        ("other", "其他/特殊结构", "other body"),
    ],
    # A refrigerated body is a box separate from the cab, which is what GA 802 calls 厢式 (docs/decisions/0004).
    # A mixer is one of the bodies of special structure (特殊结构), which stand under `other`.
    within={"refrigerated": "box", "concrete_mixer": "other"},
)

SPECIAL_STRUCTURE = frozenset({"concrete_mixer", "other"})
"""What 特殊结构 on a vehicle licence may be: it does not tell a concrete mixer from the others."""

ENERGY = _code_list(
    "energy",
    [
        ("petrol", "汽油", "petrol"),
        ("diesel", "柴油", "diesel"),
        ("battery_electric", "纯电动/电/电动", "battery electric"),
        ("plug_in_hybrid", "插电式混合动力/插电混动", "plug-in hybrid"),
        ("fuel_cell", "燃料电池", "fuel cell"),
        ("hybrid", "混合动力/油电混合", "hybrid without plug"),
        ("natural_gas", "天然气", "natural gas"),
        ("lpg", "液化石油气", "liquefied petroleum gas"),
        ("methanol", "甲醇", "methanol"),
        ("ethanol", "乙醇", "ethanol"),
        ("hydrogen", "氢/氢气", "hydrogen combustion"),
        ("other", "其他", "other"),
    ],
)
USE = _code_list(
    "use",
    [
        ("freight", "货运", "freight"),
        ("post", "邮政/中国邮政专用车/邮政专用车", "postal vehicle of China Post"),
        ("express", "快递/快递专用车", "express delivery vehicle"),
        ("sanitation", "环卫", "sanitation"),
        ("road_care", "道路养护", "road maintenance"),
        ("garden", "园林", "parks and gardens"),
        ("rescue", "救援清障/清障", "recovery and towing"),
        ("fire", "消防/消防车", "fire engine"),
        ("ambulance", "救护/救护车", "ambulance"),
        ("police", "警用/警车", "police"),
        ("military", "军用/军车", "army or armed police"),
        ("engineering_rescue", "工程救险/工程救险车", "engineering rescue"),
        ("snow_clearance", "除雪/破冰除雪", "ice breaking and snow clearance"),
        ("school", "校车", "school bus"),
        ("hearse", "殡葬/殡葬车", "hearse"),
        ("cash_van", "运钞/运钞车", "cash-in-transit van"),
        ("dangerous_goods_transport", "危化品运输", "dangerous-goods transport"),
        ("passenger_transport", "客运/公路客运/公交/出租/旅游/预约出租客运", "passenger transport"),
        ("rental", "租赁", "rental"),
        ("training", "教练", "driving school"),
        ("non_commercial", "非营运/营转非/出租转非", "not for hire"),
        ("other", "其他", "other"),
    ],
)
CARGO = _code_list(
    "cargo",
    [
        ("dangerous_goods", "危险货物/危险品/危险化学品", "dangerous goods"),
        ("fresh_produce", "鲜活农产品/生鲜", "fresh farm produce"),
        ("chilled", "冷藏保鲜产品/冷链", "chilled and preserved goods"),
        ("medicine", "医药/药品/医药必需品", "medicine"),
        ("daily_necessities", "生活必需品", "daily necessities"),
        ("spoil", "渣土/建筑垃圾", "construction spoil"),
        ("dust_raising", "易扬尘货物/易扬尘物料/砂石", "dust-raising goods"),
        ("grain_oil", "粮油", "grain and edible oil"),
        ("other", "其他", "other"),
    ],
)
TRIP = _code_list(
    "trip",
    [
        ("local", "市内", "within the city"),
        ("inbound", "入市/进城", "into the city"),
        ("outbound", "出市/出城", "out of the city"),
        ("transit", "过境", "transit"),
    ],
)
PRIORITY_CLASS = _code_list(
    "priority_class",
    [
        ("daily_and_medical_necessities", "生活和医药必需品", "daily and medical necessities"),
        ("fresh_food", "鲜活农产品和冷藏保鲜产品", "fresh farm produce, chilled and preserved goods"),
        ("new_energy", "新能源车辆/新能源", "new-energy vehicles"),
        ("clean_energy", "清洁能源车辆/清洁能源", "clean-energy vehicles"),
        ("common_delivery", "共同配送", "common (joint) delivery"),
        ("aaa_rated", "经营信誉考核AAA级企业/AAA级企业", "operators rated AAA"),
        (
            "network_ltl_express",
            "规模化、品牌化网络型零担运输和快递企业/网络型零担运输和快递企业",
            "large branded network LTL and express firms",
        ),
        (
            "own_distribution_centre",
            "自有大型配送中心的运输企业",
            "carriers with a large distribution centre of their own",
        ),
    ],
)
PLATE_KIND = _code_list(
    "plate_kind",
    [
        ("01", "大型汽车", "large vehicle (yellow)"),
        ("02", "小型汽车", "small vehicle (blue)"),
        ("03", "使馆汽车", "embassy vehicle"),
        ("04", "领馆汽车", "consulate vehicle"),
        ("05", "境外汽车", "vehicle from abroad"),
        ("06", "外籍汽车", "foreign-owned vehicle"),
        ("07", "普通摩托车", "motorcycle"),
        ("08", "轻便摩托车", "light motorcycle"),
        ("09", "使馆摩托车", "embassy motorcycle"),
        ("10", "领馆摩托车", "consulate motorcycle"),
        ("11", "境外摩托车", "motorcycle from abroad"),
        ("12", "外籍摩托车", "foreign-owned motorcycle"),
        ("13", "低速车", "low-speed vehicle"),
        ("14", "拖拉机", "farm tractor"),
        ("15", "挂车", "trailer"),
        ("16", "教练汽车", "driving-school vehicle"),
        ("17", "教练摩托车", "driving-school motorcycle"),
        ("18", "试验汽车", "test vehicle"),
        ("19", "试验摩托车", "test motorcycle"),
        ("20", "临时入境汽车", "vehicle on temporary entry"),
        ("21", "临时入境摩托车", "motorcycle on temporary entry"),
        ("22", "临时行驶车", "temporary plate"),
        ("23", "警用汽车", "police vehicle"),
        ("24", "警用摩托车", "police motorcycle"),
        ("25", "原农机号牌", "former farm-machinery plate"),
        ("26", "香港入出境车", "Hong Kong cross-border vehicle"),
        ("27", "澳门入出境车", "Macau cross-border vehicle"),
        ("51", "大型新能源汽车", "large new-energy vehicle"),
        ("52", "小型新能源汽车", "small new-energy vehicle"),
    ],
)

CODE_LISTS: Mapping[str, CodeList] = MappingProxyType(
    {each.subject: each for each in (KIND, SIZE, BODY, ENERGY, USE, CARGO, TRIP, PRIORITY_CLASS, PLATE_KIND)}
)

NEW_ENERGY = frozenset({"battery_electric", "plug_in_hybrid", "fuel_cell"})
"""What 新能源 means in notices; a plug-less hybrid and a gas truck are not."""

CLEAN_ENERGY = frozenset({"natural_gas", "lpg", "methanol", "ethanol", "hydrogen", "hybrid"})
"""The clean, but not new-energy, half of the plan's third group."""

WITHOUT_EXHAUST = frozenset({"battery_electric", "fuel_cell"})
"""Energies that have no emission stage."""

FUEL: Mapping[str, frozenset[str]] = MappingProxyType(
    {
        "A": frozenset({"petrol"}),
        "B": frozenset({"diesel"}),
        "C": frozenset({"battery_electric"}),
        "D": frozenset({"other"}),
        "E": frozenset({"natural_gas"}),
        "F": frozenset({"lpg"}),
        "L": frozenset({"methanol"}),
        "M": frozenset({"ethanol"}),
        "N": frozenset({"other"}),
        # The licence says "hybrid" for hybrids with and without a plug: known only as a set.
        "O": frozenset({"hybrid", "plug_in_hybrid"}),
        "P": frozenset({"hydrogen", "fuel_cell"}),
        "Y": frozenset({"other"}),
        "Z": frozenset({"other"}),
    }
)
"""GA/T 16.9 letters of the vehicle licence and the energies each may stand for."""

_TRUCK_BODIES = {
    "1": "open",
    "2": "box",
    "3": "enclosed",
    "4": "tank",
    "5": "flatbed",
    "6": "container",
    "7": "dump",
    "8": "other",
    "9": "stake",
}
_MICRO_BODIES = {"1": "open", "2": "box", "3": "enclosed", "4": "tank", "5": "dump", "6": "other", "7": "stake"}
_LOW_SPEED_BODIES = {"1": "open", "2": "box", "3": "tank", "4": "dump", "5": "stake"}


@dataclass(frozen=True, slots=True)
class VehicleType:
    """One row of GA/T 16.4: what a type code says of kind, size and body (None: says nothing)."""

    code: str | None
    zh: str
    kind: str
    size: str | None = None
    body: str | None = None

    @property
    def bodies(self) -> frozenset[str]:
        """The bodies that the code may stand for; none: it says nothing of the body."""
        if self.body is None:
            return frozenset()
        return SPECIAL_STRUCTURE if self.body in SPECIAL_STRUCTURE else frozenset({self.body})


def _vehicle_types() -> Mapping[str, VehicleType]:
    rows: list[VehicleType] = []
    sizes = {"1": "heavy", "2": "medium", "3": "light", "4": "micro"}
    for digit, size in sizes.items():
        # H43 is 封闭 and H44 罐式, as in three of the four known lists and as in the heavier sizes (decision 0004).
        for last, body in (_MICRO_BODIES if size == "micro" else _TRUCK_BODIES).items():
            body_name = "特殊结构" if body == "other" else BODY.name(body).zh
            name = f"{SIZE.name(size).zh}{body_name}{'车' if body == 'container' else '货车'}"
            rows.append(VehicleType(f"H{digit}{last}", name, "truck", size, body))
            for word, other in (("仓栅", "仓栅式"), ("普通", "栏板")):
                if word in name:
                    rows.append(VehicleType(None, name.replace(word, other), "truck", size, body))
        rows.append(VehicleType(None, f"{SIZE.name(size).zh}多用途货车", "truck", size, "pickup"))
        rows.append(VehicleType(None, f"{SIZE.name(size).zh}冷藏车", "truck", size, "refrigerated"))
    for last, body in _LOW_SPEED_BODIES.items():
        rows.append(VehicleType(f"H5{last}", f"低速{BODY.name(body).zh}货车", "low_speed_truck", None, body))
    rows.append(VehicleType(None, "低速仓栅式货车", "low_speed_truck", None, "stake"))
    rows += [VehicleType(None, name, "truck", None, "pickup") for name in ("多用途货车", "皮卡")]
    rows.append(VehicleType("N11", "三轮汽车", "tricycle_truck"))
    for digit, size in (("1", "heavy"), ("2", "medium"), ("3", "light")):
        rows.append(VehicleType(f"Q{digit}1", f"{SIZE.name(size).zh}半挂牵引车", "tractor_unit", size))
        rows.append(VehicleType(f"Q{digit}2", f"{SIZE.name(size).zh}全挂牵引车", "tractor_unit", size))
    for code, name in (
        ("Z11", "大型"),
        ("Z21", "中型"),
        ("Z31", "小型"),
        ("Z41", "微型"),
        ("Z51", "重型"),
        ("Z71", "轻型"),
    ):
        size_of = {"Z21": "medium", "Z41": "micro", "Z51": "heavy", "Z71": "light"}.get(code)
        rows.append(VehicleType(code, f"{name}专项作业车", "special_work", size_of))
    return MappingProxyType({key: row for row in rows for key in (row.code, row.zh) if key is not None})


VEHICLE_TYPES = _vehicle_types()
"""GA/T 16.4 by code and by Chinese name: `VEHICLE_TYPES["H32"] is VEHICLE_TYPES["轻型厢式货车"]`."""

FIRST_LETTERS: Mapping[str, str] = MappingProxyType(
    {
        "B": "trailer",
        "G": "trailer",
        "D": "other",
        "H": "truck",
        "J": "wheeled_machinery",
        "K": "passenger",
        "M": "motorcycle",
        "N": "tricycle_truck",
        "Q": "tractor_unit",
        "T": "farm_tractor",
        "Z": "special_work",
        "X": "other",
    }
)
"""The kind that the first letter of any GA/T 16.4 code says, for codes beyond the table above."""
