"""The settings: flags before the environment, frozen, and clear about what is wrong."""

import os
import tomllib
from dataclasses import replace
from pathlib import Path

import pytest

from service.limits import DEFAULT_LIMITS
from service.settings import BadSettings, read_settings
from service.version import VERSION
from tests.support.command import ROOT


@pytest.fixture(autouse=True)
def _nothing_set(monkeypatch):
    for name in [name for name in os.environ if name.startswith("TONGXING_")]:
        monkeypatch.delenv(name)


def test_the_defaults():
    settings = read_settings()
    assert (settings.host, settings.port, settings.data) == ("127.0.0.1", 8000, Path("data"))
    assert (settings.cities, settings.calendar, settings.open) == ((), None, False)
    assert settings.public_url is None
    assert settings.on_loopback
    assert settings.with_illustrative


def test_what_is_told_comes_before_the_environment(monkeypatch):
    monkeypatch.setenv("TONGXING_PORT", "9000")
    monkeypatch.setenv("TONGXING_DATA", "elsewhere")
    settings = read_settings(port="9001", data=None)
    assert (settings.port, settings.data) == (9001, Path("elsewhere"))


def test_cities_are_separated_like_path(monkeypatch):
    monkeypatch.setenv("TONGXING_CITIES", os.pathsep.join(["a", "b c", ""]))
    assert read_settings().cities == (Path("a"), Path("b c"))


@pytest.mark.parametrize(
    ("host", "loopback"),
    [
        *(("127.0.0.1", True), ("127.8.8.8", True), ("::1", True), ("localhost", True)),
        *(
            ("0.0.0.0", False),
            ("::", False),
            ("192.168.0.1", False),
            ("desk.example", False),
            ("127.0.0.1.example", False),
        ),
    ],
)
def test_illustrative_notices_stay_on_loopback_unless_told(host, loopback):
    assert read_settings(host=host).on_loopback is loopback
    assert read_settings(host=host).with_illustrative is loopback
    assert read_settings(host=host, illustrative=True).with_illustrative
    assert not read_settings(host=host, illustrative=False).with_illustrative


@pytest.mark.parametrize(
    ("told", "expected"),
    [
        ({"port": "tcp://10.0.0.1:80"}, "port (TONGXING_PORT): "),
        ({"port": 65536}, "found 65536"),
        ({"host": ""}, "host (TONGXING_HOST): "),
        ({"illustrative": "maybe"}, "found 'maybe'"),
    ],
)
def test_what_is_wrong_is_named_and_quoted(told, expected):
    with pytest.raises(BadSettings) as caught:
        read_settings(**told)
    assert expected in str(caught.value)


def test_limits_are_read_from_the_environment(monkeypatch):
    assert read_settings().limits == DEFAULT_LIMITS
    monkeypatch.setenv("TONGXING_RECEIVE_SECONDS", "2.5")
    monkeypatch.setenv("TONGXING_CONNECTIONS", "9")
    assert read_settings().limits == replace(DEFAULT_LIMITS, receive=2.5, connections=9)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        *(("receive_seconds", "0"), ("idle_seconds", "inf"), ("send_seconds", "nan"), ("stop_seconds", "-1")),
        *(("connections", "0"), ("log_format", "xml"), ("telemetry", "perhaps")),
    ],
)
def test_a_setting_out_of_range_is_refused(monkeypatch, name, value):
    monkeypatch.setenv(f"TONGXING_{name.upper()}", value)
    with pytest.raises(BadSettings, match=rf"^{name} \(TONGXING_{name.upper()}\): "):
        read_settings()


def test_settings_never_change():
    with pytest.raises(ValueError, match="frozen"):
        read_settings().port = 1


def test_the_version_is_that_of_the_project():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert project["version"] == VERSION


@pytest.mark.parametrize("url", ["https://maps.example", "http://10.0.0.1:8080/tongxing", "http://[::1]:8000"])
def test_an_address_for_callers(url):
    assert read_settings(public_url=url).public_url == url


@pytest.mark.parametrize("url", ["maps.example", "ftp://x", "https://x/", "https://x?y", "https://a b", "https://u@x"])
def test_what_is_no_address_for_callers(url):
    with pytest.raises(BadSettings, match="TONGXING_PUBLIC_URL"):
        read_settings(public_url=url)
