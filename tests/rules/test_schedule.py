"""A schedule says at every instant what the answer to a question asked at that instant says."""

from dataclasses import replace
from datetime import date
from itertools import pairwise
from types import MappingProxyType

import pytest
from hypothesis import event, given, settings
from hypothesis import strategies as st

from rules.calendar import Calendar
from rules.conditions import Condition, Everyone, OneOf
from rules.decision import Basis, DecidedStretch, Decision, Reason, State
from rules.explain import decide
from rules.model import (
    HORIZON,
    City,
    Notice,
    Place,
    Product,
    Question,
    Restriction,
    Rulebook,
    Verdict,
    ZoneSet,
)
from rules.schedule import schedule
from rules.timeline import Timeline
from rules.vehicles import Vehicle
from rules.windows import ALWAYS, DAY, EVERY_DAY, Window
from tests.support.strategies import SOURCE, TEXT, WORDING, World, worlds
from tests.support.timing import BERLIN_FOLD, BERLIN_GAP, LORD_HOWE_GAP, SHANGHAI

WORLDS = worlds(arounds=(SHANGHAI, SHANGHAI, BERLIN_GAP, BERLIN_FOLD, LORD_HOWE_GAP))


def partly_illustrative(rulebook: Rulebook, chosen: set[int]) -> Rulebook:
    notices: list[Notice] = [
        replace(notice, illustrative=number in chosen) for number, notice in enumerate(rulebook.notices)
    ]
    return replace(rulebook, notices=tuple(notices))


def deciding(decision: Decision, rulebook: Rulebook) -> str | None:
    """The first restriction that stands, else the first that may; what is law first."""
    if decision.verdict is Verdict.ALLOWED:
        return None
    open_grounds = [each for each in decision.grounds if each.state is not State.LIFTED]
    open_grounds.sort(key=lambda each: rulebook.notice(each.restriction.notice).illustrative)
    standing = [each for each in open_grounds if each.state is State.STANDS]
    return next((each.restriction.id for each in [*standing, *open_grounds]), None)


def told(stretch: DecidedStretch) -> tuple[object, ...]:
    return stretch.verdict, stretch.by_law, stretch.basis


@settings(max_examples=40)
@given(WORLDS, st.sets(st.integers(0, 2), max_size=2), st.integers(1, 7 * DAY), st.randoms(use_true_random=False))
def test_each_stretch_is_the_answer_at_its_instants(world: World, chosen: set[int], length: int, random) -> None:
    rulebook = partly_illustrative(world.rulebook, chosen)
    question = replace(world.question, stay=0)
    until = question.at + length
    stretches = schedule(Timeline(rulebook, question), rulebook.by_law(), until)
    assert (stretches[0].start, stretches[-1].end) == (question.at, until)
    assert all(one.end == other.start and told(one) != told(other) for one, other in pairwise(stretches))
    event(f"{len(stretches)} stretches")
    for stretch in random.sample(stretches, min(3, len(stretches))):
        for instant in {stretch.start, stretch.end - 1, random.randrange(stretch.start, stretch.end)}:
            answer = decide(rulebook, replace(question, at=instant))
            assert (answer.verdict, answer.by_law.verdict) == (stretch.verdict, stretch.by_law)
            assert stretch.basis.restriction == deciding(answer, rulebook)
            assert stretch.basis.missing == answer.missing
            allowed = answer.verdict is Verdict.ALLOWED
            assert stretch.basis.reason == (None if allowed else answer.reason)


@settings(max_examples=30)
@given(WORLDS)
def test_stretches_of_a_verdict_are_those_of_the_timeline(world: World) -> None:
    question = replace(world.question, stay=0)
    timeline = Timeline(world.rulebook, question)
    until = question.at + HORIZON // 2
    joined: list[tuple[int, int, Verdict]] = []
    for each in schedule(timeline, world.rulebook.by_law(), until):
        since = joined.pop()[0] if joined and joined[-1][2] is each.verdict else each.start
        joined.append((since, each.end, each.verdict))
    assert joined == [(each.start, each.end, each.verdict) for each in timeline.stretches(question.at, until)]


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


@pytest.mark.parametrize(("drawn", "reason"), [("ring", Reason.FACTS_MISSING), ("beside", Reason.POSITION_UNCERTAIN)])
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
