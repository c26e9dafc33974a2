"""Gaps, matrix, ways and map in a browser: what a quality manager and a head do with them, keyboard and all."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Browser, Page, expect

from tests import world as hospital
from tests.browser import axe
from tests.browser.steps import linen, work
from tests.browser.test_chain import enter
from tests.browsers import DESKTOP, PHONE, open_page
from tests.servers import LiveBaton
from tests.world import World

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def world(live_baton: LiveBaton) -> World:
    """The hospital with an accepted log, in which the stores hand linen to the laundry without a link."""
    from baton.chain import changes
    from baton_analysis.facts.events import EventMapping

    built = hospital.build()
    file = linen("Stores")
    by, at = hospital.SYSTEM, hospital.NOON
    log = changes.bring_event_log(by=by, at=at, file_name=file["name"], chunks=[file["buffer"]])
    mapping = EventMapping(case="bundle", party="place", time="when", activity="step")
    changes.choose_columns(by=by, at=at, log=log, mapping=mapping, zone="UTC")
    work()
    log.refresh_from_db()
    changes.accept_event_log(by=by, at=at, log=log)
    return built


@pytest.fixture
def manager(page: Page, live_baton: LiveBaton, world: World) -> Page:
    return enter(page, live_baton, world, "lin_mei")


def test_a_gap_is_assigned_found_on_the_first_page_and_closed_by_a_link(
    manager: Page, browser: Browser, browser_errors: list[str], live_baton: LiveBaton, world: World
) -> None:
    manager.goto(f"{live_baton.url}/gaps/")
    manager.get_by_label("What is unclear").select_option("undeclared")
    manager.get_by_role("button", name="Filter").click()
    expect(manager).to_have_url(re.compile("detector=undeclared"))
    row = manager.get_by_role("row", name=re.compile("Stores handed work to Laundry"))
    row.get_by_role("link", name="Assign").click()
    manager.get_by_label("Who is to clear it up").fill("He Ping")
    manager.get_by_role("button", name="Save").click()
    expect(manager.get_by_text("He Ping", exact=True)).to_be_visible()
    with open_page(browser, DESKTOP, browser_errors) as theirs:
        enter(theirs, live_baton, world, "he_ping").goto(live_baton.url)
        theirs.get_by_role("link", name=re.compile("Stores handed work to Laundry")).click()
        theirs.get_by_role("link", name="Enter a link").click()
        theirs.get_by_label("Output (English)").fill("Mended linen")
        theirs.get_by_role("button", name="Save").click()
        expect(theirs.get_by_role("heading", level=1)).to_have_text("Mended linen")
        theirs.goto(f"{live_baton.url}/gaps/?show=assigned")
        expect(theirs.get_by_role("heading", name="Nothing is assigned to you")).to_be_visible()


def test_the_matrix_is_walked_with_arrow_keys_and_an_empty_cell_answered(manager: Page, live_baton: LiveBaton) -> None:
    manager.goto(f"{live_baton.url}/matrix/")
    first = manager.locator("[data-matrix] td a").first
    first.focus()
    manager.keyboard.press("ArrowDown")
    manager.keyboard.press("ArrowRight")
    assert manager.evaluate("document.activeElement.closest('td') !== null")
    assert manager.locator('[data-matrix] td a[tabindex="0"]').count() == 1
    cell = manager.get_by_role("link", name=re.compile("^Pharmacy to Laboratory: no link"))
    cell.click()
    manager.get_by_role("link", name="No dealings").click()
    manager.get_by_label("Reason").fill("They never met")
    manager.get_by_role("button", name="Save").click()
    manager.goto(f"{live_baton.url}/matrix/")
    expect(manager.get_by_role("link", name="Pharmacy to Laboratory: No dealings: They never met")).to_be_visible()


def test_the_map_is_saved_as_picture_and_drawing(manager: Page, live_baton: LiveBaton) -> None:
    manager.goto(f"{live_baton.url}/map/")
    expect(manager.locator("[data-ready]")).to_have_count(1)
    for name, begins in (("PNG", b"\x89PNG"), ("SVG", b"<svg")):
        with manager.expect_download() as saving:
            manager.get_by_role("button", name=name, exact=True).click()
        assert saving.value.suggested_filename == f"map.{name.lower()}"
        assert saving.value.path().read_bytes().startswith(begins)
    drawing = saving.value.path().read_text(encoding="utf-8")
    assert "Laundry" in drawing


def test_from_the_map_to_the_way_outside(manager: Page, live_baton: LiveBaton, world: World) -> None:
    manager.goto(f"{live_baton.url}/map/")
    manager.get_by_role("link", name="Way to the outside customer").first.click()
    manager.get_by_label(re.compile("^From")).select_option(label="Laundry")
    manager.get_by_role("button", name="Find the way").click()
    blueprint = manager.get_by_role("table", name=re.compile("Service blueprint"))
    expect(blueprint.get_by_role("link", name="Clean linen")).to_be_visible()


@pytest.mark.parametrize(("size", "theme"), [(DESKTOP, "dark"), (PHONE, "light")], ids=["desk-dark", "phone-light"])
def test_pages_break_no_criterion_of_wcag_and_do_not_scroll_sideways(
    browser: Browser, browser_errors: list[str], live_baton: LiveBaton, world: World, size: dict[str, int], theme: str
) -> None:
    output = world.laundry_ward.output.public_id
    paths = [
        "/gaps/", f"/gaps/output_without_owner/{output}/", f"/gaps/output_without_owner/{output}/assign/", "/matrix/",
        "/matrix/?level=1", f"/path/?start={world.laundry.public_id}", "/path/", "/map/?level=1",
    ]  # fmt: skip
    with open_page(browser, size, browser_errors, color_scheme=theme) as page:
        enter(page, live_baton, world, "lin_mei")
        for path in paths:
            page.goto(live_baton.url + path)
            assert axe.violations(page) == [], path
            wider = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
            assert page.evaluate(wider) <= 0, path
