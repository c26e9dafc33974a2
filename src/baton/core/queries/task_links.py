"""Task links: the one behind an address, and those of a record."""

from __future__ import annotations

from collections.abc import Collection

from baton.core import policy
from baton.core.actors import Actor
from baton.core.errors import NotFound
from baton.core.models import TaskLink
from baton.core.registries import outside_tasks


def task_link_behind(digest: str) -> TaskLink | None:
    """The link whose address has this digest (``changes.task_links.token_digest``); the address is the right to it."""
    return TaskLink.objects.select_related("made_by", "signature").filter(token_digest=digest).first()


def task_link(*, viewer: Actor, public_id: str) -> TaskLink:
    """One link; :class:`NotFound` where the viewer does not see the record that it is about."""
    found = TaskLink.objects.select_related("made_by", "signature").filter(public_id=public_id).first()
    if found is None or not _sees(viewer, found):
        raise NotFound
    return found


def task_links(*, viewer: Actor, kind: str, public_ids: Collection[str]) -> list[TaskLink]:
    """The links about records of a kind that the caller has read with this viewer, the newest first."""
    policy.demand(policy.is_signed_in(viewer))
    tasks = [name for name, task in outside_tasks if task.kind == kind]
    found = TaskLink.objects.select_related("made_by", "signature").filter(task__in=tasks, object_id__in=public_ids)
    return list(found.order_by("-pk"))


def link_subject(public_id: str) -> tuple[str, str]:
    """Kind and public id of the record that a link is about; empty where there is no such link. Asked for its address
    by the core, for those who see it."""
    found = TaskLink.objects.filter(public_id=public_id).first()
    return (outside_tasks.get(found.task).kind, found.object_id) if found is not None else ("", "")


def _sees(viewer: Actor, link: TaskLink) -> bool:
    return link.task in outside_tasks and policy.may_see_object(
        viewer, outside_tasks.get(link.task).kind, link.object_id
    )
