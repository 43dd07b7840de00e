"""Questions with known answers: read from TOML files, asked, and compared with what was expected.

A verb: `tongxing test` runs it, and so do this project's own tests. Each case loads the notices it names and no others.
"""

import math
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from types import EllipsisType, MappingProxyType
from zoneinfo import ZoneInfo

from geodata.crs import Crs
from geodata.errors import GeodataError
from geodata.zones import Level
from rules.decision import Interval, Reason, State
from rules.errors import FactFault, Fault, InvalidQuestion, InvalidVehicle, MalformedDocument
from rules.fields import Table
from rules.model import Verdict
from rules.toml_text import read_toml
from service.asks import LONGEST_STAY_MINUTES, Answer, Ask, PointAsk, ZoneAsk
from service.deciding import decide_one
from service.instants import FIRST_YEAR, LAST_YEAR, written
from service.publication import FileFault
from service.snapshot import Snapshot
from service.topics import TOPICS, unknown_topic

BASES = ("text", "convention", "inference")
_LARGEST_FILE = 16 * 1024 * 1024


class MalformedScenarios(Exception):
    """Files that hold no usable cases, with every fault found."""

    def __init__(self, faults: tuple[FileFault, ...]) -> None:
        self.faults = faults
        super().__init__("\n".join(str(fault) for fault in faults))


@dataclass(frozen=True, slots=True)
class Expected:
    """What a case says of its answer; None is: nothing said. Ids are compared without their order."""

    verdict: Verdict
    reason: Reason | None = None
    grounds: frozenset[str] | None = None
    missing: frozenset[str] | None = None
    until: int | None = None
    next_allowed: tuple[Interval, ...] | None = None
    verdict_by_law: Verdict | None = None
    exceptions: frozenset[str] | None = None


@dataclass(frozen=True, slots=True)
class Scenario:
    """One question with its known answer. `notices` are loaded for it; `why` says why the answer is right.

    `exercises` are the topics that it is there to try; none where nothing was said.
    """

    file: Path
    id: str
    notices: frozenset[str]
    ask: Ask
    expected: Expected
    basis: str
    why: str
    exercises: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of one case: it passed if nothing differs. `grounds` are those that were found, for people."""

    scenario: Scenario
    differences: tuple[str, ...]
    grounds: tuple[str, ...]

    @property
    def passed(self) -> bool:
        return not self.differences


def scenario_files(path: Path) -> tuple[Path, ...]:
    """The file, or the TOML files of the folder and of those inside it; MalformedScenarios if there are none."""
    if path.is_file():
        return (path,)
    files = tuple(sorted(each for each in path.rglob("*.toml") if each.is_file())) if path.is_dir() else ()
    if not files:
        found = "a folder without any" if path.is_dir() else "nothing"
        fault = FileFault(str(path), "", "no-file", "a scenario file, or a folder with *.toml in it", found)
        raise MalformedScenarios((fault,))
    return files


def read_scenarios(file: Path) -> tuple[Scenario, ...]:
    """The cases of one file, in its order; MalformedScenarios with every fault otherwise."""
    faults: list[Fault] = []
    scenarios: tuple[Scenario, ...] = ()
    content = _toml(file, faults)
    if content is not None:
        document = Table(content, "", faults)
        scenarios = document.list_of("case", lambda value, path: _read_case(file, Table(value, path, faults)), True)
        document.close()
        seen: set[str] = set()
        for scenario in scenarios:
            if scenario.id in seen:
                faults.append(Fault("case", "duplicate-id", "every id once", repr(scenario.id)))
            seen.add(scenario.id)
    if faults:
        raise MalformedScenarios(
            tuple(FileFault(str(file), each.path, each.code, each.expected, each.found) for each in faults)
        )
    return scenarios


def run_scenario(scenario: Scenario, snapshot: Snapshot) -> Outcome:
    """Ask the case of the snapshot, with only its notices loaded. `snapshot` holds illustrative notices, too."""
    unknown = scenario.notices - {notice.id for _, notice in snapshot.notices()}
    if unknown:
        return Outcome(scenario, (f"notices: not loaded: {', '.join(sorted(unknown))}",), ())
    narrowed = _with_only(scenario.notices, snapshot)
    try:
        answer = decide_one(scenario.ask, narrowed, now=0)
    except InvalidVehicle as error:
        return Outcome(scenario, tuple(f"question refused: {_refusal(fault)}" for fault in error.faults), ())
    except (InvalidQuestion, GeodataError) as error:
        return Outcome(scenario, (f"question refused: {error}",), ())
    zone = ZoneInfo("UTC") if answer.rulebook is None else ZoneInfo(answer.rulebook.city.timezone)
    return Outcome(scenario, tuple(_differences(scenario.expected, answer, zone)), tuple(_grounds(answer)))


def _refusal(fault: FactFault) -> str:
    found = "" if fault.found is None else f", found {fault.found!r}"
    return f"{', '.join(fault.fields)}: {fault.en}{found}"


def _with_only(notices: frozenset[str], snapshot: Snapshot) -> Snapshot:
    publications = {
        city: replace(publication, rulebook=publication.rulebook.only(notices))
        for city, publication in snapshot.publications.items()
    }
    return replace(snapshot, publications=MappingProxyType(publications))


def _differences(expected: Expected, answer: Answer, zone: ZoneInfo) -> Iterator[str]:
    decision = answer.decision
    stands = frozenset(each.restriction.id for each in decision.grounds if each.state is State.STANDS)
    pairs: tuple[tuple[str, object, object], ...] = (
        ("verdict", expected.verdict, decision.verdict),
        ("verdict by law", expected.verdict_by_law, decision.by_law.verdict),
        ("reason", expected.reason, decision.reason),
        ("grounds that stand", expected.grounds, stands),
        ("missing", expected.missing, frozenset(decision.missing)),
        ("exceptions", expected.exceptions, frozenset(each.zone for each in answer.exceptions)),
        ("until", expected.until, decision.outcome.holds_until),
        ("next allowed", expected.next_allowed, decision.outcome.next_allowed),
    )
    for what, wanted, found in pairs:
        if wanted is not None and wanted != found:
            yield f"{what}: expected {_shown(wanted, zone)}, found {_shown(found, zone)}"


def _shown(value: object, zone: ZoneInfo) -> str:
    if isinstance(value, frozenset):
        return ", ".join(sorted(value)) or "none"
    if isinstance(value, tuple):
        return "; ".join(_shown(each, zone) for each in value) or "none"
    if isinstance(value, Interval):
        end = "(no end before the horizon)" if value.end is None else written(value.end, zone)
        return f"{written(value.start, zone)} to {end}"
    if isinstance(value, int):
        return written(value, zone)
    return "no change before the horizon" if value is None else str(value)


def _grounds(answer: Answer) -> Iterator[str]:
    for ground in answer.decision.grounds:
        why = [f"lifted by {each.id}" for each in ground.lifted_by]
        if ground.unknown_for:
            why.append(f"unknown for want of {', '.join(ground.unknown_for)}")
        yield " ".join([ground.restriction.id, ground.state.value, *(f"({each})" for each in why)])


def _toml(file: Path, faults: list[Fault]) -> object:
    try:
        if file.stat().st_size > _LARGEST_FILE:
            faults.append(Fault("", "too-large", f"at most {_LARGEST_FILE} bytes", "more"))
            return None
        return read_toml(file.read_bytes().decode("utf-8-sig"), str(file))
    except OSError as error:
        faults.append(Fault("", "unreadable", "a readable file", error.strerror or "an error"))
    except UnicodeDecodeError as error:
        faults.append(Fault("", "not-utf-8", "UTF-8 text", f"another byte at position {error.start}"))
    except MalformedDocument as malformed:
        faults.extend(malformed.faults)
    return None


def _read_case(file: Path, table: Table) -> Scenario | None:
    before = len(table.faults)
    case_id = table.text("id", required=True)
    notices = table.texts("notices", required=True)
    vehicle = table.take("vehicle", required=True)
    place = _read_place(table)
    at = _instant(table, "at", required=True)
    stay = table.number("stay_minutes", 0, LONGEST_STAY_MINUTES)
    verdict = table.choice("expect", tuple(Verdict))
    expected = _read_expected(table, verdict)
    basis = table.choice("basis", BASES)
    why = table.text("why", required=True)
    exercises = _topics(table)
    table.close()
    if not isinstance(vehicle, Mapping | EllipsisType):
        table.fault("vehicle", "wrong-type", "a table of what is known of the vehicle", vehicle)
    if len(table.faults) > before:
        return None
    # What is None here has left a fault behind.
    assert case_id and place and expected and basis and why and isinstance(vehicle, Mapping)
    ask = Ask(vehicle, place, at, stay or 0)
    return Scenario(file, case_id, frozenset(notices), ask, expected, basis, why, exercises)


def _topics(table: Table) -> tuple[str, ...]:
    """The topics that a case names; each must be of the vocabulary."""
    topics = table.texts("exercises")
    for number, topic in enumerate(topics):
        if topic not in TOPICS:
            table.fault(f"exercises[{number}]", "unknown-topic", unknown_topic(topic), topic)
    return topics


def _read_expected(table: Table, verdict: str | None) -> Expected | None:
    reason = table.choice("expect_reason", tuple(Reason), default="")
    by_law = table.choice("expect_verdict_by_law", tuple(Verdict), default="")
    grounds, missing, exceptions = (_ids(table, f"expect_{key}") for key in ("grounds", "missing", "exceptions"))
    until = _instant(table, "expect_until")
    intervals: tuple[Interval, ...] | None = None
    if table.take("expect_next_allowed") == []:
        intervals = ()
    elif table.has("expect_next_allowed"):
        intervals = table.list_of("expect_next_allowed", lambda value, path: _read_interval(value, path, table.faults))
    if verdict is None:
        return None
    return Expected(
        verdict=Verdict(verdict),
        reason=Reason(reason) if reason else None,
        grounds=grounds,
        missing=missing,
        until=until,
        next_allowed=intervals,
        verdict_by_law=Verdict(by_law) if by_law else None,
        exceptions=exceptions,
    )


def _ids(table: Table, key: str) -> frozenset[str] | None:
    """A list of ids; an empty one says that none is expected, an absent one says nothing."""
    if table.take(key) == []:
        return frozenset()
    return frozenset(table.texts(key)) if table.has(key) else None


def _read_interval(value: object, path: str, faults: list[Fault]) -> Interval | None:
    table = Table(value, path, faults)
    start, end = _instant(table, "from", required=True), _instant(table, "until")
    table.close()
    return None if start is None else Interval(start, end)


def _instant(table: Table, key: str, required: bool = False) -> int | None:
    """A TOML date-time with offset, as an instant; fractions of a second are cut off."""
    value = table.take(key, required)
    if isinstance(value, EllipsisType):
        return None
    if not isinstance(value, datetime) or value.tzinfo is None or not FIRST_YEAR <= value.year <= LAST_YEAR:
        expected = f"a date-time with offset such as 2026-11-24T08:00:00+08:00, from {FIRST_YEAR} to {LAST_YEAR}"
        table.fault(key, "wrong-date", expected, str(value) if isinstance(value, datetime) else value)
        return None
    return math.floor(value.timestamp())


def _read_place(table: Table) -> ZoneAsk | PointAsk | None:
    value = table.take("place", required=True)
    if isinstance(value, EllipsisType):
        return None
    place = Table(value, table.place("place"), table.faults)
    zone, heading = place.text("zone"), _float(place, "heading_deg", 0.0, 360.0)
    if place.has("zone") or not isinstance(value, Mapping):
        place.close()
        return None if zone is None else ZoneAsk(zone, heading)
    lon, lat = _float(place, "lon", -180.0, 180.0, required=True), _float(place, "lat", -90.0, 90.0, required=True)
    crs = place.choice("crs", tuple(Crs))
    accuracy = _float(place, "accuracy_m", 0.0, math.inf)
    level = place.choice("level", tuple(Level), default="")
    place.close()
    if lon is None or lat is None or crs is None:
        return None
    return PointAsk(lon, lat, Crs(crs), accuracy or 0.0, heading, Level(level) if level else None)


def _float(table: Table, key: str, low: float, high: float, required: bool = False) -> float | None:
    value = table.take(key, required)
    if isinstance(value, EllipsisType):
        return None
    # Compared, not converted: an integer of 400 digits does not fit into a float.
    most = min(high, sys.float_info.max)
    if isinstance(value, bool) or not isinstance(value, int | float) or not low <= value <= most:
        bound = "or more" if math.isinf(high) else f"to {high:g}"
        table.fault(key, "wrong-number", f"a number, {low:g} {bound}", value)
        return None
    return float(value)
