"""What the starters show on other pages."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from baton.core.registries import Panel, Subject
from baton.starters.rules import PASSWORD, PEOPLE


def _sign_ins(request: HttpRequest, subject: Subject) -> dict[str, Any] | None:
    """Who may sign in to the demonstration; None in any other installation."""
    return {"password": PASSWORD, "people": PEOPLE} if settings.DEMO else None


SIGN_INS = Panel("entrance", _("Demonstration"), "starters/_sign_ins.html", _sign_ins)
