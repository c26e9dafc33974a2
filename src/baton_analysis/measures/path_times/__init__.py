"""A path of links, followed by reference: how long it takes, where the time goes, and whose delay it is."""

from baton_analysis.measures.path_times.delays import Delays, path_delays
from baton_analysis.measures.path_times.following import path_times
from baton_analysis.measures.path_times.result import PathTimes

__all__ = ["Delays", "PathTimes", "path_delays", "path_times"]
