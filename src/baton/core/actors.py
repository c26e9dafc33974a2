"""Who does or sees something: passed as ``by=`` to every change and as ``viewer=`` to every query."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from baton.core.rules import Role

if TYPE_CHECKING:
    from baton.core.models import Person


@dataclass(frozen=True, slots=True)
class Actor:
    """A person in his organisation-wide roles, or the system itself.

    ``request`` is the id of the request or run in which he acts, ``via`` the public id of the API token that acts in
    his name; both go into the audit trail.
    """

    person: Person | None
    roles: frozenset[Role] = field(default_factory=frozenset)
    request: str = ""
    process: str = ""
    via: str = ""

    @classmethod
    def system(cls, process: str, request: str = "") -> Actor:
        """Baton acting on its own: a scheduled run, a command, a migration."""
        return cls(person=None, process=process, request=request)

    @property
    def is_system(self) -> bool:
        return self.person is None and bool(self.process)

    @property
    def is_anonymous(self) -> bool:
        return self.person is None and not self.process

    @property
    def id(self) -> str:
        """Public id of the person, ``system:<process>`` or empty for somebody not signed in."""
        if self.person is not None:
            return self.person.public_id
        return f"system:{self.process}" if self.process else ""

    def has(self, *roles: Role) -> bool:
        """Whether the actor holds any of these roles; the system holds all."""
        return self.is_system or not self.roles.isdisjoint(roles)


NOBODY = Actor(person=None)
