"""A passkey in a browser: set up, signed in with, and shown for a signature; the device is one of Chromium's own."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from baton.agreements.changes import agenda, closing_reviews, reviews
from baton.agreements.rules.reviews import Attendance
from tests import world as hospital
from tests.browser import axe
from tests.browser.steps import PASSWORD, give_password, sign_in, sign_in_to_the_chain
from tests.databases import Databases
from tests.rooms.agreements.meetings import LATER, SOON
from tests.servers import serve
from tests.world import NOON, World

pytestmark = pytest.mark.browser
DEVICE = {
    "protocol": "ctap2", "transport": "internal", "hasUserVerification": True, "isUserVerified": True,
    "automaticPresenceSimulation": True,
}  # fmt: skip


def minutes(world: World) -> str:
    """The address of a meeting that was closed, of the Laundry and the ward."""
    by = world.actor(world.zhao_lei)
    meeting = reviews.plan_meeting(by=by, at=NOON, link=world.laundry_ward, starts_at=SOON, ends_at=LATER)
    agenda.add_item(by=by, at=NOON, meeting=meeting, title="Lift")
    came = {one.public_id: Attendance.PRESENT for one in meeting.people.all()}
    reviews.note_attendance(by=by, at=LATER, meeting=meeting, attendance=came)
    closing_reviews.close_meeting(by=by, at=LATER, meeting=meeting)
    return f"/agreements/reviews/{meeting.public_id}/"


def test_a_passkey_is_set_up_opens_the_account_and_signs(
    page: Page, browser_errors: list[str], committed_db: Databases, tmp_path: Path
) -> None:
    world = hospital.build()
    give_password(world.zhao_lei)
    address = minutes(world)
    device = page.context.new_cdp_session(page)
    device.send("WebAuthn.enable")
    device.send("WebAuthn.addVirtualAuthenticator", {"options": DEVICE})
    with serve(committed_db, tmp_path / "data", host="localhost") as live:
        sign_in_to_the_chain(page, live.url, world.zhao_lei.sign_in_name)
        page.goto(f"{live.url}/accounts/second-factor/")
        page.get_by_role("link", name="Set up a passkey").click()
        page.get_by_label("Password").fill(PASSWORD)
        page.get_by_role("button", name="Confirm").click()
        page.get_by_label("Name of the device").fill("My phone")
        assert axe.violations(page) == []
        page.get_by_role("button", name="Set up a passkey").click()
        expect(page.get_by_role("heading", level=1)).to_have_text("Recovery codes")
        page.context.clear_cookies()
        sign_in(page, live.url, world.zhao_lei.sign_in_name)
        assert axe.violations(page) == []
        page.get_by_role("button", name="Sign in with a passkey").click()
        expect(page).to_have_url(f"{live.url}/")
        page.goto(f"{live.url}/accounts/second-factor/passkeys/confirm/")
        assert axe.violations(page) == []
        with page.expect_navigation():
            page.get_by_role("button", name="Use a passkey").click()
        page.goto(f"{live.url}/accounts/second-factor/")
        page.get_by_role("link", name="Remove My phone").click()
        expect(page.get_by_role("heading", level=1)).to_have_text("Remove a passkey")
        assert axe.violations(page) == []
        page.goto(f"{live.url}{address}confirm/supplier/")
        page.get_by_label("Your staff number, phone or e-mail").fill(world.zhao_lei.sign_in_name)
        page.get_by_label("Your password").fill(PASSWORD)
        assert axe.violations(page) == []
        page.get_by_role("button", name="Use a passkey and sign").click()
        expect(page.get_by_text("sign-in name, password, passkey")).to_be_visible()
