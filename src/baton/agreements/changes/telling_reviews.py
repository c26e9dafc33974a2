"""Who is told of a review meeting, and of what he said he would do."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from django.urls import reverse

from baton.agreements.models import Decision, MeetingPerson, ReviewMeeting
from baton.chain.queries.discussing import link_called
from baton.core.audit.trail import Trail
from baton.core.changes import notify
from baton.core.days import day_of

if TYPE_CHECKING:
    from baton.core.models import Person

INVITED_TOPIC = "agreements.review_invited"
MOVED_TOPIC = "agreements.review_moved"
CANCELLED_TOPIC = "agreements.review_cancelled"
SOON_TOPIC = "agreements.review_soon"
MINUTES_TOPIC = "agreements.review_minutes"
DUE_TOPIC = "agreements.decision_due"
LATE_TOPIC = "agreements.decision_late"
HANDED_TOPIC = "agreements.decision_handed"
OUTSIDE_OBJECTED_TOPIC = "agreements.outside_objected"


def tell_people(
    trail: Trail, meeting: ReviewMeeting, topic: str, *, only: Iterable[Person] | None = None
) -> None:  # fmt: skip
    """Tell the people of a meeting who sign in, but for who does it himself; ``only``: these of them."""
    rows = MeetingPerson.objects.filter(meeting=meeting, person__is_active=True, removed_at__isnull=True)
    if only is not None:
        rows = rows.filter(person__in=[one.pk for one in only])
    own = trail.by.person.pk if trail.by.person is not None else None
    values = {
        "number": meeting.number, "link": link_called(meeting.link.public_id),
        "day": day_of(meeting.starts_at).isoformat(), "why": meeting.cancelled_because,
    }  # fmt: skip
    for one in rows.select_related("person"):
        if one.person is not None and one.person.pk != own:
            notify(
                by=trail.by, at=trail.at, person=one.person, topic=topic, values=values,
                address=reverse("agreements:review", args=[meeting.public_id]),
                shows=[(ReviewMeeting.kind, meeting.public_id)],
            )  # fmt: skip


def tell_keeper(trail: Trail, decision: Decision, topic: str) -> None:
    """Tell whoever keeps a decision, where he signs in and does not do it himself."""
    keeper = decision.handed_to or decision.owner.person
    own = trail.by.person.pk if trail.by.person is not None else None
    if keeper is None or not keeper.is_active or keeper.pk == own:
        return
    notify(
        by=trail.by, at=trail.at, person=keeper, topic=topic,
        values={
            "words": decision.words, "due_on": decision.due_on.isoformat(), "number": decision.meeting.number,
        },
        address=reverse("agreements:review", args=[decision.meeting.public_id]) + f"#d-{decision.public_id}",
        shows=[(Decision.kind, decision.public_id)],
    )  # fmt: skip
