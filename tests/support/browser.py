"""The one place that knows where a browser comes from.

Tests of pages drive a real Chromium. This module finds one, and a font that draws Chinese; where either is missing it
installs it if it may (with apt-get as root, else Playwright's own download of the browser) and otherwise fails with
the command that a person has to run.

``python -m tests.support.browser`` prints the path, so that everything is in place before the tests start side by side.
"""

import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

from playwright.sync_api import sync_playwright

from tests.support.apt import apt_command, apt_install, is_root, may_apt

SYSTEM_NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
BROWSER_PACKAGES = ("chromium",)
FONT_PACKAGES = ("fontconfig", "fonts-wqy-microhei")  # 1.6 MB; the Noto fonts would be 56 MB

# Chromium talks to its maker and uses its own protocols unless told not to; tests must work on a closed network.
QUIET_FLAGS = (
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)


class NoBrowser(Exception):
    """No Chromium, or no font that draws Chinese, and no right to install it; the message says what to run."""


def ensure_browser() -> Path:
    """Path of a Chromium that starts, on a machine that can draw Chinese; installs what is missing where it may."""
    browser = find_browser() or _install_browser()
    if not draws_chinese():
        _install_fonts()
    return browser


def find_browser() -> Path | None:
    """The system's Chromium, else the one that Playwright keeps, else nothing."""
    candidates = [found for name in SYSTEM_NAMES if (found := shutil.which(name))]
    return next((Path(path) for path in candidates if _starts(path)), None) or _playwrights_own()


def draws_chinese() -> bool:
    """Whether some font draws Chinese. Only Linux is asked: other systems ship such fonts and have no fontconfig."""
    if not sys.platform.startswith("linux"):
        return True
    if not shutil.which("fc-list"):
        return False
    listing = subprocess.run(["fc-list", ":lang=zh", "family"], capture_output=True, text=True, check=False)
    return bool(listing.stdout.strip())


def launch_options(browser: Path) -> dict[str, Any]:
    """Keyword arguments for Playwright's ``chromium.launch``: headless, quiet, without a sandbox only for root."""
    # Chromium refuses to start its sandbox for root, as whom containers and CI run.
    no_sandbox = ("--no-sandbox",) if is_root() else ()
    return {"executable_path": str(browser), "headless": True, "args": [*QUIET_FLAGS, *no_sandbox]}


def _install_browser() -> Path:
    if may_apt():
        apt_install(*BROWSER_PACKAGES, *FONT_PACKAGES)
    else:
        subprocess.run([sys.executable, "-m", "playwright", "install", "chromium"], check=False, stdout=sys.stderr)
    found = find_browser()
    if found is None:
        raise NoBrowser(
            "the tests of pages need a Chromium, and none could be installed. Run one of:\n"
            f"  {apt_command(*BROWSER_PACKAGES, *FONT_PACKAGES)}\n"
            f"  {sys.executable} -m playwright install --with-deps chromium"
        )
    return found


def _install_fonts() -> None:
    if may_apt():
        apt_install(*FONT_PACKAGES)
    if not draws_chinese():
        raise NoBrowser(
            "the tests of pages need a font that draws Chinese, and `fc-list :lang=zh` names none. Run:\n"
            f"  {apt_command(*FONT_PACKAGES)}\n"
            "or install any such font in your system's own way, and fontconfig, whose fc-list finds it."
        )


def _starts(path: str) -> bool:
    """Whether this is a browser and not a stub or one that lacks its libraries."""
    try:
        tried = subprocess.run([path, "--version"], capture_output=True, text=True, check=False)
    except OSError:
        return False
    return tried.returncode == 0 and "Chrom" in tried.stdout


def _playwrights_own() -> Path | None:
    with sync_playwright() as playwright:
        path = playwright.chromium.executable_path
    return Path(path) if _starts(path) else None


if __name__ == "__main__":
    try:
        print(ensure_browser())
    except NoBrowser as problem:
        sys.exit(f"tests.support.browser: {problem}")
