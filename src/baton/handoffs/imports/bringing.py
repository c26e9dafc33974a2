"""Who brings tables of handoffs, as of now."""

from __future__ import annotations

from baton.chain.policy import standing_of
from baton.core.actors import Actor
from baton.core.present import today
from baton.handoffs import policy


def may_bring(actor: Actor) -> bool:
    """Bring tables of handoffs; see :func:`baton.handoffs.policy.may_bring`."""
    return policy.handles_all_brought(actor) or policy.may_bring(standing_of(actor, today()))
