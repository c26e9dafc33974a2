"""The form with which a tablet is registered, and the one in which somebody shows on it who he is."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from baton.core.forms import RecordForm
from baton.core.texts import say
from baton.handoffs.rules import TABLET_DAYS, TABLET_NAME_LENGTH

if TYPE_CHECKING:
    from baton.chain.models import Party
    from baton.core.models import Person

USUAL_DAYS = 90


class TabletForm(RecordForm):
    """Which device it is, of which team, and for how long."""

    field_order = ("name", "party", "days")

    name = forms.CharField(
        label=pgettext_lazy("of a tablet", "Name"), max_length=TABLET_NAME_LENGTH,
        help_text=_("Where it hangs or lies: corridor, line 2."),
    )  # fmt: skip
    party = forms.ChoiceField(
        label=_("Team"), help_text=_("It shows what this team, and who stands under it, owes and gets.")
    )
    days = forms.IntegerField(
        label=_("Days until it ends"), initial=USUAL_DAYS, min_value=TABLET_DAYS.start, max_value=TABLET_DAYS.stop - 1
    )

    def __init__(self, *args: Any, teams: Sequence[Party], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [("", _("Choose")), *((one.public_id, say(one.name)) for one in teams)]
        self.fields["party"].choices = choices  # type: ignore[attr-defined]


class WhoForm(forms.Form):
    """Who takes the step: a badge, or a name with its PIN."""

    who_badge = forms.CharField(
        label=_("Badge"), required=False, max_length=64,
        help_text=_("Hold the badge to the reader; nothing else is needed."),
        # The reader types; a keyboard on the screen would only be in the way.
        widget=forms.PasswordInput(attrs={"autocomplete": "off", "inputmode": "none", "autofocus": True}),
    )  # fmt: skip
    who_person = forms.ChoiceField(
        label=_("Or your name"), required=False, widget=forms.RadioSelect,
        error_messages={"invalid_choice": _(
            "One of the choices was expected. What was sent is no longer one of them. Choose again."
        )},
    )  # fmt: skip
    who_pin = forms.CharField(
        label=_("and your PIN"), required=False, max_length=8,
        widget=forms.PasswordInput(attrs={"autocomplete": "off", "inputmode": "numeric"}),
    )  # fmt: skip

    def __init__(self, *args: Any, crew: Sequence[Person], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.crew = {one.public_id: one for one in crew}
        self.fields["who_person"].choices = [(key, str(one)) for key, one in self.crew.items()]  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        """A badge is enough; without one name and PIN are needed."""
        data = super().clean() or self.cleaned_data
        if not data.get("who_badge") and not self.errors:
            if not data.get("who_person"):
                self.add_error("who_person", _("Hold your badge to the reader, or choose your name."))
            elif not data.get("who_pin"):
                self.add_error("who_pin", _("Type the PIN that you set under My profile."))
        return data
