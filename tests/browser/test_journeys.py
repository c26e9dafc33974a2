"""People on their way through the product, from the sign-in form to what they came for, in a real browser."""

from __future__ import annotations

import re
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from playwright.sync_api import Browser, FilePayload, Page, expect

from tests import world as hospital
from tests.browser.steps import PASSWORD, give_password, linen, sign_in, sign_in_to_the_chain, work
from tests.browsers import DESKTOP, Reported, open_page
from tests.servers import LiveBaton
from tests.world import World

pytestmark = pytest.mark.browser

NEW_PASSWORD = "four quiet lanterns"
SECONDS_A_CODE = 30


@pytest.fixture(scope="module")
def world(live_baton: LiveBaton) -> World:
    """The hospital on a server of this module, with people who can sign in."""
    built = hospital.build()
    for key in ("lin_mei", "chen_jie", "sun_lei", "sun_yan", "wang_fang", "zhao_lei", "he_jun"):
        give_password(getattr(built, key))
    return built


def bring(page: Page, live: LiveBaton, file: FilePayload | Path) -> None:
    """Bring a file on the page Discovery; ends on the choice of columns."""
    page.goto(f"{live.url}/discovery/")
    page.get_by_label("Event log", exact=True).set_input_files(files=file)
    page.get_by_role("button", name="Import it").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("What do the columns mean?")


def test_a_quality_manager_goes_from_an_event_log_to_control_charts(
    page: Page, live_baton: LiveBaton, world: World
) -> None:
    sign_in_to_the_chain(page, live_baton.url, "lin.mei")
    page.get_by_role("navigation", name="Main", exact=True).get_by_role("link", name="Discovery").click()
    bring(page, live_baton, linen("Sewing room"))

    expect(page.get_by_role("region", name="The first rows")).to_contain_text("Sewing room")
    expect(page.get_by_label("Case")).to_have_value("bundle")
    page.get_by_label("Party", exact=True).select_option("place")
    page.get_by_label("Time optional").select_option("when")
    page.get_by_label("The parties are").select_option("department")
    page.get_by_role("button", name="Show who hands work to whom").click()
    expect(page.get_by_role("progressbar", name="Waiting for the worker")).to_be_visible()
    assert work().failed == 0

    pairs = page.get_by_role("region", name="Who hands work to whom").locator("tbody tr")
    expect(pairs).to_have_count(3)  # without a click: the page asks how far the worker has come
    expect(pairs.nth(0)).to_contain_text(re.compile("Laundry.*Ward 3.*840"))
    page.get_by_role("link", name="Supplier").click()
    expect(pairs.nth(2)).to_contain_text("Ward 3")
    page.get_by_role("textbox", name="Search", exact=True).fill("sewing")
    page.get_by_role("button", name="Filter").click()
    expect(pairs).to_have_count(1)

    page.get_by_role("link", name="Map", exact=True).last.click()
    expect(page.locator("#mined-map[data-ready]")).to_have_count(1)
    page.get_by_role("link", name="Against the agreed chain").click()
    compared = page.get_by_role("region", name="Mined against agreed").locator("tbody tr")
    expect(compared.filter(has_text="Undeclared")).to_contain_text("Sewing room")
    expect(compared.filter(has_text="As agreed").filter(has_text="840")).to_contain_text(world.laundry_ward.number)

    page.get_by_role("link", name="Pairs", exact=True).click()
    page.get_by_role("checkbox", name="Sewing room to Laundry").check()
    page.get_by_role("button", name="Make the ticked pairs links").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Make 1 pair a link")
    page.get_by_label("What is handed over (English)").fill("Mended linen")
    page.get_by_role("button", name="Make links").click()
    expect(page.locator("main")).to_contain_text("1 link was made. 1 new party.")
    page.get_by_role("button", name="Accept: let it count").click()
    expect(page.locator("main")).to_contain_text("Accepted.")
    assert work(minutes=1).failed == 0

    pairs.filter(has_text="Sewing room").get_by_role("link").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Mended linen")
    expect(page.locator("[data-control-chart][data-ready] canvas")).to_have_count(2)
    page.get_by_text("Show as a table").first.click()
    expect(page.get_by_role("rowheader", name="2025-W10", exact=True).first).to_be_visible()


def test_a_published_log_of_65_533_events_gives_its_published_pairs(
    page: Page, live_baton: LiveBaton, world: World, shared_data: Path
) -> None:
    sign_in_to_the_chain(page, live_baton.url, "lin.mei")
    bring(page, live_baton, shared_data / "eventlogs" / "bpi2013_incidents.xes.gz")
    page.get_by_label("Party", exact=True).select_option("org:group")
    page.get_by_label("Time optional").select_option("time:timestamp")
    page.get_by_role("button", name="Show who hands work to whom").click()
    assert work().failed == 0
    pairs = page.get_by_role("region", name="Who hands work to whom").locator("tbody tr")
    expect(pairs.nth(0)).to_contain_text(re.compile("G96.*G97.*255"))
    expect(pairs.nth(1)).to_contain_text(re.compile("D5.*D4.*123"))
    expect(page.locator(".stat", has_text="Handovers")).to_contain_text("9,454")
    expect(page.locator(".stat", has_text="Pairs")).to_contain_text("2,463")


def test_a_nurse_finds_her_customers_on_a_phone_in_her_language_in_the_dark(
    phone: Page, live_baton: LiveBaton, world: World
) -> None:
    sign_in_to_the_chain(phone, live_baton.url, "chen.jie")
    main = phone.locator("main")
    for word in ("My customers", "Patient", "My suppliers", "Laundry", "Pharmacy", "Laboratory"):
        expect(main).to_contain_text(word)
    main.get_by_role("link", name="Clean linen", exact=True).tap()
    expect(phone.get_by_role("heading", level=1)).to_have_text("Clean linen")
    phone.locator("summary", has=phone.get_by_role("img", name="Language")).tap()
    phone.get_by_role("button", name="简体中文").tap()
    expect(phone.locator("html")).to_have_attribute("lang", re.compile("zh-hans", re.IGNORECASE))
    expect(phone.get_by_role("heading", level=1)).to_have_text("洁净布草")
    light = phone.evaluate("getComputedStyle(document.body).backgroundColor")
    phone.locator("summary:has(.icon-sun)").tap()
    phone.locator("[data-theme-choice=dark]").tap()
    expect(phone.locator("html")).to_have_attribute("data-bs-theme", "dark")
    phone.goto(live_baton.url)
    expect(phone.locator("main")).to_contain_text("洗衣房")
    assert phone.evaluate("getComputedStyle(document.body).backgroundColor") != light
    assert phone.evaluate("document.documentElement.scrollWidth") == 390


def test_an_administrator_lets_somebody_in_with_a_one_time_code(
    page: Page, browser: Browser, browser_errors: Reported, live_baton: LiveBaton, world: World
) -> None:
    sign_in_to_the_chain(page, live_baton.url, "sun.yan")
    page.goto(f"{live_baton.url}/people/")
    page.get_by_role("link", name="Add a person").click()
    page.get_by_label("Sign-in name").fill("E-204")
    page.get_by_label("Name (English)").fill("Deng Hui")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Deng Hui")
    page.get_by_label("Role", exact=True).select_option("auditor")
    page.get_by_role("button", name="Give the role").click()
    expect(page.get_by_role("cell", name="Auditor")).to_be_visible()
    page.get_by_role("link", name="Hand over a one-time code").click()
    page.get_by_role("button", name="Make a one-time code").click()
    code = page.locator(".one-time-code").inner_text()

    with open_page(browser, DESKTOP, browser_errors) as newcomer:
        newcomer.goto(f"{live_baton.url}/accounts/login/")
        newcomer.get_by_role("link", name="Password forgotten?").click()
        newcomer.get_by_role("link", name="I have a code").click()
        newcomer.get_by_label("Staff number, phone or e-mail").fill("E-204")
        newcomer.get_by_label("Code").fill(code)
        newcomer.get_by_label("New password", exact=True).fill(NEW_PASSWORD)
        newcomer.get_by_label("New password again").fill(NEW_PASSWORD)
        newcomer.get_by_role("button", name="Set the password").click()
        expect(newcomer.locator("main")).to_contain_text("Your new password is set.")
        sign_in_to_the_chain(newcomer, live_baton.url, "E-204", NEW_PASSWORD)
        newcomer.goto(f"{live_baton.url}/audit/")
        expect(newcomer.get_by_role("heading", level=1)).to_have_text("Audit trail")


def test_a_second_factor_is_set_up_and_asked_for(page: Page, live_baton: LiveBaton, world: World) -> None:
    sign_in_to_the_chain(page, live_baton.url, "he.jun")
    page.goto(f"{live_baton.url}/me/")
    page.get_by_role("link", name="Set up or switch off").click()
    page.get_by_role("link", name="Set up", exact=True).click()
    page.get_by_label("Password").fill(PASSWORD)  # what concerns the account's safety asks once more
    page.get_by_role("button", name="Confirm").click()
    secret = page.locator("main code").inner_text()
    page.get_by_label("Code from the app").fill(shown_by_app(secret))
    page.get_by_role("button", name="Switch on").click()
    expect(page.locator("main")).to_contain_text("Recovery codes")
    page.locator("summary.person").click()
    page.get_by_role("button", name="Sign out").click()
    expect(page.get_by_role("button", name="Sign in")).to_be_visible()

    sign_in(page, live_baton.url, "he.jun")
    expect(page.get_by_role("heading", level=1)).to_have_text("Second factor")
    page.goto(f"{live_baton.url}/links/")
    expect(page.get_by_role("heading", level=1)).to_have_text("Second factor")  # the password alone opens nothing
    page.get_by_label("Code").fill(shown_by_app(secret, SECONDS_A_CODE))  # the code of the set-up is spent
    page.get_by_role("button", name="Sign in").click()
    expect(page).to_have_url(f"{live_baton.url}/")


def shown_by_app(secret: str, later: int = 0) -> str:
    """Six digits as the authenticator app shows them ``later`` seconds from now."""
    return str(format_hotp_value(hotp_value(secret, int(time.time() + later) // SECONDS_A_CODE)))


def test_of_two_who_edit_a_link_the_second_sees_both_versions_and_decides(
    page: Page, browser: Browser, browser_errors: Reported, live_baton: LiveBaton, world: World
) -> None:
    address = f"{live_baton.url}/links/{world.ward_laundry.public_id}/"
    sign_in_to_the_chain(page, live_baton.url, "wang.fang")
    page.goto(f"{address}change/")
    with open_page(browser, DESKTOP, browser_errors) as faster:
        sign_in_to_the_chain(faster, live_baton.url, "zhao.lei")
        faster.goto(f"{address}change/")
        faster.get_by_label("Output (English)").fill("Used linen in bags")
        faster.get_by_role("button", name="Save").click()
        expect(faster.get_by_role("heading", level=1)).to_have_text("Used linen in bags")
    page.get_by_label("Output (English)").fill("Used linen by colour")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_label("Output (English)")).to_have_value("Used linen by colour")
    expect(page.locator("main")).to_contain_text("Used linen in bags")
    browser_errors.provoked(409)
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Used linen by colour")
    expect(page.locator("main")).to_contain_text("Used linen in bags")  # in the history


def test_a_file_that_is_no_event_log_is_refused_beside_its_field(
    page: Page, live_baton: LiveBaton, world: World, browser_errors: Reported
) -> None:
    sign_in_to_the_chain(page, live_baton.url, "lin.mei")
    page.goto(f"{live_baton.url}/discovery/")
    before = page.locator("tbody tr").count()
    broken = b"<log><trace><event><string key='org:group' value='Ward 3'/></event></tra"
    page.get_by_label("Event log", exact=True).set_input_files(
        files={"name": "broken.xes", "mimeType": "text/xml", "buffer": broken}
    )
    page.get_by_role("button", name="Import it").click()
    expect(page.locator("#file_error, #id_file_error, .field .error").first).to_be_visible()
    expect(page.get_by_role("alert")).to_contain_text("Nothing was saved")
    assert page.locator("tbody tr").count() == before
    browser_errors.provoked(422)


def test_a_form_that_has_aged_keeps_what_was_typed(
    page: Page, live_baton: LiveBaton, world: World, browser_errors: Reported
) -> None:
    sign_in_to_the_chain(page, live_baton.url, "wang.fang")
    page.goto(f"{live_baton.url}/links/add/?supplier={world.ward.public_id}")
    page.get_by_label("Customer").select_option(label="Pharmacy")
    page.get_by_label("Output (English)").fill("Empty boxes")
    page.evaluate("document.querySelector('main [name=csrfmiddlewaretoken]').value = 'x'.repeat(64)")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("This form is out of date")
    expect(page.get_by_text("Empty boxes")).to_be_visible()
    browser_errors.provoked(403)
    page.get_by_role("button", name="Send again").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Empty boxes")


def test_a_form_sent_after_its_session_ended_is_sent_again_after_signing_in(
    page: Page, live_baton: LiveBaton, world: World, browser_errors: Reported
) -> None:
    """In a second tab, as the page says; the first fetches the new token by itself when he comes back to it."""
    sign_in_to_the_chain(page, live_baton.url, "wang.fang")
    page.goto(f"{live_baton.url}/links/add/?supplier={world.ward.public_id}")
    page.get_by_label("Customer").select_option(label="Laboratory")
    page.get_by_label("Output (English)").fill("Blood cultures")
    page.context.clear_cookies(name="baton")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("You were signed out")
    expect(page.get_by_text("Blood cultures")).to_be_visible()
    browser_errors.provoked(403)
    old = page.locator("main [name=csrfmiddlewaretoken]").input_value()
    with page.context.expect_page() as opened:
        page.get_by_role("link", name="Sign in in a new tab").click()
    second = opened.value
    second.get_by_label("Staff number, phone or e-mail").fill("wang.fang")
    second.get_by_label("Password", exact=True).fill(PASSWORD)
    second.get_by_role("button", name="Sign in").click()
    expect(second).to_have_url(f"{live_baton.url}/")
    second.close()
    page.bring_to_front()
    with page.expect_response("**/token/") as fetched:
        page.evaluate("window.dispatchEvent(new Event('focus'))")
    assert fetched.value.ok
    expect(page.locator("main [name=csrfmiddlewaretoken]")).not_to_have_value(old)
    page.get_by_role("button", name="Send again").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Blood cultures")


def test_the_page_of_a_link_prints_without_what_only_a_screen_needs(
    page: Page, live_baton: LiveBaton, world: World
) -> None:
    sign_in_to_the_chain(page, live_baton.url, "lin.mei")
    page.goto(f"{live_baton.url}/links/{world.laundry_ward.public_id}/")
    page.emulate_media(media="print")
    # The browser fetches a sheet for paper last, and does not hold the page back for it. Which rules a chart applies
    # is told on paper, too.
    for seen_on_screen in ("nav:not(.tabs)", "main form button", ".skip-link"):
        expect(page.locator(seen_on_screen).filter(visible=True), seen_on_screen).to_have_count(0)
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    page.emulate_media(media="print", color_scheme="dark")
    paper = page.evaluate("getComputedStyle(document.body).backgroundColor")
    assert paper in ("rgb(255, 255, 255)", "rgba(0, 0, 0, 0)")


def test_pages_that_one_may_not_see_say_so_and_lead_home(
    page: Page, live_baton: LiveBaton, world: World, browser_errors: Reported
) -> None:
    sign_in_to_the_chain(page, live_baton.url, "sun.lei")
    for path, title in (
        ("/audit/", "You may not do this"),
        (f"/links/{world.linenco_stores.public_id}/", "There is no such page"),
    ):
        page.goto(live_baton.url + path)
        expect(page.get_by_role("heading", level=1)).to_have_text(title)
        page.get_by_role("link", name="To the home page").click()
        expect(page).to_have_url(f"{live_baton.url}/")
    browser_errors.provoked(403, 404)


@pytest.fixture
def plain(browser: Browser, browser_errors: Reported) -> Iterator[Page]:
    """A browser without scripts."""
    with open_page(browser, DESKTOP, browser_errors, java_script_enabled=False) as opened:
        yield opened


def test_without_scripts_a_log_is_brought_and_a_pair_made_a_link(
    plain: Page, live_baton: LiveBaton, world: World
) -> None:
    sign_in_to_the_chain(plain, live_baton.url, "lin.mei")
    bring(plain, live_baton, linen("Tailor"))
    plain.get_by_label("Party", exact=True).select_option("place")
    plain.get_by_label("The parties are").select_option("team")
    plain.get_by_role("button", name="Show who hands work to whom").click()
    assert work().failed == 0
    plain.get_by_role("link", name="Look again").click()
    pairs = plain.get_by_role("region", name="Who hands work to whom").locator("tbody tr")
    pairs.filter(has_text="Tailor").get_by_role("button", name="Make it a link").click()
    expect(plain.locator("main")).to_contain_text("1 link was made. 1 new party.")
    pairs.filter(has_text="Tailor").get_by_role("link").click()
    expect(plain.get_by_role("heading", level=1)).to_have_text("Work handed over")
