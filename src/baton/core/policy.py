"""Who may see and do what in the core. Default deny: what no function here allows is refused."""

from __future__ import annotations

from baton.core.actors import Actor
from baton.core.errors import Forbidden
from baton.core.rules import Role


def demand(allowed: bool) -> None:
    """Raise :class:`Forbidden` unless ``allowed``."""
    if not allowed:
        raise Forbidden


def may_use(actor: Actor) -> bool:
    """Use the organisation's pages: whoever is signed in, except guests, who see only what is shared with them."""
    return actor.is_system or (actor.person is not None and Role.GUEST not in actor.roles)


def is_signed_in(actor: Actor) -> bool:
    """Anybody with a sign-in, guests included: his own profile, language and messages."""
    return actor.is_system or actor.person is not None


def may_manage_people(actor: Actor) -> bool:
    """Add people, give roles, switch accounts off."""
    return actor.has(Role.ADMINISTRATOR)


def may_read_audit_trail(actor: Actor) -> bool:
    return actor.has(Role.AUDITOR, Role.QUALITY_MANAGER, Role.ADMINISTRATOR)
