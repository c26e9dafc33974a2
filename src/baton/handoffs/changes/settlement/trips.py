"""What neither side acts on goes to the arbiter by itself (跳闸)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from django.conf import settings

from baton.core.actors import Actor
from baton.core.audit.trail import Trail, change
from baton.core.changes.numbers import next_number
from baton.core.jobs import silent
from baton.handoffs.changes.settlement.claims import NUMBER_PREFIX
from baton.handoffs.changes.settlement.telling import ARBITER_TOPIC, DECIDED_TOPIC, deciders, leaders, tell_of_claim
from baton.handoffs.models import LedgerEntry, SettlementClaim
from baton.handoffs.queries.breaches import Breach, unclaimed
from baton.handoffs.rules import Side
from baton.handoffs.rules.settlement import ClaimState, EntryKind, TripReason, limit_of

TRIP_JOB = "handoffs.trip_breaches"

Report = Callable[[int, int, str], None]


def trip_breaches(*, by: Actor, at: datetime, progress: Report = silent) -> int:
    """Let the arbiter decide about every claim that nobody answered, and every breach that nobody claimed, within the
    days of the terms. Returns how many; done again it changes nothing more."""
    if not settings.SETTLEMENT:
        return 0
    waiting = SettlementClaim.objects.filter(state=ClaimState.OPEN).select_related("terms").order_by("pk")
    done = sum(_unanswered(by, at, one) for one in waiting)
    found = unclaimed(viewer=by, at=at)
    for number, (earned, breach) in enumerate(found):
        progress(number, len(found), earned.handoff.number)
        done += _unclaimed(by, at, earned, breach)
    return done


def _unanswered(by: Actor, at: datetime, claim: SettlementClaim) -> bool:
    if claim.made_at is None or limit_of(claim.made_at, claim.terms.claim_days) >= at:
        return False
    with change(by=by, at=at) as trail:
        fresh = trail.lock(SettlementClaim, claim)
        if fresh.state != ClaimState.OPEN:
            return False
        _trip(trail, fresh, TripReason.UNANSWERED)
    return True


def _unclaimed(by: Actor, at: datetime, earned: LedgerEntry, breach: Breach) -> bool:
    with change(by=by, at=at) as trail:
        known = SettlementClaim.objects.filter(handoff=earned.handoff_id).first()
        voided = LedgerEntry.objects.filter(handoff=earned.handoff_id, entry_kind=EntryKind.VOID).exists()
        if voided or (known is not None and known.state != ClaimState.WITHDRAWN):
            return False
        if known is not None:
            fresh = trail.lock(SettlementClaim, known)
            _about(fresh, breach)
            _trip(trail, fresh, TripReason.UNCLAIMED)
            return True
        made = SettlementClaim(
            number=next_number(prefix=NUMBER_PREFIX, at=at), handoff=earned.handoff, terms=earned.terms,
            clause=breach.clause, found_return=breach.found_return, breached_at=breach.known_at,
        )  # fmt: skip
        _trip(trail, made, TripReason.UNCLAIMED)
    return True


def _about(claim: SettlementClaim, breach: Breach) -> None:
    """Let a claim that was taken back rest on the breach that nobody claims. What was said of another one is no ground
    for this one, nor an answer to it."""
    if (claim.clause, claim.found_return) == (breach.clause, breach.found_return):
        return
    claim.clause, claim.found_return, claim.breached_at = breach.clause, breach.found_return, breach.known_at
    claim.made_at = claim.made_by = claim.answered_at = claim.answered_by = None
    claim.ground = claim.answer = claim.withdrawn_note = ""


def _trip(trail: Trail, claim: SettlementClaim, reason: TripReason) -> None:
    claim.state, claim.trip_reason, claim.tripped_at = ClaimState.TRIPPED, reason, trail.at
    trail.save(claim, "settlement_claim.tripped")
    tell_of_claim(trail, claim, ARBITER_TOPIC, deciders(trail, claim))
    tell_of_claim(trail, claim, DECIDED_TOPIC, leaders(trail, claim.terms.link, list(Side)))
