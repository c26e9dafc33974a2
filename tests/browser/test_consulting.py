"""A consultation in browsers: two sides counter one clause at once; a nurse says on her phone what she thinks."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from playwright.sync_api import Browser, Page, expect

from baton.agreements import changes
from baton.agreements.models import AgreementVersion
from baton.agreements.rules import Side
from tests import world as hospital
from tests.browser import axe
from tests.browser.test_chain import enter
from tests.browsers import DESKTOP, Reported, open_page
from tests.rooms.agreements.made import LINEN, ORDER
from tests.servers import LiveBaton
from tests.world import World

pytestmark = pytest.mark.browser

WORDS = "The night shift starts at six; seven is too late."


@pytest.fixture(scope="module")
def world(live_baton: LiveBaton) -> World:
    """The hospital on a server of this module."""
    return hospital.build()


def put_forward(world: World) -> AgreementVersion:
    """The linen of Ward 3, proposed by the Laundry."""
    by, at = world.actor(world.zhao_lei), datetime.now(UTC)
    draft = changes.begin_agreement(by=by, at=at, link=world.laundry_ward, clauses=[LINEN, ORDER])
    return changes.propose_version(by=by, at=at, version=draft)


def counter(page: Page, target: str, why: str) -> None:
    """Type another target into the form that is open, and send it."""
    page.get_by_label("Target").fill(target)
    page.get_by_label("Why").fill(why)
    page.get_by_role("button", name="Save").click()


def ask_the_ward(world: World, version: AgreementVersion) -> None:
    """Open a consultation, and ask everybody of Ward 3."""
    by, at = world.actor(world.wang_fang), datetime.now(UTC)
    changes.open_consultation(by=by, at=at, version=version)
    due_on = at.date() + timedelta(days=7)
    changes.ask_staff(by=by, at=at, version=version, side=Side.CUSTOMER, due_on=due_on)


def speak_on_the_phone(phone: Page, live_baton: LiveBaton, world: World, line: str) -> None:
    """From her first page a nurse objects to a clause, and consents to the rest in one tap."""
    enter(phone, live_baton, world, "chen_jie")
    phone.goto(live_baton.url)
    phone.locator("a[href$='/opinion/']").first.click()
    part = phone.locator(f"#l-{line}")
    part.get_by_role("button", name="Object").click()
    expect(part.get_by_text("Expected a sentence.").first).to_be_visible()
    part.get_by_label("In your words").fill(WORDS)
    part.get_by_role("button", name="Object").click()
    expect(part.get_by_text("Waits for an answer")).to_be_visible()
    phone.get_by_role("button", name="Consent to the one that is left").click()
    expect(phone.get_by_text("2 of 2 clauses")).to_be_visible()
    assert axe.violations(phone) == []


def test_two_sides_counter_at_once_and_a_nurse_speaks_on_her_phone(
    browser: Browser, page: Page, phone: Page, browser_errors: Reported, live_baton: LiveBaton, world: World
) -> None:
    version = put_forward(world)
    address = f"{live_baton.url}/agreements/versions/{version.public_id}"
    first = version.clauses.order_by("pk")[0]
    enter(page, live_baton, world, "zhao_lei")
    with open_page(browser, DESKTOP, browser_errors) as other:
        enter(other, live_baton, world, "wang_fang")
        for one in (page, other):
            one.goto(f"{address}/counter/{first.line}/")
        counter(page, "20", "We drive twice a day")
        expect(page.get_by_text("for the side: Supplier")).to_be_visible()
        counter(other, "12", WORDS)
        # One has won; the other sees both texts and keeps what she wrote.
        expect(other.get_by_text("Now stands: 20").first).to_be_visible()
        expect(other.get_by_text("We drive twice a day")).to_be_visible()
        expect(other.get_by_label("Target")).to_have_value("12")
        expect(other.get_by_label("Why")).to_have_value(WORDS)
        assert axe.violations(other) == []
        other.get_by_role("button", name="Save").click()
        expect(other.get_by_text(WORDS).first).to_be_visible()
    page.goto(f"{address}/consultation/")
    page.get_by_role("button", name="Adopt: change the clause").click()
    expect(page.get_by_text("95 % within 12 business hours").first).to_be_visible()
    ask_the_ward(world, version)
    speak_on_the_phone(phone, live_baton, world, first.line)
    page.goto(f"{address}/consultation/")
    part = page.locator(f"#l-{first.line}")
    part.get_by_label("Answer").fill("The van comes at seven")
    part.get_by_role("button", name="Decline, with the answer").click()
    expect(page.get_by_text("The van comes at seven")).to_be_visible()
    assert axe.violations(page) == []
    browser_errors.provoked("status of 4")
