"""How a handoff goes: its states, the steps between them, and who takes them. Pure Python."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from baton.agreements.rules import Side


class State(StrEnum):
    """How far a handoff has come.

    EXPECTED     asked for or planned; the supplier owes it
    DELIVERED    handed over; it waits for the customer
    ACCEPTED     the customer took it as right
    PARTLY       the customer took a part; the rest came back or is missing, and the supplier owes it
    RETURNED     all of it came back; the supplier owes it again
    UNCONFIRMED  nobody said anything within the hours that both sides agreed on; never counted as confirmed
    SETTLED      all of it came back and was made good otherwise: credited, or replaced by another handoff
    REFUSED      sent back as incomplete: by the supplier, who was asked for it, or by the customer, who got it
    WITHDRAWN    nobody wants it any more, or it was entered by mistake: it counts nowhere
    """

    EXPECTED = "expected"
    DELIVERED = "delivered"
    ACCEPTED = "accepted"
    PARTLY = "partly"
    RETURNED = "returned"
    UNCONFIRMED = "unconfirmed"
    SETTLED = "settled"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"


OWED = frozenset({State.EXPECTED, State.PARTLY, State.RETURNED, State.REFUSED})
"""Somebody still owes something."""

OPEN = OWED | {State.DELIVERED}
"""It is not over: something is owed, or it waits for the customer."""


class Form(StrEnum):
    """How a handoff came about.

    SINGLE    asked for or delivered once
    STANDING  due by a standing order
    TALLY     counted by the hour or shift
    CALL      called for by a button
    """

    SINGLE = "single"
    STANDING = "standing"
    TALLY = "tally"
    CALL = "call"


class Step(StrEnum):
    """What happens to a handoff. Its first moment of a kind stands in the handoff, every later one is an event.

    RECEIVE         the supplier has what he needs to begin
    DELIVER         the supplier hands it over, or hands over again what came back
    ACCEPT          the customer takes it as right
    ACCEPT_PART     the customer takes a part; the rest comes back or is missing
    RETURN          the customer sends all of it back
    SHORTAGE        the customer notes after the acceptance that something is missing, or sends a part back
    REFUSE_REQUEST  the supplier sends an incomplete request back
    REFUSE_INPUT    the customer does not take it because it is incomplete
    COMPLETE        the customer has completed the request
    WARN_LATE       the supplier says in time that it will be late, and when it comes
    WARN_SHORT      the supplier says in time that it will be less, and how much
    PAUSE           work cannot go on, for a reason
    RESUME          it goes on
    PRIORITY        another priority holds
    CONFIRM_SILENT  the agreed hours have passed and nobody said anything
    CLOSE           what was owed of it is settled, or was decided not to be owed
    WITHDRAW        nobody wants it any more, or it was entered by mistake
    """

    RECEIVE = "receive"
    DELIVER = "deliver"
    ACCEPT = "accept"
    ACCEPT_PART = "accept_part"
    RETURN = "return"
    SHORTAGE = "shortage"
    REFUSE_REQUEST = "refuse_request"
    REFUSE_INPUT = "refuse_input"
    COMPLETE = "complete"
    WARN_LATE = "warn_late"
    WARN_SHORT = "warn_short"
    PAUSE = "pause"
    RESUME = "resume"
    PRIORITY = "priority"
    CONFIRM_SILENT = "confirm_silent"
    CLOSE = "close"
    WITHDRAW = "withdraw"


class Taker(StrEnum):
    """Who takes a step: one of the sides, either of them, or Baton itself."""

    SUPPLIER = "supplier"
    CUSTOMER = "customer"
    EITHER = "either"
    BATON = "baton"


@dataclass(frozen=True, slots=True)
class Allowed:
    """From which states a step leads to which; ``after`` None: it stays as it is."""

    before: frozenset[State]
    after: State | None
    taker: Taker


_TO_ACCEPT = frozenset({State.EXPECTED, State.DELIVERED, State.UNCONFIRMED})
_TAKEN = frozenset({State.ACCEPTED, State.PARTLY, State.UNCONFIRMED})
_WORK = frozenset({State.EXPECTED, State.PARTLY, State.RETURNED})

STEPS: Mapping[Step, Allowed] = {
    Step.RECEIVE: Allowed(frozenset({State.EXPECTED}), None, Taker.SUPPLIER),
    Step.DELIVER: Allowed(OWED, State.DELIVERED, Taker.SUPPLIER),
    Step.ACCEPT: Allowed(_TO_ACCEPT | {State.PARTLY, State.RETURNED}, State.ACCEPTED, Taker.CUSTOMER),
    Step.ACCEPT_PART: Allowed(_TO_ACCEPT, State.PARTLY, Taker.CUSTOMER),
    Step.RETURN: Allowed(_TAKEN | {State.DELIVERED}, State.RETURNED, Taker.CUSTOMER),
    Step.SHORTAGE: Allowed(_TAKEN, State.PARTLY, Taker.CUSTOMER),
    Step.REFUSE_REQUEST: Allowed(frozenset({State.EXPECTED}), State.REFUSED, Taker.SUPPLIER),
    Step.REFUSE_INPUT: Allowed(frozenset({State.DELIVERED}), State.REFUSED, Taker.CUSTOMER),
    Step.COMPLETE: Allowed(frozenset({State.REFUSED}), State.EXPECTED, Taker.CUSTOMER),
    Step.WARN_LATE: Allowed(_WORK, None, Taker.SUPPLIER),
    Step.WARN_SHORT: Allowed(_WORK, None, Taker.SUPPLIER),
    Step.PAUSE: Allowed(_WORK, None, Taker.EITHER),
    Step.RESUME: Allowed(_WORK, None, Taker.EITHER),
    Step.PRIORITY: Allowed(OWED, None, Taker.CUSTOMER),
    Step.CONFIRM_SILENT: Allowed(frozenset({State.DELIVERED}), State.UNCONFIRMED, Taker.BATON),
    Step.CLOSE: Allowed(frozenset({State.PARTLY, State.RETURNED}), None, Taker.BATON),
    Step.WITHDRAW: Allowed(frozenset({State.EXPECTED, State.REFUSED, State.RETURNED}), State.WITHDRAWN, Taker.CUSTOMER),
}
"""The steps that there are. Of a refused handoff the customer completes the request where nothing was delivered yet;
where it was, the supplier delivers again."""


PHOTO_STEPS = (Step.DELIVER, Step.ACCEPT_PART, Step.RETURN, Step.SHORTAGE, Step.REFUSE_INPUT)
"""With these steps photos can be added that show how it was."""


def allowed(step: Step, state: State, *, delivered: bool = False) -> bool:
    """Whether a handoff in this state can take this step; ``delivered``: it was handed over at least once."""
    if state not in STEPS[step].before:
        return False
    if state is State.REFUSED and step is Step.DELIVER:
        return delivered
    if state is State.REFUSED and step in (Step.COMPLETE, Step.WITHDRAW):
        return not delivered
    return True


def steps_from(state: State, sides: frozenset[Side], *, delivered: bool = False) -> tuple[Step, ...]:
    """The steps that somebody who acts for these sides can take, in their order."""
    takers = {Taker(side.value) for side in sides} | ({Taker.EITHER} if sides else set())
    return tuple(
        step for step, how in STEPS.items() if how.taker in takers and allowed(step, state, delivered=delivered)
    )


def after_close(state: State, *, made_good: bool, accepted: bool) -> State:
    """The state of a handoff of whose returns none is pending any more. ``made_good``: that of all of it was settled,
    not taken back or decided not to count; ``accepted``: the customer took it, or a part, at some time."""
    if state is State.RETURNED and made_good:
        return State.SETTLED
    return State.ACCEPTED if accepted else State.DELIVERED
