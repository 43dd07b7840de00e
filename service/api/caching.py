"""Validators for what changes only with a publication: a strong ETag, and 304 to whoever still has it.

The tag is the digest of the very bytes, so it changes with the publication, the release and whatever else the document
says, and with nothing beside (RFC 9110, sections 8.8.3 and 13.1.2).
"""

import hashlib
import re
from collections.abc import Mapping

from starlette.requests import Request
from starlette.responses import Response

from service.api.replying import JSON, json_bytes

_TAG = re.compile(r'(?:W/)?("[^"]*")')
_KEPT_AND_ASKED_AGAIN = "no-cache"


def published_json(
    request: Request, document: object, media_type: str = JSON, headers: Mapping[str, str] | None = None
) -> Response:
    """A JSON document that changes only with a publication; 304 without a body where the caller has it already."""
    return published(request, json_bytes(document), media_type, headers)


def published(request: Request, body: bytes, media_type: str, headers: Mapping[str, str] | None = None) -> Response:
    """Bytes that change only with a publication, in their media type."""
    tag = f'"{hashlib.sha256(body).hexdigest()[:32]}"'
    told = {**(headers or {}), "ETag": tag, "Cache-Control": _KEPT_AND_ASKED_AGAIN}
    if has(request.headers.getlist("if-none-match"), tag):
        return Response(status_code=304, headers=told)
    return Response(body, headers=told, media_type=media_type)


def has(conditions: list[str], tag: str) -> bool:
    """Whether a tag is among those of If-None-Match; weak ones compare equal to strong ones there."""
    if any(condition.strip() == "*" for condition in conditions):
        return True
    return any(match.group(1) == tag for condition in conditions for match in _TAG.finditer(condition))
