"""Links, outputs, needs, projects and event logs: who may change them."""

from __future__ import annotations

from collections.abc import Iterable

from django.db.models import Q

from baton.chain.models import Link, LinkProposal, Output, Party, Responsibility
from baton.chain.policy.standing import SEE_LINKS, Lead, Standing, beyond, under
from baton.chain.rules import LinkSide, OutputKind, Responsible, Scope
from baton.core.actors import Actor
from baton.core.rules import Role


def may_edit_link(standing: Standing, supplier: Party, customer: Party, *kinds: OutputKind | str) -> bool:
    """Add, change or end a link on which outputs of ``kinds`` are handed over (none: of whichever kind): either side's
    head declares what is handed over, and his deputy where his scope covers such links."""
    asked = [OutputKind(kind) for kind in kinds]
    return (
        standing.edits_all
        or standing.deals_for(supplier, side=LinkSide.SUPPLIER, kinds=asked, other=customer)
        or standing.deals_for(customer, side=LinkSide.CUSTOMER, kinds=asked, other=supplier)
    )


def stands_in_narrowly(standing: Standing, supplier: Party, customer: Party) -> Party | None:
    """The side of a link that the actor leads with some links only; None where he does not."""
    for party in (supplier, customer):
        if any(lead.is_narrow for lead in standing.leading(party)):
            return party
    return None


def may_link(standing: Standing, party: Party) -> bool:
    """Whether there is any link of ``party`` that the actor may add."""
    sides = (standing.deals_for(party, side=side, kinds=(), other=None) for side in LinkSide)
    return standing.edits_all or any(sides) or any(lead.dealings for lead in standing.leading(party))


def may_add_some_link(standing: Standing) -> bool:
    """Whether there is any link that the actor may add; which ones, :func:`may_edit_link` says."""
    return standing.edits_all or any(lead.scope in (Scope.ALL, Scope.LINKS) for lead in standing.leads)


def leads_links_wholly(standing: Standing) -> bool:
    """Whether the actor leads any party with all of its links."""
    return standing.edits_all or any(lead.is_whole for lead in standing.leads)


def may_add_output(standing: Standing, kind: OutputKind) -> bool:
    """Enter an output that nobody hands over yet: whoever may enter links on which such outputs are handed over."""
    return standing.edits_all or any(_hands_over(lead, [kind]) for lead in standing.leads)


def may_edit_output(standing: Standing, output: Output, *kinds: OutputKind | str) -> bool:
    """Correct an output (``kinds``: what it is to become), revise it, end it, say who answers for it: who leads all
    that hand it over or answer for it. An output concerns all its links, so that a deputy whose scope leaves out some
    partners or the links of suppliers does not correct it.

    Two queries.
    """
    if standing.edits_all:
        return True
    asked = [OutputKind(kind) for kind in (output.output_kind, *kinds)]
    suppliers = Party.objects.filter(links_as_supplier__in=Link.objects.filter(beyond(standing.day), output=output))
    accountable = Responsibility.objects.filter(
        beyond(standing.day), output=output, responsible=Responsible.ACCOUNTABLE
    ).select_related("party")
    concerned = [*suppliers.distinct(), *(held.party for held in accountable)]
    if not concerned:
        return any(_hands_over(lead, asked) for lead in standing.leads)
    return all(any(_hands_over(lead, asked) for lead in standing.leading(party)) for party in concerned)


def _hands_over(lead: Lead, kinds: Iterable[OutputKind]) -> bool:
    """Whether it covers all links on which outputs of ``kinds`` are handed over."""
    return not lead.dealings and lead.covers(side=LinkSide.SUPPLIER, kinds=kinds, other=None)


def may_write_needs(standing: Standing) -> bool:
    """Write down, correct and end what people outside need."""
    return leads_links_wholly(standing)


def may_edit_project(standing: Standing, owner: Party | None) -> bool:
    """Begin, change and end a project that ``owner`` leads."""
    return standing.edits_all or (owner is not None and standing.leads_over(owner, Scope.LINKS))


def may_propose(standing: Standing, party: Party) -> bool:
    """Propose a link of ``party``: whoever is part of it, or could enter the link himself; no guest."""
    part_of = any(path.startswith(party.path) for path in standing.belongs)
    return not standing.is_guest and (part_of or may_answer_proposal(standing, party))


def may_answer_proposal(standing: Standing, party: Party) -> bool:
    """Accept or decline a proposed link of ``party``: who may enter all of its links."""
    return standing.edits_all or standing.leads_over(party, Scope.LINKS)


def answerable(standing: Standing) -> Q:
    """The proposed links that :func:`may_answer_proposal` allows to answer."""
    if standing.edits_all:
        return Q()
    himself = Q(party__person=standing.actor.person)
    led = under((lead.path for lead in standing.leads if lead.is_whole and lead.head), "party__")
    stood_in = under((lead.path for lead in standing.leads if lead.is_whole and not lead.head), "party__")
    return led | (stood_in & ~himself)


def may_withdraw_proposal(actor: Actor, proposal: LinkProposal) -> bool:
    """Take a proposed link back: who proposed it."""
    return actor.person is not None and actor.person.pk == proposal.proposed_by_id


def may_see_proposal(standing: Standing, proposal: LinkProposal) -> bool:
    """See a proposed link: who proposed it, and who may answer it."""
    return may_withdraw_proposal(standing.actor, proposal) or may_answer_proposal(standing, proposal.party)


def may_say_how_far_members_read(actor: Actor) -> bool:
    """Say how far members of the organisation read along the chain."""
    return actor.has(Role.QUALITY_MANAGER)


def may_add_links_in_bulk(actor: Actor) -> bool:
    return actor.has(Role.QUALITY_MANAGER)


def may_bring_event_logs(actor: Actor) -> bool:
    """Bring an event log, choose its columns, make links of it, accept or withdraw it."""
    return actor.has(Role.QUALITY_MANAGER)


def may_see_event_logs(actor: Actor) -> bool:
    return actor.has(*SEE_LINKS)


def may_name_persons(actor: Actor) -> bool:
    """Read a log in which the parties are persons without replacing their names by pseudonyms."""
    return actor.has(Role.QUALITY_MANAGER)
