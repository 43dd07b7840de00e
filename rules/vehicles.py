"""A vehicle as a question knows it: open facts, claimed circumstances, passes, and where each fact comes from."""

from collections.abc import Callable, Hashable, Mapping
from dataclasses import dataclass, field, replace
from types import MappingProxyType
from typing import Any, TypeVar

from rules import facts as facts_module
from rules.facts import Facts, Known, Source
from rules.windows import ALWAYS, Period, Window

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Pass:
    """A pass held: its dates, the hours and the zones it is for; it counts only whole (DESIGN: one product).

    No hours: all day. No zones: wherever the exemption that asks for it reaches.
    """

    kind: str
    period: Period = ALWAYS
    hours: tuple[Window, ...] = ()
    zones: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Credential:
    """A priority class that the carrier claims, with its dates."""

    priority_class: str
    period: Period = ALWAYS


@dataclass(frozen=True, slots=True)
class Vehicle:
    """What is known of a vehicle.

    `facts` are open (absent: unknown), `claims`, `credentials` and `passes` closed (absent: not so). A claim that is
    in `claims`, even with no value, was answered for; with `unclaimed_open`, the others are unknown instead of not so,
    which is how the answer learns what it assumed.

    INVARIANT: `facts` are narrowed (`rules.facts.narrow`), so they never contradict each other.
    """

    facts: Facts = field(default_factory=lambda: MappingProxyType({}))
    claims: Mapping[str, frozenset[str]] = field(default_factory=lambda: MappingProxyType({}))
    credentials: tuple[Credential, ...] = ()
    passes: tuple[Pass, ...] = ()
    passes_answered: bool = False
    plate: str | None = None
    sources: Mapping[str, Source] = field(default_factory=lambda: MappingProxyType({}))
    unclaimed_open: bool = False
    _memo: dict[Hashable, Any] = field(init=False, repr=False, compare=False, default_factory=dict)

    def remembered(self, key: Hashable, work: Callable[[], T]) -> T:
        """What `work` gives, done once for each key: everything that follows from a vehicle stays true of it."""
        if key not in self._memo:
            self._memo[key] = work()
        found: T = self._memo[key]
        return found

    def known(self, fact: str) -> Known | None:
        return self.facts.get(fact, facts_module.DOMAINS.get(fact))

    def claims_class(self, priority_class: str, wall: int) -> bool:
        return any(each.priority_class == priority_class and each.period.holds(wall) for each in self.credentials)

    def with_fact(self, fact: str, value: Known) -> "Vehicle | None":
        """The same vehicle with one fact narrowed; None if that contradicts what is known."""

        def narrowed() -> "Vehicle | None":
            known = facts_module.with_fact(self.facts, fact, value)
            return None if known is None else replace(self, facts=known)

        return self.remembered((fact, value), narrowed)

    def with_heading(self, degrees: float | None) -> "Vehicle":
        """The same vehicle heading `degrees` clockwise from true north (a fact of the place, read like the others)."""
        if degrees is None:
            return self
        return replace(self, facts=MappingProxyType({**self.facts, "heading_deg": frozenset({degrees})}))

    def with_unclaimed_open(self) -> "Vehicle":
        return replace(self, unclaimed_open=True)

    @property
    def passes_open(self) -> bool:
        """Whether further passes than those listed may be held."""
        return self.unclaimed_open and not self.passes_answered
