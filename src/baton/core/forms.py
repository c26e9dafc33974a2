"""What the forms of all rooms have in common."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any, ClassVar, TypeVar

from django import forms
from django.conf import settings
from django.utils.text import format_lazy
from django.utils.translation import gettext, gettext_lazy, pgettext_lazy

from baton.core.actors import Actor
from baton.core.errors import Forbidden, NotFound, Refused, Stale, explain
from baton.core.models import Record
from baton.core.submissions import once
from baton.core.texts import clean_text

R = TypeVar("R", bound=Record)


def email_field(**options: Any) -> forms.EmailField:
    """A field for an e-mail address that says what it expects; Django's own only says that it is not valid."""
    wrong = gettext_lazy(
        "An e-mail address such as li.wei@example.org was expected. What was entered is not one. Check the sign @ "
        "and what stands on both sides of it."
    )
    return forms.EmailField(label=gettext_lazy("E-mail"), max_length=254, error_messages={"invalid": wrong}, **options)


# Django's own words say what is wrong, not what to do.
_WHAT_TO_DO = (
    (
        "required", forms.Field.default_error_messages["required"],
        gettext_lazy("A value was expected here. Nothing was entered. Fill it in."),
    ),
    (
        "invalid_choice", forms.ChoiceField.default_error_messages["invalid_choice"],
        gettext_lazy("One of the choices was expected. What was sent is no longer one of them. Choose again."),
    ),
)  # fmt: skip


class RecordForm(forms.Form):
    """A form that makes or changes one record through a function of ``changes.py``.

    ``texts`` names the fields that hold ``{language: text}``; each becomes one input a language, called
    ``<name>_en``, ``<name>_zh_hans``, and ``cleaned_data[<name>]`` holds the Texts. The organisation's language is
    required unless the name stands in ``optional_texts``.

    Two hidden fields travel along. ``version`` is the ``changed_seq`` of the record that the person saw: it goes into
    ``expected_seq`` of the change. ``submission`` is a random key, so that a form that is sent twice is carried out
    once.

        form = PartyForm(request.POST or None, record=party)
        if request.method == "POST" and form.is_valid():
            by, at = request.actor, request.now
            saved = form.carry_out(by=by, at=at, write=lambda: changes.rename_party(
                by=by, at=at, party=party, expected_seq=form.version, name=form.cleaned_data["name"]))
            if saved is not None:
                return redirect(...)
        return render(request, ..., {"form": form}, status=form.status)
    """

    headings: ClassVar[Sequence[tuple[Any, frozenset[str]]]] = ()
    """Of a long form: its headings, with the names of the fields under each."""
    texts: ClassVar[Mapping[str, Any]] = {}
    optional_texts: ClassVar[frozenset[str]] = frozenset()
    text_length: ClassVar[int] = 200

    required_css_class = "required"

    def __init__(self, *args: Any, record: Record | None = None, **kwargs: Any) -> None:
        """``record`` is what is being edited: its fields and version are the form's first values."""
        super().__init__(*args, **kwargs)
        self.status = 200
        for name, label in self.texts.items():
            self._add_texts(name, label)
        self.order_fields(self._in_order())
        # Without the version that the person saw, nobody could tell that the record has changed since.
        self.fields["version"] = forms.IntegerField(
            required=record is not None, widget=forms.HiddenInput,
            error_messages={"required": gettext_lazy("Open the page again and enter what is missing there.")},
        )  # fmt: skip
        for field in self.fields.values():
            field.error_messages |= {code: said for code, usual, said in _WHAT_TO_DO
                                     if field.error_messages.get(code) is usual}  # fmt: skip
        self.fields["submission"] = forms.CharField(required=False, max_length=64, widget=forms.HiddenInput)
        self.initial.setdefault("submission", secrets.token_hex(16))
        if record is not None:
            self.initial = {**self._shown(_values_of(record)), "version": record.changed_seq, **self.initial}

    def under_headings(self) -> list[tuple[Any, list[forms.BoundField]]]:
        """What is shown of a long form under each of its :attr:`headings`; one without fields is left out, and fields
        without one stand at the end under none. Nothing where the form has no headings."""
        shown = {bound.name: bound for bound in self.visible_fields()}
        found: list[tuple[Any, list[forms.BoundField]]] = []
        for title, names in self.headings:
            texts = tuple(f"{one}_" for one in names & self.texts.keys())
            fields = [bound for name, bound in shown.items() if name in names or (texts and name.startswith(texts))]
            if fields:
                found.append((title, fields))
        placed = {bound.name for _title, fields in found for bound in fields}
        rest = [bound for name, bound in shown.items() if name not in placed]
        return [*found, ("", rest)] if found and rest else found

    @property
    def version(self) -> int | None:
        """The ``changed_seq`` that the person saw; None where nothing is being edited."""
        version: int | None = self.cleaned_data.get("version")
        return version

    def clean(self) -> dict[str, Any]:
        """Texts put together, every text without control and invisible characters."""
        data = super().clean() or self.cleaned_data
        for name, value in data.items():
            if isinstance(value, str) and not isinstance(self.fields[name].widget, forms.PasswordInput):
                data[name] = clean_text(value)
        for name in self.texts:
            by_language = {code: data.get(text_field(name, code), "") for code, _label in settings.LANGUAGES}
            data[name] = {code: text for code, text in by_language.items() if text}
        for name, field in self.fields.items():
            if field.required and data.get(name) == "":  # nothing but invisible characters
                self.add_error(name, field.error_messages["required"])
        return data

    def carry_out(self, *, by: Actor, at: datetime, write: Callable[[], R]) -> R | None:
        """The record that ``write`` returns; None when it refused: then the form says why beside the fields.

        A stale edit shows at each field that differs what stands there now, and takes up the new version, so that
        sending the form again is a decision made in the knowledge of both. :class:`Forbidden` and :class:`NotFound`
        pass through and become pages of their own.
        """
        sent = {name: value for name, value in self.cleaned_data.items() if name != "submission"}
        try:
            return once(by=by, at=at, key=self.cleaned_data.get("submission") or "", sent=sent, write=write)
        except (Forbidden, NotFound):
            raise
        except Stale as stale:
            self._show_both(stale)
        except Refused as refused:
            self.add_error(self._field_named(refused.field), explain(refused))
            self.status = 422 if refused.status == 400 else refused.status
        self._renew_submission()
        return None

    def full_clean(self) -> None:
        super().full_clean()
        if self.is_bound and self.errors:
            self.status = 422

    def _add_texts(self, name: str, label: Any) -> None:
        for code, language in settings.LANGUAGES:
            required = code == settings.LANGUAGE_CODE and name not in self.optional_texts
            self.fields[text_field(name, code)] = forms.CharField(
                label=text_label(label, language),
                required=required,
                max_length=self.text_length,
                widget=forms.TextInput(attrs={"lang": code}),
            )

    def _in_order(self) -> list[str]:
        """``field_order`` with each name of texts replaced by its inputs, the organisation's language before others;
        texts come first where it says nothing."""
        wanted = list(self.field_order or [*self.texts])
        codes = sorted((code for code, _label in settings.LANGUAGES), key=lambda code: code != settings.LANGUAGE_CODE)
        inputs = {name: [text_field(name, code) for code in codes] for name in self.texts}
        return [field for name in wanted for field in inputs.get(name, [name])]

    def _shown(self, values: Mapping[str, Any]) -> dict[str, Any]:
        """Values of a record as the inputs of this form show them. Override for choices that show something else."""
        shown: dict[str, Any] = {}
        for name, value in values.items():
            if name in self.texts:
                shown |= {text_field(name, code): (value or {}).get(code, "") for code, _l in settings.LANGUAGES}
            elif name in self.fields:
                shown[name] = value
        return shown

    def _show_both(self, stale: Stale) -> None:
        self.status = stale.status
        self.add_error(None, explain(stale))
        for name, theirs in self._shown(stale.theirs).items():
            field = self.fields[name]
            if field.has_changed(theirs, self.data.get(self.add_prefix(name))):
                now = field.prepare_value(theirs)
                shown = gettext("nothing") if now in (None, "", []) else choice_label(field, now)
                self.add_error(name, gettext("Now stands: {value}").format(value=shown))
        self._put("version", str(stale.version))

    def _renew_submission(self) -> None:
        self._put("submission", secrets.token_hex(16))

    def _put(self, name: str, value: str) -> None:
        self.data = {**{key: self.data[key] for key in self.data}, self.add_prefix(name): value}

    def _field_named(self, name: str) -> str | None:
        if name in self.texts:
            return text_field(name, settings.LANGUAGE_CODE)
        return name if name in self.fields else None


def text_field(name: str, code: str) -> str:
    """Name of the input that holds the text called ``name`` in the language ``code``: ``name_zh_hans``."""
    return f"{name}_{code.replace('-', '_')}"


def text_label(label: Any, language: Any) -> Any:
    """What that input is called: ``Name (English)``."""
    return format_lazy(pgettext_lazy("text in a language", "{label} ({language})"), label=label, language=language)


def choice_label(field: forms.Field, value: Any) -> str:
    """What a value is called where the field offers choices; any other value as it stands."""
    for key, label in getattr(field, "choices", ()):
        inner = label if isinstance(label, list | tuple) else [(key, label)]
        for code, said in inner:
            if str(code) == str(value):
                return str(said)
    return str(value)


def _values_of(record: Record) -> dict[str, Any]:
    """Concrete columns of a record; a foreign key to a record as that record's public id."""
    values: dict[str, Any] = {}
    for column in record._meta.concrete_fields:
        value = getattr(record, column.attname)
        if column.is_relation:
            related = getattr(record, column.name) if value is not None else None
            value = getattr(related, "public_id", value)
        values[column.name] = value
    return values
