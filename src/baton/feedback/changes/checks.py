"""What every change of the feedback checks first."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from hashlib import sha256

from django.conf import settings

from baton.core.errors import Refused, TooLong
from baton.core.texts import Texts, clean_text, clean_texts
from baton.feedback.models.questionnaires import REASON_LENGTH
from baton.feedback.rules import Fault
from baton_analysis.errors import gettext_noop

TITLE_LENGTH = 200
INTRO_LENGTH = 2_000


def texts_given(raw: Mapping[str, str], field: str, *, most: int = TITLE_LENGTH, optional: bool = False) -> Texts:
    """The texts, cleaned. Refused: one that is too long; unless ``optional``, none in the organisation's language."""
    texts = clean_texts(raw)
    if settings.LANGUAGE_CODE not in texts and not (optional and not texts):
        raise Refused(
            field=field,
            expected=gettext_noop("Expected a text that can be read, in the organisation's language."),
            remedy=gettext_noop("Write it in the organisation's language; other languages are optional."),
        )
    longest = max((len(text) for text in texts.values()), default=0)
    if longest > most:
        raise TooLong(field=field, most=most, length=longest)
    return texts


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
