"""What the documentation shows of the command line and of HTTP: every command is run, every address asked."""

import json
import os
import re
import shlex
import shutil
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from service.app import create_app
from service.settings import PREFIX
from service.storage.decision_log import open_decision_log
from tests.docs.own_city import own_city
from tests.docs.pages import DOCS, ENGLISH, PAGES, ROOT, Block, blocks, fields, only, rows, section
from tests.support.asking import built_in_snapshot

WRITING, SEMANTICS = DOCS / "writing-a-city.md", DOCS / "semantics.md"
NOW = 1_795_478_400  # 2026-11-24T08:00:00+08:00
BASE = "http://127.0.0.1:8000"


def place(block: Block) -> str:
    return block.place


@pytest.fixture
def client(tmp_path: Path) -> Iterator[TestClient]:
    log = open_decision_log(tmp_path)
    with TestClient(create_app(built_in_snapshot(), log, now=lambda: NOW), base_url=BASE) as opened:
        yield opened
    log.close()


def test_the_curl_command_of_the_readme_is_answered(client: TestClient) -> None:
    (command,) = [each.text for each in blocks(ENGLISH, "sh") if each.text.startswith("curl ")]
    program, address, flag, header, data, body = shlex.split(command)
    assert (program, flag, data) == ("curl", "-H", "-d")
    name, _, value = header.partition(": ")
    reply = client.post(address, content=body.encode(), headers={name: value})
    shown = json.loads(only(ENGLISH, "json answer").text)
    assert (reply.status_code, reply.json()["summary"]) == (200, shown["summary"])
    assert client.get(f"/v1/decisions/{reply.json()['id']}").json() == reply.json()


ADDRESSES = [block for page in PAGES for block in blocks(page, "text address")]


@pytest.mark.parametrize("block", ADDRESSES, ids=place)
def test_every_address_is_answered(client: TestClient, block: Block) -> None:
    for address in block.text.splitlines():
        assert address.startswith(BASE)
        assert client.get(address).status_code == 200, address


def test_the_address_of_the_readme_is_answered_with_the_same_summary_first(client: TestClient) -> None:
    (address,) = only(ENGLISH, "text address").text.splitlines()
    assert address.startswith(BASE)
    page = client.get(address, headers={"Accept": "text/html,*/*;q=0.8"})
    first = re.sub(r"<[^>]*>", "", page.text.partition("<body>")[2]).split("\n")
    shown = json.loads(only(ENGLISH, "json answer").text)
    assert page.status_code == 200
    assert next(line for line in first if line.strip()) == shown["summary"]["zh"]
    assert client.get(address).json()["summary"] == shown["summary"]


@pytest.mark.parametrize("path", ["/docs", "/v1/about", "/healthz"])
def test_what_the_readme_points_to_is_there(client: TestClient, path: str) -> None:
    assert client.get(path).status_code == 200


REFUSED = blocks(SEMANTICS, "json refused")


@pytest.mark.parametrize("block", REFUSED, ids=place)
def test_a_question_is_refused_as_the_page_says(client: TestClient, block: Block) -> None:
    reply = client.post("/v1/decisions", content=block.text.encode(), headers={"Content-Type": "application/json"})
    stated = re.match(r"Refused: ([0-9]{3}), `([\w-]+)` at (.*?)(?:, nearest `(\w+)`)?\.$", block.after)
    assert stated, block.place
    (error,) = reply.json()["errors"]
    pointers = re.findall(r"`([^`]+)`", stated[3])
    assert (str(reply.status_code), error["code"], error.get("nearest")) == (stated[1], stated[2], stated[4])
    assert set(error.get("pointers", [error["pointer"]])) == set(pointers)


def test_every_field_of_a_problem_is_explained(client: TestClient) -> None:
    explained = {row[0].strip("`") for row in rows(section(SEMANTICS, "Questions that are refused"))}
    headers = {"Content-Type": "application/json"}
    replies = [client.post("/v1/decisions", content=each.text.encode(), headers=headers).json() for each in REFUSED]
    assert explained == {path for reply in replies for path in fields(reply)}


CONSOLES = [each for page in PAGES for each in blocks(page, "console")]


@pytest.mark.parametrize("block", CONSOLES, ids=place)
def test_a_command_prints_what_the_page_shows(block: Block, tmp_path: Path) -> None:
    """A line ending in … shows the beginning of one, a line of … alone leaves out the rest."""
    city = tmp_path / "pinghe"
    city.mkdir()
    own_city(WRITING, city)
    (tmp_path / "cases.toml").write_text(only(WRITING, "toml scenarios").text, encoding="utf-8")
    if block.tag == "console faulty":
        faulty = only(WRITING, "toml faulty").text
        (city / f"{tomllib.loads(faulty)['id']}.toml").write_text(faulty, encoding="utf-8")
    if block.tag == "console changed":
        _half_an_hour_earlier(city, tmp_path / "pinghe-next")
    command, *shown = block.text.splitlines()
    program, *words = shlex.split(command.removeprefix("$ "))
    assert program == "tongxing"
    printed = run(words, tmp_path).stdout.splitlines()
    if shown[-1] == "…":
        shown.pop()
        printed = printed[: len(shown)]
    assert len(printed) == len(shown)
    assert [
        line for line, real in zip(shown, printed, strict=True) if line != real and not _begins(line, real)
    ] == [], printed


def _half_an_hour_earlier(city: Path, copy: Path) -> None:
    """The copy that docs/comparing.md tells of: the morning rule begins at half past six."""
    shutil.copytree(city, copy)
    (notice,) = copy.glob("ph-*.toml")
    text = notice.read_text(encoding="utf-8")
    assert text.count('from = "07:00"') == 1
    notice.write_text(text.replace('from = "07:00"', 'from = "06:30"'), encoding="utf-8")


def _begins(line: str, real: str) -> bool:
    return line.endswith("…") and real.startswith(line[:-1])


def run(words: list[str], folder: Path) -> subprocess.CompletedProcess[str]:
    """The command in a folder, with no settings but those of its own."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(PREFIX)}
    return subprocess.run(
        [sys.executable, "-m", "service.cli", *words],
        cwd=folder,
        env={**kept, "PYTHONPATH": str(ROOT), "PYTHONUTF8": "1"},
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
    )


def test_the_faults_of_the_page_fail(tmp_path: Path) -> None:
    own_city(WRITING, tmp_path)
    (tmp_path / "ph-2026-2.toml").write_text(only(WRITING, "toml faulty").text, encoding="utf-8")
    assert run(["check", "."], tmp_path).returncode == 1
    mended = only(WRITING, "toml faulty").text.replace("25:00", "24:00").replace("forbid =", "forbids =")
    (tmp_path / "ph-2026-2.toml").write_text(mended, encoding="utf-8")
    assert "ph-new-town" in run(["check", "."], tmp_path).stdout
