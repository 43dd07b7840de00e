"""The verb that compares two publications of a city: what flips, with questions that show it, and what else differs.

The comparison has a canonical document and a digest of it, so that a second person can sign what changes.
"""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from zoneinfo import ZoneInfo

from geodata.index import ZoneIndex
from geodata.zones import Zone, ancestry
from rules.codec import digest
from rules.compare import compare
from rules.difference import Difference, FlipGroup, WitnessQuestion, difference_document, group_document
from rules.windows import EPOCH
from service.instants import local_clock, written
from service.publication import Publication

SCHEMA = 1
_ROWS = 40
"""A place outside every zone is looked for at so many by so many points of a city's outline."""

_SHAPES = ("shape", "drawn")
_BEAR_ON_POINTS = ("level", "error_m")

_Point = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Comparison:
    """What differs between two publications: between their rulebooks (`law`), and between their shapes.

    Zones are compared by id: `reshaped` have another shape, level or error, so that points near their edges may be
    answered otherwise, `restated` another name, basis or quality.
    """

    before: Publication
    after: Publication
    law: Difference
    reshaped: tuple[str, ...]
    restated: tuple[str, ...]
    outline_changed: bool
    outside: _Point | None
    """A point (degrees of WGS-84) outside every zone of both, if a witness needs it and one was found."""

    @property
    def nothing(self) -> bool:
        return self.law.nothing and not (self.reshaped or self.restated or self.outline_changed)

    def document(self) -> dict[str, object]:
        """All of it as plain data, with the digest of everything else under `digest`."""
        content = {
            "schema": SCHEMA,
            "city": self.after.city.id,
            "before": {"publication": self.before.id, "digest": self.before.digest},
            "after": {"publication": self.after.id, "digest": self.after.digest},
            **difference_document(self.law),
        }
        content["groups"] = [{**group_document(group), "witness": self.questions(group)} for group in self.law.groups]
        zones = content["zones"]
        assert isinstance(zones, dict)
        content["zones"] = {
            **zones,
            "reshaped": list(self.reshaped),
            "restated": list(self.restated),
            "outline_changed": self.outline_changed,
        }
        return {**content, "digest": digest(content)}

    def questions(self, group: FlipGroup) -> dict[str, object]:
        """The witness of a group: the body of POST /v1/decisions for each version, null where none can be written."""
        zone = ZoneInfo(self.after.city.timezone)
        return {
            "before": self._body(group.witness.before, zone),
            "after": self._body(group.witness.after, zone),
        }

    def _body(self, question: WitnessQuestion, zone: ZoneInfo) -> Mapping[str, object] | None:
        place: dict[str, object] = {}
        if question.zone is not None:
            place["zone"] = question.zone
        elif question.outside and self.outside is not None:
            place |= {"lon": self.outside[0], "lat": self.outside[1], "crs": "wgs84"}
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
    law = compare(before.rulebook, after.rulebook, _containment(before), _containment(after))
    both = sorted(drawn_before.keys() & drawn_after)
    reshaped = tuple(key for key in both if _reshaped(drawn_before[key], drawn_after[key]))
    restated = tuple(key for key in both if key not in reshaped and _restated(drawn_before[key], drawn_after[key]))
    wanted = any(each.outside for group in law.groups for each in (group.witness.before, group.witness.after))
    return Comparison(
        before=before,
        after=after,
        law=law,
        reshaped=reshaped,
        restated=restated,
        outline_changed=[_stated(each) for each in before.coverage] != [_stated(each) for each in after.coverage],
        outside=_point_outside(before, after) if wanted else None,
    )


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


def _point_outside(before: Publication, after: Publication) -> _Point | None:
    """The first point of a grid that lies in the city and, whatever the errors of shapes, in no zone of either."""
    indexes = [ZoneIndex(each.zones, each.coverage) for each in (before, after)]
    for outline in before.coverage:
        west, south, east, north = outline.shape.bounds
        for row in range(_ROWS):
            for column in range(_ROWS):
                point = (
                    round(west + (east - west) * column / (_ROWS - 1), 5),
                    round(south + (north - south) * row / (_ROWS - 1), 5),
                )
                if all(index.city_at(*point) == before.city.id and not index.at(*point).hits for index in indexes):
                    return point
    return None
