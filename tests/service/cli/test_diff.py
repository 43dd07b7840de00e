"""`tongxing diff`: real edits to copies of Shenyang, what is told of them, and witnesses that are answered as told."""

import json
import shutil
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

import geodata
import rules
from rules.codec import digest
from service.cli import cli
from service.deciding import decide_one
from service.publication import load_calendar, load_city
from service.snapshot import Snapshot, make_snapshot
from tests.support.asking import ask_of

RUNNER = CliRunner()
LAWS = Path(rules.__path__[0]) / "cities" / "shenyang"
SHAPES = Path(geodata.__path__[0]) / "cities" / "shenyang.geojson"
NOW = 1_795_478_400  # 2026-11-24T08:00:00+08:00


@pytest.fixture
def city(tmp_path: Path) -> Path:
    """Shenyang as a city of one's own, to be edited."""
    folder = tmp_path / "shenyang"
    shutil.copytree(LAWS, folder)
    shutil.copy(SHAPES, folder / "zones.geojson")
    return folder


def edit(folder: Path, file: str, old: str, new: str) -> None:
    text = (folder / file).read_text(encoding="utf-8")
    assert old in text
    (folder / file).write_text(text.replace(old, new, 1), encoding="utf-8")


def diff(*words: object) -> tuple[int, str]:
    done = RUNNER.invoke(cli, ["diff", *map(str, words)])
    return done.exit_code, done.output


def document(folder: Path, *words: object) -> dict[str, Any]:
    code, output = diff(LAWS, folder, "--json", *words)
    assert code == 1, output
    found: dict[str, Any] = json.loads(output)
    return found


@cache
def shipped() -> Snapshot:
    calendar = load_calendar()
    return make_snapshot([load_city(LAWS, calendar)], calendar, illustrative=True)


def witnesses_hold(found: dict[str, Any], folder: Path) -> None:
    """Ask every witness of both versions, as the service would be asked."""
    calendar = load_calendar()
    edited = make_snapshot([load_city(folder, calendar)], calendar, illustrative=True)
    assert found["groups"]
    for group in found["groups"]:
        for side, snapshot in (("before", shipped()), ("after", edited)):
            if group["witness"][side] is None:
                # Narrow roads cross where no point is certain.
                assert group["crossings"] and not group["zones"] and not group["outside_zones"]
                continue
            answer = decide_one(ask_of(group["witness"][side]), snapshot, NOW)
            assert answer.decision.verdict == group[side], group["witness"]


def test_nothing_differs(city: Path) -> None:
    assert diff("shenyang", city) == (0, diff("shenyang", "shenyang")[1])
    assert "no difference" in diff("shenyang", city)[1]


def test_a_peak_that_begins_half_an_hour_earlier(city: Path) -> None:
    edit(city, "sy-2021.toml", 'from = "07:00", until = "09:00"', 'from = "06:30", until = "09:00"')
    found = document(city)
    assert {(group["before"], group["after"]) for group in found["groups"]} == {("allowed", "prohibited")}
    assert {hours["from"] for group in found["groups"] for when in group["when"] for hours in when["hours"]} == {
        "06:30"
    }
    assert all(group["decided_after"] == ["sy-2021/second-ring-peaks"] for group in found["groups"])
    assert "sy-second-ring" in found["groups"][0]["zones"]
    assert "sy-qingnian-dajie" not in {zone for group in found["groups"] for zone in group["zones"]}
    assert found["changes"] == [
        {"what": "sy-2021/second-ring-peaks", "how": "changed", "parts": ["windows"], "decides": True, "stays": False}
    ]
    content = {key: value for key, value in found.items() if key != "digest"}
    assert found["digest"] == digest(content)
    witnesses_hold(found, city)


def test_the_articles_and_an_overview_stand_above_the_groups(city: Path) -> None:
    edit(city, "sy-2021.toml", 'from = "07:00", until = "09:00"', 'from = "06:30", until = "09:00"')
    found, lines = document(city), diff(LAWS, city)[1].splitlines()
    assert lines[3:5] == ["条文改动 articles that changed", "   sy-2021/second-ring-peaks 修改 changed: windows"]
    groups = found["groups"]
    first = min(day["first"] for group in groups for when in group["when"] for day in when["days"])
    assert lines[6] == "概览 overview"
    assert lines[7].split()[:4] == ["allowed", "->", "prohibited", str(len(groups))]
    assert lines[7].endswith(f"{first} 起 on")
    assert "仅依法 by law" in lines[8]
    assert lines[10].startswith("1. ")


def test_an_exemption_added(city: Path) -> None:
    pickups = """\
[[exemptions]]
id = "pickups"
text = { zh = "皮卡除外", en = "pickups left out" }
text_kind = "paraphrase"
everywhere = true
vehicles = { kind = "truck", body = "pickup" }
always = true
lifts = [{ restriction = "second-ring-day" }]

# h
"""
    edit(city, "sy-2021.toml", "# h\n", pickups)
    found = document(city)
    # On the morning of the half marathon two roads were closed until nobody knows when: there it is only undetermined.
    assert {(group["before"], group["after"]) for group in found["groups"]} == {
        ("prohibited", "allowed"),
        ("prohibited", "undetermined"),
    }
    assert all(who["body"] == ["pickup"] for group in found["groups"] for who in group["who"])
    witnesses_hold(found, city)


def test_a_road_added_and_closed(city: Path) -> None:
    shapes = json.loads((city / "zones.geojson").read_text(encoding="utf-8"))
    road = next(each for each in shapes["features"] if each["properties"].get("id") == "sy-nanjing-jie")
    added = json.loads(json.dumps(road))
    added["properties"] |= {"id": "sy-new-lu"}
    shapes["features"].append(added)
    (city / "zones.geojson").write_text(json.dumps(shapes), encoding="utf-8")
    edit(city, "sy-2021.toml", '    "sy-beiling-dajie",\n', '    "sy-beiling-dajie",\n    "sy-new-lu",\n')
    found = document(city)
    assert found["zones"]["added"] == ["sy-new-lu"]
    assert {zone for group in found["groups"] for zone in group["zones"]} == {"sy-new-lu"}
    places = {
        (group["witness"]["before"]["place"]["zone"], group["witness"]["after"]["place"]["zone"])
        for group in found["groups"]
    }
    assert places == {("sy-second-ring", "sy-new-lu")}
    witnesses_hold(found, city)


def test_a_notice_that_ends(city: Path) -> None:
    ended = "in_force = { from = 2022-02-01, last_day = 2026-12-31 }"
    edit(city, "sy-lez-2022.toml", "in_force = { from = 2022-02-01 }", ended)
    found = document(city)
    firsts = {run["first"] for group in found["groups"] for when in group["when"] for run in when["days"]}
    assert firsts == {"2027-01-01"}
    witnesses_hold(found, city)


def test_an_illustrative_notice_removed(city: Path) -> None:
    (city / "sy-priority-classes.toml").unlink()
    found = document(city)
    assert {(group["before"], group["after"]) for group in found["groups"]} == {("allowed", "prohibited")}
    witnesses_hold(found, city)
    assert diff(LAWS, city, "--no-illustrative") == (0, diff("shenyang", "shenyang", "--no-illustrative")[1])


@pytest.mark.parametrize(
    ("file", "old", "new", "told"),
    [
        ("sy-2021.toml", "all trucks all day", "all lorries all day", "sy-2021/listed-roads 修改 changed: text"),
        ("sy-2021.toml", 'grade = "A"', 'grade = "R"', "sy-2021 修改 changed: source"),
        ("city.toml", "electronic truck pass", "pass for trucks", "city 修改 changed: pass_kinds"),
    ],
)
def test_words_that_flip_nothing_are_listed(city: Path, file: str, old: str, new: str, told: str) -> None:
    edit(city, file, old, new)
    code, output = diff(LAWS, city)
    assert code == 1
    assert "no verdict flips" in output
    assert told in output.partition("changes without effect on verdicts")[2]


def test_where_two_zones_cross_is_told_and_asked_by_a_point_if_one_is_certain(city: Path) -> None:
    notice = (city / "sy-lez-2022.toml").read_text(encoding="utf-8")
    assert "fourth-ring-heavy" in notice
    freed = """
[[exemptions]]
id = "crossing"
text = { zh = "东高线除外", en = "Donggao Xian left out" }
text_kind = "paraphrase"
zones = ["sy-donggao-xian"]
vehicles = { kind = "truck" }
always = true
lifts = [{ restriction = "fourth-ring-heavy" }, { notice = "sy-2021" }]
"""
    (city / "sy-lez-2022.toml").write_text(notice + freed, encoding="utf-8")
    found = document(city)
    crossings = [each for group in found["groups"] for each in group["crossings"]]
    assert ["sy-donggao-xian", "sy-fourth-ring"] in crossings
    assert found["zones"]["most_crossing"] is None
    assert "sy-donggao-xian × sy-fourth-ring" in diff(LAWS, city)[1]


def test_what_bears_on_stays_has_a_heading_of_its_own(city: Path) -> None:
    edit(city, "sy-2021.toml", 'id = "second-ring-day"', 'id = "second-ring-day"\nforbids = "presence"')
    output = diff(LAWS, city)[1]
    assert "no verdict flips at any instant" in output
    assert "sy-2021/second-ring-day 修改 changed: forbids" in output.partition("bears on stays")[2]
    assert "without effect" not in output


def test_an_illustrative_notice_that_becomes_law_flips_the_verdict_by_law(city: Path) -> None:
    edit(city, "sy-priority-classes.toml", "illustrative = true", "illustrative = false")
    found = document(city)
    assert found["groups"] == []
    assert {(group["before"], group["after"]) for group in found["groups_by_law"]} >= {("prohibited", "allowed")}
    assert "flips of the verdict by law" in diff(LAWS, city)[1]


def test_shapes_that_changed_are_listed(city: Path) -> None:
    shapes = json.loads((city / "zones.geojson").read_text(encoding="utf-8"))
    by_key = {each["properties"].get("id"): each for each in shapes["features"]}
    by_key["sy-nanjing-jie"]["properties"]["error_m"] += 1
    by_key["sy-shifu-dalu"]["properties"]["basis"] = "another map"
    (city / "zones.geojson").write_text(json.dumps(shapes), encoding="utf-8")
    found = document(city)
    assert (found["groups"], found["zones"]["reshaped"]) == ([], ["sy-nanjing-jie"])
    assert found["zones"]["restated"] == ["sy-shifu-dalu"]
    output = diff(LAWS, city)[1]
    assert "no verdict flips" not in output
    assert "no flip at any zone asked by its id" in output
    assert "shape, level or error changed: sy-nanjing-jie" in output.partition("shapes\n")[2]


def test_the_report_of_a_change(city: Path) -> None:
    edit(city, "sy-2021.toml", 'from = "07:00", until = "09:00"', 'from = "06:30", until = "09:00"')
    code, output = diff("shenyang", city)
    assert code == 1
    for words in (
        "所载通告未禁止 -> 禁止通行 / allowed -> prohibited",
        "06:30-07:00 @ 2026-01-01 起 on",
        "sy-2021/second-ring-peaks 修改 changed: windows",
        '"place": {"zone": "sy-second-ring"}',
        "digest sha256:",
    ):
        assert words in output


def test_a_place_outside_every_zone_is_asked_by_a_point(city: Path) -> None:
    edit(city, "sy-yuanjiang-works-2023.toml", 'zones = ["sy-yuanjiang-jie"]', "everywhere = true")
    found = document(city)
    outside = [group for group in found["groups"] if group["outside_zones"] and not group["zones"]]
    for group in outside:
        assert group["witness"]["after"]["place"]["crs"] == "wgs84"
    assert any(group["outside_zones"] for group in found["groups"])
    witnesses_hold(found, city)


def test_another_calendar_for_the_first(city: Path, tmp_path: Path) -> None:
    shipped_calendar = (Path(rules.__path__[0]) / "calendars" / "cn.toml").read_text(encoding="utf-8")
    older = tmp_path / "older.toml"
    older.write_text(shipped_calendar.replace("2026-02-28, ", "", 1), encoding="utf-8")
    code, output = diff("dalian", "dalian", "--old-calendar", older)
    assert code == 1
    assert "2026-02-28: rest_day -> makeup_workday" in output
    assert "2026-02-28" in output.partition("日历")[0]


def test_what_cannot_be_compared_is_refused(city: Path) -> None:
    code, output = diff("shenyang", "dalian")
    assert (code, "two cities, shenyang and dalian" in output) == (2, True)
    code, output = diff("shenyang", city / "nowhere")
    assert (code, "[no-folder]" in output) == (2, True)
    (city / "sy-2021.toml").write_text("schema = 2", encoding="utf-8")
    assert diff("shenyang", city)[0] == 2
