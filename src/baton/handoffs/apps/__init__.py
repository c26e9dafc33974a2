"""The room handoffs, and what it offers to the rooms below through their registries.

records    who may see a record, where it stands, what it is called, words of the trail, scopes of the API
work       navigation, lists, panels, exports
tables     imports and bulk entries
measuring  facts for monitoring, and the clauses that are measured
settling   points for handoffs, where both sides of a link want them
"""

from __future__ import annotations

from django.apps import AppConfig


class HandoffsConfig(AppConfig):
    name = "baton.handoffs"
    label = "handoffs"
    verbose_name = "Handoffs"

    def ready(self) -> None:
        # They import models, which Django has loaded by now only.
        from baton.handoffs.apps import measuring, records, settling, tables, work

        for part in (records, tables, work, measuring, settling):
            part.register()
