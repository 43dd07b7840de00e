"""What of the API will go, and when: announced in the headers of each reply and in the OpenAPI document.

`/v1` only gains; an operation that is replaced is announced here first. `Deprecation` (RFC 9745) says since when a
caller should look elsewhere, `Sunset` (RFC 8594) from when on it may be gone, and `Link` where the change is described.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import format_datetime
from types import MappingProxyType


@dataclass(frozen=True, slots=True)
class Withdrawal:
    """One operation that will go. Instants are in seconds since the epoch; `described_at` is an address of ours."""

    deprecated_from: int
    gone_from: int
    described_at: str

    def __post_init__(self) -> None:
        if self.gone_from - self.deprecated_from < SHORTEST_NOTICE:
            raise ValueError("an operation goes no sooner than half a year after it was announced")

    def headers(self) -> tuple[tuple[bytes, bytes], ...]:
        """The headers of every reply of the operation."""
        sunset = format_datetime(datetime.fromtimestamp(self.gone_from, UTC), usegmt=True)
        link = f'<{self.described_at}>; rel="deprecation"; type="text/html", <{self.described_at}>; rel="sunset"'
        return (
            (b"deprecation", f"@{self.deprecated_from}".encode()),
            (b"sunset", sunset.encode()),
            (b"link", link.encode()),
        )


SHORTEST_NOTICE = 183 * 86_400
"""Seconds: dispatchers' programs are changed in months, not in days."""

Withdrawals = Mapping[str, Withdrawal]
"""By operation id."""

WITHDRAWN: Withdrawals = MappingProxyType({})
"""Nothing of version 1 is withdrawn."""
