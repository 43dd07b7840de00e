"""/v1/calendar: kinds of days, what is not published, the notices behind them, and its bounds."""

from datetime import date, timedelta

import pytest
from starlette.testclient import TestClient

from rules.windows import WEEKDAYS
from service.api.calendar import MOST_DAYS, CalendarOut
from tests.support.asking import built_in_snapshot
from tests.support.problems import refusal


def test_this_year_if_nothing_is_said(client: TestClient) -> None:
    reply = client.get("/v1/calendar")
    CalendarOut.model_validate_json(reply.content)
    found = reply.json()
    assert (found["from"], found["to"], len(found["days"])) == ("2026-01-01", "2026-12-31", 365)
    assert "etag" not in reply.headers
    calendar = built_in_snapshot().calendar
    assert found["calendar"]["version"] == calendar.version
    for number, each in enumerate(found["days"]):
        day = date(2026, 1, 1) + timedelta(days=number)
        assert each["date"] == day.isoformat()
        assert each["weekday"] == WEEKDAYS[day.weekday()]
        assert {each["kind"]} == set(each["possible_kinds"]) == calendar.kinds(day)


def test_what_is_not_published_is_possible_and_has_no_kind(client: TestClient) -> None:
    days = client.get("/v1/calendar?from=2026-12-31&to=2027-01-02").json()["days"]
    assert [each["kind"] for each in days] == ["ordinary_workday", None, None]
    assert days[1]["possible_kinds"] == ["day_off_in_lieu", "ordinary_workday", "statutory_holiday"]
    assert days[2]["possible_kinds"] == ["makeup_workday", "rest_day", "statutory_holiday"]


def test_the_notices_of_the_years_asked_for(client: TestClient) -> None:
    found = client.get("/v1/calendar?from=2025-12-31&to=2026-01-01").json()["notices"]
    sources = built_in_snapshot().calendar.sources
    expected = [(year, each.number) for year in (2025, 2026) for each in sources[year]]
    assert [(each["year"], each["number"]) for each in found] == expected
    assert len(expected) >= 2


@pytest.mark.parametrize(
    ("query", "first", "last"),
    [
        ("from=2024-02-01", "2024-02-01", "2024-12-31"),
        ("to=2024-02-01", "2024-01-01", "2024-02-01"),
        ("from=2026-05-01&to=2026-05-01", "2026-05-01", "2026-05-01"),
    ],
)
def test_a_dated_question_has_a_tag(client: TestClient, query: str, first: str, last: str) -> None:
    reply = client.get(f"/v1/calendar?{query}")
    found = reply.json()
    assert (found["from"], found["to"]) == (first, last)
    assert (found["days"][0]["date"], found["days"][-1]["date"]) == (first, last)
    again = client.get(f"/v1/calendar?{query}", headers={"If-None-Match": reply.headers["etag"]})
    assert again.status_code == 304


def test_at_most_so_many_days(client: TestClient) -> None:
    last = date(2026, 1, 1) + timedelta(days=MOST_DAYS - 1)
    assert len(client.get(f"/v1/calendar?from=2026-01-01&to={last}").json()["days"]) == MOST_DAYS == 400
    beyond = last + timedelta(days=1)
    refusal(client.get(f"/v1/calendar?from=2026-01-01&to={beyond}"), 422, "too-many", "/query/to")


@pytest.mark.parametrize(
    ("query", "code", "field"),
    [
        ("from=2026-02-30", "invalid-date", "from"),
        ("from=20260101", "invalid-date", "from"),
        ("from=2026-01-01T00:00:00", "invalid-date", "from"),
        ("to=tomorrow", "invalid-date", "to"),
        ("from=2026-02-01&to=2026-01-31", "invalid-date", "to"),
        ("from=1899-12-31", "datetime-out-of-range", "from"),
        ("from=9999-12-31", "datetime-out-of-range", "from"),
        ("year=2026", "unknown-field", "year"),
    ],
)
def test_what_is_no_period_is_refused(client: TestClient, query: str, code: str, field: str) -> None:
    refusal(client.get(f"/v1/calendar?{query}"), 422, code, f"/query/{field}")
