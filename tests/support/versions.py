"""Small cities to compare, written by hand, and what the definition says of each."""

from datetime import date

from rules.calendar import Calendar, DayKind
from rules.conditions import OneOf
from rules.decide import verdict_at
from rules.difference import Difference, difference_document
from rules.model import City, Exemption, Notice, PassKind, Place, Product, Question, Restriction, Rulebook, Verdict
from rules.vehicles import Vehicle
from rules.windows import ALWAYS, EPOCH, EVERY_DAY, Days, LocalClock, Window
from tests.support.strategies import SOURCE, TEXT, WORDING

UTC = LocalClock(((0, 0),))
ZONES = {"ring": frozenset[str](), "core": frozenset({"ring"}), "road": frozenset({"ring"}), "far": frozenset[str]()}


def verdict(rulebook: Rulebook, vehicle: Vehicle, zones: frozenset[str], wall: int) -> Verdict:
    return verdict_at(rulebook, Question(vehicle, Place.in_zones(zones), wall - EPOCH, UTC), wall - EPOCH)


def zones_at(place: str | tuple[str, ...] | None) -> frozenset[str]:
    """The zones that hold a place: outside every zone, in one, or where several cross."""
    if isinstance(place, tuple):
        return frozenset[str]().union(*map(zones_at, place))
    return frozenset() if place is None else ZONES[place] | {place}


FILINGS = tuple(PassKind(f"{letter}{number}", TEXT) for letter in "ab" for number in range(12))
CITY = City("town", TEXT, "Asia/Shanghai", date(2026, 1, 1), date(2026, 1, 1), filings=FILINGS)
CALENDAR = Calendar("c", date(2026, 1, 1), date(2026, 12, 31), {date(2026, 2, 17): DayKind.STATUTORY_HOLIDAY}, {})
TRUCKS = OneOf("kind", frozenset({"truck"}))


def restriction(name: str, windows: tuple[Window, ...] | None, **more: object) -> Restriction:
    parts: dict[str, object] = {"zones": frozenset({"ring"}), "condition": TRUCKS, "period": ALWAYS, **more}
    return Restriction(f"n/{name}", "n", Product(windows=windows, **parts), WORDING)  # type: ignore[arg-type]


def city(*restrictions: Restriction, exemptions: tuple[Exemption, ...] = (), calendar: Calendar = CALENDAR) -> Rulebook:
    notice = Notice("n", TEXT, ALWAYS, SOURCE, restrictions, exemptions)
    return Rulebook(CITY, calendar, (notice,))


def hours(start: int, end: int, days: Days = EVERY_DAY) -> Window:
    return Window(days, start * 60, end * 60)


def only_group(difference: Difference) -> dict[str, object]:
    (group,) = difference_document(difference)["groups"]  # type: ignore[misc]
    return dict(group)
