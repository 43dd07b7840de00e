"""`tongxing decide`: by flags and by JSON, for people and for programs, and what it says of a faulty question."""

import json

import pytest
from typer.testing import CliRunner

from service.cli import cli
from service.tables import display_width
from tests.support.command import tongxing

VAN = ("--plate", "辽A5K268", "--vehicle-type", "轻型厢式货车", "--emission-stage", "国五", "--energy", "柴油")
RUNNER = CliRunner()
QUESTION = {
    "vehicle": {"plate": "辽A5K268", "vehicle_type": "轻型厢式货车", "emission_stage": "国五", "energy": "柴油"},
    "place": {"zone": "sy-second-ring"},
    "at": "2026-11-24T08:12:00+08:00",
}


def test_flags_and_json_ask_the_same():
    by_flags = tongxing("decide", "--zone", "sy-second-ring", *VAN, "--at", "2026-11-24 08:12", "--json")
    by_json = tongxing("decide", "--json", said=json.dumps(QUESTION))
    assert (by_flags.returncode, by_json.returncode) == (0, 0)
    first, second = json.loads(by_flags.stdout), json.loads(by_json.stdout)
    assert first["verdict"] == "prohibited"
    assert first["at"] == "2026-11-24T08:12:00+08:00"
    assert [ground["restriction"] for ground in first["grounds"]] == ["sy-2021/second-ring-peaks"]
    differing = {key for key in first if first[key] != second[key]}
    assert "id" in differing
    assert differing <= {"id", "decided_at"}
    assert list(first) == list(second)


def test_the_table_opens_with_the_summaries():
    document = json.loads(tongxing("decide", "--json", said=json.dumps(QUESTION)).stdout)
    table = tongxing("decide", said=json.dumps(QUESTION)).stdout.splitlines()
    assert table[:3] == [document["summary"]["zh"], document["summary"]["en"], ""]
    rows = {line.split()[1]: line for line in table[3:] if not line.startswith(" ")}
    assert {"verdict", "until", "next", "grounds", "assumed", "rests"} <= set(rows)
    assert "prohibited 禁止通行" in rows["verdict"]
    assert rows["until"].endswith("2026-11-24 09:00")
    assert "sy-2021/second-ring-peaks 07:00-09:00 @ sy-second-ring" in rows["grounds"]
    # The second column begins at one place on the screen, however wide the signs before it.
    starts = {display_width(line[: line.index(cell)]) for line, cell in _cells(rows)}
    assert len(starts) == 1


def _cells(rows):
    for line in rows.values():
        yield line, line[len(line.split("  ")[0]) :].strip()


def test_every_flag_reaches_the_question():
    done = tongxing(
        *("decide", "--json", "--lon", "123.4387", "--lat", "41.7908", "--crs", "gcj02", "--accuracy-m", "30"),
        *("--heading-deg", "90", "--level", "ground", "--kind", "truck", "--size", "light", "--body", "box"),
        *("--fuel", "B", "--emission-stage", "5", "--length-mm", "5990", "--width-mm", "2100", "--height-mm", "2700"),
        *("--total-mass-kg", "4495", "--rated-load-kg", "1500", "--no-new-energy-plate", "--use", "freight"),
        *("--on-duty", "--full-load", "--cargo", "fresh_produce", "--cargo", "chilled"),
        *("--priority-class", "aaa_rated", "--pass", "electronic-pass", "--at", "2026-11-24T12:30:00+08:00"),
        *("--stay-minutes", "20", "--ref", "stop-881"),
    )
    assert done.returncode == 0, done.stderr
    answer = json.loads(done.stdout)
    assert (answer["ref"], answer["stay_minutes"]) == ("stop-881", 20)
    place = {key: answer["place"][key] for key in ("lon", "lat", "crs", "accuracy_m", "heading_deg", "level")}
    assert place == {
        "lon": 123.4387,
        "lat": 41.7908,
        "crs": "gcj02",
        "accuracy_m": 30,
        "heading_deg": 90,
        "level": "ground",
    }
    facts = {fact: known["value"] for fact, known in answer["vehicle"].items() if "value" in known}
    assert facts == {
        "kind": "truck",
        "size": "light",
        "body": "box",
        "energy": "diesel",
        "emission_stage": 5,
        "length_mm": 5990,
        "width_mm": 2100,
        "height_mm": 2700,
        "total_mass_kg": 4495,
        "rated_load_kg": 1500,
        "new_energy_plate": False,
    }
    assert answer["claims"]["cargo"] == ["chilled", "fresh_produce"]
    assert answer["claims"]["priority_class"] == ["aaa_rated"]
    assert answer["claims"]["passes"] == ["electronic-pass"]
    assert answer["claims"]["use"] == ["freight"]


def test_illustrative_notices_can_be_left_out():
    flags = (
        "decide",
        "--zone",
        "sy-second-ring",
        *VAN,
        "--cargo",
        "fresh_produce",
        "--at",
        "2026-11-24 08:12",
        "--json",
    )
    with_them, without = tongxing(*flags), tongxing(*flags, "--no-illustrative")
    assert json.loads(with_them.stdout)["verdict"] == "allowed"
    assert json.loads(with_them.stdout)["illustrative"] is True
    assert json.loads(without.stdout)["verdict"] == "prohibited"
    from_the_environment = tongxing(*flags, TONGXING_ILLUSTRATIVE="false")
    assert json.loads(from_the_environment.stdout)["verdict"] == "prohibited"


@pytest.mark.parametrize(
    ("flags", "expected"),
    [
        (("--zone", "sy-second-rng"), ["place.zone:", "did you mean sy-second-ring", 'found "sy-second-rng"']),
        (("--zone", "sy-second-ring", "--body", "bxo"), ["vehicle.body:", "the nearest is box", 'found "bxo"']),
        (
            ("--zone", "sy-second-ring", "--vehicle-type", "H12", "--total-mass-kg", "3000"),
            ["contradict each other", '"H12"', "3000"],
        ),
        (("--lon", "123.4", "--lat", "41.8"), ["place.crs:", "wgs84, cgcs2000, gcj02, bd09ll"]),
        (("--lon", "41.8", "--lat", "123.4", "--crs", "wgs84"), ["swapped"]),
        (("--zone", "sy-second-ring", "--at", "25:00"), ["at: ", 'found "25:00"']),
        (("--zone", "sy-second-ring", "--plate", "辽AOOOOO"), ["vehicle.plate:", 'found "辽AOOOOO"']),
        (("--zone", "sy-second-ring", "--pass", "nosuch"), ["vehicle.passes.0.kind:", 'found "nosuch"']),
        (("--plate", "辽A5K268"), ["place:"]),
        (("--at", "08:00"), ["--at goes with the other flags"]),
        (("--zone", "sy-second-ring", "--length-mm", "six"), ["vehicle.length_mm:", 'found "six"']),
        (("--lon", "nan", "--lat", "41.8", "--crs", "wgs84"), ["place.lon:", 'found "nan"']),
        (("--zone", "sy-second-ring", "--stay-minutes", "-1"), ["stay_minutes:", "found -1"]),
    ],
    ids=lambda value: value[-1] if isinstance(value, tuple) else "",
)
def test_a_faulty_question_is_refused_with_what_was_found(flags, expected):
    done = RUNNER.invoke(cli, ["decide", *flags])
    assert done.exit_code == 2
    assert done.stdout == ""
    assert [part for part in expected if part not in done.stderr] == []


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ("", "no question"),
        ("[]", "(question): "),
        ('{"vehicle": {}, "vehicle": {}}', "stands twice"),
        ('{"vehicle": {"length_mm": NaN}}', "no NaN"),
        (json.dumps({**QUESTION, "at": 0}), "at: "),
        (json.dumps({**QUESTION, "at": "2026-11-24T08:12:00"}), 'found "2026-11-24T08:12:00"'),
        (json.dumps({**QUESTION, "城市": 1}), "found '城市'"),
        (json.dumps({**QUESTION, "speed": 1}), "speed: "),
        (b"\xff{}", "UTF-8"),
        (b"[" * 1000, "nesting"),
        (b" " * 70_000 + b"{}", "65536 bytes"),
    ],
    ids=range(11),
)
def test_json_is_read_as_strictly_as_over_http(said, expected):
    done = RUNNER.invoke(cli, ["decide"], input=said)
    assert done.exit_code == 2
    assert done.stdout == ""
    assert expected in done.stderr


def test_a_time_where_no_city_is_needs_an_offset():
    sea = ("decide", "--json", "--lon", "0", "--lat", "0", "--crs", "wgs84", "--at")
    assert tongxing(*sea, "08:00").returncode == 2
    answered = tongxing(*sea, "2026-11-24T08:00:00+08:00")
    assert json.loads(answered.stdout)["reason"] == "outside_coverage"


def test_nothing_is_kept(tmp_path):
    data = tmp_path / "data"
    assert tongxing("decide", said=json.dumps(QUESTION), TONGXING_DATA=str(data)).returncode == 0
    assert not data.exists()


def test_a_refusal_as_a_process():
    """What the tables below ask in this process, once from outside: its exit code, and no traceback."""
    done = tongxing("decide", said=json.dumps({**QUESTION, "place": {"zone": "sy-second-rng"}}))
    assert (done.returncode, done.stdout) == (2, "")
    assert "place.zone: 未知区域" in done.stderr
    assert "Traceback" not in done.stderr


def test_help_says_that_nothing_is_kept():
    assert "The answer is not kept" in tongxing("decide", "--help").stdout
