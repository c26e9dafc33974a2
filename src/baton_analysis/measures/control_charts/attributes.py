"""Charts of what was counted: shares of records, and events for an amount of opportunity.

Both families have one formula. A share has the variance p(1-p)/n of the binomial law and lies in 0..1; a rate has the
variance u/n of Poisson's and has no upper bound. Laney's versions multiply sigma by what the points really vary.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import log, sqrt

import numpy as np

from baton_analysis.arguments import checked
from baton_analysis.errors import MeasureError, gettext_noop
from baton_analysis.measures.charted_series import (
    Baselines,
    ControlChart,
    Flags,
    Floats,
    FrozenLimits,
    Label,
    at_each_point,
    labels_for,
    limit_warnings,
    limits_of_phases,
    lines,
    mean_of,
    moving_ranges,
    phase_of_each,
    series_of,
)
from baton_analysis.measures.control_constants import MOVING_RANGE_VARIANCE, shewhart_constants
from baton_analysis.measures.proportions import clopper_pearson_upper
from baton_analysis.readers.model import Notice

_D2 = shewhart_constants(2).d2

_ONE_PERCENT = 2.3263478740408408


@checked(MeasureError)
def p_chart(
    counts: Sequence[float | None],
    sizes: Sequence[float | None],
    *,
    labels: Sequence[Label] | None = None,
    phases: Sequence[int] = (),
    baseline: Baselines = None,
) -> ControlChart:
    """Chart of proportions ``counts / sizes``, each point with the binomial limits of its own size, clipped to 0..1.

    Centre: all counts over all sizes; sigma: sqrt(p(1-p)/n) (Montgomery, section 7.2). A point of size 0 or None is a
    gap. Where nothing or everything was counted there are no limits; a warning gives the exact one-sided bound. Other
    parameters and errors: see :func:`individuals_chart`.
    """
    return _shares("p", counts, sizes, labels, phases, baseline)


@checked(MeasureError)
def laney_p_chart(
    counts: Sequence[float | None],
    sizes: Sequence[float | None],
    *,
    labels: Sequence[Label] | None = None,
    phases: Sequence[int] = (),
    baseline: Baselines = None,
) -> ControlChart:
    """Laney's p' chart: binomial limits times sigma-z, for proportions that vary more (or less) than chance alone.

    sigma-z is the mean moving range of the standardised proportions over d2 (Laney 2002, Quality Engineering 14:
    531-537), not their standard deviation. Other parameters and errors: see :func:`individuals_chart`.
    """
    return _shares("p_prime", counts, sizes, labels, phases, baseline)


@checked(MeasureError)
def proportion_chart(
    counts: Sequence[float | None],
    sizes: Sequence[float | None],
    *,
    labels: Sequence[Label] | None = None,
    phases: Sequence[int] = (),
    baseline: Baselines = None,
) -> ControlChart:
    """p chart, or p' chart where neighbouring points differ by more than chance.

    The rule: p' if sigma-z of any phase exceeds 1 + 2.326 sqrt(0.8264 / (m - 1)) with m points, which binomial counts
    do in about one series of a hundred. sigma-z looks at neighbours only, so that one lasting shift does not count as
    over-dispersion. Held limits decide by their own method.
    """
    given = baseline if isinstance(baseline, Sequence) else [baseline]
    if frozen := [one for one in given if isinstance(one, FrozenLimits)]:
        method = "p_prime" if frozen[0].method == "p_prime" else "p"
        return _shares(method, counts, sizes, labels, phases, baseline)
    prime = laney_p_chart(counts, sizes, labels=labels, phases=phases, baseline=baseline)
    if any(limit.spread > over_dispersion_threshold(limit.n - 1) for limit in prime.limits):
        return prime
    return p_chart(counts, sizes, labels=labels, phases=phases, baseline=baseline)


@checked(MeasureError)
def over_dispersion_threshold(ranges: int) -> float:
    """The sigma-z that binomial proportions with that many moving ranges exceed once in about a hundred series."""
    return 1 + _ONE_PERCENT * sqrt(MOVING_RANGE_VARIANCE / ranges) if ranges > 0 else float("inf")


@checked(MeasureError)
def np_chart(
    counts: Sequence[float | None],
    sizes: Sequence[float | None],
    *,
    labels: Sequence[Label] | None = None,
    phases: Sequence[int] = (),
    baseline: Baselines = None,
) -> ControlChart:
    """Chart of the counts themselves: centre n p-bar, sigma sqrt(n p-bar (1 - p-bar)), limits within 0..n.

    Made for samples of one size (Montgomery, section 7.2.1). Where sizes differ the centre line moves with them; the
    chart warns. Held limits hold the share p-bar. A point of size 0 or None is a gap. Other parameters and errors: see
    :func:`p_chart`.
    """
    count, size = _checked_counts(counts, sizes)
    shares = _rates("np", BINOMIAL, count, size, phases, baseline)
    seen = np.where(size > 0, size, np.nan)
    centre, sigma = shares.centre * seen, shares.sigma * seen
    lcl, ucl = lines(centre, sigma, lowest=0.0)
    return ControlChart(
        method="np",
        labels=labels_for(labels, len(count)),
        values=np.where(size > 0, count, np.nan),
        sizes=size,
        centre=centre,
        sigma=sigma,
        lcl=lcl,
        ucl=np.minimum(ucl, seen),
        phase=shares.phase,
        limits=shares.limits,
        warnings=(*shares.warnings, *_moving_centre(size)),
    )


@checked(MeasureError)
def c_chart(
    counts: Sequence[float | None],
    *,
    labels: Sequence[Label] | None = None,
    phases: Sequence[int] = (),
    baseline: Baselines = None,
) -> ControlChart:
    """Chart of events where each point has the same opportunity for them: centre c-bar, sigma sqrt(c-bar), lcl >= 0.

    Poisson's law (Montgomery, section 7.3.1). None is a gap. Where there was no event at all there are no limits; a
    warning gives the exact one-sided bound. Other parameters and errors: see :func:`individuals_chart`.
    """
    series = series_of(counts)
    count, size = _checked_events(series, np.ones_like(series))
    chart = _rates("c", POISSON, count, size, phases, baseline)
    return _as_chart(chart, labels, sizes=None)


@checked(MeasureError)
def u_chart(
    counts: Sequence[float | None],
    sizes: Sequence[float | None],
    *,
    labels: Sequence[Label] | None = None,
    phases: Sequence[int] = (),
    baseline: Baselines = None,
) -> ControlChart:
    """Chart of events per unit ``counts / sizes``, each point with the limits of its own size, lcl >= 0.

    Centre: all events over all units; sigma: sqrt(u/n), Poisson's law (Montgomery, section 7.3.2). ``sizes`` are what
    gives opportunity for an event (units, hours, bed days), not necessarily whole. A point of size 0 or None is a gap.
    Other parameters and errors: see :func:`c_chart`.
    """
    count, size = _checked_events(counts, sizes)
    return _as_chart(_rates("u", POISSON, count, size, phases, baseline), labels, sizes=size)


@checked(MeasureError)
def laney_u_chart(
    counts: Sequence[float | None],
    sizes: Sequence[float | None],
    *,
    labels: Sequence[Label] | None = None,
    phases: Sequence[int] = (),
    baseline: Baselines = None,
) -> ControlChart:
    """Laney's u' chart: Poisson limits times sigma-z, for rates that vary more (or less) than chance alone.

    sigma-z as for :func:`laney_p_chart`. Other parameters and errors: see :func:`u_chart`.
    """
    count, size = _checked_events(counts, sizes)
    return _as_chart(_rates("u_prime", POISSON, count, size, phases, baseline), labels, sizes=size)


@dataclass(frozen=True, slots=True)
class Law:
    """How a rate varies by chance: its variance for one unit of size, and the largest rate there can be."""

    binomial: bool
    highest: float

    def variance(self, rate: Floats | float) -> Floats:
        """Of one unit at this rate."""
        return np.asarray(rate * (1 - rate) if self.binomial else rate, dtype=np.float64)


BINOMIAL = Law(binomial=True, highest=1.0)
POISSON = Law(binomial=False, highest=np.inf)


def _shares(
    method: str,
    counts: Sequence[float | None],
    sizes: Sequence[float | None],
    labels: Sequence[Label] | None,
    phases: Sequence[int],
    baseline: Baselines,
) -> ControlChart:
    count, size = _checked_counts(counts, sizes)
    return _as_chart(_rates(method, BINOMIAL, count, size, phases, baseline), labels, sizes=size)


@dataclass(frozen=True, eq=False, slots=True)
class _Rates:
    """What all these charts compute; arrays as in a ControlChart."""

    method: str
    law: Law
    values: Floats
    centre: Floats
    sigma: Floats
    phase: np.ndarray[tuple[int], np.dtype[np.int64]]
    limits: tuple[FrozenLimits, ...]
    warnings: tuple[Notice, ...]


def _rates(method: str, law: Law, count: Floats, size: Floats, phases: Sequence[int], baseline: Baselines) -> _Rates:
    phase = phase_of_each(len(count), phases)
    values = np.divide(count, size, out=np.full(len(size), np.nan), where=size > 0)
    one_sided: list[Notice] = []

    def compute(used: Flags, number: int) -> FrozenLimits:
        centre = float(count[used].sum() / size[used].sum())
        one_sided.extend(_none_or_all(law, centre, float(size[used].sum())))
        here = phase == number
        prime = method.endswith("_prime")
        factor = _sigma_z(law, values[here], size[here], centre, used[here]) if prime else 1.0
        return FrozenLimits(method, centre, factor, int(used.sum()))

    limits = limits_of_phases(values, phase, baseline, methods=[method], compute=compute)
    centres, factors = at_each_point(limits, phase)
    spread = np.sqrt(law.variance(centres))
    sigma = factors * np.divide(spread, np.sqrt(size), out=np.full(len(size), np.nan), where=size > 0)
    return _Rates(method, law, values, centres, sigma, phase, tuple(limits), (*limit_warnings(limits), *one_sided))


def _as_chart(rates: _Rates, labels: Sequence[Label] | None, *, sizes: Floats | None) -> ControlChart:
    lcl, ucl = lines(rates.centre, rates.sigma, 0.0, rates.law.highest)
    return ControlChart(
        method=rates.method,
        labels=labels_for(labels, len(rates.values)),
        values=rates.values,
        sizes=sizes,
        centre=rates.centre,
        sigma=rates.sigma,
        lcl=lcl,
        ucl=ucl,
        phase=rates.phase,
        limits=rates.limits,
        warnings=rates.warnings,
    )


def _none_or_all(law: Law, rate: float, size: float) -> list[Notice]:
    """What can be said where a baseline counted none, or all of its records: the variance is 0, no limits exist."""
    if law.variance(rate) > 0:
        return []
    if not law.binomial:
        message = gettext_noop(
            "No event on {size} units in the baseline: limits do not exist where nothing varies. With 95 % confidence "
            "the true rate is at most {bound} a unit. Points that differ are marked and raise no alarm."
        )
        # Of a Poisson count of 0 the exact one-sided 95 % bound is -ln(0.05), about 3.
        return [Notice(message=message, values={"size": f"{size:g}", "bound": f"{-log(0.05) / size:.3g}"})]
    bound = float(clopper_pearson_upper(0, size))
    if rate == 0:
        message = gettext_noop(
            "None of {records} in the baseline: limits do not exist where nothing varies. With 95 % confidence the "
            "true share is at most {bound} %. Weeks that differ are marked and raise no alarm."
        )
    else:
        message = gettext_noop(
            "All of {records} in the baseline: limits do not exist where nothing varies. With 95 % confidence the "
            "true share is at least {bound} %. Weeks that differ are marked and raise no alarm."
        )
    said = 100 * (bound if rate == 0 else 1 - bound)
    return [Notice(message=message, values={"records": int(size), "bound": f"{said:.3g}"})]


def _sigma_z(law: Law, values: Floats, size: Floats, centre: float, used: Flags) -> float:
    """Laney's factor; 1 where it cannot be told (fewer than two neighbours, or nothing varies by the law)."""
    if not law.variance(centre) > 0:
        return 1.0
    spread = np.sqrt(law.variance(centre) / np.where(size > 0, size, np.nan))
    ranges = moving_ranges((values - centre) / spread, np.zeros(len(values), dtype=np.int64))[used]
    return mean_of(ranges) / _D2 if np.any(~np.isnan(ranges)) else 1.0


def _moving_centre(size: Floats) -> tuple[Notice, ...]:
    there = size[size > 0]
    if np.all(there == there[:1]):
        return ()
    return (
        Notice(
            message=gettext_noop(
                "The samples have different sizes: centre line and limits move with them. A p chart is easier to read."
            )
        ),
    )


def _checked_counts(counts: Sequence[float | None], sizes: Sequence[float | None]) -> tuple[Floats, Floats]:
    """Counts that are part of their sizes; 0 of 0 in a gap."""
    count, size = _paired(counts, sizes)
    expected = gettext_noop("A count must lie between 0 and the number of which it is a part.")
    _refuse(
        (count < 0) | (size < 0) | (count > size),
        expected,
        gettext_noop("Point {point} has {count} of {size}."),
        count,
        size,
    )
    return count, size


def _checked_events(
    counts: Sequence[float | None] | Floats, sizes: Sequence[float | None] | Floats
) -> tuple[Floats, Floats]:
    """Events on units, of which there can be more than units; 0 on 0 in a gap."""
    count, size = _paired(counts, sizes)
    expected = gettext_noop("Events and units must not be negative.")
    _refuse((count < 0) | (size < 0), expected, gettext_noop("Point {point} has {count} on {size}."), count, size)
    return count, size


def _refuse(wrong: Flags, expected: str, found: str, count: Floats, size: Floats) -> None:
    """Name the first point that is wrong, if any is."""
    if wrong.any():
        point = int(np.argmax(wrong))
        raise MeasureError(
            expected=expected,
            found=found,
            remedy=gettext_noop("Correct this point."),
            point=point + 1,
            count=float(count[point]),
            size=float(size[point]),
        )


def _paired(counts: Sequence[float | None] | Floats, sizes: Sequence[float | None] | Floats) -> tuple[Floats, Floats]:
    count, size = series_of(counts), series_of(sizes)
    if len(count) != len(size):
        raise MeasureError(
            expected=gettext_noop("Each count needs the number of which it is a part."),
            found=gettext_noop("There are {counts} counts and {sizes} numbers."),
            remedy=gettext_noop("Give both for each point."),
            counts=len(count),
            sizes=len(size),
        )
    size = np.where(np.isnan(count) | np.isnan(size), 0.0, size)
    return np.where(size == 0, 0.0, count), size
