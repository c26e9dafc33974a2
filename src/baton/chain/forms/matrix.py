"""What a matrix shows."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from baton.chain.forms.choosing import Offered, offer
from baton.chain.rules import TREE_DEPTH


class MatrixFilterForm(forms.Form):
    """Which suppliers and customers, how deep; anything that makes no sense is left out."""

    rows = forms.ChoiceField(label=_("Suppliers in"), required=False)
    columns = forms.ChoiceField(label=_("Customers in"), required=False)
    level = forms.ChoiceField(
        label=_("Levels of the tree"), required=False,
        choices=[("", _("As many as fit")), *((str(n), str(n)) for n in range(1, TREE_DEPTH + 1))],
    )  # fmt: skip

    def __init__(self, *args: Any, groups: Sequence[Offered], **kwargs: Any) -> None:
        """``groups`` are the parties in which others stand."""
        super().__init__(*args, **kwargs)
        for side in ("rows", "columns"):
            offer(self, side, groups)
