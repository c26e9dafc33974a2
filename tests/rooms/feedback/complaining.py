"""Complaints as tests take them: one that Ward 3 has with the Laundry, and what is done with it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from baton.core.signatures import Proof, digest_now
from baton.feedback import changes
from baton.feedback.models import Complaint, ComplaintStep
from baton.feedback.rules.complaints import Channel, ComplaintAct, ComplaintGiven

if TYPE_CHECKING:
    from baton.core.models import Person
    from tests.world import World

MONDAY = datetime(2026, 6, 1, 9, 0, tzinfo=UTC)
WORDS = "The sheets are damp and grey"
NAME, TELEPHONE = "Zoe Quill", "call after six, 0755-zwei"


def received(world: World, by: Person | None = None, at: datetime = MONDAY, **given: Any) -> Complaint:
    """What Chen Jie of Ward 3 takes down about the Laundry's linen."""
    sides = {name: given.pop(name) for name in ("link", "supplier", "customer", "handoff", "received_by")
             if name in given} or {"link": world.laundry_ward}  # fmt: skip
    said = {"phenomenon": WORDS, "customer_name": NAME, "telephone": TELEPHONE, "lot": "W-17", **given}
    return changes.receive_complaint(by=world.actor(by or world.chen_jie), at=at, given=ComplaintGiven(**said), **sides)


def signed(world: World, one: Complaint, act: ComplaintAct, by: Person, at: datetime) -> Complaint:
    """Its cause or disposition, signed as it was written."""
    step = ComplaintStep.objects.filter(complaint=one, act=act).order_by("-pk")[0]
    write = changes.sign_cause if act is ComplaintAct.CAUSE else changes.sign_disposition
    write(
        by=world.actor(by), at=at, complaint=one, expected_digest=digest_now(step.kind, step.public_id),
        proof=Proof(by.public_id, ("password",), at),
    )  # fmt: skip
    return again(one)


def investigated(world: World, one: Complaint, at: datetime = MONDAY, by: Person | None = None) -> Complaint:
    """Its cause, written and signed by the head of the Laundry."""
    who = by or world.zhao_lei
    changes.investigate_complaint(by=world.actor(who), at=at, complaint=one, words="The dryer stops too early")
    return signed(world, one, ComplaintAct.CAUSE, who, at)


def decided(world: World, one: Complaint, at: datetime = MONDAY, by: Person | None = None) -> Complaint:
    """The same, decided and signed by the quality manager."""
    one = investigated(world, one, at)
    who = by or world.lin_mei
    changes.decide_complaint(by=world.actor(who), at=at, complaint=one, words="All sheets are replaced today")
    return signed(world, one, ComplaintAct.DISPOSITION, who, at)


def resolved(world: World, one: Complaint, at: datetime = MONDAY) -> Complaint:
    """The same, done."""
    one = decided(world, one, at)
    return changes.record_result(by=world.actor(world.zhao_lei), at=at, complaint=one, words="Replaced")


def closed(world: World, one: Complaint, at: datetime = MONDAY) -> Complaint:
    """The same, told, kept from coming again, closed."""
    one, by = resolved(world, one, at), world.actor(world.zhao_lei)
    changes.notify_customer(by=by, at=at, complaint=one, channel=Channel.PHONE)
    changes.prevent_recurrence(by=by, at=at, complaint=one, words="The dryer is checked every week")
    return changes.close_complaint(by=by, at=at, complaint=one)


def again(one: Complaint) -> Complaint:
    """As it now stands."""
    one.refresh_from_db()
    return one


def later(days: float) -> datetime:
    """So many days after the Monday on which it came."""
    return MONDAY + timedelta(days=days)
