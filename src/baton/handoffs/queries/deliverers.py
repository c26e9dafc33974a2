"""Who recorded that a handoff was delivered, and who opened its returns, as the audit trail says."""

from __future__ import annotations

from collections.abc import Collection

from baton.core.actors import Actor
from baton.core.history import history_of
from baton.handoffs.models import Handoff

_STEPS = ("handoff.delivered", "handoff.deliver")
_DELIVERED = (*_STEPS, "handoff.recorded", "handoff.told")
"""Of the last two only those that say when it was delivered."""


def deliverer_of(*, viewer: Actor, handoff: Handoff) -> str:
    """Public id of who recorded the last delivery; empty where nobody did, or a machine. The caller has made sure that
    ``viewer`` sees the handoff. Two queries."""
    for entry in history_of(viewer=viewer, object_ids=[handoff.public_id], actions=_DELIVERED):
        if entry.action in _STEPS or (entry.changed.get("delivered_at") or (None, None))[1] is not None:
            return entry.actor if not entry.process else ""
    return ""


def openers_of(*, viewer: Actor, returns: Collection[str]) -> dict[str, str]:
    """Public ids of returns -> that of who opened it; a machine's are left out. The caller has made sure that
    ``viewer`` sees their handoff. Two queries, however many they are."""
    found = history_of(viewer=viewer, object_ids=list(returns), actions=("handoff_return.opened",))
    return {entry.object_id: entry.actor for entry in found if not entry.process}
