"""What every template may use."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from baton.core import queries
from baton.core.actors import NOBODY, Actor


def page(request: HttpRequest) -> dict[str, Any]:
    """The acting person, the frame of the page, and how many messages he has not read (one query, where shown)."""
    actor: Actor = getattr(request, "actor", NOBODY)
    unread = SimpleLazyObject(lambda: queries.unread_notifications(viewer=actor))
    return {"actor": actor, "demo": settings.DEMO, "unread": unread, "sends_mail": settings.SENDS_MAIL}
