"""The guide for dispatchers: its examples, one after the other, against a real server; and both languages alike."""

import doctest
from collections.abc import Iterator
from pathlib import Path

import pytest

from service.client import Client
from tests.docs.pages import DOCS, blocks, code_spans, headings, rows
from tests.support.running import running_server

GUIDES = (DOCS / "guide.md", DOCS / "guide.zh.md")
SHOWN_BASE = "http://127.0.0.1:8000"


@pytest.fixture(scope="module")
def base(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with running_server(tmp_path_factory.mktemp("guide")) as server:
        yield server.base


@pytest.mark.parametrize("guide", GUIDES, ids=lambda page: page.name)
def test_its_examples_are_true(guide: Path, base: str) -> None:
    shown = blocks(guide, "pycon client")
    assert len(shown) >= 8
    names: dict[str, object] = {}
    for block in shown:
        text = block.text.replace(SHOWN_BASE, base)
        example = doctest.DocTestParser().get_doctest(text, {}, block.place, None, block.line)
        example.globs = names
        assert example.examples, block.place
        assert doctest.DocTestRunner().run(example, clear_globs=False).failed == 0, block.place
    tongxing = names["tongxing"]
    assert isinstance(tongxing, Client)
    tongxing.close()


def test_both_languages_say_the_same() -> None:
    english, chinese = GUIDES
    assert [level for level, _ in headings(english)] == [level for level, _ in headings(chinese)]
    assert len(blocks(english)) == len(blocks(chinese))
    for ours, theirs in zip(blocks(english), blocks(chinese), strict=True):
        # What is printed may be in another language; what is asked is the same.
        assert _asked(ours.text) == _asked(theirs.text), theirs.place
    codes = [[code_spans(row[0]) for row in rows(page.read_text(encoding="utf-8"))] for page in GUIDES]
    assert codes[0] == codes[1]


def _asked(text: str) -> list[str]:
    return [line for line in text.splitlines() if line.startswith((">>>", "...")) and "summary_" not in line]
