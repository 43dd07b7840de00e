"""Traps of rule documents: each file is told with its key, what was expected and what was found, or means one thing."""

from datetime import UTC, date, datetime

import pytest

from rules.calendar import Calendar
from rules.truth import Truth
from rules.windows import DAY, Window
from service.publication import Publication
from tests.hostile.city_folder import published, write_city
from tests.hostile.rows import REJECT
from tests.hostile.trap_cases import NOT_IN_TOML, ROWS
from tests.hostile.traps import Trap
from tests.support.command import tongxing

REFUSED = [row for row in ROWS if row.expect is REJECT]
TAKEN = [row for row in ROWS if row.expect is not REJECT]
LONGEST_LINE = 2000


def city(row: Trap, folder) -> Publication | tuple:
    return published(write_city(folder, notice=row.notice, city=row.city, zones=row.zones, **row.more))


@pytest.mark.parametrize("row", REFUSED, ids=str)
def test_a_trap_is_refused_with_its_place(row, tmp_path):
    faults = city(row, tmp_path)
    assert not isinstance(faults, Publication)
    here = [fault for fault in faults if fault.code == row.code and fault.path.startswith(row.place)]
    assert here, [str(fault)[:200] for fault in faults]
    assert here[0].file == str(tmp_path / row.file if row.file else tmp_path)
    assert row.expected in here[0].expected and row.found in here[0].found, here[0]
    for fault in faults:
        said = str(fault).removeprefix(fault.file)
        assert said.isprintable() and len(said) < LONGEST_LINE


@pytest.mark.parametrize("row", TAKEN, ids=str)
def test_what_is_no_trap_here_is_published(row, tmp_path):
    found = city(row, tmp_path)
    assert isinstance(found, Publication), found
    assert [notice.id for notice in found.rulebook.notices] == ["n-1"]


def test_every_trap_of_the_corpus_is_set_or_cannot_be():
    numbers = [row.number for row in ROWS if row.number is not None]
    assert len(numbers) == len(set(numbers))
    assert sorted([*numbers, *NOT_IN_TOML]) == list(range(86, 199))
    assert len({row.name for row in ROWS}) == len(ROWS)


@pytest.mark.parametrize("name", ["title_control_chars", "bomb_long_key", "key_of_escapes", "effective_dst_gap"])
def test_the_command_says_the_same(name, tmp_path):
    (row,) = [row for row in ROWS if row.name == name]
    write_city(tmp_path, notice=row.notice, city=row.city)
    done = tongxing("check", tmp_path)
    lines = done.stdout.splitlines()
    assert (done.returncode, done.stderr, lines[-1]) == (1, "", "1 error")
    assert any(f"[{row.code}]" in line for line in lines)
    assert all(line.isprintable() and len(line) < LONGEST_LINE for line in lines)


def test_marks_and_ends_of_lines_are_no_law(tmp_path):
    """A byte order mark and Windows line ends give the same digest: it is over the meaning, not over the bytes."""
    rows = [row for row in ROWS if row.name in ("ok", "bom", "crlf")]
    digests = {city(row, tmp_path / row.name).digest for row in rows}
    assert len(rows) == 3 and len(digests) == 1


def _named(name: str, folder) -> tuple[Window, ...]:
    (row,) = [row for row in ROWS if row.name == name]
    found = city(row, folder)
    assert isinstance(found, Publication), found
    windows = found.rulebook.notices[0].restrictions[0].product.windows
    assert windows is not None
    return windows


def _open_at(windows: tuple[Window, ...], when: datetime, calendar: Calendar) -> bool:
    seconds = when.hour * 3600 + when.minute * 60 + when.second
    return any(each.holds(when.toordinal() * DAY + seconds, calendar) is Truth.YES for each in windows)


# Name of a trap that is taken, and the times (2026-11-30 is a Monday) at which its window is open and is not.
MEANINGS = {
    "ok_cross_midnight": (["2026-11-30T21:30", "2026-12-01T05:29:59"], ["2026-11-30T21:29:59", "2026-12-01T05:30"]),
    "ok_all_day": (["2026-11-30T00:00", "2026-11-30T23:59:59"], []),
    "window_overlap_same_rule": (["2026-11-30T07:00", "2026-11-30T08:30", "2026-11-30T09:59:59"], ["2026-11-30T10:00"]),
    "window_overlap_midnight": (
        ["2026-11-30T22:00", "2026-12-01T04:00", "2026-12-01T05:30", "2026-12-01T06:30"],
        ["2026-11-30T21:59:59", "2026-12-01T07:00", "2026-12-02T05:30"],
    ),
    "window_adjacent": (["2026-11-30T08:59:59", "2026-11-30T09:00"], ["2026-11-30T11:00"]),
    "window_sunday_night": (["2026-11-29T23:00", "2026-11-30T05:59:59"], ["2026-11-30T06:00", "2026-11-30T23:00"]),
    # The night of 30 September runs into National Day, and National Day's own night does not open.
    "holiday_overrides_night_tail": (
        ["2026-09-30T23:00", "2026-10-01T05:59:59"],
        ["2026-10-01T22:00", "2026-10-02T03:00"],
    ),
}


@pytest.mark.parametrize("name", MEANINGS)
def test_what_is_taken_means_one_thing(name, tmp_path, shipped_calendar):
    windows = _named(name, tmp_path)
    open_times, shut_times = MEANINGS[name]
    for text in open_times:
        assert _open_at(windows, datetime.fromisoformat(text), shipped_calendar), text
    for text in shut_times:
        assert not _open_at(windows, datetime.fromisoformat(text), shipped_calendar), text


def test_a_year_without_a_calendar_is_unknown_and_never_guessed(tmp_path, shipped_calendar):
    (window,) = _named("calendar_not_covered", tmp_path)
    day = date(2031, 3, 3)
    assert not shipped_calendar.covers(day)
    at_eight = day.toordinal() * DAY + 8 * 3600
    assert window.holds(at_eight, shipped_calendar) is Truth.UNKNOWN
    assert window.holds(at_eight + 2 * 3600, shipped_calendar) is Truth.NO


def test_windows_of_other_countries_open_on_real_time(tmp_path):
    """A window in the gap of Berlin's spring is never open on that day, and in autumn it is open twice."""
    from zoneinfo import ZoneInfo

    from service.instants import local_clock

    (window,) = _named("window_dst_gap", tmp_path)
    zone = ZoneInfo("Europe/Berlin")
    opened = {}
    for day in (date(2026, 3, 28), date(2026, 3, 29), date(2026, 10, 25)):
        noon = int(datetime(day.year, day.month, day.day, 12, tzinfo=UTC).timestamp())
        clock = local_clock(zone, noon)
        minutes = range(noon - 14 * 3600, noon, 60)
        opened[day] = sum(window.holds(clock.wall(each), Calendar.unknown()) is Truth.YES for each in minutes)
    assert opened == {date(2026, 3, 28): 40, date(2026, 3, 29): 0, date(2026, 10, 25): 80}
