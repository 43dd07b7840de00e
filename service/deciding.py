"""The verb of the whole service: one question, one answer. It knows neither HTTP nor SQL nor the present moment."""

import uuid
from dataclasses import replace

from rules.errors import InvalidQuestion
from rules.explain import decide
from rules.model import Place, Question, Rulebook, Verdict
from rules.reading import read_vehicle
from rules.timeline import Timeline
from rules.windows import LocalClock
from service.asks import LONGEST_STAY_MINUTES, Answer, Ask, ZoneAsk, ZoneException
from service.instants import local_clock
from service.locating import NOWHERE, locate
from service.snapshot import Snapshot
from service.vehicles import Reader, checked_claims


def decide_one(
    ask: Ask, snapshot: Snapshot, now: int, decision_id: str | None = None, read: Reader = read_vehicle
) -> Answer:
    """Answer one question under the publications of `snapshot`; `now` is when it is asked.

    Raises InvalidVehicle and InvalidQuestion (rules), UnknownZone and BadCoordinate (geodata). `decision_id` is for an
    answer that is given again; a new one is made otherwise, before anything is kept. `read` is for many questions at
    once (`service.vehicles.shared_reader`).
    """
    if not 0 <= ask.stay_minutes <= LONGEST_STAY_MINUTES:
        raise InvalidQuestion(
            "stay_minutes",
            "number-out-of-range",
            f"应在0到{LONGEST_STAY_MINUTES}分钟之间",
            f"expected 0 to {LONGEST_STAY_MINUTES} minutes",
        )
    vehicle = read(ask.vehicle).with_heading(ask.place.heading_deg)
    located = locate(ask.place, snapshot)
    at = now if ask.at is None else ask.at
    stay = ask.stay_minutes * 60
    rulebook, clock = NOWHERE, LocalClock(((0, 0),))
    if located.city is not None:
        rulebook = snapshot.publications[located.city].rulebook
        vehicle = checked_claims(vehicle, rulebook.city, snapshot)
        clock = local_clock(snapshot.timezone(located.city), at, stay)
    question = Question(vehicle, located.place, at, clock, stay)
    decision = decide(rulebook, question)
    exceptions: tuple[ZoneException, ...] = ()
    if isinstance(ask.place, ZoneAsk):
        exceptions = _exceptions(ask.place.zone, rulebook, question, decision.verdict, snapshot)
    return Answer(
        id=decision_id or str(uuid.uuid4()),
        ask=ask,
        at=at,
        decided_at=now,
        vehicle=vehicle,
        place=located.place,
        hits=located.hits,
        exceptions=exceptions,
        decision=decision,
        rulebook=None if located.city is None else rulebook,
    )


def _exceptions(
    asked: str, rulebook: Rulebook, question: Question, verdict: Verdict, snapshot: Snapshot
) -> tuple[ZoneException, ...]:
    """The zones inside or across the one asked for whose own differs from `verdict`, with all that apply there.

    They take no part in the verdict: a zone is never emptied by the zones inside it.
    """
    named = frozenset().union(*(product.zones or frozenset() for _, product in rulebook.products()))
    of_passes = frozenset().union(*(held.zones for held in question.vehicle.passes))
    base = question.place.alternatives[0].certain
    # Places on which the same articles bear are answered alike, and most of the zones inside one another are such.
    known: dict[tuple[tuple[str, ...], frozenset[str]], tuple[Verdict, int | None]] = {}
    found = []
    for key in snapshot.index.inside_or_across(asked):
        there = base | {key} | snapshot.index.ancestors(key)
        if not (there - base) & (named | of_passes):
            continue
        timeline = Timeline(rulebook, replace(question, place=Place.in_zones(there)))
        alike = (timeline.articles, there & of_passes)
        if alike not in known:
            here = timeline.asked()
            known[alike] = (here, timeline.until() if here is not verdict else None)
        here, until = known[alike]
        if here is not verdict:
            found.append(ZoneException(key, here, until))
    return tuple(found)
