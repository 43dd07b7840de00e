"""Well-formed questions with a hostile value in one place each, and what must become of them."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from tests.hostile.oracle import PLATE, REF
from tests.hostile.rows import ACCEPT, NORMALISED, REJECT, Expect, Row

AT = "2026-12-01T07:00:00+08:00"
PLACE: Mapping[str, Any] = {"lon": 123.4411, "lat": 41.8067, "crs": "wgs84"}
VEHICLE: Mapping[str, Any] = {"plate": PLATE, "size": "light", "energy": "diesel", "total_mass_kg": 4310}


def question(**changes: Any) -> dict[str, Any]:
    """The sound question with changes: `plate`, `size` and so on in its vehicle; place, at, ref themselves.

    >>> question(size="heavy")["vehicle"]["size"], question(lat=1)["place"]["lat"], question(at=None)["at"]
    ('heavy', 1, None)
    """
    body: dict[str, Any] = {"vehicle": dict(VEHICLE), "place": dict(PLACE), "at": AT, "ref": REF}
    for name, value in changes.items():
        inside = "place" if name in ("lon", "lat", "crs", "accuracy_m") else "vehicle"
        target = body if name in ("vehicle", "place", "at", "ref") else body[inside]
        if value is ABSENT:
            del target[name]
        else:
            target[name] = value
    return body


ABSENT = object()


@dataclass(frozen=True, slots=True)
class Question(Row):
    """A body as a value; `answer` is what an answer must say (a dotted name is a place inside it)."""

    body: Mapping[str, Any] = field(default_factory=dict)
    answer: Mapping[str, Any] = field(default_factory=dict)
    silent_of: tuple[str, ...] = ()

    @property
    def raw(self) -> bytes:
        return json.dumps(self.body).encode()


def _no(number: int | None, name: str, code: str, place: str, why: str, /, *silent_of: str, **changes: Any) -> Question:
    return Question(name, REJECT, why, number, code, place, question(**changes), {}, silent_of)


def _yes(
    number: int | None, name: str, why: str, answer: Mapping[str, Any], *, expect: Expect = ACCEPT, **changes: Any
) -> Question:
    return Question(name, expect, why, number, None, "", question(**changes), answer)


def _time(number: int | None, name: str, why: str, at: Any, code: str = "invalid-datetime") -> Question:
    return _no(number, name, code, "/at", why, *([at] if isinstance(at, str) and at else []), at=at)


def _plate(number: int | None, name: str, why: str, plate: Any, code: str = "invalid-plate") -> Question:
    return _no(number, name, code, "/vehicle/plate", why, *_telling(plate), plate=plate)


def _telling(plate: Any) -> tuple[str, ...]:
    """The parts of a plate that would give it away."""
    return tuple(part for part in ("7K41", "41M", plate) if isinstance(plate, str) and plate.strip() and part in plate)


TIMES = (
    _time(266, "at_date_only", "some readers make midnight of a date", "2026-12-01"),
    _time(267, "at_epoch_int", "seconds since when?", 1_796_079_600, "wrong-type"),
    _time(269, "at_epoch_ms", "told from seconds by guessing only", 1_796_079_600_000, "wrong-type"),
    _time(None, "at_epoch_text", "a number in quotes", "1796079600"),
    _time(270, "at_zero", "1970, or a field never filled in", 0, "wrong-type"),
    _time(None, "at_bool", "true is 1 in Python", True, "wrong-type"),
    _time(272, "at_null", "the present is asked for by leaving it out", None, "wrong-type"),
    _time(273, "at_empty", "nothing", ""),
    _time(None, "at_naive", "whose clock?", "2026-12-01T07:00:00", "time-without-offset"),
    _time(275, "at_leap_second", "RFC 3339 has them, the clocks of computers do not", "2026-06-30T23:59:60Z"),
    _time(276, "at_feb_29_2027", "no such day", "2027-02-29T09:00:00+08:00"),
    _time(None, "at_feb_30", "no such day", "2028-02-30T09:00:00+08:00"),
    _time(None, "at_24_00", "24:00 is an end of windows only", "2026-12-01T24:00:00+08:00"),
    _time(None, "at_offset_25", "no such offset", "2026-12-01T07:00:00+25:00"),
    _time(None, "at_basic_format", "ISO 8601 without its signs", "20261201T070000+0800"),
    _yes(
        278, "at_offset_14", "the instant counts", {"at": "2026-12-01T01:00:00+08:00"}, at="2026-12-01T07:00:00+14:00"
    ),
    _yes(279, "at_utc_z", "the same instant as seven o'clock", {"at": AT}, at="2026-11-30T23:00:00Z"),
    _yes(281, "at_lowercase", "RFC 3339 allows a small t", {"at": AT}, at="2026-12-01t07:00:00+08:00"),
    _time(282, "at_space", "RFC 3339 asks for a T between machines", "2026-12-01 07:00:00+08:00"),
    _time(284, "at_week_date", "a date of weeks", "2026-W49-2T07:00:00+08:00"),
    _yes(
        285,
        "at_fraction_9",
        "cut off, never rounded up to seven",
        {"at": "2026-12-01T06:59:59+08:00"},
        at="2026-12-01T06:59:59.999999999+08:00",
    ),
    _time(287, "at_unicode_digits", "digits of another width", "２０２６-12-01T07:00:00+08:00"),
    _time(288, "at_unicode_minus", "U+2212 is no sign of RFC 3339", "2026-12-01T07:00:00\u221208:00"),
    _time(290, "at_year_1", "before any calendar here", "0001-01-01T00:00:00+14:00", "datetime-out-of-range"),
    _time(None, "at_year_9999", "beyond any calendar here", "9999-12-31T23:59:59-14:00", "datetime-out-of-range"),
    _time(None, "at_year_10000", "five digits", "10000-01-01T00:00:00Z"),
    _yes(
        291,
        "at_1988_summer",
        "Shanghai had summer time; no notice of that year is known",
        {"at": "1988-08-02T10:00:00+09:00", "verdict": "undetermined", "reason": "outside_record"},
        at="1988-08-02T09:00:00+08:00",
    ),
    _yes(293, "at_window_edge_start", "the start is in", {"at": AT}),
    _yes(
        294,
        "at_window_edge_before",
        "the microsecond before",
        {"at": "2026-12-01T06:59:59+08:00"},
        at="2026-12-01T06:59:59.999999+08:00",
    ),
    _yes(
        296,
        "at_makeup_sunday",
        "a Sunday worked for a holiday",
        {"at": "2026-09-20T07:15:00+08:00"},
        at="2026-09-20T07:15:00+08:00",
    ),
    _yes(
        297,
        "at_new_year_midnight",
        "week 53 of one year, day one of the next",
        {"at": "2027-01-01T00:00:00+08:00"},
        at="2027-01-01T00:00:00+08:00",
    ),
)

PLACES = (
    _no(299, "lon_bool", "wrong-type", "/place/lon", "true is 1 in Python", lon=True),
    _no(300, "lon_nan_string", "wrong-type", "/place/lon", "a text that some readers make NaN of", lon="NaN"),
    _no(302, "lat_minus_91", "coordinates-out-of-range", "/place/lat", "beyond the pole", lat=-91),
    _no(303, "swapped", "coordinates-swapped", "/place/lat", "latitude 123", lon=41.8067, lat=123.4411),
    _yes(
        305,
        "outside_city",
        "Beijing is no business of these notices, and never allowed by them",
        {"verdict": "undetermined", "reason": "outside_coverage"},
        lon=116.4074,
        lat=39.9042,
    ),
    _yes(
        None,
        "null_island",
        "nowhere is never allowed",
        {"verdict": "undetermined", "reason": "outside_coverage"},
        lon=0,
        lat=-0.0,
    ),
    _no(306, "frame_missing", "crs-missing", "/place/crs", "half a kilometre apart", crs=ABSENT),
    _no(308, "frame_case", "unknown-code", "/place/crs", "codes are case-sensitive", "Wgs84", crs="Wgs84"),
    _no(309, "point_array", "wrong-type", "/place", "which of the two comes first?", place=[123.4411, 41.8067]),
    _no(311, "point_null", "wrong-type", "/place", "nowhere", place=None),
)

FACTS = (
    _no(314, "mass_zero", "number-out-of-range", "/vehicle/total_mass_kg", "weighs nothing", total_mass_kg=0),
    _no(315, "mass_negative", "number-out-of-range", "/vehicle/total_mass_kg", "less than nothing", total_mass_kg=-1),
    _no(
        317,
        "mass_edge_4500",
        "inconsistent-vehicle",
        "/vehicle/total_mass_kg",
        "4,500 kg is medium by GA 802, and light was said",
        total_mass_kg=4500,
    ),
    _yes(None, "mass_below_4500", "4,499 kg is light", {"vehicle.size.value": "light"}, total_mass_kg=4499),
    _no(
        318,
        "class_contradiction",
        "inconsistent-vehicle",
        "/vehicle/total_mass_kg",
        "a micro truck of 30 t",
        size="micro",
        total_mass_kg=30_000,
    ),
    _no(320, "class_missing_null", "wrong-type", "/vehicle/size", "unknown is left out, and never free", size=None),
)

_TAKEN = {"vehicle.plate.value": PLATE}

PLATES = (
    _yes(321, "plate_fullwidth", "other widths", _TAKEN, expect=NORMALISED, plate="辽Ｂ７Ｋ４１Ｍ"),
    _yes(323, "plate_space", "separators are dropped", _TAKEN, expect=NORMALISED, plate="辽B 7K41M"),
    _yes(324, "plate_middle_dot", "as it stands on the plate", _TAKEN, expect=NORMALISED, plate="辽B·7K41M"),
    _yes(None, "plate_lower_case", "letters of a plate are capitals", _TAKEN, expect=NORMALISED, plate="辽b7k41m"),
    _yes(
        326,
        "plate_new_energy",
        "eight signs",
        {"vehicle.plate.value": "辽BDK4178"},
        plate="辽BDK4178",
        energy="battery_electric",
    ),
    _plate(
        326,
        "plate_new_energy_and_diesel",
        "a plate of that series and diesel alone",
        "辽BDK4178",
        "inconsistent-vehicle",
    ),
    _yes(327, "plate_trailer", "a trailer's", {"vehicle.plate.value": "辽B7K41挂"}, plate="辽B7K41挂"),
    _plate(329, "plate_zero_width_space", "two records for one lorry", "辽B7\u200bK41M"),
    _plate(330, "plate_zero_width_joiner", "invisible", "辽B7K41M\u200d"),
    _plate(332, "plate_soft_hyphen", "invisible", "辽B\u00ad7K41M"),
    _plate(333, "plate_bidi", "turns what a person reads", "\u202eM14K7B辽"),
    _plate(335, "plate_variation_selector", "invisible", "辽\ufe00B7K41M"),
    _plate(336, "plate_cyrillic_a", "a letter of another alphabet", "辽В7K41M"),
    _plate(338, "plate_math_digit", "made a digit by NFKC", "辽B\U0001d7d57K41"),
    _plate(339, "plate_circled_digit", "made a digit by NFKC", "辽B⑦K41M"),
    _plate(341, "plate_roman_numeral", "made a letter by NFKC", "辽BⅤK41M"),
    _plate(342, "plate_kangxi_radical", "made another sign by NFKC", "\u2fa6B7K41M"),
    _plate(344, "plate_traditional", "the older form is suggested to no one's record", "遼B7K41M"),
    _plate(345, "plate_letter_o", "GA 36 has no letter O: a zero was meant, and tail digits hang on it", "辽B7K41O"),
    _plate(347, "plate_newline", "$ matches before it", "辽B7K41M\n"),
    _plate(348, "plate_nul", "no store of text holds it", "辽B\u00007K41M", "invalid-text"),
    _plate(350, "plate_only_spaces", "blank", "     "),
    _plate(351, "plate_emoji", "no sign of a plate", "\U0001f69bB7K41M"),
    _plate(353, "plate_sharp_s", "its capital is two letters", "辽B7K41ß"),
    _plate(354, "plate_dotless_i", "its capital is a letter", "辽B7K41ı"),
    _plate(356, "plate_number", "a number", 74_110, "wrong-type"),
    _plate(357, "plate_list", "a list", [PLATE], "wrong-type"),
)


def vertex_question(lon: float, lat: float) -> Question:
    """A point on a corner of a zone, which is known only where the zones are."""
    return _yes(312, "point_on_vertex", "boundaries are in: covers, not contains", {}, lon=lon, lat=lat)


ROWS: tuple[Question, ...] = (*TIMES, *PLACES, *FACTS, *PLATES)
