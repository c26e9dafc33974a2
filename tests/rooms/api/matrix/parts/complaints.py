"""Complaints that Ward 3 has with the Laundry, taken down by one of its members."""

from __future__ import annotations

from datetime import UTC, datetime

from baton.feedback import changes
from baton.feedback.rules.complaints import Channel
from tests.rooms.api.matrix.made import VERSION, Made, Reads, Writes
from tests.rooms.api.matrix.people import EVERYBODY, GUESTS, LINKS_ALL, OF_THE_LAUNDRY, OF_THE_WARD
from tests.rooms.feedback.complaining import closed, decided, investigated, received, resolved
from tests.world import World

# who belongs to a side, and quality manager, director, auditor
SEES = OF_THE_WARD | LINKS_ALL | {"zhao_lei", "gao_ming"}
# who leads the Laundry, and the quality manager; who took it down
LEADS = OF_THE_LAUNDRY
HANDLES = LEADS | {"chen_jie"}

READS: Reads = {
    "list_complaints": (EVERYBODY, {"": 403}),
    "read_complaint": (SEES, {"": 404}),
}

WRITES: Writes = {
    "receive_complaint": (EVERYBODY - GUESTS, frozenset(), 403),
    "route_complaint": (LEADS, SEES, 404),
    "acknowledge_complaint": (HANDLES, SEES, 404),
    "investigate_complaint": (LEADS, SEES, 404),
    "decide_complaint": (LEADS, SEES, 404),
    "record_complaint_result": (HANDLES, SEES, 404),
    "prevent_complaint_recurrence": (HANDLES, SEES, 404),
    "notify_complainant": (HANDLES, SEES, 404),
    "close_complaint": (HANDLES, SEES, 404),
    "drop_complaint": (LEADS, SEES, 404),
    "reopen_complaint": (HANDLES, SEES, 404),
}


def made(world: World) -> Made:
    """One in each state that a call is about."""
    at = datetime.now(UTC)
    by = world.actor(world.chen_jie)
    ready = resolved(world, received(world, at=at), at)
    changes.notify_customer(by=by, at=at, complaint=ready, channel=Channel.PHONE)
    changes.prevent_recurrence(by=by, at=at, complaint=ready, words="Weekly")
    words = {"words": "As it is", "version": VERSION}
    told = {"channel": "phone", "version": VERSION}
    why = {"reason": "As it is", "version": VERSION}
    return Made(
        own={"complaints": received(world, at=at)},
        of_call={
            # decided by the quality manager or by whoever leads the Laundry, none of whom found its cause
            "decide_complaint": _found_by_a_member(world, at),
            "record_complaint_result": decided(world, received(world, at=at), at),
            "prevent_complaint_recurrence": decided(world, received(world, at=at), at),
            "notify_complainant": resolved(world, received(world, at=at), at), "close_complaint": ready,
            "reopen_complaint": closed(world, received(world, at=at), at),
        },
        bodies={
            "receive_complaint": {"phenomenon": "Damp", "customer_name": "Ward 5"},
            "route_complaint": {"supplier": world.laundry.public_id, "version": VERSION},
            "acknowledge_complaint": told, "notify_complainant": told,
            "investigate_complaint": words, "decide_complaint": words, "record_complaint_result": words,
            "prevent_complaint_recurrence": words, "close_complaint": {"version": VERSION},
            "drop_complaint": why, "reopen_complaint": why,
        },
    )  # fmt: skip


def _found_by_a_member(world: World, at: datetime) -> object:
    one = received(world, at=at)
    changes.route_complaint(by=world.actor(world.lin_mei), at=at, complaint=one, investigator=world.gao_ming)
    one.refresh_from_db()
    found = investigated(world, one, at, world.gao_ming)
    changes.route_complaint(by=world.actor(world.lin_mei), at=at, complaint=found)
    found.refresh_from_db()
    return found
