"""Every write of the core: people, roles, settings."""

from __future__ import annotations

from datetime import datetime

from baton.core import policy
from baton.core.actors import Actor
from baton.core.audit.trail import change
from baton.core.days import day_of
from baton.core.ids import spoken_number
from baton.core.models import NumberSeries, OrganisationRole, Person
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


def next_numbers(*, prefix: str, at: datetime, count: int = 1) -> list[str]:
    """The next ``count`` spoken numbers of a kind of record, such as ``L-2026-0042``; for use inside a change.

    Numbers run on within the organisation's calendar year and are never given twice. The counter is written in the
    caller's transaction, so a change that fails takes its numbers back.
    """
    year = day_of(at).year
    series, _made = NumberSeries.objects.select_for_update().get_or_create(prefix=prefix, year=year)
    first = series.last + 1
    series.last += count
    series.save(update_fields=["last"])
    return [spoken_number(prefix, year, ordinal) for ordinal in range(first, first + count)]


def next_number(*, prefix: str, at: datetime) -> str:
    """The next spoken number of a kind of record; see :func:`next_numbers`."""
    return next_numbers(prefix=prefix, at=at)[0]
