"""Personal data: destroyed, and opened in the audit trail."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext, override

from baton.core import policy, registries
from baton.core.actors import Actor
from baton.core.audit import vault
from baton.core.audit.trail import Trail, change
from baton.core.changes.roles import leave_an_administrator
from baton.core.database.scrubbing import scrub
from baton.core.errors import NotFound, Refused
from baton.core.models import ExternalKey, Identity, Notification, OrganisationRole, Person, ResetCode
from baton.core.queries import roles_of
from baton.core.rules import Role, forgotten_name
from baton.core.texts import sort_keys
from baton_analysis.errors import gettext_noop


def forget_person(*, by: Actor, at: datetime, person: Person, reason: str) -> Person:
    """Destroy the personal data of ``person``: his row gets a name that says nothing, he cannot sign in any more, and
    the key of his values in the audit trail is emptied, so that nobody can read them again and the trail still holds.

    Rooms do the same with their records of him (``registries.forgetting``). What stays: his public id in the trail,
    names printed in signatures for their retention period, and backups made before, until they are deleted. Cannot be
    undone. Raises :class:`Forbidden` for oneself, :class:`Refused` for the last administrator or without a reason.
    """
    policy.demand(policy.may_forget_person(by, person))
    if not reason.strip():
        raise Refused(
            field="reason",
            expected=gettext_noop("Forgetting a person needs a reason, which stands in the audit trail."),
            remedy=gettext_noop("Say why, without naming the person."),
        )
    with change(by=by, at=at, reason=reason) as trail:
        fresh = trail.lock(Person, person)
        if Role.ADMINISTRATOR in roles_of(fresh, at):
            leave_an_administrator(fresh, at)
        for held in OrganisationRole.objects.filter(person=fresh, ended_at__isnull=True):
            role = trail.lock(OrganisationRole, held)
            role.ended_at = max(at, role.began_at)
            trail.save(role, "role.ended")
        _take_identity(fresh, at)
        forgotten = trail.save(fresh, "person.forgotten")
        _remove_traces(fresh)
        forget_keys(trail, fresh.public_id)
        _forget_identities(trail, fresh, at)
        for _room, forget in registries.forgetting:
            forget(by=by, at=at, person=forgotten)
        vault.destroy(fresh.public_id)
        tables = ("core_person", "core_subjectkey", "core_personalvalue", "core_externalkey", "core_identity")
        transaction.on_commit(lambda: scrub(*tables), robust=True)
        return forgotten


def _take_identity(person: Person, at: datetime) -> None:
    """Everything that says who he was gives way to something that says nothing."""
    person.sign_in_name = forgotten_name(person.public_id)
    person.name = {}
    for code, _label in settings.LANGUAGES:
        with override(code):
            person.name[code] = gettext("Forgotten person {mark}").format(mark=person.public_id[:4])
    person.sort_keys = sort_keys(person.name)
    person.email = person.phone = person.last_login = None
    person.language, person.time_zone = settings.LANGUAGE_CODE, settings.TIME_ZONE
    person.set_unusable_password()
    person.is_active = person.must_change_password = False
    person.sessions_valid_from = at


def _remove_traces(person: Person) -> None:
    """What signing in left: addresses of the mailbox, second factors, codes, messages."""
    Person.objects.filter(pk=person.pk).update(last_login=None)
    EmailAddress.objects.filter(user=person).delete()
    Authenticator.objects.filter(user=person).delete()
    ResetCode.objects.filter(person=person).delete()
    Notification.objects.filter(person=person).delete()


def forget_keys(trail: Trail, subject: str) -> None:
    """Keys under which other systems know a data subject give way to something that says nothing, and mean him no
    more."""
    for held in ExternalKey.objects.filter(subject=subject):
        key = trail.lock(ExternalKey, held)
        key.key, key.search_text = f"forgotten-{key.public_id}", ""
        key.withdrawn_at = key.withdrawn_at or trail.at
        trail.save(key, "external_key.forgotten")


def _forget_identities(trail: Trail, person: Person, at: datetime) -> None:
    """His accounts at providers give way to something that says nothing, and sign nobody in any more."""
    for held in Identity.objects.filter(person=person):
        identity = trail.lock(Identity, held)
        identity.subject = f"forgotten-{identity.public_id}"
        identity.unlinked_at = identity.unlinked_at or at
        trail.save(identity, "identity.forgotten")


def open_personal_values(*, by: Actor, at: datetime, seq: int, reason: str = "") -> dict[str, tuple[Any, Any]]:
    """The personal values of audit entry ``seq``, field -> (old, new); that they were read is noted in the trail.

    Values of forgotten persons are missing. Raises :class:`Forbidden`, or :class:`NotFound` for an entry that has none.
    """
    policy.demand(policy.may_open_personal_values(by))
    with change(by=by, at=at, reason=reason) as trail:
        found = vault.opened([seq]).get(seq)
        if not found:
            raise NotFound
        trail.note("audit.opened", kind="audit_entry", object_id=str(seq), fields=sorted(found))
        return found
