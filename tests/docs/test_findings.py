"""docs/findings.md: its tables are those of the code, and every example does what the page says."""

import pytest

from rules.guidance import RULES
from service.checking import ALL_CODES
from tests.docs.finding_examples import FINDINGS, Example, code_table, examples, found, guidance_table
from tests.docs.pages import first_table, headings, section

EXAMPLES = list(examples())
# What an example of it would fill the page with is tried in tests/geodata/test_lint.py.
WITHOUT_EXAMPLE = {"not-compared"}


def test_the_tables_of_the_page_are_those_of_the_code() -> None:
    assert first_table(section(FINDINGS, "All codes")) == code_table()
    assert first_table(section(FINDINGS, "National guidance")) == guidance_table()


def test_every_code_has_its_section_under_its_severity() -> None:
    under: dict[str, str] = {}
    part = ""
    for level, title in headings(FINDINGS):
        part = title if level == 2 else part
        if level == 3:
            under[title] = part
    assert {code: f"{what.severity.value.capitalize()}s" for code, what in ALL_CODES.items()} == {
        code: part for code, part in under.items() if code not in RULES
    }
    assert {code for code, part in under.items() if part == "National guidance"} == set(RULES)


def test_every_code_has_an_example_and_its_mending() -> None:
    for mended in (False, True):
        shown = {each.code for each in EXAMPLES if each.mended is mended}
        assert shown == (set(ALL_CODES) | set(RULES)) - WITHOUT_EXAMPLE
    assert [each.mended for each in EXAMPLES] == [False, True] * (len(EXAMPLES) // 2)


def test_the_city_of_the_page_has_no_findings() -> None:
    assert found(Example("", True, "toml mended", "", 0)) == set()


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda each: f"{each.code}:{each.line}")
def test_an_example_yields_its_finding_and_its_mending_does_not(example: Example) -> None:
    assert (example.code in found(example)) is not example.mended
