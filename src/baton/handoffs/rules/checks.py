"""What is wrong with the moments and quantities of a handoff. Pure Python.

The same functions stand behind forms, calls of programs and imports, so that every door says the same.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, fields
from datetime import UTC, datetime, tzinfo
from decimal import Decimal
from itertools import pairwise
from typing import NamedTuple

from baton.agreements.rules import Fault, Side
from baton.handoffs.rules.limits import CLOCK_ERROR, FIRST_YEAR, LARGEST, LATEST_DUE, PLACES
from baton_analysis.errors import gettext_noop

_EARLIEST = datetime(FIRST_YEAR, 1, 1, tzinfo=UTC)
IN_ORDER = ("requested_at", "received_at", "delivered_at", "accepted_at")
"""Moments that have happened, in the order in which they happen."""

SAID_BY = {"received_at": Side.SUPPLIER, "delivered_at": Side.SUPPLIER, "accepted_at": Side.CUSTOMER}
"""Which side says that it happened; what was asked for or is due, either."""


class Moments(NamedTuple):
    """The first moments of a handoff, each with its zone; None: it has not happened, or nobody has said.

    ``due_at`` is when it is promised or wanted, the only one that may lie ahead.
    """

    requested_at: datetime | None = None
    due_at: datetime | None = None
    received_at: datetime | None = None
    delivered_at: datetime | None = None
    accepted_at: datetime | None = None

    @property
    def happened_at(self) -> datetime | None:
        """The first known of those that have happened; None: nothing has yet."""
        return self.requested_at or self.received_at or self.delivered_at or self.accepted_at

    @property
    def occurred_at(self) -> datetime | None:
        """By which the clause in force is found: the first known of those that have happened, else when it is due."""
        return self.happened_at or self.due_at

    def filled(self, told: Moments) -> Moments:
        """These, and of those that are not known the told ones."""
        return Moments(*(mine if mine is not None else other for mine, other in zip(self, told, strict=True)))


@dataclass(frozen=True, slots=True, kw_only=True)
class Quantities:
    """How much of one line; None: nobody has said. Where only what was ordered is known, that was delivered."""

    ordered: Decimal | None = None
    delivered: Decimal | None = None
    accepted: Decimal | None = None
    refused: Decimal | None = None

    @property
    def at_hand(self) -> Decimal | None:
        """What the customer had before him."""
        return self.delivered if self.delivered is not None else self.ordered

    @property
    def held(self) -> Decimal | None:
        """What of it the customer has: what he took, else what he has before him without what came back."""
        if self.accepted is not None or self.at_hand is None:
            return self.accepted
        return self.at_hand - (self.refused or Decimal(0))


def shown(moment: datetime, zone: tzinfo) -> str:
    """A moment as it stands in a message."""
    return moment.astimezone(zone).strftime("%Y-%m-%d %H:%M")


def faults_of_moments(moments: Moments, *, at: datetime, zone: tzinfo) -> Iterator[Fault]:
    """All that is wrong with the moments of a handoff, as of ``at``; moments are said in ``zone``."""
    if moments.occurred_at is None:
        yield Fault(
            "due_at",
            expected=gettext_noop("Expected at least one moment: requested, due, received, delivered or accepted."),
            remedy=gettext_noop("Enter when it was asked for, or when it is due."),
        )
        return
    for name in IN_ORDER:
        if (moment := getattr(moments, name)) is not None:
            yield from faults_of_moment(name, moment, at=at, zone=zone)
    yield from _out_of_order(moments, zone)
    yield from _of_due(moments, at, zone)


def are_plainly_well(moments: Moments, *, at: datetime) -> bool:
    """Whether :func:`faults_of_moments` finds nothing; for a million rows, of which nearly all are well."""
    latest, before = at + CLOCK_ERROR, _EARLIEST
    requested, due = moments.requested_at, moments.due_at
    for moment in (requested, moments.received_at, moments.delivered_at, moments.accepted_at):
        if moment is not None:
            if moment < before:
                return False
            before = moment
    if before > latest or (due is None and before is _EARLIEST):
        return False
    return due is None or (_EARLIEST <= due <= at + LATEST_DUE and (requested is None or due >= requested))


def faults_of_moment(field: str, moment: datetime, *, at: datetime, zone: tzinfo) -> Iterator[Fault]:
    """A moment at which something is said to have happened: not in the future, not in another century."""
    if moment > at + CLOCK_ERROR:
        yield Fault(
            field,
            expected=gettext_noop("Expected a moment that is over. By the clock of Baton it is {now}."),
            found=gettext_noop("Found {moment}, which is still to come."),
            remedy=gettext_noop("Correct it, or set the clock of your device right. Left empty it is now."),
            values={"now": shown(at, zone), "moment": shown(moment, zone)},
        )
    if moment.year < FIRST_YEAR:
        yield Fault(
            field,
            expected=gettext_noop("Expected a moment from the year {first} on."),
            found=gettext_noop("Found {moment}."),
            remedy=gettext_noop("Correct the year."),
            values={"first": FIRST_YEAR, "moment": shown(moment, zone)},
        )


def faults_of_new_time(moment: datetime, *, after: datetime, at: datetime, zone: tzinfo) -> Iterator[Fault]:
    """When something comes instead, as its supplier warns: after it was due, and within the bounds of what is due."""
    if moment <= after or moment > at + LATEST_DUE:
        latest, early = at + LATEST_DUE, gettext_noop("Found {moment}, which is not late.")
        yield Fault(
            "expected_at",
            expected=gettext_noop("Expected the new time, after {earliest} and by {latest}."),
            found=early if moment <= after else gettext_noop("Found {moment}."),
            remedy=gettext_noop("Say when it really comes."),
            values={"earliest": shown(after, zone), "latest": shown(latest, zone), "moment": shown(moment, zone)},
        )


def _out_of_order(moments: Moments, zone: tzinfo) -> Iterator[Fault]:
    known = [(name, moment) for name in IN_ORDER if (moment := getattr(moments, name)) is not None]
    for (_name, before), (name, after) in pairwise(known):
        if after < before:
            yield Fault(
                name,
                expected=gettext_noop("Expected this order: requested, received, delivered, accepted."),
                found=gettext_noop("Found {after}, which lies before {before}."),
                remedy=gettext_noop("Correct one of the two. What nobody knows may stay empty."),
                values={"after": shown(after, zone), "before": shown(before, zone)},
            )


def _of_due(moments: Moments, at: datetime, zone: tzinfo) -> Iterator[Fault]:
    due, requested = moments.due_at, moments.requested_at
    if due is None:
        return
    if requested is not None and due < requested:
        yield Fault(
            "due_at",
            expected=gettext_noop("Expected it to be due after it was requested, which was {requested}."),
            found=gettext_noop("Found {due}."),
            remedy=gettext_noop("Give a later moment, or correct when it was requested."),
            values={"requested": shown(requested, zone), "due": shown(due, zone)},
        )
    if due.year < FIRST_YEAR or due > at + LATEST_DUE:
        yield Fault(
            "due_at",
            expected=gettext_noop("Expected it to be due within three years."),
            found=gettext_noop("Found {due}."),
            remedy=gettext_noop("Correct the year."),
            values={"due": shown(due, zone)},
        )


def faults_of_quantities(quantities: Quantities) -> Iterator[Fault]:
    """All that is wrong with how much of one line was ordered, delivered, accepted and refused."""
    given = [(one.name, getattr(quantities, one.name)) for one in fields(quantities)]
    alone = [fault for name, amount in given if amount is not None for fault in faults_of_amount(name, amount)]
    yield from alone
    at_hand, refused = quantities.at_hand, quantities.refused or Decimal(0)
    if alone or at_hand is None:
        return
    if refused > at_hand:
        yield Fault(
            "refused",
            expected=gettext_noop("Expected at most {at_hand} to be refused: so much was delivered."),
            found=gettext_noop("Found {refused}."),
            remedy=gettext_noop("Correct what was refused or what was delivered."),
            values={"at_hand": plain(at_hand), "refused": plain(refused)},
        )
    elif (quantities.accepted or Decimal(0)) + refused > at_hand:
        yield Fault(
            "accepted",
            expected=gettext_noop("Expected accepted and refused together to be at most {at_hand}, as delivered."),
            found=gettext_noop("Found {accepted} accepted and {refused} refused."),
            remedy=gettext_noop("Correct one of the three."),
            values={
                "at_hand": plain(at_hand), "accepted": plain(quantities.accepted or Decimal(0)),
                "refused": plain(refused),
            },
        )  # fmt: skip


def faults_of_amount(field: str, amount: Decimal) -> Iterator[Fault]:
    """A quantity: a number of 0 or more, not beyond all bounds, of at most six decimal places."""
    if not amount.is_finite() or amount < 0 or amount > LARGEST:
        yield Fault(
            field,
            expected=gettext_noop("Expected a quantity from 0 to {most}."),
            found=gettext_noop("Found {amount}."),
            remedy=gettext_noop("Correct it; what came back is entered as refused, without a minus sign."),
            values={"most": plain(LARGEST), "amount": plain(amount)},
        )
    elif amount != round(amount, PLACES):
        yield Fault(
            field,
            expected=gettext_noop("Expected at most {places} decimal places."),
            found=gettext_noop("Found {amount}."),
            remedy=gettext_noop("Round it."),
            values={"places": PLACES, "amount": plain(amount)},
        )


def faults_of_unit(field: str, unit: str, wanted: str) -> Iterator[Fault]:
    """Another unit than the one in which it is counted."""
    if unit and unit != wanted:
        yield Fault(
            field,
            expected=gettext_noop("Expected the unit {wanted}."),
            found=gettext_noop("Found {unit}."),
            remedy=gettext_noop("Convert the figure and leave the unit out, or give it in this unit."),
            values={"wanted": wanted or "1", "unit": unit},
        )


def plain(amount: Decimal) -> str:
    """A quantity as people write it: 12, not 12.000000."""
    return f"{amount.normalize():f}" if amount.is_finite() else str(amount)
