"""Each test owns its application: both real cities, and a log of its own in a temporary folder."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from service.app import create_app
from service.decision_log import DecisionLog
from service.storage.decision_log import open_decision_log
from tests.support.asking import built_in_snapshot

NOW = 1_795_478_400  # 2026-11-24T08:00:00+08:00


@pytest.fixture
def log(tmp_path: Path) -> Iterator[DecisionLog]:
    opened = open_decision_log(tmp_path)
    yield opened
    opened.close()


@pytest.fixture
def client(log: DecisionLog) -> Iterator[TestClient]:
    with TestClient(create_app(built_in_snapshot(), log, now=lambda: NOW)) as opened:
        yield opened
