"""What is published of a city: its rules, its zones and the calendar under one digest; and reading it from files.

A city is a folder: `city.toml`, one TOML file per notice, and its zones as GeoJSON (`zones.geojson` in a city of one's
own; `geodata/cities/<city>.geojson` for the built-in ones). A city that has a fault anywhere is not published at all.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo, available_timezones

import geodata
import rules
from geodata.errors import MalformedGeometry
from geodata.geojson import zones_from_geojson, zones_to_geojson
from geodata.zones import Coverage, Zone
from rules.calendar import Calendar, parse_calendar
from rules.codec import digest, parse_city, parse_notice, rulebook_document, rulebook_faults
from rules.errors import MalformedDocument
from rules.model import City, Exemption, Notice, Restriction, Rulebook
from rules.windows import DAY
from service.instants import times_shown

ZONES_FILE = "zones.geojson"
CITY_FILE = "city.toml"
_LARGEST_FILE = 16 * 1024 * 1024

_Drawn = tuple[tuple[Zone, ...], tuple[Coverage, ...]]


@dataclass(frozen=True, slots=True)
class FileFault:
    """One fault of a city's files: the file, the key or place in it, what was expected and what was found."""

    file: str
    path: str
    code: str
    expected: str
    found: str

    def __str__(self) -> str:
        return f"{self.file}: {self.path or '(document)'}: expected {self.expected}, found {self.found} [{self.code}]"


class Unpublishable(Exception):
    """Files that cannot be published, with every fault found."""

    def __init__(self, faults: tuple[FileFault, ...]) -> None:
        self.faults = faults
        super().__init__("\n".join(str(fault) for fault in faults))


@dataclass(frozen=True, slots=True)
class Publication:
    """Rules, zones and calendar of one city, immutable, under the digest of their canonical form."""

    digest: str
    rulebook: Rulebook
    zones: tuple[Zone, ...]
    coverage: tuple[Coverage, ...]

    @property
    def id(self) -> str:
        """City and the first twelve digits of the digest: short enough to read out."""
        return f"{self.rulebook.city.id}-{self.digest.removeprefix('sha256:')[:12]}"

    @property
    def city(self) -> City:
        return self.rulebook.city

    def without_illustrative(self) -> "Publication":
        """The same city without its illustrative notices; another publication, with a digest of its own."""
        return publish(self.rulebook.by_law(), self.zones, self.coverage)


def publish(rulebook: Rulebook, zones: tuple[Zone, ...], coverage: tuple[Coverage, ...]) -> Publication:
    """Put rules and zones under one digest. The order of files and of notices does not enter into it."""
    content = {**rulebook_document(rulebook), "zones": zones_to_geojson(zones, coverage).decode()}
    return Publication(digest(content), rulebook, zones, coverage)


def built_in_cities() -> tuple[tuple[Path, Path], ...]:
    """The folder of rules and the file of zones of every city that ships with Tongxing."""
    laws = Path(rules.__path__[0]) / "cities"
    shapes = Path(geodata.__path__[0]) / "cities"
    return tuple((folder, shapes / f"{folder.name}.geojson") for folder in sorted(laws.iterdir()) if folder.is_dir())


def calendar_file() -> Path:
    """The file of the calendar that ships with Tongxing."""
    return Path(rules.__path__[0]) / "calendars" / "cn.toml"


def load_calendar(path: Path | None = None) -> Calendar:
    """The calendar of China as shipped, or the newer table in `path`; Unpublishable with its faults."""
    chosen = path or calendar_file()
    faults: list[FileFault] = []
    text = _read_text(chosen, faults)
    if text is None:
        raise Unpublishable(tuple(faults))
    try:
        return parse_calendar(text, str(chosen))
    except MalformedDocument as malformed:
        raise Unpublishable(tuple(_in_file(chosen, malformed))) from malformed


def load_publication(folder: Path, shapes: Path, calendar: Calendar) -> Publication:
    """The publication that a city's files make; Unpublishable with every fault of every file otherwise."""
    faults: list[FileFault] = []
    city, notices = _load_law(folder, faults)
    drawn = _load_zones(shapes, faults)
    if city is not None and drawn is not None:
        faults.extend(_faults_between(folder, shapes, Rulebook(city, calendar, tuple(notices)), drawn, bool(faults)))
    if faults or city is None or drawn is None:
        raise Unpublishable(tuple(faults))
    return publish(Rulebook(city, calendar, tuple(notices)), *drawn)


def load_city(folder: Path, calendar: Calendar) -> Publication:
    """The publication of a city folder of one's own, its zones in `zones.geojson`; a built-in folder is found, too."""
    return load_publication(folder, zones_file(folder), calendar)


def zones_file(folder: Path) -> Path:
    """The file of zones that belongs to a city folder, one's own or a built-in one."""
    for law, shapes in built_in_cities():
        if folder.resolve() == law.resolve():
            return shapes
    return folder / ZONES_FILE


def notice_file(folder: Path, notice: str) -> Path:
    """The file of a notice: it carries the notice's id."""
    return folder / f"{notice}.toml"


def _load_law(folder: Path, faults: list[FileFault]) -> tuple[City | None, list[Notice]]:
    city: City | None = None
    notices: list[Notice] = []
    if not folder.is_dir():
        faults.append(FileFault(str(folder), "", "no-folder", f"a folder with {CITY_FILE} and notices", "no folder"))
        return city, notices
    if not (folder / CITY_FILE).is_file():
        faults.append(FileFault(str(folder / CITY_FILE), "", "no-file", "this file", "nothing"))
    for file in sorted(folder.glob("*.toml")):
        text = _read_text(file, faults)
        if text is None:
            continue
        try:
            if file.name == CITY_FILE:
                city = parse_city(text, str(file))
            else:
                notice = parse_notice(text, str(file))
                notices.append(notice)
                if notice.id != file.stem:
                    faults.append(
                        FileFault(str(file), "id", "file-name", f"the file's own name, {file.stem}", notice.id)
                    )
        except MalformedDocument as malformed:
            faults.extend(_in_file(file, malformed))
    return city, notices


def _load_zones(shapes: Path, faults: list[FileFault]) -> _Drawn | None:
    content = _read_bytes(shapes, faults)
    if content is None:
        return None
    try:
        return zones_from_geojson(content)
    except MalformedGeometry as malformed:
        faults.extend(
            FileFault(str(shapes), each.path, each.code, each.expected, each.found) for each in malformed.faults
        )
        return None


def _faults_between(folder: Path, shapes: Path, rulebook: Rulebook, drawn: _Drawn, incomplete: bool) -> list[FileFault]:
    """Faults that show only when law and shapes are laid together.

    While some notice cannot be read, what names its articles is not held to be wrong.
    """
    city = rulebook.city
    zones, coverage = drawn
    faults = []
    if not _is_civil_timezone(city.timezone):
        expected = "a civil IANA time zone such as Asia/Shanghai"
        faults.append(FileFault(str(folder / CITY_FILE), "timezone", "unknown-timezone", expected, repr(city.timezone)))
    else:
        faults.extend(_faults_of_dates(folder, rulebook))
    if not incomplete:
        for notice, fault in rulebook_faults(rulebook, frozenset(zone.key for zone in zones)):
            file = str(notice_file(folder, notice))
            faults.append(FileFault(file, fault.path, fault.code, fault.expected, fault.found))
    for zone in zones:
        if zone.city != city.id:
            faults.append(FileFault(str(shapes), f"{zone.key}.city", "other-city", f"zones of {city.id}", zone.city))
    if not any(each.city == city.id for each in coverage):
        faults.append(FileFault(str(shapes), "", "no-coverage", f"a coverage outline of {city.id}", "none"))
    return faults


def _faults_of_dates(folder: Path, rulebook: Rulebook) -> Iterator[FileFault]:
    """Times of day at which something would begin or end, and which the clock of the city skips or shows twice.

    Midnight stands for its day, whenever that begins (in Cairo at one o'clock, once a year).
    """
    zone = ZoneInfo(rulebook.city.timezone)
    for notice in rulebook.notices:
        seen: set[int] = set()
        for article, wall in _times_of(notice):
            times = 1 if wall % DAY == 0 or wall in seen else times_shown(zone, wall)
            seen.add(wall)
            if times != 1:
                code, expected = ("time-repeated", "shows once") if times else ("time-skipped", "shows")
                found = str(datetime.fromordinal(wall // DAY) + timedelta(seconds=wall % DAY))
                yield FileFault(
                    str(folder / f"{notice.id}.toml"), article, code, f"a time that the clock {expected}", found
                )


def _times_of(notice: Notice) -> Iterator[tuple[str, int]]:
    """Every time that a notice names (wall seconds) with the notice or the article that names it."""
    for wall in notice.period.edges():
        yield notice.id, wall
    for restriction in notice.restrictions:
        if restriction.penalised_from is not None:
            yield restriction.id, restriction.penalised_from
    articles: tuple[Restriction | Exemption, ...] = (*notice.restrictions, *notice.exemptions)
    for article in articles:
        for wall in article.product.period.edges():
            yield article.id, wall


def _is_civil_timezone(name: str) -> bool:
    """A place's own time zone: not an abbreviation, not a fixed offset, not whatever this machine is set to."""
    return "/" in name and not name.startswith("Etc/") and name in available_timezones() and ZoneInfo(name).key == name


def _read_bytes(path: Path, faults: list[FileFault]) -> bytes | None:
    try:
        if path.stat().st_size > _LARGEST_FILE:
            faults.append(FileFault(str(path), "", "too-large", f"at most {_LARGEST_FILE} bytes", "more"))
            return None
        return path.read_bytes()
    except OSError as error:
        faults.append(FileFault(str(path), "", "unreadable", "a readable file", error.strerror or "an error"))
        return None


def _read_text(path: Path, faults: list[FileFault]) -> str | None:
    content = _read_bytes(path, faults)
    if content is None:
        return None
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        faults.append(FileFault(str(path), "", "not-utf-8", "UTF-8 text", f"another byte at position {error.start}"))
        return None


def _in_file(path: Path, malformed: MalformedDocument) -> list[FileFault]:
    return [FileFault(str(path), each.path, each.code, each.expected, each.found) for each in malformed.faults]
