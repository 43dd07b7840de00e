"""A timetable as plain JSON data, and the same as a table for spreadsheets (CSV)."""

import csv
import io
from collections.abc import Iterator, Mapping, Sequence
from typing import Any
from zoneinfo import ZoneInfo

from rules.codes import Text
from rules.decision import DecidedStretch
from rules.windows import DAY, LocalClock
from service.answers import calendar_reference, citation_document, publication_reference, vehicle_document
from service.instants import written
from service.names import CAVEATS, VERDICTS, names_of
from service.snapshot import Snapshot
from service.timetable import Subject, Timetable

_DESCRIBED = Text("所述车辆", "the vehicle described")
_BYTE_ORDER_MARK = b"\xef\xbb\xbf"
_COLUMNS = (
    *("date", "weekday", "day_kind", "zone", "class", "class_zh", "class_en", "from", "until", "starts", "ends"),
    *("verdict", "verdict_zh", "verdict_by_law", "reason", "restriction", "missing", "exceptions"),
    *("publication", "calendar"),
)


def timetable_document(found: Timetable, snapshot: Snapshot) -> dict[str, object]:
    """The timetable as plain JSON data; instants carry the city's offset, `from` and `until` are its wall clock."""
    city = found.rulebook.city
    zone = ZoneInfo(city.timezone)
    reasons = {each.basis.reason for week in found.weeks for day in week.days for each in day}
    missing = {code for week in found.weeks for day in week.days for each in day for code in each.basis.missing}
    decisive = frozenset(found.restrictions())
    exceptions = sorted({key for week in found.weeks for key in week.exceptions})
    return {
        "zone": {
            "id": found.zone.key,
            "city": city.id,
            "zh": found.zone.name_zh,
            "en": found.zone.name_en,
            "quality": found.zone.quality.value,
            "error_m": found.zone.error_m,
        },
        "timezone": city.timezone,
        "from": found.days[0].day.isoformat(),
        "to": found.days[-1].day.isoformat(),
        "classes": [
            {
                "class": _code(week.subject),
                **_text(_name(week.subject)),
                "vehicle": vehicle_document(week.subject.vehicle),
                "exceptions": list(week.exceptions),
            }
            for week in found.weeks
        ],
        "days": [
            {
                "date": day.day.isoformat(),
                "weekday": day.weekday,
                "kind": day.kinds[0].value if len(day.kinds) == 1 else None,
                "possible_kinds": [kind.value for kind in day.kinds],
                "starts": written(day.start, zone),
                "ends": written(day.end, zone),
                "hours": (day.end - day.start) / 3600,
                "rows": [
                    {
                        "class": _code(week.subject),
                        "intervals": [_interval(each, found.clock, zone) for each in week.days[number]],
                    }
                    for week in found.weeks
                ],
            }
            for number, day in enumerate(found.days)
        ],
        "citations": [
            {
                "restriction": restriction.id,
                "illustrative": notice.illustrative,
                "citation": citation_document(notice, restriction.wording),
            }
            for notice in found.rulebook.notices
            for restriction in notice.restrictions
            if restriction.id in decisive
        ],
        "zones": {key: {"zh": snapshot.zone(key).name_zh, "en": snapshot.zone(key).name_en} for key in exceptions},
        "names": names_of({*missing, *CAVEATS, *(reason.value for reason in reasons if reason)}),
        "caveats": list(CAVEATS),
        "publication": publication_reference(snapshot.publications[city.id]),
        "calendar": calendar_reference(found.rulebook.calendar),
    }


def _code(subject: Subject) -> str | None:
    return None if subject.vehicle_class is None else subject.vehicle_class.code


def _name(subject: Subject) -> Text:
    return _DESCRIBED if subject.vehicle_class is None else subject.vehicle_class.name


def _text(text: Text) -> dict[str, str]:
    return {"zh": text.zh, "en": text.en}


def _interval(stretch: DecidedStretch, clock: LocalClock, zone: ZoneInfo) -> dict[str, object]:
    return {
        "from": _wall_text(clock.wall(stretch.start) % DAY),
        # The wall clock just after the last second: 24:00 at the end of a day, also where it is put forward or back.
        "until": _wall_text(clock.wall(stretch.end - 1) % DAY + 1),
        "starts": written(stretch.start, zone),
        "ends": written(stretch.end, zone),
        "verdict": stretch.verdict.value,
        "verdict_by_law": stretch.by_law.value,
        "illustrative": stretch.verdict is not stretch.by_law,
        "restriction": stretch.basis.restriction,
        "reason": None if stretch.basis.reason is None else stretch.basis.reason.value,
        "missing": list(stretch.basis.missing),
    }


def _wall_text(second: int) -> str:
    clock = f"{second // 3600:02}:{second // 60 % 60:02}"
    return clock if second % 60 == 0 else f"{clock}:{second % 60:02}"


def timetable_csv(document: Mapping[str, Any]) -> bytes:
    """The document as CSV (RFC 4180), one row an interval.

    It begins with a byte order mark: without one, Excel on a Chinese Windows reads UTF-8 as GBK. A cell that a
    spreadsheet would take for a formula gets an apostrophe before it.
    """
    table = io.StringIO(newline="")
    writer = csv.writer(table, lineterminator="\r\n")
    writer.writerow(_COLUMNS)
    for row in _rows(document):
        writer.writerow([harmless(cell) for cell in row])
    return _BYTE_ORDER_MARK + table.getvalue().encode()


def _rows(document: Mapping[str, Any]) -> Iterator[Sequence[str]]:
    classes = {each["class"]: each for each in document["classes"]}
    for day in document["days"]:
        for row in day["rows"]:
            named = classes[row["class"]]
            for each in row["intervals"]:
                yield (
                    day["date"],
                    day["weekday"],
                    "|".join(day["possible_kinds"]),
                    document["zone"]["id"],
                    row["class"] or "",
                    named["zh"],
                    named["en"],
                    each["from"],
                    each["until"],
                    each["starts"],
                    each["ends"],
                    each["verdict"],
                    VERDICTS[each["verdict"]].zh,
                    each["verdict_by_law"],
                    each["reason"] or "",
                    each["restriction"] or "",
                    " ".join(each["missing"]),
                    " ".join(named["exceptions"]),
                    document["publication"]["id"],
                    document["calendar"]["version"],
                )


def harmless(cell: str) -> str:
    """A cell that no spreadsheet takes for a formula.

    >>> harmless("=1+1"), harmless("07:00")
    ("'=1+1", '07:00')
    """
    return f"'{cell}" if cell[:1] in ("=", "+", "-", "@", "\t", "\r") else cell
