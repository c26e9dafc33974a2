"""Messages to people."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from baton.core import registries
from baton.core.actors import Actor
from baton.core.audit.trail import change
from baton.core.models import Notification, Person


def notify(
    *, by: Actor, at: datetime, person: Person, topic: str, address: str, values: Mapping[str, Any] | None = None
) -> Notification:
    """Tell ``person`` something, with the page ``address`` (a path) that it leads to.

    ``topic`` names the registered message, ``values`` fill its placeholders: text, numbers or Texts, which are shown in
    the reader's language. Called inside the change that it tells of, it stands or falls with it.
    """
    registries.topics.get(topic)
    if not address.startswith("/") or address.startswith("//"):
        raise ValueError(f"{address!r} is not a path of this installation")
    with change(by=by, at=at) as trail:
        return trail.save(
            Notification(person=person, topic=topic, values=dict(values or {}), address=address), "notification.sent"
        )


def read_notifications(*, by: Actor, at: datetime, public_ids: Iterable[str] | None = None) -> int:
    """Mark messages of the actor's own as read, all of them unless some are named. Returns how many were unread."""
    unread = Notification.objects.filter(person=by.person, read_at__isnull=True)
    if public_ids is not None:
        unread = unread.filter(public_id__in=list(public_ids))
    with change(by=by, at=at) as trail:
        opened = [trail.lock(Notification, message) for message in unread]
        for message in opened:
            message.read_at = at
            trail.save(message, "notification.read")
    return len(opened)
