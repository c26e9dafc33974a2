"""E-mail about what happens: everybody's own choices, and for administrators what was sent."""

from __future__ import annotations

from django.conf import settings
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from baton.core import changes, policy
from baton.core.answering import carried_out
from baton.core.guards import guarded
from baton.core.mail import queries
from baton.core.mail_forms import MailChoicesForm
from baton.core.middleware import BatonRequest
from baton.core.models import Mail
from baton.core.rules import MailState, masked_email

PAGE_SIZE = 50
STATUSES = {MailState.WAITING: "info", MailState.SENT: "kept", MailState.FAILED: "broken"}


@guarded(policy.is_signed_in)
def my_mail(request: BatonRequest) -> HttpResponse:
    """How soon, and at which hours, whoever is signed in is told by e-mail."""
    by, at = request.actor, request.now
    record = queries.mail_choices(viewer=by)
    form = MailChoicesForm(request.POST or None, record=record)
    said = _("Saved. It holds for what happens from now on.")
    if carried_out(request, form, lambda: changes.choose_mail(by=by, at=at, **form.given()), said=said):
        return redirect("core:my_mail")
    values = {"form": form, "person": record.person, "has_address": bool(record.person.email)}
    return render(request, "core/my_mail.html", values, status=form.status)


@require_POST
@guarded(policy.is_signed_in)
def send_test_mail(request: BatonRequest) -> HttpResponse:
    """Send the reader an e-mail that says nothing but that it came."""
    changes.send_test_mail(by=request.actor, at=request.now)
    messages.success(request, _("A test is on its way. It arrives within a few minutes."))
    return redirect("core:my_mail")


@require_safe
@guarded(policy.may_see_mails)
def mails(request: BatonRequest) -> HttpResponse:
    """What was sent to whom in the last 30 days, and what was not taken."""
    page = Paginator(queries.mails(viewer=request.actor), PAGE_SIZE).get_page(request.GET.get("page"))
    values = {"page_obj": page, "rows": [_row(mail) for mail in page.object_list], "server": settings.EMAIL_HOST}
    return render(request, "core/mails.html", values)


def _row(mail: Mail) -> dict[str, object]:
    return {
        "mail": mail,
        "address": masked_email(mail.person.email or ""),
        "status": STATUSES[MailState(mail.state)],
        "failure": queries.FAILURES.get(mail.failure, ""),  # type: ignore[call-overload]
    }
