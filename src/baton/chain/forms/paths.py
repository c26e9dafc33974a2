"""From whom to whom a way is looked for."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from baton.chain.forms.choosing import Offered, among_colleagues, offer
from baton.core.actors import Actor
from baton.core.choosing_people import PersonField


class PathForm(forms.Form):
    """The two ends of a way. It begins with a party, or with a person and all that he belongs to."""

    start = forms.ChoiceField(label=pgettext_lazy("beginning of a way", "From"), required=False)
    person = PersonField(label=_("Or from a person"), required=False, help_text="")
    end = forms.ChoiceField(label=pgettext_lazy("end of a way", "To"), required=False)

    def __init__(self, asked: Mapping[str, str], *, parties: Sequence[Offered], viewer: Actor) -> None:
        super().__init__(asked)
        among_colleagues(self, viewer)
        for name, nobody in (("start", _("Me")), ("end", _("The nearest outside customers"))):
            offer(self, name, parties, nobody=nobody)
        self.full_clean()
        meant = self.cleaned_data.get("person")
        if meant is not None:  # whoever comes by a link brings an id
            self.data = {**asked, "start": "", "person": self.fields["person"].prepare_value(meant)}
        self.from_person: str = meant.public_id if meant is not None else ""

    @property
    def begins(self) -> str | None:
        """Public id of the party or person with whom the way begins; empty: the reader; None: nobody is meant."""
        return None if "person" in self.errors else self.from_person or self.data.get("start", "")
