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
From a call point whoever acts for the customer calls; who speaks for a side sets it up.

Points for handoffs, where the installation has them on: terms are proposed by who speaks for a side, agreed to by
somebody else who speaks for the other, ended by either (the quality manager may say each for either); the ledger of a
link is seen by who belongs to a side or speaks for it, by the arbiter of its terms, quality manager, director and
auditor, an account by who belongs to the party or to one above it and by the latter three. Members claim and answer for
their side, nobody both. The arbiter decides; where he cannot (he has left, acts for a side by now, or claimed or
answered himself), the quality manager. Nobody decides who acts for a side.

Tables of handoffs are brought by who speaks for a side, of the links for which he does, and by the quality manager of
all; he sees and withdraws what anybody brought, others what they brought themselves.
An inspector is whoever belongs to a party that hands a control output to a side of the link, and the quality manager.

A shared tablet shows what its team owes and gets today, and nothing else; who takes a step there shows PIN or badge,
and may what he may as a member, without his roles in the whole organisation. Tablets are registered and withdrawn by
who leads the team, by administrators and the quality manager.

A handoff is seen by who sees its link. What a side judged is read, until both have judged or a week has passed, by who
belongs to it or speaks for it, by who wrote it down, and of a side outside the organisation by who acts for the other
one; by nobody else, whatever his role. Who reads the audit trail reads it there, as all that happened.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import TYPE_CHECKING

from django.conf import settings

from baton.agreements.policy import speaks_for
from baton.agreements.rules import Side
from baton.chain.rules import OUTSIDE, PartyKind, Scope
from baton.core.actors import Actor
from baton.core.policy import may_use
from baton.core.rules import Role
from baton.handoffs.rules import SAID_BY, STEPS, Moments, State, Step, Taker
from baton.handoffs.rules.settlement import ClaimState, may_be_taken_back

if TYPE_CHECKING:
    from baton.chain.models import Link, Party
    from baton.chain.policy import Sight, Standing
    from baton.handoffs.models import HandoffReturn, Judgement, LinkPractice, LinkSettlement, SettlementClaim


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
    return _with_outside(own_sides(standing, link), link)


def _with_outside(sides: frozenset[Side], link: Link) -> frozenset[Side]:
    """These sides, and the one outside the organisation in whose name the other one writes."""
    for side, party in ((Side.SUPPLIER, link.supplier), (Side.CUSTOMER, link.customer)):
        if side.other in sides and _is_outside(party):
            sides |= {side}
    return sides


def own_sides(standing: Standing, link: Link) -> frozenset[Side]:
    """The sides to which the actor belongs or for which he speaks, whatever his role in the organisation."""
    return belongs_to(standing, link) | speaks_for(standing, link)


def reads_judgement(standing: Standing, link: Link, judgement: Judgement) -> bool:
    """Read what a side judged before both sides read it."""
    person = standing.actor.person
    own = person is not None and judgement.person_id == person.pk
    return own or Side(judgement.side) in _with_outside(own_sides(standing, link), link)


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


def may_bring(standing: Standing) -> bool:
    """Bring tables of handoffs, see and withdraw what he brought himself: who speaks for a side of links, and the
    quality manager. Of which links, :func:`may_tell` says row by row."""
    if standing.edits_all:
        return True
    return not standing.is_guest and any(lead.scope in (Scope.ALL, Scope.LINKS) for lead in standing.leads)


def handles_all_brought(actor: Actor) -> bool:
    """See and withdraw the tables of handoffs that others brought, of whatever link: the quality manager."""
    return actor.has(Role.QUALITY_MANAGER)


def may_find(standing: Standing, link: Link) -> bool:
    """Say what the customer found of what came: whether it was complete, whether its papers were right, how much of it
    he took or refused, and why."""
    return may_act(standing, link, Side.CUSTOMER)


def may_tell_of(standing: Standing, link: Link) -> bool:
    """Enter what another system tells of any handoff of the link: who speaks for a side of it."""
    return standing.edits_all or bool(speaks_for(standing, link))


def may_tell(
    standing: Standing, link: Link, moments: Moments, *, judged: bool = False, costs: Collection[Side] = frozenset()
) -> bool:
    """Enter what another system tells of a handoff of the link: who speaks for a side of it, and acts for the sides
    whose moments and ``costs`` are told. ``judged``: what the customer found of it is told, too; see
    :func:`may_find`."""
    if not may_tell_of(standing, link) or (judged and not may_find(standing, link)):
        return False
    sides = acts_for(standing, link)
    told = {side for name, side in SAID_BY.items() if getattr(moments, name) is not None} | set(costs)
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


def may_keep_points(standing: Standing, link: Link) -> bool:
    """Set up, rename and end call points of the link: who speaks for either side, and the quality manager."""
    return any(may_say_practice(standing, link, side) for side in Side)


def may_keep_tablet(standing: Standing, party: Party) -> bool:
    """Register and withdraw the shared tablets of a team: who leads it, administrators and the quality manager."""
    return standing.actor.has(Role.ADMINISTRATOR) or standing.edits_all or standing.leads_over(party)


def may_keep_tablets(standing: Standing) -> bool:
    """Have the list of shared tablets: who may register one for some team."""
    return standing.actor.has(Role.ADMINISTRATOR) or standing.edits_all or bool(standing.leads)


def may_count_dealings(actor: Actor) -> bool:
    """Count who dealt with whom over every link: who sees them all, and Baton itself."""
    return actor.is_system or actor.has(Role.QUALITY_MANAGER, Role.DIRECTOR, Role.AUDITOR)


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


def may_use_settlement(actor: Actor) -> bool:
    """Open anything at all about points for handoffs: where the installation has them on."""
    return settings.SETTLEMENT and may_use(actor)


def is_settled_inside(link: Link) -> bool:
    """Whether both sides are parties of the organisation: nobody outside has an account."""
    return not _is_outside(link.supplier) and not _is_outside(link.customer)


def may_agree_settlement(standing: Standing, link: Link, side: Side) -> bool:
    """Propose, agree to, drop and end terms of settlement for this side."""
    return is_settled_inside(link) and may_say_practice(standing, link, side)


def may_see_settlement(sight: Sight, link: Link, terms: LinkSettlement | None) -> bool:
    """See the terms, entries and claims of a link. ``terms``: those in force or proposed."""
    person = sight.standing.actor.person
    if not may_use_settlement(sight.standing.actor):
        return False
    if sight.sees_all_links or own_sides(sight.standing, link):
        return True
    return terms is not None and person is not None and terms.arbiter_id == person.pk


def may_see_account(sight: Sight, party: Party) -> bool:
    """See the points of a party: who belongs to it or to one above it, and who sees all links."""
    return may_use_settlement(sight.standing.actor) and (sight.sees_all_links or party.pk in sight.own)


def may_claim(standing: Standing, link: Link) -> bool:
    """Claim points back for the customer."""
    return may_act(standing, link, Side.CUSTOMER)


def may_take_claim_back(standing: Standing, claim: SettlementClaim) -> bool:
    """Take back what the customer claimed, as long as nobody has decided."""
    state, claimed = ClaimState(claim.state), claim.made_at is not None
    can = may_be_taken_back(state, claimed=claimed, tripped_for=claim.trip_reason)
    return can and may_claim(standing, claim.terms.link)


def may_answer_claim(standing: Standing, claim: SettlementClaim) -> bool:
    """Accept or dispute a claim for the supplier; never one's own."""
    person = standing.actor.person
    own = person is not None and claim.made_by_id == person.pk
    return not own and may_act(standing, claim.terms.link, Side.SUPPLIER)


def can_rule(standing: Standing, claim: SettlementClaim) -> bool:
    """Whether somebody is free to decide about a claim: he is there, acts for neither side, and neither claimed nor
    answered it."""
    person = standing.actor.person
    if person is None or not person.is_active or person.pk in (claim.made_by_id, claim.answered_by_id):
        return False
    return not own_sides(standing, claim.terms.link)


def may_rule(standing: Standing, claim: SettlementClaim, *, arbiter: Standing) -> bool:
    """Decide about a claim: the arbiter of the terms (what he is: ``arbiter``), or the quality manager where the
    arbiter is not free to."""
    if not can_rule(standing, claim):
        return False
    person = standing.actor.person
    if person is not None and claim.terms.arbiter_id == person.pk:
        return True
    return standing.edits_all and not can_rule(arbiter, claim)
