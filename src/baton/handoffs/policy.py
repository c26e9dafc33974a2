"""Who may see and do what with handoffs. Default deny: what no function here allows is refused.

==========================  =====================  ==========================================  ======================
who                         sees handoffs          acts for                                    decides
==========================  =====================  ==========================================  ======================
member of a side            of links in sight      his side: that of his party or one above    never
head of a side, deputy      of links in sight      that side                                   as arbiter
quality manager             all                    both sides                                  where nobody is agreed
director, auditor           all                    none                                        never
arbiter of the link         of links in sight      as a member                                 contested returns
guest, anybody else         none                   none                                        never
==========================  =====================  ==========================================  ======================

Acting for the supplier: receive, deliver, warn, pause, check before delivery, send an incomplete request back, contest
a return, judge the request. Acting for the customer: ask, accept, return, refuse incomplete input, check, judge what
came, withdraw. For a side that is outside the organisation, whoever acts for the other side writes down what it said.

Nobody accepts, for both sides of a link, what he delivered himself, except where one side stands within the other and
where one of them is outside. Nobody decides about a return that he opened or contested.

Defect codes are kept by the quality manager. How the sides of a link deal with its handoffs is said by who speaks for a
side; arbiter, hours to contest and silent acceptance hold when the other agrees.
An inspector is whoever belongs to a party that hands a control output to a side of the link, and the quality manager.

A handoff is seen by who sees its link; what the other side judged, only when both have judged or a week has passed.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from baton.agreements.policy import speaks_for
from baton.agreements.rules import Side
from baton.chain.rules import OUTSIDE, PartyKind
from baton.core.actors import Actor
from baton.core.rules import Role
from baton.handoffs.rules import SAID_BY, STEPS, Moments, State, Step, Taker

if TYPE_CHECKING:
    from baton.chain.models import Link, Party
    from baton.chain.policy import Standing
    from baton.handoffs.models import HandoffReturn, LinkPractice


def _is_outside(party: Party) -> bool:
    return PartyKind(party.party_kind) in OUTSIDE


def belongs_to(standing: Standing, link: Link) -> frozenset[Side]:
    """The sides whose work the actor does: he is part of the party or of one that stands in it."""
    if standing.is_guest:
        return frozenset()
    paths = {Side.SUPPLIER: link.supplier.path, Side.CUSTOMER: link.customer.path}
    return frozenset(side for side, path in paths.items() if any(own.startswith(path) for own in standing.belongs))


def acts_for(standing: Standing, link: Link) -> frozenset[Side]:
    """The sides of the link for which the actor says what happened."""
    if standing.edits_all:
        return frozenset(Side)
    if standing.is_guest:
        return frozenset()
    sides = belongs_to(standing, link) | speaks_for(standing, link)
    for side, party in ((Side.SUPPLIER, link.supplier), (Side.CUSTOMER, link.customer)):
        if side.other in sides and _is_outside(party):
            sides |= {side}
    return sides


def may_act(standing: Standing, link: Link, side: Side) -> bool:
    """Say what happened in the name of this side."""
    return side in acts_for(standing, link)


def may_record(standing: Standing, link: Link) -> bool:
    """Enter a handoff of the link at all."""
    return bool(acts_for(standing, link))


def may_take(standing: Standing, link: Link, step: Step, *, state: State) -> bool:
    """Take this step; whether the handoff can take it, the rules say. What a step of either side is, both may take; a
    handoff that was entered by mistake the quality manager withdraws, whatever its state."""
    taker = STEPS[step].taker
    if taker is Taker.BATON:
        return standing.actor.is_system
    if step is Step.WITHDRAW and state not in STEPS[step].before:
        return standing.edits_all
    sides = acts_for(standing, link)
    return bool(sides) if taker is Taker.EITHER else Side(taker.value) in sides


def needs_another(standing: Standing, link: Link) -> bool:
    """Whether the actor must not accept what he delivered himself: he acts for both sides of a link between two parties
    of the organisation, neither of which stands in the other."""
    if standing.actor.is_system or len(acts_for(standing, link)) < 2:
        return False
    supplier, customer = link.supplier, link.customer
    within = supplier.path.startswith(customer.path) or customer.path.startswith(supplier.path)
    return not within and not _is_outside(supplier) and not _is_outside(customer)


def may_record_both(standing: Standing, link: Link) -> bool:
    """Enter delivery and acceptance of a handoff at once, as another system tells them."""
    return standing.edits_all or not needs_another(standing, link)


def may_bring(actor: Actor) -> bool:
    """Bring handoffs in bulk, see and withdraw what was brought: the quality manager. Whoever may, sees all imports of
    handoffs, of whatever link."""
    return actor.has(Role.QUALITY_MANAGER)


def may_tell(standing: Standing, link: Link, moments: Moments) -> bool:
    """Enter what another system tells of a handoff of the link: who speaks for a side of it, and acts for the sides
    whose moments are told."""
    if not standing.edits_all and not speaks_for(standing, link):
        return False
    sides = acts_for(standing, link)
    told = {side for name, side in SAID_BY.items() if getattr(moments, name) is not None}
    both = moments.delivered_at is not None and moments.accepted_at is not None
    return told <= sides and (not both or may_record_both(standing, link))


def may_decide(standing: Standing, practice: LinkPractice | None, found: HandoffReturn, *, opener: str) -> bool:
    """Decide about a contested return: the arbiter, or the quality manager where none is agreed or he has left; never
    in his own case. ``opener``: public id of who opened it, empty where a machine did."""
    person = standing.actor.person
    if person is None or found.contested_by_id == person.pk or opener == standing.actor.id:
        return False
    arbiter = practice.arbiter if practice is not None else None
    return arbiter.pk == person.pk if arbiter is not None and arbiter.is_active else standing.edits_all


def may_say_practice(standing: Standing, link: Link, side: Side) -> bool:
    """Say how this side deals with handoffs of the link: who speaks for it, and the quality manager."""
    return link.ended_on is None and (standing.edits_all or side in speaks_for(standing, link))


def may_keep_orders(standing: Standing, link: Link) -> bool:
    """Make, change, pause and end standing orders of the link: who speaks for either side, and the quality manager."""
    return any(may_say_practice(standing, link, side) for side in Side)


def may_keep_codes(actor: Actor) -> bool:
    """Add, change and end defect codes."""
    return actor.has(Role.QUALITY_MANAGER)


def may_measure_path(standing: Standing, links: Sequence[Link]) -> bool:
    """Have a path of these links measured, or measured no more: who acts for a side of one of them, and the
    director."""
    return standing.actor.has(Role.DIRECTOR) or any(acts_for(standing, link) for link in links)


def may_inspect(standing: Standing, *, inspects: bool) -> bool:
    """Enter an inspector's check; ``inspects``: the actor belongs to a party that checks a side of the link."""
    return not standing.is_guest and (standing.edits_all or inspects)
