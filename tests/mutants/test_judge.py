"""`make mutants` fails for a survivor that nobody has looked at, for an entry of no use, and for too few killed."""

from pathlib import Path

from tests.architecture.source import ROOT
from tests.mutants.judge import Change, Found, changed, faults, reviewed, table

SURVIVORS = (Path(__file__).with_name("survivors.toml")).read_text(encoding="utf-8")
ENTRIES = """
[[equivalent]]
function = "rules.truth.some"
reason = "only a slower path"
mutants = [{ code = "return a", mutant = "return b" }]
"""
KNOWN = Change("rules.truth.some", "return a", "return b")
NEW = Change("rules.truth.some", "return a", "return c")


def run(*left: Change, killed: int = 10, by_types: int = 0) -> list[Found]:
    found = [Found("truth", f"k{number}", "killed", None) for number in range(killed)]
    found += [Found("truth", f"t{number}", "caught by type check", None) for number in range(by_types)]
    return found + [Found("truth", f"s{number}", "survived", change) for number, change in enumerate(left)]


def test_a_run_with_only_reviewed_survivors_is_well() -> None:
    known = reviewed(ENTRIES)
    assert known == {KNOWN: "only a slower path"}
    assert list(faults(run(KNOWN), known)) == []
    assert [line.split() for line in table(run(KNOWN), known)][1:] == [
        ["truth", "11", "0", "10", "0", "1", "0"],
        ["all", "11", "0", "10", "0", "1", "0"],
    ]


def test_an_unknown_survivor_and_a_useless_entry_are_faults() -> None:
    known = reviewed(ENTRIES)
    (fault,) = faults(run(KNOWN, NEW), known)
    assert fault.startswith("survived, and not reviewed: s1\n") and str(NEW) in fault
    (fault,) = faults(run(), known)
    assert fault.startswith("reviewed, but no mutant survives so") and str(KNOWN) in fault


def test_what_is_not_killed_nor_survived_is_a_fault() -> None:
    broken = Found("truth", "b", "not checked", NEW)
    assert list(faults([*run(), broken], {})) == [f"not checked, and not reviewed: b\n{NEW}"]


def test_nine_in_ten_count_without_types_and_equivalents() -> None:
    known = reviewed(ENTRIES)
    assert len(list(faults(run(KNOWN, NEW, killed=9), known))) == 1
    assert list(faults(run(KNOWN, NEW, killed=8, by_types=99), known))[-1] == "8 of 9 killed: fewer than 90%"
    assert list(faults([], {})) == ["0 of 0 killed: fewer than 90%"]


def test_a_diff_is_read_as_what_it_takes_and_gives() -> None:
    diff = (
        "--- rules/x.py\n+++ rules/x.py\n@@ -1,3 +1,2 @@\n def f():\n-    case A():\n-        return 1\n+    \n other"
    )
    assert changed(diff) == ("case A():\nreturn 1", "")


def test_every_entry_has_a_reason_and_names_code_that_is_there() -> None:
    for change, reason in reviewed(SURVIVORS).items():
        source = ROOT.joinpath(*change.function.split(".")[:2]).with_suffix(".py").read_text(encoding="utf-8")
        lines = {line.strip() for line in source.splitlines()}
        assert reason.strip() and set(change.code.splitlines()) <= lines, change
