"""Every write of monitoring: bringing facts and measures up to date, building them anew, phases, signals and who hears
of them.

The runs, and the mathematics behind them, are loaded with the first run: the web server starts without them.
"""

from typing import TYPE_CHECKING, Any

from baton.monitoring.changes.asking import ask_for_run
from baton.monitoring.changes.phases import (
    correct_phase,
    demand_sensible,
    phase_said,
    start_phase,
    withdraw_phase,
)
from baton.monitoring.changes.signal_rules import add_signal_rule, withdraw_signal_rule
from baton.monitoring.changes.signals import (
    close_signal,
    explain_signal,
    give_signal,
    reopen_signal,
    see_signal,
    tell_of_given,
)
from baton.monitoring.changes.specifications import specify, withdraw_specification
from baton.monitoring.changes.telling import tell_of_signals
from baton.monitoring.rules import REFRESH_JOB

if TYPE_CHECKING:
    from baton.monitoring.changes.runs import Refreshed, rebuild, refresh

__all__ = [
    "REFRESH_JOB",
    "Refreshed",
    "add_signal_rule",
    "ask_for_run",
    "close_signal",
    "correct_phase",
    "demand_sensible",
    "explain_signal",
    "give_signal",
    "phase_said",
    "rebuild",
    "refresh",
    "reopen_signal",
    "see_signal",
    "specify",
    "start_phase",
    "tell_of_given",
    "tell_of_signals",
    "withdraw_phase",
    "withdraw_signal_rule",
    "withdraw_specification",
]


def __getattr__(name: str) -> Any:
    if name not in {"Refreshed", "rebuild", "refresh"}:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from baton.monitoring.changes import runs

    return getattr(runs, name)
