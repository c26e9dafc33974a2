"""Every page of the product in both themes and at both widths: WCAG 2.2 AA, no sideways scrolling, no browser error.

Light goes with the desk and dark with the phone: what a page shows depends on its width, how it contrasts on its theme.
Every other page takes the other pair. Of each pair one half is held against the contrast of texts and the other against
the size of what is touched, by far the slowest criteria. ``--exhaustive`` opens each page in both pairs and holds it
against everything.

Pages are found by their routes, so that a new page is looked at from its first day. What is no page of its own, or
cannot be opened without something that a test of its own has, stands in ``NOT_PAGES``.
"""

from __future__ import annotations

import re
import time
from collections import defaultdict
from dataclasses import dataclass
from typing import Any

import pytest
from allauth.account.internal.flows import login
from django.conf import settings
from django.test import Client
from playwright.sync_api import Browser, expect

from tests import world as hospital
from tests.architecture.test_every_route_has_a_policy import all_routes, routes
from tests.browser import axe
from tests.browser.records import Filling, fillings
from tests.browser.steps import give_password
from tests.browsers import DESKTOP, PHONE, Reported, open_page
from tests.exhaustive import exhaustive
from tests.servers import LiveBaton
from tests.world import World

pytestmark = pytest.mark.browser

IN_TURN = ("target-size", "color-contrast")
"""Criteria of which a page is held against one in the whole run."""

NOT_PAGES = {
    # answers to buttons only
    "account_logout", "set_language", "chain:end_membership", "chain:event_log_accept", "chain:event_log_links",
    "chain:withdraw_gap_answer", "chain:answer_proposal", "chain:show_contact",
    "core:show_contacts", "core:withdraw_key", "core:resume_batch", "core:enter_import", "core:resume_import",
    "core:switch_folder",
    "core:link_identity", "core:unlink_identity",
    "core:give_role", "core:end_role", "core:switch_account", "core:remove_second_factor", "core:open_audit_values",
    "core:send_test_mail",
    "core:open_notification", "core:act_on_webhook", "core:act_on_delivery", "core:renew_webhook_secret",
    "core:default_view", "core:withdraw_view", "core:propose_list_action", "core:stop_list_action",
    "core:read_notifications", "core:withdraw_token", "core:follow", "core:remove_attachment",
    "monitoring:refresh", "monitoring:see_signal", "monitoring:withdraw_rule",
    "agreements:begin", "agreements:withdraw_asking", "agreements:restore_clause", "agreements:move_clause",
    "agreements:close_house", "agreements:leave_out_house_need", "agreements:leave_out_house_characteristic",
    "agreements:remind_of_offer", "agreements:drop_step", "agreements:move_step", "agreements:as_offered",
    "agreements:promise_characteristic", "core:make_default_calendar", "core:end_calendar", "core:save_calendar_days",
    "core:take_out_calendar_days", "core:make_feed", "core:withdraw_feed",
    "agreements:say", "agreements:consent_to_the_rest", "agreements:withdraw_opinion",
    "agreements:set_workshop_stage", "agreements:invite_to_workshop", "agreements:renew_workshop",
    "agreements:close_workshop", "agreements:sort_workshop", "agreements:rename_cluster", "agreements:dissolve_cluster",
    "agreements:see_promise", "agreements:take_off_meeting", "agreements:renew_agenda", "agreements:move_agenda_item",
    "agreements:set_agenda_item_fate", "agreements:begin_plan", "agreements:set_plan_goal_aside",
    "agreements:withdraw_from_confirming",
    "surveys:show_code", "surveys:pass_comment", "surveys:leave_out", "surveys:remind", "surveys:answer_plan",
    "surveys:publish_wave",
    "surveys:move_section", "surveys:move_question", "surveys:drop_question",
    "workshop:join", "workshop:write", "workshop:take_back", "workshop:sort", "workshop:vote",
    # leads on to the agreement
    "agreements:marked",
    "handoffs:agree_to_practice",
    "core:remove_own_proofs", "core:remove_proofs", "handoffs:withdraw_tablet",
    "handoffs:end_code", "handoffs:agree_to_silence", "handoffs:end_predecessor", "handoffs:answer_order",
    "handoffs:end_path", "handoffs:call", "handoffs:call_step", "handoffs:end_point",
    "handoffs:answer_terms",
    # files
    "surveys:export_findings", "surveys:export_results", "surveys:export_sheets", "surveys:export_expectations",
    "surveys:questionnaire_file", "surveys:export_path_results",
    "surveys:export_employee_needs", "confidants:end", "confidants:delete",
    "complaints:export_complaints", "complaints:form",
    "surveys:export_plans",
    "surveys:export_grade_round", "inbox:export", "inbox:poster",
    "handoffs:export_handoffs", "handoffs:export_parts", "handoffs:export_department", "handoffs:export_comparison",
    "handoffs:export_path", "handoffs:export_statement", "surveys:export_questionnaires",
    "agreements:export_coverage", "agreements:export_owed", "agreements:export_leader_promises",
    "agreements:export_training", "agreements:export_plan", "agreements:export_decisions",
    "agreements:export_workshop", "agreements:export_offers", "agreements:export_answers",
    "agreements:export_agreements", "agreements:export_certificates", "agreements:export_house", "agreements:pdf",
    "agreements:export_clauses", "agreements:export_opinions", "agreements:offer_pdf",
    "agreements:marked_offer", "core:calendar_file",
    "core:take_dates", "core:calendar_feed",
    "chain:export_parties", "chain:export_links", "chain:export_gaps", "chain:export_matrix", "chain:export_outputs",
    "chain:export_needs", "monitoring:export_signals",
    "chain:export_projects", "chain:event_log_export", "core:take_data",
    "mfa_download_recovery_codes", "chain:export_accounts", "core:import_template", "core:import_report",
    "core:take_table", "core:take_everything", "core:attachment",
    # parts of pages
    "handoffs:board_columns", "handoffs:department_in_short", "handoffs:calls_now", "handoffs:point_now",
    "agreements:promises_panel", "agreements:workshop_desk", "agreements:workshop_projected", "workshop:wall",
    "chain:event_log_reading", "monitoring:panel", "monitoring:preview_phase", "core:component_progress",
    "core:batch_progress",
    "core:import_progress", "core:search_suggestions", "core:mention_suggestions",
    "core:people_suggestions", "core:list_action_progress",
    # for machines
    "sheet:script", "core:health", "core:token",
    # leads on to the step at which the draft stands; to the place of the comment
    "starters:start", "core:comment",
    # over to a provider and back; the journey with the organisation's account goes there
    "openid_connect_login", "openid_connect_callback",
    # only after the password was given; the journey of the second factor goes there
    "mfa_authenticate",
    # only on a registered tablet; the journey of the shared tablet goes there
    "tablet:today", "tablet:step", "tablet:board", "tablet:call", "tablet:call_step", "tablet:tally",
    # only where browsers make passkeys; the journey of the passkey goes there
    "mfa_add_webauthn", "mfa_remove_webauthn", "mfa_reauthenticate_webauthn",
}  # fmt: skip


@dataclass(frozen=True)
class Seen:
    """A page and the browser session of somebody who may open it; no cookies for a stranger."""

    name: str
    path: str
    cookies: tuple[tuple[str, str], ...]


@pytest.fixture(scope="module")
def pages(live_baton: LiveBaton) -> list[Seen]:
    """Every page with somebody who may open it."""
    world = hospital.build()
    known = fillings(world)
    _with_second_factor(world)
    give_password(world.lin_mei)
    give_password(world.he_jun)
    people = [
        _confirmed(world.client(one))
        for one in (world.lin_mei, world.sun_yan, world.wu_tao, world.he_jun, world.zhao_lei, world.ma_chao)
    ]
    found = [seen for address in _addresses(world, known) if (seen := _seen(*address, [*people, world.client()]))]
    missing = {name for name, _path, _route in routes(all_routes())} - {seen.name for seen in found}
    missing = {name for name in missing if not name.startswith("api:")}
    assert missing - NOT_PAGES == set(), "nobody opens these"
    assert NOT_PAGES - missing == set(), "these are pages"
    return found


def _with_second_factor(world: World) -> None:
    from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
    from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret

    TOTP.activate(world.he_jun, generate_totp_secret())
    RecoveryCodes.activate(world.he_jun)


def _confirmed(client: Client) -> Client:
    """Somebody who has just typed his password once more, as pages about his account demand."""
    session = client.session
    session[login.AUTHENTICATION_METHODS_SESSION_KEY] = [
        {"method": "password", "at": time.time(), "reauthenticated": True}
    ]
    session[login._AUTHENTICATION_METHODS_USER_SESSION_KEY] = session["_auth_user_id"]
    session.save()
    return client


def _addresses(world: World, known: list[Filling]) -> list[tuple[str, str]]:
    """(name, path) of every route, once for each record that fills it, and of pages with something asked for."""
    agreement = next(one.values[0]["public_id"] for one in known if one.route == "agreements/")
    offer = next(one.values[0]["public_id"] for one in known if one.route == "agreements/offers/")
    found = [
        ("agreements:compare_offer", f"/agreements/offers/{offer}/compare/?before=1&after=1"),
        ("agreements:compare", f"/agreements/{agreement}/compare/?before=1&after=1"),
        ("core:search", "/search/?q=linen"),
        ("core:save_view", "/views/save/?list=chain.links&query=state%3Dall"),
        ("chain:path", f"/path/?start={world.linenco.public_id}&end={world.patient.public_id}"),
    ]
    for name, route, _pattern in routes(all_routes()):
        if name.startswith("api:"):  # for programs
            continue
        path = re.sub(r"\^|\(.*\$", "", route) + ("MQ-x/" if "uidb36" in route else "")
        filling = max((one for one in known if route.startswith(one.route)), key=lambda one: len(one.route))
        for values in filling.values:
            found.append((name, "/" + re.sub(r"<\w+:(\w+)>", lambda part: values.get(part[1], "x"), path)))  # noqa: B023
    return list(dict.fromkeys(found))


def _seen(name: str, path: str, clients: list[Client]) -> Seen | None:
    """The page, if the first who gets an answer other than a refusal gets one; None where nobody does.

    What is a file, a part of a page or an answer to a button (405) for one is no page for anybody.
    """
    for client in clients:
        answer: Any = client.get(path)
        if answer.status_code == 405 or (answer.status_code == 200 and not _is_page(answer)):
            return None
        if answer.status_code == 200:
            cookie = client.cookies.get(settings.SESSION_COOKIE_NAME)
            return Seen(name, path, ((settings.SESSION_COOKIE_NAME, cookie.value),) if cookie else ())
    return None


def _is_page(answer: Any) -> bool:
    return not answer.streaming and b"<html" in answer.content


@pytest.mark.parametrize(("theme", "size"), [("light", DESKTOP), ("dark", PHONE)], ids=["light-desk", "dark-phone"])
def test_no_page_breaks_a_criterion_scrolls_sideways_or_fails_in_the_browser(
    browser: Browser,
    browser_errors: Reported,
    live_baton: LiveBaton,
    pages: list[Seen],
    theme: str,
    size: dict[str, int],
) -> None:
    broken: list[str] = []
    frames: dict[tuple[str, ...], set[str]] = defaultdict(set)
    left_out: dict[Seen, tuple[str, ...]] = {}
    if not exhaustive():
        pages = pages[::2] if theme == "light" else pages[1::2]
        left_out = {seen: (IN_TURN[place % 2],) for place, seen in enumerate(pages)}
    for cookies in dict.fromkeys(seen.cookies for seen in pages):
        with open_page(browser, size, browser_errors, color_scheme=theme) as page:
            page.context.add_cookies([{"name": name, "value": value, "url": live_baton.url} for name, value in cookies])
            axe.at_hand(page)
            for seen in pages:
                if seen.cookies != cookies:
                    continue
                page.goto(live_baton.url + seen.path)
                expect(page.locator("html")).to_have_attribute("data-bs-theme", theme)
                width = page.evaluate("document.documentElement.scrollWidth")
                said = [f"{width} pixels wide"] if width > size["width"] else []
                typed = page.evaluate("document.querySelector('input[type=search][name=q]')?.value ?? ''")
                if typed and seen.name != "core:search":
                    said.append(f"{typed!r} stands in the search, where nobody searched")
                left = left_out.get(seen, ())
                said += axe.violations(page, frames[left], left)
                broken += [f"{seen.path} at {size['width']}: {line}" for line in said]
    assert not broken, "\n".join(broken)


@pytest.mark.parametrize(
    ("path", "status"), [("/no-such-page/", 404), ("/people/new/", 403), ("/monitoring/refresh/", 405)]
)
@pytest.mark.parametrize("theme", ["light", "dark"])
def test_refusals_are_readable_too(
    browser: Browser,
    browser_errors: Reported,
    live_baton: LiveBaton,
    pages: list[Seen],
    path: str,
    status: int,
    theme: str,
) -> None:
    manager = next(seen for seen in pages if seen.name == "chain:event_logs")
    with open_page(browser, PHONE, browser_errors, color_scheme=theme) as page:
        page.context.add_cookies([{"name": n, "value": v, "url": live_baton.url} for n, v in manager.cookies])
        answer = page.goto(live_baton.url + path)
        assert answer is not None
        assert answer.status == status
        assert axe.violations(page) == []
        assert page.evaluate("document.documentElement.scrollWidth") == PHONE["width"]
    browser_errors.provoked(status)
