"""How long a sheet of ten questions takes on a phone: a user who types his code, reads the sheet and answers every
question, without a script. The promise on the first page is read before, by whoever wants to.

His time is counted in steps: a tap takes 1.1 s and a thought before it 1.35 s, a key 0.28 s (S. K. Card, T. P. Moran,
A. Newell, The keystroke-level model for user performance time with interactive systems, Communications of the ACM 23(7)
(1980), 396-410); reading goes by 228 English words or 255 Chinese characters a minute (S. Trauzettel-Klosinski,
K. Dietz, Standardized assessment of reading performance, Investigative Ophthalmology & Visual Science 53(9) (2012),
5452-5461). What the browser and the server take comes on top.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from time import perf_counter

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from baton.feedback.models import UrnSheet, Wave
from baton.feedback.rules import Contents
from baton.feedback.rules.library import library_set_of
from baton.feedback.rules.library.writing import recommend
from baton.feedback.rules.tokens import spelled
from tests import world as hospital
from tests.browser import axe
from tests.browsers import PHONE, Reported, open_page
from tests.rooms.feedback.asked import asking, cards, opened, prepared, written
from tests.servers import LiveBaton
from tests.world import World

pytestmark = pytest.mark.browser

TAP, THOUGHT, KEY = 1.1, 1.35, 0.28
WORDS_A_SECOND, CHARACTERS_A_SECOND = 228 / 60, 255 / 60
TWO_MINUTES = 120.0
LANGUAGES = {"en": "", "zh-hans": "zh-hans/"}
COMMENT = {"en": "Please tell us a day before.", "zh-hans": "请提前一天告知。"}


@pytest.fixture(scope="module")
def world(live_baton: LiveBaton) -> World:
    """The hospital on a server of this module."""
    return hospital.build()


@dataclass
class Thumb:
    """Somebody with a phone, and what he has done so far."""

    page: Page
    taps: int = 0
    keys: int = 0
    read: float = 0.0
    """Seconds of reading."""

    def tap(self, control: Locator) -> None:
        """Look for it and touch it."""
        control.scroll_into_view_if_needed()
        control.tap()
        self.taps += 1

    def type(self, control: Locator, text: str) -> None:
        """Touch a field and type."""
        self.tap(control)
        control.fill(text)
        self.keys += len(text)

    def reads(self) -> None:
        """The page; words that stand below each question are read once."""
        said = "\n".join(dict.fromkeys(self.page.locator("main").inner_text().splitlines()))
        characters = len(re.findall(r"[\u4e00-\u9fff]", said))
        words = len(re.findall(r"[A-Za-z]+", said))
        self.read += characters / CHARACTERS_A_SECOND + words / WORDS_A_SECOND

    @property
    def seconds(self) -> float:
        """How long it took him."""
        return self.taps * (TAP + THOUGHT) + self.keys * KEY + self.read


def ten_questions(world: World) -> Wave:
    """The set that the library offers first, and whether one would recommend it, about one link."""
    like = library_set_of("internal_customer")
    assert like is not None
    last = like.contents.sections[-1]
    tenth = recommend("Would you recommend what {supplier} does?", "您会推荐{supplier}的服务吗？")
    sections = (*like.contents.sections[:-1], replace(last, questions=(tenth, *last.questions)))
    contents = Contents(sections)
    assert len(list(contents.questions())) == 10
    wave = prepared(world, questionnaire=written(world, contents=contents), links=[world.laundry_ward])
    return opened(world, asking(world, wave))


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_sheet_takes_less_than_two_minutes_without_a_script(
    browser: Browser, browser_errors: Reported, live_baton: LiveBaton, world: World, language: str
) -> None:
    wave = ten_questions(world)
    code = spelled(cards(world, wave, 1)[0])
    began = perf_counter()
    with open_page(browser, PHONE, browser_errors, has_touch=True, is_mobile=True, java_script_enabled=False) as page:
        thumb = Thumb(page)
        page.goto(f"{live_baton.url}/s/{wave.public_id}/{LANGUAGES[language]}")
        thumb.type(page.locator("#code"), code)
        thumb.tap(page.locator("main form button[type=submit]"))
        expect(page.locator("form#sheet")).to_be_visible()
        thumb.reads()
        radios = page.locator("form#sheet input[type=radio]").all()
        for name in dict.fromkeys(one.get_attribute("name") for one in radios):
            places = page.locator(f'input[name="{name}"]')
            thumb.tap(page.locator(f'label[for="{places.nth(3).get_attribute("id")}"]'))
        thumb.type(page.locator("form#sheet textarea"), COMMENT[language])
        thumb.tap(page.locator("button[name=send]"))
        expect(page.locator("h1 .icon-circle-check")).to_be_visible()
    print(f"{language}: {thumb.taps} taps, {thumb.keys} keys, {thumb.read:.0f} s of reading, {thumb.seconds:.0f} s of a"
          f" user, {perf_counter() - began:.1f} s of browser and server")  # fmt: skip
    assert thumb.seconds < TWO_MINUTES
    assert UrnSheet.objects.filter(wave=wave).count() == 1


@pytest.mark.parametrize("language", LANGUAGES)
def test_pages_break_no_criterion_where_the_script_does_not_arrive(
    browser: Browser, browser_errors: Reported, live_baton: LiveBaton, world: World, language: str
) -> None:
    """axe-core needs scripts to look at a page: those of Baton are kept from it."""
    wave = ten_questions(world)
    with open_page(browser, PHONE, browser_errors, has_touch=True, is_mobile=True) as page:
        page.route("**/*.js", lambda route: route.abort())
        page.goto(f"{live_baton.url}/s/{wave.public_id}/{LANGUAGES[language]}")
        assert axe.violations(page) == []
        page.locator("#code").fill(spelled(cards(world, wave, 1)[0]))
        page.locator("main form button[type=submit]").click()
        expect(page.locator("form#sheet")).to_be_visible()
        assert axe.violations(page) == []
        page.locator("button[name=send]").click()
        expect(page.locator(".notice-broken")).to_be_visible()
        assert axe.violations(page) == []
        page.locator("form#sheet input[type=radio]").first.check(force=True)
        page.locator("button[name=send]").click()
        expect(page.locator("h1 .icon-circle-check")).to_be_visible()
        assert axe.violations(page) == []
    browser_errors.provoked("ERR_FAILED", 422)
