"""What somebody of Ward 3 needs to serve well, addressed to the head."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from tests.rooms.api.matrix.made import VERSION, Made, Reads, Writes
from tests.rooms.api.matrix.people import EVERYBODY, GUESTS, HEADS_OF_THE_WARD
from tests.rooms.feedback.test_needs import promised, said
from tests.world import World

# the asker, whoever leads his department or one above it with everything, and the quality manager
ANSWERS = HEADS_OF_THE_WARD
SEES = ANSWERS | {"chen_jie"}
# who belongs to a department that somebody else leads, or that stands in one
ASKS = frozenset({"chen_jie", "sun_lei", "gao_ming", "zhou_min", "wang_fang"})

READS: Reads = {
    "list_employee_needs": (EVERYBODY - GUESTS, {"": 403}),
    "read_employee_need": (SEES, {"tom_reed": 403, "": 404}),
}

WRITES: Writes = {
    "say_employee_need": (ASKS, frozenset(), 422),
    "promise_employee_need": (ANSWERS, SEES, 404),
    "decline_employee_need": (ANSWERS, SEES, 404),
    "judge_employee_need": (frozenset({"chen_jie"}), SEES, 404),
    "withdraw_employee_need": (frozenset({"chen_jie"}), SEES, 404),
}


def made(world: World) -> Made:
    """One that waits, and one that is promised."""
    day = (datetime.now(UTC) + timedelta(days=30)).date().isoformat()
    return Made(
        own={"employee-needs": said(world)},
        of_call={"judge_employee_need": promised(world, said(world))},
        bodies={
            "say_employee_need": {"category": "training", "words": "A course", "addressee": "head"},
            "promise_employee_need": {
                "words": "On Monday", "owner": world.wang_fang.public_id, "promised_for": day, "version": VERSION,
            },
            "decline_employee_need": {"words": "No budget this year", "version": VERSION},
            "judge_employee_need": {"met": True, "words": "", "version": VERSION},
            "withdraw_employee_need": {"version": VERSION},
        },
    )  # fmt: skip
