"""What moves the overall judgement most: the explained part of an outcome shared out among its drivers."""

from baton_analysis.measures.drivers.analysis import key_drivers
from baton_analysis.measures.drivers.result import ENOUGH_ANSWERS, EXACT_UP_TO, KeyDrivers, Sharing

__all__ = ["ENOUGH_ANSWERS", "EXACT_UP_TO", "KeyDrivers", "Sharing", "key_drivers"]
