"""Expectations: who may see them, where people find them, and when their suppliers are asked whether they hold."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

from django.utils.translation import gettext_lazy as _

from baton.chain.queries.discussing import heads_of_link
from baton.core.actors import Actor
from baton.core.audit import words
from baton.core.policy import may_use
from baton.core.present import now, today
from baton.core.registries import (
    Discussion,
    Job,
    NavigationEntry,
    Panel,
    Policy,
    Section,
    Topic,
    api_routers,
    jobs,
    navigation,
    panels,
    policies,
    topics,
)
from baton.core.rules import MailRhythm
from baton.feedback import tasks
from baton.feedback.changes import STALE_JOB, STALE_TOPIC
from baton.feedback.models import Expectation
from baton.feedback.pages.expectations import ACTIONS, rows
from baton.feedback.queries import expectations as queries
from baton.feedback.queries.expectations import PANEL_ROWS, ExpectationFilters
from baton_analysis.errors import gettext_noop

if TYPE_CHECKING:
    from django.http import HttpRequest

    from baton.core.middleware import BatonRequest
    from baton.core.registries import Subject


def register() -> None:
    """Enter policy, navigation, panel, message, job and API."""
    said = Discussion(queries.expectation_called, lambda one: heads_of_link(queries.link_of(one), today()))
    policies.add(Expectation.kind, Policy(_sees, lambda one: f"/surveys/expectations/{one}/", discussion=said))
    navigation.add(
        "feedback.expectations",
        NavigationEntry(
            _("Expectations"), "users", "surveys:expectations", may_use, order=62, section=Section.LISTENING,
        ),
    )  # fmt: skip
    panels.add(
        "feedback.expectations",
        Panel(
            "link",
            _("What the customer expects"),
            "feedback/expectations/_panel.html",
            of_link,
            order=45,
            reads=("feedback.Expectation", "chain"),
            by_day=True,
            alike=True,
        ),
    )
    topics.add(
        STALE_TOPIC,
        Topic(
            gettext_noop("Nobody has confirmed for half a year what customers expect: {count}. Ask whether it holds."),
            _("Expectations that nobody has confirmed"), MailRhythm.DAILY,
            nameless=gettext_noop("Nobody has confirmed for half a year what customers expect: {count}."),
        ),
    )  # fmt: skip
    jobs.add(
        STALE_JOB,
        Job(
            _("Tell suppliers of expectations that nobody has confirmed"), tasks.tell_of_stale_expectations,
            "FREQ=DAILY;BYHOUR=5;BYMINUTE=25;BYSECOND=0",
        ),
    )  # fmt: skip
    api_routers.add("expectations", "baton.feedback.api.expectations.router")
    words.declare({code: label for code, (label, _icon) in ACTIONS.items()})


def of_link(request: HttpRequest, subject: Subject) -> dict[str, Any] | None:
    """What the customer of a link expects, what was confirmed longest ago first; and a button to enter more."""
    asked = cast("BatonRequest", request)
    viewer, at, link = asked.actor, asked.now, subject.public_id
    found = queries.listed_expectations(viewer=viewer, at=at, filters=ExpectationFilters(link=link))
    held = list(found[: PANEL_ROWS + 1])
    may = queries.may_keep(viewer=viewer, at=at, link=link)
    if not held and not may:
        return None
    more = found.count() - PANEL_ROWS if len(held) > PANEL_ROWS else 0
    return {"rows": rows(held[:PANEL_ROWS], at), "more": more, "link": link, "may": may}


def _sees(actor: Actor, public_id: str) -> bool:
    return queries.expectations_in_sight(viewer=actor, at=now()).filter(public_id=public_id).exists()
