"""GET /v1/zones/{zone}/access: the question as people write it, in an address.

The only route whose address may hold a plate: its answers are not stored by anybody on the way and send no referrer,
and no log of ours holds a query string.
"""

import re
from typing import Annotated

from fastapi import APIRouter, Path
from pydantic import ValidationError
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from service.api.operations import parameters, problems, query_parameter
from service.api.problems import QUERY, Flaw, Refused
from service.api.query import read_query
from service.api.replying import PRIVATE, decide_and_keep, faults_of_vehicle, json_response, zone_or_refuse
from service.api.security import PAGE_POLICY
from service.api.vehicle_query import OF_VEHICLE, SEVERAL, at_parameter, decimal_of, described, value_of, vehicle_said
from service.api.wire_ask import AskIn, ask_flaws
from service.api.wire_decision import DecisionOut
from service.api.wiring import Given, Services
from service.asks import Ask
from service.instants import NotAnInstant, parse_local

router = APIRouter(tags=["decisions"])

_ONCE = (*OF_VEHICLE, "at", "stay_minutes", "heading_deg", "ref")
_HEADERS = {**PRIVATE, "Referrer-Policy": "no-referrer", "Vary": "Accept"}

_EXAMPLES = {
    "plate": "辽A5K268",
    "vehicle_type": "轻型厢式货车",
    "energy": "柴油",
    "emission_stage": "国五",
    "at": "2026-11-24 08:12",
}
_QUALITY = re.compile(r"q\s*=\s*([01](?:\.[0-9]{0,3})?)")
_AT = "当地时间 08:00、2026-11-24 08:00,或带时区的时间;省略为现在 / local time of the city, or with offset; default now"


def _documented() -> list[dict[str, object]]:
    words = {
        **described(),
        "at": _AT,
        "stay_minutes": "停留分钟数 / minutes of stay",
        "ref": "调用方标记 / a mark of your own",
    }
    return [query_parameter(name, words[name], _EXAMPLES.get(name)) for name in (*_ONCE, *SEVERAL)]


@router.get(
    "/v1/zones/{zone}/access",
    summary="某区域能否通行(网址提问)/ May it enter this zone? Asked by address",
    description=(
        "与 POST /v1/decisions 相同,以网址提问,可用中文。浏览器得到网页,首行即结论;程序得到 JSON。\n\n"
        "The same question as POST /v1/decisions, written into an address; Chinese words are taken. Browsers get a "
        "page whose first line is the answer, programs get JSON."
    ),
    operation_id="access",
    response_model=DecisionOut,
    response_description="The decision",
    responses={**problems(404, 422, 503), 200: {"content": {"text/html": {"schema": {"type": "string"}}}}},
    openapi_extra=parameters(*_documented()),
)
async def access(
    zone: Annotated[
        str,
        Path(
            description="区域编号 / zone id, see /v1/zones",
            openapi_examples={"second-ring": {"value": "sy-second-ring", "summary": "沈阳二环"}},
        ),
    ],
    request: Request,
    services: Given,
) -> Response:
    city = zone_or_refuse(zone, services.snapshot).city
    ask = _read(zone, city, read_query(request, _ONCE, SEVERAL), services)
    document = decide_and_keep(ask, services, QUERY)
    if prefers_html(request.headers.get("accept", "")):
        page = services.access_page(document)
        return HTMLResponse(page, headers={**_HEADERS, "Content-Security-Policy": PAGE_POLICY})
    return json_response(document, _HEADERS)


def _read(zone: str, city: str, given: dict[str, list[str]], services: Services) -> Ask:
    vehicle = vehicle_said(given)
    place: dict[str, object] = {"zone": zone}
    if "heading_deg" in given:
        place["heading_deg"] = decimal_of(given["heading_deg"][0])
    said: dict[str, object] = {"vehicle": vehicle, "place": place}
    if "stay_minutes" in given:
        said["stay_minutes"] = value_of("stay_minutes", given["stay_minutes"][0])
    if "ref" in given:
        said["ref"] = given["ref"][0]
    flaws: list[Flaw] = []
    at: int | None = None
    if "at" in given:
        try:
            at = parse_local(given["at"][0], services.snapshot.timezone(city), services.now())
        except NotAnInstant as fault:
            flaws.append(Flaw(("/query/at",), fault.code, fault.zh, fault.en))
    try:
        ask = AskIn.model_validate(said).to_ask()
    except ValidationError as error:
        flaws.extend(at_parameter(flaw) for flaw in ask_flaws(error, said))
    if flaws:
        raise Refused("invalid-question", (*flaws, *faults_of_vehicle(vehicle, QUERY)))
    return Ask(ask.vehicle, ask.place, at, ask.stay_minutes, ask.ref)


def prefers_html(accept: str) -> bool:
    """Whether an Accept header (RFC 9110, 12.5.1) wants HTML rather than JSON; in doubt, JSON.

    >>> prefers_html("text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"), prefers_html("*/*")
    (True, False)
    """
    return media_quality(accept, "text", "html") > media_quality(accept, "application", "json")


def media_quality(accept: str, kind: str, subtype: str) -> float:
    """The quality that the most specific range gives a media type."""
    ranges = {"*/*": 0, f"{kind}/*": 1, f"{kind}/{subtype}": 2}
    found = [(-1, 0.0)]
    for each in accept.lower().split(","):
        media_range, *rest = (part.strip() for part in each.split(";"))
        if media_range in ranges:
            qualities = [match[1] for match in map(_QUALITY.fullmatch, rest) if match]
            found.append((ranges[media_range], min(float(qualities[0]), 1.0) if qualities else 1.0))
    return max(found)[1]
