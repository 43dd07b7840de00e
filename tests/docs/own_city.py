"""The city whose files stand on a page, as a folder and as a publication."""

import tomllib
from pathlib import Path

from service.publication import Publication, load_calendar, load_publication
from tests.docs.pages import only


def own_city(page: Path, folder: Path) -> Publication:
    """Write the files of a page into `folder` and load them; Unpublishable if they have a fault."""
    (folder / "city.toml").write_text(only(page, "toml city").text, encoding="utf-8")
    notice = only(page, "toml notice").text
    (folder / f"{tomllib.loads(notice)['id']}.toml").write_text(notice, encoding="utf-8")
    (folder / "zones.geojson").write_text(only(page, "json zones").text, encoding="utf-8")
    return load_publication(folder, folder / "zones.geojson", load_calendar())
