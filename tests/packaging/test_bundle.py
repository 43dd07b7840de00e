"""`make bundle`: one archive with a checksum, from which `make serve` works on a machine that has no network."""

import json
import subprocess
import sys
import tarfile
from pathlib import Path

import pytest

from tests.support import without_network
from tests.support.command import ROOT, environment
from tests.support.running import free_port

THIS_PYTHON = f"{sys.version_info.major}.{sys.version_info.minor}"


@pytest.fixture(scope="module")
def bundle(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The archive, with wheels for this Python alone: each further one is the same again and 50 MB more."""
    folder = tmp_path_factory.mktemp("bundle")
    made = subprocess.run(
        ["make", "bundle", f"BUNDLE_PYTHONS={THIS_PYTHON}", f"BUNDLE_DIR={folder}"],
        cwd=ROOT,
        env=environment(),
        capture_output=True,
        text=True,
        check=False,
    )
    assert made.returncode == 0, made.stdout + made.stderr
    [archive] = folder.glob("*.tar.gz")
    return archive


def _wheels(bundle: Path) -> list[str]:
    with tarfile.open(bundle) as archive:
        return [Path(name).name for name in archive.getnames() if name.endswith(".whl")]


def test_the_checksum_is_of_the_archive(bundle: Path) -> None:
    listed = bundle.with_name(bundle.name + ".sha256")
    checked = subprocess.run(
        ["sha256sum", "--check", "--strict", listed.name], cwd=bundle.parent, capture_output=True, check=False
    )
    assert checked.returncode == 0, checked.stderr


def test_everything_unpacks_into_one_folder_and_nothing_is_left_behind(bundle: Path) -> None:
    with tarfile.open(bundle) as archive:
        names = archive.getnames()
        owners = {(member.uid, member.gid) for member in archive.getmembers()}
    top = {name.partition("/")[0] for name in names}
    assert top == {bundle.name.removesuffix(".tar.gz")}
    assert owners == {(0, 0)}
    inside = {name.partition("/")[2] for name in names}
    wanted = {"Makefile", "README.md", "LICENSE", "pyproject.toml", "requirements.lock", "Dockerfile"}
    assert wanted <= inside
    assert {"rules/cities/shenyang/city.toml", "geodata/cities/shenyang.geojson"} <= inside
    assert "service/assets/swagger-ui/swagger-ui-bundle.js" in inside
    assert not [name for name in inside if name.startswith((".git/", ".venv", "data/")) or "__pycache__" in name]


def test_both_processors_have_every_wheel(bundle: Path) -> None:
    wheels = _wheels(bundle)
    for_any = {name.split("-")[0] for name in wheels if name.endswith("-any.whl")}
    for_one = {arch: {name.split("-")[0] for name in wheels if f"_{arch}" in name} for arch in ("x86_64", "aarch64")}
    assert for_one["x86_64"] == for_one["aarch64"]
    lines = (ROOT / "requirements.lock").read_text(encoding="utf-8").splitlines()
    locked = {line.partition("==")[0].replace("-", "_") for line in lines if "==" in line and not line.startswith(" ")}
    assert {name.lower() for name in for_any | for_one["x86_64"]} == locked


def test_it_serves_where_there_is_no_network(bundle: Path, tmp_path: Path) -> None:
    subprocess.run(["tar", "-xzf", bundle, "-C", tmp_path], check=True)
    folder = tmp_path / bundle.name.removesuffix(".tar.gz")
    inside = subprocess.run(
        [
            *("unshare", "--net", "--map-root-user"),
            *(sys.executable, without_network.__file__, str(folder), str(free_port())),
        ],
        env=environment(),
        capture_output=True,
        text=True,
        check=False,
    )
    assert inside.returncode == 0, inside.stderr
    report = json.loads(inside.stdout)
    assert report["elsewhere"] == "ENETUNREACH"
    assert report["ready_after_s"] is not None, report["output"]
    assert report["verdict"] == "prohibited"
