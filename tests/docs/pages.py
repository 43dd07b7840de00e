"""The documentation as text: pages, headings, fenced blocks, links and tables."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
ENGLISH, CHINESE = ROOT / "README.md", ROOT / "README.zh.md"
DOCS = ROOT / "docs"
PAGES = (ENGLISH, CHINESE, *sorted(DOCS.rglob("*.md")))

# Objects whose keys are not fields, and objects that are explained elsewhere.
_KEYED = {"vehicle": "<fact>", "claims": "<claim>", "names": "<code>"}
_WHOLE = {"grounds[].window", "grounds[].lifted_by[].citation"}

_FENCE = re.compile(r"```(.*)")
_HEADING = re.compile(r"(#+) (.+)")
_LINK = re.compile(r"\[[^\]]+\]\(([^)\s]+)\)")
_CODE = re.compile(r"`[^`]+`")


@dataclass(frozen=True, slots=True)
class Block:
    """A fenced block: its tag (`json question`), its text, and the paragraph that follows it."""

    page: Path
    line: int
    tag: str
    text: str
    after: str

    @property
    def place(self) -> str:
        return f"{self.page.relative_to(ROOT).as_posix()}:{self.line}"


def blocks(page: Path, *tags: str) -> list[Block]:
    """The blocks of a page in order, of the given tags or all of them. A tag may have a word of its own after it."""
    lines = page.read_text(encoding="utf-8").splitlines()
    found = []
    number = 0
    while number < len(lines):
        opening = _FENCE.match(lines[number])
        number += 1
        if opening is None:
            continue
        start = number
        while lines[number] != "```":
            number += 1
        after = "\n".join(lines[number + 1 :]).strip().split("\n\n")[0]
        found.append(Block(page, start, opening[1], "\n".join(lines[start:number]) + "\n", after))
        number += 1
    return [each for each in found if not tags or any(f"{each.tag} ".startswith(f"{tag} ") for tag in tags)]


def only(page: Path, tag: str) -> Block:
    """The one block of that tag on a page."""
    (block,) = blocks(page, tag)
    return block


def prose(page: Path) -> str:
    """A page without its fenced blocks."""
    kept, inside = [], False
    for line in page.read_text(encoding="utf-8").splitlines():
        if _FENCE.match(line):
            inside = not inside
        elif not inside:
            kept.append(line)
    return "\n".join(kept)


def headings(page: Path) -> list[tuple[int, str]]:
    return [
        (len(match[1]), match[2]) for match in map(_HEADING.fullmatch, prose(page).splitlines()) if match is not None
    ]


def section(page: Path, title: str) -> str:
    """The prose under a heading, up to the next one of its level or above; the title may be its first words."""
    kept: list[str] = []
    level = 0
    for line in prose(page).splitlines():
        match = _HEADING.fullmatch(line)
        if match is not None and level and len(match[1]) <= level:
            break
        if match is not None and not level and f"{match[2]} ".startswith(f"{title} "):
            level = len(match[1])
        elif level:
            kept.append(line)
    assert level, f"{page.name} has no heading {title!r}"
    return "\n".join(kept)


def links(page: Path) -> list[str]:
    return _LINK.findall(prose(page))


def anchors(page: Path) -> set[str]:
    """The anchors that GitHub gives the headings of a page."""
    return {anchor(title) for _, title in headings(page)}


def anchor(title: str) -> str:
    return re.sub(r"[^\w\- ]", "", title.lower()).replace(" ", "-")


def rows(text: str) -> Iterator[list[str]]:
    """The rows of every table in a text, heads and rules left out."""
    lines = text.splitlines()
    for number, line in enumerate(lines):
        is_head = number + 1 < len(lines) and lines[number + 1].startswith("|---")
        if line.startswith("|") and not line.startswith("|---") and not is_head:
            yield [cell.strip() for cell in line.strip("|").split("|")]


def first_table(text: str) -> str:
    """The first table of a text, as it stands."""
    kept: list[str] = []
    for line in text.splitlines():
        if line.startswith("|"):
            kept.append(line)
        elif kept:
            break
    return "\n".join(kept)


def code_spans(text: str) -> list[str]:
    return [span.strip("`") for span in _CODE.findall(text)]


def fields(value: object, path: str = "") -> Iterator[str]:
    """The paths of a JSON document as the tables write them: `[]` for a list, `<fact>` for a key that varies."""
    if isinstance(value, dict) and path not in _WHOLE:
        for key, inner in value.items():
            varies = path in _KEYED and not (path == "claims" and key in ("source", "passes"))
            word = _KEYED[path] if varies else key
            yield from fields(inner, f"{path}.{word}" if path else word)
    elif isinstance(value, list):
        for inner in value:
            yield from fields(inner, f"{path}[]")
    else:
        yield path
