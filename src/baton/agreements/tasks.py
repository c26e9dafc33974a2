"""Jobs of the agreements."""

from __future__ import annotations

from datetime import datetime

from baton.agreements import changes
from baton.agreements.changes import closing_reviews
from baton.agreements.changes.workshops import close_expired
from baton.core.actors import Actor
from baton.core.jobs import Reporter


def tell_of_certificates(*, by: Actor, at: datetime, progress: Reporter) -> None:
    """Tell parties whose certificates run out."""
    changes.tell_of_certificates(by=by, at=at)


def remind_of_opinions(*, by: Actor, at: datetime, progress: Reporter) -> None:
    """Remind those who are asked what they think and have said nothing."""
    changes.remind_of_opinions(by=by, at=at)


def keep_terms(*, by: Actor, at: datetime, progress: Reporter) -> None:
    """Bring versions into force and expire them by their days."""
    changes.keep_terms(by=by, at=at)


def close_workshops(*, by: Actor, at: datetime, progress: Reporter) -> None:
    """Close workshops whose hours were over a week ago."""
    close_expired(by=by, at=at)


def keep_reviews(*, by: Actor, at: datetime, progress: Reporter) -> None:
    """Remind people of review meetings that are near, and of what they said they would do."""
    closing_reviews.keep_reviews(by=by, at=at)
