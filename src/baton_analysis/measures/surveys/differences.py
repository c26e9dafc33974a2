"""Whether two scores of one kind differ: two departments, or two waves."""

from __future__ import annotations

from dataclasses import dataclass
from math import sqrt
from typing import TYPE_CHECKING, Any

from scipy.special import ndtri, stdtrit

from baton_analysis.arguments import checked
from baton_analysis.drawing.plots import plot_indices
from baton_analysis.errors import MeasureError, gettext_noop
from baton_analysis.measures.surveys.answers import VERSION, Interval
from baton_analysis.measures.surveys.net_promoter import NetPromoter
from baton_analysis.measures.surveys.satisfaction import EffortScore, SatisfactionIndex, SatisfiedShare
from baton_analysis.readers.model import Notice
from baton_analysis.results import Result

if TYPE_CHECKING:
    from matplotlib.axes import Axes

Score = NetPromoter | SatisfiedShare | EffortScore | SatisfactionIndex


@dataclass(frozen=True, slots=True)
class ScoreDifference(Result):
    """A second score less a first one.

    Attributes
    ----------
    value, interval
        The difference with its interval.
    method
        That of the scores, and how the interval was found: "_mover" or "_welch".
    n
        Answers of both together.
    """

    first: float
    second: float
    n_first: int
    n_second: int
    value: float
    interval: Interval
    confidence: float
    method: str
    warnings: tuple[Notice, ...] = ()
    version: str = VERSION

    @property
    def n(self) -> int:
        """Answers of both together."""
        return self.n_first + self.n_second

    @property
    def beyond_chance(self) -> bool:
        """Whether the interval leaves out 0."""
        return not self.interval[0] <= 0 <= self.interval[1]

    def to_dict(self) -> dict[str, Any]:
        """As plain values for JSON."""
        sizes = ("method", "version", "n", "n_first", "n_second")
        figures = ("first", "second", "value", "beyond_chance", "confidence")
        return {
            **{name: getattr(self, name) for name in (*sizes, *figures)},
            "interval": list(self.interval),
            "warnings": [warning.render() for warning in self.warnings],
        }

    def plot(self, ax: Axes | None = None) -> Axes:
        """The difference with its interval, and a line where there is none; see
        :class:`baton_analysis.results.Plottable`."""
        low, high = self.interval
        return plot_indices(ax, names=[self.method], values=[self.value], lower=[low], upper=[high], line=0)


@checked(MeasureError)
def score_difference(
    first: NetPromoter | SatisfiedShare | EffortScore | SatisfactionIndex,
    second: NetPromoter | SatisfiedShare | EffortScore | SatisfactionIndex,
) -> ScoreDifference:
    """The second score less the first, of people who answered independently of each other.

    Net promoter scores and shares: from their own intervals by the method of variance estimates recovery (Zou and
    Donner 2008, Statistics in Medicine 27: 1693-1702), which is Newcombe's hybrid score interval for two shares
    (1998, Statistics in Medicine 17: 873-890, method 10), and the root of both squared standard errors for two net
    promoter scores with Wald's intervals. Means: Welch's interval (1947, Biometrika 34: 28-35).

    Raises
    ------
    MeasureError
        Scores of two kinds, scales or confidences, or means without an interval.
    """
    _demand_alike(first, second)
    if isinstance(first, EffortScore | SatisfactionIndex) and isinstance(second, EffortScore | SatisfactionIndex):
        found, how = _welch(first, second), "welch"
    else:
        found, how = _mover(first, second), "mover"
    return ScoreDifference(
        first=first.value,
        second=second.value,
        n_first=first.n,
        n_second=second.n,
        value=second.value - first.value,
        interval=found,
        confidence=first.confidence,
        method=f"{first.method}_difference_{how}",
    )


def _mover(first: Score, second: Score) -> Interval:
    low, high = _known(first), _known(second)
    away = second.value - first.value
    return (
        away - sqrt((second.value - high[0]) ** 2 + (low[1] - first.value) ** 2),
        away + sqrt((high[1] - second.value) ** 2 + (first.value - low[0]) ** 2),
    )


def _welch(first: EffortScore | SatisfactionIndex, second: EffortScore | SatisfactionIndex) -> Interval:
    parts = []
    for one in (first, second):
        if one.sd is None or (one.sd == 0 and first.sd == second.sd):
            raise _without_interval(one)
        parts.append((one.sd**2 / one.n, one.n - 1))
    variance = sum(part for part, _ in parts)
    degrees = variance**2 / sum(part**2 / df for part, df in parts)
    half = float(stdtrit(degrees, 0.5 + first.confidence / 2)) * sqrt(variance)
    away = second.value - first.value
    return away - half, away + half


def _known(score: Score) -> Interval:
    if score.interval is None:
        raise _without_interval(score)
    if isinstance(score, NetPromoter) and score.interval_kind == "wald":
        half = float(ndtri(0.5 + score.confidence / 2)) * score.standard_error
        return score.value - half, score.value + half  # also where the score cannot lie so far out
    return score.interval


def _without_interval(score: Score) -> MeasureError:
    return MeasureError(
        expected=gettext_noop("Two answers or more stand behind each mean, and they differ."),
        found=gettext_noop("One mean rests on this many: {n}."),
        remedy=gettext_noop("Wait for more answers, or compare shares."),
        n=score.n,
    )


def _demand_alike(first: Score, second: Score) -> None:
    kinds = [_kind(one) for one in (first, second)]
    if kinds[0] != kinds[1]:
        raise MeasureError(
            expected=gettext_noop("Both scores are of one kind, scale and confidence."),
            found=gettext_noop("They are {first} and {second}."),
            remedy=gettext_noop("Compute both in the same way."),
            first=kinds[0],
            second=kinds[1],
        )


def _kind(score: Score) -> str:
    told = [score.method, f"{score.confidence:g}"]
    if isinstance(score, NetPromoter):
        told.append(score.interval_kind)
    if isinstance(score, SatisfiedShare):
        told.append(f"{score.top}/{score.scale[0]}..{score.scale[1]}")
    if isinstance(score, SatisfactionIndex):
        told.append(" ".join(f"{one.name}={one.weight:.6g}" for one in score.items))
    return ", ".join(told)
