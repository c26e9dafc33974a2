"""Pages and fragments of monitoring."""

from baton.monitoring.views.limits import specify, withdraw_limits
from baton.monitoring.views.panels import panel
from baton.monitoring.views.phases import correct_phase, preview_phase, start_phase, withdraw_phase
from baton.monitoring.views.signals import (
    close_signal,
    explain_signal,
    export_signals,
    give_signal,
    reopen_signal,
    rules,
    see_signal,
    signal,
    signals,
    withdraw_rule,
)
from baton.monitoring.views.state import refresh, state

__all__ = [
    "close_signal",
    "correct_phase",
    "explain_signal",
    "export_signals",
    "give_signal",
    "panel",
    "preview_phase",
    "refresh",
    "reopen_signal",
    "rules",
    "see_signal",
    "signal",
    "signals",
    "specify",
    "start_phase",
    "state",
    "withdraw_limits",
    "withdraw_phase",
    "withdraw_rule",
]
