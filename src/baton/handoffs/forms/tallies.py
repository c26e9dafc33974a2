"""The form of a tally."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from baton.core.forms import RecordForm
from baton.core.texts import say
from baton.handoffs.forms.fields import AmountField
from baton.handoffs.models import DefectCode, HandoffLine


class TallyForm(RecordForm):
    """How much came in, was good and went back under each code, in one hour or shift."""

    came = AmountField(label=_("Came in"), help_text=_("Empty: not counted."))
    good = AmountField(label=_("Good"), required=True)

    def __init__(
        self, *args: Any, codes: Sequence[DefectCode], counted: Sequence[HandoffLine] = (), **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.corrects = bool(counted)
        self._codes = {f"code_{one.public_id}": one for one in codes}
        for name, one in self._codes.items():
            self.fields[name] = AmountField(label=f"{one.code} {say(one.name)}")
        of_code = {line.code.public_id if line.code is not None else "": line for line in counted}
        if (whole := of_code.get("")) is not None:
            self.initial.update({"came": whole.ordered, "good": whole.accepted})
        for name, one in self._codes.items():
            if one.public_id in of_code:
                self.initial[name] = of_code[one.public_id].refused

    def given(self) -> dict[str, Any]:
        """What :func:`baton.handoffs.changes.enter_tally` takes."""
        data = self.cleaned_data
        returned = {one: data[name] if data[name] is not None else Decimal(0) for name, one in self._codes.items()}
        return {"came": data["came"], "good": data["good"], "returned": returned}

    def _field_named(self, name: str) -> str | None:
        """Counts are refused under the names that the record gives them."""
        return super()._field_named({"ordered": "came", "delivered": "good"}.get(name, name))

    @property
    def counts(self) -> list[forms.BoundField]:
        """The fields in their order."""
        return [self[name] for name in ("came", "good", *self._codes)]
