"""The one unit in which rates of defects of a link count under an agreement."""

from __future__ import annotations

from datetime import datetime

from django.db.models import Exists, Min, OuterRef, QuerySet

from baton.handoffs.models import Handoff, HandoffLine
from baton.handoffs.rules import State, plain_unit


def counted_unit(*, link: int, since: datetime) -> str:
    """The unit of the first line of the first handoff that was entered, of a link (key) whose agreement holds since
    ``since``; as :func:`baton.handoffs.rules.plain_unit` has it. Which was entered first stays so, whatever is entered
    late. Two queries."""
    first = first_with_lines(held_since(link, since))
    units = HandoffLine.objects.filter(handoff=first).order_by("position").values_list("unit", flat=True)
    return plain_unit(units[:1][0] if first is not None and units[:1] else "")


def first_with_lines(rows: QuerySet[Handoff]) -> int | None:
    """The key of the handoff among these that was entered first and has lines; None: none has."""
    lines = HandoffLine.objects.filter(handoff=OuterRef("pk"))
    found: int | None = rows.filter(Exists(lines)).order_by().aggregate(first=Min("pk"))["first"]
    return found


def held_since(link: int, since: datetime) -> QuerySet[Handoff]:
    """The handoffs of a link (key) since an agreement holds that count."""
    return Handoff.objects.filter(link=link, occurred_at__gte=since).exclude(state=State.WITHDRAWN)
