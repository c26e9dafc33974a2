"""Pages of findings: the list, one of them, its answers; what was said and done; a wave that opens without answers."""

from __future__ import annotations

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_GET

from baton.chain import queries as chain
from baton.chain.forms.choosing import chosen
from baton.chain.views.answering import answered, form_page, standing
from baton.core import queries as core_queries
from baton.core.accounts.signing import SigningForm
from baton.core.answering import carried_out
from baton.core.errors import NotFound
from baton.core.exports import download
from baton.core.guards import guarded
from baton.core.history import history_of
from baton.core.middleware import BatonRequest
from baton.core.policy import demand, may_use
from baton.core.signature_words import meaning_word
from baton.core.signing_rules import Meaning
from baton.feedback import changes, policy, queries
from baton.feedback.forms.findings import (
    AnswerForm,
    DeclineForm,
    FindingFilterForm,
    FindingForm,
    FinishForm,
    WhyForm,
    asked_findings,
)
from baton.feedback.models import Finding, PublishedCell, Wave, WaveException
from baton.feedback.pages import findings as shown
from baton.feedback.pages.history import timeline
from baton.feedback.queries import findings as found_by
from baton.feedback.rules.findings import FindingState
from baton.feedback.rules.published import Figure

WAVES_SHOWN = 100
"""Findings on one page of what was said and done."""


def _address(one: Finding) -> str:
    return reverse("surveys:finding", args=[one.public_id])


@require_GET
@guarded(may_use)
def findings(request: BatonRequest) -> HttpResponse:
    """All in sight, what is due first at the top."""
    viewer, at = request.actor, request.now
    page = found_by.finding_page(
        viewer=viewer, at=at, filters=asked_findings(request.GET), page=request.GET.get("page", 1)
    )
    context = {
        "page_obj": page, "rows": shown.rows(page.object_list, at),
        "filter": FindingFilterForm(request.GET, parties=chain.parties_to_choose(viewer=viewer, at=at)),
    }  # fmt: skip
    return render(request, "feedback/findings/list.html", context)


@require_GET
@guarded(may_use)
def export_findings(request: BatonRequest) -> HttpResponseBase:
    """The list as it is filtered, as CSV or workbook."""
    rows = found_by.listed_findings(viewer=request.actor, at=request.now, filters=asked_findings(request.GET))
    return download(request, "findings", shown.header(), shown.table(rows))


@require_GET
@guarded(may_use)
def said_and_done(request: BatonRequest) -> HttpResponse:
    """You said, we did."""
    rows = found_by.said_and_done(viewer=request.actor, at=request.now)
    page = Paginator(rows, WAVES_SHOWN).get_page(request.GET.get("page", 1))
    context = {"page_obj": page, "waves": shown.by_wave(page.object_list, request.now)}
    return render(request, "feedback/findings/said_and_done.html", context)


@require_GET
@guarded(may_use)
def finding(request: BatonRequest, public_id: str) -> HttpResponse:
    """One finding: what was found, what was answered, what came of it."""
    viewer, at = request.actor, request.now
    one = found_by.finding(viewer=viewer, at=at, public_id=public_id)
    may = policy.may_answer_finding(standing(request), one.supplier)
    state = FindingState(one.state)
    context = {
        **shown.rows([one], at)[0], "may": may, "may_finish": may and state is FindingState.ANSWERED,
        "may_answer": may and state is not FindingState.DONE, "may_reopen": may and state is FindingState.DONE,
        "may_decline": may and state in {FindingState.OPEN, FindingState.ANSWERED},
        "history": timeline(history_of(viewer=viewer, object_ids=[public_id])),
    }  # fmt: skip
    return render(request, "feedback/findings/finding.html", context)


@guarded(may_use)
def answer_finding(request: BatonRequest, public_id: str) -> HttpResponse:
    """Say what is done."""
    one = _to_answer(request, public_id)
    form = AnswerForm(request.POST or None, record=one, viewer=request.actor)
    return answered(request, form, lambda: changes.answer_finding(
        by=request.actor, at=request.now, finding=one, **form.given()),
        to=_address(one), title=_("Say what is done"), subject=one)  # fmt: skip


@guarded(may_use)
def decline_finding(request: BatonRequest, public_id: str) -> HttpResponse:
    """Say why nothing is done."""
    one = _to_answer(request, public_id)
    form = DeclineForm(request.POST or None, record=one)
    return answered(request, form, lambda: changes.decline_finding(
        by=request.actor, at=request.now, finding=one, **form.given()),
        to=_address(one), title=_("Say why nothing is done"), subject=one)  # fmt: skip


@guarded(may_use)
def finish_finding(request: BatonRequest, public_id: str) -> HttpResponse:
    """Say that it was done."""
    one = _to_answer(request, public_id)
    form = FinishForm(request.POST or None, record=one)
    return answered(request, form, lambda: changes.finish_finding(
        by=request.actor, at=request.now, finding=one, **form.given()),
        to=_address(one), title=_("It is done"), subject=one, note=one.answer)  # fmt: skip


@guarded(may_use)
def reopen_finding(request: BatonRequest, public_id: str) -> HttpResponse:
    """Say that it was not done after all."""
    one = _to_answer(request, public_id)
    form = WhyForm(request.POST or None, record=one)
    return answered(request, form, lambda: changes.reopen_finding(
        by=request.actor, at=request.now, finding=one, **form.given()),
        to=_address(one), title=_("It was not done after all"), subject=one, danger=True)  # fmt: skip


@guarded(may_use)
def add_finding(request: BatonRequest, wave: str) -> HttpResponse:
    """Enter a finding of a wave by hand."""
    demand(policy.may_add_findings(request.actor))
    held = queries.wave(viewer=request.actor, public_id=wave)
    suppliers = found_by.suppliers_of(viewer=request.actor, wave=held)
    figure = _figure_asked(request, held)
    form = FindingForm(request.POST or None, suppliers=suppliers, initial=shown.first_words(held, figure))
    made = carried_out(request, form, lambda: changes.add_finding(
        by=request.actor, at=request.now, wave=held, words=form.cleaned_data["words"], figure=figure,
        supplier=chosen(suppliers, form.cleaned_data["supplier"]) or suppliers[0]))  # fmt: skip
    if made is not None:
        return redirect(_address(made))
    back = reverse("surveys:results", args=[wave]) if figure is not None else reverse("surveys:wave", args=[wave])
    return form_page(
        request, form, title=_("Enter a finding"), subject=held, back=back, note=shown.figure_words(held, figure)
    )


def _figure_asked(request: BatonRequest, held: Wave) -> PublishedCell | None:
    """The published mean that ``?column=`` and ``?supplier=`` or ``?link=`` name; None where none is named. NotFound
    for one that is not shown."""
    column = request.GET.get("column", "")
    if not column:
        return None
    viewer, at = request.actor, request.now
    group = queries.group_asked(viewer=viewer, at=at, wave=held, asked=request.GET)
    cells = queries.cells_of_group(viewer=viewer, at=at, wave=held, group=group)
    found = cells.filter(column=column[:64], figure=Figure.MEAN, value__isnull=False).first()
    if found is None:
        raise NotFound
    return found


@guarded(may_use)
def ask_for_exception(request: BatonRequest, wave: str) -> HttpResponse:
    """Ask the director to let a wave be opened although findings are not answered."""
    demand(policy.may_ask_for_exception(request.actor))
    held = queries.wave(viewer=request.actor, public_id=wave)
    form = WhyForm(request.POST or None)
    made = carried_out(request, form, lambda: changes.ask_for_exception(
        by=request.actor, at=request.now, wave=held, reason=form.cleaned_data["reason"]))  # fmt: skip
    if made is not None:
        return redirect("surveys:exception", made.public_id)
    return form_page(request, form, title=_("Ask to open it without the answers"), subject=held,
                     back=f"/surveys/{wave}/")  # fmt: skip


@sensitive_post_parameters("password", "code")
@never_cache
@guarded(may_use)
def exception(request: BatonRequest, public_id: str) -> HttpResponse:
    """Read why a wave is to be opened without answers, and sign it as the director."""
    one = found_by.exception(viewer=request.actor, public_id=public_id)
    asked = core_queries.to_sign(viewer=request.actor, kind=WaveException.kind, public_id=public_id)
    signed = core_queries.signatures_of(viewer=request.actor, kind=WaveException.kind, public_id=public_id)
    form = None
    if policy.may_sign_exception(request.actor) and not any(row.holds for row in signed):
        form = SigningForm(request.POST or None, request=request, shown=asked)
        if request.method == "POST" and form.is_valid():
            digest = form.digest
            made = form.signed(lambda proof: changes.sign_exception(
                by=request.actor, at=request.now, exception=one, expected_digest=digest, proof=proof))  # fmt: skip
            if made is not None:
                messages.success(request, _("Signed."))
                return redirect("surveys:exception", public_id)
    waiting = found_by.unanswered_about(wave=one.wave)
    context = {
        "exception": one, "wave": one.wave, "signed": signed, "form": form, "rows": shown.rows(waiting, request.now),
        "meaning": meaning_word(Meaning.APPROVAL),
    }  # fmt: skip
    return render(request, "feedback/findings/exception.html", context, status=form.status if form else 200)


def _to_answer(request: BatonRequest, public_id: str) -> Finding:
    one = found_by.finding(viewer=request.actor, at=request.now, public_id=public_id)
    demand(policy.may_answer_finding(standing(request), one.supplier))
    return one
