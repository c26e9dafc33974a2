"""What comes as tables: bulk entries, imports, watched folders."""

from __future__ import annotations

from django.db.models import Q, QuerySet

from baton.core import policy, registries
from baton.core.actors import Actor
from baton.core.errors import NotFound
from baton.core.import_targets import import_targets
from baton.core.models import Batch, ImportRun, SavedMapping, WatchedFolder
from baton.core.rules import ImportOrigin, ImportState


def batches(*, viewer: Actor) -> QuerySet[Batch]:
    """Bulk entries whose rows the viewer may enter (the auditor: all), the newest first; of some kinds only his own."""
    policy.demand(policy.may_see_batches(viewer))
    names = [name for name, _target in registries.bulk_targets]
    seen = Q(target__in=[name for name in names if policy.may_see_batch(viewer, name)])
    own = [name for name in names if policy.may_enter_batch(viewer, name)]
    return Batch.objects.filter(seen | _own(viewer, own)).select_related("person").order_by("-recorded_at", "-pk")


def batch(*, viewer: Actor, public_id: str) -> Batch:
    """One bulk entry; NotFound also where the viewer may not know of it."""
    found = Batch.objects.filter(public_id=public_id).select_related("person").first()
    if found is None or not policy.may_see_this_batch(viewer, found):
        raise NotFound
    return found


def imports(*, viewer: Actor) -> QuerySet[ImportRun]:
    """Imports of what the viewer may bring (the auditor: all), the newest first; of some kinds only his own."""
    policy.demand(policy.may_see_imports(viewer))
    names = [name for name, _target in import_targets]
    seen = Q(target__in=[name for name in names if policy.may_see_all_imports(viewer, name)])
    own = [name for name in names if policy.may_bring(viewer, name)]
    return ImportRun.objects.filter(seen | _own(viewer, own)).select_related("person").order_by("-recorded_at", "-pk")


def import_run(*, viewer: Actor, public_id: str) -> ImportRun:
    """One import; NotFound also where the viewer may not know of it."""
    found = ImportRun.objects.filter(public_id=public_id).select_related("person").first()
    if found is None or not policy.may_see_import(viewer, found):
        raise NotFound
    return found


def import_left_half_way(*, viewer: Actor, target: str, digest: str) -> ImportRun | None:
    """The import of the table with this SHA-256 that a command began to enter and did not end."""
    unfinished = imports(viewer=viewer).filter(
        target=target, digest=digest, origin=ImportOrigin.COMMAND, state=ImportState.ENTERING
    )
    return unfinished.order_by("pk").first()


def saved_mappings(*, viewer: Actor, target: str) -> list[SavedMapping]:
    """The mappings of columns that are kept for a target, by name."""
    policy.demand(policy.may_bring(viewer, target))
    return list(SavedMapping.objects.filter(target=target).order_by("name"))


def watched_folders(*, viewer: Actor) -> list[WatchedFolder]:
    """The watched folders of what the viewer may bring, by name; of some kinds only his own."""
    rows = WatchedFolder.objects.select_related("mapping", "person").order_by("name")
    return [folder for folder in rows if policy.may_handle_folder(viewer, folder)]


def _own(viewer: Actor, targets: list[str]) -> Q:
    """What the viewer made of these kinds himself."""
    return Q(target__in=targets, person=viewer.person) if viewer.person is not None else Q(pk__in=())
