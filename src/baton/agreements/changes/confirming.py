"""A side confirms the minutes of a review meeting, or signs an edition of a joint quality plan."""

from __future__ import annotations

from datetime import datetime

from baton.agreements.changes.signing import Signer, capacity_for, refusal
from baton.agreements.models import Confirmation, PlanEdition, ReviewMeeting
from baton.agreements.queries.confirming import Confirmed, link_of, party_on, sides_confirmed
from baton.agreements.rules import Objection, Side
from baton.chain.rules import OUTSIDE
from baton.core.actors import Actor
from baton.core.audit.trail import Trail, change
from baton.core.changes import sign
from baton.core.errors import Forbidden, Refused
from baton.core.signatures import Proof
from baton.core.signing_rules import Grade, Meaning
from baton.core.texts import Texts
from baton_analysis.errors import gettext_noop


def meaning_of(record: Confirmed) -> Meaning:
    """What a side says with its signature: of minutes that they are right, of an edition that it takes it on."""
    return Meaning.REVIEW if isinstance(record, ReviewMeeting) else Meaning.ACCEPTANCE


def confirm(
    *, by: Actor, at: datetime, record: Confirmed, side: Side, expected_digest: str, proof: Proof
) -> Confirmation:  # fmt: skip
    """Sign for a side that ``by`` leads, as he was shown it (``expected_digest``): the minutes of a meeting that was
    closed, or an edition of a plan. Each side once; nobody for both."""
    with change(by=by, at=at) as trail:
        held = trail.lock(type(record), record)
        if by.person is None:
            raise Forbidden
        asked = next(one for one in sides_confirmed(viewer=by, at=at, record=held) if one.side is side)
        if asked.objection is not None:
            raise refusal_to_confirm(held, side, asked.objection)
        return confirmed(
            trail, held, side, expected_digest, Signer(Grade.REAUTHENTICATION, proof),
            capacity_for(trail, asked.party),
        )  # fmt: skip


def confirmed(
    trail: Trail, record: Confirmed, side: Side, expected_digest: str, signer: Signer, capacity: Texts
) -> Confirmation:
    """Within an open change: the side has signed the locked record. For the doors, which have asked who may."""
    signature = sign(
        by=trail.by, at=trail.at, kind=record.kind, public_id=record.public_id, expected_digest=expected_digest,
        meaning=meaning_of(record), grade=signer.grade, proof=signer.proof, name=signer.name, side=side,
        capacity=capacity,
    )  # fmt: skip
    given = Confirmation(side=side, signature=signature)
    if isinstance(record, PlanEdition):
        given.edition = record
    else:
        given.meeting = record
    return trail.save(given, "confirmation.given")


def refusal_to_confirm(record: Confirmed, side: Side, why: Objection) -> Refused:
    """What is said to somebody who may not sign."""
    if why is Objection.NOT_PROPOSED:
        return Refused(
            expected=gettext_noop("Minutes are confirmed once the meeting is closed."),
            found=gettext_noop("This meeting is not closed."),
            remedy=gettext_noop("Close it first; then nobody changes what you sign."),
        )
    if why is Objection.NOT_HIS and party_on(link_of(record), side).party_kind in OUTSIDE:
        return Forbidden(
            expected=gettext_noop("For a side signs who heads its party today, or stands in for the head."),
            found=gettext_noop("This side is an outside party, and none of its people signs in here."),
            remedy=gettext_noop("Ask somebody of it by task link; on paper, keep the scan with a comment."),
        )
    return refusal(why)
