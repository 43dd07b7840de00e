"""What is kept of every answered decision, and where it goes: a protocol that `service.storage` fulfils.

A decision is kept before its answer leaves (docs/decisions/0008): an answer that anybody has seen can be shown again.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol


class LogUnavailable(Exception):
    """The log cannot keep or find anything at the moment, so nothing may be answered; trying again later may help."""


class LogRefused(Exception):
    """The log cannot be opened: whoever runs the service must mend what the message says."""


@dataclass(frozen=True, slots=True)
class KeptDecision:
    """One answered decision: question and answer as plain JSON data, exactly as they were told.

    `digest` is the publication's, None where no city answered; `decided_at` is in seconds since the epoch.
    """

    id: str
    asked: Mapping[str, object]
    answered: Mapping[str, object]
    digest: str | None
    decided_at: int


@dataclass(frozen=True, slots=True)
class KeptReply:
    """A reply that is given again to whoever sends the same request under the same key (`Idempotency-Key`).

    `key` and `request` are digests: of the caller's key, which is nobody else's business, and of the whole request.
    `content` is the reply's body to the byte; `kept_at` is in seconds since the epoch.
    """

    key: str
    request: str
    content: bytes
    kept_at: int


REPLIES_LIVE_SECONDS = 48 * 3600
"""How long a reply can be given again."""


class DecisionLog(Protocol):
    """Keeps decisions. Every method may be called from any thread."""

    def keep(self, decision: KeptDecision) -> None:
        """Keep one decision; when this returns it outlives a crash and a power cut. LogUnavailable if it cannot."""

    def keep_all(self, decisions: Sequence[KeptDecision], reply: KeptReply | None = None) -> None:
        """Keep all of them, and the reply that tells them, or nothing: in one transaction, durably like `keep`.

        A reply takes the place of an older one of its key. Keeping one also throws away those that have lived for
        `REPLIES_LIVE_SECONDS` at its `kept_at`.
        """

    def find_reply(self, key: str, now: int) -> KeptReply | None:
        """The reply kept under a key, None if there is none that still lives at `now`. LogUnavailable like `find`."""

    def find(self, decision_id: str) -> KeptDecision | None:
        """The decision of that id, None if there is none. LogUnavailable if the log cannot be read."""

    def writable(self) -> bool:
        """Whether a decision could be kept right now."""

    def close(self) -> None:
        """Let go of the log and of its folder; nothing can be kept afterwards."""
