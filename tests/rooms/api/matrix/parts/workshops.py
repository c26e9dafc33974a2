"""Workshops: one about care that is open, and a draft about linen that has none."""

from __future__ import annotations

from baton.agreements import changes
from baton.agreements.changes import workshops
from baton.agreements.models import AgreementVersion
from tests.rooms.api.matrix.made import VERSION, Made, Reads, Writes
from tests.rooms.api.matrix.parts.agreements import SEES_AGREEMENT
from tests.rooms.api.matrix.people import EVERYBODY, GUESTS, HEADS_OF_THE_WARD, LINKS_OF_THE_WARD
from tests.world import NOON, World

READS: Reads = {
    "list_workshops": (EVERYBODY - GUESTS, {"": 403}),
    "read_workshop": (SEES_AGREEMENT, {"tom_reed": 403, "": 404}),
}
WRITES: Writes = {
    "begin_workshop": (LINKS_OF_THE_WARD, SEES_AGREEMENT, 422),
    "close_workshop": (HEADS_OF_THE_WARD | {"zhou_min"}, SEES_AGREEMENT, 404),
}


def made(world: World) -> Made:
    """By the head of the ward, on a link that no other part uses; the draft about linen is that of the agreements."""
    by = world.actor(world.wang_fang)
    care = changes.begin_agreement(by=by, at=NOON, link=world.ward_patient)
    workshop = workshops.begin_workshop(by=by, at=NOON, version=care)
    linen = AgreementVersion.objects.get(agreement__link=world.laundry_ward)
    return Made(
        own={"workshops": workshop},
        bodies={
            "begin_workshop": {"agreement_version": linen.public_id, "invited_customer": 4},
            "close_workshop": {"version": VERSION},
        },
    )
