"""Who may begin an organisation. Default deny."""

from __future__ import annotations

from baton.core.actors import Actor
from baton.core.policy import demand
from baton.core.rules import Role


def may_start(actor: Actor) -> bool:
    """Use the first-run wizard: an administrator or a quality manager, as himself."""
    return actor.person is not None and actor.has(Role.ADMINISTRATOR, Role.QUALITY_MANAGER)


def demand_start(actor: Actor) -> None:
    """Raise Forbidden for who may not begin."""
    demand(may_start(actor))


def may_enter_chain(actor: Actor) -> bool:
    """Enter parties and links; an administrator gives himself the role first, and the trail shows it."""
    return actor.has(Role.QUALITY_MANAGER)
