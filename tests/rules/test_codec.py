"""Documents: what is written is read again as the same value, and what cannot become law is refused where it stands."""

import json
import random
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given

import rules
from rules.calendar import Calendar
from rules.codec import (
    canonical_bytes,
    city_document,
    code_lists_document,
    digest,
    notice_document,
    parse_city,
    parse_notice,
    read_city,
    read_notice,
    rulebook_document,
    rulebook_faults,
)
from rules.codes import Text
from rules.conditions import AllOf, AnyOf, Bounds, Condition, Everyone, Not, OneOf, describe
from rules.errors import MalformedDocument
from rules.model import City, Lift, Notice, PassKind, Rulebook
from rules.windows import DAY, Period, Window
from tests.support.documents import GOOD, changed, vehicles, window
from tests.support.strategies import documented_notices
from tests.support.toml import toml_file

CITIES = Path(rules.__file__).parent / "cities"
NOTICE_FILES = sorted(path for path in CITIES.glob("*/*.toml") if path.name != "city.toml")


def ordered(condition: Condition) -> Condition:
    """The order of parts says nothing, and a document is read in one order."""
    match condition:
        case AllOf(parts):
            return AllOf(tuple(sorted((ordered(each) for each in parts), key=describe)))
        case AnyOf(parts):
            return AnyOf(tuple(sorted((ordered(each) for each in parts), key=describe)))
        case Not(inner):
            return Not(ordered(inner))
        case _:
            return condition


def in_order(notice: Notice) -> Notice:
    def article(each: Any) -> Any:
        return replace(each, product=replace(each.product, condition=ordered(each.product.condition)))

    return replace(
        notice,
        restrictions=tuple(article(each) for each in notice.restrictions),
        exemptions=tuple(article(each) for each in notice.exemptions),
    )


# Round trips


@given(documented_notices())
def test_a_notice_is_read_as_it_was_written(notice: Notice) -> None:
    assert in_order(read_notice(notice_document(notice), "n")) == in_order(notice)


@given(documented_notices())
def test_reading_twice_is_reading_once(notice: Notice) -> None:
    once = read_notice(notice_document(notice), "n")
    assert read_notice(notice_document(once), "n") == once


@given(documented_notices())
def test_a_file_of_a_notice_is_read_as_the_notice(notice: Notice) -> None:
    assert in_order(parse_notice(toml_file(notice_document(notice)), "n")) == in_order(notice)


@pytest.mark.parametrize("path", NOTICE_FILES, ids=lambda path: path.stem)
def test_the_notices_of_the_cities_round_trip(path: Path) -> None:
    notice = parse_notice(path.read_text(encoding="utf-8"), path.name)
    assert notice.id == path.stem
    assert read_notice(notice_document(notice), path.name) == notice


@pytest.mark.parametrize("name", sorted(path.name for path in CITIES.iterdir() if path.is_dir()))
def test_the_cities_round_trip(name: str) -> None:
    city = parse_city((CITIES / name / "city.toml").read_text(encoding="utf-8"), "city.toml")
    assert read_city(city_document(city), "city.toml") == city
    assert city.id == name


def test_a_record_that_is_nowhere_complete_round_trips() -> None:
    city = parse_city(CITY.replace("complete_from = 2021-01-01\n", ""), "city.toml")
    assert city.complete_from is None
    assert "complete_from" not in city_document(city)
    assert parse_city(toml_file(city_document(city)), "c") == city


def test_all_of_a_city_round_trips() -> None:
    city = City(
        id="town",
        name=Text("城", "Town"),
        timezone="Europe/Berlin",
        record_from=date(2020, 1, 1),
        complete_from=date(2020, 1, 1),
        record_until=date(2025, 12, 31),
        pass_kinds=(PassKind("a", Text("甲", "a"), "counter"), PassKind("b", Text("乙", "b"))),
        filings=(PassKind("f", Text("备案", "filing")),),
    )
    assert read_city(city_document(city), "c") == city
    assert parse_city(toml_file(city_document(city)), "c") == city


# The digest


def shenyang() -> Rulebook:
    folder = CITIES / "shenyang"
    city = parse_city((folder / "city.toml").read_text(encoding="utf-8"), "city.toml")
    files = [path for path in NOTICE_FILES if path.parent == folder]
    return Rulebook(
        city,
        Calendar.unknown(),
        tuple(parse_notice(path.read_text(encoding="utf-8"), path.name) for path in files),
    )


def test_the_digest_depends_on_the_order_of_nothing() -> None:
    rulebook = shenyang()
    document = rulebook_document(rulebook)
    assert digest(rulebook_document(replace(rulebook, notices=rulebook.notices[::-1]))) == digest(document)

    def scrambled(value: object) -> object:
        if isinstance(value, dict):
            items = [(key, scrambled(inner)) for key, inner in value.items()]
            random.Random(7).shuffle(items)
            return dict(items)
        return [scrambled(inner) for inner in value] if isinstance(value, list) else value

    assert canonical_bytes(scrambled(document)) == canonical_bytes(document)
    assert digest(document).startswith("sha256:") and len(digest(document)) == 7 + 64


def test_the_digest_depends_on_every_word() -> None:
    rulebook = shenyang()
    first, *others = rulebook.notices
    changed = replace(rulebook, notices=(replace(first, period=Period(first.period.start, 800_000 * DAY)), *others))
    assert digest(rulebook_document(changed)) != digest(rulebook_document(rulebook))


def test_the_order_of_keys_in_a_file_says_nothing() -> None:
    reordered = {
        key: notice_document(parse_notice(GOOD, "n"))[key]
        for key in ["exemptions", "restrictions", "source", "in_force", "name", "id", "schema", "illustrative"]
    }
    assert parse_notice("# a comment\n" + toml_file(reordered), "n") == parse_notice(GOOD, "n")


def test_canonical_bytes() -> None:
    assert (
        canonical_bytes({"b": date(2026, 1, 2), "a": ["辽", True, None]})
        == '{"a":["辽",true,null],"b":"2026-01-02"}'.encode()
    )
    assert canonical_bytes({"at": datetime(2026, 1, 2, 3, 4, 5)}) == b'{"at":"2026-01-02T03:04:05"}'
    with pytest.raises(TypeError):
        canonical_bytes({"a": object()})
    with pytest.raises(ValueError, match="JSON"):
        canonical_bytes({"a": float("nan")})


def test_code_lists_have_both_names() -> None:
    lists = code_lists_document()
    assert lists["priority_class"]["aaa_rated"]["zh"] == "经营信誉考核AAA级企业"
    assert all(name["zh"] and name["en"] for names in lists.values() for name in names.values())


# What is accepted, and as what


@pytest.mark.parametrize(
    "text",
    [
        "\ufeff" + GOOD,
        GOOD.replace("\n", "\r\n"),
        changed("from = 2026-01-01,", "from = 2026-01-01T00:00:00,"),
        changed("last_day = 2026-12-31", "until = 2027-01-01"),
        changed("last_day = 2026-12-31", "until = 2027-01-01T00:00:00"),
        changed('zones = ["ring"]', 'zones = ["ring"]\nforbids = "driving"'),
        changed('kind = "truck"', 'kind = ["truck"]'),
        changed('kind = "truck"', 'kind = "货车"'),
        changed('days = ["every_day"]', 'days = "every_day"'),
        changed('restriction = "r-1"', 'restriction = "n-1/r-1"'),
    ],
    ids=range(10),
)
def test_other_ways_to_write_the_same(text: str) -> None:
    assert parse_notice(text, "n") == parse_notice(GOOD, "n")
    assert digest(notice_document(parse_notice(text, "n"))) == digest(notice_document(parse_notice(GOOD, "n")))


@pytest.mark.parametrize("text", ["<script>alert(1)</script>", "=cmd|' /C calc'!A0", "'; drop table notices; --"])
def test_text_is_text(text: str) -> None:
    assert parse_notice(changed('"通告"', json.dumps(text)), "n").name.zh == text


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("{ everyone = true }", Everyone()),
        ('{ kind = "truck" }', OneOf("kind", frozenset({"truck"}))),
        ('{ size = ["light", "微型"] }', OneOf("size", frozenset({"light", "micro"}))),
        ("{ emission_stage = 3 }", OneOf("emission_stage", frozenset({3}))),
        ("{ emission_stage = { at_most = 3 } }", Bounds("emission_stage", at_most=3)),
        ("{ length_mm = { above = 1, at_most = 2 } }", Bounds("length_mm", above=1, at_most=2)),
        ("{ total_mass_kg = { at_least = 4_500 } }", Bounds("total_mass_kg", at_least=4500)),
        ("{ on_duty = true }", OneOf("on_duty", frozenset({"True"}))),
        ("{ on_duty = false }", Not(OneOf("on_duty", frozenset({"True"})))),
        ("{ new_energy_plate = false }", OneOf("new_energy_plate", frozenset({False}))),
        ('{ not = { kind = "truck" } }', Not(OneOf("kind", frozenset({"truck"})))),
        (
            '{ size = "light", body = "box" }',
            AllOf((OneOf("body", frozenset({"box"})), OneOf("size", frozenset({"light"})))),
        ),
        (
            '{ any_of = [{ use = "post" }, { cargo = "spoil" }] }',
            AnyOf((OneOf("cargo", frozenset({"spoil"})), OneOf("use", frozenset({"post"})))),
        ),
    ],
)
def test_conditions_as_they_are_read(text: str, expected: Condition) -> None:
    notice = parse_notice(vehicles(text), "n")
    assert notice.restrictions[0].product.condition == expected
    assert read_notice(notice_document(notice), "n") == notice


def test_a_tag_reaches_its_own_notice_unless_others_are_named() -> None:
    def lift(text: str) -> Lift:
        return (
            parse_notice(changed('lifts = [{ restriction = "r-1" }]', f"lifts = [{text}]"), "n").exemptions[0].lifts[0]
        )

    assert lift('{ tag = "peak" }') == Lift(tag="peak", notices=frozenset({"n-1"}))
    assert lift('{ tag = "peak", notices = ["n-2"] }') == Lift(tag="peak", notices=frozenset({"n-2"}))
    assert lift('{ notice = "n-2" }') == Lift(notice="n-2")
    assert lift('{ restriction = "n-2/r-9" }') == Lift(restriction="n-2/r-9")


def test_an_article_holds_within_the_dates_of_its_notice() -> None:
    phase = changed('zones = ["ring"]', 'zones = ["ring"]\nin_force = { from = 2026-06-01, last_day = 2027-06-30 }')
    assert parse_notice(phase, "n").restrictions[0].product.period == Period.of_dates(
        date(2026, 6, 1), date(2026, 12, 31)
    )


def test_midnight_within_a_window_whose_end_is_not_published() -> None:
    text = window('{ days = ["every_day"], from = "22:00", until = "06:00", certain_until = "00:00" }')
    notice = parse_notice(text, "n")
    assert notice.restrictions[0].product.windows == (
        Window(notice.restrictions[0].product.windows[0].days, 1320, 1800, 1440),  # type: ignore[index]
    )
    assert read_notice(notice_document(notice), "n") == notice


# Between documents


def test_what_is_wrong_between_documents() -> None:
    city = City(
        "town",
        Text("城", "Town"),
        "Asia/Shanghai",
        date(2020, 1, 1),
        date(2020, 1, 1),
        (PassKind("p", Text("证", "p")),),
    )
    text = changed("always = true", 'always = true\npasses = ["q"]').replace(
        'lifts = [{ restriction = "r-1" }]',
        'lifts = [{ restriction = "r-9" }, { notice = "n-9" }, { tag = "t", notices = ["n-8"] }]',
    )
    notice = parse_notice(text, "n")
    found = rulebook_faults(Rulebook(city, Calendar.unknown(), (notice, notice)), zones=frozenset({"core"}))
    assert {(notice, each.path, each.code, each.found) for notice, each in found} == {
        ("n-1", "id", "duplicate-id", "'n-1'"),
        ("n-1", "exemptions[0].lifts[0].restriction", "unknown-restriction", "n-1/r-9"),
        ("n-1", "exemptions[0].lifts[1].notice", "unknown-notice", "n-9"),
        ("n-1", "exemptions[0].lifts[2].notices", "unknown-notice", "n-8"),
        ("n-1", "exemptions[0].passes", "unknown-pass", "q"),
        ("n-1", "restrictions[0].zones", "unknown-zone", "ring"),
    }
    good = Rulebook(city, Calendar.unknown(), (parse_notice(GOOD, "n"),))
    assert rulebook_faults(good, zones=frozenset({"ring"})) == []
    assert rulebook_faults(good) == []


CITY = """\
schema = 1
id = "town"
name = { zh = "城", en = "Town" }
timezone = "Asia/Shanghai"
record_from = 2020-01-01
complete_from = 2021-01-01
[[pass_kinds]]
id = "p"
zh = "证"
en = "pass"
"""


@pytest.mark.parametrize(
    ("old", "new", "path", "code"),
    [
        ("schema = 1", "schema = 3", "schema", "unknown-schema"),
        ('timezone = "Asia/Shanghai"\n', "", "timezone", "missing-key"),
        ('"Asia/Shanghai"', '"Asia/Shanghai\\u0000"', "timezone", "strange-text"),
        ("complete_from = 2021-01-01", "complete_from = 2019-01-01", "complete_from", "wrong-order"),
        (
            "complete_from = 2021-01-01",
            "complete_from = 2021-01-01\nrecord_until = 2019-12-31",
            "record_until",
            "wrong-order",
        ),
        ("record_from = 2020-01-01\n", "", "record_from", "missing-key"),
        ("record_from = 2020-01-01", "record_from = 2020-01-01T00:00:00", "record_from", "wrong-date"),
        ('id = "p"', 'id = "P"', "pass_kinds[0].id", "invalid-id"),
        ('en = "pass"', 'en = "pass"\nfr = "x"', "pass_kinds[0].fr", "unknown-key"),
        ('en = "pass"', 'en = "pass"\n[[pass_kinds]]\nid = "p"\nzh = "b"\nen = "b"', "pass_kinds", "duplicate-id"),
    ],
)
def test_cities_that_are_none(old: str, new: str, path: str, code: str) -> None:
    parse_city(CITY, "city.toml")
    with pytest.raises(MalformedDocument) as refused:
        parse_city(CITY.replace(old, new), "city.toml")
    assert (path, code) in [(each.path, each.code) for each in refused.value.faults]
