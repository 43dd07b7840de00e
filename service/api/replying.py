"""One question answered and kept: what the two ways of asking share."""

import json
from collections.abc import Mapping
from datetime import date
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


def faults_of_vehicle(said: Mapping[str, object], origin: Origin) -> tuple[Flaw, ...]:
    """What is wrong with a vehicle, for a question that is refused anyway."""
    try:
        read_vehicle(said)
    except InvalidVehicle as error:
        return vehicle_flaws(error, origin)
    return ()


def decide_and_keep(ask: Ask, services: Services, origin: Origin) -> dict[str, object]:
    """The document of the answer, kept before it is returned; Refused where the question cannot be answered."""
    snapshot = services.snapshot
    try:
        answer = decide_one(ask, snapshot, services.now())
    except InvalidVehicle as error:
        raise Refused("invalid-question", vehicle_flaws(error, origin)) from None
    except InvalidQuestion as error:
        raise Refused("invalid-question", [question_flaw(error, origin)]) from None
    except BadCoordinate as error:
        raise Refused("invalid-question", [coordinate_flaw(error, origin)]) from None
    except UnknownZone as error:
        raise Refused("invalid-question", [zone_flaw(error, snapshot.index.keys, origin)]) from None
    document = answer_document(answer, snapshot)
    city = None if answer.rulebook is None else answer.rulebook.city.id
    timezone = ZoneInfo("UTC") if city is None else snapshot.timezone(city)
    digest = None if city is None else snapshot.publications[city].digest
    with services.metrics.keeping():
        services.log.keep(KeptDecision(answer.id, ask_document(ask, timezone), document, digest, answer.decided_at))
    services.metrics.decided(city, document)
    return document


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
