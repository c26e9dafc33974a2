"""Forms about people."""

from __future__ import annotations

from typing import Any, ClassVar

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from baton.core.days import zones
from baton.core.forms import RecordForm
from baton.core.rules import Role
from baton.core.widgets import LongSelect

ROLE_NAMES = {
    Role.ADMINISTRATOR: _("Administrator"),
    Role.QUALITY_MANAGER: _("Quality manager"),
    Role.DIRECTOR: _("Director"),
    Role.HR: _("HR"),
    Role.AUDITOR: _("Auditor"),
    Role.GUEST: _("Guest"),
}


class ProfileForm(RecordForm):
    """What everybody may change about himself."""

    texts: ClassVar[Any] = {"name": pgettext_lazy("of a person", "Name")}
    field_order = ["name", "email", "phone", "language", "time_zone"]

    email = forms.EmailField(label=_("E-mail"), required=False, max_length=254)
    phone = forms.CharField(
        label=_("Phone"), required=False, max_length=32, help_text=_("With country code, such as +86 138 0013 8000.")
    )
    language = forms.ChoiceField(label=_("Language"), choices=settings.LANGUAGES, initial=settings.LANGUAGE_CODE)
    time_zone = forms.ChoiceField(label=_("Time zone"), choices=zones, initial=settings.TIME_ZONE, widget=LongSelect)


class PersonForm(ProfileForm):
    """What administrators and HR enter about a person."""

    field_order = ["sign_in_name", "name", "email", "phone", "language", "time_zone"]

    sign_in_name = forms.CharField(
        label=_("Sign-in name"),
        max_length=150,
        help_text=_("Staff number, phone or e-mail. Letters are compared without regard to case."),
    )


class RoleForm(RecordForm):
    """Give one organisation-wide role."""

    role = forms.ChoiceField(label=_("Role"), choices=[(role.value, name) for role, name in ROLE_NAMES.items()])
