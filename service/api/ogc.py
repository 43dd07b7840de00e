"""OGC API - Features, Part 1: Core (OGC 17-069r4) over the zones, at /ogc, so that GIS programs add them by address.

One collection for all zones and one for each city. A parameter that is unknown or wrong is refused with 400, as the
standard has it (7.5 and 7.6), where the rest of this service says 422. People paste addresses with a slash at the end:
they are answered like those without.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Annotated, Any, Literal
from urllib.parse import quote, urlencode

from fastapi import APIRouter, Path
from starlette.requests import Request
from starlette.responses import Response

from geodata.geojson import geometry_of
from geodata.zones import Zone
from service.api.caching import published_json
from service.api.links import base_of
from service.api.openapi30 import OPENAPI_30
from service.api.operations import parameters, published_or, query_parameter
from service.api.parameters import Parameters
from service.api.problems import KINDS, Refused
from service.api.query import read_query
from service.api.replying import JSON, zone_or_refuse
from service.api.wire_decision import Out
from service.api.wiring import Given
from service.api.zones import GEOJSON
from service.finding import Page, Wanted, find_zones
from service.snapshot import Snapshot

router = APIRouter(prefix="/ogc", tags=["layers"])

ALL = "zones"
USUAL_PAGE = 100
LARGEST_PAGE = 500
CRS84 = "http://www.opengis.net/def/crs/OGC/1.3/CRS84"
CONFORMS_TO = tuple(
    f"http://www.opengis.net/spec/ogcapi-features-1/1.0/conf/{name}" for name in ("core", "geojson", "oas30")
)


class LinkOut(Out):
    href: str
    rel: str
    type: str
    title: str


class LandingOut(Out):
    """The landing page of the standard."""

    title: str
    description: str
    links: list[LinkOut]


class ConformanceOut(Out):
    conformsTo: list[str]


class SpatialExtentOut(Out):
    bbox: list[list[float]]
    crs: str


class ExtentOut(Out):
    spatial: SpatialExtentOut


class CollectionOut(Out):
    id: str
    title: str
    description: str
    extent: ExtentOut
    itemType: Literal["feature"]
    crs: list[str]
    links: list[LinkOut]


class CollectionsOut(Out):
    links: list[LinkOut]
    collections: list[CollectionOut]


class PropertiesOut(Out):
    """Flat, as tables of GIS programs want them; `/v1/zones/{zone}` says more."""

    id: str
    city: str
    zh: str
    en: str
    kind: Literal["area", "road"]
    quality: Literal["surveyed", "approximate", "synthetic"]
    error_m: float
    level: Literal["ground", "elevated", "tunnel"] | None


class MemberOut(Out):
    """A feature within a collection."""

    type: Literal["Feature"]
    id: str
    geometry: dict[str, Any]
    properties: PropertiesOut


class ItemOut(MemberOut):
    """A feature by itself."""

    links: list[LinkOut]


class ItemsOut(Out):
    type: Literal["FeatureCollection"]
    features: list[MemberOut]
    numberMatched: int
    numberReturned: int
    links: list[LinkOut]


def _responses(*statuses: int) -> dict[int | str, dict[str, Any]]:
    wrong = KINDS["invalid-parameter"]
    found = published_or(400, *statuses)
    refused = {**found[400], "description": f"{wrong.title}: {wrong.en}"}
    # FastAPI would promise a 422 of its own form wherever nothing is said of other refusals.
    return {**found, 400: refused, "4XX": {**found[400], "description": "Another refusal"}}


def _read(request: Request, once: Collection[str] = ()) -> Parameters:
    """The parameters; what is wrong with their names is refused with 400."""
    try:
        return Parameters(read_query(request, once))
    except Refused as refused:
        raise Refused("invalid-parameter", refused.flaws) from None


def _link(href: str, rel: str, media_type: str, title: str) -> dict[str, str]:
    return {"href": href, "rel": rel, "type": media_type, "title": title}


Layer = Annotated[
    str,
    Path(
        description="图层:zones 为全部,或城市编号 / layer: zones is all of them, or a city id",
        openapi_examples={
            "shenyang": {"value": "shenyang", "summary": "沈阳"},
            "all": {"value": ALL, "summary": "全部"},
        },
    ),
]


@router.get("/", include_in_schema=False)
@router.get(
    "",
    summary="图层入口 / Landing page of the map layers",
    description=(
        "OGC API - Features:在 QGIS 中新建“WFS / OGC API - Features”连接,填入此地址即可添加图层。\n\n"
        "OGC API - Features: give this address to QGIS as a new WFS / OGC API - Features connection."
    ),
    operation_id="ogcLanding",
    response_model=LandingOut,
    response_description="The landing page",
    responses=_responses(),
)
async def landing(request: Request, services: Given) -> Response:
    _read(request).refuse_faults()
    base = base_of(request, services)
    links = [
        _link(f"{base}/ogc", "self", JSON, "This page"),
        _link(f"{base}/openapi-3.0.json", "service-desc", OPENAPI_30, "The API in OpenAPI 3.0"),
        _link(f"{base}/docs", "service-doc", "text/html", "The API page"),
        _link(f"{base}/ogc/conformance", "conformance", JSON, "What this conforms to"),
        _link(f"{base}/ogc/collections", "data", JSON, "The layers"),
    ]
    description = "通告所用区域的图形 / Shapes of the zones that notices name; WGS 84 longitude and latitude"
    return published_json(request, {"title": "通行 Tongxing", "description": description, "links": links})


@router.get("/conformance/", include_in_schema=False)
@router.get(
    "/conformance",
    summary="所符合的标准 / Conformance",
    description="所符合的一致性类 / The conformance classes of OGC API - Features that hold here.",
    operation_id="ogcConformance",
    response_model=ConformanceOut,
    response_description="The classes",
    responses=_responses(),
)
async def conformance(request: Request) -> Response:
    _read(request).refuse_faults()
    return published_json(request, {"conformsTo": list(CONFORMS_TO)})


@router.get("/collections/", include_in_schema=False)
@router.get(
    "/collections",
    summary="全部图层 / All layers",
    description="zones 为全部区域,另每个城市一个 / One of all zones, and one for each city.",
    operation_id="ogcCollections",
    response_model=CollectionsOut,
    response_description="The layers",
    responses=_responses(),
)
async def collections(request: Request, services: Given) -> Response:
    _read(request).refuse_faults()
    base = base_of(request, services)
    names = (ALL, *(city for city in services.snapshot.publications if city != ALL))
    document = {
        "links": [_link(f"{base}/ogc/collections", "self", JSON, "The layers")],
        "collections": [_collection(name, services.snapshot, base) for name in names],
    }
    return published_json(request, document)


@router.get("/collections/{collection}/", include_in_schema=False)
@router.get(
    "/collections/{collection}",
    summary="一个图层 / One layer",
    description="名称、范围与链接 / Its title, extent and links.",
    operation_id="ogcCollection",
    response_model=CollectionOut,
    response_description="The layer",
    responses=_responses(404),
)
async def one_collection(collection: Layer, request: Request, services: Given) -> Response:
    _read(request).refuse_faults()
    _city_of(collection, services.snapshot)
    return published_json(request, _collection(collection, services.snapshot, base_of(request, services)))


@router.get("/collections/{collection}/items/", include_in_schema=False)
@router.get(
    "/collections/{collection}/items",
    summary="图层要素 / The features of a layer",
    description=(
        "GeoJSON 要素集,分页;bbox 与图形本身相比。区域没有时间属性,datetime 因此不作筛选(标准如此规定)。\n\n"
        "A GeoJSON FeatureCollection, page by page. A bbox is compared with the shapes themselves. Zones carry no "
        "time, so every one matches a datetime, as the standard has it."
    ),
    operation_id="ogcItems",
    response_model=None,
    response_description="The features",
    responses={
        200: {"content": {GEOJSON: {"schema": {"$ref": "#/components/schemas/ItemsOut"}}}},
        **_responses(404),
    },
    openapi_extra=parameters(
        query_parameter(
            "limit",
            f"每页个数;超过{LARGEST_PAGE}按{LARGEST_PAGE} / features a page; above {LARGEST_PAGE} is {LARGEST_PAGE}",
            10,
            type="integer",
            minimum=1,
            default=USUAL_PAGE,
        ),
        query_parameter(
            "bbox",
            "最小经度,最小纬度,最大经度,最大纬度(CRS84)/ minlon,minlat,maxlon,maxlat",
            [123.3, 41.7, 123.6, 41.9],
            type="array",
            items={"type": "number"},
            minItems=4,
            maxItems=6,
        )
        | {"style": "form", "explode": False},
        query_parameter("datetime", "RFC 3339 时间或区间 / RFC 3339, or an interval of two", "2026-11-24T00:00:00Z"),
        query_parameter("after", "从此编号之后开始,见 next / go on after this id, as next says"),
    ),
)
async def items(collection: Layer, request: Request, services: Given) -> Response:
    said = _read(request, ("limit", "bbox", "datetime", "after"))
    city = _city_of(collection, services.snapshot)
    limit, boxes, after = (
        said.whole("limit", 1, LARGEST_PAGE, USUAL_PAGE, clamp=True),
        said.boxes(standard=True),
        said.key("after"),
    )
    said.check_period("datetime")
    said.refuse_faults("invalid-parameter")
    page = find_zones(services.snapshot, services.shapes, Wanted(city=city, boxes=boxes), limit, after)
    here = f"{base_of(request, services)}/ogc/collections/{collection}"
    document = {
        "type": "FeatureCollection",
        "features": [_feature(zone) for zone in page.zones],
        "numberMatched": page.total,
        "numberReturned": len(page.zones),
        "links": [
            *_links_of_page(f"{here}/items", said.given, page),
            _link(here, "collection", JSON, "The layer"),
        ],
    }
    return published_json(request, document, GEOJSON)


def _links_of_page(here: str, given: Mapping[str, Sequence[str]], page: Page) -> Iterator[dict[str, str]]:
    asked = [(name, given[name][0]) for name in ("limit", "bbox", "datetime") if name in given]
    after = [("after", given["after"][0])] if "after" in given else []
    yield _link(_with_query(here, [*asked, *after]), "self", GEOJSON, "This page")
    if page.last is not None:
        yield _link(_with_query(here, [*asked, ("after", page.last)]), "next", GEOJSON, "The next page")


def _with_query(address: str, asked: list[tuple[str, str]]) -> str:
    return f"{address}?{urlencode(asked, safe=',:/', quote_via=quote)}" if asked else address


@router.get(
    "/collections/{collection}/items/{feature}",
    summary="一个要素 / One feature",
    description="一个区域的 GeoJSON 要素 / One zone as a GeoJSON Feature.",
    operation_id="ogcItem",
    response_model=None,
    response_description="The feature",
    responses={
        200: {"content": {GEOJSON: {"schema": {"$ref": "#/components/schemas/ItemOut"}}}},
        **_responses(404),
    },
)
async def item(
    collection: Layer,
    feature: Annotated[
        str,
        Path(
            description="区域编号 / zone id",
            openapi_examples={"second-ring": {"value": "sy-second-ring", "summary": "沈阳二环"}},
        ),
    ],
    request: Request,
    services: Given,
) -> Response:
    _read(request).refuse_faults()
    city = _city_of(collection, services.snapshot)
    zone = zone_or_refuse(feature, services.snapshot)
    if city not in (None, zone.city):
        raise Refused("not-found")
    base = base_of(request, services)
    here = f"{base}/ogc/collections/{collection}"
    links = [
        _link(f"{here}/items/{zone.key}", "self", GEOJSON, "This feature"),
        _link(here, "collection", JSON, "The layer"),
        _link(f"{base}/v1/zones/{zone.key}", "alternate", GEOJSON, "The zone with its provenance"),
    ]
    return published_json(request, {**_feature(zone), "links": links}, GEOJSON)


def _city_of(collection: str, snapshot: Snapshot) -> str | None:
    """The city that a collection is of, None for all; Refused as not found where there is none."""
    if collection == ALL:
        return None
    if collection not in snapshot.publications:
        raise Refused("not-found")
    return collection


def _collection(name: str, snapshot: Snapshot, base: str) -> dict[str, object]:
    city = None if name == ALL else snapshot.publications[name].city
    zones = snapshot.index.zones(None if city is None else city.id)
    bounds = [zone.shape.bounds for zone in zones] or [(-180.0, -90.0, 180.0, 90.0)]
    corners = [min(each[0] for each in bounds), min(each[1] for each in bounds)]
    corners += [max(each[2] for each in bounds), max(each[3] for each in bounds)]
    here = f"{base}/ogc/collections/{name}"
    title = "全部区域 All zones" if city is None else f"{city.name.zh} {city.name.en}"
    return {
        "id": name,
        "title": title,
        "description": "通告所用区域 / zones that notices name; error_m says how far the drawn edges may be off",
        "extent": {"spatial": {"bbox": [corners], "crs": CRS84}},
        "itemType": "feature",
        "crs": [CRS84],
        "links": [
            _link(here, "self", JSON, "This layer"),
            _link(f"{here}/items", "items", GEOJSON, "Its features"),
        ],
    }


def _feature(zone: Zone) -> dict[str, object]:
    return {
        "type": "Feature",
        "id": zone.key,
        "geometry": geometry_of(zone),
        "properties": {
            "id": zone.key,
            "city": zone.city,
            "zh": zone.name_zh,
            "en": zone.name_en,
            "kind": zone.kind.value,
            "quality": zone.quality.value,
            "error_m": zone.error_m,
            "level": None if zone.level is None else zone.level.value,
        },
    }
