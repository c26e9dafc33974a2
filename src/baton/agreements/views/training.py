"""Pages of training in a clause on behaviour."""

from __future__ import annotations

from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from baton.agreements import policy
from baton.agreements.changes import training as changes
from baton.agreements.forms.training import TakeBackForm, TrainingForm
from baton.agreements.pages import training as shown
from baton.agreements.queries import training as queries
from baton.agreements.rules import PAGE_ROWS
from baton.chain.queries.group_chats import people_in
from baton.chain.queries.lists import page_of
from baton.chain.views.answering import answered, form_page, standing
from baton.core.answering import carried_out
from baton.core.exports import download
from baton.core.guards import guarded
from baton.core.middleware import BatonRequest
from baton.core.policy import demand


@require_GET
@guarded()
def training(request: BatonRequest, public_id: str) -> HttpResponse:
    """Which share of the people is trained in a clause, and for who may read it, who."""
    page = queries.training_page(viewer=request.actor, at=request.now, public_id=public_id)
    rows = page_of(shown.people_rows(page.people), request.GET.get("page", 1), rows_a_page=PAGE_ROWS)
    context = {"page": page, "rows": rows, "page_obj": rows}
    return render(request, "agreements/training/training.html", context)


@require_GET
@guarded()
def export_training(request: BatonRequest, public_id: str) -> HttpResponseBase:
    """The people whom the reader may read, as CSV or workbook."""
    page = queries.training_page(viewer=request.actor, at=request.now, public_id=public_id)
    return download(request, "training", shown.header(), shown.rows(page, request.now))


@guarded()
def note_training(request: BatonRequest, public_id: str) -> HttpResponse:
    """Enter who was trained, several people at once."""
    page = queries.training_page(viewer=request.actor, at=request.now, public_id=public_id)
    demand(policy.may_keep_training(standing(request), page.party))
    form = TrainingForm(request.POST or None, people=people_in(page.party.public_id, request.now))
    back = reverse("agreements:training", args=[public_id])
    made = carried_out(request, form, lambda: changes.note_training(
        by=request.actor, at=request.now, clause=page.clause, **form.given())[0],
        said=_("Training entered."))  # fmt: skip
    if made is not None:
        return redirect(back)
    return form_page(request, form, title=_("Enter training"), subject=page.clause, back=back)


@guarded()
def withdraw_training(request: BatonRequest, public_id: str) -> HttpResponse:
    """Take back what was entered by mistake."""
    found = queries.training(viewer=request.actor, at=request.now, public_id=public_id)
    demand(policy.may_keep_training(standing(request), found.party))
    form = TakeBackForm(request.POST or None, record=found)
    return answered(request, form, lambda: changes.withdraw_training(
        by=request.actor, at=request.now, training=found, **form.given()),
        to=queries.address_of_training(public_id), title=_("Take the training back"), subject=found.person,
        danger=True)  # fmt: skip
