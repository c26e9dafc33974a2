"""Forms about points: terms, claims, answers, rulings."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from baton.chain.forms.choosing import among_colleagues
from baton.core.actors import Actor
from baton.core.choosing_people import PersonField
from baton.core.forms import RecordForm
from baton.handoffs.forms.steps import StepForm, note_field
from baton.handoffs.rules import Side
from baton.handoffs.rules.settlement import (
    DAYS_RANGE,
    PRICE_RANGE,
    RULING_RANGE,
    SHARE_RANGE,
    USUAL_DAYS,
    USUAL_PRICE,
    USUAL_SHARE,
)


def whole_field(label: Any, help_text: Any, allowed: range, usual: int | None = None) -> forms.IntegerField:
    """A whole number within its bounds."""
    return forms.IntegerField(
        label=label, help_text=help_text, initial=usual, min_value=allowed.start, max_value=allowed.stop - 1
    )


class TermsForm(RecordForm):
    """Terms that one side proposes."""

    field_order = ("side", "price", "share", "claim_days", "arbiter")

    side = forms.TypedChoiceField(label=_("For which side"), coerce=Side)
    price = whole_field(
        _("Points of a handoff"), _("They go from the customer to the supplier when a handoff is accepted."),
        PRICE_RANGE, USUAL_PRICE,
    )  # fmt: skip
    share = whole_field(
        _("Share given back (%)"), _("What an accepted claim gives back of them."), SHARE_RANGE, USUAL_SHARE
    )
    claim_days = whole_field(
        _("Days to claim and answer"), _("After so many days without a word the arbiter decides."),
        DAYS_RANGE, USUAL_DAYS,
    )  # fmt: skip
    arbiter = PersonField(label=_("Arbiter"), help_text=_("Somebody both sides trust, who belongs to neither."))

    def __init__(self, *args: Any, sides: Sequence[tuple[str, Any]], viewer: Actor, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        side = self.fields["side"]
        assert isinstance(side, forms.TypedChoiceField)
        side.choices = list(sides)
        among_colleagues(self, viewer, "arbiter")

    def given(self) -> dict[str, Any]:
        """What :func:`baton.handoffs.changes.propose_settlement` takes."""
        said = {name: self.cleaned_data[name] for name in ("price", "share", "claim_days", "arbiter")}
        return {**said, "side": Side(self.cleaned_data["side"])}


class ClaimForm(RecordForm):
    """For what points are claimed back."""

    field_order = ("about", "ground")

    about = forms.ChoiceField(label=_("What was not as promised"), widget=forms.RadioSelect)
    ground = note_field(_("What happened"), _("The supplier reads it, and the arbiter if need be."), required=True)

    def __init__(self, *args: Any, choices: Sequence[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        about = self.fields["about"]
        assert isinstance(about, forms.ChoiceField)
        about.choices = list(choices)


class AcceptClaimForm(StepForm):
    """That the supplier agrees."""

    takes = {"answer": "answer"}
    answer = note_field(_("What you say to it"))


class DisputeForm(StepForm):
    """Why the supplier disagrees."""

    takes = {"answer": "answer"}
    answer = note_field(_("Why it was as promised"), _("The arbiter reads it and decides."), required=True)


class RuleForm(StepForm):
    """What the arbiter gives back."""

    takes = {"ruling": "ruling", "note": "note"}
    ruling = whole_field(
        _("Share given back (%)"), _("0: nothing goes back. 100: all points of the handoff go back."), RULING_RANGE
    )
    note = note_field(_("What you found"), _("Both sides read it."), required=True)


class WithdrawClaimForm(StepForm):
    """Why a claim is taken back."""

    takes = {"reason": "reason"}
    reason = note_field(_("Why it is taken back"), required=True)
