"""What whoever leads a workshop does: begin it, take it from stage to stage, ask people to come, give a new address."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from django.urls import reverse

from baton.agreements.changes.drafts import Text, text_to_edit
from baton.agreements.changes.workshops.boards import moved, to_lead
from baton.agreements.models import Agreement, OfferVersion, Workshop
from baton.agreements.models.workshops import secret_digest
from baton.agreements.rules import Side
from baton.agreements.rules.workshops import (
    DOTS,
    DOTS_RANGE,
    HOURS,
    HOURS_RANGE,
    MINUTES,
    MINUTES_RANGE,
    MOST_INVITED,
    Stage,
    neighbours,
)
from baton.chain import queries as chain
from baton.chain.queries.discussing import link_called
from baton.chain.queries.group_chats import leaders_of, people_in
from baton.core.actors import Actor
from baton.core.audit.trail import Trail, change
from baton.core.changes import next_number, notify
from baton.core.errors import Refused
from baton.core.policy import may_see_object
from baton.core.queries import roles_of
from baton_analysis.errors import gettext_noop

if TYPE_CHECKING:
    from baton.core.models import Person

INVITED_TOPIC = "agreements.workshop"
_ASKING = Actor.system("workshops")


def begin_workshop(
    *, by: Actor, at: datetime, version: Text, minutes: int = MINUTES, dots: int = DOTS,
    hours: int = HOURS, everybody_sorts: bool = False, invited_supplier: int = 0, invited_customer: int = 0,
) -> Workshop:  # fmt: skip
    """Begin a workshop about a draft of an agreement or of a service offer, or about a version in consultation, which
    has no other one. Its address and code work for so many ``hours``."""
    with change(by=by, at=at) as trail:
        version = text_to_edit(trail, version)
        if (other := version.workshops.filter(closed_at__isnull=True).first()) is not None:
            raise Refused(
                expected=gettext_noop("Expected a version without another workshop."),
                found=gettext_noop("{number} is not closed."),
                remedy=gettext_noop("Go on with that one, or close it first."),
                number=other.number,
            )
        workshop = Workshop(
            number=next_number(prefix="W", at=at), led_by=by.person, stage_began_at=at,
            everybody_sorts=everybody_sorts,
        )  # fmt: skip
        if isinstance(version, OfferVersion):
            workshop.offer_version = version
        else:
            workshop.version = version
        _set_numbers(workshop, minutes, dots, invited_supplier, invited_customer)
        _open_door(workshop, at, hours)
        return trail.save(workshop, "workshop.begun")


def change_workshop(
    *, by: Actor, at: datetime, workshop: Workshop, minutes: int, dots: int, everybody_sorts: bool,
    invited_supplier: int, invited_customer: int, expected_seq: int | None = None,
) -> Workshop:  # fmt: skip
    """Other time box, dots or numbers of invited people. Dots stay as they are once some are laid."""
    with change(by=by, at=at) as trail:
        fresh = to_lead(trail, workshop, expected_seq)
        if dots != fresh.dots and fresh.dots_laid.exists():
            raise Refused(
                field="dots",
                expected=gettext_noop("Expected {dots} dots, as they were when the vote began."),
                found=gettext_noop("Found {asked}."),
                remedy=gettext_noop("Leave them; another number would make some votes weigh more than others."),
                dots=fresh.dots,
                asked=dots,
            )
        fresh.everybody_sorts = everybody_sorts
        _set_numbers(fresh, minutes, dots, invited_supplier, invited_customer)
        return _saved(trail, fresh, "workshop.changed")


def set_stage(
    *, by: Actor, at: datetime, workshop: Workshop, stage: Stage, expected_seq: int | None = None
) -> Workshop:
    """Go on to the next stage, or back to the one before. Of two who do so at once the second is told."""
    with change(by=by, at=at) as trail:
        fresh = to_lead(trail, workshop, expected_seq)
        if stage not in neighbours(Stage(fresh.stage)):
            raise Refused(
                expected=gettext_noop("Expected the stage after “{stage}”, or the one before."),
                remedy=gettext_noop("Go step by step; what was written stays."),
                stage=fresh.get_stage_display(),
            )
        fresh.stage, fresh.stage_began_at = stage, at
        if fresh.began_at is None and stage is not Stage.JOIN:
            fresh.began_at = at
        return _saved(trail, fresh, "workshop.stage_set")


def renew_address(
    *, by: Actor, at: datetime, workshop: Workshop, hours: int = HOURS, expected_seq: int | None = None
) -> Workshop:
    """A new address and code, for so many hours from now on; the ones before open nothing any more. Who has joined
    keeps his seat, and comes in by the new address."""
    with change(by=by, at=at) as trail:
        fresh = to_lead(trail, workshop, expected_seq)
        fresh.door += 1
        _open_door(fresh, at, hours)
        return _saved(trail, fresh, "workshop.address_renewed")


def invite_to_workshop(*, by: Actor, at: datetime, workshop: Workshop) -> int:
    """Tell the members of both sides that they are asked to come, and count them as invited where fewer were said. Of
    the customers of a service offer those who lead them are told, and choose who comes. Returns how many were told. Who
    comes is written nowhere."""
    with change(by=by, at=at) as trail:
        fresh = to_lead(trail, workshop)
        called = _what_it_is_called(fresh)
        told = 0
        for side, people in _to_invite(fresh, at).items():
            asked = [person for person in people if _tell(trail, fresh, person, called)]
            here = [person for person in people if person == by.person]
            name = f"invited_{side}"
            setattr(fresh, name, max(getattr(fresh, name), len(asked) + len(here)))
            told += len(asked)
        _saved(trail, fresh, "workshop.invited", told=told)
        return told


def _to_invite(workshop: Workshop, at: datetime) -> dict[Side, list[Person]]:
    """Who is told, by side, each once."""
    staff = list(people_in(workshop.supplier.public_id, at))
    if workshop.customer is not None:
        return {Side.SUPPLIER: staff, Side.CUSTOMER: list(people_in(workshop.customer.public_id, at))}
    links = chain.links_in_sight(viewer=_ASKING, at=at).filter(
        supplier=workshop.supplier, output=workshop.output, ended_on__isnull=True
    )
    customers = sorted(set(links.values_list("customer__public_id", flat=True)))
    leaders = {person.pk: person for one in customers for person in leaders_of(one, at)}
    return {Side.SUPPLIER: staff, Side.CUSTOMER: list(leaders.values())}


def _what_it_is_called(workshop: Workshop) -> tuple[str, Mapping[str, str], tuple[str, str]]:
    """Number and name of what the workshop is about, and the record that a reader must see to be told of it."""
    if workshop.version is not None:
        agreement = workshop.version.agreement
        shows = (Agreement.kind, agreement.public_id)
        return agreement.number, link_called(agreement.link.public_id), shows
    assert workshop.offer_version is not None  # a constraint of the database
    offer = workshop.offer_version.offer
    return offer.number, offer.name, (Workshop.kind, workshop.public_id)


def _tell(
    trail: Trail, workshop: Workshop, person: Person, called: tuple[str, Mapping[str, str], tuple[str, str]]
) -> bool:
    """Tell one person; not whoever asks, and nobody who may not know of it."""
    number, name, shows = called
    if person == trail.by.person or not may_see_object(Actor(person, roles_of(person, trail.at)), *shows):
        return False
    notify(
        by=trail.by, at=trail.at, person=person, topic=INVITED_TOPIC, values={"number": number, "link": name},
        address=reverse("agreements:workshop", args=[workshop.public_id]), shows=[shows],
    )  # fmt: skip
    return True


def _saved(trail: Trail, workshop: Workshop, action: str, **detail: object) -> Workshop:
    saved = trail.save(workshop, action, **detail)
    moved(saved)
    return saved


def _open_door(workshop: Workshop, at: datetime, hours: int) -> None:
    if hours not in HOURS_RANGE:
        raise _outside("hours", HOURS_RANGE, hours)
    workshop.expires_at = at + timedelta(hours=hours)
    workshop.token_digest = secret_digest(workshop.token())
    workshop.code_digest = secret_digest(workshop.code())


def _set_numbers(workshop: Workshop, minutes: int, dots: int, invited_supplier: int, invited_customer: int) -> None:
    invited = range(MOST_INVITED + 1)
    for name, value, allowed in (
        ("minutes", minutes, MINUTES_RANGE), ("dots", dots, DOTS_RANGE),
        ("invited_supplier", invited_supplier, invited),
        ("invited_customer", invited_customer, invited),
    ):  # fmt: skip
        if value not in allowed:
            raise _outside(name, allowed, value)
        setattr(workshop, name, value)


def _outside(field: str, allowed: range, value: int) -> Refused:
    return Refused(
        field=field,
        expected=gettext_noop("Expected a number from {least} to {most}."),
        found=gettext_noop("Found {value}."),
        remedy=gettext_noop("Enter such a number."),
        least=allowed.start,
        most=allowed.stop - 1,
        value=value,
    )
