"""Forms of rounds of grades, of the sheet of a department, and of the reply to a D or E."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import TYPE_CHECKING, Any, ClassVar

from django import forms
from django.forms import BoundField
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from baton.chain.forms.choosing import among_colleagues
from baton.chain.forms.parties import day_field
from baton.core import formats
from baton.core.actors import Actor
from baton.core.choosing_people import PersonField
from baton.core.errors import Refused, Stale, explain
from baton.core.forms import RecordForm
from baton.feedback.changes.grades import said_in
from baton.feedback.models.grades import GRADES, REASON_LENGTH, DepartmentGrade
from baton.feedback.rules.grades import WORDS_LENGTH, Grade, Said, faults_of

if TYPE_CHECKING:
    from baton.handoffs.models import Handoff

NOT_YET = pgettext_lazy("grade", "Not yet")
_CHOICES = [*((one.value, label) for one, label in GRADES.items()), ("", NOT_YET)]
_PARTS = ("grade", "reason", "fact", "happened_on", "handoff")


class RoundForm(RecordForm):
    """A round: about which days, and until when grades are taken."""

    texts: ClassVar[Mapping[str, Any]] = {"title": pgettext_lazy("of a round", "Title")}
    field_order = ("title", "began_on", "until_on", "closes_on")

    began_on = day_field(_("Graded from"), _("First day of the time that is graded."), required=True)
    until_on = day_field(_("Graded until"), _("Last day of it; today at the latest."), required=True)
    closes_on = day_field(_("Last day for grades"), _("Two weeks are usual."), required=True)

    def given(self) -> dict[str, Any]:
        """What :func:`baton.feedback.changes.grade_rounds.open_grade_round` takes."""
        return {name: self.cleaned_data[name] for name in ("title", "began_on", "until_on", "closes_on")}


class RoundEndForm(RecordForm):
    """Until when grades are taken."""

    closes_on = day_field(_("Last day for grades"), required=True)

    def given(self) -> dict[str, Any]:
        """What :func:`baton.feedback.changes.grade_rounds.move_round_end` takes."""
        return {"closes_on": self.cleaned_data["closes_on"], "expected_seq": self.version}


class RoundReasonForm(RecordForm):
    """Why a round is closed before its time, or withdrawn."""

    reason = forms.CharField(
        label=_("Reason"), max_length=REASON_LENGTH, widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("It stands in the history."),
    )  # fmt: skip

    def given(self) -> dict[str, Any]:
        """What closing and withdrawing take."""
        return {"reason": self.cleaned_data["reason"], "expected_seq": self.version}


class GradeReplyForm(RecordForm):
    """What is done about a D or E, by whom and by when."""

    field_order = ("reply", "owner", "promised_for")

    reply = forms.CharField(
        label=_("What is done"), max_length=WORDS_LENGTH, widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("Whoever gave the grade reads it, as do quality manager and director."),
    )  # fmt: skip
    owner = PersonField(label=_("Who sees to it"), help_text=_("A colleague."))
    promised_for = day_field(pgettext_lazy("a promise", "By when"), required=True)

    def __init__(self, *args: Any, viewer: Actor, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        among_colleagues(self, viewer, "owner")

    def given(self) -> dict[str, Any]:
        """What :func:`baton.feedback.changes.grades.reply_to_grade` takes."""
        data = self.cleaned_data
        return {
            "reply": data["reply"], "owner": data["owner"], "promised_for": data["promised_for"],
            "expected_seq": self.version,
        }  # fmt: skip


class PromiseDoneForm(RecordForm):
    """That what was promised about a D or E is done."""

    field_order = ("outcome", "done_on")

    outcome = forms.CharField(
        label=_("What was done"), max_length=WORDS_LENGTH, widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("Whoever gave the grade reads it, as do quality manager and director."),
    )  # fmt: skip
    done_on = day_field(_("Done on"), _("Empty: today."))

    def given(self) -> dict[str, Any]:
        """What :func:`baton.feedback.changes.grade_promises.finish_promise` takes."""
        data = self.cleaned_data
        return {"outcome": data["outcome"], "done_on": data["done_on"], "expected_seq": self.version}


class GradeSheetForm(RecordForm):
    """All grades that one department gives in a round, on one page. The fields of a grade bear its public id in front:
    ``<id>__grade``, ``<id>__reason``, ``<id>__fact``, ``<id>__happened_on``, ``<id>__handoff``, and ``<id>__seen``, the
    version that the reader saw."""

    def __init__(
        self, *args: Any, rows: Sequence[DepartmentGrade], handoffs: Mapping[str, Sequence[Handoff]], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.rows, self._handoffs = rows, handoffs
        for row in rows:
            self._add(row)

    def blocks(self) -> list[tuple[DepartmentGrade, dict[str, BoundField]]]:
        """Each grade with its fields, for the template."""
        return [(row, {name: self[_name(row, name)] for name in (*_PARTS, "seen")}) for row in self.rows]

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        for row in self.rows:
            if any(_name(row, name) not in data for name in _PARTS):
                continue
            named = [one.public_id for one in self._offered(row)]
            faults = faults_of(
                _said(row, data), began_on=row.round.began_on, until_on=row.round.until_on, handoffs=named
            )  # fmt: skip
            for one in faults:
                refused = Refused(expected=one.expected, found=one.found, remedy=one.remedy, **one.values)
                self.add_error(_name(row, one.field), explain(refused))
        return data

    def given(self) -> dict[str, Any]:
        """What :func:`baton.feedback.changes.grades.give_grades` takes."""
        said = {row.public_id: _said(row, self.cleaned_data) for row in self.rows}
        return {"said": said, "seen": {row.public_id: self.cleaned_data[_name(row, "seen")] for row in self.rows}}

    def _add(self, row: DepartmentGrade) -> None:
        said = said_in(row)
        words = forms.Textarea(attrs={"rows": 2, "maxlength": WORDS_LENGTH})
        fields: dict[str, forms.Field] = {
            "grade": forms.ChoiceField(
                label=_("Grade"), choices=_CHOICES, required=False, widget=forms.RadioSelect,
                error_messages={"invalid_choice": _("One of the grades was expected. Choose one of them.")},
            ),
            "reason": forms.CharField(label=_("Reason"), required=False, widget=words),
            "fact": forms.CharField(
                label=_("Fact"), help_text=_("One event that can be looked up: what happened."), required=False,
                widget=words,
            ),
            "happened_on": day_field(_("Happened on")),
            "handoff": forms.ChoiceField(
                label=_("Which handoff it was"), required=False,
                choices=[("", "—"), *((one.public_id, _called(one)) for one in self._offered(row))],
            ),
            "seen": forms.IntegerField(
                widget=forms.HiddenInput,
                error_messages={"required": _("Open the page again and enter what is missing there.")},
            ),
        }  # fmt: skip
        initial = {
            "grade": said.grade.value if said.grade else "", "reason": said.reason, "fact": said.fact,
            "happened_on": said.happened_on, "handoff": said.handoff, "seen": row.changed_seq,
        }  # fmt: skip
        for name, field in fields.items():
            self.fields[_name(row, name)] = field
            self.initial[_name(row, name)] = initial[name]

    def _offered(self, row: DepartmentGrade) -> list[Handoff]:
        found = list(self._handoffs.get(row.public_id, ()))
        if row.handoff is not None and row.handoff not in found:
            found.append(row.handoff)
        return found

    def _show_both(self, stale: Stale) -> None:
        """Beside the grade that somebody changed meanwhile; its new version is taken up."""
        seen = {name: value for name, value in stale.theirs.items() if name.endswith("__seen")}
        stale.theirs = {name: value for name, value in stale.theirs.items() if name not in seen}
        super()._show_both(stale)
        for name, value in seen.items():
            self._put(name, str(value))


def _name(row: DepartmentGrade, part: str) -> str:
    return f"{row.public_id}__{part}"


def _said(row: DepartmentGrade, data: Mapping[str, Any]) -> Said:
    grade, happened = data.get(_name(row, "grade"), ""), data.get(_name(row, "happened_on"))
    return Said(
        Grade(grade) if grade else None, data.get(_name(row, "reason"), ""), data.get(_name(row, "fact"), ""),
        happened if isinstance(happened, date) else None, data.get(_name(row, "handoff"), ""),
    )  # fmt: skip


def _called(one: Handoff) -> str:
    at: datetime = one.delivered_at or one.accepted_at or one.occurred_at
    return " · ".join(part for part in (formats.day(at), one.number, one.reference) if part)
