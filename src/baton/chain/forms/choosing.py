"""Choosing a party or a person by public id."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from django import forms

from baton.chain.models import Party
from baton.core.widgets import Suggesting

if TYPE_CHECKING:
    from baton.core.models import Person

NOBODY = ("", "—")


def choices_of(records: Iterable[Party | Person]) -> list[tuple[str, str]]:
    """Public id and name of each, after an empty choice."""
    return [NOBODY, *((record.public_id, str(record)) for record in records)]


def offer(form: forms.Form, field: str, records: Iterable[Party | Person]) -> None:
    """Let ``field`` of the form choose among the records."""
    chosen = form.fields[field]
    assert isinstance(chosen, forms.ChoiceField)
    chosen.choices = choices_of(records)


def propose(form: forms.Form, field: str, texts: Iterable[str]) -> None:
    """Propose ``texts`` while ``field`` of the form is typed; anything else may be typed, too."""
    widget = Suggesting(form.fields[field].widget.attrs)
    widget.values = sorted({text for text in texts if text})
    form.fields[field].widget = widget


def chosen(records: Sequence[Party], public_id: str) -> Party | None:
    """The party with this public id, if any was chosen."""
    return next((record for record in records if record.public_id == public_id), None)
