"""What a person meets in a browser: the docs page with every example, the access page, the page to begin at."""

import json

import pytest
from playwright.sync_api import expect

from service.examples import EXAMPLES
from tests.browser.conftest import Watched

DECISIONS = "#operations-decisions-decide"
PATIENCE_MS = 60_000


def open_decisions(watched: Watched) -> None:
    page = watched.page
    page.set_default_timeout(PATIENCE_MS)
    page.goto(f"{watched.base}/docs")
    page.wait_for_selector(DECISIONS)
    page.click(f"{DECISIONS} .opblock-summary")
    page.wait_for_selector(f"{DECISIONS} .opblock-body")
    trying = page.locator(f"{DECISIONS} .try-out__btn", has_text="Try it out")
    if trying.count():
        trying.click()
    page.wait_for_selector(f"{DECISIONS} .execute")


def test_every_example_gets_the_verdict_of_its_title(watched: Watched) -> None:
    open_decisions(watched)
    page = watched.page
    chooser = page.locator(f"{DECISIONS} .opblock-section-request-body .examples-select select")
    assert chooser.locator("option").count() == len(EXAMPLES)
    for example in EXAMPLES:
        chooser.select_option(value=example.key)
        with page.expect_response(lambda reply: reply.url.endswith("/v1/decisions")) as waiting:
            page.click(f"{DECISIONS} .execute")
        reply = waiting.value
        assert chooser.locator("option:checked").inner_text() == example.title
        if example.expect.isdigit():
            assert reply.status == int(example.expect)
            assert reply.headers["content-type"].startswith("application/problem+json")
        else:
            assert reply.status == 200
            assert reply.json()["verdict"] == example.expect
        # The page shows what arrived, not only the network.
        shown = page.locator(f"{DECISIONS} .live-responses-table tr.response .response-col_status")
        expect(shown.first).to_contain_text(str(reply.status))
    refused = [example for example in EXAMPLES if example.expect.isdigit()]
    # Chromium reports each refused request to the console; anything beyond those is a fault of the page.
    assert len(watched.complaints) == len(refused), watched.complaints
    assert watched.to_other_hosts() == []


def test_every_reading_operation_works_as_it_stands(watched: Watched) -> None:
    page = watched.page
    page.set_default_timeout(PATIENCE_MS)
    document = json.loads(page.request.get(f"{watched.base}/openapi.json").text())
    page.goto(f"{watched.base}/docs")
    page.wait_for_selector(".opblock")
    asked = 0
    for path, operations in document["paths"].items():
        operation = operations.get("get")
        if operation is None:
            continue
        block = f"#operations-{operation['tags'][0]}-{operation['operationId']}"
        page.click(f"{block} .opblock-summary")
        trying = page.locator(f"{block} .try-out__btn", has_text="Try it out")
        if trying.count():
            trying.click()
        with page.expect_response(lambda reply: "/docs" not in reply.url) as waiting:
            page.click(f"{block} .execute")
        assert waiting.value.status == 200, path
        page.click(f"{block} .opblock-summary")
        asked += 1
    assert asked >= 8
    assert watched.complaints == []
    assert watched.to_other_hosts() == []


def test_the_access_page_begins_with_the_summary(watched: Watched) -> None:
    page = watched.page
    page.goto(
        f"{watched.base}/v1/zones/sy-second-ring/access?plate=辽A5K268&vehicle_type=轻型厢式货车"
        "&emission_stage=国五&energy=柴油&at=2026-11-24 08:12"
    )
    first = page.locator("body").inner_text().strip().splitlines()[0]
    assert first.startswith("禁止通行,至09:00")
    assert "以现场交通标志、交警指挥为准" in page.locator("body").inner_text()
    assert watched.complaints == []
    assert watched.to_other_hosts() == []


@pytest.mark.parametrize("path", ["/", "/problems/invalid-question"])
def test_the_other_pages_show_themselves(watched: Watched, path: str) -> None:
    reply = watched.page.goto(f"{watched.base}{path}")
    assert reply is not None
    assert reply.status == 200
    assert watched.page.locator("h1").count() == 1
    assert watched.complaints == []
    assert watched.to_other_hosts() == []
