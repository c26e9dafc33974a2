"""The core: what every room stands on."""

from django.apps import AppConfig


class CoreConfig(AppConfig):
    name = "baton.core"
    label = "core"
    verbose_name = "Core"
