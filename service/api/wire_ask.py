"""The question on the wire, and the one way from it to an `Ask`. Nothing is coerced, nothing unknown is dropped.

The vehicle is read by `rules.reading.read_vehicle` alone, which takes codes and Chinese words; `wire_vehicle.VehicleIn`
documents it.
"""

import difflib
from collections.abc import Mapping
from dataclasses import replace
from typing import Annotated, Any

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Discriminator,
    Field,
    Tag,
    ValidationError,
)

from geodata.crs import Crs
from geodata.zones import Level
from service.api.problems import Flaw, pointer
from service.api.wire_schema import DocumentedAs
from service.api.wire_vehicle import VehicleIn
from service.asks import LONGEST_REF, LONGEST_STAY_MINUTES, Ask, PointAsk, ZoneAsk
from service.instants import NotAnInstant, parse_instant

LARGEST_ACCURACY_M = 10_000
_LONGEST_ZONE_ID = 64
_PLACE_FORMS = ("zone", "point")
_MOST_FLAWS = 100
"""More are never told, and each takes a while to put into words."""


class _Fault(ValueError):
    """A fault in our own words, found while pydantic validates; its place is pydantic's to say."""

    def __init__(self, code: str, zh: str, en: str, known: tuple[str, ...] = (), nearest: str | None = None) -> None:
        self.flaw = Flaw(("",), code, zh, en, known, nearest)
        super().__init__(en)


def not_null(value: object) -> object:
    if value is None:
        raise _Fault("wrong-type", "不得为 null,未知时省略该字段", "null is no value; leave the field out instead")
    return value


def _one_of(subject_zh: str, subject_en: str, known: tuple[str, ...]) -> AfterValidator:
    def check(word: str) -> str:
        if word in known:
            return word
        close = difflib.get_close_matches(word.lower(), known, n=1)
        nearest = close[0] if close else None
        raise _Fault(
            "unknown-code",
            f"未知{subject_zh},可用:{'、'.join(known)}",
            f"unknown {subject_en}; known are {', '.join(known)}",
            known,
            nearest,
        )

    return AfterValidator(check)


def _is_instant(text: str) -> str:
    try:
        parse_instant(text)
    except NotAnInstant as fault:
        raise _Fault(fault.code, fault.zh, fault.en) from None
    return text


_CRS = tuple(each.value for each in Crs)
_LEVELS = tuple(each.value for each in Level)

Ref = Annotated[str, Field(max_length=LONGEST_REF, pattern="^[^\\x00-\\x1f\\x7f-\\x9f]*$")]
IsInstant = AfterValidator(_is_instant)

Heading = Annotated[
    Annotated[float, Field(ge=0, lt=360)] | None,
    BeforeValidator(not_null),
    Field(description="行驶方向,自正北顺时针的度数 / heading, degrees clockwise from true north", examples=[90]),
]


class Wire(BaseModel):
    """What is said by a caller: nothing is coerced, nothing unknown is dropped."""

    model_config = ConfigDict(strict=True, extra="forbid", allow_inf_nan=False, frozen=True)


class ZonePlaceIn(Wire):
    """按区域编号提问:该区域及包含它的区域适用 / by zone id: that zone and those that contain it apply."""

    zone: Annotated[
        str,
        Field(
            min_length=1,
            max_length=_LONGEST_ZONE_ID,
            description="区域编号,见 /v1/zones / zone id, see /v1/zones",
            examples=["sy-second-ring"],
        ),
    ]
    heading_deg: Heading = None


class PointPlaceIn(Wire):
    """按坐标提问 / by a point. The crs is never guessed: the same numbers mean places 0.4 to 1.4 km apart."""

    lon: Annotated[float, Field(ge=-180, le=180, description="经度 / longitude in degrees", examples=[123.4387])]
    lat: Annotated[float, Field(ge=-90, le=90, description="纬度 / latitude in degrees", examples=[41.7908])]
    crs: Annotated[
        str,
        _one_of("坐标系", "coordinate system", _CRS),
        Field(description="坐标系,必填 / coordinate system, required", json_schema_extra={"enum": list(_CRS)}),
    ]
    accuracy_m: Annotated[
        float, Field(ge=0, le=LARGEST_ACCURACY_M, description="定位误差(米) / how far the true place may be, in metres")
    ] = 0
    heading_deg: Heading = None
    level: Annotated[
        Annotated[str, _one_of("层", "level", _LEVELS)] | None,
        BeforeValidator(not_null),
        Field(
            description="地面、高架或隧道;省略为未知 / left out: unknown",
            json_schema_extra={"enum": list(_LEVELS)},
        ),
    ] = None


def form_of(place: object) -> str | None:
    """Which of the two forms a place has; None for neither, which is a fault of the place as a whole."""
    if isinstance(place, ZonePlaceIn | PointPlaceIn):
        return "zone" if isinstance(place, ZonePlaceIn) else "point"
    if not isinstance(place, Mapping):
        return None
    by_point = any(key in place for key in ("lon", "lat", "crs"))
    if "zone" in place:
        return None if by_point else "zone"
    return "point" if by_point else None


class AskIn(Wire):
    """一个问题 / one question: may this vehicle be in this place at this time?"""

    vehicle: Annotated[dict[str, Any], DocumentedAs(VehicleIn), Field(description="车辆及申报情况 / the vehicle")]
    place: Annotated[
        Annotated[ZonePlaceIn, Tag("zone")] | Annotated[PointPlaceIn, Tag("point")],
        Discriminator(form_of),
        Field(description="区域编号或坐标,二者取一 / a zone id or a point, exactly one"),
    ]
    at: Annotated[
        Annotated[str, IsInstant] | None,
        BeforeValidator(not_null),
        Field(
            description="RFC 3339 时间,须带时区;省略为现在 / RFC 3339 with offset; left out: now",
            json_schema_extra={"format": "date-time"},
            examples=["2026-11-24T08:12:00+08:00"],
        ),
    ] = None
    stay_minutes: Annotated[
        int, Field(ge=0, le=LONGEST_STAY_MINUTES, description="停留分钟数 / minutes of stay; 0: the instant alone")
    ] = 0
    ref: Annotated[
        Ref | None,
        BeforeValidator(not_null),
        Field(description="调用方自己的标记,原样返回 / a mark of your own, returned as it is", examples=["stop-881"]),
    ] = None

    def to_ask(self) -> Ask:
        at = None if self.at is None else parse_instant(self.at)
        return Ask(self.vehicle, to_place(self.place), at, self.stay_minutes, self.ref)


def to_place(place: ZonePlaceIn | PointPlaceIn) -> ZoneAsk | PointAsk:
    """What is asked of a place that was read."""
    if isinstance(place, ZonePlaceIn):
        return ZoneAsk(place.zone, place.heading_deg)
    level = None if place.level is None else Level(place.level)
    return PointAsk(place.lon, place.lat, Crs(place.crs), place.accuracy_m, place.heading_deg, level)


Forms = tuple[type[BaseModel], type[BaseModel]]
FORMS: Forms = (ZonePlaceIn, PointPlaceIn)


def ask_flaws(
    error: ValidationError, said: Mapping[str, object], whole: type[BaseModel] = AskIn, forms: Forms = FORMS
) -> tuple[Flaw, ...]:
    """What is wrong with what was said, in our words: pydantic's own would repeat what was found.

    `whole` is the model that was read, `forms` are those of its place.
    """
    return tuple(_flaw(each, said, whole, forms) for each in error.errors(include_url=False)[:_MOST_FLAWS])


def _flaw(error: Mapping[str, Any], said: Mapping[str, object], whole: type[BaseModel], forms: Forms) -> Flaw:
    segments = list(error["loc"])
    if segments[:1] == ["place"] and len(segments) > 1 and segments[1] in _PLACE_FORMS:
        del segments[1]
    place = pointer(*segments)
    own = error.get("ctx", {}).get("error")
    if isinstance(own, _Fault):
        return replace(own.flaw, pointers=(place,))
    field = str(segments[-1]) if segments else ""
    kind = error["type"]
    if kind == "too_short":
        return Flaw((place,), "empty-list", "列表为空", "the list is empty")
    if kind == "too_long":
        most = error["ctx"]["max_length"]
        return Flaw((place,), "too-many", f"至多{most}项", f"at most {most} items")
    if kind == "missing":
        if field == "crs":
            zh, en = (f"须写明坐标系:{'、'.join(_CRS)}", f"the coordinate system must be named: {', '.join(_CRS)}")
            return Flaw((place,), "crs-missing", zh, en, _CRS)
        return Flaw((place,), "missing-field", "缺少此字段", "this field is required")
    if kind == "extra_forbidden":
        known = _fields_beside(segments, said, whole, forms)
        close = difflib.get_close_matches(field, known, n=1)
        zh, en = f"未知字段,可用:{'、'.join(known)}", f"unknown field; known are {', '.join(known)}"
        return Flaw((place,), "unknown-field", zh, en, known, close[0] if close else None)
    if kind in ("union_tag_not_found", "union_tag_invalid"):
        return _place_flaw(place, error["input"])
    if kind in ("greater_than_equal", "less_than_equal", "less_than"):
        if field in ("lon", "lat"):
            return _coordinate_flaw(place, said)
        most = _MOST[field]
        return Flaw((place,), "number-out-of-range", f"应在0到{most}之间", f"expected 0 to {most}")
    if kind in ("string_too_long", "string_too_short", "string_pattern_mismatch"):
        zh, en = "文字过长、为空或含有控制字符", "the text is too long, empty or holds control characters"
        return Flaw((place,), "invalid-text", zh, en)
    zh, en = _TYPE_WORDS.get(field, ("另一种类型", "another type"))
    return Flaw((place,), "wrong-type", f"应为{zh}", f"expected {en}")


_MOST = {
    "accuracy_m": str(LARGEST_ACCURACY_M),
    "stay_minutes": str(LONGEST_STAY_MINUTES),
    "heading_deg": "359.99…",
}
_TYPE_WORDS = {
    **dict.fromkeys(("lon", "lat", "accuracy_m", "heading_deg"), ("数字(不加引号)", "a number (without quotes)")),
    "stay_minutes": ("整数(不加引号)", "a whole number (without quotes)"),
    **dict.fromkeys(("crs", "level", "zone", "ref", "city"), ("文字", "text")),
    **dict.fromkeys(("questions", "profiles", "places"), ("数组", "an array")),
    **dict.fromkeys(
        ("at", "from", "until"),
        ("带时区的文字时间,例如 2026-11-24T08:00:00+08:00", "text such as 2026-11-24T08:00:00+08:00"),
    ),
    "vehicle": ("对象", "an object"),
}


def _fields_beside(
    segments: list[int | str], said: Mapping[str, object], whole: type[BaseModel], forms: Forms
) -> tuple[str, ...]:
    model = whole if len(segments) == 1 else forms[form_of(said.get("place")) != "zone"]
    return tuple(field.alias or name for name, field in model.model_fields.items())


def _place_flaw(place: str, found: object) -> Flaw:
    if not isinstance(found, Mapping):
        zh, en = "应为对象", "expected an object"
        return Flaw((place,), "wrong-type", f"{zh}:zone,或 lon、lat、crs", f"{en}: zone, or lon, lat and crs")
    if "zone" in found:
        zh, en = "区域编号与坐标只能取一", "a zone id and a point exclude each other"
        return Flaw((f"{place}/zone", f"{place}/lon"), "ambiguous-place", zh, en)
    zh, en = "须给出 zone,或 lon、lat 和 crs", "give zone, or lon, lat and crs"
    return Flaw((place,), "missing-field", zh, en)


def _coordinate_flaw(place: str, said: Mapping[str, object]) -> Flaw:
    point = said.get("place")
    lon, lat = (point.get("lon"), point.get("lat")) if isinstance(point, Mapping) else (None, None)
    if isinstance(lon, int | float) and isinstance(lat, int | float) and abs(lon) <= 90 < abs(lat) <= 180:
        return Flaw(
            (place,),
            "coordinates-swapped",
            "经度和纬度写反了:lon 为经度,lat 为纬度",
            "longitude and latitude are swapped: lon is the longitude, lat the latitude",
        )
    return Flaw(
        (place,),
        "coordinates-out-of-range",
        "经度应在-180到180之间,纬度应在-90到90之间",
        "longitude must lie between -180 and 180, latitude between -90 and 90",
    )
