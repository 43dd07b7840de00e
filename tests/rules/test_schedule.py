"""A schedule says at every instant what the answer to a question asked at that instant says."""

from dataclasses import replace
from itertools import pairwise

from hypothesis import event, given, settings
from hypothesis import strategies as st

from rules.decision import DecidedStretch, Decision, State
from rules.explain import decide
from rules.model import HORIZON, Notice, Rulebook, Verdict
from rules.schedule import schedule
from rules.timeline import Timeline
from rules.windows import DAY
from tests.support.strategies import World, worlds
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
