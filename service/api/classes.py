"""GET /v1/classes and /v1/codes: the words that questions and answers use."""

from collections.abc import Iterator

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from rules import codes
from rules.codec import code_lists_document
from rules.conditions import AllOf, AnyOf, Condition, OneOf
from rules.model import Exemption, Notice
from service.api.caching import published_json
from service.api.operations import published_or
from service.api.query import read_query
from service.api.wire_decision import Out, TextOut
from service.api.wiring import Given
from service.names import CAVEATS, FACTS, REASONS, VERDICTS, assumed_names
from service.snapshot import Snapshot

router = APIRouter(prefix="/v1", tags=["law"])

_EVIDENCE = {
    "daily_and_medical_necessities": codes.Text(
        "由所载货物得出:medicine、daily_necessities", "follows from the cargo: medicine or daily_necessities"
    ),
    "fresh_food": codes.Text(
        "由所载货物得出:fresh_produce、chilled", "follows from the cargo: fresh_produce or chilled"
    ),
    "new_energy": codes.Text("由能源种类或新能源号牌得出", "follows from the energy or the new-energy plate"),
    "clean_energy": codes.Text("由能源种类得出", "follows from the energy"),
    "common_delivery": codes.Text("由承运人申报", "claimed by the carrier"),
    "aaa_rated": codes.Text("由承运人申报:信誉考核等级", "claimed by the carrier: its rating"),
    "network_ltl_express": codes.Text("由承运人申报", "claimed by the carrier"),
    "own_distribution_centre": codes.Text("由承运人申报", "claimed by the carrier"),
}


class GrantOut(Out):
    """An exemption whose condition names the class."""

    city: str
    notice: str
    exemption: str
    illustrative: bool
    text: TextOut


class ClassOut(Out):
    code: str
    zh: str
    en: str
    evidence: TextOut
    granted_by: list[GrantOut]


class ClassesOut(Out):
    classes: list[ClassOut]


class CodesOut(Out):
    """Every code with its names, by subject."""

    vehicle: dict[str, dict[str, TextOut]]
    verdicts: dict[str, TextOut]
    reasons: dict[str, TextOut]
    missing: dict[str, TextOut]
    assumed: dict[str, TextOut]
    caveats: dict[str, TextOut]


@router.get(
    "/classes",
    summary="优先类别 / The priority classes",
    description=(
        "辽政办发〔2018〕15号第五条所列优先通行类别、凭据,以及哪些通告给予便利。\n\n"
        "The classes that the province's plan names, what shows that one holds, and which exemptions ask for it."
    ),
    operation_id="listClasses",
    response_model=ClassesOut,
    response_description="The classes",
    responses=published_or(422),
)
async def list_classes(request: Request, services: Given) -> Response:
    read_query(request)
    classes = [
        {
            "code": code,
            "zh": name.zh,
            "en": name.en,
            "evidence": _text(_EVIDENCE[code]),
            "granted_by": [
                _grant(city, notice, exemption) for city, notice, exemption in _granting(code, services.snapshot)
            ],
        }
        for code, name in codes.PRIORITY_CLASS.names.items()
    ]
    return published_json(request, {"classes": classes})


@router.get(
    "/codes",
    summary="代码表 / The code lists",
    description="问题与答复所用全部代码的中英文名称 / Chinese and English names of all codes in questions and answers.",
    operation_id="listCodes",
    response_model=CodesOut,
    response_description="The codes",
    responses=published_or(422),
)
async def list_codes(request: Request) -> Response:
    read_query(request)
    tables = {
        "verdicts": VERDICTS,
        "reasons": REASONS,
        "missing": FACTS,
        "assumed": assumed_names(),
        "caveats": CAVEATS,
    }
    named = {name: {code: _text(text) for code, text in table.items()} for name, table in tables.items()}
    return published_json(request, {"vehicle": code_lists_document(), **named})


def _granting(code: str, snapshot: Snapshot) -> Iterator[tuple[str, Notice, Exemption]]:
    for city, notice in snapshot.notices():
        for exemption in notice.exemptions:
            if code in _classes_in(exemption.product.condition):
                yield city, notice, exemption


def _classes_in(condition: Condition) -> frozenset[str]:
    """The priority classes that a condition asks for; one that it rules out is none of them."""
    match condition:
        case OneOf("priority_class", values):
            return frozenset(str(value) for value in values)
        case AllOf(conditions) | AnyOf(conditions):
            return frozenset().union(*(_classes_in(each) for each in conditions))
        case _:
            return frozenset()


def _grant(city: str, notice: Notice, exemption: Exemption) -> dict[str, object]:
    return {
        "city": city,
        "notice": notice.id,
        "exemption": exemption.id,
        "illustrative": notice.illustrative,
        "text": _text(exemption.wording.text),
    }


def _text(text: codes.Text) -> dict[str, str]:
    return {"zh": text.zh, "en": text.en}
