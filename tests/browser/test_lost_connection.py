"""A phone without a connection: what is tapped is kept, shown, and taken once; in its order, by whoever tapped it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from playwright.sync_api import Page, expect

from baton.handoffs import changes
from baton.handoffs.models import Handoff, HandoffPhoto
from baton.handoffs.rules import State
from tests import world as hospital
from tests.browser import axe
from tests.browser.test_chain import enter
from tests.browsers import Reported
from tests.rooms.handoffs.made import SHEETS, TINY
from tests.servers import LiveBaton
from tests.world import World

if TYPE_CHECKING:
    from baton.core.actors import Actor

pytestmark = pytest.mark.browser
HOUR = timedelta(hours=1)


@pytest.fixture(scope="module")
def world(live_baton: LiveBaton) -> World:
    """The hospital on a server of this module."""
    return hospital.build()


@pytest.fixture
def ward(phone: Page, browser_errors: Reported, live_baton: LiveBaton, world: World) -> Iterator[Page]:
    """Chen Jie's phone; afterwards nothing is open any more."""
    browser_errors.provoked("ERR_INTERNET_DISCONNECTED")  # it asks again while there is no connection
    yield enter(phone, live_baton, world, "chen_jie")
    by = world.actor(world.lin_mei)
    for one in Handoff.objects.exclude(state__in=[State.WITHDRAWN, State.ACCEPTED]):
        changes.withdraw_handoff(by=by, at=datetime.now(UTC), handoff=one, reason="Test is over")


def made(world: World, reference: str) -> Handoff:
    """Sheets that the laundry handed over an hour ago."""
    at = datetime.now(UTC)
    by: Actor = world.actor(world.chen_jie)
    handoff = changes.request_handoff(
        by=by, at=at, link=world.laundry_ward, requested_at=at - 2 * HOUR, reference=reference, lines=[SHEETS]
    )
    return changes.deliver_handoff(by=world.actor(world.gao_ming), at=at, handoff=handoff, delivered_at=at - HOUR)


def accept(page: Page, handoff: Handoff) -> Any:
    return page.get_by_role("button", name=f"Accept {handoff.number}")


def state_of(handoff: Handoff) -> str:
    return Handoff.objects.get(pk=handoff.pk).state


def test_two_taps_without_a_connection_are_sent_once(
    ward: Page, browser_errors: Reported, live_baton: LiveBaton, world: World
) -> None:
    first, second = made(world, "N-1"), made(world, "N-2")
    ward.goto(f"{live_baton.url}/handoffs/today/")
    ward.context.set_offline(True)
    accept(ward, first).tap()
    expect(ward.get_by_text("Waiting to be sent (1)")).to_be_visible()
    accept(ward, second).tap()
    expect(ward.get_by_text("Waiting to be sent (2)")).to_be_visible()
    expect(ward.get_by_text("Kept on this device, not sent yet.").first).to_be_visible()
    expect(accept(ward, first)).to_be_disabled()
    assert axe.violations(ward) == []
    assert {state_of(first), state_of(second)} == {State.DELIVERED}
    ward.get_by_role("link", name="All except").first.tap()
    expect(ward.get_by_text("no other page can be opened")).to_be_visible()
    ward.context.set_offline(False)
    expect(ward.get_by_text("Nothing is open")).to_be_visible()
    expect(ward.get_by_text("Waiting to be sent")).to_have_count(0)
    for one in (first, second):
        fresh = Handoff.objects.get(pk=one.pk)
        assert (fresh.state, fresh.events.count()) == (State.ACCEPTED, 0)
        assert fresh.accepted_at is not None
    ward.reload()
    expect(ward.get_by_text("Nothing is open")).to_be_visible()


def test_half_an_entry_keeps_nothing_else_from_being_sent(
    ward: Page, browser_errors: Reported, live_baton: LiveBaton, world: World
) -> None:
    handoff = made(world, "N-0")
    ward.goto(f"{live_baton.url}/handoffs/today/")
    ward.context.set_offline(True)
    ward.evaluate("localStorage.setItem('baton-unsent-000000000-half', '{\"of\": \"')")
    accept(ward, handoff).tap()
    expect(ward.get_by_text("Waiting to be sent (1)")).to_be_visible()
    ward.context.set_offline(False)
    expect(ward.get_by_text("Nothing is open")).to_be_visible()
    assert state_of(handoff) == State.ACCEPTED


def test_an_answer_that_was_lost_is_asked_for_again_after_a_reload(
    ward: Page, browser_errors: Reported, live_baton: LiveBaton, world: World
) -> None:
    handoff = made(world, "N-3")
    ward.goto(f"{live_baton.url}/handoffs/today/")

    def answer_lost(route: Any) -> None:
        route.fetch()
        route.abort()

    ward.route("**/step/accept/", answer_lost)
    accept(ward, handoff).tap()
    expect(ward.get_by_text("There is no connection. It is kept")).to_be_visible()
    assert state_of(handoff) == State.ACCEPTED
    browser_errors.provoked("ERR_FAILED")  # the answer that was lost
    ward.unroute("**/step/accept/")
    ward.reload()
    expect(ward.get_by_text("Accepted.").first).to_be_visible()
    expect(ward.get_by_text("Waiting to be sent")).to_have_count(0)
    assert Handoff.objects.get(pk=handoff.pk).events.count() == 0


def test_two_tabs_keep_and_send_in_one_row(
    ward: Page, browser_errors: Reported, live_baton: LiveBaton, world: World
) -> None:
    first, second = made(world, "N-4"), made(world, "N-5")
    other = ward.context.new_page()
    for page in (ward, other):
        page.goto(f"{live_baton.url}/handoffs/today/")
    ward.context.set_offline(True)
    accept(ward, first).tap()
    accept(other, second).tap()
    accept(other, first).tap()
    for page in (ward, other):
        expect(page.get_by_text("Waiting to be sent (3)")).to_be_visible()
    ward.context.set_offline(False)
    # The same thing was tapped in both tabs: the second tap came too late, and says so.
    for page in (ward, other):
        expect(page.get_by_text("Not taken (1)")).to_be_visible()
    expect(other.get_by_text("stands so: Accepted")).to_be_visible()
    assert {state_of(first), state_of(second)} == {State.ACCEPTED}
    assert sum(one.events.count() for one in (first, second)) == 0
    other.get_by_role("button", name="Read, put away").tap()
    expect(ward.get_by_text("Not taken")).to_have_count(0)
    browser_errors.provoked(409, 422)  # 422: the tab that sent both knew of the change that its first tap made


def chosen(page: Page, name: str) -> None:
    page.get_by_label("Photos").set_input_files({"name": name, "mimeType": "image/jpeg", "buffer": TINY})


def sent_back_offline(page: Page, base: str, handoff: Handoff) -> None:
    """All of it is sent back with a photo, and there is no connection."""
    page.goto(f"{base}/handoffs/{handoff.public_id}/step/return/")
    page.get_by_label("What is wrong with it").fill("Torn")
    chosen(page, "torn.jpg")
    page.context.set_offline(True)
    page.get_by_role("button", name="Return all of it").tap()


def test_a_photo_waits_with_its_return_and_goes_with_it(
    ward: Page, browser_errors: Reported, live_baton: LiveBaton, world: World
) -> None:
    handoff = made(world, "N-P1")
    sent_back_offline(ward, live_baton.url, handoff)
    expect(ward.get_by_text("Waiting to be sent (1)")).to_be_visible()
    expect(ward.get_by_text("Photos with it: 1")).to_be_visible()
    assert axe.violations(ward) == []
    assert state_of(handoff) == State.DELIVERED
    ward.context.set_offline(False)
    expect(ward.get_by_text("Waiting to be sent")).to_have_count(0)
    kept = HandoffPhoto.objects.get(handoff=handoff)
    assert (kept.attachment.file_name, kept.step) == ("torn.jpg", "return")
    ward.goto(f"{live_baton.url}/handoffs/{handoff.public_id}/")
    thumbnail = ward.get_by_role("img", name="Photo: Returned; Customer, Chen Jie")
    thumbnail.scroll_into_view_if_needed()
    expect(thumbnail).to_have_js_property("naturalWidth", 2)
    thumbnail.click()
    expect(ward.get_by_role("heading", name="Returned; Customer")).to_be_visible()
    assert axe.violations(ward) == []


def test_a_photo_of_what_was_not_taken_can_be_saved(
    ward: Page, browser_errors: Reported, live_baton: LiveBaton, world: World
) -> None:
    handoff = made(world, "N-P2")
    sent_back_offline(ward, live_baton.url, handoff)
    expect(ward.get_by_text("Photos with it: 1")).to_be_visible()
    changes.withdraw_handoff(by=world.actor(world.lin_mei), at=datetime.now(UTC), handoff=handoff, reason="Wrong link")
    ward.context.set_offline(False)
    expect(ward.get_by_text("Not taken (1)")).to_be_visible()
    with ward.expect_download() as saved:
        ward.get_by_role("button", name="Save its photos").tap()
    assert saved.value.suggested_filename == "torn.jpg"
    assert Path(saved.value.path()).read_bytes() == TINY
    ward.get_by_role("button", name="Read, put away").tap()
    expect(ward.get_by_text("Not taken")).to_have_count(0)
    browser_errors.provoked(409)


def test_a_device_that_keeps_no_files_says_so(
    ward: Page, browser_errors: Reported, live_baton: LiveBaton, world: World
) -> None:
    handoff = made(world, "N-P3")
    ward.add_init_script("Object.defineProperty(window, 'indexedDB', { value: undefined })")
    ward.goto(f"{live_baton.url}/handoffs/{handoff.public_id}/step/return/")
    ward.get_by_label("What is wrong with it").fill("Torn")
    chosen(ward, "torn.jpg")
    ward.context.set_offline(True)
    ward.get_by_role("button", name="Return all of it").tap()
    expect(ward.get_by_text("Waiting to be sent (1)")).to_be_visible()
    expect(ward.get_by_text("Its photos could not be kept on this device")).to_be_visible()
    ward.context.set_offline(False)
    expect(ward.get_by_text("Waiting to be sent")).to_have_count(0)
    expect(ward.get_by_text("Its photos could not be kept on this device")).to_be_visible()
    assert state_of(handoff) == State.RETURNED
    ward.get_by_role("button", name="Read, put away").tap()
    expect(ward.get_by_text("Its photos could not be kept")).to_have_count(0)


def test_what_happened_meanwhile_is_said_and_nothing_is_lost(
    ward: Page, browser_errors: Reported, live_baton: LiveBaton, world: World
) -> None:
    handoff = made(world, "N-6")
    ward.goto(f"{live_baton.url}/handoffs/{handoff.public_id}/step/accept_part/")
    ward.context.set_offline(True)
    ward.get_by_label("Goes back").fill("2")
    ward.get_by_label("What is wrong with it").fill("Torn")
    ward.get_by_role("button", name="Accept all except").tap()
    expect(ward.get_by_text("Waiting to be sent (1)")).to_be_visible()
    changes.return_handoff(by=world.actor(world.wang_fang), at=datetime.now(UTC), handoff=handoff, phenomenon="Damp")
    ward.context.set_offline(False)
    expect(ward.get_by_text("Not taken (1)")).to_be_visible()
    expect(ward.get_by_text("Returned; Wang Fang")).to_be_visible()
    expect(ward.get_by_role("button", name="Accept all except")).to_be_enabled()
    expect(ward.get_by_text("Kept on this device, not sent yet.")).to_have_count(0)
    assert axe.violations(ward) == []
    ward.get_by_role("link", name="Open its page").tap()
    expect(ward.get_by_role("heading", name="What happened")).to_be_visible()
    expect(ward.get_by_text("Not taken (1)")).to_be_visible()
    ward.get_by_role("button", name="Read, put away").tap()
    expect(ward.get_by_text("Not taken")).to_have_count(0)
    browser_errors.provoked(409)


def test_a_form_to_be_mended_comes_back_as_ever(
    ward: Page, browser_errors: Reported, live_baton: LiveBaton, world: World
) -> None:
    handoff = made(world, "N-7")
    ward.goto(f"{live_baton.url}/handoffs/{handoff.public_id}/step/accept_part/")
    ward.get_by_label("Goes back").fill("200")
    ward.get_by_label("What is wrong with it").fill("Torn")
    ward.get_by_role("button", name="Accept all except").tap()
    expect(ward.get_by_text("at most 100").first).to_be_visible()
    expect(ward.get_by_label("Goes back")).to_have_value("200")
    expect(ward.get_by_text("Waiting to be sent")).to_have_count(0)
    browser_errors.provoked(422)


def test_somebody_else_on_the_same_phone_sends_nothing_of_mine(
    ward: Page, browser_errors: Reported, live_baton: LiveBaton, world: World
) -> None:
    handoff = made(world, "N-8")
    ward.goto(f"{live_baton.url}/handoffs/today/")
    ward.context.set_offline(True)
    accept(ward, handoff).tap()
    expect(ward.get_by_text("Waiting to be sent (1)")).to_be_visible()
    ward.context.clear_cookies()
    ward.context.set_offline(False)
    expect(ward.get_by_text("Load the page again and sign in")).to_be_visible()
    browser_errors.provoked(403)  # nobody is signed in any more
    ward.reload()
    expect(ward.get_by_text("It is sent when whoever tapped it signs in here")).to_be_visible()
    enter(ward, live_baton, world, "wang_fang")
    ward.goto(f"{live_baton.url}/handoffs/today/")
    expect(ward.get_by_text("Tapped by somebody else and not sent yet (1)")).to_be_visible()
    assert state_of(handoff) == State.DELIVERED
    ward.context.clear_cookies()
    enter(ward, live_baton, world, "chen_jie")
    ward.goto(f"{live_baton.url}/handoffs/today/")
    expect(accept(ward, handoff)).to_have_count(0)
    expect(ward.get_by_text("not sent yet")).to_have_count(0)
    assert state_of(handoff) == State.ACCEPTED
    assert Handoff.objects.get(pk=handoff.pk).events.count() == 0
