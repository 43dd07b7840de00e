"""POST /v1/decisions and GET /v1/decisions/{id}."""

import re
from typing import Annotated

from fastapi import APIRouter, Depends, Path
from starlette.requests import Request
from starlette.responses import Response

from service.api.body import LARGEST_BODY, Body, body_of
from service.api.idempotency import DOCUMENTED as IDEMPOTENCY_KEY
from service.api.idempotency import Answered, answered_once
from service.api.operations import example_bodies, problems
from service.api.problems import BODY, Refused
from service.api.query import read_query
from service.api.replying import PRIVATE, decided, json_bytes, json_response, read_ask
from service.api.wire_decision import DecisionOut
from service.api.wiring import Given
from service.example_decision import EXAMPLE_ID

router = APIRouter(prefix="/v1/decisions", tags=["decisions"])

_ID = re.compile("[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")


@router.post(
    "",
    summary="能否通行 / May this vehicle be here now?",
    description=(
        "一个问题,一个答复:判断、依据的条文、有效时段、下次可通行时段。答复发出前已存档。\n\n"
        "One question, one answer: the verdict, the articles it rests on, until when it holds and when entry is next "
        "possible. The answer is kept before it leaves. `allowed` means 所载通告未禁止: the notices on record do not "
        "prohibit it; signs and officers on the spot prevail."
    ),
    operation_id="decide",
    response_model=DecisionOut,
    response_description="The decision",
    responses=problems(400, 408, 409, 413, 415, 422, 503),
    openapi_extra={
        "parameters": [IDEMPOTENCY_KEY],
        "requestBody": {
            "required": True,
            "content": {
                "application/json": {"schema": {"$ref": "#/components/schemas/AskIn"}, "examples": example_bodies()}
            },
        },
    },
)
async def decide(body: Annotated[Body, Depends(body_of(LARGEST_BODY))], request: Request, services: Given) -> Response:
    async def work() -> Answered:
        document, kept = decided(read_ask(body.said), services.snapshot, services.now(), BODY)
        return Answered(json_bytes(document), (kept,))

    return await answered_once(request, body, services, work)


@router.get(
    "/{decision_id}",
    summary="调阅决定 / The decision as it was given",
    description=(
        "按编号调阅,内容与当时所给的完全相同。示例编号须换成您得到的编号。\n\n"
        "The very document that was given then, for an appeal or an audit. Put in an id that you were given."
    ),
    operation_id="getDecision",
    response_model=DecisionOut,
    response_description="The decision, equal to what was given",
    responses=problems(404, 422, 503),
)
async def get_decision(
    decision_id: Annotated[
        str,
        Path(
            description="`id` of an answer",
            json_schema_extra={"format": "uuid"},
            openapi_examples={
                "kept": {"value": EXAMPLE_ID, "summary": "常备示例 / the example that is always kept: prohibited"},
                "none": {"value": "00000000-0000-4000-8000-000000000000", "summary": "无此编号 / no such id: 404"},
            },
        ),
    ],
    request: Request,
    services: Given,
) -> Response:
    read_query(request)
    kept = services.log.find(decision_id) if _ID.fullmatch(decision_id) else None
    if kept is None:
        raise Refused("not-found")
    return json_response(kept.answered, PRIVATE)
