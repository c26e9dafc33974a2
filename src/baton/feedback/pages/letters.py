"""The letter with the way to a sheet, and codes as pictures. What stands here with a token is never kept: neither in a
table nor in a log nor in a cache."""

from __future__ import annotations

from datetime import datetime

import segno
from django.conf import settings
from django.core.mail import EmailMessage
from django.template.loader import render_to_string
from django.utils import timezone, translation
from django.utils.safestring import SafeString, mark_safe
from django.utils.text import Truncator
from django.utils.translation import gettext

from baton.core import formats
from baton.core.actors import Actor
from baton.core.mail.composing import SUBJECT_LENGTH
from baton.core.texts import say
from baton.feedback import queries
from baton.feedback.changes import Letter
from baton.feedback.changes.keys import keys_of
from baton.feedback.models import Wave
from baton.feedback.rules.sealing import CannotOpen, opened_under
from baton.feedback.rules.tokens import spelled


def door_of(wave: Wave, language: str = "") -> str:
    """Where a sheet of the wave is asked for, without a session; the language stands in the address."""
    other = f"{language}/" if language and language != settings.LANGUAGE_CODE else ""
    return f"{settings.BASE_URL}/s/{wave.public_id}/{other}"


def way_of(wave: Wave, token: str, language: str = "") -> str:
    """The address that opens one sheet. The token stands behind ``#``, which no browser sends to a server."""
    return f"{door_of(wave, language)}#{token}"


def letter_to(letter: Letter, wave: Wave, at: datetime) -> EmailMessage:
    """The letter, in the language and zone of whom it is for."""
    person = letter.person
    with translation.override(person.language), timezone.override(person.time_zone):
        title = say(wave.title)
        values = {
            "person": person, "wave": wave, "title": title, "until": formats.moment(wave.closes_at),
            "way": way_of(wave, letter.token, person.language), "code": spelled(letter.token),
            "door": door_of(wave, person.language),
        }  # fmt: skip
        subject = Truncator(gettext("Survey: {title}").format(title=" ".join(title.split()))).chars(SUBJECT_LENGTH)
        body = render_to_string("feedback/mail/letter.txt", values)
    return EmailMessage(subject, body, None, [str(person.email)], headers={"Auto-Submitted": "auto-generated"})


def picture_of(address: str) -> SafeString:
    """The QR code of a way, as a picture in the page; made anew each time, because it holds a token."""
    return mark_safe(segno.make(address, error="m", micro=False).svg_inline(scale=4, border=4, light="white"))


def token_for(*, viewer: Actor, wave: Wave) -> str | None:
    """The token in the viewer's own envelope; None where there is none. Whether it still opens a sheet it does not
    say."""
    found, keys = queries.envelope_of(viewer=viewer, wave=wave), keys_of(wave)
    if found is None or keys is None:
        return None
    try:
        token: str = opened_under(bytes(found.seal), keys.envelopes)
    except CannotOpen:
        return None
    return token
