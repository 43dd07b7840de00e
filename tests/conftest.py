"""What all tests share: how many inputs Hypothesis generates, and assertions that explain themselves in helpers."""

import os

import pytest
from hypothesis import HealthCheck, settings

pytest.register_assert_rewrite("tests.support")

# No test has a time limit: a slow machine is not a wrong program.
settings.register_profile("dev", deadline=None, suppress_health_check=[HealthCheck.too_slow])
# CI tries the same inputs each time, so that a change is judged by what it changed; `make soak` looks for new ones.
settings.register_profile("ci", settings.get_profile("dev"), derandomize=True, print_blob=True)
settings.register_profile("soak", settings.get_profile("dev"), max_examples=5000, print_blob=True)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE") or ("ci" if os.environ.get("CI") else "dev"))
