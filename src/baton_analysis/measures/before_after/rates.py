"""Rates of events before and after."""

from __future__ import annotations

import numpy as np

from baton_analysis.arguments import checked
from baton_analysis.errors import MeasureError, gettext_noop
from baton_analysis.measures.before_after.comparison import (
    Alternative,
    Comparison,
    binomial_p,
    demand_settings,
    exact_share_interval,
)


@checked(MeasureError)
def poisson_rates(
    before: tuple[int, float],
    after: tuple[int, float],
    *,
    alternative: Alternative = "two_sided",
    confidence: float = 0.95,
) -> Comparison:
    """Whether a rate of events has changed; ``before`` and ``after`` are (events, exposure).

    Given how many events there were in all, those after are binomial with the share of the exposure after. The test and
    the interval of the ratio of the rates are therefore exact (Przyborowski and Wilenski 1940, Biometrika 31: 313-323;
    as R poisson.test). They hold if events fall at random: where one brings on the next they do not.

    Raises
    ------
    MeasureError
        Events that are no whole numbers, an exposure that is not above 0, or unknown settings.
    """
    demand_settings(alternative, confidence)
    (a, n), (b, m) = demand_rate(*before), demand_rate(*after)
    total, share = a + b, m / (n + m)
    low, high = exact_share_interval(b, total, confidence) if total else (0.0, 1.0)
    with np.errstate(divide="ignore", invalid="ignore"):
        odds = np.array([low, b / total if total else np.nan, high])
        ratios = odds / (1 - odds) * (n / m)
    return Comparison(
        method="poisson_exact",
        before=a / n,
        after=b / m,
        n_before=n,
        n_after=m,
        estimate=float(ratios[1]),
        scale="ratio",
        interval=(float(ratios[0]), float(ratios[2])),
        p=binomial_p(b, total, share, alternative) if total else 1.0,
        alternative=alternative,
        confidence=confidence,
    )


def demand_rate(events: float, exposure: float) -> tuple[int, float]:
    """Events as a whole number, with their exposure."""
    whole = np.isfinite([events, exposure]).all() and events == int(events)
    if not whole or events < 0 or exposure <= 0:
        raise MeasureError(
            expected=gettext_noop("A rate is a whole number of events, 0 or more, in an exposure above 0."),
            found=gettext_noop("Found: {events} in {exposure}."),
            remedy=gettext_noop("Give how many events there were, and in how many hours, days or units."),
            events=events,
            exposure=exposure,
        )
    return int(events), float(exposure)
