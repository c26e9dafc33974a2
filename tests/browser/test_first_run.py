"""An administrator begins: from the first sign-in to a map, through the first-run wizard, in a real browser."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from playwright.sync_api import Page, expect

from tests.browser.axe import violations
from tests.browser.steps import PASSWORD, sign_in
from tests.browsers import Reported
from tests.servers import LiveBaton
from tests.world import SYSTEM

pytestmark = pytest.mark.browser


def administrator(name: str) -> None:
    from baton.core.changes import add_person, give_role
    from baton.core.rules import Role

    at = datetime.now(UTC)
    person = add_person(by=SYSTEM, at=at, sign_in_name=name, name={"en": name.title()}, password=PASSWORD)
    give_role(by=SYSTEM, at=at, person=person, role=Role.ADMINISTRATOR)


def here(page: Page) -> str:
    return page.get_by_role("navigation", name="Steps").locator("[aria-current=step]").inner_text()


def test_from_the_first_sign_in_to_a_map(page: Page, live_baton: LiveBaton, browser_errors: Reported) -> None:
    administrator("first.admin")
    sign_in(page, live_baton.url, "first.admin")
    expect(page).to_have_url(f"{live_baton.url}/start/sector/")
    found = {"sector": violations(page)}

    page.get_by_role("radio", name="Hospital").check()
    page.get_by_role("button", name="Save and go on").click()
    assert "Names" in here(page)
    page.get_by_label("Laundry, in English").fill("Linen house")
    found["names"] = violations(page)
    page.get_by_role("button", name="Save and go on").click()

    page.get_by_label("Who is there").fill("Volunteers (team)\n    Odd\n  One")
    page.get_by_role("button", name="Save and go on").click()
    expect(page.get_by_text("“One” begins between two of them.")).to_be_visible()
    found["chart"] = violations(page)
    page.get_by_label("Who is there").fill("Volunteers (team)\n    Sunday group (shift)")
    page.get_by_role("button", name="Show the tree").click()
    expect(page.locator(".wizard-tree").first).to_contain_text("Sunday group")
    page.get_by_role("button", name="Save and go on").click()

    page.get_by_label("Who works here").fill("Chen Jie, 4711, Linen house, head")
    found["people"] = violations(page)
    page.get_by_role("button", name="Save and leave").click()
    expect(page).to_have_url(f"{live_baton.url}/")
    page.get_by_role("link", name="Go on").click()
    expect(page.get_by_label("Who works here")).to_have_value("Chen Jie, 4711, Linen house, head")
    page.get_by_role("button", name="Save and go on").click()

    page.get_by_label("Training").fill("Two days a year to learn")
    found["promises"] = violations(page)
    page.get_by_role("button", name="Save and go on").click()
    found["confirm"] = violations(page)
    page.get_by_label("I become quality manager, too").check()
    page.get_by_role("button", name="Enter all").click()
    expect(page).to_have_url(f"{live_baton.url}/map/")
    expect(page.get_by_text("Everything is entered")).to_be_visible()
    page.goto(f"{live_baton.url}/links/?q=Linen")
    expect(page.get_by_role("table")).to_contain_text("Linen house")
    page.goto(f"{live_baton.url}/start/sectors/hospital/")
    found["what a sector brings"] = violations(page)
    assert {step: lines for step, lines in found.items() if lines} == {}
    browser_errors.provoked(422)  # the line that could not be read


def test_on_a_phone_nothing_is_wider_than_the_screen(phone: Page, live_baton: LiveBaton) -> None:
    administrator("phone.admin")
    sign_in(phone, live_baton.url, "phone.admin")
    phone.goto(f"{live_baton.url}/start/sector/")
    phone.get_by_role("radio", name="Hotel").check()
    phone.get_by_role("button", name="Save and go on").click()
    wide = {}
    for step in ("sector", "names", "chart", "people", "promises", "confirm", "sectors/hotel"):
        phone.goto(f"{live_baton.url}/start/{step}/")
        if phone.evaluate("document.documentElement.scrollWidth") > 390 or violations(phone):
            wide[step] = violations(phone)
    assert wide == {}
