"""The words that an organisation may call otherwise, and how they are put into a sentence. Pure Python.

A sentence of the interface is translated first; then its words are replaced: whole words in English, singular and
plural, in their case and with the right article; the exact characters in Chinese. Placeholders and markup of the
sentence are left alone, and so are phrases that mean something else.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

FORM_LENGTH = 40
"""Longest form of a word, in characters."""

ALLOWED = re.compile(r"[^\W_]+(?:[ /·’-][^\W_]+)*")
"""What a form may be: letters and digits, parted by one blank, hyphen, slash, dot or apostrophe. Nothing that could be
markup or a placeholder: sentences are shown as they are."""


@dataclass(frozen=True, slots=True)
class Forms:
    """A word as it stands in sentences; Chinese has no plural."""

    singular: str
    plural: str = ""


Key = tuple[str, str]
"""A word and a language: ``("link", "en")``."""

DEFAULTS: Mapping[Key, Forms] = {
    ("internal_customer", "en"): Forms("internal customer", "internal customers"),
    ("internal_customer", "zh-hans"): Forms("内部客户"),
    ("customer", "en"): Forms("customer", "customers"),
    ("customer", "zh-hans"): Forms("客户"),
    ("supplier", "en"): Forms("supplier", "suppliers"),
    ("supplier", "zh-hans"): Forms("供应方"),
    ("link", "en"): Forms("link", "links"),
    ("link", "zh-hans"): Forms("服务关系"),
    ("party", "en"): Forms("party", "parties"),
    ("party", "zh-hans"): Forms("部门/岗位"),
    ("output", "en"): Forms("output", "outputs"),
    ("output", "zh-hans"): Forms("产出"),
    ("handoff", "en"): Forms("handoff", "handoffs"),
    ("handoff", "zh-hans"): Forms("交接"),
    ("gap", "en"): Forms("gap", "gaps"),
    ("gap", "zh-hans"): Forms("待理清事项"),
}
"""The words of the interface as they are before anybody renames them."""

WORDS = tuple(dict.fromkeys(word for word, _language in DEFAULTS))

# Somebody outside stays a customer, whatever the next process is called.
_OTHER_SENSE = (
    "outside customer",
    "outside customers",
    "customers outside",
    "outside supplier",
    "外部客户",
    "外部供应商",
)
# The link in a mail is no link of the chain.
_OTHER_SENTENCE = re.compile(r"\bpassword\b|too old\. Ask for a new one", re.IGNORECASE)
_LEFT_ALONE = r"\{[^{}]*\}|%\([^)]*\)[a-z]|<[^>]*>|https?://\S+"


class Renaming:
    """How the sentences of one language change; with no ``renamed`` forms they do not."""

    def __init__(self, language: str, renamed: Mapping[Key, Forms]) -> None:
        self.by_form: dict[str, str] = {}
        for (word, code), default in DEFAULTS.items():
            if code == language:
                forms = renamed.get((word, language), default)
                self.by_form[default.singular] = forms.singular
                if default.plural:
                    self.by_form[default.plural] = forms.plural or forms.singular
        self.changes = any(default != form for default, form in self.by_form.items())
        self.pattern = _pattern(language, [*self.by_form, *_OTHER_SENSE])

    def apply(self, sentence: str) -> str:
        """The sentence in the organisation's words."""
        if not self.changes or _OTHER_SENTENCE.search(sentence):
            return sentence
        return self.pattern.sub(self._put, sentence)

    def _put(self, found: re.Match[str]) -> str:
        said = found["form"]
        form = self.by_form.get(said.lower() if said else "")
        if not said or form is None or form == said.lower():
            return found[0]
        article = found["article"] or ""
        if article:
            vowel = form[0].lower() in "aeiou"
            article = article[0] + ("n" if vowel else "") + article[-1]
        return article + (form[0].upper() + form[1:] if said[0].isupper() else form)


def _pattern(language: str, forms: Iterable[str]) -> re.Pattern[str]:
    """Everything that is left alone, then every form, the longest first."""
    longest = "|".join(re.escape(form) for form in sorted(forms, key=len, reverse=True))
    if language.startswith("zh"):
        return re.compile(rf"{_LEFT_ALONE}|(?P<article>\0)?(?P<form>{longest})")
    return re.compile(rf"{_LEFT_ALONE}|(?P<article>\b[Aa]n?\s)?\b(?P<form>{longest})\b", re.IGNORECASE)
