"""Messages for one person."""

from __future__ import annotations

from datetime import datetime

from django.db.models import QuerySet
from django.utils.translation import gettext

from baton.core import policy, registries
from baton.core.actors import Actor
from baton.core.models import Notification
from baton.core.registries import Topic
from baton.core.texts import say


def notifications(*, viewer: Actor) -> QuerySet[Notification]:
    """Messages for the viewer himself, the newest first."""
    return Notification.objects.filter(person=viewer.person).order_by("-recorded_at", "-pk")


def notification_text(message: Notification) -> str:
    """The message in the reader's language; Texts among its values are said in it, too.

    A message of a kind that this version no longer knows says so: what it was about stands on the page it leads to.
    """
    if message.topic not in registries.topics:
        return gettext("A message of an earlier version, which is not known any more.")
    template: Topic = registries.topics.get(message.topic)
    values = {name: say(value) if isinstance(value, dict) else value for name, value in message.values.items()}
    return gettext(template.message).format(**values)


def unread_notifications(*, viewer: Actor) -> int:
    """How many messages the viewer has not opened."""
    if viewer.person is None:
        return 0
    return Notification.objects.filter(person=viewer.person, read_at__isnull=True).count()


def told_since(*, viewer: Actor, topic: str, address: str, since: datetime) -> set[int]:
    """Keys of those who were sent a message of ``topic`` that leads to ``address`` from a moment on; for Baton itself,
    which goes on telling where a crash ended it."""
    policy.demand(viewer.is_system)
    known = Notification.objects.filter(topic=topic, address=address, recorded_at__gte=since)
    return set(known.values_list("person_id", flat=True))
