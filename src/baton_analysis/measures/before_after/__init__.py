"""Whether something changed after a change was made, and by how much."""

from __future__ import annotations

from baton_analysis.measures.before_after.comparison import VERSION, Alternative, Comparison
from baton_analysis.measures.before_after.means import welch
from baton_analysis.measures.before_after.power import (
    power_of_estimate,
    power_of_proportions,
    power_of_rates,
    power_of_standard,
)
from baton_analysis.measures.before_after.rates import poisson_rates
from baton_analysis.measures.before_after.shares import fisher_exact, share_against_standard, two_proportions

__all__ = [
    "VERSION",
    "Alternative",
    "Comparison",
    "fisher_exact",
    "poisson_rates",
    "power_of_estimate",
    "power_of_proportions",
    "power_of_rates",
    "power_of_standard",
    "share_against_standard",
    "two_proportions",
    "welch",
]
