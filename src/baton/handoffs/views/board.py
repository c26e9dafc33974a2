"""The board: what is open, for a team in front of a screen."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET

from baton.chain import queries as chain
from baton.chain.views.answering import standing
from baton.core.guards import guarded
from baton.core.middleware import BatonRequest
from baton.core.texts import clean_text
from baton.handoffs import policy
from baton.handoffs.forms.departments import BoardFilterForm
from baton.handoffs.pages.board import board_context
from baton.handoffs.queries.board import BoardFilters
from baton.handoffs.queries.board import board as found_board
from baton.handoffs.rules import Side


def _context(request: BatonRequest) -> dict[str, Any]:
    asked = {name: clean_text(request.GET.get(name, "")[:32]) for name in ("party", "side", "link")}
    if asked["side"] not in set(Side):
        asked["side"] = ""
    found = found_board(viewer=request.actor, at=request.now, filters=BoardFilters(**asked))
    query = request.GET.copy()
    query.pop("wall", None)
    return {
        **board_context(found, request.now), "query": query.urlencode(), "wall": "wall" in request.GET,
        "renewed_at": f"{reverse('handoffs:board_columns')}?{request.GET.urlencode()}",
    }  # fmt: skip


@require_GET
@guarded()
def board(request: BatonRequest) -> HttpResponse:
    """Open handoffs of ``?party=``, of ``?link=`` or of the reader's own parties; with ``?wall=1`` nothing else on the
    screen, in type that is read from a few steps away."""
    context = _context(request)
    if context["wall"]:
        return render(request, "handoffs/board_wall.html", context)
    parties = chain.parties_to_choose(viewer=request.actor, at=request.now)
    keeps = policy.may_keep_tablets(standing(request))
    shown = {"filter": BoardFilterForm(request.GET, parties=parties), "keeps_tablets": keeps}
    return render(request, "handoffs/board.html", {**context, **shown})


@require_GET
@guarded()
def columns(request: BatonRequest) -> HttpResponse:
    """What of the board changes, asked again and again."""
    return render(request, "handoffs/_board.html", _context(request))
