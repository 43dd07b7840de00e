"""The JSON Schema of documents and the codec say the same: what one takes the other takes, key by key."""

import copy
import json
import re
import tomllib
from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path
from typing import Any

import jsonschema_rs
import pytest
from hypothesis import given

from rules.codec import notice_document, parse_city, parse_notice, read_city, read_notice
from rules.errors import MalformedDocument
from rules.schema import city_schema, notice_schema
from tests.support.documents import GOOD, changed, vehicles, window
from tests.support.strategies import documented_notices

ROOT = Path(__file__).resolve().parents[2]
FILES = sorted((ROOT / "rules" / "cities").glob("*/*.toml"))
CITY = jsonschema_rs.validator_for(city_schema())
NOTICE = jsonschema_rs.validator_for(notice_schema())


def as_json(document: object) -> Any:
    """A document as an editor shows it to a schema: dates and times as text."""

    def text(value: object) -> str:
        assert isinstance(value, date | datetime)
        return value.isoformat()

    return json.loads(json.dumps(document, default=text))


def faults(validator: Any, document: object) -> list[str]:
    return [str(error.message) for error in validator.iter_errors(as_json(document))]


@pytest.mark.parametrize("file", FILES, ids=lambda file: f"{file.parent.name}/{file.name}")
def test_every_shipped_file_is_valid(file: Path) -> None:
    document = tomllib.loads(file.read_text(encoding="utf-8"))
    assert faults(CITY if file.name == "city.toml" else NOTICE, document) == []


@given(notice=documented_notices())
def test_every_notice_that_can_be_written_is_valid(notice) -> None:
    assert faults(NOTICE, notice_document(notice)) == []


REFUSED = {
    "misspelt key": changed("text_kind", "textkind"),
    "no name": changed('name = { zh = "通告", en = "Notice" }\n', ""),
    "newer format": changed("schema = 1", "schema = 2"),
    "id in capitals": changed('id = "n-1"', 'id = "N-1"'),
    "grade of no list": changed('grade = "P"', 'grade = "Z"'),
    "two ends": changed("last_day = 2026-12-31", "last_day = 2026-12-31, until = 2027-01-01"),
    "neither zones nor everywhere": changed('zones = ["ring"]\n', ""),
    "zones and everywhere": changed('zones = ["ring"]', 'zones = ["ring"]\neverywhere = true'),
    "no zone": changed('zones = ["ring"]', "zones = []"),
    "neither windows nor always": changed("always = true\n", ""),
    "hour of one digit": window('{ days = ["every_day"], from = "7:00", until = "09:00" }'),
    "hour 25": window('{ days = ["every_day"], from = "07:00", until = "25:00" }'),
    "24:00 as a beginning": window('{ days = ["every_day"], from = "24:00", until = "09:00" }'),
    "day of no list": window('{ days = ["workdays"], from = "07:00", until = "09:00" }'),
    "no day": window('{ days = [], from = "07:00", until = "09:00" }'),
    "days not said": window('{ from = "07:00", until = "09:00" }'),
    "no condition": vehicles("{}"),
    "everyone and more": vehicles('{ everyone = true, kind = "truck" }'),
    "kind of no list": vehicles('{ kind = "lorry" }'),
    "bound without number": vehicles("{ length_mm = 6000 }"),
    "two lower bounds": vehicles("{ length_mm = { at_least = 1, above = 2 } }"),
    "digit 10": vehicles("{ tail_digit = 10 }"),
    "prefix without letter": vehicles('{ plate_prefix = "辽" }'),
    "a misspelt key deep inside": vehicles('{ not = { any_of = [{ sise = "micro" }] } }'),
    "lifts nothing": changed('lifts = [{ restriction = "r-1" }]', "lifts = []"),
    "lifts two ways at once": changed('{ restriction = "r-1" }', '{ restriction = "r-1", tag = "t" }'),
    "notices without a tag": changed('{ restriction = "r-1" }', '{ restriction = "r-1", notices = ["n-1"] }'),
}


@pytest.mark.parametrize("text", REFUSED.values(), ids=REFUSED.keys())
def test_what_the_codec_refuses_an_editor_shows(text: str) -> None:
    with pytest.raises(MalformedDocument):
        parse_notice(text, "n-1.toml")
    assert faults(NOTICE, tomllib.loads(text)) != []


def test_the_good_document_is_good_for_both() -> None:
    parse_notice(GOOD, "n-1.toml")
    assert faults(NOTICE, tomllib.loads(GOOD)) == []


def _tables(
    schema: dict[str, Any], root: dict[str, Any], document: Any
) -> Iterator[tuple[dict[str, Any], dict[str, Any]]]:
    """Every table of a document with the schema that describes it, references followed."""
    while "$ref" in schema or (list(schema.get("allOf", [])) and "$ref" in schema["allOf"][0]):
        reference = schema.get("$ref") or schema["allOf"][0]["$ref"]
        schema = root["definitions"][reference.removeprefix("#/definitions/")]
    if isinstance(document, dict):
        ours = next((each for each in schema.get("anyOf", []) if each.get("type") == "object"), schema)
        if "properties" in ours:
            yield document, ours
            for key, value in document.items():
                yield from _tables(ours["properties"][key], root, value)
    elif isinstance(document, list) and "items" in schema:
        for item in document:
            yield from _tables(schema["items"], root, item)


_MORE = """
conditions = [{ zh = "按线路", en = "on the route" }]

[[assumption]]
id = "a"
zh = "推定"
en = "assumed"
"""
_SEASON = 'season = { first = "05-01", last = "09-30" }, range = { first = 2026-05-01, last = 2026-06-01 }'
_DEEP = "{ not = { any_of = [{ length_mm = { below = 6000 } }, { heading_deg = { toward = 90 } }] } }"


def _whole_notice() -> dict[str, Any]:
    """A notice with a table of every sort."""
    text = changed("last_day = 2026-12-31", "until = 2026-12-31T12:00:00")
    text = text.replace('{ kind = "truck" }', _DEEP).replace('until = "09:00" }', f'until = "09:00", {_SEASON} }}')
    return tomllib.loads(text + _MORE)


def test_a_table_has_the_same_keys_for_both() -> None:
    """An unknown key is put into every table in turn: the codec then lists the keys that it knows there."""
    whole = _whole_notice()
    read_notice(whole, "n-1.toml")
    count = len(list(_tables(notice_schema(), notice_schema(), whole)))
    seen = set()
    for number in range(count):
        spoilt = copy.deepcopy(whole)
        table, schema = list(_tables(notice_schema(), notice_schema(), spoilt))[number]
        table["nonsense"] = 1
        with pytest.raises(MalformedDocument) as malformed:
            read_notice(spoilt, "n-1.toml")
        [fault] = [each for each in malformed.value.faults if each.code == "unknown-key"]
        known = re.sub("^one of ", "", fault.expected).split(", ")
        assert known == sorted(schema["properties"]), fault.path
        seen.add(tuple(known))
    assert len(seen) >= 13


def test_a_city_has_the_same_keys_for_both() -> None:
    city = tomllib.loads((ROOT / "rules" / "cities" / "dalian" / "city.toml").read_text(encoding="utf-8"))
    parse_city((ROOT / "rules" / "cities" / "dalian" / "city.toml").read_text(encoding="utf-8"), "city.toml")
    with pytest.raises(MalformedDocument) as malformed:
        read_city({**city, "nonsense": 1}, "city.toml")
    [fault] = malformed.value.faults
    assert fault.expected.removeprefix("one of ").split(", ") == sorted(city_schema()["properties"])


@pytest.mark.parametrize("file", [file for file in FILES if file.parent.name == "shenzhen"], ids=lambda file: file.name)
def test_what_one_can_do_without_so_can_the_other(file: Path) -> None:
    """Each key is left out in turn, of the document and of its first article."""
    document = tomllib.loads(file.read_text(encoding="utf-8"))
    validator, read = (CITY, read_city) if file.name == "city.toml" else (NOTICE, read_notice)
    for spoilt in _without_one_key(document):
        try:
            read(spoilt, file.name)
            missed = False
        except MalformedDocument as malformed:
            missed = any(fault.code in ("missing-key", "unsaid-selector", "empty-notice") for fault in malformed.faults)
        assert missed == bool(faults(validator, spoilt)), spoilt.keys()


def _without_one_key(document: dict[str, Any]) -> Iterator[dict[str, Any]]:
    for key in document:
        yield {name: value for name, value in document.items() if name != key}
    for articles in ("restrictions", "exemptions"):
        for key in document.get(articles, [{}])[0]:
            spoilt = copy.deepcopy(document)
            del spoilt[articles][0][key]
            yield spoilt


def test_both_are_schemas_of_their_draft() -> None:
    for schema in (city_schema(), notice_schema()):
        jsonschema_rs.meta.validate(schema)
        assert schema["$schema"] == "http://json-schema.org/draft-07/schema#"
