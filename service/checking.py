"""Checking a city: lint of its rules, of its shapes and of both together, each finding with its file and key."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import chain
from pathlib import Path
from types import MappingProxyType
from zoneinfo import ZoneInfo

from geodata.lint import ZoneFinding, findings_of_zones, may_share_a_place, share_covered
from geodata.zones import Kind, Zone, ancestry
from rules import lint
from rules.codes import Text
from rules.guidance import GuidanceFinding, JudgedZone, guidance
from rules.lint.findings import CALENDAR, CITY, CODES, Code, Severity
from rules.model import Rulebook
from rules.windows import DAY, LocalClock
from service.instants import clock_of_years
from service.publication import CITY_FILE, Publication, notice_file


def _code(severity: Severity, zh: str, en: str, mend_zh: str, mend_en: str) -> Code:
    return Code(severity, Text(zh, en), Text(mend_zh, mend_en))


CODES_OF_SHAPES: Mapping[str, Code] = MappingProxyType(
    {
        "outside-coverage": _code(
            Severity.WARNING,
            "超出城市覆盖范围的区域",
            "a zone that reaches out of its city's coverage",
            "改正图形,或扩大覆盖范围",
            "correct its shape, or widen the coverage outline",
        ),
        "within-disagrees": _code(
            Severity.WARNING,
            "声明的从属关系与图形不符",
            "a declared within that the shapes contradict",
            "改正 within、图形或 error_m",
            "correct within, the shapes, or error_m",
        ),
        "sliver-overlap": _code(
            Severity.WARNING,
            "相邻区域重叠一条窄带",
            "neighbours overlap by a thin strip",
            "让两者共用同一条边(顶点相同)",
            "let both share one edge, corner by corner",
        ),
        "sliver-gap": _code(
            Severity.WARNING,
            "相邻区域之间有窄缝",
            "a thin gap between neighbours",
            "让两者共用同一条边(顶点相同)",
            "let both share one edge, corner by corner",
        ),
        "edge-mismatch": _code(
            Severity.WARNING,
            "公共边的顶点不一致",
            "neighbours share an edge with different corners",
            "把一方的顶点补到另一方",
            "give both the same corners along it",
        ),
        "tiny-zone": _code(
            Severity.WARNING,
            "面积极小的区域",
            "a zone of almost no area",
            "核对坐标",
            "see that its coordinates are right",
        ),
        "long-edge": _code(
            Severity.WARNING,
            "过长的边,偏差大于误差",
            "a long edge that bends more than the zone's error",
            "在边上每隔几千米加一个顶点",
            "add a corner every few kilometres along it",
        ),
        "long-edge-within-error": _code(
            Severity.NOTE,
            "过长的边,偏差在误差之内",
            "a long edge that bends less than the zone's error",
            "提高精度时在边上加顶点",
            "add corners along it when the shape is made sharper",
        ),
        "not-compared": _code(
            Severity.NOTE,
            "图形过大,未作比较",
            "a shape too large to be compared",
            "减少顶点",
            "give it fewer corners",
        ),
        "unused-zone": _code(
            Severity.WARNING,
            "无条文使用的区域",
            "a zone that no article names",
            "在条文中写上,或删除",
            "name it in an article, or take it out",
        ),
    }
)
"""The codes about shapes, and about shapes and rules together."""

WHOLE_CITY_SHARE = 0.95
"""An area that covers this part of the coverage outline is the whole city, as far as drawn shapes can say."""

EVERYWHERE = "everywhere"
"""Stands for the ground outside all zones, where only articles bind that bind everywhere."""

ALL_CODES: Mapping[str, Code] = MappingProxyType({**CODES, **CODES_OF_SHAPES})


@dataclass(frozen=True, slots=True)
class FileFinding:
    """One finding with its place: the file and the key in it."""

    code: str
    file: str
    key: str
    text: Text

    @property
    def severity(self) -> Severity:
        return ALL_CODES[self.code].severity

    @property
    def mend(self) -> Text:
        return ALL_CODES[self.code].mend


def check(publication: Publication, folder: Path, shapes: Path, calendar: Path, today: date) -> tuple[FileFinding, ...]:
    """Every finding about a city that could be published, the gravest first.

    `folder`, `shapes` and `calendar` are the files that it was read from; `today` is the city's date.
    """
    rulebook = publication.rulebook
    files = {CITY: folder / CITY_FILE, CALENDAR: calendar}
    clock = _clock(rulebook, ZoneInfo(publication.city.timezone), today)
    found = [
        FileFinding(each.code, str(files.get(each.document, notice_file(folder, each.document))), each.key, each.text)
        for each in lint.lint(rulebook, today, clock, layout_of(publication))
    ]
    for shape in chain(findings_of_zones(publication.zones, publication.coverage), _unused(publication)):
        found.append(FileFinding(shape.code, str(shapes), f"{shape.key}.{shape.part}", Text(shape.zh, shape.en)))
    graveness = list(Severity)
    return tuple(
        sorted(found, key=lambda each: (graveness.index(each.severity), each.code, each.file, each.key, each.text.en))
    )


def judged_week(publication: Publication, today: date) -> date:
    """The first day of the week in which the guidance is looked at: today, or the last week of a record that ends."""
    last = publication.city.record_until
    return today if last is None else max(min(today, last - timedelta(days=6)), publication.city.record_from)


def check_guidance(publication: Publication, today: date) -> tuple[GuidanceFinding, ...]:
    """Where a city's rules keep not to the national guidance, in the week that begins on a day."""
    clock = clock_of_years(ZoneInfo(publication.city.timezone), today.year - 1, today.year + 1)
    return guidance(publication.rulebook, judged_zones(publication), today, clock)


def places_of_articles(publication: Publication, folder: Path) -> Mapping[str, tuple[str, str]]:
    """The file and the key of every article, by its id."""
    return MappingProxyType(
        {
            article.id: (str(notice_file(folder, notice.id)), key)
            for notice in publication.rulebook.notices
            for key, article in notice.articles()
        }
    )


def judged_zones(publication: Publication) -> tuple[JudgedZone, ...]:
    """Where the guidance is looked at: every area, and the ground outside all zones.

    Special core roads, on which more may be closed, are taken to be the zones that are drawn as roads. An area that
    covers nearly all of the coverage outline is the whole city, and so is what binds everywhere.
    """
    held_by = ancestry({zone.key: zone.within for zone in publication.zones})
    outlines = [outline for outline in publication.coverage if outline.city == publication.city.id]
    areas = [
        JudgedZone(
            zone.key,
            held_by[zone.key] | {zone.key},
            any(share_covered(zone, outline) >= WHOLE_CITY_SHARE for outline in outlines),
        )
        for zone in publication.zones
        if zone.kind is Kind.AREA
    ]
    return (*areas, JudgedZone(EVERYWHERE, frozenset(), True))


def layout_of(publication: Publication) -> lint.Layout:
    """What the shapes of a city say of its zones, for the lint of its rules."""
    held_by = ancestry({zone.key: zone.within for zone in publication.zones})
    return lint.Layout(MappingProxyType(held_by), MappingProxyType(may_share_a_place(publication.zones)))


def _clock(rulebook: Rulebook, zone: ZoneInfo, today: date) -> LocalClock:
    """The clock of the city over the dates that its notices speak of, and some years beyond today."""
    walls = [wall for _, product in rulebook.products() for wall in product.period.edges()]
    days = [date.fromordinal(wall // DAY) for wall in walls]
    days += [day for _, product in rulebook.products() for window in product.windows or () for day in window.days.dates]
    years = [today.year, rulebook.city.record_from.year, *(day.year for day in days)]
    return clock_of_years(zone, min(years) - 1, max(years) + 5)


def _unused(publication: Publication) -> Iterator[ZoneFinding]:
    """Zones that no article names, no area counts in or out, and no zone lies within."""
    named = frozenset[str]().union(*(product.zones or () for _, product in publication.rulebook.products()))
    serving = _serving(publication.zones)
    for zone in publication.zones:
        if zone.key not in named and zone.key not in serving:
            yield ZoneFinding("unused-zone", zone.key, "id", "没有条文使用它", "no article names it")


def _serving(zones: tuple[Zone, ...]) -> frozenset[str]:
    return frozenset(key for zone in zones for key in (*zone.plus_roads, *zone.minus_roads, *zone.within))
