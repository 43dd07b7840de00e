"""The checks of the fuzz targets without the fuzzer: on their seeds, and on inputs grown from these."""

import importlib
import random
import re
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.fuzz.target import Target

HERE = Path(__file__).parent
NAMES = ("plates", "times", "documents", "shapes", "bodies")
TARGETS: dict[str, Target] = {name: importlib.import_module(f"tests.fuzz.{name}").TARGET for name in NAMES}


def grown(target: Target, number: int) -> bytes:
    """An input that is up to three mutations away from a seed; the number says which."""
    rng = random.Random(number)
    data = rng.choice(target.seeds)
    for _ in range(rng.randint(1, 3)):
        data = target.mutation(data, rng) or data
    return data


def test_make_fuzz_runs_every_target() -> None:
    makefile = (HERE.parents[1] / "Makefile").read_text(encoding="utf-8")
    listed = re.search(r"^FUZZ_TARGETS \?= (.*)$", makefile, re.MULTILINE)
    written = {path.stem for path in HERE.glob("*.py") if "\nTARGET = Target(" in path.read_text(encoding="utf-8")}
    assert listed and set(listed[1].split()) == set(NAMES) == written


@pytest.mark.parametrize("name", NAMES)
def test_the_seeds_reach_what_lies_behind_the_parser(name: str) -> None:
    target = TARGETS[name]
    taken = [target.check(seed) for seed in target.seeds]
    assert taken.count(True) > len(taken) / 2
    assert max(map(len, target.seeds)) < target.largest


# A third of the usual number for each, since a document costs tens of milliseconds.
@pytest.mark.parametrize("name", NAMES)
@settings(max_examples=settings().max_examples // 3)
@given(number=st.integers(0, 2**64))
def test_what_is_grown_from_the_seeds_passes_the_check(name: str, number: int) -> None:
    TARGETS[name].check(grown(TARGETS[name], number))


@pytest.mark.parametrize("name", NAMES)
def test_mutation_gets_past_the_first_fault(name: str) -> None:
    """Some of what is grown is still taken, and differs from every seed; some is refused."""
    target = TARGETS[name]
    inputs = {grown(target, number) for number in range(60)} - set(target.seeds)
    taken = sum(map(target.check, inputs))
    assert len(inputs) > 50 and 2 <= taken <= 45
