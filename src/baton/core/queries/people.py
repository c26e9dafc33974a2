"""People, their roles and how they get in."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any

from allauth.mfa.models import Authenticator
from django.conf import settings
from django.db.models import Q, QuerySet
from django.db.models.fields.json import KeyTextTransform
from django.utils.translation import get_language

from baton.core import policy
from baton.core.actors import Actor
from baton.core.errors import NotFound
from baton.core.models import OrganisationRole, Person, ResetCode
from baton.core.rules import CONTACT_PATTERN, Role, forgotten_name, normal_phone, normal_sign_in_name


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
    found = Person.everything.filter(_called(normal_sign_in_name(name)))
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
        if policy.may_see_sign_in_names(viewer):
            # Contacts are masked: one is found by whoever knows it whole, and not felt out digit by digit.
            number = Q(sign_in_name__contains=normal_sign_in_name(search))
            wanted |= _called(normal_sign_in_name(search)) | (number & ~Q(sign_in_name__regex=CONTACT_PATTERN))
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


def people_with_keys_in_sight(*, viewer: Actor, public_ids: Collection[str]) -> set[str]:
    """Which of these are people whose keys in other systems the viewer sees."""
    if not policy.may_give_keys_to_people(viewer):
        return set()
    return set(Person.objects.filter(public_id__in=public_ids).values_list("public_id", flat=True))


def is_forgotten(*, viewer: Actor, person: Person) -> bool:
    """Whether the personal data of ``person`` were destroyed."""
    policy.demand(policy.may_list_people(viewer))
    return person.sign_in_name == forgotten_name(person.public_id)


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


def people_holding(*, viewer: Actor, at: datetime, role: Role) -> set[int]:
    """Primary keys of those who hold this organisation-wide role at ``at``."""
    policy.demand(policy.may_use(viewer))
    return set(OrganisationRole.objects.filter(_held(at), role=role).values_list("person_id", flat=True))


def people_without_roles(*, viewer: Actor, at: datetime, people: Sequence[Person]) -> set[int]:
    """Primary keys of those among ``people`` who hold no organisation-wide role at ``at``."""
    policy.demand(policy.is_signed_in(viewer))
    held = OrganisationRole.objects.filter(_held(at), person__in=people)
    return {person.pk for person in people} - set(held.values_list("person_id", flat=True))


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


def has_second_factor(*, viewer: Actor, person: Person) -> bool:
    """Whether the person signs in with a second factor."""
    policy.demand(policy.may_list_people(viewer) or policy.is_self(viewer, person))
    kinds = [Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN]
    return bool(Authenticator.objects.filter(user=person, type__in=kinds).exists())


def colleagues(*, viewer: Actor) -> QuerySet[Person]:
    """Everybody who may sign in, by name, for a field in which somebody is chosen; names only are meant to be shown."""
    policy.demand(policy.may_use(viewer))
    language = get_language() or settings.LANGUAGE_CODE
    return Person.objects.filter(is_active=True).order_by(KeyTextTransform(language, "sort_keys"), "public_id")


def _held(at: datetime) -> Q:
    return Q(began_at__lte=at) & (Q(ended_at__isnull=True) | Q(ended_at__gt=at))
