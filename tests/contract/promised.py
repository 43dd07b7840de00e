"""What the project promises in files: each is written from the code by `make contract`, and read by others."""

import json
from collections.abc import Callable, Mapping
from pathlib import Path

from rules.schema import city_schema, notice_schema
from tests.support.command import ROOT


def _text(document: object) -> str:
    return json.dumps(document, ensure_ascii=False, indent=2) + "\n"


PROMISED: Mapping[Path, Callable[[], str]] = {
    ROOT / "docs" / "schemas" / "city.schema.json": lambda: _text(city_schema()),
    ROOT / "docs" / "schemas" / "notice.schema.json": lambda: _text(notice_schema()),
}


def main() -> None:
    for path, written in PROMISED.items():
        path.write_text(written(), encoding="utf-8")


if __name__ == "__main__":
    main()
