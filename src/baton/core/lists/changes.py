"""Views of lists: saved, changed, deleted; the default of a list chosen."""

from __future__ import annotations

from datetime import datetime

from baton.core import policy
from baton.core.actors import Actor
from baton.core.audit.trail import Trail, change
from baton.core.errors import Forbidden, NotFound, Refused
from baton.core.lists.queries import known_list
from baton.core.models import DefaultView, Person, SavedView
from baton.core.rules import VIEWS_A_LIST
from baton.core.texts import clean_text
from baton_analysis.errors import gettext_noop

NAME_LENGTH = 60


def save_view(
    *, by: Actor, at: datetime, list_name: str, name: str, query: str, shared: bool = False, replace: bool = False
) -> SavedView:
    """Keep what ``query`` asks of a list under a name; ``replace``: in the place of the actor's own view of that name.

    Refused: a name that another view of his has, nothing asked for, too many views.
    """
    entry, owner = known_list(viewer=by, name=list_name), by.person
    if owner is None:
        raise Forbidden
    policy.demand(not shared or policy.may_share_views(by))
    called, asked = _called(name), entry.spelled(query)
    if not asked:
        raise Refused(
            expected=gettext_noop("Expected a list with at least one filter, an order or search words."),
            remedy=gettext_noop("Filter or sort the list first, then save the view."),
        )
    with change(by=by, at=at) as trail:
        own = SavedView.objects.filter(owner=owner, list_name=list_name, withdrawn_at__isnull=True)
        same = own.filter(name=called).first()
        if same is not None and replace:
            view = trail.lock(SavedView, same)
            view.query, view.shared = asked, shared
            return trail.save(view, "saved_view.changed")
        _refuse_taken(same)
        if own.count() >= VIEWS_A_LIST:
            raise Refused(
                expected=gettext_noop("Expected at most {most} views of a list."),
                remedy=gettext_noop("Delete those that you no longer use."),
                most=VIEWS_A_LIST,
            )
        view = SavedView(owner=owner, list_name=list_name, name=called, query=asked, shared=shared)
        return trail.save(view, "saved_view.saved")


def change_view(
    *, by: Actor, at: datetime, view: SavedView, name: str, shared: bool | None = None, expected_seq: int | None = None
) -> SavedView:
    """Rename a view; share it with everybody, keep it for its owner alone, or (None) leave that as it is."""
    called = _called(name)
    with change(by=by, at=at) as trail:
        view = _to_change(trail, view, expected_seq)
        policy.demand(not shared or view.shared or policy.may_share_views(by))
        same = SavedView.objects.filter(
            owner=view.owner, list_name=view.list_name, name=called, withdrawn_at__isnull=True
        ).exclude(pk=view.pk)
        _refuse_taken(same.first())
        view.name = called
        view.shared = view.shared if shared is None else shared
        return trail.save(view, "saved_view.changed")


def withdraw_view(*, by: Actor, at: datetime, view: SavedView) -> SavedView:
    """Delete a view: nobody finds it any more, and whoever had it as his default sees all rows again."""
    with change(by=by, at=at) as trail:
        view = _to_change(trail, view, None)
        view.withdrawn_at = at
        return trail.save(view, "saved_view.withdrawn")


def choose_default_view(*, by: Actor, at: datetime, list_name: str, view: SavedView | None) -> DefaultView:
    """Open the list in this view from now on; None: with all rows."""
    known_list(viewer=by, name=list_name)
    if view is not None and (view.list_name != list_name or view.withdrawn_at or not policy.may_see_view(by, view)):
        raise NotFound
    with change(by=by, at=at) as trail:
        known = DefaultView.objects.filter(person=by.person, list_name=list_name).first()
        chosen = DefaultView(person=by.person, list_name=list_name) if known is None else trail.lock(DefaultView, known)
        chosen.view = view
        return trail.save(chosen, "default_view.chosen")


def forget_owner(*, by: Actor, at: datetime, person: Person) -> None:
    """Empty and delete the views of somebody who is forgotten, the shared ones too."""
    with change(by=by, at=at) as trail:
        for held in SavedView.objects.filter(owner=person):
            view = trail.lock(SavedView, held)
            view.name, view.query, view.withdrawn_at = "", "", view.withdrawn_at or at
            trail.save(view, "saved_view.forgotten")


def _called(raw: str) -> str:
    name = clean_text(raw)
    if not 1 <= len(name) <= NAME_LENGTH:
        raise Refused(
            field="name",
            expected=gettext_noop("Expected a name of 1 to {most} characters."),
            remedy=gettext_noop("Say in a few words what the view shows."),
            most=NAME_LENGTH,
        )
    return name


def _refuse_taken(same: SavedView | None) -> None:
    if same is not None:
        raise Refused(
            field="name",
            expected=gettext_noop("Expected a name that no other view of this list has."),
            found=gettext_noop("There is a view of this name already."),
            remedy=gettext_noop("Give another name, or tick that the view of this name is replaced."),
        )


def _to_change(trail: Trail, view: SavedView, expected_seq: int | None) -> SavedView:
    fresh = trail.lock(SavedView, view, expected_seq=expected_seq)
    if fresh.withdrawn_at is not None or not policy.may_see_view(trail.by, fresh):
        raise NotFound
    policy.demand(policy.may_change_view(trail.by, fresh))
    return fresh
