"""Pages of questionnaires: the list, one of them, the library, beginning, renaming and ending."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from baton.chain.views.answering import answered, form_page
from baton.core.answering import carried_out
from baton.core.exports import download
from baton.core.guards import guarded
from baton.core.lists.bar import is_filtered, opens_default_view
from baton.core.middleware import BatonRequest
from baton.feedback import changes, policy
from baton.feedback.forms.questionnaires import (
    EndForm,
    QuestionnaireFilterForm,
    QuestionnaireForm,
    asked_questionnaires,
)
from baton.feedback.pages import questionnaires as pages
from baton.feedback.pages.previews import preview_context
from baton.feedback.queries import finding_questionnaires as queries
from baton.feedback.queries import questionnaire as read
from baton.feedback.rules import Contents
from baton.feedback.rules.library import library_set_of

if TYPE_CHECKING:
    from baton.feedback.models import Questionnaire


def address(found: Questionnaire) -> str:
    """The page of a questionnaire."""
    return reverse("surveys:questionnaire", args=[found.public_id])


@require_GET
@guarded()
@opens_default_view("feedback.questionnaires")
def questionnaire_list(request: BatonRequest) -> HttpResponse:
    """The list."""
    filters = asked_questionnaires(request.GET)
    page = queries.questionnaire_list(viewer=request.actor, filters=filters, page=request.GET.get("page", 1))
    context = {
        "page_obj": page, "rows": pages.list_rows(page), "filter": QuestionnaireFilterForm(request.GET),
        "filtered": is_filtered(request, "feedback.questionnaires"),
        "may_write": policy.may_write_questionnaires(request.actor),
    }  # fmt: skip
    return render(request, "feedback/questionnaires/list.html", context)


@require_GET
@guarded()
def export_questionnaires(request: BatonRequest) -> HttpResponseBase:
    """The list as it is filtered, as CSV or workbook."""
    found = queries.listed(viewer=request.actor, filters=asked_questionnaires(request.GET))
    return download(request, "questionnaires", pages.header(), pages.rows(found))


@require_GET
@guarded()
def questionnaire(request: BatonRequest, public_id: str) -> HttpResponse:
    """One questionnaire: its sections and questions, what happened to it."""
    page = queries.questionnaire_page(viewer=request.actor, public_id=public_id)
    return render(request, "feedback/questionnaires/questionnaire.html", pages.questionnaire_context(page))


@require_GET
@guarded()
def preview(request: BatonRequest, public_id: str) -> HttpResponse:
    """As those who are asked will see it, in the language of ``?language=``."""
    found = read(viewer=request.actor, public_id=public_id)
    context = preview_context(found, request.GET.get("language", ""))
    return render(request, "feedback/questionnaires/preview.html", context)


@require_GET
@guarded()
def print_questionnaire(request: BatonRequest, public_id: str) -> HttpResponse:
    """The same for paper."""
    found = read(viewer=request.actor, public_id=public_id)
    context = preview_context(found, request.GET.get("language", ""))
    return render(request, "feedback/questionnaires/print.html", context)


@require_GET
@guarded(policy.may_write_questionnaires)
def choose(request: BatonRequest) -> HttpResponse:
    """With what to begin: with a set of the library, as a copy, or with nothing."""
    copies = queries.questionnaires_to_copy(viewer=request.actor)
    context = {"groups": pages.library_groups(), "copies": copies}
    return render(request, "feedback/questionnaires/choose.html", context)


@require_GET
@guarded()
def library_set(request: BatonRequest, key: str) -> HttpResponse:
    """The questions of a set of the library."""
    found = library_set_of(key)
    if found is None:
        raise Http404
    context = {**pages.library_context(found), "may_write": policy.may_write_questionnaires(request.actor)}
    return render(request, "feedback/questionnaires/library_set.html", context)


@guarded(policy.may_write_questionnaires)
def begin(request: BatonRequest) -> HttpResponse:
    """Write a questionnaire; ``?set=`` (key) or ``?copy=`` (public id) say with which questions it begins."""
    begun = _begun(request)
    form = QuestionnaireForm(request.POST or None, initial=begun["initial"])
    made = carried_out(request, form, lambda: changes.write_questionnaire(
        by=request.actor, at=request.now, contents=begun["contents"], library_key=begun["library_key"],
        **form.given()))  # fmt: skip
    if made is not None:
        return redirect(address(made))
    back = reverse("surveys:choose_questionnaire")
    return form_page(request, form, title=_("Begin a questionnaire"), subject=begun["subject"], back=back)


@guarded(policy.may_write_questionnaires)
def rename(request: BatonRequest, public_id: str) -> HttpResponse:
    """Another name or purpose."""
    found = read(viewer=request.actor, public_id=public_id)
    form = QuestionnaireForm(request.POST or None, record=found)
    return answered(request, form, lambda: changes.change_questionnaire(
        by=request.actor, at=request.now, questionnaire=found, expected_seq=form.version, **form.given()),
        to=address(found), title=_("Name and purpose"), subject=found)  # fmt: skip


@guarded(policy.may_write_questionnaires)
def end(request: BatonRequest, public_id: str) -> HttpResponse:
    """Use it no more."""
    found = read(viewer=request.actor, public_id=public_id)
    form = EndForm(request.POST or None, record=found)
    return answered(request, form, lambda: changes.end_questionnaire(
        by=request.actor, at=request.now, questionnaire=found, expected_seq=form.version,
        reason=form.cleaned_data["reason"]),
        to=address(found), title=_("End the questionnaire"), subject=found, danger=True,
        note=_("No more waves are prepared with it. Waves that were prepared are asked, and their answers stay."),
    )  # fmt: skip


def _begun(request: BatonRequest) -> dict[str, Any]:
    """Contents, first name and purpose of a new questionnaire, and what it begins with in words."""
    copied, key = request.GET.get("copy", ""), request.GET.get("set", "")
    if copied:
        like = read(viewer=request.actor, public_id=copied)
        return _from(like.name, like.purpose, like.contents, _("As a copy of {name}").format(name=like), "")
    found = library_set_of(key)
    if found is not None:
        return _from(found.name, found.purpose, found.contents, _("With a set of the library"), found.key)
    if key:
        raise Http404
    return _from({}, {}, Contents(), _("Without questions"), "")


def _from(name: Any, purpose: Any, contents: Contents, subject: str, library_key: str) -> dict[str, Any]:
    said = {"name": name, "purpose": purpose}
    initial = {
        f"{field}_{code.replace('-', '_')}": text for field, texts in said.items() for code, text in texts.items()
    }  # fmt: skip
    return {"contents": contents, "initial": initial, "subject": subject, "library_key": library_key}
