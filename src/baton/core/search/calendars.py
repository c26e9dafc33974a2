"""Calendars of business hours among what is found, for everybody who uses the organisation's pages."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from datetime import datetime
from typing import Any

from django.utils.translation import gettext_lazy as _

from baton.core import policy
from baton.core.actors import Actor
from baton.core.days import day_of
from baton.core.models import WorkCalendar
from baton.core.registries import Findable, Searchable


def sight(viewer: Actor, at: datetime) -> Mapping[str, Any]:
    """All calendars; none for guests."""
    return {WorkCalendar.kind: WorkCalendar.objects.all()} if policy.may_use(viewer) else {}


def _read(public_ids: Collection[str]) -> Iterator[Findable]:
    for one in WorkCalendar.objects.filter(public_id__in=public_ids):
        ended_on = day_of(one.ended_at) if one.ended_at else None
        yield Findable(one.public_id, "", one.name, (one.zone, one.edition), note=one.zone, ended_on=ended_on)


def _all() -> Iterable[str]:
    return WorkCalendar.objects.values_list("public_id", flat=True)


SEARCHABLE = Searchable(
    _("Calendars"), "calendar", _read, _all, lambda found: f"/calendars/{found.public_id}/", order=700
)
