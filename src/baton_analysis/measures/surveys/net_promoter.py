"""Net promoter score: who would recommend us, less those who would rather not."""

from __future__ import annotations

from dataclasses import dataclass
from math import sqrt
from typing import TYPE_CHECKING, Any, Literal, get_args

from scipy.optimize import brentq
from scipy.special import ndtri

from baton_analysis.arguments import checked
from baton_analysis.drawing.plots import plot_indices
from baton_analysis.errors import MeasureError, gettext_noop
from baton_analysis.measures.inputs import demand_choice, demand_confidence
from baton_analysis.measures.surveys.answers import VERSION, Given, Interval, tally_of
from baton_analysis.readers.model import Notice
from baton_analysis.results import Result

if TYPE_CHECKING:
    from matplotlib.axes import Axes

PROMOTERS_FROM, DETRACTORS_TO, MOST = 9, 6, 10
"""On the scale from 0 to 10."""

NetInterval = Literal["score", "wald"]


@dataclass(frozen=True, slots=True)
class NetPromoter(Result):
    """Net promoter score (NPS).

    Attributes
    ----------
    value
        Share of promoters (9 and 10) less share of detractors (0 to 6), from -1 to 1; usually said times 100.
    standard_error
        Root of (p + d - (p - d)^2) / n, with p and d these shares.
    interval, interval_kind
        Of ``value``, and how it was found.
    n, missing
        Answers, and those who gave none.
    """

    n: int
    missing: int
    promoters: int
    passives: int
    detractors: int
    value: float
    standard_error: float
    interval: Interval
    interval_kind: NetInterval
    confidence: float
    warnings: tuple[Notice, ...] = ()
    method: str = "net_promoter_score"
    version: str = VERSION

    def to_dict(self) -> dict[str, Any]:
        """As plain values for JSON."""
        counts = ("method", "version", "n", "missing", "promoters", "passives", "detractors")
        figures = ("value", "standard_error", "interval_kind", "confidence")
        return {
            **{name: getattr(self, name) for name in (*counts, *figures)},
            "interval": list(self.interval),
            "warnings": [warning.render() for warning in self.warnings],
        }

    def plot(self, ax: Axes | None = None) -> Axes:
        """The score with its interval, and a line where promoters and detractors balance; see
        :class:`baton_analysis.results.Plottable`."""
        low, high = self.interval
        return plot_indices(ax, names=["NPS"], values=[self.value], lower=[low], upper=[high], line=0)


@checked(MeasureError)
def net_promoter(answers: Given, *, interval: NetInterval = "score", confidence: float = 0.95) -> NetPromoter:
    """The net promoter score of answers from 0 to 10 (Reichheld 2003, Harvard Business Review 81(12): 46-54).

    Parameters
    ----------
    answers
        A list, None for who gave no answer, or how often each answer was given.
    interval
        "score": all scores that a score test would not refuse. Promoters and detractors are two shares of one sample,
        as those who change sides are in matched pairs: Tango (1998), Statistics in Medicine 17: 891-908. It holds its
        confidence for few answers too, and where all fall into one group. "wald": the score and so many standard
        errors, which is usual and too narrow for few.

    Raises
    ------
    MeasureError
        No answer, or one that is no whole number from 0 to 10.
    """
    demand_confidence(confidence)
    demand_choice("interval", interval, get_args(NetInterval))
    tally, missing = tally_of(answers, (0, MOST), "NPS")
    n = int(tally.sum())
    promoters, detractors = int(tally[PROMOTERS_FROM:].sum()), int(tally[: DETRACTORS_TO + 1].sum())
    value = (promoters - detractors) / n
    error = sqrt(max(0.0, (promoters + detractors) / n - value**2) / n)
    z = float(ndtri(0.5 + confidence / 2))
    warnings: tuple[Notice, ...] = ()
    if interval == "wald" and error == 0:
        alike = gettext_noop("All answers fall into one group: Wald's interval then has no width and says nothing.")
        warnings = (Notice(alike),)
    wald = max(-1.0, value - z * error), min(1.0, value + z * error)
    return NetPromoter(
        n=n,
        missing=missing,
        promoters=promoters,
        passives=n - promoters - detractors,
        detractors=detractors,
        value=value,
        standard_error=error,
        interval=wald if interval == "wald" else net_share_interval(promoters, detractors, n, z),
        interval_kind=interval,
        confidence=confidence,
        warnings=warnings,
    )


def net_share_interval(for_it: int, against: int, n: int, z: float) -> Interval:
    """Score interval of the difference of two shares of one sample (Tango 1998, equations 11 to 14)."""
    found = (for_it - against) / n

    def beyond(difference: float) -> float:
        """Below 0 within the interval, above 0 outside it."""
        a, c = 2 * n, -against * difference * (1 - difference)
        b = -for_it - against + (2 * n - for_it + against) * difference
        share = (sqrt(max(0.0, b * b - 4 * a * c)) - b) / (2 * a)
        variance = n * (2 * share + difference * (1 - difference))
        return float((for_it - against - n * difference) ** 2 - z * z * variance)

    low = -1.0 if against == n else float(brentq(beyond, -1.0, found - _HAIR, xtol=1e-13))
    high = 1.0 if for_it == n else float(brentq(beyond, found + _HAIR, 1.0, xtol=1e-13))
    return low, high


_HAIR = 1e-10
"""Beside the score itself, where the root is none that was looked for."""
