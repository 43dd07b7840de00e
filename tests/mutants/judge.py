"""What a run of `make mutants` must show: enough mutants killed, and no survivor that nobody has looked at.

An entry of `survivors.toml` names a mutant by its function and by the lines that it takes out and puts in, not by
mutmut's numbers: those shift with every change of the function.
"""

import tomllib
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

WANTED = 0.9
"""The share killed, among the mutants that the types allow and that are not equivalent to the code."""

TYPES = "caught by type check"
NOTICED = (TYPES, "killed", "timeout")


@dataclass(frozen=True, slots=True)
class Change:
    """A mutant as a person reads it: the function, the lines that it takes out, and what stands there instead."""

    function: str
    code: str
    mutant: str

    def __str__(self) -> str:
        return f"  function = {self.function!r}\n  code = {self.code!r}\n  mutant = {self.mutant!r}"


@dataclass(frozen=True, slots=True)
class Found:
    """One mutant and what became of it, in mutmut's words; `change` is None where it was noticed."""

    module: str
    name: str
    status: str
    change: Change | None


def reviewed(text: str) -> dict[Change, str]:
    """The survivors of `survivors.toml`, each with the reason for which no test can or need notice it."""
    known: dict[Change, str] = {}
    for reason in tomllib.loads(text)["equivalent"]:
        for each in reason["mutants"]:
            known[Change(reason["function"], each["code"].strip(), each["mutant"].strip())] = reason["reason"]
    return known


def changed(diff: str) -> tuple[str, str]:
    """The lines that a unified diff takes out and those that it puts in, without their indentation."""
    lines = [line for line in diff.split("\n") if not line.startswith(("---", "+++", "@@"))]
    taken = (line[1:].strip() for line in lines if line.startswith("-"))
    given = (line[1:].strip() for line in lines if line.startswith("+"))
    return "\n".join(taken).strip(), "\n".join(given).strip()


def table(mutants: Iterable[Found], known: dict[Change, str]) -> Iterator[str]:
    """The counts of each module and of all, as lines."""
    counts: dict[str, Counter[str]] = {}
    for each in mutants:
        column = "equivalent" if each.change in known else each.status
        for row in (each.module, "all"):
            counts.setdefault(row, Counter()).update((column, "mutants"))
    columns = ["mutants", *NOTICED, "equivalent", "survived"]
    columns += sorted({column for row in counts.values() for column in row}.difference(columns))
    yield "  ".join((f"{'module':10}", *columns))
    for name, row in sorted(counts.items(), key=lambda each: each[0] == "all"):
        yield "  ".join((f"{name:10}", *(f"{row[column]:{len(column)}}" for column in columns)))


def faults(mutants: Iterable[Found], known: dict[Change, str]) -> Iterator[str]:
    """What is wrong with a run; nothing where all is well."""
    of_tests = [each for each in mutants if each.status != TYPES]
    left = {each.change for each in of_tests}
    for each in of_tests:
        if each.change is not None and each.change not in known:
            yield f"{each.status}, and not reviewed: {each.name}\n{each.change}"
    for change in known:
        if change not in left:
            yield f"reviewed, but no mutant survives so (it is killed, or the code has changed):\n{change}"
    wanted = [each for each in of_tests if each.change not in known]
    killed = sum(each.change is None for each in wanted)
    if not wanted or killed < WANTED * len(wanted):
        yield f"{killed} of {len(wanted)} killed: fewer than {WANTED:.0%}"
