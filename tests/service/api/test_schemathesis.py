"""Requests generated from the service's own OpenAPI document, with every check of schemathesis.

What the document calls valid may still be refused with 422 where no schema can say why; each such code is listed with
its reason, and a refusal of generated valid data with any other code fails.
"""

from collections.abc import Iterator

import pytest
import schemathesis
from schemathesis.config import (
    ChecksConfig,
    GenerationConfig,
    PositiveDataAcceptanceConfig,
    ProjectConfig,
    ProjectsConfig,
    SchemathesisConfig,
)
from schemathesis.engine import from_schema
from schemathesis.engine.events import EngineEvent, FatalError, NonFatalError, ScenarioFinished
from schemathesis.generation import GenerationMode

from service.app import create_app
from service.decision_log import DecisionLog
from service.storage.decision_log import open_decision_log
from tests.support.asking import built_in_snapshot

REASONS = {
    "unknown-code": "code lists also take Chinese words, and passes and filings are those of the city asked about",
    "unknown-zone": "which zones exist is data",
    "unknown-city": "which cities exist is data",
    "unknown-class": "several classes in one parameter are text to a schema",
    "ambiguous-vehicle": "a class beside a vehicle",
    "invalid-bbox": "what a box is: numbers in one text, in order",
    "coordinates-out-of-range": "degrees that the Earth has not",
    "invalid-cursor": "what ids look like",
    "unknown-field": "names of parameters and of keys inside passes and classes are closed",
    "invalid-plate": "the forms of plates",
    "invalid-prefix": "province and office of plates",
    "invalid-code": "what codes of filings look like",
    "invalid-date": "days that no month has, years out of range, a period that ends before it begins",
    "invalid-datetime": "a query string takes local times and instants; RFC 3339 allows leap seconds",
    "datetime-out-of-range": "years outside of 1900 to 2200",
    "time-without-offset": "the format date-time is not checked by every generator",
    "time-skipped": "local times that the clock skips",
    "inconsistent-vehicle": "facts that contradict each other",
    "coordinates-swapped": "numbers exchanged, seen by where they lie",
    "number-out-of-range": "stages, and numbers written into an address",
    "wrong-type": "numbers and flags written into an address are text to a schema",
    "invalid-text": "NUL and lone surrogates",
    "too-many": "lists written into an address, and lists of words",
    "empty-window": "hours that begin and end at the same time",
    "duplicate-key": "a parameter that stands twice",
}


NEGATIVE = {"missing-field", "crs-missing", "ambiguous-place", "empty-list", "invalid-time"}
"""Codes that only data outside of the schema gets."""

EXAMPLES = 40


@pytest.fixture(scope="module")
def events(tmp_path_factory: pytest.TempPathFactory) -> Iterator[list[EngineEvent]]:
    """All that happened in one run of every phase: examples, boundary cases, generated requests and chains of them."""
    log = open_decision_log(tmp_path_factory.mktemp("log"))
    accepted = PositiveDataAcceptanceConfig(expected_statuses=["2xx", "400", "404", "422"])
    project = ProjectConfig(
        checks=ChecksConfig(positive_data_acceptance=accepted),
        generation=GenerationConfig(max_examples=EXAMPLES, deterministic=True, database="none"),
        continue_on_failure=True,
        workers=1,
    )
    config = SchemathesisConfig(projects=ProjectsConfig(default=project))
    app = create_app(built_in_snapshot(), log)
    schema = schemathesis.openapi.from_asgi("/openapi.json", app, config=config)
    yield list(from_schema(schema).execute())
    log.close()


def test_every_check_of_every_operation_passes(events: list[EngineEvent]) -> None:
    errors = [event.info.format() for event in events if isinstance(event, NonFatalError)]
    assert errors == []
    assert not [event for event in events if isinstance(event, FatalError)]
    failures = [
        f"{check.name}: {check.failure_info.failure.title}\n{check.failure_info.failure.message[:500]}\n"
        f"{check.failure_info.code_sample[:500]}"
        for event in _scenarios(events)
        for checks in event.recorder.checks.values()
        for check in checks
        if check.failure_info is not None
    ]
    assert failures == []


def test_every_operation_was_asked_and_answered(events: list[EngineEvent], log: DecisionLog) -> None:
    answered = {
        (node.value.operation.label, event.recorder.interactions[case_id].response.status_code)
        for event in _scenarios(events)
        for case_id, node in event.recorder.cases.items()
        if event.recorder.interactions[case_id].response is not None
    }
    operations = {label for label, _ in answered}
    document = create_app(built_in_snapshot(), log).openapi()
    assert operations == {
        f"{method.upper()} {path}" for path, methods in document["paths"].items() for method in methods
    }
    assert {label for label, status in answered if status == 200} == operations
    assert {label for label, status in answered if status == 422} >= {
        "POST /v1/decisions",
        "GET /v1/zones/{zone}/access",
    }
    assert {status for _, status in answered} <= {200, 400, 404, 405, 415, 422}


def test_valid_data_is_refused_for_listed_reasons_only(events: list[EngineEvent]) -> None:
    seen = set()
    for event in _scenarios(events):
        for case_id, node in event.recorder.cases.items():
            response = event.recorder.interactions[case_id].response
            # OGC API - Features has 400 where the rest of the service says 422.
            refused = 400 if "/ogc" in node.value.operation.label else 422
            if response is None or response.status_code != refused:
                continue
            codes = {error["code"] for error in response.json()["errors"]}
            meta = node.value.meta
            valid = meta is not None and meta.generation.mode is GenerationMode.POSITIVE
            assert codes <= set(REASONS) | (set() if valid else NEGATIVE), (node.value.operation.label, codes)
            seen |= codes
    assert {"unknown-code", "invalid-plate", "unknown-field", "wrong-type"} <= seen


def _scenarios(events: list[EngineEvent]) -> list[ScenarioFinished]:
    return [event for event in events if isinstance(event, ScenarioFinished)]
