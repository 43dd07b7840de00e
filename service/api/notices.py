"""GET /v1/notices and /v1/notices/{id}."""

from typing import Annotated, Any

from fastapi import APIRouter, Path
from pydantic import ConfigDict
from starlette.requests import Request
from starlette.responses import Response

from rules.codec import notice_document
from rules.model import Notice
from service.api.caching import published_json
from service.api.operations import parameters, published_or, query_parameter
from service.api.parameters import Parameters
from service.api.problems import Refused
from service.api.query import read_query
from service.api.wire_decision import Out, TextOut
from service.api.wiring import Given

router = APIRouter(prefix="/v1/notices", tags=["law"])


class NoticeOut(Out):
    """A notice in short; what was not seen is null."""

    id: str
    city: str
    name: TextOut
    title: str | None
    issuer: str | None
    number: str | None
    illustrative: bool
    in_force: dict[str, str]
    source_grade: str
    source_url: str | None
    verified_on: str
    restrictions: int
    exemptions: int


class NoticesOut(Out):
    notices: list[NoticeOut]


class NoticeWholeOut(Out):
    """A notice as its file has it, every default written out, and its city."""

    model_config = ConfigDict(extra="allow")
    __pydantic_extra__: dict[str, Any]

    city: str
    id: str
    name: TextOut
    illustrative: bool


@router.get(
    "",
    summary="通告列表 / All notices",
    description="所载通告,含示范规则(illustrative)/ The notices on record; illustrative ones are no law.",
    operation_id="listNotices",
    response_model=NoticesOut,
    response_description="The notices",
    responses=published_or(422),
    openapi_extra=parameters(query_parameter("city", "城市编号 / city id", "shenyang")),
)
async def list_notices(request: Request, services: Given) -> Response:
    said = Parameters(read_query(request, once=("city",)))
    wanted = said.city(services.snapshot)
    said.refuse_faults()
    found = [(city, notice) for city, notice in services.snapshot.notices() if wanted in (None, city)]
    return published_json(request, {"notices": [_listed(city, notice) for city, notice in found]})


def _listed(city: str, notice: Notice) -> dict[str, object]:
    document = notice_document(notice)
    return {
        "id": notice.id,
        "city": city,
        "name": document["name"],
        "title": notice.title,
        "issuer": notice.issuer,
        "number": notice.number,
        "illustrative": notice.illustrative,
        "in_force": document["in_force"],
        "source_grade": notice.source.grade,
        "source_url": notice.source.url,
        "verified_on": notice.source.verified_on,
        "restrictions": len(notice.restrictions),
        "exemptions": len(notice.exemptions),
    }


@router.get(
    "/{notice}",
    summary="一份通告 / One notice in full",
    description="全部条文、条件与时段 / Every article with its condition and hours, as its file has it.",
    operation_id="getNotice",
    response_model=NoticeWholeOut,
    response_description="The notice",
    responses=published_or(404, 422),
)
async def get_notice(
    notice: Annotated[
        str,
        Path(description="通告编号 / notice id", openapi_examples={"sy-2021": {"value": "sy-2021", "summary": "沈阳"}}),
    ],
    request: Request,
    services: Given,
) -> Response:
    read_query(request)
    for city, each in services.snapshot.notices():
        if each.id == notice:
            return published_json(request, {"city": city, **notice_document(each)})
    raise Refused("not-found")
