"""What time it is for the registries of the core, which ask about the present and pass no time."""

from __future__ import annotations

from datetime import date, datetime

from django.utils import timezone

from baton.core.days import day_of


def now() -> datetime:
    """The present moment."""
    return timezone.now()  # noqa: TID251


def today() -> date:
    """The present day of the organisation."""
    return day_of(now())
