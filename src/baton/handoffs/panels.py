"""Panels that the handoffs offer to pages."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from baton.agreements.rules import Measure
from baton.chain import queries as chain
from baton.chain.policy import standing_of
from baton.core.days import day_of
from baton.core.policy import may_use
from baton.core.registries import Panel
from baton.handoffs import policy, queries
from baton.handoffs.pages.departments import address_of
from baton.handoffs.pages.handoffs import list_rows
from baton.handoffs.pages.promises import promises_panel
from baton.handoffs.pages.settlement import account_panel, handoff_panel, link_panel
from baton.handoffs.pages.whole import whole_panel
from baton.handoffs.queries import measured
from baton.handoffs.queries.departments import deals_with_others
from baton.handoffs.rules import Side
from baton.monitoring.pages import capability_of_values
from baton.monitoring.queries import capability_of

if TYPE_CHECKING:
    from django.http import HttpRequest

    from baton.core.middleware import BatonRequest
    from baton.core.registries import Subject


def of_link(request: HttpRequest, subject: Subject) -> dict[str, Any] | None:
    """The last handoffs of a link, and how to enter one; nothing for guests."""
    asked = cast("BatonRequest", request)
    viewer, at = asked.actor, asked.now
    if not may_use(viewer):
        return None
    link = chain.link(viewer=viewer, at=at, public_id=subject.public_id)
    sides = policy.acts_for(standing_of(viewer, day_of(at)), link) if link.ended_on is None else frozenset()
    rows = list_rows(queries.recent_of_link(viewer=viewer, at=at, link=link.pk), at)
    return {
        "rows": rows, "link": link.public_id, "asks": Side.CUSTOMER in sides, "hands_over": Side.SUPPLIER in sides,
    }  # fmt: skip


def at_home(request: HttpRequest, subject: Subject) -> dict[str, Any] | None:
    """How much the reader's parties owe and have to accept; nothing where nothing is open."""
    asked = cast("BatonRequest", request)
    counted = queries.open_counts(viewer=asked.actor, at=asked.now)
    if not counted.owed and not counted.to_accept:
        return None
    return {"owed": counted.owed, "to_accept": counted.to_accept, "late": counted.late}


def promises(request: HttpRequest, subject: Subject) -> dict[str, Any] | None:
    """The clauses in force on a link beside what was reached; nothing for guests."""
    asked = cast("BatonRequest", request)
    return promises_panel(asked.actor, asked.now, subject.public_id)


def whole(request: HttpRequest, subject: Subject) -> dict[str, Any] | None:
    """Perfect handoffs, early warnings, what came back and what it cost; nothing for guests or without handoffs."""
    asked = cast("BatonRequest", request)
    return whole_panel(asked.actor, asked.now, subject.public_id)


def capability(request: HttpRequest, subject: Subject) -> dict[str, Any] | None:
    """How well the measured values of a clause stay within its limits; nothing where none were measured."""
    asked = cast("BatonRequest", request)
    clause = measured.clause_of(viewer=asked.actor, at=asked.now, key=subject.measured_as)
    if clause is None or clause.measure != Measure.VALUE:
        return None
    stored = capability_of(viewer=asked.actor, subject=subject).stored
    return {"found": capability_of_values(stored, clause.unit) if stored is not None else None}


def settlement_of_link(request: HttpRequest, subject: Subject) -> dict[str, Any] | None:
    """Points on a link, where its sides have agreed to count them."""
    asked = cast("BatonRequest", request)
    return link_panel(asked.actor, asked.now, subject.public_id)


def points_of_handoff(request: HttpRequest, subject: Subject) -> dict[str, Any] | None:
    """What a handoff earned, where it earned anything."""
    asked = cast("BatonRequest", request)
    return handoff_panel(asked.actor, asked.now, subject.public_id)


def account_of_party(request: HttpRequest, subject: Subject) -> dict[str, Any] | None:
    """The balance of a party, where it has an account."""
    asked = cast("BatonRequest", request)
    return account_panel(asked.actor, asked.now, subject.public_id)


CAPABILITY = Panel(measured.KIND, _("Capability"), "handoffs/_capability.html", capability, order=22)


def of_party(request: HttpRequest, subject: Subject) -> dict[str, Any] | None:
    """How what a party owes and gets goes, in short: fetched when the page is there. Nothing for guests, and where no
    link in sight leads to another party or from it."""
    asked = cast("BatonRequest", request)
    party = subject.public_id
    if not may_use(asked.actor) or not deals_with_others(viewer=asked.actor, at=asked.now, party=party):
        return None
    return {"short": reverse("handoffs:department_in_short", args=[party]), "address": address_of(party)}


def of_way(request: HttpRequest, subject: Subject) -> dict[str, Any] | None:
    """Where a way to the outside customer can be measured; nothing for guests."""
    return {"start": subject.public_id} if may_use(cast("BatonRequest", request).actor) else None


OF_WAY = Panel("way", _("How long it takes"), "handoffs/_way.html", of_way, order=30)
OF_PARTY = Panel("party", _("Kept promises"), "handoffs/_department_panel.html", of_party, order=14)
SETTLEMENT_OF_LINK = Panel(
    "link", _("Points for handoffs"), "handoffs/settlement/_link.html", settlement_of_link, order=28
)
POINTS_OF_HANDOFF = Panel(
    "handoff", _("Points of this handoff"), "handoffs/settlement/_handoff.html", points_of_handoff, order=30
)
ACCOUNT_OF_PARTY = Panel(
    "party", _("Account of points"), "handoffs/settlement/_account.html", account_of_party, order=50
)
WHOLE = Panel("link", _("How good the handoffs are"), "handoffs/_whole.html", whole, order=13)
PROMISES = Panel("link", _("Promise against performance"), "handoffs/_promises.html", promises, order=8)
OF_LINK = Panel("link", _("Recent handoffs"), "handoffs/_panel.html", of_link, order=12)
AT_HOME = Panel("home", _("Handoffs that wait"), "handoffs/_home.html", at_home, order=8)
