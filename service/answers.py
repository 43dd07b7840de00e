"""The document of one answer: what the log keeps, the API returns and the command line prints.

One shape for all three, built here and nowhere else (`docs/semantics.md` explains it; answers on the wire are checked
against the models of the OpenAPI document). Instants carry the city's offset. Key order is fixed.
"""

from datetime import date
from zoneinfo import ZoneInfo

from rules.articles import window_document
from rules.calendar import Calendar
from rules.decision import Considered, Decision, ExemptionOption, Ground, Outcome, WaitOption
from rules.facts import ANY_OTHER, NO_STAGE, Span
from rules.model import Notice, Restriction, Rulebook, Wording
from rules.vehicles import Vehicle
from rules.windows import DAY, Period
from service.asks import Answer, Ask, PointAsk, ZoneAsk
from service.instants import written
from service.names import CAVEATS, names_of, value_name
from service.publication import Publication
from service.snapshot import Snapshot
from service.summary import summarise

_SHOWN_FACTS_AT_MOST = 6


def answer_document(answer: Answer, snapshot: Snapshot) -> dict[str, object]:
    """The answer as plain JSON data."""
    decision, ask = answer.decision, answer.ask
    zone = ZoneInfo("UTC") if answer.rulebook is None else ZoneInfo(answer.rulebook.city.timezone)
    summary = summarise(answer, snapshot)
    stay = ask.stay_minutes * 60
    return {
        "id": answer.id,
        "ref": ask.ref,
        "test": False,
        "summary": {"zh": summary.zh, "en": summary.en},
        "verdict": decision.verdict.value,
        "verdict_by_law": decision.by_law.verdict.value,
        "illustrative": decision.illustrative,
        "by_law": _outcome_document(decision.by_law, zone, stay),
        "reason": decision.reason.value,
        "at": written(answer.at, zone),
        "stay_minutes": ask.stay_minutes,
        "decided_for": written(decision.decided_for, zone),
        "holds_from": _written_or_null(decision.outcome.holds_from, zone),
        "holds_until": _written_or_null(decision.outcome.holds_until, zone),
        "horizon": written(decision.horizon, zone),
        "next_allowed": _outcome_document(decision.outcome, zone, stay)["next_allowed"],
        "throughout": decision.verdict.value if decision.stay is not None else None,
        "enter_and_leave": None if decision.stay is None else decision.stay.enter_and_leave.value,
        "may_not_move": []
        if decision.stay is None
        else [
            {"from": written(each.start, zone), "until": written(each.end, zone), "verdict": each.verdict.value}
            for each in decision.stay.may_not_move
        ],
        "as_drawn": None if decision.as_drawn is None else decision.as_drawn.value,
        "place": _place_document(answer, snapshot, zone),
        "vehicle": vehicle_document(answer.vehicle),
        "claims": _claims_document(answer.vehicle),
        "grounds": [_ground_document(each, answer.rulebook, zone) for each in decision.grounds],
        "considered": [_considered_document(each) for each in decision.considered],
        "options": [_option_document(each, answer.rulebook, zone) for each in decision.options],
        "missing": list(decision.missing),
        "assumed": list(decision.assumed),
        "assumptions": [{"id": each.id, "zh": each.text.zh, "en": each.text.en} for each in decision.assumptions],
        "conditions": [{"zh": text.zh, "en": text.en} for text in decision.conditions],
        "covers": ["notices"],
        "caveats": list(CAVEATS),
        "names": names_of(_codes_used(decision)),
        **_rests_on(answer, snapshot),
        "decided_at": written(answer.decided_at, zone),
    }


def _codes_used(decision: Decision) -> set[str]:
    used = {*decision.missing, *decision.assumed, *CAVEATS, decision.reason.value}
    for option in decision.options:
        if isinstance(option, ExemptionOption):
            used.update(option.unmet)
    return used.union(*(ground.unknown_for for ground in decision.grounds))


def _rests_on(answer: Answer, snapshot: Snapshot) -> dict[str, object]:
    if answer.rulebook is None:
        return {"publication": None, "calendar": None}
    return {
        "publication": publication_reference(snapshot.publications[answer.rulebook.city.id]),
        "calendar": calendar_reference(answer.rulebook.calendar),
    }


def publication_reference(publication: Publication) -> dict[str, object]:
    """Which publication answered."""
    return {"id": publication.id, "digest": publication.digest}


def calendar_reference(calendar: Calendar) -> dict[str, object]:
    """Which calendar answered, and how far it reaches."""
    return {
        "version": calendar.version,
        "covered_from": calendar.covered_from.isoformat(),
        "covered_until": calendar.covered_until.isoformat(),
    }


def _written_or_null(instant: int | None, zone: ZoneInfo) -> str | None:
    return None if instant is None else written(instant, zone)


def _outcome_document(outcome: Outcome, zone: ZoneInfo, stay: int) -> dict[str, object]:
    intervals = []
    for each in outcome.next_allowed:
        interval = {"from": written(each.start, zone), "until": _written_or_null(each.end, zone)}
        if stay:
            # Instants are whole seconds: the last at which the stay may begin is the one before `until`.
            interval["last_entry"] = None if each.end is None else written(each.end - 1, zone)
        intervals.append(interval)
    return {
        "verdict": outcome.verdict.value,
        "holds_from": _written_or_null(outcome.holds_from, zone),
        "holds_until": _written_or_null(outcome.holds_until, zone),
        "next_allowed": intervals,
    }


def _place_document(answer: Answer, snapshot: Snapshot, zone: ZoneInfo) -> dict[str, object]:
    asked = answer.ask.place
    by_point = isinstance(asked, PointAsk)
    hits = []
    for hit in answer.hits:
        shape = snapshot.zone(hit.zone)
        hits.append(
            {
                "id": hit.zone,
                "zh": shape.name_zh,
                "en": shape.name_en,
                "certainty": "certain" if hit.certain else "possible",
                "quality": shape.quality.value,
                "error_m": shape.error_m,
                "distance_m": None if hit.distance_m is None else round(hit.distance_m, 1),
                "level": None if shape.level is None else shape.level.value,
            }
        )
    return {
        "city": None if answer.rulebook is None else answer.rulebook.city.id,
        "asked_by": "point" if by_point else "zone",
        "zone": asked.zone if isinstance(asked, ZoneAsk) else None,
        "lon": asked.lon if isinstance(asked, PointAsk) else None,
        "lat": asked.lat if isinstance(asked, PointAsk) else None,
        "crs": asked.crs.value if isinstance(asked, PointAsk) else None,
        "accuracy_m": asked.accuracy_m if isinstance(asked, PointAsk) else None,
        "heading_deg": asked.heading_deg,
        "level": asked.level.value if isinstance(asked, PointAsk) and asked.level is not None else None,
        "zones": hits,
        "uniform": None if by_point else not answer.exceptions,
        "exceptions": [
            {
                "zone": each.zone,
                "zh": snapshot.zone(each.zone).name_zh,
                "en": snapshot.zone(each.zone).name_en,
                "verdict": each.verdict.value,
                "holds_until": _written_or_null(each.holds_until, zone),
            }
            for each in answer.exceptions
        ],
    }


def vehicle_document(vehicle: Vehicle) -> dict[str, object]:
    """Each fact that is known, at least in part, and where it comes from; what may be almost anything is left out."""
    document: dict[str, object] = {}
    if vehicle.plate is not None:
        document["plate"] = {"value": vehicle.plate, "zh": None, "en": None, "source": "declared", "from": None}
    for fact, known in vehicle.facts.items():
        if fact == "heading_deg" or known == frozenset({ANY_OTHER}):
            continue
        source = vehicle.sources.get(fact)
        tail = {
            "source": "declared" if source is None else source.how,
            "from": None if source is None else source.origin,
        }
        if isinstance(known, Span):
            # A range is always a conclusion (a light truck is under 6 m): it decides, but tells the reader nothing new.
            if known.low == known.high:
                document[fact] = {"value": known.low, "zh": None, "en": None, **tail}
            continue
        values = [None if value == NO_STAGE and fact == "emission_stage" else value for value in sorted(known, key=str)]
        if len(values) == 1:
            name = value_name(fact, values[0])
            named = {"zh": None, "en": None} if name is None else {"zh": name.zh, "en": name.en}
            document[fact] = {"value": values[0], **named, **tail}
        elif len(values) <= _SHOWN_FACTS_AT_MOST:
            document[fact] = {"values": values, **tail}
    return document


def _claims_document(vehicle: Vehicle) -> dict[str, object]:
    """What the caller claimed; the registry, once there is one, will mark what it proves."""
    claims = {claim: sorted(values) for claim, values in sorted(vehicle.claims.items())}
    return {"source": "declared", **claims, "passes": [each.kind for each in vehicle.passes]}


def _ground_document(ground: Ground, rulebook: Rulebook | None, zone: ZoneInfo) -> dict[str, object]:
    restriction = ground.restriction
    notice = _notice(restriction, rulebook)
    return {
        "restriction": restriction.id,
        "state": ground.state.value,
        "zones": list(ground.zones),
        "enforcement": "education" if ground.educates else "penalty",
        "forbids": restriction.forbids.value,
        "illustrative": notice.illustrative,
        "window": None if ground.window is None else window_document(ground.window),
        "lifted_by": [
            {
                "exemption": each.id,
                "illustrative": _notice_of(each.notice, rulebook).illustrative,
                "citation": citation_document(_notice_of(each.notice, rulebook), each.wording),
            }
            for each in ground.lifted_by
        ],
        "unknown_for": list(ground.unknown_for),
        "citation": citation_document(notice, restriction.wording),
    }


def _notice(restriction: Restriction, rulebook: Rulebook | None) -> Notice:
    return _notice_of(restriction.notice, rulebook)


def _notice_of(notice: str, rulebook: Rulebook | None) -> Notice:
    assert rulebook is not None, "articles are cited only where a city answered"
    return rulebook.notice(notice)


def citation_document(notice: Notice, wording: Wording) -> dict[str, object]:
    """The citation of one article: what was not seen is null."""
    return {
        "notice": notice.id,
        "name": {"zh": notice.name.zh, "en": notice.name.en},
        "title": notice.title,
        "issuer": notice.issuer,
        "number": notice.number,
        "article": wording.article,
        "text": {"zh": wording.text.zh, "en": wording.text.en},
        "text_kind": wording.kind,
        "source_grade": notice.source.grade,
        "source_url": notice.source.url,
        "verified_on": notice.source.verified_on.isoformat(),
        "in_force": _in_force(notice.period),
    }


def _in_force(period: Period) -> dict[str, str | None]:
    """Local times of the city; `until` is the first instant no longer in force, null where no end was published."""

    def local(wall: int | None) -> str | None:
        if wall is None:
            return None
        seconds = wall % DAY
        day = date.fromordinal(wall // DAY).isoformat()
        return f"{day}T{seconds // 3600:02}:{seconds // 60 % 60:02}:{seconds % 60:02}"

    return {"from": local(period.start), "until": local(period.end)}


def _considered_document(considered: Considered) -> dict[str, object]:
    text = considered.restriction.wording.text
    return {
        "restriction": considered.restriction.id,
        "why_not": considered.why_not.value,
        "detail": {"zh": text.zh, "en": text.en},
    }


def _option_document(
    option: WaitOption | ExemptionOption, rulebook: Rulebook | None, zone: ZoneInfo
) -> dict[str, object]:
    if isinstance(option, WaitOption):
        return {"kind": "wait", "until": written(option.until, zone)}
    assert rulebook is not None, "exemptions are offered only where a city answered"
    exemption = option.exemption
    where = [kind.where for kind in rulebook.city.pass_kinds if kind.id in exemption.passes and kind.where]
    return {
        "kind": "exemption",
        "exemption": exemption.id,
        "text": {"zh": exemption.wording.text.zh, "en": exemption.wording.text.en},
        "illustrative": rulebook.notice(exemption.notice).illustrative,
        "unmet": list(option.unmet),
        "lifts": list(option.lifts),
        "leaves": list(option.leaves),
        "another_vehicle": option.another_vehicle,
        "where": where[0] if where else None,
    }


def ask_document(ask: Ask, zone: ZoneInfo) -> dict[str, object]:
    """The question as plain JSON data, `at` written out; what was left to the service stays absent."""
    place = ask.place
    if isinstance(place, ZoneAsk):
        where: dict[str, object] = {"zone": place.zone}
    else:
        where = {"lon": place.lon, "lat": place.lat, "crs": place.crs.value, "accuracy_m": place.accuracy_m}
        if place.level is not None:
            where["level"] = place.level.value
    if place.heading_deg is not None:
        where["heading_deg"] = place.heading_deg
    document: dict[str, object] = {"vehicle": dict(ask.vehicle), "place": where}
    if ask.at is not None:
        document["at"] = written(ask.at, zone)
    if ask.stay_minutes:
        document["stay_minutes"] = ask.stay_minutes
    if ask.ref is not None:
        document["ref"] = ask.ref
    return document
