"""/openapi.json (OpenAPI 3.1) and /openapi-3.0.json (the same as 3.0.3), written once for an application."""

from functools import cache
from typing import Any

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi
from pydantic.json_schema import models_json_schema
from starlette.requests import Request
from starlette.responses import Response

from service.api.caching import published_again
from service.api.ogc import ItemOut, ItemsOut
from service.api.openapi30 import OPENAPI_30, in_version_30
from service.api.replying import JSON, json_bytes
from service.api.tagged import Tagged, tagged
from service.api.wire_ask import AskIn
from service.api.wire_batch import BatchIn
from service.api.wire_decision import ProblemOut
from service.api.wire_schema import QuestionSchema
from service.api.wire_windows import WindowsIn
from service.api.withdrawals import Withdrawals
from service.api.zones import ZoneFeatureOut

_FIRST = "/v1/decisions"
_REFERENCES = "#/components/schemas/{model}"
_DESCRIPTION = """**这辆车现在能否进入?** 判断、条文、有效时段、下次可通行时段,以及如何改变结论。

**May this vehicle enter here now?** The verdict, the article that says so, until when it holds, when entry is next
possible, and what would change it. Every example below works when Execute is pressed; its title ends with the verdict.

只含所载通告:以现场交通标志、交警指挥为准,不含限高限重等物理限制 / Only the notices on record: signs and officers on the
spot prevail, and physical limits are not included. 错误按 RFC 9457 / Errors are RFC 9457 problems."""
_TAGS = [
    {"name": "decisions", "description": "提问与答复 / asking and being answered"},
    {"name": "places", "description": "区域 / zones"},
    {"name": "law", "description": "通告、类别与代码 / notices, classes and codes"},
    {"name": "layers", "description": "地图图层:OGC API - Features / map layers for QGIS and other clients"},
    {"name": "service", "description": "服务状态 / the service itself"},
]


def add_openapi(app: FastAPI, withdrawals: Withdrawals) -> None:
    """Give the application its document; FastAPI's own route for it would not."""
    document: dict[str, Any] = {}

    def openapi() -> dict[str, Any]:
        if not document:
            document.update(_written(app, withdrawals))
        return document

    @cache
    def bytes_31() -> Tagged:
        return tagged(json_bytes(openapi()), JSON)

    @cache
    def bytes_30() -> Tagged:
        return tagged(json_bytes(in_version_30(openapi())), OPENAPI_30)

    async def serve(request: Request) -> Response:
        return published_again(request, bytes_31())

    async def serve_30(request: Request) -> Response:
        return published_again(request, bytes_30())

    app.openapi = openapi  # type: ignore[method-assign]
    app.add_api_route("/openapi.json", serve, methods=["GET"], include_in_schema=False)
    app.add_api_route("/openapi-3.0.json", serve_30, methods=["GET"], include_in_schema=False)


def _written(app: FastAPI, withdrawals: Withdrawals) -> dict[str, Any]:
    document = get_openapi(
        title=app.title, version=app.version, description=_DESCRIPTION, routes=app.routes, tags=_TAGS
    )
    _, questions = models_json_schema(
        [(AskIn, "validation"), (BatchIn, "validation"), (WindowsIn, "validation")],
        ref_template=_REFERENCES,
        schema_generator=QuestionSchema,
    )
    _, answers = models_json_schema(
        [(model, "serialization") for model in (ProblemOut, ZoneFeatureOut, ItemsOut, ItemOut)],
        ref_template=_REFERENCES,
    )
    schemas = document.setdefault("components", {}).setdefault("schemas", {})
    for more in (questions, answers):
        schemas.update(more["$defs"])
    document["components"]["schemas"] = dict(sorted(schemas.items()))
    # Routes stand in the order in which they are tried; whoever reads the page is to meet the one question first.
    paths = document["paths"]
    document["paths"] = {path: paths[path] for path in sorted(paths, key=lambda path: path != _FIRST)}
    for operation in (each for path in document["paths"].values() for each in path.values()):
        if operation["operationId"] in withdrawals:
            operation["deprecated"] = True
    return document
