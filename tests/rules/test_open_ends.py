"""Ends that are not known: a record that ends with its last notice, an order of several days that nobody saw lifted."""

from dataclasses import replace
from datetime import date

import pytest

from rules.decision import Reason
from rules.model import Verdict
from tests.rules.test_fine_print import (
    ALLOWED,
    CITY,
    DAILY,
    PASS_CITY,
    PROHIBITED,
    UNDETERMINED,
    ask,
    city,
    instant,
    notice,
    restriction,
)


@pytest.mark.parametrize(
    ("at", "verdict", "reason"),
    [
        ("2026-03-03 06:59:59", ALLOWED, Reason.NO_RESTRICTION_APPLIES),
        ("2026-03-03 08:00:00", PROHIBITED, Reason.RESTRICTION_STANDS),
        ("2026-03-03 23:59:59", ALLOWED, Reason.NO_RESTRICTION_APPLIES),
        ("2026-03-04 00:00:00", UNDETERMINED, Reason.OUTSIDE_RECORD),
        ("2026-03-04 08:00:00", UNDETERMINED, Reason.OUTSIDE_RECORD),
    ],
)
def test_after_the_last_day_of_the_record_nothing_is_settled(at: str, verdict: Verdict, reason: Reason) -> None:
    rulebook = replace(
        city(notice("n", restriction("r", hours=DAILY))), city=replace(CITY, record_until=date(2026, 3, 3))
    )
    answer = ask(rulebook, at=at)
    assert (answer.verdict, answer.reason, answer.missing) == (verdict, reason, ())
    if verdict is ALLOWED and at.endswith("23:59:59"):
        # The record ends at 24:00 of its last day, and with it what can be said.
        assert answer.outcome.holds_until == instant("2026-03-04 00:00")
        assert answer.grounds == ()
    if verdict is UNDETERMINED:
        assert (answer.grounds, answer.considered, answer.outcome.next_allowed) == ((), (), ())


def test_a_day_of_which_nothing_is_certain_is_unknown_and_not_over() -> None:
    """An order of several days whose end was not published: the first day holds, the later ones are unknown."""
    hours = """windows = [
        { dates = [2026-03-03], from = "06:00", until = "22:00" },
        { range = { first = 2026-03-04, last = 2026-03-06 }, from = "06:00", until = "22:00", certain_until = "06:00" },
    ]"""
    rulebook = city(notice("n", restriction("r", hours=hours)))
    assert ask(rulebook, at="2026-03-03 21:59:59").verdict is PROHIBITED
    for open_at in ("2026-03-04 06:00", "2026-03-06 21:59:59"):
        answer = ask(rulebook, at=open_at)
        assert (answer.verdict, answer.reason) == (UNDETERMINED, Reason.END_NOT_PUBLISHED)
        assert answer.missing == ("end_not_published",)
    for free in ("2026-03-04 05:59:59", "2026-03-04 22:00", "2026-03-07 06:00"):
        assert ask(rulebook, at=free).verdict is ALLOWED


def test_hours_of_a_pass_that_hang_on_an_unpublished_day() -> None:
    """Only the kind of the day is wanting: the passes are told, and nobody need ask for another."""
    on_workdays = {"kind": "pass", "days": ["workday"], "hours": ["07:00-09:00"]}
    answer = ask(PASS_CITY, at="2027-03-03 08:00", passes=[on_workdays])
    assert (answer.verdict, answer.missing) == (UNDETERMINED, ("day_kind",))
    assert ask(PASS_CITY, at="2027-03-03 08:00", passes=[{**on_workdays, "kind": "other"}]).verdict is PROHIBITED
    assert ask(PASS_CITY, at="2027-03-03 10:00", passes=[on_workdays]).verdict is PROHIBITED
