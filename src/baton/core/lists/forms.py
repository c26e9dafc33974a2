"""Forms about saved views."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from baton.core.forms import RecordForm
from baton.core.lists.changes import NAME_LENGTH


class ViewForm(RecordForm):
    """Rename a view, share it or keep it for oneself."""

    field_order: tuple[str, ...] = ("name", "shared")

    name = forms.CharField(
        label=_("Name"), max_length=NAME_LENGTH, help_text=_("Such as: critical links without a need.")
    )
    shared = forms.BooleanField(
        label=_("Share it with everybody who may open this list"), required=False,
        help_text=_("People see in it only the rows that they may see."),
    )  # fmt: skip

    def __init__(self, *args: Any, may_share: bool, **kwargs: Any) -> None:
        """``may_share``: whether the person may share views."""
        super().__init__(*args, **kwargs)
        if not may_share:
            del self.fields["shared"]

    def given(self) -> dict[str, Any]:
        """What :func:`baton.core.lists.changes.change_view` takes."""
        data = self.cleaned_data
        return {"name": data["name"], "shared": data.get("shared"), "expected_seq": self.version}


class SaveViewForm(ViewForm):
    """Keep what a list is asked for under a name."""

    field_order = ("name", "shared", "is_default", "replace")

    is_default = forms.BooleanField(label=_("Open the list in this view from now on"), required=False)
    replace = forms.BooleanField(label=_("Replace my view of this name"), required=False)

    def __init__(self, *args: Any, has_views: bool, **kwargs: Any) -> None:
        """``has_views``: whether the person has views of this list that could be replaced."""
        super().__init__(*args, **kwargs)
        if not has_views:
            del self.fields["replace"]

    def given(self) -> dict[str, Any]:
        """What :func:`baton.core.lists.changes.save_view` takes beside the list and what is asked of it."""
        data = self.cleaned_data
        return {
            "name": data["name"], "shared": data.get("shared", False), "replace": data.get("replace", False),
        }  # fmt: skip
