"""Rules that say where a control chart signals: Western Electric and Nelson, with their differences as settings.

Sources: Western Electric, Statistical Quality Control Handbook (1956); Nelson 1984, Journal of Quality Technology 16:
237-239. What the books leave open is decided here, and can be set otherwise:

- A value exactly on a line is not beyond it; on the centre line it is on neither side.
- A rule is flagged at the point that completes its pattern, which therefore belongs to the pattern, and only when the
  whole window of the rule is there (as R qcc does). A pattern that goes on is flagged at each further point.
- All rules that a point completes are kept, not only the most serious one.
- No pattern reaches across the start of a phase. It does not reach across a gap either, unless ``across_gaps``.
- Ranges and standard deviations are not symmetric, and the points of an EWMA or CUSUM depend on each other: on their
  charts only the rule of the limits is used, with the limits of the chart.
- Small counts lie below their centre line more often than above it. :func:`find_violations` applies the rules as they
  are written; :func:`find_carried_violations` leaves out what such counts make by chance.
"""

from baton_analysis.signals.chart_rules.charts import find_violations
from baton_analysis.signals.chart_rules.counts import carried_flags, find_carried_violations
from baton_analysis.signals.chart_rules.episodes import CALM, Episode, Episodes, find_episodes
from baton_analysis.signals.chart_rules.many import RuleFlags, find_flags
from baton_analysis.signals.chart_rules.rules import (
    NELSON,
    RULE_SETS,
    WESTERN_ELECTRIC,
    Kind,
    Rule,
    RuleSet,
    Violation,
)

__all__ = [
    "CALM",
    "NELSON",
    "RULE_SETS",
    "WESTERN_ELECTRIC",
    "Episode",
    "Episodes",
    "Kind",
    "Rule",
    "RuleFlags",
    "RuleSet",
    "Violation",
    "carried_flags",
    "find_carried_violations",
    "find_episodes",
    "find_flags",
    "find_violations",
]
