"""The form in which who leads a party says what the staff can count on."""

from __future__ import annotations

from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from baton.chain.models import Party
from baton.chain.rules import NAME_LENGTH
from baton.core.forms import RecordForm


def _promise(label: Any, example: Any) -> forms.CharField:
    return forms.CharField(label=label, help_text=example, required=False, max_length=NAME_LENGTH)


class PromisesToStaffForm(RecordForm):
    """What who leads a party promises all who belong to it."""

    field_order = ("post", "training", "recognition", "support")

    post = forms.CharField(
        label=_("The post that promises"), max_length=NAME_LENGTH,
        help_text=_("It becomes a party of its own in this one; who heads this one heads it."),
    )  # fmt: skip
    training = _promise(_("Training: what the staff learn, and when"), _("Such as: two days of training a year, paid"))
    recognition = _promise(_("Recognition: how good work is thanked for"), _("Such as: thanks by name, every week"))
    support = _promise(
        _("Support: how fast whoever asks has an answer"), _("Such as: an answer to every request within three days")
    )

    def __init__(self, *args: Any, party: Party, leader: Party | None, **kwargs: Any) -> None:
        """``leader`` is the post that promises already; None: there is none yet."""
        super().__init__(*args, **kwargs)
        if leader is not None:
            del self.fields["post"]
        else:
            self.initial.setdefault("post", gettext("Head of {party}").format(party=party)[:NAME_LENGTH])

    def given(self) -> dict[str, Any]:
        """What :func:`baton.chain.changes.promise_to_staff` takes, in the organisation's language."""
        data, code = self.cleaned_data, settings.LANGUAGE_CODE
        said = [data[name] for name in ("training", "recognition", "support") if data[name]]
        return {"post": {code: data.get("post", "")}, "promises": [{code: words} for words in said]}
