"""Questionnaires: where they stand in the navigation, how they are listed, taken away, found and read by programs."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from baton.core.lists.registry import FilteredList, lists
from baton.core.policy import may_use
from baton.core.registries import (
    Export,
    NavigationEntry,
    Searchable,
    Section,
    api_routers,
    exports,
    navigation,
    search_sights,
    searchables,
)
from baton.feedback.forms.questionnaires import QuestionnaireFilterForm
from baton.feedback.models import Questionnaire
from baton.feedback.pages import questionnaires as tables
from baton.feedback.queries import finding_questionnaires as queries

_ORDERS = frozenset({"name", "number"})


def register() -> None:
    """Enter navigation, list, export and search."""
    title = _("Questionnaires")
    navigation.add(
        "feedback.questionnaires",
        NavigationEntry(title, "clipboard-list", "surveys:questionnaires", may_use, 20, section=Section.LISTENING),
    )
    lists.add(
        "feedback.questionnaires",
        FilteredList(
            title, "surveys:questionnaires", QuestionnaireFilterForm, may_use, _ORDERS,
            {"order": "name", "state": queries.LIVE},
        ),
    )  # fmt: skip
    said = _("What is asked in surveys: each questionnaire with its sections and questions counted.")
    exports.add("feedback.questionnaires", Export(title, tables.header, tables.all_questionnaires, said, may_use))
    searchables.add(
        Questionnaire.kind,
        Searchable(
            title, "clipboard-list", queries.questionnaires_read, queries.questionnaire_ids,
            lambda found: f"/surveys/questionnaires/{found.public_id}/", order=60,
        ),
    )  # fmt: skip
    search_sights.add("feedback.questionnaires", queries.search_sight)
    api_routers.add("questionnaires", "baton.feedback.api.questionnaires.router")
