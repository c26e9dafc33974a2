"""Yield along a path of steps, defects against opportunities, and where most of the trouble lies (Pareto)."""

from baton_analysis.measures.yields.basis import FEW_UNITS, VERSION, Interval
from baton_analysis.measures.yields.causes import Pareto, ParetoRow, pareto
from baton_analysis.measures.yields.defects import SHIFT, DefectRate, defect_rate, per_million_of_sigma, sigma_level
from baton_analysis.measures.yields.path import PathYield, Step, StepYield, path_yield

__all__ = [
    "DefectRate",
    "FEW_UNITS",
    "Interval",
    "Pareto",
    "ParetoRow",
    "PathYield",
    "SHIFT",
    "Step",
    "StepYield",
    "VERSION",
    "defect_rate",
    "pareto",
    "path_yield",
    "per_million_of_sigma",
    "sigma_level",
]
