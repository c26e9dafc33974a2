"""Whether something changed after a change was made, and by how much."""

from __future__ import annotations

from baton_analysis.measures.before_after.change_point import ChangePoint, change_point
from baton_analysis.measures.before_after.comparison import VERSION, Alternative, Comparison
from baton_analysis.measures.before_after.group_sequential import GroupSequentialDesign, group_sequential
from baton_analysis.measures.before_after.means import welch
from baton_analysis.measures.before_after.power import (
    power_of_estimate,
    power_of_proportions,
    power_of_rates,
    power_of_standard,
)
from baton_analysis.measures.before_after.probability_ratio import (
    SequentialPath,
    SequentialRatioTest,
    sequential_probability_ratio,
)
from baton_analysis.measures.before_after.rates import poisson_rates
from baton_analysis.measures.before_after.segments import Coefficient, SegmentedRegression, segmented_regression
from baton_analysis.measures.before_after.shares import fisher_exact, share_against_standard, two_proportions

__all__ = [
    "VERSION",
    "Alternative",
    "ChangePoint",
    "Coefficient",
    "Comparison",
    "GroupSequentialDesign",
    "SegmentedRegression",
    "SequentialPath",
    "SequentialRatioTest",
    "change_point",
    "fisher_exact",
    "group_sequential",
    "poisson_rates",
    "power_of_estimate",
    "power_of_proportions",
    "power_of_rates",
    "power_of_standard",
    "segmented_regression",
    "sequential_probability_ratio",
    "share_against_standard",
    "two_proportions",
    "welch",
]
