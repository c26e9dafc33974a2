"""Segmented regression of an interrupted time series: a trend, a season, and what changed from a known point on."""

from baton_analysis.measures.before_after.segments.demands import demand_family, demand_season
from baton_analysis.measures.before_after.segments.fitting import ENOUGH_POINTS, segmented_regression
from baton_analysis.measures.before_after.segments.model import (
    Coefficient,
    Dispersion,
    Errors,
    Family,
    Quantile,
    SegmentedRegression,
)

__all__ = [
    "Coefficient",
    "Dispersion",
    "ENOUGH_POINTS",
    "Errors",
    "Family",
    "Quantile",
    "SegmentedRegression",
    "demand_family",
    "demand_season",
    "segmented_regression",
]
