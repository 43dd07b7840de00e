"""/assets: the vendored API page and our stylesheet, read once. Only files that exist at start have an address."""

from dataclasses import dataclass
from functools import cache
from pathlib import Path

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

import service
from service.api.caching import published
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


@cache
def assets() -> dict[str, Asset]:
    """Every file that may be asked for, by its path below /assets/."""
    root = Path(service.__path__[0]) / "assets"
    found = {}
    for path in sorted(root.rglob("*")):
        if path.is_file() and path.suffix in _MEDIA_TYPES:
            found[path.relative_to(root).as_posix()] = Asset(path.read_bytes(), _MEDIA_TYPES[path.suffix])
    return found


@router.get("/assets/{path:path}")
async def asset(path: str, request: Request) -> Response:
    found = assets().get(path)
    if found is None:
        raise Refused("not-found")
    return published(request, found.content, found.media_type)
