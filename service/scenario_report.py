"""What came of scenarios, in words and as JSON; and the digest that names the corpus they came from.

The JSON is that of docs/conformance.md, which other implementations write too.
"""

from collections.abc import Iterable, Iterator, Sequence
from hashlib import sha256
from pathlib import Path

from service.publication import built_in_cities
from service.scenarios import Outcome
from service.version import VERSION

CORPUS = ("geodata/cities/*.geojson", "rules/calendars/cn.toml", "rules/cities/*/*.toml", "tests/scenarios/*.toml")
_CASES = "tests/scenarios"


def checkout() -> Path:
    """The folder that holds the parts of the corpus, when this program runs from a checkout."""
    laws, _ = built_in_cities()[0]
    return laws.parents[2]


def corpus_digest(root: Path) -> str:
    """SHA-256 over a line for each file of the corpus, in order of their paths: its own SHA-256, two spaces, its path.

    The same lines as `sha256sum` writes, so that nobody needs this program to name the corpus.
    """
    files = {file.relative_to(root).as_posix(): file for pattern in CORPUS for file in root.glob(pattern)}
    lines = (f"{sha256(files[path].read_bytes()).hexdigest()}  {path}\n" for path in sorted(files))
    return f"sha256:{sha256(''.join(lines).encode()).hexdigest()}"


def corpus_of(files: Iterable[Path]) -> str | None:
    """The digest of the corpus, if all these scenario files are its own; None if any is not."""
    root = checkout()
    if all(file.resolve().parent == root / _CASES for file in files):
        return corpus_digest(root)
    return None


def report_document(outcomes: Sequence[Outcome], topics: Sequence[str], corpus: str | None) -> dict[str, object]:
    """The report. `topics` are those chosen, none for all; `corpus` None: another than the public one was run."""
    passed = sum(outcome.passed for outcome in outcomes)
    return {
        "implementation": {"name": "tongxing", "version": VERSION},
        "corpus": corpus,
        "topics": list(topics),
        "passed": passed,
        "failed": len(outcomes) - passed,
        "cases": [_case_document(outcome) for outcome in outcomes],
    }


def _case_document(outcome: Outcome) -> dict[str, object]:
    scenario = outcome.scenario
    return {
        "id": scenario.id,
        "file": scenario.file.as_posix(),
        "basis": scenario.basis,
        "topics": list(scenario.exercises),
        "passed": outcome.passed,
        "differences": list(outcome.differences),
    }


def failure_lines(outcome: Outcome) -> Iterator[str]:
    """A case that failed, in words: why it should be as expected, what differs, and the grounds found."""
    scenario = outcome.scenario
    yield f"FAILED {scenario.id} ({scenario.file}): {scenario.why} [{scenario.basis}]"
    for difference in outcome.differences:
        yield f"  {difference}"
    yield f"  grounds found: {'; '.join(outcome.grounds) or 'none'}"
