"""How exactly means are to be known, as people enter it."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from baton.feedback.rules.asking import HALF_WIDTHS
from baton.handoffs.forms.fields import AmountField


class HalfWidthField(AmountField):
    """Half-width of the interval of a mean, in points of its scale; none, where everybody is asked. Refused where it is
    no useful width."""

    def to_python(self, value: Any) -> Any:
        """As a number; None where nothing was entered."""
        found = super().to_python(value)
        return None if found is None else float(found)

    def validate(self, value: Any) -> None:
        super().validate(value)
        low, high = HALF_WIDTHS
        if value is not None and not low <= value <= high:
            raise ValidationError(
                _("Expected a number from %(low)s to %(high)s. Correct it, or leave it empty to ask everybody.")
                % {"low": low, "high": high}
            )
