"""What every control chart is made of: points in phases, each with centre, standard deviation and limits.

Phases and limits
-----------------
A chart starts a new phase where the process was changed on purpose; no range or run reaches across. By default the
limits of a phase come from all of its points. With ``baseline=k`` they come from the first k points that have a value,
and are held from there on, so that a slow worsening does not widen its own limits. With a :class:`FrozenLimits` of an
earlier chart the first phase is judged by those; later phases are computed from their own points.

With a sequence each phase has a baseline of its own: a number of points, held limits, None for all of its points, or
:class:`CarriedOn` where it is judged by the limits of a phase before it, as after a disturbance that is over.

Gaps
----
A value that is not there (None, or a proportion of nothing) stays a gap: it is not filled in, has no moving range, and
counts nowhere.

No variation
------------
Where the points of a baseline do not vary (neighbours are equal; nothing, or everything, was counted) sigma is
estimated as 0, and limits at the centre line would call every first difference an alarm that no 3-sigma limit stands
behind. Then there are no limits: lcl and ucl are NaN, no rule is applied, the chart warns, and points that differ from
the centre are its ``departures``, to be marked and looked at.
"""

from baton_analysis.measures.charted_series.computing import (
    ENOUGH_POINTS,
    at_each_point,
    held,
    labels_for,
    limit_warnings,
    limits_of_phases,
    lines,
    mean_of,
    moving_ranges,
    phase_of_each,
    series_of,
    wanted_points,
)
from baton_analysis.measures.charted_series.model import (
    VERSION,
    Baseline,
    Baselines,
    CarriedOn,
    ChartPoint,
    ControlChart,
    Flags,
    Floats,
    FrozenLimits,
    Label,
    Numbers,
)

__all__ = [
    "Baseline",
    "Baselines",
    "CarriedOn",
    "ChartPoint",
    "ControlChart",
    "ENOUGH_POINTS",
    "Flags",
    "Floats",
    "FrozenLimits",
    "Label",
    "Numbers",
    "VERSION",
    "at_each_point",
    "held",
    "labels_for",
    "limit_warnings",
    "limits_of_phases",
    "lines",
    "mean_of",
    "moving_ranges",
    "phase_of_each",
    "series_of",
    "wanted_points",
]
