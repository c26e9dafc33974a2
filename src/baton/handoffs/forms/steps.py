"""A form for each step of a handoff."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from decimal import Decimal
from typing import Any, ClassVar

from django import forms
from django.conf import settings
from django.utils.text import format_lazy
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from baton.core.forms import RecordForm
from baton.handoffs.forms.fields import AmountField, MomentField, happened_at_field, photos_field
from baton.handoffs.models import DefectCode, HandoffLine
from baton.handoffs.models.labels import COST_WORDS, RETURN_STATES
from baton.handoffs.rules import (
    COST_OF,
    DECISIONS,
    NOTE_LENGTH,
    PRIORITY_LENGTH,
    REASON_LENGTH,
    ReturnState,
    Side,
    Step,
    plain,
)

PHOTOS = "attached"
"""Name of the field for photos."""
YES_NO = [("", _("Not said")), ("yes", _("Yes")), ("no", _("No"))]
ANSWERS: Mapping[str, bool | None] = {"": None, "yes": True, "no": False}


def answer_field(label: Any, help_text: Any = "") -> forms.ChoiceField:
    """Yes, no or not said."""
    return forms.ChoiceField(
        label=label, help_text=help_text, required=False, choices=YES_NO, widget=forms.RadioSelect, initial=""
    )


def reason_field(label: Any, help_text: Any = "", *, required: bool = True) -> forms.CharField:
    """A reason of a line."""
    return forms.CharField(label=label, help_text=help_text, required=required, max_length=REASON_LENGTH)


def note_field(label: Any, help_text: Any = "", *, required: bool = False) -> forms.CharField:
    """A note of some lines."""
    return forms.CharField(
        label=label, help_text=help_text, required=required, max_length=NOTE_LENGTH,
        widget=forms.Textarea(attrs={"rows": 3}),
    )  # fmt: skip


def cost_help(examples: Any) -> Any:
    """What to enter as a cost, and in which currency."""
    return format_lazy(_("{examples}; in {currency}. Empty: not known."), examples=examples, currency=settings.CURRENCY)


class StepForm(RecordForm):
    """A form of one step. ``takes`` maps its fields to the names under which the change takes them."""

    takes: ClassVar[Mapping[str, str]] = {}

    def offer_photos(self) -> None:
        """Let photos go along."""
        self.fields[PHOTOS] = photos_field()

    def say_photos_lost(self) -> None:
        """Say in a form that comes back that a browser gives no photo back."""
        self.add_error(PHOTOS, gettext("Choose the photos again: they were not kept, because nothing was saved."))

    def given(self) -> dict[str, Any]:
        """What the change of the step takes."""
        return {
            **{name: self.cleaned_data[field] for field, name in self.takes.items()}, "expected_seq": self.version,
        }  # fmt: skip

    def _field_named(self, name: str) -> str | None:
        """What the change refuses under its own name stands beside the field that it comes from."""
        fields = {taken: field for field, taken in self.takes.items()}
        return super()._field_named(fields.get(name, name))


class ReceiveForm(StepForm):
    """That the supplier has what he needs."""

    takes = {"happened_at": "received_at"}
    happened_at = happened_at_field()


class DeliverForm(StepForm):
    """That it is handed over, and how much of each line where that is not what was ordered."""

    takes = {"happened_at": "delivered_at"}
    happened_at = happened_at_field()

    def __init__(
        self, *args: Any, lines: Sequence[HandoffLine] = (), owed: Mapping[int, Decimal] | None = None, **kwargs: Any
    ) -> None:
        """``owed`` says how much of lines (keys) is owed, where a part was taken before."""
        super().__init__(*args, **kwargs)
        self._lines = {f"delivered_{one.position}": one for one in lines}
        for name, one in self._lines.items():
            said = _("Empty: as ordered.") if owed is None else _owed(owed.get(one.pk), one)
            self.fields[name] = AmountField(label=line_label(one), help_text=said)

    def given(self) -> dict[str, Any]:
        """What :func:`baton.handoffs.changes.deliver_handoff` takes."""
        data = self.cleaned_data
        amounts = {one.public_id: data[name] for name, one in self._lines.items() if data[name] is not None}
        return {**super().given(), "amounts": amounts}


class AcceptForm(StepForm):
    """That it is taken as right, with what else the customer says."""

    takes = {"happened_at": "accepted_at"}
    happened_at = happened_at_field()
    complete = answer_field(_("Is all of it there?"))
    information_right = answer_field(_("Are labels, papers and data right?"))

    def given(self) -> dict[str, Any]:
        """What :func:`baton.handoffs.changes.accept_handoff` takes."""
        said = {name: ANSWERS[self.cleaned_data[name]] for name in ("complete", "information_right")}
        return {**super().given(), **said}


class ReturnForm(StepForm):
    """That all of it goes back."""

    takes = {"phenomenon": "phenomenon", "happened_at": "when"}
    field_order = ("phenomenon", "code", "happened_at")
    phenomenon = forms.CharField(
        label=_("What is wrong with it"), max_length=NOTE_LENGTH, required=False,
        help_text=_("What you see: torn, damp, wrong label. No cause, no name of a person."),
    )  # fmt: skip
    happened_at = happened_at_field()

    def __init__(self, *args: Any, codes: Sequence[DefectCode] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._codes = add_codes(self, "code", codes)

    def given(self) -> dict[str, Any]:
        """What :func:`baton.handoffs.changes.return_handoff` takes."""
        return {**super().given(), "code": self._codes.get(self.cleaned_data.get("code", ""))}


class IncompleteForm(StepForm):
    """What is missing in a request or in what came."""

    takes = {"reason": "reason", "happened_at": "when"}
    reason = reason_field(_("What is missing"), _("So that it can be added: which ward, which drawing, which sample."))
    happened_at = happened_at_field()


class CompleteForm(StepForm):
    """That the request is complete now."""

    takes = {"note": "note", "happened_at": "when"}
    note = note_field(_("What was added"))
    happened_at = happened_at_field()


class WarnLateForm(StepForm):
    """When it comes instead."""

    takes = {"expected_at": "expected_at", "reason": "reason"}
    expected_at = MomentField(label=_("It comes at"), required=True)
    reason = reason_field(_("Why"), required=False)


class WarnShortForm(StepForm):
    """How much comes instead."""

    takes = {"quantity": "quantity", "expected_at": "expected_at", "reason": "reason"}
    quantity = AmountField(label=_("So much comes"), required=True)
    expected_at = MomentField(label=_("The rest comes at"), help_text=_("Empty: not known."))
    reason = reason_field(_("Why"), required=False)


class PauseForm(StepForm):
    """Why work cannot go on."""

    takes = {"reason": "reason", "happened_at": "when"}
    reason = reason_field(_("Why work cannot go on"), _("Whether the clock stands meanwhile, the agreement says."))
    happened_at = happened_at_field()


class ResumeForm(StepForm):
    """That work goes on."""

    takes = {"reason": "reason", "happened_at": "when"}
    reason = reason_field(_("Which pause ends"), _("Its reason; empty: all pauses."), required=False)
    happened_at = happened_at_field()

    def __init__(self, *args: Any, reasons: Sequence[str] = (), **kwargs: Any) -> None:
        """``reasons``: of the pauses in force, to choose from."""
        super().__init__(*args, **kwargs)
        if named := [one for one in reasons if one]:
            self.fields["reason"] = forms.ChoiceField(
                label=_("Which pause ends"), required=False,
                choices=[("", _("All pauses")), *((one, one) for one in named)],
            )  # fmt: skip
            self.order_fields(("reason", "happened_at"))


class PriorityForm(StepForm):
    """Which priority holds from now on."""

    takes = {"priority": "priority", "happened_at": "when"}
    priority = forms.CharField(label=_("Priority"), max_length=PRIORITY_LENGTH)
    happened_at = happened_at_field()


class WithdrawForm(StepForm):
    """Why nobody wants it any more."""

    takes = {"reason": "reason"}
    reason = reason_field(_("Why"), _("The other side reads it."))


class CostForm(StepForm):
    """What it cost each side for which somebody acts that it was not right."""

    def __init__(self, *args: Any, sides: Collection[Side], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        record = kwargs["record"]
        self._sides = [side for side in Side if side in sides]
        for side in self._sides:
            self.fields[COST_OF[side]] = AmountField(
                label=COST_WORDS[side], help_text=cost_help(_("Rework, waiting, scrap"))
            )
            self.initial[COST_OF[side]] = getattr(record, COST_OF[side])
        self.order_fields(COST_OF[side] for side in self._sides)

    def given(self) -> dict[str, Any]:
        """What :func:`baton.handoffs.changes.say_cost` takes."""
        costs = {side: self.cleaned_data[COST_OF[side]] for side in self._sides}
        return {"costs": costs, "expected_seq": self.version}


FORMS: Mapping[Step, type[StepForm]] = {
    Step.RECEIVE: ReceiveForm, Step.REFUSE_REQUEST: IncompleteForm, Step.REFUSE_INPUT: IncompleteForm,
    Step.COMPLETE: CompleteForm, Step.WARN_LATE: WarnLateForm, Step.WARN_SHORT: WarnShortForm, Step.PAUSE: PauseForm,
    Step.RESUME: ResumeForm, Step.PRIORITY: PriorityForm, Step.WITHDRAW: WithdrawForm,
}  # fmt: skip
"""The forms of the steps that need nothing but themselves."""


class ContestForm(StepForm):
    """Why it was right as delivered."""

    takes = {"ground": "ground"}
    ground = note_field(
        _("Why it was right as delivered"), _("Other records that prove it go below the handoff."), required=True
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.offer_photos()


class DecideForm(StepForm):
    """What the arbiter finds."""

    takes = {"verdict": "verdict", "note": "note"}
    verdict = forms.TypedChoiceField(
        label=_("What do you find?"), widget=forms.RadioSelect, coerce=ReturnState,
        choices=[(one.value, RETURN_STATES[one]) for one in DECISIONS],
        help_text=_("Upheld: it rightly came back. Dismissed: it was right. Undecided counts against neither."),
    )  # fmt: skip
    note = note_field(_("What you found"), required=True)


class SettleForm(StepForm):
    """How it was made good."""

    takes = {"settlement": "settlement", "cost": "cost"}
    settlement = note_field(pgettext_lazy("of a return", "How it was made good"), required=True)
    cost = AmountField(label=_("What it cost us"), help_text=cost_help(_("Waiting, sorting, replacing")))


class TakeBackForm(StepForm):
    """Why it was right after all."""

    takes = {"reason": "reason"}
    reason = note_field(_("Why it was right after all"), required=True)


def add_codes(form: forms.Form, name: str, codes: Sequence[DefectCode]) -> dict[str, DefectCode]:
    """Let the form choose among defect codes under ``name``; nothing to choose where there are none. The codes by
    public id."""
    known = {one.public_id: one for one in codes}
    if known:
        choices = [("", _("None fits")), *((key, str(one)) for key, one in known.items())]
        form.fields[name] = forms.ChoiceField(label=_("Defect code"), required=False, choices=choices)
    return known


def line_label(one: HandoffLine) -> str:
    """What a line is called where a quantity of it is asked for: its name, how much the customer has of what was
    ordered, its unit."""
    held = one.quantities.held
    if held is None:
        return f"{one.name} ({one.unit})" if one.unit else one.name
    short = one.ordered is not None and held < one.ordered
    amount = gettext("{held} of {ordered}") if short else "{held}"
    said = amount.format(held=plain(held), ordered=plain(one.ordered) if one.ordered is not None else "")
    return f"{one.name} ({f'{said} {one.unit}'.rstrip()})"


def _owed(amount: Decimal | None, one: HandoffLine) -> str:
    """What it means to leave the quantity of a line empty, of which a part was taken."""
    if not amount:
        return gettext("Empty: nothing more of it.")
    return gettext("Empty: {amount}, which is owed.").format(amount=f"{plain(amount)} {one.unit}".rstrip())
