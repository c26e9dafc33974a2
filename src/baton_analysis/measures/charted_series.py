"""What every control chart is made of: points in phases, each with centre, standard deviation and limits.

Phases and limits
-----------------
A chart starts a new phase where the process was changed on purpose; no range or run reaches across. By default the
limits of a phase come from all of its points. With ``baseline=k`` they come from the first k points that have a value,
and are held from there on, so that a slow worsening does not widen its own limits. With a :class:`FrozenLimits` of an
earlier chart the first phase is judged by those; later phases are computed from their own points.

With a sequence each phase has a baseline of its own: a number of points, held limits, None for all of its points, or
:class:`CarriedOn` where it is judged by the limits of a phase before it, as after a disturbance that is over.

Gaps
----
A value that is not there (None, or a proportion of nothing) stays a gap: it is not filled in, has no moving range, and
counts nowhere.

No variation
------------
Where the points of a baseline do not vary (neighbours are equal; nothing, or everything, was counted) sigma is
estimated as 0, and limits at the centre line would call every first difference an alarm that no 3-sigma limit stands
behind. Then there are no limits: lcl and ucl are NaN, no rule is applied, the chart warns, and points that differ from
the centre are its ``departures``, to be marked and looked at.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from operator import index
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt
import polars as pl

from baton_analysis.arguments import checked_fields
from baton_analysis.drawing.plots import plot_chart
from baton_analysis.errors import MeasureError, gettext_noop
from baton_analysis.measures.inputs import numbers_of
from baton_analysis.readers.model import Notice
from baton_analysis.results import Result

if TYPE_CHECKING:
    from matplotlib.axes import Axes

VERSION = "3"

ENOUGH_POINTS = 12
"""With fewer points than this the limits of a phase are called provisional."""

_SAME = 1e-9
"""Share of the centre by which a value differs from it because floating-point numbers are rounded."""

Floats = npt.NDArray[np.float64]
Numbers = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]
Label = Any
"""What stands under a point: a date, a text, a number."""


@dataclass(frozen=True, slots=True)
class ChartPoint:
    """One point. ``value`` is None in a gap; ``n`` is what the value is a share of, None for single values."""

    label: Label
    value: float | None
    n: float | None
    centre: float
    sigma: float
    lcl: float
    ucl: float
    phase: int


@checked_fields(MeasureError)
@dataclass(frozen=True, slots=True)
class FrozenLimits:
    """Limits held from an earlier time.

    ``spread`` is the standard deviation of single values in their unit ("i", "lj", "xbar_r", "xbar_s", "ewma",
    "cusum"), or the factor sigma-z by which the standard deviation of the binomial or Poisson law is multiplied ("p",
    "np", "c", "u": 1; "p_prime", "u_prime"). On a chart of ranges or standard deviations ("mr", "r", "s") it is that of
    its points, for subgroups of the usual size. ``centre`` of "np" is the share. ``n`` points stand behind them.
    """

    method: str
    centre: float
    spread: float
    n: int


@checked_fields(MeasureError)
@dataclass(frozen=True, slots=True)
class CarriedOn:
    """A phase that is judged by the limits of an earlier one. ``phase``: the number of that one, from 0."""

    phase: int


Baseline = int | FrozenLimits | CarriedOn | None
Baselines = Baseline | Sequence[Baseline]
"""One for all phases, or one a phase; see the text at the top of this module."""


@dataclass(frozen=True, eq=False)
class ControlChart(Result):
    """Points with limits; all arrays have one entry a point and are read-only.

    Attributes
    ----------
    method
        "i" with "mr", "xbar_r" with "r", "xbar_s" with "s", "lj", "p", "p_prime", "np", "c", "u", "u_prime", "ewma", or
        "cusum_high" with "cusum_low".
    values
        NaN in a gap.
    sizes
        What each value is a share of, or how many values it is the mean of; None for charts of single values.
    centre, sigma, lcl, ucl
        Centre line, standard deviation and limits (``width`` sigma; clipped where a value cannot lie) at each point;
        limits are NaN where sigma is 0.
    phase
        0, 1, 2 ... for each point.
    n
        Points that have a value.
    limits
        For each phase the limits by which it is judged, ready to be held.
    companion
        The chart that belongs beside it (moving ranges beside individuals), or None.
    width
        How many sigma the limits lie from the centre line.
    """

    method: str
    labels: tuple[Label, ...]
    values: Floats
    sizes: Floats | None
    centre: Floats
    sigma: Floats
    lcl: Floats
    ucl: Floats
    phase: Numbers
    limits: tuple[FrozenLimits, ...]
    warnings: tuple[Notice, ...] = ()
    companion: ControlChart | None = None
    version: str = VERSION
    width: float = 3.0

    def __post_init__(self) -> None:
        for array in (self.values, self.sizes, self.centre, self.sigma, self.lcl, self.ucl, self.phase):
            if array is not None:
                array.setflags(write=False)

    def __len__(self) -> int:
        return len(self.labels)

    @property
    def n(self) -> int:
        return int(np.count_nonzero(~np.isnan(self.values)))

    @property
    def points(self) -> tuple[ChartPoint, ...]:
        """All points in order, gaps included."""
        return tuple(
            ChartPoint(
                label=label,
                value=None if np.isnan(self.values[i]) else float(self.values[i]),
                n=None if self.sizes is None else float(self.sizes[i]),
                centre=float(self.centre[i]),
                sigma=float(self.sigma[i]),
                lcl=float(self.lcl[i]),
                ucl=float(self.ucl[i]),
                phase=int(self.phase[i]),
            )
            for i, label in enumerate(self.labels)
        )

    @property
    def standardised(self) -> Floats:
        """Distance of each value from its centre in its standard deviations; NaN in a gap and where sigma is 0."""
        nothing = np.full(len(self), np.nan)
        distance: Floats = np.divide(self.values - self.centre, self.sigma, out=nothing, where=self.sigma > 0)
        return distance

    @property
    def departures(self) -> Flags:
        """Points that differ from a centre line without limits, because nothing varied where it comes from."""
        away = np.abs(self.values - self.centre)
        differs: Flags = (self.sigma == 0) & (away > _SAME * np.abs(self.centre))
        return differs

    def to_table(self) -> pl.DataFrame:
        """One row a point; null where there is no value, size or limit."""
        sizes = np.full(len(self), np.nan) if self.sizes is None else self.sizes
        columns = {"value": self.values, "n": sizes, "centre": self.centre, "lcl": self.lcl, "ucl": self.ucl}
        return pl.DataFrame(
            {
                "label": [str(label) for label in self.labels],
                **{name: pl.Series(column).fill_nan(None) for name, column in columns.items()},
                "phase": self.phase,
            }
        )

    def plot(self, ax: Axes | None = None) -> Axes:
        """Points with centre and limits; see :class:`baton_analysis.results.Plottable`."""
        return plot_chart(
            ax, labels=self.labels, values=self.values, centre=self.centre, lcl=self.lcl, ucl=self.ucl,
            phase=self.phase, title=self.method,
        )  # fmt: skip

    def to_dict(self) -> dict[str, Any]:
        """As plain values for JSON: dates as ISO text, None for what is not there or not finite."""
        return {
            "method": self.method,
            "version": self.version,
            "n": self.n,
            "limits": [
                {"centre": _plain(limit.centre), "spread": _plain(limit.spread), "n": limit.n} for limit in self.limits
            ],
            "warnings": [warning.render() for warning in self.warnings],
            "points": [
                {
                    "label": point.label.isoformat() if hasattr(point.label, "isoformat") else point.label,
                    "value": point.value,
                    "n": point.n,
                    "centre": _plain(point.centre),
                    "sigma": _plain(point.sigma),
                    "lcl": _plain(point.lcl),
                    "ucl": _plain(point.ucl),
                    "phase": point.phase,
                }
                for point in self.points
            ],
            "companion": self.companion.to_dict() if self.companion else None,
        }


def series_of(values: Sequence[float | None] | Floats) -> Floats:
    """Values as an array, NaN where there is none. Raises MeasureError where there is nothing, infinity, or text."""
    series = numbers_of(values)
    if not len(series):
        raise _nothing_to_chart(1)
    if np.isinf(series).any():
        raise MeasureError(
            expected=gettext_noop("Values on a chart must be finite numbers."),
            found=gettext_noop("Point {point} is infinite."),
            remedy=gettext_noop("Correct this value, or leave it out: it then stays a gap."),
            point=int(np.argmax(np.isinf(series))) + 1,
        )
    return series


def phase_of_each(points: int, starts: Sequence[int]) -> Numbers:
    """The number of the phase of each point. Raises MeasureError where a phase starts outside of the points."""
    phase = np.zeros(points, dtype=np.int64)
    for start in sorted(set(numbers_of(starts).tolist()) - {0}):
        if not 0 < start < points or start != int(start):
            raise MeasureError(
                expected=gettext_noop("A phase must start at one of the {points} points."),
                found=gettext_noop("One starts at point {start}."),
                remedy=gettext_noop("Choose a start within the chart."),
                points=points,
                start=f"{start + 1:g}",
            )
        phase[int(start) :] += 1
    return phase


def wanted_points(baseline: Baseline) -> int | None:
    """From how many points limits come; None: from all, or from none because they are held."""
    if baseline is None or isinstance(baseline, FrozenLimits | CarriedOn):
        return None
    try:
        wanted = index(baseline)
    except TypeError:  # 2.5, or text, must not be passed over
        wanted = 0
    if wanted < 2:
        raise MeasureError(
            expected=gettext_noop("A baseline must have at least two points."),
            found=gettext_noop("It has {points}."),
            remedy=gettext_noop("Take a longer baseline; twelve points or more give reliable limits."),
            points=baseline,
        )
    return wanted


def limits_of_phases(
    values: Floats,
    phase: Numbers,
    baseline: Baselines,
    *,
    methods: Sequence[str],
    compute: Callable[[Flags, int], FrozenLimits],
) -> list[FrozenLimits]:
    """The limits of each phase: held ones of ``methods``, those of an earlier phase, or what ``compute(used, number)``
    makes of the points ``used`` of phase ``number``."""
    limits: list[FrozenLimits] = []
    for number, own in enumerate(_baseline_of_each(phase, baseline)):
        if isinstance(own, FrozenLimits):
            limits.append(held(own, *methods))
        elif isinstance(own, CarriedOn):
            limits.append(_carried_on(limits, own))
        else:
            limits.append(compute(_used(values, phase, number, wanted_points(own)), number))
    return limits


def _baseline_of_each(phase: Numbers, baseline: Baselines) -> list[Baseline]:
    phases = int(phase[-1]) + 1
    if isinstance(baseline, FrozenLimits):
        return [baseline, *[None] * (phases - 1)]
    if isinstance(baseline, str) or not isinstance(baseline, Sequence):
        return [baseline] * phases
    if len(baseline) != phases:
        raise MeasureError(
            expected=gettext_noop("Baselines must be one for all phases, or one for each."),
            found=gettext_noop("There are {baselines} baselines and {phases} phases."),
            remedy=gettext_noop("Give one baseline a phase; the part before the first start is a phase, too."),
            baselines=len(baseline),
            phases=phases,
        )
    return list(baseline)


def _carried_on(limits: Sequence[FrozenLimits], wanted: CarriedOn) -> FrozenLimits:
    if 0 <= wanted.phase < len(limits):
        return limits[wanted.phase]
    raise MeasureError(
        expected=gettext_noop("A phase can carry on the limits of a phase before it."),
        found=gettext_noop("Phase {phase} is to carry on those of phase {wanted}."),
        remedy=gettext_noop("Name an earlier phase, or let it have limits of its own."),
        phase=len(limits) + 1,
        wanted=wanted.phase + 1,
    )


def _used(values: Floats, phase: Numbers, number: int, wanted: int | None) -> Flags:
    """The points from which the limits of a phase are computed."""
    here: Flags = (phase == number) & ~np.isnan(values)
    if not here.any():
        raise _nothing_to_chart(number + 1)
    return here if wanted is None else here & (np.cumsum(here) <= wanted)


def moving_ranges(series: Floats, phase: Numbers) -> Floats:
    """Distance to the point before; NaN at the first point, beside gaps and at the start of a phase."""
    ranges = np.full(len(series), np.nan)
    ranges[1:] = np.where(phase[1:] == phase[:-1], np.abs(np.diff(series)), np.nan)
    return ranges


def labels_for(labels: Sequence[Label] | None, points: int) -> tuple[Label, ...]:
    """One label a point, by themselves 1, 2, 3 ... Raises MeasureError where their number differs."""
    if labels is None:
        return tuple(range(1, points + 1))
    if len(labels) != points:
        raise MeasureError(
            expected=gettext_noop("Each point needs one label."),
            found=gettext_noop("There are {labels} labels and {points} points."),
            remedy=gettext_noop("Give one label a point."),
            labels=len(labels),
            points=points,
        )
    return tuple(labels)


def held(limits: FrozenLimits, *methods: str) -> FrozenLimits:
    """Limits that fit a chart of one of ``methods``."""
    if limits.method not in methods:
        raise MeasureError(
            expected=gettext_noop("Held limits must come from the same kind of chart ({method})."),
            found=gettext_noop("These come from another kind ({held})."),
            remedy=gettext_noop("Compute limits for this chart, or use the chart from which they come."),
            method=methods[-1],
            held=limits.method,
        )
    return limits


def limit_warnings(limits: list[FrozenLimits], enough: int = ENOUGH_POINTS) -> tuple[Notice, ...]:
    """What to tell a reader about limits: too few points, no variation, no neighbours to compare."""
    warnings = []
    few = [limit.n for limit in limits if limit.n < enough]
    if few:
        warnings.append(
            Notice(
                message=gettext_noop("The limits are provisional: they rest on {points} points; {enough} are wanted."),
                values={"points": min(few), "enough": enough},
            )
        )
    if any(np.isnan(limit.spread) for limit in limits):
        warnings.append(Notice(message=gettext_noop("No limits: there are no two neighbouring points to compare.")))
    if any(limit.spread == 0 for limit in limits):
        warnings.append(
            Notice(
                message=gettext_noop(
                    "Neighbouring points of the baseline do not differ at all: limits cannot be estimated; {enough} "
                    "points that vary are needed. Points that differ are marked and raise no alarm."
                ),
                values={"enough": enough},
            )
        )
    return tuple(warnings)


def at_each_point(limits: Sequence[FrozenLimits], phase: Numbers) -> tuple[Floats, Floats]:
    """Centre and spread of the phase of each point."""
    centres = np.array([limit.centre for limit in limits])
    spreads = np.array([limit.spread for limit in limits])
    return centres[phase], spreads[phase]


def lines(
    centre: Floats,
    sigma: Floats,
    lowest: float = -np.inf,
    highest: float = np.inf,
    width: float = 3.0,
    *,
    out: tuple[Floats, Floats] | None = None,
) -> tuple[Floats, Floats]:
    """Limits ``width`` sigma below and above the centre, clipped to where a value can lie; NaN where sigma is 0.

    ``out``: arrays into which they are written, of the shape of both together.
    """
    # New arrays cost more than the sums in them, where there are thousands of series.
    lower, upper = out or np.empty((2, *np.broadcast_shapes(centre.shape, sigma.shape)))
    np.multiply(width, sigma, out=upper)
    if not upper.min(initial=np.inf) > 0:
        upper[~(upper > 0)] = np.nan
    np.subtract(centre, upper, out=lower)
    np.add(centre, upper, out=upper)
    if np.isfinite(lowest):
        np.maximum(lower, lowest, out=lower)
    if np.isfinite(highest):
        np.minimum(upper, highest, out=upper)
    return lower, upper


def mean_of(values: Floats) -> float:
    """Mean of what is there; NaN if there is nothing."""
    there = values[~np.isnan(values)]
    return float(there.mean()) if len(there) else float("nan")


def _nothing_to_chart(phase: int) -> MeasureError:
    return MeasureError(
        expected=gettext_noop("Each phase of a chart must have at least one value."),
        found=gettext_noop("Phase {phase} has none."),
        remedy=gettext_noop("Choose a longer period, or join this phase to the one before."),
        phase=phase,
    )


def _plain(value: float) -> float | None:
    return float(value) if np.isfinite(value) else None
