"""Published results of a survey about the used linen of Ward 3."""

from __future__ import annotations

from datetime import UTC, datetime

from baton.handoffs.changes import measure_path
from tests.rooms.api.matrix.made import Made, Reads, Writes
from tests.rooms.api.matrix.people import EVERYBODY, GUESTS, LINKS_ALL, NEAR_THE_WARD
from tests.rooms.feedback.answering import drawn, published, spread
from tests.world import World

READS: Reads = {
    "list_published_waves": (EVERYBODY - GUESTS, {"": 403}),
    "read_results": (LINKS_ALL | NEAR_THE_WARD, {"tom_reed": 403, "": 404}),
    "read_path_results": (LINKS_ALL | NEAR_THE_WARD, {"tom_reed": 403, "": 404}),
}

WRITES: Writes = {}


def made(world: World) -> Made:
    """A published wave, and a path on which its link lies."""
    wave = drawn(world, spread(9), links=[world.ward_laundry])
    links = [world.ward_laundry, world.laundry_ward]
    path = measure_path(by=world.actor(world.he_jun), at=datetime.now(UTC), links=links)
    return Made(own={"survey-results": published(world, wave)}, of_call={"read_path_results": path})
