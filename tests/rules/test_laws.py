"""One test for each law that a verdict obeys, whatever the rules and whatever is known."""

from dataclasses import replace
from datetime import date, timedelta
from random import Random
from typing import TypeVar

from hypothesis import event, given
from hypothesis import strategies as st

from rules.codes import Text
from rules.conditions import Everyone
from rules.decide import Case, days_open_at, stands, verdict_at
from rules.facts import narrow
from rules.model import Exemption, Lift, Notice, Place, Product, Restriction, Rulebook, Verdict, ZoneSet
from rules.truth import Truth
from rules.windows import ALWAYS, DAY
from tests.support.strategies import SOURCE, WORDING, World, exemptions, restrictions, worlds

T = TypeVar("T")

SEVERITY = {Verdict.ALLOWED: 0, Verdict.UNDETERMINED: 1, Verdict.PROHIBITED: 2}
EVERYWHERE_ALWAYS = Product(None, None, Everyone(), ALWAYS)


def verdict(world: World) -> Verdict:
    found = verdict_at(world.rulebook, world.question, world.question.at)
    event(found)
    return found


def with_notices(world: World, *notices: Notice) -> World:
    return replace(world, rulebook=replace(world.rulebook, notices=notices))


def with_more(world: World, *, restriction: Restriction | None = None, exemption: Exemption | None = None) -> World:
    """The same with one article more, in a notice of its own."""
    added = Notice(
        "added",
        Text("加", "added"),
        ALWAYS,
        SOURCE,
        restrictions=() if restriction is None else (restriction,),
        exemptions=() if exemption is None else (exemption,),
    )
    return with_notices(world, *world.rulebook.notices, added)


@given(worlds(), st.randoms(use_true_random=False))
def test_order_never_matters(world: World, random: Random) -> None:
    def shuffled(items: tuple[T, ...]) -> tuple[T, ...]:
        return tuple(random.sample(items, len(items)))

    notices = [
        replace(each, restrictions=shuffled(each.restrictions), exemptions=shuffled(each.exemptions))
        for each in world.rulebook.notices
    ]
    assert verdict(with_notices(world, *shuffled(notices))) is verdict(world)


@given(worlds(), st.data())
def test_saying_it_twice_changes_nothing(world: World, data: st.DataObject) -> None:
    again = data.draw(st.sampled_from(world.rulebook.notices))
    repeated = replace(again, restrictions=again.restrictions * 2, exemptions=again.exemptions * 2)
    notices = [repeated if each is again else each for each in world.rulebook.notices]
    assert verdict(with_notices(world, *notices)) is verdict(world)
    vehicle = world.question.vehicle
    twice = replace(vehicle, passes=vehicle.passes * 2, credentials=vehicle.credentials * 2)
    assert verdict(world.asking(vehicle=twice)) is verdict(world)


@given(worlds(), st.data())
def test_adding_a_restriction_never_allows(world: World, data: st.DataObject) -> None:
    more = with_more(world, restriction=data.draw(restrictions(world.around, "added/r")))
    assert SEVERITY[verdict(more)] >= SEVERITY[verdict(world)]


@given(worlds(), st.data())
def test_adding_an_exemption_never_prohibits(world: World, data: st.DataObject) -> None:
    more = with_more(world, exemption=data.draw(exemptions(world.around, "added/e")))
    assert SEVERITY[verdict(more)] <= SEVERITY[verdict(world)]


def settles(before: Verdict, after: Verdict) -> bool:
    """What was settled stays as it was; what was open may become anything."""
    return before is Verdict.UNDETERMINED or after is before


@given(worlds(), st.data())
def test_learning_an_open_fact_never_flips_a_settled_verdict(world: World, data: st.DataObject) -> None:
    """Step by step from what is known to the whole truth."""
    order = data.draw(st.permutations(sorted(world.truth)))
    before = verdict(world)
    vehicle = world.question.vehicle
    for fact in order:
        learned = vehicle.with_fact(fact, world.truth[fact])
        assert learned is not None, f"{fact} contradicts what is known, and yet it is so"
        vehicle = learned
        after = verdict(world.asking(vehicle=vehicle))
        assert settles(before, after), fact
        before = after


@given(worlds(), st.data())
def test_learning_in_steps_is_learning_at_once(world: World, data: st.DataObject) -> None:
    """What is known first never decides what may be known later: a vehicle read with more facts is the same vehicle."""
    known = world.question.vehicle.facts
    chosen = data.draw(st.sets(st.sampled_from(sorted(world.truth)), max_size=4))
    stepwise = world.question.vehicle
    for fact in sorted(chosen):
        learned = stepwise.with_fact(fact, world.truth[fact])
        assert learned is not None
        stepwise = learned
    assert stepwise.facts == narrow({**known, **{fact: world.truth[fact] for fact in chosen}})


@given(worlds(), st.data())
def test_a_sharper_place_never_flips_a_settled_verdict(world: World, data: st.DataObject) -> None:
    before = verdict(world)
    remaining = data.draw(st.lists(st.sampled_from(world.question.place.alternatives), min_size=1, unique=True))
    one = data.draw(st.sampled_from(remaining))
    doubtful = sorted(one.possible - one.certain)
    inside = data.draw(st.sets(st.sampled_from(doubtful))) if doubtful else ()
    for sharper in (remaining, [one], [ZoneSet.of({*one.certain, *inside})]):
        place = replace(world.question.place, alternatives=tuple(sharper))
        after = verdict(world.asking(place=place))
        assert settles(before, after)
        before = after


@given(worlds(), st.data())
def test_a_published_day_never_flips_a_settled_verdict(world: World, data: st.DataObject) -> None:
    before = verdict(world)
    calendar = world.rulebook.calendar
    today = date.fromordinal(world.question.clock.wall(world.question.at) // DAY)
    for day in (today, today - timedelta(days=1), today + timedelta(days=1)):
        calendar = calendar.with_kind(day, data.draw(st.sampled_from(sorted(calendar.kinds(day)))))
        after = verdict(replace(world, rulebook=replace(world.rulebook, calendar=calendar)))
        assert settles(before, after)
        before = after
    assert days_open_at(calendar, world.question.clock.wall(world.question.at)) == []


@given(worlds(), st.data())
def test_a_rule_of_another_zone_changes_nothing(world: World, data: st.DataObject) -> None:
    elsewhere = frozenset({"another-town"})
    barred = data.draw(restrictions(world.around, "added/r"))
    freed = data.draw(exemptions(world.around, "added/e"))
    barred = replace(barred, product=replace(barred.product, zones=elsewhere))
    freed = replace(freed, product=replace(freed.product, zones=elsewhere))
    assert verdict(with_more(world, restriction=barred, exemption=freed)) is verdict(world)


def lifting_all(lifts: tuple[Lift, ...]) -> Exemption:
    return Exemption("added/e", "added", EVERYWHERE_ALWAYS, WORDING, lifts)


def still_standing(rulebook: Rulebook, world: World) -> dict[str, Truth]:
    wall = world.question.clock.wall(world.question.at)
    case = Case(rulebook, world.question.vehicle, world.question.place.merged())
    return {each.id: stands(each, case, wall) for each in rulebook.restrictions()}


@given(worlds(), st.data())
def test_an_exemption_lifts_what_it_names_and_nothing_else(world: World, data: st.DataObject) -> None:
    """Everyone, everywhere and always exempt: of the restrictions named none stands, the others stand as before."""
    named = data.draw(st.sets(st.sampled_from([each.id for each in world.rulebook.restrictions()]), min_size=1))
    more = with_more(world, exemption=lifting_all(tuple(Lift(restriction=each) for each in named)))
    before, after = still_standing(world.rulebook, world), still_standing(more.rulebook, more)
    assert {each: after[each] for each in after if each not in named} == {
        each: before[each] for each in before if each not in named
    }
    assert {after[each] for each in named} == {Truth.NO}


@given(worlds(), st.data())
def test_a_lift_by_tag_reaches_the_notices_it_names_and_no_other(world: World, data: st.DataObject) -> None:
    notices = data.draw(st.frozensets(st.sampled_from(["one", "two", "three"]), min_size=1))
    tag = data.draw(st.sampled_from(["peak", "night"]))
    more = with_more(world, exemption=lifting_all((Lift(tag=tag, notices=notices),)))
    before, after = still_standing(world.rulebook, world), still_standing(more.rulebook, more)
    for each in world.rulebook.restrictions():
        reached = tag in each.tags and each.notice in notices
        assert after[each.id] is (Truth.NO if reached else before[each.id])


@given(worlds(), st.data())
def test_an_emergency_order_is_lifted_by_nothing_that_was_there_before(world: World, data: st.DataObject) -> None:
    """A new notice with dates of its own: standing exemptions name it neither by id nor by tag."""
    order = data.draw(restrictions(world.around, "added/r"))
    order = replace(order, product=EVERYWHERE_ALWAYS, tags=frozenset({"peak", "night"}))
    more = with_more(world, restriction=order)
    at = world.question
    unknown_record = not world.rulebook.city.record.holds(at.clock.wall(at.at))
    expected = Verdict.UNDETERMINED if at.place.outside_coverage or unknown_record else Verdict.PROHIBITED
    assert verdict(more) is expected


@given(worlds())
def test_a_circumstance_that_is_not_claimed_is_not_so(world: World) -> None:
    """Leaving a claim out is the same as denying it, unless what was assumed is being asked for."""
    vehicle = replace(world.question.vehicle, unclaimed_open=False)
    denied = {fact: frozenset[str]() for fact in ("use", "cargo", "trip", "filing", "on_duty", "full_load")}
    said = replace(vehicle, claims={**denied, **vehicle.claims}, passes_answered=True)
    assert verdict(world.asking(vehicle=said)) is verdict(world.asking(vehicle=vehicle))


@given(worlds())
def test_opening_what_was_not_claimed_only_opens(world: World) -> None:
    """Every unclaimed circumstance unknown: a verdict may become open, and one that stays settled stays the same."""
    closed = verdict(world.asking(vehicle=replace(world.question.vehicle, unclaimed_open=False)))
    opened = verdict(world.asking(vehicle=replace(world.question.vehicle, unclaimed_open=True)))
    assert settles(opened, closed)


@given(worlds())
def test_nothing_is_settled_outside_coverage_or_outside_the_record(world: World) -> None:
    outside = replace(world.question.place, outside_coverage=True)
    assert verdict(world.asking(place=outside)) is Verdict.UNDETERMINED
    late = replace(world.rulebook.city, record_from=date(2100, 1, 1), complete_from=date(2100, 1, 1), record_until=None)
    ended = replace(world.rulebook.city, record_from=date(2000, 1, 1), record_until=date(2001, 1, 1))
    for city in (late, ended):
        assert verdict(replace(world, rulebook=replace(world.rulebook, city=city))) is Verdict.UNDETERMINED


@given(worlds())
def test_where_no_notice_speaks_everything_is_allowed(world: World) -> None:
    silent = replace(world.rulebook.only([]), city=replace(world.rulebook.city, record_until=None))
    assert verdict_at(silent, world.asking(place=Place.in_zones({"ring"})).question, 2**31) is Verdict.ALLOWED
