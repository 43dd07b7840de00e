"""POST /v1/windows: when in a period each of many vehicles may be at each of many places."""

import asyncio
from collections.abc import Iterator
from typing import Annotated

from fastapi import APIRouter, Depends
from starlette.requests import Request
from starlette.responses import Response

from rules.errors import InvalidQuestion
from service.api.body import KIB, Body, body_of
from service.api.idempotency import DOCUMENTED as IDEMPOTENCY_KEY
from service.api.idempotency import Answered, answered_once
from service.api.operations import plan_bodies, problems, query_parameter
from service.api.problems import BODY, Flaw, Origin, Refused, question_flaw
from service.api.query import read_query
from service.api.replying import flaws_of, json_bytes
from service.api.wire_windows import PlanOut, VroomPlanOut, at, read_plan
from service.api.wiring import Given, Services
from service.plan_document import plan_document, vroom_document
from service.planning import LONGEST_PERIOD_DAYS, MOST_PAIRS, InvalidPlan, PlanFault, plan

router = APIRouter(tags=["decisions"])

LARGEST_PLAN = 4 * 1024 * KIB
_FORMATS = {"intervals": plan_document, "vroom": vroom_document}
_ITEM = Origin("/vehicle", "", "/zone")

_VROOM_JOB = """```json
{"id": 1, "location": [123.4349, 41.7864], "service": 600, "time_windows": [[1795467600, 1795474799]]}
```"""

_DESCRIPTION = (
    f"profiles × places,至多{MOST_PAIRS}对,时段至多{LONGEST_PERIOD_DAYS}天:每一对何时未禁止、禁止或无法确定,"
    "精确到秒,并给出起决定作用的限制。相同车辆、相同区域的地点归为一组,只答一次。计划不存档(`kept: false`)。\n\n"
    f"Every profile at every place, up to {MOST_PAIRS:,} pairs, for at most {LONGEST_PERIOD_DAYS} days: when each is "
    "allowed, prohibited or undetermined, exact to the second, and which restriction decides it. Vehicles that are "
    "read alike and places of equal zones are one group each: find the `group` of a profile and of a place, their "
    "pair in `windows`, and its number in `schedules`. A zone is planned for as such; zones inside or across it are "
    "listed, not mixed in. Plans are not kept: ask POST /v1/decisions for what must be provable.\n\n"
    "`format=vroom`:未禁止的时段写作 VROOM job 的 `time_windows`(纪元秒,首末秒均含,约束服务开始时刻);无法确定者"
    "不计入,另列于 `undetermined`。`never` 为 true 时请去掉该 job:VROOM 拒收空数组,省略该字段则视为全天可行。\n\n"
    "`format=vroom` writes what is allowed as the `time_windows` of a VROOM job: seconds since the epoch, both ends "
    "included, for the start of service (take `service` off each end where the vehicle must have left by then). "
    "Windows are of one profile: solve profile by profile, or give a job the windows that all vehicles share. "
    "Undetermined counts as not allowed and is listed apart. Where `never` is true leave the job out: VROOM refuses "
    f"an empty array, and a job without the field is open always.\n\n{_VROOM_JOB}"
)


@router.post(
    "/v1/windows",
    summary="何时可通行(供排程)/ When may they be where? For planners",
    description=_DESCRIPTION,
    operation_id="planWindows",
    response_model=PlanOut | VroomPlanOut,
    response_description="The plan; the second form for format=vroom",
    responses=problems(400, 408, 409, 413, 415, 422, 503),
    openapi_extra={
        "parameters": [
            query_parameter("format", "答复形式 / form of the answer", enum=[*_FORMATS], default="intervals"),
            IDEMPOTENCY_KEY,
        ],
        "requestBody": {
            "required": True,
            "content": {
                "application/json": {"schema": {"$ref": "#/components/schemas/WindowsIn"}, "examples": plan_bodies()}
            },
        },
    },
)
async def plan_windows(
    body: Annotated[Body, Depends(body_of(LARGEST_PLAN))], request: Request, services: Given
) -> Response:
    chosen = read_query(request, once=("format",)).get("format", ["intervals"])[0]
    if chosen not in _FORMATS:
        known = tuple(_FORMATS)
        zh, en = f"未知形式,可用:{'、'.join(known)}", f"unknown format; known are {', '.join(known)}"
        raise Refused("invalid-question", [Flaw(("/query/format",), "unknown-code", zh, en, known)])

    async def work() -> Answered:
        return await _planned(body.said, chosen, services)

    return await answered_once(request, body, services, work)


async def _planned(said: dict[str, object], chosen: str, services: Services) -> Answered:
    snapshot = services.snapshot
    # Reading thousands of items and writing thousands of intervals takes a while; others are answered meanwhile.
    ask = await asyncio.to_thread(read_plan, said)
    try:
        found = await plan(ask, snapshot)
    except InvalidPlan as error:
        flaws = [flaw for fault in error.faults for flaw in _flaws(fault, services)]
        raise Refused("invalid-question", flaws) from None
    except InvalidQuestion as error:
        raise Refused("invalid-question", [question_flaw(error, BODY)]) from None
    now = services.now()
    return Answered(await asyncio.to_thread(lambda: json_bytes(_FORMATS[chosen](found, snapshot, now))))


def _flaws(fault: PlanFault, services: Services) -> Iterator[Flaw]:
    for flaw in flaws_of(fault.error, services.snapshot, _ITEM):
        yield at(at(flaw, "", "/place"), f"/{fault.part}/{fault.number}")
