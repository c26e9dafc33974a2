"""The search over everything."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import redirect, render

from baton.core import policy
from baton.core.guards import guarded
from baton.core.middleware import BatonRequest
from baton.core.search.finding import FEW, LONGEST, numbered, search, suggestions, words_of

ALL_OF_A_KIND = 200


@guarded(policy.is_signed_in)
def results(request: BatonRequest) -> HttpResponse:
    """What was found, by kind; a number leads straight to its record."""
    asked, kind = request.GET.get("q", "")[:LONGEST], request.GET.get("kind", "")[:40]
    if not kind and (hit := numbered(viewer=request.actor, at=request.now, text=asked)):
        return redirect(hit.address)
    limit = ALL_OF_A_KIND if kind else FEW
    groups = search(viewer=request.actor, at=request.now, text=asked, kind=kind, limit=limit)
    values = {"searched_for": asked, "searched": bool(words_of(asked)), "groups": groups, "kind": kind, "limit": limit}
    return render(request, "core/search.html", values)


@guarded(policy.is_signed_in)
def suggest(request: BatonRequest) -> HttpResponse:
    """The list under the search box."""
    asked = request.GET.get("q", "")[:LONGEST]
    hits = suggestions(viewer=request.actor, at=request.now, text=asked) if len("".join(words_of(asked))) > 1 else []
    return render(
        request, "core/_suggestions.html", {"searched_for": asked, "hits": hits, "searched": bool(words_of(asked))}
    )
