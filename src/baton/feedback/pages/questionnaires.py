"""Questionnaires as pages and tables show them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext, pgettext_lazy

from baton.core import formats
from baton.core.actors import Actor
from baton.core.audit import words
from baton.core.errors import Refused, explain
from baton.core.history import HistoryEntry
from baton.core.texts import say
from baton.feedback.models import Questionnaire
from baton.feedback.pages.dimensions import dimension_called
from baton.feedback.pages.waves import SIGNS
from baton.feedback.queries.finding_questionnaires import QuestionnaireFilters, QuestionnairePage, listed
from baton.feedback.rules import About, Contents, Kind, Question, Section, WaveState
from baton.feedback.rules.library import LIBRARY, Group, LibrarySet
from baton.feedback.rules.questions import SCALED
from baton_analysis.errors import gettext_noop

KINDS = {
    Kind.RATING: (gettext_lazy("Rating"), gettext_lazy("A number on a scale whose ends are in words.")),
    Kind.PAIR: (
        gettext_lazy("Expectation and experience"),
        gettext_lazy("The same scale twice: how it should be, how it was."),
    ),
    Kind.MATRIX: (gettext_lazy("Several statements"), gettext_lazy("Statements rated on one scale.")),
    Kind.CSAT: (gettext_lazy("Satisfaction (CSAT)"), gettext_lazy("How satisfied one is, 1 to 5.")),
    Kind.NPS: (gettext_lazy("Recommendation (NPS)"), gettext_lazy("How likely one is to recommend it, 0 to 10.")),
    Kind.CES: (gettext_lazy("Effort (CES)"), gettext_lazy("Whether it was made easy, 1 to 7.")),
    Kind.CHOICE: (pgettext_lazy("kind of question", "One option"), gettext_lazy("One of several options.")),
    Kind.CHOICES: (pgettext_lazy("kind of question", "Several options"), gettext_lazy("As many options as fit.")),
    Kind.RANKING: (pgettext_lazy("kind of question", "Order"), gettext_lazy("All options, the first first.")),
    Kind.POINTS: (gettext_lazy("100 points"), gettext_lazy("Laid on options: how much each of them counts.")),
    Kind.KANO: (
        gettext_lazy("Feature (Kano)"),
        gettext_lazy("How one finds it when it is there, and when it is not."),
    ),
    Kind.NUMBER: (pgettext_lazy("kind of question", "Number"), gettext_lazy("With a unit and limits.")),
    Kind.TEXT: (pgettext_lazy("kind of question", "Words"), gettext_lazy("A comment.")),
}
"""What a kind of question is called, and what it asks for."""
GROUPS = {
    Group.INTERNAL: gettext_lazy("Departments that are served by departments"),
    Group.OUTSIDE: gettext_lazy("Customers outside"),
    Group.STAFF: gettext_lazy("Those who serve"),
    Group.SECTOR: gettext_lazy("In the words of a sector"),
}
_ICONS = {
    "questionnaire.written": "plus", "questionnaire.changed": "pencil", "questionnaire.ended": "circle-slash",
}  # fmt: skip
QUESTIONS_A_MINUTE = 5
"""How many questions people answer in a minute."""


def header() -> Sequence[str]:
    """Names of the columns of the list of questionnaires as a table."""
    return [_("Number"), _("Name"), _("What it is for"), _("Sections"), _("Questions"), _("State"), _("Why it ended")]


def rows(found: Iterable[Questionnaire]) -> Iterator[Sequence[object]]:
    """A row for each questionnaire."""
    for one in found:
        contents = one.contents
        yield [
            one.number, say(one.name), say(one.purpose), len(contents.sections), len(list(contents.questions())),
            state_word(one), one.ended_because,
        ]  # fmt: skip


def all_questionnaires(viewer: Actor, at: datetime) -> Iterator[Sequence[object]]:
    """Every questionnaire that the viewer may read."""
    return rows(listed(viewer=viewer, filters=QuestionnaireFilters(state="all")))


def state_word(one: Questionnaire) -> str:
    """Whether waves may use it."""
    if one.ended_at is not None:
        return pgettext("questionnaire", "Ended")
    return pgettext("questionnaire", "In use")


def list_rows(found: Iterable[Questionnaire]) -> list[dict[str, Any]]:
    """Lines of the list."""
    return [{"one": one, "questions": len(list(one.contents.questions())), "state": state_word(one)} for one in found]


def questionnaire_context(page: QuestionnairePage) -> dict[str, Any]:
    """What the page of one shows."""
    one = page.questionnaire
    contents = one.contents
    return {
        "page": page, "questionnaire": one, "sections": shown_sections(contents), "facts": _facts(page, contents),
        "history": [_happened(entry) for entry in page.history],
        "waves": [{"wave": wave, "sign": SIGNS[WaveState(wave.state)]} for wave in page.waves],
        "more_waves": page.count - len(page.waves),
    }  # fmt: skip


def shown_sections(contents: Contents) -> list[dict[str, Any]]:
    """Sections with their questions, numbered through."""
    number = 0
    found = []
    for section in contents.sections:
        questions = []
        for question in section.questions:
            number += 1
            questions.append({**shown_question(contents, question), "number": number})
        found.append({"section": section, "questions": questions})
    return found


def shown_question(contents: Contents, question: Question) -> dict[str, Any]:
    """A question, with what is to be known about it in the reader's words."""
    return {
        "question": question, "kind": KINDS[question.kind][0], "marks": list(_marks(question)),
        "scale": _scale(question), "options": formats.listing(say(one.words) for one in question.options),
        "others": _other_languages(question.words), "condition": _condition(contents, question),
    }  # fmt: skip


def length_of(contents: Contents) -> str:
    """How many questions it asks, and how long that takes."""
    count = len(list(contents.questions()))
    minutes = -(-count // QUESTIONS_A_MINUTE)
    said = ngettext("{count} question", "{count} questions", count).format(count=formats.number(count))
    if not count:
        return said
    took = ngettext("about {count} minute", "about {count} minutes", minutes).format(count=formats.number(minutes))
    return f"{said} · {took}"


def library_groups() -> list[dict[str, Any]]:
    """The sets of the library, by whom they are for."""
    return [
        {"title": title, "sets": [_offered(one) for one in LIBRARY if one.group is group]}
        for group, title in GROUPS.items()
    ]


def library_context(found: LibrarySet) -> dict[str, Any]:
    """What the page of a set of the library shows."""
    return {"set": found, "sections": shown_sections(found.contents), "length": length_of(found.contents)}


def kind_choices() -> list[dict[str, Any]]:
    """The kinds of questions among which one chooses."""
    return [{"kind": kind.value, "title": title, "text": text} for kind, (title, text) in KINDS.items()]


def told_where(refused: Refused, contents: Contents) -> Refused:
    """The refusal of a change, with the words of the question that it is about."""
    parts = refused.field.split(".")
    try:
        at, place = (int(parts[index]) for index in (1, 3))
        question = contents.sections[at].questions[place]
    except (IndexError, ValueError):
        return refused
    return Refused(
        field=refused.field, expected=gettext_noop("About the question “{question}”: {said}"), remedy="",
        question=say(question.words)[:200], said=explain(refused),
    )  # fmt: skip


def _offered(one: LibrarySet) -> dict[str, Any]:
    return {"set": one, "length": length_of(one.contents)}


def _facts(page: QuestionnairePage, contents: Contents) -> list[tuple[str, Any]]:
    one = page.questionnaire
    begun = next((found for found in LIBRARY if found.key == one.library_key), None)
    facts: list[tuple[str, Any]] = [(_("Length"), length_of(contents)), (_("State"), state_word(one))]
    if one.ended_because:
        facts.append((_("Why it ended"), one.ended_because))
    if begun is not None:
        facts.append((_("Begun with"), say(begun.name)))
    facts.append((_("Waves that you see"), formats.number(page.count)))
    return facts


def _marks(question: Question) -> Iterator[str]:
    if question.required:
        yield _("An answer is required")
    if question.about is About.WAVE:
        yield _("Asked once")
    if question.outcome:
        yield _("Outcome")
    if question.agreement:
        yield _("Clause of an agreement")
    if question.dimension:
        yield dimension_called(question.dimension)


def _scale(question: Question) -> str:
    if question.kind is Kind.NUMBER:
        limits = _("{low} to {high}").format(low=formats.number(question.low), high=formats.number(question.high))
        return f"{limits} {say(question.unit)}".strip()
    if question.kind not in SCALED and not question.anchors:
        return ""
    ends = [(place, say(question.anchors.get(place))) for place in (question.low, question.high)]
    return formats.listing(f"{place} {said}".strip() for place, said in ends)


def _condition(contents: Contents, question: Question) -> str:
    if question.when is None:
        return ""
    asked = contents.question(question.when.question)
    options = {one.key: say(one.words) for one in asked.options} if asked is not None else {}
    answers = formats.listing(options.get(one, one) for one in question.when.answers)
    return _("Only after “{question}” was answered with {answers}").format(
        question=say(asked.words) if asked is not None else question.when.question, answers=answers
    )


def _other_languages(texts: Mapping[str, str]) -> list[dict[str, str]]:
    shown = say(texts)
    return [{"code": code, "text": text} for code, text in texts.items() if text and text != shown]


def _happened(entry: HistoryEntry) -> dict[str, Any]:
    process = _("Baton ({process})").format(process=words.process(entry.process)) if entry.process else ""
    return {
        "title": words.action(entry.action), "icon": _ICONS.get(entry.action, "dot"), "at": entry.at,
        "who": say(entry.who) or process, "text": entry.reason,
    }  # fmt: skip


def section_called(section: Section) -> str:
    """What a section is called."""
    return say(section.title) or section.key
