"""Bulk entries: what came in bulk, and taking it back as a whole."""

from __future__ import annotations

from typing import Any

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext, ngettext
from django.views.decorators.http import require_POST

from baton.core import changes, policy, queries, registries
from baton.core.answering import carried_out
from baton.core.bulk_forms import TakeBackForm
from baton.core.errors import Refused, explain
from baton.core.formats import number
from baton.core.guards import guarded
from baton.core.jobs import progress_of
from baton.core.middleware import BatonRequest
from baton.core.models import Batch
from baton.core.rules import BatchState

PAGE_SIZE = 50
STATUS = {
    BatchState.STAGING: "info",
    BatchState.SEALED: "kept",
    BatchState.WITHDRAWN: "unknown",
    BatchState.ABANDONED: "broken",
}


@guarded(policy.may_see_batches)
def batches(request: BatonRequest) -> HttpResponse:
    """The list."""
    page = Paginator(queries.batches(viewer=request.actor), PAGE_SIZE).get_page(request.GET.get("page"))
    values = {"page_obj": page, "rows": [_said(batch) for batch in page.object_list]}
    return render(request, "core/batches.html", values)


@guarded(policy.may_see_batches)
def batch(request: BatonRequest, public_id: str) -> HttpResponse:
    """One bulk entry: how far it is, what it made, and why it was taken back."""
    return render(request, "core/batch.html", _page(request, _open(request, public_id)))


@guarded(policy.may_see_batches)
def progress(request: BatonRequest, public_id: str) -> HttpResponse:
    """Fragment: how far the worker is; when it is done the page is loaded anew."""
    found = _open(request, public_id)
    if found.state != BatchState.STAGING:
        response = HttpResponse(status=204)
        response["HX-Refresh"] = "true"
        return response
    return render(request, "core/_batch_progress.html", _page(request, found))


@guarded(policy.may_see_batches)
def take_back(request: BatonRequest, public_id: str) -> HttpResponse:
    """Withdraw an entry that counts, or give up one that is not finished, with a reason."""
    found = _open(request, public_id)
    policy.demand(policy.may_handle_batch(request.actor, found))
    form = TakeBackForm(request.POST or None, record=found, required=found.state == BatchState.SEALED)
    by, at = request.actor, request.now

    def write() -> Batch:
        reason = form.cleaned_data["reason"]
        if found.state == BatchState.STAGING:
            return changes.abandon_batch(by=by, at=at, batch=found, reason=reason)
        return changes.withdraw_batch(by=by, at=at, batch=found, reason=reason, expected_seq=form.version)

    said = gettext("“{title}” is taken back.").format(title=found.title)
    if carried_out(request, form, write, said=said) is not None:
        return redirect("core:batch", found.public_id)
    return render(request, "core/batch_take_back.html", _page(request, found) | {"form": form}, status=form.status)


@require_POST
@guarded(policy.may_see_batches)
def resume(request: BatonRequest, public_id: str) -> HttpResponse:
    """Ask a worker once more."""
    found = _open(request, public_id)
    changes.resume_batch(by=request.actor, at=request.now, batch=found)
    return redirect("core:batch", found.public_id)


def _open(request: BatonRequest, public_id: str) -> Batch:
    return queries.batch(viewer=request.actor, public_id=public_id)


def _said(batch: Batch) -> dict[str, Any]:
    state = BatchState(batch.state)
    known = batch.target in registries.bulk_targets
    return {
        "batch": batch,
        "target": registries.bulk_targets.get(batch.target).title if known else batch.target,
        "status": STATUS[state],
        "rows": _rows(batch),
    }


def _rows(batch: Batch) -> str:
    """Records that count, or how many of the rows are dealt with."""
    if batch.state == BatchState.STAGING:
        return gettext("{done} of {all}").format(done=number(batch.rows_entered), all=number(batch.rows_expected))
    return number(batch.records)


def _page(request: BatonRequest, batch: Batch) -> dict[str, Any]:
    run = progress_of(batch.run)
    state = run.state if run else ""
    left = batch.records - batch.records_released
    releasing = batch.withdrawn_at is not None and left > 0
    return _said(batch) | {
        "staging": batch.state == BatchState.STAGING,
        "sealed": batch.state == BatchState.SEALED,
        "waiting": state == "waiting",
        "stopped": batch.state == BatchState.STAGING and state in ("failed", "retrying"),
        "releasing": ngettext(
            "{count} row still holds its unique key; the worker gives it back.",
            "{count} rows still hold their unique keys; the worker gives them back.", left,
        ).format(count=number(left)) if releasing else "",
        "failure": _failure(batch),
        "may_take_back": policy.may_handle_batch(request.actor, batch)
        and batch.state in (BatchState.STAGING, BatchState.SEALED),
    }  # fmt: skip


def _failure(batch: Batch) -> str:
    """Why it was given up by itself, in the reader's language."""
    said = batch.failure
    if not said:
        return ""
    parts = {part: said[part] for part in ("expected", "found", "remedy")}
    return explain(Refused(**parts, **said["values"]))
