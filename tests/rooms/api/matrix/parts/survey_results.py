"""Published results of a survey about the used linen of Ward 3."""

from __future__ import annotations

from tests.rooms.api.matrix.made import Made, Reads, Writes
from tests.rooms.api.matrix.people import EVERYBODY, GUESTS, LINKS_ALL, NEAR_THE_WARD
from tests.rooms.feedback.answering import drawn, published, spread
from tests.world import World

READS: Reads = {
    "list_published_waves": (EVERYBODY - GUESTS, {"": 403}),
    "read_results": (LINKS_ALL | NEAR_THE_WARD, {"tom_reed": 403, "": 404}),
}

WRITES: Writes = {}


def made(world: World) -> Made:
    """A published wave."""
    wave = drawn(world, spread(9), links=[world.ward_laundry])
    return Made(own={"survey-results": published(world, wave)})
