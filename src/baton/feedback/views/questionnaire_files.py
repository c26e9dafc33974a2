"""Questionnaires as files: taken away, looked at, written."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET

from baton.core.answering import carried_out
from baton.core.guards import guarded
from baton.core.middleware import BatonRequest
from baton.feedback import changes, policy
from baton.feedback.forms.questionnaires import QuestionnaireFileForm
from baton.feedback.pages.questionnaire_files import faults_context, file_answer, preview_context
from baton.feedback.queries import questionnaire as read
from baton.feedback.queries.clause_items import without_strange_clauses
from baton.feedback.queries.finding_questionnaires import same_questions

TEMPLATE = "feedback/questionnaires/import.html"


@require_GET
@guarded()
def file(request: BatonRequest, public_id: str) -> HttpResponse:
    """A questionnaire as a file."""
    return file_answer(read(viewer=request.actor, public_id=public_id))


@guarded(policy.may_write_questionnaires)
def import_questionnaire(request: BatonRequest) -> HttpResponse:
    """Show what a file holds, or what is wrong with it; then write the questionnaire."""
    sent = request.method == "POST"
    form = QuestionnaireFileForm(request.POST if sent else None, request.FILES if sent else None)
    if not sent or not form.is_valid() or form.found is None:
        context = {"form": form, **faults_context(form.found)}
        return render(request, TEMPLATE, context, status=form.status)
    found = form.found
    contents, strange = without_strange_clauses(viewer=request.actor, at=request.now, contents=found.contents)
    if form.was_looked_at:
        made = carried_out(request, form, lambda: changes.write_questionnaire(
            by=request.actor, at=request.now, name=found.name, purpose=found.purpose, contents=contents))  # fmt: skip
        if made is not None:
            return redirect(reverse("surveys:questionnaire", args=[made.public_id]))
    same = same_questions(viewer=request.actor, contents=contents)
    context = {"form": form, **preview_context(found, contents, strange, same)}
    return render(request, TEMPLATE, context, status=form.status)
