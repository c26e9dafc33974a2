"""What a clause says. Pure Python."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum


class Side(StrEnum):
    """A side of a link, and who owes a clause.

    SUPPLIER  hands over; what he owes is a promise
    CUSTOMER  receives; what he owes is a duty: complete input, lead time, telling in time
    """

    SUPPLIER = "supplier"
    CUSTOMER = "customer"

    @property
    def other(self) -> Side:
        """The side across."""
        return Side.CUSTOMER if self is Side.SUPPLIER else Side.SUPPLIER


class ClauseKind(StrEnum):
    """What a clause is about.

    OUTCOME    what comes out
    PROCESS    how it is done
    BEHAVIOUR  how people treat each other
    """

    OUTCOME = "outcome"
    PROCESS = "process"
    BEHAVIOUR = "behaviour"


class Aspect(StrEnum):
    """The side of quality that a clause is about: the five RATER dimensions (Parasuraman, Zeithaml & Berry 1988), and
    three for control outputs (audit, inspection), which are never judged by their verdict.

    RELIABILITY       what was promised, dependably and right
    ASSURANCE         knowledge and courtesy that earn trust
    TANGIBLES         what can be seen and touched
    EMPATHY           care for the one who is served
    RESPONSIVENESS    willingness to help, promptly
    CLARITY           a verdict that can be understood and acted on
    SPEED             a verdict in time
    EVEN_HANDEDNESS   the same measure for everybody
    """

    RELIABILITY = "reliability"
    ASSURANCE = "assurance"
    TANGIBLES = "tangibles"
    EMPATHY = "empathy"
    RESPONSIVENESS = "responsiveness"
    CLARITY = "clarity"
    SPEED = "speed"
    EVEN_HANDEDNESS = "even_handedness"


OF_CONTROL = (Aspect.CLARITY, Aspect.SPEED, Aspect.EVEN_HANDEDNESS)
RATER = tuple(aspect for aspect in Aspect if aspect not in OF_CONTROL)


def aspects_of(owed_by: Side, *, control: bool) -> tuple[Aspect, ...]:
    """The aspects that a clause may name; ``control``: the link hands over a control output."""
    return OF_CONTROL if control and owed_by is Side.SUPPLIER else RATER


class Measure(StrEnum):
    """How it is found out whether a clause is kept.

    TIME     elapsed business time of each case
    SHARE    share of the cases that conform, or that are faulty
    DEFECTS  defects per unit of what is handed over
    VALUE    a measured value of each case, with a lower limit, an upper limit or both, and a target between them
    COUNT    how often in a period
    RATING   what people say on a scale
    """

    TIME = "time"
    SHARE = "share"
    DEFECTS = "defects"
    VALUE = "value"
    COUNT = "count"
    RATING = "rating"


PER_CASE = frozenset({Measure.TIME, Measure.VALUE})
"""Measures of each case: of them a share is to be met (the attainment)."""


class Direction(StrEnum):
    """When a measured value keeps a clause.

    AT_LEAST  at the target or above it
    AT_MOST   at the target or below it
    BETWEEN   from the lower to the upper limit
    """

    AT_LEAST = "at_least"
    AT_MOST = "at_most"
    BETWEEN = "between"


class Source(StrEnum):
    """Where the data of a clause come from.

    HANDOFFS       handoffs recorded in Baton
    IMPORT         a table that is imported
    EVENT_LOG      the event log of another system
    SURVEY         answers of people
    INSPECTION     a check by somebody who looks
    COUNT_BY_HAND  a tally
    OTHER          something else, which the note names
    """

    HANDOFFS = "handoffs"
    IMPORT = "import"
    EVENT_LOG = "event_log"
    SURVEY = "survey"
    INSPECTION = "inspection"
    COUNT_BY_HAND = "count_by_hand"
    OTHER = "other"


class Sampling(StrEnum):
    """Of which cases it is measured: ALL of them, or a SAMPLE of a stated size."""

    ALL = "all"
    SAMPLE = "sample"


class MeasuredBy(StrEnum):
    """Who measures: one of the two sides, both together, or a third party."""

    SUPPLIER = "supplier"
    CUSTOMER = "customer"
    BOTH = "both"
    THIRD = "third"


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """All that a clause says; nothing else is agreed.

    ``characteristic`` and ``perception_item`` are texts by language. ``target``, ``lower``, ``upper`` and
    ``baseline_value`` are in ``unit``; ``attainment`` is the share of cases in percent that must keep the target, for
    measures of each case (:data:`PER_CASE`). ``calendar`` is the public id of the calendar in which business time runs,
    empty for the organisation's own. Whatever is not known yet is empty; see :func:`baton.agreements.rules.missing`.
    """

    owed_by: Side
    characteristic: Mapping[str, str]
    clause_kind: ClauseKind = ClauseKind.OUTCOME
    aspect: Aspect | None = None
    measure: Measure | None = None
    unit: str = ""
    direction: Direction | None = None
    target: float | None = None
    lower: float | None = None
    upper: float | None = None
    attainment: float | None = None
    calendar: str = ""
    source: Source | None = None
    source_note: str = ""
    sampling: Sampling = Sampling.ALL
    sample_size: int | None = None
    sampling_note: str = ""
    measured_by: MeasuredBy = MeasuredBy.SUPPLIER
    perception_item: Mapping[str, str] = field(default_factory=dict)
    baseline_value: float | None = None
    baseline_weeks: int | None = None
    baseline_from: date | None = None
    baseline_until: date | None = None
    baseline_note: str = ""
    trial_until: date | None = None
