"""Joint quality plans are begun, written by both sides, and issued in editions."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING

from django.db.models import Max

from baton.agreements import policy
from baton.agreements.changes.checks import note_given, reason_given, texts_given
from baton.agreements.models import PlanEdition, PlanGoal, PlanItem, QualityPlan
from baton.agreements.queries.plans import clauses_of_link, content_now, state_of
from baton.agreements.rules import Side
from baton.agreements.rules.plans import MEASURE_LENGTH, MOST_EDITIONS, MOST_GOALS, MOST_ITEMS, ItemState
from baton.agreements.rules.reviews import FARTHEST
from baton.chain import queries as chain
from baton.chain.policy import standing_of
from baton.core.actors import Actor
from baton.core.audit.trail import Trail, change
from baton.core.changes import next_number
from baton.core.days import day_of
from baton.core.errors import Refused, TooLong
from baton.core.policy import demand
from baton.core.texts import Texts, clean_text, folded
from baton_analysis.errors import gettext_noop

if TYPE_CHECKING:
    from baton.chain.models import Link, OutsideNeed
    from baton.core.models import Person


@dataclass(frozen=True, slots=True, kw_only=True)
class Described:
    """What an item says. ``line`` is that of the clause it supports, ``person`` who of the ``side`` sees to it."""

    what: Texts
    side: Side
    goal: PlanGoal | None = None
    line: str = ""
    person: Person | None = None
    due_on: date | None = None
    state: ItemState = ItemState.PLANNED
    measure: str = ""
    target: str = ""
    note: str = ""


def begin_plan(*, by: Actor, at: datetime, link: Link) -> QualityPlan:
    """Begin the joint plan of a link; refused where it has one."""
    with change(by=by, at=at) as trail:
        link = chain.link(viewer=by, at=at, public_id=link.public_id)
        demand(policy.may_write(standing_of(by, day_of(at)), link))
        if (known := QualityPlan.objects.filter(link=link).first()) is not None:
            raise Refused(
                expected=gettext_noop("Expected a link without a joint quality plan."),
                found=gettext_noop("{number} is the plan of this link."),
                remedy=gettext_noop("Open it and write there."),
                number=known.number,
            )
        plan = QualityPlan(link=link, number=next_number(prefix="QP", at=at))
        plan.search_text = folded(plan.number)
        return trail.save(plan, "quality_plan.begun")


def add_goal(
    *, by: Actor, at: datetime, plan: QualityPlan, words: Texts, need: OutsideNeed | None = None
) -> PlanGoal:  # fmt: skip
    """A goal at the end of the plan: what it is to reach for the outside customer."""
    with change(by=by, at=at) as trail:
        held = _to_edit(trail, plan)
        _refuse_too_many(PlanGoal.objects.filter(plan=held, dropped=False).count(), MOST_GOALS)
        place = PlanGoal.objects.filter(plan=held).aggregate(last=Max("position"))["last"] or 0
        goal = PlanGoal(plan=held, position=place + 1, words=texts_given(words, "words"), need=need)
        return trail.save(goal, "plan_goal.added")


def change_goal(
    *, by: Actor, at: datetime, goal: PlanGoal, words: Texts, need: OutsideNeed | None = None,
    expected_seq: int | None = None,
) -> PlanGoal:  # fmt: skip
    """Other words, or another need that it serves."""
    with change(by=by, at=at) as trail:
        _to_edit(trail, goal.plan)
        fresh = trail.lock(PlanGoal, goal, expected_seq=expected_seq)
        fresh.words, fresh.need = texts_given(words, "words"), need
        return trail.save(fresh, "plan_goal.changed")


def set_goal_aside(
    *, by: Actor, at: datetime, goal: PlanGoal, dropped: bool, expected_seq: int | None = None
) -> PlanGoal:
    """Take a goal out of the plan, or take it up again; its items stay."""
    with change(by=by, at=at) as trail:
        held = _to_edit(trail, goal.plan)
        fresh = trail.lock(PlanGoal, goal, expected_seq=expected_seq)
        if fresh.dropped and not dropped:
            _refuse_too_many(PlanGoal.objects.filter(plan=held, dropped=False).count(), MOST_GOALS)
        fresh.dropped = dropped
        return trail.save(fresh, "plan_goal.taken_out" if dropped else "plan_goal.taken_up")


def add_plan_item(*, by: Actor, at: datetime, plan: QualityPlan, said: Described) -> PlanItem:
    """An item at the end of the plan."""
    with change(by=by, at=at) as trail:
        held = _to_edit(trail, plan)
        _refuse_dropping(said)
        _refuse_too_many(_live_items(held), MOST_ITEMS)
        place = PlanItem.objects.filter(plan=held).aggregate(last=Max("position"))["last"] or 0
        item = PlanItem(plan=held, position=place + 1)
        _describe(trail, item, said)
        return trail.save(item, "plan_item.added")


def change_plan_item(
    *, by: Actor, at: datetime, item: PlanItem, said: Described, expected_seq: int | None = None
) -> PlanItem:
    """All that an item says. Of two who change it at once the second sees both texts and keeps what he wrote."""
    with change(by=by, at=at) as trail:
        _to_edit(trail, item.plan)
        fresh = trail.lock(PlanItem, item, expected_seq=expected_seq)
        _refuse_dropping(said)
        _refuse_too_many_items(fresh, said.state)
        _describe(trail, fresh, said)
        return trail.save(fresh, "plan_item.changed")


def report_plan_item(
    *, by: Actor, at: datetime, item: PlanItem, state: ItemState, note: str = "", expected_seq: int | None = None
) -> PlanItem:
    """How far an item has come: for who sees to it, and who writes the plan. Taking it out needs a reason."""
    text = reason_given(note, "note") if state is ItemState.DROPPED else note_given(note, "note")
    with change(by=by, at=at, reason=text if state is ItemState.DROPPED else "") as trail:
        plan = QualityPlan.objects.select_related("link__supplier", "link__customer", "link__output").get(
            pk=item.plan_id
        )
        fresh = trail.lock(PlanItem, item, expected_seq=expected_seq)
        standing = standing_of(by, day_of(at))
        fresh.plan = plan
        demand(policy.may_keep_decision(standing, plan.link, keeper=fresh.person_id))
        _refuse_a_closed_link(plan)
        _refuse_too_many_items(fresh, state)
        _set_state(fresh, state, day_of(at))
        fresh.note = text
        _sign_change(trail, fresh)
        return trail.save(fresh, "plan_item.reported")


def issue_plan(*, by: Actor, at: datetime, plan: QualityPlan, note: str = "") -> PlanEdition:
    """Issue the plan as it stands, for both sides to sign. Refused: an empty plan, and one that has not changed since
    the edition before."""
    text = note_given(note, "note")
    with change(by=by, at=at) as trail:
        held = _to_edit(trail, plan)
        content = content_now(viewer=by, plan=held)
        if not content["items"]:
            raise Refused(
                expected=gettext_noop("Expected a plan with at least one item."),
                found=gettext_noop("It is empty."),
                remedy=gettext_noop("Write down who does what first."),
            )
        before = PlanEdition.objects.filter(plan=held).order_by("-edition").first()
        if before is not None and before.content == content:
            raise Refused(
                expected=gettext_noop("Expected a plan that was changed since its last edition."),
                found=gettext_noop("It says what edition {edition} says."),
                remedy=gettext_noop("Have that edition signed."),
                edition=before.edition,
            )
        number = before.edition + 1 if before is not None else 1
        _refuse_too_many(number - 1, MOST_EDITIONS)
        edition = PlanEdition(
            plan=held, edition=number, content=content, plan_seq=state_of(viewer=by, plan=held), note=text,
            issued_at=at, issued_by=by.person,
        )  # fmt: skip
        return trail.save(edition, "plan_edition.issued")


def _to_edit(trail: Trail, plan: QualityPlan) -> QualityPlan:
    held = trail.lock(QualityPlan, plan)
    _refuse_a_closed_link(held)
    demand(policy.may_write(standing_of(trail.by, day_of(trail.at)), held.link))
    return held


def _refuse_a_closed_link(plan: QualityPlan) -> None:
    if plan.link.ended_on is not None:
        raise Refused(
            expected=gettext_noop("Expected a link that goes on."),
            found=gettext_noop("It has ended."),
            remedy=gettext_noop("The plan can be read; write a new one on the link that takes its place."),
        )


def _refuse_too_many(count: int, most: int) -> None:
    if count >= most:
        raise Refused(
            expected=gettext_noop("Expected at most {most} of them."),
            remedy=gettext_noop("Take out what is over, or put together what belongs together."),
            most=most,
        )


def _live_items(plan: QualityPlan) -> int:
    return PlanItem.objects.filter(plan=plan).exclude(state=ItemState.DROPPED).count()


def _refuse_too_many_items(item: PlanItem, state: ItemState) -> None:
    """Refuse an item that is taken up again where the plan is full."""
    if item.state == ItemState.DROPPED and state is not ItemState.DROPPED:
        _refuse_too_many(_live_items(item.plan), MOST_ITEMS)


def _refuse_dropping(said: Described) -> None:
    if said.state is ItemState.DROPPED:
        raise Refused(
            field="state",
            expected=gettext_noop("Expected an item that is planned, in work or done."),
            found=gettext_noop("It would be taken out without a reason."),
            remedy=gettext_noop("Say how far it has come, with a note that says why it is taken out."),
        )


def _describe(trail: Trail, item: PlanItem, said: Described) -> None:
    item.what = texts_given(said.what, "what")
    keeps_side, item.side = item.side == said.side, said.side
    item.goal = said.goal if said.goal is not None and said.goal.plan_id == item.plan_id else None
    item.line = _line_given(trail, item, said.line)
    # Who saw to it before may have left meanwhile: he is not asked for again while nothing else of it changes.
    if said.person is None or not keeps_side or said.person.pk != item.person_id:
        item.person = _person_given(trail, item, said.person)
    item.due_on = _day_given(trail, item, said.due_on)
    item.measure, item.target = _short(said.measure, "measure"), _short(said.target, "target")
    item.note = note_given(said.note, "note")
    _set_state(item, said.state, day_of(trail.at))
    _sign_change(trail, item)


def _set_state(item: PlanItem, state: ItemState, day: date) -> None:
    if state is ItemState.DONE:
        item.done_on = item.done_on or day
    else:
        item.done_on = None
    item.state = state


def _sign_change(trail: Trail, item: PlanItem) -> None:
    """Who changed it, and of which side he is: of the one to which he alone belongs, or which the item is of."""
    item.changed_by, item.changed_at = trail.by.person, trail.at
    sides = policy.belongs_to(standing_of(trail.by, day_of(trail.at)), item.plan.link)
    item.changed_for = item.side if Side(item.side) in sides else next(iter(sides), "")


def _line_given(trail: Trail, item: PlanItem, line: str) -> str:
    if line and line != item.line and line not in clauses_of_link(viewer=trail.by, link=item.plan.link):
        raise Refused(
            field="line",
            expected=gettext_noop("Expected a clause of the agreement of this link."),
            found=gettext_noop("It is none of them any more."),
            remedy=gettext_noop("Choose another clause, or none."),
        )
    return line


def _person_given(trail: Trail, item: PlanItem, person: Person | None) -> Person | None:
    if person is None:
        return None
    if not person.is_active:
        raise Refused(
            field="person",
            expected=gettext_noop("Expected somebody who may sign in."),
            found=gettext_noop("He has left."),
            remedy=gettext_noop("Choose somebody else."),
        )
    link = item.plan.link
    if Side(item.side) not in policy.belongs_to(standing_of(Actor(person), day_of(trail.at)), link):
        party = link.supplier if item.side == Side.SUPPLIER else link.customer
        raise Refused(
            field="person",
            expected=gettext_noop("Expected somebody of {party}, the side that sees to it."),
            found=gettext_noop("He does not belong to it today."),
            remedy=gettext_noop("Choose somebody else or the other side; empty means who leads it."),
            party=str(party),
        )
    return person


def _day_given(trail: Trail, item: PlanItem, due_on: date | None) -> date | None:
    today = day_of(trail.at)
    if due_on is None or due_on == item.due_on or today <= due_on <= today + FARTHEST:
        return due_on
    raise Refused(
        field="due_on",
        expected=gettext_noop("Expected a day from today on, within three years."),
        found=gettext_noop("Found {day}."),
        remedy=gettext_noop("Give a later day; empty: it goes on."),
        day=due_on.isoformat(),
    )


def _short(raw: str, name: str) -> str:
    text = " ".join(clean_text(raw).split())
    if len(text) > MEASURE_LENGTH:
        raise TooLong(field=name, most=MEASURE_LENGTH, length=len(text))
    return text
