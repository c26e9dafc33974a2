"""Pages and fragments of monitoring."""

from baton.monitoring.views.panels import panel
from baton.monitoring.views.phases import correct_phase, preview_phase, start_phase, withdraw_phase
from baton.monitoring.views.state import refresh, state

__all__ = ["correct_phase", "panel", "preview_phase", "refresh", "start_phase", "state", "withdraw_phase"]
