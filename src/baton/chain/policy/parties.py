"""Parties, memberships, accounts and contacts: who may change them."""

from __future__ import annotations

from collections.abc import Container, Iterable
from dataclasses import dataclass

from django.db.models import Q

from baton.chain.models import Link, Membership, Party
from baton.chain.policy.standing import Standing, in_force, under
from baton.chain.rules import OUTSIDE, POSTS, Capacity, Scope
from baton.core.actors import Actor
from baton.core.rules import Role


@dataclass(frozen=True, slots=True)
class Place:
    """A membership as :func:`may_help` looks at it: path of the party, and primary key of the person who entered it
    (None: Baton itself)."""

    path: str
    entered_by: int | None


def may_add_party(standing: Standing, parent: Party | None) -> bool:
    return standing.edits_all or (parent is not None and standing.leads_over(parent))


def may_add_some_party(standing: Standing) -> bool:
    """Whether there is any place where the actor may add a party."""
    return standing.edits_all or any(lead.scope is Scope.ALL for lead in standing.leads)


def may_promise_to_staff(standing: Standing, party: Party) -> bool:
    """Say what who leads the party promises all in it: who may enter the post that promises, and its links."""
    has_staff = party.party_kind not in OUTSIDE | POSTS
    return has_staff and party.ended_on is None and may_add_party(standing, party)


def may_edit_party(standing: Standing, party: Party) -> bool:
    """Rename it, correct its code."""
    return standing.edits_all or standing.leads_over(party)


def may_move_party(standing: Standing, party: Party, parent: Party | None) -> bool:
    inside = parent is not None and standing.leads_over(parent) and standing.leads_over(party, strictly=True)
    return standing.edits_all or inside


def may_end_party(standing: Standing, party: Party) -> bool:
    return standing.edits_all or standing.leads_over(party, strictly=True)


def may_merge(standing: Standing, ending: Iterable[Party], into: Party | None, parent: Party | None) -> bool:
    """Merge the parties ``ending`` into another one, or into a new one under ``parent``."""
    taken_over = may_edit_party(standing, into) if into is not None else may_add_party(standing, parent)
    return taken_over and all(may_end_party(standing, party) for party in ending)


def may_split(standing: Standing, party: Party) -> bool:
    """End the party and enter others in its place."""
    return may_end_party(standing, party) and may_add_party(standing, party.parent)


def may_describe_partner(standing: Standing, party: Party) -> bool:
    """Say what an outside party is, and whether its links are confidential."""
    return standing.edits_all and party.party_kind in OUTSIDE


def may_appoint(standing: Standing, party: Party, capacity: Capacity, *, himself: bool = False) -> bool:
    """Make somebody, or the actor ``himself``, head, deputy or member of ``party``.

    A deputy does not make himself anything: he would keep it when his days are over.
    """
    if standing.edits_all:
        return True
    if capacity is Capacity.MEMBER and not himself:
        return standing.leads_over(party, Scope.MEMBERS)
    if capacity is Capacity.HEAD and not himself:
        return standing.leads_over(party, strictly=True)
    below = capacity is Capacity.HEAD
    return any(party.path.startswith(path) and not (below and party.path == path) for path in standing.headed)


def may_end_membership(standing: Standing, membership: Membership) -> bool:
    """Ending the only head leaves a gap that only the quality manager may make; nobody ends what he is himself."""
    if standing.edits_all:
        return True
    actor = standing.actor
    if membership.capacity == Capacity.HEAD or (actor.person is not None and membership.person_id == actor.person.pk):
        return False
    return may_appoint(standing, membership.party, Capacity(membership.capacity))


def may_help(standing: Standing, places: Iterable[Place], own_people: Container[int]) -> bool:
    """Whether the actor may hand a reset code to somebody who belongs to these ``places``; with it he could become him.

    Two things must hold, because a head takes in whom he likes and would so become the superior of anybody:

    - Everything that the person belongs to stands in parties that the actor heads; one of them is not enough.
    - Somebody independent put him there: at least one of the places was entered by Baton itself, or by a person who is
      neither the actor nor among ``own_people``, those who belong or ever belonged to what he heads. Whoever belonged
      once counts, or a head would have a deputy take somebody in and then let the deputy go; so no time has to pass.

    Whom this leaves without help, an administrator helps.
    """
    led, places = standing.headed, list(places)
    actor = standing.actor.person
    return (
        bool(places)
        and all(place.path.startswith(led) for place in places)
        and any(_independent(place.entered_by, actor.pk if actor else None, own_people) for place in places)
    )


def _independent(entered_by: int | None, actor: int | None, own_people: Container[int]) -> bool:
    return entered_by is None or (entered_by != actor and entered_by not in own_people)


def may_keep_accounts(standing: Standing, party: Party) -> bool:
    """See, enter, change and end the accounts and contacts of an outside party: those who deal with it, that is the
    members of parties with a live link to or from it, and the quality manager. Two queries."""
    if party.party_kind not in OUTSIDE or standing.is_guest or standing.actor.is_anonymous:
        return False
    if standing.edits_all:
        return True
    own = Party.objects.filter(under(standing.belongs)).values("pk")
    sides = Q(supplier=party, customer__in=own) | Q(customer=party, supplier__in=own)
    return bool(standing.belongs) and Link.objects.filter(in_force(standing.day), sides).exists()


def may_take_contacts(actor: Actor) -> bool:
    """Take a list of contacts away unmasked, and forget a contact for good."""
    return actor.has(Role.QUALITY_MANAGER)
