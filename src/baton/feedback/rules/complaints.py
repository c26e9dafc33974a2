"""The complaint form, one for customers inside and outside: its steps, its clocks, who signs. Pure Python.

The form is table 5-1 of the internal customer service: who complains, about what, what he sees; the cause, found by the
person in charge; how it is disposed of, decided by the manager; what came of it; what keeps it from coming again.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum


class Matter(StrEnum):
    """What the customer wants, in the four words of the form."""

    RETURN = "return"
    EXCHANGE = "exchange"
    COMPLAINT = "complaint"
    OTHER = "other"


class Channel(StrEnum):
    """By which way somebody said something: the customer his complaint, or we to him what came of it."""

    PHONE = "phone"
    PERSON = "person"
    PAPER = "paper"
    EMAIL = "email"
    WEB = "web"
    QR = "qr"
    MESSAGE = "message"


class Urgency(StrEnum):
    """How fast the customer must hear of us; see :data:`PROMISED`."""

    NORMAL = "normal"
    URGENT = "urgent"


class ComplaintState(StrEnum):
    """How far a complaint has come.

    RECEIVED      its cause is looked for
    INVESTIGATED  its cause is found, and signed by who found it
    DECIDED       it is decided what is done, and signed by the manager
    RESOLVED      that was done
    CLOSED        the customer knows, and it is kept from coming again
    DROPPED       it was no complaint, or the customer took it back
    """

    RECEIVED = "received"
    INVESTIGATED = "investigated"
    DECIDED = "decided"
    RESOLVED = "resolved"
    CLOSED = "closed"
    DROPPED = "dropped"


class ComplaintAct(StrEnum):
    """What happens to a complaint.

    ACKNOWLEDGE  the customer hears that it has come
    ROUTE        it is said who is to look into it
    CAUSE        why it came about is written, to be signed
    DISPOSITION  what is done is written, to be signed
    RESULT       what came of it
    PREVENT      what keeps it from coming again
    NOTIFY       the customer hears what came of it
    CLOSE        nothing is left to do
    DROP         nothing is done, for a reason
    REOPEN       its cause is looked for again, for a reason
    """

    ACKNOWLEDGE = "acknowledge"
    ROUTE = "route"
    CAUSE = "cause"
    DISPOSITION = "disposition"
    RESULT = "result"
    PREVENT = "prevent"
    NOTIFY = "notify"
    CLOSE = "close"
    DROP = "drop"
    REOPEN = "reopen"


_S, _A = ComplaintState, ComplaintAct
OVER = frozenset({_S.CLOSED, _S.DROPPED})
OPEN = frozenset(_S) - OVER
ACTS_FROM: Mapping[ComplaintAct, frozenset[ComplaintState]] = {
    _A.ACKNOWLEDGE: OPEN,
    _A.ROUTE: frozenset({_S.RECEIVED, _S.INVESTIGATED}),
    _A.CAUSE: frozenset({_S.RECEIVED}),
    _A.DISPOSITION: frozenset({_S.INVESTIGATED}),
    _A.RESULT: frozenset({_S.DECIDED, _S.RESOLVED}),
    _A.PREVENT: frozenset({_S.INVESTIGATED, _S.DECIDED, _S.RESOLVED}),
    _A.NOTIFY: frozenset({_S.RESOLVED}),
    _A.CLOSE: frozenset({_S.RESOLVED}),
    _A.DROP: frozenset({_S.RECEIVED, _S.INVESTIGATED, _S.DECIDED}),
    _A.REOPEN: frozenset(_S) - {_S.RECEIVED},
}
"""Out of which states an act leads."""
LEADS_TO: Mapping[ComplaintAct, ComplaintState] = {
    _A.RESULT: _S.RESOLVED, _A.CLOSE: _S.CLOSED, _A.DROP: _S.DROPPED, _A.REOPEN: _S.RECEIVED,
}  # fmt: skip
"""Into which state an act leads at once; what is not named leaves the state as it is."""
SIGNED_LEADS_TO: Mapping[ComplaintAct, ComplaintState] = {_A.CAUSE: _S.INVESTIGATED, _A.DISPOSITION: _S.DECIDED}
"""Acts that count once they are signed, and where they lead then."""
WORDED = frozenset({_A.CAUSE, _A.DISPOSITION, _A.RESULT, _A.PREVENT, _A.DROP, _A.REOPEN})
"""Acts that are nothing without words."""
TOLD = frozenset({_A.ACKNOWLEDGE, _A.NOTIFY})
"""Acts in which the customer is told something, by a channel."""

CUSTOMER_KEPT_YEARS = 3
"""For so many years after a complaint is over the customer's data are kept."""
WORDS_LENGTH = 4_000
NAME_LENGTH = 120
NUMBER_LENGTH = 60
PRODUCT_LENGTH = 200
EMAIL_LENGTH = 254


@dataclass(frozen=True, slots=True)
class Promise:
    """What is promised to whoever complains: so many working days, until the close of business, or so many working
    hours; one of them is 0."""

    days: int = 0
    hours: int = 0


@dataclass(frozen=True, slots=True)
class Promises:
    """Until when the customer hears that it has come, until when it is resolved, and until when he hears of that."""

    acknowledged: Promise
    resolved: Promise
    notified: Promise


PROMISED: Mapping[Urgency, Promises] = {
    Urgency.NORMAL: Promises(Promise(days=1), Promise(days=10), Promise(days=1)),
    Urgency.URGENT: Promises(Promise(hours=6), Promise(hours=12), Promise(hours=6)),
}
"""A hotline replies within 24 hours, within 6 where it is urgent, and has an urgent case solved within 12; ten days are
usual until a complaint is resolved."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ComplaintGiven:
    """What stands on the form when a complaint is received, as typed. ``received_at`` None: now."""

    phenomenon: str
    matter: Matter = Matter.COMPLAINT
    channel: Channel = Channel.PHONE
    urgency: Urgency = Urgency.NORMAL
    received_at: datetime | None = None
    customer_name: str = ""
    customer_number: str = ""
    telephone: str = ""
    email: str = ""
    product: str = ""
    model: str = ""
    lot: str = ""
    shipped_on: date | None = None
    invoice: str = ""


@dataclass(frozen=True, slots=True)
class Happened:
    """An act as the clocks need it; ``at`` is when it happened, not when it was written down."""

    act: ComplaintAct
    at: datetime


@dataclass(frozen=True, slots=True)
class Begun:
    """Since when each thing is owed (None: it is not owed yet), and when it was done."""

    acknowledge_since: datetime
    acknowledged: datetime | None
    resolve_since: datetime
    resolved: datetime | None
    notify_since: datetime | None
    notified: datetime | None


@dataclass(frozen=True, slots=True)
class Clock:
    """One thing owed to the customer: until when (None: not owed yet), when it was done, whether in time (None: it is
    owed still and not late)."""

    due: datetime | None
    done: datetime | None
    in_time: bool | None

    @property
    def is_late(self) -> bool:
        """Whether it is owed now, and late."""
        return self.done is None and self.in_time is False


@dataclass(frozen=True, slots=True)
class ComplaintTimes:
    """The three clocks of a complaint. ``late``: one of them owes something now that is late."""

    acknowledged: Clock
    resolved: Clock
    notified: Clock

    @property
    def late(self) -> bool:
        return self.acknowledged.is_late or self.resolved.is_late or self.notified.is_late


def since_reopened(happened: Iterable[Happened]) -> list[Happened]:
    """What happened since it was reopened last, or since it came."""
    round_: list[Happened] = []
    for one in happened:
        round_ = [] if one.act is _A.REOPEN else [*round_, one]
    return round_


def begun(received_at: datetime, happened: Iterable[Happened]) -> Begun:
    """Since when what is owed. That it has come is told once; a complaint that is reopened is to be resolved, and that
    to be told, anew."""
    known = list(happened)
    round_ = since_reopened(known)
    reopened = [one.at for one in known if one.act is _A.REOPEN]
    resolved = next((one.at for one in round_ if one.act is _A.RESULT), None)
    return Begun(
        acknowledge_since=received_at,
        acknowledged=next((one.at for one in known if one.act is _A.ACKNOWLEDGE), None),
        resolve_since=reopened[-1] if reopened else received_at,
        resolved=resolved,
        notify_since=resolved,
        notified=next((one.at for one in round_ if one.act is _A.NOTIFY), None),
    )


def clock(due: datetime | None, done: datetime | None, at: datetime, *, runs: bool) -> Clock:
    """How one clock stands ``at``; of a complaint that no longer runs nothing is owed any more."""
    if done is not None:
        return Clock(due, done, due is None or done <= due)
    if due is None or not runs:
        return Clock(None, None, None)
    return Clock(due, None, False if at > due else None)


def missing_to_close(acts: Iterable[ComplaintAct]) -> list[ComplaintAct]:
    """What is to be done still before it can be closed, in the order of the form."""
    done = set(acts)
    return [one for one in (_A.RESULT, _A.NOTIFY, _A.PREVENT) if one not in done]
