"""The documents of a plan: its intervals with what decides them, or time windows as the planner VROOM reads them.

Nothing in them is repeated: profiles and places point to groups, pairs of groups to schedules, intervals to
restrictions. Key order is fixed.
"""

from typing import cast
from zoneinfo import ZoneInfo

from rules.decision import DecidedStretch
from rules.explain import assumed_of_record
from rules.model import HORIZON, Restriction, Rulebook, Verdict
from service.answers import citation_document
from service.asks import ZoneAsk
from service.instants import local_clock, written
from service.locating import Located
from service.names import CAVEATS, names_of
from service.planning import Plan
from service.snapshot import Snapshot


def plan_document(plan: Plan, snapshot: Snapshot, now: int) -> dict[str, object]:
    """The plan with every interval: verdict, verdict by law, the restriction that decides it, and what is missing."""
    schedules = [
        {"city": city, "intervals": [_interval_document(each, _zone_of(city, snapshot)) for each in stretches]}
        for city, stretches in zip(plan.cities, plan.schedules, strict=True)
    ]
    return {**_head(plan, snapshot, now), "schedules": schedules, **_rests_on(plan, snapshot)}


def vroom_document(plan: Plan, snapshot: Snapshot, now: int) -> dict[str, object]:
    """The plan as arrays for `time_windows` of VROOM's jobs, in seconds since the epoch.

    VROOM takes both ends of a window to be in it, and the start of service to lie in it, so an interval `[from, until)`
    becomes `[from, until - 1]`. It refuses an empty array and takes a job without one to be open always, which is why
    a schedule without any says `never`.
    """
    schedules = [
        {
            "city": city,
            "time_windows": _windows(stretches, Verdict.ALLOWED),
            "never": all(each.verdict is not Verdict.ALLOWED for each in stretches),
            "undetermined": _windows(stretches, Verdict.UNDETERMINED),
            "illustrative": any(each.verdict is not each.by_law for each in stretches),
        }
        for city, stretches in zip(plan.cities, plan.schedules, strict=True)
    ]
    return {**_head(plan, snapshot, now), "schedules": schedules, **_rests_on(plan, snapshot)}


def _windows(stretches: tuple[DecidedStretch, ...], verdict: Verdict) -> list[list[int]]:
    """The parts of one verdict, neighbours joined, as first and last second."""
    windows: list[list[int]] = []
    for each in stretches:
        if each.verdict is verdict:
            if windows and windows[-1][1] == each.start - 1:
                windows[-1][1] = each.end - 1
            else:
                windows.append([each.start, each.end - 1])
    return windows


def _zone_of(city: str | None, snapshot: Snapshot) -> ZoneInfo:
    return ZoneInfo("UTC") if city is None else snapshot.timezone(city)


def _head(plan: Plan, snapshot: Snapshot, now: int) -> dict[str, object]:
    ask = plan.ask
    zones = {_zone_of(located.city, snapshot) for located in plan.places}
    zone = zones.pop() if len(zones) == 1 else ZoneInfo("UTC")
    asked_by_zone = sorted({stop.place.zone for stop in ask.stops if isinstance(stop.place, ZoneAsk)})
    return {
        "kept": False,
        "planned_at": written(now, zone),
        "from": written(ask.start, zone),
        "until": written(ask.end, zone),
        "horizon": written(ask.start + HORIZON, zone),
        "profiles": [
            {"ref": profile.ref, "group": group}
            for profile, group in zip(ask.profiles, plan.profile_groups, strict=True)
        ],
        "places": [{"ref": stop.ref, "group": group} for stop, group in zip(ask.stops, plan.stop_groups, strict=True)],
        "place_groups": [_group_document(located) for located in plan.places],
        "inside_or_across": {zone: list(snapshot.index.inside_or_across(zone)) for zone in asked_by_zone},
        "windows": [
            {"profile_group": profile, "place_group": place, "schedule": number}
            for (profile, place), number in sorted(plan.pairs.items())
        ],
    }


def _group_document(located: Located) -> dict[str, object]:
    certain, possible = located.place.merged().certain, located.place.merged().possible
    return {"city": located.city, "zones": sorted(certain), "possible_zones": sorted(possible - certain)}


def _interval_document(stretch: DecidedStretch, zone: ZoneInfo) -> dict[str, object]:
    reason = stretch.basis.reason
    return {
        "from": written(stretch.start, zone),
        "until": written(stretch.end, zone),
        "verdict": stretch.verdict.value,
        "verdict_by_law": stretch.by_law.value,
        "restriction": stretch.basis.restriction,
        "reason": None if reason is None else reason.value,
        "missing": list(stretch.basis.missing),
    }


def _rests_on(plan: Plan, snapshot: Snapshot) -> dict[str, object]:
    deciding: dict[str, dict[str, object]] = {}
    used = set(CAVEATS)
    for city, stretches in zip(plan.cities, plan.schedules, strict=True):
        for basis in {each.basis for each in stretches}:
            used.update(basis.missing, () if basis.reason is None else (basis.reason.value,))
            if basis.restriction is not None and city is not None:
                rulebook = snapshot.publications[city].rulebook
                deciding[basis.restriction] = _restriction_document(basis.restriction, rulebook)
    publications = [
        _publication_document(city, plan.ask.start, snapshot)
        for city in sorted({located.city for located in plan.places if located.city is not None})
    ]
    used.update(*(cast(list[str], each["assumed"]) for each in publications))
    calendar = snapshot.calendar
    return {
        "restrictions": dict(sorted(deciding.items())),
        "names": names_of(used),
        "covers": ["notices"],
        "caveats": list(CAVEATS),
        "publications": publications,
        "calendar": {
            "version": calendar.version,
            "covered_from": calendar.covered_from.isoformat(),
            "covered_until": calendar.covered_until.isoformat(),
        },
    }


def _publication_document(city: str, start: int, snapshot: Snapshot) -> dict[str, object]:
    publication = snapshot.publications[city]
    wall = local_clock(snapshot.timezone(city), start).wall(start)
    return {
        "city": city,
        "id": publication.id,
        "digest": publication.digest,
        "assumed": list(assumed_of_record(publication.city, wall)),
    }


def _restriction_document(restriction_id: str, rulebook: Rulebook) -> dict[str, object]:
    restriction: Restriction = next(each for each in rulebook.restrictions() if each.id == restriction_id)
    notice = rulebook.notice(restriction.notice)
    zones = restriction.product.zones
    return {
        "forbids": restriction.forbids.value,
        "illustrative": notice.illustrative,
        "zones": None if zones is None else sorted(zones),
        "citation": citation_document(notice, restriction.wording),
    }
