"""What is done with a complaint: acknowledged, its cause found, decided, resolved, told, closed, dropped, reopened."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from baton.chain.policy import standing_of
from baton.chain.queries.group_chats import leaders_of
from baton.core import formats
from baton.core.actors import Actor
from baton.core.audit.trail import Trail, change
from baton.core.changes import sign
from baton.core.days import day_of
from baton.core.errors import Forbidden, NotFound, Refused
from baton.core.given import words_given
from baton.core.policy import demand
from baton.core.queries import signatures_of_several
from baton.core.signatures import Proof
from baton.core.signing_rules import Grade, Meaning
from baton.core.texts import clean_text
from baton.feedback import policy
from baton.feedback.changes.checks import reason_given
from baton.feedback.changes.complaints import (
    add_step,
    demand_act,
    quality_managers,
    seen,
    tell_of,
    to_handle,
    who_investigates,
)
from baton.feedback.models import Complaint, ComplaintStep
from baton.feedback.models.complaints import COMPLAINT_ACTS
from baton.feedback.queries.complaints import late_complaints, round_of, said_of, steps_of
from baton.feedback.rules.complaints import (
    LEADS_TO,
    SIGNED_LEADS_TO,
    WORDS_LENGTH,
    Channel,
    ComplaintAct,
    missing_to_close,
)
from baton_analysis.errors import gettext_noop

if TYPE_CHECKING:
    from baton.core.models import Signature

COMPLAINT_FOUND_TOPIC = "feedback.complaint_investigated"
COMPLAINT_DECIDED_TOPIC = "feedback.complaint_decided"
COMPLAINT_LATE_TOPIC = "feedback.complaint_late"
LATE_COMPLAINTS_JOB = "feedback.tell_of_late_complaints"


def acknowledge_complaint(
    *, by: Actor, at: datetime, complaint: Complaint, channel: Channel, happened_at: datetime | None = None,
    words: str = "", expected_seq: int | None = None,
) -> Complaint:  # fmt: skip
    """The customer was told that the complaint has come, at ``happened_at`` (None: now). Once only."""
    with change(by=by, at=at) as trail:
        fresh = to_handle(trail, complaint, expected_seq)
        demand_act(fresh, ComplaintAct.ACKNOWLEDGE)
        if any(one.act == ComplaintAct.ACKNOWLEDGE for one in steps_of(fresh)):
            raise Refused(
                expected=gettext_noop("A complaint is acknowledged once."),
                found=gettext_noop("The customer was told already."),
                remedy=gettext_noop("Load the page again to see what became of it."),
            )
        return add_step(
            trail, fresh, ComplaintAct.ACKNOWLEDGE, words=_optional(words), channel=Channel(channel),
            happened_at=_past(fresh, happened_at, at),
        )  # fmt: skip


def investigate_complaint(
    *, by: Actor, at: datetime, complaint: Complaint, words: str, expected_seq: int | None = None
) -> Complaint:
    """Write why it came about; it counts once it is signed. Written again, it takes the place of what was written."""
    said = _said(words, gettext_noop("Say what caused it, and how that was found."))
    with change(by=by, at=at) as trail:
        fresh = seen(trail, complaint, expected_seq)
        demand(policy.may_investigate_complaint(standing_of(by, day_of(at)), fresh))
        demand_act(fresh, ComplaintAct.CAUSE)
        return add_step(trail, fresh, ComplaintAct.CAUSE, words=said)


def sign_cause(*, by: Actor, at: datetime, complaint: Complaint, expected_digest: str, proof: Proof) -> Signature:
    """The person in charge signs the cause; whoever decides is told."""
    with change(by=by, at=at) as trail:
        fresh = seen(trail, complaint, None)
        demand(policy.may_investigate_complaint(standing_of(by, day_of(at)), fresh))
        demand_act(fresh, ComplaintAct.CAUSE)
        signed = _sign(trail, fresh, ComplaintAct.CAUSE, Meaning.AUTHOR, expected_digest, proof)
        leaders = list(leaders_of(fresh.supplier.public_id, at)) if fresh.supplier is not None else []
        tell_of(trail, fresh, COMPLAINT_FOUND_TOPIC, [*leaders, *quality_managers(trail)])
        return signed


def decide_complaint(
    *, by: Actor, at: datetime, complaint: Complaint, words: str, expected_seq: int | None = None
) -> Complaint:
    """Write what is done about it; it counts once it is signed by somebody else than who signed the cause."""
    said = _said(words, gettext_noop("Say what is done for this customer, such as what is replaced or paid back."))
    with change(by=by, at=at) as trail:
        fresh = seen(trail, complaint, expected_seq)
        demand(policy.may_decide_complaint(standing_of(by, day_of(at)), fresh))
        demand_act(fresh, ComplaintAct.DISPOSITION)
        _demand_another(trail, fresh)
        return add_step(trail, fresh, ComplaintAct.DISPOSITION, words=said)


def sign_disposition(*, by: Actor, at: datetime, complaint: Complaint, expected_digest: str, proof: Proof) -> Signature:
    """The manager signs what is done. Refused: who signed the cause."""
    with change(by=by, at=at) as trail:
        fresh = seen(trail, complaint, None)
        demand(policy.may_decide_complaint(standing_of(by, day_of(at)), fresh))
        demand_act(fresh, ComplaintAct.DISPOSITION)
        _demand_another(trail, fresh)
        signed = _sign(trail, fresh, ComplaintAct.DISPOSITION, Meaning.APPROVAL, expected_digest, proof)
        tell_of(trail, fresh, COMPLAINT_DECIDED_TOPIC, [fresh.received_by, *who_investigates(trail, fresh)])
        return signed


def record_result(
    *, by: Actor, at: datetime, complaint: Complaint, words: str, happened_at: datetime | None = None,
    expected_seq: int | None = None,
) -> Complaint:  # fmt: skip
    """What was decided is done; ``words`` say what came of it."""
    return _handled(by, at, complaint, ComplaintAct.RESULT, words, happened_at, expected_seq)


def prevent_recurrence(
    *, by: Actor, at: datetime, complaint: Complaint, words: str, expected_seq: int | None = None
) -> Complaint:
    """What keeps it from coming again."""
    return _handled(by, at, complaint, ComplaintAct.PREVENT, words, None, expected_seq)


def notify_customer(
    *, by: Actor, at: datetime, complaint: Complaint, channel: Channel, happened_at: datetime | None = None,
    words: str = "", expected_seq: int | None = None,
) -> Complaint:  # fmt: skip
    """The customer was told what came of it, by this channel, at ``happened_at`` (None: now)."""
    with change(by=by, at=at) as trail:
        fresh = to_handle(trail, complaint, expected_seq)
        demand_act(fresh, ComplaintAct.NOTIFY)
        resolved = said_of(steps_of(fresh), ComplaintAct.RESULT)
        since = resolved.happened_at if resolved is not None else fresh.received_at
        return add_step(
            trail, fresh, ComplaintAct.NOTIFY, words=_optional(words), channel=Channel(channel),
            happened_at=_past(fresh, happened_at, at, since),
        )  # fmt: skip


def close_complaint(*, by: Actor, at: datetime, complaint: Complaint, expected_seq: int | None = None) -> Complaint:
    """Nothing is left to do. Refused without result, without word to the customer, without recurrence prevention."""
    with change(by=by, at=at) as trail:
        fresh = to_handle(trail, complaint, expected_seq)
        demand_act(fresh, ComplaintAct.CLOSE)
        missing = missing_to_close(ComplaintAct(one.act) for one in round_of(steps_of(fresh)))
        if missing:
            raise Refused(
                expected=gettext_noop(
                    "A complaint is closed with its result, once the customer knows it, and with what keeps it from "
                    "coming again."
                ),
                found=gettext_noop("Not entered yet: {missing}."),
                remedy=gettext_noop("Enter that first."),
                missing=" / ".join(str(COMPLAINT_ACTS[one]) for one in missing),
            )
        return add_step(trail, fresh, ComplaintAct.CLOSE, state=LEADS_TO[ComplaintAct.CLOSE])


def drop_complaint(
    *, by: Actor, at: datetime, complaint: Complaint, reason: str, expected_seq: int | None = None
) -> Complaint:
    """Nothing is done, because it is no complaint, or the customer took it back; ``reason`` says which."""
    why = reason_given(reason)
    with change(by=by, at=at, reason=why) as trail:
        fresh = seen(trail, complaint, expected_seq)
        demand(policy.may_decide_complaint(standing_of(by, day_of(at)), fresh))
        demand_act(fresh, ComplaintAct.DROP)
        return add_step(trail, fresh, ComplaintAct.DROP, words=why, state=LEADS_TO[ComplaintAct.DROP])


def reopen_complaint(
    *, by: Actor, at: datetime, complaint: Complaint, reason: str, expected_seq: int | None = None
) -> Complaint:
    """Its cause is looked for again: what was found or done does not hold. What was signed stays as it was."""
    why = reason_given(reason)
    with change(by=by, at=at, reason=why) as trail:
        fresh = to_handle(trail, complaint, expected_seq)
        demand_act(fresh, ComplaintAct.REOPEN)
        saved = add_step(trail, fresh, ComplaintAct.REOPEN, words=why, state=LEADS_TO[ComplaintAct.REOPEN])
        tell_of(trail, saved, COMPLAINT_FOUND_TOPIC, who_investigates(trail, saved))
        return saved


def tell_of_late_complaints(*, by: Actor, at: datetime) -> int:
    """Tell who handles what is late, each once until the next step; returns how many were late."""
    late = late_complaints(viewer=by, at=at)
    for one in late:
        with change(by=by, at=at) as trail:
            fresh = trail.lock(Complaint, one)
            fresh.told_at = at
            trail.save(fresh, "complaint.told_late")
            tell_of(trail, fresh, COMPLAINT_LATE_TOPIC, [fresh.received_by, *who_investigates(trail, fresh)])
    return len(late)


def _handled(
    by: Actor, at: datetime, complaint: Complaint, act: ComplaintAct, words: str, happened_at: datetime | None,
    expected_seq: int | None,
) -> Complaint:  # fmt: skip
    said = _said(words, gettext_noop("Say it in a sentence or two: it stands on the form."))
    with change(by=by, at=at) as trail:
        fresh = to_handle(trail, complaint, expected_seq)
        demand_act(fresh, act)
        moment = _past(fresh, happened_at, at)
        return add_step(trail, fresh, act, words=said, happened_at=moment, state=LEADS_TO.get(act))


def _sign(
    trail: Trail, complaint: Complaint, act: ComplaintAct, meaning: Meaning, expected_digest: str, proof: Proof
) -> Signature:
    step = said_of(steps_of(complaint), act)
    if step is None:
        raise NotFound
    signed = sign(
        by=trail.by, at=trail.at, kind=ComplaintStep.kind, public_id=step.public_id, expected_digest=expected_digest,
        meaning=meaning, grade=Grade.REAUTHENTICATION, proof=proof,
    )  # fmt: skip
    complaint.state, complaint.told_at = SIGNED_LEADS_TO[act], None
    trail.save(complaint, f"complaint.{SIGNED_LEADS_TO[act]}", step=step.public_id)
    return signed


def _demand_another(trail: Trail, complaint: Complaint) -> None:
    """Refused where the actor signed the cause: two different people sign the form."""
    cause = said_of(steps_of(complaint), ComplaintAct.CAUSE)
    person = trail.by.person
    if cause is None or person is None:
        raise Forbidden
    signed = signatures_of_several(viewer=trail.by, kind=ComplaintStep.kind, public_ids=[cause.public_id])
    if any(one.signature.person_id == person.pk for one in signed.get(cause.public_id, [])):
        raise Refused(
            expected=gettext_noop("Cause and disposition are signed by two different people."),
            found=gettext_noop("You have signed the cause."),
            remedy=gettext_noop("Have another head of the supplier, or the quality manager, decide and sign."),
        )


def _past(complaint: Complaint, happened_at: datetime | None, at: datetime, since: datetime | None = None) -> datetime:
    """When it happened: not before the complaint came (``since``: before that), and not in the future."""
    moment = happened_at or at
    begin = since or complaint.received_at
    if not begin <= moment <= at:
        raise Refused(
            field="happened_at",
            expected=gettext_noop("Expected a moment from {begin} until now."),
            found=gettext_noop("Found {moment}."),
            remedy=gettext_noop("Correct the moment, or leave it empty: now."),
            begin=formats.moment(begin),
            moment=formats.moment(moment),
        )
    return moment


def _said(words: str, remedy: str) -> str:
    return words_given(words, "words", most=WORDS_LENGTH, remedy=remedy)


def _optional(words: str) -> str:
    said = clean_text(words)
    return _said(said, "") if said else ""
