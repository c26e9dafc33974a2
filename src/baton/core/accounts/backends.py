"""Who signs in: one backend for staff number, phone and e-mail."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.backends import ModelBackend
from django.http import HttpRequest

from baton.core.models import Person
from baton.core.queries import person_named
from baton.core.rules import PASSWORD_LENGTH


class SignInBackend(ModelBackend):
    """Finds the person by any of the three names and checks the password.

    Everything that is wrong gives the same answer after the same work: an unknown name hashes a password too, and a
    switched-off account is checked like any other before it is refused.
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
        return person if person.check_password(password) and self.user_can_authenticate(person) else None
