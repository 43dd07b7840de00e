"""docs/operations.md says what the service really bounds, counts and logs."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from prometheus_client.parser import text_string_to_metric_families
from starlette.testclient import TestClient

from service.app import create_app
from service.limits import DEFAULT_LIMITS
from service.settings import PREFIX, read_settings
from service.storage.decision_log import open_decision_log
from tests.docs.pages import DOCS, rows, section
from tests.support.asking import built_in_snapshot

OPERATIONS = DOCS / "operations.md"


@pytest.fixture
def client(tmp_path: Path) -> Iterator[TestClient]:
    log = open_decision_log(tmp_path)
    with TestClient(create_app(built_in_snapshot(), log)) as opened:
        yield opened
    log.close()


def test_limits_are_those_of_about(client: TestClient) -> None:
    limits = client.get("/v1/about").json()["limits"]
    for setting, name, value, _ in rows(section(OPERATIONS, "Limits")):
        number = int(re.sub(r"\D.*", "", value.replace(",", "")))
        assert limits[name.strip("`")] == number, name
        if setting:
            assert getattr(read_settings(), setting.strip("`").removeprefix(PREFIX).lower()) == number, setting


def test_the_bound_on_stopping_is_the_one_stated() -> None:
    stated = re.search(r"and three seconds: ([0-9]+) s", section(OPERATIONS, "Stopping").replace("\n", " "))
    assert stated is not None
    assert int(stated[1]) == DEFAULT_LIMITS.drain + DEFAULT_LIMITS.stop + 3


def test_every_metric_is_documented_with_its_labels(client: TestClient) -> None:
    client.post("/v1/decisions", json={"vehicle": {}, "place": {"zone": "sy-second-ring"}})
    client.get("/nothing")
    found = {
        f"{family.name}_total" if family.type == "counter" else family.name: {
            label for sample in family.samples for label in sample.labels if label != "le"
        }
        for family in text_string_to_metric_families(client.get("/metrics").text)
        if family.name.startswith("tongxing_") and not family.name.endswith("_created")
    }
    documented = {
        name.strip("`"): set(re.findall(r"`(\w+)`", labels)) for name, labels, _ in rows(section(OPERATIONS, "Metrics"))
    }
    assert documented == found
