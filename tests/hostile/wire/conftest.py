"""One real server for this folder, with times short enough to be waited for."""

from collections.abc import Iterator

import pytest

from tests.support.running import Server, running_server

SHORT_SECONDS = "0.5"


@pytest.fixture(scope="package")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """Its logs are JSON; the last assertion is of all tests here: no failure was logged."""
    times = {"TONGXING_RECEIVE_SECONDS": SHORT_SECONDS, "TONGXING_IDLE_SECONDS": SHORT_SECONDS}
    with running_server(tmp_path_factory.mktemp("wire"), TONGXING_LOG_FORMAT="json", **times) as running:
        yield running
        output = running.output.read_text(encoding="utf-8")
        assert "Traceback" not in output
        assert '"event": "failure"' not in output
        assert "12345" not in output
