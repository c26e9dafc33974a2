"""Control charts: is a process steady, and where does it leave its usual band?

Every function gives a :class:`ControlChart`: points with their own centre, standard deviation and limits, in phases and
with gaps as :mod:`baton_analysis.measures.charted_series` says. Further kinds are further functions that give one; the
rules of :mod:`baton_analysis.signals.chart_rules` need nothing else.

- :mod:`.variables`: single values and subgroups of measured values (I-MR, X̄-R, X̄-S, Levey-Jennings).
- :mod:`.attributes`: shares and counts (p, p', np, c, u, u').
- :mod:`.memory`: charts that add up small changes (EWMA, CUSUM).
- :mod:`.many`: thousands of series of one length at once.
"""

from baton_analysis.measures.charted_series import CarriedOn, ChartPoint, ControlChart, FrozenLimits
from baton_analysis.measures.control_charts.attributes import (
    c_chart,
    laney_p_chart,
    laney_u_chart,
    np_chart,
    over_dispersion_threshold,
    p_chart,
    proportion_chart,
    u_chart,
)
from baton_analysis.measures.control_charts.many import (
    ManyCharts,
    individuals_charts,
    laney_p_charts,
    laney_u_charts,
    p_charts,
    u_charts,
    xbar_r_charts,
    xbar_s_charts,
)
from baton_analysis.measures.control_charts.memory import CusumChart, CusumSignal, cusum_chart, ewma_chart
from baton_analysis.measures.control_charts.variables import (
    individuals_chart,
    levey_jennings_chart,
    xbar_r_chart,
    xbar_s_chart,
)

__all__ = [
    "CarriedOn",
    "ChartPoint",
    "ControlChart",
    "CusumChart",
    "CusumSignal",
    "FrozenLimits",
    "ManyCharts",
    "c_chart",
    "cusum_chart",
    "ewma_chart",
    "individuals_chart",
    "individuals_charts",
    "laney_p_chart",
    "laney_p_charts",
    "laney_u_chart",
    "laney_u_charts",
    "levey_jennings_chart",
    "np_chart",
    "over_dispersion_threshold",
    "p_chart",
    "p_charts",
    "proportion_chart",
    "u_chart",
    "u_charts",
    "xbar_r_chart",
    "xbar_r_charts",
    "xbar_s_chart",
    "xbar_s_charts",
]
