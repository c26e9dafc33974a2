"""Complaints are received, corrected, given to who looks into them; the customer's data are destroyed."""

from __future__ import annotations

from dataclasses import fields
from datetime import datetime
from typing import TYPE_CHECKING

from dateutil.relativedelta import relativedelta
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction
from django.urls import reverse

from baton.chain import queries as chain
from baton.chain.policy import standing_of
from baton.chain.queries.group_chats import leaders_of
from baton.core.actors import Actor
from baton.core.audit import vault
from baton.core.audit.trail import Trail, change
from baton.core.changes import next_number, notify
from baton.core.database.scrubbing import scrub
from baton.core.days import day_of
from baton.core.errors import Forbidden, NotFound, Refused, TooLong
from baton.core.given import words_given
from baton.core.policy import demand
from baton.core.queries import colleagues, people_holding
from baton.core.rules import Role
from baton.core.texts import clean_text
from baton.feedback import policy
from baton.feedback.changes.checks import reason_given
from baton.feedback.models import Complaint, ComplaintStep
from baton.feedback.models.complaints import COMPLAINT_STATES
from baton.feedback.queries.complaints import PERSONAL, customers_to_forget, sees_complaint
from baton.feedback.rules.complaints import (
    ACTS_FROM,
    CUSTOMER_KEPT_YEARS,
    EMAIL_LENGTH,
    NAME_LENGTH,
    NUMBER_LENGTH,
    OVER,
    PRODUCT_LENGTH,
    WORDS_LENGTH,
    Channel,
    ComplaintAct,
    ComplaintGiven,
    ComplaintState,
    Matter,
    Urgency,
)
from baton.handoffs.queries.sight import handoff as handoff_in_sight
from baton_analysis.errors import gettext_noop

if TYPE_CHECKING:
    from collections.abc import Iterable

    from baton.chain.models import Link, Party
    from baton.core.models import Person
    from baton.handoffs.models import Handoff

NUMBER_PREFIX = "CO"
COMPLAINT_TOPIC = "feedback.complaint_received"
FORGET_COMPLAINANTS_JOB = "feedback.forget_complainants"
_LENGTHS = {
    "customer_name": NAME_LENGTH, "customer_number": NUMBER_LENGTH, "telephone": NUMBER_LENGTH, "email": EMAIL_LENGTH,
    "product": PRODUCT_LENGTH, "model": NAME_LENGTH, "lot": NAME_LENGTH, "invoice": NAME_LENGTH,
}  # fmt: skip


def receive_complaint(
    *, by: Actor, at: datetime, given: ComplaintGiven, link: Link | None = None, supplier: Party | None = None,
    customer: Party | None = None, handoff: Handoff | None = None, received_by: Person | None = None,
) -> Complaint:  # fmt: skip
    """Take down what a customer, inside or outside, complains of, and tell who is to look into it.

    Of a ``link`` the supplier and the customer are its sides. ``supplier`` None: nobody knows yet whose work it is
    about, and the quality manager is told. ``received_by`` None: ``by``. Refused: texts that are empty or too long, a
    moment in the future, a day of shipping after it, a customer of whom nothing is known, a handoff of another link.
    """
    with change(by=by, at=at) as trail:
        demand(policy.may_receive_complaints(by))
        taken_by = received_by or by.person
        if taken_by is None:
            raise Forbidden
        row = Complaint(
            number=next_number(prefix=NUMBER_PREFIX, at=at), received_by=taken_by, state=ComplaintState.RECEIVED
        )
        put_sides(trail, row, link=link, supplier=supplier, customer=customer, handoff=handoff)
        fill_in(row, given, at)
        saved = trail.save(row, "complaint.received")
        tell_of(trail, saved, COMPLAINT_TOPIC, who_investigates(trail, saved))
        return saved


def correct_complaint(
    *, by: Actor, at: datetime, complaint: Complaint, given: ComplaintGiven, expected_seq: int | None = None
) -> Complaint:
    """Correct what was taken down, as long as the cause is not signed."""
    with change(by=by, at=at) as trail:
        fresh = to_handle(trail, complaint, expected_seq)
        demand_state(fresh, ComplaintState.RECEIVED)
        fill_in(fresh, given, fresh.received_at if given.received_at is None else at)
        return trail.save(fresh, "complaint.corrected")


def route_complaint(
    *, by: Actor, at: datetime, complaint: Complaint, link: Link | None = None, supplier: Party | None = None,
    investigator: Person | None = None, expected_seq: int | None = None,
) -> Complaint:  # fmt: skip
    """Say who looks into it: whose work it is about, by the ``link`` or the ``supplier`` alone (neither: as it was),
    and the person in charge (None: who leads the supplier)."""
    with change(by=by, at=at) as trail:
        fresh = seen(trail, complaint, expected_seq)
        demand(policy.may_route_complaint(standing_of(by, day_of(at)), fresh))
        demand_act(fresh, ComplaintAct.ROUTE)
        if link is not None or supplier is not None:
            put_sides(trail, fresh, link=link, supplier=supplier, customer=fresh.customer, handoff=None)
        if investigator is not None and not investigator.is_active:
            raise Refused(
                field="investigator",
                expected=gettext_noop("Expected somebody who can sign in."),
                found=gettext_noop("This person has left."),
                remedy=gettext_noop("Choose a colleague."),
            )
        if fresh.supplier is None and investigator is None:
            raise Refused(
                field="supplier",
                expected=gettext_noop("Expected somebody who looks into it."),
                found=gettext_noop("Neither a supplier nor a person in charge was chosen."),
                remedy=gettext_noop("Choose one of them."),
            )
        fresh.investigator = investigator
        saved = add_step(trail, fresh, ComplaintAct.ROUTE)
        tell_of(trail, saved, COMPLAINT_TOPIC, who_investigates(trail, saved))
        return saved


def forget_complainant(*, by: Actor, at: datetime, complaint: Complaint, reason: str) -> Complaint:
    """Destroy the customer's data of a complaint that is over. Cannot be undone; the case itself stays."""
    why = reason_given(reason)
    with change(by=by, at=at, reason=why) as trail:
        fresh = seen(trail, complaint, None)
        demand(policy.may_forget_complainant(by))
        demand_state(fresh, *sorted(OVER))
        return _forgotten(trail, fresh)


def forget_old_complainants(*, by: Actor, at: datetime) -> int:
    """Destroy the customers' data of complaints that have been over for years; returns of how many."""
    due = customers_to_forget(viewer=by, before=at - relativedelta(years=CUSTOMER_KEPT_YEARS))
    for one in due:
        with change(by=by, at=at) as trail:
            _forgotten(trail, trail.lock(Complaint, one))
    return len(due)


def _forgotten(trail: Trail, complaint: Complaint) -> Complaint:
    """The complaint, locked, without the customer's data; their key goes, too."""
    for name in PERSONAL:
        setattr(complaint, name, "")
    complaint.forgotten_at = complaint.forgotten_at or trail.at
    forgotten = trail.save(complaint, "complaint.forgotten", step="forgotten")
    vault.destroy(complaint.public_id)
    tables = ("feedback_complaint", "core_subjectkey", "core_personalvalue")
    transaction.on_commit(lambda: scrub(*tables), robust=True)
    return forgotten


def put_sides(
    trail: Trail, row: Complaint, *, link: Link | None, supplier: Party | None, customer: Party | None,
    handoff: Handoff | None,
) -> None:  # fmt: skip
    """Put link, sides and handoff into a complaint, all of them in sight of who enters it."""
    by, at = trail.by, trail.at
    if handoff is not None:
        held = handoff_in_sight(viewer=by, at=at, public_id=handoff.public_id)
        if link is not None and held.link_id != link.pk:
            raise Refused(
                field="handoff",
                expected=gettext_noop("Expected a handoff of the link."),
                found=gettext_noop("{number} belongs to another link."),
                remedy=gettext_noop("Choose another handoff, or leave it empty."),
                number=held.number,
            )
        link, row.handoff = held.link, held
    if link is not None:
        found = chain.link(viewer=by, at=at, public_id=link.public_id)
        row.link, row.supplier, row.customer = found, found.supplier, found.customer
        return
    row.link = row.handoff = None
    row.supplier = _party(trail, supplier)
    row.customer = _party(trail, customer) if customer is None or customer.pk != row.customer_id else customer


def fill_in(row: Complaint, given: ComplaintGiven, at: datetime) -> None:
    """Put what was typed into a complaint, cleaned; refuses what cannot be. ``at``: no moment after it is believed."""
    row.matter, row.channel = Matter(given.matter), Channel(given.channel)
    row.urgency = Urgency(given.urgency)
    row.received_at = given.received_at or at
    _check_days(row, given, at)
    for name, most in _LENGTHS.items():
        text = "" if row.forgotten_at is not None and name in PERSONAL else clean_text(getattr(given, name))
        if len(text) > most:
            raise TooLong(field=name, most=most, length=len(text))
        setattr(row, name, text)
    row.email = _email(row.email)
    row.phenomenon = words_given(
        given.phenomenon, "phenomenon", most=WORDS_LENGTH, remedy=gettext_noop("Write what the customer sees.")
    )
    if not (row.customer_name or row.customer_id or row.forgotten_at):
        raise Refused(
            field="customer_name",
            expected=gettext_noop("Expected a customer: a name, or a party of the chain."),
            found=gettext_noop("Neither was given."),
            remedy=gettext_noop("Enter how the customer is called, or choose the link or the customer."),
        )


def given_of(row: Complaint) -> ComplaintGiven:
    """What stands on a form, to be corrected."""
    values = {one.name: getattr(row, one.name) for one in fields(ComplaintGiven)}
    coded = {"matter": Matter(row.matter), "channel": Channel(row.channel), "urgency": Urgency(row.urgency)}
    return ComplaintGiven(**{**values, **coded})


def seen(trail: Trail, complaint: Complaint, expected_seq: int | None) -> Complaint:
    """The complaint, locked, if the actor reads it."""
    if not sees_complaint(viewer=trail.by, at=trail.at, public_id=complaint.public_id):
        raise NotFound
    return trail.lock(Complaint, complaint, expected_seq=expected_seq)


def to_handle(trail: Trail, complaint: Complaint, expected_seq: int | None) -> Complaint:
    """The complaint, locked, if the actor handles it."""
    fresh = seen(trail, complaint, expected_seq)
    demand(policy.may_handle_complaint(standing_of(trail.by, day_of(trail.at)), fresh))
    return fresh


def demand_act(complaint: Complaint, act: ComplaintAct) -> None:
    """Refused where the act leads out of another state."""
    demand_state(complaint, *(state for state in ComplaintState if state in ACTS_FROM[act]))


def demand_state(complaint: Complaint, *states: ComplaintState) -> None:
    """Refused in any other state."""
    if ComplaintState(complaint.state) not in states:
        raise Refused(
            expected=gettext_noop("Expected a complaint of another state: {states}."),
            found=gettext_noop("It is: {state}."),
            remedy=gettext_noop("Load the page again to see what became of it."),
            states=" / ".join(str(COMPLAINT_STATES[one]) for one in states),
            state=str(complaint.get_state_display()),
        )


def add_step(
    trail: Trail, complaint: Complaint, act: ComplaintAct, *, words: str = "", channel: Channel | None = None,
    happened_at: datetime | None = None, state: ComplaintState | None = None,
) -> Complaint:  # fmt: skip
    """The step, kept beside the complaint, and the ``state`` to which it leads (None: as it was)."""
    person = trail.by.person
    if person is None:
        raise Forbidden
    step = ComplaintStep(
        complaint=complaint, act=act, person=person, words=words, happened_at=happened_at or trail.at,
        channel=channel or "",
    )  # fmt: skip
    trail.save(step, f"complaint_step.{act}")
    complaint.told_at, complaint.state = None, state or complaint.state
    return trail.save(complaint, f"complaint.{act}", step=step.public_id)


def who_investigates(trail: Trail, complaint: Complaint) -> list[Person]:
    """Who is to find the cause: the person in charge, else who leads the supplier, else the quality managers."""
    if complaint.investigator is not None:
        return [complaint.investigator]
    led_by = list(leaders_of(complaint.supplier.public_id, trail.at)) if complaint.supplier is not None else []
    return led_by or quality_managers(trail)


def quality_managers(trail: Trail) -> list[Person]:
    """Those who hold this role."""
    keys = people_holding(viewer=trail.by, at=trail.at, role=Role.QUALITY_MANAGER)
    return list(colleagues(viewer=trail.by).filter(pk__in=keys).order_by("pk"))


def tell_of(trail: Trail, complaint: Complaint, topic: str, people: Iterable[Person]) -> None:
    """Tell them, but for who does it, that something happened to a complaint; never whose it is or in which words."""
    own = trail.by.person
    for person in {one.pk: one for one in people if own is None or one.pk != own.pk}.values():
        notify(
            by=trail.by, at=trail.at, person=person, topic=topic, values={"number": complaint.number},
            address=reverse("complaints:complaint", args=[complaint.public_id]),
            shows=[(Complaint.kind, complaint.public_id)],
        )  # fmt: skip


def _party(trail: Trail, party: Party | None) -> Party | None:
    if party is None:
        return None
    return chain.party(viewer=trail.by, at=trail.at, public_id=party.public_id)


def _check_days(row: Complaint, given: ComplaintGiven, at: datetime) -> None:
    if row.received_at > at:
        raise Refused(
            field="received_at",
            expected=gettext_noop("Expected a moment that is past: a complaint is entered once it came."),
            found=gettext_noop("Found {day}."),
            remedy=gettext_noop("Correct the day."),
            day=day_of(row.received_at).isoformat(),
        )
    if given.shipped_on is not None and given.shipped_on > day_of(row.received_at):
        raise Refused(
            field="shipped_on",
            expected=gettext_noop("Expected a day of shipping until the day of the complaint, {received}."),
            found=gettext_noop("Found {day}."),
            remedy=gettext_noop("Correct one of the days, or leave the day of shipping empty."),
            received=day_of(row.received_at).isoformat(),
            day=given.shipped_on.isoformat(),
        )
    row.shipped_on = given.shipped_on


def _email(raw: str) -> str:
    try:
        if raw:
            validate_email(raw)
    except ValidationError as wrong:
        raise Refused(
            field="email",
            expected=gettext_noop("Expected an address such as name@example.org."),
            remedy=gettext_noop("Correct it, or leave it empty."),
        ) from wrong
    return raw
