"""The oracle of every refusal: one shape, a clear status, small, and silent about what was sent."""

from typing import Any

from starlette.testclient import TestClient


def refusal(response: Any, status: int, code: str | None = None, pointer: str | None = None) -> dict[str, Any]:
    """The problem in `response`, checked; with `code` (and `pointer`) one of its errors must carry it."""
    assert response.status_code == status, response.text[:500]
    assert response.headers["content-type"] == "application/problem+json"
    assert len(response.content) < 4096
    problem: dict[str, Any] = response.json()
    assert problem["status"] == status
    assert problem["type"].startswith("/problems/")
    assert problem["title"] and problem["detail"]
    assert problem["request_id"] == response.headers["x-request-id"]
    assert 1 <= len(problem["errors"]) <= 20
    for error in problem["errors"]:
        assert {"pointer", "code", "zh", "en"} <= set(error)
        assert error["pointer"] == "" or error["pointer"].startswith("/")
        assert error["zh"] and error["en"]
    if code is not None:
        matching = [error for error in problem["errors"] if error["code"] == code]
        assert matching, problem["errors"]
        assert pointer is None or pointer in [error["pointer"] for error in matching], matching
    return problem


def post(client: TestClient, body: object) -> Any:
    """A question sent as JSON."""
    return client.post("/v1/decisions", json=body)


def post_bytes(client: TestClient, raw: bytes, **headers: str) -> Any:
    """A body as it is."""
    sent = {"content-type": "application/json", **{name.replace("_", "-"): value for name, value in headers.items()}}
    return client.post("/v1/decisions", content=raw, headers=sent)
