"""Passwords, and the one-time codes with which they are set anew."""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import replace
from datetime import datetime

from django.contrib.auth.hashers import make_password
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError

from baton.core import policy
from baton.core.actors import Actor
from baton.core.audit.trail import change
from baton.core.errors import Refused
from baton.core.ids import ALPHABET
from baton.core.models import Person, ResetCode
from baton.core.queries import open_reset_codes, person_named, roles_of
from baton.core.rules import RESET_CODE_LIFE, normal_reset_code
from baton_analysis.errors import gettext_noop, sentences


def change_password(*, by: Actor, at: datetime, person: Person, password: str) -> Person:
    """Set the password that ``person`` chose himself, signed in or through a link in his mailbox.

    Every other session of his ends: sessions are tied to the password. Raises :class:`Refused` for a password that is
    too short, too long or too well known.
    """
    policy.demand(by.is_system or by.is_anonymous or policy.is_self(by, person))
    digest = hashed(password, person)
    own = replace(by, person=person) if by.is_anonymous else by
    with change(by=own, at=at) as trail:
        fresh = trail.lock(Person, person)
        fresh.password = digest
        fresh.must_change_password = False
        return trail.save(fresh, "person.password_changed")


def issue_reset_code(*, by: Actor, at: datetime, person: Person) -> str:
    """A one-time code with which ``person`` sets a new password within 24 hours; earlier codes become worthless.

    The code is returned once, to be handed over in person; only its digest is kept.
    """
    policy.demand(policy.may_issue_reset_code(by, person, roles_of(person, at)))
    groups = ["".join(secrets.choice(ALPHABET) for _ in range(4)) for _ in range(3)]
    code = "-".join(groups)
    with change(by=by, at=at) as trail:
        for earlier in open_reset_codes(person, at):
            fresh = trail.lock(ResetCode, earlier)
            fresh.expires_at = at
            trail.save(fresh, "reset_code.withdrawn")
        issued = ResetCode(
            person=person, digest=_code_digest(code), issued_by=by.person, expires_at=at + RESET_CODE_LIFE
        )
        trail.save(issued, "reset_code.issued")
    return code


def reset_password_with_code(*, at: datetime, sign_in_name: str, code: str, password: str, request: str = "") -> Person:
    """Set a new password with a code from :func:`issue_reset_code` and spend the code.

    Wrong name, wrong code, spent, expired and switched-off account give the same refusal after the same work.
    """
    person = person_named(sign_in_name)
    digest = hashed(password, person)
    by = Actor(person, request=request)
    with change(by=by, at=at) as trail:
        found = open_reset_codes(person, at).filter(digest=_code_digest(code)).first() if person else None
        if person is None or found is None or not person.is_active:
            raise Refused(
                field="code",
                expected=gettext_noop(
                    "A code is spent once, within 24 hours, together with the sign-in name it is for."
                ),
                found=gettext_noop("This name and this code do not belong together, or the code is spent or too old."),
                remedy=gettext_noop("Check both, or ask the person who gave you the code for a new one."),
            )
        spent = trail.lock(ResetCode, found)
        spent.used_at = at
        trail.save(spent, "reset_code.spent")
        fresh = trail.lock(Person, person)
        fresh.password = digest
        fresh.must_change_password = False
        fresh.sessions_valid_from = at
        return trail.save(fresh, "person.password_reset")


def _code_digest(code: str) -> str:
    return hashlib.sha256(normal_reset_code(code).encode()).hexdigest()


def hashed(password: str, person: Person | None) -> str:
    """The password as it is stored; :class:`Refused` for one that is too short, too long or too well known."""
    try:
        validate_password(password, person)
    except ValidationError as refused:
        raise Refused(field="password", remedy=gettext_noop("{why}"), why=sentences(refused.messages)) from refused
    return make_password(password)
