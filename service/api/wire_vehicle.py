"""The vehicle on the wire: documentation only, since `rules.reading.read_vehicle` is the one door that reads it.

Enumerations are written as plain strings: every one also takes its Chinese word, which no `enum` could list.
"""

from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field

from rules import codes
from rules.claims import MOST_PASSES
from rules.codes import CodeList
from rules.facts import NUMBERS
from rules.said import MOST_WORDS


def _listed(code_list: CodeList, zh: str, en: str, example: str) -> Any:
    words = ", ".join(f"{code} ({name.zh})" for code, name in code_list.names.items())
    return Field(default=None, description=f"{zh} / {en}: {words}; 亦可用中文 / Chinese words too", examples=[example])


def _number(name: str, zh: str, en: str, example: int) -> Any:
    return Field(default=None, ge=1, le=NUMBERS[name], description=f"{zh} / {en}", examples=[example])


def _text(description: str, example: str) -> Any:
    return Field(default=None, description=description, examples=[example])


Day = Annotated[str, Field(pattern="^[0-9]{4}-[0-9]{2}-[0-9]{2}$", examples=["2026-12-31"])]
Hours = Annotated[
    str,
    Field(pattern="^([01][0-9]|2[0-3]):[0-5][0-9]-(([01][0-9]|2[0-3]):[0-5][0-9]|24:00)$", examples=["06:30-08:30"]),
]


class _Said(BaseModel):
    model_config = ConfigDict(extra="forbid")


class PassIn(_Said):
    """所持通行证 / a pass held; it counts only whole: kind, dates, hours and zones together."""

    kind: Annotated[str, Field(description="种类代码 / kind, as the city lists it", examples=["electronic-pass"])]
    valid_from: Annotated[Day | None, Field(description="起期(含) / first day")] = None
    valid_to: Annotated[Day | None, Field(description="止期(含) / last day")] = None
    hours: Annotated[
        list[Hours] | None,
        Field(min_length=1, max_length=MOST_WORDS, description="时段,省略为全天 / left out: all day"),
    ] = None
    days: Annotated[
        str | list[str] | None, Field(description="时段所在的日子 / the days of its hours", examples=["workday"])
    ] = None
    zones: Annotated[list[str] | None, Field(min_length=1, description="区域,省略为不限 / left out: no limit")] = None


class CredentialIn(_Said):
    """优先类别及其有效期 / a priority class with its dates."""

    priority_class: Annotated[str, Field(alias="class", description="见 /v1/classes", examples=["aaa_rated"])]
    valid_from: Annotated[Day | None, Field(description="起期(含) / first day")] = None
    valid_to: Annotated[Day | None, Field(description="止期(含) / last day")] = None


class VehicleIn(_Said):
    """车辆事实与申报 / what is said of the vehicle.

    车辆事实省略为未知,申报事项省略为没有 / facts left out are unknown, circumstances left out are not so. 互相矛盾的
    事实是错误 / facts that contradict each other are an error.
    """

    plate: str | None = _text("号牌 / number plate", "辽A5K268")
    vehicle_type: str | None = _text("行驶证车辆类型,GA/T 16.4 代码或名称 / type on the vehicle licence", "H32")
    kind: str | None = _listed(codes.KIND, "车辆种类", "kind", "truck")
    size: str | None = _listed(codes.SIZE, "大小", "size class", "light")
    body: str | None = _listed(codes.BODY, "车身", "body", "box")
    energy: str | None = _listed(codes.ENERGY, "能源", "energy", "diesel")
    fuel: str | None = _text("行驶证燃料种类,GA/T 16.9 字母或名称 / fuel on the licence, letters or name", "B")
    emission_stage: int | str | None = Field(
        default=None, description="排放阶段 / emission stage: 0-6, 国五, 国Ⅴ, V, none", examples=[5]
    )
    new_energy_plate: bool | None = Field(default=None, description="新能源专用号牌 / carries a new-energy plate")
    plate_kind: str | None = _listed(codes.PLATE_KIND, "号牌种类 GA/T 16.7", "kind of plate", "02")
    plate_prefix: str | None = _text("号牌归属 / province and office", "辽A")
    tail_digit: int | None = Field(
        default=None, ge=0, le=9, description="号牌末位阿拉伯数字 / last Arabic digit of the plate", examples=[8]
    )
    length_mm: int | None = _number("length_mm", "车长(毫米)", "length in mm", 5995)
    width_mm: int | None = _number("width_mm", "车宽(毫米)", "width in mm", 2300)
    height_mm: int | None = _number("height_mm", "车高(毫米)", "height in mm", 3200)
    total_mass_kg: int | None = _number("total_mass_kg", "总质量(千克)", "total mass in kg", 4495)
    rated_load_kg: int | None = _number("rated_load_kg", "核定载质量(千克)", "rated load in kg", 1495)
    use: str | None = _listed(codes.USE, "使用性质", "use", "freight")
    trip: str | None = _listed(codes.TRIP, "行程", "trip", "local")
    cargo: str | list[str] | None = _listed(codes.CARGO, "所载货物", "cargo, one or several", "fresh_produce")
    on_duty: bool | None = Field(default=None, description="正在执行任务 / on duty")
    full_load: bool | None = Field(default=None, description="整车合法装载 / full lawful load")
    filings: str | list[str] | None = Field(default=None, description="备案代码 / codes of filings")
    passes: list[PassIn] | None = Field(
        default=None,
        max_length=MOST_PASSES,
        description="所持通行证 / passes held",
        examples=[[{"kind": "electronic-pass"}]],
    )
    priority_classes: str | list[str | CredentialIn] | None = _listed(
        codes.PRIORITY_CLASS, "优先类别", "priority classes, one or several", "common_delivery"
    )
