"""The register of expectations, and which of them nobody has confirmed for long."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from django.core.paginator import Page
from django.db.models import Q, QuerySet

from baton.chain import queries as chain
from baton.chain.policy import sight_of, standing_of
from baton.chain.queries.lists import page_of
from baton.core.actors import Actor
from baton.core.days import day_of
from baton.core.errors import NotFound
from baton.core.policy import may_use
from baton.core.texts import clean_text
from baton.feedback import policy
from baton.feedback.models import Expectation
from baton.feedback.rules.expectations import stale_before

PAGE_ROWS = 50
PANEL_ROWS = 5
_WITH = ("link__supplier", "link__customer", "link__output")


@dataclass(frozen=True, slots=True)
class ExpectationFilters:
    """Which expectations a list shows. ``show``: ``open`` (that hold), ``stale``, ``all``. ``party`` is the public id
    of either side, ``link`` of the link; empty: any."""

    show: str = "open"
    party: str = ""
    link: str = ""


def expectations_in_sight(*, viewer: Actor, at: datetime) -> QuerySet[Expectation]:
    """The expectations of links in sight."""
    if not may_use(viewer):
        return Expectation.objects.none()
    rows = Expectation.objects.select_related(*_WITH)
    if sight_of(viewer, day_of(at)).sees_all_links:
        return rows
    return rows.filter(link__in=chain.links_in_sight(viewer=viewer, at=at).values("pk"))


def expectation(*, viewer: Actor, at: datetime, public_id: str) -> Expectation:
    """One of them; NotFound for any other."""
    found = expectations_in_sight(viewer=viewer, at=at).filter(public_id=public_id[:16]).first()
    if found is None:
        raise NotFound
    return found


def listed_expectations(*, viewer: Actor, at: datetime, filters: ExpectationFilters) -> QuerySet[Expectation]:
    """Those that a list shows: what was confirmed longest ago at the top."""
    rows = expectations_in_sight(viewer=viewer, at=at)
    if filters.party:
        asked = clean_text(filters.party)[:16]
        rows = rows.filter(Q(link__supplier__public_id=asked) | Q(link__customer__public_id=asked))
    if filters.link:
        rows = rows.filter(link__public_id=clean_text(filters.link)[:16])
    if filters.show != "all":
        rows = rows.filter(ended_at__isnull=True)
    if filters.show == "stale":
        rows = rows.filter(confirmed_on__lt=stale_before(day_of(at)))
    return rows.order_by("confirmed_on", "pk")


def expectation_page(
    *, viewer: Actor, at: datetime, filters: ExpectationFilters, page: int | str = 1
) -> Page[Expectation]:
    """A page of them."""
    return page_of(listed_expectations(viewer=viewer, at=at, filters=filters), page, rows_a_page=PAGE_ROWS)


def may_keep(*, viewer: Actor, at: datetime, link: str) -> bool:
    """Whether the viewer enters, confirms and ends expectations of a link (public id) that he sees."""
    found = chain.link(viewer=viewer, at=at, public_id=link)
    return policy.may_keep_expectations(standing_of(viewer, day_of(at)), found)


def stale_ones(*, today: date) -> dict[str, list[Expectation]]:
    """The expectations that nobody has confirmed for long and of which the supplier was not told, by his public id."""
    rows = Expectation.objects.filter(
        ended_at__isnull=True, told_at__isnull=True, confirmed_on__lt=stale_before(today), link__ended_on__isnull=True
    )
    found: dict[str, list[Expectation]] = {}
    for one in rows.select_related("link__supplier").order_by("link__supplier__public_id", "pk"):
        found.setdefault(one.link.supplier.public_id, []).append(one)
    return found


def expectation_called(public_id: str) -> Mapping[str, str]:
    """What is expected, by language; for who sees it."""
    words: Mapping[str, str] = Expectation.objects.get(public_id=public_id).words
    return words


def link_of(public_id: str) -> str:
    """Public id of the link on which it is expected."""
    return str(Expectation.objects.values_list("link__public_id", flat=True).get(public_id=public_id))
