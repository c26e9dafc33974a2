"""What every change of the chain checks first."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date

from baton.chain.models import Party
from baton.chain.rules import CODE_LENGTH, NAME_LENGTH
from baton.core import given
from baton.core.errors import Refused, TooLong
from baton.core.texts import Texts, clean_text
from baton_analysis.errors import gettext_noop


def texts_given(raw: Texts, field: str) -> Texts:
    """The texts, cleaned and of a length that a name may have (:func:`baton.core.given.texts_given`)."""
    return given.texts_given(raw, field, most=NAME_LENGTH)


def code_given(raw: str, field: str) -> str:
    """A code of another system or a catalogue, cleaned; refused when it is too long."""
    code = clean_text(raw)
    if len(code) > CODE_LENGTH:
        raise TooLong(field=field, most=CODE_LENGTH, length=len(code))
    return code


def ends_after(began_on: date, ended_on: date | None) -> None:
    """Refuse an end before the beginning."""
    if ended_on is not None and ended_on < began_on:
        raise Refused(
            field="ended_on",
            expected=gettext_noop("Expected an end on or after {began_on}, the first day."),
            found=gettext_noop("Found {ended_on}."),
            remedy=gettext_noop("Give a later day."),
            began_on=began_on.isoformat(),
            ended_on=ended_on.isoformat(),
        )


def still_there(ended_on: date | None, number: str) -> None:
    """Refuse to work on what has been ended."""
    if ended_on is not None:
        raise Refused(
            expected=gettext_noop("Expected something that has not been ended."),
            found=gettext_noop("{number} ended on {ended_on}."),
            remedy=gettext_noop("Add a new one; what has ended keeps its history and is not taken up again."),
            number=number,
            ended_on=ended_on.isoformat(),
        )


def parties_named(public_ids: Collection[str]) -> dict[str, Party]:
    """The parties of these public ids; refused where one is none any more."""
    found = {party.public_id: party for party in Party.objects.filter(public_id__in=public_ids)}
    if len(found) < len(set(public_ids)):
        raise Refused(
            expected=gettext_noop("Every row names a party."),
            found=gettext_noop("One of them is no longer a party."),
            remedy=gettext_noop("Check the table again."),
        )
    return found
