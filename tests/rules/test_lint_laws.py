"""Laws of lint on generated rulebooks: it never fails, order is nothing to it, and what it calls idle is idle."""

from dataclasses import replace
from datetime import date

from hypothesis import event, given, settings
from hypothesis import strategies as st

from rules.conditions import holds
from rules.decide import in_windows, verdict_at
from rules.lint import CODES, lint
from rules.lint.vehicles import witness
from rules.model import Exemption, Notice, Restriction, Rulebook, Verdict
from rules.timeline import Timeline
from rules.truth import Truth
from rules.windows import DAY
from tests.support.strategies import World, rulebooks, worlds
from tests.support.timing import SHANGHAI, SHIFTED, Around, among

TODAY = date(2026, 2, 12)
# Few facts, so that conditions often contradict each other.
FEW = ("size", "mass", "energy", "claim")


def idle(rulebook: Rulebook, code: str) -> set[tuple[str, str]]:
    return {(each.document, each.key) for each in lint(rulebook, TODAY) if each.code == code}


@settings(max_examples=40)
@given(among(SHANGHAI, *SHIFTED).flatmap(lambda around: st.tuples(st.just(around), rulebooks(around.day, many=3))))
def test_lint_never_fails_and_every_code_is_known(given_: tuple[Around, Rulebook]) -> None:
    around, rulebook = given_
    for finding in lint(rulebook, around.day, around.clock):
        assert finding.code in CODES
        assert finding.key and finding.text.zh and finding.text.en
        event(finding.code)


@settings(max_examples=30)
@given(rulebooks(SHANGHAI.day, facts=FEW), st.randoms(use_true_random=False))
def test_the_order_of_notices_is_irrelevant(rulebook: Rulebook, chance) -> None:
    notices = list(rulebook.notices)
    chance.shuffle(notices)
    assert lint(replace(rulebook, notices=tuple(notices)), TODAY) == lint(rulebook, TODAY)


def without(rulebook: Rulebook, key: tuple[str, str]) -> Rulebook:
    """The rulebook without the article at a place."""

    def cut(notice: Notice) -> Notice:
        kept = [article for place, article in notice.articles() if (notice.id, place) != key]
        return replace(
            notice,
            restrictions=tuple(each for each in kept if isinstance(each, Restriction)),
            exemptions=tuple(each for each in kept if isinstance(each, Exemption)),
        )

    return replace(rulebook, notices=tuple(cut(notice) for notice in rulebook.notices))


def verdicts(world: World, rulebook: Rulebook) -> list[Verdict]:
    """The verdict at every instant of a horizon at which anything may change under the world's own rulebook."""
    timeline = Timeline(world.rulebook, world.question)
    return [verdict_at(rulebook, world.question, instant) for instant in timeline.breakpoints[::3]]


@settings(max_examples=60)
@given(worlds(arounds=(SHANGHAI,), facts=FEW, open_facts=0, many=2))
def test_taking_out_what_means_nothing_changes_no_verdict(world: World) -> None:
    """Of a vehicle that is wholly known: exemptions that lift nothing, restrictions that nobody meets or that another
    covers, duplicates."""
    for code in ("idle-exemption", "unmeetable-restriction", "shadowed-restriction", "duplicate-article"):
        for key in sorted(idle(world.rulebook, code)):
            event(code)
            assert verdicts(world, without(world.rulebook, key)) == verdicts(world, world.rulebook)


@settings(max_examples=60)
@given(rulebooks(SHANGHAI.day, facts=FEW, many=2))
def test_what_is_not_called_idle_meets_what_it_names(rulebook: Rulebook) -> None:
    """Some vehicle and some instant are found at which the exemption and a restriction that it names both may apply."""
    dead = idle(rulebook, "idle-exemption")
    for notice in rulebook.notices:
        for key, article in notice.articles():
            if isinstance(article, Exemption) and (notice.id, key) not in dead:
                named = [each for each in rulebook.restrictions() if article.names(each)]
                assert not named or any(meet(rulebook, article, each) for each in named)


def meet(rulebook: Rulebook, exemption: Exemption, restriction: Restriction) -> bool:
    products = (exemption.product, restriction.product)
    vehicle = witness([(product.condition, True) for product in products])
    if vehicle is None:
        return False
    assert all(holds(product.condition, vehicle, 0) is not Truth.NO for product in products)
    first = SHANGHAI.day.toordinal() - 30
    walls = {wall for product in products for wall in product.period.edges()}
    walls |= {
        edge for product in products for window in product.windows or () for edge in window.edges(first, first + 400)
    }
    walls |= {(first + number) * DAY for number in range(400)}
    return any(
        all(product.period.holds(wall) for product in products)
        and Truth.NO not in [in_windows(product.windows, rulebook.calendar, wall) for product in products]
        for wall in sorted(walls)
    ) or any(_needs_years(product.windows) for product in products)


def _needs_years(windows) -> bool:
    """Whether days of the year are asked for, which may fall on the right day of the week only after years."""
    return any(window.days.season is not None for window in windows or ())
