"""A city folder checked: findings in groups with counts, exit codes, JSON, dates, and the national guidance."""

import json
import shutil
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import pytest

from service.check_report import check_city
from service.publication import built_in_cities

ON = datetime(2026, 11, 24)
NOON = 'windows = [{ days = "every_day", from = "12:00", until = "13:00" }]'
NOTICE = f"""
schema = 1
id = "my-notice"
name = {{ zh = "我的通告", en = "My notice" }}
in_force = {{ from = 2026-01-01 }}
[source]
grade = "none"
verified_on = 2026-11-24
[[restrictions]]
id = "no-vans-at-noon"
text = {{ zh = "二环内每日12至13时禁止所有货车", en = "no trucks inside the second ring daily 12-13" }}
text_kind = "paraphrase"
zones = ["sy-second-ring"]
vehicles = {{ kind = "truck" }}
{NOON}
"""
NEVER = NOTICE.replace('days = "every_day"', "dates = [2025-10-01]")
Checked = Callable[..., tuple[int, str]]


@pytest.fixture
def city(tmp_path: Path) -> Path:
    """Shenyang as a city folder of one's own."""
    (law, shapes) = next(pair for pair in built_in_cities() if pair[0].name == "shenyang")
    folder = tmp_path / "my-city"
    shutil.copytree(law, folder)
    shutil.copy(shapes, folder / "zones.geojson")
    return folder


@pytest.fixture
def checked(capsys: pytest.CaptureFixture[str]) -> Checked:
    """The exit code of a check, and what it printed."""

    def check(
        folder: Path, on: datetime | None = ON, guidance: bool = False, strict: bool = False, as_json: bool = False
    ) -> tuple[int, str]:
        code = check_city(folder, None, on, guidance, strict, as_json)
        return code, capsys.readouterr().out

    return check


def write(folder: Path, text: str) -> Path:
    file = folder / "my-notice.toml"
    file.write_text(text, encoding="utf-8")
    return file


def change(file: Path, old: str, new: str) -> None:
    text = file.read_text(encoding="utf-8")
    assert old in text
    file.write_text(text.replace(old, new, 1), encoding="utf-8")


def test_findings_come_in_groups_with_their_counts_and_fail(city: Path, checked: Checked) -> None:
    file = write(city, NEVER)
    code, printed = checked(city)
    lines = printed.splitlines()
    assert code == 1
    group = lines.index("error: a window that never holds / 从不成立的时段 [empty-window], 1")
    assert lines[group + 1] == (
        f"  {file}: restrictions[0].windows[0]: it never holds while the article is in force / 其日期都不在条文有效期内"
    )
    assert lines[group + 2].startswith("  to mend: correct its dates, days, except_days or hours / ")
    grave = [line.split(":")[0] for line in lines if line.startswith(("error", "warning", "note"))]
    assert grave == sorted(grave, key=["error", "warning", "note"].index)
    assert lines[-1].startswith("1 error, 1 warning, ")


def test_warnings_fail_only_where_strictness_is_asked_for(city: Path, checked: Checked) -> None:
    write(city, NOTICE)
    code, printed = checked(city)
    assert (code, printed.splitlines()[-1][:19]) == (0, "0 errors, 1 warning")
    assert checked(city, strict=True)[0] == 1


def test_the_date_decides_what_is_stale(city: Path, checked: Checked) -> None:
    later = checked(city, datetime(2027, 12, 31))[1]
    assert "[citation-stale], 4" in later
    assert "[citation-stale]" not in checked(city)[1]


def test_the_calendar_that_ends_is_named_by_its_file(city: Path, checked: Checked) -> None:
    printed = checked(city, datetime(2026, 12, 24))[1]
    assert "cn.toml: covered_until: it knows no day after 2026-12-31" in printed
    assert "[calendar-ends]" not in checked(city, datetime(2026, 12, 17))[1]


def test_today_is_the_date_of_the_city(city: Path, checked: Checked) -> None:
    assert json.loads(checked(city, None, as_json=True)[1])["on"] >= "2026-11-24"


def test_findings_as_json(city: Path, checked: Checked) -> None:
    file = write(city, NEVER)
    code, printed = checked(city, as_json=True)
    document = json.loads(printed)
    assert code == 1
    assert (document["city"], document["on"], document["faults"]) == ("shenyang", "2026-11-24", [])
    assert document["digest"].startswith("sha256:")
    assert (document["counts"]["error"], document["counts"]["warning"]) == (1, 1)
    first = document["findings"][0]
    assert (first["code"], first["severity"]) == ("empty-window", "error")
    assert (first["file"], first["key"]) == (str(file), "restrictions[0].windows[0]")
    assert set(first["text"]) == set(first["mend"]) == {"zh", "en"}


def test_faults_as_json(city: Path, checked: Checked) -> None:
    change(city / "sy-2021.toml", 'from = "07:00"', 'from = "25h"')
    code, printed = checked(city, as_json=True)
    (fault,) = json.loads(printed)["faults"]
    assert (code, fault["file"], fault["code"]) == (1, str(city / "sy-2021.toml"), "invalid-time")


def test_faults_between_documents_name_the_file_and_the_key(city: Path, checked: Checked) -> None:
    law, shapes = city / "sy-2021.toml", city / "zones.geojson"
    change(law, '"sy-viaducts"', '"sy-viaduct"')
    change(law, '{ restriction = "third-ring-day" }', '{ restriction = "third-ring-dya" }')
    change(city / "city.toml", '"electronic-pass"', '"electronic"')
    change(shapes, '"id": "sy-viaducts", "city": "shenyang"', '"id": "sy-viaducts", "city": "shenyan"')
    change(shapes, '"within": ["sy-third-ring"], "level": "elevated"', '"within": [], "level": "elevated"')
    code, printed = checked(city)
    assert code == 1
    assert {line.partition(": expected")[0] for line in printed.splitlines()[:-1]} == {
        f"{law}: restrictions[1].zones",
        f"{law}: exemptions[0].lifts[2].restriction",
        f"{law}: exemptions[0].passes",
        f"{law}: exemptions[1].passes",
        f"{shapes}: sy-viaducts.city",
    }


def test_the_guidance_names_zone_class_hours_and_source(city: Path, checked: Checked) -> None:
    write(city, NOTICE.replace('"12:00", until = "13:00"', '"00:00", until = "23:00"'))
    code, printed = checked(city, guidance=True)
    assert code == 0
    of_the_class = "sy-second-ring, light diesel box truck, China 6 /"
    lines = printed.splitlines()
    line = next(line for line in lines if of_the_class in line)
    assert f"    {city / 'my-notice.toml'}: restrictions[0]" in lines[lines.index(line) + 1 : lines.index(line) + 4]
    assert lines[2].startswith("judged: micro electric van, ")
    assert "open 1 h: 23:00-24:00 on every day / 每天开放1小时:23:00-24:00" in line
    assert "source: Ministry of Public Security, measures of 2021" in printed
    code, printed = checked(city, guidance=True, strict=True, as_json=True)
    assert code == 1
    finding = next(each for each in json.loads(printed)["guidance"] if each["class"] == "light_box_diesel_6")
    assert (finding["code"], finding["subject"], finding["by_law"]) == ("guidance-six-hours", "sy-second-ring", True)
    assert (finding["severity"], finding["zones"]) == ("warning", None)
    assert {"id": "my-notice/no-vans-at-noon", "file": str(city / "my-notice.toml"), "key": "restrictions[0]"} in (
        finding["articles"]
    )
    assert json.loads(printed)["classes"][0] == "micro_van_electric"
    assert finding["hours"] == [
        {"days": {"zh": "每天", "en": "every day"}, "open_minutes": 60, "open": [["23:00", "24:00"]]}
    ]


def test_what_illustrative_notices_do_to_the_guidance_is_told(city: Path, checked: Checked) -> None:
    change(
        city / "sy-priority-classes.toml",
        "always = true",
        'windows = [{ days = ["every_day"], from = "07:00", until = "08:00" }]',
    )
    light = [line for line in checked(city, guidance=True)[1].splitlines() if ", light electric box truck / " in line]
    assert len(light) == 1 and light[0].endswith("; not so with illustrative notices / 计入示范规则则无此问题")
    write(
        city,
        NOTICE.replace('id = "my-notice"', 'id = "my-notice"\nillustrative = true').replace(
            '"12:00", until = "13:00"', '"00:00", until = "23:00"'
        ),
    )
    printed = checked(city, guidance=True)[1]
    assert "only with illustrative notices / 仅计入示范规则时: delivery trucks have less than 6 open hours" in printed
    assert printed.splitlines()[-1] == "3 findings and 2 notes about the law, in the week from 2026-11-24"


def test_an_article_that_breaks_the_guidance_is_named_with_its_zones_and_hours(city: Path, checked: Checked) -> None:
    file = write(city, NOTICE.replace('{ kind = "truck" }', '{ kind = "truck", total_mass_kg = { above = 3500 } }'))
    document = json.loads(checked(city, guidance=True, as_json=True)[1])
    (finding,) = [each for each in document["guidance"] if each["code"] == "guidance-tonnage"]
    assert finding["articles"] == [{"id": "my-notice/no-vans-at-noon", "file": str(file), "key": "restrictions[0]"}]
    assert finding["zones"] == ["sy-second-ring"]
    assert finding["hours"] == [
        {"days": {"zh": "每天", "en": "every day"}, "binding_minutes": 60, "binding": [["12:00", "13:00"]]}
    ]


def test_notes_of_the_guidance_never_fail(city: Path, checked: Checked) -> None:
    """Shenyang bars the oldest diesel and petrol vehicles from the whole city: new trucks are free."""
    change(
        city / "sy-2021.toml", "in_force = { from = 2021-11-01", "in_force = { from = 2021-11-01, last_day = 2026-11-01"
    )
    code, printed = checked(city, guidance=True, strict=True)
    assert (code, printed.splitlines()[-1]) == (0, "0 findings and 2 notes about the law, in the week from 2026-11-24")
    assert "  note / 提示: sy-lez-2022/city-diesel-below-3" in printed


def test_guidance_that_is_kept(checked: Checked) -> None:
    law = next(law for law, _ in built_in_cities() if law.name == "dalian")
    code, printed = checked(law, guidance=True, strict=True)
    assert (code, printed.splitlines()[-1]) == (0, "0 findings and 0 notes about the law, in the week from 2026-11-24")
