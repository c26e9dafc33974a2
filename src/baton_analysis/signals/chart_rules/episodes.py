"""Which violations are one thing to look at: what happened once is told once, and not once by every rule that sees it.

A shift of two sigma that lasts completes the patterns of four rules, each of them at other points. Its violations are
one *episode* where they point the same way and follow each other closely:

- The direction of a violation is the side of the centre on which its completing point lies; of a trend it is up or
  down; patterns without a side (in turn, within, on both sides) have none. Only violations of one direction join.
- A violation joins the latest episode of its direction when at most ``calm`` points that could be judged lie between
  the last violation of that episode and its own completing point, or when its pattern reaches back to that violation.
- No episode reaches across the start of a phase, since there somebody said that the process is another one now.

Points are taken in their order, and a violation only ever joins the latest episode. So on held limits nothing that is
told once is told otherwise later: the episodes of the first points of a chart are those of the whole, cut off there.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from operator import index
from typing import TYPE_CHECKING, Any, Literal

import numpy as np
import polars as pl

from baton_analysis.arguments import checked
from baton_analysis.drawing.plots import shade
from baton_analysis.errors import MeasureError, gettext_noop
from baton_analysis.measures.charted_series import ControlChart
from baton_analysis.readers.model import Notice
from baton_analysis.results import Result
from baton_analysis.signals.chart_rules.charts import find_violations
from baton_analysis.signals.chart_rules.patterns import Numbers
from baton_analysis.signals.chart_rules.rules import WESTERN_ELECTRIC, Kind, RuleSet, Violation

if TYPE_CHECKING:
    from matplotlib.axes import Axes

VERSION = "1"

CALM = 4
"""Most points without a violation between two that are one episode; docs/methods/run-rules.md says why four."""

Direction = Literal["above", "below", "none"]


@dataclass(frozen=True, slots=True)
class Episode:
    """Violations that are one thing to look at.

    Attributes
    ----------
    direction
        "above" or "below" the centre (of a trend: up or down), "none" for patterns without a side.
    first
        Where the earliest of its patterns begins: about when it started. Index of a point, from 0, as all others.
    flagged, last
        The first and the last point that complete a pattern: from when it could be known, and until when it was seen.
    rules
        Ids of all rules that were violated, in the order in which they were first.
    violations
        All of them, by point and then by rule.
    size
        Mean distance from the centre, in standard deviations of the points from ``first`` to ``last``; signed. No
        interval is given: these points were picked because they lie far out, so that it is too large for few points.
    peak
        The largest distance among them, signed.
    n
        Points from ``first`` to ``last`` that could be judged.
    """

    direction: Direction
    first: int
    flagged: int
    last: int
    rules: tuple[str, ...]
    violations: tuple[Violation, ...]
    size: float
    peak: float
    n: int

    def to_dict(self) -> dict[str, Any]:
        """As plain values for JSON."""
        return {
            "direction": self.direction,
            "first": self.first,
            "flagged": self.flagged,
            "last": self.last,
            "rules": list(self.rules),
            "size": self.size,
            "peak": self.peak,
            "n": self.n,
        }


@dataclass(frozen=True, eq=False)
class Episodes(Result):
    """The episodes of one chart, by the point that first told of each.

    Attributes
    ----------
    method
        Name of the set of rules.
    episodes
        All of them, over which one can go with ``for``, too.
    chart
        What was judged.
    calm
        Most points without a violation between two that are one episode.
    """

    method: str
    episodes: tuple[Episode, ...]
    chart: ControlChart
    calm: int
    warnings: tuple[Notice, ...] = ()
    version: str = VERSION

    @property
    def n(self) -> int:
        """Points that could be judged."""
        return int(np.count_nonzero(~np.isnan(self.chart.standardised)))

    def __len__(self) -> int:
        return len(self.episodes)

    def __iter__(self) -> Iterator[Episode]:
        return iter(self.episodes)

    def to_table(self) -> pl.DataFrame:
        """One row an episode; points by their labels."""
        labels = [str(label) for label in self.chart.labels]
        rows = [
            (one.direction, labels[one.first], labels[one.flagged], labels[one.last], ", ".join(one.rules),
             one.size, one.peak, one.n)
            for one in self.episodes
        ]  # fmt: skip
        texts = dict.fromkeys(("direction", "first", "flagged", "last", "rules"), pl.String)
        return pl.DataFrame(rows, schema={**texts, "size": pl.Float64, "peak": pl.Float64, "n": pl.Int64}, orient="row")

    def to_dict(self) -> dict[str, Any]:
        """As plain values for JSON; points are counted from 0."""
        return {
            "method": self.method,
            "version": self.version,
            "n": self.n,
            "calm": self.calm,
            "episodes": [one.to_dict() for one in self.episodes],
            "warnings": [warning.render() for warning in self.warnings],
        }

    def plot(self, ax: Axes | None = None) -> Axes:
        """The chart with a band behind each episode; see :class:`baton_analysis.results.Plottable`."""
        return shade(self.chart.plot(ax), [(one.first, one.last) for one in self.episodes])


@checked(MeasureError)
def find_episodes(
    chart: ControlChart,
    rules: RuleSet = WESTERN_ELECTRIC,
    *,
    violations: Sequence[Violation] | None = None,
    calm: int = CALM,
) -> Episodes:
    """What there is to look at on a chart: its violations, those of one happening put together.

    Parameters
    ----------
    chart, rules
        As for :func:`find_violations`.
    violations
        What :func:`find_violations` said of this chart and these rules, where that is known already.
    calm
        Most points without a violation between two that are one episode; gaps and other points that cannot be judged
        are not counted.

    Raises
    ------
    MeasureError
        ``calm`` is no whole number of 0 or more.
    """
    _demand_calm(calm)
    kinds: dict[str, Kind] = {rule.id: rule.kind for rule in rules.rules}
    distance = chart.standardised
    # The place of each point among those that could be judged: what lies between two of them is counted by that.
    place = np.cumsum(~np.isnan(distance))
    found: list[list[Violation]] = []
    latest: dict[Direction, list[Violation]] = {}
    for one in find_violations(chart, rules) if violations is None else violations:
        direction = _direction(chart, kinds, one)
        going_on = latest.get(direction)
        if going_on is not None and _joins(chart, place, going_on[-1], one, calm):
            going_on.append(one)
        else:
            latest[direction] = [one]
            found.append(latest[direction])
    episodes = tuple(_episode(chart, _direction(chart, kinds, together[0]), together) for together in found)
    return Episodes(rules.name, episodes, chart, calm, chart.warnings)


def _direction(chart: ControlChart, kinds: Mapping[str, Kind], one: Violation) -> Direction:
    match kinds.get(one.rule):
        case "beyond" | "run" | "most_beyond":
            above = chart.values[one.index] > chart.centre[one.index]
        case "trend":
            above = chart.values[one.points[-1]] > chart.values[one.points[0]]
        case _:
            return "none"
    return "above" if above else "below"


def _joins(chart: ControlChart, place: Numbers, last: Violation, one: Violation, calm: int) -> bool:
    """Whether a violation goes on with what the last one told of."""
    if chart.phase[last.index] != chart.phase[one.index]:
        return False
    between = int(place[one.index] - place[last.index]) - 1
    return between <= calm or one.points[0] <= last.index


def _episode(chart: ControlChart, direction: Direction, together: Sequence[Violation]) -> Episode:
    first, last = min(one.points[0] for one in together), together[-1].index
    distance = chart.standardised[first : last + 1]
    there = distance[~np.isnan(distance)]
    return Episode(
        direction=direction,
        first=first,
        flagged=together[0].index,
        last=last,
        rules=tuple(dict.fromkeys(one.rule for one in together)),
        violations=tuple(together),
        size=float(there.mean()),
        peak=float(there[np.argmax(np.abs(there))]),
        n=len(there),
    )


def _demand_calm(calm: int) -> None:
    try:
        wanted = index(calm)
    except TypeError:
        wanted = -1
    if wanted < 0:
        raise MeasureError(
            expected=gettext_noop("The points without a violation within an episode are a whole number, 0 or more."),
            found=gettext_noop("Given is {calm}."),
            remedy=gettext_noop("Give a number such as 4, or leave it out."),
            calm=calm,
        )
