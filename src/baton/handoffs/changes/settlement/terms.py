"""Both sides of a link agree to count points, and end it."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from baton.agreements.changes.checks import refuse
from baton.chain import queries as chain
from baton.chain.policy import standing_of
from baton.core.actors import Actor
from baton.core.audit.trail import Trail, change
from baton.core.days import day_of
from baton.core.errors import Refused
from baton.core.policy import demand
from baton.handoffs import policy
from baton.handoffs.changes.settlement.telling import tell_of_terms
from baton.handoffs.models import LinkSettlement
from baton.handoffs.models.settlement import TERMS_STATES
from baton.handoffs.rules import Side
from baton.handoffs.rules.settlement import TermsState, faults_of_settlement
from baton_analysis.errors import gettext_noop

if TYPE_CHECKING:
    from baton.chain.models import Link
    from baton.core.models import Person


def propose_settlement(
    *, by: Actor, at: datetime, link: Link, side: Side, price: int, share: int, claim_days: int, arbiter: Person | None
) -> LinkSettlement:
    """One side proposes to count points: how many a handoff earns, which share in percent an accepted claim gives back,
    within how many days a breach is claimed and a claim answered, and who decides. They hold when the other side
    agrees, in place of those that hold now; an earlier proposal is dropped."""
    demand(policy.may_use_settlement(by))
    with change(by=by, at=at) as trail:
        link = chain.link(viewer=by, at=at, public_id=link.public_id)
        _refuse_outside(link)
        demand(policy.may_agree_settlement(standing_of(by, day_of(at)), link, side))
        refuse(faults_of_settlement(price=price, share=share, days=claim_days))
        for earlier in LinkSettlement.objects.filter(link=link, state=TermsState.PROPOSED):
            _close(trail, earlier, TermsState.DROPPED)
        made = LinkSettlement(
            link=link, price=price, share=share, claim_days=claim_days, arbiter=_arbiter(arbiter, link, at),
            proposed_side=side, proposed_by=by.person,
        )  # fmt: skip
        trail.save(made, "link_settlement.proposed")
        tell_of_terms(trail, made, [side.other])
        return made


def agree_to_settlement(
    *, by: Actor, at: datetime, terms: LinkSettlement, expected_seq: int | None = None
) -> LinkSettlement:
    """The other side agrees: what is accepted from now on earns points. Terms that held until now are ended."""
    demand(policy.may_use_settlement(by))
    with change(by=by, at=at) as trail:
        fresh = _begin(trail, terms, TermsState.PROPOSED, expected_seq)
        _demand_side(trail, fresh, Side(fresh.proposed_side).other)
        if by.person is not None and fresh.proposed_by_id == by.person.pk:
            raise Refused(
                expected=gettext_noop("Expected somebody of the other side to agree."),
                found=gettext_noop("You proposed these terms yourself."),
                remedy=gettext_noop("Ask who leads the other side to agree."),
            )
        for held in LinkSettlement.objects.filter(link=fresh.link_id, state=TermsState.AGREED):
            _close(trail, held, TermsState.ENDED)
        fresh.state, fresh.agreed_at, fresh.agreed_by = TermsState.AGREED, at, by.person
        trail.save(fresh, "link_settlement.agreed")
        tell_of_terms(trail, fresh, list(Side))
        return fresh


def drop_settlement(
    *, by: Actor, at: datetime, terms: LinkSettlement, expected_seq: int | None = None
) -> LinkSettlement:
    """Proposed terms are declined by the other side, or taken back."""
    return _over(by, at, terms, TermsState.PROPOSED, TermsState.DROPPED, expected_seq)


def end_settlement(
    *, by: Actor, at: datetime, terms: LinkSettlement, expected_seq: int | None = None
) -> LinkSettlement:
    """Either side ends it: nothing earns points from now on. What was earned stays, and claims on it go on."""
    return _over(by, at, terms, TermsState.AGREED, TermsState.ENDED, expected_seq)


def _over(
    by: Actor, at: datetime, terms: LinkSettlement, before: TermsState, after: TermsState, expected_seq: int | None
) -> LinkSettlement:
    demand(policy.may_use_settlement(by))
    with change(by=by, at=at) as trail:
        fresh = _begin(trail, terms, before, expected_seq)
        _demand_side(trail, fresh, *Side)
        _end(trail, fresh, after)
        tell_of_terms(trail, fresh, list(Side))
        return fresh


def _begin(trail: Trail, terms: LinkSettlement, state: TermsState, expected_seq: int | None) -> LinkSettlement:
    """The terms locked, once it is clear that they stand so."""
    fresh = trail.lock(LinkSettlement, terms, expected_seq=expected_seq)
    if fresh.state != state:
        raise Refused(
            expected=gettext_noop("Expected terms that stand so: {wanted}."),
            found=gettext_noop("They stand so: {state}."),
            remedy=gettext_noop("Open the page again and look at what has happened meanwhile."),
            wanted=TERMS_STATES[state],
            state=TERMS_STATES[TermsState(fresh.state)],
        )
    return fresh


def _demand_side(trail: Trail, terms: LinkSettlement, *sides: Side) -> None:
    standing = standing_of(trail.by, day_of(trail.at))
    demand(any(policy.may_agree_settlement(standing, terms.link, side) for side in sides))


def _close(trail: Trail, terms: LinkSettlement, state: TermsState) -> None:
    _end(trail, trail.lock(LinkSettlement, terms), state)


def _end(trail: Trail, fresh: LinkSettlement, state: TermsState) -> None:
    fresh.state, fresh.ended_at = state, trail.at
    trail.save(fresh, f"link_settlement.{state.value}")


def _refuse_outside(link: Link) -> None:
    if policy.is_settled_inside(link):
        return
    raise Refused(
        expected=gettext_noop("Expected a link between two parties of the organisation."),
        found=gettext_noop("One side of {number} is outside: it has no account."),
        remedy=gettext_noop("Count points on links inside the organisation only."),
        number=link.number,
    )


def _arbiter(arbiter: Person | None, link: Link, at: datetime) -> Person:
    """Who is to decide: somebody who is there and belongs to neither side."""
    there = arbiter if arbiter is not None and arbiter.is_active else None
    if there is not None and not policy.own_sides(standing_of(Actor(there), day_of(at)), link):
        return there
    raise Refused(
        field="arbiter",
        expected=gettext_noop("Expected an arbiter who belongs to neither side and leads neither."),
        found=gettext_noop("Nobody was named.") if arbiter is None else gettext_noop("Found {name}."),
        remedy=gettext_noop("Name somebody whom both sides trust."),
        name=str(arbiter or ""),
    )
