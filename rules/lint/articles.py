"""Findings about single articles and pairs of them: windows, vehicles, what exemptions lift, and what is said twice."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from rules.codes import Text
from rules.conditions import Condition, describe
from rules.lint.findings import Finding
from rules.lint.times import Time, both, covers, empty, ever, some_together, together
from rules.lint.vehicles import can_be
from rules.model import Exemption, Forbids, Notice, Product, Restriction, Rulebook
from rules.truth import Truth
from rules.windows import ALWAYS, Period, Window

_LONGEST_SAID = 200


@dataclass(frozen=True, slots=True)
class Layout:
    """What the shapes say of zones, as plain data.

    `within` are all zones that hold a zone by declaration, `beside` those that may hold a place together with it. A
    zone that is not among the keys may be anywhere.
    """

    within: Mapping[str, frozenset[str]] = field(default_factory=lambda: MappingProxyType({}))
    beside: Mapping[str, frozenset[str]] = field(default_factory=lambda: MappingProxyType({}))

    def meet(self, first: frozenset[str] | None, second: frozenset[str] | None) -> bool:
        """Whether a place may lie in zones of both; None is everywhere."""
        if first is None or second is None:
            return True
        return any(other == zone or other in self.beside.get(zone, (other,)) for zone in first for other in second)

    def covered(self, inner: frozenset[str] | None, outer: frozenset[str] | None) -> bool:
        """Whether every place in the inner zones lies in the outer ones."""
        if outer is None:
            return True
        return inner is not None and all(
            zone in outer or bool(self.within.get(zone, frozenset()) & outer) for zone in inner
        )


@dataclass(slots=True)
class _Vehicles:
    """What conditions have to do with each other, each question asked once; after some without an answer, no more."""

    _found: dict[tuple[tuple[Condition, bool], ...], Truth]
    _patience: int = 20

    def can_be(self, *goals: tuple[Condition, bool]) -> Truth:
        if self._patience == 0:
            return Truth.UNKNOWN
        if goals not in self._found:
            self._found[goals] = can_be(*goals)
            self._patience -= self._found[goals] is Truth.UNKNOWN
        return self._found[goals]


def findings_of_articles(rulebook: Rulebook, time: Time, layout: Layout) -> Iterator[Finding]:
    """What is to be said of the articles of a rulebook."""
    vehicles = _Vehicles({})
    for notice in sorted(rulebook.notices, key=lambda each: each.id):
        for key, article in notice.articles():
            yield from _windows(notice, key, article.product, time)
            if isinstance(article, Restriction):
                if vehicles.can_be((article.product.condition, True)) is Truth.NO:
                    said = describe(article.product.condition)[:_LONGEST_SAID]
                    text = Text(f"没有车辆能够符合 {said}", f"no vehicle can meet {said}")
                    yield Finding("unmeetable-restriction", notice.id, f"{key}.vehicles", text)
                yield from _penalties(notice, key, article)
            else:
                yield from _lifting(rulebook, notice, key, article, time, layout, vehicles)
    yield from _said_twice(rulebook)
    yield from _shadowed(rulebook, time, layout, vehicles)


def _windows(notice: Notice, key: str, product: Product, time: Time) -> Iterator[Finding]:
    windows = product.windows or ()
    held = [ever(window, product.period, time) for window in windows]
    for number, window in enumerate(windows):
        if not held[number]:
            yield Finding("empty-window", notice.id, f"{key}.windows[{number}]", _why_empty(window, product, time))
    for number, window in enumerate(windows):
        for other in range(number):
            if held[number] and held[other] and together(windows[other], window, product.period, time):
                text = Text(
                    f"与 windows[{other}] 重叠,二者合并计", f"it overlaps windows[{other}]; the two count as one"
                )
                yield Finding("overlapping-windows", notice.id, f"{key}.windows[{number}]", text)


def _why_empty(window: Window, product: Product, time: Time) -> Text:
    if time.gaps and ever(window, product.period, Time(time.calendar)):
        return Text("所在钟点因夏令时调整被跳过", "the clock skips its hours on every day on which it would hold")
    if ever(window, ALWAYS, Time(time.calendar)):
        return Text("其日期都不在条文有效期内", "it never holds while the article is in force")
    return Text("其日期条件没有任何一天符合", "no day meets its days, exceptions, season, parity and dates")


def _penalties(notice: Notice, key: str, restriction: Restriction) -> Iterator[Finding]:
    fined_from, end = restriction.penalised_from, restriction.product.period.end
    if fined_from is not None and end is not None and end <= fined_from:
        text = Text("处罚开始时它已失效", "it has ended before anybody is fined")
        yield Finding("never-penalised", notice.id, f"{key}.penalised_from", text)


def _lifting(
    rulebook: Rulebook,
    notice: Notice,
    key: str,
    exemption: Exemption,
    time: Time,
    layout: Layout,
    vehicles: _Vehicles,
) -> Iterator[Finding]:
    idle: dict[int, set[str]] = {}
    some_meets = False
    for number, lift in enumerate(exemption.lifts):
        reached = [each for each in rulebook.restrictions() if lift.reaches(each)]
        if not reached:
            what = lift.restriction or lift.notice or lift.tag
            text = Text(f"{what} 没有指到任何限制", f"{what} reaches no restriction")
            yield Finding("empty-lift", notice.id, f"{key}.lifts[{number}]", text)
            continue
        apart = [_apart(restriction.product, exemption.product, time, layout, vehicles) for restriction in reached]
        if None in apart:
            some_meets = True
        else:
            idle[number] = {part for part in apart if part is not None}
    if some_meets:
        for number, parts in idle.items():
            yield Finding("idle-lift", notice.id, f"{key}.lifts[{number}]", _never_met(parts))
    elif idle:
        yield Finding("idle-exemption", notice.id, key, _never_met(set().union(*idle.values())))


def _never_met(apart: set[str]) -> Text:
    parts = [said for part, said in _PARTS.items() if part in apart]
    return Text(
        f"与所指限制不相交:{'、'.join(each.zh for each in parts)}",
        f"it never meets what it names: {', '.join(each.en for each in parts)}",
    )


_PARTS = MappingProxyType(
    {
        "zones": Text("区域", "other zones"),
        "dates": Text("有效期", "other dates"),
        "windows": Text("时段", "other hours"),
        "vehicles": Text("车辆", "other vehicles"),
    }
)


def _apart(first: Product, second: Product, time: Time, layout: Layout, vehicles: _Vehicles) -> str | None:
    """The first dimension in which two articles never meet; None if they may."""
    if not layout.meet(first.zones, second.zones):
        return "zones"
    shared = both(first.period, second.period)
    if empty(shared):
        return "dates"
    if not some_together(first.windows, second.windows, shared, time):
        return "windows"
    if vehicles.can_be((first.condition, True), (second.condition, True)) is Truth.NO:
        return "vehicles"
    return None


def _said_twice(rulebook: Rulebook) -> Iterator[Finding]:
    seen: dict[object, str] = {}
    for notice in sorted(rulebook.notices, key=lambda each: each.id):
        for key, article in notice.articles():
            said = _sense(rulebook, notice, article)
            if said in seen:
                text = Text(f"与 {seen[said]} 完全相同", f"it says the same as {seen[said]}")
                yield Finding("duplicate-article", notice.id, key, text)
            else:
                seen[said] = article.id


def _sense(rulebook: Rulebook, notice: Notice, article: Restriction | Exemption) -> object:
    """All of an article that a verdict hangs on; equal articles have equal ones, in whatever order they are written."""
    product = article.product
    windows = None if product.windows is None else frozenset(product.windows)
    common = (notice.illustrative, product.zones, windows, product.condition, product.period)
    if isinstance(article, Restriction):
        lifting = frozenset(each.id for each in rulebook.lifting(article))
        return ("restriction", *common, article.forbids, article.penalised_from, lifting)
    return ("exemption", *common, frozenset(article.lifts), article.passes)


def _shadowed(rulebook: Rulebook, time: Time, layout: Layout, vehicles: _Vehicles) -> Iterator[Finding]:
    every = [
        (notice, key, article)
        for notice in sorted(rulebook.notices, key=lambda each: each.id)
        for key, article in notice.articles()
        if isinstance(article, Restriction)
    ]
    senses = {article.id: _sense(rulebook, notice, article) for notice, _, article in every}
    place = {article.id: number for number, (_, _, article) in enumerate(every)}

    def covers_it(inner: Restriction, outer: Restriction) -> bool:
        return _weaker(rulebook, inner, outer) and _covered(inner.product, outer.product, time, layout, vehicles)

    for notice, key, inner in every:
        for other, _, outer in every:
            if senses[inner.id] == senses[outer.id] or (other.illustrative and not notice.illustrative):
                continue
            if not covers_it(inner, outer):
                continue
            if notice.illustrative != other.illustrative or not covers_it(outer, inner):
                text = Text(f"{outer.id} 已完全覆盖它", f"{outer.id} covers it wholly")
                yield Finding("shadowed-restriction", notice.id, key, text)
                break
            if place[outer.id] < place[inner.id]:
                # Each covers the other: one of them is enough, and the first of them stays.
                text = Text(f"与 {outer.id} 用词不同而效力相同", f"it says in other words what {outer.id} says")
                yield Finding("duplicate-article", notice.id, key, text)
                break


def _weaker(rulebook: Rulebook, inner: Restriction, outer: Restriction) -> bool:
    """Whether the outer stands, with at least the inner's force, wherever both apply and the inner stands."""
    lifting_inner, lifting_outer = (
        frozenset(each.id for each in rulebook.lifting(restriction)) for restriction in (inner, outer)
    )
    fined_from = outer.penalised_from
    return (
        lifting_outer <= lifting_inner
        and outer.forbids in (inner.forbids, Forbids.PRESENCE)
        and (fined_from is None or (inner.penalised_from is not None and fined_from <= inner.penalised_from))
    )


def _covered(inner: Product, outer: Product, time: Time, layout: Layout, vehicles: _Vehicles) -> bool:
    return (
        layout.covered(inner.zones, outer.zones)
        and both(inner.period, outer.period) == inner.period
        and _once(inner, outer, time)
        and vehicles.can_be((inner.condition, True), (outer.condition, False)) is Truth.NO
        and vehicles.can_be((inner.condition, True)) is Truth.YES
    )


def _once(inner: Product, outer: Product, time: Time) -> bool:
    """Whether the outer's windows cover the inner's, which hold at some time at all."""
    held = _held(inner.windows, inner.period, time)
    return held != () and covers(outer.windows, held, inner.period, time)


def _held(windows: Iterable[Window] | None, period: Period, time: Time) -> tuple[Window, ...] | None:
    if windows is None:
        return None
    return tuple(window for window in windows if ever(window, period, time))
