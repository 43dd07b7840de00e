"""The question asked by address: what people write, what browsers and programs get, and what no log ever holds."""

import json
import logging
import re
from html.parser import HTMLParser

import pytest

from service.api.access import prefers_html
from service.api.wire_decision import DecisionOut
from service.examples import FIRST_QUESTION
from tests.support.problems import post, refusal

ADDRESS = "/v1/zones/sy-second-ring/access"
VAN = {"plate": "辽A5K268", "vehicle_type": "轻型厢式货车", "emission_stage": "国五", "energy": "柴油"}
BROWSER = "text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,*/*;q=0.8"


class Page(HTMLParser):
    """The text of a page, what it loads and the tags it has."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.text: list[str] = []
        self.loads: list[str] = []
        self.tags: set[str] = set()
        self.hidden = False
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        self.tags.add(tag)
        self.hidden = tag in ("title", "style")
        self.loads += [value for name, value in attrs if name in ("src", "href")]
        assert not [name for name, _ in attrs if name.startswith("on") or name == "style"]

    def handle_endtag(self, tag):
        self.hidden = False

    def handle_data(self, data):
        if data.strip() and not self.hidden:
            self.text.append(data.strip())


def without_identity(document):
    return {key: value for key, value in document.items() if key not in ("id", "decided_at", "ref")}


def test_the_same_question_by_address_and_by_body_has_the_same_answer(client):
    by_address = client.get(ADDRESS, params={**VAN, "at": "2026-11-24 08:12", "stay_minutes": "30"})
    assert by_address.status_code == 200, by_address.text
    body = {
        "vehicle": VAN,
        "place": {"zone": "sy-second-ring"},
        "at": "2026-11-24T08:12:00+08:00",
        "stay_minutes": 30,
    }
    assert without_identity(by_address.json()) == without_identity(post(client, body).json())
    DecisionOut.model_validate_json(by_address.content)
    assert client.get(f"/v1/decisions/{by_address.json()['id']}").json() == by_address.json()


@pytest.mark.parametrize(
    "at",
    [
        "08:12",
        "2026-11-24 08:12",
        "2026-11-24T08:12",
        "2026-11-24T00:12:00Z",
        "2026-11-24T08:12:00+08:00",
        "2026-11-24T08:12:00 08:00",
    ],
)
def test_times_as_people_write_them(client, at):
    assert client.get(ADDRESS, params={**VAN, "at": at}).json()["at"] == "2026-11-24T08:12:00+08:00"


def test_a_plus_sign_typed_into_an_address_is_read_as_plus(client):
    assert (
        client.get(f"{ADDRESS}?energy=diesel&vehicle_type=H32&emission_stage=5&at=2026-11-24T08:12:00+08:00").json()[
            "at"
        ]
        == "2026-11-24T08:12:00+08:00"
    )


def test_the_address_of_the_banner_is_answered(client):
    assert client.get(FIRST_QUESTION).json()["verdict"] == "prohibited"


@pytest.mark.parametrize(
    ("query", "claims"),
    [
        ("cargo=生鲜,药品", {"cargo": ["fresh_produce", "medicine"]}),
        ("cargo=生鲜&cargo=药品", {"cargo": ["fresh_produce", "medicine"]}),
        ("cargo=生鲜、药品", {"cargo": ["fresh_produce", "medicine"]}),
        ("passes=electronic-pass", {"passes": ["electronic-pass"]}),
        ("priority_classes=共同配送,aaa_rated", {"priority_class": ["aaa_rated", "common_delivery"]}),
        ("on_duty=是", {"on_duty": ["True"]}),
    ],
)
def test_lists_and_chinese_words(client, query, claims):
    found = client.get(f"{ADDRESS}?at=2015-01-01 08:00&{query}").json()["claims"]
    assert {key: found[key] for key in claims} == claims


def test_numbers_and_flags_are_read_from_text(client):
    query = {"total_mass_kg": "4495", "length_mm": "5995", "tail_digit": "8", "new_energy_plate": "false"}
    facts = client.get(
        ADDRESS, params={**query, "at": "2015-01-01 08:00", "heading_deg": "90.5", "ref": "desk 3"}
    ).json()
    assert facts["vehicle"]["total_mass_kg"]["value"] == 4495
    assert facts["vehicle"]["new_energy_plate"]["value"] is False
    assert (facts["place"]["heading_deg"], facts["ref"]) == (90.5, "desk 3")


@pytest.mark.parametrize(
    ("query", "code", "pointer"),
    [
        ("colour=red", "unknown-field", "/query/colour"),
        ("车牌=1", "unknown-field", "/query"),
        ("plate=辽A5K268&plate=辽A5K269", "duplicate-key", "/query/plate"),
        ("at=08:00&at=09:00", "duplicate-key", "/query/at"),
        ("plate=hello", "invalid-plate", "/query/plate"),
        ("plate=%FF%FE", "invalid-text", "/query/plate"),
        ("plate=a%00b", "invalid-text", "/query/plate"),
        ("plate", "invalid-plate", "/query/plate"),
        ("energy=coal", "unknown-code", "/query/energy"),
        ("total_mass_kg=heavy", "wrong-type", "/query/total_mass_kg"),
        ("total_mass_kg=-1", "number-out-of-range", "/query/total_mass_kg"),
        ("total_mass_kg=4495.5", "wrong-type", "/query/total_mass_kg"),
        ("on_duty=maybe", "wrong-type", "/query/on_duty"),
        ("passes=paper", "unknown-code", "/query/passes"),
        ("priority_classes=aaa_rated,nothing", "unknown-code", "/query/priority_classes"),
        ("stay_minutes=99999", "number-out-of-range", "/query/stay_minutes"),
        ("stay_minutes=soon", "wrong-type", "/query/stay_minutes"),
        ("heading_deg=north", "wrong-type", "/query/heading_deg"),
        ("heading_deg=360", "number-out-of-range", "/query/heading_deg"),
        ("ref=" + "x" * 65, "invalid-text", "/query/ref"),
        ("at=yesterday", "invalid-datetime", "/query/at"),
        ("at=1800-01-01 08:00", "datetime-out-of-range", "/query/at"),
        ("at=25:00", "invalid-datetime", "/query/at"),
        ("at=", "invalid-datetime", "/query/at"),
        ("vehicle_type=H32&total_mass_kg=4500", "inconsistent-vehicle", "/query/total_mass_kg"),
    ],
)
def test_a_faulty_address_is_refused_at_its_parameter(client, query, code, pointer):
    refusal(client.get(f"{ADDRESS}?{query}"), 422, code, pointer)


def test_faults_of_time_and_vehicle_are_found_at_once(client):
    pointers = {each["pointer"] for each in refusal(client.get(f"{ADDRESS}?at=x&plate=x&ref=%0A"), 422)["errors"]}
    assert pointers == {"/query/at", "/query/plate", "/query/ref"}


def test_an_unknown_zone_is_not_found_and_the_nearest_is_named(client):
    error = refusal(client.get("/v1/zones/sy-second-rnig/access"), 404, "unknown-zone", "/path/zone")["errors"][0]
    assert error["nearest"] == "sy-second-ring"
    assert "sy-second-ring" in error["known"]


@pytest.mark.parametrize(
    ("accept", "html"),
    [
        (BROWSER, True),
        ("text/html", True),
        ("text/*", True),
        ("text/html;q=0.9, application/json;q=0.5", True),
        ("text/html;q=0.5, */*", False),
        ("application/json", False),
        ("*/*", False),
        ("", False),
        ("text/html;q=0", False),
        ("text/html, application/json", False),
        ("application/json, text/html;q=0.9", False),
        ("image/png", False),
        ("text/html; q=nonsense", True),
        (";;,,q=1", False),
    ],
)
def test_html_only_for_those_who_prefer_it(client, accept, html):
    assert prefers_html(accept) is html
    content_type = client.get(ADDRESS, params=VAN, headers={"accept": accept}).headers["content-type"]
    assert content_type.startswith("text/html" if html else "application/json")


def page_of(client, query):
    response = client.get(ADDRESS, params=query, headers={"accept": BROWSER})
    assert response.status_code == 200, response.text
    return response


def test_the_page_begins_with_the_summary_and_proves_it(client):
    query = {**VAN, "at": "2026-11-24 08:12"}
    response = page_of(client, query)
    document = client.get(ADDRESS, params=query).json()
    page = Page(response.text)
    assert page.text[0] == document["summary"]["zh"]
    assert page.text[1] == document["summary"]["en"]
    everything = " ".join(page.text)
    for ground in document["grounds"]:
        assert ground["citation"]["text"]["zh"] in everything
        assert ground["restriction"] in everything
    assert "2026-11-24 09:00" in everything
    assert "以现场交通标志、交警指挥为准" in everything
    assert re.search("[0-9a-f]{8}-[0-9a-f]{4}-", everything)


@pytest.mark.parametrize(
    "query",
    [
        {"cargo": "生鲜", **VAN, "at": "2026-11-24 08:12"},
        {"vehicle_type": "H32", "energy": "柴油", "at": "2026-11-24 12:30"},
        {"vehicle_type": "H12", "at": "2026-11-24 08:12", "stay_minutes": "600"},
        {"vehicle_type": "H32", "energy": "纯电动", "passes": "electronic-pass", "at": "2026-11-24 08:12"},
        {"at": "2010-01-01 08:00"},
        {**VAN, "at": "2027-01-04 08:00"},
    ],
)
def test_every_kind_of_answer_has_a_page(client, query):
    page = Page(page_of(client, query).text)
    assert page.text[0] == client.get(ADDRESS, params=query).json()["summary"]["zh"]
    assert "script" not in page.tags
    assert page.loads == ["/assets/favicon.svg", "/assets/tongxing.css"]


def test_nothing_that_was_said_reaches_the_page_as_markup(client):
    response = page_of(client, {**VAN, "ref": "<script>alert(1)</script>"})
    assert "<script" not in response.text


def test_the_answer_is_private_to_the_desk(client):
    for accept in (BROWSER, "application/json"):
        headers = client.get(ADDRESS, params=VAN, headers={"accept": accept}).headers
        assert headers["referrer-policy"] == "no-referrer"
        assert headers["cache-control"] == "private, no-store"
        assert headers["vary"] == "Accept"
        assert headers["x-content-type-options"] == "nosniff"
        policy = headers["content-security-policy"]
        assert policy.startswith("default-src 'none'")
        assert "script-src" not in policy and "unsafe" not in policy


def test_no_log_holds_a_query_string(client, caplog):
    caplog.set_level(logging.DEBUG, logger="tongxing")
    client.get(ADDRESS, params=VAN)
    client.get(ADDRESS, params={"plate": "辽A5K26O"})
    lines = [record.getMessage() for record in caplog.records if record.name.startswith("tongxing")]
    assert [line.split()[:3] for line in lines] == [
        ["GET", "/v1/zones/{zone}/access", "200"],
        ["GET", "/v1/zones/{zone}/access", "422"],
    ]
    assert not [line for line in lines if "plate" in line or "5K26" in line or "%" in line]


def test_a_problem_repeats_nothing_of_the_address(client):
    problem = refusal(client.get(ADDRESS, params={"plate": "辽A5K26O", "ref": "secret\n"}), 422)
    written = json.dumps(problem, ensure_ascii=False)
    assert "5K26" not in written and "secret" not in written
