"""One decision that can always be looked up, so that the docs page can show how: nobody asked it, so it is a test."""

from service.answers import answer_document, ask_document
from service.asks import Ask, ZoneAsk
from service.deciding import decide_one
from service.decision_log import DecisionLog, KeptDecision
from service.instants import parse_instant
from service.snapshot import Snapshot

EXAMPLE_ID = "00000000-0000-4000-8000-000000000001"

_ZONE = "sy-second-ring"
_ASK = Ask(
    vehicle={"plate": "辽A5K268", "vehicle_type": "H32", "energy": "diesel", "emission_stage": 5},
    place=ZoneAsk(_ZONE),
    at=parse_instant("2026-11-24T08:12:00+08:00"),
    ref="example",
)


def keep_example(snapshot: Snapshot, log: DecisionLog, now: int) -> None:
    """Keep the example, once for each store and where its zone is loaded; LogUnavailable if nothing can be kept."""
    if _ZONE not in snapshot.index.keys or log.find(EXAMPLE_ID) is not None:
        return
    answer = decide_one(_ASK, snapshot, now, EXAMPLE_ID)
    document = {**answer_document(answer, snapshot), "test": True}
    city = snapshot.zone(_ZONE).city
    asked = ask_document(_ASK, snapshot.timezone(city))
    log.keep(KeptDecision(EXAMPLE_ID, asked, document, snapshot.publications[city].digest, now))
