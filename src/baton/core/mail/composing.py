"""What stands in an e-mail: the messages, each with the page that it leads to, in the reader's language and zone.

No link in it opens anything by itself: whoever follows one signs in first. So the link to the choices carries no token
either, and an e-mail that was passed on gives nothing away but what it says.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from email.utils import format_datetime
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.text import Truncator
from django.utils.translation import gettext, ngettext

from baton.core import formats, policy, registries
from baton.core.actors import Actor
from baton.core.models import Mail, Notification
from baton.core.queries import notification_text, roles_of

SUBJECT_LENGTH = 120


def message_id(mail: Mail) -> str:
    """The same in every repetition, so that a mailbox may know it again."""
    return f"<{mail.public_id}@{urlsplit(settings.BASE_URL).hostname}>"


@dataclass(frozen=True, slots=True)
class Told:
    """A message that its reader may be told; ``named``: with the names that stand in it."""

    message: Notification
    named: bool


def still_told(messages: Iterable[Notification], at: datetime) -> Iterator[Told]:
    """Those of the ``messages`` of which their reader may read at ``at``. Whoever has lost sight of a record since it
    was written is told of it without names, where the kind of message has such words, or not at all."""
    for message in messages:
        reader = Actor(message.person, roles_of(message.person, at))
        named = all(policy.may_see_object(reader, kind, public_id) for kind, public_id in message.shows)
        if named or (message.topic in registries.topics and registries.topics.get(message.topic).nameless):
            yield Told(message, named)


def composed(mail: Mail, told: Sequence[Told]) -> EmailMultiAlternatives:
    """The e-mail with the messages ``told``, the oldest first, as text and as HTML."""
    person = mail.person
    with translation.override(person.language), timezone.override(person.time_zone):
        rows = [_row(one) for one in told]
        values = {
            "person": person, "rows": rows, "several": len(rows) > 1, "language": person.language,
            "notifications_url": settings.BASE_URL + reverse("core:notifications"),
            "choices_url": settings.BASE_URL + reverse("core:my_mail"),
        }  # fmt: skip
        subject = _subject([row["text"] for row in rows])
        text = render_to_string("core/mail/message.txt", values)
        html = render_to_string("core/mail/message.html", {**values, "subject": subject})
    headers = {
        "Message-ID": message_id(mail),
        "Date": format_datetime(mail.made_at),
        "Auto-Submitted": "auto-generated",
        "List-Unsubscribe": f"<{values['choices_url']}>",
    }
    made = EmailMultiAlternatives(subject, text, None, [str(person.email)], headers=headers)
    made.attach_alternative(html, "text/html")
    return made


def _row(told: Told) -> dict[str, Any]:
    message = told.message
    nameless = "" if told.named else registries.topics.get(message.topic).nameless
    text = gettext(nameless).format(**message.values) if nameless else notification_text(message)
    return {
        "text": " ".join(text.split()),  # no value of it begins a line of its own
        "moment": formats.moment(message.recorded_at),
        "url": settings.BASE_URL + message.address,
    }


def _subject(texts: Sequence[str]) -> str:
    if len(texts) == 1:
        return gettext("Baton: {message}").format(message=Truncator(texts[0]).chars(SUBJECT_LENGTH))
    return ngettext("Baton: {count} message", "Baton: {count} messages", len(texts)).format(count=len(texts))
