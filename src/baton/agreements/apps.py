"""The room agreements, and what it offers to the rooms below through their registries."""

from __future__ import annotations

from django.apps import AppConfig


class AgreementsConfig(AppConfig):
    name = "baton.agreements"
    label = "agreements"
    verbose_name = "Agreements"
