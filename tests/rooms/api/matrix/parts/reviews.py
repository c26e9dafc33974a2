"""Review meetings with agenda and decisions, and joint quality plans, of the link from the Laundry to Ward 3."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from baton.agreements.changes import agenda, decisions, plans, reviews
from baton.agreements.changes.plans import Described
from baton.agreements.models import MeetingPerson
from baton.agreements.rules import Side
from baton.agreements.rules.reviews import Attendance
from baton.core.days import day_of
from tests.rooms.api.matrix.made import VERSION, Made, Reads, Writes
from tests.rooms.api.matrix.people import (
    EVERYBODY,
    GUESTS,
    HEADS_OF_THE_WARD,
    LINKS_ALL,
    LINKS_OF_THE_WARD,
    OF_THE_WARD,
)
from tests.world import NOON, World

# who belongs to a side of the link, and who sees all links
OF_BOTH_SIDES = LINKS_ALL | OF_THE_WARD | {"zhao_lei", "gao_ming"}
# who writes what the laboratory and the ward do together
LINKS_OF_THE_RESULTS = HEADS_OF_THE_WARD | {"zhou_min", "ma_chao"}

READS: Reads = {
    **dict.fromkeys(("list_reviews", "list_decisions", "list_quality_plans"), (EVERYBODY - GUESTS, {"": 403})),
    **dict.fromkeys(
        ("read_review", "read_decision", "read_quality_plan", "read_plan_edition"),
        (OF_BOTH_SIDES, {"tom_reed": 403, "": 404}),
    ),
}

WRITES: Writes = {
    "plan_review": (LINKS_OF_THE_WARD, OF_BOTH_SIDES, 422),
    "begin_quality_plan": (LINKS_OF_THE_RESULTS, LINKS_ALL | OF_THE_WARD, 422),
    "forget_meeting_name": (frozenset({"lin_mei"}), OF_BOTH_SIDES, 404),
    **dict.fromkeys(
        (
            "add_agenda_item", "add_plan_goal", "add_plan_item", "cancel_review", "change_decision",
            "change_plan_goal", "change_plan_item", "close_review", "end_decision", "hand_over_decision",
            "invite_to_review", "issue_quality_plan", "move_agenda_item", "move_review", "note_attendance",
            "note_decision", "renew_agenda", "reopen_decision", "report_plan_item", "set_agenda_item_fate",
            "set_plan_goal_aside", "take_off_review", "write_minutes",
        ),
        (LINKS_OF_THE_WARD, OF_BOTH_SIDES, 404),
    ),
}  # fmt: skip


def made(world: World) -> Made:
    """By the head of the ward: a meeting that has begun, with people, a point and decisions, and a plan with an edition
    before its goal."""
    by, link = world.actor(world.wang_fang), world.laundry_ward
    soon = NOON + timedelta(days=1)
    meeting = reviews.plan_meeting(by=by, at=NOON, link=link, starts_at=soon, ends_at=soon + timedelta(hours=1))
    guest = reviews.invite(by=by, at=NOON, meeting=meeting, name="Ana Silva", side=Side.SUPPLIER)
    item = agenda.add_item(by=by, at=NOON, meeting=meeting, title="Lift")
    owner = meeting.people.get(person=world.zhao_lei)
    reviews.note_attendance(by=by, at=NOON, meeting=meeting, attendance={owner.public_id: Attendance.PRESENT})
    said = {"words": "Repair it", "owner": owner, "due_on": soon.date()}
    decision, done = (decisions.decide(by=by, at=NOON, meeting=meeting, **said) for _ in range(2))
    done = decisions.end_decision(by=by, at=NOON, decision=done, done=False, note="The lift was sold")
    plan = plans.begin_plan(by=by, at=NOON, link=link)
    part = plans.add_plan_item(
        by=by, at=NOON, plan=plan, said=Described(what={"en": "Count sheets"}, side=Side.SUPPLIER)
    )
    edition = plans.issue_plan(by=by, at=NOON, plan=plan)
    goal = plans.add_goal(by=by, at=NOON, plan=plan, words={"en": "Clean beds"})
    return Made(
        own={
            "reviews": meeting, "agenda-items": item, "meeting-people": guest, "decisions": decision,
            "quality-plans": plan, "plan-items": part, "plan-goals": goal, "plan-editions": edition,
        },
        of_call={"reopen_decision": done},
        bodies=_of_meetings(world, owner) | _of_plans(world),
    )  # fmt: skip


def _of_meetings(world: World, owner: MeetingPerson) -> dict[str, dict[str, Any]]:
    begins = datetime.now(UTC) + timedelta(days=10)
    when = {"starts_at": begins.isoformat(), "ends_at": (begins + timedelta(hours=1)).isoformat()}
    decided = {"words": "Repair it", "owner": owner.public_id, "due_on": day_of(begins).isoformat()}
    return {
        "plan_review": {"link": world.laundry_ward.public_id, **when},
        "move_review": {**when, "version": VERSION},
        "cancel_review": {"why": "Flu", "version": VERSION},
        "close_review": {"version": VERSION},
        "note_attendance": {"attendance": {owner.public_id: "excused"}},
        "invite_to_review": {"person": world.chen_jie.public_id},
        "forget_meeting_name": {"why": "He asked for it"},
        "add_agenda_item": {"title": "Sheets for the new ward"},
        "move_agenda_item": {"position": 1},
        "set_agenda_item_fate": {"fate": "postponed"},
        "write_minutes": {"minutes": "Repaired by Friday", "version": VERSION},
        "note_decision": decided,
        "change_decision": {**decided, "version": VERSION},
        "end_decision": {"done": False, "note": "The lift was sold", "version": VERSION},
        "reopen_decision": {"why": "It was not", "version": VERSION},
        "hand_over_decision": {"person": world.gao_ming.public_id, "version": VERSION},
    }


def _of_plans(world: World) -> dict[str, dict[str, Any]]:
    said = {"what": {"en": "Count sheets twice"}, "side": "supplier"}
    return {
        "begin_quality_plan": {"link": world.lab_ward.public_id},
        "add_plan_goal": {"words": {"en": "Dry beds"}},
        "change_plan_goal": {"words": {"en": "Dry beds"}, "version": VERSION},
        "set_plan_goal_aside": {"dropped": True, "version": VERSION},
        "add_plan_item": said,
        "change_plan_item": {**said, "version": VERSION},
        "report_plan_item": {"state": "doing", "version": VERSION},
        "issue_quality_plan": {},
    }
