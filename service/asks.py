"""What is asked and what is answered, between the shells: plain values that know neither HTTP nor SQL."""

from collections.abc import Mapping
from dataclasses import dataclass

from geodata.crs import Crs
from geodata.zones import Level
from rules.decision import Decision
from rules.model import Place, Rulebook, Verdict
from rules.vehicles import Vehicle

LONGEST_STAY_MINUTES = 7 * 24 * 60
LONGEST_REF = 64


@dataclass(frozen=True, slots=True)
class ZoneAsk:
    """Asked by zone id: that zone and those that contain it apply."""

    zone: str
    heading_deg: float | None = None


@dataclass(frozen=True, slots=True)
class PointAsk:
    """Asked by a point: degrees in the crs named (never guessed), its accuracy in metres, heading from true north."""

    lon: float
    lat: float
    crs: Crs
    accuracy_m: float = 0.0
    heading_deg: float | None = None
    level: Level | None = None


@dataclass(frozen=True, slots=True)
class Ask:
    """One question as it came in. `vehicle` is what was said, unread (`rules.reading.read_vehicle` is the one door).

    `at` is an instant (seconds since the epoch); None is now. `ref` is the caller's own mark, returned unread.
    """

    vehicle: Mapping[str, object]
    place: ZoneAsk | PointAsk
    at: int | None = None
    stay_minutes: int = 0
    ref: str | None = None


@dataclass(frozen=True, slots=True)
class ZoneHit:
    """A zone that applies, or may, at the place asked: `distance_m` is to its nearest drawn edge, None by zone id."""

    zone: str
    certain: bool
    distance_m: float | None


@dataclass(frozen=True, slots=True)
class ZoneException:
    """A zone inside or across the one asked for, whose verdict differs."""

    zone: str
    verdict: Verdict
    holds_until: int | None


@dataclass(frozen=True, slots=True)
class Answer:
    """One answered question. `rulebook` is None where the point lies in no city's record."""

    id: str
    ask: Ask
    at: int
    decided_at: int
    vehicle: Vehicle
    place: Place
    hits: tuple[ZoneHit, ...]
    exceptions: tuple[ZoneException, ...]
    decision: Decision
    rulebook: Rulebook | None
