"""Pages on which heads rate departments: rounds, the sheet of a department, what was said of one, its reply."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from baton.chain.views.answering import answered, form_page, standing
from baton.core.answering import carried_out
from baton.core.days import day_of
from baton.core.exports import download
from baton.core.guards import guarded
from baton.core.history import history_of
from baton.core.middleware import BatonRequest
from baton.core.policy import demand, may_use
from baton.feedback import policy
from baton.feedback.changes import grade_promises as promise_changes
from baton.feedback.changes import grade_rounds as round_changes
from baton.feedback.changes import grades as changes
from baton.feedback.forms.grades import (
    GradeReplyForm,
    GradeSheetForm,
    PromiseDoneForm,
    RoundEndForm,
    RoundForm,
    RoundReasonForm,
)
from baton.feedback.pages import grades as shown
from baton.feedback.pages.history import timeline
from baton.feedback.queries import grade_promises as promised
from baton.feedback.queries import grades as queries
from baton.feedback.rules.grades import LOW, RoundState

if TYPE_CHECKING:
    from baton.feedback.models.grades import GradeRound

ROUNDS_SHOWN = 100
USUAL_DAYS = timedelta(days=14)


@require_GET
@guarded(may_use)
def rounds(request: BatonRequest) -> HttpResponse:
    """All rounds, the last first, and what the reader is asked himself."""
    viewer, at = request.actor, request.now
    found = list(queries.rounds_in_sight(viewer=viewer).order_by("-until_on", "-pk")[:ROUNDS_SHOWN])
    mine = [
        {"round": one, "sheets": sheets, "below": [below for below in sheets if not below.own]}
        for one in found
        if _is_open(one, at) and (sheets := queries.my_sheets(viewer=viewer, at=at, round=one))
    ]
    context = {
        "rows": shown.rounds_shown(found, day_of(at)), "mine": mine, "may_run": policy.may_run_grades(viewer),
        "promises": shown.promises_shown(promised.promises(viewer=viewer, at=at), at),
    }  # fmt: skip
    return render(request, "feedback/grades/list.html", context)


@guarded(policy.may_run_grades)
def open_round(request: BatonRequest) -> HttpResponse:
    """Ask heads to grade what they received in a time."""
    today = day_of(request.now)
    usual = {**_last_quarter(request.now), "closes_on": today + USUAL_DAYS}
    form = RoundForm(request.POST or None, initial=usual)
    made = carried_out(request, form, lambda: round_changes.open_grade_round(
        by=request.actor, at=request.now, **form.given()))  # fmt: skip
    if made is not None:
        return redirect("surveys:grade_round", made.public_id)
    return form_page(request, form, title=_("Have heads rate departments"), back=reverse("surveys:grade_rounds"),
                     note=_("Every head is asked about each department from which something came in this time, with"
                            " name and grade. They are told at once."))  # fmt: skip


@require_GET
@guarded(may_use)
def grade_round(request: BatonRequest, public_id: str) -> HttpResponse:
    """One round: while it is open who has graded; once it is closed the grades that the reader may see."""
    viewer, at = request.actor, request.now
    found = queries.grade_round(viewer=viewer, public_id=public_id)
    all_of_it = policy.may_read_all_grades(viewer)
    grades = queries.grades_of_round(viewer=viewer, at=at, round=found)
    about = queries.reads_all_about(viewer=viewer, at=at, suppliers={one.supplier for one in grades})
    sign, word = shown.round_sign(found, day_of(at))
    living = found.state == RoundState.OPEN
    context = {
        "round": found, "sign": sign, "word": word, "is_open": _is_open(found, at), "all": all_of_it,
        "may_run": living and policy.may_run_grades(viewer),
        "sheets": queries.my_sheets(viewer=viewer, at=at, round=found),
        "asked": queries.asked_in(viewer=viewer, at=at, round=found) if living and all_of_it else (),
        "lines": shown.by_supplier([one for one in grades if one.supplier_id in about]), "letters": shown.letters(),
        "low": shown.rows((one for one in grades if one.grade in LOW and one.supplier_id in about), at),
        "history": timeline(history_of(viewer=viewer, object_ids=[public_id])),
    }  # fmt: skip
    if all_of_it and found.state == RoundState.CLOSED:
        context |= _studies(request, found)
    return render(request, "feedback/grades/round.html", context)


@require_GET
@guarded(may_use)
def export_round(request: BatonRequest, public_id: str) -> HttpResponseBase:
    """The grades of a closed round that the reader may see, as CSV or workbook."""
    found = queries.grade_round(viewer=request.actor, public_id=public_id)
    grades = queries.grades_of_round(viewer=request.actor, at=request.now, round=found)
    return download(request, "grades", shown.header(), shown.table(grades))


@guarded(may_use)
def sheet(request: BatonRequest, public_id: str, party: str) -> HttpResponse:
    """The sheet of a department: one grade for each that served it, with the reader's name. Once the round is closed,
    what was given and what was replied."""
    viewer, at = request.actor, request.now
    found = queries.grade_round(viewer=viewer, public_id=public_id)
    held = queries.sheet(viewer=viewer, at=at, round=found, customer=party)
    if not _is_open(found, at):
        context = {"round": found, "customer": held.customer, "rows": shown.rows(held.rows, at)}
        return render(request, "feedback/grades/given.html", context)
    offered = queries.handoffs_to_name(viewer=viewer, at=at, rows=held.rows)
    form = GradeSheetForm(request.POST or None, rows=held.rows, handoffs=offered)
    written = carried_out(
        request, form, lambda: changes.give_grades(by=viewer, at=at, round=found, **form.given()),
        said=_("Your grades are kept. You may change them until the round closes."),
    )  # fmt: skip
    if written is not None:
        return redirect("surveys:grade_rounds")
    blocks = [shown.block(row, fields) for row, fields in form.blocks()]
    context = {"round": found, "customer": held.customer, "form": form, "blocks": blocks}
    return render(request, "feedback/grades/sheet.html", context, status=form.status)


@require_GET
@guarded(may_use)
def about(request: BatonRequest, party: str) -> HttpResponse:
    """What was said of one department, round by round."""
    viewer, at = request.actor, request.now
    grades = queries.grades_about(viewer=viewer, at=at, supplier=party)
    supplier = grades[0].supplier
    context = {
        "supplier": supplier, "rounds": shown.by_round(grades, at), "letters": shown.letters(),
        "may_reply": policy.may_reply_to_grade(standing(request), supplier),
    }  # fmt: skip
    return render(request, "feedback/grades/about.html", context)


@require_GET
@guarded(may_use)
def grade(request: BatonRequest, public_id: str) -> HttpResponse:
    """One grade, the reply to it, and how it came to be."""
    viewer, at = request.actor, request.now
    one = queries.grade(viewer=viewer, at=at, public_id=public_id)
    row, may = shown.rows([one], at)[0], policy.may_reply_to_grade(standing(request), one.supplier)
    context = {
        "row": row, "grade": one, "round": one.round,
        "may_reply": row["low"] and one.round.state == RoundState.CLOSED and may,
        "may_finish": bool(one.reply) and one.done_on is None and policy.may_finish_promise(
            standing(request), one.supplier, owner=one.owner == viewer.person),
        "history": timeline(history_of(viewer=viewer, object_ids=[public_id])),
    }  # fmt: skip
    return render(request, "feedback/grades/grade.html", context)


@guarded(may_use)
def reply(request: BatonRequest, public_id: str) -> HttpResponse:
    """Say what is done about a D or E."""
    one = queries.grade(viewer=request.actor, at=request.now, public_id=public_id)
    demand(policy.may_reply_to_grade(standing(request), one.supplier))
    form = GradeReplyForm(request.POST or None, record=one, viewer=request.actor)
    return answered(request, form, lambda: changes.reply_to_grade(
        by=request.actor, at=request.now, grade=one, **form.given()),
        to=reverse("surveys:grade", args=[public_id]), title=_("Reply to the grade"),
        subject=one.supplier, note=one.reason)  # fmt: skip


@guarded(may_use)
def finish_promise(request: BatonRequest, public_id: str) -> HttpResponse:
    """Say that what was promised about a D or E is done."""
    viewer, at = request.actor, request.now
    one = promised.promise(viewer=viewer, at=at, public_id=public_id)
    reads = queries.grades_in_sight(viewer=viewer, at=at).filter(pk=one.pk).exists()
    to = reverse("surveys:grade", args=[public_id]) if reads else reverse("surveys:grade_rounds")
    form = PromiseDoneForm(request.POST or None, record=one)
    return answered(request, form, lambda: promise_changes.finish_promise(
        by=viewer, at=at, grade=one, **form.given()),
        to=to, title=_("It is done"), subject=one.supplier, note=one.reply)  # fmt: skip


@guarded(policy.may_run_grades)
def move_round(request: BatonRequest, public_id: str) -> HttpResponse:
    """Take grades until another day."""
    found = queries.grade_round(viewer=request.actor, public_id=public_id)
    form = RoundEndForm(request.POST or None, record=found)
    return answered(request, form, lambda: round_changes.move_round_end(
        by=request.actor, at=request.now, round=found, **form.given()),
        to=_address(found), title=_("Move the last day"), subject=found)  # fmt: skip


@guarded(policy.may_run_grades)
def close_round(request: BatonRequest, public_id: str) -> HttpResponse:
    """Close a round before its time."""
    found = queries.grade_round(viewer=request.actor, public_id=public_id)
    form = RoundReasonForm(request.POST or None, record=found)
    return answered(request, form, lambda: round_changes.close_grade_round(
        by=request.actor, at=request.now, round=found, **form.given()),
        to=_address(found), title=_("Close before its time"), subject=found, danger=True,
        note=_("Grades stand from then on, and the departments graded read them."))  # fmt: skip


@guarded(policy.may_run_grades)
def withdraw_round(request: BatonRequest, public_id: str) -> HttpResponse:
    """Take back a round that was opened by mistake."""
    found = queries.grade_round(viewer=request.actor, public_id=public_id)
    form = RoundReasonForm(request.POST or None, record=found)
    return answered(request, form, lambda: round_changes.withdraw_grade_round(
        by=request.actor, at=request.now, round=found, **form.given()),
        to=_address(found), title=_("Withdraw the round"), subject=found, danger=True)  # fmt: skip


def _address(one: GradeRound) -> str:
    return reverse("surveys:grade_round", args=[one.public_id])


def _is_open(one: GradeRound, at: datetime) -> bool:
    return one.state == RoundState.OPEN and one.closes_on >= day_of(at)


def _last_quarter(at: datetime) -> dict[str, Any]:
    """The last calendar quarter that is over."""
    today = day_of(at)
    last = today.replace(month=(today.month - 1) // 3 * 3 + 1, day=1) - timedelta(days=1)
    return {"began_on": last.replace(month=last.month - 2, day=1), "until_on": last}


def _studies(request: BatonRequest, round: GradeRound) -> dict[str, Any]:
    graded = queries.pooled(viewer=request.actor, round=round)
    people = {one.given_by.public_id: str(one.given_by) for one in graded if one.given_by is not None}
    parties = {party.public_id: str(party) for one in graded for party in (one.customer, one.supplier)}
    return {
        "raters": shown.raters_shown(round.studies, people), "bias": shown.bias_shown(round.studies, parties),
    }  # fmt: skip
