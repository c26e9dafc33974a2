"""Somebody of an outside party confirms minutes, or signs an edition of a plan, through a task link."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from django.urls import reverse

from baton.agreements import policy
from baton.agreements.changes.confirming import confirmed, refusal_to_confirm
from baton.agreements.changes.signing import Signer, demand_outside, for_the_party, refusal
from baton.agreements.changes.telling_reviews import OUTSIDE_OBJECTED_TOPIC
from baton.agreements.models import PlanEdition, ReviewMeeting
from baton.agreements.queries.confirming import Confirmed, is_open, link_of, party_on, sides_confirmed
from baton.agreements.rules import Objection, Side
from baton.chain.policy import standing_of
from baton.chain.queries.discussing import link_called
from baton.chain.queries.group_chats import leaders_of
from baton.core.actors import Actor
from baton.core.audit.trail import Trail, change
from baton.core.changes import MadeLink, make_task_link, notify, withdraw_task_link
from baton.core.days import day_of
from baton.core.errors import NotFound
from baton.core.policy import demand
from baton.core.signing_rules import Grade

if TYPE_CHECKING:
    from baton.core.models import Signature, TaskLink

MINUTES_TASK = "agreements.minutes"
EDITION_TASK = "agreements.plan_edition"
_MODELS: dict[str, type[ReviewMeeting] | type[PlanEdition]] = {MINUTES_TASK: ReviewMeeting, EDITION_TASK: PlanEdition}


def ask_to_confirm(
    *, by: Actor, at: datetime, record: Confirmed, side: Side, digest: str, name: str, days: int, email: str = "",
    language: str = "",
) -> MadeLink:  # fmt: skip
    """Ask somebody of an outside party to confirm the minutes of a closed meeting, or to sign an edition, with a task
    link. For who plans meetings of the link. See :func:`baton.core.changes.make_task_link`."""
    with change(by=by, at=at) as trail:
        held = trail.lock(type(record), record)
        demand(policy.may_write(standing_of(by, day_of(at)), link_of(held)))
        _demand_wanted(trail, held, side)
        task = EDITION_TASK if isinstance(held, PlanEdition) else MINUTES_TASK
        return make_task_link(
            by=by, at=at, task=task, public_id=held.public_id, digest=digest, name=name, days=days, side=side,
            email=email, language=language,
        )  # fmt: skip


def withdraw_from_confirming(*, by: Actor, at: datetime, link: TaskLink) -> TaskLink:
    """Take a task link back that was not used."""
    with change(by=by, at=at) as trail:
        record = _record_of(trail, link)
        demand(policy.may_write(standing_of(by, day_of(at)), link_of(record)))
        return withdraw_task_link(by=by, at=at, link=link)


def confirm_through_link(*, by: Actor, at: datetime, link: TaskLink, digest: str, name: str) -> Signature:
    """Within the change of the core that uses up a task link: whom it was sent to signs for his side."""
    with change(by=by, at=at) as trail:
        record, side = _record_of(trail, link), Side(link.side)
        _demand_wanted(trail, record, side)
        capacity = for_the_party(party_on(link_of(record), side))
        return confirmed(trail, record, side, digest, Signer(Grade.TASK_LINK, name=name), capacity).signature


def object_to_confirming(*, by: Actor, at: datetime, link: TaskLink, about: str = "") -> None:
    """Within that change: he says what speaks against it. It stands beside the signatures; minutes that stand still are
    not changed by it. Who asked is told, and who leads the two sides."""
    with change(by=by, at=at) as trail:
        record = _record_of(trail, link)
        of_link = link_of(record)
        told = {
            one.pk: one for party in (of_link.supplier, of_link.customer) for one in leaders_of(party.public_id, at)
        }
        if link.made_by is not None and link.made_by.is_active:
            told[link.made_by.pk] = link.made_by
        for person in told.values():
            notify(
                by=by, at=at, person=person, topic=OUTSIDE_OBJECTED_TOPIC,
                values={"what": str(record), "link": link_called(of_link.public_id)}, address=_page_of(record),
                shows=[(record.kind, record.public_id)],
            )  # fmt: skip


def _record_of(trail: Trail, link: TaskLink) -> Confirmed:
    """The meeting or the edition, locked, that a task link is about."""
    model = _MODELS.get(link.task)
    found = model._default_manager.filter(public_id=link.object_id).first() if model is not None else None
    if found is None:
        raise NotFound
    return trail.lock(type(found), found)


def _demand_wanted(trail: Trail, record: Confirmed, side: Side) -> None:
    """Refuse what nobody signs yet, a party whose people sign in, and a side that has signed."""
    if not is_open(record):
        raise refusal_to_confirm(record, side, Objection.NOT_PROPOSED)
    demand_outside(party_on(link_of(record), side))
    signed = {one.side for one in sides_confirmed(viewer=trail.by, at=trail.at, record=record) if one.standing}
    if side in signed:
        raise refusal(Objection.SIGNED)


def _page_of(record: Confirmed) -> str:
    name = "plan_edition" if isinstance(record, PlanEdition) else "review"
    return reverse(f"agreements:{name}", args=[record.public_id])
