"""Values in query strings, each read by one method; all faults are collected, so that one reply names every one."""

import difflib
import math
import re
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from enum import StrEnum
from typing import TypeVar

from geodata.crs import Crs
from geodata.drawing import Box
from geodata.zones import KEY
from service.api.problems import Flaw, Refused
from service.instants import FIRST_YEAR, LAST_YEAR, with_plus
from service.snapshot import Snapshot

_Word = TypeVar("_Word", bound=StrEnum)
_NUMBER = re.compile(r"[+-]?[0-9]{1,20}(\.[0-9]{1,30})?([eE][+-]?[0-9]{1,2})?")
_DAY = re.compile("[0-9]{4}-[0-9]{2}-[0-9]{2}")
# RFC 3339, with or without a time.
_MOMENT = re.compile(
    "[0-9]{4}-[0-9]{2}-[0-9]{2}(T[0-9]{2}:[0-9]{2}:[0-9]{2}([.][0-9]{1,12})?(Z|[+-][0-9]{2}:[0-9]{2}))?"
)
_LENGTH_OF_DAY = len("2026-11-24")
_LONGEST_PERIOD = 128
_LONGEST_CITY = 64
_LONGEST_NUMBER = 18


class Parameters:
    """The parameters of one request. What is at fault is read as absent, until `refuse_faults` is asked."""

    def __init__(self, given: Mapping[str, Sequence[str]]) -> None:
        self.given = given
        self.flaws: list[Flaw] = []

    def fault(
        self, name: str, code: str, zh: str, en: str, known: tuple[str, ...] = (), nearest: str | None = None
    ) -> None:
        self.flaws.append(Flaw((f"/query/{name}",), code, zh, en, known, nearest))

    def refuse_faults(self, slug: str = "invalid-question") -> None:
        if self.flaws:
            raise Refused(slug, self.flaws)

    def text(self, name: str) -> str | None:
        return self.given[name][0] if name in self.given else None

    def words(self, name: str, known: tuple[str, ...], zh: str, en: str, code: str) -> tuple[str, ...]:
        """Each of the words, written with commas or by repeating the parameter, once."""
        said = self._said(name)
        unknown = [word for word in said if word not in known]
        if unknown:
            close = difflib.get_close_matches(unknown[0].lower()[:_LONGEST_CITY], known, n=1)
            nearest = close[0] if close else None
            hint_zh, hint_en = (f",最接近的是 {nearest}", f"; the nearest is {nearest}") if nearest else ("", "")
            listed = ", ".join(known) or "none"
            self.fault(
                name,
                code,
                f"未知{zh},可用:{'、'.join(known) or '无'}{hint_zh}",
                f"unknown {en}; known are {listed}{hint_en}",
                known,
                nearest,
            )
        return tuple(dict.fromkeys(word for word in said if word in known))

    def _said(self, name: str) -> list[str]:
        return [word.strip() for text in self.given.get(name, ()) for word in re.split("[,,、]", text)]

    def _one(self, name: str, known: tuple[str, ...], zh: str, en: str, code: str) -> str | None:
        """The word where one is read: which of several was meant is never guessed."""
        said = self.words(name, known, zh, en, code)
        if len(self._said(name)) > 1:
            self.fault(name, "too-many", f"{zh}只能有一个", f"expected one {en} and no more")
            return None
        return said[0] if said else None

    def word(self, name: str, words: type[_Word], zh: str, en: str) -> _Word | None:
        said = self._one(name, tuple(each.value for each in words), zh, en, "unknown-code")
        return None if said is None else words(said)

    def city(self, snapshot: Snapshot) -> str | None:
        return self._one("city", tuple(snapshot.publications), "城市", "city", "unknown-city")

    def crs(self) -> Crs:
        return self.word("crs", Crs, "坐标系", "coordinate system") or Crs.WGS84

    def flag(self, name: str) -> bool:
        said = self.text(name)
        if said not in (None, "true", "false"):
            self.fault(name, "wrong-type", "应为 true 或 false", "expected true or false")
        return said == "true"

    def whole(self, name: str, least: int, most: int, default: int, clamp: bool = False) -> int:
        """A whole number from `least` to `most`; with `clamp`, one above counts as `most`."""
        said = self.text(name)
        if said is None:
            return default
        if not (said.isascii() and said.isdigit()):
            self.fault(name, "wrong-type", "应为整数", "expected a whole number")
            return default
        number = int(said) if len(said) <= _LONGEST_NUMBER else most + 1
        if number < least or (number > most and not clamp):
            self.fault(name, "number-out-of-range", f"应在{least}到{most}之间", f"expected {least} to {most}")
            return default
        return min(number, most)

    def key(self, name: str) -> str:
        """An id to go on after; it need not exist (any more)."""
        said = self.text(name)
        if said is not None and not KEY.fullmatch(said):
            self.fault(name, "invalid-cursor", "应为 next 中给出的编号", "expected an id as next gives it")
        return said or ""

    def day(self, name: str) -> date | None:
        said = self.text(name)
        if said is None:
            return None
        try:
            day = date.fromisoformat(said) if _DAY.fullmatch(said) and said.isascii() else None
        except ValueError:
            day = None
        if day is None:
            self.fault(name, "invalid-date", "应为日期,例如 2026-11-23", "expected a date such as 2026-11-23")
        elif not FIRST_YEAR <= day.year <= LAST_YEAR:
            zh, en = f"年份应在{FIRST_YEAR}至{LAST_YEAR}之间", f"the year must lie between {FIRST_YEAR} and {LAST_YEAR}"
            self.fault(name, "datetime-out-of-range", zh, en)
            day = None
        return day

    def check_period(self, name: str) -> None:
        """A fault unless it is a time or an interval of two, of which one may be open (OGC 17-069r4, 7.15.4)."""
        said = self.text(name)
        if said is None:
            return
        ends = said.split("/") if len(said) <= _LONGEST_PERIOD else []
        opened = [len(ends) == 2 and end in ("", "..") for end in ends]
        moments = [_moment(with_plus(end)) for end, is_open in zip(ends, opened, strict=True) if not is_open]
        if len(ends) not in (1, 2) or all(opened) or None in moments:
            zh, en = "应为 RFC 3339 时间或以 / 分开的区间", "expected RFC 3339, or an interval of two parted by /"
            self.fault(name, "invalid-datetime", zh, en)
        elif len(moments) == 2 and _later(moments[0], moments[1]):
            self.fault(name, "invalid-datetime", "区间的终点早于起点", "the interval ends before it begins")

    def boxes(self, name: str = "bbox", standard: bool = False) -> tuple[Box, ...] | None:
        """A box in degrees as west, south, east, north.

        By the `standard` (OGC 17-069r4, 7.15.3) there may be heights, which say nothing of zones, and a box may cross
        the antimeridian: it is two then. Elsewhere west after east is a slip, since no city lies there.
        """
        said = self.text(name)
        if said is None:
            return None
        parts = said.split(",")
        if not all(_NUMBER.fullmatch(part.strip()) for part in parts) or len(parts) not in (
            (4, 6) if standard else (4,)
        ):
            zh, en = (
                "应为四个数:最小经度,最小纬度,最大经度,最大纬度",
                "expected four numbers: minlon,minlat,maxlon,maxlat",
            )
            self.fault(name, "invalid-bbox", zh, en)
            return None
        numbers = [float(part) for part in parts]
        west, south, east, north = (numbers[i] for i in ((0, 1, 2, 3) if len(numbers) == 4 else (0, 1, 3, 4)))
        if not self._on_earth(name, west, south, east, north):
            return None
        if west <= east:
            return ((west, south, east, north),)
        if standard:
            return (west, south, 180.0, north), (-180.0, south, east, north)
        self.fault(name, "invalid-bbox", "最小经度大于最大经度", "minlon is greater than maxlon")
        return None

    def _on_earth(self, name: str, west: float, south: float, east: float, north: float) -> bool:
        if not all(map(math.isfinite, (west, south, east, north))) or max(abs(west), abs(east)) > 180:
            zh, en = "经度应在-180到180之间", "longitudes must lie between -180 and 180"
            self.fault(name, "coordinates-out-of-range", zh, en)
        elif max(abs(south), abs(north)) > 90:
            swapped = max(abs(west), abs(east)) <= 90 and max(abs(south), abs(north)) <= 180
            zh, en = "纬度应在-90到90之间", "latitudes must lie between -90 and 90"
            if swapped:
                zh, en = f"{zh};经度和纬度似乎写反了", f"{en}; longitude and latitude seem swapped"
            self.fault(name, "coordinates-swapped" if swapped else "coordinates-out-of-range", zh, en)
        elif south > north:
            self.fault(name, "invalid-bbox", "最小纬度大于最大纬度", "minlat is greater than maxlat")
        else:
            return True
        return False


def _moment(text: str) -> date | datetime | None:
    """A date, or a datetime with its offset; None for what is neither or does not exist."""
    try:
        if not _MOMENT.fullmatch(text.upper()):
            return None
        return datetime.fromisoformat(text.upper()) if len(text) > _LENGTH_OF_DAY else date.fromisoformat(text)
    except ValueError:
        return None


def _later(one: date | datetime | None, other: date | datetime | None) -> bool:
    """Whether one is after the other; a date is compared with the date that the other is written with."""
    if isinstance(one, datetime) and isinstance(other, datetime):
        return one > other
    return str(one)[:_LENGTH_OF_DAY] > str(other)[:_LENGTH_OF_DAY]
