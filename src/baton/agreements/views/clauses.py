"""Pages that write the clauses of a version."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from baton.agreements import changes, policy, queries
from baton.agreements.changes.drafts import Text
from baton.agreements.forms.clauses import RESHAPE, ClauseForm
from baton.agreements.forms.versions import ReasonForm
from baton.agreements.models import Clause, OfferVersion
from baton.agreements.pages.texts import page_of_text
from baton.agreements.rules import OfferState, Side, VersionState
from baton.chain.rules import OutputKind
from baton.chain.views.answering import answered, standing
from baton.core.answering import carried_out, small_number, version_sent
from baton.core.guards import guarded
from baton.core.middleware import BatonRequest
from baton.core.policy import demand
from baton.core.queries.calendars import calendars as calendars_in_force


def may_edit(request: BatonRequest, version: Text) -> bool:
    """Whether the person who asks may change its clauses now."""
    placed = standing(request)
    if isinstance(version, OfferVersion):
        return policy.may_edit_offered(placed, version.offer.supplier, OfferState(version.state))
    return policy.may_edit_clauses(placed, version.agreement.link, VersionState(version.state))


def demand_edit(request: BatonRequest, version: Text) -> None:
    """Refuse whoever may not change its clauses now."""
    demand(may_edit(request, version))


def clause_to_edit(request: BatonRequest, public_id: str) -> tuple[Clause, Text]:
    """A clause that the person who asks may change, and in what it stands."""
    clause = queries.clause(viewer=request.actor, at=request.now, public_id=public_id)
    version = clause.offer_version or clause.agreement_version
    assert version is not None  # a constraint of the database
    demand_edit(request, version)
    return clause, version


def clause_form(
    request: BatonRequest, version: Text, side: Side, clause: Clause | None = None, **first: str
) -> ClauseForm:
    """The form as it was sent; asked for the fields of another measure, with what was typed and without a refusal.
    ``first`` are values with which a new one begins."""
    control = _output_of(version).output_kind == OutputKind.CONTROL
    calendars = list(calendars_in_force(viewer=request.actor))
    asked: dict[str, Any] = {"side": side, "control": control, "record": clause, "calendars": calendars}
    if request.method == "POST" and RESHAPE in request.POST:
        typed = {name: value for name, value in request.POST.items() if name not in ("submission", RESHAPE)}
        return ClauseForm(initial=typed, measure=request.POST.get("measure", ""), **asked)
    return ClauseForm(request.POST or None, initial=first, **asked)


def clause_form_page(
    request: BatonRequest, form: ClauseForm, version: Text, title: str, back: str = ""
) -> HttpResponse:
    """The form on its page; ``back`` is where it leads without saving, the page of the version where empty."""
    context = {"form": form, "title": title, "version": version, "output": _output_of(version),
               "back": back or page_of_text(version), "reshape": RESHAPE, "parts": form.with_widths()}  # fmt: skip
    return render(request, "agreements/clause_form.html", context, status=form.status)


def _output_of(version: Text) -> Any:
    return version.offer.output if isinstance(version, OfferVersion) else version.agreement.link.output


@guarded()
def add_clause(request: BatonRequest, public_id: str) -> HttpResponse:
    """Add a clause; ``?side=customer`` makes it a duty of the customer."""
    version = queries.version(viewer=request.actor, at=request.now, public_id=public_id)
    demand_edit(request, version)
    return clause_added(request, version)


def clause_added(request: BatonRequest, version: Text) -> HttpResponse:
    """The form of a new clause, carried out; ``?side=customer`` makes it a duty of the customer."""
    side = Side.CUSTOMER if request.GET.get("side") == Side.CUSTOMER else Side.SUPPLIER
    form = clause_form(request, version, side)
    made = carried_out(request, form, lambda: changes.add_clause(
        by=request.actor, at=request.now, version=version, **form.given()))  # fmt: skip
    if made is not None:
        return redirect(f"{page_of_text(version)}#c-{made.public_id}")
    title = _("Add a promise of the supplier") if side is Side.SUPPLIER else _("Add a duty of the customer")
    return clause_form_page(request, form, version, title)


@guarded()
def change_clause(request: BatonRequest, public_id: str) -> HttpResponse:
    """Change a clause. Who changed it at the same time sees both texts and keeps what he wrote."""
    clause, version = clause_to_edit(request, public_id)
    form = clause_form(request, version, Side(clause.owed_by), clause)
    saved = carried_out(request, form, lambda: changes.change_clause(
        by=request.actor, at=request.now, clause=clause, **form.given()))  # fmt: skip
    if saved is not None:
        return redirect(f"{page_of_text(version)}#c-{saved.public_id}")
    return clause_form_page(request, form, version, _("Change the clause"))


@guarded()
def drop_clause(request: BatonRequest, public_id: str) -> HttpResponse:
    """Leave a clause out of the version."""
    clause, version = clause_to_edit(request, public_id)
    form = ReasonForm(request.POST or None, record=clause)
    return answered(request, form, lambda: changes.drop_clause(
        by=request.actor, at=request.now, clause=clause, **form.given()),
        to=page_of_text(version), title=_("Leave the clause out"), subject=clause, danger=True)  # fmt: skip


@require_POST
@guarded()
def restore_clause(request: BatonRequest, public_id: str) -> HttpResponse:
    """Take a clause up again that was left out."""
    clause, version = clause_to_edit(request, public_id)
    changes.restore_clause(by=request.actor, at=request.now, clause=clause, expected_seq=version_sent(request))
    return redirect(f"{page_of_text(version)}#c-{clause.public_id}")


@require_POST
@guarded()
def move_clause(request: BatonRequest, public_id: str) -> HttpResponse:
    """Put a clause into another place: ``position`` among those of its side, from 1 on."""
    clause, version = clause_to_edit(request, public_id)
    place = small_number(request.POST.get("position", ""), 1)
    changes.move_clause(by=request.actor, at=request.now, clause=clause, position=place)
    return redirect(f"{page_of_text(version)}#c-{clause.public_id}")
