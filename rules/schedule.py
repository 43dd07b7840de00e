"""The whole of a period for one vehicle in one place: when it may be there, when not, and what decides it.

Exact like `rules.timeline`, on which it stands: a stretch ends at the very second at which anything told of it changes.
"""

from collections.abc import Hashable

from rules.decision import Basis, DecidedStretch
from rules.explain import basis_at, exactly
from rules.model import Question, Rulebook, Verdict
from rules.timeline import Timeline

_Told = tuple[Verdict, Verdict, Basis]


def schedule(timeline: Timeline, law: Rulebook, until: int) -> tuple[DecidedStretch, ...]:
    """The stretches from the question's instant to `until`, which lies before its horizon; neighbours differ.

    `timeline` is of a question without a stay, `law` its rulebook without the illustrative notices. Each stretch is
    answered as `rules.explain.decide` answers at any of its instants.
    """
    question = timeline.question
    illustrative = {notice.id for notice in timeline.rulebook.notices if notice.illustrative}
    moved = any(article.split("/", 1)[0] in illustrative for article in timeline.articles)
    lawful = Timeline(law, question) if moved else timeline
    exact = _Exact(timeline.rulebook, question)
    known: dict[Hashable, _Told] = {}
    found: list[DecidedStretch] = []
    since, told = question.at, None
    for point, alike in timeline.moments(question.at, until):
        if alike not in known:
            verdict = timeline.verdict(point)
            as_drawn = exact.verdict(point) if verdict is Verdict.UNDETERMINED else None
            known[alike] = verdict, lawful.verdict(point), basis_at(timeline, point, verdict, as_drawn)
        if told is not None and known[alike] != told:
            found.append(DecidedStretch(since, point, *told))
            since = point
        told = known[alike]
    assert told is not None, "a period has a first instant"
    found.append(DecidedStretch(since, until, *told))
    return tuple(found)


class _Exact:
    """The verdicts if fix and shapes were exact, worked out only where somebody asks."""

    def __init__(self, rulebook: Rulebook, question: Question) -> None:
        self._rulebook = rulebook
        self._question = exactly(question)
        self._timeline: Timeline | None = None

    def verdict(self, instant: int) -> Verdict | None:
        """None where fix and shapes leave no doubt."""
        if self._question is None:
            return None
        if self._timeline is None:
            self._timeline = Timeline(self._rulebook, self._question)
        return self._timeline.verdict(instant)
