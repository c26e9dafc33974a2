"""The line above a list: in which view it is seen, the other views, and taking it away."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.urls import reverse

from baton.core import policy
from baton.core.actors import NOBODY
from baton.core.lists import queries
from baton.core.lists.registry import lists

V = TypeVar("V", bound=Callable[..., HttpResponseBase])


def opens_default_view(name: str) -> Callable[[V], V]:
    """Lead whoever opens the list without saying how to his default view of it."""

    def decorate(view: V) -> V:
        @wraps(view)
        def led(request: Any, *args: Any, **kwargs: Any) -> HttpResponseBase:
            if request.method in ("GET", "HEAD") and not request.GET:
                query = queries.default_query(viewer=request.actor, list_name=name)
                if query:
                    return HttpResponseRedirect(lists.get(name).address(query))
            return view(request, *args, **kwargs)

        return led  # type: ignore[return-value]

    return decorate


def is_filtered(request: HttpRequest, name: str) -> bool:
    """Whether the list is asked for anything but all rows in their usual order."""
    return bool(lists.get(name).spelled(request.GET.dict()))


def bar(request: HttpRequest, name: str, export: str) -> dict[str, Any]:
    """What ``core/components/list_bar.html`` shows. ``name`` is empty for a list without views, ``export`` the address
    of its table as a file, empty for one without."""
    asked = request.GET.copy()
    for parameter in ("page", "view", "after"):
        asked.pop(parameter, None)
    taken = f"{export}?{asked.urlencode()}" if asked else f"{export}?"
    shown: dict[str, Any] = {
        "csv": taken.rstrip("?"), "xlsx": f"{taken}{'&' if asked else ''}format=xlsx", "export": bool(export),
    }  # fmt: skip
    return shown | (_views(request, name) if name else {})


def _views(request: HttpRequest, name: str) -> dict[str, Any]:
    actor, entry = getattr(request, "actor", NOBODY), lists.get(name)
    if not policy.may_keep_views(actor):
        return {}
    asked = entry.spelled(request.GET.dict())
    rows = []
    for view in queries.views_in_sight(viewer=actor, list_name=name):
        query = entry.spelled(view.query)
        own = policy.is_self(actor, view.owner)
        rows.append(
            {"view": view, "own": own, "address": entry.address(query), "current": bool(asked) and query == asked}
        )
    current = next((row for row in rows if row["current"]), None)
    return {
        "entry": entry, "rows": rows, "current": current, "all": entry.address(), "filtered": bool(asked),
        "save": f"{reverse('core:save_view')}?{urlencode({'list': name, 'query': asked})}",
        "manage": f"{reverse('core:saved_views')}#{name.replace('.', '-')}",
    }  # fmt: skip
