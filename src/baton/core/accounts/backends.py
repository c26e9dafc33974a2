"""Who signs in: one backend for staff number, phone and e-mail."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib.auth.backends import ModelBackend
from django.http import HttpRequest

from baton.core.models import Person
from baton.core.queries import person_named, roles_of
from baton.core.rules import PASSWORD_LENGTH, Role


class SignInBackend(ModelBackend):
    """Finds the person by any of the three names and checks the password.

    Everything that is wrong gives the same answer after the same work: an unknown name hashes a password too, and a
    switched-off account is checked like any other before it is refused, and so is one that must not use a password.
    """

    def authenticate(
        self, request: HttpRequest | None, username: str | None = None, password: str | None = None, **credentials: Any
    ) -> Person | None:
        # Longer than any password can be: refused for everybody alike, before a hash is computed over it.
        if not username or not password or len(password) not in range(1, PASSWORD_LENGTH.stop):
            return None
        person = person_named(username)
        if person is None:
            Person().set_password(password)
            return None
        # Whoever says again who he is, such as to sign, must not lose his session by it.
        signed_in = getattr(getattr(request, "user", None), "is_authenticated", False)
        if not person.check_password(password, renew=not signed_in) or not self.user_can_authenticate(person):
            return None
        return person if _may_use_a_password(request, person) else None


def _may_use_a_password(request: HttpRequest | None, person: Person) -> bool:
    """Everybody, or administrators only, as BATON_PASSWORD_SIGN_IN says."""
    if settings.PASSWORDS_FOR_EVERYBODY:
        return True
    now = getattr(request, "now", None)
    return now is not None and Role.ADMINISTRATOR in roles_of(person, now)
