"""Every minute of two years, and every minute about a shift of the clock, against oracles that share nothing.

The engine never looks at minutes: it knows the edges at which a window may turn. Here what it says between its edges
is laid out minute by minute and compared with plain arithmetic on arrays of days.
"""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import numpy as np
import pytest

from rules.calendar import Calendar, DayKind
from rules.codes import Text
from rules.conditions import Everyone
from rules.model import City, Notice, Place, Product, Question, Restriction, Rulebook, Verdict
from rules.timeline import Timeline
from rules.truth import Truth
from rules.vehicles import Vehicle
from rules.windows import ALWAYS, DAY, EVERY_DAY, Days, Season, Window
from service.instants import local_clock
from tests.support.asking import built_in_snapshot
from tests.support.strategies import SOURCE, WORDING

MINUTES = 1440
FIRST, LAST = date(2026, 1, 1), date(2027, 12, 31)
ORDINALS = np.arange(FIRST.toordinal() - 1, LAST.toordinal() + 1)  # the night before the first day runs into it
CODES = {Truth.NO: 0, Truth.UNKNOWN: 1, Truth.YES: 2}


def days(*words: str, **more: object) -> Days:
    return replace(Days(words=frozenset(words)), **more)


GOLDEN = {
    "peaks": Window(EVERY_DAY, 420, 540),
    "all day": Window(EVERY_DAY, 0, 1440),
    "night": Window(EVERY_DAY, 22 * 60, 30 * 60),
    "a whole day from noon": Window(days("sunday"), 720, 720 + 1440),
    "nights of workdays": Window(days("workday"), 1260, 1830),
    "workdays without those made up": Window(days("ordinary_workday"), 420, 600),
    "days off": Window(days("day_off"), 600, 1320),
    "holidays and Saturdays": Window(days("statutory_holiday", "saturday"), 0, 1),
    "Mondays that are no holiday": Window(
        days("monday", except_words=frozenset({"statutory_holiday", "day_off_in_lieu"})), 1439, 1440 + 600
    ),
    "odd days": Window(days("every_day", parity="odd"), 0, 1440),
    "nights of even days": Window(days("every_day", parity="even"), 1380, 1740),
    "summer": Window(days("every_day", season=Season((5, 1), (9, 30))), 0, 1440),
    "over New Year": Window(days("workday", season=Season((11, 15), (2, 29))), 1380, 1500),
    "one date": Window(days("every_day", dates=frozenset({date(2026, 12, 31)})), 1200, 1200 + 1440),
    "a fortnight": Window(days("rest_day", first=date(2026, 9, 28), last=date(2026, 10, 11)), 0, 1439),
    "an end that was not published": Window(days("friday"), 1200, 1800, certain_until=1440),
}


def shipped() -> dict[str, Window]:
    """Every window of the cities that ship with Tongxing, each once."""
    windows = {
        window: article
        for publication in built_in_snapshot().publications.values()
        for article, product in publication.rulebook.products()
        for window in product.windows or ()
    }
    return {f"{article} ({number})": window for number, (window, article) in enumerate(windows.items())}


WINDOWS = {**GOLDEN, **shipped()}


def by_the_engine(window: Window, calendar: Calendar) -> np.ndarray:
    """Truth at every minute of the two years: asked at the edges that the engine names, and held in between."""
    first, last = int(ORDINALS[1]) * DAY, (int(ORDINALS[-1]) + 1) * DAY
    edges = {each for each in window.edges(int(ORDINALS[0]), int(ORDINALS[-1])) if first < each < last}
    midnights = {int(ordinal) * DAY for ordinal in ORDINALS[1:]}
    points = sorted({first, last, *edges, *midnights})
    said = [CODES[window.holds(point, calendar)] for point in points[:-1]]
    return np.repeat(said, [(end - start) // 60 for start, end in pairwise(points)])


def by_arrays(window: Window, calendar: Calendar) -> np.ndarray:
    """The same from a table of days and the minutes of a day, without a question asked of the engine."""
    opens = np.array([_day(window.days, date.fromordinal(int(each)), calendar) for each in ORDINALS])
    minute = np.arange(2 * MINUTES)
    sure_until = window.end if window.certain_until is None else window.certain_until
    sure = (window.start <= minute) & (minute < sure_until)
    perhaps = (sure_until <= minute) & (minute < window.end)
    reach = np.where(sure, 2, np.where(perhaps, 1, 0))
    # Of a day that may be of several kinds the window is open if it opened, so far as its end is known.
    today = np.minimum(opens[1:, np.newaxis], reach[np.newaxis, :MINUTES])
    yesterday = np.minimum(opens[:-1, np.newaxis], reach[np.newaxis, MINUTES:])
    return np.maximum(today, yesterday).ravel()


def _day(said: Days, day: date, calendar: Calendar) -> int:
    weekday = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"][day.isoweekday() - 1]
    answers = set()
    for kind in calendar.kinds(day):
        work = kind in (DayKind.ORDINARY_WORKDAY, DayKind.MAKEUP_WORKDAY)
        names = {"every_day", weekday, kind.value, "workday" if work else "day_off"}
        answers.add(bool(said.words & names) and not said.except_words & names and _date(said, day))
    return {frozenset({True}): 2, frozenset({False}): 0}.get(frozenset(answers), 1)


def _date(said: Days, day: date) -> bool:
    if said.season is not None:
        now, begin, end = (day.month, day.day), said.season.first, said.season.last
        if not (begin <= now <= end or (begin > end and (now >= begin or now <= end))):
            return False
    if said.parity is not None and ("even", "odd")[day.day & 1] != said.parity:
        return False
    return (
        (not said.dates or day in said.dates)
        and (said.first is None or day >= said.first)
        and (said.last is None or day <= said.last)
    )


@pytest.mark.parametrize("name", WINDOWS)
def test_every_minute_of_two_years(name, shipped_calendar):
    """T23, T08, T15, T16: holidays, made-up Sundays, week 53, the 31st before the 1st, and a year not yet published."""
    window = WINDOWS[name]
    engine, arrays = by_the_engine(window, shipped_calendar), by_arrays(window, shipped_calendar)
    assert engine.shape == arrays.shape == (730 * MINUTES,)
    differing = np.flatnonzero(engine != arrays)
    assert differing.size == 0, datetime(2026, 1, 1) + timedelta(minutes=int(differing[0]))


def test_the_edges_of_the_engine_are_all_there_are(shipped_calendar):
    """What is laid out between edges is what is said at each minute: asked of a week with every kind of day in it."""
    window = GOLDEN["nights of workdays"]
    laid_out = by_the_engine(window, shipped_calendar)
    since = (date(2026, 9, 18) - FIRST).days
    for minute in range(since * MINUTES, (since + 21) * MINUTES):
        assert CODES[window.holds(FIRST.toordinal() * DAY + minute * 60, shipped_calendar)] == laid_out[minute]


# A window on every day, a date, and for how many minutes of real time it is open between the noons about that date.
SHIFTS = [
    # The clock goes from 02:00 to 03:00.
    ("Europe/Berlin", "2026-03-29", "02:15", "02:45", 0),
    ("Europe/Berlin", "2026-03-29", "01:30", "03:30", 60),
    ("Europe/Berlin", "2026-03-29", "22:00", "06:00", 7 * 60),
    # From 03:00 back to 02:00.
    ("Europe/Berlin", "2026-10-25", "02:15", "02:45", 60),
    ("Europe/Berlin", "2026-10-25", "01:30", "03:30", 180),
    ("Europe/Berlin", "2026-10-25", "22:00", "06:00", 9 * 60),
    # The 24th begins at 01:00; the 29th of October ends twice.
    ("Africa/Cairo", "2026-04-24", "00:10", "00:50", 0),
    ("Africa/Cairo", "2026-04-24", "23:30", "00:30", 30),
    ("Africa/Cairo", "2026-10-30", "23:10", "23:50", 80),
    # The 30th is skipped whole.
    ("Pacific/Apia", "2011-12-30", "23:00", "01:00", 120),
    # Half an hour forth, half an hour back.
    ("Australia/Lord_Howe", "2026-10-04", "02:00", "02:30", 0),
    ("Australia/Lord_Howe", "2026-04-05", "01:30", "02:00", 60),
    # Summer time that is the usual time, left for Ramadan: first back, then forth.
    ("Africa/Casablanca", "2026-02-15", "02:15", "02:45", 60),
    ("Africa/Casablanca", "2026-03-22", "02:15", "02:45", 0),
    # None at all.
    ("Asia/Shanghai", "2026-03-29", "02:15", "02:45", 30),
]


@pytest.mark.parametrize(("name", "day", "start", "end", "minutes"), SHIFTS)
def test_windows_about_a_shift_of_the_clock(name, day, start, end, minutes):
    """T10, T11 and T12: by the wall clock; never in a gap, twice in a fold."""
    zone, noon = ZoneInfo(name), datetime.fromisoformat(f"{day}T12:00").replace(tzinfo=ZoneInfo(name))
    last = int(noon.timestamp())
    first = int((datetime.fromisoformat(f"{day}T12:00") - timedelta(days=1)).replace(tzinfo=zone).timestamp())
    opens, closes = (int(text[:2]) * 60 + int(text[3:]) for text in (start, end))
    window = Window(EVERY_DAY, opens, closes if closes > opens else closes + MINUTES)
    clock = local_clock(zone, last)
    said = [window.holds(clock.wall(instant), Calendar.unknown()) is Truth.YES for instant in range(first, last, 60)]
    shown = [f"{datetime.fromtimestamp(instant, zone):%H:%M}" for instant in range(first, last, 60)]
    assert said == [start <= now < end if start < end else now >= start or now < end for now in shown]
    assert sum(said) == minutes


def test_the_hour_that_is_shown_twice_has_two_instants_in_order():
    """T11: 02:30 with fold 0 and 1 compare as equal in Python, and are an hour apart."""
    zone = ZoneInfo("Europe/Berlin")
    wall = date(2026, 10, 25).toordinal() * DAY + 2 * 3600 + 1800
    noon = int(datetime(2026, 10, 25, 12, tzinfo=UTC).timestamp())
    first, second = local_clock(zone, noon).instants(wall)
    local = datetime(2026, 10, 25, 2, 30, tzinfo=zone)
    assert (first, second) == (int(local.timestamp()), int(local.replace(fold=1).timestamp()))
    assert second - first == 3600


CHANGING = (
    Window(EVERY_DAY, 135, 165),
    Window(days("friday", "saturday"), 1320, 1320 + 480),
    Window(days("every_day", parity="odd", season=Season((10, 20), (4, 10))), 90, 210),
)


@pytest.mark.parametrize("name", ["Europe/Berlin", "Africa/Cairo"])
def test_every_change_of_400_days(name):
    """T13: from change to change over both shifts of the clock, each later than the last, none left out or made up."""
    zone = ZoneInfo(name)
    first = int(datetime(2026, 1, 10, tzinfo=UTC).timestamp())
    last = first + 400 * DAY
    found, at = [], first
    for _ in range(3000):
        _, until = Timeline(_closed_by(CHANGING), _question(at, zone)).bounds()
        if until is not None:
            found.append(until)
        at = at + 13 * DAY if until is None else until
        if at >= last:
            break
    found = [each for each in found if each < last]
    assert found == sorted(set(found)) and at >= last
    minutes = range(first, last, 60)
    closed = np.fromiter((_closed(datetime.fromtimestamp(each, zone)) for each in minutes), bool, len(minutes))
    assert found == [first + 60 * (int(each) + 1) for each in np.flatnonzero(closed[1:] != closed[:-1])]


def _closed(now: datetime) -> bool:
    minute, day, before = now.hour * 60 + now.minute, now.date(), now.date() - timedelta(days=1)
    cold = (day.month, day.day) >= (10, 20) or (day.month, day.day) <= (4, 10)
    return (
        135 <= minute < 165
        or (minute >= 1320 and day.isoweekday() in (5, 6))
        or (minute < 360 and before.isoweekday() in (5, 6))
        or (cold and day.day % 2 == 1 and 90 <= minute < 210)
    )


def _closed_by(windows: tuple[Window, ...]) -> Rulebook:
    name = Text("城", "Town")
    city = City("town", name, "Etc/Unknown", date(2000, 1, 1), date(2000, 1, 1), (), ())
    product = Product(None, windows, Everyone(), ALWAYS)
    closing = Restriction("n/r", "n", product, WORDING)
    return Rulebook(city, Calendar.unknown(), (Notice("n", name, ALWAYS, SOURCE, restrictions=(closing,)),))


def _question(at: int, zone: ZoneInfo) -> Question:
    return Question(Vehicle(), Place.in_zones(()), at, local_clock(zone, at), 0)


def test_verdicts_are_three_and_none_is_made_up_for_a_gap():
    """T12: an instant before, in the first minute after, and well after the night that Apia skipped."""
    zone = ZoneInfo("Pacific/Apia")
    rulebook = _closed_by((Window(EVERY_DAY, 0, 1440),))
    for text in ("2011-12-29T23:59:59-10:00", "2011-12-31T00:00:00+14:00", "2012-01-05T12:00:00+14:00"):
        at = int(datetime.fromisoformat(text).timestamp())
        timeline = Timeline(rulebook, _question(at, zone))
        assert timeline.verdict(at) is Verdict.PROHIBITED and timeline.bounds() == (None, None)
