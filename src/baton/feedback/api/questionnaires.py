"""Questionnaires: list, read, write, change, end, as files too."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from enum import StrEnum
from hashlib import sha256
from typing import Annotated, Any

from django.conf import settings
from django.http import HttpResponse
from ninja import Query, Router
from pydantic import Field, StringConstraints
from pydantic.json_schema import WithJsonSchema

from baton.core.api.door import ApiRequest, pieces
from baton.core.api.endpoints import changed, made, reads, shown, writes
from baton.core.api.schemas import Asked, Edited, Language, PublicId, Rows, SaidTexts, Search, Sent, Shown, Texts
from baton.core.policy import may_use
from baton.feedback import changes
from baton.feedback.changes.checks import INTRO_LENGTH, refuse
from baton.feedback.models import Questionnaire
from baton.feedback.models.questionnaires import REASON_LENGTH
from baton.feedback.pages.questionnaire_files import FILE_TYPE, file_answer
from baton.feedback.queries import questionnaire as read
from baton.feedback.queries.clause_items import without_strange_clauses
from baton.feedback.queries.finding_questionnaires import ENDED, LIVE, QuestionnaireFilters, questionnaire_slice
from baton.feedback.rules import About, Contents, Kind, Option, Question, Section
from baton.feedback.rules.drafting import DIMENSION_LENGTH, MOST_OPTIONS, MOST_QUESTIONS
from baton.feedback.rules.files import LARGEST, read_file
from baton.feedback.rules.questions import FIXED_SCALES, MAY_NOT_APPLY, Condition
from baton_analysis.errors import gettext_noop

READ, WRITE = "feedback:read", "feedback:write"
MOST_SECTIONS = 40
_LARGEST = 10**9

router = Router()

Key = Annotated[str, StringConstraints(pattern="^[a-z][a-z0-9_]{0,29}$"), Field(examples=["on_time"])]
_Words = Annotated[str, StringConstraints(min_length=1, max_length=INTRO_LENGTH, pattern=r"^[^\x00]+$")]
Words = Annotated[
    dict[Language, _Words],
    WithJsonSchema(
        {
            "type": "object",
            "properties": {
                code: {"type": "string", "minLength": 1, "maxLength": INTRO_LENGTH, "pattern": r"^[^\x00]+$"}
                for code, _name in settings.LANGUAGES
            },
            "additionalProperties": False,
            "examples": [{"en": "It is there on time.", "zh-hans": "准时到达。"}],
        }
    ),
]
"""Longer texts by language, such as those of questions."""


class QuestionnaireState(StrEnum):
    """Whether waves may use it."""

    LIVE = LIVE
    ENDED = ENDED
    ALL = "all"


class QuestionnaireOrder(StrEnum):
    """By what questionnaires are ordered; with a minus sign descending."""

    NAME = "name"
    NAME_DOWN = "-name"
    NUMBER = "number"
    NUMBER_DOWN = "-number"


class QuestionnairesAsked(Asked):
    """Which questionnaires, in which order."""

    search: Search = ""
    state: QuestionnaireState = QuestionnaireState.LIVE
    order: QuestionnaireOrder = QuestionnaireOrder.NAME


class OptionFields(Sent):
    """An option of a question, or a statement of a matrix."""

    key: Key
    words: Words


class PlaceFields(Sent):
    """What a place of the scale means."""

    place: int = Field(ge=0, le=10, examples=[1])
    words: Words


class ConditionFields(Sent):
    """After which answers to an earlier question it is asked."""

    question: Key
    answers: list[Annotated[str, StringConstraints(max_length=30, pattern=r"^[^\x00]*$")]] = Field(
        min_length=1, max_length=MOST_OPTIONS, description="Places of a scale as text, or keys of options."
    )


class QuestionFields(Sent):
    """A question."""

    key: Key
    kind: Kind
    words: Words
    help: Words = Field(default_factory=dict)
    about: About = Field(default=About.LINK, description="link: each link; wave: once.")
    required: bool = False
    low: int = Field(default=1, ge=-_LARGEST, le=_LARGEST, description="First place of the scale; of a number, least.")
    high: int = Field(default=5, ge=-_LARGEST, le=_LARGEST, description="Last place of the scale; of a number, most.")
    anchors: list[PlaceFields] = Field(default_factory=list, max_length=11)
    not_applicable: bool = Field(default=True, description="Whether “does not apply” can be chosen.")
    options: list[OptionFields] = Field(default_factory=list, max_length=MOST_OPTIONS)
    unit: Words = Field(default_factory=dict)
    dimension: Annotated[str, StringConstraints(max_length=DIMENSION_LENGTH, pattern=r"^[^\x00]*$")] = ""
    outcome: bool = Field(default=False, description="Whether the other questions are to explain it.")
    when: ConditionFields | None = None
    agreement: PublicId | None = Field(default=None, description="Agreement whose clause it asks about.")
    line: PublicId | None = Field(default=None, description="Line of that clause.")


class SectionFields(Sent):
    """Questions under one heading."""

    key: Key
    title: Texts
    intro: Words = Field(default_factory=dict)
    questions: list[QuestionFields] = Field(default_factory=list, max_length=MOST_QUESTIONS)


Sections = Annotated[list[SectionFields], Field(max_length=MOST_SECTIONS)]


class QuestionnaireSent(Sent):
    """A new questionnaire."""

    name: Texts = Field(examples=[{"en": "Internal service"}])
    purpose: Words | None = Field(default=None, description="What it is for; those who are asked read it.")
    sections: Sections = Field(default_factory=list)


class QuestionnaireEdited(Edited):
    """What is left out stays; sections are sent all together."""

    name: Texts | None = None
    purpose: Words | None = None
    sections: Sections | None = None


class EndSent(Edited):
    """Why it is used no more."""

    why: Annotated[str, StringConstraints(min_length=1, max_length=REASON_LENGTH, pattern=r"^[^\x00]+$")] = Field(
        examples=["Replaced by a shorter one"]
    )


class QuestionnaireShown(Shown):
    """A questionnaire with its sections and questions."""

    id: PublicId
    number: str = Field(examples=["QN-2026-0001"])
    name: SaidTexts
    purpose: SaidTexts
    sections: list[SectionFields]
    library_key: str = Field(description="Set of the library with which it was begun; empty: none.")
    ended_at: datetime | None
    ended_because: str
    version: int = Field(examples=[42])


def _contents(sections: Sequence[SectionFields]) -> Contents:
    return Contents(
        tuple(Section(one.key, one.title, tuple(map(_question, one.questions)), one.intro) for one in sections)
    )


def _question(one: QuestionFields) -> Question:
    low, high = FIXED_SCALES.get(one.kind, (one.low, one.high))
    return Question(
        key=one.key, kind=one.kind, words=one.words, help=one.help, about=one.about, required=one.required, low=low,
        high=high, anchors={place.place: place.words for place in one.anchors},
        not_applicable=one.not_applicable and one.kind in MAY_NOT_APPLY,
        options=tuple(Option(option.key, option.words) for option in one.options), unit=one.unit,
        dimension=one.dimension, outcome=one.outcome,
        when=Condition(one.when.question, tuple(one.when.answers)) if one.when is not None else None,
        agreement=one.agreement or "", line=one.line or "",
    )  # fmt: skip


def _shown(one: Questionnaire) -> QuestionnaireShown:
    return QuestionnaireShown(
        id=one.public_id, number=one.number, name=one.name, purpose=one.purpose,
        sections=[_section_shown(section) for section in one.contents.sections], library_key=one.library_key,
        ended_at=one.ended_at, ended_because=one.ended_because, version=one.changed_seq,
    )  # fmt: skip


def _section_shown(section: Section) -> SectionFields:
    return SectionFields(
        key=section.key, title=_plain(section.title), intro=_plain(section.intro),
        questions=[_question_shown(one) for one in section.questions],
    )  # fmt: skip


def _question_shown(one: Question) -> QuestionFields:
    when = one.when
    return QuestionFields(
        key=one.key, kind=one.kind, words=_plain(one.words), help=_plain(one.help), about=one.about,
        required=one.required, low=one.low, high=one.high,
        anchors=[PlaceFields(place=place, words=_plain(words)) for place, words in sorted(one.anchors.items())],
        not_applicable=one.not_applicable,
        options=[OptionFields(key=option.key, words=_plain(option.words)) for option in one.options],
        unit=_plain(one.unit), dimension=one.dimension, outcome=one.outcome,
        when=ConditionFields(question=when.question, answers=list(when.answers)) if when is not None else None,
        agreement=one.agreement or None, line=one.line or None,
    )  # fmt: skip


def _plain(texts: Mapping[str, str]) -> dict[str, str]:
    return {language: text for language, text in texts.items() if text}


def _see(request: ApiRequest) -> Callable[[str], Questionnaire]:
    return lambda public_id: read(viewer=request.actor, public_id=public_id)


@writes(
    router, "POST", "/file", scope=WRITE, may=may_use, response=QuestionnaireShown, status=201,
    largest_file=lambda: LARGEST, summary=gettext_noop("Write a questionnaire from a file"),
    description=gettext_noop("The body is the file, as a questionnaire is taken away as one. For the quality manager."),
)  # fmt: skip
def write_questionnaire_file(request: ApiRequest) -> HttpResponse:
    raw = b"".join(pieces(request))
    request.sent = {"digest": sha256(raw).hexdigest()}

    def write() -> Questionnaire:
        languages = [code for code, _name in settings.LANGUAGES]
        found = read_file(raw, languages=languages, language=settings.LANGUAGE_CODE)
        refuse(found.faults)
        contents, _strange = without_strange_clauses(viewer=request.actor, at=request.now, contents=found.contents)
        return changes.write_questionnaire(
            by=request.actor, at=request.now, name=found.name, purpose=found.purpose, contents=contents
        )

    return made(request, show=_shown, see=_see(request), write=write)


@reads(
    router, "", scope=READ, may=may_use, response=Rows[QuestionnaireShown],
    summary=gettext_noop("List questionnaires"), description=gettext_noop("With all of their questions."),
)  # fmt: skip
def list_questionnaires(request: ApiRequest, asked: Query[QuestionnairesAsked]) -> Any:
    filters = QuestionnaireFilters(search=asked.search, state=asked.state.value, order=asked.order.value)
    part = questionnaire_slice(viewer=request.actor, filters=filters, limit=asked.limit, cursor=asked.cursor)
    return Rows[QuestionnaireShown](rows=[_shown(one) for one in part.rows], next=part.next)


@reads(
    router, "/{slug:public_id}", scope=READ, may=may_use, response=QuestionnaireShown,
    summary=gettext_noop("Read a questionnaire"),
)  # fmt: skip
def read_questionnaire(request: ApiRequest, public_id: PublicId) -> HttpResponse:
    found = _see(request)(public_id)
    return shown(found, _shown(found))


@reads(
    router, "/{slug:public_id}/file", scope=READ, may=may_use, response=None, file_type=FILE_TYPE,
    summary=gettext_noop("Take a questionnaire away as a file"),
    description=gettext_noop("JSON, which this and other installations read."),
)  # fmt: skip
def read_questionnaire_file(request: ApiRequest, public_id: PublicId) -> HttpResponse:
    return file_answer(_see(request)(public_id))


@writes(
    router, "POST", "", scope=WRITE, may=may_use, response=QuestionnaireShown, status=201,
    summary=gettext_noop("Write a questionnaire"), description=gettext_noop("For the quality manager."),
    example={"name": {"en": "Internal service"}, "sections": [{"key": "service", "title": {"en": "Service"},
             "questions": [{"key": "better", "kind": "text", "words": {"en": "What should be better?"}}]}]},
)  # fmt: skip
def write_questionnaire(request: ApiRequest, sent: QuestionnaireSent) -> HttpResponse:
    return made(
        request, show=_shown, see=_see(request),
        write=lambda: changes.write_questionnaire(
            by=request.actor, at=request.now, name=sent.name, purpose=sent.purpose or {},
            contents=_contents(sent.sections),
        ),
    )  # fmt: skip


@writes(
    router, "PATCH", "/{slug:public_id}", scope=WRITE, may=may_use, response=QuestionnaireShown, versioned=True,
    summary=gettext_noop("Change a questionnaire"),
    description=gettext_noop("Waves that were opened keep the words that they ask."),
    example={"name": {"en": "Internal service"}, "version": 42},
)  # fmt: skip
def change_questionnaire(request: ApiRequest, public_id: PublicId, sent: QuestionnaireEdited) -> HttpResponse:
    given: dict[str, Any] = {}
    if sent.name is not None:
        given["name"] = sent.name
    if sent.purpose is not None:
        given["purpose"] = sent.purpose
    if sent.sections is not None:
        given["contents"] = _contents(sent.sections)
    return changed(
        request, public_id, sent, show=_shown, see=_see(request),
        write=lambda one, **seen: changes.change_questionnaire(questionnaire=one, **seen, **given),
    )  # fmt: skip


@writes(
    router, "POST", "/{slug:public_id}/end", scope=WRITE, may=may_use, response=QuestionnaireShown, versioned=True,
    summary=gettext_noop("End a questionnaire"), description=gettext_noop("No more waves are prepared with it."),
    example={"why": "Replaced by a shorter one", "version": 42},
)  # fmt: skip
def end_questionnaire(request: ApiRequest, public_id: PublicId, sent: EndSent) -> HttpResponse:
    return changed(
        request, public_id, sent, show=_shown, see=_see(request),
        write=lambda one, **seen: changes.end_questionnaire(questionnaire=one, reason=sent.why, **seen),
    )  # fmt: skip
