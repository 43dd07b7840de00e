"""The errors of `rules`, for the person who must fix the data.

RulesError
├── MalformedDocument     a city, notice or calendar document; every fault with its place, expected and found
├── InvalidVehicle        facts or claims of a vehicle that cannot be read or that contradict each other
├── InvalidQuestion       a question that has no meaning (a stay that is too long, an instant out of range)
└── Incomparable          two rulebooks that cannot be compared (other cities, other clocks, too much work)
"""

from collections.abc import Sequence
from dataclasses import dataclass

_LONGEST_KEY = 64


@dataclass(frozen=True, slots=True)
class Fault:
    """One fault of a document: `path` is the key in the document, such as `restrictions[3].windows[0].from`."""

    path: str
    code: str
    expected: str
    found: str

    def __str__(self) -> str:
        return f"{self.path or '(document)'}: expected {self.expected}, found {self.found} [{self.code}]"


def place_of(path: str, key: str) -> str:
    """The place of a key within `path`; a strange or very long key is escaped and cut.

    >>> place_of("restrictions[0]", "vehicels"), place_of("", chr(27) + "[2J")
    ('restrictions[0].vehicels', '\\\\x1b[2J')
    """
    shown = printable(key, _LONGEST_KEY)
    return f"{path}.{shown}" if path else shown


def printable(text: str, longest: int) -> str:
    """The first `longest` signs of a text from outside, those escaped that would steer the terminal it is read in."""
    shown = "".join(sign if sign.isprintable() else ascii(sign)[1:-1] for sign in text[:longest])
    return shown if len(text) <= longest else f"{shown}..."


@dataclass(frozen=True, slots=True)
class FactFault:
    """One fault of what is said of a vehicle.

    `fields` are the names at fault (two or more for a contradiction); `known` are the codes that would have been
    taken, `nearest` the one that was probably meant. `found` is for the command line and files only: HTTP answers
    never repeat a value.
    """

    fields: tuple[str, ...]
    code: str
    zh: str
    en: str
    known: tuple[str, ...] = ()
    nearest: str | None = None
    found: str | None = None


class RulesError(Exception):
    """Root of all errors of `rules`."""


class MalformedDocument(RulesError):
    """A document that cannot become law: all its faults at once, so that one reading mends them all."""

    def __init__(self, source: str, faults: Sequence[Fault]) -> None:
        self.source = source
        self.faults = tuple(faults)
        super().__init__("\n".join(f"{source}: {fault}" for fault in self.faults))


class InvalidVehicle(RulesError):
    """What was said of a vehicle cannot be read, or contradicts itself (both facts are named)."""

    def __init__(self, faults: Sequence[FactFault]) -> None:
        self.faults = tuple(faults)
        super().__init__("; ".join(fault.en for fault in self.faults))


class InvalidQuestion(RulesError):
    """A question without meaning; `field` is the part at fault."""

    def __init__(self, field: str, code: str, zh: str, en: str) -> None:
        self.field = field
        self.code = code
        self.zh = zh
        self.en = en
        super().__init__(en)


class Incomparable(RulesError):
    """Two rulebooks between which no exact difference can be given."""

    def __init__(self, code: str, zh: str, en: str) -> None:
        self.code = code
        self.zh = zh
        self.en = en
        super().__init__(en)
