"""Organisation-wide roles."""

from __future__ import annotations

from datetime import datetime

from baton.core import policy
from baton.core.actors import Actor
from baton.core.audit.trail import change
from baton.core.errors import Refused
from baton.core.models import OrganisationRole, Person
from baton.core.queries import other_administrators, roles_of
from baton.core.rules import Role
from baton_analysis.errors import gettext_noop


def give_role(*, by: Actor, at: datetime, person: Person, role: Role) -> OrganisationRole:
    """Give ``person`` an organisation-wide role from ``at`` on."""
    policy.demand(policy.may_manage_people(by))
    with change(by=by, at=at) as trail:
        if role in roles_of(person, at):
            raise Refused(
                field="role",
                found=gettext_noop("This person holds the role already."),
                remedy=gettext_noop("Choose another role."),
            )
        return trail.save(OrganisationRole(person=person, role=role, began_at=at), "role.given")


def end_role(*, by: Actor, at: datetime, role: OrganisationRole) -> OrganisationRole:
    """End a role from ``at`` on. The last administrator keeps his."""
    policy.demand(policy.may_manage_people(by))
    with change(by=by, at=at) as trail:
        fresh = trail.lock(OrganisationRole, role)
        if fresh.ended_at is not None:
            return fresh
        if fresh.role == Role.ADMINISTRATOR:
            leave_an_administrator(fresh.person, at)
        fresh.ended_at = max(at, fresh.began_at)
        return trail.save(fresh, "role.ended")


def leave_an_administrator(person: Person, at: datetime) -> None:
    """Raise :class:`Refused` where nobody but ``person`` could administer the installation at ``at``."""
    if not other_administrators(person, at):
        raise Refused(
            expected=gettext_noop("At least one administrator must be able to sign in."),
            found=gettext_noop("This is the last one."),
            remedy=gettext_noop("Give the role to somebody else first."),
        )
