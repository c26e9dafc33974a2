"""Reads of the core that pages and rooms need."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from allauth.mfa.models import Authenticator
from django.conf import settings
from django.db.models import Q, QuerySet
from django.db.models.fields.json import KeyTextTransform
from django.utils.translation import get_language, gettext

from baton.core import policy, registries
from baton.core.actors import Actor
from baton.core.errors import NotFound
from baton.core.history import HistoryEntry, as_history
from baton.core.models import AuditEntry, Notification, OrganisationRole, Person, ResetCode
from baton.core.registries import Topic
from baton.core.rules import Role, normal_phone, normal_sign_in_name
from baton.core.texts import say


def roles_of(person: Person, at: datetime) -> frozenset[Role]:
    """The organisation-wide roles that ``person`` holds at ``at``."""
    held = OrganisationRole.objects.filter(_held(at), person=person)
    return frozenset(Role(role) for role in held.values_list("role", flat=True))


def person_named(typed: str) -> Person | None:
    """Whom this sign-in name, e-mail or phone belongs to, in whatever spelling; for signing in only."""
    name = normal_sign_in_name(typed)
    if not name or len(name) > 254 or "\x00" in name:
        return None
    return Person.objects.filter(_called(name)).first()


def person_with_mailbox(address: str) -> Person | None:
    """The active person who has this e-mail; for the worker that sends reset links."""
    return Person.objects.filter(email=normal_sign_in_name(address), is_active=True).first()


def is_name_taken(name: str, *, by_other_than: Person | None = None) -> bool:
    """Whether somebody else signs in with ``name``, be it his sign-in name, e-mail or phone."""
    found = Person.objects.filter(_called(normal_sign_in_name(name)))
    if by_other_than is not None and by_other_than.pk is not None:
        found = found.exclude(pk=by_other_than.pk)
    return found.exists()


def _called(name: str) -> Q:
    phone = normal_phone(name)
    return Q(sign_in_name=name) | Q(email=name) | (Q(phone=phone) if phone else Q())


def people(
    *, viewer: Actor, at: datetime, search: str = "", role: Role | None = None, active: bool | None = None
) -> QuerySet[Person]:
    """The people that ``viewer`` may list, in the order of the reader's language."""
    policy.demand(policy.may_list_people(viewer))
    found = Person.objects.all()
    if search:
        wanted = Q()
        for code, _label in settings.LANGUAGES:
            wanted |= Q(**{f"name__{code}__icontains": search}) | Q(
                **{f"sort_keys__{code}__icontains": search.casefold()}
            )
        if viewer.has(Role.ADMINISTRATOR, Role.HR):
            name = normal_sign_in_name(search)
            wanted |= Q(sign_in_name__contains=name) | Q(email__contains=name) | Q(phone__contains=name)
        found = found.filter(wanted)
    if role is not None:
        held = OrganisationRole.objects.filter(_held(at), role=role)
        found = found.filter(pk__in=held.values("person"))
    if active is not None:
        found = found.filter(is_active=active)
    language = get_language() or settings.LANGUAGE_CODE
    return found.order_by(KeyTextTransform(language, "sort_keys"), "sign_in_name")


def person(*, viewer: Actor, public_id: str) -> Person:
    """One person; NotFound for those who may not list people, unless it is himself."""
    found = Person.objects.filter(public_id=public_id).first()
    if found is None or not (policy.may_list_people(viewer) or policy.is_self(viewer, found)):
        raise NotFound
    return found


def any_people() -> bool:
    """Whether anybody may sign in yet; before that there is nothing to protect."""
    return Person.objects.exists()


def person_by_sign_in_name(*, viewer: Actor, sign_in_name: str) -> Person:
    """The person with this sign-in name, e-mail or phone; NotFound for those who may not list people."""
    found = person_named(sign_in_name) if policy.may_list_people(viewer) else None
    if found is None:
        raise NotFound
    return found


def people_overview(*, viewer: Actor, at: datetime) -> list[dict[str, Any]]:
    """Everybody with his roles, as the command line prints it: sign_in_name, name, roles, is_active."""
    everybody = list(people(viewer=viewer, at=at))
    held = roles_by_person(viewer=viewer, at=at, people=everybody)
    return [
        {
            "sign_in_name": person.sign_in_name,
            "name": str(person),
            "roles": [role.value for role in held.get(person.pk, [])],
            "is_active": person.is_active,
        }
        for person in everybody
    ]


def roles_by_person(*, viewer: Actor, at: datetime, people: list[Person]) -> dict[int, list[Role]]:
    """Organisation-wide roles of several people at ``at``, by primary key."""
    policy.demand(policy.may_list_people(viewer))
    found: dict[int, list[Role]] = {}
    for held in OrganisationRole.objects.filter(_held(at), person__in=people).order_by("role"):
        found.setdefault(held.person_id, []).append(Role(held.role))
    return found


def person_to_help(*, viewer: Actor, at: datetime, public_id: str) -> Person:
    """The person to whom the viewer may hand over a reset code; NotFound for everybody else."""
    found = Person.objects.filter(public_id=public_id).first()
    if found is None or not policy.may_issue_reset_code(viewer, found, roles_of(found, at)):
        raise NotFound
    return found


def role_history(*, viewer: Actor, person: Person) -> list[OrganisationRole]:
    """Every role that ``person`` holds or held, the newest first."""
    policy.demand(policy.may_list_people(viewer) or policy.is_self(viewer, person))
    return list(OrganisationRole.objects.filter(person=person).order_by("-began_at", "-pk"))


def organisation_role(*, viewer: Actor, public_id: str) -> OrganisationRole:
    """One role with its person."""
    found = OrganisationRole.objects.select_related("person").filter(public_id=public_id).first()
    if found is None or not policy.may_list_people(viewer):
        raise NotFound
    return found


def other_administrators(person: Person, at: datetime) -> bool:
    """Whether somebody else who may sign in is administrator at ``at``."""
    held = OrganisationRole.objects.filter(_held(at), role=Role.ADMINISTRATOR, person__is_active=True)
    return held.exclude(person=person).exists()


def open_reset_codes(person: Person, at: datetime) -> QuerySet[ResetCode]:
    """Codes for ``person`` that could still be spent at ``at``."""
    return ResetCode.objects.filter(person=person, used_at__isnull=True, expires_at__gt=at)


def notifications(*, viewer: Actor) -> QuerySet[Notification]:
    """Messages for the viewer himself, the newest first."""
    return Notification.objects.filter(person=viewer.person).order_by("-recorded_at", "-pk")


def notification_text(message: Notification) -> str:
    """The message in the reader's language; Texts among its values are said in it, too."""
    template: Topic = registries.topics.get(message.topic)
    values = {name: say(value) if isinstance(value, dict) else value for name, value in message.values.items()}
    return gettext(template.message).format(**values)


def has_second_factor(*, viewer: Actor, person: Person) -> bool:
    """Whether the person signs in with a second factor."""
    policy.demand(policy.may_list_people(viewer) or policy.is_self(viewer, person))
    return bool(Authenticator.objects.filter(user=person, type=Authenticator.Type.TOTP).exists())


def unread_notifications(*, viewer: Actor) -> int:
    """How many messages the viewer has not opened."""
    if viewer.person is None:
        return 0
    return Notification.objects.filter(person=viewer.person, read_at__isnull=True).count()


def audit_entries(
    *,
    viewer: Actor,
    kind: str = "",
    object_id: str = "",
    actor: str = "",
    action: str = "",
    before_seq: int | None = None,
    limit: int = 100,
) -> list[HistoryEntry]:
    """Entries of the audit trail, the newest first, at most ``limit`` (200), those before ``before_seq`` if given.

    ``kind`` and ``object_id`` narrow it to a kind of record or to one record, ``actor`` to what one person did (his
    public id, or ``system:<process>``), ``action`` to one action or, up to its dot, to a family (``person``). Personal
    values are not opened: their fields map to None; see :func:`baton.core.changes.open_personal_values`. Two queries.
    """
    policy.demand(policy.may_read_audit_trail(viewer))
    found = AuditEntry.objects.order_by("-seq")
    if kind:
        found = found.filter(kind=kind)
    if object_id:
        found = found.filter(object_id=object_id)
    if actor:
        found = found.filter(actor=actor)
    if action:
        found = found.filter(Q(action=action) | Q(action__startswith=f"{action}."))
    if before_seq is not None:
        found = found.filter(seq__lt=before_seq)
    return as_history(list(found[: max(1, min(limit, 200))]))


def _held(at: datetime) -> Q:
    return Q(began_at__lte=at) & (Q(ended_at__isnull=True) | Q(ended_at__gt=at))


def colleagues(*, viewer: Actor) -> QuerySet[Person]:
    """Everybody who may sign in, by name, for a field in which somebody is chosen; names only are meant to be shown."""
    policy.demand(policy.may_use(viewer))
    language = get_language() or settings.LANGUAGE_CODE
    return Person.objects.filter(is_active=True).order_by(KeyTextTransform(language, "sort_keys"), "public_id")


def audit_entry(*, viewer: Actor, seq: int) -> HistoryEntry:
    """One entry of the trail; personal values are not opened."""
    policy.demand(policy.may_read_audit_trail(viewer))
    found = as_history(list(AuditEntry.objects.filter(seq=seq)))
    if not found:
        raise NotFound
    return found[0]


def audit_proof(*, viewer: Actor, seq: int) -> tuple[str, str]:
    """Hash of the entry before and of this one, as `baton verify` recomputes them."""
    policy.demand(policy.may_read_audit_trail(viewer))
    row = AuditEntry.objects.filter(seq=seq).values_list("prev", "hash").first()
    if row is None:
        raise NotFound
    return row


def actors_of_trail(*, viewer: Actor) -> list[Person]:
    """Everybody who may have done something, for the filter of the trail, by name."""
    policy.demand(policy.may_read_audit_trail(viewer))
    language = get_language() or settings.LANGUAGE_CODE
    return list(Person.objects.order_by(KeyTextTransform(language, "sort_keys"), "public_id"))
