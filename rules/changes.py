"""What is written otherwise in one rulebook than in another, article by article, whether or not a verdict flips."""

from collections.abc import Iterator, Mapping

from rules.articles import exemption_document, restriction_document
from rules.codec import city_document, notice_document
from rules.difference import Change
from rules.model import Forbids, Notice, Rulebook

_DECIDING = frozenset(
    {
        *("everywhere", "zones", "always", "windows", "vehicles", "in_force", "lifts", "passes", "tags"),
        *("record_from", "record_until", "filings"),
    }
)
"""The keys of articles and cities on which a verdict can hang. `forbids` bears on stays that are parked through,
`illustrative` of a notice on the verdict by law: those are told apart."""

_OF_ARTICLES = ("restrictions", "exemptions")
_Documents = Mapping[str, Mapping[str, object]]


def changes_between(before: Rulebook, after: Rulebook) -> tuple[Change, ...]:
    """Every notice, article and the city that one of the rulebooks writes otherwise, in order of their ids."""
    parking = _bearing_on_stays(before) | _bearing_on_stays(after)
    return tuple(
        sorted(
            (
                *_changes(_cities(before), _cities(after), parking),
                *_changes(_notices(before), _notices(after), parking),
                *_changes(_articles(before), _articles(after), parking),
            ),
            key=lambda change: change.what,
        )
    )


def _bearing_on_stays(rulebook: Rulebook) -> frozenset[str]:
    """The restrictions that forbid being there, parked or not, and what lifts them."""
    barring = [each for each in rulebook.restrictions() if each.forbids is Forbids.PRESENCE]
    lifting = {exemption.id for each in barring for exemption in rulebook.lifting(each)}
    return frozenset({each.id for each in barring} | lifting)


def _changes(before: _Documents, after: _Documents, parking: frozenset[str]) -> Iterator[Change]:
    for what in before.keys() | after.keys():
        if what not in before or what not in after:
            # A notice by itself decides nothing; its articles are told on lines of their own.
            yield Change(what, "removed" if what in before else "added", (), "/" in what, what in parking)
        elif before[what] != after[what]:
            one, other = before[what], after[what]
            parts = sorted(key for key in one.keys() | other.keys() if one.get(key) != other.get(key))
            decides = ("/" in what or what == "city") and bool(_DECIDING & set(parts))
            stays = what in parking and (decides or "forbids" in parts)
            yield Change(what, "changed", tuple(parts), decides, stays)


def _cities(rulebook: Rulebook) -> _Documents:
    return {"city": city_document(rulebook.city)}


def _notices(rulebook: Rulebook) -> _Documents:
    return {each.id: _without_articles(each) for each in rulebook.notices}


def _without_articles(notice: Notice) -> Mapping[str, object]:
    return {key: value for key, value in notice_document(notice).items() if key not in _OF_ARTICLES}


def _articles(rulebook: Rulebook) -> _Documents:
    return {
        **{each.id: restriction_document(each) for each in rulebook.restrictions()},
        **{each.id: exemption_document(each) for each in rulebook.exemptions()},
    }
