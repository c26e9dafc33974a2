"""People who sign in: added, edited, switched off and on."""

from __future__ import annotations

from datetime import datetime

from django.conf import settings
from django.contrib.auth.hashers import make_password

from baton.core import policy
from baton.core.actors import Actor
from baton.core.audit.trail import change
from baton.core.changes.passwords import hashed
from baton.core.changes.roles import leave_an_administrator
from baton.core.days import known_zone
from baton.core.errors import Refused, TooLong
from baton.core.models import Person
from baton.core.queries import is_name_taken, roles_of
from baton.core.rules import PHONE, Role, normal_phone, normal_sign_in_name
from baton.core.texts import Texts, clean_text, sort_keys
from baton_analysis.errors import gettext_noop


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
    policy.demand(policy.may_add_people(by))
    person = Person(
        name=name,
        sort_keys=sort_keys(name),
        password=hashed(password, None) if password else make_password(None),
        language=language or settings.LANGUAGE_CODE,
        time_zone=known_zone(time_zone or settings.TIME_ZONE),
    )
    with change(by=by, at=at) as trail:
        _name(person, sign_in_name=sign_in_name, email=email, phone=phone)
        return trail.save(person, "person.added")


def edit_person(
    *,
    by: Actor,
    at: datetime,
    person: Person,
    expected_seq: int | None = None,
    name: Texts | None = None,
    sign_in_name: str | None = None,
    email: str | None = None,
    phone: str | None = None,
    language: str | None = None,
    time_zone: str | None = None,
) -> Person:
    """Change a person's name, contacts, language or time zone; None leaves a field as it is.

    Only administrators and HR change the sign-in name; who changes contacts, ``policy.may_change_contacts`` says. A new
    e-mail makes every reset link sent before worthless.
    """
    policy.demand(policy.may_edit_person(by, person, roles_of(person, at)))
    policy.demand(sign_in_name in (None, person.sign_in_name) or policy.may_add_people(by))
    with change(by=by, at=at) as trail:
        fresh = trail.lock(Person, person, expected_seq=expected_seq)
        before = _contacts(fresh)
        if name is not None:
            fresh.name, fresh.sort_keys = name, sort_keys(name)
        fresh.language = language or fresh.language
        fresh.time_zone = known_zone(time_zone or fresh.time_zone)
        _name(
            fresh,
            sign_in_name=fresh.sign_in_name if sign_in_name is None else sign_in_name,
            email=(fresh.email or "") if email is None else email,
            phone=(fresh.phone or "") if phone is None else phone,
        )
        if _contacts(fresh) != before:
            policy.demand(policy.may_change_contacts(by, fresh, roles_of(fresh, at)))
        return trail.save(fresh, "person.edited")


def _contacts(person: Person) -> tuple[str, str | None, str | None]:
    """Where a new password can be sent, and the name that goes with it."""
    return person.sign_in_name, person.email, person.phone


def named(person: Person, *, sign_in_name: str, email: str, phone: str) -> None:
    """Give the three names one can sign in with, in their normal spelling; refused where one cannot be one."""
    person.sign_in_name = normal_sign_in_name(sign_in_name)
    person.email = normal_sign_in_name(email) or None
    person.phone = normal_phone(phone) or None
    if not person.sign_in_name:
        raise Refused(
            field="sign_in_name", remedy=gettext_noop("Enter a staff number, phone or e-mail to sign in with.")
        )
    if person.phone and not PHONE.fullmatch(person.phone):
        raise Refused(
            field="phone",
            expected=gettext_noop("A telephone number with country code was expected, such as +86 138 0013 8000."),
            found=gettext_noop("Found “{phone}”."),
            remedy=gettext_noop("Enter digits, or leave it empty."),
            phone=clean_text(phone)[:40],
        )
    for field in ("sign_in_name", "email", "phone"):
        name = getattr(person, field) or ""
        most: int = getattr(Person._meta.get_field(field), "max_length", 0)
        if len(name) > most:  # one character that was typed may stand for many
            raise TooLong(field=field, most=most, length=len(name))


def _name(person: Person, *, sign_in_name: str, email: str, phone: str) -> None:
    """The same; each belongs to one person, whichever of the three it is for him."""
    named(person, sign_in_name=sign_in_name, email=email, phone=phone)
    for field in ("sign_in_name", "email", "phone"):
        name = getattr(person, field) or ""
        if name and is_name_taken(name, by_other_than=person):
            raise Refused(
                field=field,
                expected=gettext_noop("A sign-in name, e-mail or phone belongs to one person."),
                found=gettext_noop("Somebody else signs in with this one."),
                remedy=gettext_noop("Enter another one, or correct the other person’s first."),
            )


def show_contacts(*, by: Actor, at: datetime, person: Person) -> dict[str, str]:
    """``sign_in_name``, ``email`` and ``phone`` of ``person`` unmasked, for one answer; the trail says who looked."""
    policy.demand(policy.may_show_contacts(by, person, roles_of(person, at)))
    with change(by=by, at=at) as trail:
        trail.note("person.contacts_shown", kind=Person.kind, object_id=person.public_id)
    return {"sign_in_name": person.sign_in_name, "email": person.email or "", "phone": person.phone or ""}


def disable_person(*, by: Actor, at: datetime, person: Person, expected_seq: int | None = None) -> Person:
    """Refuse every sign-in of ``person`` and end the sessions that are open. His records stay."""
    policy.demand(policy.may_manage_people(by))
    with change(by=by, at=at) as trail:
        fresh = trail.lock(Person, person, expected_seq=expected_seq)
        if Role.ADMINISTRATOR in roles_of(fresh, at):
            leave_an_administrator(fresh, at)
        fresh.is_active = False
        fresh.sessions_valid_from = at
        return trail.save(fresh, "person.disabled")


def enable_person(*, by: Actor, at: datetime, person: Person, expected_seq: int | None = None) -> Person:
    """Let ``person`` sign in again, with the password he had; sessions of before stay ended."""
    policy.demand(policy.may_manage_people(by))
    with change(by=by, at=at) as trail:
        fresh = trail.lock(Person, person, expected_seq=expected_seq)
        fresh.is_active = True
        return trail.save(fresh, "person.enabled")
