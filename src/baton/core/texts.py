"""Names and texts in several languages: ``{"en": "Laundry", "zh-hans": "洗衣房"}``.

The organisation's language is required, every other one optional; a third language needs no migration. Beside a name a
record keeps a sort key for every language (pinyin for Chinese), because databases do not sort Chinese as readers do.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

Texts = dict[str, str]

# Bidirectional overrides and zero-width characters let one name pass for another; markup needs no banning because
# templates escape it.
_INVISIBLE = {"Cc", "Cf", "Co", "Cs"}
_KEPT = {"\n", "\t", "\u200d"}


def clean_text(value: str) -> str:
    """NFC, without control, bidirectional and zero-width characters, outer white space trimmed; empty where nothing
    would be seen. The joiner of scripts and emoji stays, because words and signs are made with it."""
    composed = unicodedata.normalize("NFC", value)
    if composed.isascii() and composed.isprintable():
        return composed.strip()
    kept = "".join(c for c in composed if c in _KEPT or unicodedata.category(c) not in _INVISIBLE).strip()
    return kept if kept.strip("\u200d \n\t") else ""


def clean_texts(texts: Mapping[str, str]) -> Texts:
    """Every text cleaned, empty ones left out."""
    cleaned = {language: clean_text(text) for language, text in texts.items()}
    return {language: text for language, text in cleaned.items() if text}


def folded(*parts: str | None) -> str:
    """What a search looks through: the parts, NFKC and case-folded, one a line."""
    return "\n".join(unicodedata.normalize("NFKC", part).casefold() for part in parts if part)


def say(texts: Mapping[str, str] | None, language: str | None = None) -> str:
    """The text in ``language`` (default: the reader's), else in the organisation's language, else in any."""
    if not texts:
        return ""
    wanted = language or get_language() or settings.LANGUAGE_CODE
    if text := texts.get(wanted):
        return text
    for code in (wanted.split("-")[0], settings.LANGUAGE_CODE):
        if texts.get(code):
            return texts[code]
    return next((text for text in texts.values() if text), "")


NUMBER_DIGITS = 10
"""To how many digits a number in a name is filled up for sorting; longer ones are sorted as text."""


def sort_keys(texts: Mapping[str, str]) -> Texts:
    """For every language of the interface the key by which its readers expect the text to be sorted: Chinese by pinyin,
    and numbers by their size (Ward 2 before Ward 10)."""
    from pypinyin import Style, lazy_pinyin

    keys: Texts = {}
    for code, _name in settings.LANGUAGES:
        text = unicodedata.normalize("NFKC", say(texts, code)).casefold()
        text = re.sub("[0-9]+", lambda number: number[0].zfill(NUMBER_DIGITS), text)
        keys[code] = " ".join(lazy_pinyin(text, style=Style.TONE3)) if code.startswith("zh") else text
    return keys


def validate_texts(value: object) -> None:
    """Refuse anything but ``{language: text}`` with a text in the organisation's language."""
    if not isinstance(value, dict) or not all(isinstance(k, str) and isinstance(v, str) for k, v in value.items()):
        raise ValidationError(_("Expected texts by language, such as {example}.").format(example='{"en": "Laundry"}'))
    if not any(text.strip() for text in value.values()):
        raise ValidationError(_("Give a name in at least one language."))


class TextsField(models.JSONField[Any, Any]):
    """A ``{language: text}`` column."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("default", dict)
        super().__init__(*args, **kwargs)
        self.validators = [*self.validators, validate_texts]


def visible(text: str) -> str:
    """A name as a foreign file gives it: what cannot be seen, such as marks of direction, stands as its code."""
    return "".join(c if c.isprintable() or c == "\u200d" else c.encode("unicode_escape").decode() for c in text)
