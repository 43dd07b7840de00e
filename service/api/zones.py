"""GET /v1/zones and /v1/zones/{id}."""

from typing import Annotated, Any, Literal

from fastapi import APIRouter, Path
from pydantic import Field
from starlette.requests import Request
from starlette.responses import Response

from geodata.geojson import feature_of
from geodata.zones import Zone
from service.api.caching import published_json
from service.api.operations import parameters, published_or, query_parameter
from service.api.query import read_query
from service.api.replying import zone_or_refuse
from service.api.wire_decision import Out
from service.api.wiring import Given

router = APIRouter(prefix="/v1/zones", tags=["places"])

GEOJSON = "application/geo+json"


class ZoneOut(Out):
    """A zone by its names and by how well it is drawn."""

    id: str
    city: str
    zh: str
    en: str
    kind: Literal["area", "road"]
    quality: Literal["surveyed", "approximate", "synthetic"]
    error_m: Annotated[float, Field(description="how far the drawn edges may lie from the real ones, in metres")]
    within: Annotated[list[str], Field(description="zones that hold this one by declaration")]
    level: Literal["ground", "elevated", "tunnel"] | None


class ZonesOut(Out):
    zones: list[ZoneOut]


class ZoneFeatureOut(Out):
    """A GeoJSON Feature (RFC 7946); its properties say where the shape comes from (`basis`)."""

    type: Literal["Feature"]
    id: str
    properties: dict[str, Any]
    geometry: dict[str, Any]


@router.get(
    "",
    summary="区域列表 / All zones",
    description="可按城市筛选 / The zones that questions may name, of one city or of all.",
    operation_id="listZones",
    response_model=ZonesOut,
    response_description="The zones",
    responses=published_or(422),
    openapi_extra=parameters(query_parameter("city", "城市编号 / city id", "shenyang")),
)
async def list_zones(request: Request, services: Given) -> Response:
    city = read_query(request, once=("city",)).get("city", [None])[0]
    return published_json(request, {"zones": [_listed(zone) for zone in services.snapshot.index.zones(city)]})


def _listed(zone: Zone) -> dict[str, object]:
    return {
        "id": zone.key,
        "city": zone.city,
        "zh": zone.name_zh,
        "en": zone.name_en,
        "kind": zone.kind.value,
        "quality": zone.quality.value,
        "error_m": zone.error_m,
        "within": list(zone.within),
        "level": None if zone.level is None else zone.level.value,
    }


@router.get(
    "/{zone}",
    summary="一个区域及其图形 / One zone with its shape",
    description="GeoJSON 要素,WGS-84;properties 说明图形来源 / A GeoJSON Feature in WGS-84 with its provenance.",
    operation_id="getZone",
    response_model=None,
    response_description="The zone",
    responses={
        200: {"content": {GEOJSON: {"schema": {"$ref": "#/components/schemas/ZoneFeatureOut"}}}},
        **published_or(404, 422),
    },
)
async def get_zone(
    zone: Annotated[
        str,
        Path(
            description="区域编号 / zone id",
            openapi_examples={"second-ring": {"value": "sy-second-ring", "summary": "沈阳二环"}},
        ),
    ],
    request: Request,
    services: Given,
) -> Response:
    read_query(request)
    found = zone_or_refuse(zone, services.snapshot)
    return published_json(request, {**feature_of(found), "id": found.key}, media_type=GEOJSON)
