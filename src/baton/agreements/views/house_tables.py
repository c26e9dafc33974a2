"""Houses of quality are filled from tables, and tables are withdrawn."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.utils.translation import gettext as _

from baton.agreements import policy
from baton.agreements.changes import house_tables as changes
from baton.agreements.forms.house_tables import HouseTableForm, WithdrawFillingForm
from baton.agreements.pages.house_preview import changes_by
from baton.agreements.queries import houses as queries
from baton.agreements.views.houses import address, to_edit
from baton.chain.views.answering import answered, form_page, standing
from baton.core.guards import guarded
from baton.core.middleware import BatonRequest
from baton.core.policy import demand


@guarded()
def import_house(request: BatonRequest, public_id: str) -> HttpResponse:
    """Fill the house from a table; ``preview`` shows what that would change, and enters nothing."""
    found = to_edit(request, public_id)
    form = HouseTableForm(request.POST or None, request.FILES or None, record=found)
    shown: dict[str, Any] = {
        "title": _("Fill the house from a table"), "subject": found, "template": "agreements/house_import.html",
    }  # fmt: skip
    if request.method == "POST" and "preview" in request.POST and form.is_valid():
        page = queries.house_page(viewer=request.actor, at=request.now, public_id=public_id)
        form.keep()
        return form_page(request, form, back=address(found), previewed=changes_by(page, form.table), **shown)
    return answered(request, form, lambda: changes.fill_house(
        by=request.actor, at=request.now, house=found, table=form.table, title=form.title, expected_seq=form.version),
        to=address(found), **shown)  # fmt: skip


@guarded()
def withdraw_filling(request: BatonRequest, public_id: str) -> HttpResponse:
    """Take a table back that was brought into a house."""
    found = queries.house_filling(viewer=request.actor, at=request.now, public_id=public_id)
    demand(policy.may_write(standing(request), found.house.link))
    form = WithdrawFillingForm(request.POST or None, record=found)
    return answered(request, form, lambda: changes.withdraw_filling(
        by=request.actor, at=request.now, filling=found, **form.given()),
        to=address(found.house), title=_("Withdraw the table"), subject=found, danger=True)  # fmt: skip
