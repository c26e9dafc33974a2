"""Messages to people."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.urls import reverse

from baton.core import registries
from baton.core.actors import Actor
from baton.core.audit.trail import change
from baton.core.changes.mail import queue_mail
from baton.core.errors import Forbidden, Refused
from baton.core.models import Notification, Person
from baton_analysis.errors import gettext_noop

TEST_TOPIC = "core.mail_test"
TEST_PAUSE = timedelta(minutes=5)


def notify(
    *,
    by: Actor,
    at: datetime,
    person: Person,
    topic: str,
    address: str,
    values: Mapping[str, Any] | None = None,
    shows: Iterable[tuple[str, str]] = (),
) -> Notification:
    """Tell ``person`` something, with the page ``address`` (a path) that it leads to.

    ``topic`` names the registered message, ``values`` fill its placeholders: text, numbers or Texts, which are shown in
    the reader's language. ``shows`` are the records (kind, public id) of which it tells: who may not see one of them
    any more when the e-mail goes, does not read of it there. Called inside the change that it tells of, it stands or
    falls with it, and so does the row that has it told by e-mail, too, as soon as the person wants it.
    """
    registries.topics.get(topic)
    if not address.startswith("/") or address.startswith("//"):
        raise ValueError(f"{address!r} is not a path of this installation")
    with change(by=by, at=at) as trail:
        named = [list(record) for record in shows]
        message = Notification(person=person, topic=topic, values=dict(values or {}), shows=named, address=address)
        trail.save(message, "notification.sent")
        queue_mail(message, at)
        return message


def send_test_mail(*, by: Actor, at: datetime) -> Notification:
    """Have the actor told, now and by e-mail, that e-mail reaches him. Refused while the last test waits."""
    person = by.person
    if person is None:
        raise Forbidden
    if not settings.SENDS_MAIL or not person.email:
        raise Refused(
            expected=gettext_noop("Expected an installation that sends e-mail, and an address of yours."),
            found=gettext_noop("One of them is missing."),
            remedy=gettext_noop("Enter your address in your profile, or ask an administrator."),
        )
    with change(by=by, at=at) as trail:
        if Notification.objects.filter(person=person, topic=TEST_TOPIC, recorded_at__gt=at - TEST_PAUSE).exists():
            raise Refused(
                expected=gettext_noop("Expected at most one test in {minutes} minutes."),
                remedy=gettext_noop("Wait for the one that is on its way."),
                minutes=TEST_PAUSE // timedelta(minutes=1),
            )
        message = Notification(person=person, topic=TEST_TOPIC, address=reverse("core:my_mail"))
        trail.save(message, "notification.sent")
        queue_mail(message, at, now=True)
        return message


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
