"""Every write of monitoring: bringing facts and measures up to date, building them anew, phases.

The runs, and the mathematics behind them, are loaded with the first run: the web server starts without them.
"""

from typing import TYPE_CHECKING, Any

from baton.monitoring.changes.asking import ask_for_run
from baton.monitoring.changes.phases import (
    REFRESH_JOB,
    correct_phase,
    demand_sensible,
    phase_said,
    start_phase,
    withdraw_phase,
)

if TYPE_CHECKING:
    from baton.monitoring.changes.runs import Refreshed, rebuild, refresh

__all__ = [
    "REFRESH_JOB",
    "Refreshed",
    "ask_for_run",
    "correct_phase",
    "demand_sensible",
    "phase_said",
    "rebuild",
    "refresh",
    "start_phase",
    "withdraw_phase",
]


def __getattr__(name: str) -> Any:
    if name not in {"Refreshed", "rebuild", "refresh"}:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from baton.monitoring.changes import runs

    return getattr(runs, name)
