"""What comes out of a chain of promises: times, shares, contradictions, and what is not promised."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any, Literal

import polars as pl

from baton_analysis.measures.promise_chain.support import Support
from baton_analysis.readers.model import Notice
from baton_analysis.results import Result

VERSION = "1"

ContradictionKind = Literal["time", "time_at_times", "attainment", "conforming", "lead_time"]


@dataclass(frozen=True, slots=True)
class StepShare:
    """One step, in the order of the work; times in business seconds of the calendar of the end.

    Attributes
    ----------
    after
        The steps that it waits for.
    seconds
        Its promised time, the median over the starts where calendars differ; None where none is promised or times
        cannot be compared.
    share
        Of the time promised at the end that it uses: what of that promise it inherits. None where there is none.
    critical
        Whether the end waits for it: any longer, and the whole takes longer. None where times cannot be compared.
    slack_seconds
        By how much it may take longer before the whole does.
    attainment, conforming
        As promised; None where not.
    allowance
        Share that it uses of the failures which the attainment at the end allows: above 1 in all steps together, that
        promise is not guaranteed. None where every case is promised at the end.
    lead_seconds, notice_seconds
        How long before it needs to be asked, and how long before it can be asked if everything begins with the request
        at the end and the steps after it take their time.
    """

    name: str
    after: tuple[str, ...]
    seconds: float | None
    share: float | None
    critical: bool | None
    slack_seconds: float | None
    attainment: float | None
    conforming: float | None
    allowance: float | None
    lead_seconds: float | None
    notice_seconds: float | None


@dataclass(frozen=True, slots=True)
class Contradiction:
    """What is promised and cannot be kept by what is promised before it.

    Attributes
    ----------
    kind
        time: the steps take longer than is promised at the end, whenever it begins. time_at_times: from some hours of
        the year. attainment, conforming: the share at the end is above what the steps support. lead_time: a step asks
        for more notice than it can be given.
    step
        Of a lead time; None for what concerns the whole.
    promised, supported
        Seconds or shares: what is promised, and what the chain supports.
    """

    kind: ContradictionKind
    step: str | None
    promised: float
    supported: float
    notice: Notice

    def to_dict(self) -> dict[str, Any]:
        """As plain values for JSON."""
        plain = ("kind", "step", "promised", "supported")
        return {**{name: getattr(self, name) for name in plain}, "notice": self.notice.render()}


@dataclass(frozen=True, slots=True)
class PromiseChain(Result):
    """What the promises along a chain come to.

    Attributes
    ----------
    steps
        In the order of the work.
    seconds, interval
        Time of the whole if every step takes its own: the median, lowest and highest over the starts (all the same
        where all run in one calendar). None where times cannot be compared or none is promised. With ``uncovered``
        steps it takes longer than that.
    promised_seconds
        At the end; the median where calendars differ.
    fits
        Share of the starts from which the whole is within the promise at the end.
    attainment, conforming
        What the shares of the steps say about those at the end.
    contradictions
        The certain ones first.
    uncovered, without_yield
        Steps that promise no time, and steps that promise no share of right cases.
    n
        Steps.
    """

    steps: tuple[StepShare, ...]
    seconds: float | None
    interval: tuple[float, float] | None
    promised_seconds: float | None
    fits: float | None
    attainment: Support
    conforming: Support
    contradictions: tuple[Contradiction, ...]
    uncovered: tuple[str, ...]
    without_yield: tuple[str, ...]
    n: int
    method: str = "promise_chain"
    warnings: tuple[Notice, ...] = ()
    version: str = VERSION

    @property
    def free_seconds(self) -> float | None:
        """What the promise at the end leaves above the steps before it: for the last supplier's own work; below 0 where
        it leaves nothing.
        """
        if self.promised_seconds is None or self.seconds is None:
            return None
        return self.promised_seconds - self.seconds

    def to_table(self) -> pl.DataFrame:
        """One row a step."""
        rows = [{**asdict(step), "after": ", ".join(step.after)} for step in self.steps]
        return pl.DataFrame(rows, infer_schema_length=None)

    def to_dict(self) -> dict[str, Any]:
        """As plain values for JSON."""
        plain = ("method", "version", "n", "seconds", "promised_seconds", "free_seconds", "fits")
        return {
            **{name: getattr(self, name) for name in plain},
            "interval": None if self.interval is None else list(self.interval),
            "steps": [{**asdict(step), "after": list(step.after)} for step in self.steps],
            "attainment": self.attainment.to_dict(),
            "conforming": self.conforming.to_dict(),
            "contradictions": [one.to_dict() for one in self.contradictions],
            "uncovered": list(self.uncovered),
            "without_yield": list(self.without_yield),
            "warnings": [warning.render() for warning in self.warnings],
        }
