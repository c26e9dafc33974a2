"""What comes as tables: bulk entries, imports, watched folders."""

from __future__ import annotations

from django.db.models import QuerySet

from baton.core import policy, registries
from baton.core.actors import Actor
from baton.core.errors import NotFound
from baton.core.import_targets import import_targets
from baton.core.models import Batch, ImportRun, SavedMapping, WatchedFolder


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
