"""Documents in and out: TOML to a city and its notices, and back to one canonical form with a digest.

`parse_city` and `parse_notice` take the text of a TOML file; `notice_document` gives the plain data that the same file
would hold, with every default written out; `digest` is over the canonical bytes of such data. Reading what was written
gives the same value: `parse(document(x)) == x`.
"""

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from rules import codes
from rules.articles import exemption_document, read_exemption, read_restriction, restriction_document
from rules.calendar import calendar_document
from rules.codes import Text
from rules.errors import Fault, MalformedDocument
from rules.fields import Table, period_document, read_period, read_text, shown, text_document, without_nulls
from rules.model import Assumption, City, Exemption, Notice, PassKind, Restriction, Rulebook, Source
from rules.toml_text import read_toml
from rules.windows import Period

SCHEMA = 1
GRADES = ("P", "R", "N", "A", "none")
_LARGEST = 2_000_000


def parse_city(text: str, source: str) -> City:
    """The city that a `city.toml` describes; MalformedDocument with every fault otherwise."""
    return read_city(_toml(text, source), source)


def parse_notice(text: str, source: str) -> Notice:
    """The notice that a TOML file describes; MalformedDocument with every fault otherwise."""
    return read_notice(_toml(text, source), source)


def _toml(text: str, source: str) -> Mapping[str, object]:
    if len(text) > _LARGEST:
        raise MalformedDocument(source, [Fault("", "too-large", f"at most {_LARGEST} characters", str(len(text)))])
    return read_toml(text.removeprefix("\ufeff"), source)


def read_city(content: Mapping[str, object], source: str) -> City:
    faults: list[Fault] = []
    table = Table(content, "", faults)
    _read_schema(table)
    city_id = table.identifier("id")
    name = table.both_languages("name")
    timezone = table.text("timezone", required=True)
    record_from, complete_from = table.day("record_from", required=True), table.day("complete_from", required=False)
    record_until = table.day("record_until")
    pass_kinds = table.list_of("pass_kinds", lambda value, path: _read_kind(Table(value, path, faults)))
    filings = table.list_of("filings", lambda value, path: _read_kind(Table(value, path, faults)))
    _refuse_repeats("pass_kinds", [each.id for each in pass_kinds], faults)
    _refuse_repeats("filings", [each.id for each in filings], faults)
    if record_from is not None and complete_from is not None and complete_from < record_from:
        table.fault("complete_from", "wrong-order", "a date not before record_from", complete_from)
    if record_from is not None and record_until is not None and record_until < record_from:
        table.fault("record_until", "wrong-order", "a date not before record_from", record_until)
    table.close()
    if faults or city_id is None or name is None or timezone is None or record_from is None:
        raise MalformedDocument(source, faults)
    return City(city_id, name, timezone, record_from, complete_from, pass_kinds, filings, record_until)


def read_notice(content: Mapping[str, object], source: str) -> Notice:
    faults: list[Fault] = []
    table = Table(content, "", faults)
    _read_schema(table)
    notice_id = table.identifier("id") or ""
    name = table.both_languages("name")
    title, issuer, number = table.text("title"), table.text("issuer"), table.text("number")
    illustrative = table.flag("illustrative")
    period = read_period(table, "in_force", required=True)
    origin = _read_source(Table(table.take("source", required=True), "source", faults)) if table.has("source") else None
    if origin is None and not table.has("source"):
        table.take("source", required=True)
    assumptions = table.list_of("assumption", lambda value, path: _read_assumption(Table(value, path, faults)))
    rests_on = table.texts("assumptions")
    restrictions = table.list_of(
        "restrictions", lambda value, path: read_restriction(Table(value, path, faults), notice_id, period or Period())
    )
    exemptions = table.list_of(
        "exemptions", lambda value, path: read_exemption(Table(value, path, faults), notice_id, period or Period())
    )
    table.close()
    known = {each.id for each in assumptions}
    for place, used in [
        ("assumptions", rests_on),
        *((f"restrictions ({each.id})", each.assumptions) for each in restrictions),
        *((f"exemptions ({each.id})", each.assumptions) for each in exemptions),
    ]:
        for assumption in used:
            if assumption not in known:
                faults.append(Fault(place, "unknown-assumption", "the id of an [[assumption]]", shown(assumption)))
    _refuse_repeats("assumption", [each.id for each in assumptions], faults)
    _refuse_repeats("articles", [*(each.id for each in restrictions), *(each.id for each in exemptions)], faults)
    if not faults and not restrictions and not exemptions:
        faults.append(Fault("", "empty-notice", "at least one restriction or exemption", "none"))
    if faults or name is None or period is None or origin is None:
        raise MalformedDocument(source, faults)
    return Notice(
        id=notice_id,
        name=name,
        period=period,
        source=origin,
        restrictions=restrictions,
        exemptions=exemptions,
        title=title,
        issuer=issuer,
        number=number,
        illustrative=illustrative,
        assumptions=assumptions,
        rests_on=rests_on,
    )


def _read_schema(table: Table) -> None:
    value = table.take("schema", required=True)
    if value is not ... and (type(value) is not int or value != SCHEMA):
        table.fault("schema", "unknown-schema", f"{SCHEMA}, the only version this release reads", value)


def _read_kind(table: Table) -> PassKind | None:
    kind = table.identifier("id")
    zh, en, where = table.text("zh", required=True), table.text("en", required=True), table.text("where")
    table.close()
    return PassKind(kind, Text(zh, en), where) if kind and zh and en else None


def _read_assumption(table: Table) -> Assumption | None:
    assumption = table.identifier("id")
    text = read_text(table)
    return None if assumption is None or text is None else Assumption(assumption, text)


def _read_source(table: Table) -> Source | None:
    grade = table.choice("grade", GRADES)
    url = table.text("url")
    verified_on = table.day("verified_on", required=True)
    table.close()
    return None if grade is None or verified_on is None else Source(grade, url, verified_on)


def _refuse_repeats(place: str, ids: Iterable[str], faults: list[Fault]) -> None:
    seen: set[str] = set()
    for each in ids:
        if each in seen:
            faults.append(Fault(place, "duplicate-id", "every id once", shown(each)))
        seen.add(each)


def rulebook_faults(rulebook: Rulebook, zones: frozenset[str] | None = None) -> list[tuple[str, Fault]]:
    """What is wrong between documents: ids used twice, lifts and passes that name nothing, zones nobody has drawn.

    Each fault comes with the id of the notice in whose document its path is. `zones` are the ids that the city's shapes
    carry; None leaves zones unchecked.
    """
    seen: set[str] = set()
    faults: list[tuple[str, Fault]] = []
    for notice in rulebook.notices:
        if notice.id in seen:
            faults.append((notice.id, Fault("id", "duplicate-id", "every id once", shown(notice.id))))
        seen.add(notice.id)
    names = _Names(
        frozenset(each.id for each in rulebook.restrictions()),
        frozenset(seen),
        frozenset(each.id for each in rulebook.city.pass_kinds),
    )
    for notice in rulebook.notices:
        for key, article in notice.articles():
            found = [] if isinstance(article, Restriction) else list(_exemption_faults(names, key, article))
            if zones is not None:
                missing = sorted((article.product.zones or frozenset()) - zones)
                for zone in missing:
                    expected = f"a zone with a shape{codes.nearest_hint(zone, zones)}"
                    found.append(Fault(f"{key}.zones", "unknown-zone", expected, zone))
            faults.extend((notice.id, fault) for fault in found)
    return faults


@dataclass(frozen=True, slots=True)
class _Names:
    """What the documents of a city may name of each other."""

    restrictions: frozenset[str]
    notices: frozenset[str]
    pass_kinds: frozenset[str]


def _exemption_faults(names: _Names, key: str, exemption: Exemption) -> Iterable[Fault]:
    for number, lift in enumerate(exemption.lifts):
        place = f"{key}.lifts[{number}]"
        if lift.restriction is not None and lift.restriction not in names.restrictions:
            expected = f"a restriction of this city{codes.nearest_hint(lift.restriction, names.restrictions)}"
            yield Fault(f"{place}.restriction", "unknown-restriction", expected, lift.restriction)
        if lift.notice is not None and lift.notice not in names.notices:
            expected = f"a notice of this city{codes.nearest_hint(lift.notice, names.notices)}"
            yield Fault(f"{place}.notice", "unknown-notice", expected, lift.notice)
        for name in sorted(lift.notices - names.notices):
            expected = f"a notice of this city{codes.nearest_hint(name, names.notices)}"
            yield Fault(f"{place}.notices", "unknown-notice", expected, name)
    kinds = ", ".join(sorted(names.pass_kinds)) or "the pass_kinds of city.toml, which has none"
    for kind in sorted(exemption.passes - names.pass_kinds):
        yield Fault(f"{key}.passes", "unknown-pass", f"one of {kinds}", kind)


def city_document(city: City) -> dict[str, object]:
    return without_nulls(
        {
            "schema": SCHEMA,
            "id": city.id,
            "name": text_document(city.name),
            "timezone": city.timezone,
            "record_from": city.record_from,
            "complete_from": city.complete_from,
            "record_until": city.record_until,
            "pass_kinds": [_kind_document(each) for each in city.pass_kinds] or None,
            "filings": [_kind_document(each) for each in city.filings] or None,
        }
    )


def _kind_document(kind: PassKind) -> dict[str, object]:
    return without_nulls({"id": kind.id, "zh": kind.name.zh, "en": kind.name.en, "where": kind.where})


def notice_document(notice: Notice) -> dict[str, object]:
    return without_nulls(
        {
            "schema": SCHEMA,
            "id": notice.id,
            "name": text_document(notice.name),
            "title": notice.title,
            "issuer": notice.issuer,
            "number": notice.number,
            "illustrative": notice.illustrative,
            "in_force": period_document(notice.period),
            "source": without_nulls(
                {"grade": notice.source.grade, "url": notice.source.url, "verified_on": notice.source.verified_on}
            ),
            "assumptions": list(notice.rests_on) or None,
            "assumption": [{"id": each.id, **text_document(each.text)} for each in notice.assumptions] or None,
            "restrictions": [restriction_document(each) for each in notice.restrictions] or None,
            "exemptions": [exemption_document(each) for each in notice.exemptions] or None,
        }
    )


def rulebook_document(rulebook: Rulebook) -> dict[str, object]:
    """All that decides in a city, in an order that does not depend on the order of files."""
    return {
        "city": city_document(rulebook.city),
        "calendar": calendar_document(rulebook.calendar),
        "notices": [notice_document(each) for each in sorted(rulebook.notices, key=lambda notice: notice.id)],
    }


def canonical_bytes(document: object) -> bytes:
    """One byte string for one meaning: UTF-8 JSON, keys sorted, no white space, dates as ISO 8601."""

    def plain(value: object) -> str:
        if isinstance(value, date):
            return value.isoformat()
        raise TypeError(f"{type(value).__name__} has no canonical form")

    text = json.dumps(
        document, ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False, default=plain
    )
    return text.encode()


def digest(document: object) -> str:
    """`sha256:` and the hexadecimal digest of the canonical bytes."""
    return f"sha256:{hashlib.sha256(canonical_bytes(document)).hexdigest()}"


def code_lists_document() -> dict[str, dict[str, dict[str, str]]]:
    """Every code list with its names, for people and programs that fill in a question."""
    return {
        subject: {code: text_document(name) for code, name in code_list.names.items()}
        for subject, code_list in codes.CODE_LISTS.items()
    }
