"""Who may see and do what in monitoring. Default deny."""

from __future__ import annotations

from baton.core import registries
from baton.core.actors import Actor
from baton.core.rules import Role


def may_see_subject(actor: Actor, kind: str, public_id: str) -> bool:
    """Whoever may see the object may see how it goes; the room that owns the object says who that is."""
    return kind in registries.policies and registries.policies.get(kind).may_see(actor, public_id)


def may_see_health(actor: Actor) -> bool:
    """Ask for the health of subjects at all. The caller asks only about subjects that the actor may see."""
    return not actor.is_anonymous


def may_see_state(actor: Actor) -> bool:
    """See how monitoring itself is doing."""
    return actor.has(Role.QUALITY_MANAGER, Role.ADMINISTRATOR, Role.AUDITOR)


def may_refresh(actor: Actor) -> bool:
    """Bring facts and measures up to date, or build them anew."""
    return actor.has(Role.QUALITY_MANAGER, Role.ADMINISTRATOR)


def may_start_phase(actor: Actor, kind: str, public_id: str) -> bool:
    """Say that a process was changed, so that limits are computed anew from then on."""
    return actor.has(Role.QUALITY_MANAGER) and may_see_subject(actor, kind, public_id)
