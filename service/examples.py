"""The questions that Swagger UI and the README show: each works as it stands, and its title ends with its verdict.

Their instants are fixed and their points lie clear of every edge, so that the answer never changes while the
publications do not; a test asks each and compares the verdict with the title.
"""

from collections.abc import Mapping
from dataclasses import dataclass

_TUESDAY = "2026-11-24"

FIRST_QUESTION = (
    "/v1/zones/sy-second-ring/access?plate=辽A5K268&vehicle_type=轻型厢式货车&emission_stage=国五&energy=柴油&at=08:12"
)
"""The address to open first: the banner prints it, the page to begin at links to it."""


@dataclass(frozen=True, slots=True)
class Example:
    """A question with the verdict it gets; for a question that is refused, the status instead."""

    key: str
    title: str
    body: Mapping[str, object]
    expect: str


def _at(clock: str) -> str:
    return f"{_TUESDAY}T{clock}:00+08:00"


_DIESEL_VAN: Mapping[str, object] = {
    "plate": "辽A5K268",
    "vehicle_type": "H32",
    "energy": "diesel",
    "emission_stage": 5,
    "total_mass_kg": 4495,
}
_ELECTRIC_VAN: Mapping[str, object] = {"plate": "辽AD52638", "vehicle_type": "H32", "energy": "battery_electric"}
_OPEN_TRUCK: Mapping[str, object] = {**_DIESEL_VAN, "vehicle_type": "轻型普通货车"}
_SECOND_RING: Mapping[str, object] = {"zone": "sy-second-ring"}

_DALIAN_MAIN: Mapping[str, object] = {"zone": "dl-main"}

EXAMPLES = (
    Example(
        "fresh-food-morning",
        "生鲜轻型厢式车,早高峰,二环内(示范规则) / fresh-food van, morning peak, second ring (illustrative): allowed",
        {
            "vehicle": {**_DIESEL_VAN, "cargo": ["fresh_produce"]},
            "place": _SECOND_RING,
            "at": _at("08:12"),
            "ref": "stop-881",
        },
        "allowed",
    ),
    Example(
        "no-class-morning",
        "同一车辆,未申报优先类别 / the same van without a priority class: prohibited",
        {"vehicle": _DIESEL_VAN, "place": _SECOND_RING, "at": _at("08:12")},
        "prohibited",
    ),
    Example(
        "new-energy-with-pass",
        "新能源厢式车,持电子通行码,早高峰 / new-energy van with the pass, morning peak: allowed",
        {
            "vehicle": {**_ELECTRIC_VAN, "passes": [{"kind": "electronic-pass", "valid_to": "2026-12-31"}]},
            "place": _SECOND_RING,
            "at": _at("08:12"),
        },
        "allowed",
    ),
    Example(
        "new-energy-without-pass",
        "新能源厢式车,无通行码,早高峰(示范规则) / new-energy van without the pass (illustrative): allowed",
        {"vehicle": _ELECTRIC_VAN, "place": _SECOND_RING, "at": _at("08:12")},
        "allowed",
    ),
    Example(
        "new-energy-on-listed-road",
        "新能源厢式车,持电子通行码,青年大街 / new-energy van with the pass on Qingnian Dajie: prohibited",
        {
            "vehicle": {**_ELECTRIC_VAN, "passes": [{"kind": "electronic-pass"}]},
            "place": {"zone": "sy-qingnian-dajie"},
            "at": _at("12:30"),
        },
        "prohibited",
    ),
    Example(
        "aaa-rated-noon",
        "AAA级企业栏板货车,午间(示范规则) / open truck of an AAA-rated carrier at noon (illustrative): allowed",
        {"vehicle": {**_OPEN_TRUCK, "priority_classes": ["aaa_rated"]}, "place": _SECOND_RING, "at": _at("12:30")},
        "allowed",
    ),
    Example(
        "common-delivery-morning",
        "共同配送栏板货车,早高峰(示范规则) / common-delivery open truck, morning peak (illustrative): allowed",
        {"vehicle": {**_OPEN_TRUCK, "priority_classes": ["共同配送"]}, "place": _SECOND_RING, "at": _at("08:00")},
        "allowed",
    ),
    Example(
        "china-three-diesel-noon",
        "国三柴油轻型厢式车,午间 / China 3 diesel van at noon: prohibited",
        {"vehicle": {**_DIESEL_VAN, "emission_stage": "国三"}, "place": _SECOND_RING, "at": _at("12:30")},
        "prohibited",
    ),
    Example(
        "point-on-qingnian-dajie",
        "青年大街上的一点(GCJ-02),早高峰 / a point on Qingnian Dajie, morning peak: prohibited",
        {
            "vehicle": _DIESEL_VAN,
            "place": {"lon": 123.4349, "lat": 41.7864, "crs": "gcj02", "accuracy_m": 10},
            "at": _at("08:12"),
        },
        "prohibited",
    ),
    Example(
        "point-near-listed-road",
        "同一点,午间:在不在青年大街上取决于图形误差 / the same point at noon, on the street or not: undetermined",
        {
            "vehicle": _DIESEL_VAN,
            "place": {"lon": 123.4349, "lat": 41.7864, "crs": "gcj02", "accuracy_m": 10},
            "at": _at("12:30"),
        },
        "undetermined",
    ),
    Example(
        "emission-stage-missing",
        "未报排放阶段的柴油车,午间 / diesel van of unsaid emission stage at noon: undetermined",
        {
            "vehicle": {"plate": "辽A5K268", "vehicle_type": "H32", "energy": "diesel"},
            "place": _SECOND_RING,
            "at": _at("12:30"),
        },
        "undetermined",
    ),
    Example(
        "stay-over-the-peak",
        "大连重型厢式车,停留40分钟跨入禁行时段 / heavy truck in Dalian, a stay into closed hours: prohibited",
        {
            "vehicle": {"plate": "辽B5K268", "vehicle_type": "H12", "energy": "diesel", "emission_stage": 6},
            "place": _DALIAN_MAIN,
            "at": _at("06:00"),
            "stay_minutes": 40,
        },
        "prohibited",
    ),
    Example(
        "error-time-without-offset",
        "时间无时区 / a time without offset: 422",
        {"vehicle": _DIESEL_VAN, "place": _SECOND_RING, "at": "2026-11-24T08:00:00"},
        "422",
    ),
    Example(
        "error-swapped-coordinates",
        "经纬度写反 / longitude and latitude swapped: 422",
        {
            "vehicle": _DIESEL_VAN,
            "place": {"lon": 41.7864, "lat": 123.4349, "crs": "gcj02"},
            "at": _at("08:12"),
        },
        "422",
    ),
    Example(
        "error-contradiction",
        "轻型车总质量4500千克,互相矛盾 / a light truck of 4,500 kg contradicts itself: 422",
        {"vehicle": {**_DIESEL_VAN, "total_mass_kg": 4500}, "place": _SECOND_RING, "at": _at("08:12")},
        "422",
    ),
)


def _question(key: str) -> Mapping[str, object]:
    return {**next(each.body for each in EXAMPLES if each.key == key), "ref": key}


BATCH_EXAMPLES = (
    Example(
        "three-questions",
        "三个问题,其中一个有误 / three questions, one of them faulty: prohibited, 422, allowed",
        {
            "questions": [
                _question(key) for key in ("no-class-morning", "error-time-without-offset", "new-energy-with-pass")
            ]
        },
        "prohibited, 422, allowed",
    ),
    Example("error-no-questions", "没有问题 / no questions at all: 422", {"questions": []}, "422"),
)
"""Many questions at once; the verdicts expected are those of the answers, in order."""

_DAY: Mapping[str, object] = {"from": _at("05:00"), "until": _at("23:00")}
_PROFILES = (
    {"ref": "D5-light-box", "vehicle": {"vehicle_type": "H32", "energy": "diesel", "emission_stage": 5}},
    {"ref": "EV-light-box", "vehicle": {**_ELECTRIC_VAN, "passes": [{"kind": "electronic-pass"}]}},
)
_STOPS = (
    {"ref": "second-ring", **_SECOND_RING},
    {"ref": "stop-881", "lon": 123.4349, "lat": 41.7864, "crs": "gcj02", "accuracy_m": 10},
)

PLAN_EXAMPLES = (
    Example(
        "a-day-in-shenyang",
        "两种车辆、两个地点、一天 / two vehicles, two places, one day: 200",
        {"city": "shenyang", **_DAY, "profiles": [*_PROFILES], "places": [*_STOPS]},
        "200",
    ),
    Example(
        "two-cities",
        "沈阳和大连各一处 / one place in Shenyang and one in Dalian: 200",
        {**_DAY, "profiles": [_PROFILES[0]], "places": [_STOPS[0], {"ref": "dalian", **_DALIAN_MAIN}]},
        "200",
    ),
    Example(
        "error-other-city",
        "地点不在所指城市 / a place in another city than the one named: 422",
        {
            "city": "shenyang",
            **_DAY,
            "profiles": [_PROFILES[0]],
            "places": [{"ref": "dalian", **_DALIAN_MAIN}],
        },
        "422",
    ),
)
"""Plans; the status expected stands at the end of each title."""
