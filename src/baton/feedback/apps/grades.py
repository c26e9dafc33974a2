"""Heads rate departments: who may see it, where people find it, what they are told, what Baton does by itself."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from baton.core.actors import Actor
from baton.core.audit import words
from baton.core.policy import may_use
from baton.core.present import now
from baton.core.registries import (
    Job,
    NavigationEntry,
    Policy,
    Searchable,
    Section,
    Topic,
    api_routers,
    jobs,
    navigation,
    policies,
    search_sights,
    searchables,
    topics,
)
from baton.core.rules import MailRhythm
from baton.feedback import tasks
from baton.feedback.apps import COUNTED
from baton.feedback.changes.grade_promises import DONE_TOPIC, LATE_PROMISE_TOPIC
from baton.feedback.changes.grade_rounds import GRADED_TOPIC, OPENED_TOPIC, TEND_GRADES_JOB, WARNED_TOPIC
from baton.feedback.changes.grades import PROMISED_TOPIC, REPLIED_TOPIC
from baton.feedback.models.grades import DepartmentGrade, GradeRound
from baton.feedback.pages.grades import ACTIONS
from baton.feedback.queries import grades as queries
from baton_analysis.errors import gettext_noop


def register() -> None:
    """Enter policies, navigation, messages, job, search and API."""
    title = _("Heads rate departments")
    policies.add(GradeRound.kind, Policy(_sees_round, lambda one: f"/surveys/grades/{one}/"))
    policies.add(DepartmentGrade.kind, Policy(_sees_grade, lambda one: f"/surveys/grades/given/{one}/"))
    navigation.add(
        "feedback.grades",
        NavigationEntry(
            title, "clipboard-check", "surveys:grade_rounds", may_use, order=40, section=Section.LISTENING,
            count=lambda actor: queries.waiting_to_grade(viewer=actor, at=now()),
            reads=COUNTED,
        ),
    )  # fmt: skip
    _register_topics()
    jobs.add(
        TEND_GRADES_JOB,
        Job(
            _("Close rounds of grades whose time is over, tell those who have not graded"), tasks.tend_grades,
            "FREQ=MINUTELY;INTERVAL=15;BYSECOND=50",
        ),
    )  # fmt: skip
    searchables.add(
        GradeRound.kind,
        Searchable(
            title, "clipboard-check", queries.rounds_read, queries.round_ids,
            lambda found: f"/surveys/grades/{found.public_id}/", order=62,
        ),
    )  # fmt: skip
    search_sights.add("feedback.grades", lambda viewer, _at: {GradeRound.kind: queries.rounds_in_sight(viewer=viewer)})
    api_routers.add("grade-rounds", "baton.feedback.api.grades.rounds")
    api_routers.add("department-grades", "baton.feedback.api.grades.router")
    api_routers.add("grade-promises", "baton.feedback.api.grade_promises.router")
    words.declare({code: label for code, (label, _icon) in ACTIONS.items()})


def _register_topics() -> None:
    title = _("Grades that I am asked for")
    topics.add(
        OPENED_TOPIC,
        Topic(
            gettext_noop("You are asked to grade {count} departments that serve yours, until {day}: {title}."), title,
            MailRhythm.AT_ONCE,
        ),
    )  # fmt: skip
    topics.add(
        WARNED_TOPIC,
        Topic(
            gettext_noop("{title} closes on {day}, and {count} grades of yours are missing."), title,
            MailRhythm.AT_ONCE,
        ),
    )  # fmt: skip
    topics.add(
        GRADED_TOPIC,
        Topic(
            gettext_noop("{title} is closed: your department got {count} grades. Reply to each D and E."),
            _("Grades that my department got"), MailRhythm.AT_ONCE,
        ),
    )  # fmt: skip
    _register_topics_of_replies()


def _register_topics_of_replies() -> None:
    replies, promised = _("Replies to grades that I gave"), _("Promises in reply to grades that I see to")
    topics.add(
        REPLIED_TOPIC,
        Topic(
            gettext_noop("{supplier} replied to the {grade} that you gave."), replies, MailRhythm.DAILY,
            nameless=gettext_noop("A department replied to a grade that you gave."),
        ),
    )  # fmt: skip
    topics.add(
        DONE_TOPIC,
        Topic(
            gettext_noop("{supplier} has done what it promised about the {grade} that you gave."), replies,
            MailRhythm.DAILY, nameless=gettext_noop("A department has done what it promised about a grade."),
        ),
    )  # fmt: skip
    topics.add(
        PROMISED_TOPIC,
        Topic(
            gettext_noop("{supplier} promised something in reply to a grade: you see to it, until {day}."), promised,
            MailRhythm.AT_ONCE,
            nameless=gettext_noop("Something was promised in reply to a grade: you see to it, until {day}."),
        ),
    )  # fmt: skip
    topics.add(
        LATE_PROMISE_TOPIC,
        Topic(
            gettext_noop("What {supplier} promised in reply to a grade was to be done by {day}. Say what was done."),
            promised, MailRhythm.AT_ONCE,
            nameless=gettext_noop("What was promised in reply to a grade was to be done by {day}. Say what was done."),
        ),
    )  # fmt: skip


def _sees_round(actor: Actor, public_id: str) -> bool:
    return queries.rounds_in_sight(viewer=actor).filter(public_id=public_id).exists()


def _sees_grade(actor: Actor, public_id: str) -> bool:
    return queries.grades_in_sight(viewer=actor, at=now()).filter(public_id=public_id).exists()
