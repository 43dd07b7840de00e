"""The verb of planners: for many vehicles and many places, when in a period each may be where. Plans are not kept.

Vehicles that are read alike are answered once, and so are places of equal zones. What is left is answered once for all
pairs that no article can tell apart, so that thousands of pairs cost few schedules.
"""

import asyncio
from collections.abc import Hashable, Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from geodata.errors import BadCoordinate, UnknownZone
from rules.bearing import bearing, has_dated_claims, open_to
from rules.conditions import holds
from rules.decision import DecidedStretch
from rules.errors import InvalidQuestion, InvalidVehicle
from rules.model import Place, Question, Rulebook, ZoneSet
from rules.schedule import schedule
from rules.timeline import Timeline
from rules.truth import Truth
from rules.vehicles import Vehicle
from rules.windows import DAY, LocalClock
from service.asks import PointAsk, ZoneAsk
from service.instants import local_clock
from service.locating import NOWHERE, Located, locate
from service.snapshot import Snapshot
from service.vehicles import checked_claims, shared_reader

MOST_PAIRS = 5_000
LONGEST_PERIOD_DAYS = 7
MOST_LOOKS = 6_000_000
"""More than this would take minutes (`Plan.looks`); 5,000 usual pairs that all differ stay below it."""
_MOST_FAULTS = 20


@dataclass(frozen=True, slots=True)
class Profile:
    """A vehicle to plan for, as it was said, under the caller's own mark."""

    ref: str
    vehicle: Mapping[str, object]


@dataclass(frozen=True, slots=True)
class Stop:
    """A place to plan for, under the caller's own mark."""

    ref: str
    place: ZoneAsk | PointAsk


@dataclass(frozen=True, slots=True)
class PlanAsk:
    """Every profile at every stop, through `[start, end)` (instants). With `city`, no stop may lie in another one."""

    start: int
    end: int
    profiles: tuple[Profile, ...]
    stops: tuple[Stop, ...]
    city: str | None = None


Unanswerable = InvalidVehicle | InvalidQuestion | BadCoordinate | UnknownZone


@dataclass(frozen=True, slots=True)
class PlanFault:
    """One fault of a plan: `part` is `profiles` or `places` with its number there, or empty for the plan itself."""

    part: str
    number: int
    error: Unanswerable


class InvalidPlan(Exception):
    """A plan that cannot be made, with the first faults found; nothing of it is answered."""

    def __init__(self, faults: tuple[PlanFault, ...]) -> None:
        self.faults = faults
        super().__init__("; ".join(str(fault.error) for fault in faults))


@dataclass(frozen=True, slots=True)
class Plan:
    """The answer. Profiles and stops lie in groups, numbered from 0; each pair of groups has a schedule.

    `profile_groups` and `stop_groups` give the group of each profile and stop, in the order asked; `places` has one
    place for each group of stops. `schedules` are all different; `cities` names the city of each (None: outside).
    `looks` is the work done: the instants looked at, times the articles and passes that bear on them.
    """

    ask: PlanAsk
    profile_groups: tuple[int, ...]
    stop_groups: tuple[int, ...]
    places: tuple[Located, ...]
    pairs: Mapping[tuple[int, int], int]
    schedules: tuple[tuple[DecidedStretch, ...], ...]
    cities: tuple[str | None, ...]
    timelines: int
    looks: int


async def plan(ask: PlanAsk, snapshot: Snapshot) -> Plan:
    """The plan, every interval exact to the second; gives way to other work after each step.

    Raises InvalidPlan, and InvalidQuestion where it would be too much work.
    """
    _check(ask, snapshot)
    faults: list[PlanFault] = []
    vehicles, profile_groups = await _grouped_profiles(ask, faults)
    places, stop_groups = await _grouped_stops(ask, snapshot, faults)
    if not faults:
        sides = {
            city: _Side(city, ask, snapshot, vehicles, profile_groups, faults)
            for city in sorted({located.city for located, _ in places}, key=str)
        }
    if faults:
        raise InvalidPlan(tuple(faults[:_MOST_FAULTS]))
    pairs: dict[tuple[int, int], int] = {}
    numbers: dict[tuple[str | None, tuple[DecidedStretch, ...]], int] = {}
    for stop_group, (located, heading) in enumerate(places):
        side = sides[located.city]
        for profile_group in range(len(vehicles)):
            try:
                found = side.schedule(profile_group, heading, located.place)
            except InvalidQuestion as error:
                raise InvalidPlan((PlanFault("profiles", profile_groups.index(profile_group), error),)) from None
            pairs[profile_group, stop_group] = numbers.setdefault((located.city, found), len(numbers))
            if sum(each.looks for each in sides.values()) > MOST_LOOKS:
                raise InvalidQuestion(
                    "",
                    "too-much-work",
                    "车辆与地点的组合过多,一次无法算完;请缩短时段或分次提问",
                    "too many different pairs for one plan; ask for a shorter period, or in parts",
                )
            await asyncio.sleep(0)
    return Plan(
        ask=ask,
        profile_groups=profile_groups,
        stop_groups=stop_groups,
        places=tuple(located for located, _ in places),
        pairs=MappingProxyType(pairs),
        schedules=tuple(found for _, found in numbers),
        cities=tuple(city for city, _ in numbers),
        timelines=sum(each.timelines for each in sides.values()),
        looks=sum(each.looks for each in sides.values()),
    )


def _check(ask: PlanAsk, snapshot: Snapshot) -> None:
    if ask.city is not None and ask.city not in snapshot.publications:
        known = tuple(snapshot.publications)
        zh, en = f"未知城市,可用:{'、'.join(known)}", f"unknown city; known are {', '.join(known)}"
        raise InvalidQuestion("city", "unknown-code", zh, en)
    if ask.end <= ask.start:
        raise InvalidQuestion("until", "wrong-order", "应晚于 from", "expected a time after from")
    if ask.end - ask.start > LONGEST_PERIOD_DAYS * DAY:
        zh, en = f"时段至多{LONGEST_PERIOD_DAYS}天", f"the period may have at most {LONGEST_PERIOD_DAYS} days"
        raise InvalidQuestion("until", "period-too-long", zh, en)
    if len(ask.profiles) * len(ask.stops) > MOST_PAIRS:
        zh, en = f"profiles 与 places 之积至多{MOST_PAIRS}", f"at most {MOST_PAIRS:,} pairs of profiles and places"
        raise InvalidQuestion("", "too-many", zh, en)


def _same(ref: str, seen: set[str]) -> InvalidQuestion | None:
    """The fault of a mark that stands twice: nobody could tell the two apart in the answer."""
    if ref not in seen:
        seen.add(ref)
        return None
    return InvalidQuestion("ref", "duplicate-ref", "ref 重复", "the same ref stands twice")


async def _grouped_profiles(ask: PlanAsk, faults: list[PlanFault]) -> tuple[list[Vehicle], tuple[int, ...]]:
    """One vehicle for all profiles that are read alike, and the group of each profile."""
    read, seen = shared_reader(), set[str]()
    groups: dict[Hashable, int] = {}
    vehicles: list[Vehicle] = []
    numbers: list[int] = []
    for number, profile in enumerate(ask.profiles):
        twice = _same(profile.ref, seen)
        if twice is not None:
            faults.append(PlanFault("profiles", number, twice))
        try:
            vehicle = read(profile.vehicle)
        except InvalidVehicle as error:
            faults.append(PlanFault("profiles", number, error))
        else:
            group = groups.setdefault(_as_read(vehicle), len(groups))
            if group == len(vehicles):
                vehicles.append(vehicle)
            numbers.append(group)
        if len(faults) >= _MOST_FAULTS:
            break
        await asyncio.sleep(0)
    return vehicles, tuple(numbers)


def _as_read(vehicle: Vehicle) -> Hashable:
    """All of a vehicle that rules can read: not its plate, whose parts are facts, nor where each fact comes from."""
    return (
        frozenset(vehicle.facts.items()),
        frozenset(vehicle.claims.items()),
        vehicle.credentials,
        vehicle.passes,
        vehicle.passes_answered,
    )


_Placed = tuple[Located, float | None]


async def _grouped_stops(
    ask: PlanAsk, snapshot: Snapshot, faults: list[PlanFault]
) -> tuple[list[_Placed], tuple[int, ...]]:
    """One place (with a heading) for all stops whose zones are equal, and the group of each stop."""
    seen = set[str]()
    groups: dict[Hashable, int] = {}
    places: list[_Placed] = []
    numbers: list[int] = []
    for number, stop in enumerate(ask.stops):
        twice = _same(stop.ref, seen)
        if twice is not None:
            faults.append(PlanFault("places", number, twice))
        try:
            located = locate(stop.place, snapshot)
            if ask.city is not None and located.city not in (None, ask.city):
                raise InvalidQuestion("place", "other-city", "地点不在 city 所指城市", "the place lies in another city")
        except (InvalidQuestion, BadCoordinate, UnknownZone) as error:
            faults.append(PlanFault("places", number, error))
        else:
            heading = stop.place.heading_deg
            group = groups.setdefault((located.city, _zones_of(located.place), heading), len(groups))
            if group == len(places):
                places.append((located, heading))
            numbers.append(group)
        if len(faults) >= _MOST_FAULTS:
            break
        await asyncio.sleep(0)
    return places, tuple(numbers)


def _zones_of(place: Place) -> Hashable:
    return place.alternatives, place.as_drawn, frozenset(place.doubts.items()), place.outside_coverage


class _Side:
    """All vehicles of a plan as one city's rules see them; schedules that nothing tells apart are made once."""

    def __init__(
        self,
        city: str | None,
        ask: PlanAsk,
        snapshot: Snapshot,
        vehicles: list[Vehicle],
        profile_groups: tuple[int, ...],
        faults: list[PlanFault],
    ) -> None:
        self._ask = ask
        self._rulebook: Rulebook = NOWHERE
        self._clock = LocalClock(((0, 0),))
        self._vehicles = vehicles
        if city is not None:
            self._rulebook = snapshot.publications[city].rulebook
            self._clock = local_clock(snapshot.timezone(city), ask.start)
            self._vehicles = []
            for group, vehicle in enumerate(vehicles):
                try:
                    self._vehicles.append(checked_claims(vehicle, self._rulebook.city, snapshot))
                except InvalidVehicle as error:
                    faults.append(PlanFault("profiles", profile_groups.index(group), error))
        self._law = self._rulebook.by_law()
        self._products = dict(self._rulebook.products())
        self._kinds = {each.id: each.passes for each in self._rulebook.exemptions()}
        self._headed: dict[tuple[int, float | None], tuple[Vehicle, frozenset[str]]] = {}
        self._known: dict[Hashable, tuple[DecidedStretch, ...]] = {}
        self.timelines = 0
        self.looks = 0

    def schedule(self, profile_group: int, heading: float | None, place: Place) -> tuple[DecidedStretch, ...]:
        vehicle, articles = self._heading(profile_group, heading)
        bear = bearing(self._rulebook, articles, place.merged().possible)
        alike = (self._who(profile_group, heading, vehicle, bear), *self._where(vehicle, place, bear))
        if alike not in self._known:
            self._known[alike] = self._made(Question(vehicle, place, self._ask.start, self._clock))
        return self._known[alike]

    def _made(self, question: Question) -> tuple[DecidedStretch, ...]:
        timeline = Timeline(self._rulebook, question)
        self.timelines += 1
        moments = sum(1 for point in timeline.breakpoints if self._ask.start <= point < self._ask.end) + 1
        self.looks += moments * (1 + len(timeline.articles) + len(question.vehicle.passes))
        return schedule(timeline, self._law, self._ask.end)

    def _heading(self, profile_group: int, heading: float | None) -> tuple[Vehicle, frozenset[str]]:
        """The vehicle as it heads there, and the articles that its facts and claims leave open."""
        found = self._headed.get((profile_group, heading))
        if found is None:
            vehicle = self._vehicles[profile_group].with_heading(heading)
            found = vehicle, open_to(self._rulebook, vehicle, self._clock.wall(self._ask.start))
            self._headed[profile_group, heading] = found
        return found

    def _who(self, profile_group: int, heading: float | None, vehicle: Vehicle, bear: frozenset[str]) -> Hashable:
        """Of the vehicle, what can still make a difference where these articles bear.

        Where it certainly meets the condition of each, no fact of it is read any further: only the passes that some
        of them ask for. Else, and where claims have dates, it is the vehicle itself.
        """
        wall = self._clock.wall(self._ask.start)
        if has_dated_claims(vehicle) or any(
            holds(self._products[article].condition, vehicle, wall) is not Truth.YES for article in bear
        ):
            return profile_group, heading
        kinds = frozenset[str]().union(*(self._kinds.get(article, frozenset()) for article in bear))
        return frozenset(held for held in vehicle.passes if held.kind in kinds)

    def _where(self, vehicle: Vehicle, place: Place, bear: frozenset[str]) -> Iterator[Hashable]:
        """Of the place, what can still make a difference: which of the articles and of the passes' zones it lies in."""
        of_passes = frozenset[str]().union(*(held.zones for held in vehicle.passes))
        limited = {
            article: product.zones
            for article, product in self._products.items()
            if article in bear and product.zones is not None
        }

        def seen(zones: frozenset[str]) -> Hashable:
            inside = frozenset(article for article, named in limited.items() if not named.isdisjoint(zones))
            return inside, zones & of_passes

        def sets(alternatives: tuple[ZoneSet, ...] | None) -> Hashable:
            if alternatives is None:
                return None
            return frozenset((seen(each.certain), seen(each.possible)) for each in alternatives)

        yield bear
        yield place.outside_coverage
        yield sets(place.alternatives)
        yield sets(place.as_drawn)
        if place.doubts:
            for named_by, zones in (*limited.items(), *((held, held.zones) for held in vehicle.passes)):
                yield named_by, frozenset[str]().union(*(place.doubts.get(zone, frozenset()) for zone in zones))
