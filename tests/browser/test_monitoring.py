"""The charts of a link in a real browser: drawn, exchanged without loading the page, readable without scripts."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.axe import violations
from tests.browsers import DESKTOP, open_page
from tests.servers import LiveBaton

if TYPE_CHECKING:
    from tests.world import World

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def hospital(live_baton: LiveBaton, tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    """The small hospital; the wait of the laundry's linen trebles in the autumn."""
    from baton.core import registries
    from baton.monitoring import changes
    from tests.rooms.monitoring.bench import AT, SYSTEM, Bench, year
    from tests.world import build

    world = build()
    folder: Path = tmp_path_factory.mktemp("sources")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(registries, "fact_builders", registries.Registry("fact builder"))
        patch.setattr("django.conf.settings.DATA_DIR", live_baton.data)
        bench = Bench(folder)
        bench.register()
        bench.put("log1", year(world.laundry_ward.measured_as, seed=1, worse_from=34))
        changes.refresh(by=SYSTEM, at=AT)
        yield world


def _signed_in(page: Page, world: World, live: LiveBaton) -> None:
    from django.conf import settings

    cookie = world.client(world.lin_mei).cookies[settings.SESSION_COOKIE_NAME].value
    page.context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": cookie, "url": live.url}])
    page.goto(f"{live.url}/links/{world.laundry_ward.public_id}/")


def test_charts_are_drawn_and_the_rules_exchanged_in_place(page: Page, live_baton: LiveBaton, hospital: World) -> None:
    _signed_in(page, hospital, live_baton)
    panel = page.locator("#monitoring-panel")
    expect(panel.locator("[data-control-chart][data-ready] canvas")).to_have_count(2)
    expect(panel).to_contain_text("WE1: One point beyond 3 sigma")
    expect(panel).to_contain_text("Signal")
    panel.get_by_text("Nelson", exact=True).click()
    expect(panel).to_contain_text("N1: One point beyond 3 sigma")
    expect(panel).not_to_contain_text("WE1:")
    expect(panel.locator("[data-control-chart][data-ready] canvas")).to_have_count(2)
    panel.get_by_text("Show as a table").first.click()
    expect(panel.get_by_role("rowheader", name="2025-W36")).to_be_visible()
    assert violations(page) == []


def test_without_scripts_the_charts_and_both_rule_sets_can_be_read(
    browser: Browser, browser_errors: list[str], live_baton: LiveBaton, hospital: World
) -> None:
    with open_page(browser, DESKTOP, browser_errors, java_script_enabled=False) as page:
        _signed_in(page, hospital, live_baton)
        panel = page.locator("#monitoring-panel")
        expect(panel.locator(".chart-picture svg")).to_have_count(2)
        panel.get_by_text("Nelson", exact=True).click()
        expect(page).to_have_url(f"{live_baton.url}/links/{hospital.laundry_ward.public_id}/?rules=nelson")
        expect(panel).to_contain_text("N1: One point beyond 3 sigma")


def test_a_phase_is_started_from_the_panel(page: Page, live_baton: LiveBaton, hospital: World) -> None:
    _signed_in(page, hospital, live_baton)
    block = page.locator("#chart-block-waiting_time")
    canvas = block.locator("[data-ready] canvas")
    canvas.click(position={"x": canvas.bounding_box()["width"] * 0.6, "y": 120})  # type: ignore[index]
    expect(block.get_by_label("First day")).not_to_have_value("")
    expect(block).to_contain_text("nothing is saved yet")
    block.get_by_label("First day").fill("2025-09-01")
    expect(block.locator(".phase-preview")).to_contain_text("2025-W36 – 2026-W01")
    expect(block.locator(".phase-preview")).to_contain_text("Signals that would vanish")
    assert violations(page) == []
    block.get_by_label("What was changed").fill("Second washing machine")
    block.get_by_role("button", name="Start a new phase").click()
    expect(page.locator("body")).to_contain_text("The new phase is noted")
    expect(page.locator("#monitoring-panel")).to_contain_text("Second washing machine")


def test_a_signal_is_found_looked_at_and_explained(page: Page, live_baton: LiveBaton, hospital: World) -> None:
    _signed_in(page, hospital, live_baton)
    page.goto(f"{live_baton.url}/monitoring/signals/")
    expect(page.get_by_text("Signals towards the worse stand on 1 of")).to_be_visible()
    assert violations(page) == []
    page.get_by_label("Severity").select_option("strong")
    page.get_by_role("button", name="Filter").click()
    expect(page).to_have_url(re.compile("severity=strong"))
    page.get_by_role("link", name="Laundry → Ward 3").click()
    expect(page.locator("[data-control-chart][data-ready] canvas")).to_have_count(1)
    assert violations(page) == []
    page.get_by_role("link", name="Explain").click()
    page.get_by_label("In one sentence").fill("Second washing machine broke")
    page.get_by_role("button", name="Save").click()
    expect(page.locator("main")).to_contain_text("Lin Mei: Second washing machine broke")
    expect(page.locator("main .status").first).to_contain_text("Explained")
