"""What a survey found about Ward 3. After the parts that open surveys: none opens while findings wait for answers."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from baton.feedback.models import Finding
from tests.rooms.api.matrix.made import VERSION, Made, Reads, Writes
from tests.rooms.api.matrix.people import EVERYBODY, GUESTS, HEADS_OF_THE_WARD, SEES_LINEN
from tests.rooms.feedback.asked import all_answered
from tests.rooms.feedback.test_findings import answered, of_the_ward
from tests.world import World

# about a party, and seen by who sees that
SEES_FINDING = SEES_LINEN
ANSWERS = HEADS_OF_THE_WARD | {"zhou_min"}

READS: Reads = {
    "list_findings": (EVERYBODY - GUESTS, {"": 403}),
    "read_finding": (SEES_FINDING, {"tom_reed": 403, "": 404}),
}

WRITES: Writes = dict.fromkeys(("answer_finding", "decline_finding", "finish_finding"), (ANSWERS, SEES_FINDING, 404))


def made(world: World) -> Made:
    """One that nobody has answered, and one that is promised."""
    all_answered(world)
    first, promised = of_the_ward(world)
    promised = answered(world, promised, by=world.wang_fang)
    day = (datetime.now(UTC) + timedelta(days=30)).date().isoformat()
    return Made(
        own={"findings": Finding.objects.get(pk=first.pk)},
        of_call={"finish_finding": promised},
        bodies={
            "answer_finding": {
                "answer": "A second round", "owner": world.gao_ming.public_id, "promised_for": day, "version": VERSION,
            },
            "decline_finding": {"answer": "Not before May", "version": VERSION},
            "finish_finding": {"outcome": "It runs since Monday", "version": VERSION},
        },
    )  # fmt: skip
