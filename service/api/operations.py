"""What every operation says of itself in the OpenAPI document: its problems, its examples, its query parameters."""

from collections.abc import Mapping
from typing import Any

from service.api.problems import KINDS, MEDIA_TYPE
from service.examples import EXAMPLES

_BY_STATUS = {kind.status: kind for kind in KINDS.values()}
_EVERYWHERE = (414, 431, 500)


def problems(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """The `responses` of an operation for these statuses and for those that any operation may have."""
    return {
        status: {
            "description": f"{_BY_STATUS[status].title}: {_BY_STATUS[status].en}",
            "content": {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/ProblemOut"}}},
        }
        for status in sorted({*statuses, *_EVERYWHERE})
    }


def published_or(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """The `responses` of an operation whose answer changes only with a publication (`service.api.caching`)."""
    not_modified = {"description": "Not modified: If-None-Match names the ETag of what would be answered"}
    return {304: not_modified, **problems(*statuses)}


def example_bodies() -> dict[str, dict[str, object]]:
    """The examples of the docs page; each title ends with the verdict that it gives."""
    return {each.key: {"summary": each.title, "value": dict(each.body)} for each in EXAMPLES}


def query_parameter(name: str, description: str, example: object = None, **schema: object) -> dict[str, object]:
    """One parameter of a query string, documented as text or as `schema` says."""
    parameter: dict[str, object] = {
        "name": name,
        "in": "query",
        "required": False,
        "description": description,
        "schema": {"type": "string", **schema},
    }
    if example is not None:
        parameter["example"] = example
    return parameter


def parameters(*documented: Mapping[str, object]) -> dict[str, Any]:
    """`openapi_extra` for query parameters that a route reads itself."""
    return {"parameters": list(documented)}
