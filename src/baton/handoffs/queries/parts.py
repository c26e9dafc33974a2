"""Who sees the parts of a handoff, and on which page they stand."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from django.db.models import QuerySet

from baton.chain import queries as chain
from baton.chain.policy import standing_of
from baton.chain.queries.discussing import heads_of_link, link_called
from baton.core.actors import Actor
from baton.core.days import day_of
from baton.core.errors import NotFound
from baton.core.policy import may_use
from baton.handoffs import policy
from baton.handoffs.models import (
    DefectCode,
    Handoff,
    HandoffEvent,
    HandoffLine,
    HandoffPhoto,
    HandoffReturn,
    Judgement,
    LinkPractice,
    MeasuredValue,
    Predecessor,
    StageCheck,
)
from baton.handoffs.queries.sight import handoff, sees_handoff
from baton.handoffs.rules import Side, is_released

if TYPE_CHECKING:
    from baton.core.models import Person

HANDOFFS = "/handoffs/"
PARTS: Mapping[str, Any] = {
    one.kind: one
    for one in (
        HandoffLine, HandoffEvent, HandoffReturn, HandoffPhoto, Judgement, StageCheck, MeasuredValue, Predecessor
    )
}  # fmt: skip
"""Kinds of records that stand on the page of their handoff."""


def address_of_part(kind: str) -> Callable[[str], str]:
    """The page on which a part of this kind (public id) stands."""

    def address(public_id: str) -> str:
        rows = PARTS[kind].objects.filter(public_id=public_id)
        found = rows.values_list("handoff__public_id", flat=True).first()
        return f"{HANDOFFS}{found}/" if found else HANDOFFS

    return address


def sees_part(*, viewer: Actor, at: datetime, kind: str, public_id: str) -> bool:
    """Whether there is such a part and the viewer may know of it: who sees its handoff; of a judgement who reads it
    already (:func:`baton.handoffs.policy.reads_judgement`), and everybody else once both sides do."""
    found = PARTS[kind].objects.filter(public_id=public_id).select_related("handoff").first()
    if found is None or not sees_handoff(viewer=viewer, at=at, public_id=found.handoff.public_id):
        return False
    return not isinstance(found, Judgement) or reads_judgement(viewer=viewer, at=at, judgement=found)


def reads_judgement(*, viewer: Actor, at: datetime, judgement: Judgement) -> bool:
    """Whether the viewer reads what a side judged of a handoff that he sees."""
    held = handoff(viewer=viewer, at=at, public_id=judgement.handoff.public_id)
    if policy.reads_judgement(standing_of(viewer, day_of(at)), held.link, judgement):
        return True
    times = dict(Judgement.objects.filter(handoff=held).values_list("side", "judged_at"))
    return is_released(times.get(Side.SUPPLIER.value), times.get(Side.CUSTOMER.value), held.accepted_at, at)


def practice(*, viewer: Actor, at: datetime, public_id: str) -> LinkPractice:
    """How a link deals with its handoffs; :class:`NotFound` also where the viewer does not see the link."""
    rows = LinkPractice.objects.filter(public_id=public_id).select_related("arbiter", "link")
    found = rows.first()
    if found is None or not chain.sees_link(viewer=viewer, at=at, public_id=found.link.public_id):
        raise NotFound
    return found


def practice_of(*, viewer: Actor, at: datetime, link: str) -> LinkPractice | None:
    """That of a link (public id) that the viewer sees; None where nobody has said anything."""
    held = chain.link(viewer=viewer, at=at, public_id=link)
    rows = LinkPractice.objects.filter(link=held)
    people = ("arbiter", "wanted_arbiter", "wanted_by", "proposed_by", "confirmed_by")
    return rows.select_related(*people, "calendar").first()


def address_of_practice(public_id: str) -> str:
    """The page of its link."""
    found = LinkPractice.objects.filter(public_id=public_id).values_list("link__public_id", flat=True).first()
    return f"{HANDOFFS}practice/{found}/" if found else HANDOFFS


def defect_code(*, viewer: Actor, at: datetime, public_id: str) -> DefectCode:
    """One defect code; guests see none."""
    found = DefectCode.objects.filter(public_id=public_id).select_related("output").first()
    if found is None or not may_use(viewer):
        raise NotFound
    return found


def handoff_called(public_id: str) -> Mapping[str, str]:
    """``HO-2026-0000001 · Laundry → Ward 3: clean linen``, without names of persons."""
    one = Handoff.objects.select_related("link").get(public_id=public_id)
    return {code: f"{one.number} · {text}" for code, text in link_called(one.link.public_id).items()}


def heads_of_handoff(public_id: str, day: date) -> Iterable[Person]:
    """The heads of both sides."""
    link = Handoff.objects.values_list("link__public_id", flat=True).get(public_id=public_id)
    return heads_of_link(link, day)


def defect_codes(*, viewer: Actor) -> QuerySet[DefectCode]:
    """All defect codes, ended ones too; guests see none."""
    rows = DefectCode.objects.select_related("output")
    return rows if may_use(viewer) else rows.none()
