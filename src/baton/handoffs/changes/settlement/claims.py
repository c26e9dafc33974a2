"""The customer claims points back; the supplier accepts or disputes it; the arbiter decides."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from baton.agreements.changes.checks import refuse
from baton.chain.policy import standing_of
from baton.core.actors import Actor
from baton.core.audit.trail import Trail, change
from baton.core.changes.numbers import next_number
from baton.core.days import day_of
from baton.core.errors import Refused
from baton.core.policy import demand
from baton.handoffs import policy
from baton.handoffs.changes.checks import text_needed, zone_of
from baton.handoffs.changes.settlement.posting import counter
from baton.handoffs.changes.settlement.telling import (
    ANSWER_TOPIC,
    ARBITER_TOPIC,
    DECIDED_TOPIC,
    deciders,
    leaders,
    tell_of_claim,
)
from baton.handoffs.models import Handoff, HandoffReturn, LedgerEntry, SettlementClaim
from baton.handoffs.models.settlement import CLAIM_STATES
from baton.handoffs.queries.breaches import Breach, breaches_of
from baton.handoffs.rules import NOTE_LENGTH, Side, shown
from baton.handoffs.rules.settlement import (
    RULING_RANGE,
    ClaimState,
    EntryKind,
    faults_of_whole,
    limit_of,
    may_step,
    part_of,
)
from baton_analysis.errors import gettext_noop

if TYPE_CHECKING:
    from baton.agreements.models import Clause

NUMBER_PREFIX = "SC"


def claim_points(
    *, by: Actor, at: datetime, handoff: Handoff, ground: str, clause: Clause | None = None,
    found_return: HandoffReturn | None = None,
) -> SettlementClaim:  # fmt: skip
    """The customer asks the agreed share of the points of a handoff back, for a clause that was broken or for what came
    back of it, within the days of the terms. There is one claim of a handoff."""
    demand(policy.may_use_settlement(by))
    demand(policy.may_claim(standing_of(by, day_of(at)), handoff.link))
    # Before the lock: of a busy link the facts of a month are read.
    breach = _breach(by, _earned(handoff), clause, found_return)
    with change(by=by, at=at) as trail:
        fresh = trail.lock(Handoff, handoff)
        earned = _earned(fresh)
        until = limit_of(breach.known_at, earned.terms.claim_days)
        if at > until:
            zone = zone_of(fresh)
            raise Refused(
                expected=gettext_noop("Expected a claim up to {until}."),
                found=gettext_noop("It is {now}."),
                remedy=gettext_noop("What was broken and nobody claimed goes to the arbiter by itself."),
                until=shown(until, zone), now=shown(at, zone),
            )  # fmt: skip
        made = SettlementClaim(
            number=next_number(prefix=NUMBER_PREFIX, at=at), handoff=fresh, terms=earned.terms, clause=breach.clause,
            found_return=breach.found_return, breached_at=breach.known_at, made_at=at, made_by=by.person,
            ground=text_needed(
                ground, "ground", NOTE_LENGTH, gettext_noop("Say what was not as promised: the supplier reads it.")
            ),
        )  # fmt: skip
        trail.save(made, "settlement_claim.made")
        tell_of_claim(trail, made, ANSWER_TOPIC, leaders(trail, fresh.link, [Side.SUPPLIER]))
        return made


def withdraw_claim(
    *, by: Actor, at: datetime, claim: SettlementClaim, reason: str, expected_seq: int | None = None
) -> SettlementClaim:
    """The customer takes a claim back. A breach that Baton knows of stays one that nobody claims."""
    with change(by=by, at=at) as trail:
        fresh = _begin(trail, claim, ClaimState.WITHDRAWN, expected_seq)
        demand(policy.may_take_claim_back(standing_of(by, day_of(at)), fresh))
        fresh.withdrawn_note = text_needed(
            reason, "reason", NOTE_LENGTH, gettext_noop("Say why, in a sentence: the other side reads it.")
        )
        fresh.state = ClaimState.WITHDRAWN
        trail.save(fresh, "settlement_claim.withdrawn")
        tell_of_claim(trail, fresh, DECIDED_TOPIC, leaders(trail, fresh.terms.link, [Side.SUPPLIER]))
        return fresh


def accept_claim(
    *, by: Actor, at: datetime, claim: SettlementClaim, answer: str = "", expected_seq: int | None = None
) -> SettlementClaim:
    """The supplier agrees: the agreed share of the points goes back to the customer."""
    with change(by=by, at=at) as trail:
        fresh = _answered(trail, claim, ClaimState.ACCEPTED, answer, expected_seq)
        trail.save(fresh, "settlement_claim.accepted")
        earned = _earned_of(fresh)
        counter(trail, earned, part_of(earned.points, fresh.terms.share), EntryKind.CLAIM, fresh)
        tell_of_claim(trail, fresh, DECIDED_TOPIC, leaders(trail, fresh.terms.link, [Side.CUSTOMER]))
        return fresh


def dispute_claim(
    *, by: Actor, at: datetime, claim: SettlementClaim, answer: str, expected_seq: int | None = None
) -> SettlementClaim:
    """The supplier disagrees and says why; the arbiter decides."""
    said = text_needed(answer, "answer", NOTE_LENGTH, gettext_noop("Say why: the arbiter and the customer read it."))
    with change(by=by, at=at) as trail:
        fresh = _answered(trail, claim, ClaimState.DISPUTED, said, expected_seq)
        trail.save(fresh, "settlement_claim.disputed")
        tell_of_claim(trail, fresh, ARBITER_TOPIC, deciders(trail, fresh))
        return fresh


def rule_on_claim(
    *, by: Actor, at: datetime, claim: SettlementClaim, ruling: int, note: str, expected_seq: int | None = None
) -> SettlementClaim:
    """The arbiter says which share of the points goes back to the customer, in percent; 0: none."""
    with change(by=by, at=at) as trail:
        fresh = _begin(trail, claim, ClaimState.DECIDED, expected_seq)
        day = day_of(at)
        arbiter = standing_of(Actor(fresh.terms.arbiter), day)
        demand(policy.may_rule(standing_of(by, day), fresh, arbiter=arbiter))
        refuse(faults_of_whole("ruling", ruling, RULING_RANGE))
        fresh.ruling_note = text_needed(
            note, "note", NOTE_LENGTH, gettext_noop("Say what you found, in a sentence: both sides read it.")
        )
        fresh.state, fresh.ruling, fresh.decided_at, fresh.decided_by = ClaimState.DECIDED, ruling, at, by.person
        trail.save(fresh, "settlement_claim.decided")
        earned = _earned_of(fresh)
        counter(trail, earned, part_of(earned.points, ruling), EntryKind.RULING, fresh)
        tell_of_claim(trail, fresh, DECIDED_TOPIC, leaders(trail, fresh.terms.link, list(Side)))
        return fresh


def _begin(trail: Trail, claim: SettlementClaim, after: ClaimState, expected_seq: int | None) -> SettlementClaim:
    """The claim locked, once it is clear that it can become so."""
    demand(policy.may_use_settlement(trail.by))
    fresh = trail.lock(SettlementClaim, claim, expected_seq=expected_seq)
    if not may_step(ClaimState(fresh.state), after):
        raise Refused(
            expected=gettext_noop("Expected a claim that can still become: {after}."),
            found=gettext_noop("{number} stands so: {state}."),
            remedy=gettext_noop("Open it again and look at what has happened meanwhile."),
            after=CLAIM_STATES[after], state=CLAIM_STATES[ClaimState(fresh.state)], number=fresh.number,
        )  # fmt: skip
    return fresh


def _answered(
    trail: Trail, claim: SettlementClaim, after: ClaimState, answer: str, expected_seq: int | None
) -> SettlementClaim:
    fresh = _begin(trail, claim, after, expected_seq)
    demand(policy.may_answer_claim(standing_of(trail.by, day_of(trail.at)), fresh))
    said = " ".join(answer.split())
    fresh.answer = text_needed(said, "answer", NOTE_LENGTH, "") if said else ""
    fresh.state, fresh.answered_at, fresh.answered_by = after, trail.at, trail.by.person
    return fresh


def _earned(handoff: Handoff) -> LedgerEntry:
    """What the handoff earned; refused where it earned nothing, counts no more, or was claimed before."""
    entries = LedgerEntry.objects.filter(handoff=handoff).select_related("terms", "debit", "credit", "handoff")
    by_kind = {EntryKind(one.entry_kind): one for one in entries}
    if EntryKind.CREDIT not in by_kind or EntryKind.VOID in by_kind:
        raise Refused(
            expected=gettext_noop("Expected a handoff that has earned points."),
            found=gettext_noop("{number} has earned none."),
            remedy=gettext_noop("Points are posted within a minute after the acceptance, from the agreement on."),
            number=handoff.number,
        )
    known = SettlementClaim.objects.filter(handoff=handoff).first()
    if known is not None:
        raise Refused(
            expected=gettext_noop("Expected a handoff about which there is no claim."),
            found=gettext_noop("{number} stands so: {state}."),
            remedy=gettext_noop("Add what there is to say to the discussion of the handoff."),
            number=known.number,
            state=CLAIM_STATES[ClaimState(known.state)],
        )
    return by_kind[EntryKind.CREDIT]


def _earned_of(claim: SettlementClaim) -> LedgerEntry:
    rows = LedgerEntry.objects.filter(handoff=claim.handoff_id, entry_kind=EntryKind.CREDIT)
    return rows.select_related("terms", "debit", "credit", "handoff").get()


def _breach(by: Actor, earned: LedgerEntry, clause: Clause | None, found_return: HandoffReturn | None) -> Breach:
    """The breach on which a claim rests: one of those that the handoff may have."""
    wanted = [record for record in (clause, found_return) if record is not None]
    for one in breaches_of(viewer=by, earned=earned):
        if wanted == [one.clause or one.found_return]:
            return one
    raise Refused(
        field="about",
        expected=gettext_noop("Expected one promise that held for {number} and was broken, or one return of it."),
        found=gettext_noop("It is none of these, or Baton measured that it was kept."),
        remedy=gettext_noop("Choose one from the list; where nothing fits, there is nothing to claim."),
        number=earned.handoff.number,
    )
