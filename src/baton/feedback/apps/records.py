"""Who may see a record of the feedback, where it stands, and what the trail says of it."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from baton.core.actors import Actor
from baton.core.audit import words
from baton.core.registries import Policy, api_scopes, policies
from baton.feedback import queries
from baton.feedback.models import (
    NamedSheet,
    Questionnaire,
    QuietPerson,
    SurveyComment,
    SurveyInvitation,
    Wave,
    WaveLink,
    WaveReminder,
)

ACTIONS = {
    "questionnaire.written": _("Questionnaire written"),
    "questionnaire.changed": _("Questionnaire changed"),
    "questionnaire.ended": _("Questionnaire ended"),
    "wave.prepared": _("Wave prepared"),
    "wave.changed": _("Wave changed"),
    "wave.rule_chosen": _("Rule by which people are chosen"),
    "wave.links_chosen": _("Links of a wave chosen"),
    "wave.people_chosen": _("People to ask chosen"),
    "wave.people_cleared": _("Choice of people taken back"),
    "wave.withdrawn": _("Wave withdrawn"),
    "wave.opened": _("Wave opened"),
    "wave.envelopes_filled": _("Ways to sheets laid ready"),
    "wave.cards_printed": _("Cards printed"),
    "wave.closed": _("Wave closed"),
    "wave.published": _("Results of a wave published"),
    "wave.lost": _("Wave lost with its key"),
    "wave.comments_kept": _("Comments of a wave kept"),
    "wave_reminder.begun": _("Reminder of a survey begun"),
    "wave_reminder.told": _("Reminder of a survey told"),
    "quiet_person.said": _("Asked not to be asked"),
    "wave_link.predicted": _("Rating predicted"),
    "survey_invitation.sent": _("Way to a sheet sent"),
    "wave.comments_detached": _("Links taken from comments of few people"),
    "wave.sheets_thinned": _("Links and bands taken from answers of few people"),
    "survey_comment.passed": _("Comment passed"),
    "survey_comment.withheld": _("Comment withheld"),
    "survey_invitation.laid_ready": _("Way to a sheet laid ready in Baton"),
    "named_sheet.answered": _("Answered by name"),
    "named_sheet.emptied": _("Answer by name taken back"),
    "wave.ways_chosen": _("Ways of asking chosen"),
}

_ON_OTHER_PAGES = (
    WaveLink.kind, SurveyInvitation.kind, NamedSheet.kind, SurveyComment.kind, QuietPerson.kind, WaveReminder.kind,
)  # fmt: skip


def register() -> None:
    """Enter policies and the words of the trail."""
    policies.add(Questionnaire.kind, Policy(_sees_questionnaire, lambda one: f"/surveys/questionnaires/{one}/"))
    policies.add(Wave.kind, Policy(_sees_wave, lambda one: f"/surveys/{one}/"))
    for kind in _ON_OTHER_PAGES:
        policies.add(kind, Policy(_sees_nothing, lambda one: "/surveys/"))
    words.declare(ACTIONS)
    api_scopes.add("feedback:read", _("Read surveys, what was published of them, and findings"))
    api_scopes.add("feedback:write", _("Write questionnaires, prepare and run surveys, answer findings"))


def _sees_questionnaire(actor: Actor, public_id: str) -> bool:
    return queries.questionnaires(viewer=actor).filter(public_id=public_id).exists()


def _sees_wave(actor: Actor, public_id: str) -> bool:
    return queries.waves_in_sight(viewer=actor).filter(public_id=public_id).exists()


def _sees_nothing(actor: Actor, public_id: str) -> bool:
    """These are read on pages of their wave, never alone."""
    return False
