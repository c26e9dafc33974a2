"""How a call by a button goes: somebody is called, arrives, has it fixed, and who called confirms it. Pure Python."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum

from baton.agreements.rules import Side
from baton.handoffs.rules.lives import State


class CallStage(StrEnum):
    """How far a call has come, told from the handoff that it is.

    CALLED       somebody waits
    ARRIVED      somebody of the called team is there
    FIXED        the called team says that it is fixed
    NOT_FIXED    who called says that it is not
    CONFIRMED    who called says that it is
    UNCONFIRMED  nobody said so within the agreed hours
    CANCELLED    nobody need come
    OTHERWISE    something else was said of it on its page
    """

    CALLED = "called"
    ARRIVED = "arrived"
    FIXED = "fixed"
    NOT_FIXED = "not_fixed"
    CONFIRMED = "confirmed"
    UNCONFIRMED = "unconfirmed"
    CANCELLED = "cancelled"
    OTHERWISE = "otherwise"


class CallStep(StrEnum):
    """What is said of a call by one tap.

    ARRIVE   the called team: somebody is there
    FIX      the called team: it is fixed
    CONFIRM  who called: it is
    REOPEN   who called: it is not
    CANCEL   who called: nobody need come
    """

    ARRIVE = "arrive"
    FIX = "fix"
    CONFIRM = "confirm"
    REOPEN = "reopen"
    CANCEL = "cancel"


_STAGES = {
    State.DELIVERED: CallStage.FIXED, State.ACCEPTED: CallStage.CONFIRMED, State.RETURNED: CallStage.NOT_FIXED,
    State.UNCONFIRMED: CallStage.UNCONFIRMED, State.WITHDRAWN: CallStage.CANCELLED,
}  # fmt: skip

NEXT_STEPS: Mapping[CallStage, tuple[CallStep, ...]] = {
    CallStage.CALLED: (CallStep.ARRIVE, CallStep.FIX, CallStep.CANCEL),
    CallStage.ARRIVED: (CallStep.FIX, CallStep.CANCEL),
    CallStage.FIXED: (CallStep.CONFIRM, CallStep.REOPEN),
    CallStage.NOT_FIXED: (CallStep.FIX, CallStep.CONFIRM),
    CallStage.UNCONFIRMED: (CallStep.CONFIRM, CallStep.REOPEN),
}
"""What can be said at a stage, what mostly comes first."""

SAID_ALREADY: Mapping[CallStep, CallStage] = {
    CallStep.ARRIVE: CallStage.ARRIVED, CallStep.FIX: CallStage.FIXED, CallStep.CONFIRM: CallStage.CONFIRMED,
    CallStep.REOPEN: CallStage.NOT_FIXED, CallStep.CANCEL: CallStage.CANCELLED,
}  # fmt: skip
"""Where a call stands once it was said: a second tap of somebody else says nothing new."""

TAKERS: Mapping[CallStep, Side] = {
    CallStep.ARRIVE: Side.SUPPLIER, CallStep.FIX: Side.SUPPLIER,
    CallStep.CONFIRM: Side.CUSTOMER, CallStep.REOPEN: Side.CUSTOMER, CallStep.CANCEL: Side.CUSTOMER,
}  # fmt: skip
"""Which side says it."""


def stage_of(state: State, received_at: datetime | None) -> CallStage:
    """How far a call has come."""
    if state is State.EXPECTED:
        return CallStage.CALLED if received_at is None else CallStage.ARRIVED
    return _STAGES.get(state, CallStage.OTHERWISE)


def call_steps(stage: CallStage, sides: frozenset[Side]) -> tuple[CallStep, ...]:
    """What somebody who acts for these sides can say of a call."""
    return tuple(step for step in NEXT_STEPS.get(stage, ()) if TAKERS[step] in sides)


def call_key(point: str, count: int) -> str:
    """Key of the handoff that is this call of a call point (public id): one a call."""
    return f"{point}:{count}"
