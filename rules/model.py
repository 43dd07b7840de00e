"""The nouns: what a city publishes (notice, restriction, exemption), and what is asked (place, question).

A notice's articles do two things only: a restriction closes zones, at times, to vehicles that meet a condition; an
exemption names the restrictions that it lifts, for vehicles that meet a condition, at times. There are no priorities.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from enum import StrEnum
from types import MappingProxyType

from rules.calendar import Calendar
from rules.codes import Text
from rules.conditions import Condition, cuts
from rules.facts import Value
from rules.vehicles import Vehicle
from rules.windows import DAY, LocalClock, Period, Window

HORIZON = 14 * DAY
"""How far before and after the instant asked for an answer looks, in seconds."""


class Verdict(StrEnum):
    ALLOWED = "allowed"
    UNDETERMINED = "undetermined"
    PROHIBITED = "prohibited"


class Forbids(StrEnum):
    """What a restriction forbids: driving in the zone (通行), or being there at all (通行、停靠)."""

    DRIVING = "driving"
    PRESENCE = "presence"


@dataclass(frozen=True, slots=True)
class Source:
    """Where a notice was read. `grade`: P police or government, R repeated text, N news, A portal summary, none."""

    grade: str
    url: str | None
    verified_on: date


@dataclass(frozen=True, slots=True)
class Wording:
    """What an article says. `kind` is `verbatim` only for the notice's own words; `article` is null if not seen."""

    text: Text
    kind: str
    article: str | None = None


@dataclass(frozen=True, slots=True)
class Assumption:
    """What no source shows and the data takes for granted; each answer that rests on it carries it."""

    id: str
    text: Text


@dataclass(frozen=True, slots=True)
class Product:
    """Zones times windows times condition times dates: the one shape of restrictions and exemptions.

    `zones` None is everywhere, `windows` None is always; both must have been said.
    """

    zones: frozenset[str] | None
    windows: tuple[Window, ...] | None
    condition: Condition
    period: Period


@dataclass(frozen=True, slots=True)
class Restriction:
    """`id` is `<notice>/<article id>`. Before `penalised_from` (wall seconds) it educates and does not fine."""

    id: str
    notice: str
    product: Product
    wording: Wording
    forbids: Forbids = Forbids.DRIVING
    tags: frozenset[str] = frozenset()
    penalised_from: int | None = None
    assumptions: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Lift:
    """What an exemption lifts: one restriction, all of a notice, or a tag within the notices named."""

    restriction: str | None = None
    notice: str | None = None
    tag: str | None = None
    notices: frozenset[str] = frozenset()

    def reaches(self, restriction: Restriction) -> bool:
        if self.restriction is not None:
            return restriction.id == self.restriction
        if self.notice is not None:
            return restriction.notice == self.notice
        return self.tag in restriction.tags and restriction.notice in self.notices


@dataclass(frozen=True, slots=True)
class Exemption:
    """Lifts the restrictions it names. With `passes`, a valid pass of one of these kinds is part of its condition."""

    id: str
    notice: str
    product: Product
    wording: Wording
    lifts: tuple[Lift, ...]
    passes: frozenset[str] = frozenset()
    conditions: tuple[Text, ...] = ()
    assumptions: tuple[str, ...] = ()

    def names(self, restriction: Restriction) -> bool:
        """Whether it lifts this restriction, where and when it applies. It lifts nothing that it does not name."""
        return any(lift.reaches(restriction) for lift in self.lifts)


@dataclass(frozen=True, slots=True)
class Notice:
    """A notice (通告). Title, issuer and number are null where they were not seen, never invented."""

    id: str
    name: Text
    period: Period
    source: Source
    restrictions: tuple[Restriction, ...] = ()
    exemptions: tuple[Exemption, ...] = ()
    title: str | None = None
    issuer: str | None = None
    number: str | None = None
    illustrative: bool = False
    assumptions: tuple[Assumption, ...] = ()
    rests_on: tuple[str, ...] = ()

    def articles(self) -> Iterator[tuple[str, Restriction | Exemption]]:
        """Every article with its key in the document, such as `restrictions[3]`."""
        for number, restriction in enumerate(self.restrictions):
            yield f"restrictions[{number}]", restriction
        for number, exemption in enumerate(self.exemptions):
            yield f"exemptions[{number}]", exemption


@dataclass(frozen=True, slots=True)
class PassKind:
    """A kind of pass that a city grants, and where it is applied for."""

    id: str
    name: Text
    where: str | None = None


@dataclass(frozen=True, slots=True)
class City:
    """A city and the reach of its record.

    Before `record_from` nothing is known, from `complete_from` on all is. None: the record is nowhere known to be
    complete, as where a notice in force was read in part. `record_until` is the last day of a record that ends: the
    notices ran out and later ones were not seen.
    """

    id: str
    name: Text
    timezone: str
    record_from: date
    complete_from: date | None = None
    pass_kinds: tuple[PassKind, ...] = ()
    filings: tuple[PassKind, ...] = ()
    record_until: date | None = None

    @property
    def record(self) -> Period:
        """The time that the record reaches over; outside it nothing is known."""
        return Period.of_dates(self.record_from, self.record_until)


@dataclass(frozen=True, slots=True)
class Rulebook:
    """All that decides in one city: its notices and the calendar. The order of notices and articles never matters."""

    city: City
    calendar: Calendar
    notices: tuple[Notice, ...]
    _cuts: Mapping[str, Mapping[str, frozenset[Value]]] = field(init=False, repr=False, compare=False)
    _lifting: Mapping[str, tuple[Exemption, ...]] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        exemptions = tuple(self.exemptions())
        # Both follow from the notices and never change: where each article tells values of a fact apart, and which
        # exemptions name which restriction.
        by_article = {article: MappingProxyType(_cuts_of(product)) for article, product in self.products()}
        lifting = {each.id: tuple(other for other in exemptions if other.names(each)) for each in self.restrictions()}
        object.__setattr__(self, "_cuts", MappingProxyType(by_article))
        object.__setattr__(self, "_lifting", MappingProxyType(lifting))

    def restrictions(self) -> Iterable[Restriction]:
        return (restriction for notice in self.notices for restriction in notice.restrictions)

    def exemptions(self) -> Iterable[Exemption]:
        return (exemption for notice in self.notices for exemption in notice.exemptions)

    def products(self) -> Iterable[tuple[str, Product]]:
        """The id and the product of every article."""
        for notice in self.notices:
            yield from ((each.id, each.product) for each in notice.restrictions)
            yield from ((each.id, each.product) for each in notice.exemptions)

    def lifting(self, restriction: Restriction) -> tuple[Exemption, ...]:
        """The exemptions that name a restriction."""
        return self._lifting[restriction.id]

    def cuts(self, article_id: str) -> Mapping[str, frozenset[Value]]:
        """The values of each fact that an article tells apart (`rules.conditions.cuts`)."""
        return self._cuts[article_id]

    def notice(self, notice_id: str) -> Notice:
        return next(notice for notice in self.notices if notice.id == notice_id)

    def by_law(self) -> "Rulebook":
        """Without the illustrative notices, which never speak for the law."""
        return self.only(notice.id for notice in self.notices if not notice.illustrative)

    def only(self, notice_ids: Iterable[str]) -> "Rulebook":
        wanted = frozenset(notice_ids)
        return replace(self, notices=tuple(notice for notice in self.notices if notice.id in wanted))


def _cuts_of(product: Product) -> dict[str, frozenset[Value]]:
    apart: dict[str, frozenset[Value]] = {}
    for fact, value in cuts(product.condition):
        apart[fact] = apart.get(fact, frozenset()) | {value}
    return apart


@dataclass(frozen=True, slots=True)
class ZoneSet:
    """The zones that certainly and that possibly apply at a place; `possible` takes in `certain`."""

    certain: frozenset[str]
    possible: frozenset[str]

    @staticmethod
    def of(zones: Iterable[str]) -> "ZoneSet":
        sure = frozenset(zones)
        return ZoneSet(sure, sure)


@dataclass(frozen=True, slots=True)
class Place:
    """Where: every set of zones that the place may lie in. One set for a zone asked by id or a sure point.

    `doubts` says of each zone that is possible only, why: `position` (the fix is not sharp enough), `shape` (the drawn
    edge is not), `level` (ground, elevated or tunnel was not said). `as_drawn` are the alternatives if fix and shapes
    were exact. `outside_coverage` is a point in no city's record at all.
    """

    alternatives: tuple[ZoneSet, ...]
    as_drawn: tuple[ZoneSet, ...] | None = None
    doubts: Mapping[str, frozenset[str]] = field(default_factory=lambda: MappingProxyType({}))
    outside_coverage: bool = False

    @staticmethod
    def in_zones(zones: Iterable[str]) -> "Place":
        return Place((ZoneSet.of(zones),))

    def merged(self) -> ZoneSet:
        """One set for all alternatives: certain if in all, possible if in any."""
        certain = frozenset.intersection(*(each.certain for each in self.alternatives))
        possible = frozenset.union(*(each.possible for each in self.alternatives))
        return ZoneSet(certain, possible)


@dataclass(frozen=True, slots=True)
class Question:
    """May this vehicle be here at this instant, or for this stay?

    `at` is in whole seconds since the epoch (fractions are cut off, never rounded up), `stay` in seconds (0: the
    instant alone). `clock` carries the city's UTC offsets from a horizon before `at` to a horizon after the stay.
    """

    vehicle: Vehicle
    place: Place
    at: int
    clock: LocalClock
    stay: int = 0
