"""What pages and fragments of monitoring show."""

from baton.monitoring.pages.capability import capability_of_values, capability_panel, withdraw_limits_page
from baton.monitoring.pages.changed import changed_panel
from baton.monitoring.pages.link import link_panel
from baton.monitoring.pages.phases import correct_page, preview, start_page, withdraw_page
from baton.monitoring.pages.state import state_page

__all__ = [
    "capability_of_values",
    "capability_panel",
    "changed_panel",
    "correct_page",
    "link_panel",
    "preview",
    "start_page",
    "state_page",
    "withdraw_limits_page",
    "withdraw_page",
]
