"""The national guidance as a lint of its own: what a city's rules should leave open to delivery trucks.

Judged are whole vehicles without pass or claim, in a week that begins on a given date, with its days of every kind
that their day of the week can be of (`rules.open_hours`): hours are worked out, so nothing is sampled. Delivery trucks
are the standard classes (`rules.vehicle_classes`) of micro, light and medium trucks with a van body or an enclosed one.
Bans of a whole city are looked at article by article, too, for any truck that there may be.

The sources were read as reports; the texts themselves were not seen.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from types import MappingProxyType

from rules.codes import Text
from rules.conditions import Everyone, describe, holds
from rules.guidance_articles import DELIVERY_BODIES, DELIVERY_SIZES, NEWEST, ban_at_all_hours, split_by_tonnage
from rules.lint.findings import Severity
from rules.lint.times import both, empty
from rules.model import Product, Restriction, Rulebook, Verdict
from rules.open_hours import JudgedZone, OpenHours, Week, grouped, joined
from rules.reading import read_vehicle
from rules.truth import Truth
from rules.vehicle_classes import VEHICLE_CLASSES, VehicleClass
from rules.windows import DAY, LocalClock, Period

__all__ = ["RULES", "GuidanceFinding", "GuidanceRule", "JudgedZone", "OpenHours", "delivery_classes", "guidance"]

LEAST_OPEN_S = 6 * 3600
"""Open hours a day that a delivery truck should have outside special core roads, in seconds."""

_LONGEST_SAID = 200

NOTICE_2018 = Text(
    "公安部《关于进一步规范和优化城市配送车辆通行管理的通知》(据2018年10月22日报道)",
    "Ministry of Public Security, notice on passage of city delivery vehicles (as reported on 2018-10-22)",
)
MEASURES_2021 = Text(
    "公安部2021年便利货车通行措施(据报道)", "Ministry of Public Security, measures of 2021 for trucks (as reported)"
)


@dataclass(frozen=True, slots=True)
class GuidanceRule:
    """One rule of the guidance, and where it comes from."""

    title: Text
    source: Text


RULES: Mapping[str, GuidanceRule] = MappingProxyType(
    {
        "guidance-six-hours": GuidanceRule(
            Text("配送货车每天开放不足6小时", "delivery trucks have less than 6 open hours a day"), MEASURES_2021
        ),
        "guidance-tonnage": GuidanceRule(
            Text("轻型货车按吨位再作区分", "light trucks are told apart by tonnage"), MEASURES_2021
        ),
        "guidance-new-energy": GuidanceRule(
            Text(
                "新能源配送货车的开放时间不长于柴油车",
                "new-energy delivery trucks have no longer hours than diesel ones",
            ),
            Text(f"{NOTICE_2018.zh};{MEASURES_2021.zh}", f"{NOTICE_2018.en}; {MEASURES_2021.en}"),
        ),
        "guidance-blanket-ban": GuidanceRule(Text("全市全天禁行", "a 24-hour ban over the whole city"), MEASURES_2021),
    }
)
"""The rules that are looked at, by code. A code is stable."""


@dataclass(frozen=True, slots=True)
class GuidanceFinding:
    """Where the guidance is not kept: by which zone or article, for which class, and the hours that break it.

    `articles` are those that break it. `hours` are open ones where a zone is the subject; where an article is, `zones`
    are where it binds (none: everywhere) and `hours` when. A note is to be known, and in order for what the guidance
    asks. `by_law` is false where only the illustrative notices break it; `mended` is true where they would mend it.
    """

    code: str
    subject: str
    vehicle_class: str | None
    text: Text
    hours: tuple[OpenHours, ...] = ()
    articles: tuple[str, ...] = ()
    zones: tuple[str, ...] | None = None
    severity: Severity = Severity.WARNING
    by_law: bool = True
    mended: bool = False


def guidance(
    rulebook: Rulebook, zones: Iterable[JudgedZone], today: date, clock: LocalClock
) -> tuple[GuidanceFinding, ...]:
    """All findings for the seven days from `today`; law decides, illustrative notices are only looked at beside it.

    `clock` must reach a horizon and a week to either side of `today`.
    """
    judged = sorted(zones, key=lambda zone: zone.key)
    by_law = _findings(rulebook.by_law(), judged, today, clock)
    with_all = by_law if rulebook.by_law() == rulebook else _findings(rulebook, judged, today, clock)
    found = [replace(each, mended=key not in with_all) for key, each in by_law.items()]
    found += [replace(each, by_law=False) for key, each in with_all.items() if key not in by_law]
    return tuple(sorted(found, key=lambda each: (not each.by_law, each.code, each.subject, each.vehicle_class or "")))


_Key = tuple[str, str, str | None]


def _findings(
    rulebook: Rulebook, zones: Sequence[JudgedZone], today: date, clock: LocalClock
) -> dict[_Key, GuidanceFinding]:
    week = Week(rulebook, today, clock)
    found = [
        *(each for zone in zones for each in _six_hours(zone, week)),
        *(each for zone in zones for each in _new_energy(zone, week)),
        *_blanket_bans(zones, week),
        *_tonnage(week),
    ]
    return {(each.code, each.subject, each.vehicle_class): each for each in found}


def delivery_classes() -> list[VehicleClass]:
    """The standard classes that are delivery trucks."""
    return [
        each
        for each in VEHICLE_CLASSES
        if each.facts["kind"] == "truck"
        and each.facts["size"] in DELIVERY_SIZES
        and each.facts.get("body") in DELIVERY_BODIES
    ]


def _six_hours(zone: JudgedZone, week: Week) -> Iterator[GuidanceFinding]:
    for vehicle_class in delivery_classes():
        hours_of_days = week.hours(zone, vehicle_class.code, vehicle_class.facts)
        short = {day: hours for day, hours in hours_of_days.items() if hours.seconds < LEAST_OPEN_S}
        if short:
            found = grouped(short)
            text = joined([each.text for each in found])
            closing = week.closed_by(zone, vehicle_class.facts, short)
            yield GuidanceFinding("guidance-six-hours", zone.key, vehicle_class.code, text, found, closing)


def _pairs() -> Iterator[tuple[VehicleClass, VehicleClass]]:
    """Each electric class with the cleanest diesel class of the same size and body."""
    for electric in delivery_classes():
        if electric.facts.get("energy") != "battery_electric":
            continue
        diesel = [
            each
            for each in delivery_classes()
            if each.facts.get("energy") == "diesel"
            and (each.facts["size"], each.facts["body"]) == (electric.facts["size"], electric.facts["body"])
        ]
        if diesel:
            yield electric, max(diesel, key=lambda each: str(each.facts["emission_stage"]))


def _new_energy(zone: JudgedZone, week: Week) -> Iterator[GuidanceFinding]:
    for electric, diesel in _pairs():
        ours, theirs = (week.hours(zone, each.code, each.facts) for each in (electric, diesel))
        no_longer = {
            day: hours
            for day, hours in ours.items()
            if not theirs[day].all_day and hours.seconds <= theirs[day].seconds
        }
        if no_longer:
            found = grouped(no_longer)
            said = joined([each.text for each in found])
            text = Text(f"{said.zh},不长于{diesel.name.zh}", f"{said.en}; no longer than {diesel.name.en}")
            closing = week.closed_by(zone, electric.facts, no_longer)
            yield GuidanceFinding("guidance-new-energy", zone.key, electric.code, text, found, closing)


def _blanket_bans(zones: Sequence[JudgedZone], week: Week) -> Iterator[GuidanceFinding]:
    """Restrictions that close the whole city at all hours, and classes to which several of them together do."""
    whole = [zone for zone in zones if zone.whole_city]

    def whole_city(named: frozenset[str] | None) -> bool:
        return bool(whole) and (named is None or any(named & zone.applying for zone in whole))

    bans = []
    for restriction in week.rulebook.restrictions():
        severity = ban_at_all_hours(week.rulebook, restriction, whole_city, _period(week))
        if severity is not None:
            bans.append(restriction)
            said = describe(restriction.product.condition)[:_LONGEST_SAID]
            text = Text(
                f"全市任何一天都不向符合以下条件的车辆开放:“{said}”",
                f'the whole city is closed at all hours of every day to vehicles that meet: "{said}"',
            )
            found = _of_article("guidance-blanket-ban", restriction.id, restriction.product, text, week)
            yield replace(found, severity=severity)
    for zone in whole:
        for vehicle_class in VEHICLE_CLASSES:
            hours = week.hours(zone, vehicle_class.code, vehicle_class.facts)
            if all(each.never for each in hours.values()) and not _barred_by_one(bans, vehicle_class, week):
                text = Text("全市任何一天都不开放", "closed at all hours of every day in the whole city")
                newest = vehicle_class.facts.get("emission_stage", min(NEWEST, key=int)) in NEWEST
                severity = Severity.WARNING if newest and vehicle_class in delivery_classes() else Severity.NOTE
                closing = week.closed_by(zone, vehicle_class.facts, hours)
                yield GuidanceFinding(
                    "guidance-blanket-ban",
                    zone.key,
                    vehicle_class.code,
                    text,
                    grouped(hours),
                    closing,
                    severity=severity,
                )


def _barred_by_one(bans: Sequence[Restriction], vehicle_class: VehicleClass, week: Week) -> bool:
    vehicle = read_vehicle(vehicle_class.facts)
    wall = week.today.toordinal() * DAY
    return any(holds(each.product.condition, vehicle, wall) is Truth.YES for each in bans)


def _tonnage(week: Week) -> Iterator[GuidanceFinding]:
    during = _period(week)
    for article, product in week.rulebook.products():
        if not empty(both(product.period, during)):
            text = split_by_tonnage(product.condition)
            if text is not None:
                yield _of_article("guidance-tonnage", article, product, text, week)


def _of_article(code: str, article: str, product: Product, text: Text, week: Week) -> GuidanceFinding:
    """A finding about one article, with the zones and hours in which it binds anybody at all."""
    here = frozenset({"here"})
    alone = replace(product, zones=here, condition=Everyone())
    (notice,) = (each for each in week.rulebook.notices if any(one.id == article for _, one in each.articles()))
    (wording,) = (one.wording for _, one in notice.articles() if one.id == article)
    only = replace(notice, restrictions=(Restriction(article, notice.id, alone, wording),), exemptions=())
    binding = Week(replace(week.rulebook, notices=(only,)), week.today, week.clock, Verdict.PROHIBITED)
    found = binding.hours(JudgedZone("here", here), "anybody", {})
    hours = grouped({day: each for day, each in found.items() if each.seconds})
    when = joined([each.times for each in hours])
    zones = None if product.zones is None else tuple(sorted(product.zones))
    where = Text("全市", "everywhere") if zones is None else Text("、".join(zones), f"in {', '.join(zones)}")
    said = Text(f"{text.zh};{where.zh},{when.zh}", f"{text.en}; {where.en}, {when.en}")
    return GuidanceFinding(code, article, None, said, hours, (article,), zones or ())


def _period(week: Week) -> Period:
    return Period.of_dates(week.today, week.today + timedelta(days=6))
