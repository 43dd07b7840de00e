"""The page of one answer for a person at a desk: the first line is the summary, everything else is below it.

Chinese first, English beneath; no script, and nothing that was said reaches the page unescaped.
"""

from collections.abc import Iterable, Iterator, Mapping
from html import escape
from typing import Any

from rules.codes import Text
from service.names import VERDICTS, name_of
from service.page import framed

_STATES = {"stands": "适用 / stands", "lifted": "已免除 / lifted", "unknown": "未定 / unknown"}
_WHY_NOT = {
    "date": "不在有效期 / not in force",
    "vehicle": "不适用于该车辆 / other vehicles",
    "time": "不在时段 / other hours",
}
_KINDS = {"verbatim": "原文 / verbatim", "paraphrase": "条文原文未见,依据摘要 / wording not seen, from a summary"}


def access_page(document: Mapping[str, Any]) -> str:
    """The HTML of an answer's document (`service.answers.answer_document`)."""
    sections = [
        _head(document),
        _times(document),
        _list("车辆(按所报事实)", "Vehicle, as read", _vehicle(document)),
        _list("依据", "Grounds", (_ground(each) for each in document["grounds"])),
        _list("须满足的条件", "Conditions", (_both(each) for each in document["conditions"])),
        _list("缺少的事实", "Missing", (_code(each) for each in document["missing"])),
        _list("可行办法", "What would change it", (_option(each) for each in document["options"])),
        _list("例外区域", "Exceptions", (_exception(each) for each in document["place"]["exceptions"])),
        _list("按未申报处理", "Assumed", (_code(each) for each in document["assumed"])),
        _list("数据中的假设", "Assumptions in the data", (_both(each) for each in document["assumptions"])),
        _list("查过但不适用", "Considered", (_considered(each) for each in document["considered"])),
        _list("注意", "Caveats", (_code(each) for each in document["caveats"])),
        _foot(document),
    ]
    body = "\n".join(section for section in sections if section)
    return framed(document["summary"]["zh"], body)


def _head(document: Mapping[str, Any]) -> str:
    verdict = document["verdict"]
    name = VERDICTS[verdict]
    lines = [
        f"<h1>{escape(document['summary']['zh'])}</h1>",
        f'<p lang="en">{escape(document["summary"]["en"])}</p>',
        f'<p><span class="verdict {escape(verdict)}">{escape(name.zh)} / {escape(name.en)}</span></p>',
    ]
    if document["illustrative"]:
        law = VERDICTS[document["verdict_by_law"]]
        lines.append(
            '<p class="illustrative">示范规则,不代表现行规定;按所载正式通告:'
            f"{escape(law.zh)} / illustrative, not the law; by law: {escape(law.en)}</p>"
        )
    return "\n".join(lines)


def _vehicle(document: Mapping[str, Any]) -> Iterator[str]:
    """Each fact as it was read, so that a slip at the counter is seen; what was concluded says from what."""
    for fact, known in document["vehicle"].items():
        words = known.get("zh") or " / ".join(str(value) for value in known.get("values", [known.get("value")]))
        name = Text("号牌", "plate") if fact == "plate" else name_of(fact)
        origin = f" ({escape(known['from'])})" if known["from"] else ""
        yield f"{_both({'zh': name.zh, 'en': name.en})}: {escape(words)}{origin}"
    for claim, values in document["claims"].items():
        if claim != "source" and values:
            yield f"<code>{escape(claim)}</code>: {escape(', '.join(str(value) for value in values))}"


def _times(document: Mapping[str, Any]) -> str:
    rows = [("时刻 / at", _moment(document["at"]))]
    if document["stay_minutes"]:
        rows.append(("停留 / stay", f"{document['stay_minutes']} 分钟 / minutes"))
        rows.append(("停放不动 / parked in between", VERDICTS[document["enter_and_leave"]].zh))
    rows.append(("有效至 / holds until", _moment(document["holds_until"]) or "14天内无变化 / no change within 14 days"))
    law = document["by_law"]
    if law["holds_until"] != document["holds_until"] or law["verdict"] != document["verdict"]:
        until = _moment(law["holds_until"]) or "14天内无变化 / no change within 14 days"
        rows.append(("按正式通告 / by law", f"{VERDICTS[law['verdict']].zh},至 / until {until}"))
    for each in document["next_allowed"]:
        until = _moment(each["until"]) or "…"
        rows.append(("所载通告未禁止 / not prohibited", f"{_moment(each['from'])} - {until}"))
    if document["as_drawn"] is not None:
        rows.append(("若图形精确 / if shapes were exact", VERDICTS[document["as_drawn"]].zh))
    rows.extend(("区域 / zone", f"{zone['zh']} / {zone['en']}") for zone in document["place"]["zones"])
    inner = "\n".join(f"<dt>{escape(term)}</dt><dd>{escape(words)}</dd>" for term, words in rows)
    return f"<dl>\n{inner}\n</dl>"


def _moment(instant: str | None) -> str:
    return "" if instant is None else instant[:16].replace("T", " ")


def _list(zh: str, en: str, entries: Iterable[str]) -> str:
    """A headed list of entries, which are HTML already; nothing for none."""
    items = "\n".join(f"<li>{entry}</li>" for entry in entries)
    return f"<h2>{zh} / {en}</h2>\n<ul>\n{items}\n</ul>" if items else ""


def _both(text: Mapping[str, str]) -> str:
    return f'{escape(text["zh"])} <span lang="en">{escape(text["en"])}</span>'


def _code(code: str) -> str:
    name = name_of(code)
    return _both({"zh": name.zh, "en": name.en})


def _ground(ground: Mapping[str, Any]) -> str:
    citation = ground["citation"]
    parts = [f"<strong>{_STATES[ground['state']]}</strong> {_both(citation['text'])}"]
    if ground["enforcement"] == "education":
        parts.append("教育期,暂不处罚 / education period, no fine yet")
    parts.extend(f"免除依据 / lifted by: {_both(each['citation']['text'])}" for each in ground["lifted_by"])
    if ground["unknown_for"]:
        parts.append("缺少 / for want of: " + "; ".join(_code(each) for each in ground["unknown_for"]))
    parts.append(_citation(citation, ground["restriction"]))
    return '<div class="cited">' + "<br>\n".join(parts) + "</div>"


def _citation(citation: Mapping[str, Any], article: str) -> str:
    named = [citation["title"] or citation["name"]["zh"], citation["issuer"], citation["number"], citation["article"]]
    words = " · ".join(escape(each) for each in named if each)
    since = citation["in_force"]["from"]
    in_force = f"{_moment(since)}起 / in force from {_moment(since)}, " if since else ""
    source = f", {escape(citation['source_url'])}" if citation["source_url"] else ""
    return (
        f'<span class="small">{words} (<code>{escape(article)}</code>; {escape(in_force)}'
        f"{_KINDS[citation['text_kind']]}, {escape(citation['source_grade'])}{source}, "
        f"核对于 / checked {escape(citation['verified_on'])})</span>"
    )


def _option(option: Mapping[str, Any]) -> str:
    if option["kind"] == "wait":
        return f"等到 / wait until {escape(_moment(option['until']))}"
    parts = [_both(option["text"])]
    if option["unmet"]:
        parts.append("尚缺 / still wanted: " + "; ".join(_code(each) for each in option["unmet"]))
    if option["where"]:
        parts.append(f"办理 / apply at: {escape(option['where'])}")
    if option["leaves"]:
        parts.append(
            "仍受限于 / would leave: " + ", ".join(f"<code>{escape(each)}</code>" for each in option["leaves"])
        )
    if option["illustrative"]:
        parts.append("示范规则 / illustrative")
    return "<br>\n".join(parts)


def _exception(exception: Mapping[str, Any]) -> str:
    name = VERDICTS[exception["verdict"]]
    until = _moment(exception["holds_until"])
    ends = f",至 / until {escape(until)}" if until else ""
    return f"{_both(exception)}: {escape(name.zh)} / {escape(name.en)}{ends}"


def _considered(considered: Mapping[str, Any]) -> str:
    return f"{_WHY_NOT[considered['why_not']]}: {_both(considered['detail'])}"


def _foot(document: Mapping[str, Any]) -> str:
    publication, calendar = document["publication"], document["calendar"]
    rows = [("决定编号 / decision", document["id"]), ("答复时间 / decided at", _moment(document["decided_at"]))]
    if publication is not None:
        rows.append(("发布版本 / publication", publication["id"]))
    if calendar is not None:
        covered = f"{calendar['version']} ({calendar['covered_from']} - {calendar['covered_until']})"
        rows.append(("日历 / calendar", covered))
    inner = "\n".join(f"<dt>{escape(term)}</dt><dd><code>{escape(words)}</code></dd>" for term, words in rows)
    return f'<dl class="small">\n{inner}\n</dl>'
