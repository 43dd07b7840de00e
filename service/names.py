"""Chinese and English names of the codes that answers use, beyond the code lists of `rules.codes`."""

from collections.abc import Iterable
from types import MappingProxyType

from rules import codes
from rules.codes import Text

FACTS = MappingProxyType(
    {
        "kind": Text("车辆种类", "kind of vehicle"),
        "size": Text("车辆大小(轻型、重型等)", "size class"),
        "body": Text("车身形式", "body"),
        "energy": Text("能源种类", "energy"),
        "emission_stage": Text("排放阶段", "emission stage"),
        "length_mm": Text("车长", "length"),
        "width_mm": Text("车宽", "width"),
        "height_mm": Text("车高", "height"),
        "total_mass_kg": Text("总质量", "total mass"),
        "rated_load_kg": Text("核定载质量", "rated load"),
        "plate_kind": Text("号牌种类", "kind of plate"),
        "new_energy_plate": Text("是否悬挂新能源专用号牌", "whether it carries a new-energy plate"),
        "plate_prefix": Text("号牌归属", "plate prefix"),
        "tail_digit": Text("号牌尾号", "last digit of the plate"),
        "heading_deg": Text("行驶方向", "heading"),
        "level": Text("所在层(地面、高架或隧道)", "level (ground, elevated or tunnel)"),
        "day_kind": Text("当日是否工作日(放假安排未公布)", "what kind of day it is (calendar not published)"),
        "end_not_published": Text("解除时刻(未公布)", "when it ends (not published)"),
        "position": Text("更准的定位", "a sharper position"),
        "shape": Text("更准的区域边界", "a sharper zone edge"),
        "use": Text("使用性质", "use"),
        "cargo": Text("所载货物", "cargo"),
        "trip": Text("行程性质", "kind of trip"),
        "filing": Text("备案", "filing"),
        "priority_class": Text("优先类别", "priority class"),
        "on_duty": Text("正在执行任务", "on duty"),
        "full_load": Text("整车合法装载", "full lawful load"),
    }
)

_ANSWERED = MappingProxyType(
    {
        "new_energy_plate:True": Text("悬挂新能源专用号牌", "carries a new-energy plate"),
        "new_energy_plate:False": Text("未悬挂新能源专用号牌", "carries no new-energy plate"),
    }
)
"""A fact whose name is a question, with its answers."""

CAVEATS = MappingProxyType(
    {
        "signs_and_officers_prevail": Text("以现场交通标志、交警指挥为准", "signs and officers on the spot prevail"),
        "no_physical_limits": Text(
            "不含限高、限重等物理限制", "physical limits such as height and weight are not included"
        ),
    }
)

REASONS = MappingProxyType(
    {
        "restriction_stands": Text("有限制适用且未被免除", "a restriction applies and nothing lifts it"),
        "no_restriction_applies": Text("没有限制适用", "no restriction applies"),
        "exempted": Text("所适用的限制已被豁免", "an exemption lifts what applies"),
        "pass_held": Text("持有有效通行证", "a valid pass is held"),
        "facts_missing": Text("缺少事实", "facts are missing"),
        "position_uncertain": Text("定位不够精确", "the position is not sharp enough"),
        "shape_uncertain": Text("区域图形不够精确", "the zone's drawn shape is not sharp enough"),
        "calendar_not_published": Text("放假安排尚未公布", "the calendar is not published yet"),
        "end_not_published": Text("解除时刻未公布", "the end was not published"),
        "outside_coverage": Text("不在已收录城市范围内", "outside every city on record"),
        "outside_record": Text("不在本市记录的日期内", "outside the dates of the city's record"),
    }
)

VERDICTS = MappingProxyType(
    {
        "allowed": Text("所载通告未禁止", "not prohibited by the notices on record"),
        "prohibited": Text("禁止通行", "prohibited"),
        "undetermined": Text("无法确定", "undetermined"),
    }
)

_ASSUMED = MappingProxyType(
    {
        "no_pass_held": Text("未持通行证", "no pass held"),
        "not_on_duty": Text("未在执行任务", "not on duty"),
        "not_full_load": Text("非整车合法装载", "not a full lawful load"),
        "older_notices_may_be_missing": Text("更早的通告可能未收录", "older notices may be missing from the record"),
        "record_incomplete": Text("本市通告未收录齐全", "the record of this city's notices is not complete"),
    }
)


_UNMET = MappingProxyType(
    {
        "zone": Text("在其区域内", "within its zones"),
        "time": Text("在其时段内", "within its hours"),
        "date": Text("在其有效期内", "within its dates"),
        "everyone": Text("所有车辆", "every vehicle"),
    }
)
_BOUNDS = MappingProxyType(
    {
        "at_least": Text("不小于", "at least"),
        "above": Text("大于", "above"),
        "at_most": Text("不超过", "at most"),
        "below": Text("小于", "below"),
    }
)


def assumed_names() -> dict[str, Text]:
    """Every code that may stand in `assumed`, with its names."""
    made = [f"no_{cargo}" for cargo in codes.CARGO.names]
    made += [f"not_{priority}" for priority in codes.PRIORITY_CLASS.names]
    made += [f"not_{subject}_{code}" for subject in ("use", "trip") for code in codes.CODE_LISTS[subject].names]
    return {code: name_of(code) for code in (*_ASSUMED, *made)}


def name_of(code: str) -> Text:
    """The name of any code that stands in `missing`, `assumed`, `unknown_for`, `unmet` or `caveats`.

    >>> name_of("no_dangerous_goods").zh, name_of("not_aaa_rated").en
    ('未载危险货物', 'not declared: operators rated AAA')
    >>> name_of("energy:fuel_cell|hydrogen").zh
    '能源种类:燃料电池或氢'
    """
    for table in (FACTS, CAVEATS, _ASSUMED, REASONS, _UNMET):
        if code in table:
            return table[code]
    if code.endswith(")") and (head := code.partition("(")[0]) in ("any", "all", "not"):
        return _name_of_compound(head, code[len(head) + 1 : -1])
    fact, _, value = code.partition(":")
    code_list = codes.CODE_LISTS.get(fact)
    if code_list is not None and set(value.split("|")) <= code_list.codes:
        named = [code_list.name(each) for each in value.split("|")]
        return Text(
            f"{FACTS[fact].zh}:{'或'.join(each.zh for each in named)}",
            f"{FACTS[fact].en}: {' or '.join(each.en for each in named)}",
        )
    if fact == "pass":
        return Text(f"通行证 {value}", f"pass {value}")
    if fact in FACTS:
        return _ANSWERED.get(code) or _name_of_fact(FACTS[fact], value)
    cargo = code.removeprefix("no_")
    if cargo in codes.CARGO.codes and code != cargo:
        return Text(f"未载{codes.CARGO.name(cargo).zh}", f"no {codes.CARGO.name(cargo).en} declared")
    priority = code.removeprefix("not_")
    if priority in codes.PRIORITY_CLASS.codes:
        name = codes.PRIORITY_CLASS.name(priority)
        return Text(f"未申报:{name.zh}", f"not declared: {name.en}")
    for subject in ("use", "trip"):
        claimed = priority.removeprefix(f"{subject}_")
        if claimed != priority and claimed in codes.CODE_LISTS[subject].codes:
            name = codes.CODE_LISTS[subject].name(claimed)
            return Text(f"未申报{FACTS[subject].zh}:{name.zh}", f"{FACTS[subject].en} not declared: {name.en}")
    return Text(code, code.replace("_", " "))


def _name_of_fact(fact: Text, value: str) -> Text:
    """A fact with values or bounds: `length_mm:at_most:6000`, `tail_digit:1|3`, `on_duty:True`."""
    if value in ("True", "False"):
        return fact if value == "True" else Text(f"非{fact.zh}", f"not {fact.en}")
    bounds = [each.partition(":") for each in value.split(",")]
    if all(word in _BOUNDS for word, _, _ in bounds):
        return Text(
            fact.zh + "、".join(_BOUNDS[word].zh + number for word, _, number in bounds),
            f"{fact.en} {' and '.join(f'{_BOUNDS[word].en} {number}' for word, _, number in bounds)}",
        )
    return Text(f"{fact.zh}:{value.replace('|', '或')}", f"{fact.en}: {value.replace('|', ' or ')}")


def _name_of_compound(head: str, inner: str) -> Text:
    """`any(...)`, `all(...)`, `not(...)` of other codes (`rules.conditions.describe`)."""
    named = [name_of(part) for part in _split(inner)]
    if head == "not":
        return Text(f"并非({named[0].zh})", f"not ({named[0].en})")
    zh, en = ("或", " or ") if head == "any" else ("且", " and ")
    return Text(f"({zh.join(each.zh for each in named)})", f"({en.join(each.en for each in named)})")


def _split(inner: str) -> list[str]:
    """The parts between the commas that stand in no bracket; `,` alone separates bounds, `, ` parts."""
    parts, depth, start = [], 0, 0
    for place, sign in enumerate(inner):
        depth += (sign == "(") - (sign == ")")
        if depth == 0 and inner.startswith(", ", place):
            parts.append(inner[start:place])
            start = place + 2
    return [*parts, inner[start:]]


def names_of(used: Iterable[str]) -> dict[str, dict[str, str]]:
    """The names of the codes used, by code."""
    return {code: {"zh": name_of(code).zh, "en": name_of(code).en} for code in sorted(set(used))}


def value_name(fact: str, value: object) -> Text | None:
    """The name of a fact's value where it is a code."""
    code_list = codes.CODE_LISTS.get(fact)
    if code_list is not None and isinstance(value, str) and value in code_list.codes:
        return code_list.name(value)
    if fact == "emission_stage" and isinstance(value, int) and 1 <= value <= 6:
        return Text(f"国{'一二三四五六'[value - 1]}", f"China {value}")
    return None
