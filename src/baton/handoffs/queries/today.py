"""What somebody owes and gets today: open handoffs of his parties, and the warnings about them."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.db.models import Count, F, Q, QuerySet

from baton.chain.policy import sight_of, standing_of
from baton.core.actors import Actor
from baton.core.days import day_of
from baton.core.policy import may_use
from baton.handoffs.models import Handoff, HandoffEvent, HandoffLine, HandoffReturn
from baton.handoffs.models.conditions import IsOpen
from baton.handoffs.queries.sight import load_links
from baton.handoffs.queries.silence import unconfirmed_from
from baton.handoffs.rules import OWED, PENDING, State, Step

SHOWN = 50
"""Rows of each part of the page; who has more opens the list."""
AHEAD = timedelta(days=7)
"""What is due later stands in the list only."""


@dataclass(frozen=True, slots=True)
class TodayRow:
    """An open handoff with the last warning about it and its lines. ``late``: its time has passed;
    ``unconfirmed_from``: when it counts as not confirmed unless somebody says a word."""

    handoff: Handoff
    late: bool
    warning: HandoffEvent | None
    lines: list[HandoffLine]
    unconfirmed_from: datetime | None = None


@dataclass(frozen=True, slots=True)
class Today:
    """What somebody's parties owe, what waits for their acceptance, what is on its way to them, and what came back and
    is not settled. ``more`` says of which parts there is more than is shown."""

    owed: list[TodayRow]
    to_accept: list[TodayRow]
    coming: list[TodayRow]
    returns: list[HandoffReturn]
    more: frozenset[str] = field(default=frozenset())

    @property
    def is_empty(self) -> bool:
        return not (self.owed or self.to_accept or self.coming or self.returns)

    @property
    def warned(self) -> list[TodayRow]:
        """What comes later or less than wanted, as its supplier says."""
        return [row for row in self.coming if row.warning is not None]


def today(*, viewer: Actor, at: datetime) -> Today:
    """The open handoffs of the viewer's parties, the most urgent first. A fixed number of queries."""
    own = sight_of(viewer, day_of(at)).own
    if not own or not may_use(viewer):
        return Today([], [], [], [])
    return today_of(own, viewer=viewer, at=at)


def today_of(own: Collection[int], *, viewer: Actor, at: datetime) -> Today:
    """The open handoffs of these parties (keys); that they are the viewer's, the caller has made sure."""
    near = Q(due_at__isnull=True) | Q(due_at__lte=at + AHEAD)
    mine, theirs = Q(link__supplier__in=own), Q(link__customer__in=own)
    parts = {
        "owed": _first(mine & Q(state__in=sorted(OWED)) & near),
        "to_accept": _first(theirs & Q(state=State.DELIVERED)),
        "coming": _first(theirs & Q(state__in=sorted(OWED)) & near),
    }
    pending = HandoffReturn.objects.filter(
        Q(handoff__link__supplier__in=own) | Q(handoff__link__customer__in=own), state__in=sorted(PENDING)
    ).select_related("handoff", "line", "code")
    returns = list(pending.order_by("opened_at", "pk")[:SHOWN])
    found = [one for part in parts.values() for one in part[:SHOWN]]
    load_links([*found, *(one.handoff for one in returns)])
    rows = _rows(found, viewer, at)
    return Today(
        **{name: [rows[one.pk] for one in part[:SHOWN]] for name, part in parts.items()},
        returns=returns,
        more=frozenset(name for name, part in parts.items() if len(part) > SHOWN),
    )


def works_daily(*, viewer: Actor, at: datetime) -> bool:
    """Whether handoffs are daily work of the viewer: he belongs to a party, in whatever capacity."""
    return may_use(viewer) and bool(standing_of(viewer, day_of(at)).belongs)


@dataclass(frozen=True, slots=True)
class OpenCounts:
    """How many open handoffs the viewer's parties owe, how many of these are late, and how many wait for them."""

    owed: int = 0
    late: int = 0
    to_accept: int = 0


def open_counts(*, viewer: Actor, at: datetime) -> OpenCounts:
    """How much is open for the viewer's parties. Two queries beside those of his sight."""
    own = sight_of(viewer, day_of(at)).own
    if not own or not may_use(viewer):
        return OpenCounts()
    found = Handoff.objects.filter(IsOpen("state"))
    owed = found.filter(link__supplier__in=own, state__in=sorted(OWED))
    counted = owed.aggregate(owed=Count("pk"), late=Count("pk", filter=Q(due_at__lt=at)))
    to_accept = found.filter(link__customer__in=own, state=State.DELIVERED)
    return OpenCounts(**counted, to_accept=to_accept.count())


def open_of_link(*, viewer: Actor, at: datetime, link: int) -> int:
    """How many handoffs of a link (key) are not over. The caller has made sure that ``viewer`` sees the link."""
    return Handoff.objects.filter(IsOpen("state"), link=link).count() if may_use(viewer) else 0


def recent_of_link(*, viewer: Actor, at: datetime, link: int, most: int = 10) -> list[Handoff]:
    """The last handoffs of a link (key), the newest first. The caller has made sure that ``viewer`` sees the link."""
    if not may_use(viewer):
        return []
    return list(Handoff.objects.filter(link=link).order_by("-occurred_at", "-pk")[:most])


def _first(wanted: Q) -> list[Handoff]:
    rows: QuerySet[Handoff] = Handoff.objects.filter(IsOpen("state"), wanted)
    return list(rows.order_by(F("due_at").asc(nulls_last=True), "pk")[: SHOWN + 1])


def _came(one: Handoff) -> datetime | None:
    """When what waits for the customer was handed over."""
    return one.delivered_at if one.state == State.DELIVERED else None


def _rows(handoffs: Sequence[Handoff], viewer: Actor, at: datetime) -> dict[int, TodayRow]:
    keys = {one.pk for one in handoffs}
    warnings: dict[int, HandoffEvent] = {}
    told = HandoffEvent.objects.filter(handoff__in=keys, event__in=[Step.WARN_LATE, Step.WARN_SHORT])
    for event in told.order_by("at", "pk"):
        warnings[event.handoff_id] = event
    lines: dict[int, list[HandoffLine]] = {}
    for line in HandoffLine.objects.filter(handoff__in=keys).order_by("handoff", "position"):
        lines.setdefault(line.handoff_id, []).append(line)
    over = unconfirmed_from(viewer=viewer, handoffs=handoffs)
    return {
        one.pk: TodayRow(
            one,
            one.due_at is not None and one.due_at < (_came(one) or at),
            warnings.get(one.pk),
            lines.get(one.pk, []),
            over.get(one.pk),
        )  # fmt: skip
        for one in handoffs
    }
