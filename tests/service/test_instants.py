"""Instants in and out: what is read, what is refused and why, and the clock of a city as plain data."""

from datetime import UTC, datetime, timedelta
from traceback import walk_tb
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules.windows import DAY, EPOCH
from service.instants import NotAnInstant, local_clock, parse_instant, parse_local, written

SHANGHAI = ZoneInfo("Asia/Shanghai")
EIGHT_TWELVE = int(datetime(2026, 11, 24, 0, 12, tzinfo=UTC).timestamp())


@pytest.mark.parametrize(
    "text",
    [
        "2026-11-24T08:12:00+08:00",
        "2026-11-24T00:12:00Z",
        "2026-11-24t00:12:00z",
        "2026-11-24T14:12:00+14:00",
        "2026-11-24T00:12:00-00:00",
        "2026-11-24T08:12:00.999999999+08:00",
    ],
)
def test_the_instant_counts_not_how_it_is_written(text: str) -> None:
    assert parse_instant(text) == EIGHT_TWELVE


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("2026-11-24T08:12:00", "time-without-offset"),
        ("2026-11-24T08:12", "time-without-offset"),
        ("2026-11-24", "invalid-datetime"),
        ("", "invalid-datetime"),
        ("1700000000", "invalid-datetime"),
        ("2026-11-24 08:12:00+08:00", "invalid-datetime"),
        ("2026-W48-2T08:12:00Z", "invalid-datetime"),
        ("20261124T081200Z", "invalid-datetime"),
        ("2026-11-24T23:59:60Z", "invalid-datetime"),
        ("2026-11-24T24:00:00Z", "invalid-datetime"),
        ("2026-02-30T08:00:00Z", "invalid-datetime"),
        ("2027-02-29T08:00:00Z", "invalid-datetime"),
        ("2026-11-24T08:12:00+25:00", "invalid-datetime"),
        ("2026-11-24T08:12:00\u22128:00", "invalid-datetime"),
        ("２026-11-24T08:12:00Z", "invalid-datetime"),
        ("2026-11-24T08:12:00Z\n", "invalid-datetime"),
        ("0000-01-01T00:00:00Z", "datetime-out-of-range"),
        ("0001-01-01T00:00:00Z", "datetime-out-of-range"),
        ("1899-12-31T23:59:59Z", "datetime-out-of-range"),
        ("2201-01-01T00:00:00Z", "datetime-out-of-range"),
        ("9999-12-31T23:59:59Z", "datetime-out-of-range"),
        ("10000-01-01T00:00:00Z", "invalid-datetime"),
    ],
)
def test_what_is_no_instant_is_refused_by_name(text: str, code: str) -> None:
    with pytest.raises(NotAnInstant) as refusal:
        parse_instant(text)
    assert refusal.value.code == code


@pytest.mark.parametrize(
    "text",
    [
        "08:12",
        "08:12:00",
        "2026-11-24 08:12",
        "2026-11-24T08:12",
        "2026-11-24T08:12:00+08:00",
        "2026-11-24 08:12:00 08:00",
        "2026-11-24T08:12:00 08:00",
        "2026-11-24T00:12:00Z",
    ],
)
def test_people_write_local_time_and_a_plus_may_arrive_as_a_space(text: str) -> None:
    assert parse_local(text, SHANGHAI, now=EIGHT_TWELVE + 3600) == EIGHT_TWELVE


def test_today_is_the_citys_day_not_that_of_utc() -> None:
    just_after_midnight = int(datetime(2026, 11, 24, 16, 30, tzinfo=UTC).timestamp())
    assert written(parse_local("08:00", SHANGHAI, just_after_midnight), SHANGHAI) == "2026-11-25T08:00:00+08:00"


@pytest.mark.parametrize("text", ["8:00", "25:00", "08:60", "tomorrow", "08:00 ", "2026-11-31 08:00", "08：00", "0800"])
def test_other_local_times_are_refused(text: str) -> None:
    with pytest.raises(NotAnInstant):
        parse_local(text, SHANGHAI, now=EIGHT_TWELVE)


def test_a_local_time_that_the_clock_skips_is_refused() -> None:
    with pytest.raises(NotAnInstant) as refusal:
        parse_local("2026-03-29 02:30", ZoneInfo("Europe/Berlin"), now=EIGHT_TWELVE)
    assert refusal.value.code == "time-skipped"


@given(
    st.sampled_from(
        ["Asia/Shanghai", "Europe/Berlin", "Australia/Lord_Howe", "Africa/Cairo", "Africa/Casablanca", "Pacific/Apia"]
    ),
    st.integers(int(datetime(1985, 1, 1, tzinfo=UTC).timestamp()), int(datetime(2035, 1, 1, tzinfo=UTC).timestamp())),
    st.integers(-14 * DAY, 14 * DAY),
)
def test_the_plain_clock_shows_what_the_time_zone_shows(name: str, at: int, away: int) -> None:
    zone = ZoneInfo(name)
    instant = at + away
    local = datetime.fromtimestamp(instant, UTC).astimezone(zone).replace(tzinfo=None)
    shown = datetime.fromordinal(1) + timedelta(seconds=local_clock(zone, at).wall(instant) - DAY)
    assert shown == local


def test_shanghai_had_summer_time_in_1988() -> None:
    at = parse_instant("1988-07-01T08:00:00+09:00")
    assert local_clock(SHANGHAI, at).wall(at) % DAY == 8 * 3600


def test_wall_seconds_count_days_as_ordinals() -> None:
    assert datetime(1970, 1, 1).toordinal() * DAY == EPOCH


@pytest.mark.parametrize("text", ["tomorrow", "2026-11-24T08:12:00", "2026-02-30T08:00:00Z", "1899-12-31T23:59:59Z"])
def test_a_refusal_keeps_nothing_of_earlier_ones(text: str) -> None:
    """Found by fuzzing: one exception raised each time kept the frames of all times, and what was written in them."""

    def refusal() -> NotAnInstant:
        with pytest.raises(NotAnInstant) as refused:
            parse_instant(text)
        return refused.value

    first, second = refusal(), refusal()
    assert second is not first
    assert len([*walk_tb(second.__traceback__)]) == len([*walk_tb(first.__traceback__)])


def test_a_long_text_costs_no_more_than_a_short_one() -> None:
    """Found by fuzzing: the cubic search for a space before an offset would take days here."""
    with pytest.raises(NotAnInstant) as refused:
        parse_local("T:" * 50_000, SHANGHAI, EIGHT_TWELVE)
    assert refused.value.code == "invalid-datetime"
