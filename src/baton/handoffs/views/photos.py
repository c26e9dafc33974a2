"""Evidence photos: kept with what happened, added afterwards, looked at."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, TypeVar

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from baton.chain.views.answering import form_page, standing
from baton.core.attachments.keeping import kept_photos
from baton.core.errors import Refused, explain
from baton.core.guards import guarded
from baton.core.middleware import BatonRequest
from baton.core.policy import demand
from baton.handoffs import changes, policy, queries
from baton.handoffs.forms.photos import PhotosForm
from baton.handoffs.forms.steps import PHOTOS, StepForm
from baton.handoffs.models import Handoff, HandoffPhoto, HandoffReturn
from baton.handoffs.pages.photos import photo_row
from baton.handoffs.queries.photos import photo_shown, returns_of
from baton.handoffs.views.handoffs import address

if TYPE_CHECKING:
    from baton.core.actors import Actor
    from baton.core.attachments.keeping import KeptFile

R = TypeVar("R", Handoff, HandoffReturn, HandoffPhoto)


def carried_out_with_photos(
    request: BatonRequest, form: StepForm, write: Callable[[Sequence[KeptFile]], R], *, by: Actor | None = None
) -> R | None:
    """As :func:`baton.core.answering.carried_out`, without a message: ``write`` gets the photos of the form, looked at
    and freed of where they were taken. In a form that comes back stands that they must be chosen again."""
    made: R | None = None
    if request.method == "POST" and form.is_valid():
        try:
            with kept_photos(form.cleaned_data.get(PHOTOS) or []) as files:
                if PHOTOS in form.fields:  # a form that is sent twice is known by what they show
                    form.cleaned_data[PHOTOS] = [one.digest for one in files]
                made = form.carry_out(by=by or request.actor, at=request.now, write=lambda: write(files))
        except Refused as refused:
            if refused.status in {403, 404}:
                raise
            form.add_error(PHOTOS, explain(refused))
            form.status = 422
    if made is None and PHOTOS in form.fields and request.FILES.getlist(PHOTOS):
        form.say_photos_lost()
    return made


@guarded()
def add_photos(request: BatonRequest, public_id: str) -> HttpResponse:
    """Add photos to a handoff, or to something that came back of it."""
    by, at = request.actor, request.now
    found = queries.handoff(viewer=by, at=at, public_id=public_id)
    demand(policy.may_record(standing(request), found.link))
    returns = returns_of(viewer=by, at=at, handoff=found)
    form = PhotosForm(request.POST or None, request.FILES or None, returns=returns)
    made = carried_out_with_photos(
        request, form, lambda files: changes.add_photos(by=by, at=at, handoff=found, files=files, **form.given())
    )
    if made is not None:
        messages.success(request, _("The photos are kept."))
        return redirect(f"{address(found)}#photos")
    return form_page(request, form, title=_("Add photos"), subject=found, back=address(found))


@require_GET
@guarded()
def photo(request: BatonRequest, public_id: str) -> HttpResponse:
    """One photo, large: what it shows, who added it and when."""
    shown = photo_shown(viewer=request.actor, at=request.now, public_id=public_id)
    found = shown.photo.handoff
    context = {"shown": shown, "row": photo_row(shown.photo), "handoff": found, "link": found.link,
               "back": f"{address(found)}#photos"}  # fmt: skip
    return render(request, "handoffs/photo.html", context)
