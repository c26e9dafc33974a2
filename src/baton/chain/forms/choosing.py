"""Choosing a party, a person or another record by public id."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, TypeVar

from django import forms

from baton.core.actors import Actor
from baton.core.choosing_people import PersonField
from baton.core.widgets import Suggesting

if TYPE_CHECKING:
    from baton.core.models import Record

R = TypeVar("R", bound="Record")

NOBODY = ("", "—")


def choices_of(records: Iterable[Record]) -> list[tuple[str, str]]:
    """Public id and name of each, after an empty choice."""
    return [NOBODY, *((record.public_id, str(record)) for record in records)]


def offer(form: forms.Form, field: str, records: Iterable[Record]) -> None:
    """Let ``field`` of the form choose among the records."""
    chosen = form.fields[field]
    assert isinstance(chosen, forms.ChoiceField)
    chosen.choices = choices_of(records)


def among_colleagues(form: forms.Form, viewer: Actor, field: str = "person") -> None:
    """Let ``field`` of the form mean anybody whom the viewer may choose."""
    chosen = form.fields[field]
    assert isinstance(chosen, PersonField)
    chosen.viewer = viewer


def propose(form: forms.Form, field: str, texts: Iterable[str]) -> None:
    """Propose ``texts`` while ``field`` of the form is typed; anything else may be typed, too."""
    widget = Suggesting(form.fields[field].widget.attrs)
    widget.values = sorted({text for text in texts if text})
    form.fields[field].widget = widget


def chosen(records: Sequence[R], public_id: str) -> R | None:
    """The record with this public id, if any was chosen."""
    return next((record for record in records if record.public_id == public_id), None)
