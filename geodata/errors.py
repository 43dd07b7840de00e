"""The errors of `geodata`, for the person who must fix the data.

GeodataError
├── BadCoordinate         a coordinate, an accuracy or a heading that is no number or names no place on Earth
├── UnknownCrs            a coordinate system that nobody here can read
├── UnknownZone           a key that no zone carries, with the keys that look like it
└── MalformedGeometry     a zone document that cannot be used: every fault with its place, expected and found
"""

from collections.abc import Iterable
from dataclasses import dataclass

# A document of 20,000 bad positions has 20,000 faults; the message names the first ones, `faults` holds them all.
_FAULTS_IN_MESSAGE = 20


@dataclass(frozen=True, slots=True)
class Fault:
    """One fault of a zone document: `path` is the place, such as `features[3].geometry.coordinates[0][12]`."""

    path: str
    code: str
    expected: str
    found: str

    def __str__(self) -> str:
        return f"{self.path or '(document)'}: expected {self.expected}, found {self.found} [{self.code}]"


class GeodataError(Exception):
    """Root of all errors of `geodata`."""


class BadCoordinate(GeodataError):
    """A longitude, latitude or accuracy that is not finite or out of range; `field` is the one at fault."""

    def __init__(self, field: str, expected: str, found: str) -> None:
        self.field = field
        self.expected = expected
        self.found = found
        super().__init__(f"{field}: expected {expected}, found {found}")


class UnknownCrs(GeodataError):
    """A coordinate system that is not one of `geodata.crs.Crs`."""

    def __init__(self, found: str, known: Iterable[str]) -> None:
        self.found = found
        self.known = tuple(known)
        super().__init__(f"crs: expected one of {', '.join(self.known)}, found {found!r}")


class UnknownZone(GeodataError):
    """A key that no zone of the index carries; `nearest` are at most three keys that look like it."""

    def __init__(self, key: str, nearest: Iterable[str] = ()) -> None:
        self.key = key
        self.nearest = tuple(nearest)
        hint = f"; did you mean {' or '.join(self.nearest)}?" if self.nearest else ""
        super().__init__(f"no zone is called {key[:64]!r}{hint}")


class MalformedGeometry(GeodataError):
    """Zones that cannot be used: all their faults at once, so that one reading mends them all."""

    def __init__(self, faults: Iterable[Fault]) -> None:
        self.faults = tuple(faults)
        lines = [str(fault) for fault in self.faults[:_FAULTS_IN_MESSAGE]]
        if len(self.faults) > _FAULTS_IN_MESSAGE:
            lines.append(f"and {len(self.faults) - _FAULTS_IN_MESSAGE} more")
        super().__init__("\n".join(lines))
