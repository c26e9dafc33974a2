"""Who has confirmed the minutes of a meeting or signed an edition of a plan, and what exactly is signed of both."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from baton.agreements import policy
from baton.agreements.models import AgendaItem, Confirmation, Decision, MeetingPerson, PlanEdition, ReviewMeeting
from baton.agreements.rules import Objection, Side
from baton.agreements.rules.reviews import MeetingState
from baton.chain.policy import standing_of
from baton.chain.queries.discussing import link_called
from baton.chain.rules import OUTSIDE
from baton.core.actors import Actor
from baton.core.audit.values import plain
from baton.core.days import day_of
from baton.core.queries import SignatureStanding, signatures_of_several

if TYPE_CHECKING:
    from baton.chain.models import Link, Party

Confirmed = ReviewMeeting | PlanEdition
_LINK = ("link__supplier", "link__customer", "link__output")


@dataclass(frozen=True, slots=True)
class SideConfirmed:
    """One side: its party, its signature (None: not yet), why the viewer may not sign for it (None: he may), and
    whether he may ask somebody of it, an outside party, by task link (``asks``)."""

    side: Side
    party: Party
    standing: SignatureStanding | None
    objection: Objection | None
    asks: bool


def link_of(record: Confirmed) -> Link:
    """The link to which the meeting or the plan belongs."""
    return record.link if isinstance(record, ReviewMeeting) else record.plan.link


def party_on(link: Link, side: Side) -> Party:
    """The party on a side of the link."""
    return link.supplier if side is Side.SUPPLIER else link.customer


def sides_confirmed(*, viewer: Actor, at: datetime, record: Confirmed) -> list[SideConfirmed]:
    """Both sides of a meeting or an edition that the viewer has read. Two queries where somebody has signed."""
    link, given = link_of(record), _given(viewer, record)
    own = viewer.person.pk if viewer.person is not None else None
    mine = {side for side, standing in given.items() if own is not None and standing.signature.person_id == own}
    standing = standing_of(viewer, day_of(at))
    speaks_for, may_ask = policy.speaks_for(standing, link), is_open(record) and policy.may_write(standing, link)
    return [
        SideConfirmed(
            side, party, given.get(side), _objection(record, side, speaks_for, given, mine),
            asks=may_ask and party.party_kind in OUTSIDE and side not in given,
        )
        for side, party in ((side, party_on(link, side)) for side in Side)
    ]  # fmt: skip


def _objection(
    record: Confirmed, side: Side, speaks_for: Collection[Side], given: Collection[Side], mine: Collection[Side]
) -> Objection | None:
    """Why somebody who ``speaks_for`` these sides may not sign for ``side``; ``given`` are those that have signed,
    ``mine`` those for which he did."""
    if not is_open(record):
        return Objection.NOT_PROPOSED
    if side not in speaks_for:
        return Objection.NOT_HIS
    if side in given:
        return Objection.SIGNED
    return Objection.OTHER_SIDE if side.other in mine else None


def is_open(record: Confirmed) -> bool:
    """Whether it is there to be signed: minutes once the meeting is closed, an edition always."""
    return isinstance(record, PlanEdition) or record.state == MeetingState.HELD


def _given(viewer: Actor, record: Confirmed) -> dict[Side, SignatureStanding]:
    of_it = {"meeting": record} if isinstance(record, ReviewMeeting) else {"edition": record}
    signed = {one.signature_id: Side(one.side) for one in Confirmation.objects.filter(**of_it)}
    if not signed:
        return {}
    found = signatures_of_several(viewer=viewer, kind=record.kind, public_ids=[record.public_id])
    return {signed[one.signature.pk]: one for one in found.get(record.public_id, []) if one.signature.pk in signed}


def contents_of_minutes(*, viewer: Actor, public_ids: Collection[str]) -> dict[str, dict[str, Any]]:
    """What exactly is signed of the minutes of each of these meetings. People stand in it by their ids, so that a name
    that is forgotten voids nothing. The caller has made sure that ``viewer`` may see them."""
    rows = ReviewMeeting.objects.filter(public_id__in=public_ids).select_related(*_LINK, "led_to")
    return {one.public_id: _minutes(one) for one in rows}


def _minutes(meeting: ReviewMeeting) -> dict[str, Any]:
    people = MeetingPerson.objects.filter(meeting=meeting, removed_at__isnull=True).select_related("person")
    items = AgendaItem.objects.filter(meeting=meeting).select_related("carried_from").order_by("position", "pk")
    decisions = Decision.objects.filter(meeting=meeting).select_related("owner", "item").order_by("pk")
    said = {
        "number": meeting.number, "link": meeting.link.number, "supplier": meeting.link.supplier.number,
        "customer": meeting.link.customer.number, "starts_at": meeting.starts_at, "ends_at": meeting.ends_at,
        "place": meeting.place, "outcome": meeting.outcome, "outcome_reason": meeting.outcome_reason,
        "led_to": meeting.led_to.public_id if meeting.led_to is not None else "",
        "people": [
            [one.person.public_id if one.person is not None else one.public_id, one.side, one.attendance]
            for one in people.order_by("pk")
        ],
        "items": [
            [one.topic, one.about, one.title, one.facts, one.minutes, one.fate] for one in items
        ],
        "decisions": [
            [one.words, one.owner.public_id, one.due_on, one.item.public_id if one.item is not None else ""]
            for one in decisions
        ],
    }  # fmt: skip
    return {name: plain(value) for name, value in said.items()}


def contents_of_editions(*, viewer: Actor, public_ids: Collection[str]) -> dict[str, dict[str, Any]]:
    """What exactly is signed of each of these editions. The caller has made sure that ``viewer`` may see them."""
    rows = PlanEdition.objects.filter(public_id__in=public_ids).select_related("plan__link")
    return {
        one.public_id: {
            "plan": one.plan.number, "link": one.plan.link.number, "edition": one.edition, "content": one.content,
        }
        for one in rows
    }  # fmt: skip


def names_of_minutes(*, viewer: Actor, public_ids: Collection[str]) -> dict[str, dict[str, str]]:
    """What people call the minutes of each meeting, by language. The caller has made sure that ``viewer`` may see
    them."""
    rows = ReviewMeeting.objects.filter(public_id__in=public_ids).select_related("link")
    return {
        one.public_id: {code: f"{one.number} · {text}" for code, text in link_called(one.link.public_id).items()}
        for one in rows
    }


def names_of_editions(*, viewer: Actor, public_ids: Collection[str]) -> dict[str, dict[str, str]]:
    """What people call each edition, by language. The caller has made sure that ``viewer`` may see them."""
    rows = PlanEdition.objects.filter(public_id__in=public_ids).select_related("plan__link")
    return {
        one.public_id: {code: f"{one} · {text}" for code, text in link_called(one.plan.link.public_id).items()}
        for one in rows
    }
