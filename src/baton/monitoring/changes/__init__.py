"""Every write of monitoring: bringing facts and measures up to date, building them anew, phases."""

from baton.monitoring.changes.asking import ask_for_run
from baton.monitoring.changes.phases import REFRESH_JOB, start_phase, withdraw_phase
from baton.monitoring.changes.runs import Refreshed, rebuild, refresh

__all__ = ["REFRESH_JOB", "Refreshed", "ask_for_run", "rebuild", "refresh", "start_phase", "withdraw_phase"]
