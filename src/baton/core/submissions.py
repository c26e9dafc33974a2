"""Carrying out a form or request once, however often it arrives."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any, TypeVar

from django.apps import apps
from django.db import IntegrityError, transaction
from django.utils.crypto import salted_hmac

from baton.core.actors import Actor
from baton.core.errors import Refused, SentBefore
from baton.core.models import Record, Submission
from baton_analysis.errors import gettext_noop

R = TypeVar("R", bound=Record)

# A page that was left open for longer than this is sent as a new form: nobody repeats a lost answer after a month.
KEPT = timedelta(days=30)


def once(*, by: Actor, at: datetime, key: str, sent: Mapping[str, object], write: Callable[[], R]) -> R:
    """Run ``write`` and return its record; a repetition with the same ``key`` returns that record and writes nothing.

    The key is stored in the transaction of the write: either both stand or neither. Raises :class:`Refused` when the
    key comes back with something else in the form (``sent``), which is a forged or a mixed-up form. Without a key the
    write is simply run.
    """
    if not key:
        return write()
    digest = digest_of(sent)
    try:
        with transaction.atomic():
            earlier = _earlier(by, key, digest)
            if earlier is not None:
                return earlier  # type: ignore[return-value]
            record = write()
            Submission.objects.create(
                key=key, actor=by.id, digest=digest, made=f"{record._meta.label} {record.public_id}", at=at
            )
            return record
    except (IntegrityError, Refused):
        # Two submits ran side by side and the other one was first (PostgreSQL: its write let this one wait, and then
        # looked like somebody else's): its record is the answer. Any other refusal is not ours to explain.
        made = _earlier(by, key, digest)
        if made is None:
            raise
        return made  # type: ignore[return-value]


def digest_of(sent: Mapping[str, object]) -> str:
    """What was sent, as it is kept: HMAC-SHA-256 under the installation's secret key, so that nobody who sees the table
    can try out names and phone numbers until one fits."""
    text = json.dumps(sent, sort_keys=True, default=str)
    return salted_hmac("baton.core.submissions", text, algorithm="sha256").hexdigest()


def forget_finished(*, by: Actor, at: datetime, progress: Any = None) -> int:
    """Remove the keys of forms that were carried out more than :data:`KEPT` ago. Returns how many."""
    return Submission.objects.filter(at__lt=at - KEPT).delete()[0]


def _earlier(by: Actor, key: str, digest: str) -> Record | None:
    found = Submission.objects.filter(actor=by.id, key=key).first()
    if found is None:
        return None
    if found.digest != digest:
        raise SentBefore(
            expected=gettext_noop("A form is sent once."),
            found=gettext_noop("This one was already sent with other contents."),
            remedy=gettext_noop("Open the page again and enter what is missing there."),
        )
    label, _space, public_id = found.made.partition(" ")
    model = apps.get_model(label)
    record: Record | None = model._default_manager.filter(public_id=public_id).first()
    return record
