"""GET /v1/schemas/{name}: JSON Schema of a city's documents, by which editors complete and check TOML."""

from typing import Annotated

from fastapi import APIRouter, Path
from starlette.requests import Request
from starlette.responses import Response

from rules.schema import city_schema, notice_schema
from service.api.caching import published_json
from service.api.operations import published_or
from service.api.problems import Refused
from service.api.query import read_query

router = APIRouter(prefix="/v1/schemas", tags=["law"])

SCHEMA = "application/schema+json"
_SCHEMAS = {"city.json": city_schema, "notice.json": notice_schema}


@router.get(
    "/{name}",
    summary="文件格式 / The schema of a document",
    description=(
        "城市(`city.json`)和通告(`notice.json`)TOML 文件的 JSON Schema(draft 7),编辑器据此补全和检查。\n\n"
        "JSON Schema (draft 7) of a city's TOML files; editors complete and check by it. `tongxing check` sees more."
    ),
    operation_id="getSchema",
    response_model=None,
    response_description="The schema",
    responses={
        200: {"content": {SCHEMA: {"schema": {"type": "object"}}}},
        **published_or(404, 422),
    },
)
async def get_schema(
    name: Annotated[
        str,
        Path(
            description="city.json 或 notice.json / city.json or notice.json",
            openapi_examples={
                "notice": {"value": "notice.json", "summary": "通告 / a notice"},
                "city": {"value": "city.json", "summary": "城市 / a city"},
            },
        ),
    ],
    request: Request,
) -> Response:
    read_query(request)
    schema = _SCHEMAS.get(name)
    if schema is None:
        raise Refused("not-found")
    return published_json(request, schema(), media_type=SCHEMA)
