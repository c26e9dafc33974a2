"""The room monitoring, and what it offers to the rooms below through their registries.

work      jobs, navigation, panels, words of the audit trail
signals   signals: who may see them, their list, messages, search, export
"""

from django.apps import AppConfig


class MonitoringConfig(AppConfig):
    name = "baton.monitoring"
    label = "monitoring"
    verbose_name = "Monitoring"

    def ready(self) -> None:
        # They import models, which Django has loaded by now only.
        from baton.monitoring.apps import signals, work

        for part in (work, signals):
            part.register()
