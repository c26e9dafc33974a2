"""Texts that somebody gives, checked before they are kept."""

from __future__ import annotations

from collections.abc import Mapping

from django.conf import settings

from baton.core.errors import Refused, TooLong
from baton.core.texts import Texts, clean_text, clean_texts
from baton_analysis.errors import gettext_noop


def texts_given(raw: Mapping[str, str], field: str, *, most: int, optional: bool = False) -> Texts:
    """The texts, cleaned. Refused: one of more than ``most`` characters; unless ``optional``, none in the
    organisation's language."""
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


def words_given(raw: str, field: str, *, most: int, remedy: str) -> str:
    """The words, cleaned. Refused: none, where ``remedy`` says what to write; more than ``most`` characters."""
    words = clean_text(raw)
    if not words:
        raise Refused(
            field=field,
            expected=gettext_noop("Expected a text of 1 to {most} characters."),
            found=gettext_noop("Nothing was entered."),
            remedy=remedy,
            most=most,
        )
    if len(words) > most:
        raise TooLong(field=field, most=most, length=len(words))
    return words
