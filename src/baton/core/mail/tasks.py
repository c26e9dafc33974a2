"""What the worker does for e-mail."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.conf import settings

from baton.core.actors import Actor
from baton.core.jobs import silent
from baton.core.mail import sending


def deliver(*, by: Actor, at: datetime, progress: Any = silent) -> None:
    """Send what is due, where the installation sends e-mail."""
    if settings.SENDS_MAIL:
        sending.deliver(by=by, at=at)
