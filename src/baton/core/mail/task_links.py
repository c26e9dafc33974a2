"""The e-mail with which a task link is sent. Its address is made here and stands nowhere but in that e-mail."""

from __future__ import annotations

from datetime import UTC, datetime

from django.conf import settings
from django.core.mail import send_mail
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext

from baton.core import changes, queries, registries
from baton.core.actors import Actor
from baton.core.jobs import Reporter


def send_task_link(*, by: Actor, at: datetime, progress: Reporter, link: str) -> None:
    """Send the link to whom it is for. After a crash it is sent with a new address; the last one works."""
    shown = queries.task_link(viewer=by, public_id=link)
    token = changes.renew_token(by=by, at=at, link=shown)
    if token is None:
        return
    with translation.override(shown.language):
        title = str(registries.outside_tasks.get(shown.task).title)
        values = {
            "link": shown, "title": title, "until": f"{shown.expires_at.astimezone(UTC):%Y-%m-%d %H:%M}",
            "url": settings.BASE_URL + reverse("core:task", args=[token]),
        }  # fmt: skip
        subject = gettext("Baton: {message}").format(message=title)
        body = render_to_string("core/mail/task_link.txt", values)
    send_mail(subject, body, None, [shown.email])
