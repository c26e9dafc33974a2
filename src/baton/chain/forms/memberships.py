"""Making somebody head, deputy or member."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from baton.chain.forms.choosing import NOBODY, ColleagueForm
from baton.chain.forms.parties import day_field
from baton.chain.models.memberships import CAPACITIES, DEALINGS, LINK_SIDES, SCOPES
from baton.chain.models.outputs import OUTPUT_KINDS
from baton.chain.rules import Capacity, Scope
from baton.core.choosing_people import PersonField

_LINKS_ONLY = _("For a deputy whose scope is Links; empty: all of them.")


def _choices(labels: Mapping[Any, Any]) -> list[tuple[str, Any]]:
    return [(value.value, label) for value, label in labels.items()]


def _narrowed(label: Any, labels: Mapping[Any, Any]) -> forms.ChoiceField:
    return forms.ChoiceField(label=label, required=False, choices=[NOBODY, *_choices(labels)], help_text=_LINKS_ONLY)


class AppointForm(ColleagueForm):
    """Make somebody head, deputy or member."""

    field_order = (
        "person", "capacity", "began_on", "ended_on", "note", "scope", "scope_side", "scope_dealings", "scope_kind",
    )  # fmt: skip

    person = PersonField(label=_("Person"))
    capacity = forms.ChoiceField(label=_("Capacity"), initial=Capacity.MEMBER, choices=_choices(CAPACITIES))
    scope = forms.ChoiceField(
        label=_("Scope"), required=False, initial=Scope.ALL, choices=_choices(SCOPES),
        help_text=_("What a deputy may do in the head's place."),
    )  # fmt: skip
    scope_side = _narrowed(_("Only links"), LINK_SIDES)
    scope_dealings = _narrowed(_("Only dealings"), DEALINGS)
    scope_kind = _narrowed(_("Only outputs of the kind"), OUTPUT_KINDS)
    began_on = day_field(_("From"), _("Empty: today."))
    ended_on = day_field(_("Until"), _("First day on which it no longer holds. A deputy needs one."))
    note = forms.CharField(label=_("Note"), required=False, max_length=200, help_text=_("Such as: the head's leave."))

    def of_anybody(self) -> list[forms.BoundField]:
        """The fields that matter for everybody who is appointed."""
        return [self[name] for name in self.field_order if not name.startswith("scope")]

    def of_deputies(self) -> list[forms.BoundField]:
        """The fields that say what a deputy may do."""
        return [self[name] for name in self.field_order if name.startswith("scope")]

    def given(self) -> dict[str, Any]:
        """What :func:`baton.chain.changes.appoint` takes."""
        data = self.cleaned_data
        return {
            "person": data["person"],
            "capacity": Capacity(data["capacity"]),
            "scope": Scope(data["scope"] or Scope.ALL),
            "scope_side": data["scope_side"],
            "scope_kind": data["scope_kind"],
            "scope_dealings": data["scope_dealings"],
            "began_on": data["began_on"],
            "ended_on": data["ended_on"],
            "note": data["note"],
        }
