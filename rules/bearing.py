"""Which articles can bear on a question: no other can change its verdict at any instant."""

from rules.conditions import holds
from rules.model import Question, Rulebook
from rules.truth import Truth
from rules.vehicles import Vehicle
from rules.windows import ALWAYS


def open_to(rulebook: Rulebook, vehicle: Vehicle, wall: int) -> frozenset[str]:
    """The ids of the articles whose condition the vehicle meets, or may meet, at some time.

    What is certainly not met stays so whatever is learnt. Where claims have dates, conditions change in time and no
    article is left out. `wall` (wall seconds) is any instant.
    """
    if has_dated_claims(vehicle):
        return frozenset(article for article, _ in rulebook.products())
    return frozenset(
        article for article, product in rulebook.products() if holds(product.condition, vehicle, wall) is not Truth.NO
    )


def has_dated_claims(vehicle: Vehicle) -> bool:
    return any(credential.period != ALWAYS for credential in vehicle.credentials)


def bearing(rulebook: Rulebook, articles: frozenset[str], zones: frozenset[str]) -> frozenset[str]:
    """Those of `articles` that can bear on a place that may lie in `zones`: restrictions there, and what lifts them."""
    there = {
        article
        for article, product in rulebook.products()
        if article in articles and (product.zones is None or not product.zones.isdisjoint(zones))
    }
    restrictions = [each for each in rulebook.restrictions() if each.id in there]
    lifting = {exemption.id for each in restrictions for exemption in rulebook.lifting(each) if exemption.id in there}
    return frozenset({each.id for each in restrictions} | lifting)


def bearing_on(rulebook: Rulebook, question: Question) -> frozenset[str]:
    """The ids of the articles that can bear on a question."""
    wall = question.clock.wall(question.at)
    return bearing(rulebook, open_to(rulebook, question.vehicle, wall), question.place.merged().possible)
