"""The working calendar: of what kind a day is, and how much of that is known.

Whether a Saturday is worked in China is decided once a year by a notice of the General Office of the State Council
(国务院办公厅关于某年部分节假日安排的通知). A calendar is therefore versioned data with a first and a last covered day;
outside these the kind of a day is unknown, and every kind that the day of the week permits stays possible.

The five kinds are disjoint. `statutory_holiday` is a date of 全国年节及纪念日放假办法, article 2 (国务院令第644号, from
2025-01-01 国务院令第795号), also when it falls on a weekend. A weekday off that is none of these dates is a
`day_off_in_lieu`, whatever gave it: 补假 (article 6), 调休, or an extension of a holiday. A weekend day that is not
worked is a `rest_day`, also inside a holiday period.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from types import MappingProxyType

from rules.errors import Fault, MalformedDocument, place_of, printable
from rules.toml_text import read_toml


class DayKind(StrEnum):
    """The kinds of day, disjoint and complete."""

    ORDINARY_WORKDAY = "ordinary_workday"
    REST_DAY = "rest_day"
    STATUTORY_HOLIDAY = "statutory_holiday"
    DAY_OFF_IN_LIEU = "day_off_in_lieu"
    MAKEUP_WORKDAY = "makeup_workday"


WORKDAY = frozenset({DayKind.ORDINARY_WORKDAY, DayKind.MAKEUP_WORKDAY})
"""法定工作日: the days that are worked."""

DAY_OFF = frozenset({DayKind.REST_DAY, DayKind.STATUTORY_HOLIDAY, DayKind.DAY_OFF_IN_LIEU})
"""The days that are not worked."""

WEEKDAY_KINDS = frozenset({DayKind.ORDINARY_WORKDAY, DayKind.STATUTORY_HOLIDAY, DayKind.DAY_OFF_IN_LIEU})
"""The kinds that a Monday to Friday can be."""

WEEKEND_KINDS = frozenset({DayKind.REST_DAY, DayKind.STATUTORY_HOLIDAY, DayKind.MAKEUP_WORKDAY})
"""The kinds that a Saturday or Sunday can be."""

_ONLY = {kind: frozenset({kind}) for kind in DayKind}
_SATURDAY = 5
_DAY_NAMES = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_LISTS = {
    "statutory_holidays": DayKind.STATUTORY_HOLIDAY,
    "days_off_in_lieu": DayKind.DAY_OFF_IN_LIEU,
    "makeup_workdays": DayKind.MAKEUP_WORKDAY,
}
_YEAR = re.compile(r"[0-9]{4}")
_ISO_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


def _possible(day: date) -> frozenset[DayKind]:
    return WEEKEND_KINDS if day.weekday() >= _SATURDAY else WEEKDAY_KINDS


def _usual(day: date) -> DayKind:
    return DayKind.REST_DAY if day.weekday() >= _SATURDAY else DayKind.ORDINARY_WORKDAY


@dataclass(frozen=True, slots=True)
class CalendarSource:
    """A notice that a year of the calendar rests on; `url` is None where no published copy is cited."""

    number: str
    title: str
    url: str | None = None


@dataclass(frozen=True, slots=True)
class Calendar:
    """Day kinds from `covered_from` to `covered_until`, both inclusive.

    `exceptions` holds the days whose kind does not follow from the day of the week. `sources` has, per year, the
    notices it rests on. A calendar whose `covered_until` lies before `covered_from` covers nothing.

    Raises ValueError for a kind that the day of the week excludes, and for an exception that is none.
    """

    version: str
    covered_from: date
    covered_until: date
    exceptions: Mapping[date, DayKind] = field(hash=False)
    sources: Mapping[int, tuple[CalendarSource, ...]] = field(hash=False)

    def __post_init__(self) -> None:
        for day, kind in self.exceptions.items():
            if kind not in _possible(day):
                raise ValueError(f"{_named(day)} cannot be of kind {kind}")
            if kind is _usual(day) and self.covered_from <= day <= self.covered_until:
                raise ValueError(f"{_named(day)} is no exception: {kind} follows from the day of the week")
        # A copy of our own, so that nobody can alter the calendar underneath its readers.
        object.__setattr__(self, "exceptions", MappingProxyType(dict(self.exceptions)))
        object.__setattr__(self, "sources", MappingProxyType(dict(self.sources)))

    @classmethod
    def unknown(cls) -> "Calendar":
        """The calendar that covers nothing: every day is of every kind that its day of the week permits."""
        return cls(version="unknown", covered_from=date.max, covered_until=date.min, exceptions={}, sources={})

    def covers(self, day: date) -> bool:
        """Whether the kind of `day` is known."""
        return self.covered_from <= day <= self.covered_until or day in self.exceptions

    def kinds(self, day: date) -> frozenset[DayKind]:
        """The kinds that `day` may be of: exactly one where the calendar covers it, else three; never guessed.

        `day` is a date. A datetime is refused with TypeError: it would never be found among the exceptions.
        """
        covered = self.covered_from <= day <= self.covered_until
        kind = self.exceptions.get(day)
        if kind is not None:
            return _ONLY[kind]
        return _ONLY[_usual(day)] if covered else _possible(day)

    def with_kind(self, day: date, kind: DayKind) -> "Calendar":
        """A copy for which `day` is of `kind`, whatever this calendar says of that one day.

        Raises ValueError for a kind that the day of the week excludes.
        """
        if kind not in _possible(day):
            raise ValueError(f"{_named(day)} cannot be of kind {kind}")
        exceptions = dict(self.exceptions)
        if kind is _usual(day) and self.covered_from <= day <= self.covered_until:
            exceptions.pop(day, None)
        else:
            exceptions[day] = kind
        # INVARIANT (exceptions checked): one checked day was changed, so the copy skips __post_init__, which would
        # look at every day again; a question near the end of the calendar makes many such copies.
        changed = object.__new__(Calendar)
        object.__setattr__(changed, "version", self.version)
        object.__setattr__(changed, "covered_from", self.covered_from)
        object.__setattr__(changed, "covered_until", self.covered_until)
        object.__setattr__(changed, "exceptions", MappingProxyType(exceptions))
        object.__setattr__(changed, "sources", self.sources)
        return changed


def parse_calendar(text: str, source: str) -> Calendar:
    """The calendar of a TOML text; `source` names the text in errors.

    The text has `version`, `covered_from`, `covered_until` and a table `years.<year>` for every covered year, each
    with the date lists `statutory_holidays`, `days_off_in_lieu` and `makeup_workdays` (empty if there are none) and,
    where known, `notices` (`number`, `title`, optional `url`). A date stands in the table of its own year, also when
    the notice of the next year moved it.

    Raises MalformedDocument with every fault.
    """
    document = read_toml(text, source)
    reader = _Reader()
    reader.keys(document, "", required=("version", "covered_from", "covered_until", "years"))
    version = reader.text(document, "version", "version")
    covered_from = reader.toml_date(document, "covered_from", "covered_from")
    covered_until = reader.toml_date(document, "covered_until", "covered_until")
    years = reader.table(document, "years", "years")
    coverage = reader.coverage(covered_from, covered_until)
    if coverage is not None:
        reader.all_years(years, *coverage)
    exceptions: dict[date, DayKind] = {}
    sources: dict[int, tuple[CalendarSource, ...]] = {}
    for key in years:
        path = f"years.{key}"
        year = reader.year(key, path)
        table = reader.table(years, key, path)
        reader.keys(table, path, required=tuple(_LISTS), optional=("notices",))
        first_place: dict[date, tuple[str, DayKind]] = {}
        for name, kind in _LISTS.items():
            for index, entry in enumerate(reader.items(table, name, f"{path}.{name}")):
                place = f"{path}.{name}[{index}]"
                day = reader.day_of(entry, place, kind, year, coverage)
                if day is not None and reader.first(day, place, kind, first_place):
                    exceptions[day] = kind
        notices = reader.sources(table.get("notices", []), f"{path}.notices")
        if year is not None and notices:
            sources[year] = notices
    reader.finish(source)
    assert version is not None and coverage is not None
    return Calendar(version, *coverage, exceptions, sources)


def calendar_document(calendar: Calendar) -> dict[str, object]:
    """The calendar as plain data, the same for equal calendars: what a digest is taken of.

    The two coverage dates are None for a calendar that covers nothing.
    """
    covered = calendar.covered_from <= calendar.covered_until
    return {
        "covered_from": calendar.covered_from.isoformat() if covered else None,
        "covered_until": calendar.covered_until.isoformat() if covered else None,
        "days": {day.isoformat(): str(kind) for day, kind in sorted(calendar.exceptions.items())},
        "sources": {
            f"{year:04d}": [{"number": item.number, "title": item.title, "url": item.url} for item in items]
            for year, items in sorted(calendar.sources.items())
        },
        "version": calendar.version,
    }


def calendar_from_document(document: Mapping[str, object], source: str = "calendar") -> Calendar:
    """The calendar of which `calendar_document` made `document`.

    Raises MalformedDocument with every fault; `source` names the document in it.
    """
    reader = _Reader()
    reader.keys(document, "", required=("covered_from", "covered_until", "days", "sources", "version"))
    version = reader.text(document, "version", "version")
    if "covered_from" in document and document["covered_from"] is None and document.get("covered_until", "") is None:
        coverage: tuple[date, date] | None = (date.max, date.min)
    else:
        covered_from = reader.iso_date(document, "covered_from", "covered_from")
        covered_until = reader.iso_date(document, "covered_until", "covered_until")
        coverage = reader.coverage(covered_from, covered_until)
    exceptions: dict[date, DayKind] = {}
    days = reader.table(document, "days", "days")
    for key in days:
        path = f"days.{key}"
        day = reader.iso(key, path)
        kind = reader.kind(days[key], path)
        if day is None or kind is None or not reader.fits(day, path, kind):
            continue
        if kind is _usual(day) and coverage is not None and coverage[0] <= day <= coverage[1]:
            reader.fault(path, "no-exception", "only days whose kind does not follow from the day of the week", kind)
            continue
        exceptions[day] = kind
    sources: dict[int, tuple[CalendarSource, ...]] = {}
    tables = reader.table(document, "sources", "sources")
    for key in tables:
        year = reader.year(key, f"sources.{key}")
        notices = reader.sources(tables[key], f"sources.{key}")
        if year is not None:
            sources[year] = notices
    reader.finish(source)
    assert version is not None and coverage is not None
    return Calendar(version, *coverage, exceptions, sources)


def _named(day: date) -> str:
    return f"{day.isoformat()} ({_DAY_NAMES[day.weekday()]})"


def _shown(value: object) -> str:
    shown = value.isoformat() if isinstance(value, date) else repr(value)
    return shown if len(shown) <= 80 else shown[:77] + "..."


class _Reader:
    """Reads one document and collects its faults; what is at fault is read as None or as empty."""

    def __init__(self) -> None:
        self._faults: list[Fault] = []

    def fault(self, path: str, code: str, expected: str, found: str) -> None:
        self._faults.append(Fault(path, code, expected, found))

    def finish(self, source: str) -> None:
        if self._faults:
            raise MalformedDocument(source, self._faults)

    def keys(
        self, table: Mapping[str, object], path: str, required: tuple[str, ...], optional: tuple[str, ...] = ()
    ) -> None:
        prefix = f"{path}." if path else ""
        for key in required:
            if key not in table:
                self.fault(f"{prefix}{key}", "missing-key", f"the key {key}", "nothing")
        known = (*required, *optional)
        for key in table:
            if key not in known:
                self.fault(place_of(path, key), "unknown-key", "one of " + ", ".join(known), printable(key, 80))

    def text(self, table: Mapping[str, object], key: str, path: str) -> str | None:
        value = table.get(key)
        if isinstance(value, str) and value.strip():
            return value
        if key in table:
            self.fault(path, "wrong-type", "a text that is not empty", _shown(value))
        return None

    def table(self, table: Mapping[str, object], key: str, path: str) -> Mapping[str, object]:
        value = table.get(key)
        if isinstance(value, Mapping):
            return value
        if key in table:
            self.fault(path, "wrong-type", "a table", _shown(value))
        return {}

    def items(self, table: Mapping[str, object], key: str, path: str) -> Iterable[object]:
        value = table.get(key)
        if isinstance(value, list):
            return value
        if key in table:
            self.fault(path, "wrong-type", "a list of dates", _shown(value))
        return ()

    def toml_date(self, table: Mapping[str, object], key: str, path: str) -> date | None:
        value = table.get(key)
        if type(value) is date:
            return value
        if key in table:
            self.fault(path, "wrong-type", "a date such as 2026-01-01, without quotes or time", _shown(value))
        return None

    def iso_date(self, table: Mapping[str, object], key: str, path: str) -> date | None:
        return self.iso(table[key], path) if key in table else None

    def iso(self, value: object, path: str) -> date | None:
        if isinstance(value, str) and _ISO_DATE.fullmatch(value):
            try:
                return date.fromisoformat(value)
            except ValueError:
                pass  # 2026-02-30 has the shape of a date and is none
        self.fault(path, "wrong-type", "a date such as '2026-01-01'", _shown(value))
        return None

    def kind(self, value: object, path: str) -> DayKind | None:
        if isinstance(value, str) and value in DayKind.__members__.values():
            return DayKind(value)
        self.fault(path, "unknown-kind", "one of " + ", ".join(DayKind), _shown(value))
        return None

    def year(self, key: str, path: str) -> int | None:
        if _YEAR.fullmatch(key) and int(key) >= date.min.year:
            return int(key)
        self.fault(path, "wrong-year", "a year of four digits", _shown(key))
        return None

    def coverage(self, first: date | None, last: date | None) -> tuple[date, date] | None:
        if first is None or last is None:
            return None
        if last < first:
            self.fault("covered_until", "coverage-order", f"{first.isoformat()} or later", last.isoformat())
            return None
        return first, last

    def all_years(self, years: Mapping[str, object], first: date, last: date) -> None:
        for year in range(first.year, last.year + 1):
            if f"{year:04d}" not in years:
                self.fault(f"years.{year:04d}", "missing-year", "a table for every covered year", "nothing")
        for key in years:
            if _YEAR.fullmatch(key) and not first.year <= int(key) <= last.year:
                self.fault(f"years.{key}", "year-outside-coverage", f"a year from {first.year} to {last.year}", key)

    def day_of(
        self, entry: object, path: str, kind: DayKind, year: int | None, coverage: tuple[date, date] | None
    ) -> date | None:
        """The date of one entry of a date list, if it can stand there."""
        if type(entry) is not date:
            self.fault(path, "wrong-type", "a date such as 2026-01-01, without quotes or time", _shown(entry))
            return None
        if year is not None and entry.year != year:
            self.fault(path, "outside-year", f"a date of {year}", entry.isoformat())
            return None
        if coverage is not None and not coverage[0] <= entry <= coverage[1]:
            span = f"a date from {coverage[0].isoformat()} to {coverage[1].isoformat()}"
            self.fault(path, "outside-coverage", span, entry.isoformat())
            return None
        return entry if self.fits(entry, path, kind) else None

    def fits(self, day: date, path: str, kind: DayKind) -> bool:
        if kind in _possible(day):
            return True
        span = "a Monday to Friday" if kind in WEEKDAY_KINDS else "a Saturday or Sunday"
        self.fault(path, "wrong-weekday", f"{span} for {kind}", _named(day))
        return False

    def first(self, day: date, path: str, kind: DayKind, seen: dict[date, tuple[str, DayKind]]) -> bool:
        if day not in seen:
            seen[day] = path, kind
            return True
        place, other = seen[day]
        code, expected = ("repeated", "each date once") if other is kind else ("two-kinds", "one kind for each date")
        self.fault(path, code, expected, f"{day.isoformat()}, also {other} at {place}")
        return False

    def sources(self, value: object, path: str) -> tuple[CalendarSource, ...]:
        if not isinstance(value, list):
            self.fault(path, "wrong-type", "a list of notices", _shown(value))
            return ()
        read = (self._source(entry, f"{path}[{index}]") for index, entry in enumerate(value))
        return tuple(item for item in read if item is not None)

    def _source(self, entry: object, path: str) -> CalendarSource | None:
        if not isinstance(entry, Mapping):
            self.fault(path, "wrong-type", "a table with number and title", _shown(entry))
            return None
        self.keys(entry, path, required=("number", "title"), optional=("url",))
        number = self.text(entry, "number", f"{path}.number")
        title = self.text(entry, "title", f"{path}.title")
        url = None if entry.get("url") is None else self.text(entry, "url", f"{path}.url")
        return None if number is None or title is None else CalendarSource(number, title, url)
