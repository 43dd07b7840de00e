"""What lint finds: the codes, how grave each is, and what would mend it. docs/findings.md shows an example of each."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType

from rules.codes import Text

CITY, CALENDAR = "city", "calendar"
"""The documents that are no notice; no notice is called so, since its file would take their place."""


class Severity(StrEnum):
    """An error: the article means nothing, a slip. A warning: probably a slip. A note: to be known, often in order."""

    ERROR = "error"
    WARNING = "warning"
    NOTE = "note"


@dataclass(frozen=True, slots=True)
class Code:
    """One kind of finding: how grave it is, what it is, and what would mend it."""

    severity: Severity
    title: Text
    mend: Text


@dataclass(frozen=True, slots=True)
class Finding:
    """One finding: `document` is the id of a notice, or `city` or `calendar`; `key` is the place in it."""

    code: str
    document: str
    key: str
    text: Text


def _code(severity: Severity, zh: str, en: str, mend_zh: str, mend_en: str) -> Code:
    return Code(severity, Text(zh, en), Text(mend_zh, mend_en))


CODES: Mapping[str, Code] = MappingProxyType(
    {
        "empty-window": _code(
            Severity.ERROR,
            "从不成立的时段",
            "a window that never holds",
            "改正日期、日类、例外日或时刻",
            "correct its dates, days, except_days or hours",
        ),
        "unmeetable-restriction": _code(
            Severity.ERROR,
            "没有车辆能够符合的限制",
            "a restriction that no vehicle can meet",
            "去掉相互矛盾的条件之一",
            "take out one of the conditions that contradict each other",
        ),
        "no-beginning": _code(
            Severity.ERROR,
            "未写施行时间",
            "no beginning is said",
            "在 in_force 中写明 from;原文未见则取已知最早日期并写一条 assumption",
            "say from in in_force; if it was not seen, take the earliest date known and write an assumption",
        ),
        "idle-exemption": _code(
            Severity.WARNING,
            "不免除任何限制的豁免",
            "an exemption that lifts nothing",
            "使其区域、日期、时段或车辆与所指限制相交,或删除",
            "let its zones, dates, windows or vehicles meet those of the restrictions that it names, or take it out",
        ),
        "idle-lift": _code(
            Severity.NOTE,
            "不免除任何限制的一项免除",
            "a lift of which nothing is ever met",
            "原文如此列举则无须处理;否则使豁免与该项所指限制相交,或删去该项",
            "nothing, if the notice lists it so; or let the exemption meet what this lift names, or take the lift out",
        ),
        "never-penalised": _code(
            Severity.WARNING,
            "失效之后才开始处罚",
            "a restriction that ends before anybody is fined",
            "核对 penalised_from 与失效日期",
            "compare penalised_from with the end",
        ),
        "empty-lift": _code(
            Severity.WARNING,
            "所指为空的免除",
            "a lift that reaches no restriction",
            "改正 tag 或 notice,或给所指限制加上该 tag",
            "correct the tag or the notice, or give the tag to the restrictions that are meant",
        ),
        "duplicate-article": _code(
            Severity.WARNING,
            "重复的条文",
            "an article that says the same as another",
            "删除其一",
            "take one of them out",
        ),
        "shadowed-restriction": _code(
            Severity.WARNING,
            "被另一条限制完全覆盖的限制",
            "a restriction that another covers wholly",
            "核对两条的区域、时段和车辆;确属多余则删除",
            "compare zones, windows and vehicles of both; take it out if it adds nothing",
        ),
        "overlapping-windows": _code(
            Severity.WARNING,
            "同一条文的时段相互重叠",
            "windows of one article overlap",
            "合并两个时段,或改正起止时刻",
            "merge the two windows, or correct their hours",
        ),
        "undeclared-filing": _code(
            Severity.WARNING,
            "未登记的备案种类",
            "a filing that the city does not know",
            "在 city.toml 的 filings 中登记,或改正编号",
            "add it to filings in city.toml, or correct its id",
        ),
        "unused-filing": _code(
            Severity.NOTE,
            "无条文使用的备案种类",
            "a filing that no article asks for",
            "删除,或补上所缺条文",
            "take it out, or add the article that asks for it",
        ),
        "unused-pass-kind": _code(
            Severity.NOTE,
            "无条文使用的通行证种类",
            "a kind of pass that no exemption asks for",
            "删除,或补上所缺豁免",
            "take it out, or add the exemption that asks for it",
        ),
        "unused-assumption": _code(
            Severity.WARNING,
            "无条文引用的推定",
            "an assumption that nothing rests on",
            "在所依据的条文或通告的 assumptions 中写上其编号,或删除",
            "name it under assumptions of the article or notice that rests on it, or take it out",
        ),
        "illustrative-without-basis": _code(
            Severity.WARNING,
            "示范通告未写所据",
            "an illustrative notice that does not say what it rests on",
            "写一条 assumption 说明所据,并在通告的 assumptions 中写上其编号",
            "write an assumption that says so, and name it under assumptions of the notice",
        ),
        "citation-without-source": _code(
            Severity.WARNING,
            "正式通告没有来源",
            "a notice of law without a source",
            "写明来源等级和网址,或标为 illustrative",
            "say the grade and the url of the source, or mark the notice illustrative",
        ),
        "citation-without-url": _code(
            Severity.WARNING,
            "来源没有网址",
            "a source without its url",
            "写明读到原文的网址",
            "say the url at which it was read",
        ),
        "citation-stale": _code(
            Severity.WARNING,
            "来源已逾一年未核对",
            "a source not read for more than a year",
            "重新核对来源并更新 verified_on",
            "read the source again and write the day under verified_on",
        ),
        "citation-from-the-future": _code(
            Severity.WARNING,
            "核对日期晚于今天",
            "a source read later than today",
            "改正 verified_on",
            "correct verified_on",
        ),
        "calendar-ends": _code(
            Severity.WARNING,
            "日历即将用尽",
            "the calendar ends within the horizon",
            "补上下一年的放假安排,以 --calendar 载入",
            "add the next year and load it with --calendar",
        ),
        "notice-expired": _code(
            Severity.NOTE,
            "通告已失效",
            "a notice that has ended",
            "为答复过去的日期而保留则无须处理",
            "nothing, if it is kept so that old dates are answered",
        ),
        "notice-not-begun": _code(
            Severity.NOTE,
            "通告尚未施行",
            "a notice that has not begun",
            "无须处理;核对 from",
            "nothing; see that from is right",
        ),
        "no-end": _code(
            Severity.NOTE,
            "通告没有失效时间",
            "a notice without an end",
            "原文有失效日期则写明;没有则写一条 assumption",
            "say the end if the notice has one; write an assumption if it has none",
        ),
    }
)
"""Every kind of finding about a rulebook. A code is stable: it is not renamed, and gets no other meaning."""
