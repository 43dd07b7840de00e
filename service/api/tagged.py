"""Bytes with their media type and their tag, for whoever keeps them and whoever sends them."""

import hashlib
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Tagged:
    """A body as it is sent; `tag` is the strong ETag of these very bytes."""

    body: bytes
    media_type: str
    tag: str


def tagged(body: bytes, media_type: str) -> Tagged:
    return Tagged(body, media_type, f'"{hashlib.sha256(body).hexdigest()[:32]}"')
