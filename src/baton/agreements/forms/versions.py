"""Forms about versions of an agreement."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from baton.agreements.models import AgreementVersion
from baton.agreements.rules import NOTE_LENGTH
from baton.chain.forms.parties import day_field
from baton.core.forms import RecordForm


def reason_field(label: Any, help_text: Any, *, required: bool = False) -> forms.CharField:
    """Why something is done; it stands in the history."""
    return forms.CharField(
        label=label, help_text=help_text, required=required, max_length=NOTE_LENGTH,
        widget=forms.Textarea(attrs={"rows": 2}),
    )  # fmt: skip


class VersionForm(RecordForm):
    """From when to when a version is to hold, when it is reviewed, and why there is it."""

    field_order = ("starts_on", "ends_on", "review_on", "renewal_days", "minimum_participation", "reason")

    starts_on = day_field(_("First day"), _("Empty: from the day of the last signature."))
    ends_on = day_field(_("Last day"), _("Empty: no end. A term makes both sides look at it again."))
    review_on = day_field(_("Review"), _("When both sides look together at whether it was kept."))
    renewal_days = forms.IntegerField(
        label=_("Renewal notice, days"), min_value=0, max_value=365,
        help_text=_("So many days before the last day both sides are told that it runs out."),
    )  # fmt: skip
    minimum_participation = forms.IntegerField(
        label=_("Minimum participation, %"), min_value=0, max_value=100, required=False,
        help_text=_("Share of the invited staff that is to say something before it is signed."),
    )  # fmt: skip
    reason = reason_field(_("Why there is this version"), _("For both sides."))

    def __init__(self, *args: Any, record: AgreementVersion, says_participation: bool, **kwargs: Any) -> None:
        super().__init__(*args, record=record, **kwargs)
        if not says_participation:
            del self.fields["minimum_participation"]

    def given(self) -> dict[str, Any]:
        """What :func:`baton.agreements.changes.describe_version` takes."""
        data = self.cleaned_data
        names = ("starts_on", "ends_on", "review_on", "renewal_days", "reason")
        said = {name: data[name] for name in names} | {"expected_seq": self.version}
        return said | {"minimum_participation": data.get("minimum_participation")}


class DraftForm(RecordForm):
    """Why a new version is written."""

    reason = reason_field(_("Why there is a new version"), _("For both sides: what is to be better."))

    def given(self) -> dict[str, Any]:
        """What :func:`baton.agreements.changes.draft_version` takes."""
        return {"reason": self.cleaned_data["reason"]}


class StepForm(RecordForm):
    """Take a version to another state: the button alone says it."""

    def given(self) -> dict[str, Any]:
        """What the functions of :mod:`baton.agreements.changes.steps` take."""
        return {"expected_seq": self.version}


class WithReasonForm(RecordForm):
    """Base of forms that ask why alone; each says in its field ``reason`` who reads it."""

    def given(self) -> dict[str, Any]:
        """Reason and version, as the functions of :mod:`baton.agreements.changes` take them."""
        return {"reason": self.cleaned_data["reason"], "expected_seq": self.version}


class ReasonForm(StepForm):
    """A step that says why, if one likes."""

    reason = reason_field(_("Reason"), _("Stands in the history, for both sides."))

    def given(self) -> dict[str, Any]:
        """What the functions of :mod:`baton.agreements.changes.steps` take."""
        return super().given() | {"reason": self.cleaned_data["reason"]}

    def _shown(self, values: Any) -> dict[str, Any]:
        # A version has a reason of its own, which is not the one that is asked for here.
        return super()._shown({name: value for name, value in values.items() if name != "reason"})


class NeededReasonForm(ReasonForm):
    """A step that says why."""

    reason = reason_field(_("Reason"), _("The other side reads it."), required=True)
