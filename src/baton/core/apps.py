"""The core: what every room stands on."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class CoreConfig(AppConfig):
    name = "baton.core"
    label = "core"
    verbose_name = "Core"

    def ready(self) -> None:
        from baton.core import jobs, policy, registries, retention, sign_ins
        from baton.core.audit import heads, words

        sign_ins.listen()
        registries.navigation.add(
            "core.people",
            registries.NavigationEntry(_("People"), "users", "core:people", policy.may_list_people, order=800),
        )
        registries.navigation.add(
            "core.data",
            registries.NavigationEntry(
                _("Bring and take data"), "arrow-up-down", "core:data", policy.may_use, order=60
            ),
        )
        registries.policies.add(
            "person",
            registries.Policy(
                lambda actor, public_id: policy.may_list_people(actor), lambda public_id: f"/people/{public_id}/"
            ),
        )
        registries.navigation.add(
            "core.audit",
            registries.NavigationEntry(
                _("Audit trail"), "shield-check", "core:audit", policy.may_read_audit_trail, order=810
            ),
        )

        registries.jobs.add(
            "core.sign_audit_head",
            registries.Job(
                _("Sign the head of the audit trail"), heads.sign_head, "FREQ=DAILY;BYHOUR=0;BYMINUTE=5;BYSECOND=0"
            ),
        )
        retention.declare()
        words.declare(words.ACTIONS)
        registries.jobs.add(
            "core.forget_finished_runs",
            registries.Job(
                _("Forget finished runs"), jobs.forget_finished, "FREQ=DAILY;BYHOUR=3;BYMINUTE=20;BYSECOND=0"
            ),
        )
