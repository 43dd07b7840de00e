"""What is written otherwise in one rulebook than in another, article by article, whether or not a verdict flips."""

from collections.abc import Iterator, Mapping

from rules.articles import exemption_document, restriction_document
from rules.codec import city_document, notice_document
from rules.difference import Change
from rules.model import Notice, Rulebook

_DECIDING = frozenset(
    {
        *("everywhere", "zones", "always", "windows", "vehicles", "in_force", "lifts", "passes", "tags"),
        *("record_from", "record_until", "filings"),
    }
)
"""The keys of articles and cities on which a verdict can hang. `forbids` bears on stays that are parked through."""

_OF_ARTICLES = ("restrictions", "exemptions")
_Documents = Mapping[str, Mapping[str, object]]


def changes_between(before: Rulebook, after: Rulebook) -> tuple[Change, ...]:
    """Every notice, article and the city that one of the rulebooks writes otherwise, in order of their ids."""
    return tuple(
        sorted(
            (
                *_changes(_cities(before), _cities(after)),
                *_changes(_notices(before), _notices(after)),
                *_changes(_articles(before), _articles(after)),
            ),
            key=lambda change: change.what,
        )
    )


def _changes(before: _Documents, after: _Documents) -> Iterator[Change]:
    for what in before.keys() | after.keys():
        if what not in before or what not in after:
            # A notice by itself decides nothing; its articles are told on lines of their own.
            yield Change(what, "removed" if what in before else "added", (), "/" in what)
        elif before[what] != after[what]:
            one, other = before[what], after[what]
            parts = sorted(key for key in one.keys() | other.keys() if one.get(key) != other.get(key))
            deciding = "/" in what or what == "city"
            yield Change(what, "changed", tuple(parts), deciding and bool(_DECIDING & set(parts)))


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
