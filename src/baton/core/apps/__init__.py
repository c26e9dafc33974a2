"""The core: what every room stands on, and what it enters in its own registries.

people   people, their e-mail, what they sign and say, what programs read in their name
trail    the audit trail, words of the interface, what is kept for a while only, webhooks
records  how records come in, are listed and are found; calendars
"""

from __future__ import annotations

from django.apps import AppConfig


class CoreConfig(AppConfig):
    name = "baton.core"
    label = "core"
    verbose_name = "Core"

    def ready(self) -> None:
        # They import models, which Django has loaded by now only.
        from baton.core import retention, sign_ins, threads, vocabulary
        from baton.core.apps import people, records, trail

        threads.keep_by_thread()
        vocabulary.lay_over()
        sign_ins.listen()
        retention.declare()
        for part in (people, trail, records):
            part.register()
