"""Where people find published results."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from baton.core.policy import may_use
from baton.core.registries import NavigationEntry, Section, api_routers, navigation
from baton.core.registries import panels as registered_panels
from baton.feedback.panels import PANELS


def register() -> None:
    """Enter the line of the navigation, the API and the panels."""
    navigation.add(
        "surveys.results",
        NavigationEntry(
            _("Results of surveys"), "chart-spline", "surveys:result_list", may_use, 50, section=Section.LISTENING
        ),
    )
    api_routers.add("survey-results", "baton.feedback.api.results.router")
    for name, panel in PANELS.items():
        registered_panels.add(name, panel)
