"""The tables of a document, read key by key with every fault collected under the place where it stands, and written."""

import re
import unicodedata
from collections.abc import Callable, Collection, Mapping
from datetime import date, datetime, time, timedelta
from types import EllipsisType
from typing import TypeVar

from rules.codes import Text
from rules.errors import Fault, place_of
from rules.windows import DAY, Period

T = TypeVar("T")

ID = re.compile("[a-z0-9][a-z0-9-]{0,63}")
LONGEST_TEXT = 2_000
_CLOCK = re.compile("([01][0-9]|2[0-3]):([0-5][0-9])")


def shown(value: object) -> str:
    """What was found, as it would stand in TOML (texts as Python quotes them), short enough to print.

    >>> shown({"from": date(2026, 1, 1), "always": True}), shown("25h")
    ('{ from = 2026-01-01, always = true }', "'25h'")
    """
    try:
        text = _as_written(value)
    except (ValueError, RecursionError):
        # Python prints no number of more than 4300 digits, and nothing nested deeper than its own stack.
        return f"a {type(value).__name__} too large to show"
    return text if len(text) <= 60 else f"{text[:57]}..."


def _as_written(value: object) -> str:
    if isinstance(value, date | time):
        return value.isoformat()
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, Mapping) and value:
        members = (place_of("", str(key)) + " = " + _as_written(each) for key, each in value.items())
        return f"{{ {', '.join(members)} }}"
    if isinstance(value, list | tuple):
        return f"[{', '.join(_as_written(each) for each in value)}]"
    return repr(value)


class Table:
    """One table of a document. Each reading method takes a key, notes it as known, and returns None after a fault."""

    def __init__(self, content: object, path: str, faults: list[Fault]) -> None:
        self.path = path
        self.faults = faults
        self.known: set[str] = set()
        self.content: Mapping[str, object] = content if isinstance(content, Mapping) else {}
        if not isinstance(content, Mapping):
            self.fault("", "wrong-type", "a table", content)

    def place(self, key: str) -> str:
        return place_of(self.path, key) if key else self.path

    def fault(self, key: str, code: str, expected: str, found: object) -> None:
        self.faults.append(
            Fault(
                self.place(key),
                code,
                expected,
                found if isinstance(found, str) and code == "missing-key" else shown(found),
            )
        )

    def has(self, key: str) -> bool:
        return key in self.content

    def take(self, key: str, required: bool = False) -> object:
        """The raw value; `...` (Ellipsis) if the key is absent."""
        self.known.add(key)
        if key not in self.content:
            if required:
                self.fault(key, "missing-key", "this key", "nothing")
            return ...
        return self.content[key]

    def close(self) -> None:
        """Every key that nobody asked for is a fault: a typo must never silently widen or narrow a ban."""
        for key in self.content:
            if key not in self.known:
                self.fault(key, "unknown-key", f"one of {', '.join(sorted(self.known))}", key)

    def text(self, key: str, required: bool = False) -> str | None:
        value = self.take(key, required)
        if isinstance(value, EllipsisType):
            return None
        if not isinstance(value, str) or not value.strip() or len(value) > LONGEST_TEXT:
            self.fault(key, "wrong-type", f"text of 1 to {LONGEST_TEXT} characters", value)
            return None
        if any(unicodedata.category(sign) in ("Cc", "Cf", "Cs", "Co") for sign in value):
            self.fault(key, "strange-text", "text without control or invisible characters", value)
            return None
        return value

    def identifier(self, key: str, required: bool = True) -> str | None:
        value = self.text(key, required)
        if value is not None and not ID.fullmatch(value):
            self.fault(key, "invalid-id", "an id of small letters, digits and hyphens, at most 64", value)
            return None
        return value

    def choice(self, key: str, choices: Collection[str], default: str | None = None) -> str | None:
        value = self.take(key, required=default is None)
        if isinstance(value, EllipsisType):
            return default
        if not isinstance(value, str) or value not in choices:
            self.fault(key, "unknown-code", f"one of {', '.join(sorted(choices))}", value)
            return None
        return value

    def flag(self, key: str, default: bool = False) -> bool:
        value = self.take(key)
        if isinstance(value, EllipsisType):
            return default
        if not isinstance(value, bool):
            self.fault(key, "wrong-type", "true or false", value)
            return default
        return value

    def number(self, key: str, low: int, high: int) -> int | None:
        value = self.take(key)
        if isinstance(value, EllipsisType):
            return None
        if isinstance(value, bool) or not isinstance(value, int) or not low <= value <= high:
            self.fault(key, "wrong-number", f"a whole number from {low} to {high}", value)
            return None
        return value

    def both_languages(self, key: str, required: bool = True) -> Text | None:
        value = self.take(key, required)
        if isinstance(value, EllipsisType):
            return None
        return read_text(Table(value, self.place(key), self.faults))

    def list_of(self, key: str, read: Callable[[object, str], T | None], required: bool = False) -> tuple[T, ...]:
        """A list, each item read by `read(value, path)`; an empty list is a fault, since none or all might be meant."""
        value = self.take(key, required)
        if isinstance(value, EllipsisType):
            return ()
        if not isinstance(value, list | tuple) or not value:
            self.fault(key, "empty-list" if value == [] else "wrong-type", "a list of at least one item", value)
            return ()
        items = [read(each, f"{self.place(key)}[{number}]") for number, each in enumerate(value)]
        return tuple(item for item in items if item is not None)

    def texts(self, key: str, required: bool = False, one_is_enough: bool = False) -> tuple[str, ...]:
        """A list of different strings; with `one_is_enough` a single string stands for a list of one."""
        value = self.take(key, required)
        if isinstance(value, EllipsisType):
            return ()
        items = [value] if one_is_enough and isinstance(value, str) else value
        if not isinstance(items, list | tuple) or not items or not all(isinstance(item, str) for item in items):
            self.fault(key, "empty-list" if value == [] else "wrong-type", "a list of at least one text", value)
            return ()
        if len(set(items)) != len(items):
            self.fault(key, "duplicate", "each item once", value)
            return ()
        return tuple(str(item) for item in items)

    def day(self, key: str, required: bool = False) -> date | None:
        value = self.take(key, required)
        if isinstance(value, EllipsisType):
            return None
        if type(value) is not date or not 1900 <= value.year <= 2200:
            self.fault(key, "wrong-date", "a date such as 2026-11-24, from 1900 to 2200", value)
            return None
        return value

    def moment(self, key: str) -> int | None:
        """A local date or date-time as wall seconds. An offset is refused: local time is the city's, always."""
        value = self.take(key)
        if isinstance(value, EllipsisType):
            return None
        if type(value) is date:
            value = datetime(value.year, value.month, value.day)
        if (
            not isinstance(value, datetime)
            or value.tzinfo is not None
            or value.microsecond
            or not 1900 <= value.year <= 2200
        ):
            self.fault(key, "wrong-date", "a local date or date-time without offset, from 1900 to 2200", value)
            return None
        return value.toordinal() * DAY + value.hour * 3600 + value.minute * 60 + value.second

    def minute(self, key: str, end: bool = False, required: bool = True) -> int | None:
        """HH:MM as minutes; 24:00 only as an end."""
        value = self.take(key, required)
        if isinstance(value, EllipsisType):
            return None
        if end and value == "24:00":
            return 1_440
        match = _CLOCK.fullmatch(value) if isinstance(value, str) and value.isascii() else None
        if match is None:
            self.fault(key, "invalid-time", 'a time "HH:MM"' + (' or "24:00"' if end else ""), value)
            return None
        return int(match[1]) * 60 + int(match[2])


def read_text(table: Table) -> Text | None:
    zh, en = table.text("zh", required=True), table.text("en", required=True)
    table.close()
    return None if zh is None or en is None else Text(zh, en)


def read_period(table: Table, key: str, required: bool = False) -> Period | None:
    """`{ from, last_day }` or `{ from, until }`: `last_day` is the last day in force, `until` the first instant not."""
    value = table.take(key, required)
    if value is ...:
        return None
    inner = Table(value, table.place(key), table.faults)
    start, until, last_day = inner.moment("from"), inner.moment("until"), inner.day("last_day")
    inner.close()
    if until is not None and last_day is not None:
        inner.fault("until", "two-ends", "last_day or until, not both", "both")
    end = until if last_day is None else (last_day.toordinal() + 1) * DAY
    if start is not None and end is not None and end <= start:
        inner.fault("", "wrong-order", "an end after the beginning", value)
        return None
    return Period(start, end)


def period_document(period: Period) -> dict[str, object]:
    def moment(wall: int | None) -> datetime | None:
        return None if wall is None else datetime.fromordinal(wall // DAY) + timedelta(seconds=wall % DAY)

    return without_nulls({"from": moment(period.start), "until": moment(period.end)})


def text_document(text: Text) -> dict[str, str]:
    return {"zh": text.zh, "en": text.en}


def without_nulls(document: dict[str, object]) -> dict[str, object]:
    return {key: value for key, value in document.items() if value is not None}
