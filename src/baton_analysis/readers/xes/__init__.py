"""Event logs in XES (IEEE 1849): streamed, without entities, each event one row.

Only the structure is kept that a table can hold: attributes of traces and events. Defaults that a log declares in
``<global>`` are never filled in, because a default is not an observation.
"""

from baton_analysis.readers.xes.columns import log_notices, order_notices, typed
from baton_analysis.readers.xes.parsing import Hears, parse_log
from baton_analysis.readers.xes.target import CASE, CASE_PREFIX, TIME, Enough, LogTarget

__all__ = [
    "CASE",
    "CASE_PREFIX",
    "Enough",
    "Hears",
    "LogTarget",
    "TIME",
    "log_notices",
    "order_notices",
    "parse_log",
    "typed",
]
