"""Feedback that reaches the organisation: who may see it, where people tell and find it, what they are told."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

from django.conf import settings
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from baton.core.actors import Actor
from baton.core.audit import words
from baton.core.lists.registry import FilteredList, lists
from baton.core.present import now
from baton.core.registries import (
    Export,
    ForgettingNote,
    Job,
    NavigationEntry,
    Panel,
    Policy,
    Retention,
    Searchable,
    Section,
    Topic,
    api_routers,
    exports,
    forgetting_notes,
    jobs,
    navigation,
    panels,
    policies,
    retention,
    search_sights,
    searchables,
    topics,
)
from baton.core.rules import MailRhythm
from baton.feedback import policy, tasks
from baton.feedback.apps import COUNTED
from baton.feedback.changes import (
    ERASE_NAMES_JOB,
    FEEDBACK_CAME_TOPIC,
    FEEDBACK_DEALT_TOPIC,
    FEEDBACK_LATE_TOPIC,
    FEEDBACK_THANKS_TOPIC,
    FETCH_MAIL_JOB,
    LATE_FEEDBACK_JOB,
)
from baton.feedback.forms.inbox import InboxFilterForm
from baton.feedback.models import FeedbackDoor, FeedbackEvent, FeedbackItem
from baton.feedback.pages import inbox as pages
from baton.feedback.pages.feedback_doors import ACTIONS as DOOR_ACTIONS
from baton.feedback.queries import inbox as queries
from baton.feedback.queries.feedback_doors import feedback_doors
from baton_analysis.errors import gettext_noop

if TYPE_CHECKING:
    from django.http import HttpRequest

    from baton.core.middleware import BatonRequest
    from baton.core.registries import Subject

TITLE = pgettext_lazy("feedback", "Feedback")
_READS = ("feedback.FeedbackItem", "feedback.FeedbackEvent", "feedback.Complaint", "chain", "core.Person")
_ORDERS = frozenset({"received", "number"})


def register() -> None:
    """Enter policies, navigation, list, panels, messages, jobs and search."""
    policies.add(FeedbackItem.kind, Policy(_sees_item, lambda one: f"/inbox/{one}/"))
    policies.add(FeedbackEvent.kind, Policy(_sees_step, lambda one: f"/inbox/{queries.item_of_step(one)}/"))
    policies.add(FeedbackDoor.kind, Policy(_sees_door, lambda one: f"/inbox/doors/{one}/"))
    navigation.add(
        "feedback.inbox",
        NavigationEntry(
            TITLE, "inbox", "inbox:inbox", policy.may_tell, order=5, section=Section.LISTENING,
            count=lambda actor: queries.feedback_to_deal_with(viewer=actor, at=now()),
            reads=COUNTED,
        ),
    )  # fmt: skip
    navigation.add(
        "feedback.tell",
        NavigationEntry(
            _("Tell them"), "send", "inbox:tell", policy.may_tell, order=4, section=Section.LISTENING
        ),
    )  # fmt: skip
    lists.add(
        "feedback.inbox",
        FilteredList(
            TITLE, "inbox:inbox", InboxFilterForm, policy.may_tell, _ORDERS, {"order": "received", "show": "open"},
            ("party", "link"),
        ),
    )  # fmt: skip
    said = _("What people told on all ways, what became of it, and whether the outcome came in time.")
    exports.add("feedback.inbox", Export(TITLE, pages.header, pages.all_feedback, said, policy.may_tell))
    api_routers.add("feedback-items", "baton.feedback.api.inbox.router")
    _panels()
    _topics()
    _kept()
    words.declare(
        {code: label for code, (label, _icon) in (pages.ACTIONS | DOOR_ACTIONS).items()},
        processes={
            "feedback_door": pgettext_lazy("process", "open page for feedback"),
            "feedback_mail": pgettext_lazy("process", "mailbox for feedback"),
        },
    )


def _panels() -> None:
    for slot in ("link", "party"):
        panel = Panel(slot, TITLE, "feedback/inbox/_panel.html", _about, order=25, reads=_READS)
        panels.add(f"feedback.inbox_of_{slot}", panel)
    panels.add(
        "feedback.inbox_at_home",
        Panel("home", _("Feedback that waits for you"), "feedback/inbox/_home.html", _at_home, order=9),
    )


def _topics() -> None:
    inbox, mine = _("Feedback that I deal with"), _("What becomes of feedback that I gave or took")
    topics.add(
        FEEDBACK_CAME_TOPIC,
        Topic(gettext_noop("{number}: feedback waits for what becomes of it."), inbox, MailRhythm.AT_ONCE),
    )
    topics.add(
        FEEDBACK_DEALT_TOPIC,
        Topic(gettext_noop("{number}: your feedback has an outcome."), mine, MailRhythm.AT_ONCE),
    )
    topics.add(
        FEEDBACK_THANKS_TOPIC,
        Topic(gettext_noop("{number}: thanks for you or your people."), _("Thanks that I earned"), MailRhythm.AT_ONCE),
    )
    topics.add(FEEDBACK_LATE_TOPIC, Topic(gettext_noop("{number}: the outcome is late."), inbox, MailRhythm.AT_ONCE))


def _kept() -> None:
    jobs.add(
        LATE_FEEDBACK_JOB,
        Job(_("Tell of feedback whose outcome is late"), tasks.tell_of_late_feedback,
            "FREQ=DAILY;BYHOUR=5;BYMINUTE=45;BYSECOND=0"),
    )  # fmt: skip
    jobs.add(
        ERASE_NAMES_JOB,
        Job(_("Erase names from feedback a year after its outcome"), tasks.erase_names_of_feedback,
            "FREQ=DAILY;BYHOUR=3;BYMINUTE=55;BYSECOND=0"),
    )  # fmt: skip
    if settings.INBOX_HOST:
        jobs.add(
            FETCH_MAIL_JOB,
            Job(_("Read the mailbox for feedback"), tasks.fetch_mail, "FREQ=MINUTELY;INTERVAL=5;BYSECOND=30"),
        )
    kept = Retention(10, _("Knowing what customers said, and what became of it."))
    for kind in (FeedbackItem.kind, FeedbackEvent.kind):
        retention.add(kind, kept)
    searchables.add(
        FeedbackItem.kind,
        Searchable(
            TITLE, "inbox", queries.feedback_read, queries.feedback_ids, lambda found: f"/inbox/{found.public_id}/",
            order=59,
        ),
    )  # fmt: skip
    search_sights.add("feedback.inbox", queries.feedback_sight)
    forgetting_notes.add(
        "feedback.inbox",
        ForgettingNote(leaves=_("Feedback that the person gave or took, and what became of it, under the new name.")),
    )


def _about(request: HttpRequest, subject: Subject) -> dict[str, Any] | None:
    """What was told about a link or party and waits, for who reads it; and the button to tell something."""
    asked = cast("BatonRequest", request)
    viewer, at = asked.actor, asked.now
    if not policy.may_tell(viewer):
        return None
    found = queries.about_in_sight(viewer=viewer, at=at, kind=subject.kind, public_id=subject.public_id)
    return {
        "rows": pages.brief(found),
        "kind": subject.kind,
        "public_id": subject.public_id,
        "keeps_doors": policy.may_keep_doors(viewer),
    }


def _at_home(request: HttpRequest, subject: Subject) -> dict[str, Any] | None:
    asked = cast("BatonRequest", request)
    waiting = queries.feedback_to_deal_with(viewer=asked.actor, at=asked.now)
    return {"waiting": waiting} if waiting else None


def _sees_door(actor: Actor, public_id: str) -> bool:
    return feedback_doors(viewer=actor).filter(public_id=public_id).exists()


def _sees_item(actor: Actor, public_id: str) -> bool:
    return queries.sees_feedback(viewer=actor, at=now(), public_id=public_id)


def _sees_step(actor: Actor, public_id: str) -> bool:
    return queries.sees_feedback_step(viewer=actor, at=now(), public_id=public_id)
