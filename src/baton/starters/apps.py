"""Ready-made beginnings: the demonstration, later the sectors."""

from django.apps import AppConfig


class StartersConfig(AppConfig):
    name = "baton.starters"
    label = "starters"
    verbose_name = "Starters"
