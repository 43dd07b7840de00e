"""The files in which the project makes promises say what the code does; and an editor reads the schemas as meant."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.contract.promised import PROMISED
from tests.support.command import ROOT

TAPLO = Path(sys.executable).with_name("taplo")


@pytest.mark.parametrize("path", PROMISED, ids=lambda path: path.name)
def test_the_file_is_what_the_code_writes(path: Path) -> None:
    assert path.read_text(encoding="utf-8") == PROMISED[path](), "stale: run `make contract` and look at what changed"


def lint(folder: Path) -> subprocess.CompletedProcess[str]:
    """What an editor with Taplo shows of the TOML files of a checkout."""
    return subprocess.run([TAPLO, "lint", "--colors", "never"], cwd=folder, capture_output=True, text=True, check=False)


def test_an_editor_finds_nothing_in_the_cities_that_ship() -> None:
    linted = lint(ROOT)
    assert linted.returncode == 0, linted.stderr
    assert f"found files total={len(list((ROOT / 'rules' / 'cities').glob('*/*.toml')))} " in linted.stderr


@pytest.mark.parametrize(
    ("file", "old", "new", "shown"),
    [
        ("city.toml", "timezone", "timezome", "'timezome' was unexpected"),
        ("dl-2024.toml", 'text_kind = "paraphrase"', 'text_kind = "summary"', '"summary" is not one of'),
        ("dl-2024.toml", 'until = "19:00"', 'until = "19h"', '"19h" does not match'),
    ],
)
def test_an_editor_shows_a_mistake(tmp_path: Path, file: str, old: str, new: str, shown: str) -> None:
    city = tmp_path / "rules" / "cities" / "dalian"
    shutil.copytree(ROOT / "rules" / "cities" / "dalian", city)
    shutil.copytree(ROOT / "docs" / "schemas", tmp_path / "docs" / "schemas")
    shutil.copy(ROOT / ".taplo.toml", tmp_path)
    text = (city / file).read_text(encoding="utf-8")
    (city / file).write_text(text.replace(old, new, 1), encoding="utf-8")
    assert old in text
    linted = lint(tmp_path)
    assert linted.returncode != 0
    assert shown in linted.stderr
