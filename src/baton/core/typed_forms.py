"""What stands in a form that was sent, in the reader's words, where the form itself is not at hand.

A page that shows again what was typed knows names and values of inputs alone. The form of ours that has most of these
inputs says what they are called.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext

from baton.core.forms import RecordForm, choice_label, text_field, text_label
from baton.core.ids import ALPHABET, LENGTH

_PUBLIC_ID = re.compile(f"[{ALPHABET}]{{{LENGTH}}}")
# Parts of the names of inputs whose contents are never shown again.
_UNSAID = ("password", "again", "token", "secret", "csrfmiddlewaretoken")
# Travel along in forms and mean nothing to a reader.
_UNSEEN = frozenset({"version", "submission", "next", "step", "pair", "all"})


@dataclass(frozen=True, slots=True)
class Typed:
    """One input: its name and value as they are sent again, and what a reader sees of them. Without ``label`` there is
    nothing to see: the value is a mark or an id."""

    name: str
    value: str
    label: str
    shown: str


def typed(sent: Mapping[str, Collection[str]], *, unseen: Collection[str] = ()) -> list[Typed]:
    """Every value of a form that was sent, but for those that are never shown again."""
    inputs = _inputs(_form_of(sent))
    return [
        _typed(name, value, inputs.get(name), seen=name not in _UNSEEN and name not in unseen)
        for name, values in sent.items()
        if not any(word in name.lower() for word in _UNSAID)
        for value in values
    ]


def label_of(name: str, sent: Collection[str]) -> str:
    """What the input ``name`` of the form with the inputs ``sent`` is called."""
    found = _inputs(_form_of(sent)).get(name)
    return _label(name, found)


def _typed(name: str, value: str, field: forms.Field | None, *, seen: bool) -> Typed:
    shown = choice_label(field, value) if field is not None else value
    if isinstance(field, forms.BooleanField):
        shown = gettext("Yes")  # a box that is not ticked is not sent
    seen = seen and bool(value) and not _PUBLIC_ID.fullmatch(shown)
    return Typed(name, value, _label(name, field) if seen else "", shown)


def _label(name: str, field: forms.Field | None) -> str:
    return str(field.label) if field is not None and field.label else name.replace("_", " ").capitalize()


def _form_of(sent: Collection[str]) -> type[forms.Form]:
    """Of all forms of Baton the one that shares most inputs with ``sent``, of equals the one with fewest of its own."""
    return max(_forms(forms.Form), key=lambda form: (len(_inputs(form).keys() & set(sent)), -len(_inputs(form))))


def _forms(base: type[forms.Form]) -> Iterator[type[forms.Form]]:
    yield base
    for form in base.__subclasses__():
        yield from _forms(form)


def _inputs(form: type[forms.Form]) -> dict[str, forms.Field]:
    """The inputs of a form, with one a language for each of its texts."""
    fields: dict[str, Any] = dict(form.base_fields)
    if issubclass(form, RecordForm):
        for name, label in form.texts.items():
            for code, language in settings.LANGUAGES:
                fields[text_field(name, code)] = forms.CharField(label=text_label(label, language))
    return fields
