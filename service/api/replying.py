"""One question answered and kept: what the ways of asking share."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import cast
from zoneinfo import ZoneInfo

from pydantic import ValidationError
from starlette.responses import Response

from geodata.errors import BadCoordinate, UnknownZone
from geodata.zones import Zone
from rules.errors import InvalidQuestion, InvalidVehicle
from rules.reading import read_vehicle
from service.answers import answer_document, ask_document
from service.api.problems import (
    BODY,
    QUERY,
    Flaw,
    Origin,
    Refused,
    coordinate_flaw,
    question_flaw,
    vehicle_flaws,
    zone_flaw,
)
from service.api.wire_ask import AskIn, ask_flaws
from service.api.wiring import Services
from service.asks import Ask
from service.deciding import decide_one
from service.decision_log import KeptDecision
from service.snapshot import Snapshot
from service.vehicles import Reader

JSON = "application/json"
PRIVATE = {"Cache-Control": "private, no-store"}
"""For decisions: they are about somebody, and a question asked again may be answered otherwise."""


def read_ask(said: Mapping[str, object]) -> Ask:
    """The question in a body; Refused with every fault of it, those of the vehicle among them."""
    try:
        return AskIn.model_validate(said).to_ask()
    except ValidationError as error:
        vehicle = said.get("vehicle")
        flaws = faults_of_vehicle(vehicle, BODY) if isinstance(vehicle, Mapping) else ()
        raise Refused("invalid-question", (*ask_flaws(error, said), *flaws)) from None


def of_vehicle(place: str) -> Origin:
    """The origin of a vehicle that stands somewhere else in a body than in a question."""
    return replace(BODY, vehicle=place)


def faults_of_vehicle(said: Mapping[str, object], origin: Origin) -> tuple[Flaw, ...]:
    """What is wrong with a vehicle, for a question that is refused anyway."""
    try:
        read_vehicle(said)
    except InvalidVehicle as error:
        return vehicle_flaws(error, origin)
    return ()


def decide_and_keep(ask: Ask, services: Services, origin: Origin) -> dict[str, object]:
    """The document of the answer, kept before it is returned; Refused where the question cannot be answered."""
    document, kept = decided(ask, services.snapshot, services.now(), origin)
    with services.metrics.keeping():
        services.log.keep(kept)
    count((kept,), services)
    return document


def count(decisions: Sequence[KeptDecision], services: Services) -> None:
    """Tell the metrics of decisions that were kept."""
    for kept in decisions:
        place = cast(Mapping[str, str | None], kept.answered["place"])
        services.metrics.decided(place["city"], kept.answered)


def decided(
    ask: Ask, snapshot: Snapshot, now: int, origin: Origin, read: Reader = read_vehicle
) -> tuple[dict[str, object], KeptDecision]:
    """The document of the answer and what must be kept of it; Refused where the question cannot be answered."""
    try:
        answer = decide_one(ask, snapshot, now, read=read)
    except UNANSWERABLE as error:
        raise Refused("invalid-question", flaws_of(error, snapshot, origin)) from None
    document = answer_document(answer, snapshot)
    city = None if answer.rulebook is None else answer.rulebook.city.id
    timezone = ZoneInfo("UTC") if city is None else snapshot.timezone(city)
    digest = None if city is None else snapshot.publications[city].digest
    return document, KeptDecision(answer.id, ask_document(ask, timezone), document, digest, answer.decided_at)


UNANSWERABLE = (InvalidVehicle, InvalidQuestion, BadCoordinate, UnknownZone)
"""What the verbs raise of a question without an answer."""


def flaws_of(error: Exception, snapshot: Snapshot, origin: Origin) -> tuple[Flaw, ...]:
    """The flaws of one of `UNANSWERABLE`."""
    match error:
        case InvalidVehicle():
            return vehicle_flaws(error, origin)
        case InvalidQuestion():
            return (question_flaw(error, origin),)
        case BadCoordinate():
            return (coordinate_flaw(error, origin),)
        case UnknownZone():
            return (zone_flaw(error, snapshot.index.keys, origin),)
    raise error


def zone_or_refuse(key: str, snapshot: Snapshot) -> Zone:
    """The zone named in a path; Refused as not found where there is none."""
    try:
        return snapshot.zone(key)
    except UnknownZone as error:
        raise Refused("not-found", [zone_flaw(error, snapshot.index.keys, QUERY)]) from None


def json_response(document: object, headers: Mapping[str, str] | None = None, media_type: str = JSON) -> Response:
    """A document as JSON that nobody may keep in a cache, unless the headers say otherwise."""
    return Response(json_bytes(document), headers=headers, media_type=media_type)


def json_bytes(document: object) -> bytes:
    """JSON in UTF-8 with Chinese as it is; dates as ISO 8601. NaN would be a fault of ours."""
    return json.dumps(document, ensure_ascii=False, allow_nan=False, default=_date_text).encode()


def _date_text(value: object) -> str:
    if isinstance(value, date):
        return value.isoformat()
    raise TypeError(f"{type(value).__name__} has no form in JSON")
