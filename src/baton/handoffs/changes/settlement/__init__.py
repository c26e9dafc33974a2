"""Points for handoffs: terms, entries, claims, trips."""

from baton.handoffs.changes.settlement.claims import (
    accept_claim,
    claim_points,
    dispute_claim,
    rule_on_claim,
    withdraw_claim,
)
from baton.handoffs.changes.settlement.posting import POST_JOB, post_points
from baton.handoffs.changes.settlement.telling import ANSWER_TOPIC, ARBITER_TOPIC, DECIDED_TOPIC, TERMS_TOPIC
from baton.handoffs.changes.settlement.terms import (
    agree_to_settlement,
    drop_settlement,
    end_settlement,
    propose_settlement,
)
from baton.handoffs.changes.settlement.trips import TRIP_JOB, trip_breaches

__all__ = [
    "ANSWER_TOPIC",
    "ARBITER_TOPIC",
    "DECIDED_TOPIC",
    "POST_JOB",
    "TERMS_TOPIC",
    "TRIP_JOB",
    "accept_claim",
    "agree_to_settlement",
    "claim_points",
    "dispute_claim",
    "drop_settlement",
    "end_settlement",
    "post_points",
    "propose_settlement",
    "rule_on_claim",
    "trip_breaches",
    "withdraw_claim",
]
