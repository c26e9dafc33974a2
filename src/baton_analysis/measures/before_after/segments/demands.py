"""What a segmented regression needs of its data and settings."""

from __future__ import annotations

from collections.abc import Sequence
from typing import get_args

import numpy as np

from baton_analysis.errors import MeasureError, gettext_noop
from baton_analysis.measures.before_after.regression import (
    Floats,
    Numbers,
)
from baton_analysis.measures.before_after.segments.model import Dispersion, Errors, Family, Quantile
from baton_analysis.measures.inputs import numbers_of


def series_and_weights(
    values: Sequence[float | None], exposure: Sequence[float] | None, family: Family
) -> tuple[Floats, Floats]:
    """Values and exposures as arrays, NaN in a gap; refused where they are no series."""
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


def demand_quantile(quantile: str | None) -> None:
    """Refuse a quantile that is not known."""
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


def demand_points(found: Floats, places: Numbers, change: int, terms: int, points: int, family: Family) -> None:
    """Refuse points that are too few, or tell nothing."""
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
