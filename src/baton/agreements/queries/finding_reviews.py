"""What of review meetings and joint quality plans a search finds, where their parts stand, what is due on which day.

What is read here for the index knows no viewer; :func:`search_sight` decides what of it is found.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from baton.agreements.models import (
    AgendaItem,
    Confirmation,
    Decision,
    MeetingPerson,
    PlanEdition,
    PlanGoal,
    PlanItem,
    QualityPlan,
    ReviewMeeting,
)
from baton.agreements.queries.dates import SHOWN
from baton.agreements.queries.plans import items_owed_by, plans_in_sight
from baton.agreements.queries.reviews import decisions_in_sight, meetings_in_sight, owed_by
from baton.agreements.rules.plans import ItemState
from baton.agreements.rules.reviews import MeetingState
from baton.chain.queries.discussing import heads_of_link, link_called
from baton.core import formats
from baton.core.actors import Actor
from baton.core.days import day_of
from baton.core.policy import may_use
from baton.core.registries import DatedEvent, Findable

if TYPE_CHECKING:
    from baton.core.models import Person, Record

PARTS: dict[str, tuple[type[Record], str]] = {
    MeetingPerson.kind: (MeetingPerson, "meeting"),
    AgendaItem.kind: (AgendaItem, "meeting"),
    Decision.kind: (Decision, "meeting"),
    PlanGoal.kind: (PlanGoal, "plan"),
    PlanItem.kind: (PlanItem, "plan"),
    PlanEdition.kind: (PlanEdition, "plan"),
    Confirmation.kind: (Confirmation, ""),
}
"""Kinds of parts of meetings and plans, and how one comes from them to what they are part of."""
_PAGES = {ReviewMeeting.kind: "/agreements/reviews/", QualityPlan.kind: "/agreements/plans/"}
"""Where the pages of the wholes begin, by kind."""
_WHOLES = {"meeting": ReviewMeeting.kind, "plan": QualityPlan.kind}


def search_sight(viewer: Actor, at: datetime) -> Mapping[str, Any]:
    """The meetings and plans that the viewer may know of; guests find none."""
    if not may_use(viewer):
        return {}
    return {
        ReviewMeeting.kind: meetings_in_sight(viewer=viewer, at=at),
        QualityPlan.kind: plans_in_sight(viewer=viewer, at=at),
    }


def sees(*, viewer: Actor, at: datetime, kind: str, public_id: str) -> bool:
    """Whether there is such a meeting, plan or part of one, and the viewer may know of it. Who keeps a decision sees
    it, too."""
    if kind == Decision.kind:
        return decisions_in_sight(viewer=viewer, at=at).filter(public_id=public_id).exists()
    meetings, plans = meetings_in_sight(viewer=viewer, at=at), plans_in_sight(viewer=viewer, at=at)
    if kind in _PAGES:
        seen: QuerySet[Any] = meetings if kind == ReviewMeeting.kind else plans
        return seen.filter(public_id=public_id).exists()
    if kind not in PARTS:
        return False
    model, path = PARTS[kind]
    rows = model._default_manager.filter(public_id=public_id)
    if kind == Confirmation.kind:
        return rows.filter(Q(meeting__in=meetings.values("pk")) | Q(edition__plan__in=plans.values("pk"))).exists()
    seen = meetings if path == "meeting" else plans
    return rows.filter(**{f"{path}__in": seen.values("pk")}).exists()


def address_of(kind: str, public_id: str) -> str:
    """The page on which a meeting, a plan or a part of one stands."""
    if kind in _PAGES:
        return f"{_PAGES[kind]}{public_id}/"
    if kind == PlanEdition.kind:
        return f"/agreements/plan-editions/{public_id}/"
    if kind == Confirmation.kind:
        return _address_of_confirmation(public_id)
    model, path = PARTS[kind]
    whole = model._default_manager.filter(public_id=public_id).values_list(f"{path}__public_id", flat=True).first()
    base = _PAGES[_WHOLES[path]]
    return f"{base}{whole}/" if whole is not None else base


def _address_of_confirmation(public_id: str) -> str:
    one = Confirmation.objects.filter(public_id=public_id).select_related("meeting", "edition").first()
    if one is not None and one.meeting is not None:
        return f"/agreements/reviews/{one.meeting.public_id}/"
    edition = one.edition if one is not None else None
    return f"/agreements/plan-editions/{edition.public_id}/" if edition is not None else "/agreements/reviews/"


def records_of_parts(kind: str, public_ids: Collection[str]) -> Iterable[str]:
    """The meetings or plans of which these are parts: they are found by the words of their parts."""
    model, path = PARTS[kind]
    return model._default_manager.filter(public_id__in=public_ids).values_list(f"{path}__public_id", flat=True)


def meetings_read(public_ids: Collection[str]) -> Iterator[Findable]:
    """Meetings by number, minutes, own points and decisions; no names of people."""
    rows = ReviewMeeting.objects.filter(public_id__in=public_ids)
    rows = rows.select_related("link__supplier", "link__customer", "link__output")
    for one in rows.prefetch_related("items", "decisions"):
        said = [text for item in one.items.all() for text in (item.title, item.minutes) if text]
        decided = [decision.words for decision in one.decisions.all()]
        yield Findable(
            one.public_id, one.number, one.link.output.name, texts=[*said, *decided, one.place],
            note=f"{one.link.supplier} → {one.link.customer} · {formats.day(day_of(one.starts_at))}",
            ended_on=day_of(one.closed_at) if one.state == MeetingState.CANCELLED and one.closed_at else None,
        )  # fmt: skip


def meeting_ids() -> Iterable[str]:
    """Every meeting."""
    return ReviewMeeting.objects.values_list("public_id", flat=True)


def plans_read(public_ids: Collection[str]) -> Iterator[Findable]:
    """Plans by number, goals and items."""
    rows = QualityPlan.objects.filter(public_id__in=public_ids)
    rows = rows.select_related("link__supplier", "link__customer", "link__output")
    for one in rows.prefetch_related("goals", "items"):
        goals = [text for goal in one.goals.all() if not goal.dropped for text in goal.words.values()]
        live = [item for item in one.items.all() if item.state != ItemState.DROPPED]
        said = [text for item in live for text in (*item.what.values(), item.measure, item.note) if text]
        yield Findable(
            one.public_id, one.number, one.link.output.name, texts=[*goals, *said],
            note=f"{one.link.supplier} → {one.link.customer}", ended_on=one.link.ended_on,
        )  # fmt: skip


def plan_ids() -> Iterable[str]:
    """Every plan."""
    return QualityPlan.objects.values_list("public_id", flat=True)


def meeting_called(public_id: str) -> Mapping[str, str]:
    """``RM-2026-0001 · Laundry → Ward 3: clean linen``, without names of persons."""
    one = ReviewMeeting.objects.select_related("link").get(public_id=public_id)
    return {code: f"{one.number} · {text}" for code, text in link_called(one.link.public_id).items()}


def plan_called(public_id: str) -> Mapping[str, str]:
    """``QP-2026-0001 · Laundry → Ward 3: clean linen``, without names of persons."""
    one = QualityPlan.objects.select_related("link").get(public_id=public_id)
    return {code: f"{one.number} · {text}" for code, text in link_called(one.link.public_id).items()}


def told_of_meeting(public_id: str, day: date) -> Iterable[Person]:
    """The people of the meeting who sign in."""
    rows = MeetingPerson.objects.filter(meeting__public_id=public_id, removed_at__isnull=True, person__is_active=True)
    return [one.person for one in rows.select_related("person") if one.person is not None]


def told_of_plan(public_id: str, day: date) -> Iterable[Person]:
    """The heads of both sides."""
    one = QualityPlan.objects.select_related("link").get(public_id=public_id)
    return heads_of_link(one.link.public_id, day)


def dates_of_reviews(viewer: Actor, at: datetime, first: date) -> Iterator[DatedEvent]:
    """Meetings in sight from ``first`` on, and what the viewer himself said he would do, in his language."""
    if not may_use(viewer):
        return
    planned = meetings_in_sight(viewer=viewer, at=at).filter(state=MeetingState.PLANNED, ends_at__gte=at)
    sides = ("link__supplier", "link__customer", "link__output")
    for one in planned.select_related(*sides).order_by("starts_at", "pk")[:SHOWN]:
        day, link = day_of(one.starts_at), one.link
        if day >= first:
            about = formats.labelled(f"{link.supplier} → {link.customer}", link.output)
            title = _("Review meeting {number}, {moment}").format(
                number=one.number, moment=formats.moment(one.starts_at)
            )
            text = formats.labelled(about, one.place) if one.place else about
            yield DatedEvent(f"{one.public_id}-meets", day, title, f"/agreements/reviews/{one.public_id}/", text)
    for decision in owed_by(viewer=viewer, at=at):
        if decision.due_on >= first:
            address = f"/agreements/reviews/{decision.meeting.public_id}/#d-{decision.public_id}"
            title = _("Due: {what}").format(what=decision.words)
            yield DatedEvent(f"{decision.public_id}-due", decision.due_on, title, address, decision.meeting.number)
    for item in items_owed_by(viewer=viewer, at=at):
        if item.due_on is not None and item.due_on >= first:
            address = f"/agreements/plans/{item.plan.public_id}/#i-{item.public_id}"
            yield DatedEvent(
                f"{item.public_id}-due", item.due_on, _("Due: {what}").format(what=item), address, item.plan.number
            )
