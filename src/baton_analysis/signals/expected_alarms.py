"""How many charts are red today although nothing has changed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np
from scipy.special import ndtr, pdtrik

from baton_analysis.arguments import checked
from baton_analysis.errors import MeasureError, gettext_noop
from baton_analysis.measures.control_charts.many import ManyCharts
from baton_analysis.measures.run_lengths import AverageRunLength
from baton_analysis.readers.model import Notice
from baton_analysis.results import Result
from baton_analysis.signals.chart_rules import WESTERN_ELECTRIC, RuleSet, find_flags

VERSION = "1"

_SERIES, _POINTS, _SETTLED = 6000, 60, 30
_SEED = 20261121


@dataclass(frozen=True, slots=True)
class AlarmRate:
    """What one chart of which nothing has changed does.

    ``flagged`` is the probability that its newest point is flagged, ``fresh`` that it is and the point before it was
    not. ``method``: "exact", "simulated" or "run_length".
    """

    flagged: float
    fresh: float
    method: str


@dataclass(frozen=True, slots=True)
class ExpectedAlarms(Result):
    """Red charts to be expected by chance at one point in time.

    Attributes
    ----------
    flagged, fresh
        Expected number of charts whose newest point is flagged, and of those that were not flagged a point before.
    usual
        Between these numbers ``flagged`` charts lie on 95 of 100 days on which nothing has changed.
    n
        Charts.
    """

    flagged: float
    fresh: float
    usual: tuple[int, int]
    n: int
    method: str = "sum_of_false_alarm_rates"
    warnings: tuple[Notice, ...] = ()
    version: str = VERSION

    def to_dict(self) -> dict[str, Any]:
        """As plain values for JSON."""
        return {
            "method": self.method,
            "version": self.version,
            "n": self.n,
            "flagged": self.flagged,
            "fresh": self.fresh,
            "usual": list(self.usual),
            "warnings": [warning.render() for warning in self.warnings],
        }


@checked(MeasureError)
def expected_false_alarms(charts: Sequence[tuple[int, RuleSet | AverageRunLength]]) -> ExpectedAlarms:
    """The sum over all charts of the probability that each is flagged by chance.

    Parameters
    ----------
    charts
        How many charts are judged in which way: by a set of rules (Shewhart charts), or by limits with the average run
        length without a shift (EWMA, CUSUM).

    Raises
    ------
    MeasureError
        Negative numbers, or a run length after a shift.
    """
    flagged = fresh = 0.0
    number = 0
    for count, judged_by in charts:
        if count < 0 or (isinstance(judged_by, AverageRunLength) and judged_by.shift != 0):
            raise MeasureError(
                expected=gettext_noop("Numbers of charts are 0 or more, and run lengths are those without a shift."),
                found=gettext_noop("For {by}: {count}."),
                remedy=gettext_noop("Ask for the run length with shift 0."),
                count=count,
                by=getattr(judged_by, "name", "") or getattr(judged_by, "chart", ""),
            )
        rate = alarm_rate(judged_by)
        flagged, fresh, number = flagged + count * rate.flagged, fresh + count * rate.fresh, number + count
    return ExpectedAlarms(flagged, fresh, _usual(flagged), number)


@checked(MeasureError)
def alarm_rate(judged_by: RuleSet | AverageRunLength = WESTERN_ELECTRIC) -> AlarmRate:
    """Of one chart: exact where only limits are used; of other rules from 6,000 simulated charts with a fixed seed
    (standard error about 0.0006); of EWMA and CUSUM one over the average run length, for both probabilities.

    For independent normal values whose centre and sigma are known; limits from few points alarm more often.
    """
    if isinstance(judged_by, AverageRunLength):
        return AlarmRate(judged_by.alarms_per_point, judged_by.alarms_per_point, "run_length")
    return _of_rules(judged_by)


@lru_cache(maxsize=64)
def _of_rules(rules: RuleSet) -> AlarmRate:
    if all(rule.kind == "beyond" for rule in rules.rules):
        share = 2 * float(ndtr(-min((rule.sigmas for rule in rules.rules), default=np.inf)))
        return AlarmRate(share, share * (1 - share), "exact")
    values = np.random.default_rng(_SEED).normal(0, 1, (_SERIES, _POINTS))
    flagged = find_flags(ManyCharts.of_limits(values, 0.0, 1.0), rules).any
    fresh = flagged[:, _SETTLED:] & ~flagged[:, _SETTLED - 1 : -1]
    return AlarmRate(float(flagged[:, _SETTLED:].mean()), float(fresh.mean()), "simulated")


def _usual(expected: float) -> tuple[int, int]:
    """Of a Poisson number with this mean: the 2.5th and the 97.5th of 100."""
    if expected <= 0:
        return 0, 0
    low, high = (float(pdtrik(tail, expected)) for tail in (0.025, 0.975))
    return int(np.ceil(low)), int(np.ceil(high))
