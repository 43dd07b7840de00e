"""Habits of the house that a machine can hold: sizes, names, calls that change the law, and texts that name places."""

import ast
import re
from pathlib import Path

import pytest

from tests.architecture.source import ROOT, modules, place, project_files, project_text

LONGEST = 500  # lines

# Each of these makes a shape that nobody published. Shapes are refused, never mended, and what is built from an area
# and its roads is built in one place. For two sets, the operators | & - ^ say the same; many sets at once,
# `first.union(*others)`, are told from shapes by the star, which no method of a shape takes.
SHAPE_MAKING = {"make_valid", "buffer", "difference", "intersection", "symmetric_difference", "union", "unary_union"}
SHAPE_MAKING |= {"union_all", "intersection_all", "coverage_union", "disjoint_subset_union", "set_precision"}
MAKES_SHAPES = "geodata/zones.py"

VENDORED = "service/assets/swagger-ui/"
LOCKS = ("requirements.lock", "requirements-dev.lock", "requirements-fuzz.lock", "requirements-mutants.lock")

# Where a package comes from is the business of whoever installs it: a registry is named in no file.
REGISTRY = re.compile(
    r"//[\w.-]*(?:pypi|npmjs|yarnpkg|registry|pythonhosted|mirror|artifactory|nexus|devpi)"
    r"|\b(?:pypi|npmjs|yarnpkg|pythonhosted)(?:\.[a-z]+)*\.(?:org|com|net|io|cn)\b"
    r"|--(?:extra-)?index-url[ =]\S|--find-links[ =](?!wheels\b)\S|--trusted-host[ =]\S"
)
# A folder of the machine that something was written on means nothing on the next one.
OF_ONE_MACHINE = re.compile(r"(?<![\w.~$)}-])/(?:root|home|Users|work|tmp|private|opt|mnt)/\w")


def test_no_module_is_longer_than_one_sitting():
    lines = {place(path): len(path.read_text(encoding="utf-8").splitlines()) for path in _python()}
    assert {name: count for name, count in lines.items() if count > LONGEST} == {}


def test_no_file_is_named_for_having_no_subject():
    assert [place(path) for path in project_files() if path.stem in ("utils", "util", "helpers", "misc")] == []


def test_shapes_are_made_in_one_place():
    found = [f"{place(path)}:{line}" for path in modules() for line in _shape_making(path.read_text(encoding="utf-8"))]
    assert [at for at in found if at.startswith(("geodata/", "service/")) and not at.startswith(MAKES_SHAPES)] == []


@pytest.mark.parametrize(
    "source",
    [
        "shape.buffer(0)",
        "import shapely as s\ns.make_valid(shape)",
        "from shapely import union_all",
        "f(a.difference)(b)",
    ],
)
def test_shape_making_is_seen(source):
    assert _shape_making(source)


def test_sets_are_not_shapes():
    assert _shape_making("frozenset().union(*(a | b for a, b in pairs))") == []


def test_no_file_names_a_registry():
    assert _matching(REGISTRY) == []


def test_no_file_names_a_place_on_one_machine():
    assert _matching(OF_ONE_MACHINE) == []


@pytest.mark.parametrize("text", ["https://registry.example/simple", "//npm.mirror.example/", "--index-url https://x"])
def test_a_registry_is_seen(text):
    assert REGISTRY.search(text)


@pytest.mark.parametrize("folder", ["home", "root", "tmp", "work"])
def test_a_place_on_one_machine_is_seen(folder):
    assert OF_ONE_MACHINE.search(f"see '/{folder}/someone'")


@pytest.mark.parametrize("name", LOCKS)
def test_every_locked_package_has_hashes(name):
    packages = _locked(name)
    assert packages
    assert {package for package, body in packages.items() if "--hash=sha256:" not in body} == set()


@pytest.mark.parametrize("name", LOCKS)
def test_a_lock_names_no_place(name):
    text = (ROOT / name).read_text(encoding="utf-8")
    assert re.findall(r"\S*://\S*|\bfile:/\S*|^--\S+", text, re.MULTILINE) == []


@pytest.mark.parametrize("name", LOCKS[1:])
def test_the_locks_agree(name):
    """`make test`, `make fuzz` and `make mutants` must try the very packages that `make serve` runs."""
    assert _pins(LOCKS[0]).items() <= _pins(name).items()


def test_mutmut_changes_no_package_of_the_tests():
    """It is installed beside them."""
    tested, added = _pins("requirements-dev.lock"), _pins("requirements-mutants.lock")
    assert {name: added[name] for name in added.keys() & tested.keys() if added[name] != tested[name]} == {}


def test_compiled_packages_are_locked_for_every_platform():
    """A lock written on one machine must install on the others: a compiled package has a wheel for each."""
    packages = _locked("requirements.lock")
    assert {
        name: packages[name].count("--hash=") for name in ("shapely", "numpy") if packages[name].count("--hash=") < 20
    } == {}


def test_no_exception_is_raised_twice():
    """One that is made when its module is read keeps the frames of every time it is raised, and all that is in them."""
    raised = [
        f"{place(path)}:{node.lineno}"
        for path in modules()
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Raise) and isinstance(node.exc, ast.Name) and node.exc.id.isupper()
    ]
    assert raised == []


def test_no_page_loads_from_another_host():
    """Desks often have no internet. The vendored script names hosts in links and comments; our own pages name none."""
    loads = re.compile(r"""(?:src|href)\s*=\s*["'](?:https?:)?//|@import\s|url\(\s*["']?(?:https?:)?//""")
    pages = [path for path in project_files() if path.suffix in (".html", ".css", ".js", ".py")]
    pages = [path for path in pages if place(path).startswith("service/") and not path.name.endswith("-bundle.js")]
    assert [place(path) for path in pages if loads.search(path.read_text(encoding="utf-8"))] == []


def test_vendored_files_ask_for_no_source_map():
    texts = {path.name: project_text(path) for path in (ROOT / VENDORED).iterdir()}
    assert {"swagger-ui-bundle.js", "swagger-ui.css", "LICENSE", "NOTICE", "VERSION"} <= set(texts)
    assert [name for name, text in texts.items() if text and "sourceMappingURL" in text] == []


def _python() -> list[Path]:
    return [path for path in project_files() if path.suffix == ".py"]


def _shape_making(source: str) -> list[int]:
    found = []
    tree = ast.parse(source)
    calls = [node for node in ast.walk(tree) if isinstance(node, ast.Call)]
    of_many_sets = {call.func for call in calls if len(call.args) == 1 and isinstance(call.args[0], ast.Starred)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute) and node.attr in SHAPE_MAKING and node not in of_many_sets:
            found.append(node.lineno)
        elif isinstance(node, ast.ImportFrom) and (node.module or "").split(".")[0] == "shapely":
            found += [node.lineno for alias in node.names if alias.name in SHAPE_MAKING]
    return found


def _matching(pattern: re.Pattern[str]) -> list[str]:
    found = []
    for path in project_files():
        if path != Path(__file__) and not place(path).startswith(VENDORED) and (text := project_text(path)) is not None:
            lines = enumerate(text.splitlines(), start=1)
            found += [f"{place(path)}:{number}: {line.strip()[:100]}" for number, line in lines if pattern.search(line)]
    return found


def _locked(name: str) -> dict[str, str]:
    """Each package of a lock, by name, with the lines that belong to it."""
    text = (ROOT / name).read_text(encoding="utf-8")
    blocks = re.split(r"^(?=[a-z0-9])", text, flags=re.MULTILINE)[1:]
    return {block.split("==")[0]: block for block in blocks}


def _pins(name: str) -> dict[str, str]:
    return {package: body.split()[0].split("==")[1] for package, body in _locked(name).items()}
