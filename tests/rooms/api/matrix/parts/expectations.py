"""What Ward 3 expects of the Laundry."""

from __future__ import annotations

from tests.rooms.api.matrix.made import VERSION, Made, Reads, Writes
from tests.rooms.api.matrix.people import EVERYBODY, GUESTS, LINKS_ALL, NEAR_THE_WARD
from tests.rooms.feedback.test_expectations import WORDS, expected
from tests.world import World

# seen by who sees the link, kept by who belongs to a side of it
SEES = LINKS_ALL | NEAR_THE_WARD
KEEPS = frozenset({"lin_mei", "liu_yang", "wang_fang", "zhou_min", "chen_jie", "sun_lei", "zhao_lei", "gao_ming"})

READS: Reads = {
    "list_expectations": (EVERYBODY - GUESTS, {"": 403}),
    "read_expectation": (SEES, {"tom_reed": 403, "": 404}),
}

WRITES: Writes = {
    "add_expectation": (KEEPS, SEES, 422),
    **dict.fromkeys(("change_expectation", "confirm_expectation", "end_expectation"), (KEEPS, SEES, 404)),
}


def made(world: World) -> Made:
    """One that holds."""
    return Made(
        own={"expectations": expected(world)},
        bodies={
            "add_expectation": {"link": world.laundry_ward.public_id, "words": WORDS, "channel": "visit"},
            "change_expectation": {"words": {"en": "Before 6:30"}, "channel": "visit", "version": VERSION},
            "confirm_expectation": {"version": VERSION},
            "end_expectation": {"why": "The round begins later", "version": VERSION},
        },
    )
