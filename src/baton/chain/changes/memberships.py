"""People become heads, deputies and members of parties, and cease to be."""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING

from baton.chain import policy
from baton.chain.changes.checks import ends_after, still_there
from baton.chain.models import Membership, Party
from baton.chain.rules import OUTSIDE, Capacity, Dealings, LinkSide, OutputKind, PartyKind, Scope, overlap
from baton.core.actors import Actor
from baton.core.audit.trail import change
from baton.core.days import day_of
from baton.core.errors import Forbidden, Refused
from baton.core.policy import demand
from baton.core.queries import roles_of
from baton.core.rules import TAKEN_BACK, Role
from baton.core.texts import clean_text
from baton_analysis.errors import gettext_noop

if TYPE_CHECKING:
    from baton.core.models import Person


def appoint(
    *,
    by: Actor,
    at: datetime,
    party: Party,
    person: Person,
    capacity: Capacity,
    began_on: date | None = None,
    ended_on: date | None = None,
    scope: Scope = Scope.ALL,
    scope_side: LinkSide | str = "",
    scope_kind: OutputKind | str = "",
    scope_dealings: Dealings | str = "",
    note: str = "",
) -> Membership:
    """Make ``person`` head, deputy or member of ``party`` from ``began_on`` (today) until ``ended_on`` (open).

    A deputy needs an end. One for links may be held to those on which the party is ``scope_side``, that hand over
    outputs of ``scope_kind``, with whom it has ``scope_dealings``; empty: whichever. Refused: a second head in the same
    days, the same capacity twice, anybody else but a deputy for links who is held to some.
    """
    capacity, day = Capacity(capacity), day_of(at)
    membership = Membership(
        party=party,
        person=person,
        capacity=capacity,
        scope=Scope(scope) if capacity is Capacity.DEPUTY else Scope.ALL,
        scope_side=LinkSide(scope_side) if scope_side else "",
        scope_kind=OutputKind(scope_kind) if scope_kind else "",
        scope_dealings=Dealings(scope_dealings) if scope_dealings else "",
        note=clean_text(note)[:200],
        appointed_by=by.person,
        began_on=began_on or day,
        ended_on=ended_on,
    )
    ends_after(membership.began_on, ended_on)
    with change(by=by, at=at) as trail:
        party = trail.lock(Party, party)
        himself = by.person is not None and by.person.pk == person.pk
        demand(policy.may_appoint(policy.standing_of(by, day), party, capacity, himself=himself))
        still_there(party.ended_on, party.number)
        _check_capacity(party, membership)
        if capacity is not Capacity.MEMBER:
            refuse_outsider(party, capacity, outsider=comes_from_outside(person, at))
        _check_others(party, membership)
        return trail.save(membership, f"membership.{capacity.value}_appointed")


def end_membership(
    *,
    by: Actor,
    at: datetime,
    membership: Membership,
    ended_on: date | None = None,
    expected_seq: int | None = None,
    reason: str = "",
) -> Membership:
    """End it on ``ended_on`` (today). A party that loses its head so shows the gap until somebody is appointed."""
    last = ended_on or day_of(at)
    with change(by=by, at=at, reason=reason) as trail:
        membership = trail.lock(Membership, membership, expected_seq=expected_seq)
        _demand_end(by, day_of(at), membership)
        if membership.ended_on is not None and membership.ended_on <= last:
            still_there(membership.ended_on, membership.party.number)
        ends_after(membership.began_on, last)
        membership.ended_on = last
        return trail.save(membership, "membership.ended")


def _demand_end(by: Actor, day: date, membership: Membership) -> None:
    if policy.may_end_membership(policy.standing_of(by, day), membership):
        return
    if membership.capacity == Capacity.HEAD:
        raise Forbidden(
            remedy=gettext_noop("Only the quality manager may leave {number} without a head. Ask the quality manager."),
            number=membership.party.number,
        )
    raise Forbidden


def _check_capacity(party: Party, membership: Membership) -> None:
    if party.party_kind == PartyKind.PERSON:
        raise Refused(
            expected=gettext_noop("Expected a department, team, role or outside party."),
            found=gettext_noop("{number} is one person."),
            remedy=gettext_noop("Choose the party that this person works in."),
            number=party.number,
        )
    if membership.capacity == Capacity.DEPUTY and membership.ended_on is None:
        raise Refused(
            field="ended_on",
            expected=gettext_noop("Expected the day on which the deputy hands back."),
            remedy=gettext_noop("Give an end; it can be renewed."),
        )
    narrowed = membership.scope_side or membership.scope_kind or membership.scope_dealings
    if narrowed and membership.scope != Scope.LINKS:
        raise Refused(
            field="scope",
            expected=gettext_noop("Only a deputy whose scope is Links can be held to some of them."),
            remedy=gettext_noop("Choose the capacity Deputy and the scope Links, or leave the three fields empty."),
        )


def _check_others(party: Party, membership: Membership) -> None:
    """One head a day, and nobody twice the same."""
    standing = Membership.everything.exclude(batch__state__in=TAKEN_BACK)
    same = standing.filter(party=party, capacity=membership.capacity)
    if membership.capacity != Capacity.HEAD:
        same = same.filter(person=membership.person)
    for other in same.select_related("person"):
        if overlap(membership.began_on, membership.ended_on, other.began_on, other.ended_on):
            raise held_by(other)


def held_by(other: Membership) -> Refused:
    """The refusal of a membership that ``other`` stands in the way of."""
    return Refused(
        field="person",
        expected=gettext_noop("Expected one head at a time, and each person once in the same capacity."),
        found=gettext_noop("{name} holds it from {began_on}."),
        remedy=gettext_noop("End that membership first, on the day on which the new one begins."),
        name=str(other.person),
        began_on=other.began_on.isoformat(),
    )


def refuse_outsider(party: Party, capacity: Capacity, *, outsider: bool) -> None:
    """Refuse a head or deputy of a party of the organisation who comes from outside."""
    if outsider and capacity is not Capacity.MEMBER and party.party_kind not in OUTSIDE:
        raise Refused(
            field="person",
            expected=gettext_noop("Expected somebody of the organisation as head or deputy of {number}."),
            found=gettext_noop("This person is a guest from outside."),
            remedy=gettext_noop("Choose somebody of the organisation, or end what this person is outside first."),
            number=party.number,
        )


def comes_from_outside(person: Person, at: datetime) -> bool:
    """Whether somebody is a guest here: by his role, or as a member of an outside party."""
    if Role.GUEST in roles_of(person, at):
        return True
    held = Membership.objects.filter(policy.in_force(day_of(at)), person=person)
    return held.filter(party__party_kind__in=OUTSIDE).exists()
