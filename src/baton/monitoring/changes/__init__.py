"""Every write of monitoring: bringing facts and measures up to date, building them anew, starting a phase."""

from baton.monitoring.changes.phases import REFRESH_JOB, start_phase
from baton.monitoring.changes.runs import Refreshed, rebuild, refresh

__all__ = ["REFRESH_JOB", "Refreshed", "rebuild", "refresh", "start_phase"]
