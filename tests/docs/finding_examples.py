"""The examples of docs/findings.md: the city of the page, changed as an example says, and what is found in it."""

import json
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from geodata.geojson import zones_from_geojson
from rules.calendar import parse_calendar
from rules.codec import read_city, read_notice
from rules.guidance import RULES
from rules.model import Rulebook
from service.checking import ALL_CODES, check, check_guidance
from service.publication import load_calendar, publish
from tests.docs.dictionary_tables import table
from tests.docs.pages import DOCS, only

FINDINGS = DOCS / "findings.md"
TODAY = date(2026, 11, 24)


@dataclass(frozen=True, slots=True)
class Example:
    """One block: the code under whose heading it stands, whether it is mended, and what it changes."""

    code: str
    mended: bool
    tag: str
    text: str
    line: int


def examples() -> Iterator[Example]:
    """Every example of the page, in order."""
    code, tag, kept, start = "", "", [], 0
    for number, line in enumerate(FINDINGS.read_text(encoding="utf-8").splitlines(), start=1):
        if line.startswith("### "):
            code = line.removeprefix("### ")
        elif line.startswith("```") and not tag:
            tag, kept, start = line.removeprefix("```"), [], number
        elif line == "```":
            if tag.split()[1] in ("finding", "mended"):
                yield Example(code, tag.split()[1] == "mended", tag, "\n".join(kept), start)
            tag = ""
        elif tag:
            kept.append(line)


def found(example: Example) -> set[str]:
    """The codes that are found in the city of the page, changed as the example says."""
    city = tomllib.loads(only(FINDINGS, "toml base city").text)
    notice = tomllib.loads(only(FINDINGS, "toml base notice").text)
    zones = json.loads(only(FINDINGS, "json base zones").text)
    calendar = load_calendar()
    if example.tag.startswith("json"):
        zones = _with_feature(zones, json.loads(example.text))
    elif example.tag.endswith("calendar"):
        calendar = parse_calendar(example.text, "example")
    elif example.tag.endswith("city"):
        city |= tomllib.loads(example.text)
    else:
        notice = _changed(notice, tomllib.loads(example.text))
    rulebook = Rulebook(read_city(city, "city"), calendar, (read_notice(notice, "notice"),))
    publication = publish(rulebook, *zones_from_geojson(json.dumps(zones).encode()))
    if example.code in RULES:
        return {each.code for each in check_guidance(publication, TODAY)}
    folder = Path("town")
    return {each.code for each in check(publication, folder, folder / "zones.geojson", Path("cn.toml"), TODAY)}


def _changed(notice: dict[str, Any], change: Mapping[str, Any]) -> dict[str, Any]:
    """The notice with what the change says; articles are changed by their id, and a new one begins as the first."""
    changed = notice | {key: value for key, value in change.items() if key not in ("restrictions", "exemptions")}
    for kind in ("restrictions", "exemptions"):
        articles = {article["id"]: article for article in notice[kind]}
        for article in change.get(kind, []):
            before = dict(articles.get(article["id"], notice[kind][0]))
            for one, other in (("everywhere", "zones"), ("always", "windows")):
                if one in article:
                    before.pop(other, None)
            articles[article["id"]] = before | article
        changed[kind] = list(articles.values())
    return changed


def _with_feature(zones: dict[str, Any], feature: Mapping[str, Any]) -> dict[str, Any]:
    said = feature["properties"]
    features = {each["properties"]["id"]: each for each in zones["features"]}
    alike = (each for each in features.values() if each["properties"]["kind"] == said.get("kind"))
    like = features.get(said["id"]) or next(alike)
    features[said["id"]] = like | dict(feature) | {"properties": like["properties"] | said}
    return zones | {"features": list(features.values())}


def code_table() -> str:
    """The table of all codes of `tongxing check`, the gravest first."""
    grave = ["error", "warning", "note"]
    codes = sorted(ALL_CODES.items(), key=lambda each: (grave.index(each[1].severity.value), each[0]))
    rows = [
        (f"[`{code}`](#{code})", f"`{each.severity}`", each.title.zh, each.title.en, each.mend.en)
        for code, each in codes
    ]
    return table(("code", "severity", "中文", "English", "to mend"), rows)


def guidance_table() -> str:
    """The table of the rules of the guidance, with their sources."""
    rows = [(f"[`{code}`](#{code})", rule.title.zh, rule.title.en, rule.source.zh) for code, rule in RULES.items()]
    return table(("code", "中文", "English", "source"), rows)
