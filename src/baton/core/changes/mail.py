"""E-mail about what happens: what waits to be told, and how soon people want to be told."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from django.conf import settings

from baton.core import policy, registries
from baton.core.actors import Actor
from baton.core.audit.trail import change
from baton.core.errors import Forbidden, Refused
from baton.core.models import Mail, MailChoices, MailEntry, Notification, Person
from baton.core.rules import MailRhythm, mail_due
from baton_analysis.errors import gettext_noop


def queue_mail(message: Notification, at: datetime, *, now: bool = False) -> MailEntry | None:
    """Have ``message`` told by e-mail as soon as its reader wants it; ``now``: whatever he chose.

    Called in the transaction that saves the message. None where no e-mail can or should be sent.
    """
    person = message.person
    if not settings.SENDS_MAIL or not person.email or not person.is_active:
        return None
    chosen = MailChoices.objects.filter(person=person).first() or MailChoices(person=person)
    shipped = registries.topics.get(message.topic).rhythm
    rhythm = MailRhythm(chosen.rhythms.get(message.topic, shipped))
    if rhythm is MailRhythm.NEVER and not now:
        return None
    due_at = at if now else mail_due(
        rhythm, at, person.time_zone, quiet_from=chosen.quiet_from, quiet_until=chosen.quiet_until,
        daily_at=chosen.daily_at,
    )  # fmt: skip
    return MailEntry.objects.create(notification=message, person=person, due_at=due_at)


def choose_mail(
    *,
    by: Actor,
    at: datetime,
    rhythms: Mapping[str, str],
    quiet_from: int,
    quiet_until: int,
    daily_at: int,
    expected_seq: int | None = None,
) -> MailChoices:
    """Say how soon one wants to be told by e-mail of each kind of message (topic -> :class:`MailRhythm`), between which
    hours not, and at which hour once a day. It holds for what happens from now on."""
    policy.demand(policy.is_signed_in(by))
    if by.person is None:
        raise Forbidden
    _check(rhythms, (quiet_from, quiet_until, daily_at))
    with change(by=by, at=at) as trail:
        chosen = MailChoices.objects.filter(person=by.person).first()
        if chosen is not None:
            chosen = trail.lock(MailChoices, chosen, expected_seq=expected_seq)
        else:
            chosen = MailChoices(person=by.person)
        chosen.rhythms = {topic: str(MailRhythm(rhythm)) for topic, rhythm in sorted(rhythms.items())}
        chosen.quiet_from, chosen.quiet_until, chosen.daily_at = quiet_from, quiet_until, daily_at
        return trail.save(chosen, "mail_choices.made")


def forget_mail(*, by: Actor, at: datetime, person: Person) -> None:
    """What somebody who is forgotten wanted to be told, and what was told."""
    MailChoices.objects.filter(person=person).delete()
    Mail.objects.filter(person=person).delete()
    MailEntry.objects.filter(person=person).delete()


def _check(rhythms: Mapping[str, str], hours: tuple[int, ...]) -> None:
    if not set(rhythms) <= {topic for topic, _entry in registries.topics} or not set(rhythms.values()) <= set(
        MailRhythm
    ):
        raise Refused(
            expected=gettext_noop("Expected at once, daily or never for each kind of message."),
            remedy=gettext_noop("Load the page again and choose anew."),
        )
    if not all(0 <= hour <= 23 for hour in hours):
        raise Refused(
            expected=gettext_noop("Expected full hours from 0 to 23."),
            remedy=gettext_noop("Choose from the list."),
        )
