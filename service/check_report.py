"""`tongxing check`: a city folder checked, and what was found printed in groups with counts or as one JSON document."""

import json
import sys
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from itertools import groupby
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from rules.articles import clock_text
from rules.codes import Text
from rules.fields import text_document
from rules.guidance import RULES, GuidanceFinding
from rules.lint.findings import Severity
from rules.vehicle_classes import VEHICLE_CLASSES
from service import clock
from service.checking import ALL_CODES, FileFinding, check, check_guidance, judged_week
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
        _print(guidance_document(publication, broken, week), guidance_text(publication, broken, week), as_json)
        return FAILED if strict and any(each.by_law for each in broken) else 0
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


def guidance_text(publication: Publication, findings: Sequence[GuidanceFinding], week: date) -> str:
    """What was read, then every finding under its rule with the rule's source, and how many there are."""
    lines = _read(publication)
    for (by_law, code), of_code in groupby(findings, key=lambda each: (each.by_law, each.code)):
        group = list(of_code)
        rule = RULES[code]
        only = "" if by_law else "only with illustrative notices / 仅计入示范规则时: "
        lines.append(f"{only}{rule.title.en} / {rule.title.zh} [{code}], {len(group)}")
        for each in group:
            mended = "; not so with illustrative notices / 计入示范规则则无此问题" if each.mended else ""
            lines.append(f"  {_subject(each).en} / {_subject(each).zh}: {each.text.en} / {each.text.zh}{mended}")
        lines.append(f"  source: {rule.source.en} / {rule.source.zh}")
    lines.append(f"{how_many(sum(each.by_law for each in findings), 'finding')} about the law, in the week from {week}")
    return "\n".join(lines)


def _subject(finding: GuidanceFinding) -> Text:
    names = [each.name for each in VEHICLE_CLASSES if each.code == finding.vehicle_class]
    return Text(
        "、".join([finding.subject, *(name.zh for name in names)]),
        ", ".join([finding.subject, *(name.en for name in names)]),
    )


def guidance_document(publication: Publication, findings: Sequence[GuidanceFinding], week: date) -> dict[str, Any]:
    """The guidance as plain data: for each finding the zone or article, the class, and the hours that break it."""
    return {
        "city": publication.city.id,
        "digest": publication.digest,
        "week_from": week.isoformat(),
        "guidance": [
            {
                "code": each.code,
                "subject": each.subject,
                "class": each.vehicle_class,
                "by_law": each.by_law,
                "mended_by_illustrative": each.mended,
                "hours": [
                    {
                        "days": text_document(hours.days),
                        "open_minutes": hours.seconds // 60,
                        "open": [[clock_text(start // 60), clock_text(end // 60)] for start, end in hours.spans],
                    }
                    for hours in each.hours
                ],
                "text": text_document(each.text),
                "source": text_document(RULES[each.code].source),
            }
            for each in findings
        ],
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
