"""The room monitoring."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class MonitoringConfig(AppConfig):
    name = "baton.monitoring"
    label = "monitoring"
    verbose_name = "Monitoring"

    def ready(self) -> None:
        from baton.core import registries
        from baton.core.audit import words
        from baton.monitoring import changes, panels, policy, tasks

        registries.jobs.add(
            changes.REFRESH_JOB,
            registries.Job(_("Bring charts up to date"), tasks.refresh, "FREQ=MINUTELY;BYSECOND=0"),
        )
        registries.jobs.add("monitoring.rebuild", registries.Job(_("Build all charts anew"), tasks.rebuild))
        words.declare(
            {
                "monitoring.rebuilt": _("Charts built anew"),
                "phase.started": _("New phase started"),
                "phase.corrected": _("New phase corrected"),
                "phase.withdrawn": _("New phase withdrawn"),
            }
        )
        registries.api_scopes.add("monitoring:read", _("Read measures and signals"))
        registries.api_routers.add("monitoring", "baton.monitoring.api.router")
        registries.panels.add("monitoring.charts", panels.CHARTS)
        registries.navigation.add(
            "monitoring",
            registries.NavigationEntry(_("Monitoring"), "activity", "monitoring:state", policy.may_see_state, order=80),
        )
