"""The same application as the tests of the API have."""

from tests.service.api.conftest import client, log

__all__ = ["client", "log"]
