"""The core: what every room stands on."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class CoreConfig(AppConfig):
    name = "baton.core"
    label = "core"
    verbose_name = "Core"

    def ready(self) -> None:
        from baton.core import jobs, policy, registries, sign_ins

        sign_ins.listen()
        registries.navigation.add(
            "core.people",
            registries.NavigationEntry(_("People"), "users", "core:people", policy.may_list_people, order=800),
        )

        registries.jobs.add(
            "core.forget_finished_runs",
            registries.Job(
                _("Forget finished runs"), jobs.forget_finished, "FREQ=DAILY;BYHOUR=3;BYMINUTE=20;BYSECOND=0"
            ),
        )
