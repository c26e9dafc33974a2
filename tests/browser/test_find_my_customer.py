"""Somebody says who takes up his work, on a phone; his head makes links of it, at a desk. In a real browser."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests import world as hospital
from tests.browser.axe import violations
from tests.browser.steps import give_password, sign_in_to_the_chain
from tests.servers import LiveBaton
from tests.world import World

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def world(live_baton: LiveBaton) -> World:
    built = hospital.build()
    for person in (built.chen_jie, built.wang_fang):
        give_password(person)
    return built


def test_from_five_questions_to_links(page: Page, phone: Page, live_baton: LiveBaton, world: World) -> None:
    sign_in_to_the_chain(phone, live_baton.url, "chen.jie")
    phone.get_by_role("link", name="Find my customer").click()
    expect(phone.get_by_label("What do you finish in a day?")).to_be_visible()
    found = {"questions": violations(phone)}
    phone.get_by_label("What do you finish in a day?").fill("Made beds")
    phone.get_by_label("Who takes it up next?").fill("Patient")
    phone.get_by_label("What would they miss").fill("their sleep")
    phone.get_by_label("From whom do you get").fill("The cellar")
    phone.get_by_label("what is it that you get").fill("Blankets")
    phone.get_by_role("button", name="Show my customers").click()
    expect(phone.get_by_text("Without it they would miss: their sleep")).to_be_visible()
    found["review"] = violations(phone)
    phone.get_by_role("button", name="Change the answers").click()
    phone.get_by_label("What would they miss").fill("their rest")
    phone.get_by_role("button", name="Show my customers").click()
    phone.get_by_role("button", name="Send the proposal").click()
    expect(phone.get_by_role("region", name="What I proposed")).to_contain_text("Made beds")
    assert phone.evaluate("document.documentElement.scrollWidth") <= 390
    found["own"] = violations(phone)

    sign_in_to_the_chain(page, live_baton.url, "wang.fang")
    page.goto(f"{live_baton.url}/notifications/")
    with page.expect_navigation():
        page.get_by_text("Chen Jie proposes links of Ward 3").first.click()
    page.goto(f"{live_baton.url}/proposals/")
    found["answers"] = violations(page)
    beds = page.get_by_role("listitem").filter(has_text="Made beds")
    beds.get_by_role("button", name="Enter the link").click()
    expect(page.get_by_text("The link is entered.")).to_be_visible()
    blankets = page.get_by_role("listitem").filter(has_text="Blankets")
    expect(blankets).to_contain_text("No party is called “The cellar”")
    blankets.get_by_label("Supplier").select_option(label="Laundry")
    with page.expect_navigation():
        blankets.get_by_role("button", name="Enter the link").click()
    page.goto(f"{live_baton.url}/links/?q=Blankets")
    expect(page.get_by_role("table")).to_contain_text("Laundry")
    phone.goto(f"{live_baton.url}/proposals/")
    expect(phone.get_by_text("Accepted").first).to_be_visible()
    assert {step: lines for step, lines in found.items() if lines} == {}
