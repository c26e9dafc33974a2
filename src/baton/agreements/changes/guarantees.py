"""Service guarantees are given, changed and ended; customers call them, and the calls end."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, timedelta

from django.urls import reverse

from baton.agreements import policy
from baton.agreements.changes.checks import note_given, reason_given, texts_given
from baton.agreements.models import Agreement, Guarantee, GuaranteeCall, ServiceOffer
from baton.agreements.rules.guarantees import MOST_GUARANTEES, MOST_POINTS, CallOutcome
from baton.chain.policy import sight_of, standing_of
from baton.chain.queries.discussing import link_called
from baton.chain.queries.group_chats import leaders_of
from baton.core.actors import Actor
from baton.core.audit.trail import Trail, change
from baton.core.changes import notify
from baton.core.days import day_of
from baton.core.errors import NotFound, Refused
from baton.core.policy import demand
from baton_analysis.errors import gettext_noop

CALLED_TOPIC = "agreements.guarantee_called"
LONGEST_BACK = timedelta(days=366)
"""A call is noted within a year."""


def give_guarantee(
    *, by: Actor, at: datetime, on: Agreement | ServiceOffer, promise: Mapping[str, str], remedy: Mapping[str, str],
    how_to_call: Mapping[str, str], penalty_points: int = 0, at_once: bool = True,
) -> Guarantee:  # fmt: skip
    """A new guarantee on an agreement, or on a service offer for all who accept it."""
    with change(by=by, at=at) as trail:
        if isinstance(on, Agreement):
            guarantee = Guarantee(agreement=trail.lock(Agreement, on))
        else:
            guarantee = Guarantee(offer=trail.lock(ServiceOffer, on))
        demand(policy.may_guarantee(standing_of(by, day_of(at)), guarantee))
        given = Guarantee.objects.filter(agreement=guarantee.agreement, offer=guarantee.offer, ended_at__isnull=True)
        if given.count() >= MOST_GUARANTEES:
            raise Refused(
                expected=gettext_noop("Expected at most {most} guarantees."),
                remedy=gettext_noop("End one that nobody calls."),
                most=MOST_GUARANTEES,
            )
        _describe(guarantee, promise, remedy, how_to_call, penalty_points)
        guarantee.at_once = at_once
        return trail.save(guarantee, "guarantee.given")


def change_guarantee(
    *, by: Actor, at: datetime, guarantee: Guarantee, promise: Mapping[str, str], remedy: Mapping[str, str],
    how_to_call: Mapping[str, str], penalty_points: int = 0, at_once: bool = True, expected_seq: int | None = None,
) -> Guarantee:  # fmt: skip
    """Other words or points; earlier calls stay as they were."""
    with change(by=by, at=at) as trail:
        fresh = _to_edit(trail, guarantee, expected_seq)
        _describe(fresh, promise, remedy, how_to_call, penalty_points)
        fresh.at_once = at_once
        return trail.save(fresh, "guarantee.changed")


def end_guarantee(
    *, by: Actor, at: datetime, guarantee: Guarantee, reason: str, expected_seq: int | None = None
) -> Guarantee:
    """It is no longer given, with a reason for the customer."""
    why = reason_given(reason)
    with change(by=by, at=at, reason=why) as trail:
        fresh = _to_edit(trail, guarantee, expected_seq)
        fresh.ended_at, fresh.ended_because = at, why
        return trail.save(fresh, "guarantee.ended")


def call_guarantee(
    *, by: Actor, at: datetime, guarantee: Guarantee, agreement: Agreement, what: str, called_on: date | None = None
) -> GuaranteeCall:
    """The customer of ``agreement`` calls the guarantee; who leads the supplier is told. What was wrong is said without
    names of persons."""
    day, words = called_on or day_of(at), reason_given(what, "what")
    with change(by=by, at=at) as trail:
        held = trail.lock(Guarantee, guarantee)
        demand(policy.may_call(sight_of(by, day_of(at)), agreement.link))
        if held.ended_at is not None:
            raise _over()
        if agreement.pk != held.agreement_id and (held.offer_id is None or agreement.offer_id != held.offer_id):
            raise NotFound
        if not day_of(at) - LONGEST_BACK <= day <= day_of(at):
            raise Refused(
                field="called_on",
                expected=gettext_noop("Expected a day of the last year, until today."),
                found=gettext_noop("Found {day}."),
                remedy=gettext_noop("Correct the day."),
                day=day.isoformat(),
            )
        call = GuaranteeCall(guarantee=held, agreement=agreement, called_on=day, what=words)
        trail.save(call, "guarantee_call.noted")
        _tell(trail, held, agreement)
        return call


def end_call(
    *, by: Actor, at: datetime, call: GuaranteeCall, honoured: bool, done: str = "", expected_seq: int | None = None
) -> GuaranteeCall:
    """Say whether the customer got what was promised: either side, and the other way round later, if it was wrong."""
    with change(by=by, at=at) as trail:
        fresh = trail.lock(GuaranteeCall, call, expected_seq=expected_seq)
        demand(policy.may_end_call(sight_of(by, day_of(at)), fresh))
        fresh.outcome = CallOutcome.HONOURED if honoured else CallOutcome.NOT_HONOURED
        fresh.done, fresh.ended_on = note_given(done, "done"), day_of(at)
        return trail.save(fresh, "guarantee_call.ended")


def _to_edit(trail: Trail, guarantee: Guarantee, expected_seq: int | None) -> Guarantee:
    fresh = trail.lock(Guarantee, guarantee, expected_seq=expected_seq)
    demand(policy.may_guarantee(standing_of(trail.by, day_of(trail.at)), fresh))
    if fresh.ended_at is not None:
        raise _over()
    return fresh


def _over() -> Refused:
    return Refused(
        expected=gettext_noop("Expected a guarantee that is given."),
        found=gettext_noop("It was ended."),
        remedy=gettext_noop("Load the page again to see which are given."),
    )


def _describe(
    guarantee: Guarantee, promise: Mapping[str, str], remedy: Mapping[str, str], how_to_call: Mapping[str, str],
    penalty_points: int,
) -> None:  # fmt: skip
    if not 0 <= penalty_points <= MOST_POINTS:
        raise Refused(
            field="penalty_points",
            expected=gettext_noop("Expected 0 to {most} points."),
            found=gettext_noop("Found {points}."),
            remedy=gettext_noop("Correct the points."),
            most=MOST_POINTS,
            points=penalty_points,
        )
    guarantee.promise = texts_given(promise, "promise")
    guarantee.remedy = texts_given(remedy, "remedy")
    guarantee.how_to_call = texts_given(how_to_call, "how_to_call")
    guarantee.penalty_points = penalty_points


def _tell(trail: Trail, guarantee: Guarantee, agreement: Agreement) -> None:
    link = agreement.link
    for person in leaders_of(link.supplier.public_id, trail.at):
        if trail.by.person is None or person.pk != trail.by.person.pk:
            notify(
                by=trail.by, at=trail.at, person=person, topic=CALLED_TOPIC,
                values={"promise": guarantee.promise, "link": link_called(link.public_id)},
                address=reverse("agreements:guarantee", args=[guarantee.public_id]),
                shows=[(Guarantee.kind, guarantee.public_id)],
            )  # fmt: skip
