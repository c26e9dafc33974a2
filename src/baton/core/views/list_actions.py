"""Doing something to many rows of a list: the rows are chosen, what is set is asked for, the result is shown."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.views.decorators.http import require_POST, require_safe

from baton.core import changes, policy
from baton.core.errors import Forbidden, NotFound, Refused, explain
from baton.core.formats import number
from baton.core.guards import guarded
from baton.core.lists import queries
from baton.core.lists.registry import Act, FilteredList, lists
from baton.core.middleware import BatonRequest
from baton.core.models import ListAction, RefusedRow
from baton.core.rules import AT_ONCE, ActionState

PREVIEWED = 20
PAGE_SIZE = 100
READ_ROWS = 2_000
"""Chosen rows that are looked up together."""


@require_POST
@guarded(policy.may_keep_views)
def propose(request: BatonRequest, name: str) -> HttpResponse:
    """Keep which rows were ticked, or all that match, and ask what is to be set in them."""
    viewer, at, sent = request.actor, request.now, request.POST
    entry = queries.known_list(viewer=viewer, name=name)
    query = entry.spelled(sent.get("query", ""))
    if entry.rows is None:
        raise NotFound
    if sent.get("all"):
        rows = entry.rows.matching(viewer=viewer, at=at, query=entry.parsed(query))
    else:
        rows = [_row_and_version(one) for one in sent.getlist("row")]
    try:
        action = changes.propose_action(by=viewer, at=at, list_name=name, act=sent.get("act", ""), rows=rows)
    except (Forbidden, NotFound):
        raise
    except Refused as refused:
        messages.error(request, explain(refused))
        return HttpResponseRedirect(entry.address(query))
    request.session[_back_key(action.public_id)] = query
    return redirect("core:list_action", action.public_id)


@guarded(policy.may_keep_views)
def list_action(request: BatonRequest, public_id: str) -> HttpResponse:
    """What will happen, how far it is, or what came of it."""
    action = queries.list_action(viewer=request.actor, public_id=public_id)
    entry = lists.get(action.list_name)
    act = entry.acts[action.act]
    frame = {
        "action": action, "entry": entry, "act": act, "state": action.state,
        "rows_said": entry.rows.some(action.rows_expected) if entry.rows else number(action.rows_expected),
        "back": entry.address(request.session.get(_back_key(public_id), "")),
    }  # fmt: skip
    if action.state != ActionState.PROPOSED:
        return render(request, "core/list_action.html", frame | _result(request, entry, action))
    form = act.form(request.POST if request.method == "POST" else None, viewer=request.actor, at=request.now)
    if request.method == "POST" and form.is_valid():
        return _begun(request, action, {name: request.POST.get(name, "") for name in form.fields})
    values = frame | {"form": form} | _preview(request, entry, action)
    return render(request, "core/list_action.html", values, status=422 if form.errors else 200)


def _begun(request: BatonRequest, action: ListAction, arguments: Mapping[str, str]) -> HttpResponse:
    """Few rows are dealt with while the person waits; the page of the action says what came of it."""
    by, at = request.actor, request.now
    action = changes.begin_action(by=by, at=at, action=action, arguments=arguments)
    if action.rows_expected <= AT_ONCE and action.state == ActionState.RUNNING:
        changes.carry_out(by=by, at=at, action=action)
    return redirect("core:list_action", action.public_id)


@require_safe
@guarded(policy.may_keep_views)
def progress(request: BatonRequest, public_id: str) -> HttpResponse:
    """Fragment: how far it is; when it is over the page is loaded anew."""
    action = queries.list_action(viewer=request.actor, public_id=public_id)
    if action.state != ActionState.RUNNING:
        response = HttpResponse(status=204)
        response["HX-Refresh"] = "true"
        return response
    return render(request, "core/_list_action_progress.html", {"action": action})


@require_POST
@guarded(policy.may_keep_views)
def stop(request: BatonRequest, public_id: str) -> HttpResponse:
    """Leave what is not dealt with yet as it is; back to the list where nothing was begun."""
    action = queries.list_action(viewer=request.actor, public_id=public_id)
    proposed = action.state == ActionState.PROPOSED
    changes.stop_action(by=request.actor, at=request.now, action=action)
    if proposed:
        query = request.session.pop(_back_key(public_id), "")
        return HttpResponseRedirect(lists.get(action.list_name).address(query))
    return redirect("core:list_action", public_id)


def _row_and_version(sent: str) -> tuple[str, int]:
    row, _colon, version = sent.rpartition(":")
    return row[:200], int(version) if version.isdecimal() and len(version) < 19 else 0


def _back_key(public_id: str) -> str:
    """Key of the session under which the filters of the list are kept from which an action came."""
    return f"list_action:{public_id}"


def _preview(request: BatonRequest, entry: FilteredList, action: ListAction) -> dict[str, Any]:
    """What stands in the first of the chosen rows, and of all of them how many are sure to be refused, and why."""
    act, chosen = entry.acts[action.act], changes.rows_left(action=action)
    shown: list[dict[str, Any]] = []
    reasons: Counter[str] = Counter()
    for first in range(0, len(chosen), READ_ROWS):
        some = chosen[first : first + READ_ROWS]
        found = _found(request, entry, [row for row, _version in some])
        refusals = _refusals(request, entry, act, some, found)
        reasons.update(refusals.values())
        for public_id, _version in some[: PREVIEWED - len(shown)]:
            row = found.get(public_id)
            now = act.now(row) if row is not None else ""
            shown.append({**_named(entry, row), "now": now, "why": refusals.get(public_id, "")})
    left, refused = len(chosen) - len(shown), sum(reasons.values())
    more = gettext("and {n} more").format(n=number(left)) if left else ""
    return {
        "preview": shown, "more": more, "go": len(chosen) - refused, "refused_rows": refused,
        "reasons": reasons.most_common(),
    }  # fmt: skip


def _refusals(
    request: BatonRequest, entry: FilteredList, act: Act, chosen: Sequence[tuple[str, int]], found: Mapping[str, Any]
) -> dict[str, str]:
    """Why rows will be refused, by id; the others are left out."""
    assert entry.rows is not None
    known = [row for row, _version in chosen if row in found]
    said = act.refusals(request.actor, request.now, [found[row] for row in known])
    against = {row: str(why) for row, why in zip(known, said, strict=True)}
    refusals = {}
    for row, version in chosen:
        if row not in found:
            refusals[row] = gettext("No longer there, or not shared with you")
        elif why := against[row]:
            refusals[row] = why
        elif entry.rows.version(found[row]) != version:
            refusals[row] = gettext("Changed by somebody since you chose it")
    return refusals


def _result(request: BatonRequest, entry: FilteredList, action: ListAction) -> dict[str, Any]:
    """The rows that were refused, and why."""
    refused = queries.refused_rows(viewer=request.actor, action=action)
    page = Paginator(refused, PAGE_SIZE).get_page(request.GET.get("page"))
    found = _found(request, entry, [one.row for one in page])
    rows = [{**_named(entry, found.get(one.row)), "stale": one.stale, "why": _why(one)} for one in page]
    return {"refused": rows, "page_obj": page}


def _found(request: BatonRequest, entry: FilteredList, ids: Sequence[str]) -> Mapping[str, Any]:
    if entry.rows is None or not ids:
        return {}
    found: Mapping[str, Any] = entry.rows.find(viewer=request.actor, at=request.now, ids=ids)
    return found


def _named(entry: FilteredList, row: Any) -> dict[str, str]:
    if row is None or entry.rows is None:
        return {"name": gettext("Something that is no longer there or not shared with you"), "address": ""}
    return {"name": entry.rows.named(row), "address": entry.rows.address(row)}


def _why(row: RefusedRow) -> str:
    said = row.why
    parts = {part: said[part] for part in ("expected", "found", "remedy")}
    return explain(Refused(**parts, **said["values"]))
