"""Pages on the way from an event log to links."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from baton.chain import changes, policy, queries
from baton.chain.changes import event_logs as log_changes
from baton.chain.forms.choosing import party_chosen
from baton.chain.forms.event_logs import ColumnsForm, EventLogForm, MakeLinksForm, PairFilterForm, WithdrawForm
from baton.chain.models import EventLog, MinedPair
from baton.chain.pages import event_logs as pages
from baton.chain.queries import event_logs as log_queries
from baton.chain.rules import LogState
from baton.core.answering import version_sent
from baton.core.errors import Forbidden, Refused, explain
from baton.core.guards import guarded
from baton.core.middleware import BatonRequest
from baton.core.queries import systems
from baton.core.texts import visible

ROWS = 50


def _open(request: BatonRequest, public_id: str) -> EventLog:
    return log_queries.event_log(viewer=request.actor, public_id=public_id)


@require_http_methods(["GET", "POST"])
@guarded(policy.may_see_event_logs)
def event_logs(request: BatonRequest) -> HttpResponseBase:
    """All event logs, and the form that brings one."""
    form = EventLogForm(request.POST or None, request.FILES or None)
    rows: list[str] = []
    if request.method == "POST" and form.is_valid():
        file = form.cleaned_data["file"]
        try:
            log = log_changes.bring_event_log(
                by=request.actor, at=request.now, file_name=file.name, chunks=file.chunks()
            )
            return redirect("chain:event_log_columns", log.public_id)
        except Forbidden:
            raise
        except (Refused, *pages.UNREADABLE) as unreadable:
            form.add_error("file", explain(unreadable))
            rows = pages.rows_of(unreadable)
    page = Paginator(log_queries.event_logs(viewer=request.actor), ROWS).get_page(request.GET.get("page"))
    context = pages.listed(request, page) | {"form": form, "refused_rows": rows}
    return render(request, "chain/discovery/list.html", context, status=422 if form.errors else 200)


@require_GET
@guarded(policy.may_see_event_logs)
def event_log(request: BatonRequest, public_id: str) -> HttpResponseBase:
    """Where a log stands: the choice of columns, the progress of the worker, or the result."""
    log = _open(request, public_id)
    if log.state in (LogState.UPLOADED, LogState.FAILED):
        if not policy.may_bring_event_logs(request.actor):
            return render(request, "chain/discovery/unread.html", pages.unread(log))
        return redirect("chain:event_log_columns", public_id)
    if log.state == LogState.READING:
        return render(request, "chain/discovery/reading.html", pages.reading(log))
    form = PairFilterForm(request.GET or None)
    page = Paginator(_pairs(request, log, form), ROWS).get_page(request.GET.get("page"))
    return render(request, "chain/discovery/result.html", pages.result(request, log, page, form))


def _pairs(request: BatonRequest, log: EventLog, form: PairFilterForm) -> QuerySet[MinedPair]:
    chosen = form.cleaned_data if form.is_valid() else {}
    return log_queries.mined_pairs(
        viewer=request.actor, log=log, search=chosen.get("search") or "", at_least=chosen.get("at_least") or 1,
        order=request.GET.get("order", "-handovers"),
    )  # fmt: skip


@require_GET
@guarded(policy.may_see_event_logs)
def reading(request: BatonRequest, public_id: str) -> HttpResponseBase:
    """Fragment: how far the worker has come; when it is done the page is loaded anew."""
    log = _open(request, public_id)
    if log.state != LogState.READING:
        response = HttpResponse(status=204)
        response["HX-Redirect"] = pages.address(log)
        return response
    return render(request, "chain/discovery/_reading.html", pages.reading(log))


@require_http_methods(["GET", "POST"])
@guarded(policy.may_bring_event_logs)
def columns(request: BatonRequest, public_id: str) -> HttpResponseBase:
    """Say which column is what, with the first rows to look at."""
    log = _open(request, public_id)
    data = request.POST if request.method == "POST" else request.GET
    try:
        seen = pages.preview_of(log, data.get("sheet", ""))
    except pages.UNREADABLE as unreadable:
        messages.error(request, explain(unreadable))
        seen = pages.preview_of(log)
    form = ColumnsForm(request.POST or None, log=log, preview=seen, systems=systems(viewer=request.actor))
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        try:
            log_changes.choose_columns(
                by=request.actor, at=request.now, log=log, mapping=said["mapping"], zone=said["zone"],
                system=said["system"], sheet=seen.sheet if len(seen.sheets) > 1 else "",
                expected_seq=said["version"],
            )  # fmt: skip
            return redirect("chain:event_log", public_id)
        except Forbidden:
            raise
        except Refused as refused:
            form.add_error(None, explain(refused))
    context = pages.columns(log, seen, form)
    return render(request, "chain/discovery/columns.html", context, status=422 if form.errors else 200)


@require_GET
@guarded(policy.may_see_event_logs)
def mined_map(request: BatonRequest, public_id: str) -> HttpResponseBase:
    """The mined chain as a map."""
    log = _open(request, public_id)
    form = PairFilterForm(request.GET or None)
    chosen = form.cleaned_data if form.is_valid() else {}
    graph = log_queries.mined_graph(viewer=request.actor, at=request.now, log=log, at_least=chosen.get("at_least") or 1)
    return render(
        request, "chain/discovery/map.html", pages.frame(request, log, "map") | {"graph": graph, "form": form}
    )


@require_GET
@guarded(policy.may_see_event_logs)
def comparison(request: BatonRequest, public_id: str) -> HttpResponseBase:
    """The mined chain against the agreed one."""
    log = _open(request, public_id)
    return render(request, "chain/discovery/comparison.html", pages.comparison(request, log))


@require_http_methods(["GET", "POST"])
@guarded(policy.may_see_event_logs)
def names(request: BatonRequest, public_id: str) -> HttpResponseBase:
    """Which name of the log is which party."""
    log = _open(request, public_id)
    if request.method == "POST":
        party = None
        if request.POST.get("party"):
            party = queries.party(viewer=request.actor, at=request.now, public_id=request.POST["party"])
        value = request.POST.get("value", "")
        remember = request.POST.get("remember") == "yes"
        log_changes.match_name(
            by=request.actor, at=request.now, log=log, value=value, party=party, remember=remember,
            seen=request.POST.get("seen"),
        )  # fmt: skip
        messages.success(request, _("“{name}” is matched.").format(name=visible(value)))
        return redirect(request.get_full_path())
    return render(request, "chain/discovery/names.html", pages.names(request, log))


@require_POST
@guarded(policy.may_bring_event_logs)
def make_links(request: BatonRequest, public_id: str) -> HttpResponseBase:
    """Make the ticked pairs links; with ``step=choose`` first ask what is handed over; ``now`` makes one pair a link at
    once, with what its supplier usually does as the proposed output."""
    log = _open(request, public_id)
    pairs = pages.pairs_of(log, request.POST)
    if request.POST.get("now") and pairs:
        output = pages.proposed_output(log, pairs[0][0])
        made = changes.make_links(by=request.actor, at=request.now, log=log, pairs=pairs, output=output)
        return _made(request, log, made)
    parents = queries.parties_to_choose(viewer=request.actor, at=request.now)
    sent = None if request.POST.get("step") == "choose" else request.POST
    form = MakeLinksForm(sent, parents=parents)
    if sent is not None and form.is_valid():
        parent = party_chosen(parents, form.cleaned_data["parent"])
        try:
            made = changes.make_links(
                by=request.actor, at=request.now, log=log, pairs=pairs, output=form.cleaned_data["output"],
                parent=parent,
            )  # fmt: skip
            return _made(request, log, made)
        except Forbidden:
            raise
        except Refused as refused:
            form.add_error(None, explain(refused))
    context = pages.frame(request, log, "pairs") | {
        "form": form,
        "pairs": pairs,
        "chosen": request.POST.getlist("pair"),
    }
    return render(request, "chain/discovery/make_links.html", context, status=422 if form.errors else 200)


def _made(request: BatonRequest, log: EventLog, made: changes.Made) -> HttpResponseBase:
    """Back to the log, or to the bulk entry while a worker is at it."""
    if made.batch is not None and made.batch.sealed_at is None:
        return redirect("core:batch", made.batch.public_id)
    links = ngettext("{count} link was made.", "{count} links were made.", made.links).format(count=made.links)
    added = ngettext("{count} new party.", "{count} new parties.", made.parties).format(count=made.parties)
    said = f"{links} {added}" if made.parties else links
    if made.batch is not None:
        undo = reverse("core:take_back_batch", args=[made.batch.public_id])
        said = format_html('{} <a href="{}">{}</a>', said, undo, _("Take it back"))
    messages.success(request, said)
    return redirect("chain:event_log", log.public_id)


@require_POST
@guarded(policy.may_bring_event_logs)
def accept(request: BatonRequest, public_id: str) -> HttpResponseBase:
    """Let the handovers of the log count."""
    log = _open(request, public_id)
    log_changes.accept_event_log(by=request.actor, at=request.now, log=log, expected_seq=version_sent(request))
    messages.success(request, _("Accepted. The charts of its links are drawn within a minute."))
    return redirect("chain:event_log", public_id)


@require_http_methods(["GET", "POST"])
@guarded(policy.may_bring_event_logs)
def withdraw(request: BatonRequest, public_id: str) -> HttpResponseBase:
    """Take a log back, with a reason."""
    log = _open(request, public_id)
    form = WithdrawForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        reason = form.cleaned_data["reason"]
        log_changes.withdraw_event_log(by=request.actor, at=request.now, log=log, reason=reason)
        messages.success(request, _("“{name}” was withdrawn.").format(name=log.name))
        return redirect("chain:event_logs")
    context: dict[str, Any] = {"log": log, "form": form}
    return render(request, "chain/discovery/withdraw.html", context, status=422 if form.errors else 200)


@require_GET
@guarded(policy.may_see_event_logs)
def export(request: BatonRequest, public_id: str) -> HttpResponseBase:
    """The pairs of a mined chain as they are filtered, as CSV or workbook."""
    log = _open(request, public_id)
    return pages.export(request, _pairs(request, log, PairFilterForm(request.GET or None)))
