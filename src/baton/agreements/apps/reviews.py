"""Review meetings and joint quality plans: who may see them, where they stand, what people are told, how they are
found."""

from __future__ import annotations

from functools import partial

from django.utils.translation import gettext_lazy as _

from baton.agreements import panels, tasks
from baton.agreements.changes import confirming_outside
from baton.agreements.changes import telling_reviews as telling
from baton.agreements.changes.closing_reviews import KEEP_REVIEWS_JOB
from baton.agreements.models import PlanEdition, QualityPlan, ReviewMeeting
from baton.agreements.models.agreements import SIDES
from baton.agreements.pages import plans as plan_pages
from baton.agreements.pages import reviews as review_pages
from baton.agreements.queries import confirming, finding_reviews
from baton.agreements.queries.finding_reviews import PARTS
from baton.core.actors import Actor
from baton.core.audit import words
from baton.core.policy import may_use
from baton.core.present import now, today
from baton.core.registries import (
    Discussion,
    Export,
    ForgettingNote,
    Job,
    NavigationEntry,
    OutsideTask,
    Policy,
    Retention,
    Searchable,
    Section,
    Signable,
    Topic,
    api_routers,
    dated_events,
    exports,
    forgetting_notes,
    jobs,
    navigation,
    outside_tasks,
    policies,
    retention,
    search_sights,
    searchables,
    signables,
    topics,
)
from baton.core.registries import panels as registered_panels
from baton_analysis.errors import gettext_noop

_ASKING = Actor.system("signing")


def register() -> None:
    """Enter policies, navigation, panels, messages, search, signatures and words."""
    _policies()
    _where_they_are()
    _search()
    _signing()
    _asking_outside()
    _topics()
    for prefix, name in (
        ("reviews", "reviews.router"),
        ("agenda-items", "minutes.items_router"),
        ("meeting-people", "minutes.people_router"),
        ("decisions", "decisions.router"),
        ("quality-plans", "plans.router"),
        ("plan-goals", "plans.goals_router"),
        ("plan-editions", "plans.editions_router"),
        ("plan-items", "plan_items.router"),
    ):
        api_routers.add(prefix, f"baton.agreements.api.{name}")
    for actions in (review_pages.ACTIONS, plan_pages.ACTIONS):
        words.declare({code: label for code, (label, _icon) in actions.items()})
    jobs.add(
        KEEP_REVIEWS_JOB,
        Job(_("Remind of review meetings and decisions"), tasks.keep_reviews, "FREQ=DAILY;BYHOUR=4;BYMINUTE=15"
            ";BYSECOND=0"),
    )  # fmt: skip


def _policies() -> None:
    for kind, called, heads in (
        (ReviewMeeting.kind, finding_reviews.meeting_called, finding_reviews.told_of_meeting),
        (QualityPlan.kind, finding_reviews.plan_called, finding_reviews.told_of_plan),
    ):
        said = Discussion(called, lambda one, heads=heads: heads(one, today()))  # type: ignore[misc]
        policies.add(kind, Policy(partial(_sees, kind), partial(finding_reviews.address_of, kind), discussion=said))
    for kind in PARTS:
        policies.add(kind, Policy(partial(_sees, kind), partial(finding_reviews.address_of, kind)))
    purpose = _("Knowing who met, what was decided and what both sides do together.")
    for kind in (ReviewMeeting.kind, QualityPlan.kind, *PARTS):
        retention.add(kind, Retention(10, purpose))
    forgetting_notes.add(
        "agreements.reviews",
        ForgettingNote(
            leaves=_("Minutes and decisions of review meetings, and items of joint quality plans, with the words that "
                     "others wrote; the person stands in them under the new name.")
        ),
    )  # fmt: skip


def _sees(kind: str, actor: Actor, public_id: str) -> bool:
    return finding_reviews.sees(viewer=actor, at=now(), kind=kind, public_id=public_id)


def _where_they_are() -> None:
    navigation.add(
        "agreements.reviews",
        NavigationEntry(
            _("Reviews and plans"), "calendar", "agreements:reviews", may_use, order=35,
            section=Section.AGREEMENTS, tab=_("Review meetings"),
        ),
    )  # fmt: skip
    for name, label, icon, address, order in (
        ("agreements.decisions", _("Decisions"), "check", "agreements:decisions", 36),
        ("agreements.plans", _("Joint quality plans"), "list-checks", "agreements:quality_plans", 37),
    ):
        entry = NavigationEntry(
            label, icon, address, may_use, order, section=Section.AGREEMENTS, under="agreements.reviews"
        )
        navigation.add(name, entry)
    for name, panel in panels.OF_REVIEWS.items():
        registered_panels.add(name, panel)
    dated_events.add("agreements.reviews", finding_reviews.dates_of_reviews)
    exports.add(
        "agreements.decisions",
        Export(
            _("Decisions of review meetings"), review_pages.decisions_header, review_pages.all_decisions,
            _("What was decided, who sees to it, until when, and whether it was kept."), may_use,
        ),
    )  # fmt: skip
    exports.add(
        "agreements.plans",
        Export(
            _("Joint quality plans"), plan_pages.header, plan_pages.all_items,
            _("What both sides of each link do for the outside customer: who, until when, how far."), may_use,
        ),
    )  # fmt: skip


def _search() -> None:
    searchables.add(
        ReviewMeeting.kind,
        Searchable(
            _("Review meetings"), "users", finding_reviews.meetings_read, finding_reviews.meeting_ids,
            lambda found: f"/agreements/reviews/{found.public_id}/", order=28,
            follows={
                "agenda_item": partial(finding_reviews.records_of_parts, "agenda_item"),
                "decision": partial(finding_reviews.records_of_parts, "decision"),
            },
        ),
    )  # fmt: skip
    searchables.add(
        QualityPlan.kind,
        Searchable(
            _("Joint quality plans"), "list-checks", finding_reviews.plans_read, finding_reviews.plan_ids,
            lambda found: f"/agreements/plans/{found.public_id}/", order=30,
            follows={
                "plan_goal": partial(finding_reviews.records_of_parts, "plan_goal"),
                "plan_item": partial(finding_reviews.records_of_parts, "plan_item"),
            },
        ),
    )  # fmt: skip
    search_sights.add("agreements.reviews", finding_reviews.search_sight)


def _signing() -> None:
    sides = {side.value: label for side, label in SIDES.items()}
    signables.add(
        ReviewMeeting.kind,
        Signable(
            contents=lambda ids: confirming.contents_of_minutes(viewer=_ASKING, public_ids=ids),
            names=lambda ids: confirming.names_of_minutes(viewer=_ASKING, public_ids=ids), sides=sides,
        ),
    )  # fmt: skip
    signables.add(
        PlanEdition.kind,
        Signable(
            contents=lambda ids: confirming.contents_of_editions(viewer=_ASKING, public_ids=ids),
            names=lambda ids: confirming.names_of_editions(viewer=_ASKING, public_ids=ids), sides=sides,
        ),
    )  # fmt: skip


def _asking_outside() -> None:
    outside_tasks.add(
        confirming_outside.MINUTES_TASK,
        OutsideTask(
            ReviewMeeting.kind, _("Read and confirm the minutes of a review meeting"),
            "agreements/reviews/_outside.html", lambda one, side: review_pages.minutes_for_outside(one),
            confirming_outside.confirm_through_link, confirming_outside.object_to_confirming,
        ),
    )  # fmt: skip
    outside_tasks.add(
        confirming_outside.EDITION_TASK,
        OutsideTask(
            PlanEdition.kind, _("Read and sign a joint quality plan"), "agreements/plans/_outside.html",
            lambda one, side: plan_pages.edition_for_outside(one),
            confirming_outside.confirm_through_link, confirming_outside.object_to_confirming,
        ),
    )  # fmt: skip


def _topics() -> None:
    topics.add(
        telling.OUTSIDE_OBJECTED_TOPIC,
        Topic(
            gettext_noop("Somebody outside does not confirm {what} and says why: {link}."),
            _("What people outside say against minutes and plans"),
            nameless=gettext_noop("Somebody outside does not confirm what you asked him to."),
        ),
    )  # fmt: skip
    title, nameless = _("Review meetings of mine"), gettext_noop("Something happened to a review meeting of yours.")
    for topic, message in {
        telling.INVITED_TOPIC: gettext_noop("You are invited to the review meeting {number} on {day}: {link}."),
        telling.MOVED_TOPIC: gettext_noop("The review meeting {number} is on {day}: {link}."),
        telling.CANCELLED_TOPIC: gettext_noop("The review meeting {number} on {day} was cancelled: {why}"),
        telling.SOON_TOPIC: gettext_noop("The review meeting {number} is on {day}: {link}. Look at its agenda."),
        telling.MINUTES_TOPIC: gettext_noop("The minutes of {number} are there: {link}."),
    }.items():
        topics.add(topic, Topic(message, title, nameless=nameless))
    title, nameless = _("Decisions that I see to"), gettext_noop("Something that you see to is due.")
    for topic, message in {
        telling.DUE_TOPIC: gettext_noop("“{words}” ({number}) is due on {due_on}."),
        telling.LATE_TOPIC: gettext_noop("“{words}” ({number}) was due on {due_on} and is open."),
        telling.HANDED_TOPIC: gettext_noop("“{words}” ({number}) was handed to you; it is due on {due_on}."),
    }.items():
        topics.add(topic, Topic(message, title, nameless=nameless))
