"""Needs of employees: who may see them, where people find them, what they are told, and when they are late."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from baton.core.actors import Actor
from baton.core.audit import words
from baton.core.present import now
from baton.core.registries import (
    ForgettingNote,
    Job,
    NavigationEntry,
    Policy,
    Searchable,
    Section,
    Topic,
    api_routers,
    forgetting_notes,
    jobs,
    navigation,
    policies,
    search_sights,
    searchables,
    topics,
)
from baton.core.rules import MailRhythm
from baton.feedback import policy, tasks
from baton.feedback.apps import COUNTED
from baton.feedback.changes import (
    LATE_NEEDS_JOB,
    NEED_ANSWERED_TOPIC,
    NEED_ASKED_TOPIC,
    NEED_JUDGED_TOPIC,
    NEED_LATE_TOPIC,
)
from baton.feedback.models import EmployeeNeed, NeedEvent
from baton.feedback.pages.needs import ACTIONS
from baton.feedback.queries import needs as queries
from baton_analysis.errors import gettext_noop


def register() -> None:
    """Enter policies, navigation, messages, job, search and API."""
    policies.add(EmployeeNeed.kind, Policy(_sees_need, lambda one: f"/surveys/needs/{one}/"))
    policies.add(NeedEvent.kind, Policy(_sees_step, lambda one: f"/surveys/needs/{queries.need_step(one)}/"))
    navigation.add(
        "feedback.employee_needs",
        NavigationEntry(
            _("What I need to serve well"), "sprout", "surveys:employee_needs", policy.may_say_need, order=64,
            section=Section.LISTENING, count=lambda actor: queries.needs_to_answer(viewer=actor, at=now()),
            reads=COUNTED,
        ),
    )  # fmt: skip
    _topics()
    jobs.add(
        LATE_NEEDS_JOB,
        Job(
            _("Tell both sides of employees’ needs that are late"), tasks.tell_of_late_needs,
            "FREQ=DAILY;BYHOUR=5;BYMINUTE=35;BYSECOND=0",
        ),
    )  # fmt: skip
    searchables.add(
        EmployeeNeed.kind,
        Searchable(
            _("What employees need"), "sprout", queries.employee_needs_read, queries.employee_need_ids,
            lambda found: f"/surveys/needs/{found.public_id}/", order=64,
        ),
    )  # fmt: skip
    search_sights.add(
        "feedback.needs",
        lambda viewer, at: {EmployeeNeed.kind: queries.employee_needs_in_sight(viewer=viewer, at=at)},
    )
    forgetting_notes.add(
        "feedback.needs",
        ForgettingNote(leaves=_("What the person needed to serve well, and what was answered, under the new name.")),
    )
    api_routers.add("employee-needs", "baton.feedback.api.needs.router")
    words.declare({code: label for code, (label, _icon) in ACTIONS.items()})


def _topics() -> None:
    mine, asked = _("What I need to serve well"), _("What others need of me to serve well")
    topics.add(
        NEED_ASKED_TOPIC,
        Topic(gettext_noop("{number}: somebody says what he needs to serve well."), asked, MailRhythm.AT_ONCE),
    )
    topics.add(
        NEED_ANSWERED_TOPIC, Topic(gettext_noop("{number}: what you need was answered."), mine, MailRhythm.AT_ONCE)
    )
    topics.add(
        NEED_JUDGED_TOPIC,
        Topic(gettext_noop("{number}: who asked says whether he has what he needs."), asked, MailRhythm.DAILY),
    )
    topics.add(
        NEED_LATE_TOPIC,
        Topic(gettext_noop("{number} is late: an answer, or what was promised."), asked, MailRhythm.AT_ONCE),
    )


def _sees_need(actor: Actor, public_id: str) -> bool:
    return queries.sees_employee_need(viewer=actor, at=now(), public_id=public_id)


def _sees_step(actor: Actor, public_id: str) -> bool:
    return queries.sees_need_step(viewer=actor, at=now(), public_id=public_id)
