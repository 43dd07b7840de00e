"""What all tests share: how many inputs Hypothesis generates, and assertions that explain themselves in helpers."""

import os

import pytest
from hypothesis import HealthCheck, Phase, settings

pytest.register_assert_rewrite("tests.support")

# No test has a time limit: a slow machine is not a wrong program.
settings.register_profile("dev", deadline=None, suppress_health_check=[HealthCheck.too_slow])
# CI tries the same inputs each time, so that a change is judged by what it changed; `make soak` looks for new ones.
settings.register_profile("ci", settings.get_profile("dev"), derandomize=True, print_blob=True)
settings.register_profile("soak", settings.get_profile("dev"), max_examples=5000, print_blob=True)
# A mutant is tried by every test that reaches it: few inputs, the same for each mutant, and no time spent on shrinking.
settings.register_profile(
    "mutants", settings.get_profile("ci"), max_examples=10, database=None, phases=(Phase.explicit, Phase.generate)
)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE") or ("ci" if os.environ.get("CI") else "dev"))


def pytest_make_parametrize_id(config: pytest.Config, val: object, argname: str) -> str | None:
    """Names of parametrised tests that are the same in every process: a set prints in an order of its own in each."""
    return _steady(val) if isinstance(val, dict | set | frozenset) else None


def _steady(value: object) -> str:
    if isinstance(value, dict):
        return f"{{{', '.join(f'{key!r}: {_steady(each)}' for key, each in value.items())}}}"
    if isinstance(value, set | frozenset):
        return f"{{{', '.join(sorted(map(repr, value)))}}}"
    return repr(value)
