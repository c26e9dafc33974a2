"""What every change of the feedback checks first."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from hashlib import sha256
from typing import TYPE_CHECKING

from baton.core import given
from baton.core.days import day_of
from baton.core.errors import Refused, TooLong
from baton.core.texts import Texts, clean_text
from baton.feedback.models.questionnaires import REASON_LENGTH
from baton.feedback.rules import Fault
from baton.feedback.rules.findings import FARTHEST
from baton_analysis.errors import gettext_noop

if TYPE_CHECKING:
    from baton.core.models import Person

TITLE_LENGTH = 200
INTRO_LENGTH = 2_000


def texts_given(raw: Mapping[str, str], field: str, *, most: int = TITLE_LENGTH, optional: bool = False) -> Texts:
    """The texts, cleaned and of a length that a title may have (:func:`baton.core.given.texts_given`)."""
    return given.texts_given(raw, field, most=most, optional=optional)


def promise_given(owner: Person | None, promised_for: date | None, at: datetime) -> tuple[Person, date]:
    """Who sees to what was promised, and by when. Refused: nobody who can sign in, and a day that is past or farther
    than a year."""
    if owner is None or not owner.is_active:
        raise Refused(
            field="owner",
            expected=gettext_noop("Expected one person who sees to it."),
            found=gettext_noop("Nobody was chosen who can sign in."),
            remedy=gettext_noop("Choose a colleague."),
        )
    today = day_of(at)
    if promised_for is None or not today <= promised_for <= today + FARTHEST:
        raise Refused(
            field="promised_for",
            expected=gettext_noop("Expected a day from today on, within a year."),
            found=gettext_noop("Found {day}."),
            remedy=gettext_noop("Correct the day."),
            day=promised_for.isoformat() if promised_for else "–",
        )
    return owner, promised_for


def reason_given(raw: str, field: str = "reason") -> str:
    """A reason, which must be there."""
    reason = clean_text(raw)
    if len(reason) > REASON_LENGTH:
        raise TooLong(field=field, most=REASON_LENGTH, length=len(reason))
    if not reason:
        raise Refused(
            field=field,
            expected=gettext_noop("Expected a reason of 1 to {most} characters."),
            found=gettext_noop("Nothing was entered."),
            remedy=gettext_noop("Say why, in a sentence."),
            most=REASON_LENGTH,
        )
    return reason


def digest_of_ids(public_ids: Sequence[str]) -> str:
    """SHA-256 of public ids in their order, for the entry of the trail about many rows."""
    return sha256("\n".join(public_ids).encode()).hexdigest()


def refuse(faults: Sequence[Fault]) -> None:
    """Refuse for the first of the faults, if there is one."""
    for fault in faults[:1]:
        raise Refused(
            field=fault.field, expected=fault.expected, found=fault.found, remedy=fault.remedy, **fault.values
        )
