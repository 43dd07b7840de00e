"""When a verdict begins and ends, and when a vehicle may enter next: interval arithmetic against brute force.

Two ways. With rules that turn only at full hours of threes, every instant at which anything can turn is asked, on both
sides of it, over the whole horizon. With rules that turn at any minute, instants are drawn at random and at the edges.
"""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import event, given
from hypothesis import strategies as st

from rules.calendar import Calendar
from rules.conditions import Everyone
from rules.decide import verdict_at
from rules.decision import Interval, Outcome, Stretch
from rules.explain import decide
from rules.model import HORIZON, City, Forbids, Notice, Place, Product, Question, Restriction, Rulebook, Verdict
from rules.timeline import Timeline
from rules.vehicles import Vehicle
from rules.windows import ALWAYS, DAY, EVERY_DAY, LocalClock, Period, Window
from tests.support.strategies import SOURCE, TEXT, WORDING, World, worlds
from tests.support.timing import (
    BERLIN_FOLD,
    BERLIN_GAP,
    CAIRO_FOLD,
    CAIRO_GAP,
    LORD_HOWE_FOLD,
    LORD_HOWE_GAP,
    SHANGHAI,
    SHIFTED,
    Around,
)

STEP = 180  # minutes
HALF_HOUR = 1800
WORST_FIRST = (Verdict.PROHIBITED, Verdict.UNDETERMINED, Verdict.ALLOWED)


def worst(verdicts: set[Verdict]) -> Verdict:
    return next(each for each in WORST_FIRST if each in verdicts)


def turning_points(clock: LocalClock, first: int, last: int) -> list[int]:
    """`first`, and every instant up to `last` at which a rule of full threes of hours may turn, found by looking."""
    found = [first]
    for instant in range(first - first % HALF_HOUR, last, HALF_HOUR):
        jumps = clock.wall(instant) - clock.wall(instant - HALF_HOUR) != HALF_HOUR
        if instant > first and (jumps or clock.wall(instant) % (STEP * 60) == 0):
            found.append(instant)
    return found


class BruteForce:
    """The verdicts of a question, each found by asking the definition itself at an instant."""

    def __init__(self, world: World) -> None:
        self.world = world
        question = world.question
        self.first, self.horizon = question.at - HORIZON, question.at + HORIZON
        self.last = self.horizon + question.stay
        self.points = turning_points(question.clock, self.first, self.last)
        self.verdicts = [self.at(point) for point in self.points]

    def at(self, instant: int, only_presence: bool = False) -> Verdict:
        return verdict_at(self.world.rulebook, self.world.question, instant, only_presence)

    def cells(self, start: int, end: int) -> list[tuple[int, int, Verdict]]:
        """The parts of `[start, end)` between turning points, with the verdict of each."""
        ends = [*self.points[1:], self.last]
        return [
            (max(point, start), min(until, end), verdict)
            for point, until, verdict in zip(self.points, ends, self.verdicts, strict=True)
            if point < end and start < until
        ]

    def runs(self, start: int, end: int) -> list[Stretch]:
        joined: list[Stretch] = []
        for since, until, verdict in self.cells(start, end):
            if joined and joined[-1].verdict is verdict:
                since = joined.pop().start
            joined.append(Stretch(since, until, verdict))
        return joined

    def of_entry(self, entry: int) -> Verdict:
        """The verdict of the question if it were asked at `entry`: of the instant, or of the whole stay."""
        stay = self.world.question.stay
        return worst({verdict for _, _, verdict in self.cells(entry, entry + max(stay, 1))})

    def bounds(self) -> tuple[int | None, int | None]:
        """From the entries at which a stay begins or ceases to meet another cell, and the seconds beside them."""
        at, stay = self.world.question.at, max(self.world.question.stay, 1)
        near = {point + offset for point in self.points for offset in (0, 1, 1 - stay, 2 - stay, -1, -stay)}
        entries = sorted(each for each in near if self.first <= each < self.horizon)
        asked = self.of_entry(at)
        after = [each for each in entries if each > at and self.of_entry(each) is not asked]
        before = [each for each in entries if each < at and self.of_entry(each) is not asked]
        return (before[-1] + 1 if before else None, after[0] if after else None)

    def next_allowed(self) -> tuple[Interval, ...]:
        """Where a stay fits into an allowed run, it may begin until it would no longer end in it."""
        question = self.world.question
        spare = max(question.stay, 1) - 1
        fitting = [
            Interval(run.start, None if run.end - spare >= self.horizon else run.end - spare)
            for run in self.runs(question.at, self.last)
            if run.verdict is Verdict.ALLOWED and run.start < self.horizon and run.end - run.start >= question.stay
        ]
        return tuple(fitting[:3])


COARSE = worlds(step=STEP, many=2, open_facts=2)
COARSE_STAYS = worlds(step=STEP, many=2, open_facts=2, stays=(30, 180, 200, 1500))


@given(COARSE, st.data())
def test_bounds_and_entries_of_an_instant(world: World, data: st.DataObject) -> None:
    brute = BruteForce(world)
    timeline = Timeline(world.rulebook, world.question)
    outcome = timeline.outcome()
    since, until = brute.bounds()
    assert timeline.until() == until
    event("turns" if since is not None or until is not None else "never turns")
    assert outcome == Outcome(brute.at(world.question.at), since, until, brute.next_allowed())
    # What brute force took for granted: nothing turns between its points.
    for place in data.draw(st.lists(st.integers(0, len(brute.points) - 2), max_size=5)):
        instant = data.draw(st.integers(brute.points[place], brute.points[place + 1] - 1))
        assert brute.at(instant) is brute.verdicts[place]


@given(COARSE_STAYS)
def test_bounds_and_entries_of_a_stay(world: World) -> None:
    brute = BruteForce(world)
    timeline = Timeline(world.rulebook, world.question)
    since, until = brute.bounds()
    assert timeline.outcome() == Outcome(brute.of_entry(world.question.at), since, until, brute.next_allowed())
    assert timeline.until() == until


@given(COARSE_STAYS)
def test_what_a_stay_adds(world: World) -> None:
    brute = BruteForce(world)
    timeline = Timeline(world.rulebook, world.question)
    start, end = world.question.at, world.question.at + world.question.stay
    inside = [max(point, start) for point, _, _ in brute.cells(start, end)]
    parked = {brute.at(instant, only_presence=True) for instant in inside}
    assert timeline.enter_and_leave() is worst({brute.at(start), brute.at(end - 1), *parked})
    assert timeline.may_not_move() == tuple(run for run in brute.runs(start, end) if run.verdict is not Verdict.ALLOWED)


@given(COARSE_STAYS)
def test_a_stay_is_the_worst_of_its_instants(world: World) -> None:
    minutes = range(world.question.at, world.question.at + world.question.stay, 600)
    sampled = {verdict_at(world.rulebook, world.question, instant) for instant in minutes}
    last = verdict_at(world.rulebook, world.question, world.question.at + world.question.stay - 1)
    asked = Timeline(world.rulebook, world.question).outcome().verdict
    assert worst({asked, last, *sampled}) is asked


def edges(world: World) -> list[int]:
    """Minutes after midnight at which some window of the world opens or closes."""
    windows = [each for _, product in world.rulebook.products() for each in product.windows or ()]
    windows += [each for held in world.question.vehicle.passes for each in held.hours]
    minutes = {0, *(minute for each in windows for minute in (each.start, each.end, each.certain_until or 0))}
    return sorted(minute % 1440 for minute in minutes)


@given(worlds(stays=(0, 45)), st.data())
def test_between_breakpoints_nothing_turns(world: World, data: st.DataObject) -> None:
    """The definition at a drawn second, and at the seconds around an edge, is what the timeline says of it."""
    timeline = Timeline(world.rulebook, world.question)
    instants = data.draw(st.lists(st.integers(timeline.first, timeline.last - 1), min_size=5, max_size=10))
    drawn_edges = st.tuples(st.integers(-3, 3), st.sampled_from(edges(world)), st.integers(-1, 1))
    for days, minute, offset in data.draw(st.lists(drawn_edges, min_size=5, max_size=10)):
        wall = (world.around.toordinal() + days) * DAY + minute * 60
        instants += [instant + offset for instant in world.question.clock.instants(wall)]
    instants += [shift + offset for shift in world.question.clock.shifts() for offset in (-1, 0)]
    for instant in instants:
        if timeline.first <= instant < timeline.last:
            assert timeline.verdict(instant) is verdict_at(world.rulebook, world.question, instant)


@given(worlds())
def test_the_whole_answer_agrees_with_its_parts(world: World) -> None:
    answer = decide(world.rulebook, world.question)
    assert answer.verdict is verdict_at(world.rulebook, world.question, world.question.at)
    since, until = answer.outcome.holds_from, answer.outcome.holds_until
    assert since is None or since <= world.question.at
    assert until is None or world.question.at < until < answer.horizon
    assert answer.by_law == answer.outcome and not answer.illustrative


# Single cases, sampled by the minute over the whole horizon


def town(*windows: Window, period: Period = ALWAYS, forbids: Forbids = Forbids.DRIVING) -> Rulebook:
    """A city with one article that binds everyone everywhere."""
    article = Restriction("n/r", "n", Product(None, windows or None, Everyone(), period), WORDING, forbids)
    city = City("town", TEXT, "Etc/Unknown", date(2000, 1, 1), date(2000, 1, 1))
    return Rulebook(city, Calendar.unknown(), (Notice("n", TEXT, ALWAYS, SOURCE, (article,)),))


def local(around: Around, text: str, fold: int = 0) -> int:
    """The instant at which the clock shows `text`, such as `2026-03-29 01:59:59`."""
    at = datetime.fromisoformat(text)
    wall = at.toordinal() * DAY + at.hour * 3600 + at.minute * 60 + at.second
    return list(around.clock.instants(wall))[fold]


def ask(around: Around, at: int, stay: int = 0) -> Question:
    return Question(Vehicle(), Place.in_zones({"ring"}), at, around.clock, stay)


@pytest.mark.parametrize("around", [SHANGHAI, *SHIFTED])
@pytest.mark.parametrize(
    ("start", "end"), [("00:30", "01:40"), ("02:10", "02:50"), ("23:10", "00:20"), ("22:00", "06:00")]
)
def test_every_minute_of_the_horizon(around: Around, start: str, end: str) -> None:
    opens, closes = (int(text[:2]) * 60 + int(text[3:]) for text in (start, end))
    rulebook = town(Window(EVERY_DAY, opens, closes if closes > opens else closes + 1440))
    question = ask(around, local(around, f"{around.day.isoformat()} 12:00:00"))
    timeline = Timeline(rulebook, question)
    for instant in range(timeline.first, timeline.last, 60):
        assert timeline.verdict(instant) is verdict_at(rulebook, question, instant)


def shown(around: Around, intervals: tuple[Interval, ...]) -> list[str]:
    def clock(instant: int | None) -> str:
        if instant is None:
            return "-"
        wall = around.clock.wall(instant)
        return f"{date.fromordinal(wall // DAY):%d} {wall % DAY // 3600:02}:{wall % 3600 // 60:02}"

    return [f"{clock(each.start)} to {clock(each.end)}" for each in intervals]


@pytest.mark.parametrize(
    ("around", "window", "asked", "expected"),
    [
        # 02:30 does not exist on the day: the window never holds, and the night is allowed through.
        (BERLIN_GAP, (150, 180), "2026-03-28 12:00", ["28 12:00 to 30 02:30"]),
        # It opens in the gap and ends behind it: it holds from the moment that the clock is there.
        (BERLIN_GAP, (150, 210), "2026-03-28 12:00", ["28 12:00 to 29 03:00", "29 03:30 to 30 02:30"]),
        # Twice in a fold: 02:00 to 03:00 is one closure of two hours, 02:30 to 03:00 two of half an hour.
        (BERLIN_FOLD, (120, 180), "2026-10-24 12:00", ["24 12:00 to 25 02:00", "25 03:00 to 26 02:00"]),
        (BERLIN_FOLD, (150, 180), "2026-10-24 12:00", ["24 12:00 to 25 02:30", "25 02:00 to 25 02:30"]),
        # Half an hour only.
        (LORD_HOWE_FOLD, (90, 105), "2026-04-04 12:00", ["04 12:00 to 05 01:30", "05 01:45 to 05 01:30"]),
        (LORD_HOWE_GAP, (120, 150), "2026-10-03 12:00", ["03 12:00 to 05 02:00", "05 02:30 to 06 02:00"]),
        # The 24th begins at 01:00, so its first hour is in no window.
        (CAIRO_GAP, (0, 60), "2026-04-23 12:00", ["23 12:00 to 25 00:00"]),
        (CAIRO_GAP, (0, 90), "2026-04-23 12:00", ["23 12:00 to 24 01:00", "24 01:30 to 25 00:00"]),
        # The last hour of the 29th is shown twice.
        (CAIRO_FOLD, (1380, 1410), "2026-10-29 12:00", ["29 12:00 to 29 23:00", "29 23:30 to 29 23:00"]),
    ],
)
def test_windows_at_a_shift_of_the_clock(
    around: Around, window: tuple[int, int], asked: str, expected: list[str]
) -> None:
    question = ask(around, local(around, f"{asked}:00"))
    outcome = Timeline(town(Window(EVERY_DAY, *window)), question).outcome()
    assert shown(around, outcome.next_allowed)[: len(expected)] == expected


@pytest.mark.parametrize(
    ("around", "zone"),
    [
        (BERLIN_GAP, "Europe/Berlin"),
        (BERLIN_FOLD, "Europe/Berlin"),
        (LORD_HOWE_GAP, "Australia/Lord_Howe"),
        (LORD_HOWE_FOLD, "Australia/Lord_Howe"),
        (CAIRO_GAP, "Africa/Cairo"),
        (CAIRO_FOLD, "Africa/Cairo"),
        (SHANGHAI, "Asia/Shanghai"),
    ],
)
def test_the_clocks_of_these_tests_are_those_of_the_zones(around: Around, zone: str) -> None:
    middle = local(around, f"{around.day.isoformat()} 12:00:00")
    for instant in range(middle - 20 * DAY, middle + 20 * DAY, HALF_HOUR):
        offset = datetime.fromtimestamp(instant, UTC).astimezone(ZoneInfo(zone)).utcoffset()
        assert offset is not None and around.clock.offset(instant) == offset.total_seconds()


# The fine print of bounds and stays

PEAK = Window(EVERY_DAY, 7 * 60, 9 * 60)


def bounds_at(text: str, rulebook: Rulebook, stay_minutes: int = 0) -> Outcome:
    question = ask(SHANGHAI, local(SHANGHAI, f"2026-02-12 {text}"), stay_minutes * 60)
    return Timeline(rulebook, question).outcome()


def on_the_day(text: str) -> int:
    return local(SHANGHAI, f"2026-02-12 {text}")


@pytest.mark.parametrize(
    ("asked", "verdict", "since", "until"),
    [
        ("06:59:59", Verdict.ALLOWED, None, "07:00:00"),
        ("07:00:00", Verdict.PROHIBITED, "07:00:00", "09:00:00"),
        ("08:59:59", Verdict.PROHIBITED, "07:00:00", "09:00:00"),
        ("09:00:00", Verdict.ALLOWED, "09:00:00", None),
    ],
)
def test_half_open(asked: str, verdict: Verdict, since: str | None, until: str | None) -> None:
    outcome = bounds_at(asked, town(PEAK))
    assert outcome.verdict is verdict
    assert since is None or outcome.holds_from == on_the_day(since)
    assert until is None or outcome.holds_until == on_the_day(until)


def test_null_means_no_change_before_the_horizon() -> None:
    assert bounds_at("08:00:00", town()) == Outcome(Verdict.PROHIBITED, None, None, ())
    assert bounds_at("08:00:00", Rulebook(town().city, town().calendar, ())).next_allowed == (
        Interval(on_the_day("08:00:00"), None),
    )


@pytest.mark.parametrize(("days", "seen"), [(14, False), (14 - 1 / 86400, True)])
def test_a_change_at_the_horizon_itself_is_not_before_it(days: float, seen: bool) -> None:
    asked = on_the_day("08:00:00")
    turn = SHANGHAI.clock.wall(asked) + round(days * DAY)
    outcome = bounds_at("08:00:00", town(period=Period(turn, None)))
    assert outcome.holds_until == (asked + round(days * DAY) if seen else None)


@pytest.mark.parametrize(("seconds", "seen"), [(0, False), (1, True)])
def test_nor_is_a_change_at_the_horizon_behind(seconds: int, seen: bool) -> None:
    turn = on_the_day("08:00:00") - HORIZON + seconds
    outcome = bounds_at("08:00:00", town(period=Period(SHANGHAI.clock.wall(turn), None)))
    assert (outcome.verdict, outcome.holds_from) == (Verdict.PROHIBITED, turn if seen else None)


def test_an_interval_ends_where_the_verdict_would_become_undetermined() -> None:
    unsure = replace(PEAK, certain_until=8 * 60)
    outcome = bounds_at("07:30:00", town(unsure))
    assert (outcome.verdict, outcome.holds_until) == (Verdict.PROHIBITED, on_the_day("08:00:00"))
    assert bounds_at("08:30:00", town(unsure)).holds_from == on_the_day("08:00:00")


def test_bounds_are_of_the_verdict_and_not_of_its_grounds() -> None:
    """Two windows that touch are one prohibition."""
    for asked in ("08:00:00", "11:00:00"):
        outcome = bounds_at(asked, town(PEAK, Window(EVERY_DAY, 9 * 60, 12 * 60)))
        assert (outcome.holds_from, outcome.holds_until) == (on_the_day("07:00:00"), on_the_day("12:00:00"))


@pytest.mark.parametrize(("stay", "verdict"), [(60, Verdict.ALLOWED), (61, Verdict.PROHIBITED)])
def test_a_stay_that_just_fits(stay: int, verdict: Verdict) -> None:
    assert bounds_at("06:00:00", town(PEAK), stay).verdict is verdict


def test_the_bounds_of_a_stay_are_those_of_its_beginning() -> None:
    outcome = bounds_at("05:00:00", town(PEAK), 60)
    assert outcome.holds_until == on_the_day("06:00:01")  # the last entry that fits is 06:00:00
    outcome = bounds_at("08:30:00", town(PEAK), 60)
    assert (outcome.holds_from, outcome.holds_until) == (on_the_day("06:00:01"), on_the_day("09:00:00"))


def test_a_stay_that_begins_where_the_verdict_does() -> None:
    outcome = bounds_at("09:00:00", town(PEAK), 60)
    assert (outcome.verdict, outcome.holds_from) == (Verdict.ALLOWED, on_the_day("09:00:00"))


def test_an_entry_that_ended_this_very_second_is_past() -> None:
    outcome = bounds_at("06:00:01", town(PEAK), 60)
    assert outcome.next_allowed[0].start == on_the_day("09:00:00")


def test_what_began_once_and_never_turned_before() -> None:
    """The first breakpoint of all, on days of which the kind is known, so that midnights turn nothing."""
    seven = SHANGHAI.clock.wall(on_the_day("07:00:00"))
    known = Calendar("v", date(2000, 1, 1), date(2100, 1, 1), {}, {})
    outcome = bounds_at("08:00:00", replace(town(period=Period(seven, None)), calendar=known))
    assert (outcome.verdict, outcome.holds_from) == (Verdict.PROHIBITED, on_the_day("07:00:00"))


def enter_and_leave(rulebook: Rulebook, start: str, minutes: int) -> Verdict:
    return Timeline(rulebook, ask(SHANGHAI, on_the_day(start), minutes * 60)).enter_and_leave()


def test_parked_through_a_driving_ban_but_not_through_a_presence_ban() -> None:
    driving, presence = town(PEAK), town(PEAK, forbids=Forbids.PRESENCE)
    stays: list[tuple[Callable[[], Rulebook], str, int, Verdict]] = [
        (lambda: driving, "06:00:00", 240, Verdict.ALLOWED),
        (lambda: driving, "06:00:00", 120, Verdict.PROHIBITED),  # leaves within the ban
        (lambda: driving, "06:00:00", 180, Verdict.PROHIBITED),  # the last instant is 08:59:59
        (lambda: driving, "07:00:00", 240, Verdict.PROHIBITED),  # enters within the ban
        (lambda: presence, "06:00:00", 240, Verdict.PROHIBITED),
        (lambda: presence, "09:00:00", 240, Verdict.ALLOWED),
    ]
    for rulebook, start, minutes, expected in stays:
        assert enter_and_leave(rulebook(), start, minutes) is expected, (start, minutes)


def test_a_stay_has_every_second_but_its_end() -> None:
    """Bans that begin at its last second, one before it (for a second only), and at its end."""
    at = on_the_day("06:00:00")

    def parked(rulebook: Rulebook, seconds: int) -> Verdict:
        return Timeline(rulebook, ask(SHANGHAI, at, seconds)).enter_and_leave()

    assert (parked(town(PEAK), 3600), parked(town(PEAK), 3601)) == (Verdict.ALLOWED, Verdict.PROHIBITED)
    assert parked(town(PEAK, forbids=Forbids.PRESENCE), 3600) is Verdict.ALLOWED
    seven = SHANGHAI.clock.wall(at) + 3600
    a_second = town(period=Period(seven, seven + 1), forbids=Forbids.PRESENCE)
    assert (parked(a_second, 3602), parked(a_second, 3600)) == (Verdict.PROHIBITED, Verdict.ALLOWED)


def test_of_a_stay_that_is_prohibited_and_open_the_prohibition_counts() -> None:
    rulebook = town(PEAK, Window(EVERY_DAY, 10 * 60, 12 * 60, certain_until=10 * 60))
    timeline = Timeline(rulebook, ask(SHANGHAI, on_the_day("08:00:00"), 3 * 3600))
    assert timeline.enter_and_leave() is Verdict.PROHIBITED
    assert timeline.worst(on_the_day("08:00:00"), on_the_day("11:00:00")) is Verdict.PROHIBITED
    assert timeline.outcome().holds_until == on_the_day("09:00:00")


def test_an_entry_at_the_horizon_itself_is_not_before_it() -> None:
    at = on_the_day("08:00:00")
    rulebook = town(period=Period(None, SHANGHAI.clock.wall(at) + HORIZON))
    for stay in (0, 3600):
        assert Timeline(rulebook, ask(SHANGHAI, at, stay)).outcome().next_allowed == ()


def test_may_not_move_is_cut_to_the_stay() -> None:
    timeline = Timeline(town(PEAK), ask(SHANGHAI, on_the_day("08:00:00"), 24 * 3600))
    assert timeline.may_not_move() == (
        Stretch(on_the_day("08:00:00"), on_the_day("09:00:00"), Verdict.PROHIBITED),
        Stretch(on_the_day("07:00:00") + DAY, on_the_day("08:00:00") + DAY, Verdict.PROHIBITED),
    )


def test_entries_of_a_stay_are_intervals_into_which_it_fits() -> None:
    """Eight hours fit between nine and five at one instant of entry only, and into the night until eleven."""
    evening = Window(EVERY_DAY, 17 * 60, 19 * 60)
    found = bounds_at("08:00:00", town(PEAK, evening), 8 * 60).next_allowed
    assert found[:2] == (
        Interval(on_the_day("09:00:00"), on_the_day("09:00:01")),
        Interval(on_the_day("19:00:00"), on_the_day("23:00:01")),
    )
    found = bounds_at("08:00:00", town(PEAK, evening), 8 * 60 + 1).next_allowed
    assert found[0] == Interval(on_the_day("19:00:00"), on_the_day("22:59:01"))
