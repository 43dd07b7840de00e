"""A vehicle written into a query string: its parameters, and what their text stands for."""

import re
from collections.abc import Mapping, Sequence

from rules.facts import NUMBERS
from service.api.problems import Flaw
from service.api.wire_vehicle import VehicleIn

SEVERAL = ("cargo", "filings", "passes", "priority_classes")
OF_VEHICLE = tuple(name for name in VehicleIn.model_fields if name not in SEVERAL)

_WHOLE_NUMBERS = (*NUMBERS, "tail_digit", "stay_minutes")
_FLAGS = ("new_energy_plate", "on_duty", "full_load")
_FLAG_WORDS = {"true": True, "false": False, "是": True, "否": False}


def described() -> dict[str, str]:
    """What each parameter of the vehicle is, and the heading beside them."""
    words = {name: field.description or "" for name, field in VehicleIn.model_fields.items()}
    words["passes"] = "所持通行证种类,逗号分隔或重复 / kinds of pass held, with commas or repeated"
    words["heading_deg"] = "行驶方向,度 / heading in degrees from true north"
    return words


def vehicle_said(given: Mapping[str, Sequence[str]]) -> dict[str, object]:
    """The vehicle in a query string, as a body would have it."""
    vehicle: dict[str, object] = {name: value_of(name, given[name][0]) for name in OF_VEHICLE if name in given}
    for name in SEVERAL:
        if name in given:
            words = [word.strip() for text in given[name] for word in re.split("[,,、]", text)]
            vehicle[name] = [{"kind": word} for word in words] if name == "passes" else words
    return vehicle


def value_of(name: str, text: str) -> object:
    """What a parameter's text stands for. Text that is none is left as it is, to be refused where the rest is read."""
    if name in _WHOLE_NUMBERS and re.fullmatch("-?[0-9]{1,12}", text) and text.isascii():
        return int(text)
    if name in _FLAGS:
        return _FLAG_WORDS.get(text, text)
    return text


def decimal_of(text: str) -> float | str:
    return float(text) if re.fullmatch(r"-?[0-9]{1,6}(\.[0-9]{1,9})?", text) else text


def at_parameter(flaw: Flaw) -> Flaw:
    """The same fault, its place in the query string."""
    return Flaw((f"/query/{flaw.pointers[0].rpartition('/')[2]}",), flaw.code, flaw.zh, flaw.en)
