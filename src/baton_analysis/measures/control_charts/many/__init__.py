"""Thousands of control charts of one length at once, as arrays of the shape (series, points).

Each series gets the limits that the function for one series would give it. What differs: a series that has no value in
a phase is not refused but has no limits there, and the warning counts such series.
"""

from baton_analysis.measures.control_charts.many.model import ManyCharts
from baton_analysis.measures.control_charts.many.rates import laney_p_charts, laney_u_charts, p_charts, u_charts
from baton_analysis.measures.control_charts.many.values import individuals_charts, xbar_r_charts, xbar_s_charts

__all__ = [
    "ManyCharts",
    "individuals_charts",
    "laney_p_charts",
    "laney_u_charts",
    "p_charts",
    "u_charts",
    "xbar_r_charts",
    "xbar_s_charts",
]
