"""Every entry of the catalogue is tested, by tests and rows that exist."""

import ast
import re
from functools import cache

import pytest

from tests.hostile.body_cases import ROWS as BODIES
from tests.hostile.catalogue import ENTRIES
from tests.hostile.geojson_cases import ROWS as SHAPES
from tests.hostile.request_cases import ROWS as QUESTIONS
from tests.hostile.trap_cases import ROWS as TRAPS
from tests.support.command import ROOT

MAKEFILE = (ROOT / "Makefile").read_text(encoding="utf-8")
ROW_NAMES = frozenset(row.name for table in (BODIES, QUESTIONS, SHAPES, TRAPS) for row in table)
RANGES = {"H": range(1, 29), "G": range(1, 22), "T": range(1, 24), "R": (*range(1, 13), 23)}


def test_the_catalogue_has_every_entry():
    assert set(ENTRIES) == {f"{group}{number:02}" for group, numbers in RANGES.items() for number in numbers}


@pytest.mark.parametrize("entry", ENTRIES)
def test_an_entry_names_tests_and_rows_that_exist(entry):
    named = ENTRIES[entry]
    assert named.tests
    assert not named.beside or re.search(rf"^{named.beside.removeprefix('make ')}:", MAKEFILE, re.MULTILINE)
    assert [row for row in named.rows if row not in ROW_NAMES] == []
    for test in named.tests:
        file, _, function = test.partition("::")
        assert function in _tests_of(file), test


@cache
def _tests_of(file: str) -> frozenset[str]:
    tree = ast.parse((ROOT / file).read_text(encoding="utf-8"))
    return frozenset(node.name for node in tree.body if isinstance(node, ast.FunctionDef) and node.name[:5] == "test_")
