"""The room monitoring."""

from django.apps import AppConfig


class MonitoringConfig(AppConfig):
    name = "baton.monitoring"
    label = "monitoring"
    verbose_name = "Monitoring"
