"""Many links of one kind beside each other: which differ by more than chance, and which cannot be ranked at all."""

from baton_analysis.measures.funnel.dispersion import EXTREME_PHI, Dispersion
from baton_analysis.measures.funnel.league import League
from baton_analysis.measures.funnel.plotting import funnel_plot
from baton_analysis.measures.funnel.result import FunnelKind, FunnelPlot, Verdict, Widening, Worse

__all__ = [
    "EXTREME_PHI",
    "Dispersion",
    "FunnelKind",
    "FunnelPlot",
    "League",
    "Verdict",
    "Widening",
    "Worse",
    "funnel_plot",
]
