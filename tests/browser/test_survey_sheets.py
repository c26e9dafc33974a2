"""Anonymous surveys on a phone: from the link of a letter or the code of a card to the urn, in both languages, with and
without a script, also in a browser that is signed in."""

from __future__ import annotations

from typing import Any

import pytest
from django.conf import settings
from playwright.sync_api import Browser, Locator, Page, Request, expect

from baton.feedback.models import AnswerSheet, UrnSheet, Wave
from baton.feedback.rules import contents_of
from baton.feedback.rules.tokens import spelled
from tests import world as hospital
from tests.browser import axe
from tests.browsers import DESKTOP, PHONE, Reported, open_page
from tests.rooms.feedback.asked import asking, cards, closed, opened, prepared, written
from tests.rooms.feedback.sheets import QUESTIONS, every_kind
from tests.servers import LiveBaton
from tests.world import World

pytestmark = pytest.mark.browser

WORDS = {
    "en": {"open": "Open my sheet", "send": "Send my answers", "thanks": "Thank you", "address": "",
           "better": "What should be better?", "late": "The night round", "time": "Time", "quality": "Quality"},
    "zh-hans": {"address": "zh-hans/", "better": "哪些应改进？", "late": "夜班", "time": "准时", "quality": "质量"},
}  # fmt: skip


@pytest.fixture(scope="module")
def world(live_baton: LiveBaton) -> World:
    """The hospital on a server of this module."""
    return hospital.build()


def ten_questions(world: World) -> Wave:
    """An open wave with a sheet of ten questions about one link."""
    document = {"sections": [{"key": "service", "title": {"en": "Service", "zh-hans": "服务"}, "questions": QUESTIONS}]}
    questionnaire = written(world, contents=contents_of(document))
    wave = prepared(world, questionnaire=questionnaire, links=[world.laundry_ward])
    return opened(world, asking(world, wave))


def answer(page: Page, wave: Wave, said: dict[str, str]) -> None:
    """Answer the ten questions as a thumb does."""
    name = f"{wave.links.get().public_id}."
    choose(page, f"{name}on_time", "2")
    page.get_by_role("radio", name=said["late"]).check()
    choose(page, f"{name}complete.expected", "5")
    choose(page, f"{name}complete.experienced", "na")
    choose(page, f"{name}people.kind", "3")
    choose(page, f"{name}people.listen", "1")
    choose(page, f"{name}reached", "phone")
    for place, key in enumerate(("cold", "time", "amount"), 1):
        page.locator(f'[name="{name}first.{key}"]').fill(str(place))
    page.locator(f'[name="{name}hundred.quality"]').fill("60")
    page.locator(f'[name="{name}hundred.price"]').fill("40")
    choose(page, f"{name}evening.functional", "1")
    choose(page, f"{name}evening.dysfunctional", "4")
    page.locator(f'[name="{name}hours"]').fill("1.5")
    page.get_by_label(said["better"]).fill("更早 & <b>earlier</b>")


def choose(page: Page, name: str, value: str) -> None:
    """Choose one of several."""
    control(page, name, value).check()


def control(page: Page, name: str, value: str) -> Locator:
    return page.locator(f'[name="{name}"][value="{value}"]')


def wide(page: Page) -> int:
    found: int = page.evaluate("document.documentElement.scrollWidth")
    return found


@pytest.mark.parametrize("script", [True, False], ids=["script", "no-script"])
@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_ten_questions_on_a_phone(
    browser: Browser, browser_errors: Reported, live_baton: LiveBaton, world: World, language: str, script: bool
) -> None:
    wave, said = ten_questions(world), WORDS[language]
    token = cards(world, wave, 1)[0]
    address = f"{live_baton.url}/s/{wave.public_id}/{said['address']}"
    with open_page(browser, PHONE, browser_errors, has_touch=True, is_mobile=True, java_script_enabled=script) as page:
        page.goto(address)
        expect(page.locator("html")).to_have_attribute("lang", language)
        if script:
            assert axe.violations(page) == []
        page.locator("#code").fill(spelled(token).upper())
        page.locator("main form button[type=submit]").click()
        expect(page.locator("form#sheet")).to_be_visible()
        # What hangs on another answer is hidden by a script; without one it says when it is asked.
        late = page.get_by_role("radio", name=said["late"])
        expect(late).to_be_hidden() if script else expect(page.locator(".survey-only-if")).to_be_visible()
        page.locator("button[name=send]").click()
        expect(page.locator(".notice-broken")).to_be_visible()
        expect(page.locator(".survey-question.field-refused")).to_have_count(1)
        if script:
            assert axe.violations(page) == []
        answer(page, wave, said)
        if script:
            expect(page.locator("[data-sum]")).to_contain_text("100")
            expect(page.locator("[data-progress] progress")).to_have_attribute("max", "10")
            assert page.locator("[data-progress] progress").evaluate("one => one.value") == 10
        page.locator("button[name=send]").click()
        expect(page.locator("form#sheet")).to_have_count(0)
        expect(page.locator("h1 .icon-circle-check")).to_be_visible()
        assert wide(page) == PHONE["width"]
        assert page.context.cookies() == []
    browser_errors.provoked(422)
    closed(world, wave)
    kept = AnswerSheet.objects.get(wave=wave).answers
    assert (kept["why_late"], kept["first"], kept["hundred"]) == (
        "night", ["cold", "time", "amount"], {"quality": 60, "price": 40},
    )  # fmt: skip


def test_link_of_a_letter_in_a_signed_in_browser_says_nothing_of_who_it_is(
    browser: Browser, browser_errors: Reported, live_baton: LiveBaton, world: World
) -> None:
    """The code leaves the address before anything is sent, and what is sent has no cookie, though the browser has."""
    wave = ten_questions(world)
    token = cards(world, wave, 1)[0]
    session = world.client(world.chen_jie).cookies[settings.SESSION_COOKIE_NAME].value
    sent: list[Request] = []
    log = live_baton.log.stat().st_size
    with open_page(browser, PHONE, browser_errors) as page:
        page.context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": session, "url": live_baton.url}])
        before = page.context.cookies()
        page.on("request", lambda request: sent.append(request) if "/s/" in request.url else None)
        page.goto(f"{live_baton.url}/s/{wave.public_id}/#{spelled(token)}")
        expect(page.locator("form#sheet")).to_be_visible()
        assert page.url == f"{live_baton.url}/s/{wave.public_id}/"
        answer(page, wave, WORDS["en"])
        page.get_by_role("button", name="Send my answers").click()
        expect(page.get_by_role("heading", name="Thank you")).to_be_focused()
        posted: list[dict[str, Any]] = [one.all_headers() for one in sent if one.method == "POST"]
        assert len(posted) == 2
        assert not [one for one in posted if "cookie" in one or "referer" in one]
        assert token not in "".join(one.url for one in sent)
        assert page.context.cookies() == before
        page.reload()
        expect(page.get_by_label("Your code")).to_have_value("")
    said = live_baton.log.read_bytes()[log:].decode()
    assert "/s/" not in said
    assert world.chen_jie.public_id not in said
    assert token not in said
    assert UrnSheet.objects.filter(wave=wave).count() == 1


def test_lost_connection_or_failing_server_keeps_the_answers_and_a_changed_mind_hides_what_hangs_on_it(
    phone: Page, browser_errors: Reported, live_baton: LiveBaton, world: World
) -> None:
    wave = ten_questions(world)
    phone.goto(f"{live_baton.url}/s/{wave.public_id}/#{cards(world, wave, 1)[0]}")
    answer(phone, wave, WORDS["en"])
    late = phone.get_by_role("radio", name="The night round")
    expect(late).to_be_checked()
    choose(phone, f"{wave.links.get().public_id}.on_time", "5")
    expect(late).to_be_hidden()
    phone.context.set_offline(True)
    phone.get_by_role("button", name="Send my answers").click()
    expect(phone.get_by_text("No connection just now.")).to_be_visible()
    expect(phone.get_by_label("What should be better?")).to_have_value("更早 & <b>earlier</b>")
    phone.context.set_offline(False)
    phone.route("**/s/**", lambda route: route.fulfill(status=500, body="<main id='content'>It failed</main>"))
    phone.get_by_role("button", name="Send my answers").click()
    expect(phone.get_by_text("The server could not do that.")).to_be_visible()
    expect(phone.get_by_text("No connection just now.")).to_be_hidden()
    expect(phone.get_by_label("What should be better?")).to_have_value("更早 & <b>earlier</b>")
    phone.unroute("**/s/**")
    phone.get_by_role("button", name="Send my answers").click()
    expect(phone.get_by_role("heading", name="Thank you")).to_be_visible()
    browser_errors.provoked("ERR_INTERNET_DISCONNECTED", 500)
    closed(world, wave)
    assert "why_late" not in AnswerSheet.objects.get(wave=wave).answers


def test_shared_device_clears_a_sheet_that_somebody_left(
    browser: Browser, browser_errors: Reported, live_baton: LiveBaton, world: World
) -> None:
    wave = ten_questions(world)
    with open_page(browser, PHONE, browser_errors) as page:
        page.clock.install()
        page.goto(f"{live_baton.url}/s/{wave.public_id}/kiosk/")
        page.locator("#code").fill(cards(world, wave, 1)[0])
        page.get_by_role("button", name="Open my sheet").click()
        page.get_by_label("What should be better?").fill("Left behind")
        page.clock.fast_forward(150_000)
        stay = page.get_by_role("button", name="I am still answering")
        expect(stay).to_be_visible()
        stay.click()
        expect(stay).to_be_hidden()
        page.clock.fast_forward(150_000)
        expect(stay).to_be_visible()
        assert axe.violations(page) == []
        page.clock.fast_forward(30_000)
        expect(page.get_by_label("Your code")).to_have_value("")
        assert "Left behind" not in page.content()


def test_every_kind_of_question_on_a_desk_in_the_dark(
    browser: Browser, browser_errors: Reported, live_baton: LiveBaton, world: World
) -> None:
    wave = every_kind(world)
    with open_page(browser, DESKTOP, browser_errors, color_scheme="dark") as page:
        page.goto(f"{live_baton.url}/s/{wave.public_id}/zh-hans/#{cards(world, wave, 1)[0]}")
        expect(page.locator("form#sheet")).to_be_visible()
        assert axe.violations(page) == []
        page.get_by_role("button", name="English").click()
        expect(page.locator("html")).to_have_attribute("lang", "en")
        expect(page.get_by_text("comes on time.").first).to_be_visible()
        assert wide(page) == DESKTOP["width"]
