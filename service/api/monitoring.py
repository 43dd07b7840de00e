"""GET /metrics: what Prometheus collects."""

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response

from service.api.operations import problems
from service.api.query import read_query
from service.api.wiring import Given

router = APIRouter(tags=["service"])

_TEXT_FORMAT = "text/plain; version=0.0.4; charset=utf-8"
_EXAMPLE = """# HELP tongxing_decisions_total Questions decided and kept
# TYPE tongxing_decisions_total counter
tongxing_decisions_total{city="shenyang",illustrative="false",verdict="prohibited"} 1.0
"""


@router.get(
    "/metrics",
    summary="监控指标 / Metrics for Prometheus",
    description=(
        "请求、判断、存档、通告摘要与日历覆盖的计数和用时,Prometheus 文本格式;不含号牌、地址或提问内容。\n\n"
        "Requests, decisions, the log, digests and the calendar's coverage, in Prometheus' text format 0.0.4. Labels "
        "are routes and codes: never a plate, an address or anything that was asked."
    ),
    operation_id="metrics",
    response_class=PlainTextResponse,
    response_description="The metrics",
    responses={
        **problems(422),
        200: {"content": {"text/plain": {"schema": {"type": "string"}, "example": _EXAMPLE}}},
    },
)
async def metrics(request: Request, services: Given) -> Response:
    read_query(request)
    return Response(services.metrics.written(), media_type=_TEXT_FORMAT)
