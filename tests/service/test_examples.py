"""The examples of Swagger UI: each gets the verdict that its title ends with."""

import pytest

from service.answers import answer_document
from service.deciding import decide_one
from service.examples import EXAMPLES, Example
from tests.support.asking import ask_of, built_in_snapshot

ANSWERED = [example for example in EXAMPLES if not example.expect.isdigit()]


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda example: example.key)
def test_the_title_ends_with_the_verdict(example: Example) -> None:
    assert example.title.endswith(f": {example.expect}")


@pytest.mark.parametrize("example", ANSWERED, ids=lambda example: example.key)
def test_the_example_gets_its_verdict(example: Example) -> None:
    snapshot = built_in_snapshot()
    answer = decide_one(ask_of(example.body), snapshot, now=0)
    assert answer.decision.verdict == example.expect
    said_illustrative = "示范规则" in example.title
    assert answer_document(answer, snapshot)["illustrative"] is said_illustrative
