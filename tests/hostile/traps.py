"""A trap of rule documents: the files of a city with something hostile in one place, and what is told of it."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from tests.hostile.city_folder import CITY, GOOD_ZONES
from tests.hostile.rows import ACCEPT, REJECT, Expect, Row
from tests.support.documents import GOOD, HERE, WINDOW, changed, vehicles, window

CITY_FILE, NOTICE_FILE, ZONES_FILE = "city.toml", "n-1.toml", "zones.geojson"
R, E = "restrictions[0]", "exemptions[0]"
BERLIN = CITY.replace("Asia/Shanghai", "Europe/Berlin")
DAILY = 'days = ["every_day"]'
PEAK = 'from = "07:00", until = "09:00"'


@dataclass(frozen=True, slots=True)
class Trap(Row):
    """Files of a city; `file` is where the fault must be told, `expected` and `found` are parts of what is told."""

    file: str = NOTICE_FILE
    notice: str | bytes = GOOD
    city: str | bytes = CITY
    zones: bytes = GOOD_ZONES
    more: Mapping[str, str] = field(default_factory=dict)
    expected: str = ""
    found: str = ""


def refused_trap(
    number: int | None, name: str, notice: str | bytes, place: str, code: str, expected: str, found: str, why: str
) -> Trap:
    return Trap(name, REJECT, why, number, code, place, notice=notice, expected=expected, found=found)


def taken_trap(
    number: int | None, name: str, why: str, notice: str | bytes = GOOD, city: str = CITY, expect: Expect = ACCEPT
) -> Trap:
    return Trap(name, expect, why, number, notice=notice, city=city)


def time_trap(number: int | None, name: str, time: str, why: str, found: str = "", key: str = "from") -> Trap:
    """A beginning (or an end) written as `time`, which is TOML with its quotes."""
    other = 'until = "23:00"' if key == "from" else 'from = "01:00"'
    text = window(f"{{ {DAILY}, {other}, {key} = {time} }}")
    return refused_trap(number, name, text, f"{HERE}.{key}", "invalid-time", 'a time "HH:MM"', found, why)


def window_trap(
    number: int | None, name: str, text: str, key: str, code: str, expected: str, found: str, why: str
) -> Trap:
    return refused_trap(number, name, window(text), f"{HERE}.{key}" if key else HERE, code, expected, found, why)


def zone_trap(number: int | None, name: str, line: str, code: str, found: str, why: str) -> Trap:
    """A city with another line for its time zone."""
    city = CITY.replace('timezone = "Asia/Shanghai"', line)
    expected = {"missing-key": "this key", "strange-text": "text without control"}.get(code, "a civil IANA time zone")
    return Trap(name, REJECT, why, number, code, "timezone", CITY_FILE, city=city, expected=expected, found=found)


def date_trap(number: int | None, name: str, text: str, found: str, why: str, code: str = "wrong-date") -> Trap:
    """A notice in force from `text`."""
    return refused_trap(
        number, name, changed("from = 2026-01-01", f"from = {text}"), "in_force.from", code, "a local date", found, why
    )


def syntax_trap(number: int | None, name: str, notice: str | bytes, found: str, why: str) -> Trap:
    return refused_trap(number, name, notice, "", "toml-syntax", "TOML 1.0", found, why)


def bytes_trap(number: int | None, name: str, notice: bytes, found: str, why: str) -> Trap:
    return refused_trap(number, name, notice, "", "not-utf-8", "UTF-8", found, why)


def mass_trap(number: int | None, name: str, number_text: str, found: str, why: str) -> Trap:
    text = vehicles(f"{{ total_mass_kg = {{ at_least = {number_text} }} }}")
    place = f"{R}.vehicles.total_mass_kg.at_least"
    return refused_trap(number, name, text, place, "wrong-number", "a whole number", found, why)


def title_trap(number: int | None, name: str, title: str, code: str, found: str, why: str) -> Trap:
    text = GOOD.replace("name = ", f'title = "{title}"\nname = ', 1)
    return refused_trap(number, name, text, "title", code, "text", found, why)


def titled(title: str) -> str:
    return GOOD.replace("name = ", f"title = {title}\nname = ", 1)


def hours(*windows: str) -> str:
    return changed(WINDOW, ", ".join(windows))


def with_second(restriction: str) -> str:
    """The notice with one restriction more before its exemption."""
    return changed("[[exemptions]]", f"{restriction}\n[[exemptions]]")


SECOND = """\
[[restrictions]]
id = "r-2"
text = { zh = "禁行", en = "barred" }
text_kind = "paraphrase"
zones = ["ring"]
vehicles = { kind = "truck", size = "light" }
windows = [{ days = ["every_day"], from = "07:30", until = "08:30" }]
"""
