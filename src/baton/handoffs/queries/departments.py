"""What a department owes and gets, link by link: clauses in force, what was reached, what is open. Stored figures only:
no handoff is looked at but those that are not over."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING

from django.db.models import Count, Q

from baton.agreements.queries import clauses_by_version
from baton.agreements.queries.in_force import versions_in_force_at
from baton.agreements.rules import Side
from baton.chain.policy import sight_of
from baton.chain.queries.chains import Chain, NamedLink, PartyFact, chain_in_sight
from baton.core.actors import Actor
from baton.core.database.keys import Keys
from baton.core.days import day_of
from baton.core.errors import NotFound
from baton.core.policy import demand, may_use
from baton.handoffs.models import Handoff, HandoffReturn, LinkFigures
from baton.handoffs.models.conditions import IsOpen, IsPending
from baton.handoffs.rules import OWED, State
from baton.monitoring.queries import clause_results

if TYPE_CHECKING:
    from baton.agreements.models import Clause
    from baton.monitoring.models import StoredMeasure


@dataclass(frozen=True, slots=True)
class StillOpen:
    """Of a link how many handoffs are not over, how many of these are owed and past their time, how many wait to be
    accepted, and how many returns are not settled."""

    handoffs: int = 0
    overdue: int = 0
    to_accept: int = 0
    returns: int = 0


@dataclass(frozen=True, slots=True)
class LinkStanding:
    """A link as one end sees it. ``owed_by``: whose clauses these are, the supplier's promises or the customer's
    duties; ``stored``: what was measured of a clause, by its line and the name of the chart."""

    link: NamedLink
    owed_by: Side
    clauses: list[Clause]
    stored: Mapping[str, Mapping[str, StoredMeasure]]
    figures: LinkFigures | None
    still: StillOpen

    @property
    def ower(self) -> PartyFact:
        """Who owes it."""
        return self.link.supplier if self.owed_by is Side.SUPPLIER else self.link.customer

    @property
    def getter(self) -> PartyFact:
        """Whom it is owed to."""
        return self.link.customer if self.owed_by is Side.SUPPLIER else self.link.supplier


@dataclass(frozen=True, slots=True)
class Department:
    """What a party and all that stands in it owe (``owes``) and get (``gets``), in no order. ``party`` None: all
    parties of the viewer; ``belongs``: there is one at least."""

    party: PartyFact | None
    belongs: bool
    owes: list[LinkStanding] = field(default_factory=list)
    gets: list[LinkStanding] = field(default_factory=list)


def department(*, viewer: Actor, at: datetime, party: str = "") -> Department:
    """Both directions of a party (public id; empty: the parties of the viewer), over the live links in sight. What its
    own parts hand to each other stands in neither. Nine queries at most beside those of the viewer's sight;
    :class:`NotFound` for a party that he does not see."""
    seen, found, touching = _whose(viewer, at, party)
    known = _Known.of(viewer, at, seen, touching)
    for pk, supplies in touching.items():
        for owed_by in Side:
            row = known.standing(pk, owed_by)
            # A link without a clause shows what is handed over all the same; duties only where there are any.
            if owed_by is Side.SUPPLIER or row.clauses:
                (found.owes if supplies is (owed_by is Side.SUPPLIER) else found.gets).append(row)
    return found


def deals_with_others(*, viewer: Actor, at: datetime, party: str) -> bool:
    """Whether a live link in sight leads from a party (public id), or what stands in it, to another or back; not for a
    party that the viewer does not see. No query beside those of his sight."""
    try:
        return bool(_whose(viewer, at, party)[2])
    except NotFound:  # a party that has ended owes nothing
        return False


def _whose(viewer: Actor, at: datetime, party: str) -> tuple[Chain, Department, dict[int, bool]]:
    """The chain in sight, the department as yet without rows, and the keys of the links between it and others: whether
    it is their supplier."""
    demand(may_use(viewer))
    sight = sight_of(viewer, day_of(at))
    seen = chain_in_sight(sight, day_of(at))
    chosen = next((one for one in seen.parties.values() if one.public_id == party), None) if party else None
    if party and chosen is None:
        raise NotFound
    inside = sight.own if chosen is None else {one.pk for one in seen.parties.values() if party in one.above}
    ends = {pk: (link.supplier in inside, link.customer in inside) for pk, link in seen.links.items()}
    touching = {pk: supplies for pk, (supplies, takes) in ends.items() if supplies is not takes}
    return seen, Department(chosen, bool(inside)), touching


@dataclass(frozen=True, slots=True)
class _Known:
    """What is known of links, by key."""

    chain: Chain
    clauses: Mapping[int, list[Clause]]
    stored: Mapping[str, Mapping[str, StoredMeasure]]
    figures: Mapping[int, LinkFigures]
    still: Mapping[int, StillOpen]

    @classmethod
    def of(cls, viewer: Actor, at: datetime, seen: Chain, links: Collection[int]) -> _Known:
        if not links:
            return cls(seen, {}, {}, {}, {})
        versions = versions_in_force_at(viewer=viewer, links=links, moment=at)
        by_version = clauses_by_version(viewer=viewer, versions=list(versions.values())) if versions else {}
        clauses = {link: by_version[version.pk] for link, version in versions.items()}
        keys = [f"{seen.links[link].public_id}/{one.line}" for link, held in clauses.items() for one in held]
        return cls(
            seen,
            clauses,
            clause_results(viewer=viewer, keys=keys) if keys else {},
            {one.link_id: one for one in LinkFigures.objects.filter(link__pk__among=Keys(links))},
            still_open(viewer=viewer, at=at, links=links),
        )

    def standing(self, pk: int, owed_by: Side) -> LinkStanding:
        link = self.chain.named(pk)
        clauses = [one for one in self.clauses.get(pk, []) if one.owed_by == owed_by]
        stored = {one.line: self.stored.get(f"{link.public_id}/{one.line}", {}) for one in clauses}
        return LinkStanding(
            link, owed_by, clauses, stored, self.figures.get(pk), self.still.get(pk, StillOpen())
        )  # fmt: skip


def still_open(*, viewer: Actor, at: datetime, links: Collection[int]) -> dict[int, StillOpen]:
    """What is open on each of these links (keys) that has anything open. The caller has made sure that ``viewer`` sees
    them. Two queries."""
    demand(may_use(viewer))
    among = Keys(links)
    owed = Q(state__in=sorted(OWED))
    rows = Handoff.objects.filter(IsOpen("state"), link__pk__among=among).values("link").order_by("link")
    counted = rows.annotate(
        handoffs=Count("pk"),
        overdue=Count("pk", filter=owed & Q(due_at__lt=at)),
        to_accept=Count("pk", filter=Q(state=State.DELIVERED)),
    )
    pending = HandoffReturn.objects.filter(IsPending("state"), handoff__link__pk__among=among)
    returns = dict(pending.order_by("handoff__link").values_list("handoff__link").annotate(Count("pk")))
    found = {row["link"]: (row["handoffs"], row["overdue"], row["to_accept"]) for row in counted}
    return {
        link: StillOpen(*found.get(link, (0, 0, 0)), returns.get(link, 0)) for link in found.keys() | returns.keys()
    }
