"""What the facts of handoffs are made of: all handoffs of a link that occurred in a month are one source,
``<public id of the link>-<YYYY-MM>``, the month in UTC."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from django.db.models import QuerySet
from django.db.models.functions import TruncMonth

from baton.agreements.queries.in_force import where_it_holds
from baton.core.actors import Actor
from baton.handoffs.facts.units import first_with_lines
from baton.handoffs.models import Handoff, HandoffEvent, HandoffLine, HandoffReturn, MeasuredValue, StageCheck
from baton.handoffs.rules import State

CLAUSES, LINKS = "handoffs", "handed_over"
"""The fact tables: each handoff against the clauses in force, and what was handed over on a link."""
SYSTEM = Actor.system("facts of handoffs")
CALENDAR = "calendar"
AGREED = frozenset({"agreement_version", "clause"})
_PARTS = {one.kind: one for one in (HandoffEvent, HandoffLine, HandoffReturn, MeasuredValue, StageCheck)}
KINDS = frozenset({Handoff.kind, CALENDAR, *(_PARTS.keys() - {StageCheck.kind}), *AGREED})
"""Kinds of records whose change makes other facts: handoffs and their parts, what is agreed, business hours."""

_MOMENTS = ("occurred_at", "requested_at", "due_at", "received_at", "delivered_at", "accepted_at")


@dataclass(frozen=True, slots=True)
class Span:
    """A source: the link (public id), and from when until before when its handoffs occurred."""

    link: str
    first: datetime
    after: datetime

    @classmethod
    def of(cls, source: str) -> Span:
        """The one that bears this name."""
        link, year, month = source.rsplit("-", 2)
        first = datetime(int(year), int(month), 1, tzinfo=UTC)
        following = (first.year + 1, 1) if first.month == 12 else (first.year, first.month + 1)
        return cls(link, first, datetime(*following, 1, tzinfo=UTC))

    def handoffs(self) -> QuerySet[Handoff]:
        """Its handoffs, but for those that nobody wants any more."""
        rows = Handoff.objects.filter(
            link__public_id=self.link, occurred_at__gte=self.first, occurred_at__lt=self.after
        )
        return rows.exclude(state=State.WITHDRAWN).order_by("pk")


def sources() -> list[str]:
    """Names of everything of which there are handoffs."""
    return _named(Handoff.objects.all())


def sources_of_record(kind: str, public_id: str) -> Iterable[str]:
    """The sources whose facts a change of this record may have changed. A handoff of which an earlier moment became
    known may have come from the month of a later one: all months of its moments are named."""
    if kind == CALENDAR:
        return sources()
    if kind in AGREED:
        held = where_it_holds(viewer=SYSTEM, kind=kind, public_id=public_id)
        if held is None:
            return ()
        link, since = held
        begun = since.astimezone(UTC).replace(day=1, hour=0, minute=0, second=0, microsecond=0)
        return _named(Handoff.objects.filter(link=link, occurred_at__gte=begun))
    if kind == Handoff.kind:
        rows = Handoff.objects.filter(public_id=public_id)
        if (fell_out := rows.filter(state=State.WITHDRAWN).first()) is not None and _gave_the_unit(fell_out):
            return _named(Handoff.objects.filter(link=fell_out.link_id))
    else:
        part: Any = _PARTS[kind]
        rows = Handoff.objects.filter(pk__in=part.objects.filter(public_id=public_id).values("handoff"))
    return {
        _name(link, moment)
        for link, *moments in rows.values_list("link__public_id", *_MOMENTS)
        for moment in moments
        if moment is not None
    }


def _gave_the_unit(handoff: Handoff) -> bool:
    """Whether rates of defects may have counted in the unit of this handoff: none with lines was entered before."""
    earlier = Handoff.objects.filter(link=handoff.link_id, pk__lt=handoff.pk).exclude(state=State.WITHDRAWN)
    return handoff.lines.exists() and first_with_lines(earlier) is None


def sources_of_batch(batch: str) -> Iterable[str]:
    """The sources of the handoffs that came with a bulk entry, or to which it brought lines or values."""
    came = Handoff.everything.filter(batch__public_id=batch)
    lines = HandoffLine.everything.filter(batch__public_id=batch).values("handoff")
    values = MeasuredValue.everything.filter(batch__public_id=batch).values("handoff")
    return {
        *_named(came),
        *_named(Handoff.everything.filter(pk__in=lines, batch__isnull=True)),
        *_named(Handoff.everything.filter(pk__in=values)),
    }


def source_name(source: str) -> str:
    """What people call a source: the number of its link, and the month."""
    link, year, month = source.rsplit("-", 2)
    numbers = Handoff.objects.filter(link__public_id=link).values_list("link__number", flat=True)
    return f"{numbers.first() or link} {year}-{month}"


def _named(rows: QuerySet[Handoff]) -> list[str]:
    months = rows.order_by().annotate(month=TruncMonth("occurred_at", tzinfo=UTC))
    found = months.values_list("link__public_id", "month").distinct()
    return sorted(_name(link, month) for link, month in found)


def _name(link: str, moment: datetime) -> str:
    return f"{link}-{moment.astimezone(UTC):%Y-%m}"
