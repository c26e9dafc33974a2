"""Forms about questionnaires and their sections."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any, ClassVar

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from baton.core.formats import labelled
from baton.core.forms import RecordForm, text_field
from baton.core.texts import say
from baton.feedback.changes.checks import INTRO_LENGTH, TITLE_LENGTH
from baton.feedback.models.questionnaires import REASON_LENGTH
from baton.feedback.queries.clause_items import ClauseItem
from baton.feedback.queries.finding_questionnaires import ENDED, LIVE, QuestionnaireFilters
from baton.feedback.rules import Contents, Section
from baton.feedback.rules.drafting import OPTION_LENGTH, key_for
from baton.feedback.rules.editing import with_clause_questions
from baton.feedback.rules.files import LARGEST, FileRead, read_file
from baton.feedback.rules.library.writing import AGREE
from baton.feedback.rules.questions import contents_of

STATES = [
    (LIVE, pgettext_lazy("questionnaires", "In use")),
    (ENDED, pgettext_lazy("questionnaires", "Ended")),
    ("all", _("All")),
]


class QuestionnaireFilterForm(forms.Form):
    """What the list of questionnaires shows; anything that makes no sense is left out."""

    q = forms.CharField(label=_("Search"), required=False, widget=forms.TextInput(attrs={"type": "search"}))
    state = forms.ChoiceField(label=_("State"), required=False, choices=STATES, initial=LIVE)


def asked_questionnaires(asked: Mapping[str, str]) -> QuestionnaireFilters:
    """The filters of an address."""
    state = asked.get("state", "")
    return QuestionnaireFilters(
        search=asked.get("q", ""), state=state if state in dict(STATES) else LIVE, order=asked.get("order", "name")
    )


def in_lines(form: forms.Form, name: str, *, most: int, rows: int = 3, help_text: Any = "") -> None:
    """Make the inputs of a text in several languages high enough for sentences, for at most ``most`` characters."""
    for code, _language in settings.LANGUAGES:
        old = form.fields[text_field(name, code)]
        field = forms.CharField(
            label=old.label, required=old.required, max_length=most, help_text=help_text,
            error_messages={"required": old.error_messages["required"]},
            widget=forms.Textarea(attrs={"rows": rows, "lang": code}),
        )  # fmt: skip
        form.fields[text_field(name, code)] = field


class QuestionnaireForm(RecordForm):
    """What a questionnaire is called, and what it is for."""

    texts: ClassVar[Mapping[str, Any]] = {"name": _("Name"), "purpose": _("What it is for")}
    optional_texts: ClassVar[frozenset[str]] = frozenset({"purpose"})
    text_length = TITLE_LENGTH
    field_order = ("name", "purpose")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        in_lines(self, "purpose", most=INTRO_LENGTH, help_text=_("Those who are asked read it."))

    def given(self) -> dict[str, Any]:
        """Name and purpose."""
        return {"name": self.cleaned_data["name"], "purpose": self.cleaned_data["purpose"]}


class QuestionnaireFileForm(RecordForm):
    """A questionnaire as a file. ``kept`` carries what was read from the page that shows it to the one that writes it,
    so that what was looked at is what is written."""

    file = forms.FileField(
        label=_("File"), max_length=255, required=False, allow_empty_file=True,
        help_text=_("JSON, as a questionnaire is exported here or from another Baton."),
        error_messages={"required": _("A file was expected. None was chosen. Choose one.")},
    )  # fmt: skip
    kept = forms.CharField(required=False, widget=forms.HiddenInput, strip=False)

    found: FileRead | None = None
    was_looked_at = False
    """Whether it came back from the page that shows what was read."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["file"].required = not (self.is_bound and self.data.get(self.add_prefix("kept")))

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        if self.errors:
            return data
        raw = data["file"].read(LARGEST + 1) if data.get("file") else data.get("kept", "").encode(errors="replace")
        languages = [code for code, _language in settings.LANGUAGES]
        self.found = read_file(raw, languages=languages, language=settings.LANGUAGE_CODE)
        if self.found.faults:
            self.add_error("file", _("Nothing was written: the file has faults. Mend them, or export it again."))
            return data
        self.was_looked_at = not data.get("file")
        self.data = {**dict(self.data.items()), self.add_prefix("kept"): raw.decode("utf-8-sig")}
        return data

    def _shown(self, values: Mapping[str, Any]) -> dict[str, Any]:
        return {}


class SectionForm(RecordForm):
    """The heading of a section, and what is said before its questions. ``record`` is the questionnaire, ``key`` the
    section that is changed; empty: a new one."""

    texts: ClassVar[Mapping[str, Any]] = {"title": _("Heading"), "intro": _("Before the questions")}
    optional_texts: ClassVar[frozenset[str]] = frozenset({"intro"})
    text_length = OPTION_LENGTH
    field_order = ("title", "intro")

    def __init__(self, *args: Any, key: str = "", **kwargs: Any) -> None:
        self.key = key
        super().__init__(*args, **kwargs)
        in_lines(self, "intro", most=INTRO_LENGTH, rows=2)

    def given(self, contents: Contents) -> Section:
        """The section as it is to be: with the questions that it has."""
        title, intro = self.cleaned_data["title"], self.cleaned_data["intro"]
        held = next((one for one in contents.sections if one.key == self.key), None)
        if held is not None:
            return replace(held, title=title, intro=intro)
        key = key_for(title.get("en", ""), {one.key for one in contents.sections})
        return Section(key, title, (), intro)

    def _shown(self, values: Mapping[str, Any]) -> dict[str, Any]:
        sections = contents_of(values.get("document") or {}).sections if self.key else ()
        held = next((one for one in sections if one.key == self.key), None)
        return super()._shown({"title": held.title, "intro": held.intro}) if held is not None else {}


class EndForm(RecordForm):
    """Why a questionnaire is used no more."""

    reason = forms.CharField(label=_("Why"), max_length=REASON_LENGTH, widget=forms.Textarea(attrs={"rows": 2}))

    def _shown(self, values: Mapping[str, Any]) -> dict[str, Any]:
        return {}


class DropSectionForm(RecordForm):
    """That a section is left out."""

    def _shown(self, values: Mapping[str, Any]) -> dict[str, Any]:
        return {}


class ClauseItemsForm(RecordForm):
    """Which clauses in force ask with their perception items; those that are asked already are not offered."""

    items = forms.MultipleChoiceField(
        label=_("Clauses that ask"), widget=forms.CheckboxSelectMultiple,
        help_text=_("Each becomes a rating at the end, asked only about the links on which its clause holds."),
        error_messages={"required": _("Choose at least one clause.")},
    )  # fmt: skip

    def __init__(self, *args: Any, items: Sequence[ClauseItem], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._items = {one.line: one for one in items}
        field = self.fields["items"]
        assert isinstance(field, forms.MultipleChoiceField)
        field.choices = [(one.line, labelled(_ends(one), say(one.words))) for one in items]

    def given(self, contents: Contents) -> Contents:
        """The questionnaire with a question for each that was chosen."""
        section = Section("clauses", {"en": "What was agreed", "zh-hans": "约定的内容"})
        chosen = [self._items[line] for line in self.cleaned_data["items"]]
        return with_clause_questions(contents, section, [(one.agreement, one.line, one.words) for one in chosen], AGREE)

    def _shown(self, values: Mapping[str, Any]) -> dict[str, Any]:
        return {}


def _ends(item: ClauseItem) -> str:
    first = item.links[0]
    more = len(item.links) - 1
    ends = f"{say(first.supplier.name)} → {say(first.customer.name)}"
    return _("{link} and {count} more").format(link=ends, count=more) if more else ends
