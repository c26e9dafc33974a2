"""Every page of the product in both themes and at both widths: WCAG 2.2 AA, no sideways scrolling, no browser error.

Pages are found by their routes, so that a new page is looked at from its first day. What is no page of its own, or
cannot be opened without something that a test of its own has, stands in ``NOT_PAGES``.
"""

from __future__ import annotations

import re
import time
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import pytest
from allauth.account.internal.flows import login
from django.conf import settings
from django.test import Client
from playwright.sync_api import Browser, expect

from tests import world as hospital
from tests.architecture.test_every_route_has_a_policy import all_routes, routes
from tests.browser import axe
from tests.browser.steps import give_password, linen, work
from tests.browsers import DESKTOP, PHONE, open_page
from tests.servers import LiveBaton
from tests.world import World

pytestmark = pytest.mark.browser

NOT_PAGES = {
    # answers to buttons only
    "account_logout", "set_language", "chain:end_membership", "chain:event_log_accept", "chain:event_log_links",
    "chain:withdraw_gap_answer",
    "core:give_role", "core:end_role", "core:switch_account", "core:remove_second_factor", "core:open_audit_values",
    "core:open_notification", "core:act_on_webhook", "core:act_on_delivery", "core:renew_webhook_secret",
    "core:read_notifications", "core:withdraw_token", "monitoring:refresh",
    # files
    "chain:export_parties", "chain:export_links", "chain:export_gaps", "chain:export_matrix", "chain:export_outputs",
    "chain:export_needs",
    "chain:export_projects", "chain:event_log_export", "core:take_data",
    "mfa_download_recovery_codes",
    # parts of pages
    "chain:event_log_reading", "monitoring:panel", "core:component_progress",
    # for machines
    "core:health",
    # only after the password was given; the journey of the second factor goes there
    "mfa_authenticate",
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
    logs = _logs(world)
    _webhook(world)
    _with_second_factor(world)
    give_password(world.lin_mei)
    give_password(world.he_jun)
    people = [_confirmed(world.client(one)) for one in (world.lin_mei, world.sun_yan, world.wu_tao, world.he_jun)]
    found = [seen for address in _addresses(world, logs) if (seen := _seen(*address, [*people, world.client()]))]
    missing = {name for name, _path, _route in routes(all_routes())} - {seen.name for seen in found}
    missing = {name for name in missing if not name.startswith("api:")}  # for programs
    assert sorted(missing ^ NOT_PAGES) == []
    return found


def _logs(world: World) -> list[str]:
    """An accepted log with charts, one whose columns are to be chosen, and one that waits for the worker."""
    from baton.chain.changes import event_logs as changes
    from baton_analysis.facts.events import EventMapping

    by, made = world.actor(world.lin_mei), []
    for source in ("Sewing room", "Tailor", "Weaver"):
        file = linen(source)
        log = changes.bring_event_log(by=by, at=datetime.now(UTC), file_name=file["name"], chunks=[file["buffer"]])
        made.append(log.public_id)
        if source != "Tailor":
            mapping = EventMapping(case="bundle", party="place", time="when", activity="step")
            changes.choose_columns(by=by, at=datetime.now(UTC), log=log, mapping=mapping, zone="UTC")
        if source == "Sewing room":
            work()
            log.refresh_from_db()
            changes.accept_event_log(by=by, at=datetime.now(UTC), log=log)
            work(minutes=1)
    return made


def _webhook(world: World) -> None:
    """One with a delivery in its log."""
    from baton.core.webhooks.changes import add_webhook, send_test

    by, at = world.actor(world.sun_yan), datetime.now(UTC)
    address = "https://receiver.example.org/baton"
    webhook, _secret = add_webhook(by=by, at=at, name="Maintenance", address=address, events=["party.renamed"])
    send_test(by=by, at=at, webhook=webhook)


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


def _addresses(world: World, logs: list[str]) -> list[tuple[str, str]]:
    """(name, path) of every route, filled with records that exist; pages of a log once for each state of a log."""
    from baton.core.models import AuditEntry, Webhook

    entry = AuditEntry.objects.filter(action="event_log.accepted").get()
    link = world.laundry_ward.public_id
    of_kind = {"people": world.chen_jie.public_id, "parties": world.ward.public_id, **_outputs_and_more(world)}
    found = []
    for name, route, _pattern in routes(all_routes()):
        path = route.replace("<int:seq>", str(entry.seq)).replace("<slug:kind>", "link")
        path = re.sub(r"\^|\(.*\$", "", path) + ("MQ-x/" if "uidb36" in path else "")
        if path.startswith("webhooks/"):
            path = path.replace("<slug:public_id>", Webhook.objects.get().public_id)
        for public_id in logs if path.startswith("discovery/") else [""]:
            known = public_id or of_kind.get(path.split("/")[0], link)
            path = path.replace(
                "<slug:detector>/<str:key>", f"output_without_owner/{world.laundry_ward.output.public_id}"
            )
            found.append((name, "/" + re.sub(r"<(slug|str):public_id>", known, path)))
    return list(dict.fromkeys(found))


def _outputs_and_more(world: World) -> dict[str, str]:
    """An output with a responsibility, a need that a link names, a project beyond its planned end; by first step of the
    path."""
    from baton.chain import changes

    output, at = world.pharmacy_ward.output, hospital.NOON
    held = changes.give_responsibility(
        by=hospital.SYSTEM, at=at, output=output, party=world.pharmacy, responsible="accountable"
    )  # fmt: skip
    changes.revise_output(by=hospital.SYSTEM, at=at, output=output, label="B", note="In unit doses")
    need = changes.add_need(by=hospital.SYSTEM, at=at, holder=world.patient, words={"en": "A clean bed tonight"})
    changes.change_link(
        by=hospital.SYSTEM, at=at, link=world.ward_patient, output=world.ward_patient.output, output_kind="service",
        need=need,
    )  # fmt: skip
    project = changes.add_project(
        by=hospital.SYSTEM, at=at, name={"en": "New dryers"}, owner=world.laundry, ends_on=at.date()
    )
    return {
        "outputs": output.public_id, "responsibilities": held.public_id, "needs": need.public_id,
        "projects": project.public_id,
    }  # fmt: skip


def _seen(name: str, path: str, clients: list[Client]) -> Seen | None:
    """The page, if the first who gets an answer other than a refusal gets one; None where nobody does."""
    for client in clients:
        answer: Any = client.get(path)
        if answer.status_code == 200 and not answer.streaming and b"<html" in answer.content:
            cookie = client.cookies.get(settings.SESSION_COOKIE_NAME)
            return Seen(name, path, ((settings.SESSION_COOKIE_NAME, cookie.value),) if cookie else ())
    return None


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_no_page_breaks_a_criterion_scrolls_sideways_or_fails_in_the_browser(
    browser: Browser, browser_errors: list[str], live_baton: LiveBaton, pages: list[Seen], theme: str
) -> None:
    broken = []
    for cookies in dict.fromkeys(seen.cookies for seen in pages):
        with open_page(browser, DESKTOP, browser_errors, color_scheme=theme) as page:
            page.context.add_cookies([{"name": name, "value": value, "url": live_baton.url} for name, value in cookies])
            for seen in pages:
                if seen.cookies != cookies:
                    continue
                page.set_viewport_size(DESKTOP)  # type: ignore[arg-type]
                page.goto(live_baton.url + seen.path)
                expect(page.locator("html")).to_have_attribute("data-bs-theme", theme)
                for size in (DESKTOP, PHONE):
                    page.set_viewport_size(size)  # type: ignore[arg-type]
                    width = page.evaluate("document.documentElement.scrollWidth")
                    said = [f"{width} pixels wide"] if width > size["width"] else []
                    broken += [f"{seen.path} at {size['width']}: {line}" for line in said + axe.violations(page)]
    assert not broken, "\n".join(broken)


@pytest.mark.parametrize(
    ("path", "status"), [("/no-such-page/", 404), ("/people/new/", 403), ("/monitoring/refresh/", 405)]
)
@pytest.mark.parametrize("theme", ["light", "dark"])
def test_refusals_are_readable_too(
    browser: Browser,
    browser_errors: list[str],
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
    browser_errors[:] = [said for said in browser_errors if str(status) not in said]
