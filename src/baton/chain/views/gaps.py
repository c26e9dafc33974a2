"""Pages of gaps."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from baton.chain import changes, queries
from baton.chain.changes.gaps import address_of
from baton.chain.forms.asked import asked_gaps
from baton.chain.forms.gaps import AnswerGapForm, AssignGapForm, GapFilterForm
from baton.chain.pages import gaps as pages
from baton.chain.pages.history import timeline
from baton.chain.queries.gaps import GapRow
from baton.chain.queries.lists import page_of
from baton.chain.rules import PAIR_DETECTORS
from baton.chain.views.answering import form_page
from baton.core.answering import carried_out, version_sent
from baton.core.exports import download
from baton.core.guards import guarded
from baton.core.history import history_of
from baton.core.lists.bar import opens_default_view
from baton.core.middleware import BatonRequest
from baton.core.policy import demand


@require_GET
@guarded()
@opens_default_view("chain.gaps")
def gaps(request: BatonRequest) -> HttpResponse:
    """What nobody has made clear, by kind."""
    viewer, filters = request.actor, asked_gaps(request.GET)
    rows = queries.gaps(viewer=viewer, at=request.now)
    queries.open_gaps(viewer=viewer, at=request.now, rows=rows)
    found = queries.chosen_gaps(viewer=viewer, rows=rows, filters=filters)
    page = page_of(found, request.GET.get("page", 1))
    context = {
        "page_obj": page, "groups": pages.listed(page), "counts": pages.counts(rows), "filters": filters,
        "filter": GapFilterForm({"show": filters.show, "detector": filters.detector}), "any": bool(rows),
    }  # fmt: skip
    return render(request, "chain/gaps.html", context)


@require_GET
@guarded()
def export_gaps(request: BatonRequest) -> HttpResponseBase:
    """The gaps as they are filtered, as CSV or workbook."""
    rows = queries.gaps(viewer=request.actor, at=request.now)
    found = queries.chosen_gaps(viewer=request.actor, rows=rows, filters=asked_gaps(request.GET))
    return download(request, "gaps", pages.header(), pages.table(found))


def _open(request: BatonRequest, detector: str, key: str) -> GapRow | None:
    return queries.gap(viewer=request.actor, at=request.now, detector=detector, key=key)


def _no_more(request: BatonRequest) -> HttpResponseBase:
    messages.info(request, _("There is no such gap any more, or it is not shared with you."))
    return redirect("chain:gaps")


@require_GET
@guarded()
def gap(request: BatonRequest, detector: str, key: str) -> HttpResponseBase:
    """One gap: what is unclear, what to do, what was said."""
    row = _open(request, detector, key)
    if row is None:
        return _no_more(request)
    said = [row.answer.public_id] if row.answer is not None else []
    history = timeline(history_of(viewer=request.actor, object_ids=said))
    steps = queries.steps_of(viewer=request.actor, at=request.now, gap=row.gap)
    context = {"gap": pages.shown(row), "answer": row.answer, "history": history, "steps": steps}
    return render(request, "chain/gap.html", context)


@guarded()
def assign_gap(request: BatonRequest, detector: str, key: str) -> HttpResponseBase:
    """Say who is to close a gap."""
    row = _open(request, detector, key)
    if row is None:
        return _no_more(request)
    demand(row.may_answer)
    initial = {"reason": "", "person": request.actor.person}
    form = AssignGapForm(request.POST or None, record=row.answer, viewer=request.actor, initial=initial)
    saved = carried_out(request, form, lambda: changes.assign_gap(
        by=request.actor, at=request.now, gap=row.gap, **form.given()))  # fmt: skip
    return _answered(request, row) if saved else _form(request, form, row, _("Assign"))


@guarded()
def answer_gap(request: BatonRequest, detector: str, key: str) -> HttpResponseBase:
    """Say that a gap may stay, and why."""
    row = _open(request, detector, key)
    if row is None:
        return _no_more(request)
    demand(row.may_answer)
    pair = row.gap.detector in PAIR_DETECTORS
    form = AnswerGapForm(request.POST or None, record=row.answer, pair=pair, initial={"reason": ""})
    saved = carried_out(request, form, lambda: changes.answer_gap(
        by=request.actor, at=request.now, gap=row.gap, **form.given()))  # fmt: skip
    return (
        _answered(request, row)
        if saved
        else _form(request, form, row, _("No dealings, or let it stay") if pair else _("Let it stay"))
    )


@require_POST
@guarded()
def withdraw_gap_answer(request: BatonRequest, detector: str, key: str) -> HttpResponseBase:
    """Take back what was said to a gap."""
    row = _open(request, detector, key)
    if row is None or row.answer is None:
        return _no_more(request)
    changes.withdraw_gap_answer(
        by=request.actor, at=request.now, gap=row.gap, answer=row.answer, expected_seq=version_sent(request)
    )
    messages.success(request, _("Taken back: the gap is open again."))
    return _answered(request, row)


def _answered(request: BatonRequest, row: GapRow) -> HttpResponseBase:
    queries.forget_count(viewer=request.actor)
    return redirect(address_of(row.gap))


def _form(request: BatonRequest, form: AssignGapForm | AnswerGapForm, row: GapRow, title: str) -> HttpResponse:
    return form_page(request, form, title=title, subject=pages.sentence(row.gap), back=address_of(row.gap))
