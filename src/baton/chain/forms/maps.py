"""What a map shows."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from baton.chain.forms.choosing import Offered, offer
from baton.chain.models.links import CRITICALITIES
from baton.chain.rules import TREE_DEPTH


class MapFilterForm(forms.Form):
    """Which part of the chain, how deep; anything that makes no sense is left out."""

    under = forms.ChoiceField(label=_("Part of the organisation"), required=False)
    level = forms.ChoiceField(
        label=_("Levels of the tree"), required=False,
        choices=[("", _("As many as fit")), *((str(n), str(n)) for n in range(1, TREE_DEPTH + 1))],
    )  # fmt: skip
    criticality = forms.ChoiceField(
        label=_("Criticality"), required=False,
        choices=[("", _("All")), *((grade.value, label) for grade, label in CRITICALITIES.items())],
    )  # fmt: skip

    def __init__(self, *args: Any, groups: Sequence[Offered], **kwargs: Any) -> None:
        """``groups`` are the parties in which others stand."""
        super().__init__(*args, **kwargs)
        offer(self, "under", groups, nobody=_("All"))
