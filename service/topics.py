"""What a scenario may be there to try: the closed vocabulary of `exercises`.

The table in docs/conformance.md is made from it, and a test compares the two.
"""

from dataclasses import dataclass
from difflib import get_close_matches
from types import MappingProxyType


@dataclass(frozen=True, slots=True)
class Topic:
    """One thing to try: its name, what a case of it tries, and the heading of docs/semantics.md that it belongs to."""

    name: str
    meaning: str
    section: str


_ALL = (
    Topic("adding-up", "several articles or notices bind at once", "The definition"),
    Topic("exemption", "an exemption without a pass lifts what applies", "The definition"),
    Topic("exemption-reach", "an exemption or a pass lifts what it names and nothing else", "The definition"),
    Topic("missing-fact", "a fact was not said: `missing` names it, unless the others settle it", "Three values"),
    Topic("one-missing-fact", "every value of one missing fact gives the same verdict", "One missing fact"),
    Topic("part-of-a-fact", "a fact is known as a set of values", "Part of a fact"),
    Topic("licence-reading", "vehicle types, fuels, masses and lengths as a licence has them", "Part of a fact"),
    Topic("kind", "the kind of vehicle, and kinds within kinds", "Open and closed"),
    Topic("size", "heavy, medium, light, micro", "Open and closed"),
    Topic("body", "the body, and bodies within bodies", "Open and closed"),
    Topic("energy", "energy, new energy", "Open and closed"),
    Topic("emission-stage", "emission stages at, below and above a bound; no stage at all", "Open and closed"),
    Topic("mass-bound", "total mass or rated load at, under or over a bound", "Open and closed"),
    Topic("dimensions", "length, width, height at or over a bound", "Open and closed"),
    Topic("plate", "kind of plate, new-energy plate, where it is registered", "Open and closed"),
    Topic("tail-digit", "the last digit of a plate, letters skipped", "Open and closed"),
    Topic("claims", "use, duty and cargo: not claimed means not so", "Open and closed"),
    Topic("filing", "filings and registrations, claimed or not", "Open and closed"),
    Topic("priority-class", "priority classes, claimed or following from facts, with their hours", "Open and closed"),
    Topic("pass", "a pass is held, of the right kind or of another", "Passes count whole"),
    Topic("pass-limits", "dates, hours and zones of a pass, which must hold of one pass", "Passes count whole"),
    Topic("window", "well inside or outside the hours of an article, or an article of all hours", "Windows and days"),
    Topic("window-start", "the first instant of a window, or the last before it", "Windows and days"),
    Topic("window-end", "the last instant of a window, or the first after it", "Windows and days"),
    Topic("night-window", "a window across midnight or up to 24:00", "Windows and days"),
    Topic("day-kind", "weekdays, kinds of day, make-up workdays, days not published", "Windows and days"),
    Topic("season", "days of the year", "Windows and days"),
    Topic("parity", "odd and even days of the month", "Windows and days"),
    Topic("notice-dates", "the first or last instant of a notice; an old date and an old notice", "Dates"),
    Topic("phase", "an article that begins while its notice is in force", "Dates"),
    Topic("open-end", "an end that was not published", "Dates"),
    Topic("education", "days on which an article holds and nobody is fined", "Dates"),
    Topic("record", "before the record begins, in a gap of it, after it ends", "The record"),
    Topic("bounds", "until when the verdict holds, and the next entries", "Bounds"),
    Topic("stay", "a stay: the worst of its instants", "A stay"),
    Topic("nested-zones", "zones that contain the zone asked about apply too", "By zone id"),
    Topic("exceptions", "zones inside or across with another verdict", "By zone id"),
    Topic("boundary-road", "a road on the edge of an area, counted in or left out", "By zone id"),
    Topic("cut-out", "a road that is cut out of an area", "By zone id"),
    Topic("road", "a road with an article of its own", "By zone id"),
    Topic("point", "a point far enough from every edge", "By point"),
    Topic("crs", "a point in another coordinate system", "By point"),
    Topic("uncertain-position", "the error of the position reaches an edge", "By point"),
    Topic("uncertain-shape", "the error of a drawn shape reaches the point", "By point"),
    Topic("level", "above or below one another", "By point"),
    Topic("direction", "headings along, against and across a one-way rule", "By point"),
    Topic("coverage", "outside all cities; everywhere in one", "By point"),
    Topic("illustrative", "an illustrative notice is loaded, and the law is told beside it", "Illustrative notices"),
)

TOPICS = MappingProxyType({topic.name: topic for topic in _ALL})


def unknown_topic(word: str) -> str:
    """What would have been a topic: the one probably meant, and all there are."""
    nearest = get_close_matches(word, TOPICS, n=1)
    known = f"one of {', '.join(sorted(TOPICS))}"
    return f"{known}; the nearest is {nearest[0]}" if nearest else known
