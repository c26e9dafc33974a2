"""One question as a form: the fields that its kind needs, without a script."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from baton.core.errors import Refused, explain
from baton.core.forms import RecordForm, text_field, text_label
from baton.core.texts import say
from baton.feedback.forms.lines import (
    anchor_lines,
    anchors_in,
    answer_lines,
    answers_in,
    option_lines,
    options_in,
)
from baton.feedback.forms.questionnaires import in_lines
from baton.feedback.rules import About, Contents, Fault, Kind, Question
from baton.feedback.rules.drafting import DIMENSION_LENGTH, WORDS_LENGTH, key_for, question_faults
from baton.feedback.rules.editing import place_of_question, questions_before
from baton.feedback.rules.library.writing import AGREE, EASY, FOUND, LIKELY, SATISFIED
from baton.feedback.rules.questions import (
    FIXED_SCALES,
    MAY_NOT_APPLY,
    SCALED,
    WITH_OPTIONS,
    Condition,
    contents_of,
)
from baton_analysis.errors import gettext_noop

_WORDS = {
    Kind.PAIR: gettext_lazy("What is expected and experienced"),
    Kind.KANO: gettext_lazy("The feature"),
    Kind.MATRIX: gettext_lazy("What the statements are about"),
}
_OUTCOMES = frozenset({Kind.RATING, Kind.CSAT, Kind.CES, Kind.NPS})
_SCORED = SCALED | frozenset(FIXED_SCALES)
_ANCHORS = {Kind.NPS: LIKELY, Kind.CSAT: SATISFIED, Kind.CES: EASY, Kind.KANO: FOUND}
ABOUT = {About.LINK: _("Each link that somebody is asked about"), About.WAVE: _("Once, about no link")}
_UNASKABLE = frozenset({Kind.TEXT, Kind.NUMBER, Kind.POINTS, Kind.RANKING})
"""On what is answered to these no other question hangs."""


def may_be_asked_after(question: Question) -> bool:
    """Whether other questions may be asked only after certain answers to this one."""
    return question.kind not in _UNASKABLE


class QuestionForm(RecordForm):
    """``record`` is the questionnaire with its ``contents``; ``question`` the one that is changed, None: a new one of
    this ``kind`` at the end of ``section``. Without its kind's fields a form has none of them."""

    texts: ClassVar[Mapping[str, Any]] = {
        "words": _("Question"), "help": _("Explanation"), "unit": _("Unit"),
        "anchors": _("What the places of the scale mean"), "options": _("Options"),
    }  # fmt: skip
    optional_texts: ClassVar[frozenset[str]] = frozenset({"help", "unit", "anchors", "options"})
    text_length = WORDS_LENGTH
    field_order = (
        "words", "help", "low", "high", "anchors", "options", "unit", "not_applicable", "required", "about",
        "dimension", "outcome", "when_question", "when_answers", "key",
    )  # fmt: skip

    low = forms.IntegerField(label=pgettext_lazy("of a scale", "First place"))
    high = forms.IntegerField(label=pgettext_lazy("of a scale", "Last place"))
    not_applicable = forms.BooleanField(
        label=_("“Does not apply, or I cannot say” can be chosen"), required=False,
        help_text=_("It counts as no answer, never as the middle."),
    )  # fmt: skip
    required = forms.BooleanField(label=_("An answer is required"), required=False)
    about = forms.ChoiceField(
        label=_("Asked of"), choices=[(one.value, label) for one, label in ABOUT.items()],
        help_text=_("About a link its names can stand in the words: {supplier}, {customer}, {output}, {link}."),
    )  # fmt: skip
    dimension = forms.CharField(
        label=_("Dimension"), required=False, max_length=DIMENSION_LENGTH,
        help_text=_("Questions of the same dimension make up one index, such as reliability."),
    )  # fmt: skip
    outcome = forms.BooleanField(
        label=_("It is an outcome"), required=False,
        help_text=_("What the other questions are to explain, such as satisfaction as a whole."),
    )  # fmt: skip
    when_question = forms.ChoiceField(label=_("Asked only after certain answers to"), required=False)
    when_answers = forms.CharField(
        label=_("These answers"), required=False, max_length=2_000, widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("One a line: places of the scale as numbers, options as they are called."),
    )  # fmt: skip
    key = forms.CharField(
        label=_("Key"), required=False, max_length=30,
        help_text=_("By which tables and programs know the question, such as on_time. Empty: made of its words."),
    )  # fmt: skip

    def __init__(
        self, *args: Any, contents: Contents, kind: Kind, section: str, question: Question | None = None, **kwargs: Any
    ) -> None:  # fmt: skip
        self.contents, self.kind, self.section, self.question = contents, kind, section, question
        self.before = {one.key: one for one in questions_before(contents, section, question.key if question else "")}
        super().__init__(*args, **kwargs)
        self._fit_texts()
        self._fit_fields()
        if question is None:
            self.initial = {**self._begun(), **self.initial}

    def given(self) -> Question:
        """The question as it is to be."""
        found: Question = self.cleaned_data["question"]
        return found

    def clean(self) -> dict[str, Any]:
        """With the ``question``, if everything about it is well; else a message beside each field that is not."""
        data = super().clean()
        if not self.errors:
            read = self._read(data)
            if read is not None:
                for fault in question_faults(read, self.before, settings.LANGUAGE_CODE):
                    self.add_error(self._field_named(fault.field), explain(_refused(fault)))
                data["question"] = read
        return data

    def _read(self, data: Mapping[str, Any]) -> Question | None:
        """The question that the fields make up; None where lines of one of them cannot be read, which is said there."""
        held = self.question
        try:
            anchors = anchors_in(data["anchors"])
            options = options_in(data["options"], held.options if held is not None else ())
            when = self._condition(data)
        except Refused as refused:
            self.add_error(refused.field, explain(refused))
            return None
        low, high = FIXED_SCALES.get(self.kind, (data.get("low") or 0, data.get("high") or 0))
        return Question(
            key=self._key(data), kind=self.kind, words=data["words"], help=data["help"], about=About(data["about"]),
            required=data["required"], low=low, high=high, anchors=anchors, options=options, unit=data["unit"],
            not_applicable=self.kind in MAY_NOT_APPLY and bool(data.get("not_applicable")),
            dimension=data.get("dimension", ""), outcome=bool(data.get("outcome")), when=when,
            agreement=held.agreement if held is not None else "", line=held.line if held is not None else "",
        )  # fmt: skip

    def _key(self, data: Mapping[str, Any]) -> str:
        if self.question is not None:
            return self.question.key
        taken = {one.key for one in self.contents.questions()}
        return data.get("key") or key_for(data["words"].get("en", ""), taken)

    def _condition(self, data: Mapping[str, Any]) -> Condition | None:
        asked = self.before.get(data.get("when_question", ""))
        answers = data.get("when_answers", "")
        if asked is not None:
            return Condition(asked.key, answers_in(answers, asked))
        if answers:
            raise Refused(
                field="when_question",
                expected=gettext_noop("Expected the question to which these are answers."),
                found=gettext_noop("None is chosen."),
                remedy=gettext_noop("Choose it, or empty the answers."),
            )
        return None

    def _fit_texts(self) -> None:
        """The inputs of texts that this kind has, as high as what stands in them."""
        in_lines(self, "words", most=WORDS_LENGTH, rows=2)
        if self.kind in _WORDS:
            for code, language in settings.LANGUAGES:
                self.fields[text_field("words", code)].label = text_label(_WORDS[self.kind], language)
        if self.kind in _SCORED:
            said = _("A line for each place that has words: 1 Never. Both ends of a scale need them.")
            in_lines(self, "anchors", most=4_000, rows=5, help_text=said)
        if self.kind in WITH_OPTIONS or self.kind is Kind.MATRIX:
            said = _("One a line; in the other language as many, in the same order.")
            in_lines(self, "options", most=12_000, rows=5, help_text=said)
        wanted = {
            "anchors": self.kind in _SCORED, "unit": self.kind is Kind.NUMBER,
            "options": self.kind in WITH_OPTIONS or self.kind is Kind.MATRIX,
        }  # fmt: skip
        for name in (name for name, needed in wanted.items() if not needed):
            for code, _language in settings.LANGUAGES:
                del self.fields[text_field(name, code)]

    def _fit_fields(self) -> None:
        """The other fields that this kind has."""
        wanted = {
            "low": self.kind in SCALED | {Kind.NUMBER}, "high": self.kind in SCALED | {Kind.NUMBER},
            "not_applicable": self.kind in MAY_NOT_APPLY, "dimension": self.kind in _SCORED,
            "outcome": self.kind in _OUTCOMES, "key": self.question is None,
            "when_question": any(map(may_be_asked_after, self.before.values())),
        }  # fmt: skip
        wanted["when_answers"] = wanted["when_question"]
        for name in (name for name, needed in wanted.items() if not needed):
            del self.fields[name]
        if self.kind is Kind.NUMBER:
            self.fields["low"].label, self.fields["high"].label = _("Smallest number"), _("Largest number")
        asked = self.fields.get("when_question")
        if isinstance(asked, forms.ChoiceField):
            earlier = [(one.key, say(one.words)[:100]) for one in self.before.values() if may_be_asked_after(one)]
            asked.choices = [("", _("Always asked")), *earlier]

    def _begun(self) -> dict[str, Any]:
        """First values of a new question."""
        low, high = (0, 100) if self.kind is Kind.NUMBER else (1, 5)
        begun = {"low": low, "high": high, "not_applicable": True, "about": About.LINK.value}
        anchors = anchor_lines(_ANCHORS.get(self.kind, AGREE)) if self.kind in _SCORED else {}
        return begun | {text_field("anchors", code): text for code, text in anchors.items()}

    def _shown(self, values: Mapping[str, Any]) -> dict[str, Any]:
        """The question as it stands in the questionnaire now, as the inputs show it; nothing where it is gone."""
        if self.question is None:
            return {}
        one = contents_of(values.get("document") or {}).question(self.question.key)
        if one is None:
            return {}
        said: dict[str, Mapping[str, str]] = {
            "words": one.words, "help": one.help, "unit": one.unit, "anchors": anchor_lines(one.anchors),
            "options": option_lines(one.options),
        }  # fmt: skip
        shown = super()._shown(said)
        asked = self.before.get(one.when.question) if one.when else None
        shown |= {
            "low": one.low, "high": one.high, "not_applicable": one.not_applicable, "required": one.required,
            "about": one.about.value, "dimension": one.dimension, "outcome": one.outcome,
            "when_question": one.when.question if one.when else "",
            "when_answers": answer_lines(one.when.answers, asked) if one.when else "",
        }  # fmt: skip
        return {name: value for name, value in shown.items() if name in self.fields}

    def _field_named(self, name: str) -> str | None:
        """The input to which a fault of the question belongs (``options.2.words``, or with the place of the question
        in its questionnaire before it); None where it is about something else."""
        if name.startswith("sections."):
            if self.question is None:
                return None
            place = "sections.{}.questions.{}.".format(*place_of_question(self.contents, self.question.key))
            if not name.startswith(place):
                return None
            name = name.removeprefix(place)
        part = name.partition(".")[0]
        part = {"when": "when_question"}.get(part, part)
        if part in self.texts:
            part = text_field(part, settings.LANGUAGE_CODE)
        return part if part in self.fields else None


def _refused(fault: Fault) -> Refused:
    return Refused(
        field=fault.field, expected=fault.expected, found=fault.found, remedy=fault.remedy, **fault.values
    )  # fmt: skip
