"""Pages that write a questionnaire: its sections and its questions, one form each, without a script."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from baton.chain.views.answering import answered, form_page
from baton.core.answering import carried_out, version_sent
from baton.core.errors import Forbidden, NotFound, Refused, Stale, explain
from baton.core.guards import guarded
from baton.core.middleware import BatonRequest
from baton.feedback import changes, policy
from baton.feedback.forms.questionnaires import ClauseItemsForm, DropSectionForm, SectionForm
from baton.feedback.forms.questions import QuestionForm
from baton.feedback.models import Questionnaire
from baton.feedback.pages import questionnaires as pages
from baton.feedback.queries import questionnaire, wave
from baton.feedback.queries.clause_items import clause_items
from baton.feedback.rules import Contents, Kind
from baton.feedback.rules.editing import (
    NotThere,
    moved_question,
    moved_section,
    place_of_question,
    section_of,
    with_question,
    with_section,
    without_question,
    without_section,
)
from baton.feedback.views.questionnaires import address

T = TypeVar("T")


@guarded(policy.may_write_questionnaires)
def add_section(request: BatonRequest, public_id: str) -> HttpResponse:
    """A section at the end."""
    found = _to_write(request, public_id)
    form = SectionForm(request.POST or None, record=found)
    return answered(
        request, form,
        lambda: _written(request, found, with_section(found.contents, form.given(found.contents)), form.version),
        to=f"{address(found)}#contents", title=_("Add a section"), subject=found,
    )  # fmt: skip


@guarded(policy.may_write_questionnaires)
def change_section(request: BatonRequest, public_id: str, key: str) -> HttpResponse:
    """Another heading, other words before the questions."""
    found = _to_write(request, public_id)
    _there(lambda: section_of(found.contents, key))
    form = SectionForm(request.POST or None, record=found, key=key)
    return answered(
        request, form,
        lambda: _written(request, found, with_section(found.contents, form.given(found.contents)), form.version),
        to=f"{address(found)}#s-{key}", title=_("Change the section"), subject=found,
    )  # fmt: skip


@guarded(policy.may_write_questionnaires)
def drop_section(request: BatonRequest, public_id: str, key: str) -> HttpResponse:
    """Leave a section out, with its questions."""
    found = _to_write(request, public_id)
    section = _there(lambda: section_of(found.contents, key))
    form = DropSectionForm(request.POST or None, record=found)
    return answered(
        request, form, lambda: _written(request, found, without_section(found.contents, key), form.version),
        to=f"{address(found)}#contents", title=_("Leave the section out"), subject=pages.section_called(section),
        danger=True, note=_("Its questions go with it. Waves that were opened keep theirs."),
    )  # fmt: skip


@guarded(policy.may_write_questionnaires)
def add_clause_questions(request: BatonRequest, public_id: str) -> HttpResponse:
    """Make questions of what clauses in force ask; ``?wave=`` (public id): of those on the links of a wave."""
    found = _to_write(request, public_id)
    links: list[str] = []
    if asked := request.GET.get("wave", ""):
        links = list(wave(viewer=request.actor, public_id=asked).links.values_list("link__public_id", flat=True))
    held = {one.line for one in found.contents.questions()}
    items = [one for one in clause_items(viewer=request.actor, at=request.now, links=links) if one.line not in held]
    form = ClauseItemsForm(request.POST or None, record=found, items=items)
    nothing = _("No clause in force has a perception item that is not asked yet.")
    return answered(
        request, form, lambda: _written(request, found, form.given(found.contents), form.version),
        to=f"{address(found)}#s-clauses", title=_("Add the clauses’ questions"), subject=found,
        note="" if items else nothing,
    )  # fmt: skip


@require_GET
@guarded(policy.may_write_questionnaires)
def choose_kind(request: BatonRequest, public_id: str, section: str) -> HttpResponse:
    """Of which kind a new question is."""
    found = _to_write(request, public_id)
    shown = _there(lambda: section_of(found.contents, section))
    context = {"questionnaire": found, "section": shown, "kinds": pages.kind_choices()}
    return render(request, "feedback/questionnaires/kinds.html", context)


@guarded(policy.may_write_questionnaires)
def add_question(request: BatonRequest, public_id: str, section: str, kind: str) -> HttpResponse:
    """A question at the end of a section."""
    found = _to_write(request, public_id)
    contents = found.contents
    _there(lambda: section_of(contents, section))
    if kind not in set(Kind):
        raise Http404
    form = QuestionForm(request.POST or None, record=found, contents=contents, kind=Kind(kind), section=section)
    made = carried_out(
        request, form, lambda: _written(request, found, with_question(contents, section, form.given()), form.version)
    )
    if made is not None:
        return redirect(f"{address(found)}#s-{section}")
    return _question_page(request, form, found, title=_("Add a question"))


@guarded(policy.may_write_questionnaires)
def change_question(request: BatonRequest, public_id: str, key: str) -> HttpResponse:
    """Other words, another scale, other options."""
    found = _to_write(request, public_id)
    contents = found.contents
    at, place = _there(lambda: place_of_question(contents, key))
    section = contents.sections[at]
    question = section.questions[place]
    form = QuestionForm(
        request.POST or None, record=found, contents=contents, kind=question.kind, section=section.key,
        question=question,
    )  # fmt: skip
    made = carried_out(
        request, form,
        lambda: _written(request, found, with_question(contents, section.key, form.given(), key), form.version),
    )  # fmt: skip
    if made is not None:
        return redirect(f"{address(found)}#q-{key}")
    return _question_page(request, form, found, title=_("Change the question"))


@require_POST
@guarded(policy.may_write_questionnaires)
def drop_question(request: BatonRequest, public_id: str, key: str) -> HttpResponse:
    """Leave a question out."""
    return _edited(request, public_id, lambda contents: without_question(contents, key))


@require_POST
@guarded(policy.may_write_questionnaires)
def move_question(request: BatonRequest, public_id: str, key: str) -> HttpResponse:
    """Put a question one place further: ``way`` is ``up`` or ``down``."""
    up = request.POST.get("way") == "up"
    return _edited(request, public_id, lambda contents: moved_question(contents, key, up=up), f"q-{key}")


@require_POST
@guarded(policy.may_write_questionnaires)
def move_section(request: BatonRequest, public_id: str, key: str) -> HttpResponse:
    """Put a section one place further: ``way`` is ``up`` or ``down``."""
    up = request.POST.get("way") == "up"
    return _edited(request, public_id, lambda contents: moved_section(contents, key, up=up), f"s-{key}")


def _edited(
    request: BatonRequest, public_id: str, change: Callable[[Contents], Contents], mark: str = "contents"
) -> HttpResponse:
    """What a button changes; the page says why where it is refused."""
    found = _to_write(request, public_id)
    contents = _there(lambda: change(found.contents))
    try:
        _written(request, found, contents, version_sent(request))
    except (Forbidden, NotFound):
        raise
    except Refused as refused:
        messages.warning(request, explain(refused))
    return redirect(f"{address(found)}#{mark}")


def _written(request: BatonRequest, found: Questionnaire, contents: Contents, seen: int | None) -> Questionnaire:
    try:
        return changes.change_questionnaire(
            by=request.actor, at=request.now, questionnaire=found, expected_seq=seen, contents=contents
        )
    except (Stale, Forbidden, NotFound):
        raise
    except Refused as refused:
        raise pages.told_where(refused, contents) from refused


def _question_page(request: BatonRequest, form: QuestionForm, found: Questionnaire, *, title: str) -> HttpResponse:
    kind, text = pages.KINDS[form.kind]
    return form_page(
        request, form, template="feedback/questionnaires/question_form.html", title=title, subject=found,
        back=address(found), kind=kind, kind_text=text,
    )  # fmt: skip


def _to_write(request: BatonRequest, public_id: str) -> Questionnaire:
    return questionnaire(viewer=request.actor, public_id=public_id)


def _there(read: Callable[[], T]) -> T:
    try:
        return read()
    except NotThere:
        raise Http404 from None
