"""What monitoring offers to other rooms' pages."""

from __future__ import annotations

from typing import Any, cast

from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from baton.core.middleware import BatonRequest
from baton.core.registries import Panel, Subject
from baton.monitoring import policy
from baton.monitoring.pages import link_panel


def _context(request: HttpRequest, subject: Subject) -> dict[str, Any] | None:
    viewer = cast(BatonRequest, request).actor
    if not policy.may_see_subject(viewer, subject.kind, subject.public_id):
        return None
    return link_panel(viewer, subject, request.GET.get("rules", ""), ranges="ranges" in request.GET)


CHARTS = Panel(slot="link", title=_("How it goes"), template="monitoring/_panel.html", context=_context, order=20)
