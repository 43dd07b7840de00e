"""What an answer says: values only, made by `rules.explain`."""

from dataclasses import dataclass
from enum import StrEnum

from rules.codes import Text
from rules.model import Assumption, Exemption, Restriction, Verdict
from rules.windows import Window


class Reason(StrEnum):
    """Why the verdict is what it is; stable codes."""

    RESTRICTION_STANDS = "restriction_stands"
    NO_RESTRICTION_APPLIES = "no_restriction_applies"
    EXEMPTED = "exempted"
    PASS_HELD = "pass_held"
    FACTS_MISSING = "facts_missing"
    POSITION_UNCERTAIN = "position_uncertain"
    SHAPE_UNCERTAIN = "shape_uncertain"
    CALENDAR_NOT_PUBLISHED = "calendar_not_published"
    END_NOT_PUBLISHED = "end_not_published"
    OUTSIDE_COVERAGE = "outside_coverage"
    OUTSIDE_RECORD = "outside_record"


class State(StrEnum):
    """What became of a restriction that applies, or may."""

    STANDS = "stands"
    LIFTED = "lifted"
    UNKNOWN = "unknown"


class WhyNot(StrEnum):
    """The first reason for which a restriction did not apply, in this order."""

    DATE = "date"
    VEHICLE = "vehicle"
    TIME = "time"


@dataclass(frozen=True, slots=True)
class Interval:
    """`[start, end)` in instants; `end` None: no end before the horizon."""

    start: int
    end: int | None


@dataclass(frozen=True, slots=True)
class Stretch:
    """A stretch of one verdict, `[start, end)` in instants."""

    start: int
    end: int
    verdict: Verdict


@dataclass(frozen=True, slots=True)
class Basis:
    """What a verdict rests on, in a word: the id of the restriction that decides it, the reason, the missing facts.

    Nothing decides a permission. An open verdict may have no restriction: outside of the record nothing is known.
    """

    restriction: str | None
    reason: Reason | None
    missing: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class DecidedStretch:
    """A stretch `[start, end)` of a schedule: the verdict, the verdict by law, and what decides it, all unchanged."""

    start: int
    end: int
    verdict: Verdict
    by_law: Verdict
    basis: Basis


@dataclass(frozen=True, slots=True)
class Outcome:
    """A verdict, the bounds within which it holds (None: beyond the horizon), and the next intervals of entry."""

    verdict: Verdict
    holds_from: int | None
    holds_until: int | None
    next_allowed: tuple[Interval, ...]


@dataclass(frozen=True, slots=True)
class Ground:
    """A restriction that applies or may apply, and what became of it.

    `unknown_for` names facts (`emission_stage`), circumstances, doubts of place (`position`, `shape`, `level`) or of
    time (`day_kind`, `end_not_published`). `window` is the one that holds, None for an article without hours.
    `educates`: the days on which nobody is fined yet.
    """

    restriction: Restriction
    state: State
    zones: tuple[str, ...]
    window: Window | None
    educates: bool
    lifted_by: tuple[Exemption, ...] = ()
    unknown_for: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Considered:
    """A restriction of this place that does not apply, and the first reason."""

    restriction: Restriction
    why_not: WhyNot


@dataclass(frozen=True, slots=True)
class WaitOption:
    """Waiting turns it: from this instant on the verdict is allowed."""

    until: int


@dataclass(frozen=True, slots=True)
class ExemptionOption:
    """An exemption that names a standing restriction, what it still wants, and what would stand even then.

    `another_vehicle`: what it wants is a fact of the vehicle that is otherwise, so only another vehicle can meet it.
    """

    exemption: Exemption
    unmet: tuple[str, ...]
    lifts: tuple[str, ...]
    leaves: tuple[str, ...]
    another_vehicle: bool


@dataclass(frozen=True, slots=True)
class StayAnswer:
    """What a stay adds: the verdict if the vehicle is parked in between, and when it may not drive."""

    enter_and_leave: Verdict
    may_not_move: tuple[Stretch, ...]


@dataclass(frozen=True, slots=True)
class Decision:
    """The whole answer to one question under one rulebook. All instants are seconds since the epoch.

    `decided_for` is the instant that the grounds describe: the one asked, or the first of the stay's worst verdict.
    `by_law` is the outcome without the illustrative notices. `as_drawn` is the verdict if place and shapes were exact,
    None where they leave no doubt.
    """

    outcome: Outcome
    by_law: Outcome
    reason: Reason
    decided_for: int
    horizon: int
    grounds: tuple[Ground, ...]
    considered: tuple[Considered, ...]
    options: tuple[WaitOption | ExemptionOption, ...]
    missing: tuple[str, ...]
    assumed: tuple[str, ...]
    conditions: tuple[Text, ...]
    assumptions: tuple[Assumption, ...]
    as_drawn: Verdict | None
    stay: StayAnswer | None

    @property
    def verdict(self) -> Verdict:
        return self.outcome.verdict

    @property
    def illustrative(self) -> bool:
        """Whether an illustrative notice changed the verdict."""
        return self.outcome.verdict is not self.by_law.verdict
