"""Who may see and do what with agreements. Default deny: what no function here allows is refused.

==========================  =====================  ===========================================  =====================
who                         sees agreements        writes and proposes                          signs
==========================  =====================  ===========================================  =====================
head of a side              of links in sight      of links of his parties                      for his side
deputy, in his days         of links in sight      where his scope covers such links            for that side
quality manager             all                    all, for both sides                          never as such
director, auditor           all                    none                                         never as such
member                      of links in sight      none; he says what he thinks when asked      never
guest, anybody else         none                   none                                         never
==========================  =====================  ===========================================  =====================

A service offer is written, proposed to customers, published and ended by who leads its supplier with all links, and by
the quality manager, who never signs it. Its proposed versions are read by who sees its supplier or has an agreement on
it in sight, a draft by who writes it and by who sees all links; which customers answered what, by who sees their links.
What is published, anybody reads.

A workshop is led by who writes what it is about, and seen by who sees that; one about a draft of a service offer also
by who sees a link on which the offer would hold. To take part nobody needs a right but the address or the code.

Review meetings and joint quality plans are seen by who belongs to a side of their link, by who is invited, and by
quality manager, director and auditor. Who writes the agreement plans and closes them, whoever is invited takes minutes.

What a link in sight is, says :mod:`baton.chain.policy`: an agreement is seen by who sees its link. Nobody signs for
both sides of an agreement, also where he leads both; see :func:`baton.agreements.rules.objection`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from baton.agreements.rules import EDITABLE, HEARD, OPEN, OfferState, Side, Taker, VersionState, taker_of
from baton.chain.policy import Lead, Sight, Standing, may_edit_link, may_edit_party
from baton.chain.rules import LinkSide, OutputKind, Scope
from baton.core.actors import Actor
from baton.core.rules import Role

if TYPE_CHECKING:
    from baton.agreements.models import Guarantee, GuaranteeCall, Opinion, Workshop
    from baton.chain.models import Link, Party


def speaks_for(standing: Standing, link: Link) -> frozenset[Side]:
    """The sides of the link for which the actor proposes, answers and signs: whose party he leads, as head or as deputy
    whose scope covers such links."""
    kinds = [OutputKind(link.output.output_kind)]
    sides = {
        Side.SUPPLIER: (link.supplier, LinkSide.SUPPLIER, link.customer),
        Side.CUSTOMER: (link.customer, LinkSide.CUSTOMER, link.supplier),
    }
    return frozenset(
        side
        for side, (party, place, other) in sides.items()
        if standing.deals_for(party, side=place, kinds=kinds, other=other)
    )


def may_write(standing: Standing, link: Link) -> bool:
    """Begin an agreement of the link, write drafts and propose them."""
    return link.ended_on is None and may_edit_link(standing, link.supplier, link.customer, link.output.output_kind)


def may_edit_clauses(standing: Standing, link: Link, state: VersionState) -> bool:
    """Add, change, drop and reorder clauses of a version in this state."""
    return state in EDITABLE and may_write(standing, link)


def may_deal(standing: Standing, link: Link) -> bool:
    """Take any step at all with versions of the link's agreement: who speaks for a side, and the quality manager."""
    return standing.edits_all or bool(speaks_for(standing, link))


def may_take(
    standing: Standing, link: Link, *, before: VersionState, after: VersionState, proposed_side: Side | None
) -> bool:
    """Take a version from one state to another. What the quality manager proposed for both sides, ``proposed_side``
    None, either side declines and he withdraws. Of a link that has ended nothing is proposed any more."""
    taker = taker_of(before, after)
    if taker is None or taker is Taker.BATON:
        return taker is Taker.BATON and standing.actor.is_system
    if after in OPEN and link.ended_on is not None:
        return False
    mine = speaks_for(standing, link)
    if taker is Taker.OTHER:
        return bool(mine - {proposed_side})
    if standing.edits_all:
        return True
    return bool(mine) if taker is Taker.EITHER else proposed_side in mine


def may_lead_workshop(standing: Standing, workshop: Workshop) -> bool:
    """Take a workshop from stage to stage, put notes together, open the projector: who writes its agreement, or its
    service offer. To take part nobody needs a right but the address or the code."""
    if workshop.version is not None:
        return may_write(standing, workshop.version.agreement.link)
    return may_write_offers(standing, workshop.supplier)


def may_tidy_workshop(standing: Standing, workshop: Workshop) -> bool:
    """Close a workshop, and take out a note that names somebody: who may lead it, also where its link or supplier has
    ended. What is closed by itself, Baton closes."""
    if standing.actor.is_system:
        return True
    if workshop.version is None:
        return standing.edits_all or standing.leads_over(workshop.supplier, Scope.LINKS)
    link = workshop.version.agreement.link
    return may_edit_link(standing, link.supplier, link.customer, link.output.output_kind)


def may_bring_clauses(actor: Actor) -> bool:
    """Import clauses of many agreements from one table: whoever may sees the tables that others have brought."""
    return actor.has(Role.QUALITY_MANAGER)


def may_ask_staff(standing: Standing, link: Link, side: Side) -> bool:
    """Ask people of this side what they think of a version: who speaks for the side, and the quality manager."""
    return link.ended_on is None and (standing.edits_all or side in speaks_for(standing, link))


def may_read_opinions(sight: Sight, link: Link, *, invited: bool) -> bool:
    """Read who said what to a version: who is asked himself, who may take steps with it, and who sees all links."""
    return invited or may_deal(sight.standing, link) or sight.sees_all_links


def may_answer(standing: Standing, link: Link, opinion: Opinion, state: VersionState) -> bool:
    """Adopt or decline an objection or a counter-proposal that is not his own.

    In a consultation whoever edits the draft answers what somebody said for himself. What a side says by who leads it,
    and what is said to a proposal, the other side answers; the quality manager both.
    """
    person = standing.actor.person
    if state not in HEARD or (person is not None and opinion.person_id == person.pk):
        return False
    if standing.edits_all:
        return link.ended_on is None
    if opinion.by_lead or state is VersionState.PROPOSED:
        return Side(opinion.side).other in speaks_for(standing, link)
    return may_write(standing, link)


def may_say_how_many_take_part(actor: Actor) -> bool:
    """Say which share of the invited staff is to have said something before an agreement is signed."""
    return actor.has(Role.QUALITY_MANAGER)


def belongs_to(standing: Standing, link: Link) -> frozenset[Side]:
    """The sides of the link to which the actor belongs: he is part of the party, of one under it, or of one above."""
    sides = {Side.SUPPLIER: link.supplier.path, Side.CUSTOMER: link.customer.path}
    return frozenset(
        side
        for side, path in sides.items()
        if any(path.startswith(own) or own.startswith(path) for own in standing.belongs)
    )


def may_take_minutes(standing: Standing, link: Link, *, invited: bool) -> bool:
    """Write minutes, decisions and attendance of a review meeting: who plans meetings of the link, and whoever is
    invited and belongs to one of its sides."""
    return may_write(standing, link) or (invited and bool(belongs_to(standing, link)))


def may_keep_decision(standing: Standing, link: Link, *, keeper: int | None) -> bool:
    """Say what became of a decision or an item of the plan: who keeps it (key of the person), and who plans meetings
    of the link."""
    person = standing.actor.person
    return may_write(standing, link) or (person is not None and person.pk == keeper)


def may_keep_certificates(standing: Standing, party: Party) -> bool:
    """Enter, correct, renew and end certificates of a party: who leads it, and the quality manager."""
    return party.ended_on is None and may_edit_party(standing, party)


def may_guarantee(standing: Standing, guarantee: Guarantee) -> bool:
    """Give, change and end a guarantee: for an agreement whoever speaks for its supplier, for a service offer whoever
    leads who offers it; the quality manager both."""
    if standing.edits_all:
        return True
    if guarantee.agreement is not None:
        link = guarantee.agreement.link
        return link.ended_on is None and Side.SUPPLIER in speaks_for(standing, link)
    return guarantee.offer is not None and standing.leads_over(guarantee.offer.supplier)


def may_call(sight: Sight, link: Link) -> bool:
    """Call a guarantee in the customer's name: everybody who belongs to the customer, and the quality manager."""
    return (
        sight.standing.edits_all or link.customer_id in sight.own or Side.CUSTOMER in speaks_for(sight.standing, link)
    )


def may_end_call(sight: Sight, call: GuaranteeCall) -> bool:
    """Say whether a guarantee was honoured: who may call it, and who speaks for the supplier."""
    link = call.agreement.link
    return may_call(sight, link) or Side.SUPPLIER in speaks_for(sight.standing, link)


def may_write_offers(standing: Standing, supplier: Party) -> bool:
    """Begin service offers of a party, write them, ask customers, publish and end them."""
    return supplier.ended_on is None and (standing.edits_all or standing.leads_over(supplier, Scope.LINKS))


def may_sign_offers(standing: Standing, supplier: Party) -> bool:
    """Propose a version of a service offer in the name of the party: who leads it with all its links, himself."""
    return supplier.ended_on is None and standing.leads_over(supplier, Scope.LINKS)


def may_edit_offered(standing: Standing, supplier: Party, state: OfferState) -> bool:
    """Change clauses, steps and days of a version of a service offer in this state."""
    return state is OfferState.DRAFT and may_write_offers(standing, supplier)


def may_promise_staff(standing: Standing, link: Link) -> bool:
    """Turn what a leader hands to his staff into a clause with days, and end it: who speaks for him (himself, who leads
    above him, a deputy), and the quality manager. Only the leader's side signs it."""
    return link.ended_on is None and (standing.edits_all or Side.SUPPLIER in speaks_for(standing, link))


def may_fulfil(standing: Standing, link: Link) -> bool:
    """Say that a leader's promise was kept: who speaks for him; nobody else does it for him."""
    return Side.SUPPLIER in speaks_for(standing, link)


def may_say_seen(standing: Standing, link: Link) -> bool:
    """Say that one has seen a kept promise: the staff, which is everybody who belongs to the customer or to something
    that stands in it, and does not speak for the leader."""
    of_staff = any(path.startswith(link.customer.path) for path in standing.belongs)
    return of_staff and Side.SUPPLIER not in speaks_for(standing, link)


def may_keep_training(standing: Standing, party: Party) -> bool:
    """Enter and take back who of a party was trained: who leads it, and the quality manager."""
    return party.ended_on is None and may_edit_party(standing, party)


def reads_all_training(standing: Standing) -> bool:
    """Read by name who was trained, of all parties: the quality manager, and HR, who train."""
    return standing.actor.has(Role.QUALITY_MANAGER, Role.HR)


def may_read_training(standing: Standing, party: Party) -> bool:
    """Read by name who of a party was trained. Everybody else reads shares only, and what is entered about himself."""
    return reads_all_training(standing) or any(map(reads_training_with, standing.leading(party)))


def reads_training_with(lead: Lead) -> bool:
    """Whether leading a party so lets somebody read who of it was trained: with everything, not in some matters."""
    return lead.scope is Scope.ALL and not lead.is_narrow
