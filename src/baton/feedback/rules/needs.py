"""What whoever works needs to serve his customer well, and the clock of the answer. Pure Python.

"Only when these needs are met can superior service be delivered": training and development, rewards and recognition,
and what the work is done with. Emotional support is asked for nowhere here: it is between two people, and leads to a
confidant.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum


class NeedCategory(StrEnum):
    """What kind of thing is needed.

    TRAINING     to be taught something, or to grow into another task
    RECOGNITION  that good work is seen and rewarded
    TOOLS        tools, machines, rooms, programs to work with
    MATERIAL     what is worked up or handed on
    INFORMATION  to be told something in time
    """

    TRAINING = "training"
    RECOGNITION = "recognition"
    TOOLS = "tools"
    MATERIAL = "material"
    INFORMATION = "information"


class Addressee(StrEnum):
    """Who is asked for it.

    HEAD     who leads the department, or stands in for its head
    QUALITY  the quality manager; the head does not read it
    """

    HEAD = "head"
    QUALITY = "quality"


class NeedState(StrEnum):
    """How far an employee's need has come.

    ASKED      it waits for an answer
    PROMISED   it is said what is done, by whom and by when
    DECLINED   it is said why nothing is done
    MET        who asked says that he has now what he needs
    UNMET      who asked says that he has not; it waits for an answer again
    WITHDRAWN  who asked took it back
    """

    ASKED = "asked"
    PROMISED = "promised"
    DECLINED = "declined"
    MET = "met"
    UNMET = "unmet"
    WITHDRAWN = "withdrawn"


class NeedStep(StrEnum):
    """What happens to a need, and leads to which state."""

    PROMISE = "promise"
    DECLINE = "decline"
    MEET = "meet"
    MISS = "miss"
    WITHDRAW = "withdraw"


LEADS_TO: Mapping[NeedStep, NeedState] = {
    NeedStep.PROMISE: NeedState.PROMISED,
    NeedStep.DECLINE: NeedState.DECLINED,
    NeedStep.MEET: NeedState.MET,
    NeedStep.MISS: NeedState.UNMET,
    NeedStep.WITHDRAW: NeedState.WITHDRAWN,
}
WAITING = frozenset({NeedState.ASKED, NeedState.UNMET})
"""States in which an answer is owed."""
ANSWERED = frozenset({NeedState.PROMISED, NeedState.DECLINED})
OVER = frozenset({NeedState.MET, NeedState.WITHDRAWN})
STEPS_FROM: Mapping[NeedStep, frozenset[NeedState]] = {
    NeedStep.PROMISE: WAITING | ANSWERED,
    NeedStep.DECLINE: WAITING | {NeedState.PROMISED},
    NeedStep.MEET: WAITING | ANSWERED,
    NeedStep.MISS: ANSWERED,
    NeedStep.WITHDRAW: WAITING | ANSWERED,
}
"""Out of which states a step leads. A promise may be said anew; what was declined may be promised after all."""
ANSWERS = frozenset({NeedStep.PROMISE, NeedStep.DECLINE})

RESPONSE_DAYS = 5
"""Working days within which a need is answered: hospitals promise their nurses an answer within a week."""
WORDS_LENGTH = 1_000
MOST_WAITING = 20
"""So many needs of one person may wait for an answer at a time."""


@dataclass(frozen=True, slots=True)
class NeedTimes:
    """The clock of a need: since when an answer is owed and until when; when the first answer came, and whether in
    time (None: it is owed still, and not late yet). ``late``: what is owed now is late, be it an answer or what was
    promised. ``hours`` of business passed until the first answer."""

    waits_since: datetime | None
    answer_due: datetime | None
    first_due: datetime
    first_answer: datetime | None
    in_time: bool | None
    late: bool
    hours: float | None


@dataclass(frozen=True, slots=True)
class Happened:
    """A step that was taken, as the clock needs it."""

    step: NeedStep
    at: datetime


def waits_since(asked_at: datetime, happened: Iterable[Happened]) -> datetime | None:
    """Since when an answer is owed; None: none is."""
    since: datetime | None = asked_at
    for one in happened:
        since = one.at if one.step is NeedStep.MISS else None
    return since


def first_answer(happened: Iterable[Happened]) -> datetime | None:
    """When it was answered first."""
    return next((one.at for one in happened if one.step in ANSWERS), None)


def promise_is_late(state: NeedState, promised_for: date | None, today: date) -> bool:
    """Whether what was promised should have been done by now, and who asked has not said that it was."""
    return state is NeedState.PROMISED and promised_for is not None and promised_for < today
