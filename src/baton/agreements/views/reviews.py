"""Pages of review meetings: the list, planning one, its page, its people, closing it, its minutes on paper."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_GET, require_POST

from baton.agreements import policy
from baton.agreements.changes import closing_reviews, reviews
from baton.agreements.changes.signing import side_named
from baton.agreements.forms.reviews import (
    AppointmentForm,
    AttendanceForm,
    ClosingForm,
    InviteForm,
    MeetingFilterForm,
    MinutesForm,
    asked_meetings,
)
from baton.agreements.forms.versions import NeededReasonForm
from baton.agreements.models import ReviewMeeting
from baton.agreements.pages.reviews import MEETING_SIGNS, meeting_context
from baton.agreements.queries import reviews as queries
from baton.agreements.queries.confirming import sides_confirmed
from baton.agreements.rules.reviews import MeetingState
from baton.agreements.views.confirming import asked_to_confirm, confirmed, links_about
from baton.chain import queries as chain
from baton.chain.views.answering import answered, form_page, standing
from baton.core import queries as core_queries
from baton.core.answering import carried_out
from baton.core.days import day_of
from baton.core.guards import guarded
from baton.core.middleware import BatonRequest
from baton.core.policy import demand
from baton.core.signatures import short


def address(meeting: ReviewMeeting) -> str:
    """The page of a meeting."""
    return reverse("agreements:review", args=[meeting.public_id])


def _read(request: BatonRequest, public_id: str) -> ReviewMeeting:
    return queries.meeting(viewer=request.actor, at=request.now, public_id=public_id)


@require_GET
@guarded()
def reviews_list(request: BatonRequest) -> HttpResponse:
    """The list of meetings, the newest first."""
    viewer, at = request.actor, request.now
    page = queries.meetings(viewer=viewer, at=at, filters=asked_meetings(request.GET), page=request.GET.get("page", 1))
    context = {
        "page_obj": page,
        "rows": [{"meeting": one, "sign": MEETING_SIGNS[MeetingState(one.state)]} for one in page.object_list],
        "filter": MeetingFilterForm(request.GET, parties=chain.parties_to_choose(viewer=viewer, at=at)),
    }
    return render(request, "agreements/reviews/list.html", context)


@require_GET
@guarded()
def review(request: BatonRequest, public_id: str) -> HttpResponse:
    """A meeting with its agenda, minutes and decisions."""
    return render(request, "agreements/reviews/meeting.html", _context(request, public_id))


@require_GET
@guarded()
def print_review(request: BatonRequest, public_id: str) -> HttpResponse:
    """The minutes as they are printed, with both signatures or room for them."""
    found = _context(request, public_id)
    shown = core_queries.to_sign(viewer=request.actor, kind=ReviewMeeting.kind, public_id=public_id)
    signed = core_queries.signatures_of(viewer=request.actor, kind=ReviewMeeting.kind, public_id=public_id)
    context = {**found, "mark": short(shown.digest), "signatures": signed, "back": address(found["meeting"])}
    return render(request, "agreements/reviews/print.html", context)


def _context(request: BatonRequest, public_id: str) -> dict[str, Any]:
    viewer, at = request.actor, request.now
    page = queries.meeting_page(viewer=viewer, at=at, public_id=public_id)
    writes = page.minutes and page.is_planned
    forms = {one.pk: MinutesForm(record=one) for one in page.items} if writes else {}
    sides = sides_confirmed(viewer=viewer, at=at, record=page.meeting)
    own = viewer.person.pk if viewer.person is not None else None
    links = links_about(request, page.meeting) if not page.is_planned else []
    may_forget = standing(request).edits_all
    return {**meeting_context(page, sides, at, forms, own), "links": links, "may_forget": may_forget}


@guarded()
def plan_review(request: BatonRequest, link: str) -> HttpResponse:
    """Plan a review of a link; the day of its rhythm is proposed."""
    viewer, at = request.actor, request.now
    found = queries.link_to_review(viewer=viewer, at=at, public_id=link)
    demand(policy.may_write(standing(request), found))
    summary = queries.reviews_of_link(viewer=viewer, at=at, link=found)
    proposed = max(summary.next_on, day_of(at)) if summary is not None else None
    form = AppointmentForm(request.POST or None, initial={"day": proposed, "starts": "10:00", "ends": "11:00"})
    made = carried_out(request, form, lambda: reviews.plan_meeting(by=viewer, at=at, link=found, **form.given()))
    if made is not None:
        return redirect(address(made))
    note = _("Who leads both sides is invited. The agenda is put together from what Baton knows of the link.")
    back = reverse("chain:link", args=[link])
    return form_page(request, form, title=_("Plan a review meeting"), subject=found, back=back, note=note)


@guarded()
def move_review(request: BatonRequest, public_id: str) -> HttpResponse:
    """Another day, time or place."""
    found = _to_plan(request, public_id)
    form = AppointmentForm(request.POST or None, record=found)
    return answered(request, form, lambda: reviews.move_meeting(
        by=request.actor, at=request.now, meeting=found, expected_seq=form.version, **form.given()),
        to=address(found), title=_("Change day and place"), subject=found)  # fmt: skip


@guarded()
def cancel_review(request: BatonRequest, public_id: str) -> HttpResponse:
    """It does not take place."""
    found = _to_plan(request, public_id)
    form = NeededReasonForm(request.POST or None, record=found)
    return answered(request, form, lambda: reviews.cancel_meeting(
        by=request.actor, at=request.now, meeting=found, **form.given()),
        to=address(found), title=_("Cancel the meeting"), subject=found, danger=True)  # fmt: skip


@guarded()
def close_review(request: BatonRequest, public_id: str) -> HttpResponse:
    """Close the meeting; its minutes stand still from then on."""
    found = _to_plan(request, public_id)
    form = ClosingForm(request.POST or None, record=found)
    note = _("Once it is closed, nobody changes minutes or decisions. Both sides may confirm them then.")
    return answered(request, form, lambda: closing_reviews.close_meeting(
        by=request.actor, at=request.now, meeting=found, **form.given()),
        to=address(found), title=_("Close the meeting"), subject=found, note=note)  # fmt: skip


@guarded()
def invite(request: BatonRequest, public_id: str) -> HttpResponse:
    """Invite a colleague, or somebody without a sign-in."""
    found = _to_plan(request, public_id)
    form = InviteForm(request.POST or None, viewer=request.actor)
    return answered(request, form, lambda: reviews.invite(
        by=request.actor, at=request.now, meeting=found, **form.given()),
        to=address(found), title=_("Invite somebody"), subject=found)  # fmt: skip


@require_POST
@guarded()
def take_off(request: BatonRequest, public_id: str) -> HttpResponse:
    """Take somebody off the list."""
    found = queries.meeting_person(viewer=request.actor, at=request.now, public_id=public_id)
    reviews.take_off(by=request.actor, at=request.now, invited=found)
    return redirect(address(found.meeting))


@guarded()
def forget_name(request: BatonRequest, public_id: str) -> HttpResponse:
    """Destroy the name of somebody without a sign-in."""
    found = queries.meeting_person(viewer=request.actor, at=request.now, public_id=public_id)
    demand(standing(request).edits_all)
    form = NeededReasonForm(request.POST or None, record=found)
    note = _(
        "The name is destroyed, here and in the audit trail. This cannot be undone. Do not name him in the reason."
    )
    return answered(request, form, lambda: reviews.forget_name(
        by=request.actor, at=request.now, invited=found, reason=form.given()["reason"]),
        to=address(found.meeting), title=_("Forget the name"), subject=found.meeting, note=note,
        danger=True)  # fmt: skip


@guarded()
def attendance(request: BatonRequest, public_id: str) -> HttpResponse:
    """Note who came."""
    found = _read(request, public_id)
    people = queries.people_of(viewer=request.actor, meeting=found)
    invited = queries.is_invited(viewer=request.actor, people=people)
    demand(policy.may_take_minutes(standing(request), found.link, invited=invited))
    form = AttendanceForm(request.POST or None, people=people)
    return answered(request, form, lambda: reviews.note_attendance(
        by=request.actor, at=request.now, meeting=found, **form.given()),
        to=address(found), title=_("Note who came"), subject=found)  # fmt: skip


@sensitive_post_parameters("password", "code")
@never_cache
@guarded()
def confirm_review(request: BatonRequest, public_id: str, side: str) -> HttpResponseBase:
    """Read the minutes and confirm them for a side."""
    shown = core_queries.to_sign(viewer=request.actor, kind=ReviewMeeting.kind, public_id=public_id)
    found = _read(request, public_id)
    return confirmed(
        request, found, side_named(side), shown, template="agreements/reviews/confirm.html", back=address(found),
        text=lambda: _context(request, public_id),
    )  # fmt: skip


@never_cache
@guarded()
def ask_to_confirm(request: BatonRequest, public_id: str, side: str) -> HttpResponse:
    """Ask somebody of an outside party to confirm the minutes."""
    shown = core_queries.to_sign(viewer=request.actor, kind=ReviewMeeting.kind, public_id=public_id)
    found = _read(request, public_id)
    return asked_to_confirm(request, found, side_named(side), shown, back=address(found))


def _to_plan(request: BatonRequest, public_id: str) -> ReviewMeeting:
    found = _read(request, public_id)
    demand(policy.may_write(standing(request), found.link))
    return found
