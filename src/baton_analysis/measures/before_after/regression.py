"""Fits of a regression to a series in time: least squares, least squares with errors that follow AR(1), and Poisson.

All take the points that are there, with their places in time: a gap is not closed up.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import floor

import numpy as np
import numpy.typing as npt
from scipy.optimize import minimize_scalar

from baton_analysis.errors import MeasureError, gettext_noop

Floats = npt.NDArray[np.float64]
Numbers = npt.NDArray[np.int64]

_CONVERGED = 1e-9
_MOST_STEPS = 100
_STRONGEST = 0.98  # autocorrelation beyond which a series has no mean to speak of


@dataclass(frozen=True, slots=True)
class Fit:
    """Coefficients, their covariance, fitted values and residuals.

    ``residuals`` are those of the response; ``standardised`` have about the same variance everywhere and, if the errors
    are as assumed, no autocorrelation. ``dispersion`` is the residual variance, or Pearson's chi-square by its degrees
    of freedom. ``autocorrelation`` is that of the errors as estimated; 0 unless AR(1) was fitted.
    """

    coefficients: Floats
    covariance: Floats
    fitted: Floats
    residuals: Floats
    standardised: Floats
    dispersion: float
    autocorrelation: float = 0.0


def least_squares(design: Floats, values: Floats) -> Fit:
    """Ordinary least squares; ``design`` has the shape (points, terms)."""
    inverse = _inverse(design)
    coefficients = inverse @ design.T @ values
    # A second step takes off what rounding left in the first.
    coefficients += inverse @ design.T @ (values - design @ coefficients)
    fitted = design @ coefficients
    residuals = values - fitted
    variance = float(residuals @ residuals) / (len(values) - design.shape[1])
    return Fit(coefficients, inverse * variance, fitted, residuals, residuals, variance)


def autoregressive(design: Floats, values: Floats, places: Numbers) -> Fit:
    """Generalised least squares with AR(1) errors; their autocorrelation by restricted maximum likelihood, which is
    less biased in short series than that of the residuals (Cheang and Reinsel 2000, Journal of the American Statistical
    Association 95: 1173-1184).
    """
    degrees = len(values) - design.shape[1]

    def unlikely(strength: float) -> float:
        white, target, log_volume = _whitened(design, values, places, strength)
        fit = least_squares(white, target)
        _, log_information = np.linalg.slogdet(white.T @ white)
        return float(degrees * np.log(fit.dispersion) + log_volume + log_information)

    found = minimize_scalar(unlikely, bounds=(-_STRONGEST, _STRONGEST), method="bounded")
    white, target, _ = _whitened(design, values, places, float(found.x))
    fit = least_squares(white, target)
    fitted = design @ fit.coefficients
    return Fit(fit.coefficients, fit.covariance, fitted, values - fitted, fit.residuals, fit.dispersion, float(found.x))


def poisson(design: Floats, counts: Floats, exposure: Floats) -> Fit:
    """Poisson regression with a logarithmic link, by iteratively reweighted least squares. The covariance is that of
    the Poisson law itself; whoever finds more dispersion multiplies it by that.

    Raises
    ------
    MeasureError
        It does not converge.
    """
    offset = np.log(exposure)
    predictor = np.log(np.maximum(counts, 0.5))
    for _ in range(_MOST_STEPS):
        mean = np.exp(predictor)
        working = predictor - offset + (counts - mean) / mean
        root = np.sqrt(mean)
        fit = least_squares(design * root[:, None], working * root)
        before, predictor = predictor, np.clip(design @ fit.coefficients + offset, -300, 300)
        if float(np.abs(predictor - before).max()) <= _CONVERGED:
            break
    else:
        raise MeasureError(
            expected=gettext_noop("A Poisson regression must come to rest."),
            found=gettext_noop("It did not within {steps} steps: nearly all counts of a segment are 0."),
            remedy=gettext_noop("Compare the rates before and after without a trend."),
            steps=_MOST_STEPS,
        )
    mean = np.exp(predictor)
    covariance = _inverse(design * np.sqrt(mean)[:, None])
    pearson = (counts - mean) / np.sqrt(mean)
    dispersion = float(pearson @ pearson) / (len(counts) - design.shape[1])
    return Fit(fit.coefficients, covariance, mean, counts - mean, pearson, dispersion)


def newey_west(design: Floats, residuals: Floats, places: Numbers, bread: Floats, lags: int | None) -> Floats:
    """Covariance of coefficients that holds for errors of unequal variance that are correlated up to ``lags``.

    Newey and West (1987), Econometrica 55: 703-708, Bartlett weights, times n / (n - terms). ``bread`` is the inverse
    of the information. By default floor(4 (n / 100)^(2/9)) lags.
    """
    points, terms = design.shape
    lags = floor(4 * (points / 100) ** (2 / 9)) if lags is None else lags
    scores = np.zeros((int(places[-1]) + 1, terms))
    scores[places] = design * residuals[:, None]
    meat = scores.T @ scores
    for lag in range(1, min(lags, len(scores) - 1) + 1):
        across = scores[lag:].T @ scores[:-lag]
        meat += (1 - lag / (lags + 1)) * (across + across.T)
    return np.asarray(bread @ meat @ bread * (points / (points - terms)), dtype=np.float64)


def lag_one(residuals: Floats, places: Numbers) -> float:
    """Autocorrelation of residuals of neighbouring points; NaN where no two are neighbours."""
    near = np.diff(places) == 1
    total = float(residuals @ residuals)
    if not near.any() or total == 0:
        return float("nan")
    return float((residuals[1:] * residuals[:-1])[near].sum() / total)


def _whitened(design: Floats, values: Floats, places: Numbers, strength: float) -> tuple[Floats, Floats, float]:
    """Design and values with uncorrelated errors of one variance, and the logarithm of the volume that this took."""
    apart = np.diff(places)
    share = np.sign(strength) ** apart * abs(strength) ** apart
    scale = np.concatenate([[1.0], 1 / np.sqrt(1 - share**2)])
    white, target = design.copy(), values.copy()
    white[1:] -= share[:, None] * design[:-1]
    target[1:] -= share * values[:-1]
    return white * scale[:, None], target * scale, float(-2 * np.log(scale).sum())


def _inverse(design: Floats) -> Floats:
    """Of design' design, by QR of columns that were brought to one length."""
    length = np.sqrt((design**2).sum(axis=0))
    length[length == 0] = 1.0
    triangle = np.linalg.qr(design / length, mode="r")
    if np.abs(np.diag(triangle)).min() < 1e-10:
        raise MeasureError(
            expected=gettext_noop("Each term of the regression must be seen in the points: level, slope, season."),
            found=gettext_noop("{points} points do not tell {terms} terms apart."),
            remedy=gettext_noop("Take a longer series, or leave out the slope or the season."),
            points=len(design),
            terms=design.shape[1],
        )
    half = np.linalg.inv(triangle) / length[:, None]
    return np.asarray(half @ half.T, dtype=np.float64)
