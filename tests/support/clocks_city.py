"""A city of one zone within another whose clock is put forward and back, as a snapshot of its own."""

import json
from pathlib import Path

from service.publication import load_calendar, load_city
from service.snapshot import Snapshot, make_snapshot

_CITY = """\
schema = 1
id = "uhrstadt"
name = { zh = "钟城", en = "Clock Town" }
timezone = "TIMEZONE"
record_from = 2026-01-01
complete_from = 2026-01-01
"""

_NOTICE = """\
schema = 1
id = "uh-1"
name = { zh = "夜间", en = "Nights" }
illustrative = true
in_force = { from = 2026-01-01 }

[source]
grade = "none"
verified_on = 2026-01-01

[[restrictions]]
id = "night"
text = { zh = "夜间禁行", en = "barred by night" }
text_kind = "paraphrase"
zones = ["uh-all"]
vehicles = { kind = "truck" }
windows = [{ days = ["every_day"], from = "23:30", until = "02:30" }]

[[restrictions]]
id = "inner-noon"
text = { zh = "内城周日午间禁行", en = "barred from the inner town at noon on Sundays" }
text_kind = "paraphrase"
zones = ["uh-inner"]
vehicles = { kind = "truck", size = "heavy" }
windows = [{ days = ["sunday"], from = "12:00", until = "13:00" }]
"""


def clocks_city(folder: Path, timezone: str) -> Snapshot:
    """The city's files written into `folder` and read back; its place on Earth has nothing to do with its clock."""
    (folder / "city.toml").write_text(_CITY.replace("TIMEZONE", timezone), encoding="utf-8")
    (folder / "uh-1.toml").write_text(_NOTICE, encoding="utf-8")
    drawn = [("uh-cover", "coverage", 0.0), ("uh-all", "area", 0.0), ("uh-inner", "area", 0.02)]
    features = [_feature(key, kind, inset) for key, kind, inset in drawn]
    (folder / "zones.geojson").write_text(json.dumps({"type": "FeatureCollection", "features": features}), "utf-8")
    calendar = load_calendar()
    return make_snapshot([load_city(folder, calendar)], calendar, illustrative=True)


def _feature(key: str, kind: str, inset: float) -> dict[str, object]:
    west, south, east, north = 13.3 + inset, 52.4 + inset, 13.5 - inset, 52.6 - inset
    ring = [[west, south], [east, south], [east, north], [west, north], [west, south]]
    properties: dict[str, object] = {
        **{"id": key, "city": "uhrstadt", "name_zh": key, "name_en": key, "kind": kind},
        **{"quality": "synthetic", "error_m": 0, "basis": "invented"},
    }
    if key == "uh-inner":
        properties["within"] = ["uh-all"]
    return {"type": "Feature", "properties": properties, "geometry": {"type": "Polygon", "coordinates": [ring]}}
