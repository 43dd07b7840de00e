"""Validators for what changes only with a publication: a strong ETag, and 304 to whoever still has it.

The tag is the digest of the very bytes, so it changes with the publication, the release and whatever else the document
says, and with nothing beside (RFC 9110, sections 8.8.3 and 13.1.2).
"""

import re
from collections.abc import Mapping

from starlette.requests import Request
from starlette.responses import Response

from service.api.replying import JSON, json_bytes
from service.api.tagged import Tagged, tagged

_TAG = re.compile(r'(?:W/)?("[^"]*")')
_KEPT_AND_ASKED_AGAIN = "no-cache"


def published_json(
    request: Request, document: object, media_type: str = JSON, headers: Mapping[str, str] | None = None
) -> Response:
    """A JSON document that changes only with a publication; 304 without a body where the caller has it already."""
    return published(request, json_bytes(document), media_type, headers)


def published(request: Request, body: bytes, media_type: str, headers: Mapping[str, str] | None = None) -> Response:
    """Bytes that change only with a publication, in their media type."""
    return published_again(request, tagged(body, media_type), headers)


def published_again(request: Request, kept: Tagged, headers: Mapping[str, str] | None = None) -> Response:
    """The same of bytes that were tagged before."""
    told = {**(headers or {}), "ETag": kept.tag, "Cache-Control": _KEPT_AND_ASKED_AGAIN}
    if _has(request.headers.getlist("if-none-match"), kept.tag):
        return Response(status_code=304, headers=told)
    return Response(kept.body, headers=told, media_type=kept.media_type)


def _has(conditions: list[str], tag: str) -> bool:
    """Whether a tag is among those of If-None-Match; weak ones compare equal to strong ones there."""
    if any(condition.strip() == "*" for condition in conditions):
        return True
    return any(match.group(1) == tag for condition in conditions for match in _TAG.finditer(condition))
