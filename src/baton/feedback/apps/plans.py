"""Plans by which surveys come again: where people find them, what they are told, and the job that tends them."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from baton.core.actors import Actor
from baton.core.audit import words
from baton.core.lists.registry import FilteredList, lists
from baton.core.registries import (
    Export,
    Job,
    NavigationEntry,
    Policy,
    Searchable,
    Section,
    Topic,
    api_routers,
    exports,
    jobs,
    navigation,
    policies,
    search_sights,
    searchables,
    topics,
)
from baton.core.rules import MailRhythm
from baton.feedback import policy, tasks
from baton.feedback.changes import LATE_TOPIC, PLAN_JOB, PLAN_OPENED_TOPIC, PLAN_TROUBLE_TOPIC, PLANNED_TOPIC
from baton.feedback.forms.plans import PlanFilterForm
from baton.feedback.models import PlannedWave, SurveyPlan
from baton.feedback.pages import plans as pages
from baton.feedback.queries import plans as queries
from baton_analysis.errors import gettext_noop

_ORDERS = frozenset({"name", "number"})


def register() -> None:
    """Enter policies, navigation, list, export, search, messages, job and API."""
    title = _("Survey plans")
    policies.add(SurveyPlan.kind, Policy(_sees_plan, lambda one: f"/surveys/plans/{one}/"))
    policies.add(PlannedWave.kind, Policy(_sees_nothing, lambda one: "/surveys/plans/"))
    navigation.add(
        "feedback.plans",
        NavigationEntry(
            title, "repeat", "surveys:plans", policy.may_see_plans, 12, section=Section.LISTENING,
            under="feedback.waves",
        ),
    )  # fmt: skip
    lists.add(
        "feedback.plans",
        FilteredList(
            title, "surveys:plans", PlanFilterForm, policy.may_see_plans, _ORDERS,
            {"order": "name", "state": queries.LIVE},
        ),
    )  # fmt: skip
    said = _("Which questionnaire is asked again and again, about which links, when, and what its results aim at.")
    exports.add("feedback.plans", Export(title, pages.header, pages.all_plans, said, policy.may_see_plans))
    searchables.add(
        SurveyPlan.kind,
        Searchable(
            title, "repeat", queries.plans_read, queries.plan_ids, lambda found: f"/surveys/plans/{found.public_id}/",
            order=61,
        ),
    )  # fmt: skip
    search_sights.add("feedback.plans", queries.plan_sight)
    _register_topics()
    jobs.add(
        PLAN_JOB,
        Job(
            _("Prepare surveys of plans, open those that open by themselves"), tasks.tend_plans,
            "FREQ=HOURLY;BYMINUTE=35;BYSECOND=0",
        ),
    )  # fmt: skip
    api_routers.add("survey-plans", "baton.feedback.api.plans.router")
    words.declare({code: label for code, (label, _icon) in pages.ACTIONS.items()})


def _register_topics() -> None:
    title = _("Survey plans that I lead")
    topics.add(
        PLANNED_TOPIC,
        Topic(
            gettext_noop("“{title}” is prepared as {number}, to open on {day}. Look at it before."), title,
            MailRhythm.AT_ONCE,
        ),
    )  # fmt: skip
    topics.add(
        LATE_TOPIC,
        Topic(
            gettext_noop(
                "“{title}” is prepared as {number}, to open on {day}. Days had passed while nothing ran; only the"
                " latest is made up for. Left out: {missed}."
            ),
            title, MailRhythm.AT_ONCE,
        ),
    )  # fmt: skip
    topics.add(
        PLAN_OPENED_TOPIC,
        Topic(gettext_noop("{number} of the plan “{title}” was opened. People asked: {count}."), title,
              MailRhythm.AT_ONCE),
    )  # fmt: skip
    topics.add(
        PLAN_TROUBLE_TOPIC,
        Topic(
            gettext_noop("The plan “{title}” ({number}) waits: {why}"), title, MailRhythm.AT_ONCE,
            nameless=gettext_noop("A survey plan waits for you."),
        ),
    )  # fmt: skip


def _sees_plan(actor: Actor, public_id: str) -> bool:
    return queries.plans(viewer=actor).filter(public_id=public_id).exists()


def _sees_nothing(actor: Actor, public_id: str) -> bool:
    """Days of a plan are read on its page, never alone."""
    return False
