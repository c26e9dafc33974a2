"""Pages on which the quality manager opens and closes what anybody may tell without a sign-in, and prints posters."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from baton.chain.forms.choosing import party_chosen
from baton.chain.views.answering import answered, form_page
from baton.core.answering import carried_out
from baton.core.errors import NotFound
from baton.core.guards import guarded
from baton.core.middleware import BatonRequest
from baton.feedback import changes, policy
from baton.feedback.forms.inbox import CloseDoorForm, OpenDoorForm
from baton.feedback.pages import feedback_doors as pages
from baton.feedback.queries.feedback_doors import feedback_door, feedback_doors
from baton.feedback.views.inbox import note_about, subject_of


@require_GET
@guarded(policy.may_keep_doors)
def doors(request: BatonRequest) -> HttpResponse:
    """Those that are open, and those that were."""
    found = feedback_doors(viewer=request.actor).order_by("-pk")
    context = {
        "open": pages.rows(found.filter(closed_at__isnull=True)[:200]),
        "closed": pages.rows(found.filter(closed_at__isnull=False)[:50]),
    }
    return render(request, "feedback/inbox/doors.html", context)


@guarded(policy.may_keep_doors)
def open_door(request: BatonRequest) -> HttpResponse:
    """Open one; the address may say what it is about."""
    subject, parties = subject_of(request)
    form = OpenDoorForm(request.POST or None, parties=parties)
    made = carried_out(request, form, lambda: changes.open_door(
        by=request.actor, at=request.now, link=subject.get("link"),
        party=subject.get("party") or party_chosen(parties, form.cleaned_data["party"])))  # fmt: skip
    if made is not None:
        return redirect(reverse("inbox:door", args=[made.public_id]))
    says = _("Anybody who has its address or code tells something there, without a sign-in. Nobody reads anything.")
    note = " ".join(part for part in (note_about(subject), says) if part)
    return form_page(request, form, title=_("Open a page for feedback"), note=note, back=reverse("inbox:doors"))


@require_GET
@guarded(policy.may_keep_doors)
def door(request: BatonRequest, public_id: str) -> HttpResponse:
    """One of them: its address, its code, and how to close it."""
    found = feedback_door(viewer=request.actor, public_id=public_id)
    return render(request, "feedback/inbox/door.html", {**pages.rows([found])[0], "picture": pages.picture_of(found)})


@require_GET
@guarded(policy.may_keep_doors)
def poster(request: BatonRequest, public_id: str) -> HttpResponse:
    """Its poster as PDF."""
    found = feedback_door(viewer=request.actor, public_id=public_id)
    if found.closed_at is not None:
        raise NotFound
    return pages.poster(found, get_language() or "").answer()


@guarded(policy.may_keep_doors)
def close_door(request: BatonRequest, public_id: str) -> HttpResponse:
    """Close it for good."""
    found = feedback_door(viewer=request.actor, public_id=public_id)
    form = CloseDoorForm(request.POST or None, record=found)
    note = _("Its address and its posters lead to a page that says so. What was told stays.")
    return answered(request, form, lambda: changes.close_door(
        by=request.actor, at=request.now, door=found, expected_seq=form.version),
        to=reverse("inbox:doors"), title=_("Close it"), subject=found, note=note, danger=True)  # fmt: skip
