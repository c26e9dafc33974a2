"""Pages of an import: bring, assign columns, look at what was found, enter, withdraw."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from baton.core import policy, queries, registries
from baton.core.answering import carried_out, version_sent
from baton.core.changes import imports as changes
from baton.core.errors import Forbidden, NotFound, Refused, explain
from baton.core.guards import guarded
from baton.core.import_forms import BringForm, ColumnsForm, WithdrawImportForm
from baton.core.import_targets import ImportTarget, import_targets
from baton.core.imports.reports import CHANGES_SHOWN, SHOWN, changes_of, not_applied, not_given_back, problems_of
from baton.core.imports.tables import Beginning, beginning, proposed
from baton.core.jobs import progress_of
from baton.core.middleware import BatonRequest
from baton.core.models import ImportRun
from baton.core.rules import ImportOrigin, ImportState
from baton_analysis.errors import BatonError, ReadError

PAGE_SIZE = 50
STATUS = {
    ImportState.BROUGHT: "info",
    ImportState.CHECKING: "info",
    ImportState.CHECKED: "at_risk",
    ImportState.ENTERING: "info",
    ImportState.ENTERED: "kept",
    ImportState.FAILED: "broken",
    ImportState.WITHDRAWN: "unknown",
}


@require_GET
@guarded(policy.may_see_imports)
def all_imports(request: BatonRequest) -> HttpResponseBase:
    """The list."""
    page = Paginator(queries.imports(viewer=request.actor), PAGE_SIZE).get_page(request.GET.get("page"))
    return render(
        request,
        "core/imports/list.html",
        {
            "page_obj": page,
            "rows": [_said(run) for run in page.object_list],
            "may_bring": policy.may_bring_some(request.actor),
        },
    )


@require_http_methods(["GET", "POST"])
@guarded(policy.may_bring_some)
def bring(request: BatonRequest, target: str) -> HttpResponseBase:
    """A file or a paste."""
    if target not in import_targets:
        raise NotFound
    policy.demand(policy.may_bring(request.actor, target))
    form = BringForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        file, pasted = form.cleaned_data["file"], form.cleaned_data["pasted"]
        origin = ImportOrigin.FILE if file else ImportOrigin.PASTE
        chunks: Iterable[bytes] = file.chunks() if file else [pasted.encode("utf-8", "replace")]
        try:
            run = changes.bring_import(
                by=request.actor, at=request.now, target=target, title=file.name if file else _("Pasted table"),
                origin=origin, chunks=chunks,
            )  # fmt: skip
            try:
                beginning(run)
            except ReadError as unreadable:
                changes.note_import_failed(by=request.actor, at=request.now, run=run, failure=unreadable, tell=False)
                raise
            return redirect("core:import_columns", run.public_id)
        except Forbidden:
            raise
        except (Refused, ReadError) as unreadable:
            form.add_error("file" if file else "pasted", explain(unreadable))
    context = {"form": form, "target": import_targets.get(target), "name": target}
    return render(request, "core/imports/bring.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "POST"])
@guarded(policy.may_bring_some)
def columns(request: BatonRequest, public_id: str) -> HttpResponseBase:
    """Say which column holds what, with the first rows to look at."""
    run = _open(request, public_id)
    policy.demand(policy.may_handle_import(request.actor, run))
    if run.state not in (ImportState.BROUGHT, ImportState.CHECKED):
        return redirect("core:import", public_id)
    target = import_targets.get(run.target)
    data = request.POST if request.method == "POST" else request.GET
    try:
        seen = beginning(run, sheet=data.get("sheet"))
    except ReadError as unreadable:
        messages.error(request, explain(unreadable))
        seen = beginning(run)
    form = _columns_form(request, run, target, seen)
    if request.method == "POST" and form.is_valid():
        try:
            if name := form.cleaned_data["mapping_name"]:
                changes.keep_mapping(
                    by=request.actor, at=request.now, target=run.target, name=name, mapping=form.mapping(),
                    system=form.cleaned_data.get("system", ""),
                )  # fmt: skip
            changes.check_import(
                by=request.actor, at=request.now, run=run, mapping=form.mapping(), sheet=seen.sheet,
                system=form.cleaned_data.get("system", ""), expected_seq=form.cleaned_data["version"],
            )  # fmt: skip
            return redirect("core:import", public_id)
        except Forbidden:
            raise
        except Refused as refused:
            form.add_error(refused.field if refused.field in form.fields else None, explain(refused))
    saved = queries.saved_mappings(viewer=request.actor, target=run.target)
    context = _page(request, run) | {
        "form": form, "seen": seen, "saved": saved, "left": form.left_over(),
        "notices": [notice.render(_) for notice in seen.notices],
    }  # fmt: skip
    return render(request, "core/imports/columns.html", context, status=422 if form.errors else 200)


def _columns_form(request: BatonRequest, run: ImportRun, target: ImportTarget, seen: Beginning) -> ColumnsForm:
    saved = None
    if wanted := request.GET.get("saved"):
        known = queries.saved_mappings(viewer=request.actor, target=run.target)
        saved = next((mapping for mapping in known if mapping.name == wanted), None)
    found = run.mapping if run.mapping and saved is None else proposed(target, seen.header, saved)
    initial = {f"column_{field}": name for field, name in found.items()}
    initial |= {
        "version": run.changed_seq, "sheet": seen.sheet, "system": saved.system if saved else run.system,
        "mapping_name": saved.name if saved else "",
    }  # fmt: skip
    return ColumnsForm(
        request.POST or None, target=target, seen=seen, initial=initial, systems=queries.systems(viewer=request.actor),
    )  # fmt: skip


@require_GET
@guarded(policy.may_see_imports)
def import_run(request: BatonRequest, public_id: str) -> HttpResponseBase:
    """Where an import stands: the progress of the worker, what was found, or what was entered."""
    run = _open(request, public_id)
    if run.state == ImportState.BROUGHT and policy.may_handle_import(request.actor, run):
        return redirect("core:import_columns", public_id)
    return _shown(request, run)


@require_GET
@guarded(policy.may_see_imports)
def progress(request: BatonRequest, public_id: str) -> HttpResponseBase:
    """Fragment: how far the worker is; when it is done the page is loaded anew."""
    run = _open(request, public_id)
    if run.state not in (ImportState.CHECKING, ImportState.ENTERING):
        response = HttpResponse(status=204)
        response["HX-Refresh"] = "true"
        return response
    return render(request, "core/imports/_progress.html", _page(request, run))


@require_POST
@guarded(policy.may_bring_some)
def enter(request: BatonRequest, public_id: str) -> HttpResponseBase:
    """Enter what the check found."""
    run = _open(request, public_id)
    try:
        changes.enter_import(
            by=request.actor, at=request.now, run=run, leave_out=request.POST.get("leave_out") == "on",
            expected_seq=version_sent(request),
        )  # fmt: skip
    except Refused as refused:
        if refused.status not in (400, 422):
            raise
        messages.error(request, explain(refused))
    return redirect("core:import", public_id)


@require_POST
@guarded(policy.may_bring_some)
def resume(request: BatonRequest, public_id: str) -> HttpResponseBase:
    """Ask a worker once more."""
    run = _open(request, public_id)
    changes.resume_import(by=request.actor, at=request.now, run=run)
    return redirect("core:import", public_id)


@require_http_methods(["GET", "POST"])
@guarded(policy.may_bring_some)
def withdraw(request: BatonRequest, public_id: str) -> HttpResponseBase:
    """Take an import back as a whole, with a reason."""
    run = _open(request, public_id)
    policy.demand(policy.may_handle_import(request.actor, run))
    form = WithdrawImportForm(request.POST or None, record=run)
    done = carried_out(
        request, form, lambda: changes.withdraw_import(
            by=request.actor, at=request.now, run=run, reason=form.cleaned_data["reason"], expected_seq=form.version),
        said=_("“{title}” is taken back.").format(title=run.title),
    )  # fmt: skip
    if done is not None:
        return redirect("core:import", public_id)
    return render(request, "core/imports/withdraw.html", _page(request, run) | {"form": form}, status=form.status)


def _shown(request: BatonRequest, run: ImportRun) -> HttpResponse:
    context = _page(request, run)
    if run.state == ImportState.CHECKED:
        context |= {
            "mistakes": list(problems_of(run, SHOWN)), "more": max(run.problems - SHOWN, 0),
            "changed": changes_of(run, CHANGES_SHOWN),
        }  # fmt: skip
    if run.state == ImportState.ENTERED:
        context |= {"not_applied": not_applied(run), "batches": [
            (batch, registries.bulk_targets.get(batch.target).title) for batch in run.batches.order_by("pk")
        ]}  # fmt: skip
    if run.state == ImportState.WITHDRAWN:
        context |= {"not_given_back": not_given_back(run), "given_back": run.plan.get("given_back")}
    return render(request, "core/imports/run.html", context)


def _open(request: BatonRequest, public_id: str) -> ImportRun:
    return queries.import_run(viewer=request.actor, public_id=public_id)


def _said(run: ImportRun) -> dict[str, Any]:
    known = run.target in import_targets
    return {
        "run": run,
        "target": import_targets.get(run.target).title if known else run.target,
        "status": STATUS[ImportState(run.state)],
    }


def _page(request: BatonRequest, run: ImportRun) -> dict[str, Any]:
    job = progress_of(run.run)
    known_target = import_targets.get(run.target) if run.target in import_targets else None
    working = run.state in (ImportState.CHECKING, ImportState.ENTERING)
    failure = run.failure
    return _said(run) | {
        "name": run.target,
        "may": policy.may_handle_import(request.actor, run),
        "working": working,
        "stopped": working and job is not None and job.state in ("failed", "retrying"),
        "waiting": job is None or job.state == "waiting",
        "done": job.done if job else 0,
        "total": (job.total if job else 0) or run.rows,
        "checked": run.state == ImportState.CHECKED,
        "gives_back": known_target is not None and known_target.taking_back is not None,
        "something": bool(run.rows_new or run.rows_changed),
        "failure": explain(
            BatonError(
                expected=failure["expected"], found=failure["found"], remedy=failure["remedy"], **failure["values"]
            )
        )
        if failure
        else "",
    }
