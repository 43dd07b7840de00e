"""The documentation agrees with itself and with the code: structure, links, tables, names of settings and options."""

import importlib
import re
from pathlib import Path

import pytest
import typer

from rules import reading
from rules.decision import Reason
from service.cli import cli
from service.settings import PREFIX, Settings
from tests.docs.dictionary_tables import TABLES
from tests.docs.pages import (
    CHINESE,
    DOCS,
    ENGLISH,
    PAGES,
    ROOT,
    anchors,
    blocks,
    code_spans,
    first_table,
    headings,
    links,
    prose,
    rows,
    section,
)

DECISIONS = sorted((DOCS / "decisions").glob("0*.md"))
COMMANDS = {
    command: {name for option in found.params for name in (*option.opts, *option.secondary_opts) if name[:2] == "--"}
    | {"--help"}
    for command, found in typer.main.get_group(cli).commands.items()
}
PARTS_OF_A_DECISION = ["Context", "Decision", "Consequences", "Alternatives"]
RUN = {
    *("console", "pycon", "sh", "text address", "text tree"),
    *(f"json {what}" for what in ("answer", "question", "refused", "zones")),
    *(
        f"toml {what}"
        for what in ("calendar", "city", "exemption", "faulty", "notice", "scenarios", "vehicles", "windows")
    ),
    *(f"{kind} {what}" for kind in ("toml", "json") for what in ("base", "finding", "mended")),
}


def name(page: Path) -> str:
    return page.relative_to(ROOT).as_posix()


@pytest.mark.parametrize("doc", PAGES, ids=name)
def test_every_link_leads_somewhere(doc: Path) -> None:
    for link in links(doc):
        if link.startswith(("http://", "https://")):
            continue
        path, _, part = link.partition("#")
        target = (doc.parent / path).resolve() if path else doc
        assert target.exists(), f"{name(doc)} links to {link}"
        if part:
            assert part in anchors(target), f"{name(doc)} links to {link}"


@pytest.mark.parametrize("doc", PAGES, ids=name)
def test_every_block_is_of_a_kind_that_is_tried(doc: Path) -> None:
    assert {
        each.place: each.tag for each in blocks(doc) if not any(f"{each.tag} ".startswith(f"{tag} ") for tag in RUN)
    } == {}


def test_every_page_can_be_reached() -> None:
    reached, new = {ENGLISH}, [ENGLISH]
    while new:
        page = new.pop()
        for link in links(page):
            target = (page.parent / link.partition("#")[0]).resolve()
            if target.suffix == ".md" and target not in reached:
                reached.add(target)
                new.append(target)
    assert set(PAGES) <= reached


def test_both_readmes_have_one_structure() -> None:
    assert [level for level, _ in headings(ENGLISH)] == [level for level, _ in headings(CHINESE)]
    assert [_shape(ENGLISH, title) for level, title in headings(ENGLISH) if level == 2] == [
        _shape(CHINESE, title) for level, title in headings(CHINESE) if level == 2
    ]


def _shape(page: Path, title: str) -> tuple[object, ...]:
    """What a section holds, whatever its language: items, first cells of tables, links and names of code."""
    text = section(page, title)
    items = len(re.findall(r"^(?:\*|[0-9]+\.) ", text, re.MULTILINE))
    others = [link for link in re.findall(r"\]\(([^)\s]+)\)", text) if not link.startswith("README")]
    spans = sorted(span for span in code_spans(text) if span.isascii())
    return items, [row[0] for row in rows(text)], others, spans


def test_both_readmes_have_the_same_blocks() -> None:
    assert [(each.tag, each.text) for each in blocks(ENGLISH)] == [(each.tag, each.text) for each in blocks(CHINESE)]


@pytest.mark.parametrize("doc", DECISIONS, ids=lambda page: page.stem)
def test_a_decision_has_its_four_parts(doc: Path) -> None:
    (level, title), *parts = headings(doc)
    assert level == 1
    assert title.startswith(f"{doc.name[:4]} ")
    assert re.fullmatch(r"[0-9]{4}-[a-z0-9-]+\.md", doc.name)
    assert [part for level, part in parts if level == 2] == PARTS_OF_A_DECISION


def test_decisions_are_numbered_without_gaps_and_listed() -> None:
    assert [page.name[:4] for page in DECISIONS] == [f"{number:04}" for number in range(1, len(DECISIONS) + 1)]
    listed = dict(rows(prose(DOCS / "decisions" / "README.md")))
    assert list(listed) == [f"[{page.name[:4]}]({page.name})" for page in DECISIONS]
    titles = [headings(page)[0][1].split(" ", 1)[1] for page in DECISIONS]
    assert list(listed.values()) == titles


def test_the_code_names_decisions_that_exist() -> None:
    numbers = {page.name[:4] for page in DECISIONS}
    named = {
        number
        for package in ("rules", "geodata", "service")
        for module in (ROOT / package).rglob("*.py")
        for number in re.findall(r"decisions?[/ ]([0-9]{4})", module.read_text(encoding="utf-8"))
    }
    assert named
    assert named <= numbers


@pytest.mark.parametrize("subject", TABLES)
def test_the_dictionary_has_the_codes_of_the_code(subject: str) -> None:
    assert first_table(section(DOCS / "dictionary.md", subject)) == TABLES[subject]


def test_the_dictionary_has_every_field_of_a_vehicle() -> None:
    fields = [row[0].strip("`") for row in rows(section(DOCS / "dictionary.md", "The vehicle"))]
    assert len(fields) == len(set(fields))
    assert set(fields) == reading._FIELDS


def test_the_words_of_the_dictionary_are_in_the_code() -> None:
    places = [row[3].strip("`") for row in rows(section(DOCS / "dictionary.md", "Words")) if len(row) == 4]
    assert len(places) > 40
    for place in places:
        module, _, word = place.rpartition(".")
        assert word in vars(importlib.import_module(module)) or importlib.import_module(place), place


def test_every_reason_is_explained() -> None:
    explained = [row[0].strip("`") for row in rows(section(DOCS / "semantics.md", "Reasons"))]
    assert explained == [reason.value for reason in Reason]


@pytest.mark.parametrize("doc", [ENGLISH, CHINESE], ids=name)
def test_every_setting_is_documented(doc: Path) -> None:
    named = {f"{PREFIX}{field.upper()}" for field in Settings.model_fields}
    assert named
    assert named <= set(re.findall(rf"{PREFIX}[A-Z_]+", prose(doc)))


@pytest.mark.parametrize("doc", PAGES, ids=name)
def test_no_setting_is_invented(doc: Path) -> None:
    known = {f"{PREFIX}{field.upper()}" for field in Settings.model_fields}
    assert set(re.findall(rf"{PREFIX}[A-Z_]+", doc.read_text(encoding="utf-8"))) <= known


@pytest.mark.parametrize("doc", [ENGLISH, CHINESE], ids=name)
def test_every_command_and_option_is_documented(doc: Path) -> None:
    spans = set(code_spans(prose(doc)))
    assert {f"tongxing {command}" for command in COMMANDS} <= {" ".join(span.split()[:2]) for span in spans}
    assert set().union(*COMMANDS.values()) - {"--help"} <= spans


@pytest.mark.parametrize("doc", PAGES, ids=name)
def test_no_command_and_no_option_is_invented(doc: Path) -> None:
    options = set().union(*COMMANDS.values())
    for line in (*_commands(doc, "tongxing"), *re.findall(r"^\$ (tongxing .*)", doc.read_text("utf-8"), re.MULTILINE)):
        command, *words = line.split()[1:] or ["COMMAND"]
        if command != "COMMAND":
            assert {word for word in words if word.startswith("--")} <= COMMANDS[command], line
    for span in code_spans(prose(doc)):
        if span.startswith("--"):
            assert span.split()[0] in options, span


@pytest.mark.parametrize("doc", PAGES, ids=name)
def test_every_target_of_make_exists(doc: Path) -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    targets = set(re.findall(r"^([a-z]+):", makefile, re.MULTILINE))
    for command in _commands(doc, "make"):
        for word in command.split()[1:]:
            variable, is_variable, _ = word.partition("=")
            assert word in targets if not is_variable else f"{variable} " in makefile, command


def _commands(page: Path, program: str) -> list[str]:
    lines = [line for block in blocks(page, "sh") for line in block.text.splitlines()]
    return [each for each in (*lines, *code_spans(prose(page))) if each == program or each.startswith(f"{program} ")]
