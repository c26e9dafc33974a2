"""Points for handoffs on the link from the Laundry to Ward 3; He Ping of the Stores is the arbiter."""

from __future__ import annotations

from django.utils import timezone

from baton.handoffs import changes
from baton.handoffs.models import HandoffReturn
from tests.rooms.api.matrix.made import Made, Reads, Writes
from tests.rooms.api.matrix.people import LINKS_ALL, NEAR_THE_WARD, OF_THE_WARD
from tests.rooms.handoffs.settled import WORKER, terms_agreed
from tests.world import World

OF_EITHER = OF_THE_WARD | LINKS_ALL | {"zhao_lei", "gao_ming"}
HIDDEN = {"tom_reed": 403, "": 404}

READS: Reads = {
    "read_points": (LINKS_ALL | {"zhao_lei", "gao_ming"}, HIDDEN),
    "list_point_entries": (LINKS_ALL | {"zhao_lei", "gao_ming"}, HIDDEN),
    "read_settlement": (OF_EITHER | {"he_ping"}, HIDDEN),
    "read_claim": (OF_EITHER | {"he_ping"}, HIDDEN),
}
WRITES: Writes = {"claim_points": (OF_THE_WARD | {"lin_mei"}, LINKS_ALL | NEAR_THE_WARD, 422)}


def made(world: World) -> Made:
    """Terms that hold, a claim, and a return for which points can be claimed."""
    at = timezone.now()
    ward, laundry = world.actor(world.chen_jie), world.actor(world.gao_ming)
    terms_agreed(world, at)

    def returned() -> HandoffReturn:
        asked = changes.request_handoff(by=ward, at=at, link=world.laundry_ward, reference="LOT-20")
        changes.deliver_handoff(by=laundry, at=at, handoff=asked)
        changes.accept_handoff(by=ward, at=at, handoff=asked)
        changes.post_points(by=WORKER, at=at)
        changes.return_handoff(by=ward, at=at, handoff=asked, phenomenon="Damp")
        return HandoffReturn.objects.get(handoff=asked)

    first, second = returned(), returned()
    claim = changes.claim_points(by=ward, at=at, handoff=first.handoff, ground="Damp", found_return=first)
    return Made(
        own={
            "settlement/parties": world.laundry, "settlement/links": world.laundry_ward, "settlement/claims": claim,
        },
        bodies={
            "claim_points": {"handoff": second.handoff.public_id, "ground": "Damp", "returned": second.public_id},
        },
    )  # fmt: skip
