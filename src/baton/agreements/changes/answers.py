"""Objections and counter-proposals are answered one by one."""

from __future__ import annotations

from datetime import datetime

from django.urls import reverse

from baton.agreements import policy
from baton.agreements.changes.checks import terms_given
from baton.agreements.changes.deviations import write_deviation
from baton.agreements.changes.drafts import is_control, touch, write_terms
from baton.agreements.changes.opinions import over, text_given
from baton.agreements.changes.telling import ANSWERED_TOPIC
from baton.agreements.models import Agreement, AgreementVersion, Clause, Opinion
from baton.agreements.queries.hearing import hearing_of, held_in, line_of, said_of
from baton.agreements.rules import HEARD, TO_ANSWER, Outcome, Stance, VersionState, countered
from baton.chain.policy import standing_of
from baton.chain.queries.discussing import link_called
from baton.core.actors import Actor
from baton.core.audit.trail import Trail, change
from baton.core.changes import notify
from baton.core.days import day_of
from baton.core.errors import Forbidden, Refused
from baton.core.policy import demand
from baton_analysis.errors import gettext_noop


def adopt_opinion(
    *, by: Actor, at: datetime, opinion: Opinion, answer: str = "", expected_seq: int | None = None
) -> Opinion:
    """Do as an objection or a counter-proposal asks.

    A counter-proposal changes the clause, as far as it differs from it; signatures under the version become void by
    that. An objection is adopted once what it is said to was changed: ``answer`` says how.
    """
    with change(by=by, at=at) as trail:
        version, fresh = _to_answer(trail, opinion, expected_seq)
        fresh.answer = _answer_given(answer, needed=fresh.stance != Stance.COUNTER_PROPOSAL)
        if fresh.stance == Stance.COUNTER_PROPOSAL:
            _change_clause(trail, version, fresh)
        else:
            _demand_changed(by, version, fresh)
        return _answered(trail, version, fresh, Outcome.ADOPTED, "opinion.adopted")


def decline_opinion(
    *, by: Actor, at: datetime, opinion: Opinion, answer: str, expected_seq: int | None = None
) -> Opinion:
    """Leave the version as it is, and say why."""
    with change(by=by, at=at) as trail:
        version, fresh = _to_answer(trail, opinion, expected_seq)
        fresh.answer = _answer_given(answer, needed=True)
        return _answered(trail, version, fresh, Outcome.DECLINED, "opinion.declined")


def demand_heard(*, by: Actor, version: AgreementVersion) -> None:
    """Refuse a version to which something waits for an answer, or of which too few of those asked have spoken."""
    hearing = hearing_of(viewer=by, version=version)
    if hearing.unanswered:
        raise Refused(
            expected=gettext_noop("Expected every objection and counter-proposal to be answered."),
            found=gettext_noop("Waiting for an answer: {count}."),
            remedy=gettext_noop("Adopt or decline each of them on the page of the consultation."),
            count=hearing.unanswered,
        )
    if hearing.lacking:
        least = min(hearing.lacking, key=lambda one: one.share or 0)
        raise Refused(
            expected=gettext_noop("Expected at least {minimum} % of those asked on each side to have spoken."),
            found=gettext_noop("Spoken: {spoke} of {asked} on one side."),
            remedy=gettext_noop("Ask people and give them time, or ask the quality manager for another minimum."),
            minimum=hearing.minimum,
            spoke=least.spoke,
            asked=least.asked,
        )


def _to_answer(trail: Trail, opinion: Opinion, expected_seq: int | None) -> tuple[AgreementVersion, Opinion]:
    version = trail.lock(AgreementVersion, opinion.version)
    fresh = trail.lock(Opinion, opinion)
    state, standing = VersionState(version.state), standing_of(trail.by, day_of(trail.at))
    if state in HEARD and trail.by.person is not None and fresh.person_id == trail.by.person.pk:
        raise Forbidden(
            expected=gettext_noop("Nobody answers what he has said himself."),
            remedy=gettext_noop("Let the other side or another editor answer it, or withdraw it."),
        )
    demand(policy.may_deal(standing, version.agreement.link))
    waits = fresh.outcome == Outcome.OPEN and Stance(fresh.stance) in TO_ANSWER
    if state not in HEARD or not waits:
        raise over(fresh, version)
    demand(policy.may_answer(standing, version.agreement.link, fresh, state))
    return version, trail.lock(Opinion, opinion, expected_seq=expected_seq)


def _answer_given(raw: str, *, needed: bool) -> str:
    remedy = gettext_noop("Answer in a sentence: whoever said it reads it, and everybody who was asked.")
    return text_given(raw, needed=needed, field="answer", remedy=remedy)


def _change_clause(trail: Trail, version: AgreementVersion, opinion: Opinion) -> None:
    """Write what a counter-proposal asks for into its clause; into a deviation from that of a service offer."""
    clause = next((one for one in held_in(viewer=trail.by, version=version) if line_of(one) == opinion.line), None)
    if clause is None:
        raise Refused(
            expected=gettext_noop("Expected a clause that stands in this version."),
            found=gettext_noop("It was taken out meanwhile."),
            remedy=gettext_noop("Take it up again, or decline the proposal and say why."),
        )
    wanted = terms_given(countered(clause.terms, opinion.proposed), control=is_control(version))
    if clause.agreement_version_id is None:  # it stands in the service offer, for all its customers
        write_deviation(trail, version, clause, wanted, "clause.deviated", dropped=False)
        return
    held = trail.lock(Clause, clause)
    write_terms(trail, held, wanted)
    held.example = False
    trail.save(held, "clause.countered", opinion=opinion.public_id)
    touch(trail, version)


def _demand_changed(by: Actor, version: AgreementVersion, opinion: Opinion) -> None:
    if said_of(held_in(viewer=by, version=version), opinion.line) == opinion.said_of:
        raise Refused(
            expected=gettext_noop("Expected a clause that was changed since somebody objected to it."),
            found=gettext_noop("It reads as it did."),
            remedy=gettext_noop("Change the clause first, then say that the objection is adopted; or decline it."),
        )


def _answered(trail: Trail, version: AgreementVersion, opinion: Opinion, outcome: Outcome, action: str) -> Opinion:
    opinion.outcome, opinion.answered_by, opinion.answered_at = outcome, trail.by.person, trail.at
    opinion = trail.save(opinion, action)
    if opinion.person is not None:
        agreement = version.agreement
        notify(
            by=trail.by, at=trail.at, person=opinion.person, topic=ANSWERED_TOPIC,
            values={"link": link_called(agreement.link.public_id)},
            address=reverse("agreements:my_opinion", args=[version.public_id]),
            shows=[(Agreement.kind, agreement.public_id)],
        )  # fmt: skip
    return opinion
