"""Lint of articles, case by case: what the shapes add, what covers what, and whose word counts for less."""

from dataclasses import replace
from datetime import date

import pytest

from rules.calendar import Calendar
from rules.codes import Text
from rules.conditions import AllOf, Bounds, Condition, OneOf
from rules.lint import Layout, lint
from rules.model import City, Exemption, Forbids, Lift, Notice, Product, Restriction, Rulebook, Source, Wording
from rules.windows import ALWAYS, DAY, EVERY_DAY, LocalClock, Period, Window

TODAY = date(2026, 11, 24)
TEXT = Text("文", "text")
WORDING = Wording(TEXT, "paraphrase")
CITY = City("town", TEXT, "Asia/Shanghai", date(2020, 1, 1), date(2020, 1, 1))
TRUCKS = OneOf("kind", frozenset({"truck"}))
PEAK = Window(EVERY_DAY, 420, 540)
YEAR = Period.of_dates(date(2026, 1, 1), date(2026, 12, 31))


def product(
    zones: str | None = "ring", *windows: Window, condition: Condition = TRUCKS, period: Period = YEAR
) -> Product:
    return Product(None if zones is None else frozenset({zones}), windows or None, condition, period)


def bars(name: str, what: Product, **more: object) -> Restriction:
    return Restriction(f"n/{name}", "n", what, WORDING, **more)  # type: ignore[arg-type]


def frees(name: str, what: Product, *restrictions: str) -> Exemption:
    return Exemption(f"n/{name}", "n", what, WORDING, tuple(Lift(restriction=each) for each in restrictions))


def notice(*articles: Restriction | Exemption, name: str = "n", illustrative: bool = False) -> Notice:
    """A notice of these articles, named after it."""
    own = [replace(each, id=f"{name}/{each.id.split('/')[1]}", notice=name) for each in articles]
    return Notice(
        name,
        TEXT,
        YEAR,
        Source("P", "https://example.org", TODAY),
        tuple(each for each in own if isinstance(each, Restriction)),
        tuple(each for each in own if isinstance(each, Exemption)),
        illustrative=illustrative,
        rests_on=("x",),
    )


def found(*notices: Notice, layout: Layout | None = None, clock: LocalClock | None = None) -> set[tuple[str, str, str]]:
    book = Rulebook(CITY, Calendar("test", date(2020, 1, 1), date(2026, 12, 31), {}, {}), notices)
    return {(each.code, each.document, each.key) for each in lint(book, TODAY, clock, layout)}


APART = Layout({"ring": frozenset(), "far": frozenset()}, {"ring": frozenset({"ring"}), "far": frozenset({"far"})})
NESTED = Layout({"ring": frozenset({"city"}), "city": frozenset()})


def test_zones_meet_unless_the_shapes_say_that_they_do_not() -> None:
    law = notice(bars("r", product("ring")), frees("e", product("far"), "n/r"))
    assert found(law) == set()
    assert found(law, layout=APART) == {("idle-exemption", "n", "exemptions[0]")}
    everywhere = notice(bars("r", product("ring")), frees("e", product(None), "n/r"))
    assert found(everywhere, layout=APART) == set()


@pytest.mark.parametrize(
    "what",
    [
        product(period=Period(YEAR.start, date(2026, 3, 1).toordinal() * DAY)),
        product("ring", Window(EVERY_DAY, 540, 600)),
        product(condition=OneOf("kind", frozenset({"passenger"}))),
        product(condition=AllOf((Bounds("length_mm", above=6000), Bounds("length_mm", below=5000)))),
    ],
)
def test_an_exemption_that_never_meets_what_it_names(what: Product) -> None:
    barred = product("ring", PEAK, period=Period(date(2026, 3, 1).toordinal() * DAY, YEAR.end))
    assert ("idle-exemption", "n", "exemptions[0]") in found(notice(bars("r", barred), frees("e", what, "n/r")))


def test_one_of_several_lifts_meets_nothing() -> None:
    law = notice(bars("a", product("far")), bars("r", product("ring", PEAK)), frees("e", product("ring"), "n/a", "n/r"))
    assert found(law, layout=APART) == {("idle-lift", "n", "exemptions[0].lifts[0]")}


def test_one_of_several_restrictions_that_a_lift_names_is_enough() -> None:
    law = notice(bars("a", product("far")), bars("r", product("ring", PEAK)))
    frees_all = replace(frees("e", product("ring")), lifts=(Lift(notice="n"),))
    assert found(replace(law, exemptions=(replace(frees_all, id="n/e"),)), layout=APART) == set()


@pytest.mark.parametrize(("fined_from", "late"), [(YEAR.end, True), (YEAR.end - 1, False)])
def test_penalties_that_begin_when_all_is_over(fined_from: int, late: bool) -> None:
    expected = {("never-penalised", "n", "restrictions[0].penalised_from")} if late else set()
    assert found(notice(bars("r", product(), penalised_from=fined_from))) == expected


def test_each_covers_the_other() -> None:
    """Two wordings of one bound: one is to go, and not both."""
    long, as_long = (
        product("ring", PEAK, condition=Bounds("length_mm", above=5999)),
        product("ring", PEAK, condition=Bounds("length_mm", at_least=6000)),
    )
    assert found(notice(bars("a", long), bars("b", as_long))) == {("duplicate-article", "n", "restrictions[1]")}
    wide = product("ring", condition=Bounds("length_mm", at_least=5000))
    assert found(notice(bars("a", long), bars("b", as_long), bars("c", wide))) == {
        ("shadowed-restriction", "n", "restrictions[0]"),
        ("duplicate-article", "n", "restrictions[1]"),
    }


def test_the_same_article_in_two_notices() -> None:
    one, other = notice(bars("r", product("ring", PEAK))), notice(bars("q", product("ring", PEAK)), name="other")
    assert found(one, other) == {("duplicate-article", "other", "restrictions[0]")}
    assert found(other, one) == found(one, other)


def test_windows_in_another_order_say_the_same() -> None:
    evening = Window(EVERY_DAY, 1020, 1140)
    law = notice(bars("a", product("ring", PEAK, evening)), bars("b", product("ring", evening, PEAK)))
    assert found(law) == {("duplicate-article", "n", "restrictions[1]")}


def test_a_restriction_within_another_zone_is_covered() -> None:
    law = notice(bars("all", product("city")), bars("peak", product("ring", PEAK)))
    assert found(law) == set()
    assert found(law, layout=NESTED) == {("shadowed-restriction", "n", "restrictions[1]")}


HEAVY = AllOf((TRUCKS, OneOf("size", frozenset({"heavy"}))))
FINED = YEAR.end - DAY
SHADOWED = {("shadowed-restriction", "n", "restrictions[1]")}


@pytest.mark.parametrize(
    ("outer", "inner", "covered"),
    [
        (bars("o", product()), bars("i", product("ring", PEAK, condition=HEAVY)), True),
        (
            bars("o", product(condition=Bounds("total_mass_kg", at_least=12000))),
            bars("i", product(condition=HEAVY)),
            True,
        ),
        (bars("o", product(condition=HEAVY)), bars("i", product("ring", PEAK)), False),
        (bars("o", product("ring", PEAK)), bars("i", product(condition=HEAVY)), False),
        (bars("o", product(), forbids=Forbids.PRESENCE), bars("i", product("ring", PEAK)), True),
        (bars("o", product()), bars("i", product("ring", PEAK), forbids=Forbids.PRESENCE), False),
        # Nobody is fined yet where the outer one bars.
        (bars("o", product(), penalised_from=FINED), bars("i", product("ring", PEAK)), False),
        (bars("o", product()), bars("i", product("ring", PEAK), penalised_from=FINED), True),
        (bars("o", product(period=Period(None, YEAR.start))), bars("i", product("ring", PEAK)), False),
    ],
)
def test_what_covers_what(outer: Restriction, inner: Restriction, covered: bool) -> None:
    assert found(notice(outer, inner)) == (SHADOWED if covered else set())


def test_what_is_lifted_more_easily_covers_nothing() -> None:
    outer, inner, light = (
        bars("o", product()),
        bars("i", product("ring", PEAK)),
        product(condition=OneOf("size", frozenset({"light"}))),
    )
    assert found(notice(outer, inner, frees("e", light, "n/o"))) == set()
    assert found(notice(outer, inner, frees("e", light, "n/o", "n/i"))) == SHADOWED
    assert found(notice(outer, inner, frees("e", light, "n/i"))) == SHADOWED


def test_an_illustrative_restriction_covers_no_law() -> None:
    shown, law = notice(bars("o", product()), name="shown", illustrative=True), notice(bars("i", product("ring", PEAK)))
    assert found(shown, law) == set()
    law, shown = notice(bars("o", product())), notice(bars("i", product("ring", PEAK)), name="shown", illustrative=True)
    assert found(law, shown) == {("shadowed-restriction", "shown", "restrictions[0]")}


def test_a_window_that_the_clock_skips_is_empty() -> None:
    clock = LocalClock(((0, 3600), (1_774_746_000, 7200)))
    day = replace(EVERY_DAY, dates=frozenset({date(2026, 3, 29)}))
    law = notice(bars("r", product("ring", Window(day, 135, 165))))
    assert found(law, clock=clock) == {("empty-window", "n", "restrictions[0].windows[0]")}
    assert found(law) == set()


def test_an_empty_window_covers_and_overlaps_nothing() -> None:
    never = Window(replace(EVERY_DAY, dates=frozenset({date(2020, 1, 1)})), 420, 540)
    law = notice(bars("r", product("ring", PEAK, never)), bars("q", product("ring", never)))
    assert found(law) == {
        ("empty-window", "n", "restrictions[0].windows[1]"),
        ("empty-window", "n", "restrictions[1].windows[0]"),
    }


def test_dates_that_nobody_said() -> None:
    assert ("no-end", "n", "in_force") in found(replace(notice(bars("r", product())), period=ALWAYS))
    assert ("no-beginning", "n", "in_force") in found(replace(notice(bars("r", product())), period=ALWAYS))
