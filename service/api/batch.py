"""POST /v1/decisions/batch: many questions, an answer each."""

import asyncio
from typing import Annotated

from fastapi import APIRouter, Depends
from starlette.requests import Request
from starlette.responses import Response

from service.api.body import KIB, Body, body_of
from service.api.idempotency import DOCUMENTED as IDEMPOTENCY_KEY
from service.api.idempotency import Answered, answered_once
from service.api.operations import batch_bodies, problems
from service.api.problems import BODY, Refused, problem_body
from service.api.replying import decided, json_bytes, read_ask
from service.api.wire_batch import MOST_QUESTIONS, BatchOut, as_object, read_questions, ref_of
from service.api.wiring import Given, Services, request_id_of
from service.decision_log import KeptDecision
from service.vehicles import shared_reader

router = APIRouter(prefix="/v1/decisions", tags=["decisions"])
"""To be included before `service.api.decisions`, which looks up ids there."""

LARGEST_BATCH = 1024 * KIB


@router.post(
    "/batch",
    summary="一次多问 / Many questions at once",
    description=(
        f"至多{MOST_QUESTIONS}个问题,按序各得一个答复:决定,或该问题自己的错误(不影响其他)。所有决定在答复发出前一次存档。\n\n"
        f"Up to {MOST_QUESTIONS:,} questions of the form of POST /v1/decisions; each gets an answer of its own, in "
        "order: its decision, or the problem that it would have got alone, with pointers into that question. One "
        "refused question never fails the rest. All decisions are kept together before the reply "
        "leaves, or none is (503)."
    ),
    operation_id="decideMany",
    response_model=BatchOut,
    response_description="An answer for each question",
    responses=problems(400, 408, 409, 413, 415, 422, 503),
    openapi_extra={
        "parameters": [IDEMPOTENCY_KEY],
        "requestBody": {
            "required": True,
            "content": {
                "application/json": {"schema": {"$ref": "#/components/schemas/BatchIn"}, "examples": batch_bodies()}
            },
        },
    },
)
async def decide_many(
    body: Annotated[Body, Depends(body_of(LARGEST_BATCH))], request: Request, services: Given
) -> Response:
    async def work() -> Answered:
        return await _answers(read_questions(body.said), services, request_id_of(request))

    return await answered_once(request, body, services, work)


@router.get("/batch", include_in_schema=False)
async def not_by_get() -> Response:
    """Without this, `batch` would be looked up as the id of a decision."""
    raise Refused("method-not-allowed", headers={"Allow": "POST"})


async def _answers(questions: list[object], services: Services, request_id: str) -> Answered:
    snapshot, now, read = services.snapshot, services.now(), shared_reader()
    answers: list[bytes] = []
    keeping: list[KeptDecision] = []
    for index, question in enumerate(questions):
        head = {"index": index, "ref": ref_of(question)}
        try:
            document, kept = decided(read_ask(as_object(question)), snapshot, now, BODY, read)
        except Refused as refused:
            services.metrics.refused(flaw.code for flaw in refused.flaws)
            answers.append(json_bytes(head)[:-1] + b', "problem": ' + problem_body(refused, request_id) + b"}")
        else:
            answers.append(json_bytes({**head, "decision": document}))
            keeping.append(kept)
        # Shapes are asked on this thread alone, so others wait for one question, never for all.
        await asyncio.sleep(0)
    return Answered(b'{"answers": [' + b", ".join(answers) + b"]}", tuple(keeping))
