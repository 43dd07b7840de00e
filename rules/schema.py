"""JSON Schema of a city's documents, by which editors complete and check TOML while it is written.

Draft 7, which the TOML editors read. A schema sees one file and no meaning: whether a zone is drawn or a window lies in
its season is for `tongxing check` to say. What the schema refuses the codec refuses too, but for one case: TOML tells a
date from a text, JSON Schema does not, so a date in quotes passes here and not there.
"""

from collections.abc import Mapping
from typing import Any

from rules.articles import (
    BOUND_WORDS,
    BOUNDED,
    CONDITION_KEYS,
    DIGITS,
    LISTED_CLAIMS,
    LISTED_FACTS,
    MOST_WINDOWS,
    PARITIES,
    PLATE_PREFIX,
    TEXT_KINDS,
    YES_OR_NO,
)
from rules.codec import GRADES, SCHEMA
from rules.codes import CodeList
from rules.facts import STAGES
from rules.fields import ID, LONGEST_TEXT
from rules.model import Forbids
from rules.windows import DAY_WORDS

Schema = dict[str, Any]

DRAFT = "http://json-schema.org/draft-07/schema#"
_CLOCK = "^([01][0-9]|2[0-3]):[0-5][0-9]$"
_CLOCK_END = "^(([01][0-9]|2[0-3]):[0-5][0-9]|24:00)$"


def city_schema() -> Schema:
    """The schema of `city.toml`."""
    return _document(
        "city",
        "城市 / a city (city.toml)",
        required=("schema", "id", "name", "timezone", "record_from"),
        properties={
            "schema": {"const": SCHEMA, "description": "格式版本 / version of the format"},
            "id": _id("城市编号 / id of the city"),
            "name": _text("城市名称 / name of the city"),
            "timezone": _line("IANA 时区,如 Asia/Shanghai / IANA time zone", pattern="/"),
            "record_from": _date("此日之前一无所知 / nothing is known before this date"),
            "complete_from": _date(
                "自此日起记录完整,从未完整则省略 / from this date on the record is complete; left out: never"
            ),
            "record_until": _date(
                "记录的最后一日,其后的通告未见;无终点则省略 / last day of a record that ends; left out: it has no end"
            ),
            "pass_kinds": _list(_kind(), "通行证种类 / kinds of pass that exemptions ask for"),
            "filings": _list(_kind(), "备案种类 / filings that conditions ask for"),
        },
    )


def notice_schema() -> Schema:
    """The schema of a notice's file."""
    document = _document(
        "notice",
        "一份通告 / a notice",
        required=("schema", "id", "name", "in_force", "source"),
        properties={
            "schema": {"const": SCHEMA, "description": "格式版本 / version of the format"},
            "id": _id("通告编号,与文件名相同 / id of the notice, and the name of its file"),
            "name": _text("自拟的简称 / a short name of your own"),
            "title": _line("印发的标题,未见则省略 / title as printed; leave out if not seen"),
            "issuer": _line("发布机关,未见则省略 / issuer as printed; leave out if not seen"),
            "number": _line("文号,未见则省略 / number as printed; leave out if not seen"),
            "illustrative": {"type": "boolean", "description": "示范规则,无机关发布 / no authority issued it"},
            "in_force": _reference("period", "施行期间 / dates of the notice"),
            "source": _source(),
            "assumption": _list(_assumption(), "推定的文字 / texts of assumptions, each with an id"),
            "assumptions": _words("整份通告所依据的推定 / ids that the whole notice rests on"),
            "restrictions": _list(_reference("restriction"), "禁限行条款 / articles that close zones"),
            "exemptions": _list(_reference("exemption"), "不受限条款 / articles that lift restrictions"),
        },
    )
    document["anyOf"] = [{"required": ["restrictions"]}, {"required": ["exemptions"]}]
    document["definitions"] = {
        "text": _text(""),
        "period": _period(),
        "window": _window(),
        "vehicles": _vehicles(),
        "restriction": _restriction(),
        "exemption": _exemption(),
    }
    return document


def _document(name: str, title: str, required: tuple[str, ...], properties: Schema) -> Schema:
    return {
        "$schema": DRAFT,
        "$id": f"urn:tongxing:schema:{name}:{SCHEMA}",
        "title": title,
        **_table(required, properties),
    }


def _table(required: tuple[str, ...], properties: Schema, description: str = "") -> Schema:
    """A table of a document: a key that is not listed is refused, since a misspelt one would silently mean nothing."""
    return _said(
        {"type": "object", "required": list(required), "properties": properties, "additionalProperties": False},
        description,
    )


def _said(schema: Schema, description: str) -> Schema:
    return {**schema, "description": description} if description else schema


def _reference(name: str, description: str = "") -> Schema:
    # Draft 7 reads nothing beside a $ref.
    reference = {"$ref": f"#/definitions/{name}"}
    return {"allOf": [reference], "description": description} if description else reference


def _id(description: str) -> Schema:
    return _said({"type": "string", "pattern": f"^{ID.pattern}$"}, description)


def _line(description: str, pattern: str = r"\S") -> Schema:
    return _said({"type": "string", "minLength": 1, "maxLength": LONGEST_TEXT, "pattern": pattern}, description)


def _text(description: str) -> Schema:
    return _table(("zh", "en"), {"zh": _line("中文 / Chinese"), "en": _line("英文 / English")}, description)


def _date(description: str) -> Schema:
    return _said({"type": "string", "format": "date"}, description)


def _moment(description: str) -> Schema:
    """A local date or date-time. That it has no offset is for the codec to see: editors show dates to a schema each in
    their own way, one of them every local date-time as the same one in UTC.
    """
    return _said({"type": "string", "pattern": "^[0-9]{4}-[0-9]{2}-[0-9]{2}"}, description)


def _list(item: Schema, description: str, most: int | None = None) -> Schema:
    listed: Schema = {"type": "array", "minItems": 1, "items": item}
    return _said(listed if most is None else {**listed, "maxItems": most}, description)


def _words(description: str, item: Schema | None = None) -> Schema:
    return _said({**_list(item or {"type": "string"}, ""), "uniqueItems": True}, description)


def _one_or_several(item: Schema, description: str) -> Schema:
    return _said({"anyOf": [item, {**_list(item, ""), "uniqueItems": True}]}, description)


def _kind() -> Schema:
    return _table(
        ("id", "zh", "en"),
        {
            "id": _id("编号 / id"),
            "zh": _line("中文名称 / Chinese name"),
            "en": _line("英文名称 / English name"),
            "where": _line("何处申请 / where to apply"),
        },
    )


def _source() -> Schema:
    return _table(
        ("grade", "verified_on"),
        {
            "grade": {
                "enum": list(GRADES),
                "description": "P 政府、公安,R 转载,N 新闻,A 摘要 / P official, R repeated, N news, A summary",
            },
            "url": _line("网址 / address where it was read"),
            "verified_on": _date("核对日期 / the day on which it was read"),
        },
        "出处 / where the notice was read",
    )


def _assumption() -> Schema:
    return _table(("id", "zh", "en"), {"id": _id("编号 / id"), "zh": _line("中文"), "en": _line("English")})


def _period() -> Schema:
    period = _table(
        (),
        {
            "from": _moment("起 / the first day or instant in force"),
            "until": _moment("至该时刻止 / the first instant no longer in force"),
            "last_day": _date("末日,当日24时止 / the last day in force, which ends at 24:00"),
        },
    )
    return {**period, "not": {"required": ["until", "last_day"]}}


def _window() -> Schema:
    words = _one_or_several({"enum": sorted(DAY_WORDS)}, "")
    day_of_year = {"type": "string", "pattern": "^[0-9]{2}-[0-9]{2}$"}
    window = _table(
        ("from", "until"),
        {
            "days": _said(words, "哪些日子 / on which days"),
            "except_days": _said(words, "除外的日子 / days taken out"),
            "season": _table(
                ("first", "last"),
                {"first": day_of_year, "last": day_of_year},
                "每年的一段 MM-DD / a part of every year",
            ),
            "parity": {"enum": list(PARITIES), "description": "单日、双日 / odd or even days of the month"},
            "dates": _list(_date(""), "单个日期 / single dates"),
            "range": _table(
                ("first", "last"),
                {"first": _date("首日"), "last": _date("末日")},
                "日期范围 / from the first date to the last",
            ),
            "from": {"type": "string", "pattern": _CLOCK, "description": "开始 HH:MM / from, local time"},
            "until": {
                "type": "string",
                "pattern": _CLOCK_END,
                "description": "结束 HH:MM 或 24:00,早于开始则为次日 / until; before `from` it is on the next day",
            },
            "certain_until": {
                "type": "string",
                "pattern": _CLOCK,
                "description": "此后是否仍有效不明 / from here on it is unknown whether it still holds",
            },
        },
    )
    return {**window, "anyOf": [{"required": [key]} for key in ("days", "dates", "range")]}


def _said_or(key: str, instead: str) -> Schema:
    """Either `key`, or `instead = true`: which of the two must be said."""
    return {
        "oneOf": [
            {"required": [key], "properties": {instead: {"const": False}}},
            {"required": [instead], "properties": {instead: {"const": True}}, "not": {"required": [key]}},
        ]
    }


def _article(required: tuple[str, ...], own: Schema, description: str) -> Schema:
    table = _table(
        ("id", "text", "text_kind", "vehicles", *required),
        {
            "id": _id("条款编号 / id within the notice"),
            "article": _line("印发的条号,未见则省略 / its number as printed"),
            "text": _reference("text", "条文 / what it says"),
            "text_kind": {
                "enum": list(TEXT_KINDS),
                "description": "原文或转述 / the notice's own words, or a paraphrase",
            },
            "zones": _words("区域编号 / ids of zones", _id("")),
            "everywhere": {"type": "boolean", "description": "全市 / everywhere, instead of zones"},
            "vehicles": _reference("vehicles", "哪些车辆 / to whom it applies"),
            "windows": _list(_reference("window"), "时段 / when", MOST_WINDOWS),
            "always": {"type": "boolean", "description": "全天 / always, instead of windows"},
            "in_force": _reference("period", "阶段,须与通告期间相交 / a phase within the dates of the notice"),
            "assumptions": _words("所依据的推定 / ids of assumptions"),
            **own,
        },
        description,
    )
    return {**table, "allOf": [_said_or("zones", "everywhere"), _said_or("windows", "always")]}


def _restriction() -> Schema:
    return _article(
        (),
        {
            "forbids": {
                "enum": [each.value for each in Forbids],
                "description": "禁止通行,或禁止停留 / driving (the default), or being there at all",
            },
            "tags": _words("标签,供不受限条款引用 / words by which exemptions may lift it", _id("")),
            "penalised_from": _moment("此前只教育不处罚 / before this nobody is fined"),
        },
        "禁限行 / closes zones, at times, to vehicles",
    )


def _exemption() -> Schema:
    lift = {
        **_table(
            (),
            {
                "restriction": _line(
                    "条款编号 / id of a restriction, of another notice with its notice's id before it"
                ),
                "notice": _id("整份通告 / every restriction of a notice"),
                "tag": _id("标签 / restrictions with this tag"),
                "notices": _words("标签所在的通告 / notices in which the tag counts", _id("")),
            },
        ),
        "oneOf": [{"required": [key]} for key in ("restriction", "notice", "tag")],
        "dependencies": {"notices": ["tag"]},
    }
    return _article(
        ("lifts",),
        {
            "lifts": _list(lift, "解除哪些禁限行 / what it lifts; it lifts nothing that it does not name"),
            "passes": _words("所需通行证,任一种 / kinds of pass, any of which is needed", _id("")),
            "conditions": _list(_reference("text"), "附带条件 / conditions that bind the permission"),
        },
        "不受限 / lifts restrictions, for vehicles, at times",
    )


def _vehicles() -> Schema:
    table = _table(
        (), {key: _condition(key) for key in sorted(CONDITION_KEYS)}, "车辆条件,全部须成立 / all keys must hold"
    )
    alone = {"if": {"required": ["everyone"]}, "then": {"maxProperties": 1}}
    return {**table, "minProperties": 1, **alone}


_WORDS_FOR: Mapping[str, str] = {
    "everyone": "所有车辆 / every vehicle",
    "any_of": "任一成立 / any of these",
    "all_of": "全部成立 / all of these",
    "not": "不成立 / not this",
    "heading_deg": "禁行方向 / the forbidden direction",
    "plate_prefix": "号牌前缀,如 辽A / province and letter of the plate",
    "tail_digit": "尾号 / last digit of the plate",
    "emission_stage": "排放阶段 0 至 6 / emission stage",
    "filing": "备案 / a filing",
}


def _condition(key: str) -> Schema:
    """The schema of one key of a condition; its words are the code's own where the list above has none."""
    return _said(_values(key), _WORDS_FOR.get(key, key))


def _values(key: str) -> Schema:
    listed = LISTED_FACTS.get(key) or LISTED_CLAIMS.get(key)
    if listed is not None:
        return _one_or_several(_codes(listed), "")
    if key in YES_OR_NO:
        return {"type": "boolean"}
    if key in DIGITS:
        digit = {"type": "integer", "minimum": 0, "maximum": DIGITS[key]}
        either = [digit, _list(digit, "")]
        return {"anyOf": [*either, _bounds(key)] if key in BOUNDED else either}
    if key in BOUNDED:
        return _bounds(key)
    return {
        "everyone": {"const": True},
        "not": _reference("vehicles"),
        "any_of": _list(_reference("vehicles"), ""),
        "all_of": _list(_reference("vehicles"), ""),
        "heading_deg": _table(("toward",), {"toward": {"type": "integer", "minimum": 0, "maximum": 359}}),
        "plate_prefix": _one_or_several({"type": "string", "pattern": f"^{PLATE_PREFIX.pattern}$"}, ""),
        "filing": _one_or_several(_id(""), ""),
    }[key]


def _codes(listed: CodeList) -> Schema:
    """The codes, which editors offer first, and the Chinese words that stand for them."""
    return {"enum": [*listed.names, *listed.words]}


def _bounds(fact: str) -> Schema:
    low = min(STAGES) if fact == "emission_stage" else 1
    number = {"type": "integer", "minimum": low, "maximum": BOUNDED[fact]}
    both = [{"required": ["at_least", "above"]}, {"required": ["at_most", "below"]}]
    table = _table((), dict.fromkeys(BOUND_WORDS, number))
    return {**table, "minProperties": 1, "not": {"anyOf": both}}
