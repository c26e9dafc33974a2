"""Confidants: where people find them, when they are reminded, and what becomes of talks. Of talks there is no
policy, no search, no export and no API: nothing in the registries leads to one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

from django.utils.translation import gettext_lazy as _

from baton.core.audit import words
from baton.core.registries import (
    ForgettingNote,
    Job,
    NavigationEntry,
    Panel,
    Policy,
    Section,
    Topic,
    forgetting,
    forgetting_notes,
    jobs,
    navigation,
    panels,
    policies,
    topics,
)
from baton.core.rules import MailRhythm
from baton.feedback import changes, policy, tasks
from baton.feedback.changes import CONFIDANT_JOB, CONFIDANT_TOPIC, TALKS_JOB
from baton.feedback.models import Confidant
from baton.feedback.queries import confidants as queries
from baton.feedback.rules.talks import TalkSide
from baton_analysis.errors import gettext_noop

if TYPE_CHECKING:
    from django.http import HttpRequest

    from baton.core.middleware import BatonRequest
    from baton.core.registries import Subject

ACTIONS = {
    "confidant.agreed": _("Agreed to be a confidant"),
    "confidant.changed": _("Confidant says other words about himself"),
    "confidant.left": _("Confidant taken off the list"),
    "confidant.forgotten": _("Confidant forgotten"),
}


def register() -> None:
    """Enter navigation, message, jobs and what forgetting does."""
    policies.add(
        Confidant.kind, Policy(lambda actor, _one: policy.may_write_to_confidants(actor), lambda _one: "/confidants/")
    )
    navigation.add(
        "feedback.confidants",
        NavigationEntry(
            _("Confidants"), "lock", "confidants:confidants", policy.may_write_to_confidants, order=66,
            section=Section.LISTENING,
        ),
    )  # fmt: skip
    panels.add(
        "feedback.confidants",
        Panel("home", _("Confidants"), "feedback/confidants/_panel.html", waiting, order=13),
    )
    topics.add(
        CONFIDANT_TOPIC,
        Topic(
            gettext_noop("You are a confidant: look whether somebody has written to you."),
            _("Reminders to all confidants"), MailRhythm.AT_ONCE,
        ),
    )  # fmt: skip
    jobs.add(
        CONFIDANT_JOB,
        Job(
            _("Remind all confidants to look whether somebody has written"), tasks.remind_confidants,
            "FREQ=WEEKLY;BYDAY=MO,WE,FR;BYHOUR=6;BYMINUTE=0;BYSECOND=0",
        ),
    )  # fmt: skip
    jobs.add(
        TALKS_JOB,
        Job(
            _("Delete talks in confidence that are over, lay the others anew"), tasks.tend_talks,
            "FREQ=DAILY;BYHOUR=3;BYMINUTE=40;BYSECOND=0",
        ),
    )  # fmt: skip
    forgetting.add("feedback.confidants", changes.forget_talks)
    forgetting_notes.add(
        "feedback.confidants",
        ForgettingNote(
            _("Talks in confidence in which the person is one of the two, for both of them; what the person said about"
              " himself as a confidant.")
        ),
    )  # fmt: skip
    words.declare(ACTIONS)


def waiting(request: HttpRequest, _subject: Subject) -> dict[str, Any] | None:
    """That somebody wrote to a confidant and waits for his answer. Nothing for everybody else: one query."""
    viewer = cast("BatonRequest", request).actor
    if not queries.was_confidant(viewer=viewer):
        return None
    talks = changes.own_talks(viewer)
    waits = any(side is TalkSide.CONFIDANT and talk.waits_for(side) for _key, talk, side in talks)
    return {} if waits else None
