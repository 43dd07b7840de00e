"""The verb that compares two publications of a city: what flips, with questions that show it, and what else differs.

The comparison has a canonical document and a digest of it, so that a second person can sign what changes.
"""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from zoneinfo import ZoneInfo

from geodata.zones import Zone, ancestry
from rules.codec import canonical_bytes, digest
from rules.compare import compare
from rules.difference import Difference, FlipGroup, WitnessQuestion, difference_document, group_document
from rules.windows import EPOCH
from service.crossings import Point, Wanted, crossings, points_for
from service.instants import local_clock, written
from service.publication import Publication

SCHEMA = 1
_SHAPES = ("shape", "drawn")
_BEAR_ON_POINTS = ("level", "error_m")


@dataclass(frozen=True, slots=True)
class Comparison:
    """What differs between two publications: between their rulebooks (`law`), and between their shapes.

    Zones are compared by id: `reshaped` have another shape, level or error, so that points near their edges may be
    answered otherwise, `restated` another name, basis or quality.
    """

    before: Publication
    after: Publication
    law: Difference
    by_law: tuple[FlipGroup, ...]
    """Groups of flips of the verdict by law, without the illustrative notices, that are not among those of `law`."""
    reshaped: tuple[str, ...]
    restated: tuple[str, ...]
    outline_changed: bool
    points: Mapping[Wanted, Point | None]
    """Where no zone stands for the place of a witness, a point there."""
    most_crossing: int | None
    """Where more zones than this cross, the place was not looked at by itself; None: everywhere they do."""

    @property
    def nothing(self) -> bool:
        return self.law.nothing and not (self.by_law or self.reshaped or self.restated or self.outline_changed)

    def document(self) -> dict[str, object]:
        """All of it as plain data, with the digest of everything else under `digest`."""
        content = {
            "schema": SCHEMA,
            "city": self.after.city.id,
            "before": {"publication": self.before.id, "digest": self.before.digest},
            "after": {"publication": self.after.id, "digest": self.after.digest},
            **difference_document(self.law),
        }
        for key, groups in (("groups", self.law.groups), ("groups_by_law", self.by_law)):
            content[key] = [{**group_document(group), "witness": self.questions(group)} for group in groups]
        zones = content["zones"]
        assert isinstance(zones, dict)
        content["zones"] = {
            **zones,
            "reshaped": list(self.reshaped),
            "restated": list(self.restated),
            "outline_changed": self.outline_changed,
            "most_crossing": self.most_crossing,
        }
        return {**content, "digest": digest(content)}

    def questions(self, group: FlipGroup) -> dict[str, object]:
        """The witness of a group: the body of POST /v1/decisions for each version, null where none can be written."""
        zone = ZoneInfo(self.after.city.timezone)
        point = self.points.get(_wanted(group))
        return {
            "before": self._body(group.witness.before, zone, point),
            "after": self._body(group.witness.after, zone, point),
        }

    def _body(self, question: WitnessQuestion, zone: ZoneInfo, point: Point | None) -> Mapping[str, object] | None:
        place: dict[str, object] = {}
        if question.zone is not None:
            place["zone"] = question.zone
        elif point is not None:
            place |= {"lon": point[0], "lat": point[1], "crs": "wgs84"}
        # A wall time that the clock skips is no instant; the zone and its parents may be no place of their own.
        near = question.wall - EPOCH
        instants = list(local_clock(zone, near).instants(question.wall))
        if not place or not instants:
            return None
        if question.heading_deg is not None:
            place["heading_deg"] = question.heading_deg
        return {"vehicle": dict(question.vehicle), "place": place, "at": written(instants[0], zone)}


def compare_publications(before: Publication, after: Publication) -> Comparison:
    """What differs between two publications of one city; Incomparable (rules) where they are of two."""
    drawn_before, drawn_after = ({zone.key: zone for zone in each.zones} for each in (before, after))
    crossing, most_crossing = crossings(before, after)
    where = (_containment(before), _containment(after), crossing)
    law = compare(before.rulebook, after.rulebook, *where)
    lawful = [each.rulebook.by_law() for each in (before, after)]
    same = lawful == [before.rulebook, after.rulebook]
    told = {canonical_bytes(group_document(group)) for group in law.groups}
    by_law = tuple(
        group
        for group in (() if same else compare(lawful[0], lawful[1], *where).groups)
        if canonical_bytes(group_document(group)) not in told
    )
    both = sorted(drawn_before.keys() & drawn_after)
    reshaped = tuple(key for key in both if _reshaped(drawn_before[key], drawn_after[key]))
    restated = tuple(key for key in both if key not in reshaped and _restated(drawn_before[key], drawn_after[key]))
    return Comparison(
        before=before,
        after=after,
        law=law,
        by_law=by_law,
        reshaped=reshaped,
        restated=restated,
        outline_changed=[_stated(each) for each in before.coverage] != [_stated(each) for each in after.coverage],
        points=points_for(
            (each for each in map(_wanted, (*law.groups, *by_law)) if each != (None, None)), before, after
        ),
        most_crossing=most_crossing,
    )


def _wanted(group: FlipGroup) -> Wanted:
    before, after = group.witness.before, group.witness.after
    return None if before.zone else before.held, None if after.zone else after.held


def _containment(publication: Publication) -> dict[str, frozenset[str]]:
    return ancestry({zone.key: zone.within for zone in publication.zones})


def _stated(drawing: object) -> list[object]:
    """Every field of a zone or an outline, shapes as their bytes."""
    names = [part.name for part in fields(drawing)]  # type: ignore[arg-type]
    return [getattr(drawing, name).wkb if name in _SHAPES else getattr(drawing, name) for name in names]


def _reshaped(before: Zone, after: Zone) -> bool:
    return before.shape.wkb != after.shape.wkb or any(
        getattr(before, name) != getattr(after, name) for name in _BEAR_ON_POINTS
    )


def _restated(before: Zone, after: Zone) -> bool:
    return _stated(before) != _stated(after)
