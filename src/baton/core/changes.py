"""Every write of the core: people, roles, settings."""

from __future__ import annotations

from datetime import datetime

from baton.core import policy
from baton.core.actors import Actor
from baton.core.audit.trail import change
from baton.core.models import OrganisationRole, Person
from baton.core.rules import Role, normal_sign_in_name
from baton.core.texts import Texts, sort_keys


def add_person(
    *,
    by: Actor,
    at: datetime,
    sign_in_name: str,
    name: Texts,
    email: str = "",
    phone: str = "",
    password: str | None = None,
    language: str = "",
    time_zone: str = "",
) -> Person:
    """Let somebody sign in. Without ``password`` he needs a reset code first."""
    policy.demand(policy.may_manage_people(by))
    person = Person(
        sign_in_name=normal_sign_in_name(sign_in_name),
        name=name,
        sort_keys=sort_keys(name),
        email=normal_sign_in_name(email) or None,
        phone=phone or None,
    )
    if language:
        person.language = language
    if time_zone:
        person.time_zone = time_zone
    person.set_password(password)
    with change(by=by, at=at) as trail:
        return trail.save(person, "person.added")


def give_role(*, by: Actor, at: datetime, person: Person, role: Role) -> OrganisationRole:
    """Give ``person`` an organisation-wide role from ``at`` on."""
    policy.demand(policy.may_manage_people(by))
    with change(by=by, at=at) as trail:
        return trail.save(OrganisationRole(person=person, role=role, began_at=at), "role.given")
