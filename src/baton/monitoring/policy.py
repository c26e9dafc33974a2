"""Who may see and do what in monitoring. Default deny."""

from __future__ import annotations

from collections.abc import Collection
from typing import TYPE_CHECKING

from baton.core.actors import Actor
from baton.core.policy import may_see_object, may_use
from baton.core.rules import Role

if TYPE_CHECKING:
    from baton.core.models import Person
    from baton.monitoring.models import Signal


def may_see_subject(actor: Actor, kind: str, public_id: str) -> bool:
    """Whoever may see the object may see how it goes; the room that owns the object says who that is."""
    return may_see_object(actor, kind, public_id)


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


def may_specify(actor: Actor, kind: str, public_id: str) -> bool:
    """Say between which limits a measure of the object is to lie, and take it back."""
    return actor.has(Role.QUALITY_MANAGER) and may_see_subject(actor, kind, public_id)


def may_see_signals(actor: Actor) -> bool:
    """Open the list of signals; which of them he sees, is asked of the rooms whose things are measured."""
    return may_use(actor)


def may_answer_signal(actor: Actor, signal: Signal, answerable: Collection[str]) -> bool:
    """Say that a signal was seen, what is behind it, that it is closed, and who should look: its owner, the quality
    manager, and whoever may decide about what is measured (``answerable``: the keys of what he may)."""
    if actor.person is None or not may_use(actor):
        return False
    own = signal.owner_id == actor.person.pk
    return own or actor.has(Role.QUALITY_MANAGER) or signal.subject in answerable


def may_change_rule(actor: Actor, person: Person | None) -> bool:
    """Make or withdraw a rule of who is told of signals: one's own; those of others (None: of the holders of a role)
    the quality manager and the administrator."""
    if actor.person is None or not may_use(actor):
        return False
    own = person is not None and person.pk == actor.person.pk
    return own or may_set_rules_for_all(actor)


def may_set_rules_for_all(actor: Actor) -> bool:
    """Say for others, too, who is told of which signals."""
    return actor.has(Role.QUALITY_MANAGER, Role.ADMINISTRATOR)
