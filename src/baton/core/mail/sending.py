"""Messages that are due are put together, one e-mail a person, and sent until the mail server takes them.

At least once: which messages stand in an e-mail is written down before it is sent, and that it was sent afterwards. A
worker that dies in between leaves it claimed; the next one sends the same e-mail, with the same Message-ID, once more.
"""

from __future__ import annotations

import logging
import smtplib
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import datetime, timedelta
from enum import StrEnum

from django.core.mail import get_connection
from django.core.mail.backends.base import BaseEmailBackend
from django.db import transaction
from django.db.models import Q

from baton.core.actors import Actor
from baton.core.changes.notifications import notify
from baton.core.failures import class_and_place
from baton.core.mail.composing import Told, composed, still_told
from baton.core.models import Mail, MailEntry, Notification, Person
from baton.core.queries import people
from baton.core.rules import MailState, Role, gap_after

log = logging.getLogger(__name__)

FAILED_TOPIC = "core.mail_failed"
MOST_A_RUN = 200
# One e-mail at a time: longer than a mail server may take for one.
CLAIM = timedelta(minutes=2)
# What comes in quick succession is told together.
PAUSE = timedelta(minutes=10)
GIVEN_UP_AFTER = timedelta(days=3)
KEPT = timedelta(days=30)


class MailFailure(StrEnum):
    """Why an e-mail was not sent.

    CONNECT    the mail server cannot be reached, or the connection to it cannot be encrypted
    SIGN_IN    the mail server refuses name and password of the installation
    RECIPIENT  the mail server knows no such address, or takes nothing for it
    REFUSED    the mail server refuses the sender or the e-mail
    OTHER      it could not be put together or handed over; the log of the worker says why
    """

    CONNECT = "connect"
    SIGN_IN = "sign_in"
    RECIPIENT = "recipient"
    REFUSED = "refused"
    OTHER = "other"


def deliver(*, by: Actor, at: datetime) -> int:
    """Put together what is due at ``at`` and send it. Returns how many e-mails were sent."""
    bundle(at=at)
    sent = 0
    waiting = Mail.objects.filter(_free(at), state=MailState.WAITING).select_related("person")
    due = list(waiting.order_by("made_at", "pk")[:MOST_A_RUN])
    if due:
        with _connection() as connection:
            for mail in due:
                failure = _send(by=by, at=at, mail=mail, connection=connection)
                if failure in {MailFailure.CONNECT, MailFailure.SIGN_IN}:
                    break  # the others would fare no better
                sent += failure is None
    old = Mail.objects.filter(made_at__lt=at - KEPT).exclude(state=MailState.WAITING)
    if old.exists():  # a look costs no write lock
        old.delete()
    return sent


def bundle(*, at: datetime) -> int:
    """Make one e-mail a person of the messages that are due. Returns how many were made.

    Left out are messages that their reader has opened meanwhile, and readers who have no address any more or whose
    account is off.
    """
    waiting = MailEntry.objects.filter(mail__isnull=True, due_at__lte=at)
    served = Mail.objects.filter(Q(made_at__gt=at - PAUSE) | Q(state=MailState.WAITING)).values("person")
    readers = list(waiting.exclude(person__in=served).values_list("person", flat=True).distinct()[:MOST_A_RUN])
    return sum(_bundle_for(reader, at) for reader in readers)


def _bundle_for(reader: int, at: datetime) -> bool:
    with transaction.atomic():
        person = Person.objects.select_for_update().filter(pk=reader).first()
        entries = MailEntry.objects.select_related("notification").filter(
            person=reader, mail__isnull=True, due_at__lte=at
        )
        told = [
            entry.pk
            for entry in entries
            if entry.notification.read_at is None and person is not None and person.email and person.is_active
        ]
        entries.exclude(pk__in=told).delete()
        if told and person is not None:
            mail = Mail.objects.create(person=person, made_at=at)
            MailEntry.objects.filter(pk__in=told).update(mail=mail)
    return bool(told)


def _send(*, by: Actor, at: datetime, mail: Mail, connection: BaseEmailBackend) -> MailFailure | None:
    """Send one e-mail, unless another worker does or nobody is there to read it. None where nothing went wrong."""
    free = Mail.objects.filter(_free(at), pk=mail.pk, state=MailState.WAITING)
    if not free.update(claimed_until=at + CLAIM, attempts=mail.attempts + 1, sent_at=at):
        return None
    mail.attempts += 1
    told = Notification.objects.filter(pk__in=mail.entries.values("notification")).order_by("recorded_at", "pk")
    messages = list(still_told(told.select_related("person"), at))
    mail.entries.exclude(notification__in=[one.message for one in messages]).delete()
    if not messages or not mail.person.email or not mail.person.is_active:
        mail.delete()
        return None
    failure, status = _hand_over(mail, messages, connection)
    if failure is None:
        Mail.objects.filter(pk=mail.pk).update(
            state=MailState.SENT, claimed_until=None, next_at=None, failure="", status=0
        )
    else:
        _failed(by=by, at=at, mail=mail, failure=failure, status=status)
    return failure


def _hand_over(mail: Mail, messages: list[Told], connection: BaseEmailBackend) -> tuple[MailFailure | None, int]:
    """Why the mail server did not take it, and the code of its refusal."""
    try:
        connection.open()
    except smtplib.SMTPAuthenticationError as refused:
        return MailFailure.SIGN_IN, refused.smtp_code
    except (OSError, smtplib.SMTPException) as away:
        log.warning("the mail server cannot be reached: %s", class_and_place(away))
        return MailFailure.CONNECT, 0
    try:
        connection.send_messages([composed(mail, messages)])
    except smtplib.SMTPRecipientsRefused as refused:
        return MailFailure.RECIPIENT, max((code for code, _said in refused.recipients.values()), default=0)
    except (smtplib.SMTPServerDisconnected, TimeoutError, ConnectionError) as away:
        _close(connection)
        log.warning("the mail server went away: %s", class_and_place(away))
        return MailFailure.CONNECT, 0
    except smtplib.SMTPResponseException as refused:
        return MailFailure.REFUSED, refused.smtp_code
    except Exception as error:  # one e-mail that cannot be sent does not hold up the others
        log.warning("an e-mail could not be handed over: %s", class_and_place(error))
        return MailFailure.OTHER, 0
    return None, 0


def _failed(*, by: Actor, at: datetime, mail: Mail, failure: MailFailure, status: int) -> None:
    """Try again later, or give it up and tell the administrators, in the product."""
    for_good = 500 <= status < 600 and failure in {MailFailure.RECIPIENT, MailFailure.REFUSED}
    given_up = for_good or at - mail.made_at >= GIVEN_UP_AFTER
    Mail.objects.filter(pk=mail.pk).update(
        state=MailState.FAILED if given_up else MailState.WAITING, claimed_until=None,
        next_at=at + gap_after(mail.attempts), failure=failure, status=status,
    )  # fmt: skip
    if not given_up:
        return
    for administrator in people(viewer=by, at=at, role=Role.ADMINISTRATOR, active=True):
        told = Notification.objects.filter(person=administrator, topic=FAILED_TOPIC, read_at__isnull=True)
        if not told.exists():
            notify(by=by, at=at, person=administrator, topic=FAILED_TOPIC, address="/mail/")


def _free(at: datetime) -> Q:
    due = Q(next_at__isnull=True) | Q(next_at__lte=at)
    return due & (Q(claimed_until__isnull=True) | Q(claimed_until__lte=at))


@contextmanager
def _connection() -> Iterator[BaseEmailBackend]:
    """One connection to the mail server for a run; opened with its first e-mail."""
    connection = get_connection()
    try:
        yield connection
    finally:
        _close(connection)


def _close(connection: BaseEmailBackend) -> None:
    with suppress(OSError, smtplib.SMTPException):
        connection.close()
