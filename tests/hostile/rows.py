"""What a row of a table of hostile inputs says: what goes in, what must come out, and why.

Numbers are those of the corpus of hostile inputs that these tables follow, each with an input of our own that sets the
same trap; a row without a number is a trap that the corpus does not have.
"""

from dataclasses import dataclass
from enum import StrEnum


class Expect(StrEnum):
    """Taken as it is, taken and brought to one form, or refused."""

    ACCEPT = "accept"
    NORMALISED = "accept_normalised"
    REJECT = "reject"


ACCEPT, NORMALISED, REJECT = Expect.ACCEPT, Expect.NORMALISED, Expect.REJECT


@dataclass(frozen=True, slots=True)
class Row:
    """One hostile input. `code` is that of the first fault, at `place` (a pointer, a key, or the beginning of one)."""

    name: str
    expect: Expect
    why: str
    number: int | None = None
    code: str | None = None
    place: str = ""

    def __str__(self) -> str:
        return self.name
