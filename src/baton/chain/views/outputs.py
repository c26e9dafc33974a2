"""Pages of outputs and of who answers for them."""

from __future__ import annotations

from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from baton.chain import changes, policy, queries
from baton.chain.forms.asked import asked_outputs
from baton.chain.forms.outputs import (
    EndResponsibilityForm,
    OutputEditForm,
    OutputFilterForm,
    OutputForm,
    ResponsibilityForm,
    RevisionForm,
)
from baton.chain.forms.parties import EndForm
from baton.chain.models import Output
from baton.chain.pages import tables
from baton.chain.pages.outputs import output_context
from baton.chain.views.answering import answered, form_page, standing
from baton.core.answering import carried_out
from baton.core.exports import download
from baton.core.formats import labelled
from baton.core.guards import guarded
from baton.core.lists.bar import is_filtered, opens_default_view
from baton.core.middleware import BatonRequest
from baton.core.policy import demand


def _to_edit(request: BatonRequest, public_id: str) -> Output:
    found = queries.output(viewer=request.actor, at=request.now, public_id=public_id)
    demand(policy.may_edit_output(standing(request), found))
    return found


def _address(output: Output) -> str:
    return reverse("chain:output", args=[output.public_id])


@guarded()
@opens_default_view("chain.outputs")
def outputs(request: BatonRequest) -> HttpResponse:
    """The list."""
    page = queries.outputs(
        viewer=request.actor, at=request.now, filters=asked_outputs(request.GET), page=request.GET.get("page", 1)
    )
    context = {
        "page_obj": page,
        "filter": OutputFilterForm(request.GET),
        "may_add": policy.may_add_some_link(standing(request)),
        "filtered": is_filtered(request, "chain.outputs"),
    }
    return render(request, "chain/outputs.html", context)


@guarded()
def export_outputs(request: BatonRequest) -> HttpResponseBase:
    """The list as it is filtered, as CSV or workbook."""
    found = queries.outputs_to_export(viewer=request.actor, at=request.now, filters=asked_outputs(request.GET))
    return download(request, "outputs", tables.output_header(), tables.output_rows(found))


@guarded()
def output(request: BatonRequest, public_id: str) -> HttpResponse:
    """One output: who answers for it, who hands it over to whom, and what it serves."""
    found = queries.output_page(viewer=request.actor, at=request.now, public_id=public_id)
    return render(request, "chain/output.html", output_context(found))


@guarded()
def add_output(request: BatonRequest) -> HttpResponse:
    """Enter an output."""
    demand(policy.may_add_some_link(standing(request)))
    form = OutputForm(request.POST or None)
    made = carried_out(request, form, lambda: changes.add_output(by=request.actor, at=request.now, **form.given()))
    if made is not None:
        return redirect("chain:output", made.public_id)
    return form_page(request, form, title=_("Enter an output"), back=reverse("chain:outputs"))


@guarded()
def change_output(request: BatonRequest, public_id: str) -> HttpResponse:
    """Correct name, kind and item code."""
    found = _to_edit(request, public_id)
    form = OutputEditForm(request.POST or None, record=found)
    return answered(request, form, lambda: changes.change_output(
        by=request.actor, at=request.now, output=found, **form.given()),
        to=_address(found), title=_("Correct the output"), subject=found)  # fmt: skip


@guarded()
def revise_output(request: BatonRequest, public_id: str) -> HttpResponse:
    """Say which revision is handed over from a day on."""
    found = _to_edit(request, public_id)
    form = RevisionForm(request.POST or None)
    return answered(request, form, lambda: changes.revise_output(
        by=request.actor, at=request.now, output=found, **form.given()),
        to=_address(found), title=_("Enter a revision"), subject=found)  # fmt: skip


@guarded()
def give_responsibility(request: BatonRequest, public_id: str) -> HttpResponse:
    """Say what a party is to the output."""
    found = _to_edit(request, public_id)
    seen = queries.parties_to_choose(viewer=request.actor, at=request.now)
    form = ResponsibilityForm(request.POST or None, parties=seen)
    return answered(request, form, lambda: changes.give_responsibility(
        by=request.actor, at=request.now, output=found, **form.given()),
        to=_address(found), title=_("Give a responsibility"), subject=found)  # fmt: skip


@guarded()
def end_responsibility(request: BatonRequest, public_id: str) -> HttpResponse:
    """End a responsibility."""
    held = queries.responsibility(viewer=request.actor, at=request.now, public_id=public_id)
    demand(policy.may_edit_output(standing(request), held.output))
    form = EndResponsibilityForm(request.POST or None, record=held)
    subject = f"{held.output} · {labelled(held.get_responsible_display(), held.party)}"
    return answered(request, form, lambda: changes.end_responsibility(
        by=request.actor, at=request.now, responsibility=held, **form.given()),
        to=_address(held.output), title=_("End the responsibility"), subject=subject, danger=True)  # fmt: skip


@guarded()
def end_output(request: BatonRequest, public_id: str) -> HttpResponse:
    """End an output that no link hands over any more."""
    found = _to_edit(request, public_id)
    form = EndForm(request.POST or None, record=found)
    return answered(request, form, lambda: changes.end_output(
        by=request.actor, at=request.now, output=found, **form.given()),
        to=_address(found), title=_("End the output"), subject=found, danger=True)  # fmt: skip
