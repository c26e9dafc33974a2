"""Control charts: is a process steady, and where does it leave its usual band?

Individuals with moving ranges (I-MR), proportions (p) and proportions with over-dispersion allowed for (Laney's p').

Every function gives a :class:`ControlChart`: points with their own centre, standard deviation and limits, in phases and
with gaps as :mod:`baton_analysis.measures.charted_series` says. Further kinds are further functions that give one; the
rules of :mod:`baton_analysis.signals.chart_rules` need nothing else.
"""

from __future__ import annotations

from collections.abc import Sequence
from math import sqrt

import numpy as np
import numpy.typing as npt

from baton_analysis.errors import MeasureError, gettext_noop
from baton_analysis.measures.charted_series import (
    ChartPoint,
    ControlChart,
    Floats,
    FrozenLimits,
    Label,
    held,
    labels_for,
    limit_warnings,
    lines,
    mean_of,
    moving_ranges,
    phase_of_each,
    rows_for_limits,
    series_of,
)
from baton_analysis.measures.control_constants import shewhart_constants
from baton_analysis.measures.proportions import clopper_pearson_upper
from baton_analysis.readers.model import Notice

__all__ = [
    "ChartPoint",
    "ControlChart",
    "FrozenLimits",
    "individuals_chart",
    "laney_p_chart",
    "over_dispersion_threshold",
    "p_chart",
    "proportion_chart",
]

_D2 = shewhart_constants(2).d2
_RANGE_SIGMA = shewhart_constants(2).d3 / _D2

# Large-sample variance of the mean moving range over d2, times n, for independent normal values with sigma 1
# (Cryer & Ryan 1990, Journal of Quality Technology 22: 187-192).
_MOVING_RANGE_VARIANCE = 0.8264
_ONE_PERCENT = 2.3263478740408408


def individuals_chart(
    values: Sequence[float | None],
    *,
    labels: Sequence[Label] | None = None,
    phases: Sequence[int] = (),
    baseline: int | FrozenLimits | None = None,
) -> ControlChart:
    """Individuals chart with its moving-range chart as ``companion`` (I-MR, ranges of two neighbours).

    Centre: mean of the values; sigma: mean moving range / d2, d2 = 2/sqrt(pi) exactly; limits: centre ± 3 sigma
    (Montgomery, Introduction to Statistical Quality Control, section 6.4; NIST/SEMATECH e-Handbook 6.3.2.2). Moving
    ranges: centre MR-bar, upper limit D4 MR-bar, lower limit 0.

    Parameters
    ----------
    values
        In order of time; None is a gap.
    labels
        What stands under each point; 1, 2, 3 ... if not given.
    phases
        Indices (from 0) at which a new phase starts; 0 is implied.
    baseline
        See :mod:`baton_analysis.measures.charted_series`.

    Raises
    ------
    MeasureError
        Nothing to chart, values that are not finite, labels or phases that do not fit, or limits of another method.
    """
    series = series_of(values)
    phase = phase_of_each(len(series), phases)
    ranges = moving_ranges(series, phase)
    limits: list[FrozenLimits] = []
    for number, used in enumerate(rows_for_limits(series, phase, baseline)):
        if number == 0 and isinstance(baseline, FrozenLimits):
            limits.append(held(baseline, "i"))
            continue
        # A range belongs to the later of its two points: both lie in the baseline if the later one does.
        limits.append(FrozenLimits("i", mean_of(series[used]), mean_of(ranges[used]) / _D2, int(used.sum())))
    centre = np.array([limit.centre for limit in limits])[phase]
    sigma = np.array([limit.spread for limit in limits])[phase]
    warnings = limit_warnings(limits)
    names = labels_for(labels, len(series))
    lcl, ucl = lines(centre, sigma)
    return ControlChart(
        method="i",
        labels=names,
        values=series,
        sizes=None,
        centre=centre,
        sigma=sigma,
        lcl=lcl,
        ucl=ucl,
        phase=phase,
        limits=tuple(limits),
        warnings=warnings,
        companion=_range_chart(ranges, sigma * _D2, phase, names, limits),
    )


def p_chart(
    counts: Sequence[float | None],
    sizes: Sequence[float | None],
    *,
    labels: Sequence[Label] | None = None,
    phases: Sequence[int] = (),
    baseline: int | FrozenLimits | None = None,
) -> ControlChart:
    """Chart of proportions ``counts / sizes``, each point with the binomial limits of its own size, clipped to 0..1.

    Centre: all counts over all sizes; sigma: sqrt(p(1-p)/n) (Montgomery, section 7.2). A point of size 0 or None is a
    gap. Where nothing or everything was counted there are no limits; a warning gives the exact one-sided bound. Other
    parameters and errors: see :func:`individuals_chart`.
    """
    return _proportions("p", counts, sizes, labels, phases, baseline)


def laney_p_chart(
    counts: Sequence[float | None],
    sizes: Sequence[float | None],
    *,
    labels: Sequence[Label] | None = None,
    phases: Sequence[int] = (),
    baseline: int | FrozenLimits | None = None,
) -> ControlChart:
    """Laney's p' chart: binomial limits times sigma-z, for proportions that vary more (or less) than chance alone.

    sigma-z is the mean moving range of the standardised proportions over d2 (Laney 2002, Quality Engineering 14:
    531-537), not their standard deviation. Other parameters and errors: see :func:`individuals_chart`.
    """
    return _proportions("p_prime", counts, sizes, labels, phases, baseline)


def proportion_chart(
    counts: Sequence[float | None],
    sizes: Sequence[float | None],
    *,
    labels: Sequence[Label] | None = None,
    phases: Sequence[int] = (),
    baseline: int | FrozenLimits | None = None,
) -> ControlChart:
    """p chart, or p' chart where neighbouring points differ by more than chance.

    The rule: p' if sigma-z of any phase exceeds 1 + 2.326 sqrt(0.8264 / (m - 1)) with m points, which binomial counts
    do in about one series of a hundred. sigma-z looks at neighbours only, so that one lasting shift does not count as
    over-dispersion. Held limits decide by their own method.
    """
    if isinstance(baseline, FrozenLimits):
        return _proportions(baseline.method, counts, sizes, labels, phases, baseline)
    prime = laney_p_chart(counts, sizes, labels=labels, phases=phases, baseline=baseline)
    if any(limit.spread > over_dispersion_threshold(limit.n - 1) for limit in prime.limits):
        return prime
    return p_chart(counts, sizes, labels=labels, phases=phases, baseline=baseline)


def over_dispersion_threshold(ranges: int) -> float:
    """The sigma-z that binomial proportions with that many moving ranges exceed once in about a hundred series."""
    return 1 + _ONE_PERCENT * sqrt(_MOVING_RANGE_VARIANCE / ranges) if ranges > 0 else float("inf")


def _proportions(
    method: str,
    counts: Sequence[float | None],
    sizes: Sequence[float | None],
    labels: Sequence[Label] | None,
    phases: Sequence[int],
    baseline: int | FrozenLimits | None,
) -> ControlChart:
    count, size = _checked_counts(counts, sizes)
    phase = phase_of_each(len(count), phases)
    values = np.divide(count, size, out=np.full(len(size), np.nan), where=size > 0)
    limits: list[FrozenLimits] = []
    one_sided: list[Notice] = []
    for number, used in enumerate(rows_for_limits(values, phase, baseline)):
        if number == 0 and isinstance(baseline, FrozenLimits):
            limits.append(held(baseline, method))
            continue
        centre = float(count[used].sum() / size[used].sum())
        one_sided += _none_or_all(centre, float(size[used].sum()))
        here = phase == number
        factor = 1.0 if method == "p" else _sigma_z(values[here], size[here], centre, used[here])
        limits.append(FrozenLimits(method, centre, factor, int(used.sum())))
    centres = np.array([limit.centre for limit in limits])[phase]
    factors = np.array([limit.spread for limit in limits])[phase]
    binomial = np.sqrt(centres * (1 - centres))
    sigma = factors * np.divide(binomial, np.sqrt(size), out=np.full(len(size), np.nan), where=size > 0)
    lcl, ucl = lines(centres, sigma, 0.0, 1.0)
    return ControlChart(
        method=method,
        labels=labels_for(labels, len(values)),
        values=values,
        sizes=size,
        centre=centres,
        sigma=sigma,
        lcl=lcl,
        ucl=ucl,
        phase=phase,
        limits=tuple(limits),
        warnings=(*limit_warnings(limits), *one_sided),
    )


def _none_or_all(share: float, records: float) -> list[Notice]:
    """What can be said where a baseline counted none of its records, or all of them: p(1-p) is 0, no limits exist."""
    if 0 < share < 1:
        return []
    bound = float(clopper_pearson_upper(0, records))
    if share == 0:
        message = gettext_noop(
            "None of {records} in the baseline: limits do not exist where nothing varies. With 95 % confidence the "
            "true share is at most {bound} %. Weeks that differ are marked and raise no alarm."
        )
    else:
        message = gettext_noop(
            "All of {records} in the baseline: limits do not exist where nothing varies. With 95 % confidence the "
            "true share is at least {bound} %. Weeks that differ are marked and raise no alarm."
        )
    said = 100 * (bound if share == 0 else 1 - bound)
    return [Notice(message=message, values={"records": int(records), "bound": f"{said:.3g}"})]


def _sigma_z(values: Floats, size: Floats, centre: float, used: npt.NDArray[np.bool_]) -> float:
    """Laney's factor; 1 where it cannot be told (fewer than two neighbours, or all or none of everything counted)."""
    spread = np.sqrt(centre * (1 - centre) / np.where(size > 0, size, np.nan))
    if not centre * (1 - centre) > 0:
        return 1.0
    ranges = moving_ranges((values - centre) / spread, np.zeros(len(values), dtype=np.int64))[used]
    return mean_of(ranges) / _D2 if np.any(~np.isnan(ranges)) else 1.0


def _range_chart(
    ranges: Floats, mean_range: Floats, phase: npt.NDArray[np.int64], labels: tuple[Label, ...], of: list[FrozenLimits]
) -> ControlChart:
    sigma = _RANGE_SIGMA * mean_range
    _, ucl = lines(mean_range, sigma)
    return ControlChart(
        method="mr",
        labels=labels,
        values=ranges,
        sizes=None,
        centre=mean_range,
        sigma=sigma,
        lcl=np.zeros(len(ranges)),
        ucl=ucl,
        phase=phase,
        limits=tuple(
            FrozenLimits("mr", limit.spread * _D2, _RANGE_SIGMA * limit.spread * _D2, limit.n) for limit in of
        ),
    )


def _checked_counts(counts: Sequence[float | None], sizes: Sequence[float | None]) -> tuple[Floats, Floats]:
    if len(counts) != len(sizes):
        raise MeasureError(
            expected=gettext_noop("Each count needs the number of which it is a part."),
            found=gettext_noop("There are {counts} counts and {sizes} numbers."),
            remedy=gettext_noop("Give both for each point."),
            counts=len(counts),
            sizes=len(sizes),
        )
    count, size = series_of(counts), series_of(sizes)
    size = np.where(np.isnan(count) | np.isnan(size), 0.0, size)
    count = np.where(size == 0, 0.0, count)
    wrong = (count < 0) | (size < 0) | (count > size)
    if wrong.any():
        point = int(np.argmax(wrong))
        raise MeasureError(
            expected=gettext_noop("A count must lie between 0 and the number of which it is a part."),
            found=gettext_noop("Point {point} has {count} of {size}."),
            remedy=gettext_noop("Correct this point."),
            point=point + 1,
            count=float(count[point]),
            size=float(size[point]),
        )
    return count, size
