"""What stands behind the addresses of review meetings and joint quality plans, and the corpus in all their texts; see
:mod:`tests.browser.agreement_records`."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from baton.agreements.changes import agenda, closing_reviews, decisions, plans, reviews
from baton.agreements.changes.plans import Described
from baton.agreements.models import QualityPlan, ReviewMeeting
from baton.agreements.rules import Side
from baton.agreements.rules.reviews import Attendance
from tests.browser.vectors import fitting
from tests.world import World

if TYPE_CHECKING:
    from baton.chain.models import Link
    from baton.core.actors import Actor

Values = tuple[dict[str, str], ...]
HOUR = timedelta(hours=1)


def review_values(world: World, link: Link) -> dict[str, Values]:
    """Route -> what fills its placeholders: a meeting that is planned and one that was held, a decision, a plan with a
    goal, an item and an edition that was not signed."""
    by, now = world.actor(world.lin_mei), datetime.now(UTC)
    met = _held(by, link, now - timedelta(days=3), "")
    meeting = _planned(by, link, now)
    ana = reviews.invite(by=by, at=now, meeting=meeting, name="Ana Silva", side=Side.SUPPLIER)
    item = agenda.add_item(by=by, at=now, meeting=meeting, title="Sheets for the new ward")
    decision = decisions.decide(
        by=by,
        at=now,
        meeting=meeting,
        words="Order sheets",
        owner=ana,
        due_on=now.date() + timedelta(days=1),
        item=item,
    )
    plan = plans.begin_plan(by=by, at=now, link=link)
    goal = plans.add_goal(by=by, at=now, plan=plan, words={"en": "Patients sleep in clean beds"})
    said = Described(what={"en": "Count sheets"}, side=Side.SUPPLIER, goal=goal)
    part = plans.add_plan_item(by=by, at=now, plan=plan, said=said)
    edition = plans.issue_plan(by=by, at=now, plan=plan)
    return {
        "agreements/reviews/": ({"public_id": meeting.public_id},),
        "agreements/reviews/plan/": ({"link": link.public_id},),
        "agreements/reviews/<slug:public_id>/confirm/<slug:side>/": ({"public_id": met.public_id, "side": "customer"},),
        "agreements/reviews/<slug:public_id>/ask/<slug:side>/": ({"public_id": met.public_id, "side": "customer"},),
        "agreements/meeting-people/": ({"public_id": ana.public_id},),
        "agreements/agenda-items/": ({"public_id": item.public_id, "fate": "postpone"},),
        "agreements/decisions/": ({"public_id": decision.public_id},),
        "agreements/plans/": ({"public_id": plan.public_id},),
        "agreements/plans/begin/": ({"link": link.public_id},),
        "agreements/plan-goals/": ({"public_id": goal.public_id},),
        "agreements/plan-items/": ({"public_id": part.public_id},),
        "agreements/plan-editions/": ({"public_id": edition.public_id, "side": "customer"},),
    }


def enter_reviews(world: World, link: Link, at: datetime) -> None:
    """The corpus in every text: of meetings that are planned, held and cancelled, and of the plan."""
    by = world.actor(world.lin_mei)
    _held(by, link, at - timedelta(days=2), fitting(500, 3))
    off = _planned(by, link, at, fitting(200, 5))
    reviews.cancel_meeting(by=by, at=at, meeting=off, reason=fitting(500, 8))
    meeting = ReviewMeeting.objects.get(link=link, state="planned")
    reviews.invite(by=by, at=at, meeting=meeting, name=fitting(120, 2), side=Side.SUPPLIER)
    agenda.renew_agenda(by=by, at=at, meeting=meeting)
    plan = QualityPlan.objects.get(link=link)
    words = {"en": fitting(200, 4), "zh-hans": fitting(200, 6)}
    goal = plans.add_goal(by=by, at=at, plan=plan, words=words)
    said = Described(
        what=words, side=Side.CUSTOMER, goal=goal, measure=fitting(200, 9), target=fitting(200, 1), note=fitting(500, 7)
    )
    plans.add_plan_item(by=by, at=at, plan=plan, said=said)
    plans.issue_plan(by=by, at=at, plan=plan, note=fitting(500, 11))


def _planned(by: Actor, link: Link, at: datetime, place: str = "Room 4") -> ReviewMeeting:
    soon = at + timedelta(days=2)
    return reviews.plan_meeting(by=by, at=at, link=link, starts_at=soon, ends_at=soon + HOUR, place=place)


def _held(by: Actor, link: Link, at: datetime, words: str) -> ReviewMeeting:
    """A meeting that was held and closed; with ``words`` in its minutes, decisions and the reason of its outcome."""
    met = reviews.plan_meeting(by=by, at=at, link=link, starts_at=at + HOUR, ends_at=at + 2 * HOUR)
    came = {one.public_id: Attendance.PRESENT for one in met.people.all()}
    over = at + 3 * HOUR
    reviews.note_attendance(by=by, at=over, meeting=met, attendance=came)
    if words:
        item = agenda.add_item(by=by, at=at, meeting=met, title=words)
        agenda.write_minutes(by=by, at=over, item=item, minutes=words)
        person = met.people.all()[0]
        due = over.date() + timedelta(days=1)
        decisions.decide(by=by, at=over, meeting=met, words=words, owner=person, due_on=due, item=item)
        done = decisions.decide(by=by, at=over, meeting=met, words=words, owner=person, due_on=due)
        decisions.end_decision(by=by, at=over, decision=done, done=True, note=words)
    return closing_reviews.close_meeting(by=by, at=over, meeting=met, reason=words)
