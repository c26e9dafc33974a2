"""Every write of the core: people, roles, settings."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext, override

from baton.core import policy, registries
from baton.core.actors import Actor
from baton.core.audit import vault
from baton.core.audit.trail import change
from baton.core.database.scrubbing import scrub
from baton.core.days import day_of
from baton.core.errors import NotFound, Refused
from baton.core.ids import ALPHABET, spoken_number
from baton.core.models import Notification, NumberSeries, OrganisationRole, Person, ResetCode
from baton.core.one_time_codes import totp_step
from baton.core.queries import is_name_taken, open_reset_codes, other_administrators, person_named, roles_of
from baton.core.rules import RESET_CODE_LIFE, Role, normal_phone, normal_reset_code, normal_sign_in_name
from baton.core.texts import Texts, sort_keys
from baton_analysis.errors import gettext_noop, sentences


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
        password=_hashed(password, None) if password else make_password(None),
        language=language or settings.LANGUAGE_CODE,
        time_zone=_known_zone(time_zone or settings.TIME_ZONE),
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

    Only administrators and HR change the sign-in name. A new e-mail makes every reset link sent before worthless.
    """
    policy.demand(policy.may_edit_person(by, person, roles_of(person, at)))
    policy.demand(sign_in_name in (None, person.sign_in_name) or policy.may_add_people(by))
    with change(by=by, at=at) as trail:
        fresh = trail.lock(Person, person, expected_seq=expected_seq)
        if name is not None:
            fresh.name, fresh.sort_keys = name, sort_keys(name)
        fresh.language = language or fresh.language
        fresh.time_zone = _known_zone(time_zone or fresh.time_zone)
        _name(
            fresh,
            sign_in_name=fresh.sign_in_name if sign_in_name is None else sign_in_name,
            email=(fresh.email or "") if email is None else email,
            phone=(fresh.phone or "") if phone is None else phone,
        )
        return trail.save(fresh, "person.edited")


def _name(person: Person, *, sign_in_name: str, email: str, phone: str) -> None:
    """Give the three names one can sign in with; each belongs to one person, whichever of the three it is for him."""
    person.sign_in_name = normal_sign_in_name(sign_in_name)
    person.email = normal_sign_in_name(email) or None
    person.phone = normal_phone(phone) or None
    if not person.sign_in_name:
        raise Refused(
            field="sign_in_name", remedy=gettext_noop("Enter a staff number, phone or e-mail to sign in with.")
        )
    for field in ("sign_in_name", "email", "phone"):
        name = getattr(person, field) or ""
        most: int = getattr(Person._meta.get_field(field), "max_length", 0)
        if len(name) > most:  # one character that was typed may stand for many
            raise Refused(
                field=field,
                expected=gettext_noop("Expected at most {most} characters."),
                found=gettext_noop("Found {length}."),
                remedy=gettext_noop("Shorten it."),
                most=most,
                length=len(name),
            )
        if name and is_name_taken(name, by_other_than=person):
            raise Refused(
                field=field,
                expected=gettext_noop("A sign-in name, e-mail or phone belongs to one person."),
                found=gettext_noop("Somebody else signs in with this one."),
                remedy=gettext_noop("Enter another one, or correct the other person’s first."),
            )


def _known_zone(name: str) -> str:
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError) as unknown:
        raise Refused(
            field="time_zone",
            found=gettext_noop("There is no time zone {name}."),
            remedy=gettext_noop("Choose one such as Asia/Shanghai."),
            name=name,
        ) from unknown
    return name


def disable_person(*, by: Actor, at: datetime, person: Person, expected_seq: int | None = None) -> Person:
    """Refuse every sign-in of ``person`` and end the sessions that are open. His records stay."""
    policy.demand(policy.may_manage_people(by))
    with change(by=by, at=at) as trail:
        fresh = trail.lock(Person, person, expected_seq=expected_seq)
        if Role.ADMINISTRATOR in roles_of(fresh, at):
            _leave_an_administrator(fresh, at)
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
            _leave_an_administrator(fresh.person, at)
        fresh.ended_at = max(at, fresh.began_at)
        return trail.save(fresh, "role.ended")


def _leave_an_administrator(person: Person, at: datetime) -> None:
    if not other_administrators(person, at):
        raise Refused(
            expected=gettext_noop("At least one administrator must be able to sign in."),
            found=gettext_noop("This is the last one."),
            remedy=gettext_noop("Give the role to somebody else first."),
        )


def change_password(*, by: Actor, at: datetime, person: Person, password: str) -> Person:
    """Set the password that ``person`` chose himself, signed in or through a link in his mailbox.

    Every other session of his ends: sessions are tied to the password. Raises :class:`Refused` for a password that is
    too short, too long or too well known.
    """
    policy.demand(by.is_system or by.is_anonymous or policy.is_self(by, person))
    hashed = _hashed(password, person)
    own = replace(by, person=person) if by.is_anonymous else by
    with change(by=own, at=at) as trail:
        fresh = trail.lock(Person, person)
        fresh.password = hashed
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
    hashed = _hashed(password, person)
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
        fresh.password = hashed
        fresh.must_change_password = False
        fresh.sessions_valid_from = at
        return trail.save(fresh, "person.password_reset")


def _code_digest(code: str) -> str:
    return hashlib.sha256(normal_reset_code(code).encode()).hexdigest()


def _hashed(password: str, person: Person | None) -> str:
    try:
        validate_password(password, person)
    except ValidationError as refused:
        raise Refused(field="password", remedy=gettext_noop("{why}"), why=sentences(refused.messages)) from refused
    return make_password(password)


def spend_totp_code(*, authenticator: Authenticator, code: str) -> bool:
    """Note that a valid one-time code was used; False when this one, or a later one, was used before.

    RFC 6238, 5.2: the step of the last accepted code is kept with the factor and only later steps are accepted.
    """
    with transaction.atomic():
        fresh = Authenticator.objects.select_for_update().get(pk=authenticator.pk)
        step = totp_step(fresh, code)
        if step is None or step <= fresh.data.get("last_step", -1):
            return False
        fresh.data["last_step"] = step
        fresh.save(update_fields=["data"])
        authenticator.data = fresh.data
        return True


def remove_second_factor(*, by: Actor, at: datetime, person: Person) -> None:
    """Take a lost second factor and its recovery codes away, so that the password alone is enough again."""
    policy.demand(policy.may_manage_people(by))
    with change(by=by, at=at) as trail:
        removed, _rows = Authenticator.objects.filter(user=person).delete()
        if removed:
            trail.note("person.factor_removed", kind=Person.kind, object_id=person.public_id)


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
            _leave_an_administrator(fresh, at)
        for held in OrganisationRole.objects.filter(person=fresh, ended_at__isnull=True):
            role = trail.lock(OrganisationRole, held)
            role.ended_at = max(at, role.began_at)
            trail.save(role, "role.ended")
        _take_identity(fresh, at)
        forgotten = trail.save(fresh, "person.forgotten")
        _remove_traces(fresh)
        for _room, forget in registries.forgetting:
            forget(by=by, at=at, person=forgotten)
        vault.destroy(fresh.public_id)
        tables = ("core_person", "core_subjectkey", "core_personalvalue")
        transaction.on_commit(lambda: scrub(*tables), robust=True)
        return forgotten


def _take_identity(person: Person, at: datetime) -> None:
    """Everything that says who he was gives way to something that says nothing."""
    person.sign_in_name = f"forgotten-{person.public_id}"
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


def notify(
    *, by: Actor, at: datetime, person: Person, topic: str, address: str, values: Mapping[str, Any] | None = None
) -> Notification:
    """Tell ``person`` something, with the page ``address`` (a path) that it leads to.

    ``topic`` names the registered message, ``values`` fill its placeholders: text, numbers or Texts, which are shown in
    the reader's language. Called inside the change that it tells of, it stands or falls with it.
    """
    registries.topics.get(topic)
    if not address.startswith("/") or address.startswith("//"):
        raise ValueError(f"{address!r} is not a path of this installation")
    with change(by=by, at=at) as trail:
        return trail.save(
            Notification(person=person, topic=topic, values=dict(values or {}), address=address), "notification.sent"
        )


def read_notifications(*, by: Actor, at: datetime, public_ids: Iterable[str] | None = None) -> int:
    """Mark messages of the actor's own as read, all of them unless some are named. Returns how many were unread."""
    unread = Notification.objects.filter(person=by.person, read_at__isnull=True)
    if public_ids is not None:
        unread = unread.filter(public_id__in=list(public_ids))
    with change(by=by, at=at) as trail:
        opened = [trail.lock(Notification, message) for message in unread]
        for message in opened:
            message.read_at = at
            trail.save(message, "notification.read")
    return len(opened)


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
