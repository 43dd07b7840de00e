"""The table of topics in docs/conformance.md: `python -m tests.docs.topic_table` writes it anew."""

import tomllib
from collections import Counter

from service.topics import TOPICS
from tests.docs.dictionary_tables import table
from tests.docs.pages import DOCS, ROOT, anchor, first_table, section

PAGE = DOCS / "conformance.md"
TITLE = "Topics"


def topic_table() -> str:
    """One row a topic: what its cases try, where the semantics are, and how many cases name it."""
    files = (ROOT / "tests" / "scenarios").glob("*.toml")
    cases = [case for file in files for case in tomllib.loads(file.read_text(encoding="utf-8"))["case"]]
    counts = Counter(topic for case in cases for topic in case["exercises"])
    rows = [
        (
            f"`{each.name}`",
            each.meaning,
            f"[{each.section}](semantics.md#{anchor(each.section)})",
            str(counts[each.name]),
        )
        for each in TOPICS.values()
    ]
    return table(("topic", "what its cases try", "semantics", "cases"), rows)


def main() -> None:
    text = PAGE.read_text(encoding="utf-8")
    PAGE.write_text(text.replace(first_table(section(PAGE, TITLE)), topic_table()), encoding="utf-8")


if __name__ == "__main__":
    main()
