"""Which handoffs somebody sees: those of the links in his sight."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db.models import Prefetch, QuerySet, prefetch_related_objects

from baton.chain import queries as chain
from baton.chain.policy import sight_of
from baton.core.actors import Actor
from baton.core.days import day_of
from baton.core.errors import NotFound, Refused
from baton.core.once import once
from baton.core.policy import may_use
from baton.core.texts import clean_text
from baton.handoffs.models import DefectCode, Handoff, HandoffLine, HandoffReturn, Predecessor
from baton_analysis.errors import gettext_noop

_LINK = ("link__supplier", "link__customer", "link__output")


def with_links(rows: QuerySet[Handoff]) -> QuerySet[Handoff]:
    """Each with its link, its parties and what is handed over. Of a page of handoffs most are of the same few links:
    these are read by a query of their own, and once."""
    return rows.prefetch_related(Prefetch("link", _links()))


def load_links(handoffs: Sequence[Handoff]) -> None:
    """As :func:`with_links`, for handoffs that were read by several queries, or with what is about them: to plan one
    query over all these tables takes a database longer than to answer two."""
    prefetch_related_objects(handoffs, Prefetch("link", _links()))


def _links() -> QuerySet[Any]:
    link: Any = Handoff._meta.get_field("link").related_model
    with_parties: QuerySet[Any] = link._base_manager.select_related("supplier", "customer", "output")
    return with_parties


def handoffs_in_sight(*, viewer: Actor, at: datetime) -> QuerySet[Handoff]:
    """The handoffs of the links that the viewer sees, withdrawn ones too; none for guests."""
    if not may_use(viewer):
        return Handoff.objects.none()
    if sight_of(viewer, day_of(at)).sees_all_links:
        return Handoff.objects.all()
    return Handoff.objects.filter(link__in=chain.links_in_sight(viewer=viewer, at=at).values("pk"))


def handoff(*, viewer: Actor, at: datetime, public_id: str) -> Handoff:
    """One handoff with its link; :class:`NotFound` also where the viewer may not know of it. One query beside those of
    his sight, once a request."""
    return once(("handoffs.handoff", viewer, day_of(at), public_id), lambda: _handoff(viewer, at, public_id))


def _handoff(viewer: Actor, at: datetime, public_id: str) -> Handoff:
    # First by its id, and then whether it is in sight: of a million rows the database takes the one.
    found = Handoff.objects.filter(public_id=public_id).select_related(*_LINK, "batch").first()
    if found is None or not may_use(viewer):
        raise NotFound
    if not sight_of(viewer, day_of(at)).sees_all_links and not chain.sees_link(
        viewer=viewer, at=at, public_id=found.link.public_id
    ):
        raise NotFound
    return found


def sees_handoff(*, viewer: Actor, at: datetime, public_id: str) -> bool:
    """Whether there is such a handoff and the viewer may know of it."""
    try:
        return bool(handoff(viewer=viewer, at=at, public_id=public_id))
    except NotFound:
        return False


def handoff_return(*, viewer: Actor, at: datetime, public_id: str) -> HandoffReturn:
    """One return, by the rules of :func:`handoff`."""
    rows = HandoffReturn.objects.filter(public_id=public_id)
    found = rows.select_related("handoff", "line", "code", "contested_by", "decided_by").first()
    if found is None:
        raise NotFound
    found.handoff = handoff(viewer=viewer, at=at, public_id=found.handoff.public_id)
    return found


def codes_for(*, viewer: Actor, at: datetime, output: int | None = None) -> list[DefectCode]:
    """The defect codes in use, of all outputs and of this one (key); for who uses the organisation's pages."""
    if not may_use(viewer):
        return []
    rows = DefectCode.objects.filter(ended_on__isnull=True) | DefectCode.objects.filter(ended_on__gt=day_of(at))
    if output is not None:
        rows = rows.filter(output__isnull=True) | rows.filter(output=output)
    return list(rows.select_related("output").order_by("code", "pk"))


def numbered(*, viewer: Actor, at: datetime, number: str) -> Handoff:
    """The handoff with this spoken number, by the rules of :func:`handoff`; refused beside the field where there is
    none."""
    wanted = clean_text(number[:40]).upper()
    found = Handoff.objects.filter(number=wanted).first()
    if found is None or not sees_handoff(viewer=viewer, at=at, public_id=found.public_id):
        raise Refused(
            field="number",
            expected=gettext_noop("Expected the number of a handoff, such as HO-2026-0000001."),
            found=gettext_noop("There is none with the number {number}, or it is not shared with you."),
            remedy=gettext_noop("Look it up in the list of handoffs."),
            number=number[:40],
        )
    return found


def predecessor(*, viewer: Actor, at: datetime, public_id: str) -> Predecessor:
    """That one handoff went into another, by the rules of :func:`handoff`."""
    rows = Predecessor.objects.filter(public_id=public_id, ended_at__isnull=True)
    found = rows.select_related("handoff", "predecessor").first()
    if found is None or not sees_handoff(viewer=viewer, at=at, public_id=found.handoff.public_id):
        raise NotFound
    return found


def lines_of(*, viewer: Actor, handoff: Handoff) -> list[HandoffLine]:
    """The lines of a handoff that the viewer has before him."""
    return list(handoff.lines.order_by("position")) if may_use(viewer) else []
