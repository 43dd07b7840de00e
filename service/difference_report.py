"""A comparison of two publications as text for people, short, in both languages; the whole of it is the document."""

import json
from collections.abc import Iterable, Iterator

from rules.codes import CODE_LISTS, Text
from rules.days import DayRun
from rules.difference import Change, FlipGroup, When, Who, time_of_day
from rules.facts import DOMAINS, NO_STAGE, Span
from rules.traits import Cell
from service.comparing import Comparison
from service.names import VERDICTS, name_of
from service.tables import columns

_MOST_WHO = 4
_MOST_ZONES = 6
_MOST_RUNS = 4
_MOST_DAYS = 6

_DAY_WORDS = {
    "monday": Text("周一", "Mon"),
    "tuesday": Text("周二", "Tue"),
    "wednesday": Text("周三", "Wed"),
    "thursday": Text("周四", "Thu"),
    "friday": Text("周五", "Fri"),
    "saturday": Text("周六", "Sat"),
    "sunday": Text("周日", "Sun"),
    "ordinary_workday": Text("工作日", "ordinary workdays"),
    "rest_day": Text("休息日", "rest days"),
    "statutory_holiday": Text("法定节假日", "statutory holidays"),
    "day_off_in_lieu": Text("调休放假日", "days off in lieu"),
    "makeup_workday": Text("调休上班日", "make-up workdays"),
    "unpublished": Text("未公布放假安排的日子", "days of a kind not published"),
    "odd": Text("单日", "odd dates"),
    "even": Text("双日", "even dates"),
}
_FEATURES = {
    "weekday": Text("", ""),
    "kind": Text("", ""),
    "parity": Text("", ""),
    "season": Text("每年", "every year"),
    "kind_before": Text("原为", "formerly"),
    "eve_kind": Text("前一日为", "the day before one of"),
    "eve_parity": Text("前一日为", "the day before one of"),
    "eve_season": Text("前一日在每年", "the day before in every year's"),
}
_HOW = {
    "added": Text("新增", "added"),
    "removed": Text("删除", "removed"),
    "changed": Text("修改", "changed"),
}


def difference_report(comparison: Comparison) -> str:
    """The articles behind the flips, how many flips there are, each group with its witness; then all other changes."""
    difference = comparison.law
    city = comparison.after.city
    flips = bool(difference.groups or comparison.by_law)
    bearing = [each for each in difference.changes if flips and (each.decides or "illustrative" in each.parts)]
    lines = [
        f"{city.id} {city.name.zh} {city.name.en}: {comparison.before.id} -> {comparison.after.id}",
        _counts(comparison),
    ]
    lines += _listed("条文改动 articles that changed", [_change(each) for each in bearing])
    rows = [*_overview(difference.groups, ""), *_overview(comparison.by_law, " (仅依法 by law)")]
    lines += _listed("概览 overview", columns(rows))
    for number, group in enumerate(difference.groups, 1):
        lines += ["", *_group(number, group, comparison)]
    if comparison.by_law:
        lines += ["", "仅依法(不计示例通告)结论的变化 flips of the verdict by law, without illustrative notices"]
    for number, group in enumerate(comparison.by_law, len(difference.groups) + 1):
        lines += ["", *_group(number, group, comparison)]
    stays = [each for each in difference.changes if each.stays and each not in bearing]
    stays += [each for each in bearing if "forbids" in each.parts]
    others = [each for each in difference.changes if each not in bearing and each not in stays]
    lines += _listed("影响停留 bears on stays", [_change(each) for each in stays])
    lines += _listed("不影响结论的改动 changes without effect on verdicts", [_change(each) for each in others])
    lines += _listed("日历 calendar", list(_calendar(comparison)))
    lines += _listed("图形 shapes", list(_shapes(comparison)))
    lines += _listed("区域 zones", list(_zones(comparison)))
    return "\n".join([*lines, "", f"digest {comparison.document()['digest']}"])


def _counts(comparison: Comparison) -> str:
    groups = len(comparison.law.groups) + len(comparison.by_law)
    if comparison.nothing:
        return "两个版本没有差别 no difference"
    if not groups and (comparison.reshaped or comparison.outline_changed):
        return "图形有改动;按区域编号提问的结论均不变 shapes changed; no flip at any zone asked by its id"
    if not groups:
        return "任一时刻的结论均不变 no verdict flips at any instant"
    return f"{groups} 组结论变化 {_plural('group', groups)} of verdicts that flip"


def _overview(groups: Iterable[FlipGroup], mark: str) -> Iterator[tuple[str, str]]:
    """For each verdict before and after: how many groups there are, at how many places, and the first date."""
    alike: dict[tuple[str, str], list[FlipGroup]] = {}
    for group in groups:
        alike.setdefault((group.before.value, group.after.value), []).append(group)
    for (before, after), members in alike.items():
        places = len({place for group in members for place in group.places})
        first = min(run.first for group in members for when in group.when for run in when.days)
        counts = f"{len(members)} 组 {_plural('group', len(members))}, {places} 处 {_plural('place', places)}"
        yield f"{before} -> {after}{mark}", f"{counts}, {first} 起 on"


def _plural(word: str, count: int) -> str:
    return word if count == 1 else f"{word}s"


def _group(number: int, group: FlipGroup, comparison: Comparison) -> Iterator[str]:
    before, after = VERDICTS[group.before.value], VERDICTS[group.after.value]
    yield f"{number}. {before.zh} -> {after.zh} / {group.before.value} -> {group.after.value}"
    rows = [("地点 where", _where(group))]
    rows += [("时间 when" if n == 0 else "", line) for n, line in enumerate(_times(group.when))]
    rows += [("车辆 who" if n == 0 else "", line) for n, line in enumerate(_vehicles(group.who))]
    if group.decided_before:
        rows.append(("原依据 stood", ", ".join(group.decided_before)))
    if group.decided_after:
        rows.append(("现依据 stands", ", ".join(group.decided_after)))
    if group.unless:
        rows.append(("除外 but not", "前后均另被禁止者 those prohibited both before and after by"))
        rows += [("", each) for each in group.unless]
    rows += [("例问 witness" if n == 0 else "", line) for n, line in enumerate(_witness(group, comparison))]
    yield from columns(rows, indent="   ")


def _where(group: FlipGroup) -> str:
    zones = [" × ".join(each.zones) or "各区域以外 outside every zone" for each in group.places]
    more = len(zones) - _MOST_ZONES
    return ", ".join(zones[:_MOST_ZONES]) + (f" … 另{more}处 and {more} more" if more > 0 else "")


def _times(when: tuple[When, ...]) -> Iterator[str]:
    for each in when[:_MOST_RUNS]:
        hours = ", ".join(f"{time_of_day(start)}-{time_of_day(end)}" for start, end in each.hours)
        runs = "; ".join(_run(run) for run in each.days[:_MOST_DAYS])
        more = len(each.days) - _MOST_DAYS
        yield f"{hours} @ {runs}" + (f" … 另{more}段 and {more} more" if more > 0 else "")
    if len(when) > _MOST_RUNS:
        more = len(when) - _MOST_RUNS
        yield f"… 另{more}种时段 and {more} more (--json)"


def _run(run: DayRun) -> str:
    if run.first == run.last:
        dates = run.first.isoformat()
    elif run.last is None:
        dates = f"{run.first} 起 on"
    else:
        dates = f"{run.first} 至 to {run.last}"
    words = []
    for feature, values in run.told_by:
        named = [_DAY_WORDS.get(value, Text(value, value)) for value in values]
        lead = _FEATURES[feature]
        zh, en = "、".join(each.zh for each in named), " or ".join(each.en for each in named)
        words.append(f"{lead.zh}{zh} {lead.en} {en}".replace("  ", " "))
    return " ".join([dates, *words])


def _vehicles(who: tuple[Who, ...]) -> Iterator[str]:
    for each in who[:_MOST_WHO]:
        told = [_trait(trait, cells) for trait, cells in each if cells != (False,)]
        without = [name_of(_claim(trait)) for trait, cells in each if cells == (False,)]
        if without:
            zh, en = "、".join(name.zh for name in without), ", ".join(name.en for name in without)
            told.append(Text(f"且无以下任何一项({zh})", f"and none of ({en})"))
        yield "; ".join(name.zh for name in told) or "所有车辆"
        yield "; ".join(name.en for name in told) or "every vehicle"
    if len(who) > _MOST_WHO:
        more = len(who) - _MOST_WHO
        yield f"… 另{more}类 and {more} more (--json)"


def _trait(trait: str, cells: tuple[Cell, ...]) -> Text:
    """One trait with its values, the shorter of what they are and what they are not."""
    names = [_cell(trait, cell) for cell in cells]
    return Text(" 或 ".join(each.zh for each in names), " or ".join(each.en for each in names))


def _cell(trait: str, cell: Cell) -> Text:
    if isinstance(cell, Span):
        bounds = [f"at_least:{cell.low}"] if cell.low not in (None, 1) else []
        bounds += [f"at_most:{cell.high}"] if cell.high is not None else []
        return name_of(f"{trait}:{','.join(bounds)}")
    if isinstance(cell, frozenset):
        rest = DOMAINS.get(trait, cell) - cell
        turned = trait in CODE_LISTS and 0 < len(rest) < len(cell)
        code = f"{trait}:{'|'.join(_word(value) for value in sorted(rest if turned else cell, key=str))}"
        return name_of(f"not({code})" if turned else code)
    if cell is None:
        name = name_of(trait)
        return Text(f"{name.zh}:其他或未申报", f"{name.en}: any other, or not claimed")
    return name_of(_claim(trait))


def _claim(trait: str) -> str:
    return trait if ":" in trait else f"{trait}:True"


def _word(value: object) -> str:
    return "none" if value == NO_STAGE and not isinstance(value, bool) else str(value)


def _witness(group: FlipGroup, comparison: Comparison) -> Iterator[str]:
    questions = comparison.questions(group)
    if questions["before"] == questions["after"] is not None:
        yield json.dumps(questions["after"], ensure_ascii=False)
        return
    for side, word in (("before", "原版 before"), ("after", "新版 after")):
        body = questions[side]
        told = "没有区域编号或确定的点可问 no zone's id and no certain point to ask by"
        yield f"{word}: {told if body is None else json.dumps(body, ensure_ascii=False)}"


def _change(change: Change) -> str:
    how = _HOW[change.how]
    parts = f": {', '.join(change.parts)}" if change.parts else ""
    return f"{change.what} {how.zh} {how.en}{parts}"


def _calendar(comparison: Comparison) -> Iterator[str]:
    change = comparison.law.calendar
    if change is None:
        return
    before, after = change.before, change.after
    yield f"{before.version} -> {after.version}"
    yield f"{before.covered_from}..{before.covered_until} -> {after.covered_from}..{after.covered_until}"
    for each in change.days:
        if "unpublished" not in (each.before, each.after):
            dates = f"{each.first}" if each.first == each.last else f"{each.first}..{each.last}"
            yield f"{dates}: {each.before} -> {each.after}"


def _shapes(comparison: Comparison) -> Iterator[str]:
    """What is drawn otherwise: points there may be answered otherwise, and that is in no group."""
    if comparison.reshaped:
        yield f"图形、层或误差改变 shape, level or error changed: {', '.join(comparison.reshaped)}"
    if comparison.outline_changed:
        yield "城市覆盖范围改变 the outline of the city changed"


def _zones(comparison: Comparison) -> Iterator[str]:
    difference = comparison.law
    for word, zones in (
        ("新增 added", difference.zones_added),
        ("删除 removed", difference.zones_removed),
        ("所属区域改变 lies within others", difference.zones_moved),
        ("名称、依据或质量改变 name, basis or quality changed", comparison.restated),
    ):
        if zones:
            yield f"{word}: {', '.join(zones)}"
    if comparison.most_crossing is not None:
        most = comparison.most_crossing
        yield f"多于{most}个区域重叠处未单独比较 where more than {most} zones cross was not looked at by itself"


def _listed(title: str, lines: list[str]) -> list[str]:
    return ["", title, *(f"   {line}" for line in lines)] if lines else []
