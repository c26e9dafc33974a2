"""The mailbox for feedback: what is new in it is read, kept and marked as read."""

from __future__ import annotations

import imaplib
import logging
import re
import ssl
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import datetime
from pathlib import Path
from typing import Any

from django.conf import settings

from baton.core.errors import Refused
from baton.core.failures import class_and_place
from baton.feedback.changes.inbox_mail import receive_mail
from baton.feedback.models import FeedbackItem
from baton.feedback.rules.mail_reading import MOST_BYTES

log = logging.getLogger(__name__)
MOST_A_RUN = 50
SECONDS = 20
_SIZE = re.compile(rb"RFC822\.SIZE (\d+)")


def fetch_mail(*, at: datetime) -> int:
    """Keep what is new in the mailbox, at most :data:`MOST_A_RUN` messages; returns how many of them are feedback.

    A message counts as read once what it says is committed; stopped in between, it comes again and is kept once. Raises
    ConnectionError where the mailbox cannot be read.
    """
    try:
        with _mailbox() as box:
            _said(box.select(settings.INBOX_FOLDER))
            new = _said(box.uid("SEARCH", "UNSEEN"))[0] or b""
            return sum(_taken(box, uid.decode("ascii"), at) for uid in new.split()[:MOST_A_RUN])
    except (imaplib.IMAP4.error, OSError) as failed:
        # What it says may repeat the name or the password.
        log.warning("the mailbox for feedback cannot be read: %s", class_and_place(failed))
        raise ConnectionError("the mailbox for feedback cannot be read now") from None


@contextmanager
def _mailbox() -> Iterator[imaplib.IMAP4]:
    box = (
        imaplib.IMAP4_SSL(
            settings.INBOX_HOST, settings.INBOX_PORT, ssl_context=ssl.create_default_context(), timeout=SECONDS
        )
        if settings.INBOX_TLS
        else imaplib.IMAP4(settings.INBOX_HOST, settings.INBOX_PORT, timeout=SECONDS)
    )
    try:
        box.login(settings.INBOX_USER, _password())
        yield box
    finally:
        with suppress(imaplib.IMAP4.error, OSError):
            box.logout()


def _password() -> str:
    if settings.INBOX_PASSWORD_FILE:
        return Path(settings.INBOX_PASSWORD_FILE).read_text("utf-8").rstrip("\r\n")
    return str(settings.INBOX_PASSWORD)


def _taken(box: imaplib.IMAP4, uid: str, at: datetime) -> bool:
    """Whether the message is feedback; read it counts in any case."""
    sized = _SIZE.search(b" ".join(_parts(_said(box.uid("FETCH", uid, "(RFC822.SIZE)")))))
    is_kept = False
    if sized is None or int(sized[1]) <= MOST_BYTES:
        raw = next(iter(_bodies(_said(box.uid("FETCH", uid, "(BODY.PEEK[])")))), b"")
        try:
            is_kept = isinstance(receive_mail(at=at, raw=raw), FeedbackItem)
        except Refused as refused:
            log.warning("an e-mail was left in the mailbox for feedback: %s", class_and_place(refused))
    else:
        log.warning("an e-mail of %s bytes was left in the mailbox for feedback", int(sized[1]))
    _said(box.uid("STORE", uid, "+FLAGS", "(\\Seen)"))
    return is_kept


def _said(answer: tuple[str, list[Any]]) -> list[Any]:
    state, data = answer
    if state != "OK":
        raise imaplib.IMAP4.error(state)
    return data


def _parts(data: list[Any]) -> Iterator[bytes]:
    for one in data:
        yield from (part for part in (one if isinstance(one, tuple) else (one,)) if isinstance(part, bytes))


def _bodies(data: list[Any]) -> Iterator[bytes]:
    return (one[1] for one in data if isinstance(one, tuple) and isinstance(one[1], bytes))
