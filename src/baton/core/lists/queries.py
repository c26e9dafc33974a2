"""Views of lists that the viewer may open."""

from __future__ import annotations

from django.db.models import Exists, OuterRef, Q, QuerySet

from baton.core import policy
from baton.core.actors import Actor
from baton.core.errors import NotFound
from baton.core.lists.registry import FilteredList, lists
from baton.core.models import DefaultView, ListAction, RefusedRow, SavedView


def known_list(*, viewer: Actor, name: str) -> FilteredList:
    """The list of this name; NotFound for one that the viewer may not open."""
    if name not in lists or not lists.get(name).shown(viewer) or not policy.may_keep_views(viewer):
        raise NotFound
    return lists.get(name)


def views_in_sight(*, viewer: Actor, list_name: str = "") -> QuerySet[SavedView]:
    """The viewer's own views and the shared ones, of one list or of all that he may open, by list, his own first; each
    carries ``is_default``. One query."""
    allowed = policy.may_keep_views(viewer)
    names = [name for name, entry in lists if allowed and entry.shown(viewer) and list_name in ("", name)]
    default = DefaultView.objects.filter(person=viewer.person, view=OuterRef("pk"))
    rows = SavedView.objects.filter(
        Q(owner=viewer.person) | Q(shared=True), list_name__in=names, withdrawn_at__isnull=True
    )
    return (
        rows.select_related("owner").annotate(is_default=Exists(default)).order_by("list_name", "shared", "name", "pk")
    )


def saved_view(*, viewer: Actor, public_id: str) -> SavedView:
    """One view; NotFound also where the viewer may not know of it."""
    found = views_in_sight(viewer=viewer).filter(public_id=public_id).first()
    if found is None:
        raise NotFound
    return found


def list_action(*, viewer: Actor, public_id: str) -> ListAction:
    """Something that the viewer does to rows of a list; NotFound for everybody else."""
    found = ListAction.objects.filter(public_id=public_id).select_related("person").first()
    if found is None or not policy.may_see_action(viewer, found):
        raise NotFound
    return found


def refused_rows(*, viewer: Actor, action: ListAction) -> QuerySet[RefusedRow]:
    """The rows that it left as they were, in their order."""
    policy.demand(policy.may_see_action(viewer, action))
    return RefusedRow.objects.filter(action=action).order_by("position")


def default_query(*, viewer: Actor, list_name: str) -> str:
    """What the viewer's default view of the list asks for; empty where he has none, or may see it no more."""
    found = views_in_sight(viewer=viewer, list_name=list_name).filter(is_default=True).first()  # type: ignore[misc]
    return lists.get(list_name).spelled(found.query) if found is not None else ""
