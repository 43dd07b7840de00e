"""The examples in docstrings are true."""

import doctest
import importlib
import pkgutil

import pytest

import geodata
import rules
import service

ASKS_A_SERVER = "service.client"
"""Its examples need one: tests/service/test_client.py runs them."""


def _modules() -> list[str]:
    packages = (rules, geodata, service)
    names = [
        found.name
        for package in packages
        for found in pkgutil.walk_packages(package.__path__, f"{package.__name__}.")
        if not found.name.endswith("__main__") and ".migrations" not in found.name and found.name != ASKS_A_SERVER
    ]
    return sorted([*(package.__name__ for package in packages), *names])


@pytest.mark.parametrize("name", _modules())
def test_examples_of(name: str) -> None:
    result = doctest.testmod(importlib.import_module(name), optionflags=doctest.NORMALIZE_WHITESPACE)
    assert result.failed == 0


def test_there_are_examples() -> None:
    finder = doctest.DocTestFinder()
    counts = {
        name: sum(len(each.examples) for each in finder.find(importlib.import_module(name))) for name in _modules()
    }
    assert counts["rules.plates"] and counts["rules.reading"] and counts["rules.windows"] and counts["rules.truth"]
