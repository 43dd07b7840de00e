"""The fine print of the definition, sentence by sentence, each on the smallest city that shows it."""

from dataclasses import replace
from datetime import date, datetime

import pytest

from rules.calendar import Calendar, DayKind
from rules.codec import parse_city, parse_notice
from rules.decide import verdict_at
from rules.decision import Decision, Ground, Reason, State, WhyNot
from rules.explain import decide
from rules.model import Notice, Place, Question, Rulebook, Verdict, ZoneSet
from rules.reading import read_vehicle
from rules.windows import DAY, EPOCH, LocalClock

ALLOWED, PROHIBITED, UNDETERMINED = Verdict.ALLOWED, Verdict.PROHIBITED, Verdict.UNDETERMINED
CITY = parse_city(
    """
    schema = 1
    id = "town"
    name = { zh = "城", en = "Town" }
    timezone = "Asia/Shanghai"
    record_from = 2020-01-01
    complete_from = 2021-01-01
    pass_kinds = [{ id = "pass", zh = "通行证", en = "pass" }]
    """,
    "city.toml",
)
CALENDAR = Calendar("test", date(2020, 1, 1), date(2026, 12, 31), {date(2026, 2, 14): DayKind.MAKEUP_WORKDAY}, {})
CLOCK = LocalClock(((0, 8 * 3600),))
DAILY = 'windows = [{ days = ["every_day"], from = "07:00", until = "09:00" }]'


def notice(name: str, *articles: str, in_force: str = "{ from = 2020-01-01 }", more: str = "") -> Notice:
    head = f'schema = 1\nid = "{name}"\nname = {{ zh = "通告", en = "notice" }}\nin_force = {in_force}\n{more}\n'
    source = 'source = { grade = "P", verified_on = 2026-11-23 }\n'
    return parse_notice(head + source + "\n".join(articles), f"{name}.toml")


def restriction(name: str, vehicles: str = "{ everyone = true }", hours: str = "always = true", more: str = "") -> str:
    return _article("restrictions", name, vehicles, hours, more)


def exemption(
    name: str, lifts: str, vehicles: str = "{ everyone = true }", hours: str = "always = true", more: str = ""
) -> str:
    return _article("exemptions", name, vehicles, hours, f"lifts = [{lifts}]\n{more}")


def _article(table: str, name: str, vehicles: str, hours: str, more: str) -> str:
    where = "" if "zones" in more else "everywhere = true\n"
    text = 'text = { zh = "文", en = "text" }\ntext_kind = "paraphrase"\n'
    return f'[[{table}]]\nid = "{name}"\n{text}{where}vehicles = {vehicles}\n{hours}\n{more}\n'


def city(*notices: Notice) -> Rulebook:
    return Rulebook(CITY, CALENDAR, notices)


def instant(text: str) -> int:
    at = datetime.fromisoformat(text)
    return at.toordinal() * DAY + at.hour * 3600 + at.minute * 60 + at.second - EPOCH - 8 * 3600


def ask(
    rulebook: Rulebook,
    at: str = "2026-03-03 08:00",
    zones: tuple[str, ...] = ("ring",),
    stay: int = 0,
    **vehicle: object,
) -> Decision:
    place = Place.in_zones(zones)
    return decide(rulebook, Question(read_vehicle(vehicle), place, instant(at), CLOCK, stay * 60))


def states(answer: Decision) -> dict[str, State]:
    return {each.restriction.id: each.state for each in answer.grounds}


# One product


PASS_CITY = city(
    notice("n", restriction("r"), exemption("e", '{ restriction = "r" }', more='passes = ["pass"]')),
)
IN_DATE = {"valid_from": "2026-03-01", "valid_to": "2026-03-31"}


@pytest.mark.parametrize(
    ("passes", "expected"),
    [
        ([{"kind": "pass"}], ALLOWED),
        ([{"kind": "pass", **IN_DATE, "hours": ["07:00-09:00"], "zones": ["ring"]}], ALLOWED),
        ([{"kind": "pass", **IN_DATE, "hours": ["09:00-12:00"], "zones": ["ring"]}], PROHIBITED),
        ([{"kind": "pass", **IN_DATE, "hours": ["07:00-09:00"], "zones": ["core"]}], PROHIBITED),
        ([{"kind": "pass", "valid_to": "2026-03-02", "hours": ["07:00-09:00"], "zones": ["ring"]}], PROHIBITED),
        ([{"kind": "other", **IN_DATE}], PROHIBITED),
        # Three passes, each right in two of three: together they are no pass.
        (
            [
                {"kind": "pass", "valid_to": "2026-03-02", "hours": ["07:00-09:00"], "zones": ["ring"]},
                {"kind": "pass", **IN_DATE, "hours": ["09:00-12:00"], "zones": ["ring"]},
                {"kind": "pass", **IN_DATE, "hours": ["07:00-09:00"], "zones": ["core"]},
            ],
            PROHIBITED,
        ),
        ([{"kind": "pass", "valid_to": "2026-03-02"}, {"kind": "pass", **IN_DATE}], ALLOWED),
    ],
)
def test_a_pass_counts_only_whole(passes: list[dict[str, object]], expected: Verdict) -> None:
    answer = ask(PASS_CITY, passes=passes)
    assert answer.verdict is expected
    assert answer.reason is (Reason.PASS_HELD if expected is ALLOWED else Reason.RESTRICTION_STANDS)


def test_different_passes_may_carry_different_instants_of_a_stay() -> None:
    passes = [{"kind": "pass", "hours": ["07:00-09:00"]}, {"kind": "pass", "hours": ["09:00-12:00"]}]
    assert ask(PASS_CITY, stay=120, passes=passes).verdict is ALLOWED
    assert ask(PASS_CITY, stay=120, passes=passes[:1]).verdict is PROHIBITED


def test_a_restriction_is_one_product_of_zones_windows_and_condition() -> None:
    rulebook = city(notice("n", restriction("r", '{ kind = "truck" }', DAILY, more='zones = ["ring"]')))
    assert ask(rulebook, kind="truck").verdict is PROHIBITED
    assert ask(rulebook, kind="passenger").verdict is ALLOWED
    assert ask(rulebook, at="2026-03-03 09:00", kind="truck").verdict is ALLOWED
    assert ask(rulebook, zones=("core",), kind="truck").verdict is ALLOWED


# Part of a fact, and one missing fact


def test_a_truck_six_metres_long_of_unknown_mass_is_medium_or_heavy() -> None:
    both = city(notice("n", restriction("r", '{ size = ["medium", "heavy"] }')))
    one = city(notice("n", restriction("r", '{ size = "medium" }')))
    assert ask(both, kind="truck", length_mm=6000).verdict is PROHIBITED
    assert ask(both, kind="truck", length_mm=5999).verdict is UNDETERMINED
    answer = ask(one, kind="truck", length_mm=6000)
    assert (answer.verdict, answer.missing) == (UNDETERMINED, ("size",))


def test_one_missing_fact_that_cannot_matter_leaves_nothing_open() -> None:
    """Old diesel is barred by one article, everything else by another: whatever the stage, it is barred."""
    rulebook = city(
        notice(
            "n",
            restriction("old", "{ emission_stage = { at_most = 4 } }"),
            restriction("new", "{ not = { emission_stage = { at_most = 4 } } }"),
        )
    )
    answer = ask(rulebook, kind="truck")
    assert (answer.verdict, answer.missing) == (PROHIBITED, ())


def test_two_missing_facts_may_leave_open_what_a_proof_would_settle() -> None:
    """Barred if the width or the height is great, and barred if neither is: more cautious than a proof over both."""
    wide, high = "width_mm = { above = 2200 }", "height_mm = { above = 2800 }"
    rulebook = city(
        notice(
            "n",
            restriction("a", f"{{ any_of = [{{ {wide} }}, {{ {high} }}] }}"),
            restriction("b", f"{{ not = {{ any_of = [{{ {wide} }}, {{ {high} }}] }} }}"),
        )
    )
    answer = ask(rulebook)
    assert (answer.verdict, answer.missing) == (UNDETERMINED, ("height_mm", "width_mm"))
    assert ask(rulebook, width_mm=2000).verdict is PROHIBITED


def test_missing_is_what_open_restrictions_and_their_exemptions_read() -> None:
    rulebook = city(
        notice(
            "n",
            restriction("r", '{ kind = "truck", emission_stage = { at_most = 3 } }'),
            restriction("not-here", "{ width_mm = { above = 1 } }", more='zones = ["core"]'),
            restriction("not-it", '{ kind = "passenger", height_mm = { above = 1 } }'),
            exemption("could", '{ restriction = "r" }', '{ body = "box" }'),
            exemption("could-not", '{ restriction = "r" }', '{ kind = "passenger", length_mm = { above = 1 } }'),
            exemption("names-another", '{ restriction = "not-it" }', "{ rated_load_kg = { above = 1 } }"),
        )
    )
    answer = ask(rulebook, kind="truck")
    assert (answer.verdict, answer.missing) == (UNDETERMINED, ("body", "emission_stage"))
    assert answer.reason is Reason.FACTS_MISSING
    assert ask(rulebook, kind="truck", emission_stage=3).missing == ("body",)


# Open and closed


def test_what_is_assumed_is_what_would_be_missing_with_every_claim_open() -> None:
    rulebook = city(
        notice(
            "n",
            restriction("goods", '{ cargo = "dangerous_goods" }'),
            restriction("r", hours=DAILY),
            exemption("e", '{ restriction = "r" }', '{ use = "post" }'),
            exemption("p", '{ restriction = "r" }', more='passes = ["pass"]'),
        )
    )
    answer = ask(rulebook)
    assert answer.verdict is PROHIBITED
    assert answer.assumed == ("no_dangerous_goods", "no_pass_held", "not_use_post")
    assert ask(rulebook, cargo=[], use="freight", passes=[]).assumed == ()
    assert ask(rulebook, at="2026-03-03 12:00").assumed == ("no_dangerous_goods",)
    assert ask(rulebook, cargo="dangerous_goods").assumed == ()  # nothing that is not claimed could change that


def test_a_class_that_follows_from_open_facts_is_as_open_as_they_are() -> None:
    rulebook = city(
        notice("n", restriction("r"), exemption("e", '{ restriction = "r" }', '{ priority_class = "new_energy" }'))
    )
    answer = ask(rulebook)
    assert (answer.verdict, answer.missing, answer.assumed) == (UNDETERMINED, ("energy",), ())
    assert ask(rulebook, plate="辽AD52638").verdict is ALLOWED
    assert ask(rulebook, energy="natural_gas").verdict is PROHIBITED


# Dates


@pytest.mark.parametrize(
    ("at", "expected"),
    [
        ("2026-02-28 23:59:59", ALLOWED),
        ("2026-03-01 00:00:00", PROHIBITED),
        ("2026-03-31 23:59:59", PROHIBITED),
        ("2026-04-01 00:00:00", ALLOWED),
    ],
)
def test_an_inclusive_last_date_ends_at_midnight_after_it(at: str, expected: Verdict) -> None:
    rulebook = city(notice("n", restriction("r"), in_force="{ from = 2026-03-01, last_day = 2026-03-31 }"))
    assert ask(rulebook, at=at).verdict is expected


def test_a_credential_opens_and_closes_by_its_dates() -> None:
    rulebook = city(
        notice("n", restriction("r"), exemption("e", '{ restriction = "r" }', '{ priority_class = "aaa_rated" }'))
    )
    held = [{"class": "aaa_rated", "valid_from": "2026-03-04", "valid_to": "2026-03-05"}]
    answer = ask(rulebook, at="2026-03-03 08:00", priority_classes=held)
    assert answer.verdict is PROHIBITED
    assert [(each.start, each.end) for each in answer.outcome.next_allowed] == [
        (instant("2026-03-04 00:00"), instant("2026-03-06 00:00"))
    ]


def test_dates_cut_a_night_and_days_do_not() -> None:
    """Sunday's night runs into Monday; the notice that ends on Sunday does not."""
    night = 'windows = [{ days = ["sunday"], from = "22:00", until = "06:00" }]'
    rulebook = city(notice("n", restriction("r", hours=night)))
    assert ask(rulebook, at="2026-03-02 05:00").verdict is PROHIBITED  # Monday
    assert ask(rulebook, at="2026-03-01 05:00").verdict is ALLOWED  # Sunday, Saturday's night
    ended = city(notice("n", restriction("r", hours=night), in_force="{ from = 2020-01-01, last_day = 2026-03-01 }"))
    assert ask(ended, at="2026-03-01 23:59:59").verdict is PROHIBITED
    assert ask(ended, at="2026-03-02 05:00").verdict is ALLOWED


def test_the_days_of_a_pass_are_those_on_which_its_hours_open() -> None:
    passes = [{"kind": "pass", "days": ["sunday"], "hours": ["22:00-06:00"]}]
    assert ask(PASS_CITY, at="2026-03-02 05:00", passes=passes).verdict is ALLOWED
    assert ask(PASS_CITY, at="2026-03-01 05:00", passes=passes).verdict is PROHIBITED


def test_a_notice_may_change_in_the_middle_of_a_day() -> None:
    old = notice("old", restriction("r"), in_force="{ from = 2020-01-01, until = 2026-03-03T12:00:00 }")
    new = notice("new", restriction("r", hours=DAILY), in_force="{ from = 2026-03-03T12:00:00 }")
    answer = ask(city(old, new), at="2026-03-03 11:59:59")
    assert states(answer) == {"old/r": State.STANDS}
    assert answer.outcome.holds_until == instant("2026-03-03 12:00")
    after = ask(city(old, new), at="2026-03-03 12:00:00")
    assert (after.verdict, after.grounds) == (ALLOWED, ())
    assert {each.restriction.id: each.why_not for each in after.considered} == {
        "old/r": WhyNot.DATE, "new/r": WhyNot.TIME,
    }  # fmt: skip


def test_a_question_over_two_dates_sees_both_notices() -> None:
    old = notice("old", restriction("r"), in_force="{ from = 2020-01-01, last_day = 2026-03-02 }")
    stay = Question(read_vehicle({}), Place.in_zones({"ring"}), instant("2026-03-02 23:00"), CLOCK, 2 * 3600)
    answer = decide(city(old), stay)
    assert answer.verdict is PROHIBITED and answer.stay is not None
    assert [(each.start, each.end) for each in answer.stay.may_not_move] == [
        (instant("2026-03-02 23:00"), instant("2026-03-03 00:00"))
    ]


# The calendar


WORKDAYS = 'windows = [{ days = ["workday"], from = "07:00", until = "09:00" }]'


@pytest.mark.parametrize(
    ("days", "at", "expected"),
    [
        ('["workday"]', "2026-02-14 08:00", PROHIBITED),  # a Saturday that is worked
        ('["ordinary_workday"]', "2026-02-14 08:00", ALLOWED),
        ('["saturday"]', "2026-02-14 08:00", PROHIBITED),
        ('["rest_day"]', "2026-02-14 08:00", ALLOWED),
        ('["workday"]', "2027-01-04 08:00", UNDETERMINED),
        ('["every_day"]', "2027-01-04 08:00", PROHIBITED),
        ('["workday", "day_off"]', "2027-01-04 08:00", PROHIBITED),
        ('["workday"]', "2027-01-04 12:00", ALLOWED),
    ],
)
def test_an_unpublished_day_is_unknown_and_not_ordinary(days: str, at: str, expected: Verdict) -> None:
    hours = f'windows = [{{ days = {days}, from = "07:00", until = "09:00" }}]'
    answer = ask(city(notice("n", restriction("r", hours=hours))), at=at)
    assert answer.verdict is expected
    if expected is UNDETERMINED:
        assert (answer.reason, answer.missing) == (Reason.CALENDAR_NOT_PUBLISHED, ("day_kind",))


def test_one_unpublished_day_that_cannot_matter_leaves_nothing_open() -> None:
    off = 'windows = [{ days = ["day_off"], from = "00:00", until = "24:00" }]'
    rulebook = city(notice("n", restriction("a", hours=WORKDAYS), restriction("b", hours=off)))
    assert ask(rulebook, at="2027-01-04 08:00").verdict is PROHIBITED


@pytest.mark.parametrize("at", ["2027-01-04 22:00", "2027-01-05 00:00", "2027-01-05 05:59"])
def test_the_night_of_an_unpublished_day_is_one_day_also_past_midnight(at: str) -> None:
    """Barred in the nights of workdays, and in those of days off: whatever Monday is, its night is barred."""
    night = 'windows = [{{ days = ["{}"], from = "22:00", until = "06:00" }}]'
    articles = [restriction(day.replace("_", "-"), hours=night.format(day)) for day in ("workday", "day_off")]
    assert ask(city(notice("n", *articles)), at=at).verdict is PROHIBITED


def test_two_unpublished_days_are_not_one() -> None:
    """At six in the evening one day decides all; at one in the morning a night of Monday meets a morning of Tuesday."""
    hours = 'windows = [{ days = ["workday"], from = "18:00", until = "12:00" }]'
    lifted = """windows = [
        { days = ["workday"], from = "18:00", until = "21:00" },
        { days = ["workday"], from = "00:00", until = "12:00" },
    ]"""
    rulebook = city(notice("n", restriction("r", hours=hours), exemption("e", '{ restriction = "r" }', hours=lifted)))
    answer = ask(rulebook, at="2027-01-04 18:00")
    assert (answer.verdict, answer.outcome.holds_until) == (ALLOWED, instant("2027-01-04 21:00"))
    answer = ask(rulebook, at="2027-01-05 01:00")
    assert (answer.verdict, answer.outcome.holds_until) == (UNDETERMINED, instant("2027-01-05 12:00"))
    assert answer.outcome.next_allowed[0].end == instant("2027-01-05 21:00")


def test_an_end_that_was_not_published_is_unknown_and_not_over() -> None:
    hours = 'windows = [{ days = ["every_day"], from = "05:00", until = "09:00", certain_until = "07:30" }]'
    rulebook = city(notice("n", restriction("r", hours=hours)))
    assert ask(rulebook, at="2026-03-03 07:29").verdict is PROHIBITED
    answer = ask(rulebook, at="2026-03-03 07:30")
    assert (answer.verdict, answer.reason) == (UNDETERMINED, Reason.END_NOT_PUBLISHED)


# Daylight saving time


BERLIN_SPRING = LocalClock(((0, 3600), (1774746000, 7200)))  # 2026-03-29 02:00 becomes 03:00
BERLIN_AUTUMN = LocalClock(((0, 7200), (1792890000, 3600)))  # 2026-10-25 03:00 becomes 02:00
HALF_PAST_TWO = 'windows = [{ days = ["every_day"], from = "02:30", until = "02:45" }]'


def test_never_in_a_gap_and_twice_in_a_fold() -> None:
    rulebook = city(notice("n", restriction("r", hours=HALF_PAST_TWO)))

    def barred_minutes(clock: LocalClock, shift: int) -> list[int]:
        question = Question(read_vehicle({}), Place.in_zones({"ring"}), shift, clock)
        minutes = range(-180, 180)
        return [each for each in minutes if verdict_at(rulebook, question, shift + each * 60) is PROHIBITED]

    assert barred_minutes(BERLIN_SPRING, 1774746000) == []
    assert barred_minutes(BERLIN_AUTUMN, 1792890000) == [*range(-30, -15), *range(30, 45)]


# Record


@pytest.mark.parametrize(
    ("at", "verdict", "reason", "assumed"),
    [
        ("2019-12-31 23:59:59", UNDETERMINED, Reason.OUTSIDE_RECORD, ()),
        ("2020-01-01 00:00:00", ALLOWED, Reason.NO_RESTRICTION_APPLIES, ("older_notices_may_be_missing",)),
        ("2020-12-31 23:59:59", ALLOWED, Reason.NO_RESTRICTION_APPLIES, ("older_notices_may_be_missing",)),
        ("2021-01-01 00:00:00", ALLOWED, Reason.NO_RESTRICTION_APPLIES, ()),
    ],
)
def test_the_reach_of_the_record(at: str, verdict: Verdict, reason: Reason, assumed: tuple[str, ...]) -> None:
    answer = ask(city(notice("n", restriction("r", '{ kind = "truck" }'))), at=at, kind="passenger")
    assert (answer.verdict, answer.reason, answer.assumed) == (verdict, reason, assumed)


@pytest.mark.parametrize(
    ("at", "verdict", "assumed"),
    [
        ("2019-12-31 23:59:59", UNDETERMINED, ()),
        ("2020-01-01 00:00:00", ALLOWED, ("record_incomplete",)),
        ("2026-03-03 08:00:00", ALLOWED, ("record_incomplete",)),
    ],
)
def test_a_record_that_is_nowhere_complete(at: str, verdict: Verdict, assumed: tuple[str, ...]) -> None:
    rulebook = city(notice("n", restriction("r", '{ kind = "truck" }')))
    partial = replace(rulebook, city=replace(rulebook.city, complete_from=None))
    answer = ask(partial, at=at, kind="passenger")
    assert (answer.verdict, answer.assumed) == (verdict, assumed)
    barred = ask(partial, at="2026-03-03 08:00:00", kind="truck")
    assert (barred.verdict, barred.assumed) == (PROHIBITED, ("record_incomplete",))


def test_outside_every_city_nothing_is_allowed() -> None:
    place = Place((ZoneSet.of(()),), outside_coverage=True)
    answer = decide(city(), Question(read_vehicle({}), place, instant("2026-03-03 08:00"), CLOCK))
    assert (answer.verdict, answer.reason, answer.grounds) == (UNDETERMINED, Reason.OUTSIDE_COVERAGE, ())


# Tags and lifts


def test_no_standing_exemption_lifts_an_emergency_order_by_accident() -> None:
    standing = notice(
        "standing",
        restriction("r", more='tags = ["peak"]'),
        exemption("by-tag", '{ tag = "peak" }'),
        exemption("by-notice", '{ notice = "standing" }'),
        exemption("by-id", '{ restriction = "r" }'),
    )
    emergency = notice("emergency", restriction("r", more='tags = ["peak"]'))
    assert ask(city(standing)).verdict is ALLOWED
    answer = ask(city(standing, emergency))
    assert states(answer) == {"standing/r": State.LIFTED, "emergency/r": State.STANDS}
    named = notice("named", exemption("e", '{ tag = "peak", notices = ["emergency"] }'))
    assert ask(city(standing, emergency, named)).verdict is ALLOWED


# Kinds


@pytest.mark.parametrize(
    ("kind", "expected"),
    [("truck", PROHIBITED), ("low_speed_truck", PROHIBITED), ("tricycle_truck", ALLOWED), ("tractor_unit", ALLOWED)],
)
def test_trucks_take_in_low_speed_trucks_and_not_tricycles(kind: str, expected: Verdict) -> None:
    assert ask(city(notice("n", restriction("r", '{ kind = "truck" }'))), kind=kind).verdict is expected


# Place


def test_an_uncertain_place_is_settled_where_all_its_zone_sets_agree() -> None:
    rulebook = city(
        notice("n", restriction("r", more='zones = ["ring"]'), restriction("c", hours=DAILY, more='zones = ["core"]'))
    )

    def at(text: str, *alternatives: ZoneSet) -> Decision:
        place = Place(alternatives, doubts={"ring": frozenset({"position"}), "core": frozenset({"shape"})})
        return decide(rulebook, Question(read_vehicle({}), place, instant(text), CLOCK))

    ring, core, out = ZoneSet.of({"ring"}), ZoneSet.of({"core"}), ZoneSet.of(())
    assert at("2026-03-03 08:00", ring, core).verdict is PROHIBITED  # for one reason or the other
    answer = at("2026-03-03 12:00", ring, core)
    assert (answer.verdict, answer.reason, answer.missing) == (UNDETERMINED, Reason.POSITION_UNCERTAIN, ())
    assert at("2026-03-03 12:00", core, out).verdict is ALLOWED
    assert at("2026-03-03 08:00", core, out).reason is Reason.SHAPE_UNCERTAIN


# What is forbidden, and from when it is punished


def test_a_ban_on_driving_leaves_a_parked_vehicle_alone() -> None:
    driving = city(notice("n", restriction("r", hours=DAILY)))
    presence = city(notice("n", restriction("r", hours=DAILY, more='forbids = "presence"')))
    for rulebook, expected in ((driving, ALLOWED), (presence, PROHIBITED)):
        answer = ask(rulebook, at="2026-03-03 06:00", stay=240)
        assert answer.verdict is PROHIBITED and answer.stay is not None
        assert answer.stay.enter_and_leave is expected
        assert answer.decided_for == instant("2026-03-03 07:00")


def test_before_it_is_punished_it_is_forbidden_all_the_same() -> None:
    rulebook = city(notice("n", restriction("r", more="penalised_from = 2026-03-04")))

    def ground(at: str) -> Ground:
        answer = ask(rulebook, at=at)
        assert answer.verdict is PROHIBITED
        return answer.grounds[0]

    assert ground("2026-03-03 23:59:59").educates
    assert not ground("2026-03-04 00:00:00").educates


# Illustrative notices never speak for the law


def test_an_illustrative_notice_changes_the_verdict_and_not_the_law() -> None:
    law = notice("law", restriction("r"))
    shown = notice("shown", exemption("e", '{ notice = "law" }'), more="illustrative = true")
    answer = ask(city(law, shown))
    assert (answer.verdict, answer.by_law.verdict, answer.illustrative) == (ALLOWED, PROHIBITED, True)
    assert not ask(city(law)).illustrative
