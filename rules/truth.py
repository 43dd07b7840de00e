"""Yes, no and unknown, and how they combine (strong Kleene logic; S. C. Kleene, *Introduction to Metamathematics*,
1952, section 64).

>>> both(Truth.YES, Truth.UNKNOWN), both(Truth.NO, Truth.UNKNOWN)
(<Truth.UNKNOWN: 'unknown'>, <Truth.NO: 'no'>)
>>> either(Truth.YES, Truth.UNKNOWN), negate(Truth.UNKNOWN)
(<Truth.YES: 'yes'>, <Truth.UNKNOWN: 'unknown'>)
"""

from collections.abc import Iterable
from enum import Enum
from typing import NoReturn


class Truth(Enum):
    """The value of a condition. It has no truth value of its own, lest `if condition` read unknown as yes."""

    YES = "yes"
    NO = "no"
    UNKNOWN = "unknown"

    def __bool__(self) -> NoReturn:
        raise TypeError("a Truth is compared with YES, NO or UNKNOWN, never used as a bool")

    @staticmethod
    def of(value: bool) -> "Truth":
        return Truth.YES if value else Truth.NO


def negate(value: Truth) -> Truth:
    if value is Truth.UNKNOWN:
        return value
    return Truth.of(value is Truth.NO)


def every(values: Iterable[Truth]) -> Truth:
    """YES if all are; NO as soon as one is."""
    result = Truth.YES
    for value in values:
        if value is Truth.NO:
            return value
        if value is Truth.UNKNOWN:
            result = value
    return result


def some(values: Iterable[Truth]) -> Truth:
    """YES as soon as one is; NO if none is or may be."""
    result = Truth.NO
    for value in values:
        if value is Truth.YES:
            return value
        if value is Truth.UNKNOWN:
            result = value
    return result


def both(first: Truth, second: Truth) -> Truth:
    return every((first, second))


def either(first: Truth, second: Truth) -> Truth:
    return some((first, second))


def agreed(values: Iterable[Truth]) -> Truth:
    """What all values agree on; UNKNOWN as soon as two differ (or where there is none)."""
    common: Truth | None = None
    for value in values:
        if value is Truth.UNKNOWN or common not in (None, value):
            return Truth.UNKNOWN
        common = value
    return Truth.UNKNOWN if common is None else common
