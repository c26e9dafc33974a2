"""What pages and fragments of monitoring show."""

from baton.monitoring.pages.link import link_panel
from baton.monitoring.pages.state import state_page

__all__ = ["link_panel", "state_page"]
