"""What the starters show on other pages."""

from __future__ import annotations

from typing import Any, cast

from django.conf import settings
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from baton.core.middleware import BatonRequest
from baton.core.registries import Panel, Subject
from baton.starters import policy, queries
from baton.starters.rules import PASSWORD


def _begin(request: HttpRequest, subject: Subject) -> dict[str, Any] | None:
    """The way to the first-run wizard, for who has begun it; who has not finds it on the empty first page."""
    actor = cast("BatonRequest", request).actor
    if not policy.may_start(actor) or queries.kept_answers(viewer=actor) is None:
        return None
    return {"begun": True}


def _sign_ins(request: HttpRequest, subject: Subject) -> dict[str, Any] | None:
    """Who may sign in to the demonstration; None in any other installation."""
    return {"password": PASSWORD, "people": queries.demo_people()} if settings.DEMO else None


SIGN_INS = Panel("entrance", _("Demonstration"), "starters/_sign_ins.html", _sign_ins)
BEGIN = Panel("home", _("Begin"), "starters/_begin.html", _begin, order=5)
