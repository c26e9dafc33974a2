"""What the charts of every kind compute alike: phases, baselines, limits and their lines."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from operator import index

import numpy as np

from baton_analysis.errors import MeasureError, gettext_noop
from baton_analysis.measures.charted_series.model import (
    Baseline,
    Baselines,
    CarriedOn,
    Flags,
    Floats,
    FrozenLimits,
    Label,
    Numbers,
)
from baton_analysis.measures.inputs import numbers_of
from baton_analysis.readers.model import Notice

ENOUGH_POINTS = 12
"""With fewer points than this the limits of a phase are called provisional."""


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
