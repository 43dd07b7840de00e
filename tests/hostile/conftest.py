"""One real server for the tests of each module."""

from collections.abc import Iterator

import pytest

from tests.support.running import Server, running_server


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    with running_server(tmp_path_factory.mktemp("hostile")) as running:
        yield running
