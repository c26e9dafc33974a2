"""Forms about many rows of a list at once: what is to be set in each of them. An empty field leaves a row as it is."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from baton.chain import queries
from baton.chain.forms.choosing import among_colleagues, choices_of, chosen, party_chosen
from baton.chain.forms.judging import IMPACT, IRREPLACEABILITY, SPEND
from baton.chain.forms.parties import day_field
from baton.chain.models.links import SOURCINGS, STAGES
from baton.chain.rules import GapReply
from baton.core.actors import Actor
from baton.core.choosing_people import PersonField
from baton.core.widgets import LongSelect

AS_IT_IS = ("", _("As it is"))
NONE = "none"
_GRADES = ("spend", "irreplaceability", "impact")


_HISTORY = _("Stands in the history of each row.")
_READ = _("Everybody who sees the gap reads it.")


def _reason(required: bool = False, help_text: Any = _HISTORY) -> forms.CharField:
    return forms.CharField(label=_("Reason"), required=required, max_length=200, help_text=help_text)


class ActForm(forms.Form):
    """What is to be set in all chosen rows, by ``viewer`` at ``at``."""

    def __init__(self, data: Mapping[str, str] | None = None, *, viewer: Actor, at: datetime) -> None:
        super().__init__(data)
        self.prepare(viewer, at)

    def prepare(self, viewer: Actor, at: datetime) -> None:
        """Offer what the viewer may choose."""

    def given(self) -> dict[str, Any]:
        """What the act takes beside the row."""
        return dict(self.cleaned_data)

    def _choose(self, field: str, choices: list[tuple[str, Any]]) -> None:
        self.fields[field].choices = choices  # type: ignore[attr-defined]


def _graded(label: Any, words: Mapping[int, Any]) -> forms.ChoiceField:
    grades = [(str(grade), word) for grade, word in words.items()]
    return forms.ChoiceField(label=label, required=False, choices=[AS_IT_IS, *grades, (NONE, _("Nobody has said"))])


class JudgeLinksForm(ActForm):
    """Criticality, stage and sourcing of links."""

    spend = _graded(_("Spend"), SPEND)
    irreplaceability = _graded(_("Irreplaceability"), IRREPLACEABILITY)
    impact = _graded(_("Impact"), IMPACT)
    stage = forms.ChoiceField(
        label=_("Stage"), required=False,
        choices=[AS_IT_IS, *((one.value, label) for one, label in STAGES.items()), (NONE, _("Nobody has said"))],
    )  # fmt: skip
    sourcing = forms.ChoiceField(
        label=_("Single source"), required=False,
        choices=[AS_IT_IS, *((one.value, label) for one, label in SOURCINGS.items()),
                 (NONE, _("Not a single source, or nobody has said"))],
    )  # fmt: skip
    continuity_plan = forms.CharField(
        label=_("Continuity plan"), required=False, max_length=500, widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("Empty: as it is. A chosen single source needs one."),
    )  # fmt: skip
    reason = _reason()

    def clean(self) -> dict[str, Any]:
        """Something must be set."""
        data = super().clean() or self.cleaned_data
        if not any(value for name, value in data.items() if name != "reason"):
            raise forms.ValidationError(
                _("Expected at least one value to be set. Nothing was chosen. Choose what is to change.")
            )
        return data

    def given(self) -> dict[str, Any]:
        """``said`` holds what is set; the rest of a link stays as it is."""
        said: dict[str, Any] = {}
        for name, value in self.cleaned_data.items():
            if name == "reason" or not value:
                continue
            empty = None if name in _GRADES else ""
            said[name] = empty if value == NONE else int(value) if name in _GRADES else value
        return {"said": said, "reason": self.cleaned_data["reason"]}


class NeedOfLinksForm(ActForm):
    """The outside need that links serve."""

    need = forms.ChoiceField(label=_("Outside need"), widget=LongSelect)
    reason = _reason()

    def prepare(self, viewer: Actor, at: datetime) -> None:
        self.needs = queries.needs_to_choose(viewer=viewer, at=at)
        self._choose("need", [*choices_of(self.needs), (NONE, _("None: clear it"))])

    def given(self) -> dict[str, Any]:
        return {**self.cleaned_data, "need": chosen(self.needs, self.cleaned_data["need"])}


class ProjectOfLinksForm(ActForm):
    """The project with which links end."""

    project = forms.ChoiceField(
        label=_("Project"), widget=LongSelect, help_text=_("The links are temporary then, and end with the project.")
    )
    reason = _reason()

    def prepare(self, viewer: Actor, at: datetime) -> None:
        self.projects = queries.projects_to_choose(viewer=viewer, at=at)
        self._choose("project", [*choices_of(self.projects), (NONE, _("None: clear it"))])

    def given(self) -> dict[str, Any]:
        return {**self.cleaned_data, "project": chosen(self.projects, self.cleaned_data["project"])}


class EndRowsForm(ActForm):
    """From when on they hold no more."""

    ended_on = day_field(_("Until"), _("First day on which they no longer hold. Empty: today."))
    reason = _reason()


class MovePartiesForm(ActForm):
    """Under which party they stand."""

    parent = forms.ChoiceField(label=_("Stands under"), widget=LongSelect)
    reason = _reason()

    def prepare(self, viewer: Actor, at: datetime) -> None:
        self.parties = queries.parties_to_choose(viewer=viewer, at=at)
        self._choose("parent", [*choices_of(self.parties), (NONE, _("Nothing: at the top"))])

    def given(self) -> dict[str, Any]:
        return {**self.cleaned_data, "parent": party_chosen(self.parties, self.cleaned_data["parent"])}


class AccountableForm(ActForm):
    """Who answers for outputs."""

    party = forms.ChoiceField(
        label=_("Accountable"), widget=LongSelect,
        help_text=_("It alone answers for them then; whoever did before no longer does."),
    )  # fmt: skip
    began_on = day_field(_("From"), _("Empty: today."))

    def prepare(self, viewer: Actor, at: datetime) -> None:
        self.parties = queries.parties_to_choose(viewer=viewer, at=at)
        self._choose("party", choices_of(self.parties))

    def given(self) -> dict[str, Any]:
        return {**self.cleaned_data, "party": party_chosen(self.parties, self.cleaned_data["party"])}


class AssignGapsForm(ActForm):
    """Who is to close gaps."""

    person = PersonField(label=_("Who is to clear it up"))
    due_on = day_field(_("Due"), _("Empty: no day."))
    reason = _reason(help_text=_READ)

    def prepare(self, viewer: Actor, at: datetime) -> None:
        among_colleagues(self, viewer)


class NoDealingsForm(ActForm):
    """Why the two parties of gaps have no dealings."""

    reason = _reason(required=True, help_text=_READ)

    def given(self) -> dict[str, Any]:
        return {**self.cleaned_data, "reply": GapReply.NO_DEALINGS}


def words_of_none() -> str:
    """What stands where nothing was said yet."""
    return gettext("nothing")
