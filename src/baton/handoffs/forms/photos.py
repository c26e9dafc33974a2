"""The form in which photos are added to a handoff afterwards."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from baton.core.formats import labelled
from baton.handoffs.forms.fields import photos_field
from baton.handoffs.forms.steps import PHOTOS, StepForm
from baton.handoffs.models import HandoffReturn
from baton.handoffs.rules import NOTE_LENGTH


class PhotosForm(StepForm):
    """Photos of the handoff, or of something that came back of it, and what they show."""

    takes = {"words": "words"}
    words = forms.CharField(
        label=_("What they show"), required=False, max_length=NOTE_LENGTH,
        help_text=_("Stands in the discussion with the photos. No names of persons."),
    )  # fmt: skip

    def __init__(self, *args: Any, returns: Sequence[HandoffReturn], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields[PHOTOS] = photos_field(camera=False, required=True)
        self._returns = {one.public_id: one for one in returns}
        if self._returns:
            named = [(key, labelled(one.number, one.phenomenon)) for key, one in self._returns.items()]
            self.fields["of"] = forms.ChoiceField(
                label=_("What is on them"), required=False, choices=[("", _("The handoff")), *named]
            )
        self.order_fields([PHOTOS, "of", "words"])

    def given(self) -> dict[str, Any]:
        """What :func:`baton.handoffs.changes.add_photos` takes beside the photos."""
        return {"words": self.cleaned_data["words"], "found": self._returns.get(self.cleaned_data.get("of", ""))}
