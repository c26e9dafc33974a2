"""Questionnaires as a list, one by one, and as a search finds them."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from django.core.paginator import Page
from django.db.models import F, QuerySet

from baton.chain.queries.lists import by_name, found, ordered, page_of
from baton.core.actors import Actor
from baton.core.days import day_of
from baton.core.history import HistoryEntry, history_of
from baton.core.policy import may_use
from baton.core.registries import Findable
from baton.core.slices import FEW_ROWS, Slice, slice_of
from baton.feedback import policy
from baton.feedback.models import Questionnaire, Wave
from baton.feedback.queries.waves import questionnaire, questionnaires, waves_in_sight
from baton.feedback.rules import Contents, document_of

LIVE, ENDED = "live", "ended"
"""Filters: those that waves may use, those that were ended."""
WAVES_SHOWN = 20
"""So many waves that ask it stand on the page of a questionnaire."""


@dataclass(frozen=True, slots=True)
class QuestionnaireFilters:
    """What a list of questionnaires shows. ``state``: ``live``, ``ended`` or all; ``order``: name or number; minus
    sign: descending."""

    search: str = ""
    state: str = LIVE
    order: str = "name"


@dataclass(frozen=True, slots=True)
class QuestionnairePage:
    """One questionnaire, the last waves that ask it as far as the viewer sees them (``count`` of all), what happened to
    it, and whether he may change it."""

    questionnaire: Questionnaire
    waves: list[Wave]
    count: int
    history: list[HistoryEntry]
    may_write: bool


def questionnaire_list(
    *, viewer: Actor, filters: QuestionnaireFilters, page: int | str = 1
) -> Page[Questionnaire]:  # fmt: skip
    """A page of the list."""
    return page_of(listed(viewer=viewer, filters=filters), page)


def questionnaire_slice(
    *, viewer: Actor, filters: QuestionnaireFilters, limit: int = FEW_ROWS, cursor: str = ""
) -> Slice[Questionnaire]:
    """The list as programs read it, part by part."""
    return slice_of(listed(viewer=viewer, filters=filters), asked=asdict(filters), limit=limit, cursor=cursor)


def listed(*, viewer: Actor, filters: QuestionnaireFilters) -> QuerySet[Questionnaire]:
    """The whole list, in its order."""
    rows = questionnaires(viewer=viewer).filter(found(filters.search, "search_text"))
    if filters.state in {LIVE, ENDED}:
        rows = rows.filter(ended_at__isnull=filters.state == LIVE)
    return ordered(rows, filters.order, {"name": by_name(""), "number": F("number")}, "name")


def questionnaire_page(*, viewer: Actor, public_id: str) -> QuestionnairePage:
    """What the page of one shows; NotFound for any that the viewer may not read."""
    one = questionnaire(viewer=viewer, public_id=public_id)
    asking = waves_in_sight(viewer=viewer).filter(questionnaire=one).order_by("-recorded_at", "-pk")
    return QuestionnairePage(
        questionnaire=one, waves=list(asking[:WAVES_SHOWN]), count=asking.count(),
        history=history_of(viewer=viewer, object_ids=[one.public_id]),
        may_write=policy.may_write_questionnaires(viewer) and one.ended_at is None,
    )  # fmt: skip


def same_questions(*, viewer: Actor, contents: Contents) -> list[Questionnaire]:
    """Those in use that ask exactly this."""
    document = document_of(contents)
    held = questionnaires(viewer=viewer).filter(ended_at__isnull=True).order_by("number")
    return [one for one in held if one.document == document]


def questionnaires_to_copy(*, viewer: Actor) -> QuerySet[Questionnaire]:
    """What a new one may begin as a copy of; ended ones, too."""
    return questionnaires(viewer=viewer).order_by(by_name(""), "pk")


def questionnaires_read(public_ids: Collection[str]) -> Iterator[Findable]:
    """Questionnaires by number, name, and the words of their sections and questions."""
    for one in Questionnaire.objects.filter(public_id__in=public_ids):
        contents = one.contents
        texts = [text for section in contents.sections for text in section.title.values()]
        texts += [text for question in contents.questions() for text in question.words.values()]
        yield Findable(
            one.public_id, one.number, one.name, texts=texts,
            ended_on=day_of(one.ended_at) if one.ended_at is not None else None,
        )  # fmt: skip


def questionnaire_ids() -> Iterable[str]:
    """Every questionnaire."""
    return Questionnaire.objects.values_list("public_id", flat=True)


def search_sight(viewer: Actor, at: datetime) -> Mapping[str, Any]:
    """The questionnaires that the viewer may read; guests find none."""
    return {Questionnaire.kind: questionnaires(viewer=viewer)} if may_use(viewer) else {}
