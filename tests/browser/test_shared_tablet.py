"""A tablet on the wall of the ward, at the width of a wall and of a phone: registered by the head, used with PIN and
badge, withdrawn."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from playwright.sync_api import Browser, Page, expect

from baton.core.changes import set_badge
from baton.handoffs import changes
from baton.handoffs.models import Handoff, HandoffPhoto, SharedTablet
from baton.handoffs.rules import State
from tests import world as hospital
from tests.browser import axe
from tests.browser.test_chain import enter
from tests.browsers import DESKTOP, PHONE, Reported, open_page
from tests.rooms.handoffs.made import SHEETS, TINY
from tests.servers import LiveBaton
from tests.world import World

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def world(live_baton: LiveBaton) -> World:
    """The hospital on a server of this module."""
    return hospital.build()


def delivered(world: World, reference: str) -> Handoff:
    at = datetime.now(UTC)
    handoff = changes.request_handoff(
        by=world.actor(world.chen_jie), at=at, link=world.laundry_ward, requested_at=at - timedelta(hours=2),
        reference=reference, lines=[SHEETS],
    )  # fmt: skip
    return changes.deliver_handoff(by=world.actor(world.gao_ming), at=at, handoff=handoff)


def set_own_pin(page: Page, live: LiveBaton, world: World) -> None:
    """As Chen Jie does it, on his own phone."""
    enter(page, live, world, "chen_jie")
    page.goto(f"{live.url}/me/pin/")
    assert axe.violations(page) == []
    page.get_by_label("New PIN", exact=True).fill("7294")
    page.get_by_label("New PIN again").fill("7294")
    page.get_by_role("button", name="Set a PIN").click()
    expect(page.get_by_text("Your PIN is set.")).to_be_visible()


def register(page: Page, live: LiveBaton, world: World) -> None:
    """As the head of the ward does it, on the tablet."""
    enter(page, live, world, "wang_fang")
    page.goto(f"{live.url}/handoffs/today/")
    page.get_by_role("link", name="Shared tablets").click()
    assert axe.violations(page) == []
    page.get_by_role("link", name="Register this device").first.click()
    page.get_by_label("Name").fill("Corridor")
    page.get_by_label("Team").select_option("Ward 3")
    assert axe.violations(page) == []
    page.get_by_role("button", name="Register this device").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Ward 3")
    assert axe.violations(page) == []


def withdraw(page: Page, live: LiveBaton, world: World) -> None:
    """As the head does it, wherever she is: the tablet shows nothing any more."""
    tablet = SharedTablet.objects.latest("pk")
    changes.withdraw_tablet(by=world.actor(world.wang_fang), at=datetime.now(UTC), tablet=tablet)
    page.goto(f"{live.url}/tablet/")
    expect(page.get_by_role("heading", name="Not a shared tablet")).to_be_visible()
    assert axe.violations(page) == []


def call(tablet: Page, bed: str) -> None:
    """Chen Jie calls the laundry to a bed, by the button on the tablet."""
    tablet.get_by_role("link", name=f"Call Laundry · {bed}").click()
    assert axe.violations(tablet) == []
    tablet.get_by_role("radio", name="Chen Jie").check()
    tablet.get_by_label("and your PIN").fill("7294")
    tablet.get_by_role("button", name="Call Laundry").click()
    expect(tablet.locator(".call-row", has_text=bed)).to_be_visible()
    expect(tablet.get_by_role("link", name=f"Call Laundry · {bed}")).to_have_count(0)
    assert axe.violations(tablet) == []


def send_back(tablet: Page, live: LiveBaton, handoff: Handoff) -> None:
    """Chen Jie sends all of it back, with a photo of it."""
    tablet.goto(f"{live.url}/tablet/{handoff.public_id}/return/")
    tablet.get_by_label("What is wrong with it").fill("Torn")
    tablet.get_by_label("Photos").set_input_files({"name": "torn.jpg", "mimeType": "image/jpeg", "buffer": TINY})
    assert axe.violations(tablet) == []
    tablet.get_by_role("radio", name="Chen Jie").check()
    tablet.get_by_label("and your PIN").fill("7294")
    tablet.get_by_role("button", name="Return all of it").click()
    expect(tablet.get_by_text(f"{handoff.number}; Chen Jie")).to_be_visible()
    assert HandoffPhoto.objects.get(handoff=handoff).attachment.file_name == "torn.jpg"


@pytest.mark.parametrize("size", [PHONE, DESKTOP], ids=["390", "1280"])
def test_a_day_at_the_tablet(
    browser: Browser, browser_errors: Reported, live_baton: LiveBaton, world: World, size: dict[str, int]
) -> None:
    first, second = delivered(world, "T-1"), delivered(world, "T-2")
    bed = f"Bed {size['width']}"
    by = world.actor(world.zhao_lei)
    changes.add_call_point(by=by, at=datetime.now(UTC), link=world.laundry_ward, name=bed)
    set_badge(by=world.actor(world.sun_lei), at=datetime.now(UTC), code="0004711")
    with open_page(browser, PHONE, browser_errors) as own:
        set_own_pin(own, live_baton, world)
    with open_page(browser, size, browser_errors) as tablet:
        register(tablet, live_baton, world)
        tablet.get_by_role("link", name=f"Accept {first.number}", exact=True).click()
        assert axe.violations(tablet) == []
        button = tablet.get_by_role("button", name="Accept").bounding_box()
        assert button is not None
        assert button["height"] >= 44
        tablet.get_by_role("radio", name="Chen Jie").check()
        tablet.get_by_label("and your PIN").fill("1357")
        tablet.get_by_role("button", name="Accept").click()
        expect(tablet.get_by_text("Wrong ones in a row: 1").first).to_be_visible()
        assert axe.violations(tablet) == []
        browser_errors.provoked(422)  # a wrong PIN
        tablet.get_by_label("and your PIN").fill("7294")
        tablet.get_by_role("button", name="Accept").click()
        expect(tablet.get_by_text(f"{first.number}; Chen Jie")).to_be_visible()
        tablet.get_by_role("link", name=f"Accept {second.number}", exact=True).click()
        expect(tablet.get_by_label("Badge")).to_be_focused()
        # A reader types the code and presses Enter.
        tablet.keyboard.type("0004711")
        tablet.keyboard.press("Enter")
        expect(tablet.get_by_text(f"{second.number}; Sun Lei")).to_be_visible()
        send_back(tablet, live_baton, delivered(world, "T-3"))
        call(tablet, bed)
        tablet.goto(f"{live_baton.url}/handoffs/today/")
        expect(tablet.get_by_role("button", name="Sign in")).to_be_visible()
        withdraw(tablet, live_baton, world)
        browser_errors.provoked(403)
    assert {one.state for one in Handoff.objects.filter(pk__in=[first.pk, second.pk])} == {State.ACCEPTED}
