"""Messages to people."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.urls import reverse

from baton.core import registries
from baton.core.actors import Actor
from baton.core.audit.trail import change
from baton.core.changes.mail import queue_mail
from baton.core.errors import Forbidden, Refused
from baton.core.models import MailEntry, Notification, Person
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


Told = tuple[Mapping[str, Any], str, Sequence[tuple[str, str]]]
"""Values, address and records of a message, as :func:`notify` takes them."""


def notify_once_a_day(
    *, by: Actor, at: datetime, person: Person, topic: str, told: Callable[[datetime | None], Told | None]
) -> Notification | None:
    """Tell ``person`` in one message a day at most of what happened since the last one.

    ``told(since)`` says what happened after ``since`` (None: there was no message yet), None where there is nothing.
    As long as today's message (by his time zone) was neither opened nor put into an e-mail, it takes up what comes
    later; afterwards that waits until tomorrow. Returns the message that is new or renewed.
    """
    last = Notification.objects.filter(person=person, topic=topic).order_by("-recorded_at", "-pk").first()
    today = last is not None and _same_day(last.recorded_at, at, person.time_zone)
    if last is not None and today and (last.read_at is not None or MailEntry.objects.filter(
        notification=last, mail__isnull=False).exists()):  # fmt: skip
        return None
    kept = last.values["since" if today else "until"] if last is not None else None
    found = told(datetime.fromisoformat(kept) if kept else None)
    if found is None:
        return None
    values, address, shows = found
    values = {**values, "since": kept, "until": at.isoformat()}
    if last is None or not today:
        return notify(by=by, at=at, person=person, topic=topic, address=address, values=values, shows=shows)
    if values | {"until": ""} == last.values | {"until": ""}:
        return None
    with change(by=by, at=at) as trail:
        fresh = trail.lock(Notification, last)
        fresh.values, fresh.address, fresh.shows = values, address, [list(record) for record in shows]
        return trail.save(fresh, "notification.renewed")


def _same_day(one: datetime, other: datetime, zone: str) -> bool:
    here = ZoneInfo(zone)
    return one.astimezone(here).date() == other.astimezone(here).date()


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
