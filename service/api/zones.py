"""GET /v1/zones and /v1/zones/{id}."""

import asyncio
from collections.abc import Mapping
from typing import Annotated, Any, Literal
from urllib.parse import quote, urlencode

from fastapi import APIRouter, Path
from pydantic import Field
from starlette.requests import Request
from starlette.responses import Response

from geodata.converted import Shapes
from geodata.crs import Crs
from geodata.geojson import feature_of, geometry_document
from geodata.zones import Kind, Zone
from service.api.caching import published_json
from service.api.operations import parameters, published_or, query_parameter
from service.api.parameters import Parameters
from service.api.query import read_query
from service.api.replying import JSON, zone_or_refuse
from service.api.wire_decision import Out
from service.api.wiring import Given
from service.finding import Wanted, find_zones

router = APIRouter(prefix="/v1/zones", tags=["places"])

GEOJSON = "application/geo+json"
USUAL_PAGE = 50
LARGEST_PAGE = 500

_FILTERS = ("city", "kind", "bbox", "crs", "geometry", "limit")
_CRS = query_parameter(
    "crs",
    "坐标系:图形与 bbox 均按此;省略为 wgs84 / coordinate system of shapes and bbox; left out: wgs84",
    "wgs84",
    enum=[each.value for each in Crs],
)


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


class ZoneShapeOut(ZoneOut):
    """A zone with its shape, a GeoJSON geometry whose degrees are those of `crs`."""

    crs: Literal["wgs84", "cgcs2000", "gcj02", "bd09ll"]
    geometry: dict[str, Any]


class ZonesOut(Out):
    """One page of zones; with `geometry=true` each has its shape."""

    zones: list[ZoneOut] | list[ZoneShapeOut]
    crs: Annotated[
        Literal["wgs84", "cgcs2000", "gcj02", "bd09ll"], Field(description="of shapes, and of the bbox asked for")
    ]
    total: Annotated[int, Field(description="how many zones match, on all pages together")]
    next: Annotated[str | None, Field(description="address of the next page, relative; null: this is the last")]


class ZoneFeatureOut(Out):
    """A GeoJSON Feature (RFC 7946); its properties say where the shape comes from (`basis`) and in which `crs` it is.

    In another crs than wgs84 it has this form and is application/json: RFC 7946 knows no other system.
    """

    type: Literal["Feature"]
    id: str
    properties: dict[str, Any]
    geometry: dict[str, Any]


@router.get(
    "",
    summary="区域列表 / The zones, page by page",
    description=(
        "可按城市、种类、经纬度范围筛选;默认不含图形。范围与图形本身(而非其外接矩形)相比,边界相接也算。\n\n"
        "The zones that questions may name, by city, kind and box; shapes only when asked for. A box is compared with "
        "the shapes themselves in the crs named, edges included."
    ),
    operation_id="listZones",
    response_model=ZonesOut,
    response_description="The zones",
    responses=published_or(422),
    openapi_extra=parameters(
        query_parameter("city", "城市编号 / city id", "shenyang"),
        query_parameter("kind", "种类:区域或道路 / area or road", "area", enum=[each.value for each in Kind]),
        query_parameter(
            "bbox", "范围:最小经度,最小纬度,最大经度,最大纬度 / minlon,minlat,maxlon,maxlat", "123.3,41.7,123.6,41.9"
        ),
        _CRS,
        query_parameter("geometry", "是否含图形 / whether shapes are given", "false", enum=["true", "false"]),
        query_parameter(
            "limit",
            f"每页个数,默认{USUAL_PAGE} / zones a page, {USUAL_PAGE} if not said",
            USUAL_PAGE,
            type="integer",
            minimum=1,
            maximum=LARGEST_PAGE,
        ),
        query_parameter("after", "从此编号之后开始,见 next / go on after this id, as next says"),
    ),
)
async def list_zones(request: Request, services: Given) -> Response:
    given = read_query(request, once=(*_FILTERS, "after"))
    said = Parameters(given)
    wanted = Wanted(
        said.city(services.snapshot), said.word("kind", Kind, "种类", "kind of zone"), said.boxes(), said.crs()
    )
    with_shapes, after = said.flag("geometry"), said.key("after")
    limit = said.whole("limit", 1, LARGEST_PAGE, USUAL_PAGE)
    said.refuse_faults()

    def work() -> dict[str, object]:
        page = find_zones(services.snapshot, services.shapes, wanted, limit, after)
        return {
            "zones": [
                {**_listed(zone), **(_shape(zone, wanted.crs, services.shapes) if with_shapes else {})}
                for zone in page.zones
            ],
            "crs": wanted.crs.value,
            "total": page.total,
            "next": None if page.last is None else _address(given, page.last),
        }

    # The first to ask for shapes in a system that bends has them converted; others are answered meanwhile.
    converts = wanted.crs is not Crs.WGS84 and (with_shapes or wanted.boxes is not None)
    return published_json(request, await asyncio.to_thread(work) if converts else work())


def _address(given: Mapping[str, list[str]], after: str) -> str:
    """The same question from there on."""
    asked = [(name, given[name][0]) for name in _FILTERS if name in given]
    return f"/v1/zones?{urlencode([*asked, ('after', after)], safe=',', quote_via=quote)}"


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


def _shape(zone: Zone, crs: Crs, shapes: Shapes) -> dict[str, object]:
    return {"crs": crs.value, "geometry": geometry_document(shapes.of(zone, crs))}


@router.get(
    "/{zone}",
    summary="一个区域及其图形 / One zone with its shape",
    description=(
        "GeoJSON 要素;properties 说明图形来源与坐标系。GeoJSON(RFC 7946)只认 WGS-84,因此其他坐标系以 "
        "application/json 给出。\n\n"
        "A GeoJSON Feature with its provenance; `properties.crs` names its system. GeoJSON (RFC 7946) knows WGS-84 "
        "alone, so a shape in another system is application/json."
    ),
    operation_id="getZone",
    response_model=None,
    response_description="The zone",
    responses={
        200: {
            "content": {
                media_type: {"schema": {"$ref": "#/components/schemas/ZoneFeatureOut"}}
                for media_type in (GEOJSON, JSON)
            }
        },
        **published_or(404, 422),
    },
    openapi_extra=parameters(_CRS),
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
    said = Parameters(read_query(request, once=("crs",)))
    crs = said.crs()
    said.refuse_faults()
    found = zone_or_refuse(zone, services.snapshot)
    feature = feature_of(found, crs)
    document = {**feature, "id": found.key, "properties": {**feature["properties"], "crs": crs.value}}
    return published_json(request, document, media_type=GEOJSON if crs is Crs.WGS84 else JSON)
