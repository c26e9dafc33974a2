"""The journey of the guide's page "Your first link in ten minutes", in both languages; with ``--pictures`` the pictures
of that page are taken anew on the way."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from django.test import override_settings
from django.utils.translation import gettext, override
from playwright.sync_api import Browser, Locator, Page, expect

from baton.core.changes import add_person, give_role
from baton.core.rules import Role
from tests.browser.steps import PASSWORD, work
from tests.browsers import open_page
from tests.databases import Template, connected
from tests.servers import LiveBaton, serve
from tests.world import SYSTEM

if TYPE_CHECKING:
    from pytest_django.plugin import DjangoDbBlocker

pytestmark = pytest.mark.browser

PICTURES = Path(__file__).parents[2] / "docs" / "guide" / "pictures"
SIZE = {"width": 1000, "height": 800}
PEOPLE = {
    "manager": {"en": "Lin Mei", "zh-hans": "林梅"},
    "laundry": {"en": "Zhao Lei", "zh-hans": "赵磊"},
    "ward": {"en": "Wang Fang", "zh-hans": "王芳"},
}
LAUNDRY = {"en": "Laundry", "zh-hans": "洗衣房"}
WARD = {"en": "Ward 3", "zh-hans": "三病区"}
LINEN = {"en": "Clean linen", "zh-hans": "洁净布草"}
IN_TIME = {"en": "Clean linen is on the ward", "zh-hans": "洁净布草送达病区"}
SHEETS = {"en": "Sheets", "zh-hans": "床单"}
PIECES = {"en": "pieces", "zh-hans": "条"}


@dataclass
class Organisation:
    """A server with nobody's records but three people, and a browser for each of them; ``language`` is its and theirs.
    ``taken``: names of the pictures that were taken or left out, in their order."""

    live: LiveBaton
    language: str
    open: Callable[[], Page]
    writes: bool
    taken: list[str]
    pages: dict[str, Page]

    def page(self, name: str) -> Page:
        """The browser of one of the people, signed in."""
        if name not in self.pages:
            self.pages[name] = self.open()
            sign_in_here(self.pages[name], self, name)
        return self.pages[name]

    def said(self, english: str) -> str:
        """A text of the pages in the organisation's language."""
        with override(self.language):
            return gettext(english)

    def picture(self, name: str, of: Page | Locator) -> None:
        """Take a picture for the guide, if pictures are asked for."""
        self.taken.append(name)
        if self.writes:
            of.screenshot(path=PICTURES / self.language / f"{name}.png", animations="disabled")


def sign_in_here(page: Page, here: Organisation, name: str) -> None:
    page.goto(f"{here.live.url}/accounts/login/")
    page.locator("[name=login]").fill(name)
    page.locator("[name=password]").fill(PASSWORD)
    page.locator("main form button[type=submit]").first.click()
    expect(page).not_to_have_url(f"{here.live.url}/accounts/login/")


@pytest.fixture(params=["en", "zh-hans"])
def here(
    request: pytest.FixtureRequest,
    template: Template,
    django_db_setup: None,
    django_db_blocker: DjangoDbBlocker,
    tmp_path: Path,
    browser: Browser,
    browser_errors: list[str],
) -> Iterator[Organisation]:
    """An organisation of this language on its first day."""
    language: str = request.param
    databases, data = template.copy("first-link"), tmp_path / "data"
    pages: list[Any] = []

    def opened() -> Page:
        pages.append(open_page(browser, SIZE, browser_errors, locale="zh-CN" if language != "en" else "en-GB"))
        found: Page = pages[-1].__enter__()
        return found

    with (
        override_settings(LANGUAGE_CODE=language, DATA_DIR=data), django_db_blocker.unblock(), connected(databases),
        serve(databases, data, settings={"BATON_LANGUAGE": language}) as live,
    ):  # fmt: skip
        at = datetime.now(UTC)
        for name, words in PEOPLE.items():
            person = add_person(by=SYSTEM, at=at, sign_in_name=name, name=words, password=PASSWORD, language=language)
            if name == "manager":
                give_role(by=SYSTEM, at=at, person=person, role=Role.QUALITY_MANAGER)
        yield Organisation(live, language, opened, bool(request.config.getoption("--pictures")), [], {})
        for one in pages:
            one.__exit__(None, None, None)
    template.drop(databases)


def test_your_first_link_in_ten_minutes(here: Organisation) -> None:
    link = enter_the_link(here)
    agree(here, link)
    hand_over_and_accept(here, link)
    see_the_promise(here, link)
    page = Path(PICTURES.parent) / ("en" if here.language == "en" else here.language) / "first-link.md"
    shown = [line.rpartition("/")[2].partition(".png")[0] for line in page.read_text().splitlines() if ".png)" in line]
    assert shown == here.taken, "the page of the guide shows the pictures of this journey, in its order"
    assert all((PICTURES / here.language / f"{name}.png").is_file() for name in here.taken)


def enter_the_link(here: Organisation) -> str:
    """Two parties with a head each, and what the one hands to the other; returns the address of the link."""
    page = here.page("manager")
    party(here, LAUNDRY, "laundry")
    here.picture("party", page)
    supplier = page.url
    party(here, WARD, "ward")
    page.goto(supplier)
    page.get_by_role("link", name=here.said("Enter a link"), exact=True).click()
    page.locator("[name=customer]").select_option(label=WARD[here.language])
    fill_words(page, "output", LINEN)
    here.picture("link-form", page)
    submit(page)
    expect(page.get_by_role("heading", level=1)).to_have_text(LINEN[here.language])
    return page.url


def party(here: Organisation, name: Mapping[str, str], head: str) -> None:
    page = here.page("manager")
    page.goto(f"{here.live.url}/parties/add/")
    fill_words(page, "name", name)
    page.locator("[name=party_kind]").select_option("department")
    submit(page)
    expect(page.get_by_role("heading", level=1)).to_have_text(name[here.language])
    mine = page.url
    page.goto(f"{mine}appoint/")
    page.locator("[name=person]").fill(PEOPLE[head][here.language])
    page.locator("[name=capacity]").select_option("head")
    submit(page)
    page.goto(mine)


def agree(here: Organisation, link: str) -> None:
    """The laundry writes one promise and proposes it; both sides sign."""
    page = here.page("laundry")
    page.goto(link)
    page.get_by_role("button", name=here.said("Begin an agreement")).click()
    page.get_by_role("link", name=here.said("Add a promise")).click()
    fill_words(page, "characteristic", IN_TIME)
    page.locator("[name=measure]").select_option("time")
    page.locator("[name=target]").fill("4")
    page.locator("[name=unit]").select_option("h")
    page.locator("[name=attainment]").fill("95")
    page.locator("[name=source]").select_option("handoffs")
    here.picture("promise", page)
    submit(page)
    page.get_by_role("link", name=here.said("Propose"), exact=True).click()
    submit(page)
    agreement = page.url
    for name, party in (("laundry", LAUNDRY), ("ward", WARD)):
        page = here.page(name)
        page.goto(agreement)
        with override(here.language):
            button = gettext("Sign for %(party)s") % {"party": party[here.language]}
        page.get_by_role("link", name=button).first.click()
        page.locator("[name=sign_in_name]").fill(name)
        page.locator("main input[type=password]").fill(PASSWORD)
        if name == "laundry":
            here.picture("sign", page)
        page.locator("main form button[type=submit]").last.click()
        expect(page).to_have_url(agreement)
    here.picture("in-force", page)


def hand_over_and_accept(here: Organisation, link: str) -> None:
    """The ward asks for sheets, the laundry hands them over, the ward accepts."""
    page = here.page("ward")
    page.goto(link)
    page.get_by_role("link", name=here.said("Ask for something")).click()
    page.locator("[name=amount_1]").fill("40")
    page.locator("[name=name_1]").fill(SHEETS[here.language])
    page.locator("[name=unit_1]").fill(PIECES[here.language])
    page.locator("[name=reference]").fill("W3-1")
    here.picture("ask", page)
    submit(page)
    page = here.page("laundry")
    page.goto(f"{here.live.url}/handoffs/today/")
    here.picture("owed", page)
    page.get_by_role("link", name=here.said("Hand over")).first.click()
    submit(page)
    page = here.page("ward")
    page.goto(f"{here.live.url}/handoffs/today/")
    here.picture("accept", page)
    page.locator("#to-accept button[type=submit]").click()
    expect(page.get_by_role("heading", name=here.said("Nothing is open"))).to_be_visible()


def see_the_promise(here: Organisation, link: str) -> None:
    """The worker has counted; the promise stands beside what was reached."""
    assert work().failed == 0
    assert work(minutes=2).failed == 0
    page = here.page("ward")
    page.goto(link)
    row = page.get_by_role("row").filter(has_text=IN_TIME[here.language]).filter(has_text="100")
    expect(row).to_be_visible()
    row.scroll_into_view_if_needed()
    here.picture("reached", page)


def fill_words(page: Page, field: str, words: Mapping[str, str]) -> None:
    """Fill in a text in every language that the form asks for."""
    # How many boxes there are can be said of a page that has arrived.
    expect(page.locator(f"[name^={field}_]").first).to_be_visible()
    for language, text in words.items():
        box = page.locator(f"[name={field}_{language.replace('-', '_')}]")
        if box.count():
            box.fill(text)


def submit(page: Page) -> None:
    """Press the form's button, and wait for the page that answers."""
    before = page.url
    page.locator("main form.form button.btn-primary[type=submit]").last.click()
    expect(page).not_to_have_url(before)
