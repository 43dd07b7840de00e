"""An answer as a table for people at a terminal, with columns that stay straight beside Chinese."""

import unicodedata
from collections.abc import Iterator, Mapping
from typing import Any

from service.names import VERDICTS, name_of

_LABELS = (
    ("verdict", "结论 verdict"),
    ("at", "时刻 at"),
    ("until", "有效至 until"),
    ("next", "下次未禁止 next"),
    ("place", "地点 place"),
    ("grounds", "依据 grounds"),
    ("missing", "缺少 missing"),
    ("assumed", "假定 assumed"),
    ("conditions", "条件 conditions"),
    ("assumptions", "推定 taken for granted"),
    ("options", "可行办法 options"),
    ("caveats", "提示 caveats"),
    ("publication", "依据版本 rests on"),
)
_GAP = 2


def display_width(text: str) -> int:
    """How many columns a terminal gives the text: two for wide and full-width signs, none for combining ones.

    >>> display_width("辽A5K268"), display_width("国Ⅴ")
    (8, 3)
    """
    return sum(
        0 if unicodedata.combining(sign) else 2 if unicodedata.east_asian_width(sign) in "WF" else 1 for sign in text
    )


def padded(text: str, width: int) -> str:
    """The text with spaces up to so many columns."""
    return text + " " * (width - display_width(text))


def columns(rows: list[tuple[str, str]], indent: str = "") -> list[str]:
    """Lines of two columns; an empty first cell continues the row above."""
    width = max((display_width(label) for label, _ in rows), default=0) + _GAP
    return [f"{indent}{padded(label, width)}{cell}".rstrip() for label, cell in rows]


def answer_table(document: Mapping[str, Any]) -> str:
    """The document of an answer (`service.answers`): both summaries first, then what a person looks for."""
    cells = _cells(document)
    rows = []
    for key, label in _LABELS:
        for number, cell in enumerate(cells[key]):
            rows.append((label if number == 0 else "", cell))
    return "\n".join([document["summary"]["zh"], document["summary"]["en"], "", *columns(rows)])


def _cells(document: Mapping[str, Any]) -> dict[str, list[str]]:
    return {
        "verdict": _verdict(document),
        "at": [
            _moment(document["at"]),
            *([f"停留 stay {document['stay_minutes']} min"] * bool(document["stay_minutes"])),
        ],
        "until": [_until(document["holds_until"], document["horizon"])],
        "next": [_interval(each) for each in document["next_allowed"]] if document["verdict"] != "allowed" else [],
        "place": list(_place(document["place"])),
        "grounds": [line for ground in document["grounds"] for line in _ground(ground)] or ["无 none"],
        "missing": [_named(code) for code in document["missing"]],
        "assumed": [_named(code) for code in document["assumed"]],
        "conditions": [_both(each) for each in document["conditions"]],
        "assumptions": [_both(each) for each in document["assumptions"]],
        "options": [_option(each) for each in document["options"]],
        "caveats": [_named(code) for code in document["caveats"]],
        "publication": _rests_on(document),
    }


def _verdict(document: Mapping[str, Any]) -> list[str]:
    lines = [f"{document['verdict']} {VERDICTS[document['verdict']].zh} ({_named(document['reason'])})"]
    if document["illustrative"]:
        law = document["verdict_by_law"]
        lines.append(f"示范规则所致;按正式通告 illustrative; by law: {law} {VERDICTS[law].zh}")
    if document["as_drawn"] is not None:
        lines.append(f"若图形精确 as drawn: {document['as_drawn']}")
    if document["enter_and_leave"] is not None:
        lines.append(f"停放期间不行驶 parked in between: {document['enter_and_leave']}")
    return lines


def _place(place: Mapping[str, Any]) -> Iterator[str]:
    for zone in place["zones"]:
        notes = [zone["certainty"], zone["quality"], f"±{zone['error_m']:g} m"]
        if zone["distance_m"] is not None:
            notes.append(f"edge {zone['distance_m']:g} m")
        yield f"{zone['id']} {zone['zh']} ({', '.join(notes)})"
    for each in place["exceptions"]:
        yield f"例外 except {each['zone']} {each['zh']}: {each['verdict']}"
    if not place["zones"]:
        yield "不在任何已收录区域 in no zone on record"


def _ground(ground: Mapping[str, Any]) -> Iterator[str]:
    window = ground["window"]
    hours = "" if window is None else f" {window['from']}-{window['until']}"
    yield f"[{ground['state']}] {ground['restriction']}{hours} @ {', '.join(ground['zones']) or '-'}"
    yield from (f"  {line}" for line in _citation(ground["citation"]))
    for lifting in ground["lifted_by"]:
        yield f"  由…解除 lifted by {lifting['exemption']}"
        yield from (f"    {line}" for line in _citation(lifting["citation"]))
    if ground["unknown_for"]:
        yield f"  尚缺 unknown for want of: {'; '.join(_named(code) for code in ground['unknown_for'])}"
    if ground["enforcement"] == "education":
        yield "  教育期,暂不处罚 education period, no fine yet"


def _citation(citation: Mapping[str, Any]) -> Iterator[str]:
    yield f"{citation['text']['zh']}"
    yield f"{citation['text']['en']}"
    number = " ".join(part for part in (citation["number"], citation["article"]) if part)
    kind = "原文 verbatim" if citation["text_kind"] == "verbatim" else "摘要,原文未见 paraphrase, wording not seen"
    yield f"—— {citation['title'] or citation['name']['zh']}{' ' + number if number else ''} ({kind})"
    if citation["source_url"]:
        yield f"   {citation['source_url']} (核对 verified {citation['verified_on']})"


def _option(option: Mapping[str, Any]) -> str:
    if option["kind"] == "wait":
        return f"等到 wait until {_moment(option['until'])}"
    mark = "示范 illustrative: " if option["illustrative"] else ""
    where = f" @ {option['where']}" if option["where"] else ""
    unmet = "; ".join(_named(each) for each in option["unmet"])
    return f"{mark}{_both(option['text'])} [{option['exemption']}: {unmet}{where}]"


def _rests_on(document: Mapping[str, Any]) -> list[str]:
    publication, calendar = document["publication"], document["calendar"]
    if publication is None:
        return []
    return [
        f"publication {publication['id']}",
        f"calendar {calendar['version']}, {calendar['covered_from']} to {calendar['covered_until']}",
    ]


def _until(until: str | None, horizon: str) -> str:
    return _moment(until) if until is not None else f"{_moment(horizon)} 前无变化 no change before"


def _interval(interval: Mapping[str, Any]) -> str:
    end = "" if interval["until"] is None else _moment(interval["until"])
    last = interval.get("last_entry")
    return f"{_moment(interval['from'])} – {end}" + (f" (最迟进入 last entry {_moment(last)})" if last else "")


def _moment(instant: str) -> str:
    """RFC 3339 as people read it: without the T and without seconds that are nought."""
    day, clock = instant[:10], instant[11:19]
    return f"{day} {clock.removesuffix(':00') if clock.count(':') == 2 else clock}"


def _named(code: str) -> str:
    name = name_of(code)
    return f"{name.zh} {name.en}"


def _both(text: Mapping[str, Any]) -> str:
    return f"{text['zh']} / {text['en']}"
