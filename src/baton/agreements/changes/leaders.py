"""What leaders promise their staff becomes clauses with days; that it was kept is recorded, and seen."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from itertools import takewhile
from typing import TYPE_CHECKING

from baton.agreements import policy
from baton.agreements.changes.checks import note_given, reason_given
from baton.agreements.changes.clauses import add_clause
from baton.agreements.changes.drafts import begin_agreement, draft_version
from baton.agreements.changes.steps import propose_version
from baton.agreements.models import Agreement, AgreementVersion, Clause, Fulfilment, LeaderPromise, PromiseSeen
from baton.agreements.rules import (
    EDITABLE,
    OPEN,
    ClauseKind,
    Direction,
    Measure,
    MeasuredBy,
    Side,
    Source,
    Terms,
    VersionState,
)
from baton.agreements.rules.leaders import Rhythm, due_days, kept
from baton.chain import queries as chain
from baton.chain.policy import standing_of
from baton.chain.rules import serves_its_staff
from baton.core.actors import Actor
from baton.core.audit.trail import Trail, change
from baton.core.days import day_of
from baton.core.errors import Forbidden, Refused
from baton.core.policy import demand
from baton_analysis.errors import gettext_noop

if TYPE_CHECKING:
    from baton.chain.models import Link

UNITS = {
    Rhythm.WEEKLY: "1/week", Rhythm.MONTHLY: "1/month", Rhythm.QUARTERLY: "1/quarter", Rhythm.YEARLY: "1/year",
}  # fmt: skip
LONGEST_AHEAD = timedelta(days=3653)
"""What is promised is due within ten years."""


def promise_staff(
    *, by: Actor, at: datetime, link: Link, words: Mapping[str, str], due_on: date, rhythm: Rhythm = Rhythm.ONCE,
    evidence: str = "",
) -> LeaderPromise:  # fmt: skip
    """Turn what a leader hands to his staff on ``link`` into a clause of its agreement, with the days on which it is
    due. The version is proposed, so that the leader can sign it; from his signature on it counts.

    Refused: a link that is no leader's, a day that is over or lies more than ten years ahead, and a link with a version
    on its way that cannot be changed.
    """
    note = note_given(evidence, "evidence")
    with change(by=by, at=at) as trail:
        link = chain.link(viewer=by, at=at, public_id=link.public_id)
        demand(policy.may_promise_staff(standing_of(by, day_of(at)), link))
        _demand_leader(link)
        _demand_day(due_on, day_of(at))
        version, line = _clause(trail, link, terms_of(words, rhythm))
        promise = LeaderPromise(agreement=version.agreement, line=line, due_on=due_on, rhythm=rhythm, evidence=note)
        promise = trail.save(promise, "leader_promise.given")
        propose_version(by=by, at=at, version=version)
        return promise


def terms_of(words: Mapping[str, str], rhythm: Rhythm) -> Terms:
    """The clause of such a promise: once in each period, or done by its day."""
    once = rhythm is Rhythm.ONCE
    return Terms(
        owed_by=Side.SUPPLIER, characteristic=dict(words), clause_kind=ClauseKind.PROCESS,
        measure=Measure.SHARE if once else Measure.COUNT, unit="%" if once else UNITS[rhythm],
        direction=Direction.AT_LEAST, target=100.0 if once else 1.0, source=Source.COUNT_BY_HAND,
        measured_by=MeasuredBy.BOTH,
    )  # fmt: skip


def fulfil_promise(
    *, by: Actor, at: datetime, promise: LeaderPromise, note: str, done_on: date | None = None,
    due_on: date | None = None,
) -> Fulfilment:  # fmt: skip
    """The leader says what was done, for the staff. It counts for ``due_on``; None: for the first day that waits.

    Refused: a day on which nothing is due or that was met already, a day of doing that has not come, and no words.
    """
    said, day = reason_given(note, "note"), day_of(at)
    with change(by=by, at=at) as trail:
        held = trail.lock(LeaderPromise, promise)
        demand(policy.may_fulfil(standing_of(by, day), held.agreement.link))
        _demand_given(held)
        done = done_on or day
        if done > day or done < day - LONGEST_AHEAD:
            raise Refused(
                field="done_on",
                expected=gettext_noop("Expected the day on which it was done, until today."),
                found=gettext_noop("Found {day}."),
                remedy=gettext_noop("Correct the day."),
                day=done.isoformat(),
            )
        met = dict(held.fulfilments.filter(ended_at__isnull=True).values_list("due_on", "done_on"))
        due = due_on or kept(held.due_on, Rhythm(held.rhythm), met, day).next_due
        return trail.save(
            Fulfilment(promise=held, due_on=_waiting(held, due, met), done_on=done, note=said), "fulfilment.noted"
        )


def take_back_fulfilment(
    *, by: Actor, at: datetime, fulfilment: Fulfilment, reason: str, expected_seq: int | None = None
) -> Fulfilment:
    """What was entered as kept by mistake counts no more, with a reason for the staff; its day waits again."""
    why = reason_given(reason)
    with change(by=by, at=at, reason=why) as trail:
        held = trail.lock(Fulfilment, fulfilment, expected_seq=expected_seq)
        demand(policy.may_fulfil(standing_of(by, day_of(at)), held.promise.agreement.link))
        _demand_counts(held)
        held.ended_at, held.ended_because = at, why
        return trail.save(held, "fulfilment.withdrawn")


def see_promise(*, by: Actor, at: datetime, fulfilment: Fulfilment) -> PromiseSeen:
    """Somebody of the staff has seen it; done again, it changes nothing."""
    with change(by=by, at=at) as trail:
        held = trail.lock(Fulfilment, fulfilment)
        demand(policy.may_say_seen(standing_of(by, day_of(at)), held.promise.agreement.link))
        if by.person is None:
            raise Forbidden
        _demand_counts(held)
        known = PromiseSeen.objects.filter(fulfilment=held, person=by.person).first()
        return known or trail.save(PromiseSeen(fulfilment=held, person=by.person), "promise_seen.said")


def end_promise(
    *, by: Actor, at: datetime, promise: LeaderPromise, reason: str, expected_seq: int | None = None
) -> LeaderPromise:
    """It is promised no more, with a reason for the staff. The clause stays in the agreement until that is changed."""
    why = reason_given(reason)
    with change(by=by, at=at, reason=why) as trail:
        held = trail.lock(LeaderPromise, promise, expected_seq=expected_seq)
        demand(policy.may_promise_staff(standing_of(by, day_of(at)), held.agreement.link))
        _demand_given(held)
        held.ended_at, held.ended_because = at, why
        return trail.save(held, "leader_promise.ended")


def _clause(trail: Trail, link: Link, terms: Terms) -> tuple[AgreementVersion, str]:
    """The version in which the clause now stands, and its line."""
    by, at = trail.by, trail.at
    agreement = Agreement.objects.filter(link=link).first()
    if agreement is None:
        version = begin_agreement(by=by, at=at, link=link, clauses=[terms])
        return version, Clause.objects.get(agreement_version=version).line
    version = agreement.versions.filter(state__in=sorted(OPEN)).first() or draft_version(
        by=by, at=at, agreement=agreement
    )
    if VersionState(version.state) not in EDITABLE:
        raise Refused(
            expected=gettext_noop("Expected an agreement whose text can be changed."),
            found=gettext_noop("Version {version} is {state}: its text stands still."),
            remedy=gettext_noop("Let it be signed, or withdraw it first."),
            version=version.version,
            state=str(version.get_state_display()),
        )
    return version, add_clause(by=by, at=at, version=version, terms=terms).line


def _demand_leader(link: Link) -> None:
    supplier, customer = link.supplier, link.customer
    if not serves_its_staff(kind=supplier.party_kind, path=supplier.path, customer_path=customer.path):
        raise Refused(
            expected=gettext_noop("Expected a link on which a leader serves the party that he stands in."),
            found=gettext_noop("On this link one party serves another."),
            remedy=gettext_noop("Write what is promised here as a clause of the agreement."),
        )


def _demand_day(due_on: date, today: date) -> None:
    if not today <= due_on <= today + LONGEST_AHEAD:
        raise Refused(
            field="due_on",
            expected=gettext_noop("Expected a day from today on, within ten years."),
            found=gettext_noop("Found {day}."),
            remedy=gettext_noop("Correct the day."),
            day=due_on.isoformat(),
        )


def _demand_given(promise: LeaderPromise) -> None:
    if promise.ended_at is not None:
        raise Refused(
            expected=gettext_noop("Expected a promise that is given."),
            found=gettext_noop("It was ended."),
            remedy=gettext_noop("Load the page again to see which are given."),
        )


def _demand_counts(fulfilment: Fulfilment) -> None:
    if fulfilment.ended_at is not None:
        raise Refused(
            expected=gettext_noop("Expected a kept promise that counts."),
            found=gettext_noop("It was taken back."),
            remedy=gettext_noop("Load the page again to see what was done."),
        )


def _waiting(promise: LeaderPromise, due: date | None, met: Mapping[date, date]) -> date:
    """``due``, if it is a day of the promise that waits."""
    first, rhythm = promise.due_on, Rhythm(promise.rhythm)
    if due is not None and due not in met and due in takewhile(lambda day: day <= due, due_days(first, rhythm)):
        return due
    raise Refused(
        field="due_on",
        expected=gettext_noop("Expected a day on which it is due and that nobody has met yet."),
        found=gettext_noop("Found {day}."),
        remedy=gettext_noop("Choose one of the days on the page of the promise."),
        day=due.isoformat() if due is not None else "–",
    )
