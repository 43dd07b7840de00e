"""`tongxing check`: a city folder checked, and what was found printed in groups with counts or as one JSON document."""

import json
import sys
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from itertools import groupby
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from rules.articles import clock_text
from rules.fields import text_document
from rules.guidance import RULES, GuidanceFinding, OpenHours, delivery_classes
from rules.lint.findings import Severity
from rules.vehicle_classes import VEHICLE_CLASSES
from service import clock
from service.checking import (
    ALL_CODES,
    FileFinding,
    check,
    check_guidance,
    judged_week,
    places_of_articles,
)
from service.instants import local_date
from service.publication import (
    FileFault,
    Publication,
    Unpublishable,
    calendar_file,
    load_calendar,
    load_city,
    zones_file,
)

FAILED, MISUSED = 1, 2

Places = Mapping[str, tuple[str, str]]
"""The file and the key of every article, by its id."""


def check_city(
    folder: Path, calendar: Path | None, on: datetime | None, judged_by_guidance: bool, strict: bool, as_json: bool
) -> int:
    """Check a city folder, print what was found, and give the exit code: 1 for errors, if `strict` for warnings too."""
    try:
        table = load_calendar(calendar)
    except Unpublishable as unpublishable:
        print("\n".join(map(str, unpublishable.faults)), file=sys.stderr)
        return MISUSED
    try:
        publication = load_city(folder, table)
    except Unpublishable as unpublishable:
        faults = unpublishable.faults
        _print(faults_document(faults), faults_text(faults), as_json)
        return FAILED
    zone = ZoneInfo(publication.city.timezone)
    today = on.date() if on is not None else local_date(clock.now(), zone)
    if judged_by_guidance:
        week = judged_week(publication, today)
        broken = check_guidance(publication, week)
        places = places_of_articles(publication, folder)
        document = guidance_document(publication, broken, week, places)
        _print(document, guidance_text(publication, broken, week, places), as_json)
        return FAILED if strict and any(each.by_law and each.severity is not Severity.NOTE for each in broken) else 0
    findings = check(publication, folder, zones_file(folder), calendar or calendar_file(), today)
    _print(check_document(publication, findings, today), findings_text(publication, findings), as_json)
    number = counts(findings)
    return FAILED if number[Severity.ERROR] or (strict and number[Severity.WARNING]) else 0


def how_many(number: int, what: str) -> str:
    """`1 error`, `2 errors`."""
    return f"{number} {what}" if number == 1 else f"{number} {what}s"


def _print(document: dict[str, Any], text: str, as_json: bool) -> None:
    print(json.dumps(document, ensure_ascii=False, indent=2) if as_json else text)


def faults_text(faults: Sequence[FileFault]) -> str:
    """Every fault on a line of its own, and how many there are."""
    return "\n".join([*map(str, faults), how_many(len(faults), "error")])


def findings_text(publication: Publication, findings: Sequence[FileFinding]) -> str:
    """What was read, then every finding under its code, the gravest first, and how many there are of each severity."""
    lines = _read(publication)
    for code, of_code in groupby(findings, key=lambda each: each.code):
        group = list(of_code)
        what = ALL_CODES[code]
        lines.append(f"{what.severity}: {what.title.en} / {what.title.zh} [{code}], {len(group)}")
        lines += [f"  {each.file}: {each.key}: {each.text.en} / {each.text.zh}" for each in group]
        lines.append(f"  to mend: {what.mend.en} / {what.mend.zh}")
    lines.append(", ".join(how_many(number, severity) for severity, number in counts(findings).items()))
    return "\n".join(lines)


def _read(publication: Publication) -> list[str]:
    rulebook = publication.rulebook
    read = {
        "notice": len(rulebook.notices),
        "restriction": len(list(rulebook.restrictions())),
        "exemption": len(list(rulebook.exemptions())),
        "zone": len(publication.zones),
    }
    return [
        f"{publication.city.id} {publication.city.name.zh} {publication.city.name.en}: {publication.digest}",
        ", ".join(how_many(number, what) for what, number in read.items()),
    ]


def guidance_text(publication: Publication, findings: Sequence[GuidanceFinding], week: date, places: Places) -> str:
    """What was read and judged, then every finding under its rule with the articles that make it and the rule's
    source, and how many there are."""
    judged = [each.name for each in delivery_classes()]
    lines = [
        *_read(publication),
        f"judged: {', '.join(each.en for each in judged)}; bans of the whole city: any truck / "
        f"评判车型:{'、'.join(each.zh for each in judged)};全市禁行另看任何货车",
    ]
    for (by_law, code), of_code in groupby(findings, key=lambda each: (each.by_law, each.code)):
        group = list(of_code)
        rule = RULES[code]
        only = "" if by_law else "only with illustrative notices / 仅计入示范规则时: "
        lines.append(f"{only}{rule.title.en} / {rule.title.zh} [{code}], {len(group)}")
        for each in group:
            mended = "; not so with illustrative notices / 计入示范规则则无此问题" if each.mended else ""
            note = "note / 提示: " if each.severity is Severity.NOTE else ""
            lines.append(f"  {note}{_subject(each)}: {each.text.en} / {each.text.zh}{mended}")
            lines += [f"    {file}: {key}" for file, key in (places[article] for article in each.articles)]
        lines.append(f"  source: {rule.source.en} / {rule.source.zh}")
    severities = [each.severity for each in findings if each.by_law]
    notes = severities.count(Severity.NOTE)
    number = f"{how_many(len(severities) - notes, 'finding')} and {how_many(notes, 'note')}"
    lines.append(f"{number} about the law, in the week from {week}")
    return "\n".join(lines)


def _subject(finding: GuidanceFinding) -> str:
    names = [each.name for each in VEHICLE_CLASSES if each.code == finding.vehicle_class]
    return finding.subject + "".join(f", {name.en} / {finding.subject}、{name.zh}" for name in names)


def guidance_document(
    publication: Publication, findings: Sequence[GuidanceFinding], week: date, places: Places
) -> dict[str, Any]:
    """The guidance as plain data: for each finding the zone or article, the class, and the hours that break it."""
    return {
        "city": publication.city.id,
        "digest": publication.digest,
        "week_from": week.isoformat(),
        "classes": [each.code for each in delivery_classes()],
        "guidance": [
            {
                "code": each.code,
                "severity": each.severity.value,
                "subject": each.subject,
                "class": each.vehicle_class,
                "by_law": each.by_law,
                "mended_by_illustrative": each.mended,
                "articles": [
                    {"id": article, "file": places[article][0], "key": places[article][1]} for article in each.articles
                ],
                "zones": None if each.zones is None else list(each.zones),
                "hours": [_hours_document(hours, "open" if each.zones is None else "binding") for hours in each.hours],
                "text": text_document(each.text),
                "source": text_document(RULES[each.code].source),
            }
            for each in findings
        ],
    }


def _hours_document(hours: OpenHours, what: str) -> dict[str, Any]:
    """Hours that are open where a zone is the subject, and that bind where an article is."""
    return {
        "days": text_document(hours.days),
        f"{what}_minutes": hours.seconds // 60,
        what: [[clock_text(start // 60), clock_text(end // 60)] for start, end in hours.spans],
    }


def counts(findings: Iterable[FileFinding]) -> dict[str, int]:
    """How many findings there are of each severity, the gravest first."""
    severities = [finding.severity for finding in findings]
    return {severity.value: severities.count(severity) for severity in Severity}


def faults_document(faults: Sequence[FileFault]) -> dict[str, Any]:
    """A check that ended with files that cannot be published, as plain data; it has no `findings`."""
    return {
        "faults": [
            {"file": each.file, "key": each.path, "code": each.code, "expected": each.expected, "found": each.found}
            for each in faults
        ]
    }


def check_document(publication: Publication, findings: Sequence[FileFinding], today: date) -> dict[str, Any]:
    """The findings about a city that can be published, as plain data."""
    return {
        "city": publication.city.id,
        "digest": publication.digest,
        "on": today.isoformat(),
        "faults": [],
        "findings": [
            {
                "code": each.code,
                "severity": each.severity.value,
                "file": each.file,
                "key": each.key,
                "text": text_document(each.text),
                "mend": text_document(each.mend),
            }
            for each in findings
        ],
        "counts": counts(findings),
    }
