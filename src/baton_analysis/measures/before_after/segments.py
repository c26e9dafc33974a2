"""Segmented regression of an interrupted time series: a trend, a season, and what changed from a known point on."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import sqrt
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Literal, get_args

import numpy as np
import polars as pl
from scipy.special import ndtri, stdtrit

from baton_analysis.arguments import checked
from baton_analysis.drawing.comparisons import plot_interrupted
from baton_analysis.errors import MeasureError, gettext_noop
from baton_analysis.measures.before_after.comparison import VERSION, Interval, demand_settings, finite
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
from baton_analysis.measures.inputs import numbers_of
from baton_analysis.readers.model import Notice
from baton_analysis.results import Result

if TYPE_CHECKING:
    from matplotlib.axes import Axes

ENOUGH_POINTS = 12
"""With fewer points on one side of the change level and trend are hardly told apart."""

_OVERDISPERSED = 1.5

Family = Literal["gaussian", "poisson"]
Errors = Literal["independent", "newey_west", "ar1"]
Dispersion = Literal["estimated", "fixed"]
Quantile = Literal["t", "normal"]


@dataclass(frozen=True, slots=True)
class Coefficient:
    """One term. Of a Poisson regression on the scale of logarithms; ``ratio`` and ``ratio_interval`` are their powers
    of e: by how much the rate is multiplied.
    """

    name: str
    estimate: float
    error: float
    interval: Interval
    p: float

    @property
    def ratio(self) -> float:
        return float(np.exp(self.estimate))

    @property
    def ratio_interval(self) -> Interval:
        return float(np.exp(self.interval[0])), float(np.exp(self.interval[1]))

    def to_dict(self) -> dict[str, Any]:
        """As plain values for JSON."""
        return {
            "name": self.name,
            "estimate": self.estimate,
            "error": self.error,
            "interval": list(self.interval),
            "p": self.p,
        }


@dataclass(frozen=True, eq=False)
class SegmentedRegression(Result):
    """Level and slope before a change, and what changed in them.

    Attributes
    ----------
    method
        "segmented_gaussian" or "segmented_poisson", followed by "_newey_west", "_ar1", or "_quasi" (dispersion
        estimated).
    coefficients
        "intercept" and "time" (the first point is time 1), "level" (the step at the change), "slope" (what is added to
        the trend a point, counted 1 at the first point after), "sin1", "cos1" ... of the season.
    average
        The change averaged over the points after: level plus slope times their mean distance. It is the answer to "what
        did it bring in this time?".
    values, change
        At each point what was measured (NaN in a gap), and the first point after the change, from 0.
    fitted, unchanged
        At each point, gaps included: what the regression expects, and would expect without the change.
    dispersion
        Of Poisson counts: Pearson's chi-square by its degrees of freedom, 1 if they vary by chance alone. Gaussian: the
        residual variance.
    autocorrelation
        Of neighbouring residuals; with AR(1) errors the autocorrelation that was estimated.
    r2
        Share of the variance that is explained; NaN for Poisson and AR(1).
    """

    method: str
    n: int
    n_before: int
    n_after: int
    coefficients: Mapping[str, Coefficient]
    average: Coefficient
    values: Floats
    change: int
    fitted: Floats
    unchanged: Floats
    dispersion: float
    autocorrelation: float
    r2: float
    degrees: int
    confidence: float
    warnings: tuple[Notice, ...] = ()
    version: str = VERSION

    def __post_init__(self) -> None:
        for array in (self.values, self.fitted, self.unchanged):
            array.setflags(write=False)

    def __getitem__(self, name: str) -> Coefficient:
        """A term by name; KeyError where it is not part of the model."""
        return self.coefficients[name]

    def to_table(self) -> pl.DataFrame:
        """One row a term, and one for the average change."""
        terms = [*self.coefficients.values(), self.average]
        rows = [(term.name, term.estimate, term.error, *term.interval, term.p) for term in terms]
        return pl.DataFrame(rows, schema=["term", "estimate", "error", "lower", "upper", "p"], orient="row")

    def to_dict(self) -> dict[str, Any]:
        """As plain values for JSON."""
        plain = ("method", "version", "n", "n_before", "n_after", "change", "degrees", "confidence")
        return {
            **{name: getattr(self, name) for name in plain},
            **{name: finite(getattr(self, name)) for name in ("dispersion", "autocorrelation", "r2")},
            "coefficients": [term.to_dict() for term in self.coefficients.values()],
            "average": self.average.to_dict(),
            "values": [finite(value) for value in self.values.tolist()],
            "fitted": self.fitted.tolist(),
            "unchanged": self.unchanged.tolist(),
            "warnings": [warning.render() for warning in self.warnings],
        }

    def plot(self, ax: Axes | None = None) -> Axes:
        """Points, the regression and, dashed, what it expects without the change; see
        :class:`baton_analysis.results.Plottable`."""
        return plot_interrupted(
            ax, values=self.values, fitted=self.fitted, unchanged=self.unchanged, change=self.change
        )


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
    _demand_quantile(quantile)
    demand_season(period, harmonics=harmonics, transition=transition, change=change, lags=0 if lags is None else lags)
    series, weights = _series(values, exposure, family)
    there = ~np.isnan(series)
    there[change : change + transition] = False
    places = np.flatnonzero(there)
    names, everything = _design(len(series), change, harmonics, period, slope=slope)
    _demand_points(series[places], places, change, len(names), len(series), family)
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


def _series(values: Sequence[float | None], exposure: Sequence[float] | None, family: Family) -> tuple[Floats, Floats]:
    series = numbers_of(values)
    weights = np.ones(len(series)) if exposure is None else numbers_of(exposure)
    known = series[~np.isnan(series)]
    wrong = np.isinf(known).any() or (family == "poisson" and bool(((known < 0) | (known != np.round(known))).any()))
    if wrong or len(weights) != len(series) or not bool((weights[~np.isnan(series)] > 0).all()):
        raise MeasureError(
            expected=gettext_noop("Values are finite, counts whole numbers from 0 on, with an exposure above 0 each."),
            found=gettext_noop("Values: {values}, exposures: {exposures}; the smallest are {low} and"
                               " {least}."),
            remedy=gettext_noop("Correct these points, or leave their values out: they then stay gaps."),
            values=len(series),
            exposures=len(weights),
            low=float(known.min()) if len(known) else "—",
            least=float(weights.min()) if len(weights) else "—",
        )  # fmt: skip
    return series, np.where(np.isnan(series) & ~(weights > 0), 1.0, weights)


def _demand_quantile(quantile: str | None) -> None:
    if quantile not in {None, *get_args(Quantile)}:
        raise MeasureError(
            expected=gettext_noop("The quantile is one of {known}."),
            found=gettext_noop("It is {given}."),
            remedy=gettext_noop("Choose one of these."),
            known=", ".join(get_args(Quantile)),
            given=quantile,
        )


def demand_family(family: str, errors: str, dispersion: str = "estimated") -> None:
    """Refuse a family, errors or dispersion that are not known, or do not go together."""
    known = family in get_args(Family) and errors in get_args(Errors) and dispersion in get_args(Dispersion)
    if not known or (family == "poisson" and errors == "ar1"):
        raise MeasureError(
            expected=gettext_noop("The family is one of {families}, the errors one of {errors} (ar1 for gaussian only),"
                                  " the dispersion one of {dispersions}."),
            found=gettext_noop("Family {family}, errors {given}, dispersion {dispersion}."),
            remedy=gettext_noop("For counts that are autocorrelated take newey_west."),
            families=", ".join(get_args(Family)),
            errors=", ".join(get_args(Errors)),
            dispersions=", ".join(get_args(Dispersion)),
            family=family,
            given=errors,
            dispersion=dispersion,
        )  # fmt: skip


def demand_season(period: float, **wholes: float) -> None:
    """Refuse a season without length, and what is counted (by name) but is no whole number from 0 on."""
    wrong = {name: value for name, value in wholes.items() if value < 0 or value != int(value)}
    if not 0 < period < np.inf:
        wrong["period"] = period
    for name, value in wrong.items():
        raise MeasureError(
            expected=gettext_noop("Change, transition, harmonics and lags are whole numbers from 0 on, and the period"
                                  " of a season lies above 0."),
            found=gettext_noop("The {name} is {value}."),
            remedy=gettext_noop("Correct these figures."),
            name=name,
            value=value,
        )  # fmt: skip


def _demand_points(found: Floats, places: Numbers, change: int, terms: int, points: int, family: Family) -> None:
    sides = [int((places < change).sum()), int((places >= change).sum())]
    if not 0 < change < points or min(sides) < 2 or len(places) < terms + 2:
        raise MeasureError(
            expected=gettext_noop("A segmented regression of {terms} terms needs two points or more on each side of the"
                                  " change, and {wanted} in all."),
            found=gettext_noop("Before: {before}, after: {after}."),
            remedy=gettext_noop("Wait for more points (12 on each side are wanted), or take fewer terms."),
            terms=terms,
            wanted=terms + 2,
            before=sides[0],
            after=sides[1],
        )  # fmt: skip
    nothing = family == "poisson" and (found[places < change].sum() == 0 or found[places >= change].sum() == 0)
    if nothing or np.ptp(found) == 0:
        raise MeasureError(
            expected=gettext_noop("The series must vary, and counts must not all be 0 before or after."),
            found=gettext_noop("Mean before: {before}, after: {after}."),
            remedy=gettext_noop("Compare rates or shares before and after without a trend."),
            before=float(found[places < change].mean()),
            after=float(found[places >= change].mean()),
        )


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
