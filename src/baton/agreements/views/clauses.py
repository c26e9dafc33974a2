"""Pages that write the clauses of a version."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from baton.agreements import changes, policy, queries
from baton.agreements.forms.clauses import RESHAPE, ClauseForm
from baton.agreements.forms.versions import ReasonForm
from baton.agreements.models import AgreementVersion, Clause
from baton.agreements.rules import Side, VersionState
from baton.agreements.views.agreements import address
from baton.chain.rules import OutputKind
from baton.chain.views.answering import answered, standing
from baton.core.answering import carried_out, small_number, version_sent
from baton.core.guards import guarded
from baton.core.middleware import BatonRequest
from baton.core.policy import demand
from baton.core.queries.calendars import calendars as calendars_in_force


def _page_of(version: AgreementVersion) -> str:
    return f"{address(version.agreement)}?version={version.version}"


def _demand_edit(request: BatonRequest, version: AgreementVersion) -> None:
    demand(policy.may_edit_clauses(standing(request), version.agreement.link, VersionState(version.state)))


def _to_edit(request: BatonRequest, public_id: str) -> tuple[Clause, AgreementVersion]:
    clause = queries.clause(viewer=request.actor, at=request.now, public_id=public_id)
    version = clause.agreement_version
    assert version is not None  # the query finds clauses of agreements only
    _demand_edit(request, version)
    return clause, version


def clause_form(
    request: BatonRequest, version: AgreementVersion, side: Side, clause: Clause | None = None, **first: str
) -> ClauseForm:
    """The form as it was sent; asked for the fields of another measure, with what was typed and without a refusal.
    ``first`` are values with which a new one begins."""
    control = version.agreement.link.output.output_kind == OutputKind.CONTROL
    calendars = list(calendars_in_force(viewer=request.actor))
    asked: dict[str, Any] = {"side": side, "control": control, "record": clause, "calendars": calendars}
    if request.method == "POST" and RESHAPE in request.POST:
        typed = {name: value for name, value in request.POST.items() if name not in ("submission", RESHAPE)}
        return ClauseForm(initial=typed, measure=request.POST.get("measure", ""), **asked)
    return ClauseForm(request.POST or None, initial=first, **asked)


def clause_form_page(request: BatonRequest, form: ClauseForm, version: AgreementVersion, title: str) -> HttpResponse:
    """The form with its parts."""
    context = {"form": form, "title": title, "version": version, "back": _page_of(version), "reshape": RESHAPE,
               "parts": form.parts()}  # fmt: skip
    return render(request, "agreements/clause_form.html", context, status=form.status)


@guarded()
def add_clause(request: BatonRequest, public_id: str) -> HttpResponse:
    """Add a clause; ``?side=customer`` makes it a duty of the customer."""
    version = queries.version(viewer=request.actor, at=request.now, public_id=public_id)
    _demand_edit(request, version)
    side = Side.CUSTOMER if request.GET.get("side") == Side.CUSTOMER else Side.SUPPLIER
    form = clause_form(request, version, side)
    made = carried_out(request, form, lambda: changes.add_clause(
        by=request.actor, at=request.now, version=version, **form.given()))  # fmt: skip
    if made is not None:
        return redirect(f"{_page_of(version)}#c-{made.public_id}")
    title = _("Add a promise of the supplier") if side is Side.SUPPLIER else _("Add a duty of the customer")
    return clause_form_page(request, form, version, title)


@guarded()
def change_clause(request: BatonRequest, public_id: str) -> HttpResponse:
    """Change a clause. Who changed it at the same time sees both texts and keeps what he wrote."""
    clause, version = _to_edit(request, public_id)
    form = clause_form(request, version, Side(clause.owed_by), clause)
    saved = carried_out(request, form, lambda: changes.change_clause(
        by=request.actor, at=request.now, clause=clause, **form.given()))  # fmt: skip
    if saved is not None:
        return redirect(f"{_page_of(version)}#c-{saved.public_id}")
    return clause_form_page(request, form, version, _("Change the clause"))


@guarded()
def drop_clause(request: BatonRequest, public_id: str) -> HttpResponse:
    """Leave a clause out of the version."""
    clause, version = _to_edit(request, public_id)
    form = ReasonForm(request.POST or None, record=clause)
    return answered(request, form, lambda: changes.drop_clause(
        by=request.actor, at=request.now, clause=clause, **form.given()),
        to=_page_of(version), title=_("Leave the clause out"), subject=clause, danger=True)  # fmt: skip


@require_POST
@guarded()
def restore_clause(request: BatonRequest, public_id: str) -> HttpResponse:
    """Take a clause up again that was left out."""
    clause, version = _to_edit(request, public_id)
    changes.restore_clause(by=request.actor, at=request.now, clause=clause, expected_seq=version_sent(request))
    return redirect(f"{_page_of(version)}#c-{clause.public_id}")


@require_POST
@guarded()
def move_clause(request: BatonRequest, public_id: str) -> HttpResponse:
    """Put a clause into another place: ``position`` among those of its side, from 1 on."""
    clause, version = _to_edit(request, public_id)
    place = small_number(request.POST.get("position", ""), 1)
    changes.move_clause(by=request.actor, at=request.now, clause=clause, position=place)
    return redirect(f"{_page_of(version)}#c-{clause.public_id}")
