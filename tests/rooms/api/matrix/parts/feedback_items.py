"""What somebody of Ward 3 told about the Laundry."""

from __future__ import annotations

from tests.rooms.api.matrix.made import VERSION, Made, Reads, Writes
from tests.rooms.api.matrix.people import EVERYBODY, GUESTS, OF_THE_LAUNDRY
from tests.rooms.feedback.told import told
from tests.world import World

# who told it, who leads the Laundry, quality manager, director, auditor
SEES = OF_THE_LAUNDRY | {"chen_jie", "he_jun", "wu_tao"}
READS: Reads = {
    "list_feedback": (EVERYBODY - GUESTS, {"": 403}),
    "read_feedback": (SEES, {"tom_reed": 403, "": 404}),
}
_TELLS = (EVERYBODY - GUESTS, frozenset[str](), 403)
_DEALS = (OF_THE_LAUNDRY, SEES, 404)
WRITES: Writes = {
    "tell_feedback": _TELLS,
    "enter_feedback": _TELLS,
    "answer_feedback": _DEALS,
    "leave_feedback": _DEALS,
    "thank_for_feedback": _DEALS,
    "pass_on_feedback": _DEALS,
    "sort_feedback": _DEALS,
}


def made(world: World) -> Made:
    """One that waits."""
    said = {"words": "As it is", "version": VERSION}
    return Made(
        own={"feedback-items": told(world)},
        bodies={
            "tell_feedback": {"words": "Damp again"},
            "enter_feedback": {"words": "Damp again", "channel": "paper"},
            "answer_feedback": said,
            "leave_feedback": said,
            "thank_for_feedback": {**said, "party": world.laundry.public_id},
            "pass_on_feedback": {"party": world.ward.public_id, "version": VERSION},
            "sort_feedback": {"category": "suggestion", "version": VERSION},
        },
    )
