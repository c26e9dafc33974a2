"""Choosing a party, a person or another record by public id."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import chain
from typing import Any, Protocol, TypeVar

from django import forms
from django.utils.choices import BaseChoiceIterator

from baton.chain.models import Party
from baton.chain.queries.chains import Listed
from baton.core.actors import Actor
from baton.core.choosing_people import PersonField
from baton.core.forms import RecordForm
from baton.core.widgets import LongSelect, Suggesting, options_of

NOBODY = ("", "—")


class Offered(Protocol):
    """What can be chosen: a record, or what was read of one. Its ``str`` is its name."""

    @property
    def public_id(self) -> str: ...


R = TypeVar("R", bound=Offered)


def choices_of(records: Iterable[Offered]) -> list[tuple[str, str]]:
    """Public id and name of each, after an empty choice."""
    return [NOBODY, *((record.public_id, str(record)) for record in records)]


class _Ready(BaseChoiceIterator):
    """Choices that Django takes as they are, instead of going through thousands of them to see how they are nested; and
    as they are written into a page, made once for those that are kept."""

    def __init__(self, nobody: Any, records: Iterable[Offered]) -> None:
        self._nobody = (NOBODY[0], nobody)
        kept = records.kept if isinstance(records, Listed) else {}
        if "choices" not in kept:
            kept["choices"] = choices = choices_of(records)[1:]
            kept["options"] = options_of(choices)
        self._choices: list[tuple[str, str]] = kept["choices"]
        self._options: str = kept["options"]

    def __iter__(self) -> Iterator[tuple[str, Any]]:
        return chain([self._nobody], self._choices)

    @property
    def options(self) -> str:
        """All of them, none chosen."""
        return options_of([self._nobody]) + self._options


def offer(form: forms.Form, field: str, records: Iterable[Offered], *, nobody: Any = NOBODY[1]) -> None:
    """Let ``field`` of the form choose among the records; ``nobody`` is what no choice is called. There may be
    thousands of them."""
    chosen = form.fields[field]
    assert isinstance(chosen, forms.ChoiceField)
    chosen.widget = LongSelect(chosen.widget.attrs)
    chosen.widget.is_required = chosen.required
    chosen.choices = _Ready(nobody, records)


def among_colleagues(form: forms.Form, viewer: Actor, field: str = "person") -> None:
    """Let ``field`` of the form mean anybody whom the viewer may choose."""
    chosen = form.fields[field]
    assert isinstance(chosen, PersonField)
    chosen.viewer = viewer


class ColleagueForm(RecordForm):
    """A form whose field ``person`` means anybody whom ``viewer`` may choose."""

    def __init__(self, *args: Any, viewer: Actor, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        among_colleagues(self, viewer)


def propose(form: forms.Form, field: str, texts: Iterable[str]) -> None:
    """Propose ``texts`` while ``field`` of the form is typed; anything else may be typed, too."""
    widget = Suggesting(form.fields[field].widget.attrs)
    widget.values = sorted({text for text in texts if text})
    form.fields[field].widget = widget


def chosen(records: Sequence[R], public_id: str) -> R | None:
    """The record with this public id, if any was chosen."""
    return next((record for record in records if record.public_id == public_id), None)


def party_chosen(parties: Sequence[Offered], public_id: str) -> Party | None:
    """The party with this public id, if it was offered and chosen: of those that were only offered, a few values are
    read. One that was taken back meanwhile is refused by whatever is done with it."""
    return None if chosen(parties, public_id) is None else Party.everything.get(public_id=public_id)
