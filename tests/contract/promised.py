"""What the project promises in files: each is written from the code by `make contract`, and read by others.

`make contract` does not write an OpenAPI document that breaks callers of the one that is there: `/v1` only gains.
"""

import json
import sys
import tempfile
from collections.abc import Callable, Mapping
from pathlib import Path

from rules.schema import city_schema, notice_schema
from service.app import create_app
from service.storage import open_decision_log
from tests.contract.compatibility import breaks
from tests.support.asking import built_in_snapshot
from tests.support.command import ROOT

OPENAPI = ROOT / "docs" / "openapi.json"


def _text(document: object) -> str:
    return json.dumps(document, ensure_ascii=False, indent=2) + "\n"


def _openapi() -> str:
    with tempfile.TemporaryDirectory() as folder:
        log = open_decision_log(Path(folder))
        try:
            return _text(create_app(built_in_snapshot(), log).openapi())
        finally:
            log.close()


PROMISED: Mapping[Path, Callable[[], str]] = {
    ROOT / "docs" / "schemas" / "city.schema.json": lambda: _text(city_schema()),
    ROOT / "docs" / "schemas" / "notice.schema.json": lambda: _text(notice_schema()),
    OPENAPI: _openapi,
}


def main() -> None:
    broken = breaks(json.loads(OPENAPI.read_text(encoding="utf-8")), json.loads(_openapi()))
    if broken:
        sys.exit("\n".join([*broken, f"{OPENAPI.name} is not written: this would break callers of version 1"]))
    for path, written in PROMISED.items():
        path.write_text(written(), encoding="utf-8")


if __name__ == "__main__":
    main()
