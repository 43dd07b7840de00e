"""One good notice as a file, and ways to change one place of it."""

GOOD = """\
schema = 1
id = "n-1"
name = { zh = "通告", en = "Notice" }
in_force = { from = 2026-01-01, last_day = 2026-12-31 }

[source]
grade = "P"
verified_on = 2026-11-23

[[restrictions]]
id = "r-1"
text = { zh = "禁行", en = "barred" }
text_kind = "paraphrase"
zones = ["ring"]
vehicles = { kind = "truck" }
windows = [{ days = ["every_day"], from = "07:00", until = "09:00" }]

[[exemptions]]
id = "e-1"
text = { zh = "除外", en = "exempt" }
text_kind = "verbatim"
everywhere = true
vehicles = { everyone = true }
always = true
lifts = [{ restriction = "r-1" }]
"""
WINDOW = '{ days = ["every_day"], from = "07:00", until = "09:00" }'
HERE = "restrictions[0].windows[0]"


def changed(old: str, new: str) -> str:
    assert GOOD.count(old) >= 1
    return GOOD.replace(old, new, 1)


def window(text: str) -> str:
    return changed(WINDOW, text)


def vehicles(text: str) -> str:
    return changed('vehicles = { kind = "truck" }', f"vehicles = {text}")
