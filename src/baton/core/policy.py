"""Who may see and do what in the core. Default deny: what no function here allows is refused.

What                                     administrator   HR    auditor   quality manager   a head (own people)   himself
list and pages of people                 yes             yes   masked    no                no                    own
contacts (e-mail, phone, sign-in name)   yes             yes   masked    no                no                    own
change name, contacts, language          yes             yes   no        no                no                    own
add people                               yes             yes   no        no                no                    no
give and end roles                       yes             no    no        no                no                    no
switch an account off and on             yes             no    no        no                no                    no
hand over a reset code                   yes             no    no        no                yes, if no roles      no
remove a lost second factor              yes             no    no        no                no                    own
forget a person                          yes             no    no        no                no                    no
audit trail                              yes             no    yes       yes               no                    no

HR changes neither the names under which an administrator, auditor, director or quality manager signs in, nor may a head
reset their passwords: whoever can do that can become them. Masked: a phone as 138****1234, no e-mail.
"""

from __future__ import annotations

from collections.abc import Set
from typing import TYPE_CHECKING

from baton.core import registries
from baton.core.actors import Actor
from baton.core.errors import Forbidden
from baton.core.rules import POWERFUL, Role

if TYPE_CHECKING:
    from baton.core.models import Person


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
    """Give roles, switch accounts off, forget people."""
    return actor.has(Role.ADMINISTRATOR)


def may_add_people(actor: Actor) -> bool:
    """Let somebody new sign in, without any role."""
    return actor.has(Role.ADMINISTRATOR, Role.HR)


def may_list_people(actor: Actor) -> bool:
    """See the list of people and their pages."""
    return actor.has(Role.ADMINISTRATOR, Role.HR, Role.AUDITOR)


def may_see_contacts(actor: Actor, person: Person) -> bool:
    """See sign-in name, e-mail and phone unmasked."""
    return actor.has(Role.ADMINISTRATOR, Role.HR) or is_self(actor, person)


def may_edit_person(actor: Actor, person: Person, held: Set[Role]) -> bool:
    """Change name, contacts and language of ``person``, who holds the roles ``held``."""
    if actor.has(Role.ADMINISTRATOR) or is_self(actor, person):
        return True
    return actor.has(Role.HR) and not held & POWERFUL


def may_issue_reset_code(actor: Actor, person: Person, held: Set[Role]) -> bool:
    """Hand over a one-time code with which ``person``, who holds the roles ``held``, sets a new password."""
    if actor.has(Role.ADMINISTRATOR):
        return True
    is_head = any(is_superior(actor, person) for _name, is_superior in registries.superiors)
    return is_head and not held and not is_self(actor, person)


def is_self(actor: Actor, person: Person) -> bool:
    """Whether the actor is this person."""
    return actor.person is not None and actor.person.pk == person.pk


def may_forget_person(actor: Actor, person: Person) -> bool:
    """Destroy the personal data of ``person`` for good; nobody forgets himself."""
    return actor.has(Role.ADMINISTRATOR) and not is_self(actor, person)


def may_open_personal_values(actor: Actor) -> bool:
    """Read the personal values of the audit trail; each time is noted in it."""
    return actor.has(Role.AUDITOR, Role.ADMINISTRATOR)


def may_read_audit_trail(actor: Actor) -> bool:
    return actor.has(Role.AUDITOR, Role.QUALITY_MANAGER, Role.ADMINISTRATOR)
