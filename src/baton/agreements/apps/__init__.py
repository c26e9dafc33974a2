"""The room agreements, and what it offers to the rooms below through their registries.

records     who may see a record, what it is called, words of the trail, search, group chats
offers      service offers
consulting  consultations: who reads opinions, what people are told, the rule of participation
houses      houses of quality, promises along the chain
workshops   workshops
standards   coverage of standards, what is promised to whom
reviews     review meetings, decisions, joint quality plans
tables      what comes in as tables
work        navigation, panels, jobs, messages, lists, exports, programs
"""

from __future__ import annotations

from django.apps import AppConfig


class AgreementsConfig(AppConfig):
    name = "baton.agreements"
    label = "agreements"
    verbose_name = "Agreements"

    def ready(self) -> None:
        # They import models, which Django has loaded by now only.
        from baton.agreements.apps import (
            consulting,
            houses,
            offers,
            records,
            reviews,
            standards,
            tables,
            work,
            workshops,
        )

        for part in (records, work, offers, consulting, houses, standards, workshops, reviews, tables):
            part.register()
