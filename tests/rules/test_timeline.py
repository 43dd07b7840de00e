"""What a timeline takes in: the articles that can bear on the question, all that is in reach, and no more work."""

from dataclasses import replace
from datetime import date

import pytest

from rules.calendar import Calendar
from rules.conditions import OneOf
from rules.errors import InvalidQuestion
from rules.model import HORIZON, Exemption, Lift, Place, Product, Question, Restriction, Rulebook, Verdict
from rules.timeline import MOST_WORK, Timeline
from rules.vehicles import Credential, Pass, Vehicle
from rules.windows import ALWAYS, DAY, EVERY_DAY, LocalClock, Window
from tests.rules.test_bounds import PEAK, ask, bounds_at, on_the_day, town
from tests.support.strategies import WORDING
from tests.support.timing import SHANGHAI


def test_only_what_can_bear_on_the_question_is_looked_at() -> None:
    """Neither what binds other vehicles or other zones, nor what lifts that."""
    (notice,) = town(PEAK).notices
    (binding,) = notice.restrictions

    def restriction(name: str, zone: str, kind: str) -> Restriction:
        condition = OneOf("kind", frozenset({kind}))
        product = Product(frozenset({zone}), (Window(EVERY_DAY, 0, 60),), condition, ALWAYS)
        return replace(binding, id=f"n/{name}", product=product)

    def exemption(name: str, lifted: str) -> Exemption:
        return Exemption(f"n/{name}", "n", binding.product, WORDING, (Lift(restriction=f"n/{lifted}"),))

    many = replace(
        notice,
        restrictions=(binding, restriction("away", "core", "truck"), restriction("others", "ring", "passenger")),
        exemptions=(exemption("e", "r"), exemption("e-away", "away"), exemption("e-others", "others")),
    )
    whole = replace(town(), notices=(many,))
    question = replace(ask(SHANGHAI, on_the_day("08:00:00")), vehicle=Vehicle({"kind": frozenset({"truck"})}))
    timeline = Timeline(whole, question)
    assert timeline.articles == ("n/r", "n/e")
    assert {article for article, _ in timeline.rulebook_here.products()} == {"n/r", "n/e"}
    assert on_the_day("01:00:00") not in timeline.breakpoints


def test_a_question_of_too_much_work_is_refused() -> None:
    """Every pass and credential is looked at between any two turns; on unpublished days once for each kind."""
    known = replace(town(), calendar=Calendar("v", date(2000, 1, 1), date(2100, 1, 1), {}, {}))
    held = Pass("pass-a", ALWAYS)

    def asking(rulebook: Rulebook, passes: int, credentials: int) -> Timeline:
        vehicle = Vehicle(passes=(held,) * passes, credentials=(Credential("aaa_rated", ALWAYS),) * credentials)
        return Timeline(rulebook, replace(ask(SHANGHAI, on_the_day("08:00:00")), vehicle=vehicle))

    assert len(asking(known, 0, 0).breakpoints) == 2
    assert asking(known, MOST_WORK // 2 - 9, 9).work == MOST_WORK
    with pytest.raises(InvalidQuestion) as refused:
        asking(known, MOST_WORK // 2 - 9, 10)
    assert (refused.value.field, refused.value.code) == ("vehicle/passes", "too-much-work")
    assert "通行证" in refused.value.zh and "too many passes" in refused.value.en
    unpublished = asking(town(), 2, 3)
    assert unpublished.work == 3 * 5 * len(unpublished.breakpoints)


@pytest.mark.parametrize(("opened", "hours"), [(0, (9 * 60, 10 * 60)), (-1, (20 * 60, 34 * 60))])
def test_what_turned_on_the_first_day_in_reach_is_found(opened: int, hours: tuple[int, int]) -> None:
    """Fourteen days ago a window ended at ten, opened that morning or the night before."""
    day = date(2026, 1, 29 + opened)
    known = Calendar("v", date(2000, 1, 1), date(2100, 1, 1), {}, {})
    rulebook = town(Window(replace(EVERY_DAY, dates=frozenset({day})), *hours))
    outcome = bounds_at("08:00:00", replace(rulebook, calendar=known))
    assert (outcome.verdict, outcome.holds_from) == (Verdict.ALLOWED, on_the_day("10:00:00") - HORIZON)


def test_what_turned_on_a_day_that_the_clock_left_again_is_found() -> None:
    """At half past midnight the clock goes back an hour, ten minutes before the end of what is in reach."""
    shift = on_the_day("00:30:00")
    clock = LocalClock(((0, 8 * 3600), (shift, 7 * 3600)))
    known = Calendar("v", date(2000, 1, 1), date(2100, 1, 1), {}, {})
    rulebook = replace(town(Window(EVERY_DAY, 15, 45)), calendar=known)
    question = Question(Vehicle(), Place.in_zones({"ring"}), shift + 600 - HORIZON, clock)
    timeline = Timeline(rulebook, question)
    found = [timeline.verdict(instant) for instant in (shift - 901, shift - 900, shift - 1, shift)]
    assert found == [Verdict.ALLOWED, Verdict.PROHIBITED, Verdict.PROHIBITED, Verdict.ALLOWED]


def test_instants_that_differ_in_nothing_read_are_told_once() -> None:
    start = on_the_day("08:00:00")  # a Thursday
    timeline = Timeline(town(PEAK), ask(SHANGHAI, start))
    nine, seven = on_the_day("09:00:00"), on_the_day("07:00:00") + DAY
    assert {nine, seven} <= {point for point, _ in timeline.moments(start, start + DAY)}
    assert list(timeline.different(start, start + DAY)) == [start, nine]
