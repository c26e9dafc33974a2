"""From when a delivery about which nobody says a word counts as not confirmed."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from django.conf import settings
from django.db.models import Max, Q
from django.utils.translation import gettext

from baton.chain import queries as chain
from baton.core.actors import Actor
from baton.core.history import last_said
from baton.core.policy import may_use
from baton.core.queries.calendars import business_calendars_of, default_calendar
from baton.core.registries import CalendarUse
from baton.handoffs.models import Handoff, HandoffEvent, LinkPractice
from baton.handoffs.rules import State, Step

if TYPE_CHECKING:
    from baton_analysis.facts.calendars import BusinessCalendar

HOUR = 3600


def silent_links(*, viewer: Actor, links: Iterable[int] | None = None) -> dict[int, LinkPractice]:
    """The practices that say after how many hours of silence a delivery is waited for no longer, and to which both
    sides have agreed, by key of the link; of all links where ``links`` is None. The caller has made sure that
    ``viewer`` sees them."""
    if not may_use(viewer):
        return {}
    agreed = LinkPractice.objects.filter(confirmed_at__isnull=False, silent_hours__isnull=False)
    if links is not None:
        agreed = agreed.filter(link__in=set(links))
    return {one.link_id: one for one in agreed.select_related("calendar")}


def unconfirmed_from(*, viewer: Actor, handoffs: Sequence[Handoff]) -> dict[int, datetime]:
    """From when each of these handoffs (by key) counts as not confirmed: those that wait for the customer on links
    whose sides agreed to silence. The agreed hours run from the last delivery; where it was entered later, from then,
    because nobody says a word about what he cannot read yet; and from the agreement where that came later still. The
    caller has made sure that ``viewer`` sees them. At most five queries, however many they are."""
    waiting = [one for one in handoffs if one.state == State.DELIVERED and one.delivered_at is not None]
    practices = silent_links(viewer=viewer, links={one.link_id for one in waiting}) if waiting else {}
    concerned = [one for one in waiting if one.link_id in practices]
    if not concerned:
        return {}
    last = _last_deliveries(viewer, concerned)
    calendars = _calendars(viewer, practices.values())
    found: dict[int, datetime] = {}
    for key, practice in practices.items():
        of_link = [one for one in concerned if one.link_id == key]
        starts = [max(last[one.pk], practice.confirmed_at or last[one.pk]) for one in of_link]
        ends = _after(calendars[practice.calendar_id], starts, practice.silent_hours or 0)
        found |= {one.pk: end for one, end in zip(of_link, ends, strict=True)}
    return found


def silence_counted_by(viewer: Actor, at: datetime, calendar: str) -> list[CalendarUse]:
    """The links whose hours of silence run in this calendar (public id), as far as the viewer sees them; those that
    name none run in the default one."""
    named = Q(calendar__public_id=calendar)
    default = default_calendar(viewer=viewer)
    if default is not None and default.public_id == calendar:
        named |= Q(calendar__isnull=True)
    seen = chain.links_in_sight(viewer=viewer, at=at).values("pk")
    rows = LinkPractice.objects.filter(named, silent_hours__isnull=False, link__in=seen).select_related("link")
    return [
        CalendarUse(one.link.number, f"/handoffs/practice/{one.link.public_id}/", gettext("Hours of silence"))
        for one in rows.order_by("link__number")
    ]


def _last_deliveries(viewer: Actor, handoffs: Sequence[Handoff]) -> dict[int, datetime]:
    """When each was handed over last, or waited for the customer once more because nothing is owed of it, and could be
    read to be so."""
    since = [Step.DELIVER, Step.CLOSE]
    again = HandoffEvent.objects.filter(handoff__in=[one.pk for one in handoffs], event__in=since)
    latest = {
        key: max(moments) for key, *moments in again.values_list("handoff").annotate(Max("at"), Max("recorded_at"))
    }
    first = [one for one in handoffs if one.pk not in latest]
    entered = last_said(viewer=viewer, object_ids=[one.public_id for one in first], field="delivered_at")
    for one in first:
        assert one.delivered_at is not None, "only what was delivered waits"
        latest[one.pk] = max(one.delivered_at, entered.get(one.public_id, one.recorded_at))
    return latest


def _calendars(viewer: Actor, practices: Iterable[LinkPractice]) -> dict[int | None, BusinessCalendar]:
    """In whose hours silence runs, by key of the calendar; under None that of the organisation, else all hours."""
    from baton_analysis.facts.calendars import always_open  # when it is counted: a server that starts needs none

    home = default_calendar(viewer=viewer)
    named = {one.calendar for one in practices if one.calendar is not None}
    counted: dict[int | None, BusinessCalendar] = {}
    for key, calendar in business_calendars_of([*named, *([home] if home is not None else [])]).items():
        counted[key] = calendar
    counted[None] = counted[home.pk] if home is not None else always_open(settings.TIME_ZONE)
    return counted


def _after(calendar: BusinessCalendar, starts: Sequence[datetime], hours: int) -> list[datetime]:
    from baton_analysis.facts.calendars import due_at

    ends = due_at(calendar, list(starts), float(hours * HOUR))
    return [end.replace(tzinfo=UTC) for end in ends.astype("datetime64[us]").tolist()]
