"""Pages of the register of expectations."""

from __future__ import annotations

from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from baton.chain import queries as chain
from baton.chain.views.answering import answered, standing
from baton.core.exports import download
from baton.core.guards import guarded
from baton.core.history import history_of
from baton.core.middleware import BatonRequest
from baton.core.policy import demand, may_use
from baton.feedback import changes, policy
from baton.feedback.forms.expectations import ConfirmForm, ExpectationFilterForm, ExpectationForm, asked_expectations
from baton.feedback.forms.findings import WhyForm
from baton.feedback.models import Expectation
from baton.feedback.pages import expectations as shown
from baton.feedback.pages.history import timeline
from baton.feedback.queries import expectations as queries


def _address(one: Expectation) -> str:
    return reverse("surveys:expectation", args=[one.public_id])


@require_GET
@guarded(may_use)
def expectations(request: BatonRequest) -> HttpResponse:
    """The register: what was confirmed longest ago at the top."""
    viewer, at = request.actor, request.now
    page = queries.expectation_page(
        viewer=viewer, at=at, filters=asked_expectations(request.GET), page=request.GET.get("page", 1)
    )
    context = {
        "page_obj": page, "rows": shown.rows(page.object_list, at),
        "filter": ExpectationFilterForm(request.GET, parties=chain.parties_to_choose(viewer=viewer, at=at)),
    }  # fmt: skip
    return render(request, "feedback/expectations/list.html", context)


@require_GET
@guarded(may_use)
def export_expectations(request: BatonRequest) -> HttpResponseBase:
    """The register as it is filtered, as CSV or workbook."""
    rows = queries.listed_expectations(viewer=request.actor, at=request.now, filters=asked_expectations(request.GET))
    return download(request, "expectations", shown.header(), shown.table(rows, request.now))


@require_GET
@guarded(may_use)
def expectation(request: BatonRequest, public_id: str) -> HttpResponse:
    """One expectation, and when it was confirmed."""
    viewer, at = request.actor, request.now
    one = queries.expectation(viewer=viewer, at=at, public_id=public_id)
    may = one.ended_at is None and policy.may_keep_expectations(standing(request), one.link)
    history = timeline(history_of(viewer=viewer, object_ids=[public_id]))
    context = {**shown.rows([one], at)[0], "link": one.link, "may": may, "history": history}
    return render(request, "feedback/expectations/expectation.html", context)


@guarded(may_use)
def add_expectation(request: BatonRequest, link: str) -> HttpResponse:
    """Enter what the customer of a link expects."""
    held = chain.link(viewer=request.actor, at=request.now, public_id=link)
    demand(policy.may_keep_expectations(standing(request), held))
    form = ExpectationForm(request.POST or None)
    return answered(request, form, lambda: changes.add_expectation(
        by=request.actor, at=request.now, link=held, **form.given()),
        to=reverse("chain:link", args=[link]), title=_("What does the customer expect?"), subject=held)  # fmt: skip


@guarded(may_use)
def change_expectation(request: BatonRequest, public_id: str) -> HttpResponse:
    """Say it in other words."""
    one = _to_keep(request, public_id)
    form = ExpectationForm(request.POST or None, record=one)
    return answered(request, form, lambda: changes.change_expectation(
        by=request.actor, at=request.now, expectation=one, expected_seq=form.version, **form.given()),
        to=_address(one), title=_("Say it in other words"), subject=one)  # fmt: skip


@guarded(may_use)
def confirm_expectation(request: BatonRequest, public_id: str) -> HttpResponse:
    """Say that the customer still expects it."""
    one = _to_keep(request, public_id)
    form = ConfirmForm(request.POST or None, record=one, initial={"confirmed_on": None})
    return answered(request, form, lambda: changes.confirm_expectation(
        by=request.actor, at=request.now, expectation=one, **form.given()),
        to=_address(one), title=_("It is still expected"), subject=one)  # fmt: skip


@guarded(may_use)
def end_expectation(request: BatonRequest, public_id: str) -> HttpResponse:
    """Say that the customer expects it no more."""
    one = _to_keep(request, public_id)
    form = WhyForm(request.POST or None, record=one)
    return answered(request, form, lambda: changes.end_expectation(
        by=request.actor, at=request.now, expectation=one, **form.given()),
        to=_address(one), title=_("It is expected no more"), subject=one, danger=True)  # fmt: skip


def _to_keep(request: BatonRequest, public_id: str) -> Expectation:
    one = queries.expectation(viewer=request.actor, at=request.now, public_id=public_id)
    demand(policy.may_keep_expectations(standing(request), one.link))
    return one
