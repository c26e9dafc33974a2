"""Forms about defect codes and how a link deals with its handoffs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

from django import forms
from django.utils.translation import gettext_lazy as _

from baton.chain.forms.choosing import Offered, among_colleagues, offer
from baton.core.actors import Actor
from baton.core.choosing_people import PersonField
from baton.core.forms import RecordForm
from baton.handoffs.rules import CODE_LENGTH, CONTEST_HOURS, CONTEST_RANGE, SILENT_RANGE, Side


class CodeForm(RecordForm):
    """A new defect code."""

    texts: ClassVar[Mapping[str, Any]] = {"name": _("What is wrong")}
    field_order = ("code", "name", "output")

    code = forms.CharField(label=_("Code"), max_length=CODE_LENGTH, help_text=_("Short, such as TORN or E12."))
    output = forms.ChoiceField(label=_("Of which output"), required=False)

    def __init__(self, *args: Any, outputs: Sequence[Offered], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(self, "output", outputs, nobody=_("Of all"))


class RenameCodeForm(RecordForm):
    """Other words for a code."""

    texts: ClassVar[Mapping[str, Any]] = {"name": _("What is wrong")}


class PracticeForm(RecordForm):
    """Who decides about contested returns, and how long they can be contested."""

    field_order = ("side", "arbiter", "contest_hours")

    side = forms.TypedChoiceField(label=_("For which side"), coerce=Side)
    arbiter = PersonField(
        label=_("Arbiter"), required=False, help_text=_("Somebody both sides trust; empty: the quality manager.")
    )
    contest_hours = forms.IntegerField(
        label=_("Hours in which a return can be contested"), initial=CONTEST_HOURS,
        min_value=CONTEST_RANGE.start, max_value=CONTEST_RANGE.stop - 1,
    )  # fmt: skip

    def __init__(self, *args: Any, viewer: Actor, sides: Sequence[tuple[str, Any]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        among_colleagues(self, viewer, "arbiter")
        _choose_side(self, sides)


class SilenceForm(RecordForm):
    """After how many hours without a word a delivery is no longer waited for."""

    side = forms.TypedChoiceField(label=_("For which side"), coerce=Side)
    hours = forms.IntegerField(
        label=_("Hours"), required=False, min_value=SILENT_RANGE.start, max_value=SILENT_RANGE.stop - 1,
        help_text=_("It then counts as not confirmed, never as accepted. Empty: deliveries are waited for."),
    )  # fmt: skip

    calendar = forms.ChoiceField(
        label=_("Working hours"), required=False, help_text=_("The hours of silence run in them.")
    )

    def __init__(
        self, *args: Any, sides: Sequence[tuple[str, Any]], calendars: Sequence[Offered], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        offer(self, "calendar", calendars, nobody=_("Those of the organisation"))
        _choose_side(self, sides)


def _choose_side(form: forms.Form, sides: Sequence[tuple[str, Any]]) -> None:
    field = form.fields["side"]
    assert isinstance(field, forms.ChoiceField)
    field.choices = list(sides)
