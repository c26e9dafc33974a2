"""What monitoring does by itself, and where people find it."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from baton.core import registries
from baton.core.audit import words
from baton.monitoring import changes, panels, policy, tasks
from baton.monitoring.pages import state


def register() -> None:
    """Enter jobs, navigation, panels, programs and the words of the trail."""
    registries.jobs.add(
        changes.REFRESH_JOB,
        registries.Job(_("Bring charts up to date"), tasks.refresh, "FREQ=MINUTELY;BYSECOND=0"),
    )
    registries.jobs.add("monitoring.rebuild", registries.Job(_("Build all charts anew"), tasks.rebuild))
    registries.jobs.add(
        "monitoring.tell",
        registries.Job(_("Tell of new signals"), tasks.tell, "FREQ=HOURLY;BYMINUTE=5;BYSECOND=0"),
    )
    words.declare(
        {
            "monitoring.rebuilt": _("Charts built anew"),
            "phase.started": _("New phase started"),
            "phase.corrected": _("New phase corrected"),
            "phase.withdrawn": _("New phase withdrawn"),
            "specification.said": _("Specification limits said"),
            "specification.withdrawn": _("Specification limits withdrawn"),
        }
    )
    registries.api_scopes.add("monitoring:read", _("Read measures, signals and the state of monitoring"))
    registries.api_scopes.add(
        "monitoring:write",
        _("Say what is behind signals and who looks at them, phases of charts and specification limits"),
    )
    registries.api_routers.add("monitoring", "baton.monitoring.api.measures.router")
    registries.api_routers.add("monitoring/links", "baton.monitoring.api.links.router")
    registries.api_routers.add("signals", "baton.monitoring.api.signals.router")
    registries.api_routers.add("signal-rules", "baton.monitoring.api.signals.rules_router")
    registries.panels.add("monitoring.changed", panels.CHANGED)
    registries.panels.add("monitoring.charts", panels.CHARTS)
    registries.panels.add("monitoring.signals", panels.SIGNALS)
    registries.panels.add("monitoring.my_signals", panels.MY_SIGNALS)
    registries.panels.add("monitoring.capability", panels.CAPABILITY)
    registries.workings.add("monitoring", state.working)
    registries.navigation.add(
        "monitoring",
        registries.NavigationEntry(
            _("Monitoring"),
            "activity",
            "monitoring:state",
            policy.may_see_state,
            80,
            section=registries.Section.ORGANISATION,
        ),
    )
