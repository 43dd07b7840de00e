"""The definition against a second, naive one: a settled verdict is the verdict of every way the open may turn out."""

from dataclasses import replace
from typing import TypeVar

from hypothesis import assume, event, given
from hypothesis import strategies as st

from rules.decide import verdict_at
from rules.facts import narrow
from rules.model import Exemption, Restriction, Verdict, ZoneSet
from tests.rules.test_fine_print import ask, city, exemption, notice, restriction
from tests.support.naive import combinations, completions, prohibited
from tests.support.strategies import World, worlds


def verdict(world: World) -> Verdict:
    return verdict_at(world.rulebook, world.question, world.question.at)


def in_record(world: World) -> World:
    """The same where and when the record reaches, nothing that was not claimed being open."""
    question = world.question
    return replace(
        world.asking(
            place=replace(question.place, outside_coverage=False),
            vehicle=replace(question.vehicle, unclaimed_open=False),
        ),
        rulebook=replace(
            world.rulebook,
            city=replace(world.rulebook.city, record_from=world.rulebook.city.record_from.min, record_until=None),
        ),
    )


def outcomes(world: World) -> set[Verdict]:
    return {Verdict.PROHIBITED if prohibited(world.rulebook, each) else Verdict.ALLOWED for each in completions(world)}


@given(worlds(open_facts=2))
def test_a_settled_verdict_is_that_of_every_completion(world: World) -> None:
    assume(combinations(world) <= 300)
    world = in_record(world)
    found = verdict(world)
    event(found)
    if found is not Verdict.UNDETERMINED:
        assert outcomes(world) == {found}


Article = TypeVar("Article", Restriction, Exemption)


def with_nothing_open(world: World) -> World:
    """The truth itself: every fact, one set of zones, a calendar that covers all, no end left unpublished."""
    alternatives = (ZoneSet.of(world.question.place.alternatives[0].certain),)
    calendar = world.rulebook.calendar
    whole = replace(calendar, covered_until=calendar.covered_until.max)

    def sure(article: Article) -> Article:
        windows = article.product.windows
        ended = None if windows is None else tuple(replace(each, certain_until=None) for each in windows)
        return replace(article, product=replace(article.product, windows=ended))

    notices = tuple(
        replace(
            each,
            restrictions=tuple(sure(article) for article in each.restrictions),
            exemptions=tuple(sure(article) for article in each.exemptions),
        )
        for each in world.rulebook.notices
    )
    vehicle = world.question.vehicle
    passes = tuple(
        replace(each, hours=tuple(replace(hours, certain_until=None) for hours in each.hours))
        for each in vehicle.passes
    )
    # Exactly across a one-way rule is open even when the heading is known.
    headed = {**world.truth, "heading_deg": frozenset({10.0})}
    return replace(
        world.asking(
            place=replace(world.question.place, alternatives=alternatives),
            vehicle=replace(vehicle, facts=headed, passes=passes),
        ),
        truth=headed,
        rulebook=replace(world.rulebook, notices=notices, calendar=whole),
    )


@given(worlds())
def test_where_nothing_is_open_the_verdict_is_the_plain_one(world: World) -> None:
    world = with_nothing_open(in_record(world))
    found = verdict(world)
    event(found)
    assert outcomes(world) == {found}


GROUP_OF_FACT = {
    "kind": "kind",
    "body": "body",
    "energy": "energy",
    "emission_stage": "stage",
    "tail_digit": "plate",
    "plate_prefix": "plate",
    "length_mm": "length",
    "rated_load_kg": "mass",
    "size": "size",
}


@given(st.sampled_from(sorted(GROUP_OF_FACT)), st.data())
def test_one_missing_fact_leaves_a_verdict_open_only_if_it_matters(fact: str, data: st.DataObject) -> None:
    """One missing fact: the same settled verdict for every value that the rules tell apart is the verdict."""
    world = data.draw(worlds(facts=(GROUP_OF_FACT[fact],)))
    world = with_nothing_open(in_record(world))
    known = narrow({name: value for name, value in world.truth.items() if name != fact})
    world = world.asking(vehicle=replace(world.question.vehicle, facts=known))
    found, possible = verdict(world), outcomes(world)
    event(found)
    assert found is (possible.pop() if len(possible) == 1 else Verdict.UNDETERMINED)


@given(worlds(open_facts=0))
def test_an_unpublished_day_leaves_a_verdict_open_only_if_it_matters(world: World) -> None:
    """One day unknown, everything else known."""
    covered = world.rulebook.calendar
    world = with_nothing_open(in_record(world))
    world = replace(world, rulebook=replace(world.rulebook, calendar=covered))
    opened = [each for each in completions(world)]
    assume(len(opened) <= 3)
    found, possible = verdict(world), outcomes(world)
    assert found is (possible.pop() if len(possible) == 1 else Verdict.UNDETERMINED)


def test_an_article_that_binds_and_two_exemptions_that_between_them_lift_it_for_everyone() -> None:
    """The missing fact is read by the exemptions alone, and whatever it is, one of them applies."""
    clean, dirty = "{ emission_stage = { at_least = 5 } }", "{ emission_stage = { below = 5 } }"
    lifting = [exemption(name, '{ restriction = "r" }', who) for name, who in (("a", clean), ("b", dirty))]
    assert ask(city(notice("n", restriction("r"), *lifting)), energy="diesel").verdict is Verdict.ALLOWED
    answer = ask(city(notice("n", restriction("r"), lifting[0])), energy="diesel")
    assert (answer.verdict, answer.missing) == (Verdict.UNDETERMINED, ("emission_stage",))
