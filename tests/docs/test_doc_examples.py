"""Every example of the documentation runs and says what the page says of it."""

import doctest
import json
import re
from collections.abc import Callable, Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from geodata.errors import MalformedGeometry
from geodata.geojson import zones_from_geojson
from rules.calendar import parse_calendar
from rules.codec import parse_city, parse_notice
from rules.decision import State
from rules.errors import MalformedDocument
from rules.model import Verdict
from service.answers import answer_document
from service.asks import Answer
from service.deciding import decide_one
from service.examples import EXAMPLES
from service.publication import load_calendar
from service.scenarios import MalformedScenarios, read_scenarios, run_scenario
from service.snapshot import Snapshot, make_snapshot
from tests.docs.own_city import own_city
from tests.docs.pages import DOCS, ENGLISH, PAGES, ROOT, Block, blocks, code_spans, fields, only, rows, section
from tests.support.asking import ask_of, built_in_snapshot

WRITING, SEMANTICS = DOCS / "writing-a-city.md", DOCS / "semantics.md"
QUESTIONS = [each for page in PAGES for each in blocks(page, "json question")]
NOW = 1_795_478_400  # 2026-11-24T08:00:00+08:00
HEAD = """
schema = 1
id = "ph-fragment"
name = { zh = "片段", en = "fragment" }
in_force = { from = 2026-05-01 }
source = { grade = "none", verified_on = 2026-11-24 }
"""
WORDS = """
id = "fragment"
text = { zh = "片段", en = "fragment" }
text_kind = "paraphrase"
everywhere = true
"""


def place(block: Block) -> str:
    return block.place


@pytest.fixture(scope="session")
def pinghe(tmp_path_factory: pytest.TempPathFactory) -> Snapshot:
    """The city of the README beside those that ship."""
    publication = own_city(ENGLISH, tmp_path_factory.mktemp("pinghe"))
    shipped = built_in_snapshot()
    return make_snapshot([publication, *shipped.publications.values()], shipped.calendar, illustrative=True)


def answered(body: Mapping[str, Any], snapshot: Snapshot) -> tuple[Answer, dict[str, Any]]:
    answer = decide_one(ask_of(body), snapshot, NOW)
    return answer, answer_document(answer, snapshot)


@pytest.mark.parametrize("block", QUESTIONS, ids=place)
def test_a_question_gets_the_answer_that_the_page_names(block: Block, pinghe: Snapshot) -> None:
    body = json.loads(block.text)
    _, document = answered(body, pinghe)
    stated = re.match(r"(?:Answer: |答案:)\*\*(\w+)\*\*\s?[((]`(\w+)`[))]", block.after)
    assert stated, f"{block.place}: no answer is named"
    assert (document["verdict"], document["reason"]) == stated.groups()
    line = block.after.split("。")[0].split(". ")[0]
    by_law = re.search(r"(?:by law|按正式通告) \*\*(\w+)\*\*", line)
    assert document["illustrative"] is (by_law is not None)
    assert document["verdict_by_law"] == (by_law[1] if by_law else document["verdict"])
    for words, field in (("from |自", "holds_from"), ("until |至 ?", "holds_until")):
        instant = re.search(rf"(?:{words})`([0-9: -]+)`", line)
        if instant is not None:
            assert document[field] == _instant(instant[1], body["at"])
    missing = re.search(r"missing ((?:`\w+`(?:, )?)+)", line)
    assert document["missing"] == (re.findall(r"`(\w+)`", missing[1]) if missing else [])
    exception = re.search(r"Exception: `([\w-]+)`", block.after)
    if exception is not None:
        assert exception[1] in {each["zone"] for each in document["place"]["exceptions"]}
        assert document["place"]["uniform"] is False


def _instant(words: str, at: str) -> str:
    """`09:00` on the day asked about, or `2026-11-25 07:00`, with the offset of the question."""
    day, _, clock = words.rpartition(" ")
    return f"{day or at[:10]}T{clock}{':00' if clock.count(':') == 1 else ''}{at[-6:]}"


def test_an_answer_in_the_semantics_is_lifted_as_the_page_says() -> None:
    _, document = answered(json.loads(_question_before("has state `lifted`").text), built_in_snapshot())
    (ground,) = document["grounds"]
    assert (ground["restriction"], ground["state"]) == ("sy-2021/second-ring-peaks", "lifted")
    assert ground["lifted_by"]


def test_one_missing_fact_settles_without_a_ground_that_stands() -> None:
    answer, _ = answered(json.loads(_question_before("No ground stands by itself").text), built_in_snapshot())
    assert {ground.state for ground in answer.decision.grounds} == {State.UNKNOWN}
    assert all("size" in ground.unknown_for for ground in answer.decision.grounds)


def test_a_stay_is_as_the_page_says() -> None:
    _, document = answered(json.loads(_question_before("`may_not_move` is 06:30 to 06:40").text), built_in_snapshot())
    (stretch,) = document["may_not_move"]
    assert (stretch["from"][11:16], stretch["until"][11:16]) == ("06:30", "06:40")
    assert document["decided_for"][11:16] == "06:30"


def test_an_illustrative_answer_says_so_first() -> None:
    _, document = answered(json.loads(_question_before("begins with 示范规则").text), built_in_snapshot())
    assert document["summary"]["zh"].startswith("示范规则")
    assert document["illustrative"] is True


def _question_before(words: str) -> Block:
    (block,) = [each for each in blocks(SEMANTICS, "json question") if words in each.after]
    return block


def test_the_answer_of_the_readme_is_the_answer() -> None:
    """Abridged: every key shown has its value, every item of a list shown is in the list, in order."""
    command = next(each.text for each in blocks(ENGLISH, "sh") if each.text.startswith("curl "))
    _, document = answered(json.loads(payload(command)), built_in_snapshot())
    shown = json.loads(only(ENGLISH, "json answer").text)
    assert list(differences(shown, document, "")) == []


def payload(command: str) -> str:
    """What a curl command of the documentation sends."""
    match = re.search(r"-d '\n?(.*)'", command, re.DOTALL)
    assert match, command
    return match[1]


def differences(shown: object, real: object, path: str) -> Iterator[str]:
    if isinstance(shown, dict) and isinstance(real, dict):
        for key, value in shown.items():
            yield from differences(value, real.get(key, "(absent)"), f"{path}.{key}")
    elif isinstance(shown, list) and isinstance(real, list):
        left = iter(real)
        for item in shown:
            if not any(not list(differences(item, each, path)) for each in left):
                yield f"{path}: {item}"
    elif isinstance(shown, str) and shown.endswith("…"):
        if not str(real).startswith(shown[:-1]):
            yield f"{path}: {shown} is not {real}"
    elif shown != real:
        yield f"{path}: {shown} is not {real}"


def test_the_own_words_of_a_city_are_cited(pinghe: Snapshot) -> None:
    first, second = blocks(ENGLISH, "json question pinghe")
    _, document = answered(json.loads(first.text), pinghe)
    citation = document["grounds"][0]["citation"]
    assert (citation["notice"], citation["article"], citation["text_kind"]) == ("ph-2026-1", "一", "verbatim")
    _, document = answered(json.loads(second.text), pinghe)
    assert [each["exemption"] for each in document["grounds"][0]["lifted_by"]] == ["ph-2026-1/new-energy"]


@pytest.mark.parametrize("where", ["README.md", "docs/writing-a-city.md"])
def test_the_cities_of_the_pages_can_be_published(where: str, tmp_path: Path) -> None:
    publication = own_city(ROOT / where, tmp_path)
    assert publication.city.id == "pinghe"
    assert {zone.city for zone in publication.zones} == {"pinghe"}


@pytest.mark.parametrize(
    "block", [each for page in PAGES for each in blocks(page, "toml city", "toml notice")], ids=place
)
def test_a_document_parses(block: Block) -> None:
    parse = parse_city if block.tag == "toml city" else parse_notice
    assert parse(block.text, block.place).id in ("pinghe", "ph-2026-1")


def _parts() -> list[tuple[str, str]]:
    """Each line of the blocks that show one key after the other, as an article of its own."""
    lines = []
    for tag, rest in (("toml vehicles", "always = true"), ("toml windows", "vehicles = { everyone = true }")):
        lines += [(line, rest) for block in blocks(WRITING, tag) for line in block.text.splitlines()]
    return lines


@pytest.mark.parametrize(("line", "rest"), _parts())
def test_a_part_of_a_restriction_parses(line: str, rest: str) -> None:
    notice = parse_notice(f"{HEAD}\n[[restrictions]]\n{WORDS}\n{line}\n{rest}\n", "fragment")
    assert len(notice.restrictions) == 1


def test_the_lifts_of_the_page_parse() -> None:
    lifts = only(WRITING, "toml exemption").text
    text = f"{HEAD}\n[[exemptions]]\n{WORDS}\nvehicles = {{ everyone = true }}\nalways = true\n{lifts}"
    (exemption,) = parse_notice(text, "fragment").exemptions
    assert [each.restriction for each in exemption.lifts][:2] == ["ph-fragment/old-town-morning", "ph-2025-3/bridge"]
    assert [sorted(each.notices) for each in exemption.lifts if each.tag] == [["ph-fragment"], ["ph-2025-3"]]


def test_every_key_of_a_city_is_explained() -> None:
    assert explained("city.toml") == keys_known(lambda: parse_city("x = 1", "city"), "x")


def test_every_key_of_a_notice_is_explained() -> None:
    assert explained("A notice") == keys_known(lambda: parse_notice("x = 1", "notice"), "x")


@pytest.mark.parametrize(("kind", "title"), [("restrictions", "Restrictions"), ("exemptions", "Exemptions")])
def test_every_key_of_an_article_is_explained(kind: str, title: str) -> None:
    text = f"{HEAD}\n[[{kind}]]\nx = 1"
    assert explained("Every article") | explained(title) == keys_known(lambda: parse_notice(text, "notice"), "x")


def test_every_key_of_a_window_is_explained() -> None:
    text = f"{HEAD}\n[[restrictions]]\n{WORDS}\nvehicles = {{ everyone = true }}\nwindows = [{{ range = {{}}, x = 1 }}]"
    assert explained("Windows") == keys_known(lambda: parse_notice(text, "notice"), "x")


def test_every_key_of_vehicles_is_shown() -> None:
    text = f"{HEAD}\n[[restrictions]]\n{WORDS}\nvehicles = {{ x = 1 }}\nalways = true"
    known = keys_known(lambda: parse_notice(text, "notice"), "x")
    shown = only(WRITING, "toml vehicles").text
    assert {key for key in known if not re.search(rf"[{{ ]{key} = ", shown)} == set()


def test_every_key_of_a_case_is_explained(tmp_path: Path) -> None:
    file = tmp_path / "cases.toml"
    file.write_text("[[case]]\nx = 1", encoding="utf-8")
    assert explained("Test") == keys_known(lambda: read_scenarios(file), "x")


def test_every_property_of_a_zone_is_explained() -> None:
    known: set[str] = set()
    for kind in ("area", "road", "coverage"):
        feature = {"type": "Feature", "properties": {"kind": kind, "x": 1}, "geometry": None}
        with pytest.raises(MalformedGeometry) as refused:
            zones_from_geojson(json.dumps({"type": "FeatureCollection", "features": [feature]}).encode())
        (fault,) = [each for each in refused.value.faults if each.code == "unknown-property"]
        known |= set(fault.expected.removeprefix("only ").removesuffix(f" for kind {kind}").split(", "))
    assert explained("zones.geojson") == known


def explained(title: str) -> set[str]:
    """The keys in the first column of the tables of a section; of its parts, those that stand before the first."""
    text = re.split(r"^### ", section(WRITING, title), flags=re.MULTILINE)[0]
    return {span.removesuffix(" = true") for row in rows(text) for span in code_spans(row[0])}


def keys_known(read: Callable[[], object], wrong: str) -> set[str]:
    """The keys that the reader of a document takes, as its fault about a wrong one lists them."""
    with pytest.raises((MalformedDocument, MalformedScenarios)) as refused:
        read()
    (fault,) = [each for each in refused.value.faults if each.code == "unknown-key" and each.path.endswith(wrong)]
    return set(fault.expected.removeprefix("one of ").split(", "))


def test_the_scenarios_of_the_page_pass(tmp_path: Path) -> None:
    city, cases = tmp_path / "pinghe", tmp_path / "cases.toml"
    city.mkdir()
    cases.write_text(only(WRITING, "toml scenarios").text, encoding="utf-8")
    snapshot = make_snapshot([own_city(WRITING, city)], load_calendar(), illustrative=True)
    outcomes = [run_scenario(scenario, snapshot) for scenario in read_scenarios(cases)]
    assert {each.scenario.expected.verdict for each in outcomes} == set(Verdict)
    assert [(each.scenario.id, each.differences) for each in outcomes if not each.passed] == []


def test_the_calendar_of_the_page_is_a_year_of_the_shipped_one() -> None:
    shown, shipped = parse_calendar(only(WRITING, "toml calendar").text, "page"), load_calendar()
    of_the_year = {day: kind for day, kind in shipped.exceptions.items() if day.year == 2026}
    assert dict(shown.exceptions) == of_the_year
    assert [each.number for each in shown.sources[2026]] == [each.number for each in shipped.sources[2026]]


@pytest.mark.parametrize(
    "block", [each for page in PAGES for each in blocks(page, "pycon") if each.tag == "pycon"], ids=place
)
def test_a_session_of_python_runs(block: Block) -> None:
    example = doctest.DocTestParser().get_doctest(block.text, {}, block.place, None, block.line)
    assert example.examples
    assert doctest.DocTestRunner(verbose=False).run(example).failed == 0


@cache
def fields_found() -> frozenset[str]:
    bodies = [json.loads(block.text) for block in blocks(SEMANTICS, "json question")]
    bodies += [example.body for example in EXAMPLES if not example.expect.isdigit()]
    snapshot = built_in_snapshot()
    return frozenset(path for body in bodies for path in fields(answered(body, snapshot)[1]))


def test_every_field_of_an_answer_is_explained() -> None:
    explained = [row[0].strip("`") for row in rows(section(SEMANTICS, "Every field of an answer"))]
    reasons = len(list(rows(section(SEMANTICS, "Reasons"))))
    explained = explained[:-reasons]
    assert len(explained) == len(set(explained))
    assert fields_found() - set(explained) == set()


def test_every_field_that_is_explained_occurs() -> None:
    explained = {row[0].strip("`") for row in rows(section(SEMANTICS, "Every field of an answer")) if len(row) == 2}
    reasons = {row[0].strip("`") for row in rows(section(SEMANTICS, "Reasons"))}
    assert explained - reasons - fields_found() == set()


def test_the_limits_of_the_shipped_data_are_as_the_readme_says() -> None:
    snapshot = built_in_snapshot()
    notices = [notice for _, notice in snapshot.notices()]
    law = [notice for notice in notices if not notice.illustrative]
    kinds = {each.wording.kind for notice in notices for each in (*notice.restrictions, *notice.exemptions)}
    assert [notice.id for notice in notices if notice.illustrative] == ["sy-priority-classes"]
    assert kinds == {"paraphrase"}
    assert sorted({notice.source.grade for notice in law}) == ["A", "N", "R"]
    shapes = [zone for each in snapshot.publications.values() for zone in each.zones]
    assert "surveyed" not in {zone.quality for zone in shapes}
    assert (snapshot.calendar.covered_from.year, snapshot.calendar.covered_until.year) == (2018, 2026)
    record = {city: each.city for city, each in snapshot.publications.items()}
    assert {city: (str(each.record_from), str(each.complete_from)[:7]) for city, each in record.items()} == {
        "shenyang": ("2018-12-13", "2021-11"),
        "chengdu": ("2021-06-10", "None"),
        "dalian": ("2019-06-30", "2024-04"),
        "shenzhen": ("2018-07-01", "None"),
    }
    ends = {city: str(each.record_until) for city, each in record.items() if each.record_until is not None}
    assert ends == {"chengdu": "2025-12-31"}
