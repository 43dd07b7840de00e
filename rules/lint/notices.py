"""Findings about notices as wholes: dates, sources, assumptions, kinds of pass, filings, and the calendar's reach."""

from collections.abc import Iterator
from datetime import date

from rules.codes import Text
from rules.conditions import AllOf, AnyOf, Condition, Not, OneOf
from rules.lint.findings import CALENDAR, CITY, Finding
from rules.lint.times import reads_kinds
from rules.model import HORIZON, Notice, Rulebook
from rules.windows import DAY

STALE_AFTER_DAYS = 365
"""A source that was last read longer ago than this is stale."""


def findings_of_notices(rulebook: Rulebook, today: date) -> Iterator[Finding]:
    """What is to be said of each notice, of the city's kinds of pass and filings, and of the calendar, on a day."""
    for notice in rulebook.notices:
        yield from _dates(notice, today)
        yield from _citation(notice, today)
        yield from _assumptions(notice)
    yield from _city(rulebook)
    yield from _calendar(rulebook, today)


def ended(notice: Notice, today: date) -> bool:
    """Whether the notice was over when the day began."""
    return notice.period.end is not None and notice.period.end <= today.toordinal() * DAY


def _dates(notice: Notice, today: date) -> Iterator[Finding]:
    period = notice.period
    if period.start is None:
        yield Finding(
            "no-beginning",
            notice.id,
            "in_force",
            Text("未写施行时间,等于自始有效", "no beginning is said, so that it binds since ever"),
        )
    elif period.start >= (today.toordinal() + 1) * DAY:
        first = date.fromordinal(period.start // DAY).isoformat()
        text = Text(f"自{first}起施行", f"it begins on {first}")
        yield Finding("notice-not-begun", notice.id, "in_force.from", text)
    if period.end is None:
        text = Text("未写失效时间,一直有效", "no end is said: it stands until somebody writes one")
        yield Finding("no-end", notice.id, "in_force", text)
    elif ended(notice, today):
        last = date.fromordinal((period.end - 1) // DAY).isoformat()
        text = Text(f"已于{last}失效", f"it ended on {last}")
        yield Finding("notice-expired", notice.id, "in_force", text)


def _citation(notice: Notice, today: date) -> Iterator[Finding]:
    source = notice.source
    read = source.verified_on.isoformat()
    if not notice.illustrative and source.grade == "none":
        text = Text("来源等级为 none,却不是示范通告", "its source has grade none, and it is not illustrative")
        yield Finding("citation-without-source", notice.id, "source.grade", text)
    elif not notice.illustrative and source.url is None:
        text = Text("未写读到原文的网址", "no url is said at which it was read")
        yield Finding("citation-without-url", notice.id, "source.url", text)
    days = (today - source.verified_on).days
    if days < 0:
        text = Text(f"核对日期{read}晚于今天", f"it was read on {read}, later than today")
        yield Finding("citation-from-the-future", notice.id, "source.verified_on", text)
    elif days > STALE_AFTER_DAYS and not ended(notice, today):
        text = Text(f"最后核对于{read},已{days}天", f"it was last read on {read}, {days} days ago")
        yield Finding("citation-stale", notice.id, "source.verified_on", text)


def _assumptions(notice: Notice) -> Iterator[Finding]:
    used = frozenset(notice.rests_on).union(*(article.assumptions for _, article in notice.articles()))
    for number, assumption in enumerate(notice.assumptions):
        if assumption.id not in used:
            text = Text(f"推定 {assumption.id} 无条文引用", f"nothing rests on assumption {assumption.id}")
            yield Finding("unused-assumption", notice.id, f"assumption[{number}]", text)
    if notice.illustrative and not notice.rests_on:
        text = Text("示范通告未写所据", "it does not say what it rests on")
        yield Finding("illustrative-without-basis", notice.id, "assumptions", text)


def _city(rulebook: Rulebook) -> Iterator[Finding]:
    city = rulebook.city
    asked = frozenset[str]().union(*(exemption.passes for exemption in rulebook.exemptions()))
    for number, kind in enumerate(city.pass_kinds):
        if kind.id not in asked:
            text = Text(f"没有豁免要求 {kind.id}", f"no exemption asks for {kind.id}")
            yield Finding("unused-pass-kind", CITY, f"pass_kinds[{number}]", text)
    known = {filing.id for filing in city.filings}
    named: set[str] = set()
    for notice in rulebook.notices:
        for key, article in notice.articles():
            filings = set(_filings(article.product.condition))
            named |= filings
            for filing in sorted(filings - known):
                text = Text(f"city.toml 未登记备案 {filing}", f"city.toml knows no filing {filing}")
                yield Finding("undeclared-filing", notice.id, f"{key}.vehicles", text)
    for number, filing_kind in enumerate(city.filings):
        if filing_kind.id not in named:
            text = Text(f"没有条文要求 {filing_kind.id}", f"no article asks for {filing_kind.id}")
            yield Finding("unused-filing", CITY, f"filings[{number}]", text)


def _filings(condition: Condition) -> Iterator[str]:
    match condition:
        case OneOf("filing", values):
            yield from (str(value) for value in values)
        case Not(inner):
            yield from _filings(inner)
        case AllOf(conditions) | AnyOf(conditions):
            for each in conditions:
                yield from _filings(each)


def _calendar(rulebook: Rulebook, today: date) -> Iterator[Finding]:
    calendar = rulebook.calendar
    left = (calendar.covered_until - today).days
    if left * DAY >= HORIZON:
        return
    for notice in sorted(rulebook.notices, key=lambda each: each.id):
        if ended(notice, today):
            continue
        for key, article in notice.articles():
            if any(reads_kinds(window.days) for window in article.product.windows or ()):
                until = calendar.covered_until.isoformat()
                yield Finding(
                    "calendar-ends",
                    CALENDAR,
                    "covered_until",
                    Text(
                        f"日历只到{until},而 {notice.id} 的 {key} 取决于日类",
                        f"it knows no day after {until}, and {key} of {notice.id} hangs on the kind of day",
                    ),
                )
                return
