"""The answer on the wire. `service.answers` builds the document; these models describe it, and tests hold it to them.

No field has a default, so that the OpenAPI document promises each; where one is absent in some answers, its model says
so with a form of its own.
"""

from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field

Verdict = Literal["allowed", "undetermined", "prohibited"]
Instant = Annotated[
    str, Field(description="RFC 3339 with the city's offset", json_schema_extra={"format": "date-time"})
]

DayOfYear = Annotated[str, Field(json_schema_extra={"format": "date"})]
DayKind = Literal["ordinary_workday", "rest_day", "statutory_holiday", "day_off_in_lieu", "makeup_workday"]
Weekday = Literal["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"]


def _may_gain(schema: dict[str, Any]) -> None:
    """To callers an answer is open: version 1 only gains, and a member that they do not know is to be overlooked."""
    schema.pop("additionalProperties", None)


class Out(BaseModel):
    """What leaves the service: every member is listed here, and callers are told that there may be more one day."""

    model_config = ConfigDict(extra="forbid", strict=True, json_schema_extra=_may_gain)


class TextOut(Out):
    zh: str
    en: str


class IntervalOut(Out):
    from_: Annotated[Instant, Field(alias="from")]
    until: Annotated[Instant | None, Field(description="null: no end before the horizon")]


class EntryOut(Out):
    """An interval in which a stay may begin and must end; the last instant at which it may begin."""

    from_: Annotated[Instant, Field(alias="from")]
    until: Instant | None
    last_entry: Instant | None


class OutcomeOut(Out):
    """The outcome by the notices that are law, without the illustrative ones."""

    verdict: Verdict
    holds_from: Instant | None
    holds_until: Instant | None
    next_allowed: list[IntervalOut | EntryOut]


class StretchOut(Out):
    from_: Annotated[Instant, Field(alias="from")]
    until: Instant
    verdict: Verdict


class ZoneHitOut(Out):
    id: str
    zh: str
    en: str
    certainty: Literal["certain", "possible"]
    quality: Literal["surveyed", "approximate", "synthetic"]
    error_m: Annotated[float, Field(description="how far the drawn edges may lie from the real ones, in metres")]
    distance_m: Annotated[float | None, Field(description="to the nearest drawn edge; null when asked by zone id")]
    level: Literal["ground", "elevated", "tunnel"] | None


class ZoneExceptionOut(Out):
    zone: str
    zh: str
    en: str
    verdict: Verdict
    holds_until: Instant | None


class PlaceOut(Out):
    """Where it was asked, in the crs of the question, and the zones that apply or may."""

    city: str | None
    asked_by: Literal["zone", "point"]
    zone: str | None
    lon: float | None
    lat: float | None
    crs: Literal["wgs84", "cgcs2000", "gcj02", "bd09ll"] | None
    accuracy_m: float | None
    heading_deg: float | None
    level: Literal["ground", "elevated", "tunnel"] | None
    zones: list[ZoneHitOut]
    uniform: Annotated[bool | None, Field(description="whether the verdict is the same all over the zone asked for")]
    exceptions: Annotated[list[ZoneExceptionOut], Field(description="zones inside or across it whose verdict differs")]


class KnownFactOut(Out):
    value: str | int | float | bool | None
    zh: str | None
    en: str | None
    source: Literal["declared", "derived", "registered"]
    from_: Annotated[str | None, Field(alias="from")]


class FactAmongOut(Out):
    """A fact known only to be one of several values."""

    values: list[str | int | float | bool | None]
    source: Literal["declared", "derived", "registered"]
    from_: Annotated[str | None, Field(alias="from")]


class FactWithinOut(Out):
    """A number known only within bounds, both included."""

    at_least: int | None
    at_most: int | None
    source: Literal["declared", "derived", "registered"]
    from_: Annotated[str | None, Field(alias="from")]


class ClaimsOut(BaseModel):
    """What was claimed: beside source and passes, a list of codes for each claim made."""

    model_config = ConfigDict(extra="allow", strict=True)
    __pydantic_extra__: dict[str, list[str]]

    source: Literal["declared", "registered"]
    passes: list[str]


class InForceOut(Out):
    """Local times of the city; `until` is the first instant no longer in force, null where none was published."""

    from_: Annotated[str | None, Field(alias="from")]
    until: str | None


class CitationOut(Out):
    """What was not seen is null, never invented."""

    notice: str
    name: TextOut
    title: str | None
    issuer: str | None
    number: str | None
    article: str | None
    text: TextOut
    text_kind: Literal["verbatim", "paraphrase"]
    source_grade: Annotated[str, Field(description="P police or government, R repeated, N news, A summary, none")]
    source_url: str | None
    verified_on: str
    in_force: InForceOut


class LiftOut(Out):
    exemption: str
    illustrative: bool
    citation: CitationOut


class GroundOut(Out):
    """A restriction that applies or may apply, and what became of it."""

    restriction: str
    state: Literal["stands", "lifted", "unknown"]
    zones: list[str]
    enforcement: Literal["penalty", "education"]
    forbids: Literal["driving", "presence"]
    illustrative: bool
    window: Annotated[dict[str, Any] | None, Field(description="days, from, until and what narrows them; null: always")]
    lifted_by: list[LiftOut]
    unknown_for: Annotated[list[str], Field(description="what it is unknown for want of")]
    citation: CitationOut


class ConsideredOut(Out):
    """A restriction of this place that does not apply, and the first reason."""

    restriction: str
    why_not: Literal["date", "vehicle", "time"]
    detail: TextOut


class WaitOut(Out):
    kind: Literal["wait"]
    until: Instant


class ExemptionOut(Out):
    """An exemption that could lift what stands, and what it still wants."""

    kind: Literal["exemption"]
    exemption: str
    text: TextOut
    illustrative: bool
    unmet: list[str]
    lifts: list[str]
    leaves: Annotated[list[str], Field(description="restrictions that would stand even then")]
    another_vehicle: bool
    where: str | None


class AssumptionOut(Out):
    id: str
    zh: str
    en: str


class PublicationRefOut(Out):
    id: str
    digest: str


class CalendarRefOut(Out):
    version: str
    covered_from: str
    covered_until: str


class DecisionOut(Out):
    """一次决定 / one decision: the verdict, what it rests on, until when it holds, and what would turn it."""

    id: str
    ref: str | None
    test: bool
    summary: Annotated[TextOut, Field(description="one sentence to read aloud")]
    verdict: Annotated[Verdict, Field(description="allowed: 所载通告未禁止, the notices on record do not prohibit it")]
    verdict_by_law: Annotated[Verdict, Field(description="without illustrative notices, which are not law")]
    illustrative: Annotated[bool, Field(description="whether an illustrative notice changed the verdict")]
    by_law: OutcomeOut
    reason: str
    at: Instant
    stay_minutes: int
    decided_for: Annotated[Instant, Field(description="the instant that the grounds describe")]
    holds_from: Instant | None
    holds_until: Annotated[Instant | None, Field(description="null: no change before the horizon")]
    horizon: Instant
    next_allowed: list[IntervalOut | EntryOut]
    throughout: Annotated[Verdict | None, Field(description="for a stay: the worst of its instants")]
    enter_and_leave: Annotated[Verdict | None, Field(description="for a stay: if it stays parked in between")]
    may_not_move: list[StretchOut]
    as_drawn: Annotated[Verdict | None, Field(description="the verdict if shapes and position were exact")]
    place: PlaceOut
    vehicle: dict[str, KnownFactOut | FactAmongOut | FactWithinOut]
    claims: ClaimsOut
    grounds: list[GroundOut]
    considered: list[ConsideredOut]
    options: list[Annotated[WaitOut | ExemptionOut, Field(discriminator="kind")]]
    missing: Annotated[list[str], Field(description="the facts that would settle it")]
    assumed: Annotated[list[str], Field(description="what was taken not to be so because nobody claimed it")]
    assumptions: list[AssumptionOut]
    conditions: list[TextOut]
    covers: list[Literal["notices"]]
    caveats: list[str]
    names: Annotated[dict[str, TextOut], Field(description="names of the codes used above")]
    publication: PublicationRefOut | None
    calendar: CalendarRefOut | None
    decided_at: Instant


class FlawOut(BaseModel):
    """One fault: its place by JSON pointer, a stable code, and words in both languages."""

    pointer: str
    code: str
    zh: str
    en: str
    pointers: Annotated[list[str] | None, Field(description="all places of a contradiction")] = None
    known: Annotated[list[str] | None, Field(description="what would have been taken")] = None
    nearest: Annotated[str | None, Field(description="what was probably meant")] = None


class ProblemOut(BaseModel):
    """A refusal, as RFC 9457 has it. It never repeats a value."""

    type: str
    title: str
    status: int
    detail: str
    instance: str
    request_id: str
    errors: Annotated[list[FlawOut], Field(min_length=1, max_length=20)]
