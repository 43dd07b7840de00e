"""Reading the circumstances that must be claimed: use, cargo, trip, filings, priority classes and passes held."""

import re
from collections.abc import Mapping
from datetime import date

from rules import codes
from rules.said import MOST_WORDS, Reader
from rules.vehicles import Credential, Pass
from rules.windows import DAY_WORDS, EVERY_DAY, MINUTES_A_DAY, Days, Period, Window

MOST_PASSES = 50
MOST_HOURS = 24
"""Windows over all passes of a question: each costs every answer to it some work, and no vehicle holds more."""


_LICENCE_USES = {
    "A": "non_commercial",
    "B": "passenger_transport",
    "C": "passenger_transport",
    "D": "passenger_transport",
    "E": "passenger_transport",
    "F": "freight",
    "G": "rental",
    "H": "police",
    "I": "fire",
    "J": "ambulance",
    "K": "engineering_rescue",
    "L": "non_commercial",
    "M": "non_commercial",
    "N": "training",
    "O": "school",
    "P": "school",
    "Q": "school",
    "S": "school",
    "R": "dangerous_goods_transport",
    "T": "passenger_transport",
}
_HOURS = re.compile(r"([01][0-9]|2[0-3]):([0-5][0-9])-(?:([01][0-9]|2[0-3]):([0-5][0-9])|(24):(00))")


def read_use(reader: Reader, field: str, said: object) -> None:
    code = reader.word(field, codes.USE, _LICENCE_USES.get(said, said) if isinstance(said, str) else said)
    if code is not None:
        reader.claims["use"] = frozenset({code})


def read_trip(reader: Reader, field: str, said: object) -> None:
    code = reader.word(field, codes.TRIP, said)
    if code is not None:
        reader.claims["trip"] = frozenset({code})


def read_cargo(reader: Reader, field: str, said: object) -> None:
    read = reader.words(field, codes.CARGO, said)
    if read is not None:
        reader.claims["cargo"] = read


def read_filings(reader: Reader, field: str, said: object) -> None:
    many = said if isinstance(said, list | tuple) else [said]
    if len(many) > MOST_WORDS or not all(
        isinstance(each, str) and re.fullmatch("[a-z0-9-]{1,64}", each) for each in many
    ):
        reader.fault(field, "invalid-code", "应为备案代码列表", "expected a list of filing codes")
    else:
        reader.claims["filing"] = frozenset(str(each) for each in many)


def read_classes(reader: Reader, said: object) -> tuple[Credential, ...]:
    many = said if isinstance(said, list | tuple) else [said]
    if len(many) > MOST_WORDS:
        reader.fault("priority_classes", "too-many", f"至多{MOST_WORDS}项", f"at most {MOST_WORDS} items")
        return ()
    credentials = []
    for number, each in enumerate(many):
        place = f"priority_classes/{number}" if many is said else "priority_classes"
        entry = each if isinstance(each, Mapping) else {"class": each}
        _known_keys(reader, place, entry, ("class", "valid_from", "valid_to"))
        code = reader.word(
            f"{place}/class" if isinstance(each, Mapping) else place, codes.PRIORITY_CLASS, entry.get("class")
        )
        if code is not None:
            credentials.append(Credential(code, _read_period(reader, place, entry)))
    reader.claims["priority_class"] = frozenset(each.priority_class for each in credentials)
    return tuple(credentials)


def read_passes(reader: Reader, said: object) -> tuple[Pass, ...]:
    if not isinstance(said, list | tuple) or len(said) > MOST_PASSES:
        reader.wrong_type("passes", f"至多{MOST_PASSES}个通行证的列表", f"a list of at most {MOST_PASSES} passes", None)
        return ()
    passes = []
    for number, each in enumerate(said):
        place = f"passes/{number}"
        if not isinstance(each, Mapping):
            reader.wrong_type(place, "通行证", "a pass with its kind", None)
            continue
        _known_keys(reader, place, each, ("kind", "valid_from", "valid_to", "hours", "days", "zones"))
        kind, zones = each.get("kind"), each.get("zones", [])
        if not isinstance(kind, str) or not 1 <= len(kind) <= 64:
            reader.fault(
                f"{place}/kind", "unknown-code", "应为通行证种类代码", "expected the code of a kind of pass", kind
            )
            continue
        if not isinstance(zones, list | tuple) or not all(isinstance(zone, str) for zone in zones):
            reader.wrong_type(f"{place}/zones", "区域编号列表", "a list of zone ids", zones)
            continue
        if "zones" in each and not zones:
            reader.fault(
                f"{place}/zones", "empty-list", "列表为空;不限区域时省略", "empty list; leave it out for no limit"
            )
            continue
        hours = _read_hours(reader, place, each)
        passes.append(Pass(kind, _read_period(reader, place, each), hours, frozenset(zones)))
    if sum(len(held.hours) for held in passes) > MOST_HOURS:
        reader.fault(
            "passes", "too-many", f"所有通行证的时段合计至多{MOST_HOURS}个", f"at most {MOST_HOURS} hours in all passes"
        )
    return tuple(passes)


def _known_keys(reader: Reader, place: str, entry: Mapping[str, object], keys: tuple[str, ...]) -> None:
    for key in entry:
        if key not in keys:
            reader.fault(
                f"{place}/{key}",
                "unknown-field",
                f"未知字段,可用:{'、'.join(keys)}",
                f"unknown field; known are {', '.join(keys)}",
            )


def _read_period(reader: Reader, place: str, entry: Mapping[str, object]) -> Period:
    dates: list[date | None] = []
    for key in ("valid_from", "valid_to"):
        said = entry.get(key)
        day: date | None = None
        if isinstance(said, str) and re.fullmatch("[0-9]{4}-[0-9]{2}-[0-9]{2}", said):
            try:
                day = date.fromisoformat(said)
            except ValueError:
                day = None
        elif type(said) is date:
            day = said
        if key in entry and (day is None or not 1900 <= day.year <= 2200):
            reader.fault(
                f"{place}/{key}", "invalid-date", "应为日期,如 2026-11-24", "expected a date such as 2026-11-24", said
            )
            day = None
        dates.append(day)
    if dates[0] is not None and dates[1] is not None and dates[1] < dates[0]:
        reader.fault(f"{place}/valid_to", "invalid-date", "止期早于起期", "it ends before it begins")
        return Period()
    return Period.of_dates(dates[0], dates[1])


def _read_hours(reader: Reader, place: str, entry: Mapping[str, object]) -> tuple[Window, ...]:
    hours, day_words = entry.get("hours"), entry.get("days")
    days = EVERY_DAY
    if "days" in entry:
        many = day_words if isinstance(day_words, list | tuple) else [day_words]
        if not many or not all(isinstance(word, str) and word in DAY_WORDS for word in many):
            reader.fault(
                f"{place}/days",
                "unknown-code",
                f"应为:{'、'.join(sorted(DAY_WORDS))}",
                f"expected any of {', '.join(sorted(DAY_WORDS))}",
            )
            return ()
        days = Days(frozenset(str(word) for word in many))
    if "hours" not in entry:
        return (Window(days, 0, MINUTES_A_DAY),) if "days" in entry else ()
    if not isinstance(hours, list | tuple) or not hours or len(hours) > MOST_WORDS:
        reader.wrong_type(
            f"{place}/hours", '时段列表,如 ["06:30-08:30"]', 'a list of hours such as ["06:30-08:30"]', hours
        )
        return ()
    windows = []
    for number, each in enumerate(hours):
        match = _HOURS.fullmatch(each) if isinstance(each, str) else None
        if match is None:
            reader.fault(f"{place}/hours/{number}", "invalid-time", "应为 HH:MM-HH:MM", "expected HH:MM-HH:MM", each)
            continue
        first, second, third, fourth, *midnight = match.groups()
        start = int(first) * 60 + int(second)
        end = MINUTES_A_DAY if midnight[0] else int(third) * 60 + int(fourth)
        if end == start:
            reader.fault(
                f"{place}/hours/{number}", "empty-window", "起止时刻相同", "it begins and ends at the same time", each
            )
            continue
        windows.append(Window(days, start, end if end > start else end + MINUTES_A_DAY))
    return tuple(windows)
