"""What somebody is in the chain on a day: where he belongs, and what he leads within which scope."""

from __future__ import annotations

from collections.abc import Hashable, Iterable
from dataclasses import dataclass, replace
from datetime import date
from typing import TYPE_CHECKING

from django.db.models import Q

from baton.chain.models import Membership, Party
from baton.chain.rules import OUTSIDE, Capacity, Dealings, LinkSide, OutputKind, Scope
from baton.core.actors import Actor
from baton.core.once import once, only_reads
from baton.core.rules import Role
from baton.core.versions import Memory, Version, version_of

if TYPE_CHECKING:
    from baton.core.models import Person

SEE_LINKS = (Role.QUALITY_MANAGER, Role.DIRECTOR, Role.AUDITOR)
SEE_PARTIES = (*SEE_LINKS, Role.ADMINISTRATOR, Role.HR)


def in_force(day: date) -> Q:
    """Rows with ``began_on`` and ``ended_on`` that hold on ``day``."""
    return Q(began_on__lte=day) & (Q(ended_on__isnull=True) | Q(ended_on__gt=day))


def beyond(day: date) -> Q:
    """Rows with ``ended_on`` that still hold on or after ``day``."""
    return Q(ended_on__isnull=True) | Q(ended_on__gt=day)


def under(paths: Iterable[str], prefix: str = "") -> Q:
    """Parties at or below any of ``paths``; none when there are no paths. ``prefix`` leads to the party."""
    found = Q(pk__in=())
    for path in paths:
        found |= Q(**{f"{prefix}path__startswith": path})
    return found


@dataclass(frozen=True, slots=True)
class Lead:
    """A party that somebody leads, as its head or in the head's place.

    A deputy with :attr:`Scope.LINKS` may be held to some links: those on which the party is ``side``, that hand over
    outputs of ``kind``, with whom it has these ``dealings``; empty: whichever.
    """

    path: str
    scope: Scope = Scope.ALL
    head: bool = True
    side: str = ""
    kind: str = ""
    dealings: str = ""

    @property
    def is_narrow(self) -> bool:
        """Whether it covers some links only."""
        return bool(self.side or self.kind or self.dealings)

    @property
    def is_whole(self) -> bool:
        """Whether it covers links at all, and all of them."""
        return self.scope in (Scope.ALL, Scope.LINKS) and not self.is_narrow

    def covers(self, *, side: LinkSide, kinds: Iterable[OutputKind], other: Party | None) -> bool:
        """Whether it covers links on which the party is ``side``, hand over ``kinds`` and lead to or from ``other``;
        None: to anybody."""
        dealings = None if other is None else Dealings.OUTSIDE if other.party_kind in OUTSIDE else Dealings.INSIDE
        return (
            self.scope in (Scope.ALL, Scope.LINKS)
            and self.side in ("", side)
            and all(self.kind in ("", kind) for kind in kinds)
            and self.dealings in ("", dealings)
        )


@dataclass(frozen=True, slots=True)
class Standing:
    """What an actor is in the chain on one day; read once, asked often.

    ``leads`` holds every party that he heads or stands in for; ``belongs`` the paths of all parties that he is part of
    in whatever capacity; ``is_party``: he was ever entered as a party himself.
    """

    actor: Actor
    day: date
    belongs: frozenset[str] = frozenset()
    leads: frozenset[Lead] = frozenset()
    is_party: bool = False

    @property
    def edits_all(self) -> bool:
        return self.actor.has(Role.QUALITY_MANAGER)

    @property
    def is_guest(self) -> bool:
        return self.actor.has(Role.GUEST) and not self.actor.is_system

    @property
    def headed(self) -> tuple[str, ...]:
        """Paths of the parties that he heads."""
        return tuple(lead.path for lead in self.leads if lead.head)

    def leading(self, party: Party, *, strictly: bool = False) -> list[Lead]:
        """By what he leads ``party``, which stands in (``strictly``: below) what he leads. A deputy does not lead the
        party that is he himself: that would be his own case."""
        own = self.actor.person is not None and party.person_id == self.actor.person.pk
        return [
            lead
            for lead in self.leads
            if party.path.startswith(lead.path)
            and not (strictly and party.path == lead.path)
            and (lead.head or not own)
        ]

    def leads_over(self, party: Party, *scopes: Scope, strictly: bool = False) -> bool:
        """Whether he leads ``party`` with everything, or with one of ``scopes``, whole."""
        found = self.leading(party, strictly=strictly)
        return any(lead.scope in (Scope.ALL, *scopes) and not lead.is_narrow for lead in found)

    def deals_for(self, party: Party, *, side: LinkSide, kinds: Iterable[OutputKind], other: Party | None) -> bool:
        """Whether he may say what ``party`` hands over or gets; see :meth:`Lead.covers`."""
        asked = list(kinds)
        return any(lead.covers(side=side, kinds=asked, other=other) for lead in self.leading(party))


_KEPT: Memory[Standing] = Memory(most=1_000)
"""By all on which it depends: the records, who it is, and the day."""


def records() -> Version:
    """Equal as long as no record changes on which it depends what anybody is in the chain, and what he sees of it. Two
    queries, once a request."""
    models = ("chain.Membership", "chain.Party", "chain.Link", "chain.Reading")
    return once("chain.policy.records", lambda: version_of(*models))


def standing_of(actor: Actor, day: date) -> Standing:
    """Read what ``actor`` is on ``day``, once a request. Four queries, two as long as no record changes on which it
    depends; none for the system and for strangers.

    It is kept until a change begins: what is changed is judged by what stands in the database then.
    """
    return once(("chain.standing", actor, day), lambda: _standing_of(actor, day))


def company_of(actor: Actor, day: date) -> Hashable:
    """Equal for all who hold the same roles and the same memberships on ``day``, as long as no record changes on which
    their sight depends: they see the same of the chain, and may do the same in it. Who is a party himself is equal to
    nobody but himself.

    It begins with the version under which the standing was read: if that changes while something is made to be kept
    under it, nobody finds it there any more.
    """
    standing = standing_of(actor, day)
    alone = actor.id if actor.person is None or standing.is_party else ""
    return records() if only_reads() else None, alone, actor.roles, standing.belongs, standing.leads


def _standing_of(actor: Actor, day: date) -> Standing:
    if actor.person is None:
        return Standing(actor, day)
    if not only_reads():
        return _read(actor, actor.person, day)
    person = actor.person
    kept = _KEPT.get((records(), person.pk, day), lambda: _read(actor, person, day))
    # He may hold other roles by now, and acts in another request.
    return replace(kept, actor=actor)


def _read(actor: Actor, person: Person, day: date) -> Standing:
    held = Membership.objects.filter(in_force(day), person=person)
    rows = list(held.values_list("party__path", "capacity", "scope", "scope_side", "scope_kind", "scope_dealings"))
    he_is = list(Party.objects.filter(person=person).values_list("path", "began_on", "ended_on"))
    own = {path for path, began, ended in he_is if began <= day and (ended is None or ended > day)}
    leads = frozenset(
        Lead(path, Scope(scope), capacity == Capacity.HEAD, *narrowed)
        for path, capacity, scope, *narrowed in rows
        if capacity != Capacity.MEMBER
    )
    return Standing(actor, day, frozenset({path for path, *_rest in rows} | own), leads, bool(he_is))
