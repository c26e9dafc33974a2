"""Ready-made beginnings: the demonstration, the sectors, and the first-run wizard."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from baton.core.actors import Actor


class StartersConfig(AppConfig):
    name = "baton.starters"
    label = "starters"
    verbose_name = "Starters"

    def ready(self) -> None:
        from baton.core import registries
        from baton.core.audit import words
        from baton.starters import panels
        from baton.starters.changes import forget_person

        registries.panels.add("starters.sign_ins", panels.SIGN_INS)
        registries.panels.add("starters.begin", panels.BEGIN)
        registries.landings.add("starters", _first_page)
        registries.forgetting.add("starters", forget_person)
        words.declare(
            {
                "start_draft.kept": _("First-run wizard: answers saved"),
                "start_draft.entered": _("First-run wizard: all entered"),
                "start_draft.forgotten": _("First-run wizard: answers destroyed"),
            }
        )


def _first_page(actor: Actor) -> str:
    """Where the first page of an empty installation sends whoever may begin it, once."""
    from baton.starters import queries

    return "/start/" if queries.begins_here(viewer=actor) else ""
