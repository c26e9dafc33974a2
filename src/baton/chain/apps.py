"""The room chain."""

from django.apps import AppConfig


class ChainConfig(AppConfig):
    name = "baton.chain"
    label = "chain"
    verbose_name = "Chain"
