"""ETag and 304: what changes only with a publication is sent once; a decision is never kept by anybody else."""

import pytest
from starlette.testclient import TestClient

PUBLISHED = (
    "/v1/zones",
    "/v1/zones/sy-second-ring",
    "/v1/zones/sy-second-ring/timetable?from=2026-11-23&class=light_box_diesel_6",
    "/v1/calendar?from=2026-11-01",
    "/ogc",
    "/ogc/collections/zones/items",
    "/v1/notices",
    "/v1/notices/sy-2021",
    "/v1/classes",
    "/v1/codes",
    "/openapi.json",
    "/openapi-3.0.json",
    "/",
    "/docs",
    "/problems/not-found",
)


@pytest.mark.parametrize("address", PUBLISHED)
def test_what_a_caller_has_is_not_sent_again(client: TestClient, address: str) -> None:
    first = client.get(address)
    assert first.status_code == 200
    assert first.headers["cache-control"] == "no-cache"
    again = client.get(address, headers={"If-None-Match": first.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")
    assert again.headers["etag"] == first.headers["etag"]


@pytest.mark.parametrize("condition", ["*", "W/{tag}", '"other", {tag}', '"a,b",{tag}'])
def test_a_tag_among_several_or_a_weak_one_is_had(client: TestClient, condition: str) -> None:
    tag = client.get("/v1/classes").headers["etag"]
    assert client.get("/v1/classes", headers={"If-None-Match": condition.format(tag=tag)}).status_code == 304


@pytest.mark.parametrize("condition", ['"other"', "other", "", "{bare}", '"' + "x" * 9000, ", ".join(['"a"'] * 1000)])
def test_another_tag_is_not_had(client: TestClient, condition: str) -> None:
    bare = client.get("/v1/classes").headers["etag"].strip('"')
    reply = client.get("/v1/classes", headers={"If-None-Match": condition.format(bare=bare)})
    assert reply.status_code == 200
    assert reply.json()["classes"]


def test_two_documents_have_two_tags(client: TestClient) -> None:
    assert len({client.get(address).headers["etag"] for address in PUBLISHED}) == len(PUBLISHED)


def test_a_decision_is_for_its_caller_alone(client: TestClient) -> None:
    asked = {"vehicle": {"vehicle_type": "H32"}, "place": {"zone": "sy-second-ring"}, "at": "2026-11-24T08:12:00+08:00"}
    given = client.post("/v1/decisions", json=asked)
    shown = client.get(f"/v1/decisions/{given.json()['id']}")
    for reply in (given, shown):
        assert reply.status_code == 200
        assert reply.headers["cache-control"] == "private, no-store"
        assert "etag" not in reply.headers
