"""What handoffs consist of, row by row, as people take it away: lines, measured values, returns."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from django.db.models import QuerySet

from baton.core.actors import Actor
from baton.handoffs.models import Handoff, HandoffLine, HandoffReturn, MeasuredValue
from baton.handoffs.queries.lists import EXPORT_ROWS, HandoffFilters, listed_handoffs

_LINK = ("handoff__link__supplier", "handoff__link__customer", "handoff__link__output")


def lines_to_export(*, viewer: Actor, at: datetime, filters: HandoffFilters) -> Iterator[HandoffLine]:
    """The lines of every handoff of the list, a handoff after the other."""
    rows = HandoffLine.objects.filter(handoff__in=_listed(viewer, at, filters)).select_related(*_LINK, "code")
    yield from rows.order_by("handoff_id", "position").iterator(chunk_size=EXPORT_ROWS)


def values_to_export(*, viewer: Actor, at: datetime, filters: HandoffFilters) -> Iterator[MeasuredValue]:
    """The measured values of every handoff of the list, a handoff after the other."""
    rows = MeasuredValue.objects.filter(handoff__in=_listed(viewer, at, filters)).select_related(*_LINK, "clause")
    yield from rows.order_by("handoff_id", "measured_at", "pk").iterator(chunk_size=EXPORT_ROWS)


def returns_to_export(*, viewer: Actor, at: datetime, filters: HandoffFilters) -> Iterator[HandoffReturn]:
    """What came back or was missing of every handoff of the list, by number."""
    rows = HandoffReturn.objects.filter(handoff__in=_listed(viewer, at, filters)).select_related(*_LINK, "line", "code")
    yield from rows.order_by("pk").iterator(chunk_size=EXPORT_ROWS)


def _listed(viewer: Actor, at: datetime, filters: HandoffFilters) -> QuerySet[Handoff, Any]:
    return listed_handoffs(viewer=viewer, at=at, filters=filters).order_by().values("pk")
