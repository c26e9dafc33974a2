"""Handoffs that the viewer may see, as a list."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.core.paginator import Page
from django.db.models import F, Q, QuerySet

from baton.agreements.queries.sight import of_party
from baton.chain.queries.lists import ordered, page_of
from baton.core.actors import Actor
from baton.core.slices import FEW_ROWS, Slice, slice_of
from baton.core.texts import clean_text
from baton.handoffs.models import Handoff
from baton.handoffs.models.conditions import IsOpen
from baton.handoffs.queries.searching import reference_begins
from baton.handoffs.queries.sight import handoffs_in_sight, with_links
from baton.handoffs.rules import MOST_LISTED, OPEN, PAGE_ROWS, Form, Side, State

OPEN_ONES = "open"
"""Filter: handoffs that are not over."""
LATE = "late"
"""Filter: open ones that are owed though their time has passed, and those that came after it."""
EXPORT_ROWS = 500
_DAYS = date(2, 1, 1), date(9998, 12, 30)


@dataclass(frozen=True, slots=True)
class HandoffFilters:
    """What a list of handoffs shows. ``state`` is one of :class:`State`, ``open`` or ``late``; ``link`` and ``party``
    are public ids, the latter on either side, or on ``side`` alone; ``search`` the beginning of a number or reference;
    ``since`` and ``until`` days of the organisation, both included; ``order``: occurred_at, due_at, number; minus sign:
    descending."""

    search: str = ""
    state: str = ""
    link: str = ""
    party: str = ""
    side: str = ""
    form: str = ""
    since: date | None = None
    until: date | None = None
    order: str = "-number"


def handoff_page(*, viewer: Actor, at: datetime, filters: HandoffFilters, page: int | str = 1) -> Page[Handoff]:
    """A page of the list. Of more rows than :data:`MOST_LISTED` only the first are counted and paged through."""
    rows = listed_handoffs(viewer=viewer, at=at, filters=filters)
    keys = list(rows.values_list("pk", flat=True)[:MOST_LISTED])
    return page_of(rows, page, rows_a_page=PAGE_ROWS, keys=keys)


def handoffs_to_export(*, viewer: Actor, at: datetime, filters: HandoffFilters) -> Iterator[Handoff]:
    """The whole list, row by row."""
    yield from listed_handoffs(viewer=viewer, at=at, filters=filters).iterator(chunk_size=EXPORT_ROWS)


def handoff_slice(
    *, viewer: Actor, at: datetime, filters: HandoffFilters, limit: int = FEW_ROWS, cursor: str = ""
) -> Slice[Handoff]:
    """The list as programs read it, part by part."""
    rows = listed_handoffs(viewer=viewer, at=at, filters=filters)
    return slice_of(rows, asked=asdict(filters), limit=limit, cursor=cursor)


def listed_handoffs(*, viewer: Actor, at: datetime, filters: HandoffFilters) -> QuerySet[Handoff]:
    """The whole list, in its order."""
    rows = handoffs_in_sight(viewer=viewer, at=at).filter(_searched(filters.search), _in_state(filters.state, at))
    if link := clean_text(filters.link):
        rows = rows.filter(link__public_id=link)
    rows = rows.filter(_of_side(filters))
    if filters.form in set(Form):
        rows = rows.filter(form=filters.form)
    if filters.since is not None:
        rows = rows.filter(occurred_at__gte=_midnight(filters.since))
    if filters.until is not None:
        rows = rows.filter(occurred_at__lt=_midnight(filters.until, days=1))
    orders: dict[str, Any] = {"number": F("number"), "occurred_at": F("occurred_at"), "due_at": F("due_at")}
    with_link = with_links(rows)
    if filters.order.removeprefix("-") == "due_at":
        down = filters.order.startswith("-")
        return with_link.order_by(F("due_at").desc(nulls_last=True) if down else F("due_at").asc(nulls_last=True), "pk")
    return ordered(with_link, filters.order, orders, "-number")


def _searched(search: str) -> Q:
    """Those whose number or reference begins so: a million rows are not looked through word by word."""
    wanted = clean_text(search[:100])
    return reference_begins(wanted) | Q(number=wanted.upper()) if wanted else Q()


def _in_state(state: str, at: datetime) -> Q:
    if state == OPEN_ONES:
        return Q(IsOpen("state"))
    if state == LATE:
        waits = Q(state=State.DELIVERED)
        return Q(IsOpen("state"), due_at__lt=at) & (~waits | Q(delivered_at__gt=F("due_at")))
    if state in OPEN:  # of which there is an index, of the others not
        return Q(IsOpen("state"), state=state)
    return Q(state=state) if state in set(State) else Q()


def _of_side(filters: HandoffFilters) -> Q:
    party = clean_text(filters.party)
    if party and filters.side in set(Side):
        return Q(**{f"link__{filters.side}__public_id": party})
    return of_party(filters.party)


def _midnight(day: date, *, days: int = 0) -> datetime:
    """When a day begins, or one so many days after it; of days that no clock can show, the outermost ones."""
    shown = min(max(day, _DAYS[0]), _DAYS[1]) + timedelta(days=days)
    return datetime.combine(shown, time.min, tzinfo=ZoneInfo(settings.TIME_ZONE))
