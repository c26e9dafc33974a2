"""Messages to whoever is signed in."""

from __future__ import annotations

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from baton.core import changes, policy, queries
from baton.core.errors import NotFound
from baton.core.guards import guarded
from baton.core.middleware import BatonRequest

PAGE_SIZE = 30


@guarded(policy.is_signed_in)
def notifications(request: BatonRequest) -> HttpResponse:
    """The list, the newest first."""
    page = Paginator(queries.notifications(viewer=request.actor), PAGE_SIZE).get_page(request.GET.get("page"))
    rows = [(message, queries.notification_text(message)) for message in page.object_list]
    return render(request, "core/notifications.html", {"page_obj": page, "rows": rows})


@require_POST
@guarded(policy.is_signed_in)
def open_notification(request: BatonRequest, public_id: str) -> HttpResponse:
    """Mark one message as read and go to the page that it leads to."""
    message = queries.notifications(viewer=request.actor).filter(public_id=public_id).first()
    if message is None:
        raise NotFound
    changes.read_notifications(by=request.actor, at=request.now, public_ids=[public_id])
    return redirect(message.address)


@require_POST
@guarded(policy.is_signed_in)
def read_notifications(request: BatonRequest) -> HttpResponse:
    """Mark everything as read."""
    changes.read_notifications(by=request.actor, at=request.now)
    return redirect("core:notifications")
