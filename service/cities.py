"""From the settings to the snapshot that answers: the built-in cities, and cities of one's own beside them."""

from pathlib import Path

from service.publication import (
    FileFault,
    Publication,
    Unpublishable,
    built_in_cities,
    load_calendar,
    load_city,
    load_publication,
)
from service.settings import Settings
from service.snapshot import Snapshot, make_snapshot


def city_folder(told: Path) -> Path:
    """The folder told, or that of the built-in city of this name where there is no such folder."""
    built_in = {law.name: law for law, _ in built_in_cities()}
    return told if told.is_dir() else built_in.get(str(told), told)


def load_snapshot(settings: Settings) -> Snapshot:
    """Everything that the settings name, ready to answer; Unpublishable with every fault of every file otherwise.

    A city of one's own takes the place of the built-in city of the same id: a copy with one more notice in it is the
    usual way to try that notice.
    """
    calendar = load_calendar(settings.calendar)
    faults: list[FileFault] = []
    own: list[Publication] = []
    for folder in settings.cities:
        try:
            own.append(load_city(folder, calendar))
        except Unpublishable as unpublishable:
            faults.extend(unpublishable.faults)
    if faults:
        raise Unpublishable(tuple(faults))
    replaced = {publication.city.id for publication in own}
    built_in = [load_publication(law, shapes, calendar) for law, shapes in built_in_cities()]
    kept = [publication for publication in built_in if publication.city.id not in replaced]
    return make_snapshot([*kept, *own], calendar, settings.with_illustrative)
