"""Days on which verdicts flip: told exactly, and in the words of the notices."""

from datetime import date
from functools import cache

from hypothesis import given, settings
from hypothesis import strategies as st

from rules.compare import compare
from rules.conditions import Everyone
from rules.days import DayRun
from rules.model import Exemption, Lift, Product
from rules.reading import read_vehicle
from rules.windows import DAY, EVERY_DAY, Days, Period, Season
from tests.support.flips import groups_of
from tests.support.strategies import WORDING
from tests.support.versions import CALENDAR, ZONES, city, hours, only_group, restriction, verdict, zones_at

EDGES = ((1, 1), (2, 28), (2, 29), (3, 1), (3, 31), (4, 1), (4, 30), (5, 1), (10, 1), (12, 31))
YEARS = range(2026, 2029)


@cache
@st.composite
def phased(draw: st.DrawFn) -> tuple[Exemption, ...]:
    """What lifts one restriction, year by year in another part of the year, some years all of it or none."""
    found = []
    for year in YEARS:
        season = Season(draw(st.sampled_from(EDGES)), draw(st.sampled_from(EDGES)))
        windows = draw(st.sampled_from(((hours(6, 30, Days(EVERY_DAY.words, season=season)),), None, ())))
        last = None if year == YEARS[-1] else date(year, 12, 31)
        product = Product(None, windows, Everyone(), Period.of_dates(date(year, 1, 1), last))
        found.append(Exemption(f"n/e{year}", "n", product, WORDING, (Lift(restriction="n/r"),)))
    return tuple(each for each in found if each.product.windows != ())


@given(phased(), phased())
@settings(max_examples=25)
def test_phases_of_different_seasons(before: tuple[Exemption, ...], after: tuple[Exemption, ...]) -> None:
    rule = restriction("r", (hours(5, 24),))
    pair = (city(rule, exemptions=before), city(rule, exemptions=after))
    difference = compare(*pair, ZONES, ZONES, until=date(YEARS[-1], 12, 31))
    vehicle = read_vehicle({"kind": "truck"})
    edges = [date(2028, *edge).timetuple().tm_yday for edge in EDGES]
    for year in YEARS:
        for number_of_day in {near + offset for near in edges for offset in (-1, 0, 1)}:
            day = date(year, 1, 1).toordinal() + number_of_day - 1
            for wall in (day * DAY + hour * 3600 for hour in (5, 12)):
                if day > date(YEARS[-1], 12, 31).toordinal() or day < date(YEARS[0], 1, 1).toordinal():
                    continue
                verdicts = [verdict(each, vehicle, zones_at("ring"), wall) for each in pair]
                found = groups_of(difference, "ring", vehicle, wall, (CALENDAR, CALENDAR))
                told = [(group.before, group.after) for group in found]
                assert told == ([] if verdicts[0] is verdicts[1] else [tuple(verdicts)])


def test_the_hours_after_midnight_are_told_by_the_day_before() -> None:
    nights = Days(frozenset({"friday"}))
    difference = compare(city(), city(restriction("r", (hours(22, 30, nights),))), ZONES, ZONES)
    assert only_group(difference)["when"] == [
        {
            "days": [{"first": date(2026, 1, 1), "last": None, "weekday": ["saturday"]}],
            "hours": [{"from": "00:00", "until": "06:00"}],
        },
        {
            "days": [{"first": date(2026, 1, 1), "last": None, "weekday": ["friday"]}],
            "hours": [{"from": "22:00", "until": "24:00"}],
        },
    ]


def test_seasons_and_odd_days_are_told_as_such() -> None:
    days = Days(frozenset({"every_day"}), season=Season((5, 1), (9, 30)), parity="odd")
    group = only_group(compare(city(), city(restriction("r", (hours(7, 9, days),))), ZONES, ZONES))
    assert group["when"] == [
        {
            "days": [{"first": date(2026, 1, 1), "last": None, "parity": ["odd"], "season": ["05-01..09-30"]}],
            "hours": [{"from": "07:00", "until": "09:00"}],
        }
    ]


def test_the_end_of_february_is_told_to_the_day() -> None:
    told = []
    for last in ((2, 28), (2, 29)):
        days = Days(frozenset({"every_day"}), season=Season((12, 1), last))
        group = only_group(compare(city(), city(restriction("r", (hours(7, 9, days),))), ZONES, ZONES))
        told += [run["season"] for when in group["when"] for run in when["days"]]  # type: ignore[attr-defined]
    assert told == [["12-01..02-28"], ["12-01..02-29"]]


def test_phases_of_different_seasons_are_told_by_their_dates() -> None:
    def phase(name: str, season: Season, period: Period) -> Exemption:
        windows = (hours(0, 24, Days(frozenset({"every_day"}), season=season)),)
        return Exemption(name, "n", Product(None, windows, Everyone(), period), WORDING, (Lift(restriction="n/r"),))

    one = phase("n/a", Season((11, 1), (3, 31)), Period.of_dates(date(2026, 1, 1), date(2026, 12, 31)))
    other = phase("n/b", Season((10, 1), (4, 30)), Period.of_dates(date(2027, 1, 1), None))
    rule = restriction("r", (hours(7, 9),))
    difference = compare(city(rule), city(rule, exemptions=(one, other)), ZONES, ZONES, until=date(2028, 12, 31))
    assert [run for group in difference.groups for when in group.when for run in when.days] == [
        DayRun(date(2026, 1, 1), date(2026, 12, 31), (("season", ("11-01..03-31",)),)),
        DayRun(date(2027, 1, 1), date(2028, 12, 31), (("season", ("10-01..04-30",)),)),
    ]


def test_dates_cut_by_the_second() -> None:
    last = Period(None, date(2026, 6, 30).toordinal() * DAY + 8 * 3600 + 1)
    difference = compare(
        city(restriction("r", (hours(7, 9),))), city(restriction("r", (hours(7, 9),), period=last)), ZONES, ZONES
    )
    assert only_group(difference)["when"] == [
        {"days": [{"first": date(2026, 7, 1), "last": None}], "hours": [{"from": "07:00", "until": "09:00"}]},
        {
            "days": [{"first": date(2026, 6, 30), "last": date(2026, 6, 30)}],
            "hours": [{"from": "08:00:01", "until": "09:00"}],
        },
    ]
