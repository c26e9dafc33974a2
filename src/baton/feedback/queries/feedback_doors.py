"""Open pages for feedback: which there are, for who keeps them, and which one an address opens."""

from __future__ import annotations

from django.db.models import QuerySet

from baton.core.actors import Actor
from baton.core.errors import NotFound
from baton.feedback import policy
from baton.feedback.models import FeedbackDoor

_WITH = ("party", "link__supplier", "link__customer", "link__output")


def feedback_doors(*, viewer: Actor) -> QuerySet[FeedbackDoor]:
    """All pages that were opened, for who keeps them; nobody else has a list."""
    rows = FeedbackDoor.objects.select_related(*_WITH)
    return rows if policy.may_keep_doors(viewer) else rows.none()


def feedback_door(*, viewer: Actor, public_id: str) -> FeedbackDoor:
    """One of them; NotFound for any other."""
    found = feedback_doors(viewer=viewer).filter(public_id=public_id[:16]).first()
    if found is None:
        raise NotFound
    return found


def door_behind(*, public_id: str) -> FeedbackDoor | None:
    """The open page behind an address, for anybody who has it; None where there is none, or it was closed."""
    rows = FeedbackDoor.objects.filter(closed_at__isnull=True, party__ended_on__isnull=True)
    return rows.select_related(*_WITH).filter(public_id=public_id[:16]).first()
