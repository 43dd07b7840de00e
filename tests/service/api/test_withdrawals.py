"""An operation that will go says so in every reply, refusals too, and in the contract."""

from collections.abc import Iterator
from email.utils import parsedate_to_datetime

import pytest
from starlette.testclient import TestClient

from service.api.withdrawals import SHORTEST_NOTICE, WITHDRAWN, Withdrawal
from service.app import create_app
from service.decision_log import DecisionLog
from tests.support.asking import built_in_snapshot

SINCE = 1_795_478_400  # 2026-11-24T00:00:00Z
GOING = Withdrawal(SINCE, SINCE + SHORTEST_NOTICE, "/problems/not-found")


@pytest.fixture
def client(log: DecisionLog) -> Iterator[TestClient]:
    with TestClient(create_app(built_in_snapshot(), log, withdrawals={"getZone": GOING})) as opened:
        yield opened


@pytest.mark.parametrize("zone", ["sy-second-ring", "nowhere"])
def test_every_reply_announces_it(client: TestClient, zone: str) -> None:
    headers = client.get(f"/v1/zones/{zone}").headers
    assert headers["deprecation"] == f"@{SINCE}"
    assert parsedate_to_datetime(headers["sunset"]).timestamp() == SINCE + SHORTEST_NOTICE
    assert headers["sunset"].endswith(" GMT")
    assert '</problems/not-found>; rel="deprecation"' in headers["link"]


def test_no_other_operation_does(client: TestClient) -> None:
    for address in ("/v1/zones", "/v1/notices", "/nothing"):
        assert not {"deprecation", "sunset"} & client.get(address).headers.keys()


def test_the_contract_marks_it(client: TestClient) -> None:
    paths = client.get("/openapi.json").json()["paths"]
    marked = [
        operation["operationId"] for path in paths.values() for operation in path.values() if "deprecated" in operation
    ]
    assert marked == ["getZone"]


def test_it_stays_for_half_a_year_at_least() -> None:
    with pytest.raises(ValueError, match="half a year"):
        Withdrawal(SINCE, SINCE + SHORTEST_NOTICE - 1, "/")


def test_what_is_withdrawn_exists(log: DecisionLog) -> None:
    app = create_app(built_in_snapshot(), log)
    assert WITHDRAWN.keys() <= {getattr(route, "operation_id", None) for route in app.routes}
