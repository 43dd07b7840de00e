"""A schedule says of each of its seconds what the whole answer to that second says, and ends where that changes."""

from dataclasses import replace
from datetime import date
from types import MappingProxyType

import pytest
from hypothesis import event, given
from hypothesis import strategies as st

from rules.calendar import Calendar
from rules.conditions import Condition, Everyone, OneOf
from rules.decision import Basis, DecidedStretch, Reason, State
from rules.explain import decide
from rules.model import City, Notice, Place, Product, Question, Restriction, Rulebook, Verdict, ZoneSet
from rules.schedule import schedule
from rules.timeline import Timeline
from rules.vehicles import Vehicle
from rules.windows import ALWAYS, DAY, EVERY_DAY, Window
from tests.support.strategies import SOURCE, TEXT, WORDING, World, worlds
from tests.support.timing import SHANGHAI


def with_illustrative(world: World, which: frozenset[int], drawn: bool) -> World:
    """Some notices made illustrative; and the place as it would be if fix and shapes were exact, where `drawn`."""
    notices = tuple(
        replace(notice, illustrative=number in which) for number, notice in enumerate(world.rulebook.notices)
    )
    place = world.question.place
    place = replace(place, as_drawn=place.alternatives[:1] if drawn else None)
    return replace(world.asking(place=place), rulebook=replace(world.rulebook, notices=notices))


def answered(world: World, instant: int) -> tuple[Verdict, Verdict, Basis]:
    """What the whole answer at an instant says of verdict, verdict by law, and what decides it."""
    decision = decide(world.rulebook, replace(world.question, at=instant))
    if decision.verdict is Verdict.ALLOWED:
        return decision.verdict, decision.by_law.verdict, Basis(None, None, ())

    def rank(place: int) -> tuple[bool, bool, int]:
        ground = decision.grounds[place]
        illustrative = world.rulebook.notice(ground.restriction.notice).illustrative
        return ground.state is not State.STANDS, illustrative, place

    places = [place for place, ground in enumerate(decision.grounds) if ground.state is not State.LIFTED]
    deciding = decision.grounds[min(places, key=rank)].restriction.id if places else None
    return decision.verdict, decision.by_law.verdict, Basis(deciding, decision.reason, decision.missing)


@given(
    worlds(many=2, open_facts=2),
    st.frozensets(st.integers(0, 1)),
    st.booleans(),
    st.integers(1, 9 * DAY),
    st.data(),
)
def test_every_second_is_answered_as_it_is_asked(
    plain: World, which: frozenset[int], drawn: bool, seconds: int, data: st.DataObject
) -> None:
    world = with_illustrative(plain, which, drawn)
    start, until = world.question.at, world.question.at + seconds
    law: Rulebook = world.rulebook.by_law()
    found = schedule(Timeline(world.rulebook, world.question), law, until)
    event(f"{min(len(found), 3)} stretches")
    assert [each.start for each in found] == [start, *(each.end for each in found[:-1])]
    assert found[-1].end == until

    def said(stretch: DecidedStretch) -> tuple[Verdict, Verdict, Basis]:
        return stretch.verdict, stretch.by_law, stretch.basis

    assert all(said(each) != said(following) for each, following in zip(found, found[1:], strict=False))
    for stretch in found[:3]:
        instant = data.draw(st.integers(stretch.start, stretch.end - 1))
        for second in {stretch.start, instant, stretch.end - 1}:
            assert said(stretch) == answered(world, second)


SIX = 6 * 3600 - 8 * 3600 + (date(2026, 2, 12) - date(1970, 1, 1)).days * DAY
"""Six in the morning of a Thursday in Shanghai."""


def town(condition: Condition, illustrative: bool = False) -> Rulebook:
    """A city with one article: from seven to nine, in the ring."""
    product = Product(frozenset({"ring"}), (Window(EVERY_DAY, 7 * 60, 9 * 60),), condition, ALWAYS)
    article = Restriction("n/r", "n", product, WORDING)
    city = City("town", TEXT, "Etc/Unknown", date(2000, 1, 1), date(2000, 1, 1))
    notice = Notice("n", TEXT, ALWAYS, SOURCE, (article,), illustrative=illustrative)
    return Rulebook(city, Calendar.unknown(), (notice,))


@pytest.mark.parametrize(("minutes", "ends"), [(60, [60]), (61, [60, 61]), (180, [60, 180]), (181, [60, 180, 181])])
def test_it_ends_before_what_begins_at_its_end(minutes: int, ends: list[int]) -> None:
    rulebook = town(Everyone())
    question = Question(Vehicle(), Place.in_zones({"ring"}), SIX, SHANGHAI.clock)
    found = schedule(Timeline(rulebook, question), rulebook, SIX + minutes * 60)
    assert [(each.end - SIX) // 60 for each in found] == ends


def test_a_verdict_by_law_is_without_the_illustrative_notices() -> None:
    rulebook = town(Everyone(), illustrative=True)
    question = Question(Vehicle(), Place.in_zones({"ring"}), SIX + 3600, SHANGHAI.clock)
    (found,) = schedule(Timeline(rulebook, question), rulebook.by_law(), SIX + 7200)
    assert (found.verdict, found.by_law) == (Verdict.PROHIBITED, Verdict.ALLOWED)
    assert found.basis == Basis("n/r", Reason.RESTRICTION_STANDS, ())


@pytest.mark.parametrize(
    ("drawn", "reason"), [("ring", Reason.FACTS_MISSING), ("beside", Reason.POSITION_UNCERTAIN)]
)
def test_where_exact_shapes_would_not_settle_it_the_facts_are_wanting(drawn: str, reason: Reason) -> None:
    inside, beside = ZoneSet.of({"ring"}), ZoneSet.of(())
    place = Place(
        (inside, beside),
        doubts=MappingProxyType({"ring": frozenset({"position"})}),
        as_drawn=(inside if drawn == "ring" else beside,),
    )
    rulebook = town(OneOf("size", frozenset({"heavy"})))
    question = Question(Vehicle(), place, SIX + 3600, SHANGHAI.clock)
    (found,) = schedule(Timeline(rulebook, question), rulebook, SIX + 7200)
    assert (found.verdict, found.basis) == (Verdict.UNDETERMINED, Basis("n/r", reason, ("size",)))
