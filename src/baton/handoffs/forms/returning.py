"""The form of “accept all except …”: how much of each line comes back or is missing."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from baton.handoffs.changes import Less
from baton.handoffs.forms.fields import AmountField, happened_at_field
from baton.handoffs.forms.steps import StepForm, add_codes, line_label
from baton.handoffs.models import DefectCode, HandoffLine
from baton.handoffs.rules import NOTE_LENGTH

_NOTHING = Decimal(0)


class ExceptForm(StepForm):
    """What of each line the customer does not take; a handoff without lines has one part of all."""

    happened_at = happened_at_field()

    def __init__(
        self, *args: Any, lines: Sequence[HandoffLine], codes: Sequence[DefectCode] = (), taken: str, **kwargs: Any
    ) -> None:
        """``taken`` is the name under which the change takes the moment."""
        super().__init__(*args, **kwargs)
        self.takes = {"happened_at": taken}  # type: ignore[misc]
        self._lines: dict[str, HandoffLine | None] = {f"_{one.position}": one for one in lines} or {"": None}
        for place in self._lines:
            self.fields[f"refused{place}"] = AmountField(label=_("Goes back"))
            self.fields[f"missing{place}"] = AmountField(label=_("Is missing"))
            self.fields[f"phenomenon{place}"] = forms.CharField(
                label=_("What is wrong with it"), required=False, max_length=NOTE_LENGTH
            )
            self._codes = add_codes(self, f"code{place}", codes)
        self.order_fields([*(name for name in self.fields if name != "happened_at"), "happened_at"])

    @property
    def parts(self) -> list[dict[str, Any]]:
        """A part for each line: its title, and its fields."""
        return [
            {
                "title": line_label(one) if one is not None else _("All of it"),
                "fields": [self[name] for part in ("refused", "missing", "phenomenon", "code")
                           if (name := f"{part}{place}") in self.fields],
            }
            for place, one in self._lines.items()
        ]  # fmt: skip

    def given(self) -> dict[str, Any]:
        """What :func:`baton.handoffs.changes.accept_in_part` and :func:`baton.handoffs.changes.return_part` take."""
        return {**super().given(), "less": [less for place in self._lines if (less := self._less(place)) is not None]}

    def _less(self, place: str) -> Less | None:
        data, one = self.cleaned_data, self._lines[place]
        refused, missing = data[f"refused{place}"], data[f"missing{place}"]
        phenomenon, code = data[f"phenomenon{place}"], data.get(f"code{place}", "")
        if refused is None and missing is None and not phenomenon and not code:
            return None
        return Less(
            line=one.public_id if one is not None else "", refused=refused or _NOTHING, missing=missing or _NOTHING,
            phenomenon=phenomenon, code=self._codes.get(code),
        )  # fmt: skip
