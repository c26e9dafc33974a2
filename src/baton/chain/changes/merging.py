"""Several parties become one."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import TYPE_CHECKING

from baton.chain import policy
from baton.chain.changes.handing_on import Handover, check_ending
from baton.chain.changes.parties import add_party, no_accounts
from baton.chain.models import Membership, Party
from baton.chain.queries.successions import MergePlan, merge_plan
from baton.chain.rules import Capacity, Confidentiality, PartyKind, Succession
from baton.core.actors import Actor
from baton.core.audit.trail import change
from baton.core.days import day_of
from baton.core.errors import Refused, Stale
from baton.core.policy import demand
from baton.core.texts import Texts
from baton_analysis.errors import gettext_noop

if TYPE_CHECKING:
    from baton.core.models import Person


def merge_parties(
    *,
    by: Actor,
    at: datetime,
    parties: Sequence[Party],
    into: Party | None = None,
    name: Texts | None = None,
    on: date | None = None,
    head: Person | None = None,
    expected_seq: int | None = None,
    reason: str = "",
) -> Party:
    """Make ``parties`` one: ``into``, or a new party called ``name`` of the kind and in the place of the first.

    All that hangs on them goes on at the one that takes over, from the day ``on`` (today); :class:`MergePlan` shows it
    before. Links between them end. ``head`` says who heads it where several could; the other heads are members
    of it then. ``expected_seq`` is the version of the first party that the person saw. Refused, with names: fewer than
    two, parties inside with parties outside, a person, one that has ended, ``into`` below one that ends.
    """
    day = on or day_of(at)
    with change(by=by, at=at, reason=reason) as trail:
        plan = propose_merge(by=by, at=at, parties=parties, into=into, on=day, head=head)
        stands = Party.objects.get(pk=parties[0].pk).changed_seq
        if expected_seq not in (None, stands):
            raise Stale(version=stands)
        _demand_one_head(plan)
        handover = Handover(trail, day)
        successor = _successor(handover, plan, name)
        _hand_on(handover, plan, successor)
        for old in plan.predecessors:
            handover.party(old, [successor], Succession.MERGE)
        return Party.objects.get(pk=successor.pk)


def propose_merge(
    *,
    by: Actor,
    at: datetime,
    parties: Sequence[Party],
    into: Party | None = None,
    on: date | None = None,
    head: Person | None = None,
) -> MergePlan:
    """What :func:`merge_parties` would do, as things stand; changes nothing and refuses as that does, but for the name
    of a new party and the choice among several heads."""
    today = day_of(at)
    found = Party.objects.select_related("parent").in_bulk(
        [party.pk for party in (*parties, *([into] if into else []))]
    )
    fresh = [found[party.pk] for party in dict.fromkeys(parties)]
    plan = merge_plan(
        viewer=by, at=at, parties=fresh, into=found[into.pk] if into is not None else None, on=on or today, head=head
    )
    _check(plan)
    check_ending([*plan.predecessors, *([plan.into] if plan.into else [])], plan.holdings, on or today, today)
    for old in plan.predecessors:
        no_accounts(old)
    _demand(by, plan, at, head)
    return plan


def _check(plan: MergePlan) -> None:
    if len(plan.predecessors) + (plan.into is not None) < 2:
        raise Refused(
            field="parties",
            expected=gettext_noop("Expected at least two parties."),
            remedy=gettext_noop("Choose with which others it is to be merged."),
        )
    above = next((old for old in plan.predecessors if plan.into is not None and old.contains(plan.into)), None)
    if above is not None and plan.into is not None:
        raise Refused(
            field="into",
            expected=gettext_noop("Expected a party that does not stand under one that ends."),
            found=gettext_noop("{number} stands under {above}."),
            remedy=gettext_noop("Move it first, or merge the other way round."),
            number=plan.into.number,
            above=above.number,
        )


def _demand_one_head(plan: MergePlan) -> None:
    if plan.undecided:
        raise Refused(
            field="head",
            expected=gettext_noop("Expected one head."),
            found=gettext_noop("They have several: {names}."),
            remedy=gettext_noop("Choose who heads the party that comes of them; the others become members."),
            names=", ".join(str(person) for person in plan.heads),
        )


def _demand(by: Actor, plan: MergePlan, at: datetime, chosen: Person | None) -> None:
    standing = policy.standing_of(by, day_of(at))
    demand(policy.may_merge(standing, plan.predecessors, plan.into, plan.parent))
    himself = chosen is not None and by.person is not None and chosen.pk == by.person.pk
    if himself:  # among several heads: nobody chooses himself but who heads a party above
        demand(all(policy.may_appoint(standing, old, Capacity.HEAD, himself=True) for old in plan.predecessors))


def _successor(handover: Handover, plan: MergePlan, name: Texts | None) -> Party:
    """The party that takes over; what was confidential stays so."""
    trail, first = handover.trail, plan.predecessors[0]
    into = plan.into or add_party(
        by=trail.by, at=trail.at, party_kind=PartyKind(first.party_kind), name=name or {}, parent=plan.parent,
        began_on=handover.on,
    )  # fmt: skip
    into = trail.lock(Party, into)
    if plan.into is None:
        into.partner = first.partner
    if any(old.confidentiality == Confidentiality.CONFIDENTIAL for old in plan.predecessors):
        into.confidentiality = Confidentiality.CONFIDENTIAL
    return trail.save(into, "party.took_over", parties=[old.public_id for old in plan.predecessors])


def _hand_on(handover: Handover, plan: MergePlan, successor: Party) -> None:
    held = plan.holdings
    for link in plan.moved:
        supplier, customer = (successor if side.pk in plan.keys else side for side in (link.supplier, link.customer))
        handover.link(link, supplier, customer)
    for link in (*plan.inner, *(link for link, _same in plan.folded)):
        handover.end(link)
    _hand_on_people(handover, plan, successor)
    for responsibility in held.responsibilities:
        handover.responsibility(responsibility, successor)
    for child in held.children:
        handover.child(child, successor)
    for need in held.needs:
        handover.need(need, successor)
    for project in held.projects:
        handover.project(project, successor)
    for key in held.keys:
        handover.key(key, successor)


def _hand_on_people(handover: Handover, plan: MergePlan, successor: Party) -> None:
    """Heads first, so that who heads one and is a member of another does not come twice."""
    deputies = {one.pk for one in plan.deputies}
    for membership in sorted(plan.holdings.memberships, key=lambda one: one.capacity != Capacity.HEAD):
        capacity = Capacity(membership.capacity)
        if capacity is Capacity.DEPUTY and membership.pk not in deputies:
            handover.end(membership)
        elif capacity is Capacity.HEAD and not _goes_on_heading(plan, membership, handover.on):
            handover.membership(membership, successor, Capacity.MEMBER)
        else:
            handover.membership(membership, successor, capacity)


def _goes_on_heading(plan: MergePlan, held: Membership, on: date) -> bool:
    """Whether this head of a party that ends heads the one that takes over: unless that has its own."""
    if any(one.capacity == Capacity.HEAD for one in plan.kept.memberships):
        return False
    return plan.head is not None and plan.head.pk == held.person_id and held.began_on <= on
