"""The form in which an organisation renames words of the interface."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext

from baton.core.changes.vocabulary import field_of
from baton.core.words import DEFAULTS, FORM_LENGTH, WORDS, Forms, Key


class WordsForm(forms.Form):
    """An input for every form of every word."""

    def __init__(self, *args: Any, renamed: Mapping[Key, Forms], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for key, default in DEFAULTS.items():
            now = renamed.get(key, Forms(""))
            for plural in (False, True) if default.plural else (False,):
                usual = default.plural if plural else default.singular
                self.fields[field_of(key, plural=plural)] = forms.CharField(
                    label=usual, required=False, max_length=FORM_LENGTH, initial=now.plural if plural else now.singular,
                    widget=forms.TextInput(attrs={
                        "lang": key[1], "class": "form-control", "placeholder": usual,
                        "aria-label": gettext("Instead of “{word}”").format(word=usual),
                    }),
                )  # fmt: skip

    def rows(self) -> list[dict[str, Any]]:
        """A row for each word: its name and its inputs by language."""
        return [
            {
                "name": DEFAULTS[word, "en"].singular,
                "inputs": [
                    (language, [self[field_of((word, code), plural=plural)]
                                for plural in ((False, True) if DEFAULTS[word, code].plural else (False,))])
                    for code, language in settings.LANGUAGES
                ],
            }
            for word in WORDS
        ]  # fmt: skip

    def said(self) -> dict[Key, Forms]:
        """What :func:`baton.core.changes.rename_words` takes."""
        data = self.cleaned_data
        return {
            key: Forms(data[field_of(key)], data.get(field_of(key, plural=True), "")) for key in DEFAULTS
        }  # fmt: skip
