"""TOML documents: cities, notices, calendars and scenarios. The first line of an input says which (`# notice`)."""

import json
import random
import tempfile
import tomllib
from collections.abc import Callable, Iterator, Mapping
from datetime import date, datetime, time
from pathlib import Path
from typing import Any

import rules
from rules.calendar import calendar_document, calendar_from_document, parse_calendar
from rules.codec import city_document, digest, notice_document, parse_city, parse_notice
from rules.codes import CODE_LISTS
from rules.errors import MalformedDocument
from rules.schema import city_schema, notice_schema
from rules.windows import DAY_WORDS
from service.scenarios import MalformedScenarios, read_scenarios
from tests.fuzz.target import MARK, ODD, Pool, Target, changed, places
from tests.support.toml import toml_file

_SHIPPED = Path(rules.__path__[0])
_SCENARIOS = Path(__file__).resolve().parents[1] / "scenarios"
_FOLDER = tempfile.TemporaryDirectory(prefix="tongxing-fuzz-")


def _check_law(text: str, parse: Callable[[str, str], Any], document: Callable[[Any], Any]) -> bool:
    """R11: what was read is written and read again as the same, and no order of keys changes its digest."""
    try:
        value = parse(text, "fuzz")
    except MalformedDocument as error:
        assert error.faults
        return False
    plain = document(value)
    assert parse(toml_file(plain), "again") == value
    assert parse(toml_file(_backwards(plain)), "backwards") == value
    again = parse(toml_file(_backwards(tomllib.loads(text.removeprefix("\ufeff")))), "as it was, backwards")
    assert digest(document(again)) == digest(plain)
    return True


def _check_calendar(text: str) -> bool:
    try:
        calendar = parse_calendar(text, "fuzz")
    except MalformedDocument as error:
        assert error.faults
        return False
    plain = calendar_document(calendar)
    again = calendar_from_document(json.loads(json.dumps(plain)))
    assert again == calendar and calendar_document(again) == plain
    return True


def _check_scenarios(text: str) -> bool:
    file = Path(_FOLDER.name) / "cases.toml"
    file.write_text(text, encoding="utf-8")
    try:
        cases = read_scenarios(file)
    except MalformedScenarios as error:
        assert error.faults
        return False
    assert cases
    return True


_CHECKS: Mapping[str, Callable[[str], bool]] = {
    "# city": lambda text: _check_law(text, parse_city, city_document),
    "# notice": lambda text: _check_law(text, parse_notice, notice_document),
    "# calendar": _check_calendar,
    "# scenarios": _check_scenarios,
}


def check(data: bytes) -> bool:
    text = data.decode("utf-8", "replace")
    first = text.partition("\n")[0]
    chosen = _CHECKS.get(first)
    return any([each(text) for each in ((chosen,) if chosen else _CHECKS.values())])


def _backwards(value: Any) -> Any:
    """The same data with the keys of every table in the opposite order."""
    if isinstance(value, dict):
        return {key: _backwards(value[key]) for key in reversed(value)}
    return [_backwards(each) for each in value] if isinstance(value, list) else value


def _seeds() -> Iterator[tuple[str, dict[str, Any]]]:
    """The shipped documents, cut into small ones of an article, a year or a case each."""
    for file in sorted(_SHIPPED.glob("cities/*/*.toml")):
        content = tomllib.loads(file.read_text(encoding="utf-8"))
        if file.name == "city.toml":
            yield "# city", content
            continue
        for kind in ("restrictions", "exemptions"):
            frame = {key: value for key, value in content.items() if key not in ("restrictions", "exemptions")}
            yield from (("# notice", {**frame, kind: [article]}) for article in content.get(kind, []))
    calendar = tomllib.loads((_SHIPPED / "calendars" / "cn.toml").read_text(encoding="utf-8"))
    for year, table in calendar["years"].items():
        first, last = date(int(year), 1, 1), date(int(year), 12, 31)
        yield "# calendar", {**calendar, "covered_from": first, "covered_until": last, "years": {year: table}}
    for file in sorted(_SCENARIOS.glob("*.toml")):
        cases = tomllib.loads(file.read_text(encoding="utf-8"))["case"]
        yield from (("# scenarios", {"case": [case]}) for case in cases[::4])


def _written(kind: str, document: dict[str, Any]) -> bytes:
    return f"{kind}\n{toml_file(document)}".encode("utf-8", "replace")


_SEEDS = tuple(_seeds())
_KEYS = tuple(
    dict.fromkeys(
        key
        for tree in (*(document for _, document in _SEEDS), city_schema(), notice_schema())
        for _, key in places([tree])
        if isinstance(key, str) and len(key) < 30
    )
)
_VALUES = (
    *(*ODD, *DAY_WORDS, *(code for code_list in CODE_LISTS.values() for code in code_list.names)),
    *(date(1900, 1, 1), date(2200, 12, 31), date(2201, 1, 1), date(9999, 12, 31), date(2024, 2, 29), date(1, 1, 1)),
    *(datetime(2026, 1, 1, 0, 0, 1), datetime.fromisoformat("2026-01-01T00:00:00.5+23:59"), time(7, 30)),
    *(datetime.fromisoformat("1900-01-01T00:00:00-23:59"), datetime.fromisoformat("2200-12-31T23:59:59+08:00")),
    *("07:00", "23:59", "02-29", "12-31", "02-30", "odd", "everyone", "r-1", "n/r-1", "sy-second-ring", 24, 359, 360),
    *({"everyone": True}, {"not": {"kind": "truck"}}, {"any_of": [{"size": "light"}, {"cargo": ["medicine"]}]}),
    *({"all_of": [{"kind": ["truck", "passenger_car"]}, {"not": {"on_duty": True}}]}, {"length_mm": {"at_most": 6000}}),
    *(
        {"emission_stage": {"below": 5}},
        {"tail_digit": [1, 6]},
        {"heading_deg": {"toward": 90}},
        {"plate_prefix": ["辽A"]},
    ),
    *(
        {"days": ["workday"], "from": "22:00", "until": "06:00", "certain_until": "05:00"},
        {"first": "11-01", "last": "03-31"},
    ),
    10**400,
)
_POOL = Pool((*_KEYS, MARK, "a b"), _VALUES, [document for _, document in _SEEDS])


def mutation(data: bytes, rng: random.Random) -> bytes | None:
    text = data.decode("utf-8", "replace")
    kind = text.partition("\n")[0]
    try:
        grown = changed(tomllib.loads(text), rng, _POOL)
        if kind not in _CHECKS or not isinstance(grown, dict):
            kind, grown = rng.choice(_SEEDS)
        return _written(kind, grown)
    except (ValueError, RecursionError):
        return None


# What no tree can hold: numbers and nesting beyond what Python reads.
_RAW = tuple(
    f"{kind}\n{text}".encode()
    for kind in _CHECKS
    for text in (f"schema = {'9' * 5_000}", f"case = {'[' * 3_000}", f"{'a.' * 3_000}a = 1", "\ufeffschema = 1", "\0")
)

TARGET = Target(
    check, (*(_written(*seed) for seed in _SEEDS), *_RAW), mutation, (*_KEYS, "[[", "]]", '"""', "= {"), 16_384
)
