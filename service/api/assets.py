"""/assets: the vendored API page and our stylesheet, read once. Only files that exist at start have an address."""

import hashlib
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

import service
from service.api.caching import has
from service.api.problems import Refused

router = APIRouter(include_in_schema=False)

_MEDIA_TYPES = {
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".png": "image/png",
    ".svg": "image/svg+xml",
    ".txt": "text/plain; charset=utf-8",
}


@dataclass(frozen=True, slots=True)
class Asset:
    content: bytes
    media_type: str
    etag: str


@cache
def assets() -> dict[str, Asset]:
    """Every file that may be asked for, by its path below /assets/."""
    root = Path(service.__path__[0]) / "assets"
    found = {}
    for path in sorted(root.rglob("*")):
        if path.is_file() and path.suffix in _MEDIA_TYPES:
            content = path.read_bytes()
            etag = f'"{hashlib.sha256(content).hexdigest()[:32]}"'
            found[path.relative_to(root).as_posix()] = Asset(content, _MEDIA_TYPES[path.suffix], etag)
    return found


@router.get("/assets/{path:path}")
async def asset(path: str, request: Request) -> Response:
    found = assets().get(path)
    if found is None:
        raise Refused("not-found")
    headers = {"ETag": found.etag, "Cache-Control": "no-cache"}
    if has(request.headers.getlist("if-none-match"), found.etag):
        return Response(status_code=304, headers=headers)
    return Response(found.content, headers=headers, media_type=found.media_type)
