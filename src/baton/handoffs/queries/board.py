"""Open handoffs of a team, a party or a link, column by column."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from django.db.models import Count, F, Q, QuerySet

from baton.chain.policy import sight_of
from baton.chain.queries.chains import NamedLink, PartyFact, chain_in_sight
from baton.core.actors import Actor
from baton.core.database.keys import Keys
from baton.core.days import day_of
from baton.core.errors import NotFound
from baton.core.policy import demand, may_use
from baton.handoffs.models import Handoff, HandoffEvent, HandoffReturn
from baton.handoffs.models.conditions import IsOpen
from baton.handoffs.queries.pausing import pauses_among
from baton.handoffs.rules import ENDS_PAUSES, PENDING, Side, Step
from baton.handoffs.rules.board import SOON, STATES_OF, Column

A_COLUMN = 40
"""Cards of a column; of more, the list has all."""
_TOLD = (
    Step.WARN_LATE, Step.WARN_SHORT, Step.PAUSE, Step.RESUME, Step.REFUSE_REQUEST, Step.REFUSE_INPUT,
    *sorted(ENDS_PAUSES),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class BoardFilters:
    """What a board shows: of a party (public id) with all that stands in it, empty: of the parties of the viewer;
    ``side``: only where it is supplier, or customer; ``link`` (public id): only of this one."""

    party: str = ""
    side: str = ""
    link: str = ""


@dataclass(frozen=True, slots=True)
class Card:
    """An open handoff. ``since``: from when it has been as it is; ``warning``: the last word about being late or
    short; ``paused``: its clock stands still."""

    handoff: Handoff
    link: NamedLink
    since: datetime
    late: bool
    warning: HandoffEvent | None
    paused: bool


@dataclass(frozen=True, slots=True)
class Board:
    """The cards of each column, and how many handoffs there are in each. ``belongs``: there is a party to look at."""

    party: PartyFact | None
    link: NamedLink | None
    belongs: bool
    cards: dict[Column, list[Card]] = field(default_factory=dict)
    counts: dict[Column, int] = field(default_factory=dict)

    @property
    def is_empty(self) -> bool:
        """Whether nothing is open."""
        return not any(self.counts.values())


def board(*, viewer: Actor, at: datetime, filters: BoardFilters) -> Board:
    """The open handoffs of the live links in sight. Eight queries at most beside those of the viewer's sight;
    :class:`NotFound` for a party or link that he does not see."""
    demand(may_use(viewer))
    sight = sight_of(viewer, day_of(at))
    seen = chain_in_sight(sight, day_of(at))
    party = next((one for one in seen.parties.values() if one.public_id == filters.party), None)
    link = next((pk for pk, one in seen.links.items() if one.public_id == filters.link), None)
    if (filters.party and party is None) or (filters.link and link is None):
        raise NotFound
    inside = sight.own if party is None else {pk for pk, one in seen.parties.items() if party.public_id in one.above}
    supplies, takes = filters.side != Side.CUSTOMER, filters.side != Side.SUPPLIER
    links = {
        pk for pk, one in seen.links.items()
        if (supplies and one.supplier in inside) or (takes and one.customer in inside)
    }  # fmt: skip
    if link is not None:
        links = {link} if party is None else links & {link}
    shown = Board(party, seen.named(link) if link is not None else None, bool(inside) or link is not None)
    if not links:
        return shown
    rows = Handoff.objects.filter(IsOpen("state"), link__pk__among=Keys(links))
    shown.counts.update(_counts(rows, at))
    firsts = {column: _first(rows, column, at) if shown.counts[column] else [] for column in Column}
    every = [one for found in firsts.values() for one in found]
    told, back = _told(every), _came_back(every)
    for column, found in firsts.items():
        shown.cards[column] = [
            _card(viewer, one, seen.named(one.link_id), at, told.get(one.pk, []), back) for one in found
        ]
    return shown


def _in(column: Column, at: datetime) -> Q:
    wanted = Q(state__in=sorted(STATES_OF[column]))
    soon = Q(due_at__lt=at + SOON)
    if column is Column.SOON:
        return wanted & soon
    return wanted & (~soon | Q(due_at__isnull=True)) if column is Column.ASKED else wanted


def _counts(rows: QuerySet[Handoff], at: datetime) -> dict[Column, int]:
    counted = rows.aggregate(**{column.value: Count("pk", filter=_in(column, at)) for column in Column})
    return {column: counted[column.value] for column in Column}


def _first(rows: QuerySet[Handoff], column: Column, at: datetime) -> list[Handoff]:
    """The most urgent of a column: what is due first; of what waits to be accepted, what has waited longest."""
    urgent = F("delivered_at") if column is Column.DELIVERED else F("due_at")
    return list(rows.filter(_in(column, at)).order_by(urgent.asc(nulls_last=True), "pk")[:A_COLUMN])


def _told(handoffs: Sequence[Handoff]) -> dict[int, list[HandoffEvent]]:
    found: dict[int, list[HandoffEvent]] = {}
    if handoffs:
        events = HandoffEvent.objects.filter(handoff__in=[one.pk for one in handoffs], event__in=_TOLD)
        for event in events.order_by("at", "pk"):
            found.setdefault(event.handoff_id, []).append(event)
    return found


def _came_back(handoffs: Sequence[Handoff]) -> dict[int, datetime]:
    """Since when something of them has been back or missing."""
    if not handoffs:
        return {}
    keys = [one.pk for one in handoffs]
    pending = HandoffReturn.objects.filter(handoff__in=keys, state__in=sorted(PENDING)).order_by("-opened_at")
    return dict(pending.values_list("handoff", "opened_at"))


def _card(
    viewer: Actor, one: Handoff, link: NamedLink, at: datetime, told: Sequence[HandoffEvent],
    back: Mapping[int, datetime],
) -> Card:  # fmt: skip
    steps = {Step(event.event): event for event in told}
    warnings = [event for event in told if event.event in (Step.WARN_LATE, Step.WARN_SHORT)]
    refused = steps.get(Step.REFUSE_INPUT) or steps.get(Step.REFUSE_REQUEST)
    since = {
        Column.DELIVERED: one.delivered_at,
        Column.BACK: back.get(one.pk),
        Column.INCOMPLETE: refused.at if refused is not None else None,
    }.get(next(column for column, states in STATES_OF.items() if one.state in states))  # fmt: skip
    return Card(
        handoff=one, link=link, since=since or one.requested_at or one.occurred_at,
        late=one.due_at is not None and one.due_at < at and one.state not in STATES_OF[Column.DELIVERED],
        warning=warnings[-1] if warnings else None, paused=bool(pauses_among(told, viewer=viewer, at=at, handoff=one)),
    )  # fmt: skip
