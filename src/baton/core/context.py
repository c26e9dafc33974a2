"""What every template may use."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from baton.core import queries
from baton.core.actors import NOBODY, Actor
from baton.core.error_pages import typed_mark


def page(request: HttpRequest) -> dict[str, Any]:
    """The acting person, the frame of the page, how many messages he has not read (one query, where shown), and the
    mark under which a device keeps what he taps."""
    actor: Actor = getattr(request, "actor", NOBODY)
    unread = SimpleLazyObject(lambda: queries.unread_notifications(viewer=actor))
    taps_of = SimpleLazyObject(lambda: typed_mark(actor.id) if actor.person is not None else "")
    return {
        "actor": actor, "demo": settings.DEMO, "unread": unread, "sends_mail": settings.SENDS_MAIL, "taps_of": taps_of,
    }  # fmt: skip
