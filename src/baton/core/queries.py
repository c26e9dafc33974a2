"""Reads of the core that pages and rooms need."""

from __future__ import annotations

from collections.abc import Collection, Sequence
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
from baton.core.import_targets import import_targets
from baton.core.models import (
    AuditEntry,
    Batch,
    ExternalKey,
    ImportRun,
    Notification,
    OrganisationRole,
    Person,
    RenamedWord,
    ResetCode,
    SavedMapping,
    WatchedFolder,
)
from baton.core.registries import Topic
from baton.core.rules import CONTACT_PATTERN, Role, forgotten_name, normal_phone, normal_sign_in_name
from baton.core.texts import folded, say
from baton.core.words import Forms, Key

MOST_NAMED = 5_000
"""Keys that are named one by one in a query; of more, all keys of the kind are read."""


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


def notifications(*, viewer: Actor) -> QuerySet[Notification]:
    """Messages for the viewer himself, the newest first."""
    return Notification.objects.filter(person=viewer.person).order_by("-recorded_at", "-pk")


def notification_text(message: Notification) -> str:
    """The message in the reader's language; Texts among its values are said in it, too.

    A message of a kind that this version no longer knows says so: what it was about stands on the page it leads to.
    """
    if message.topic not in registries.topics:
        return gettext("A message of an earlier version, which is not known any more.")
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


def external_keys(
    *, viewer: Actor, kind: str, object_ids: Collection[str] | None = None, withdrawn: bool = False
) -> dict[str, list[ExternalKey]]:
    """The keys in use (``withdrawn``: past ones too) of these records, by public id; of all of the kind unless some are
    named. Records whose keys the viewer does not see are left out. One query beside those of the room's policy."""
    rules = policy.rules_of_keys(kind)
    rows = ExternalKey.objects.filter(record_kind=kind).order_by("system", "key", "pk")
    if object_ids is not None:
        rows = rows.filter(object_id__in=object_ids)
    if not withdrawn:
        rows = rows.filter(withdrawn_at__isnull=True)
    found: dict[str, list[ExternalKey]] = {}
    for row in rows:
        found.setdefault(row.object_id, []).append(row)
    seen = rules.seen(viewer, set(found)) if found else set()
    return {object_id: keys for object_id, keys in found.items() if object_id in seen}


def records_by_key(
    *, viewer: Actor, kind: str, keys: Collection[str], system: str = "", spelled: bool = False
) -> dict[str, set[str]]:
    """Which records of a kind these keys mean in ``system``, or in any system: key -> public ids, those that the viewer
    sees. One query, however many keys, beside those of the room's policy.

    ``spelled``: the system is spelled as it was first named, so that the keys are found by their index.
    """
    rules = policy.rules_of_keys(kind)
    rows = ExternalKey.objects.filter(record_kind=kind, withdrawn_at__isnull=True)
    if system:
        rows = rows.filter(system=system) if spelled else rows.filter(system__iexact=system)
    if len(keys) <= MOST_NAMED:
        rows = rows.filter(key__in=keys)
    wanted = set(keys)
    pairs = [pair for pair in rows.values_list("key", "object_id") if pair[0] in wanted]
    seen = rules.seen(viewer, {object_id for _key, object_id in pairs}) if pairs else set()
    found: dict[str, set[str]] = {}
    for key, object_id in pairs:
        if object_id in seen:
            found.setdefault(key, set()).add(object_id)
    return found


def records_with_key_like(*, viewer: Actor, kind: str, text: str) -> QuerySet[ExternalKey, str]:
    """Public ids of the records of a kind with a key that contains ``text``, to filter a list that holds only records
    whose keys the viewer sees; none for strangers."""
    rows = ExternalKey.objects.filter(record_kind=kind, withdrawn_at__isnull=True)
    rows = rows.none() if viewer.is_anonymous else rows.filter(search_text__contains=folded(text))
    return rows.values_list("object_id", flat=True)


def records_of_keys(*, viewer: Actor, kind: str, public_ids: Collection[str]) -> list[str]:
    """Public ids of the records of a kind that these keys (public ids) mean or meant; for Baton itself."""
    policy.demand(viewer.is_system)
    rows = ExternalKey.objects.filter(record_kind=kind, public_id__in=public_ids)
    return list(rows.values_list("object_id", flat=True).distinct())


def external_key(*, viewer: Actor, public_id: str) -> ExternalKey:
    """One key in use of a record whose keys the viewer sees."""
    found = ExternalKey.objects.filter(public_id=public_id, withdrawn_at__isnull=True).first()
    if found is None or not policy.rules_of_keys(found.record_kind).seen(viewer, {found.object_id}):
        raise NotFound
    return found


def systems(*, viewer: Actor) -> list[str]:
    """Names of the systems that keys in use belong to, to be offered where one is entered."""
    policy.demand(policy.may_use(viewer))
    used = ExternalKey.objects.filter(withdrawn_at__isnull=True).order_by("system")
    return list(used.values_list("system", flat=True).distinct())


def batches(*, viewer: Actor) -> QuerySet[Batch]:
    """Bulk entries whose rows the viewer may enter (the auditor: all), the newest first."""
    policy.demand(policy.may_see_batches(viewer))
    seen = [name for name, _target in registries.bulk_targets if policy.may_see_batch(viewer, name)]
    return Batch.objects.filter(target__in=seen).select_related("person").order_by("-recorded_at", "-pk")


def batch(*, viewer: Actor, public_id: str) -> Batch:
    """One bulk entry; NotFound also where the viewer may not know of it."""
    found = Batch.objects.filter(public_id=public_id).select_related("person").first()
    if found is None or not policy.may_see_batch(viewer, found.target):
        raise NotFound
    return found


def imports(*, viewer: Actor) -> QuerySet[ImportRun]:
    """Imports of what the viewer may bring (the auditor: all), the newest first."""
    policy.demand(policy.may_see_imports(viewer))
    seen = [name for name, _target in import_targets if policy.may_see_import(viewer, name)]
    return ImportRun.objects.filter(target__in=seen).select_related("person").order_by("-recorded_at", "-pk")


def import_run(*, viewer: Actor, public_id: str) -> ImportRun:
    """One import; NotFound also where the viewer may not know of it."""
    found = ImportRun.objects.filter(public_id=public_id).select_related("person").first()
    if found is None or not policy.may_see_import(viewer, found.target):
        raise NotFound
    return found


def saved_mappings(*, viewer: Actor, target: str) -> list[SavedMapping]:
    """The mappings of columns that are kept for a target, by name."""
    policy.demand(policy.may_bring(viewer, target))
    return list(SavedMapping.objects.filter(target=target).order_by("name"))


def watched_folders(*, viewer: Actor) -> list[WatchedFolder]:
    """The watched folders of what the viewer may bring, by name."""
    rows = WatchedFolder.objects.select_related("mapping", "person").order_by("name")
    return [folder for folder in rows if policy.may_bring(viewer, folder.target)]


def renamed_words() -> dict[Key, Forms]:
    """What the organisation calls otherwise; everybody reads it on every page."""
    rows = RenamedWord.objects.exclude(singular="").values_list("word", "language", "singular", "plural")
    return {(word, language): Forms(singular, plural) for word, language, singular, plural in rows}
