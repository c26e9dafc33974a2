"""What stands in an e-mail: the messages, each with the page that it leads to, in the reader's language and zone.

No link in it opens anything by itself: whoever follows one signs in first. So the link to the choices carries no token
either, and an e-mail that was passed on gives nothing away but what it says.
"""

from __future__ import annotations

from collections.abc import Sequence
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

from baton.core import formats
from baton.core.models import Mail, Notification
from baton.core.queries import notification_text

SUBJECT_LENGTH = 120


def message_id(mail: Mail) -> str:
    """The same in every repetition, so that a mailbox may know it again."""
    return f"<{mail.public_id}@{urlsplit(settings.BASE_URL).hostname}>"


def composed(mail: Mail, messages: Sequence[Notification]) -> EmailMultiAlternatives:
    """The e-mail with ``messages``, the oldest first, as text and as HTML."""
    person = mail.person
    with translation.override(person.language), timezone.override(person.time_zone):
        rows = [_row(message) for message in messages]
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


def _row(message: Notification) -> dict[str, Any]:
    return {
        "text": " ".join(notification_text(message).split()),  # no value of it begins a line of its own
        "moment": formats.moment(message.recorded_at),
        "url": settings.BASE_URL + message.address,
    }


def _subject(texts: Sequence[str]) -> str:
    if len(texts) == 1:
        return gettext("Baton: {message}").format(message=Truncator(texts[0]).chars(SUBJECT_LENGTH))
    return ngettext("Baton: {count} message", "Baton: {count} messages", len(texts)).format(count=len(texts))
