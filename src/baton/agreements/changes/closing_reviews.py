"""A review meeting is closed: its minutes stand still, and the agreement goes on, is renewed, changed or ended."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.conf import settings
from django.utils.translation import gettext, override

from baton.agreements.changes.checks import note_given, reason_given
from baton.agreements.changes.drafts import describe_version, draft_version
from baton.agreements.changes.meeting_doors import to_plan
from baton.agreements.changes.steps import end_version
from baton.agreements.changes.telling_reviews import (
    DUE_TOPIC,
    LATE_TOPIC,
    MINUTES_TOPIC,
    SOON_TOPIC,
    tell_keeper,
    tell_people,
)
from baton.agreements.models import AgreementVersion, Decision, MeetingPerson, ReviewMeeting
from baton.agreements.queries.reviews import active_version
from baton.agreements.rules import OPEN
from baton.agreements.rules.reviews import (
    DUE_SOON,
    SOON,
    Attendance,
    DecisionState,
    MeetingState,
    ReviewOutcome,
    renewed_term,
)
from baton.core.actors import Actor
from baton.core.audit.trail import Trail, change
from baton.core.days import day_of
from baton.core.errors import Refused
from baton_analysis.errors import gettext_noop

KEEP_REVIEWS_JOB = "agreements.keep_reviews"


def close_meeting(
    *, by: Actor, at: datetime, meeting: ReviewMeeting, outcome: ReviewOutcome | None = None, reason: str = "",
    expected_seq: int | None = None,
) -> ReviewMeeting:  # fmt: skip
    """Close a meeting that has begun; from now on its minutes stand still, and both sides may confirm them.

    ``outcome`` says what becomes of the agreement instead of a new tender, None: nothing was decided. Renewing begins
    the next version with the term that follows, changing one with the reason, ending ends the version in force today.
    """
    why = reason_given(reason) if outcome in (ReviewOutcome.CHANGE, ReviewOutcome.END) else note_given(reason, "reason")
    with change(by=by, at=at) as trail:
        held = to_plan(trail, meeting, expected_seq)
        _demand_held(held, at)
        held.state, held.closed_at = MeetingState.HELD, at
        held.outcome, held.outcome_reason = outcome or "", why
        if outcome is not None:
            held.led_to = _carried_out(trail, held, outcome, why)
        held = trail.save(held, "review_meeting.closed")
        tell_people(trail, held, MINUTES_TOPIC)
        return held


def keep_reviews(*, by: Actor, at: datetime) -> None:
    """Remind people of meetings that are near, and of what they said they would do: once when it is due soon, once when
    it is late. Done again on one day, it changes nothing more."""
    near = ReviewMeeting.objects.filter(
        state=MeetingState.PLANNED, told_at__isnull=True, starts_at__gt=at, starts_at__lte=at + SOON
    )
    for meeting in near:
        with change(by=by, at=at) as trail:
            held = trail.lock(ReviewMeeting, meeting)
            if held.told_at is None and held.state == MeetingState.PLANNED:
                held.told_at = at
                tell_people(trail, trail.save(held, "review_meeting.told"), SOON_TOPIC)
    day = day_of(at)
    open_ones = Decision.objects.filter(state=DecisionState.OPEN, meeting__state=MeetingState.HELD)
    for decision in open_ones.filter(due_on__lt=day, told_late_at__isnull=True):
        _remind(by, at, decision, "told_late_at", LATE_TOPIC)
    soon = open_ones.filter(due_on__gte=day, due_on__lte=day + DUE_SOON, told_soon_at__isnull=True)
    for decision in soon:
        _remind(by, at, decision, "told_soon_at", DUE_TOPIC)


def _remind(by: Actor, at: datetime, decision: Decision, column: str, topic: str) -> None:
    with change(by=by, at=at) as trail:
        fresh = trail.lock(Decision, decision)
        if getattr(fresh, column) is None and fresh.state == DecisionState.OPEN:
            setattr(fresh, column, at)
            tell_keeper(trail, trail.save(fresh, "decision.reminded"), topic)


def _demand_held(meeting: ReviewMeeting, at: datetime) -> None:
    if at < meeting.starts_at:
        raise Refused(
            expected=gettext_noop("Expected a meeting that has begun."),
            found=gettext_noop("It begins on {day}."),
            remedy=gettext_noop("Close it when it is over, move it, or cancel it."),
            day=day_of(meeting.starts_at).isoformat(),
        )
    came = MeetingPerson.objects.filter(meeting=meeting, removed_at__isnull=True, attendance=Attendance.PRESENT)
    if not came.exists():
        raise Refused(
            expected=gettext_noop("Expected that it is noted who was there."),
            found=gettext_noop("Nobody is noted as present."),
            remedy=gettext_noop("Note the attendance first; cancel a meeting to which nobody came."),
        )


def _carried_out(
    trail: Trail, meeting: ReviewMeeting, outcome: ReviewOutcome, why: str
) -> AgreementVersion | None:  # fmt: skip
    version = active_version(viewer=trail.by, link=meeting.link)
    if version is None:
        raise Refused(
            field="outcome",
            expected=gettext_noop("Expected an agreement in force."),
            found=gettext_noop("This link has none."),
            remedy=gettext_noop("Leave the outcome empty."),
        )
    if outcome is ReviewOutcome.GO_ON:
        return None
    if outcome is ReviewOutcome.END:
        end_version(by=trail.by, at=trail.at, version=version, reason=why)
        return None
    if outcome is ReviewOutcome.RENEW and version.ends_on is None:
        raise Refused(
            field="outcome",
            expected=gettext_noop("Expected an agreement with a last day."),
            found=gettext_noop("Version {version} has no end."),
            remedy=gettext_noop("Choose that it holds as it is, or change it."),
            version=version.version,
        )
    on_its_way = AgreementVersion.objects.filter(agreement=version.agreement, state__in=sorted(OPEN)).first()
    if on_its_way is not None:
        return on_its_way
    fresh = draft_version(by=trail.by, at=trail.at, agreement=version.agreement, reason=why or _because(meeting))
    return _for_the_next_term(trail, version, fresh) if outcome is ReviewOutcome.RENEW else fresh


def _for_the_next_term(trail: Trail, version: AgreementVersion, fresh: AgreementVersion) -> AgreementVersion:
    if version.ends_on is None:
        return fresh
    began = version.starts_on or day_of(version.activated_at or trail.at)
    first, last = renewed_term(began, version.ends_on)
    today = day_of(trail.at)
    if first < today:
        first, last = today, last + (today - first)
    ahead = version.review_on - began if version.review_on is not None else None
    review = min(first + ahead, last) if ahead is not None and ahead > timedelta() else None
    return describe_version(
        by=trail.by, at=trail.at, version=fresh, starts_on=first, ends_on=last, review_on=review,
        renewal_days=version.renewal_days, reason=fresh.reason,
    )  # fmt: skip


def _because(meeting: ReviewMeeting) -> str:
    """Why there is a new version, in the organisation's language."""
    with override(settings.LANGUAGE_CODE):
        return gettext("Decided at the review meeting {number}.").format(number=meeting.number)
