"""Who reads links across departments."""

from __future__ import annotations

from datetime import datetime

from baton.chain import policy
from baton.chain.models import Reading
from baton.chain.rules import Reach
from baton.core.actors import Actor
from baton.core.audit.trail import change
from baton.core.errors import Stale
from baton.core.policy import demand


def say_how_far_members_read(
    *, by: Actor, at: datetime, reach: Reach, expected_seq: int | None = None, reason: str = ""
) -> Reading:
    """Say how far everybody reads along the chain from now on; ``expected_seq`` 0: nobody had said it yet."""
    with change(by=by, at=at, reason=reason) as trail:
        demand(policy.may_say_how_far_members_read(by))
        reading = Reading.objects.first()
        if reading is None:
            if expected_seq:
                raise Stale
            reading = Reading()
        else:
            reading = trail.lock(Reading, reading, expected_seq=expected_seq)
        reading.reach = Reach(reach)
        return trail.save(reading, "reading.said")
