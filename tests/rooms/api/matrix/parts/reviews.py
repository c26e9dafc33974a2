"""Review meetings with agenda and decisions, and joint quality plans, of the link from the Laundry to Ward 3."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from baton.agreements.changes import agenda, decisions, plans, reviews
from baton.agreements.changes.plans import Described
from baton.agreements.rules import Side
from tests.rooms.api.matrix.made import VERSION, Made, Reads, Writes
from tests.rooms.api.matrix.people import EVERYBODY, GUESTS, LINKS_ALL, LINKS_OF_THE_WARD, OF_THE_WARD
from tests.world import NOON, World

# who belongs to a side of the link, and who sees all links
OF_BOTH_SIDES = LINKS_ALL | OF_THE_WARD | {"zhao_lei", "gao_ming"}

READS: Reads = {
    **dict.fromkeys(("list_reviews", "list_decisions", "list_quality_plans"), (EVERYBODY - GUESTS, {"": 403})),
    **dict.fromkeys(("read_review", "read_decision", "read_quality_plan"), (OF_BOTH_SIDES, {"tom_reed": 403, "": 404})),
}

WRITES: Writes = {
    "plan_review": (LINKS_OF_THE_WARD, OF_BOTH_SIDES, 422),
    **dict.fromkeys(
        ("add_agenda_item", "write_minutes", "end_decision", "add_plan_item", "change_plan_item"),
        (LINKS_OF_THE_WARD, OF_BOTH_SIDES, 404),
    ),
}


def made(world: World) -> Made:
    """By the head of the ward: a meeting with a point and a decision, and a plan with an item."""
    by, link = world.actor(world.wang_fang), world.laundry_ward
    soon = NOON + timedelta(days=1)
    meeting = reviews.plan_meeting(by=by, at=NOON, link=link, starts_at=soon, ends_at=soon + timedelta(hours=1))
    item = agenda.add_item(by=by, at=NOON, meeting=meeting, title="Lift")
    decision = decisions.decide(
        by=by, at=NOON, meeting=meeting, words="Repair it", owner=meeting.people.get(person=world.zhao_lei),
        due_on=soon.date(),
    )  # fmt: skip
    plan = plans.begin_plan(by=by, at=NOON, link=link)
    part = plans.add_plan_item(
        by=by, at=NOON, plan=plan, said=Described(what={"en": "Count sheets"}, side=Side.SUPPLIER)
    )
    begins = datetime.now(UTC) + timedelta(days=10)
    said = {"what": {"en": "Count sheets twice"}, "side": "supplier"}
    return Made(
        own={
            "reviews": meeting, "agenda-items": item, "decisions": decision, "quality-plans": plan, "plan-items": part,
        },
        bodies={
            "plan_review": {
                "link": link.public_id, "starts_at": begins.isoformat(),
                "ends_at": (begins + timedelta(hours=1)).isoformat(),
            },
            "add_agenda_item": {"title": "Sheets for the new ward"},
            "write_minutes": {"minutes": "Repaired by Friday", "version": VERSION},
            "end_decision": {"done": False, "note": "The lift was sold", "version": VERSION},
            "add_plan_item": said,
            "change_plan_item": {**said, "version": VERSION},
        },
    )  # fmt: skip
