"""Forms about joint quality plans."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, ClassVar

from django import forms
from django.utils.translation import gettext_lazy as _

from baton.agreements.changes.plans import Described
from baton.agreements.forms.versions import reason_field
from baton.agreements.models import Clause, PlanGoal, PlanItem
from baton.agreements.models.plans import ITEM_STATES
from baton.agreements.rules import TEXT_LENGTH, Side
from baton.agreements.rules.plans import MEASURE_LENGTH, ItemState
from baton.chain.forms.choosing import among_colleagues, chosen, offer
from baton.chain.forms.parties import day_field
from baton.core.actors import Actor
from baton.core.choosing_people import PersonField, colleagues_meant, spelled
from baton.core.forms import RecordForm

if TYPE_CHECKING:
    from baton.chain.models import Link, OutsideNeed

WORKED_ON = [ItemState.PLANNED, ItemState.DOING, ItemState.DONE]


class GoalForm(RecordForm):
    """What the plan is to reach for the outside customer."""

    texts: ClassVar[Mapping[str, Any]] = {"words": _("What the outside customer gets")}
    text_length = TEXT_LENGTH
    field_order = ("words", "need")

    need = forms.ChoiceField(label=_("Which outside need it serves"), required=False)

    def __init__(self, *args: Any, needs: Sequence[OutsideNeed], record: PlanGoal | None = None, **kwargs: Any) -> None:
        super().__init__(*args, record=record, **kwargs)
        own = [record.need] if record is not None and record.need is not None else []
        self._needs = [*needs, *(one for one in own if one not in needs)]
        offer(self, "need", self._needs)

    def given(self) -> dict[str, Any]:
        """What add_goal and change_goal of :mod:`baton.agreements.changes.plans` take."""
        data = self.cleaned_data
        return {"words": data["words"], "need": chosen(self._needs, data["need"])}


class PlanItemForm(RecordForm):
    """What one side does: what, for which goal, who, until when, how it is measured."""

    texts: ClassVar[Mapping[str, Any]] = {"what": _("What is done")}
    text_length = TEXT_LENGTH
    field_order = ("what", "goal", "line", "side", "person", "due_on", "state", "measure", "target", "note")

    goal = forms.ChoiceField(label=_("For which goal"), required=False)
    line = forms.ChoiceField(label=_("Which clause it supports"), required=False)
    side = forms.ChoiceField(label=_("Which side sees to it"))
    person = PersonField(
        label=_("Who of that side"), required=False,
        help_text=_("Empty: who leads it, or an outside party without a sign-in."),
    )  # fmt: skip
    due_on = day_field(_("Until"), _("Empty: it goes on."))
    state = forms.ChoiceField(
        label=_("State"), initial=ItemState.PLANNED, choices=[(one.value, ITEM_STATES[one]) for one in WORKED_ON]
    )
    measure = forms.CharField(
        label=_("Measure"), required=False, max_length=MEASURE_LENGTH, help_text=_("By what you see that it helps.")
    )
    target = forms.CharField(
        label=_("Target"), required=False, max_length=MEASURE_LENGTH, help_text=_("With its unit, such as 2 per month.")
    )
    note = reason_field(_("Note"), "")

    def __init__(
        self, *args: Any, link: Link, goals: Sequence[PlanGoal], clauses: Mapping[str, Clause], viewer: Actor,
        record: PlanItem | None = None, **kwargs: Any,
    ) -> None:  # fmt: skip
        """``clauses`` of the agreement are by line."""
        self._viewer = viewer
        super().__init__(*args, record=record, **kwargs)
        among_colleagues(self, viewer)
        self._goals = goals
        offer(self, "goal", goals)
        self._choices("side", [("supplier", str(link.supplier)), ("customer", str(link.customer))])
        gone = record.line if record is not None and record.line and record.line not in clauses else ""
        left = [(gone, _("A clause that no longer holds"))] if gone else []
        self._choices("line", [("", "—"), *((line, str(one)) for line, one in clauses.items()), *left])

    def _shown(self, values: Mapping[str, Any]) -> dict[str, Any]:
        """A person as he is spelled; nobody, where he has left."""
        shown = super()._shown(values)
        if shown.get("person"):
            people = colleagues_meant(viewer=self._viewer, text=shown["person"])
            shown["person"] = spelled(viewer=self._viewer, people=people)[0].text if people else ""
        return shown

    def _choices(self, name: str, choices: Sequence[tuple[str, Any]]) -> None:
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)
        field.choices = list(choices)

    def given(self) -> Described:
        """What add_plan_item and change_plan_item of :mod:`baton.agreements.changes.plans` take."""
        data = self.cleaned_data
        names = ("what", "line", "person", "due_on", "measure", "target", "note")
        return Described(
            goal=chosen(self._goals, data["goal"]), side=Side(data["side"]), state=ItemState(data["state"]),
            **{name: data[name] for name in names},
        )  # fmt: skip


class ReportForm(RecordForm):
    """How far an item has come."""

    state = forms.ChoiceField(
        label=_("State"), widget=forms.RadioSelect, choices=[(one.value, ITEM_STATES[one]) for one in ItemState]
    )
    note = reason_field(_("Note"), _("What was seen; why, where it is taken out."))

    def given(self) -> dict[str, Any]:
        """What :func:`baton.agreements.changes.plans.report_plan_item` takes."""
        data = self.cleaned_data
        return {"state": ItemState(data["state"]), "note": data["note"], "expected_seq": self.version}


class IssueForm(RecordForm):
    """What is new in an edition."""

    note = reason_field(_("What is new in this edition"), _("Both sides sign it as it stands; later changes go into "
                                                          "the next edition."))  # fmt: skip

    def given(self) -> dict[str, Any]:
        """What :func:`baton.agreements.changes.plans.issue_plan` takes."""
        return {"note": self.cleaned_data["note"]}
