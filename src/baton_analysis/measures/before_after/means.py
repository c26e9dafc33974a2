"""Measured values before and after."""

from __future__ import annotations

from collections.abc import Sequence
from math import sqrt

import numpy as np
from scipy.special import stdtr, stdtrit

from baton_analysis.arguments import checked
from baton_analysis.errors import MeasureError, Phrase, gettext_noop
from baton_analysis.measures.before_after.comparison import Alternative, Comparison, Floats, demand_settings
from baton_analysis.measures.inputs import numbers_of
from baton_analysis.readers.model import Notice

FEW_VALUES = 8
"""With fewer values on one side the t distribution does not make good for values that are not normal."""


@checked(MeasureError)
def welch(
    before: Sequence[float],
    after: Sequence[float],
    *,
    alternative: Alternative = "two_sided",
    confidence: float = 0.95,
) -> Comparison:
    """Whether a mean has changed: Welch's t test, which lets the spread change too (Welch 1947, Biometrika 34: 28-35).

    Degrees of freedom by Satterthwaite, as R t.test. The estimate is the difference of the means.

    Raises
    ------
    MeasureError
        Fewer than two values on one side, values that are not finite, no variation at all, or unknown settings.
    """
    demand_settings(alternative, confidence)
    one, other = _values(before, gettext_noop("before")), _values(after, gettext_noop("after"))
    parts = np.array([one.var(ddof=1) / len(one), other.var(ddof=1) / len(other)])
    error = sqrt(float(parts.sum()))
    away = float(other.mean() - one.mean())
    if error <= 1e-12 * max(abs(float(one.mean())), abs(float(other.mean())), 1e-300):
        raise MeasureError(
            expected=gettext_noop("Values must vary before or after: else there is nothing to measure a change by."),
            found=gettext_noop("All values before are {before}, all after {after}."),
            remedy=gettext_noop("Record them with a finer resolution, or compare shares."),
            before=float(one[0]),
            after=float(other[0]),
        )
    degrees = float(parts.sum() ** 2 / (parts**2 / [len(one) - 1, len(other) - 1]).sum())
    t = away / error
    half = float(stdtrit(degrees, 0.5 + confidence / 2)) * error
    return Comparison(
        method="welch",
        before=float(one.mean()),
        after=float(other.mean()),
        n_before=len(one),
        n_after=len(other),
        estimate=away,
        scale="difference",
        interval=(away - half, away + half),
        p=t_tail(t, degrees, alternative),
        alternative=alternative,
        confidence=confidence,
        statistic=t,
        degrees=degrees,
        warnings=_few(min(len(one), len(other))),
    )


def t_tail(t: float, degrees: float, alternative: Alternative) -> float:
    """Probability beyond t; with infinitely many degrees of freedom that of the normal distribution."""
    below = float(stdtr(min(degrees, 1e9), t))
    if alternative == "two_sided":
        return min(1.0, 2 * min(below, float(stdtr(min(degrees, 1e9), -t))))
    return below if alternative == "less" else float(stdtr(min(degrees, 1e9), -t))


def _values(values: Sequence[float], side: str) -> Floats:
    found = numbers_of(values)
    if len(found) < 2 or not np.isfinite(found).all():
        raise MeasureError(
            expected=gettext_noop("There must be two values or more before and after, all of them finite."),
            found=gettext_noop("One side ({side}) has: {values}; not finite: {wrong}."),
            remedy=gettext_noop("Take longer windows, and leave out what was not measured."),
            side=Phrase(side),
            values=len(found),
            wrong=int((~np.isfinite(found)).sum()),
        )
    return found


def _few(number: int) -> tuple[Notice, ...]:
    if number >= FEW_VALUES:
        return ()
    few = gettext_noop(
        "One side has {values} values only; {enough} are wanted. The result then leans on the values being normal."
    )
    return (Notice(few, values={"values": number, "enough": FEW_VALUES}),)
