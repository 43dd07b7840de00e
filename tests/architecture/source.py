"""The project as text: which files it has, what each module imports, and which names of other modules it uses."""

import ast
import os
import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PACKAGES = ("rules", "geodata", "service")

# Where there is no git (an unpacked archive), these folders are what a checkout ignores.
IGNORED = {".git", ".venv", ".venv-fuzz", ".fuzz", "build", ".hypothesis", ".mypy_cache", ".pytest_cache"}
IGNORED |= {".ruff_cache", "__pycache__", ".import_linter_cache", "tongxing.egg-info"}


@dataclass(frozen=True, slots=True)
class Use:
    """A dotted name of another module, and the line that imports or uses it."""

    name: str
    line: int


def project_files() -> list[Path]:
    """Every file that is part of the project: tracked, or new and not ignored."""
    if shutil.which("git") and (ROOT / ".git").exists():
        command = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
        listing = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
        found = [ROOT / name for name in listing.stdout.split("\0") if name]
    else:
        found = list(_walk(ROOT))
    return sorted(path for path in found if path.is_file())


def project_text(path: Path) -> str | None:
    """The file as text, or nothing for a picture and the like."""
    raw = path.read_bytes()
    if b"\0" in raw:
        return None
    try:
        return raw.decode()
    except UnicodeDecodeError:
        return None


def modules() -> list[Path]:
    """Every module of the three packages."""
    return [path for path in project_files() if path.suffix == ".py" and place(path).split("/")[0] in PACKAGES]


def place(path: Path) -> str:
    """The path from the root of the project, with slashes."""
    return path.relative_to(ROOT).as_posix()


def imports(tree: ast.AST, where: str) -> list[Use]:
    """Everything that a module imports, also inside functions; relative imports are made absolute.

    ``from a.b import c`` counts as ``a.b.c``: whether ``c`` is a module or a name, its beginning says whose it is.
    """
    package = where.split("/")[:-1]
    found: list[Use] = []
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            found += [Use(alias.name, node.lineno) for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            above = package[: len(package) - node.level + 1] if node.level else []
            base = ".".join([*above, *([node.module] if node.module else [])])
            found += [Use(f"{base}.{alias.name}", node.lineno) for alias in node.names]
    return found


def uses(tree: ast.AST, where: str) -> list[Use]:
    """Every name of another module that a module reads, in full: after ``from datetime import datetime as dt``,
    ``dt.now`` is ``datetime.datetime.now``; a built-in function that is called is ``builtins.open`` and the like."""
    known = _local_names(tree, where)
    found = imports(tree, where)
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute) and (name := _dotted(node)) is not None:
            first, _, rest = name.partition(".")
            if first in known:
                found.append(Use(f"{known[first]}.{rest}", node.lineno))
        elif isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id not in known:
            found.append(Use(f"builtins.{node.func.id}", node.lineno))
    return found


def within(name: str, prefixes: tuple[str, ...]) -> bool:
    """Whether a dotted name is one of the prefixes or lies under one."""
    return any(name == prefix or name.startswith(f"{prefix}.") for prefix in prefixes)


def _local_names(tree: ast.AST, where: str) -> dict[str, str]:
    names: dict[str, str] = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            for alias in node.names:
                first = alias.name.split(".")[0]
                names[alias.asname or first] = alias.name if alias.asname else first
        elif isinstance(node, ast.ImportFrom):
            for alias, use in zip(node.names, imports(ast.Module([node], []), where), strict=True):
                names[alias.asname or alias.name] = use.name
    return names


def _dotted(node: ast.expr) -> str | None:
    if isinstance(node, ast.Name):
        return node.id
    if isinstance(node, ast.Attribute) and (owner := _dotted(node.value)) is not None:
        return f"{owner}.{node.attr}"
    return None


def _walk(root: Path) -> Iterator[Path]:
    left_out = (root / "data", root / "mutants")
    for folder, folders, names in os.walk(root):
        folders[:] = [name for name in folders if name not in IGNORED and Path(folder, name) not in left_out]
        yield from (Path(folder) / name for name in names)
