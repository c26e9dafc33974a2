"""A real Chromium for tests, at the two widths that pages are made for.

A page whose script fails, or that breaks the content security policy, fails its test: what the browser reports is
collected in ``browser_errors`` and must be empty at the end. A test that provokes an error says so with ``provoked``.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from playwright.sync_api import Browser, Page, expect, sync_playwright

FLAGS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
# A page of a test is open for less than a second: code made fast meanwhile and garbage looked for on other threads cost
# more than they give, an eighth of the browser's work. Benchmarks do without.
SHORT_LIVED = [
    "--js-flags=--no-opt --no-maglev --single-threaded-gc --min-semi-space-size=16 --semi-space-growth-factor=4"
]
DESKTOP = {"width": 1280, "height": 800}
PHONE = {"width": 390, "height": 844}
# Milliseconds. Only what fails waits as long; a busy machine is no failure.
PATIENCE = 30_000


def find_chromium() -> str | None:
    """The machine's Chromium or Chrome; None where there is none.

    Rather the one without windows of its own, where it is installed: the same engine for a fraction of the work.
    """
    names = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
    for name in names:
        path = shutil.which(name)
        if path:
            return path
    return None


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """One Chromium a worker; the test is skipped where none is installed."""
    path = find_chromium()
    if path is None:
        pytest.skip("no Chromium on this machine: install Debian's package `chromium`")
    # Playwright's event loop runs in this thread, which Django takes for an asynchronous caller.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    expect.set_options(timeout=PATIENCE)
    with sync_playwright() as playwright:
        running = playwright.chromium.launch(executable_path=path, args=[*FLAGS, *SHORT_LIVED])
        yield running
        running.close()


class Reported(list[str]):
    """What the browser reported: failed scripts and refused resources, each with its page."""

    def __init__(self) -> None:
        super().__init__()
        self.signs: list[str] = []

    def provoked(self, *signs: str | int) -> None:
        """The test itself brings about reports that hold one of ``signs``: the number of a status, a word.

        The list is not cleared instead, because the browser may report after it has shown the page.
        """
        self.signs += [f"status of {sign}" if isinstance(sign, int) else sign for sign in signs]

    def unexpected(self) -> list[str]:
        """What nobody said they would provoke."""
        return [line for line in self if not any(sign in line for sign in self.signs)]


@pytest.fixture
def browser_errors() -> Iterator[Reported]:
    """What the browser reports during the test; at its end nothing unexpected may be among it."""
    errors = Reported()
    yield errors
    assert not errors.unexpected(), "The browser reported:\n" + "\n".join(errors.unexpected())


@contextmanager
def open_page(browser: Browser, size: dict[str, int], errors: list[str], **context: object) -> Iterator[Page]:
    """A page in a context of its own (own cookies); its errors are added to ``errors``.

    ``context`` goes to Playwright's ``new_context``, such as ``java_script_enabled=False`` or ``locale="zh-CN"``.
    """
    # Nobody waits for what only moves, and the browser does not draw it.
    opened = browser.new_context(viewport=size, **{"reduced_motion": "reduce", **context})  # type: ignore[arg-type]
    page = opened.new_page()
    page.set_default_timeout(PATIENCE)
    page.on("pageerror", lambda error: errors.append(f"{page.url}: {error}"))
    page.on("console", lambda said: errors.append(f"{page.url}: {said.text}") if said.type == "error" else None)
    try:
        yield page
    finally:
        opened.close()


@pytest.fixture
def page(browser: Browser, browser_errors: list[str]) -> Iterator[Page]:
    """A desk's screen, 1280 pixels wide."""
    with open_page(browser, DESKTOP, browser_errors) as opened:
        yield opened


@pytest.fixture
def phone(browser: Browser, browser_errors: list[str]) -> Iterator[Page]:
    """A phone's screen, 390 pixels wide, touched and not clicked."""
    with open_page(browser, PHONE, browser_errors, has_touch=True, is_mobile=True) as opened:
        yield opened
