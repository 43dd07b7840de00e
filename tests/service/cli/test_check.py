"""`tongxing check`: each fault with its file, key, what was expected and what was found."""

import json
import shutil

import pytest

from service.publication import built_in_cities
from tests.support.command import tongxing

ON = ("--on", "2026-11-24")


@pytest.fixture
def city(tmp_path):
    """Shenyang as a city folder of one's own."""
    (law, shapes) = next(pair for pair in built_in_cities() if pair[0].name == "shenyang")
    folder = tmp_path / "my-city"
    shutil.copytree(law, folder)
    shutil.copy(shapes, folder / "zones.geojson")
    return folder


def test_a_clean_city(city):
    done = tongxing("check", city)
    assert done.returncode == 0
    first, counts, *_, last = done.stdout.splitlines()
    assert first.startswith("shenyang 沈阳 Shenyang: sha256:")
    assert [word for word in ("notices", "restrictions", "exemptions", "zones") if word not in counts] == []
    assert last.startswith("0 errors, ")


def test_a_built_in_city_is_found_with_its_zones():
    law = next(law for law, _ in built_in_cities() if law.name == "dalian")
    done = tongxing("check", law, "--strict", *ON)
    assert (done.returncode, done.stdout.splitlines()[-1].rpartition(", ")[0]) == (0, "0 errors, 0 warnings")


def test_a_date_that_is_none(city):
    assert tongxing("check", city, "--on", "yesterday").returncode == 2


def test_all_that_the_command_is_told_arrives(city):
    (city / "my-notice.toml").write_text(NOTICE, encoding="utf-8")
    done = tongxing("check", city, *ON, "--guidance", "--strict", "--json")
    document = json.loads(done.stdout)
    assert (done.returncode, document["week_from"], bool(document["guidance"])) == (1, "2026-11-24", True)


def test_three_faults_are_all_told(city):
    _replace(city / "sy-2021.toml", 'from = "07:00"', 'from = "25h"')
    _replace(city / "sy-lez-2022.toml", "schema = 1", "schema = 1\ncolour = 1")
    _replace(city / "zones.geojson", '"quality"', '"qualty"')
    done = tongxing("check", city)
    lines = done.stdout.splitlines()
    assert done.returncode == 1
    assert lines[-1] == f"{len(lines) - 1} errors"
    found = {line.split(": ")[0] for line in lines[:-1]}
    assert found == {str(city / name) for name in ("sy-2021.toml", "sy-lez-2022.toml", "zones.geojson")}
    assert _one(lines, "sy-2021.toml", ".from: expected a time \"HH:MM\", found '25h'")
    assert _one(lines, "sy-lez-2022.toml", "colour: expected one of ")
    assert _one(lines, "zones.geojson", "qualty")


def _replace(file, old, new):
    text = file.read_text(encoding="utf-8")
    assert old in text
    file.write_text(text.replace(old, new, 1), encoding="utf-8")


def _one(lines, *parts):
    return [line for line in lines if all(part in line for part in parts)]


def test_a_folder_without_a_city(tmp_path):
    done = tongxing("check", tmp_path)
    assert done.returncode == 1
    assert f"{tmp_path / 'city.toml'}: (document): expected this file, found nothing [no-file]" in done.stdout


def test_no_folder(tmp_path):
    done = tongxing("check", tmp_path / "nowhere")
    assert done.returncode == 1
    assert "found no folder" in done.stdout


def test_a_file_that_is_not_utf_8(city):
    (city / "sy-2021.toml").write_bytes(b"id = '\xff'")
    done = tongxing("check", city)
    assert done.returncode == 1
    assert "sy-2021.toml: (document): expected UTF-8 text, found another byte at position 6 [not-utf-8]" in done.stdout


def test_a_file_that_cannot_be_read(city):
    (city / "sy-2021.toml").unlink()
    (city / "sy-2021.toml").mkdir()
    done = tongxing("check", city)
    assert done.returncode == 1
    assert "sy-2021.toml: (document): expected a readable file, found Is a directory [unreadable]" in done.stdout


def test_a_calendar_that_cannot_be_read(city, tmp_path):
    done = tongxing("check", city, "--calendar", tmp_path / "cn.toml")
    assert done.returncode == 2
    assert "expected a readable file" in done.stderr


NOTICE = """
schema = 1
id = "my-notice"
name = { zh = "我的通告", en = "My notice" }
in_force = { from = 2026-01-01 }
[source]
grade = "none"
verified_on = 2026-11-24
[[restrictions]]
id = "no-vans-at-noon"
text = { zh = "二环内每日12至13时禁止所有货车", en = "no trucks inside the second ring daily 12-13" }
text_kind = "paraphrase"
zones = ["sy-second-ring"]
windows = [{ days = "every_day", from = "12:00", until = "13:00" }]
vehicles = { kind = "truck" }
"""


def test_a_notice_of_ones_own_is_cited(city):
    """A reviewer's first five minutes: some lines of TOML in a copy of a city, asked again, cited."""
    (city / "my-notice.toml").write_text(NOTICE, encoding="utf-8")
    checked = tongxing("check", city, *ON)
    assert checked.returncode == 0
    assert f"{city / 'my-notice.toml'}: source.grade: its source has grade none" in checked.stdout
    van = ("--plate", "辽A5K268", "--vehicle-type", "H32", "--energy", "diesel", "--emission-stage", "6")
    asked = ("decide", "--zone", "sy-second-ring", *van, "--at", "2026-11-24 12:30", "--json")
    assert json.loads(tongxing(*asked).stdout)["verdict"] == "allowed"
    answer = json.loads(tongxing(*asked, "--city", city).stdout)
    assert answer["verdict"] == "prohibited"
    assert [ground["citation"]["name"]["zh"] for ground in answer["grounds"]] == ["我的通告"]
    assert answer["summary"]["zh"].startswith("禁止通行,至13:00:二环内每日12至13时禁止所有货车")


def test_a_city_with_a_fault_answers_nothing(city):
    (city / "my-notice.toml").write_text(NOTICE.replace("sy-second-ring", "sy-second-rng"), encoding="utf-8")
    done = tongxing("decide", "--zone", "sy-second-ring", "--city", city)
    assert (done.returncode, done.stdout) == (2, "")
    assert "expected a zone with a shape; the nearest is sy-second-ring, found sy-second-rng" in done.stderr
