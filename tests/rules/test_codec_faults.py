"""What cannot become law is refused, with the place where it stands and what was expected there."""

import tomllib
from datetime import date

import pytest

from rules.codec import notice_document, parse_notice, read_notice
from rules.errors import MalformedDocument
from rules.model import Lift
from rules.windows import Period
from tests.support.documents import GOOD, WINDOW, changed, vehicles, window

HERE = "restrictions[0].windows[0]"


def faults(text: str) -> list[tuple[str, str]]:
    with pytest.raises(MalformedDocument) as refused:
        parse_notice(text, "n.toml")
    assert all(each.expected and each.found for each in refused.value.faults)
    assert str(refused.value).startswith("n.toml: ")
    return [(each.path, each.code) for each in refused.value.faults]


def test_the_good_notice_is_good() -> None:
    notice = parse_notice(GOOD, "n.toml")
    assert notice.restrictions[0].id == "n-1/r-1"
    assert notice.exemptions[0].lifts == (Lift(restriction="n-1/r-1"),)
    assert notice.period == Period.of_dates(date(2026, 1, 1), date(2026, 12, 31))
    assert (notice.title, notice.issuer, notice.number) == (None, None, None)


@pytest.mark.parametrize(
    "time",
    [
        "24:01",
        "25:00",
        "26:00",
        "07:60",
        "-1:00",
        "09:00:00",
        "9:00",
        "9:00 PM",
        "09:00pm",
        "上午9时",
        "\uff10\uff19\uff1a\uff10\uff10",
        "\u0660\u0669:\u0660\u0660",
        "09:00+08:00",
        "09:00Z",
        "0900",
        "09:00\\n",
        "09:\u200b00",
        "09:00\u200b",
        " 09:00",
        "09.00",
        "",
    ],
)
@pytest.mark.parametrize("key", ["from", "until"])
def test_times_that_are_none(key: str, time: str) -> None:
    other = {"from": 'until = "23:00"', "until": 'from = "01:00"'}[key]
    assert faults(window(f'{{ days = ["every_day"], {other}, {key} = "{time}" }}')) == [
        (f"{HERE}.{key}", "invalid-time")
    ]


@pytest.mark.parametrize("value", ["420", "07:00:00", "7.5", "true", '["07:00"]'])
def test_times_are_text(value: str) -> None:
    assert faults(window(f'{{ days = ["every_day"], from = {value}, until = "09:00" }}')) == [
        (f"{HERE}.from", "invalid-time")
    ]


def test_midnight_is_an_end_and_no_beginning() -> None:
    assert faults(window('{ days = ["every_day"], from = "24:00", until = "09:00" }')) == [
        (f"{HERE}.from", "invalid-time")
    ]
    for start, end, minutes in (
        ("00:00", "24:00", (0, 1440)),
        ("22:00", "00:00", (1320, 1440)),
        ("22:00", "24:00", (1320, 1440)),
        ("22:00", "06:00", (1320, 1800)),
    ):
        notice = parse_notice(window(f'{{ days = ["every_day"], from = "{start}", until = "{end}" }}'), "n")
        assert notice.restrictions[0].product.windows is not None
        read = notice.restrictions[0].product.windows[0]
        assert (read.start, read.end) == minutes


PEAK = 'from = "07:00", until = "09:00"'
DAILY = 'days = ["every_day"]'
REFUSED_WINDOWS = {
    "empty": (f'{{ {DAILY}, from = "07:00", until = "07:00" }}', "until", "empty-window"),
    "midnight to midnight": (f'{{ {DAILY}, from = "00:00", until = "00:00" }}', "until", "empty-window"),
    "no beginning": (f'{{ {DAILY}, until = "09:00" }}', "from", "missing-key"),
    "no end": (f'{{ {DAILY}, from = "07:00" }}', "until", "missing-key"),
    "no days": (f"{{ {PEAK} }}", "days", "missing-key"),
    "empty days": (f"{{ days = [], {PEAK} }}", "days", "empty-list"),
    "day twice": (f'{{ days = ["monday", "monday"], {PEAK} }}', "days", "duplicate"),
    "range of days": (f'{{ days = ["monday-friday"], {PEAK} }}', "days", "unknown-code"),
    "number of a day": (f"{{ days = [7], {PEAK} }}", "days", "wrong-type"),
    "day in capitals": (f'{{ days = ["Monday"], {PEAK} }}', "days", "unknown-code"),
    "short day": (f'{{ days = ["mon"], {PEAK} }}', "days", "unknown-code"),
    "true for a day": (f"{{ days = true, {PEAK} }}", "days", "wrong-type"),
    "exception unknown": (f'{{ {DAILY}, except_days = ["holiday"], {PEAK} }}', "except_days", "unknown-code"),
    "season of month 13": (
        f'{{ {DAILY}, season = {{ first = "13-01", last = "01-01" }}, {PEAK} }}',
        "season.first",
        "wrong-date",
    ),
    "season without end": (f'{{ {DAILY}, season = {{ first = "05-01" }}, {PEAK} }}', "season.last", "missing-key"),
    "30 February": (
        f'{{ {DAILY}, season = {{ first = "02-30", last = "03-01" }}, {PEAK} }}',
        "season.first",
        "wrong-date",
    ),
    "parity": (f'{{ {DAILY}, parity = "uneven", {PEAK} }}', "parity", "unknown-code"),
    "no parity": (f'{{ {DAILY}, parity = "", {PEAK} }}', "parity", "unknown-code"),
    "date as text": (f'{{ dates = ["2026-01-01"], {PEAK} }}', "dates[0]", "wrong-date"),
    "no dates": (f"{{ dates = [], {PEAK} }}", "dates", "empty-list"),
    "range backwards": (
        f"{{ range = {{ first = 2026-02-01, last = 2026-01-01 }}, {PEAK} }}",
        "range.last",
        "wrong-order",
    ),
    "range without end": (f"{{ range = {{ first = 2026-02-01 }}, {PEAK} }}", "range.last", "missing-key"),
    "certain until after the end": (f'{{ {DAILY}, {PEAK}, certain_until = "09:00" }}', "certain_until", "wrong-order"),
    "certain until before": (f'{{ {DAILY}, {PEAK}, certain_until = "06:00" }}', "certain_until", "wrong-order"),
    "certain until 24:00": (
        f'{{ {DAILY}, from = "22:00", until = "06:00", certain_until = "24:00" }}',
        "certain_until",
        "invalid-time",
    ),
    "unknown key": (f'{{ {DAILY}, from = "07:00", to = "09:00", until = "09:00" }}', "to", "unknown-key"),
    "not a table": ('"07:00-09:00"', "", "wrong-type"),
}


@pytest.mark.parametrize("name", REFUSED_WINDOWS)
def test_windows_that_are_none(name: str) -> None:
    text, key, code = REFUSED_WINDOWS[name]
    assert (f"{HERE}.{key}" if key else HERE, code) in faults(window(text))


REFUSED_CONDITIONS = {
    "empty": ("{}", "", "unsaid-selector"),
    "a word": ('"truck"', "", "wrong-type"),
    "empty list": ("{ kind = [] }", "kind", "empty-list"),
    "typo of a key": ('{ kinds = "truck" }', "kinds", "unknown-key"),
    "typo of a code": ('{ kind = "trukc" }', "kind", "unknown-code"),
    "code in capitals": ('{ kind = "TRUCK" }', "kind", "unknown-code"),
    "no-break space": ('{ kind = "truck\\u00a0" }', "kind", "unknown-code"),
    "word twice": ('{ kind = ["truck", "truck"] }', "kind", "duplicate"),
    "everyone false": ("{ everyone = false }", "everyone", "wrong-type"),
    "everyone and more": ('{ everyone = true, kind = "truck" }', "everyone", "unclear-condition"),
    "not of nothing": ("{ not = {} }", "not", "unsaid-selector"),
    "any of nothing": ("{ any_of = [] }", "any_of", "empty-list"),
    "any of an empty table": ("{ any_of = [{}] }", "any_of[0]", "unsaid-selector"),
    "mass is not a number": ("{ total_mass_kg = { at_least = nan } }", "total_mass_kg.at_least", "wrong-number"),
    "mass is infinite": ("{ total_mass_kg = { at_least = inf } }", "total_mass_kg.at_least", "wrong-number"),
    "mass is negative": ("{ total_mass_kg = { at_least = -1 } }", "total_mass_kg.at_least", "wrong-number"),
    "mass is a fraction": ("{ total_mass_kg = { at_least = 4500.0 } }", "total_mass_kg.at_least", "wrong-number"),
    "mass with its unit": ('{ total_mass_kg = { at_least = "4.5t" } }', "total_mass_kg.at_least", "wrong-number"),
    "mass beyond reason": ("{ total_mass_kg = { at_least = 1000001 } }", "total_mass_kg.at_least", "wrong-number"),
    "mass true": ("{ total_mass_kg = { at_least = true } }", "total_mass_kg.at_least", "wrong-number"),
    "mass without bounds": ("{ total_mass_kg = {} }", "total_mass_kg", "missing-key"),
    "mass alone": ("{ total_mass_kg = 4500 }", "total_mass_kg", "wrong-type"),
    "two lower bounds": ("{ length_mm = { at_least = 1, above = 2 } }", "length_mm", "two-bounds"),
    "two upper bounds": ("{ length_mm = { at_most = 1, below = 2 } }", "length_mm", "two-bounds"),
    "bounds that cross": ("{ length_mm = { above = 6000, below = 6001 } }", "length_mm", "empty-range"),
    "below the least": ("{ length_mm = { below = 1 } }", "length_mm", "empty-range"),
    "above the most": ("{ length_mm = { above = 100000 } }", "length_mm", "empty-range"),
    "stage below zero": ("{ emission_stage = { below = 0 } }", "emission_stage", "empty-range"),
    "unknown bound": ("{ length_mm = { max = 6000 } }", "length_mm.max", "unknown-key"),
    "stage seven": ("{ emission_stage = 7 }", "emission_stage", "wrong-type"),
    "stage as text": ('{ emission_stage = "国三" }', "emission_stage", "wrong-type"),
    "stages of none": ("{ emission_stage = [] }", "emission_stage", "wrong-type"),
    "tail digit ten": ("{ tail_digit = [1, 10] }", "tail_digit", "wrong-type"),
    "prefix": ('{ plate_prefix = "A" }', "plate_prefix", "invalid-prefix"),
    "prefix with a newline": ('{ plate_prefix = "辽A\\n" }', "plate_prefix", "invalid-prefix"),
    "flag as text": ('{ new_energy_plate = "yes" }', "new_energy_plate", "wrong-type"),
    "claim as number": ("{ on_duty = 1 }", "on_duty", "wrong-type"),
    "filing in capitals": ('{ filing = "Depot" }', "filing", "invalid-id"),
    "direction 360": ("{ heading_deg = { toward = 360 } }", "heading_deg.toward", "wrong-number"),
    "direction missing": ("{ heading_deg = {} }", "heading_deg.toward", "missing-key"),
    "size of a bus": ('{ size = "huge" }', "size", "unknown-code"),
    "homoglyph": ('{ kind = "trucк" }', "kind", "unknown-code"),
}


@pytest.mark.parametrize("name", REFUSED_CONDITIONS)
def test_conditions_that_are_none(name: str) -> None:
    text, key, code = REFUSED_CONDITIONS[name]
    place = "restrictions[0].vehicles"
    assert (f"{place}.{key}" if key else place, code) in faults(vehicles(text))


def test_the_nearest_code_is_named() -> None:
    with pytest.raises(MalformedDocument) as refused:
        parse_notice(vehicles('{ kind = "trukc" }'), "n.toml")
    assert "the nearest is truck" in refused.value.faults[0].expected


def test_the_nearest_day_word_is_named() -> None:
    with pytest.raises(MalformedDocument) as refused:
        parse_notice(window(f'{{ days = ["mondya"], {PEAK} }}'), "n.toml")
    assert refused.value.faults[0].expected.endswith("; the nearest is monday")


def more(text: str) -> str:
    """With more lines in the restriction."""
    return changed('zones = ["ring"]', 'zones = ["ring"]\n' + text)


def hours(text: str) -> str:
    return changed(f"windows = [{WINDOW}]", text)


def begins(text: str) -> str:
    return changed("from = 2026-01-01", f"from = {text}")


def ends(text: str) -> str:
    return changed("last_day = 2026-12-31", text)


def lifting(text: str) -> str:
    return changed('lifts = [{ restriction = "r-1" }]', f"lifts = {text}")


R, E = "restrictions[0]", "exemptions[0]"

REFUSED_NOTICES = {
    "schema missing": (changed("schema = 1\n", ""), "schema", "missing-key"),
    "schema of tomorrow": (changed("schema = 1", "schema = 2"), "schema", "unknown-schema"),
    "schema as text": (changed("schema = 1", 'schema = "1"'), "schema", "unknown-schema"),
    "schema true": (changed("schema = 1", "schema = true"), "schema", "unknown-schema"),
    "schema 1.0": (changed("schema = 1", "schema = 1.0"), "schema", "unknown-schema"),
    "id in capitals": (changed('"n-1"', '"N-1"'), "id", "invalid-id"),
    "id with a Cyrillic letter": (changed('"n-1"', '"а-1"'), "id", "invalid-id"),
    "id with an accent, decomposed": (changed('"n-1"', '"e\u0301"'), "id", "invalid-id"),
    "id with a newline": (changed('"n-1"', '"n-1\\n"'), "id", "strange-text"),
    "id too long": (changed('"n-1"', f'"{"n" * 65}"'), "id", "invalid-id"),
    "id missing": (changed('id = "n-1"\n', ""), "id", "missing-key"),
    "name in one language": (changed(', en = "Notice"', ""), "name.en", "missing-key"),
    "right-to-left override": (changed('"通告"', '"通\\u202e告"'), "name.zh", "strange-text"),
    "terminal escape": (changed('"通告"', '"\\u001b[31m"'), "name.zh", "strange-text"),
    "NUL": (changed('"通告"', '"\\u0000"'), "name.zh", "strange-text"),
    "zero width": (changed('"通告"', '"通\u200b告"'), "name.zh", "strange-text"),
    "very long text": (changed('"通告"', f'"{"长" * 2001}"'), "name.zh", "wrong-type"),
    "blank text": (changed('"通告"', '"  "'), "name.zh", "wrong-type"),
    "no dates": (changed("in_force = { from = 2026-01-01, last_day = 2026-12-31 }\n", ""), "in_force", "missing-key"),
    "date with offset": (begins("2026-01-01T00:00:00+08:00"), "in_force.from", "wrong-date"),
    "date as text": (begins('"2026-01-01"'), "in_force.from", "wrong-date"),
    "fraction of a second": (begins("2026-01-01T00:00:00.5"), "in_force.from", "wrong-date"),
    "year 9999": (ends("last_day = 9999-12-31"), "in_force.last_day", "wrong-date"),
    "year 1899": (begins("1899-12-31"), "in_force.from", "wrong-date"),
    "ends before it begins": (ends("last_day = 2025-12-31"), "in_force", "wrong-order"),
    "ends as it begins": (ends("until = 2026-01-01T00:00:00"), "in_force", "wrong-order"),
    "two ends": (ends("last_day = 2026-12-31, until = 2027-01-01"), "in_force.until", "two-ends"),
    "no source": (changed('[source]\ngrade = "P"\nverified_on = 2026-11-23\n', ""), "source", "missing-key"),
    "grade unknown": (changed('grade = "P"', 'grade = "B"'), "source.grade", "unknown-code"),
    "never verified": (changed("verified_on = 2026-11-23\n", ""), "source.verified_on", "missing-key"),
    "unknown key": (changed("schema = 1\n", "schema = 1\npriority = 3\n"), "priority", "unknown-key"),
    "typo of a selector": (
        changed('vehicles = { kind = "truck" }', 'vehicle = { kind = "truck" }'),
        f"{R}.vehicle",
        "unknown-key",
    ),
    "no vehicles": (changed('vehicles = { kind = "truck" }\n', ""), f"{R}.vehicles", "missing-key"),
    "no zones": (changed('zones = ["ring"]\n', ""), f"{R}.zones", "unsaid-selector"),
    "empty zones": (changed('zones = ["ring"]', "zones = []"), f"{R}.zones", "empty-list"),
    "zones and everywhere": (more("everywhere = true"), f"{R}.zones", "unsaid-selector"),
    "zone in capitals": (changed('zones = ["ring"]', 'zones = ["Ring"]'), f"{R}.zones", "invalid-id"),
    "no windows": (hours(""), f"{R}.windows", "unsaid-selector"),
    "empty windows": (hours("windows = []"), f"{R}.windows", "empty-list"),
    "windows and always": (hours(f"windows = [{WINDOW}]\nalways = true"), f"{R}.windows", "unsaid-selector"),
    "always false": (hours("always = false"), f"{R}.windows", "unsaid-selector"),
    "201 windows": (hours(f"windows = [{', '.join([WINDOW] * 201)}]"), f"{R}.windows", "too-many"),
    "what it forbids": (more('forbids = "parking"'), f"{R}.forbids", "unknown-code"),
    "text unseen": (changed('text = { zh = "禁行", en = "barred" }\n', ""), f"{R}.text", "missing-key"),
    "kind of text": (changed('text_kind = "paraphrase"', 'text_kind = "summary"'), f"{R}.text_kind", "unknown-code"),
    "phase outside the notice": (more("in_force = { from = 2062-01-01 }"), f"{R}.in_force", "wrong-order"),
    "lifts nothing": (lifting("[]"), f"{E}.lifts", "empty-list"),
    "lifts unsaid": (changed('lifts = [{ restriction = "r-1" }]\n', ""), f"{E}.lifts", "missing-key"),
    "lifts two things": (lifting('[{ restriction = "r-1", notice = "n-1" }]'), f"{E}.lifts[0]", "unclear-lift"),
    "an empty lift": (lifting("[{}]"), f"{E}.lifts[0]", "unclear-lift"),
    "notices without tag": (
        lifting('[{ notice = "n-1", notices = ["n-2"] }]'),
        f"{E}.lifts[0].notices",
        "unclear-lift",
    ),
    "a pass in capitals": (changed("always = true", 'always = true\npasses = ["Pass"]'), f"{E}.passes", "invalid-id"),
    "assumption nobody wrote": (
        changed("schema = 1\n", 'schema = 1\nassumptions = ["a-1"]\n'),
        "assumptions",
        "unknown-assumption",
    ),
    "the same id twice": (changed('id = "e-1"', 'id = "r-1"'), "articles", "duplicate-id"),
    "no article at all": (GOOD.split("[[restrictions]]")[0], "", "empty-notice"),
}


@pytest.mark.parametrize("name", REFUSED_NOTICES)
def test_notices_that_are_none(name: str) -> None:
    text, path, code = REFUSED_NOTICES[name]
    assert (path, code) in faults(text)


NOT_TOML = {
    "empty key": "= 1",
    "truncated": GOOD[: GOOD.index("until") + 8],
    "key twice": GOOD.replace("schema = 1", "schema = 1\nschema = 1"),
    "table twice": GOOD + "[source]\n",
    "30 February": changed("2026-01-01", "2026-02-30"),
    "29 February of no leap year": changed("2026-01-01", "2027-02-29"),
    "year 10000": changed("2026-01-01", "10000-01-01"),
    "leap second": changed("from = 2026-01-01,", "from = 2026-01-01T23:59:60,"),
    "leading zero": vehicles("{ total_mass_kg = { at_least = 04500 } }"),
    "a NUL byte": GOOD + "\0",
    "a control character in a text": changed('"通告"', '"\x1b"'),
    "a scalar": '"notice"',
    "JSON": '{"schema": 1}',
    "YAML": "schema: 1\n",
    "deep nesting": "x = " + "[" * 5000 + "]" * 5000,
    "a number of 5000 digits": "schema = " + "1" * 5000,
    "too large": "#" * 2_000_001,
    "byte order mark within": "schema = 1\n\ufeffid = 1",
}


@pytest.mark.parametrize("name", NOT_TOML)
def test_what_is_not_toml(name: str) -> None:
    assert faults(NOT_TOML[name]) == [("", "too-large" if name == "too large" else "toml-syntax")]


@pytest.mark.parametrize("text", ["", "# only a comment\n"])
def test_an_empty_document_wants_everything(text: str) -> None:
    assert faults(text) == [(key, "missing-key") for key in ("schema", "id", "name", "in_force", "source")]


def tables_deep(levels: int) -> object:
    value: object = 1
    for _ in range(levels):
        value = {"a": value}
    return value


@pytest.mark.parametrize("value", [int("f" * 5000, 16), tables_deep(5000)], ids=["4000 digits", "5000 tables deep"])
def test_what_is_found_is_shown_short_whatever_it_is(value: object) -> None:
    with pytest.raises(MalformedDocument) as refused:
        read_notice({**tomllib.loads(GOOD), "schema": value}, "n")
    assert refused.value.faults[0].path == "schema" and len(refused.value.faults[0].found) <= 60


def test_all_faults_are_found_at_once() -> None:
    text = window('{ days = [], from = "7:00", until = "25:00", extra = 1 }').replace('grade = "P"', 'grade = "X"')
    assert {path for path, _ in faults(text)} == {
        "source.grade", f"{HERE}.days", f"{HERE}.from", f"{HERE}.until", f"{HERE}.extra",
    }  # fmt: skip


def nested(levels: int) -> str:
    return '{ kind = "truck", not = ' * levels + '{ kind = "truck" }' + " }" * levels


def test_conditions_nest_to_a_depth_and_what_is_read_can_be_read_again() -> None:
    deepest = max(level for level in range(1, 12) if not _refused(vehicles(nested(level))))
    assert deepest >= 6
    notice = parse_notice(vehicles(nested(deepest)), "n")
    assert read_notice(notice_document(notice), "n") == notice
    assert {code for _, code in faults(vehicles(nested(deepest + 1)))} == {"too-deep"}
    assert {code for _, code in faults(vehicles(nested(100)))} == {"too-deep"}


def _refused(text: str) -> bool:
    try:
        parse_notice(text, "n")
    except MalformedDocument:
        return True
    return False
