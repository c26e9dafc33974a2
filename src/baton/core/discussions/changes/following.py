"""Who wants to hear of new comments."""

from __future__ import annotations

from datetime import datetime

from baton.core import policy as core_policy
from baton.core.actors import Actor
from baton.core.audit.trail import change
from baton.core.discussions import policy
from baton.core.errors import NotFound
from baton.core.models import Following


def follow(*, by: Actor, at: datetime, kind: str, public_id: str, follows: bool) -> Following:
    """Be told of new comments on a record from now on, or not any more, also where the room tells one by itself. Said
    twice is once. Raises :class:`NotFound` for a record that ``by`` does not see."""
    if not policy.may_read(by, kind, public_id):
        raise NotFound
    core_policy.demand(policy.may_comment(by))
    action = "following.begun" if follows else "following.ended"
    with change(by=by, at=at) as trail:
        known = Following.objects.filter(about_kind=kind, about_id=public_id, person=by.person).first()
        if known is None:
            new = Following(about_kind=kind, about_id=public_id, person=by.person, follows=follows)
            return trail.save(new, action)
        fresh = trail.lock(Following, known)
        fresh.follows = follows
        return trail.save(fresh, action)
