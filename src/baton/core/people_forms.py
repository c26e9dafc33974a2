"""Forms about people."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, ClassVar

from django import forms
from django.conf import settings
from django.utils.text import format_lazy
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from baton.core.days import zones
from baton.core.forms import RecordForm, email_field
from baton.core.rules import SUBJECT_LENGTH, Role, is_contact, masked_email, masked_phone, masked_sign_in_name
from baton.core.texts import clean_text, folded, say
from baton.core.widgets import LongSelect, NoSuggestions

if TYPE_CHECKING:
    from baton.core.models import Person

ROLE_NAMES = {
    Role.ADMINISTRATOR: _("Administrator"),
    Role.QUALITY_MANAGER: _("Quality manager"),
    Role.DIRECTOR: _("Director"),
    Role.HR: _("HR"),
    Role.AUDITOR: _("Auditor"),
    Role.GUEST: _("Guest"),
}


class PeopleFilterForm(forms.Form):
    """What the list of people shows; anything that makes no sense is left out."""

    q = forms.CharField(
        label=_("Search"), required=False, max_length=100, widget=forms.TextInput(attrs={"type": "search"})
    )
    role = forms.ChoiceField(
        label=_("Role"), required=False,
        choices=[("", _("All")), *((role.value, label) for role, label in ROLE_NAMES.items())],
    )  # fmt: skip
    state = forms.ChoiceField(
        label=_("Account"), required=False,
        choices=[("", _("All")), ("active", _("May sign in")), ("off", _("Switched off"))],
    )  # fmt: skip


class ProfileForm(RecordForm):
    """What everybody may change about himself."""

    texts: ClassVar[Any] = {"name": pgettext_lazy("of a person", "Name")}
    field_order = ["name", "email", "phone", "language", "time_zone"]

    email = email_field(required=False)
    phone = forms.CharField(
        label=_("Phone"), required=False, max_length=32, help_text=_("With country code, such as +86 138 0013 8000.")
    )
    language = forms.ChoiceField(label=_("Language"), choices=settings.LANGUAGES, initial=settings.LANGUAGE_CODE)
    time_zone = forms.ChoiceField(label=_("Time zone"), choices=zones, initial=settings.TIME_ZONE, widget=LongSelect)

    def given(self) -> dict[str, Any]:
        """What add_person and edit_person of :mod:`baton.core.changes` take of it."""
        return {field: self.cleaned_data[field] for field in self.field_order}


class PersonForm(ProfileForm):
    """What administrators and HR enter about a person."""

    field_order = ["sign_in_name", "name", "email", "phone", "language", "time_zone"]

    sign_in_name = forms.CharField(
        label=_("Sign-in name"),
        max_length=150,
        help_text=_("Staff number, phone or e-mail. Letters are compared without regard to case."),
    )


class EditPersonForm(PersonForm):
    """What administrators and HR change about a person. His contacts are not shown: an empty field leaves one as it is.

    Without ``may_change_contacts`` there are no fields for them.
    """

    field_order = ["sign_in_name", "name", "email", "remove_email", "phone", "remove_phone", "language", "time_zone"]
    contacts: ClassVar[tuple[str, ...]] = ("sign_in_name", "email", "phone")

    remove_email = forms.BooleanField(label=_("Remove the e-mail"), required=False)
    remove_phone = forms.BooleanField(label=_("Remove the phone"), required=False)

    def __init__(self, *args: Any, record: Person, may_change_contacts: bool = True, **kwargs: Any) -> None:
        super().__init__(*args, record=record, **kwargs)
        masked = {
            "sign_in_name": masked_sign_in_name(record.sign_in_name) if is_contact(record.sign_in_name) else "",
            "email": masked_email(record.email or ""), "phone": masked_phone(record.phone or ""),
        }  # fmt: skip
        for name in self.contacts:
            if masked[name]:
                self.fields[name].required = False
                self.fields[name].help_text = format_lazy(_("Now {value}. Empty: it stays."), value=masked[name])
            elif f"remove_{name}" in self.fields:
                del self.fields[f"remove_{name}"]
            if not may_change_contacts:
                self.fields.pop(name)
                self.fields.pop(f"remove_{name}", None)

    def _shown(self, values: Mapping[str, Any]) -> dict[str, Any]:
        hidden = {"email", "phone"} | ({"sign_in_name"} if is_contact(values.get("sign_in_name") or "") else set())
        return super()._shown({name: value for name, value in values.items() if name not in hidden})

    def given(self) -> dict[str, Any]:
        """What :func:`baton.core.changes.edit_person` takes."""
        data = self.cleaned_data
        fields = {name: data[name] for name in ("name", "language", "time_zone")}
        for name in self.contacts:
            if data.get(name) or data.get(f"remove_{name}"):
                fields[name] = data[name]
        return fields | {"expected_seq": self.version}


class ForgetForm(RecordForm):
    """Why somebody is forgotten, and his name as a sign that it is meant."""

    field_order = ["reason", "typed"]

    reason = forms.CharField(
        label=_("Reason"), max_length=500, help_text=_("Stands in the audit trail. Do not name the person in it.")
    )
    typed = forms.CharField(label=_("Name of the person"), max_length=200, widget=NoSuggestions())

    def __init__(self, *args: Any, person: Person, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.person = person
        self.fields["typed"].help_text = format_lazy(_("Type {name} to confirm."), name=str(person))

    def clean_typed(self) -> str:
        typed = str(self.cleaned_data["typed"])
        if folded(clean_text(typed)) not in {folded(text) for text in (str(self.person), *self.person.name.values())}:
            raise forms.ValidationError(gettext("This is not the name of the person. Type {name} to confirm.").format(
                name=self.person))  # fmt: skip
        return typed


class IdentityForm(RecordForm):
    """Say with which account of a provider somebody signs in."""

    field_order = ["provider", "subject"]

    provider = forms.ChoiceField(label=_("Provider"))
    subject = forms.CharField(
        label=_("Account"), max_length=SUBJECT_LENGTH, widget=NoSuggestions(),
        help_text=_("What the provider calls the account for ever (sub), not the e-mail."),
    )  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choice = self.fields["provider"]
        assert isinstance(choice, forms.ChoiceField)
        choice.choices = [(one.issuer, say(one.names)) for one in settings.IDENTITY_PROVIDERS]


class RoleForm(RecordForm):
    """Give one organisation-wide role."""

    role = forms.ChoiceField(label=_("Role"), choices=[(role.value, name) for role, name in ROLE_NAMES.items()])
