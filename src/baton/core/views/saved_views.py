"""Views of lists: all that somebody has or shares, and saving, changing and deleting one."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from baton.core import policy
from baton.core.answering import carried_out
from baton.core.guards import guarded
from baton.core.lists import changes, queries
from baton.core.lists.forms import SaveViewForm, ViewForm
from baton.core.lists.registry import lists
from baton.core.middleware import BatonRequest
from baton.core.models import SavedView


@require_safe
@guarded(policy.may_keep_views)
def saved_views(request: BatonRequest) -> HttpResponse:
    """One's own views and the shared ones, by list."""
    groups: dict[str, list[dict[str, Any]]] = {}
    for view in queries.views_in_sight(viewer=request.actor):
        groups.setdefault(view.list_name, []).append(_row(request, view))
    shown = [
        {"anchor": name.replace(".", "-"), "entry": entry, "rows": groups[name]}
        for name, entry in lists
        if name in groups
    ]
    return render(request, "core/saved_views.html", {"groups": shown})


def _row(request: BatonRequest, view: SavedView) -> dict[str, Any]:
    entry = lists.get(view.list_name)
    query = entry.spelled(view.query)
    return {
        "view": view,
        "address": entry.address(query),
        "words": list(entry.words(query)),
        "own": policy.is_self(request.actor, view.owner),
        "may_change": policy.may_change_view(request.actor, view),
    }


@guarded(policy.may_keep_views)
def save_view(request: BatonRequest) -> HttpResponse:
    """Keep what ``?query=`` asks of the list ``?list=`` under a name."""
    by, at = request.actor, request.now
    name = request.GET.get("list", "")
    entry = queries.known_list(viewer=by, name=name)
    query = entry.spelled(request.GET.get("query", ""))
    own = [view for view in queries.views_in_sight(viewer=by, list_name=name) if policy.is_self(by, view.owner)]
    form = SaveViewForm(request.POST or None, may_share=policy.may_share_views(by), has_views=bool(own))
    saved = carried_out(
        request, form, lambda: changes.save_view(by=by, at=at, list_name=name, query=query, **form.given()),
        said=lambda view: _("The view “{name}” is saved.").format(name=view.name),
    )  # fmt: skip
    if saved is not None:
        if form.cleaned_data["is_default"]:
            changes.choose_default_view(by=by, at=at, list_name=name, view=saved)
        return redirect(entry.address(entry.spelled(saved.query)))
    values = {"form": form, "entry": entry, "words": list(entry.words(query)), "back": entry.address(query)}
    return render(request, "core/saved_view_form.html", values, status=form.status)


@guarded(policy.may_keep_views)
def change_view(request: BatonRequest, public_id: str) -> HttpResponse:
    """Rename a view, share it or keep it for oneself."""
    by, at = request.actor, request.now
    view = queries.saved_view(viewer=by, public_id=public_id)
    policy.demand(policy.may_change_view(by, view))
    form = ViewForm(request.POST or None, record=view, may_share=view.shared or policy.may_share_views(by))
    if carried_out(request, form, lambda: changes.change_view(by=by, at=at, view=view, **form.given())):
        return redirect("core:saved_views")
    values = {"form": form, **_row(request, view), "entry": lists.get(view.list_name)}
    return render(request, "core/saved_view_form.html", values, status=form.status)


@require_POST
@guarded(policy.may_keep_views)
def choose_default_view(request: BatonRequest, public_id: str) -> HttpResponse:
    """Open the list in this view from now on; with ``on=no`` with all rows."""
    by, at = request.actor, request.now
    view = queries.saved_view(viewer=by, public_id=public_id)
    chosen = view if request.POST.get("on") != "no" else None
    changes.choose_default_view(by=by, at=at, list_name=view.list_name, view=chosen)
    title = lists.get(view.list_name).title
    said = _("“{list}” opens in this view from now on.") if chosen else _("“{list}” opens with all rows from now on.")
    messages.success(request, said.format(list=title))
    return redirect("core:saved_views")


@require_POST
@guarded(policy.may_keep_views)
def withdraw_view(request: BatonRequest, public_id: str) -> HttpResponse:
    """Delete a view."""
    view = queries.saved_view(viewer=request.actor, public_id=public_id)
    changes.withdraw_view(by=request.actor, at=request.now, view=view)
    messages.success(request, _("The view “{name}” is deleted.").format(name=view.name))
    return redirect("core:saved_views")
