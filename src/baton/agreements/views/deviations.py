"""Pages on which a clause of a service offer is written, and on which a link says something else than the offer."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from baton.agreements import queries
from baton.agreements.changes import deviations
from baton.agreements.forms.versions import ReasonForm
from baton.agreements.models import AgreementVersion, Clause
from baton.agreements.pages.texts import page_of_text
from baton.agreements.rules import Side
from baton.agreements.views.clauses import (
    clause_added,
    clause_form,
    clause_form_page,
    clause_to_edit,
    demand_edit,
)
from baton.agreements.views.offers import version_to_edit
from baton.chain.views.answering import answered
from baton.core.answering import carried_out, version_sent
from baton.core.errors import NotFound
from baton.core.guards import guarded
from baton.core.middleware import BatonRequest


@guarded()
def add_offered_clause(request: BatonRequest, public_id: str) -> HttpResponse:
    """Add a clause to a draft of a service offer; ``?side=customer`` makes it a duty of each customer."""
    return clause_added(request, version_to_edit(request, public_id))


@guarded()
def deviate(request: BatonRequest, public_id: str, line: str) -> HttpResponse:
    """Say what holds on this link instead of the offer's clause."""
    version, offered = _offered(request, public_id, line)
    form = clause_form(request, version, Side(offered.owed_by), offered)

    def write() -> Clause:
        given = form.given()
        return deviations.deviate(by=request.actor, at=request.now, version=version, line=line, **given)

    made = carried_out(request, form, write)
    if made is not None:
        return redirect(f"{page_of_text(version)}#c-{made.public_id}")
    return clause_form_page(request, form, version, _("Deviate from the service offer"))


@guarded()
def leave_out(request: BatonRequest, public_id: str, line: str) -> HttpResponse:
    """Say that the offer's clause does not hold on this link."""
    version, offered = _offered(request, public_id, line)
    form = ReasonForm(request.POST or None, record=version)
    return answered(request, form, lambda: deviations.leave_out_offered(
        by=request.actor, at=request.now, version=version, line=line, **form.given()),
        to=page_of_text(version), title=_("The clause does not hold here"), subject=offered, danger=True)  # fmt: skip


@require_POST
@guarded()
def as_offered(request: BatonRequest, public_id: str) -> HttpResponse:
    """Take a deviation back."""
    clause, version = clause_to_edit(request, public_id)
    deviations.hold_as_offered(by=request.actor, at=request.now, clause=clause, expected_seq=version_sent(request))
    return redirect(page_of_text(version))


def _offered(request: BatonRequest, public_id: str, line: str) -> tuple[AgreementVersion, Clause]:
    version = queries.version(viewer=request.actor, at=request.now, public_id=public_id)
    demand_edit(request, version)
    offered = queries.offered_lines(viewer=request.actor, version=version).get(line)
    if offered is None:
        raise NotFound
    return version, offered
