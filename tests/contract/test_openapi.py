"""The OpenAPI documents: valid by the standard, the committed one kept, and 3.0.3 saying the same as 3.1."""

import copy
import json
from collections.abc import Callable
from typing import Any

import pytest
from openapi_schema_validator import OAS30Validator, OAS31Validator
from openapi_spec_validator import OpenAPIV30SpecValidator, OpenAPIV31SpecValidator
from starlette.testclient import TestClient

from service.api import openapi
from service.api.openapi30 import NotInThisVersion, in_version_30
from service.app import create_app
from service.decision_log import DecisionLog
from service.examples import EXAMPLES
from service.snapshot import make_snapshot
from tests.contract.compatibility import breaks
from tests.contract.promised import OPENAPI
from tests.support.asking import built_in_snapshot

Document = dict[str, Any]


@pytest.fixture(scope="module")
def current() -> Document:
    return json.loads(OPENAPI.read_text(encoding="utf-8"))


def test_both_documents_are_what_their_standard_calls_valid(client: TestClient) -> None:
    document, older = client.get("/openapi.json").json(), client.get("/openapi-3.0.json").json()
    assert document["openapi"].startswith("3.1.")
    assert older["openapi"] == "3.0.3"
    OpenAPIV31SpecValidator(document).validate()
    OpenAPIV30SpecValidator(older).validate()


def test_each_document_is_written_once_for_an_application(client: TestClient, monkeypatch: pytest.MonkeyPatch) -> None:
    written: list[str] = []
    for name in ("in_version_30", "json_bytes"):
        monkeypatch.setattr(openapi, name, _counted(getattr(openapi, name), written))
    for address in ("/openapi.json", "/openapi-3.0.json"):
        replies = [client.get(address) for _ in range(3)]
        assert len({reply.content for reply in replies}) == len({reply.headers["etag"] for reply in replies}) == 1
    assert sorted(written) == ["in_version_30", "json_bytes", "json_bytes"]


def _counted(function: Callable[[Any], Any], calls: list[str]) -> Callable[[Any], Any]:
    def counted(value: Any) -> Any:
        calls.append(function.__name__)
        return function(value)

    return counted


def test_a_change_of_the_contract_breaks_nobody(client: TestClient, current: Document) -> None:
    assert breaks(current, client.get("/openapi.json").json()) == []


def test_the_older_document_differs_in_dialect_alone(client: TestClient) -> None:
    document, older = client.get("/openapi.json").json(), client.get("/openapi-3.0.json").json()
    assert older["paths"].keys() == document["paths"].keys()
    assert older["components"]["schemas"].keys() == document["components"]["schemas"].keys()
    assert older["info"] == document["info"]
    # Read as the other dialect, what was rewritten promises the same members, lists and bounds.
    for name, schema in document["components"]["schemas"].items():
        following = older["components"]["schemas"][name]
        assert following.get("properties", {}).keys() == schema.get("properties", {}).keys()
        assert following.get("required") == schema.get("required")


def _validator(document: Document, schema: str, dialect: Any) -> Any:
    return dialect({"$ref": f"#/components/schemas/{schema}", "components": document["components"]})


def test_answers_and_questions_are_valid_by_both(client: TestClient) -> None:
    document, older = client.get("/openapi.json").json(), client.get("/openapi-3.0.json").json()
    for dialect, contract in ((OAS31Validator, document), (OAS30Validator, older)):
        asked, answered = (_validator(contract, name, dialect) for name in ("AskIn", "DecisionOut"))
        for example in EXAMPLES:
            body = dict(example.body)
            reply = client.post("/v1/decisions", json=body)
            if reply.status_code == 200:
                assert [error.message for error in asked.iter_errors(body)] == [], example.key
                assert [error.message for error in answered.iter_errors(reply.json())] == [], example.key
                assert list(answered.iter_errors({**reply.json(), "more": "later"})) == [], "answers may gain members"
                assert list(answered.iter_errors({**reply.json(), "verdict": "maybe"})) != []
                assert list(answered.iter_errors({**reply.json(), "at": None})) != []


def test_a_keyword_that_nobody_thought_of_is_not_lost_unseen() -> None:
    with pytest.raises(NotInThisVersion):
        in_version_30({"components": {"schemas": {"A": {"type": "array", "contains": {"type": "string"}}}}})


@pytest.mark.parametrize(
    ("schema", "older"),
    [
        ({"const": 1}, {"enum": [1]}),
        ({"type": ["string", "null"]}, {"type": "string", "nullable": True}),
        ({"type": ["string", "integer"]}, {"anyOf": [{"type": "string"}, {"type": "integer"}]}),
        ({"anyOf": [{"type": "string"}, {"type": "null"}]}, {"type": "string", "nullable": True}),
        (
            {"anyOf": [{"enum": ["a"], "type": "string"}, {"type": "null"}]},
            {"enum": ["a", None], "type": "string", "nullable": True},
        ),
        (
            {"anyOf": [{"$ref": "#/x"}, {"type": "null"}]},
            {"anyOf": [{"$ref": "#/x"}, {"type": "object", "nullable": True, "enum": [None]}]},
        ),
        ({"$ref": "#/x", "description": "d"}, {"description": "d", "allOf": [{"$ref": "#/x"}]}),
        ({"$ref": "#/x"}, {"$ref": "#/x"}),
        ({"type": "number", "exclusiveMaximum": 360}, {"type": "number", "maximum": 360, "exclusiveMaximum": True}),
        ({"examples": [1, 2]}, {"example": 1}),
        ({"type": "array", "prefixItems": [{"const": 1}]}, {"type": "array", "items": {"anyOf": [{"enum": [1]}]}}),
        ({"additionalProperties": False}, {"additionalProperties": False}),
        ({"items": True}, {"items": {}}),
        ({"properties": {"const": {"const": 1}}}, {"properties": {"const": {"enum": [1]}}}),
        ({"if": {"required": ["a"]}, "then": {"maxProperties": 1}}, {}),
    ],
)
def test_each_word_has_its_older_form(schema: Document, older: Document) -> None:
    assert in_version_30({"components": {"schemas": {"A": schema}}})["components"]["schemas"]["A"] == older


def test_examples_are_data_and_stay_as_they_are() -> None:
    content = {"application/json": {"schema": {}, "examples": {"a": {"value": {"schema": {"const": 1}}}}}}
    document = {"paths": {"/a": {"post": {"requestBody": {"content": content}}}}}
    assert in_version_30(document)["paths"]["/a"]["post"]["requestBody"]["content"] == content


def _removed(*keys: str) -> Callable[[Document], None]:
    def change(document: Document) -> None:
        place: Any = document
        for key in keys[:-1]:
            place = place[key]
        del place[keys[-1]]

    return change


def _set(value: object, *keys: str) -> Callable[[Document], None]:
    def change(document: Document) -> None:
        place: Any = document
        for key in keys[:-1]:
            place = place[key]
        place[keys[-1]] = value

    return change


def _bbox(word: str, value: object) -> Callable[[Document], None]:
    def change(document: Document) -> None:
        named = document["paths"]["/ogc/collections/{collection}/items"]["get"]["parameters"]
        next(each for each in named if each["name"] == "bbox")[word] = value

    return change


SCHEMAS = ("components", "schemas")
DECIDE = ("paths", "/v1/decisions", "post")
VALUES = ("additionalProperties",)
BREAKING = {
    "a route": _removed("paths", "/v1/about"),
    "a method": _removed(*DECIDE),
    "an operation's id": _set("judge", *DECIDE, "operationId"),
    "a status": _removed(*DECIDE, "responses", "200"),
    "a media type of an answer": _removed(*DECIDE, "responses", "200", "content", "application/json"),
    "a media type of a question": _removed(*DECIDE, "requestBody", "content", "application/json"),
    "a member of an answer": _removed(*SCHEMAS, "DecisionOut", "properties", "verdict"),
    "a member no longer always there": _set(["id"], *SCHEMAS, "DecisionOut", "required"),
    "another type in an answer": _set({"type": "integer"}, *SCHEMAS, "DecisionOut", "properties", "id"),
    "null in an answer": _set(
        {"anyOf": [{"type": "string"}, {"type": "null"}]}, *SCHEMAS, "DecisionOut", "properties", "id"
    ),
    "a verdict that callers do not know": _set(
        {"type": "string", "enum": ["allowed", "undetermined", "prohibited", "tolerated"]},
        *(*SCHEMAS, "DecisionOut", "properties", "verdict"),
    ),
    "a member of a question": _removed(*SCHEMAS, "AskIn", "properties", "stay_minutes"),
    "a member that must now be said": _set(["vehicle", "place", "at"], *SCHEMAS, "AskIn", "required"),
    "a shorter limit": _set(32, *SCHEMAS, "AskIn", "properties", "ref", "maxLength"),
    "a value no longer taken": _set(["wgs84"], *SCHEMAS, "PointPlaceIn", "properties", "crs", "enum"),
    "a narrower range": _set(45, *SCHEMAS, "PointPlaceIn", "properties", "lat", "maximum"),
    "a parameter": _set([], "paths", "/v1/notices", "get", "parameters"),
    "a parameter that must be given": _set(
        [{"name": "city", "in": "query", "required": True, "schema": {"type": "string"}}],
        *("paths", "/v1/notices", "get", "parameters"),
    ),
    "other values in a map": _set({"type": "integer"}, *SCHEMAS, "DecisionOut", "properties", "names", *VALUES),
    "values of any kind in a map": _removed(*SCHEMAS, "AboutOut", "properties", "limits", *VALUES),
    "a map that becomes a form": _set(
        {"type": "object", "properties": {"body_bytes": {"type": "string"}}},
        *(*SCHEMAS, "AboutOut", "properties", "limits"),
    ),
    "credentials": _set([{"key": []}], *DECIDE, "security"),
    "credentials everywhere": _set([{"key": []}], "security"),
    "a style of a parameter": _bbox("style", "pipeDelimited"),
    "another way to write a list": _bbox("explode", True),
    "a success beside the others": _set({"description": "later"}, *DECIDE, "responses", "202"),
}
HARMLESS = {
    "prose": _set("another title", "info", "title"),
    "a summary": _set("other words", *DECIDE, "summary"),
    "a new route": _set({"get": {"operationId": "new", "responses": {}}}, "paths", "/v1/new"),
    "a member more in an answer": _set({"type": "string"}, *SCHEMAS, "DecisionOut", "properties", "more"),
    "a member more in a question": _set({"type": "string"}, *SCHEMAS, "AskIn", "properties", "more"),
    "a longer limit": _set(640, *SCHEMAS, "AskIn", "properties", "ref", "maxLength"),
    "a value more in a question": _set(
        ["wgs84", "cgcs2000", "gcj02", "bd09ll", "tokyo"], *SCHEMAS, "PointPlaceIn", "properties", "crs", "enum"
    ),
    "credentials that may be left out": _set([{}, {"key": []}], *DECIDE, "security"),
    "a style that is the usual one": _bbox("style", "form"),
    "a refusal more": _set({"description": "tired"}, *DECIDE, "responses", "429"),
    "fewer values in a map": _set(
        {"type": "integer", "minimum": 0}, *SCHEMAS, "AboutOut", "properties", "limits", *VALUES
    ),
    "members of any name in a question": _removed(*SCHEMAS, "AskIn", *VALUES),
    "a member less often required": _set(["place"], *SCHEMAS, "AskIn", "required"),
}


@pytest.mark.parametrize("change", BREAKING.values(), ids=BREAKING.keys())
def test_what_breaks_a_caller_is_seen(current: Document, change: Callable[[Document], None]) -> None:
    changed = copy.deepcopy(current)
    change(changed)
    assert breaks(current, changed) != []


@pytest.mark.parametrize("change", HARMLESS.values(), ids=HARMLESS.keys())
def test_what_breaks_nobody_is_let_through(current: Document, change: Callable[[Document], None]) -> None:
    changed = copy.deepcopy(current)
    change(changed)
    assert breaks(current, changed) == []


def _question(**schema: object) -> Document:
    """A document of one operation whose body is an object."""
    content = {"application/json": {"schema": {"type": "object", **schema}}}
    return {"paths": {"/a": {"post": {"requestBody": {"content": content}, "responses": {}}}}}


def test_an_open_body_may_not_be_closed() -> None:
    closed, words = _question(additionalProperties=False), _question(additionalProperties={"type": "string"})
    assert breaks(_question(), closed) != []
    assert breaks(words, closed) != []
    assert breaks(_question(), words) != []
    assert breaks(words, _question(additionalProperties={"type": "string", "maxLength": 9})) != []
    assert breaks(closed, words) == breaks(words, _question()) == breaks(words, words) == []


def test_the_contract_is_compatible_with_itself(current: Document) -> None:
    assert breaks(current, current) == []


def test_the_document_hangs_on_no_city(log: DecisionLog) -> None:
    """Else every publication would change the contract."""
    whole = built_in_snapshot()
    alone = make_snapshot([whole.publications["dalian"]], whole.calendar, illustrative=False)
    assert create_app(alone, log).openapi() == create_app(whole, log).openapi()
