"""What one fuzz target is, and the mutation of data trees that the targets share.

A target has no need of the fuzzer: the same checks run under pytest on its seeds and on generated inputs.
"""

import copy
import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

MARK = "〔回声-echo〕"
"""A text that no message has of its own; as a value or a key it must come back in no answer."""


class Mutation(Protocol):
    """From one input to another that the parser gets further into; None where the input has no structure to change."""

    def __call__(self, data: bytes, rng: random.Random) -> bytes | None: ...


@dataclass(frozen=True, slots=True)
class Target:
    """One parser under test.

    `check` returns whether the parser took the input; any exception of it is a finding. `seeds` are inputs to begin
    with, `words` the dictionary for changes of bytes, `largest` the longest input in bytes.
    """

    check: Callable[[bytes], bool]
    seeds: tuple[bytes, ...]
    mutation: Mutation
    words: tuple[str, ...]
    largest: int


@dataclass(frozen=True, slots=True)
class Pool:
    """What changed trees are made of: keys, values to put in anywhere, and trees to take parts from."""

    keys: Sequence[str]
    values: Sequence[object]
    donors: Sequence[Any]


ODD: tuple[object, ...] = (
    *("", " ", MARK, "\0", "\x7f", "‮", "Ａ", "a" * 70, "长" * 2_100, "24:00", "00:00", "no-such-zone"),
    *(True, False, 0, -1, 1, 10**19, -(10**39), 0.5, -0.0, 1e-320, 1e308, float("nan"), float("inf")),
    *([], {}, [[]], [{}], {"": ""}),
)
"""Values that a parser may not expect in a place, in every format."""


def changed(tree: Any, rng: random.Random, pool: Pool) -> Any:
    """A copy of the tree with one to four of its places changed."""
    top = [copy.deepcopy(tree)]
    for _ in range(rng.choice((1, 1, 1, 2, 4))):
        _change(top, rng, pool)
    return top[0]


def places(tree: Any) -> list[tuple[Any, Any]]:
    """Every place in a tree: the list or object that holds it, and its index or key there."""
    found: list[tuple[Any, Any]] = []
    unseen = [tree]
    while unseen:
        holder = unseen.pop()
        inner = holder.items() if isinstance(holder, dict) else enumerate(holder)
        for key, value in inner:
            found.append((holder, key))
            if isinstance(value, dict | list):
                unseen.append(value)
    return found


def _change(top: list[Any], rng: random.Random, pool: Pool) -> None:
    everywhere = places(top)
    holder, key = rng.choice(everywhere)
    match rng.randrange(9):
        case 0 | 1 if not isinstance(holder[key], dict | list):
            holder[key] = tweaked(holder[key], rng, pool)
        case 2 if holder is not top:
            del holder[key]
        case 3:
            _put(holder, rng, pool, copy.deepcopy(holder[key]))
        case 4:
            other, place = rng.choice(everywhere)
            if not isinstance(holder[key], dict | list) and not isinstance(other[place], dict | list):
                holder[key], other[place] = other[place], holder[key]
        case 5 if pool.donors:
            donor, place = rng.choice(places([rng.choice(pool.donors)]))
            # Most often a value of the same key: what is well formed there and came from somewhere else.
            alike = [each for each in places([rng.choice(pool.donors)]) if each[1] == key]
            donor, place = rng.choice(alike) if alike and rng.random() < 0.8 else (donor, place)
            holder[key] = copy.deepcopy(donor[place])
        case 6:
            holder[key] = [holder[key]] if rng.random() < 0.5 else {rng.choice(pool.keys): holder[key]}
        case 7:
            _put(holder, rng, pool, copy.deepcopy(rng.choice(pool.values)))
        case _:
            holder[key] = copy.deepcopy(rng.choice(pool.values))


def _put(holder: Any, rng: random.Random, pool: Pool, value: object) -> None:
    if isinstance(holder, dict):
        holder[rng.choice(pool.keys)] = value
    else:
        holder.insert(rng.randrange(len(holder) + 1), value)


def tweaked(value: Any, rng: random.Random, pool: Pool) -> Any:
    """A value near the one given: another number, or the text with a character changed or a word put in."""
    if isinstance(value, bool):
        return not value
    if isinstance(value, int | float):
        return rng.choice((value + 1, value - 1, -value, value * 10, rng.uniform(-200, 200), rng.randrange(70)))
    if not isinstance(value, str):
        return value
    at = rng.randrange(len(value) + 1)
    match rng.randrange(6):
        case 0:
            return value[:at] + value[at + 1 :]
        case 1:
            return (
                value[:at]
                + chr(rng.choice((rng.randrange(32, 127), rng.randrange(0x3000), 0x4E00, 0xFF21)))
                + value[at:]
            )
        case 2:
            return value[:at] + str(rng.randrange(100)) + value[at + 1 :]
        case 3:
            return value[:at] + str(rng.choice([each for each in pool.values if isinstance(each, str)])) + value[at:]
        case 4 if len(value) < 100:
            return value * rng.choice((2, 3, 500))
        case _:
            return value[:at] + (value[at : at + 1].swapcase()) + value[at + 1 :]
