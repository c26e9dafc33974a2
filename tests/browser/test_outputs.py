"""An output in a browser: entered, answered for, handed over, judged; and what it serves outside."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests import world as hospital
from tests.browser import axe
from tests.browser.test_chain import enter
from tests.browsers import Reported
from tests.servers import LiveBaton
from tests.world import World

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def world(live_baton: LiveBaton) -> World:
    """The hospital on a server of this module."""
    return hospital.build()


def heading(page: Page, text: str) -> None:
    expect(page.get_by_role("heading", level=1)).to_have_text(text)


def enter_an_output(page: Page, url: str) -> None:
    """Enter an output that nobody answers for yet, and say who does."""
    page.goto(f"{url}/outputs/")
    page.get_by_role("link", name="Enter an output").click()
    page.get_by_label("Name (English)").fill("Clean aprons")
    page.get_by_label("Item code").fill("A-4")
    page.get_by_role("button", name="Save").click()
    heading(page, "Clean aprons")
    expect(page.get_by_text("Nobody is accountable")).to_be_visible()
    page.get_by_role("link", name="Give a responsibility").click()
    page.get_by_label("Party").select_option(label="Laundry")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("Nobody is accountable")).to_have_count(0)
    expect(page.get_by_role("row", name="Laundry Accountable")).to_be_visible()
    assert axe.violations(page) == []


def write_down_a_need(page: Page, url: str) -> None:
    """What the patient says, from whom it is."""
    page.goto(f"{url}/needs/add/")
    page.get_by_label("Whose").select_option(label="Patient")
    page.get_by_label("In the customer’s words (English)").fill("Nurses with clean hands and aprons")
    page.get_by_role("button", name="Save").click()
    heading(page, "Nurses with clean hands and aprons")
    assert axe.violations(page) == []


def test_from_an_output_to_a_judged_link_that_serves_a_need(
    page: Page, browser_errors: Reported, live_baton: LiveBaton, world: World
) -> None:
    enter(page, live_baton, world, "zhao_lei")
    enter_an_output(page, live_baton.url)
    write_down_a_need(page, live_baton.url)
    page.goto(f"{live_baton.url}/outputs/?q=aprons")
    page.locator("#outputs").get_by_role("link", name="Clean aprons").click()
    page.get_by_role("link", name="Enter a link").first.click()
    expect(page.get_by_label("Output (English)")).to_have_value("Clean aprons")
    page.get_by_label("Supplier").select_option(label="Laundry")
    page.get_by_label("Customer").select_option(label="Ward 3")
    page.get_by_label("Outside need").select_option(label="Nurses with clean hands and aprons")
    page.get_by_role("button", name="Save").click()
    heading(page, "Clean aprons")
    expect(page.get_by_role("link", name="“Nurses with clean hands and aprons”").first).to_be_visible()

    page.get_by_role("link", name="Judge").click()
    for label, grade in (("Spend", "2"), ("Irreplaceability", "5"), ("Impact", "5")):
        page.get_by_label(label).select_option(value=grade)
    page.get_by_label("Single source").select_option(label="Chosen single source")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("alert")).to_contain_text("needs a plan")
    page.get_by_label("Continuity plan").fill("Stores keep aprons for two days.")
    assert axe.violations(page) == []
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("spend 2, irreplaceability 5, impact 5 of 5")).to_be_visible()
    expect(page.get_by_text("Stores keep aprons for two days.", exact=True)).to_be_visible()
    assert axe.violations(page) == []

    page.goto(f"{live_baton.url}/links/")
    page.get_by_text("More filters").click()
    page.get_by_label("Criticality").select_option(label="High")
    page.get_by_role("button", name="Filter").click()
    expect(page.locator("#links tbody tr")).to_have_count(1)
    browser_errors.provoked(422)  # the plan that was missing
