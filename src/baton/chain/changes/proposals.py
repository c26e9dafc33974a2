"""Links are proposed by those who work there, and accepted or declined by those who may enter them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING

from django.conf import settings
from django.db.models import Q

from baton.chain import policy
from baton.chain.changes.checks import still_there, texts_given
from baton.chain.changes.links import add_link
from baton.chain.models import LinkProposal, Membership, OutsideNeed, Party
from baton.chain.rules import NAME_LENGTH, Capacity, Confidentiality, ProposalState, Scope, Side
from baton.core.actors import Actor
from baton.core.audit.trail import Trail, change
from baton.core.changes import notify
from baton.core.days import day_of
from baton.core.errors import Refused
from baton.core.policy import demand
from baton.core.queries import people
from baton.core.rules import Role
from baton.core.texts import clean_text, folded
from baton_analysis.errors import gettext_noop

if TYPE_CHECKING:
    from baton.core.models import Person

PROPOSED_TOPIC = "chain.links_proposed"
ANSWERED_TOPIC = "chain.proposal_answered"
ADDRESS = "/proposals/"
MOST_OPEN = 50
"""Most proposals of one person that wait for an answer; more would bury whoever answers them."""


@dataclass(frozen=True, slots=True)
class ProposedLink:
    """One link as it is proposed: what the other one is, his name as written, what is handed over, what would be missed
    without it, and what somebody outside gets in the end."""

    side: Side
    other_name: str
    output: str
    missed: str = ""
    outside: str = ""


def propose_links(*, by: Actor, at: datetime, party: Party, links: Sequence[ProposedLink]) -> list[LinkProposal]:
    """Propose links of ``party``, of which the actor is part, and tell whoever may enter them.

    The head of the party is told, or the nearest head above it; the quality managers where there is none, and where a
    name is written that no party has.
    """
    day = day_of(at)
    with change(by=by, at=at) as trail:
        party = Party.objects.get(pk=party.pk)
        standing = policy.standing_of(by, day)
        demand(by.person is not None and policy.may_propose(standing, party))
        still_there(party.ended_on, party.number)
        _refuse_too_many(by, len(links))
        known = _by_name(policy.sight_of(by, day))
        made = [_proposed(trail, party, one, known) for one in links]
        if made and not policy.may_answer_proposal(standing, party):
            _tell(by, at, party, made)
        return made


def accept_proposal(
    *,
    by: Actor,
    at: datetime,
    proposal: LinkProposal,
    other: Party,
    output: str = "",
    need: OutsideNeed | None = None,
    expected_seq: int | None = None,
) -> LinkProposal:
    """Make it a link with ``other``; ``output`` replaces the words of the proposal unless it is empty."""
    with change(by=by, at=at) as trail:
        proposal = _to_answer(trail, proposal, expected_seq)
        sides = (proposal.party, other) if proposal.side == Side.CUSTOMER else (other, proposal.party)
        proposal.link = add_link(
            by=by, at=at, supplier=sides[0], customer=sides[1], need=need,
            output={settings.LANGUAGE_CODE: output or proposal.output},
        )  # fmt: skip
        proposal.other, proposal.state, proposal.answered_by = other, ProposalState.ACCEPTED, by.person
        return _answered(trail, proposal, "link_proposal.accepted")


def decline_proposal(
    *, by: Actor, at: datetime, proposal: LinkProposal, reason: str, expected_seq: int | None = None
) -> LinkProposal:
    """Say no, with a reason for whoever proposed it."""
    words = clean_text(reason)
    if not words or len(words) > NAME_LENGTH:
        raise Refused(
            field="reason",
            expected=gettext_noop("Expected a reason of 1 to {most} characters."),
            remedy=gettext_noop("Say why, in a sentence: whoever proposed it works there and reads it."),
            most=NAME_LENGTH,
        )
    with change(by=by, at=at) as trail:
        proposal = _to_answer(trail, proposal, expected_seq)
        proposal.state, proposal.reason, proposal.answered_by = ProposalState.DECLINED, words, by.person
        return _answered(trail, proposal, "link_proposal.declined")


def withdraw_proposal(
    *, by: Actor, at: datetime, proposal: LinkProposal, expected_seq: int | None = None
) -> LinkProposal:
    """Take one's own proposal back before it is answered."""
    with change(by=by, at=at) as trail:
        proposal = trail.lock(LinkProposal, proposal, expected_seq=expected_seq)
        demand(policy.may_withdraw_proposal(by, proposal))
        _demand_open(proposal)
        proposal.state = ProposalState.WITHDRAWN
        return trail.save(proposal, "link_proposal.withdrawn")


def _to_answer(trail: Trail, proposal: LinkProposal, expected_seq: int | None) -> LinkProposal:
    proposal = trail.lock(LinkProposal, proposal, expected_seq=expected_seq)
    demand(policy.may_answer_proposal(policy.standing_of(trail.by, day_of(trail.at)), proposal.party))
    _demand_open(proposal)
    return proposal


def _demand_open(proposal: LinkProposal) -> None:
    if proposal.state != ProposalState.OPEN:
        raise Refused(
            expected=gettext_noop("Expected a proposal that nobody has answered."),
            found=gettext_noop("This one was answered or taken back before."),
            remedy=gettext_noop("Load the page again to see how it stands."),
        )


def _answered(trail: Trail, proposal: LinkProposal, action: str) -> LinkProposal:
    saved = trail.save(proposal, action)
    if trail.by.person is None or trail.by.person.pk != proposal.proposed_by_id:
        notify(
            by=trail.by, at=trail.at, person=proposal.proposed_by, topic=ANSWERED_TOPIC, address=ADDRESS,
            values={"output": proposal.output},
        )  # fmt: skip
    return saved


def _refuse_too_many(by: Actor, more: int) -> None:
    waiting = LinkProposal.objects.filter(proposed_by=by.person, state=ProposalState.OPEN).count()
    if waiting + more > MOST_OPEN:
        raise Refused(
            expected=gettext_noop("Expected at most {most} proposals of one person that wait for an answer."),
            found=gettext_noop("{waiting} wait."),
            remedy=gettext_noop("Ask whoever answers them, or take some back."),
            most=MOST_OPEN,
            waiting=waiting,
        )


def _by_name(sight: policy.Sight) -> dict[str, Party | None]:
    """Live parties by every name and code they have, folded; None for a name that two have. That there is a
    confidential party which he does not see, nobody learns by guessing its name."""
    told = sight.parties | ~Q(confidentiality=Confidentiality.CONFIDENTIAL)
    found: dict[str, Party | None] = {}
    for party in Party.objects.filter(told, policy.in_force(sight.standing.day)):
        for name in {folded(text) for text in (*party.name.values(), party.code) if text}:
            found[name] = None if name in found else party
    return found


def _proposed(trail: Trail, party: Party, one: ProposedLink, known: dict[str, Party | None]) -> LinkProposal:
    language = settings.LANGUAGE_CODE
    name = texts_given({language: one.other_name}, "other_name")[language]
    output = texts_given({language: one.output}, "output")[language]
    other = known.get(folded(name))
    if other is not None and other.pk == party.pk:
        raise Refused(
            field="other_name",
            expected=gettext_noop("Expected somebody else."),
            found=gettext_noop("{name} is your own party."),
            remedy=gettext_noop("Name who takes it up next, or from whom it comes."),
            name=name,
        )
    proposal = LinkProposal(
        party=party, side=Side(one.side), other=other, other_name=name, output=output,
        missed=clean_text(one.missed)[:NAME_LENGTH], outside=clean_text(one.outside)[:NAME_LENGTH],
        proposed_by=trail.by.person,
    )  # fmt: skip
    return trail.save(proposal, "link_proposal.made")


def _tell(by: Actor, at: datetime, party: Party, made: Sequence[LinkProposal]) -> None:
    asked = {person.pk: person for person in _who_answers(party, day_of(at))}
    if not asked or any(one.other is None for one in made):
        managers = people(viewer=Actor.system("proposals"), at=at, role=Role.QUALITY_MANAGER, active=True)
        asked |= {person.pk: person for person in managers}
    for person in asked.values():
        if by.person is None or person.pk != by.person.pk:
            notify(
                by=by, at=at, person=person, topic=PROPOSED_TOPIC, address=ADDRESS,
                values={"name": by.person.name if by.person else {}, "party": party.name, "count": len(made)},
                shows=[(Party.kind, party.public_id)],
            )  # fmt: skip


def _who_answers(party: Party, day: date) -> Iterable[Person]:
    """The head of the nearest party up the tree that has one, and who stands in for him with links."""
    above = party.path.strip("/").split("/")
    held = Membership.objects.filter(
        policy.in_force(day), party__public_id__in=above, person__is_active=True
    ).exclude(capacity=Capacity.MEMBER)  # fmt: skip
    leaders = [
        one
        for one in held.select_related("party", "person")
        if one.scope in (Scope.ALL, Scope.LINKS) and not (one.scope_side or one.scope_kind or one.scope_dealings)
    ]
    heads = [one for one in leaders if one.capacity == Capacity.HEAD]
    if not heads:
        return []
    nearest = max(heads, key=lambda one: len(one.party.path)).party_id
    return [one.person for one in leaders if one.party_id == nearest]
