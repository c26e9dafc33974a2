"""What monitoring offers to other rooms' pages."""

from __future__ import annotations

from collections.abc import Hashable
from typing import Any, cast

from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from baton.core.middleware import BatonRequest
from baton.core.registries import Panel, Subject
from baton.monitoring import policy, queries
from baton.monitoring.pages import capability_panel, changed_panel, link_panel
from baton.monitoring.pages.signals import shown


def _context(request: HttpRequest, subject: Subject) -> dict[str, Any] | None:
    viewer = cast(BatonRequest, request).actor
    if not policy.may_see_subject(viewer, subject.kind, subject.public_id):
        return None
    return link_panel(viewer, subject, request.GET.get("rules", ""), ranges="ranges" in request.GET)


def _computed(request: HttpRequest, subject: Subject) -> Hashable:
    viewer = cast(BatonRequest, request).actor
    if not policy.may_see_subject(viewer, subject.kind, subject.public_id):
        return None
    return queries.results_of(viewer=viewer, subject=subject).state


def _capability(request: HttpRequest, subject: Subject) -> dict[str, Any] | None:
    viewer = cast(BatonRequest, request).actor
    if not policy.may_see_subject(viewer, subject.kind, subject.public_id):
        return None
    return capability_panel(viewer, subject)


def _my_signals(request: HttpRequest, subject: Subject) -> dict[str, Any] | None:
    asked = cast(BatonRequest, request)
    rows, count = queries.signals_to_look_at(viewer=asked.actor, at=asked.now)
    return {"signals": [shown(row) for row in rows], "more": count - len(rows)} if rows else None


def _changed(request: HttpRequest, subject: Subject) -> dict[str, Any] | None:
    asked = cast(BatonRequest, request)
    if not policy.may_see_subject(asked.actor, subject.kind, subject.public_id):
        return None
    return changed_panel(asked.actor, subject, asked.now)


def _signals(request: HttpRequest, subject: Subject) -> dict[str, Any] | None:
    asked = cast(BatonRequest, request)
    if not subject.measured_as or not policy.may_see_subject(asked.actor, subject.kind, subject.public_id):
        return None
    rows = queries.signals_of(viewer=asked.actor, at=asked.now, subject=subject)
    return {"signals": [shown(row) for row in rows]} if rows else None


SIGNALS = Panel("link", _("Signals"), "monitoring/_signals.html", _signals, order=21)
MY_SIGNALS = Panel("home", _("Signals that I am to look at"), "monitoring/_my_signals.html", _my_signals, order=15)
CHARTS = Panel(
    slot="link", title=_("How it goes"), template="monitoring/_panel.html", context=_context, order=20,
    reads=("monitoring", "chain", "core.Person", "core.RenamedWord"), state=_computed,
)  # fmt: skip
CAPABILITY = Panel(
    slot="link", title=_("Capability"), template="monitoring/_capability.html", context=_capability, order=22
)
CHANGED = Panel(slot="link", title=_("What changed"), template="monitoring/_changed.html", context=_changed, order=15)
