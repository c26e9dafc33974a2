"""Standing orders: which there are, and when they are due next."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timedelta
from itertools import islice
from typing import TYPE_CHECKING

from django.db.models import QuerySet

from baton.chain import queries as chain
from baton.core.actors import Actor
from baton.core.errors import NotFound
from baton.core.policy import may_use
from baton.core.queries.calendars import business_calendar_of, default_calendar
from baton.handoffs.models import StandingOrder
from baton.handoffs.rules.standing import PREVIEWED, Off, Recurrence, days_due, first_asked, last_searched

if TYPE_CHECKING:
    from baton.core.models import WorkCalendar

HANDOFFS_ORDERS = "/handoffs/orders/"
MOST_ORDERS = 500


def orders_in_sight(*, viewer: Actor, at: datetime, link: str = "") -> QuerySet[StandingOrder]:
    """The standing orders of the links that the viewer sees, or of one of them (public id); those that have ended
    last."""
    seen = chain.links_in_sight(viewer=viewer, at=at) if may_use(viewer) else None
    if seen is None:
        return StandingOrder.objects.none()
    rows = StandingOrder.objects.filter(link__in=seen.values("pk"))
    if link:
        rows = rows.filter(link__public_id=link)
    return rows.select_related("link__supplier", "link__customer", "link__output").order_by(
        "ended_at", "link__number", "name", "pk"
    )


def standing_order(*, viewer: Actor, at: datetime, public_id: str) -> StandingOrder:
    """One standing order; :class:`NotFound` also where the viewer does not see its link."""
    found = orders_in_sight(viewer=viewer, at=at).filter(public_id=public_id).select_related("calendar").first()
    if found is None:
        raise NotFound
    return found


def next_due(*, viewer: Actor, at: datetime, recurrence: Recurrence, calendar: WorkCalendar | None) -> list[datetime]:
    """When something recurring is due the next times: the first :data:`PREVIEWED` moments from ``at`` on. Holidays are
    those of ``calendar``, else of the organisation's."""
    first = max(recurrence.first_due_after(at), recurrence.starts_on)
    last = last_searched(first)
    works = working_days(viewer=viewer, calendar=calendar, first=first, last=last, off=recurrence.off)
    moments = (recurrence.due_at(day) for _named, day in days_due(recurrence, first=first, last=last, works=works))
    return list(islice((moment for moment in moments if moment >= at), PREVIEWED))


def working_days(
    *, viewer: Actor, calendar: WorkCalendar | None, first: date, last: date, off: Off
) -> Callable[[date], bool]:
    """Whether a calendar, else the organisation's, opens on a day from ``first``, or before it where days are moved, to
    some weeks after ``last``; where there is none, or nobody asks, every day is one."""
    held = calendar or default_calendar(viewer=viewer)
    if held is None or off is Off.KEEP:
        return lambda _day: True
    from baton_analysis.facts.calendars import is_business_day  # when it is counted: a server that starts needs none

    begun = first_asked(first, off)
    days = [begun + timedelta(days=ahead) for ahead in range((last - begun).days + 100)]
    known = is_business_day(business_calendar_of(held), [(day - date(1970, 1, 1)).days for day in days])
    opened = {day for day, opens in zip(days, known.tolist(), strict=True) if opens}
    return opened.__contains__
