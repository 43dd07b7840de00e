"""The end of `make mutants`: counts what mutmut found, and compares the survivors with those that were reviewed.

Fails where fewer than `WANTED` of the mutants that a test must notice are noticed, where a mutant survives that is not
in `survivors.toml`, and where an entry of it is of no use any more. An entry names a mutant by its function and by the
lines that it takes and gives, not by mutmut's numbers: those shift with every change of the function.
"""

import sys
import tomllib
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from mutmut.mutation.data import SourceFileMutationData
from mutmut.mutation.diff_apply import get_diff_for_mutant
from mutmut.stats import status_by_exit_code
from mutmut.utils.file_utils import walk_mutatable_files
from mutmut.utils.format_utils import get_module_from_key, orig_function_and_class_names_from_key

WANTED = 0.9
"""The share of mutants killed, among those that the types allow and that are not equivalent to the code."""

REVIEWED = Path(__file__).with_name("survivors.toml")


@dataclass(frozen=True, slots=True)
class Change:
    """A mutant as a person reads it: the function, the lines that it takes out, and what stands there instead."""

    function: str
    code: str
    mutant: str


@dataclass(frozen=True, slots=True)
class Found:
    """One mutant and what became of it, in mutmut's words."""

    module: str
    name: str
    status: str
    change: Change | None
    """None where it was killed."""


def reviewed(text: str) -> dict[Change, str]:
    """The reviewed survivors of `survivors.toml`, each with its reason."""
    entries = tomllib.loads(text)["survivor"]
    return {Change(each["function"], each["code"].strip(), each["mutant"].strip()): each["reason"] for each in entries}


def changed(diff: str) -> tuple[str, str]:
    """The lines that a unified diff takes out and those that it puts in, without their indentation."""
    lines = [line for line in diff.split("\n") if not line.startswith(("---", "+++", "@@"))]
    taken = (line[1:].strip() for line in lines if line.startswith("-"))
    given = (line[1:].strip() for line in lines if line.startswith("+"))
    return "\n".join(taken), "\n".join(given)


def tried() -> Iterator[Found]:
    """Every mutant of the last run."""
    for path in walk_mutatable_files():
        data = SourceFileMutationData(path=path)
        data.load()
        for name, code in data.exit_code_by_key.items():
            status = status_by_exit_code[code]
            noticed = status in ("killed", "timeout", "caught by type check")
            yield Found(path.stem, name, status, None if noticed else _change(name, path))


def _change(name: str, path: Path) -> Change:
    function, owner = orig_function_and_class_names_from_key(name)
    place = ".".join(part for part in (get_module_from_key(name), owner, function) if part)
    return Change(place, *changed(get_diff_for_mutant(name, path=path)))


def table(mutants: Iterable[Found], known: dict[Change, str]) -> Iterator[str]:
    """The counts of each module and of all."""
    counts: dict[str, Counter[str]] = {}
    for each in mutants:
        column = "reviewed" if each.change in known else each.status
        for row in (each.module, "all"):
            counts.setdefault(row, Counter()).update((column, "mutants"))
    columns = ("mutants", "caught by type check", "killed", "timeout", "survived", "reviewed")
    others = sorted({column for row in counts.values() for column in row}.difference(columns))
    yield "  ".join(("module    ", *columns, *others))
    for name, row in sorted(counts.items(), key=lambda each: each[0] == "all"):
        yield "  ".join((f"{name:10}", *(f"{row[column]:{len(column)}}" for column in (*columns, *others))))


def judged(mutants: list[Found], known: dict[Change, str]) -> Iterator[str]:
    """What is wrong with a run; nothing where all is well."""
    left = [each for each in mutants if each.change is not None]
    for each in left:
        if each.change not in known:
            yield f"{each.status}, and not reviewed: {each.name}\n{_entry(each.change)}"
    for change in known:
        if change not in {each.change for each in left}:
            yield f"reviewed, but no mutant survives so (killed, or the code has changed):\n{_entry(change)}"
    wanted = [each for each in mutants if each.status != "caught by type check" and each.change not in known]
    killed = sum(each.change is None for each in wanted)
    if killed < WANTED * len(wanted) or not wanted:
        yield f"{killed} of {len(wanted)} killed, fewer than {WANTED:.0%}"


def _entry(change: Change | None) -> str:
    assert change is not None
    return "".join(
        f"  {key} = {value!r}\n"
        for key, value in (("function", change.function), ("code", change.code), ("mutant", change.mutant))
    )


def main() -> int:
    known = reviewed(REVIEWED.read_text(encoding="utf-8"))
    mutants = list(tried())
    print(*table(mutants, known), sep="\n")
    faults = list(judged(mutants, known))
    print(*faults, sep="\n")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
