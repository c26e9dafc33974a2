"""Handoffs as a table that people take away."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext

from baton.core.actors import Actor
from baton.core.texts import say
from baton.handoffs import queries
from baton.handoffs.models import Handoff, HandoffLine, HandoffPhoto, HandoffReturn, MeasuredValue
from baton.handoffs.queries import HandoffFilters, exporting
from baton.handoffs.queries.photos import photos_to_export


def header() -> Sequence[str]:
    """Names of the columns."""
    return [
        _("Number"), _("Link"), _("Supplier"), _("Customer"), _("Output"), pgettext("of a handoff", "Form"), _("State"),
        _("Reference"), _("Priority"), _("Requested at"), _("Due at"), _("Received at"), _("Delivered at"),
        _("Accepted at"), _("Withdrawn at"), _("Time zone"), _("Complete"), _("Information right"), _("Cost"),
        _("Supplier’s cost"), _("Customer’s cost"), _("Currency"), _("System"), _("Key"),
    ]  # fmt: skip


def currency_of(cost: Decimal | None) -> str:
    """In which an amount is; empty without one."""
    return settings.CURRENCY if cost is not None else ""


def rows(found: Iterable[Handoff]) -> Iterator[Sequence[object]]:
    """A row for each handoff."""
    for one in found:
        link = one.link
        yield [
            one.number, link.number, say(link.supplier.name), say(link.customer.name), str(link.output),
            str(one.get_form_display()), str(one.get_state_display()), one.reference, one.priority, one.requested_at,
            one.due_at, one.received_at, one.delivered_at, one.accepted_at, one.withdrawn_at, one.zone, one.complete,
            one.information_right, one.cost, one.supplier_cost, one.customer_cost, currency_of(one.cost), one.system,
            one.key,
        ]  # fmt: skip


def all_handoffs(viewer: Actor, at: datetime) -> Iterator[Sequence[object]]:
    """Every handoff that the viewer sees."""
    return rows(queries.handoffs_to_export(viewer=viewer, at=at, filters=HandoffFilters()))


class Part(StrEnum):
    """What of handoffs is a table of its own."""

    LINES = "lines"
    VALUES = "values"
    RETURNS = "returns"
    PHOTOS = "photos"


PART_NAMES = {
    Part.LINES: gettext_lazy("Lines of handoffs"), Part.VALUES: gettext_lazy("Measured values"),
    Part.RETURNS: gettext_lazy("Returns"), Part.PHOTOS: gettext_lazy("Evidence photos"),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class PartTable:
    """The table of a part: names of its columns, and a row for each that the viewer sees of a filtered list."""

    header: Callable[[], Sequence[str]]
    found: Callable[..., Iterable[Any]]
    row: Callable[[Any], Sequence[object]]

    def rows(self, viewer: Actor, at: datetime, filters: HandoffFilters | None = None) -> Iterator[Sequence[object]]:
        """The rows, those of all handoffs in sight where no list is named."""
        for one in self.found(viewer=viewer, at=at, filters=filters or HandoffFilters()):
            yield [*_handoff(one.handoff), *self.row(one)]


def _named() -> list[str]:
    return [_("Handoff"), _("Reference"), _("System"), _("Key"), _("Link"), _("Supplier"), _("Customer"), _("Output")]


def _handoff(one: Handoff) -> list[object]:
    link = one.link
    return [
        one.number, one.reference, one.system, one.key, link.number, say(link.supplier.name), say(link.customer.name),
        str(link.output),
    ]  # fmt: skip


def _lines_header() -> Sequence[str]:
    return [
        *_named(), _("Line"), _("Item code"), _("Revision"), _("What"), _("Unit"), _("Ordered"), _("Delivered"),
        _("Accepted"), _("Refused"), _("Defect code"),
    ]  # fmt: skip


def _line(one: HandoffLine) -> Sequence[object]:
    return [
        one.position, one.item_code, one.item_revision, one.name, one.unit, one.ordered, one.delivered, one.accepted,
        one.refused, one.code.code if one.code is not None else "",
    ]  # fmt: skip


def _values_header() -> Sequence[str]:
    return [
        *_named(), _("Clause"), _("Value"), _("Unit"), _("Lower limit"), _("Upper limit"), _("Within the limits"),
        _("Measured at"),
    ]  # fmt: skip


def _value(one: MeasuredValue) -> Sequence[object]:
    terms = one.clause.terms
    within = (terms.lower is None or one.value >= terms.lower) and (terms.upper is None or one.value <= terms.upper)
    return [
        say(one.clause.characteristic), one.value, one.clause.unit, terms.lower, terms.upper, within, one.measured_at
    ]  # fmt: skip


def _returns_header() -> Sequence[str]:
    return [
        *_named(), _("Number"), _("Line"), _("Missing"), _("Quantity"), _("Unit"), _("What is seen"), _("Defect code"),
        _("State"), _("Opened at"), _("Contested at"), _("Ground"), _("Decided at"), _("Decision"), _("Settled at"),
        _("Settlement"), _("Cost"), _("Currency"),
    ]  # fmt: skip


def _return(one: HandoffReturn) -> Sequence[object]:
    line = one.line
    return [
        one.number, line.name if line is not None else "", one.shortage, one.quantity,
        line.unit if line is not None else "", one.phenomenon, one.code.code if one.code is not None else "",
        str(one.get_state_display()), one.opened_at, one.contested_at, one.ground, one.decided_at, one.decision_note,
        one.settled_at, one.settlement, one.cost, currency_of(one.cost),
    ]  # fmt: skip


def _photos_header() -> Sequence[str]:
    return [
        *_named(), _("Return"), _("With which step"), _("Side"), _("File"), _("Media type"), _("Bytes"), _("SHA-256"),
        _("Added by"), _("Added at"), _("Removed at"), _("Address"),
    ]  # fmt: skip


def _photo(one: HandoffPhoto) -> Sequence[object]:
    file = one.attachment
    return [
        one.found.number if one.found is not None else "", str(one.get_step_display()), str(one.get_side_display()),
        file.file_name, file.media_type, file.size, file.digest, str(file.comment.author), one.recorded_at,
        file.withdrawn_at, f"/attachments/{file.public_id}/" if file.withdrawn_at is None else "",
    ]  # fmt: skip


PART_TABLES: Mapping[Part, PartTable] = {
    Part.LINES: PartTable(_lines_header, exporting.lines_to_export, _line),
    Part.VALUES: PartTable(_values_header, exporting.values_to_export, _value),
    Part.RETURNS: PartTable(_returns_header, exporting.returns_to_export, _return),
    Part.PHOTOS: PartTable(_photos_header, photos_to_export, _photo),
}
