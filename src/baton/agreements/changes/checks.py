"""What every change of an agreement checks first."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date

from baton.agreements.rules import NOTE_LENGTH, TEXT_LENGTH, UNIT_LENGTH, Fault, Terms, faults, settled
from baton.core import given
from baton.core.errors import Refused, TooLong
from baton.core.texts import Texts, clean_text
from baton_analysis.errors import gettext_noop


def texts_given(raw: Mapping[str, str], field: str, *, optional: bool = False) -> Texts:
    """The texts, cleaned and of a length that a clause may have (:func:`baton.core.given.texts_given`)."""
    return given.texts_given(raw, field, most=TEXT_LENGTH, optional=optional)


def note_given(raw: str, field: str) -> str:
    """A note, cleaned; refused when it is too long."""
    note = clean_text(raw)
    if len(note) > NOTE_LENGTH:
        raise TooLong(field=field, most=NOTE_LENGTH, length=len(note))
    return note


def reason_given(raw: str, field: str = "reason") -> str:
    """A reason, which must be there."""
    reason = note_given(raw, field)
    if not reason:
        raise Refused(
            field=field,
            expected=gettext_noop("Expected a reason of 1 to {most} characters."),
            found=gettext_noop("Nothing was entered."),
            remedy=gettext_noop("Say why, in a sentence: the other side reads it."),
            most=NOTE_LENGTH,
        )
    return reason


def terms_given(raw: Terms, *, control: bool) -> Terms:
    """The terms of a clause, cleaned and :func:`baton.agreements.rules.settled`; refused for the first thing in them
    that contradicts itself. ``control``: the link hands over a control output."""
    terms = settled(
        replace(
            raw,
            characteristic=texts_given(raw.characteristic, "characteristic"),
            perception_item=texts_given(raw.perception_item, "perception_item", optional=True),
            unit=clean_text(raw.unit)[: UNIT_LENGTH + 1],
            source_note=note_given(raw.source_note, "source_note"),
            sampling_note=note_given(raw.sampling_note, "sampling_note"),
            baseline_note=note_given(raw.baseline_note, "baseline_note"),
        )
    )
    refuse(faults(terms, control=control))
    return terms


def refuse(found: Iterable[Fault]) -> None:
    """Raise the refusal of the first of the faults, if there is one."""
    for fault in found:
        raise Refused(
            field=fault.field, expected=fault.expected, found=fault.found, remedy=fault.remedy, **fault.values
        )


def days_given(starts_on: date | None, ends_on: date | None, review_on: date | None, today: date) -> None:
    """Refuse an end before the start, an end in the past, and a review outside the term."""
    first = starts_on or today
    if ends_on is not None and ends_on < first:
        raise Refused(
            field="ends_on",
            expected=gettext_noop("Expected a last day on or after {first}, the first day."),
            found=gettext_noop("Found {last}."),
            remedy=gettext_noop("Give a later day, or leave it empty."),
            first=first.isoformat(),
            last=ends_on.isoformat(),
        )
    if ends_on is not None and ends_on < today:
        raise Refused(
            field="ends_on",
            expected=gettext_noop("Expected a last day from today on."),
            found=gettext_noop("Found {last}."),
            remedy=gettext_noop("Give a later day, or leave it empty."),
            last=ends_on.isoformat(),
        )
    if review_on is not None and (review_on < first or (ends_on is not None and review_on > ends_on)):
        raise Refused(
            field="review_on",
            expected=gettext_noop("Expected a review between the first and the last day."),
            found=gettext_noop("Found {day}."),
            remedy=gettext_noop("Give a day within the term."),
            day=review_on.isoformat(),
        )
