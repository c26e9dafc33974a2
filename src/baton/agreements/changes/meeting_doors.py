"""Who may change a review meeting, and until when."""

from __future__ import annotations

from baton.agreements import policy
from baton.agreements.models import MeetingPerson, ReviewMeeting
from baton.agreements.rules.reviews import MeetingState
from baton.chain.policy import standing_of
from baton.core.audit.trail import Trail
from baton.core.days import day_of
from baton.core.errors import Refused
from baton.core.policy import demand
from baton_analysis.errors import gettext_noop


def to_plan(trail: Trail, meeting: ReviewMeeting, expected_seq: int | None = None) -> ReviewMeeting:
    """The meeting, locked, for whoever plans meetings of its link; refused once it is over."""
    held = trail.lock(ReviewMeeting, meeting, expected_seq=expected_seq)
    demand(policy.may_write(standing_of(trail.by, day_of(trail.at)), held.link))
    return _still_planned(held)


def to_minute(trail: Trail, meeting: ReviewMeeting) -> ReviewMeeting:
    """The meeting, locked, for whoever writes its minutes; refused once it is over."""
    held = trail.lock(ReviewMeeting, meeting)
    own = trail.by.person
    invited = own is not None and MeetingPerson.objects.filter(
        person=own, meeting=held, removed_at__isnull=True
    ).exists()  # fmt: skip
    demand(policy.may_take_minutes(standing_of(trail.by, day_of(trail.at)), held.link, invited=invited))
    return _still_planned(held)


def _still_planned(meeting: ReviewMeeting) -> ReviewMeeting:
    if meeting.state == MeetingState.PLANNED:
        return meeting
    if meeting.state == MeetingState.CANCELLED:
        raise Refused(
            expected=gettext_noop("Expected a meeting that takes place."),
            found=gettext_noop("{number} was cancelled."),
            remedy=gettext_noop("Plan another one on the page of the link."),
            number=meeting.number,
        )
    raise Refused(
        expected=gettext_noop("Expected a meeting that was not closed."),
        found=gettext_noop("{number} was closed on {day}: its minutes stand still."),
        remedy=gettext_noop("Write what is to be added as a comment, or put it on the agenda of the next meeting."),
        number=meeting.number,
        day=day_of(meeting.closed_at).isoformat() if meeting.closed_at is not None else "",
    )
