"""Ready-made beginnings: the demonstration, later the sectors."""

from django.apps import AppConfig


class StartersConfig(AppConfig):
    name = "baton.starters"
    label = "starters"
    verbose_name = "Starters"

    def ready(self) -> None:
        from baton.core import registries
        from baton.starters import panels

        registries.panels.add("starters.sign_ins", panels.SIGN_INS)
