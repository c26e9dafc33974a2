"""Feedback comes by e-mail: handed over by a mail server, or fetched from a mailbox."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.conf import settings
from django.db.models import Q

from baton.chain import queries as chain
from baton.core.actors import Actor
from baton.core.audit.trail import change
from baton.core.errors import Refused
from baton.core.texts import clean_text
from baton.feedback.changes.inbox_arrivals import FeedbackTold, kept
from baton.feedback.models import FeedbackItem
from baton.feedback.rules.inbox import FeedbackChannel
from baton.feedback.rules.mail_reading import MOST_BYTES, MailRead, TooLarge, WhyIgnored, read_mail
from baton_analysis.errors import gettext_noop

FETCH_MAIL_JOB = "feedback.fetch_mail"
BY = Actor.system("feedback_mail")


def receive_mail(*, at: datetime, raw: bytes) -> FeedbackItem | WhyIgnored:
    """Keep what an e-mail says, once however often it is handed over, or say why it is none. Refused: one that is too
    large."""
    try:
        read = read_mail(raw, own=settings.DEFAULT_FROM_EMAIL)
    except TooLarge:
        raise Refused(
            expected=gettext_noop("Expected an e-mail of at most {most} MB."),
            found=gettext_noop("Found {size} MB."),
            remedy=gettext_noop("Send the words without the files."),
            most=MOST_BYTES // 1024**2,
            size=len(raw) // 1024**2,
        ) from None
    return read if isinstance(read, WhyIgnored) else _received(at, read)


def _received(at: datetime, read: MailRead) -> FeedbackItem | WhyIgnored:
    words = clean_text(read.words)
    if not words:
        return WhyIgnored.EMPTY
    with change(by=BY, at=at) as trail:
        before = FeedbackItem.objects.filter(message_digest=read.digest).first()
        if before is not None:
            return before
        told = FeedbackTold(
            words, name=clean_text(read.name), reach=clean_text(read.reach), **_about(at, read.codes)
        )  # fmt: skip
        extra = {"message_digest": read.digest, "left_out": [one.value for one in read.notes]}
        return kept(trail, told, FeedbackChannel.EMAIL, received_at=at, **extra)


def _about(at: datetime, codes: tuple[str, ...]) -> dict[str, Any]:
    """The party or link that one of the codes names by its number, code or id; nothing where none does."""
    for code in codes:
        named = Q(number__iexact=code) | Q(public_id=code)
        link = chain.links_in_sight(viewer=BY, at=at).filter(named).first()
        if link is not None:
            return {"link": link}
        live = chain.seen_parties(viewer=BY, at=at).filter(ended_on__isnull=True, person__isnull=True)
        found = list(live.filter(named | Q(code__iexact=code))[:2])
        if len(found) == 1:
            return {"party": found[0]}
    return {}
