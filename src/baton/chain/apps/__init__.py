"""The room chain, and what it offers to the rooms below through their registries.

records      who may see a record, where it stands, its keys, its discussion
work         navigation, and what waits for somebody: gaps, proposals, event logs
tables       exports, lists, imports, bulk entries
programs     API, search, group chats, words of the audit trail
"""

from __future__ import annotations

from django.apps import AppConfig


class ChainConfig(AppConfig):
    name = "baton.chain"
    label = "chain"
    verbose_name = "Chain"

    def ready(self) -> None:
        # They import models, which Django has loaded by now only.
        from baton.chain.apps import programs, records, tables, work

        for part in (work, records, tables, programs):
            part.register()
