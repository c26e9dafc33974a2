"""Handoffs as a table that people take away."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from baton.core.actors import Actor
from baton.core.texts import say
from baton.handoffs import queries
from baton.handoffs.models import Handoff
from baton.handoffs.queries import HandoffFilters


def header() -> Sequence[str]:
    """Names of the columns."""
    return [
        _("Number"), _("Link"), _("Supplier"), _("Customer"), _("Output"), pgettext("of a handoff", "Form"), _("State"),
        _("Reference"), _("Priority"), _("Requested at"), _("Due at"), _("Received at"), _("Delivered at"),
        _("Accepted at"), _("Withdrawn at"), _("Time zone"), _("Complete"), _("Information right"), _("Cost"),
        _("System"), _("Key"),
    ]  # fmt: skip


def rows(found: Iterable[Handoff]) -> Iterator[Sequence[object]]:
    """A row for each handoff."""
    for one in found:
        link = one.link
        yield [
            one.number, link.number, say(link.supplier.name), say(link.customer.name), str(link.output),
            str(one.get_form_display()), str(one.get_state_display()), one.reference, one.priority, one.requested_at,
            one.due_at, one.received_at, one.delivered_at, one.accepted_at, one.withdrawn_at, one.zone, one.complete,
            one.information_right, one.cost, one.system, one.key,
        ]  # fmt: skip


def all_handoffs(viewer: Actor, at: datetime) -> Iterator[Sequence[object]]:
    """Every handoff that the viewer sees."""
    return rows(queries.handoffs_to_export(viewer=viewer, at=at, filters=HandoffFilters()))
