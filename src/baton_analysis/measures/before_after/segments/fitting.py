"""Fitting a segmented regression."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import sqrt
from types import MappingProxyType

import numpy as np
from scipy.special import ndtri, stdtrit

from baton_analysis.arguments import checked
from baton_analysis.errors import MeasureError, gettext_noop
from baton_analysis.measures.before_after.comparison import demand_settings
from baton_analysis.measures.before_after.means import t_tail
from baton_analysis.measures.before_after.regression import (
    Fit,
    Floats,
    Numbers,
    autoregressive,
    lag_one,
    least_squares,
    newey_west,
    poisson,
)
from baton_analysis.measures.before_after.segments.demands import (
    demand_family,
    demand_points,
    demand_quantile,
    demand_season,
    series_and_weights,
)
from baton_analysis.measures.before_after.segments.model import (
    Coefficient,
    Dispersion,
    Errors,
    Family,
    Quantile,
    SegmentedRegression,
)
from baton_analysis.readers.model import Notice

ENOUGH_POINTS = 12
"""With fewer points on one side of the change level and trend are hardly told apart."""

_OVERDISPERSED = 1.5


@dataclass(frozen=True, slots=True)
class _Inference:
    """How intervals and p are found from a covariance."""

    covariance: Floats
    degrees: float
    confidence: float

    def of(self, name: str, contrast: Floats, coefficients: Floats) -> Coefficient:
        estimate = float(contrast @ coefficients)
        error = sqrt(max(0.0, float(contrast @ self.covariance @ contrast)))
        tail = 0.5 + self.confidence / 2
        half = error * float(ndtri(tail) if np.isinf(self.degrees) else stdtrit(self.degrees, tail))
        p = t_tail(estimate / error, self.degrees, "two_sided") if error > 0 else float("nan")
        return Coefficient(name, estimate, error, (estimate - half, estimate + half), p)


@checked(MeasureError)
def segmented_regression(
    values: Sequence[float | None],
    change: int,
    *,
    family: Family = "gaussian",
    exposure: Sequence[float] | None = None,
    slope: bool = True,
    harmonics: int = 0,
    period: float = 12,
    errors: Errors = "independent",
    lags: int | None = None,
    dispersion: Dispersion = "estimated",
    quantile: Quantile | None = None,
    transition: int = 0,
    confidence: float = 0.95,
) -> SegmentedRegression:
    """Fit a trend with a step, and by default another slope, from point ``change`` (counted from 0) on.

    Parameters
    ----------
    values
        One a point in equal steps of time; None is a gap, which keeps its place.
    family, exposure
        "poisson" for counts: the logarithm of the rate is modelled; ``exposure`` at each point, else 1.
    slope
        Whether the trend may change too.
    harmonics, period
        Pairs of sine and cosine of a season, and its length in points.
    errors
        "independent"; "newey_west": intervals that hold for autocorrelated errors, with ``lags``; "ar1": the
        autocorrelation is part of the model (gaussian only), better than Newey-West in short series.
    dispersion
        "estimated" widens Poisson intervals by the dispersion found, where that is above 1 (quasi-Poisson); "fixed"
        trusts the Poisson law.
    quantile
        Of intervals and p: "t" (default for gaussian), or "normal" (default for Poisson, as R confint.default).
    transition
        Points from the change on that are left out because the change was on its way.

    Raises
    ------
    MeasureError
        Too few points, a change that lies outside, counts or settings that do not fit.
    """
    demand_settings("two_sided", confidence)
    demand_family(family, errors, dispersion)
    demand_quantile(quantile)
    demand_season(period, harmonics=harmonics, transition=transition, change=change, lags=0 if lags is None else lags)
    series, weights = series_and_weights(values, exposure, family)
    there = ~np.isnan(series)
    there[change : change + transition] = False
    places = np.flatnonzero(there)
    names, everything = _design(len(series), change, harmonics, period, slope=slope)
    demand_points(series[places], places, change, len(names), len(series), family)
    design = everything[places]
    fit = _fit(design, series[places], weights[places], places, family, errors)
    by_t = quantile == "t" or (quantile is None and family == "gaussian")
    degrees = len(places) - len(names)
    covariance = _covariance(fit, design, places, family, errors, lags, dispersion)
    inference = _Inference(covariance, degrees if by_t else np.inf, confidence)
    without = np.where(np.isin(names, ["level", "slope"]), 0.0, everything)
    terms = zip(names, np.eye(len(names)), strict=True)
    autocorrelation = fit.autocorrelation if errors == "ar1" else lag_one(fit.standardised, places)
    return SegmentedRegression(
        method=_method(family, errors, dispersion),
        n=len(places),
        n_before=int((places < change).sum()),
        n_after=int((places >= change).sum()),
        coefficients=MappingProxyType({name: inference.of(name, term, fit.coefficients) for name, term in terms}),
        average=inference.of(
            "average", (everything - without)[places[places >= change]].mean(axis=0), fit.coefficients
        ),
        values=series,
        change=change,
        fitted=_mean(everything, fit.coefficients, weights, family),
        unchanged=_mean(without, fit.coefficients, weights, family),
        dispersion=fit.dispersion,
        autocorrelation=autocorrelation,
        r2=_explained(fit, series[places]) if family == "gaussian" and errors != "ar1" else float("nan"),
        degrees=degrees,
        confidence=confidence,
        warnings=_warnings(fit, places, change, autocorrelation, family, errors, dispersion),
    )


def _explained(fit: Fit, values: Floats) -> float:
    """Share of the variance."""
    spread = float(((values - values.mean()) ** 2).sum())
    return 1 - float(fit.residuals @ fit.residuals) / spread


def _design(points: int, change: int, harmonics: int, period: float, *, slope: bool) -> tuple[tuple[str, ...], Floats]:
    time = np.arange(1, points + 1, dtype=np.float64)
    columns = {"intercept": np.ones(points), "time": time, "level": (time > change).astype(np.float64)}
    if slope:
        columns["slope"] = np.maximum(0.0, time - change)
    for number in range(1, harmonics + 1):
        angle = 2 * np.pi * number * time / period
        if 2 * number != period:  # there it is 0 everywhere
            columns[f"sin{number}"] = np.sin(angle)
        columns[f"cos{number}"] = np.cos(angle)
    return tuple(columns), np.column_stack(list(columns.values()))


def _fit(design: Floats, values: Floats, exposure: Floats, places: Numbers, family: Family, errors: Errors) -> Fit:
    if family == "poisson":
        return poisson(design, values, exposure)
    return autoregressive(design, values, places) if errors == "ar1" else least_squares(design, values)


def _covariance(
    fit: Fit,
    design: Floats,
    places: Numbers,
    family: Family,
    errors: Errors,
    lags: int | None,
    dispersion: Dispersion,
) -> Floats:
    if errors == "newey_west":
        bread = fit.covariance if family == "poisson" else fit.covariance / fit.dispersion
        return newey_west(design, fit.residuals, places, bread, lags)
    if family == "poisson" and dispersion == "estimated":
        return fit.covariance * max(1.0, fit.dispersion)
    return fit.covariance


def _mean(design: Floats, coefficients: Floats, exposure: Floats, family: Family) -> Floats:
    predictor = design @ coefficients
    return np.asarray(np.exp(predictor) * exposure if family == "poisson" else predictor, dtype=np.float64)


def _method(family: Family, errors: Errors, dispersion: Dispersion) -> str:
    if errors != "independent":
        return f"segmented_{family}_{errors}"
    return f"segmented_{family}" + ("_quasi" if family == "poisson" and dispersion == "estimated" else "")


def _warnings(
    fit: Fit,
    places: Numbers,
    change: int,
    autocorrelation: float,
    family: Family,
    errors: Errors,
    dispersion: Dispersion,
) -> tuple[Notice, ...]:
    warnings = []
    least = int(min((places < change).sum(), (places >= change).sum()))
    if least < ENOUGH_POINTS:
        few = gettext_noop("There are {points} points on one side of the change; {enough} are wanted.")
        warnings.append(Notice(few, values={"points": least, "enough": ENOUGH_POINTS}))
    if errors == "independent" and abs(autocorrelation) > 2 / np.sqrt(len(places)):
        chained = gettext_noop(
            "Neighbouring points depend on each other (autocorrelation {strength}): p is too small. Take ar1 or"
            " newey_west."
        )
        warnings.append(Notice(chained, values={"strength": f"{autocorrelation:.2f}"}))
    if family == "poisson" and dispersion == "fixed" and errors == "independent" and fit.dispersion > _OVERDISPERSED:
        spread = gettext_noop(
            "Counts vary {times} times as much as chance allows: p is too small. Take the dispersion as estimated."
        )
        warnings.append(Notice(spread, values={"times": f"{fit.dispersion:.1f}"}))
    return tuple(warnings)
