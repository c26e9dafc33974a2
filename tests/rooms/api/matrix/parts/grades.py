"""What Ward 3 thinks of the Laundry, with a name: a round that is open, and one that is closed."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

from tests.rooms.api.matrix.made import VERSION, Made, Reads, Writes
from tests.rooms.api.matrix.people import EVERYBODY, GUESTS
from tests.rooms.feedback.graded import HAPPENED, replied, round_closed, round_opened, row
from tests.world import World

RUNS = frozenset({"lin_mei"})
# whoever speaks for Ward 3
GIVES = frozenset({"wang_fang", "zhou_min", "liu_yang"})
# of the closed round also the head of the Laundry, quality manager and director
READS_CLOSED = GIVES | {"zhao_lei", "lin_mei", "he_jun"}

# of what the Laundry promised: its head, and who is to see to it
OWES = frozenset({"zhao_lei", "gao_ming"})

READS: Reads = {
    "list_grade_rounds": (EVERYBODY - GUESTS, {"": 403}),
    "read_grade_round": (EVERYBODY - GUESTS, {"": 403}),
    "list_department_grades": (EVERYBODY - GUESTS, {"": 403}),
    "read_department_grade": (READS_CLOSED, {"tom_reed": 403, "": 404}),
    "list_grade_promises": (EVERYBODY - GUESTS, {"": 403}),
    "read_grade_promise": (OWES, {"tom_reed": 403, "": 404}),
}

WRITES: Writes = {
    **dict.fromkeys(
        ("open_grade_round", "move_grade_round", "close_grade_round", "withdraw_grade_round"), (RUNS, EVERYBODY, 403)
    ),
    "give_department_grade": (GIVES, GIVES, 404),
    "reply_to_department_grade": (frozenset({"zhao_lei"}), READS_CLOSED, 404),
    "finish_grade_promise": (OWES, OWES, 404),
}


def made(world: World) -> Made:
    """Both."""
    closed = round_closed(world)
    living = round_opened(world, began_on=date(2026, 4, 1), until_on=date(2026, 6, 30))
    fresh = round_opened(world, began_on=date(2026, 7, 1), until_on=date(2026, 7, 31))
    before = round_closed(world, round_opened(world, began_on=HAPPENED, until_on=HAPPENED))
    promised = replied(world, row(before, world.ward, world.laundry))
    day = (datetime.now(UTC) + timedelta(days=9)).date().isoformat()
    return Made(
        own={"grade-rounds": living, "department-grades": row(closed, world.ward, world.laundry),
             "grade-promises": promised},
        of_call={
            "withdraw_grade_round": fresh, "give_department_grade": row(living, world.ward, world.laundry),
        },
        bodies={
            "open_grade_round": {
                "title": {"en": "August"}, "began_on": "2026-08-01", "until_on": "2026-08-31", "closes_on": day,
            },
            "move_grade_round": {"closes_on": day, "version": VERSION},
            "close_grade_round": {"reason": "All have graded", "version": VERSION},
            "withdraw_grade_round": {"reason": "The wrong month", "version": VERSION},
            "give_department_grade": {"grade": "B", "version": VERSION},
            "reply_to_department_grade": {
                "reply": "A second round", "owner": world.gao_ming.public_id, "promised_for": day, "version": VERSION,
            },
            "finish_grade_promise": {"outcome": "It runs", "version": VERSION},
        },
    )  # fmt: skip
