"""Pages of consultations: what one thinks of a version, what all think of it, whom to ask, how many must speak."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_POST

from baton.agreements import changes, policy, queries
from baton.agreements.changes.signing import party_of, side_named
from baton.agreements.forms.clauses import RESHAPE
from baton.agreements.forms.consulting import AnswerForm, AskForm, ConsultationRuleForm, CounterForm, SayForm
from baton.agreements.forms.versions import NeededReasonForm
from baton.agreements.models import AgreementVersion
from baton.agreements.pages import consulting as pages
from baton.agreements.pages.history import timeline
from baton.agreements.queries import consulting
from baton.agreements.queries.hearing import rule_of_consultations, seen_of
from baton.agreements.rules import USUAL_DAYS, Side
from baton.chain.rules import OutputKind
from baton.chain.views.answering import answered, form_page
from baton.core.answering import carried_out, version_sent
from baton.core.days import day_of
from baton.core.errors import Forbidden
from baton.core.exports import download
from baton.core.guards import guarded
from baton.core.history import history_of
from baton.core.middleware import BatonRequest
from baton.core.queries.calendars import calendars as calendars_in_force

ADOPT, DECLINE = "adopt", "decline"
"""Names of the buttons under an opinion."""


@require_GET
@guarded()
def consultation(request: BatonRequest, public_id: str) -> HttpResponse:
    """Who takes part, and all opinions by clause, those that wait for an answer first."""
    context = pages.consultation_context(_found(request, public_id), _calendars(request))
    return render(request, "agreements/consulting/consultation.html", context)


@require_GET
@guarded()
def my_opinion(request: BatonRequest, public_id: str) -> HttpResponse:
    """The version clause by clause, for whoever is asked what he thinks of it."""
    return _my_page(request, _found(request, public_id))


@require_POST
@guarded()
def say(request: BatonRequest, public_id: str) -> HttpResponse:
    """Say something to a clause or to the whole; what is to be mended stands beside what was typed."""
    found = _found(request, public_id)
    form = SayForm(request.POST)
    line = request.POST.get("line", "")
    saved = carried_out(request, form, lambda: changes.say_opinion(
        by=request.actor, at=request.now, version=found.version, **form.given()))  # fmt: skip
    if saved is not None:
        return redirect(f"{_mine(found.version)}#l-{line or 'whole'}")
    return _my_page(request, _found(request, public_id), bad=form, line=line)


@require_POST
@guarded()
def consent_to_the_rest(request: BatonRequest, public_id: str) -> HttpResponse:
    """Consent to every clause to which one has said nothing yet."""
    found = _found(request, public_id)
    changes.consent_to_the_rest(
        by=request.actor, at=request.now, version=found.version, expected_seq=version_sent(request)
    )
    messages.success(request, _("You have spoken to every clause. Thank you."))
    return redirect(_mine(found.version))


@guarded()
def counter(request: BatonRequest, public_id: str, line: str) -> HttpResponse:
    """Say how a clause should read. Who countered it at the same time sees both texts and keeps what he wrote."""
    found = _found(request, public_id)
    part = next((one for one in found.parts if one.line == line and one.clause is not None), None)
    if part is None or part.clause is None:
        raise Http404
    if not found.may_say:
        raise Forbidden(
            expected=_("Expected somebody who is asked, while the consultation is open."),
            found=_("You are not, or it is over."),
            remedy=_("Comment on the agreement, or ask the head of your department."),
        )
    own = part.own.opinion if part.own is not None else None
    asked: dict[str, Any] = {
        "record": part.clause, "seen": seen_of(part, found.version, by_lead=bool(found.speaks)), "own": own,
        "side": Side(part.clause.owed_by), "calendars": list(calendars_in_force(viewer=request.actor)),
        "control": found.version.agreement.link.output.output_kind == OutputKind.CONTROL,
    }  # fmt: skip
    if request.method == "POST" and RESHAPE in request.POST:
        typed = {name: value for name, value in request.POST.items() if name not in ("submission", RESHAPE)}
        form = CounterForm(initial=typed, measure=request.POST.get("measure", ""), **asked)
    else:
        form = CounterForm(request.POST or None, **asked)
    saved = carried_out(request, form, lambda: changes.say_opinion(
        by=request.actor, at=request.now, version=found.version, line=line, **form.given()))  # fmt: skip
    if saved is not None:
        return redirect(f"{_mine(found.version)}#l-{line}")
    calendars = _calendars(request)
    others = [pages.shown_opinion(one, calendars) for one in part.heard if one.waits and not one.mine]
    context = {"form": form, "title": _("Make a counter-proposal"), "version": found.version, "reshape": RESHAPE,
               "back": f"{_mine(found.version)}#l-{line}", "parts": form.with_widths(), "part": part,
               "others": [one for one in others if one.fields]}  # fmt: skip
    return render(request, "agreements/consulting/counter.html", context, status=form.status)


@require_POST
@guarded()
def withdraw(request: BatonRequest, public_id: str) -> HttpResponse:
    """Take back what one has said."""
    opinion = consulting.opinion(viewer=request.actor, at=request.now, public_id=public_id)
    changes.withdraw_opinion(by=request.actor, at=request.now, opinion=opinion, expected_seq=version_sent(request))
    messages.success(request, _("Taken back."))
    return redirect(f"{_mine(opinion.version)}#l-{opinion.line or 'whole'}")


@guarded()
def answer(request: BatonRequest, public_id: str) -> HttpResponse:
    """Adopt or decline an objection or a counter-proposal."""
    opinion = consulting.opinion(viewer=request.actor, at=request.now, public_id=public_id)
    heard = next(
        one
        for one in consulting.opinions_of(viewer=request.actor, at=request.now, version=opinion.version)
        if one.opinion.pk == opinion.pk
    )
    back = f"{_all(opinion.version)}#l-{opinion.line or 'whole'}"
    if request.method == "GET" and not heard.may_answer:
        return redirect(back)
    form = AnswerForm(request.POST or None, record=opinion)
    write = changes.adopt_opinion if ADOPT in request.POST else changes.decline_opinion
    saved = carried_out(request, form, lambda: write(
        by=request.actor, at=request.now, opinion=opinion, **form.given()))  # fmt: skip
    if saved is not None:
        return redirect(back)
    context = {"one": pages.shown_opinion(heard, _calendars(request)), "form": form, "version": opinion.version,
               "clause": heard.clause, "back": back}  # fmt: skip
    return render(request, "agreements/consulting/answer.html", context, status=form.status)


@guarded()
def ask_staff(request: BatonRequest, public_id: str, side: str) -> HttpResponse:
    """Ask people of a side."""
    found, place = _found(request, public_id).version, side_named(side)
    staff = consulting.staff_of(viewer=request.actor, at=request.now, version=found, side=place)
    due_on = day_of(request.now) + timedelta(days=USUAL_DAYS)
    form = AskForm(request.POST or None, staff=staff, due_on=due_on)
    saved = carried_out(
        request, form, said=_("They are told."), write=lambda: changes.ask_staff(
            by=request.actor, at=request.now, version=found, side=place, **form.given()
        ),
    )  # fmt: skip
    if saved is not None:
        return redirect(_all(found))
    title = _("Ask people of {party}").format(party=party_of(found, place))
    count = len(staff)
    note = ngettext("{count} person belongs there.", "{count} people belong there.", count).format(count=count)
    return form_page(request, form, title=title, subject=found, back=_all(found), note=note)


@guarded()
def end_invitation(request: BatonRequest, public_id: str) -> HttpResponse:
    """Ask somebody no more."""
    held = consulting.invitation(viewer=request.actor, at=request.now, public_id=public_id)
    form = NeededReasonForm(request.POST or None, record=held)
    return answered(request, form, lambda: changes.end_invitation(
        by=request.actor, at=request.now, invitation=held, **form.given()),
        to=_all(held.version), title=_("Ask no more"), subject=held.person, danger=True,
        note=_("Who has said nothing yet counts no longer among those asked. That stands in the history."))  # fmt: skip


@require_GET
@guarded()
def export_opinions(request: BatonRequest, public_id: str) -> HttpResponseBase:
    """All opinions about a version with their answers, as CSV or workbook."""
    found = queries.version(viewer=request.actor, at=request.now, public_id=public_id)
    heard = consulting.opinions_of(viewer=request.actor, at=request.now, version=found)
    return download(request, "opinions", pages.header(), pages.rows(heard, _calendars(request)))


@guarded(policy.may_say_how_many_take_part)
def rule(request: BatonRequest) -> HttpResponse:
    """How many of those who are asked must have spoken before anything is signed."""
    held = rule_of_consultations()
    form = ConsultationRuleForm(request.POST or None, record=held, initial={"reason": ""})
    saved = carried_out(request, form, lambda: changes.say_how_many_take_part(
        by=request.actor, at=request.now, **form.given()))  # fmt: skip
    if saved is not None:
        return redirect("agreements:consultation_rule")
    history = history_of(viewer=request.actor, object_ids=[held.public_id]) if held.pk else []
    context = {"form": form, "history": timeline(history, {})}
    return render(request, "agreements/consulting/rule.html", context, status=form.status)


def _my_page(
    request: BatonRequest, found: consulting.Consultation, *, bad: SayForm | None = None, line: str = ""
) -> HttpResponse:
    context = pages.consultation_context(found, _calendars(request), bad=bad, bad_line=line)
    status = bad.status if bad is not None else 200
    return render(request, "agreements/consulting/my_opinion.html", context, status=status)


def _found(request: BatonRequest, public_id: str) -> consulting.Consultation:
    return consulting.consultation(viewer=request.actor, at=request.now, public_id=public_id)


def _calendars(request: BatonRequest) -> dict[str, str]:
    return {one.public_id: str(one) for one in calendars_in_force(viewer=request.actor)}


def _mine(version: AgreementVersion) -> str:
    return reverse("agreements:my_opinion", args=[version.public_id])


def _all(version: AgreementVersion) -> str:
    return reverse("agreements:consultation", args=[version.public_id])
