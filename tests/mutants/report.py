"""The end of `make mutants`: counts what mutmut found, and fails where `tests.mutants.judge` finds fault with it."""

import sys
from collections.abc import Iterator
from pathlib import Path

from mutmut.mutation.data import SourceFileMutationData
from mutmut.mutation.diff_apply import get_diff_for_mutant
from mutmut.stats import status_by_exit_code
from mutmut.utils.file_utils import walk_mutatable_files
from mutmut.utils.format_utils import get_module_from_key, orig_function_and_class_names_from_key

from tests.mutants.judge import NOTICED, Change, Found, changed, faults, reviewed, table

REVIEWED = Path(__file__).with_name("survivors.toml")


def found() -> Iterator[Found]:
    """Every mutant of the last run."""
    for path in walk_mutatable_files():
        data = SourceFileMutationData(path=path)
        data.load()
        for name, code in data.exit_code_by_key.items():
            status = status_by_exit_code[code]
            yield Found(path.stem, name, status, None if status in NOTICED else _change(name, path))


def _change(name: str, path: Path) -> Change:
    function, owner = orig_function_and_class_names_from_key(name)
    place = ".".join(part for part in (get_module_from_key(name), owner, function) if part)
    return Change(place, *changed(get_diff_for_mutant(name, path=path)))


def main() -> int:
    known = reviewed(REVIEWED.read_text(encoding="utf-8"))
    mutants = list(found())
    print(*table(mutants, known), sep="\n")
    wrong = list(faults(mutants, known))
    print(*wrong, sep="\n")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
