"""One real server for the tests of each module."""

from collections.abc import Iterator

import pytest

from rules.calendar import Calendar
from service.publication import load_calendar
from tests.support.running import Server, running_server


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    with running_server(tmp_path_factory.mktemp("hostile")) as running:
        yield running


@pytest.fixture(scope="session")
def shipped_calendar() -> Calendar:
    return load_calendar()
