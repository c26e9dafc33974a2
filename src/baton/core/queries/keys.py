"""Keys under which other systems know records."""

from __future__ import annotations

from collections.abc import Collection

from django.db.models import QuerySet

from baton.core import policy
from baton.core.actors import Actor
from baton.core.errors import NotFound
from baton.core.models import ExternalKey
from baton.core.texts import folded

MOST_NAMED = 5_000
"""Keys that are named one by one in a query; of more, all keys of the kind are read."""


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
