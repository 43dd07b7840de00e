"""Who may import whom. The table is the architecture; imports inside functions count like any other."""

import ast
import sys
from dataclasses import dataclass

import pytest

from tests.architecture.source import ROOT, imports, modules, place, uses, within

# rules/ has never heard of a file, a database, a network, another process, chance or the present moment.
OF_THE_WORLD = (
    *("os", "io", "pathlib", "shutil", "tempfile", "glob", "fileinput", "mmap", "linecache"),
    *("sqlite3", "dbm", "shelve", "pickle", "marshal", "zipfile", "tarfile", "gzip", "bz2", "lzma"),
    *("socket", "socketserver", "ssl", "select", "selectors", "http", "urllib", "ftplib", "smtplib", "asyncio"),
    *("subprocess", "multiprocessing", "threading", "concurrent", "signal", "ctypes", "sys", "platform"),
    *("time", "zoneinfo", "locale", "random", "secrets", "uuid", "getpass", "logging", "importlib", "pkgutil"),
)
WORLDLY_BUILTINS = tuple(f"builtins.{name}" for name in ("open", "input", "print", "exec", "eval"))
BY_NAME_AT_RUN_TIME = ("builtins.__import__", "importlib.import_module", "importlib.__import__")

THE_MOMENT = (
    *("datetime.datetime.now", "datetime.datetime.utcnow", "datetime.datetime.today", "datetime.date.today"),
    *("time.time", "time.time_ns", "time.localtime", "time.gmtime", "time.ctime", "time.strftime"),
)
THE_ENVIRONMENT = ("os.environ", "os.environb", "os.getenv", "os.getenvb", "os.putenv")

# Between these the verbs stand: shells towards the world, and the two files that wire everything.
SHELLS = (
    *("service.api", "service.desk", "service.storage", "service.interop", "service.cli", "service.app"),
    *("service.server", "service.protocol"),
)


@dataclass(frozen=True, slots=True)
class May:
    """What the modules of a folder, or one module, may import beside the standard library."""

    outside: tuple[str, ...] = ()
    inside: tuple[str, ...] = ()
    not_inside: tuple[str, ...] = ()
    not_stdlib: tuple[str, ...] = ()


MIDDLE = ("rules", "geodata", "service")


def _shells_but(*own: str) -> tuple[str, ...]:
    return tuple(shell for shell in SHELLS if shell not in own)


# One row a folder. A folder that is missing here fails the test: decide what it may know before it grows.
FOLDERS = {
    "rules": May(inside=("rules",), not_stdlib=OF_THE_WORLD),
    "rules/lint": May(inside=("rules",), not_stdlib=OF_THE_WORLD),
    "geodata": May(outside=("numpy", "shapely"), inside=("geodata",)),
    "service": May(inside=MIDDLE, not_inside=SHELLS),
    "service/api": May(
        outside=("fastapi", "starlette", "pydantic", "pydantic_core"),
        inside=MIDDLE,
        not_inside=_shells_but("service.api"),
    ),
    "service/desk": May(
        outside=("fastapi", "starlette", "pydantic"),
        inside=MIDDLE,
        not_inside=_shells_but("service.api", "service.desk"),
    ),
    "service/storage": May(outside=("sqlalchemy", "alembic"), inside=MIDDLE, not_inside=_shells_but("service.storage")),
    "service/storage/migrations": May(outside=("sqlalchemy", "alembic"), inside=("service.storage",)),
    "service/storage/migrations/versions": May(outside=("sqlalchemy", "alembic")),
    "service/interop": May(inside=MIDDLE, not_inside=_shells_but("service.interop")),
}

# One row a module that differs from its folder.
MODULES = {
    "service/settings.py": May(outside=("pydantic", "pydantic_settings"), inside=MIDDLE, not_inside=SHELLS),
    "service/app.py": May(
        outside=("fastapi", "starlette", "opentelemetry"), inside=MIDDLE, not_inside=("service.cli", "service.server")
    ),
    "service/cli.py": May(outside=("typer",), inside=MIDDLE),
    "service/protocol.py": May(outside=("uvicorn", "httptools"), inside=("service.limits", "service.logs")),
    "service/server.py": May(outside=("uvicorn",), inside=("service.limits", "service.logs", "service.protocol")),
    "service/metrics.py": May(outside=("prometheus_client",), inside=MIDDLE, not_inside=SHELLS),
    "service/telemetry.py": May(outside=("fastapi", "opentelemetry"), inside=("service.version",)),
    "service/api/guard.py": May(
        outside=("starlette", "opentelemetry"), inside=MIDDLE, not_inside=_shells_but("service.api")
    ),
    # To be copied into other people's code: the standard library and nothing of ours.
    "service/client.py": May(),
    "service/api/wiring.py": May(
        outside=("fastapi", "starlette"), inside=MIDDLE, not_inside=_shells_but("service.api", "service.storage")
    ),
}

THE_CLOCK = "service/clock.py"
THE_SETTINGS = "service/settings.py"


def complaints(source: str, where: str) -> list[str]:
    """What a module imports or reads that its row does not let it; each complaint names the place and the rule."""
    may = MODULES.get(where) or FOLDERS.get(where.rpartition("/")[0])
    if may is None:
        return [f"{where}: its folder has no row in the table"]
    tree = ast.parse(source, where)
    found = []
    for use in imports(tree, where):
        top = use.name.split(".")[0]
        if top in sys.stdlib_module_names:
            if top in may.not_stdlib:
                found.append(f"{where}:{use.line}: imports {use.name}, which is of the world")
        elif top in ("rules", "geodata", "service"):
            if not within(use.name, may.inside) or within(use.name, may.not_inside):
                found.append(f"{where}:{use.line}: imports {use.name}, a part of the project it may not know")
        elif not within(use.name, may.outside):
            found.append(f"{where}:{use.line}: imports {use.name}, a library its row does not name")
    for use in uses(tree, where):
        if within(use.name, THE_MOMENT) and where != THE_CLOCK:
            found.append(f"{where}:{use.line}: {use.name}: only {THE_CLOCK} reads the present moment")
        if within(use.name, THE_ENVIRONMENT) and where != THE_SETTINGS:
            found.append(f"{where}:{use.line}: {use.name}: only {THE_SETTINGS} reads the environment")
        if within(use.name, BY_NAME_AT_RUN_TIME):
            found.append(f"{where}:{use.line}: {use.name}: an import that no table can see")
        if may.not_stdlib and within(use.name, WORLDLY_BUILTINS):
            found.append(f"{where}:{use.line}: {use.name}: rules/ reads nothing and writes nothing")
    return found


@pytest.mark.parametrize("path", [pytest.param(path, id=place(path)) for path in modules()])
def test_module_imports_what_its_row_permits(path):
    assert complaints(path.read_text(encoding="utf-8"), place(path)) == []


def test_every_folder_has_a_row():
    assert {place(path).rpartition("/")[0] for path in modules()} <= set(FOLDERS)


def test_every_package_is_known():
    """A fourth top-level package would be read by no test above."""
    assert {path.parent.name for path in ROOT.glob("*/__init__.py")} - {"tests"} == {"rules", "geodata", "service"}


@pytest.mark.parametrize(
    ("where", "source"),
    [
        ("rules/a.py", "def f():\n    import numpy"),
        ("rules/a.py", "import zoneinfo"),
        ("rules/a.py", "from os.path import join"),
        ("rules/a.py", "from geodata import crs"),
        ("rules/a.py", "from ..service import clock"),
        ("rules/a.py", "import datetime as d\nd.datetime.now()"),
        ("rules/a.py", "from datetime import date as d\nd.today()"),
        ("rules/a.py", "open('notice.toml')"),
        ("geodata/a.py", "import rules.truth"),
        ("geodata/a.py", "import sqlalchemy"),
        ("geodata/a.py", "__import__('rules')"),
        ("service/deciding.py", "from fastapi import Depends"),
        ("service/deciding.py", "from starlette.requests import Request"),
        ("service/deciding.py", "import sqlalchemy.orm"),
        ("service/deciding.py", "from service import storage"),
        ("service/deciding.py", "from .api import wire"),
        ("service/deciding.py", "from datetime import UTC, datetime\nnow = datetime.now"),
        ("service/deciding.py", "from time import time"),
        ("service/deciding.py", "import os\nos.environ['HOME']"),
        ("service/api/a.py", "import sqlalchemy"),
        ("service/api/a.py", "from service.storage import engine"),
        ("service/api/a.py", "from os import getenv"),
        ("service/desk/a.py", "from sqlalchemy import text"),
        ("service/storage/a.py", "import fastapi"),
        ("service/storage/a.py", "from service.api.wire import AskIn"),
        ("service/cli.py", "import importlib\nimportlib.import_module('sqlalchemy')"),
    ],
)
def test_a_forbidden_import_is_seen(where, source):
    assert complaints(source, where)


@pytest.mark.parametrize(
    ("where", "source"),
    [
        ("rules/a.py", "import re, tomllib\nfrom datetime import date, datetime\ndatetime(2026, 1, 1)"),
        ("rules/a.py", "from .truth import Truth"),
        ("geodata/a.py", "import os.path, numpy as np\nfrom shapely.geometry import Point"),
        (
            "service/deciding.py",
            "from rules import decide\nfrom geodata.index import Index\nfrom service.asks import Ask",
        ),
        ("service/clock.py", "from datetime import UTC, datetime\ndatetime.now(UTC)"),
        ("service/settings.py", "import os\nos.environ\nfrom pydantic_settings import BaseSettings"),
        (
            "service/api/a.py",
            "from fastapi import Depends\nfrom service.deciding import decide_one\nfrom . import wire",
        ),
        ("service/storage/a.py", "import sqlalchemy as sa\nfrom service.asks import Ask"),
    ],
)
def test_a_permitted_import_passes(where, source):
    assert complaints(source, where) == []
