"""Agenda, minutes and decisions of review meetings, while people talk and afterwards."""

from __future__ import annotations

from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from baton.agreements import policy
from baton.agreements.changes import agenda, decisions
from baton.agreements.forms.reviews import (
    AgendaItemForm,
    DecisionFilterForm,
    DecisionForm,
    DoneForm,
    HandOverForm,
    MinutesForm,
    NoteForm,
    asked_decisions,
)
from baton.agreements.forms.versions import NeededReasonForm
from baton.agreements.models import AgendaItem, Decision, ReviewMeeting
from baton.agreements.pages import reviews as shown
from baton.agreements.pages.agenda import shown_point, shown_points
from baton.agreements.queries import reviews as queries
from baton.agreements.rules.reviews import ItemFate
from baton.agreements.views.reviews import address
from baton.chain import queries as chain
from baton.chain.views.answering import answered, form_page, standing
from baton.core.answering import carried_out, small_number
from baton.core.days import day_of
from baton.core.errors import NotFound
from baton.core.exports import download
from baton.core.guards import guarded
from baton.core.middleware import BatonRequest
from baton.core.policy import demand

_FATES = {"take-up": ItemFate.ON, "postpone": ItemFate.POSTPONED, "take-off": ItemFate.DROPPED}


@require_POST
@guarded()
def renew_agenda(request: BatonRequest, public_id: str) -> HttpResponse:
    """Bring the agenda up to date."""
    found = queries.meeting(viewer=request.actor, at=request.now, public_id=public_id)
    agenda.renew_agenda(by=request.actor, at=request.now, meeting=found)
    return redirect(f"{address(found)}#agenda")


@guarded()
def add_item(request: BatonRequest, public_id: str) -> HttpResponse:
    """Put a point of one's own on the agenda."""
    found = _to_minute(request, public_id)
    form = AgendaItemForm(request.POST or None)
    return answered(request, form, lambda: agenda.add_item(
        by=request.actor, at=request.now, meeting=found, **form.given()),
        to=f"{address(found)}#agenda", title=_("Add a point"), subject=found)  # fmt: skip


@guarded()
def minutes(request: BatonRequest, public_id: str) -> HttpResponse:
    """Write what was said to a point. Who writes at the same time sees both texts and keeps his."""
    found = _item_to_minute(request, public_id)
    form = MinutesForm(request.POST or None, record=found)
    saved = carried_out(request, form, lambda: agenda.write_minutes(
        by=request.actor, at=request.now, item=found, **form.given()))  # fmt: skip
    if saved is not None:
        return redirect(f"{address(found.meeting)}#a-{saved.public_id}")
    point = shown_point(found)
    note = " · ".join([point.title, *point.lines])
    return form_page(
        request, form, title=_("Write minutes"), subject=found.meeting, back=address(found.meeting), note=note
    )


@require_POST
@guarded()
def move_item(request: BatonRequest, public_id: str) -> HttpResponse:
    """Put a point into another place, from 1 on."""
    found = _item_to_minute(request, public_id)
    place = small_number(request.POST.get("position", ""), 1)
    agenda.move_item(by=request.actor, at=request.now, item=found, position=place)
    return redirect(f"{address(found.meeting)}#a-{found.public_id}")


@require_POST
@guarded()
def set_fate(request: BatonRequest, public_id: str, fate: str) -> HttpResponse:
    """Postpone a point, take it off, or take it up again."""
    found = _item_to_minute(request, public_id)
    if fate not in _FATES:
        raise NotFound
    agenda.set_fate(by=request.actor, at=request.now, item=found, fate=_FATES[fate])
    return redirect(f"{address(found.meeting)}#agenda")


@guarded()
def decide(request: BatonRequest, public_id: str) -> HttpResponse:
    """Note a decision; ``?item=`` names the point of the agenda."""
    found = _to_minute(request, public_id)
    form = _decision_form(request, found)
    return answered(request, form, lambda: decisions.decide(
        by=request.actor, at=request.now, meeting=found, **form.given()),
        to=f"{address(found)}#decisions", title=_("Note a decision"), subject=found)  # fmt: skip


@guarded()
def change_decision(request: BatonRequest, public_id: str) -> HttpResponse:
    """Change a decision of a meeting that is not closed."""
    found = queries.decision(viewer=request.actor, at=request.now, public_id=public_id)
    _demand_minute(request, found.meeting)
    form = _decision_form(request, found.meeting, found)
    return answered(request, form, lambda: decisions.change_decision(
        by=request.actor, at=request.now, decision=found, expected_seq=form.version, **form.given()),
        to=f"{address(found.meeting)}#d-{public_id}", title=_("Change the decision"),
        subject=found.meeting)  # fmt: skip


@guarded()
def finish_decision(request: BatonRequest, public_id: str) -> HttpResponse:
    """It was done."""
    found = _to_keep(request, public_id)
    form = DoneForm(request.POST or None, record=found)
    return answered(request, form, lambda: decisions.end_decision(
        by=request.actor, at=request.now, decision=found, done=True, **form.given()),
        to=f"{address(found.meeting)}#d-{public_id}", title=_("It is done"), subject=found.meeting,
        note=found.words)  # fmt: skip


@guarded()
def drop_decision(request: BatonRequest, public_id: str) -> HttpResponse:
    """It is no longer wanted."""
    found = _to_keep(request, public_id)
    form = NoteForm(request.POST or None, record=found)
    return answered(request, form, lambda: decisions.end_decision(
        by=request.actor, at=request.now, decision=found, done=False, **form.given()),
        to=f"{address(found.meeting)}#d-{public_id}", title=_("Drop the decision"), subject=found.meeting,
        note=found.words, danger=True)  # fmt: skip


@guarded()
def reopen_decision(request: BatonRequest, public_id: str) -> HttpResponse:
    """It is open again."""
    found = _to_keep(request, public_id)
    form = NeededReasonForm(request.POST or None, record=found)
    return answered(request, form, lambda: decisions.reopen_decision(
        by=request.actor, at=request.now, decision=found, **form.given()),
        to=f"{address(found.meeting)}#d-{public_id}", title=_("Open it again"), subject=found.meeting,
        note=found.words)  # fmt: skip


@guarded()
def hand_over_decision(request: BatonRequest, public_id: str) -> HttpResponse:
    """Somebody else sees to it."""
    found = _to_keep(request, public_id)
    form = HandOverForm(request.POST or None, viewer=request.actor, record=found)
    return answered(request, form, lambda: decisions.hand_over_decision(
        by=request.actor, at=request.now, decision=found, **form.given()),
        to=f"{address(found.meeting)}#d-{public_id}", title=_("Hand it over"), subject=found.meeting,
        note=found.words)  # fmt: skip


@require_GET
@guarded()
def decision_list(request: BatonRequest) -> HttpResponse:
    """Decisions of all meetings, what is due first at the top."""
    viewer, at = request.actor, request.now
    page = queries.decision_page(
        viewer=viewer, at=at, filters=asked_decisions(request.GET), page=request.GET.get("page", 1)
    )
    context = {
        "page_obj": page, "rows": shown.decision_rows(page.object_list, day_of(at)),
        "filter": DecisionFilterForm(request.GET, parties=chain.parties_to_choose(viewer=viewer, at=at)),
    }  # fmt: skip
    return render(request, "agreements/reviews/decisions.html", context)


@require_GET
@guarded()
def export_decisions(request: BatonRequest) -> HttpResponseBase:
    """The list as it is filtered, as CSV or workbook."""
    found = queries.decisions(viewer=request.actor, at=request.now, filters=asked_decisions(request.GET))
    return download(request, "decisions", shown.decisions_header(), shown.decisions_table(found, request.now))


def _decision_form(request: BatonRequest, meeting: ReviewMeeting, record: Decision | None = None) -> DecisionForm:
    viewer = request.actor
    points = shown_points(queries.items_of(viewer=viewer, meeting=meeting))
    return DecisionForm(
        request.POST or None, record=record, people=queries.people_of(viewer=viewer, meeting=meeting),
        items=[(point.item, point.title) for point in points], initial={"item": request.GET.get("item", "")}
        if record is None else None,
    )  # fmt: skip


def _to_minute(request: BatonRequest, public_id: str) -> ReviewMeeting:
    found = queries.meeting(viewer=request.actor, at=request.now, public_id=public_id)
    _demand_minute(request, found)
    return found


def _item_to_minute(request: BatonRequest, public_id: str) -> AgendaItem:
    found = queries.item(viewer=request.actor, at=request.now, public_id=public_id)
    _demand_minute(request, found.meeting)
    return found


def _demand_minute(request: BatonRequest, meeting: ReviewMeeting) -> None:
    people = queries.people_of(viewer=request.actor, meeting=meeting)
    invited = queries.is_invited(viewer=request.actor, people=people)
    demand(policy.may_take_minutes(standing(request), meeting.link, invited=invited))


def _to_keep(request: BatonRequest, public_id: str) -> Decision:
    found = queries.decision(viewer=request.actor, at=request.now, public_id=public_id)
    keeper = found.handed_to_id or found.owner.person_id
    demand(policy.may_keep_decision(standing(request), found.meeting.link, keeper=keeper))
    return found
