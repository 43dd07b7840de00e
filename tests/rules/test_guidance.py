"""The national guidance: open hours worked out exactly, for each class, area and kind of day."""

from dataclasses import replace
from datetime import date

import pytest

from rules.calendar import Calendar
from rules.codes import Text
from rules.conditions import AllOf, AnyOf, Bounds, Condition, Everyone, Not, OneOf
from rules.guidance import GuidanceFinding, JudgedZone, guidance
from rules.lint.findings import Severity
from rules.model import City, Exemption, Lift, Notice, Product, Restriction, Rulebook, Source, Wording
from rules.windows import ALWAYS, DAY, EPOCH, EVERY_DAY, Days, LocalClock, Period, Window

TODAY = date(2026, 11, 24)
TEXT = Text("文", "text")
CITY = City("town", TEXT, "Asia/Shanghai", date(2020, 1, 1), date(2020, 1, 1))
CLOCK = LocalClock(((0, 8 * 3600),))
TRUCKS = OneOf("kind", frozenset({"truck"}))
ELECTRIC = OneOf("energy", frozenset({"battery_electric"}))
AREA = JudgedZone("centre", frozenset({"centre", "ring"}))
WORKDAY = Days(words=frozenset({"workday"}))


def window(start: str, end: str, days: Days = EVERY_DAY) -> Window:
    first, last = (int(each[:2]) * 60 + int(each[3:]) for each in (start, end))
    return Window(days, first, last if last > first else last + 1440)


def ban(
    *windows: Window,
    condition: Condition = TRUCKS,
    zones: str | None = "centre",
    period: Period = ALWAYS,
    name: str = "ban",
) -> Restriction:
    where = None if zones is None else frozenset({zones})
    return Restriction(
        f"n/{name}", "n", Product(where, windows or None, condition, period), Wording(TEXT, "paraphrase")
    )


def rulebook(*bans: Restriction, exemptions: tuple[Exemption, ...] = ()) -> Rulebook:
    source = Source("A", None, TODAY)
    law = Notice("n", TEXT, ALWAYS, source, bans)
    shown = Notice("shown", TEXT, ALWAYS, source, (), exemptions, illustrative=True)
    return Rulebook(CITY, Calendar.unknown(), (law, shown) if exemptions else (law,))


def found(
    book: Rulebook, code: str, *zones: JudgedZone, clock: LocalClock = CLOCK, today: date = TODAY
) -> list[GuidanceFinding]:
    return [each for each in guidance(book, zones or (AREA,), today, clock) if each.code == code]


def text_for(findings: list[GuidanceFinding], vehicle_class: str) -> Text:
    (finding,) = [each for each in findings if each.vehicle_class == vehicle_class]
    return finding.text


def test_the_hours_that_break_it_are_named() -> None:
    book = rulebook(
        ban(window("00:00", "09:00", WORKDAY), window("12:00", "14:00", WORKDAY), window("16:30", "24:00", WORKDAY))
    )
    findings = found(book, "guidance-six-hours")
    said = text_for(findings, "light_box_diesel_6")
    assert said.en == "open 5 h 30 min: 09:00-12:00, 14:00-16:30 on ordinary workdays, make-up workdays"
    assert said.zh == "工作日、调休上班日开放5小时30分:09:00-12:00, 14:00-16:30"
    classes = {each.vehicle_class for each in findings}
    assert classes == {
        *(
            "micro_van_electric",
            "light_box_electric",
            "medium_box_electric",
            "micro_van_petrol_6",
            "light_box_diesel_6",
        ),
        *("light_box_diesel_5", "light_box_diesel_3", "light_refrigerated_diesel_6", "medium_box_diesel_6"),
    }
    assert {each.subject for each in findings} == {"centre"}


@pytest.mark.parametrize(("until", "broken"), [("23:59", False), ("24:00", False)])
def test_six_hours_are_enough(until: str, broken: bool) -> None:
    assert bool(found(rulebook(ban(window("06:00", until))), "guidance-six-hours")) is broken
    assert found(rulebook(ban(window("05:59", "24:00"))), "guidance-six-hours")


def test_a_night_belongs_to_both_of_its_days() -> None:
    """Closed 13 to 8 the next day: from midnight to midnight five hours are open, though the night is one window."""
    said = text_for(found(rulebook(ban(window("13:00", "08:00"))), "guidance-six-hours"), "light_box_diesel_6")
    assert said.en == "open 5 h: 08:00-13:00 on every day"


def test_one_weekday_alone() -> None:
    friday = Days(words=frozenset({"friday"}), except_words=frozenset({"statutory_holiday"}))
    said = text_for(found(rulebook(ban(window("00:00", "20:00", friday))), "guidance-six-hours"), "light_box_diesel_6")
    assert said.en == "open 4 h: 20:00-24:00 on ordinary workdays (Friday), days off in lieu (Friday)"
    assert said.zh == "工作日(周五)、调休放假日(周五)开放4小时:20:00-24:00"


def test_only_what_is_certainly_allowed_is_open() -> None:
    """No class says its length, so a rule on length leaves the hours open to doubt."""
    book = rulebook(ban(window("05:00", "24:00"), condition=Bounds("length_mm", above=5000)))
    assert text_for(found(book, "guidance-six-hours"), "light_box_diesel_6").en.startswith("open 5 h")


def test_zones_that_hold_the_area_bind_it_and_others_do_not() -> None:
    closed = ban(zones="ring")
    assert found(rulebook(closed), "guidance-six-hours")
    assert not found(rulebook(closed), "guidance-six-hours", JudgedZone("other", frozenset({"other"})))
    assert found(rulebook(ban(zones=None)), "guidance-six-hours", JudgedZone("everywhere", frozenset()))


def test_notices_of_other_weeks_do_not_count() -> None:
    ended, begun_later = Period(None, TODAY.toordinal() * DAY), Period((TODAY.toordinal() + 7) * DAY, None)
    for period in (ended, begun_later):
        by_tonnage = ban(condition=AllOf((TRUCKS, Bounds("rated_load_kg", above=1500))), period=period)
        assert guidance(rulebook(by_tonnage), (AREA,), TODAY, CLOCK) == ()
    assert found(rulebook(ban(period=Period(None, (TODAY.toordinal() + 1) * DAY))), "guidance-six-hours")


def test_new_energy_needs_longer_hours_only_where_diesel_has_not_all() -> None:
    both, diesel_only = (
        ban(window("07:00", "09:00")),
        ban(window("07:00", "09:00"), condition=AllOf((TRUCKS, Not(ELECTRIC)))),
    )
    findings = found(rulebook(both), "guidance-new-energy")
    assert {each.vehicle_class for each in findings} == {"light_box_electric", "medium_box_electric"}
    assert text_for(findings, "light_box_electric").en == (
        "open 22 h: 00:00-07:00, 09:00-24:00 on every day; no longer than light diesel box truck, China 6"
    )
    assert not found(rulebook(diesel_only), "guidance-new-energy")
    assert not found(rulebook(), "guidance-new-energy")


def test_a_ban_on_diesel_of_old_stages_is_not_compared_with_electric() -> None:
    old = ban(condition=AllOf((OneOf("energy", frozenset({"diesel"})), Bounds("emission_stage", at_most=3))))
    assert not found(rulebook(old), "guidance-new-energy")


def test_a_blanket_ban_is_one_of_the_whole_city_at_all_hours() -> None:
    whole = JudgedZone("city", frozenset({"city"}), whole_city=True)
    (finding,) = found(rulebook(ban(zones="city")), "guidance-blanket-ban", whole)
    assert (finding.subject, finding.severity, finding.zones) == ("n/ban", Severity.WARNING, ("city",))
    assert finding.text.en == (
        "the whole city is closed at all hours of every day to vehicles that meet: "
        '"kind:truck"; in city, 00:00-24:00 on every day'
    )
    assert not found(rulebook(ban(zones="centre")), "guidance-blanket-ban")
    assert not found(rulebook(ban(window("00:00", "23:59"), zones="city")), "guidance-blanket-ban", whole)
    assert not found(rulebook(ban(window("00:00", "24:00", WORKDAY), zones="city")), "guidance-blanket-ban", whole)


WHOLE = JudgedZone("everywhere", frozenset(), whole_city=True)
OLD_GAS = AllOf((TRUCKS, OneOf("energy", frozenset({"natural_gas", "petrol"})), Bounds("emission_stage", at_most=5)))


@pytest.mark.parametrize(
    ("condition", "severity"),
    [
        (TRUCKS, Severity.WARNING),
        (AllOf((TRUCKS, OneOf("energy", frozenset({"natural_gas"})))), Severity.WARNING),
        (AllOf((TRUCKS, Not(OneOf("plate_prefix", frozenset({"辽B"}))))), Severity.WARNING),
        # No standard class burns gas or is that old; new trucks are free.
        (OLD_GAS, Severity.NOTE),
        (OneOf("kind", frozenset({"low_speed_truck"})), Severity.NOTE),
        (AllOf((TRUCKS, OneOf("size", frozenset({"heavy"})))), Severity.NOTE),
        (OneOf("kind", frozenset({"passenger"})), None),
        # Nothing is claimed.
        (AllOf((TRUCKS, OneOf("cargo", frozenset({"spoil"})))), None),
        (AllOf((TRUCKS, OneOf("priority_class", frozenset({"fresh_food"})))), None),
        (AllOf((TRUCKS, OneOf("priority_class", frozenset({"new_energy"})))), Severity.WARNING),
    ],
)
def test_a_ban_of_the_whole_city_binds_trucks_that_no_class_stands_for(
    condition: Condition, severity: Severity | None
) -> None:
    findings = found(rulebook(ban(condition=condition, zones=None)), "guidance-blanket-ban", WHOLE)
    assert [each.severity for each in findings] == ([] if severity is None else [severity])
    assert all(each.articles == ("n/ban",) and each.zones == () for each in findings)


NIGHT_OFF = (window("22:00", "06:00"),)


@pytest.mark.parametrize(
    ("lifted", "severity"),
    [
        (Product(None, None, OneOf("size", frozenset({"light", "medium"})), ALWAYS), Severity.WARNING),
        (Product(None, NIGHT_OFF, OneOf("size", frozenset({"micro", "light", "medium"})), ALWAYS), Severity.NOTE),
        (Product(None, NIGHT_OFF, TRUCKS, ALWAYS), None),
        (Product(frozenset({"centre"}), None, TRUCKS, ALWAYS), Severity.WARNING),
        (Product(None, None, TRUCKS, Period(None, TODAY.toordinal() * DAY)), Severity.WARNING),
    ],
)
def test_a_ban_that_is_lifted_at_some_hour_is_none(lifted: Product, severity: Severity | None) -> None:
    exemption = Exemption("n/free", "n", lifted, Wording(TEXT, "paraphrase"), (Lift(notice="n"),))
    law = Notice("n", TEXT, ALWAYS, Source("A", None, TODAY), (ban(zones=None),), (exemption,))
    for passes, expected in ((frozenset[str](), severity), (frozenset({"town-pass"}), Severity.WARNING)):
        notice = replace(law, exemptions=(replace(exemption, passes=passes),))
        findings = found(Rulebook(CITY, Calendar.unknown(), (notice,)), "guidance-blanket-ban", WHOLE)
        assert [each.severity for each in findings if each.subject == "n/ban"] == ([expected] if expected else [])


def test_several_restrictions_that_close_the_city_together() -> None:
    day, night = ban(window("06:00", "22:00"), zones=None), ban(window("22:00", "06:00"), zones=None, name="night")
    findings = found(rulebook(day, night), "guidance-blanket-ban", WHOLE)
    assert {each.subject for each in findings} == {"everywhere"}
    severities = {each.vehicle_class: each.severity for each in findings}
    assert severities["light_box_diesel_6"] is severities["light_box_electric"] is Severity.WARNING
    assert severities["light_box_diesel_3"] is severities["heavy_box_diesel_6"] is Severity.NOTE
    assert {each.articles for each in findings} == {("n/ban", "n/night")}


def test_the_night_before_a_holiday_binds_it_by_the_kind_of_the_day_before() -> None:
    """Closed on workdays 20 to 7 the next day, on holidays 7 to 20: after a workday a holiday has four hours left."""
    holiday = Days(words=frozenset({"statutory_holiday"}))
    book = rulebook(ban(window("20:00", "07:00", WORKDAY), window("07:00", "20:00", holiday)))
    said = text_for(found(book, "guidance-six-hours"), "light_box_diesel_6")
    assert said.en == ("open 4 h: 20:00-24:00 on statutory holidays after ordinary workdays or make-up workdays")
    assert said.zh == "工作日、调休上班日次日的法定节假日开放4小时:20:00-24:00"


def test_one_evening_binds_the_day_after_it() -> None:
    thursday = Days(words=frozenset({"thursday"}), except_words=frozenset({"statutory_holiday"}))
    friday = Days(words=frozenset({"friday"}))
    book = rulebook(ban(window("20:00", "09:00", thursday), window("09:00", "20:00", friday)))
    assert text_for(found(book, "guidance-six-hours"), "light_box_diesel_6").en == (
        "open 4 h: 20:00-24:00 on ordinary workdays (Friday) after ordinary workdays or days off in lieu, "
        "statutory holidays (Friday) after ordinary workdays or days off in lieu, "
        "days off in lieu (Friday) after ordinary workdays or days off in lieu"
    )


def test_the_articles_that_close_the_hours_are_named() -> None:
    day, night, never = (
        ban(window("08:00", "20:00"), name="day"),
        ban(window("20:00", "06:00"), name="night"),
        ban(window("08:00", "20:00"), condition=OneOf("size", frozenset({"heavy"})), name="heavy"),
    )
    findings = found(rulebook(day, night, never), "guidance-six-hours")
    assert {each.articles for each in findings} == {("n/day", "n/night")}
    assert {each.zones for each in findings} == {None}


LIGHT = OneOf("size", frozenset({"light"}))


@pytest.mark.parametrize(
    ("condition", "apart"),
    [
        (AllOf((TRUCKS, Bounds("rated_load_kg", above=1500))), True),
        (AllOf((TRUCKS, LIGHT, Bounds("total_mass_kg", at_least=2500))), True),
        (AllOf((TRUCKS, Not(Bounds("total_mass_kg", below=3000)))), True),
        (AnyOf((Bounds("rated_load_kg", below=2000), OneOf("size", frozenset({"heavy"})))), True),
        # Short trucks from 1,801 kg on are light ones, and this splits them.
        (AllOf((TRUCKS, Bounds("length_mm", at_most=3500), Bounds("total_mass_kg", at_least=2500))), True),
        (AllOf((TRUCKS, Bounds("total_mass_kg", at_least=4500))), False),
        (AllOf((TRUCKS, Bounds("rated_load_kg", at_least=4500))), False),
        (AllOf((TRUCKS, OneOf("size", frozenset({"medium"})), Bounds("total_mass_kg", at_least=2500))), False),
        (AllOf((OneOf("kind", frozenset({"passenger"})), Bounds("total_mass_kg", at_least=2500))), False),
        # Below 1,801 kg so short a truck is a micro one.
        (AllOf((TRUCKS, Bounds("length_mm", at_most=3500), Bounds("total_mass_kg", above=1800))), False),
        (AnyOf((Bounds("rated_load_kg", below=2000), Bounds("rated_load_kg", at_least=2000))), False),
        (TRUCKS, False),
        (Everyone(), False),
    ],
)
def test_light_trucks_told_apart_by_tonnage(condition: Condition, apart: bool) -> None:
    findings = found(rulebook(ban(window("07:00", "09:00"), condition=condition)), "guidance-tonnage")
    assert [each.subject for each in findings] == (["n/ban"] if apart else [])


def test_where_light_trucks_are_told_apart() -> None:
    (finding,) = found(
        rulebook(ban(condition=AllOf((TRUCKS, Bounds("rated_load_kg", above=1500))))), "guidance-tonnage"
    )
    assert finding.text.en == (
        "a light truck of 1801 to 4499 kg total mass and 1501 to 4499 kg rated load meets it, and one that is alike "
        "but of 1801 to 4499 kg total mass and 1 to 1500 kg rated load does not; in centre, 00:00-24:00 on every day"
    )
    assert (finding.articles, finding.zones) == (("n/ban",), ("centre",))
    peaks = window("07:00", "09:00", WORKDAY), window("17:00", "19:00", WORKDAY)
    (finding,) = found(rulebook(ban(*peaks, condition=Bounds("total_mass_kg", above=3500))), "guidance-tonnage")
    assert "of 3501 to 4499 kg total mass and 1 to 4499 kg rated load meets it" in finding.text.en
    assert "of 1801 to 3500 kg total mass and 1 to 3500 kg rated load does not" in finding.text.en
    assert finding.text.en.endswith("; in centre, 07:00-09:00, 17:00-19:00 on ordinary workdays, make-up workdays")


def test_law_decides_and_illustrative_notices_are_told_beside_it() -> None:
    closed = ban(window("05:00", "24:00"))
    lifted = Exemption(
        "shown/electric",
        "shown",
        Product(None, None, ELECTRIC, ALWAYS),
        Wording(TEXT, "paraphrase"),
        (Lift(notice="n"),),
    )
    findings = found(rulebook(closed, exemptions=(lifted,)), "guidance-six-hours")
    assert {each.vehicle_class: each.mended for each in findings if "diesel_6" not in (each.vehicle_class or "")} == {
        "micro_van_electric": True,
        "light_box_electric": True,
        "medium_box_electric": True,
        "micro_van_petrol_6": False,
        "light_box_diesel_5": False,
        "light_box_diesel_3": False,
    }
    assert all(each.by_law for each in findings)


def test_what_only_an_illustrative_notice_breaks() -> None:
    shown = Notice(
        "shown", TEXT, ALWAYS, Source("none", None, TODAY), (ban(window("05:00", "24:00")),), illustrative=True
    )
    findings = guidance(Rulebook(CITY, Calendar.unknown(), (shown,)), (AREA,), TODAY, CLOCK)
    assert findings
    assert not any(each.by_law or each.mended for each in findings)


def test_a_day_of_23_hours() -> None:
    """In Berlin the clock skips 2 to 3 on 2026-03-29: of the hours from 1 to 7, five are left."""
    change = 1_774_746_000
    clock = LocalClock(((0, 3600), (change, 7200)))
    assert clock.wall(change) == EPOCH + change + 7200
    closed = ban(window("07:00", "24:00"), window("00:00", "01:00"))
    said = text_for(
        found(rulebook(closed), "guidance-six-hours", clock=clock, today=date(2026, 3, 23)), "light_box_diesel_6"
    )
    assert (
        said.en == "open 5 h: 01:00-07:00 on rest days (Sunday), statutory holidays (Sunday), make-up workdays (Sunday)"
    )
